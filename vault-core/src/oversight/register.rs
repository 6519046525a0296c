//! A register: entries, and the steps taken with each.
//!
//! The one mechanism behind devices, statements, lapses, reviews, publicity. Promises: a step is checked against
//! the entry as it is inside the change, so that of two at once one is refused; what was said once
//! stays.

use crate::catalog::{Asking, OversightAct, SealedPayload, Tx};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{Actor, Permitted};
use crate::vault::Vault;
use crate::vault::change::event;
use vault_proof::canonical::{self, Value};
use vault_proof::{Body, OversightBody, RecordId, Subject};

/// The least of a number that tells an entry.
const NUMBER_CHARS_MIN: usize = 4;

/// A step that was taken with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The event.
    pub seq: u64,
    /// Its kind, such as `device.taken-out`.
    pub kind: String,
    /// When.
    pub at: UtcTime,
    /// Who.
    pub person: String,
    /// What was written about it.
    pub text: String,
    /// The case it concerns; may be empty.
    pub case_no: String,
    /// What else was said, by name.
    pub fields: Vec<(String, String)>,
    pub(super) by_actor: String,
}

impl Step {
    fn of(act: OversightAct) -> Outcome<Self> {
        let damaged = |_| Fault::new(Code::CatalogueDamaged).with("what", "register");
        let said = canonical::parse(act.fields.as_bytes()).map_err(damaged)?;
        let shown = |value: Value| match value {
            Value::Text(text) => text,
            Value::Integer(number) => number.to_string(),
            Value::Boolean(answer) => answer.to_string(),
            Value::List(list) => {
                list.iter().filter_map(Value::as_text).collect::<Vec<_>>().join(" ")
            }
            Value::Null | Value::Map(_) => String::new(),
        };
        let fields = said.fields().map_err(damaged)?.rest();
        let own = act.entry.to_string();
        let fields =
            fields.into_iter().map(|(name, value)| (name.as_str().to_owned(), shown(value)));
        Ok(Self {
            seq: act.seq,
            kind: act.kind,
            at: act.at_ms,
            person: act.person,
            text: act.text,
            case_no: act.case_no,
            // The number of the entry stands in each of its events.
            fields: fields.filter(|(_, value)| *value != own).collect(),
            by_actor: act.by_actor,
        })
    }

    /// What was said under that name; empty where nothing was.
    pub fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// What was said under that name as a number; 0 where nothing was.
    pub fn count(&self, name: &str) -> u64 {
        self.field(name).parse().unwrap_or(0)
    }
}

/// The article of an item that is told by its article or by its name; `ArgumentInvalid` for neither.
pub(super) fn article_of(items: &[(&'static str, &str)], said: &str) -> Outcome<&'static str> {
    let found = items.iter().find(|(article, name)| *article == said || *name == said);
    let unknown = || Fault::new(Code::ArgumentInvalid).with("argument", said);
    found.map(|(article, _)| *article).ok_or_else(unknown)
}

/// An entry of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: RecordId,
    /// Its steps, in order; in lists the first, and the last of each kind.
    pub steps: Vec<Step>,
}

impl Entry {
    /// The last step of that kind.
    pub fn last(&self, kind: &str) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.kind == kind)
    }

    /// Whether the last of these kinds of steps is the first of them.
    pub(super) fn stands(&self, kind: &str, against: &str) -> bool {
        let seq = |kind| self.last(kind).map(|step| step.seq);
        seq(kind) > seq(against)
    }

    pub(super) fn refused(&self, reason: &'static str) -> Fault {
        Fault::new(Code::EntryStepRefused).with("id", self.id).with("reason", reason)
    }

    pub(super) fn require(&self, holds: bool, reason: &'static str) -> Outcome<()> {
        if holds { Ok(()) } else { Err(self.refused(reason)) }
    }
}

/// Every entry of a register, the oldest first, with its first step and the last of each kind.
pub(super) async fn entries(asking: &mut Asking<'_>, register: &str) -> Outcome<Vec<Entry>> {
    grouped(asking.oversight_heads(register).await?)
}

fn grouped(acts: Vec<OversightAct>) -> Outcome<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut places = std::collections::BTreeMap::new();
    for act in acts {
        let id = act.entry;
        let place = *places.entry(id).or_insert(entries.len());
        if place == entries.len() {
            entries.push(Entry { id, steps: Vec::new() });
        }
        entries[place].steps.push(Step::of(act)?);
    }
    Ok(entries)
}

/// Every entry of a register with every step, the oldest first.
pub(super) async fn whole_entries(asking: &mut Asking<'_>, register: &str) -> Outcome<Vec<Entry>> {
    grouped(asking.oversight_acts(register).await?)
}

/// The entry of that number, or of the beginning of it, with every step.
pub(super) async fn find_one(vault: &Vault, register: &str, number: &str) -> Outcome<Entry> {
    let unknown = || Fault::new(Code::EntryUnknown).with("id", number);
    if number.len() < NUMBER_CHARS_MIN {
        return Err(unknown());
    }
    let mut asking = vault.catalog.ask().await?;
    let mut found = entries(&mut asking, register).await?;
    found.retain(|entry| entry.id.to_string().starts_with(number));
    match (found.pop(), found.is_empty()) {
        (Some(entry), true) => whole(&mut asking, register, &entry.id).await,
        _ => Err(unknown()),
    }
}

pub(super) async fn whole(
    asking: &mut Asking<'_>,
    register: &str,
    id: &RecordId,
) -> Outcome<Entry> {
    let acts = asking.oversight_entry(register, id).await?;
    Ok(Entry { id: *id, steps: acts.into_iter().map(Step::of).collect::<Outcome<_>>()? })
}

/// What is said with a step.
#[derive(Debug, Default)]
pub(super) struct Words<'a> {
    pub(super) text: &'a str,
    pub(super) case_no: &'a str,
    pub(super) details: Vec<(&'static str, String)>,
}

impl Words<'_> {
    fn payload(&self, actor: &Actor) -> Value {
        let said = self.details.iter().filter(|(_, value)| !value.is_empty());
        Value::map([
            ("by", Value::text(actor.person())),
            ("text", Value::text(self.text)),
            ("case", Value::text(self.case_no)),
            ("details", Value::map(said.map(|(name, value)| (*name, Value::text(value))))),
        ])
    }
}

/// Makes an entry, or makes it anew; `check` sees every entry of the register as it is inside the
/// change.
pub(super) async fn enter(
    vault: &Vault,
    (permitted, actor): (Permitted, &Actor),
    body: OversightBody,
    words: Words<'_>,
    check: impl FnOnce(&[Entry]) -> Outcome<()>,
) -> Outcome<()> {
    let payload = vault.seal_one(words.payload(actor)).await?;
    let mut tx = vault.begin(permitted).await?;
    check(&entries(&mut tx.ask(), register_of(&body)).await?)?;
    append(vault, tx, body, payload).await
}

/// Takes a step; `check` sees the register's entry as it is inside the change.
pub(super) async fn step(
    vault: &Vault,
    (permitted, actor): (Permitted, &Actor),
    body: OversightBody,
    words: Words<'_>,
    check: impl FnOnce(&Entry) -> Outcome<()>,
) -> Outcome<()> {
    let payload = vault.seal_one(words.payload(actor)).await?;
    let mut tx = vault.begin(permitted).await?;
    check(&whole(&mut tx.ask(), register_of(&body), body.entry()).await?)?;
    append(vault, tx, body, payload).await
}

/// Takes a step; `check` sees the entry, and every entry of the register beside it, as they are
/// inside the change.
pub(super) async fn step_among(
    vault: &Vault,
    (permitted, actor): (Permitted, &Actor),
    body: OversightBody,
    words: Words<'_>,
    check: impl FnOnce(&Entry, &[Entry]) -> Outcome<()>,
) -> Outcome<()> {
    let payload = vault.seal_one(words.payload(actor)).await?;
    let mut tx = vault.begin(permitted).await?;
    let all = entries(&mut tx.ask(), register_of(&body)).await?;
    check(&whole(&mut tx.ask(), register_of(&body), body.entry()).await?, &all)?;
    append(vault, tx, body, payload).await
}

fn register_of(body: &OversightBody) -> &'static str {
    body.kind().split('.').next().unwrap_or_default()
}

async fn append(
    vault: &Vault,
    mut tx: Tx,
    body: OversightBody,
    payload: SealedPayload,
) -> Outcome<()> {
    let mut about: Vec<Subject> = vec![Subject::vault()];
    about.extend(body.recordings().into_iter().map(Subject::recording));
    tx.append(vec![event(Body::Oversight(body), Some(payload), about)]).await?;
    vault.finish(tx).await
}
