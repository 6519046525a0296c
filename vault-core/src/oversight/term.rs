//! Terms that were missed (逾期): put on record once their last day is over, and why.
//!
//! Promises: a term that was missed stays missed, whatever is done afterwards; each stands on record
//! once; a person who answers for it writes why, under his own name, and what was written before
//! stays beside it. A new edition of the calendar that moves the last day of a running term is on
//! record with the old and the new day, and only that can take a miss back. (R08, R12, R28;
//! A2.18(一)1 and 3)

use super::deadlines::{label_due, label_term, open_terms, unit_of};
use super::due::{Due, DueKind};
use super::edition;
use super::register::{self, Entry, Words};
use crate::calendar::Calendar;
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::policy::{Act, Actor, Permitted, State, permit_in};
use crate::vault::Vault;
use std::collections::BTreeSet;
use vault_proof::{ContentId, OversightBody, RecordId};

const REGISTER: &str = "term";

/// A term that was missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// Its number.
    pub id: RecordId,
    /// What was to be done.
    pub kind: DueKind,
    /// The recording's id, the case's number, or the number of an entry.
    pub subject: String,
    /// What people call it. Personal data.
    pub name: String,
    /// The unit it concerns; may be empty.
    pub unit: String,
    /// The case it belongs to; may be empty.
    pub case_no: String,
    /// The day it was counted from.
    pub since: Date,
    /// The last day.
    pub due: Date,
    /// When the miss came on record.
    pub at: UtcTime,
    /// Who wrote why, what, and when, in order.
    pub reasons: Vec<(String, String, UtcTime)>,
}

/// A running term that a new edition of the calendar moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The term.
    pub term: RecordId,
    /// What is to be done.
    pub kind: DueKind,
    /// What it is about.
    pub subject: String,
    /// The last day as it was counted before.
    pub from: Date,
    /// The last day as it is counted now.
    pub to: Date,
}

fn view(entry: &Entry) -> Option<Missed> {
    let missed = entry.last("term.missed")?;
    let kind = DueKind::ALL.iter().find(|kind| kind.as_str() == missed.field("due_kind"))?;
    let moved: Option<Date> =
        entry.last("term.moved").and_then(|step| step.field("due").parse().ok());
    if moved.is_some_and(|due| Date::of(missed.at) <= due) {
        return None;
    }
    let text = |name| missed.field(name).to_owned();
    let explained = entry.steps.iter().filter(|step| step.kind == "term.explained");
    Some(Missed {
        id: entry.id,
        kind: *kind,
        subject: text("subject"),
        name: text("name"),
        unit: text("unit"),
        case_no: missed.case_no.clone(),
        since: missed.field("since").parse().ok()?,
        due: moved.or_else(|| missed.field("due").parse().ok())?,
        at: missed.at,
        reasons: explained.map(|step| (step.person.clone(), step.text.clone(), step.at)).collect(),
    })
}

/// Every term that was missed, the newest first; for flows that were admitted.
pub(super) async fn all(vault: &Vault) -> Outcome<Vec<Missed>> {
    let entries = register::whole_entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    Ok(entries.iter().rev().filter_map(view).collect())
}

/// Every term that was missed, the newest first.
pub async fn missed(vault: &Vault, actor: &Actor) -> Outcome<Vec<Missed>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    all(vault).await
}

impl Missed {
    /// Who answers for it, as this actor finds it: the unit it concerns, the legal-affairs body for
    /// its reviews, those who keep what is archived for copies on shelves. A term of which no unit
    /// is known is that of every unit.
    fn state(&self, actor: &Actor) -> State {
        let unit = actor.account().map_or("", |account| account.unit.as_str());
        match self.kind {
            DueKind::Review => State::InspectorsTerm,
            DueKind::ReadCopy => State::KeepersTerm,
            _ if self.unit.is_empty() || self.unit == unit => State::OwnUnit,
            _ => State::OtherUnit,
        }
    }

    /// Whether this actor answers for it.
    pub fn is_of(&self, actor: &Actor) -> bool {
        permit_in(actor, Act::ExplainTerm, self.state(actor)).is_ok()
    }
}

/// Writes why a term was missed, by who answers for it; every reason stays on record.
pub async fn explain(vault: &Vault, actor: &Actor, number: &str, text: &str) -> Outcome<()> {
    checked_text("text", text, true)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let not_missed = || entry.refused("not-missed");
    let state = view(&entry).ok_or_else(not_missed)?.state(actor);
    let permitted = vault.permit_in(actor, Act::ExplainTerm, state, Vec::new()).await?;
    let body = OversightBody::TermExplained { term: entry.id };
    let words = Words { text, ..Words::default() };
    let missed = |entry: &Entry| entry.require(view(entry).is_some(), "not-missed");
    register::step(vault, (permitted, actor), body, words, missed).await
}

/// Puts every term on record whose last day is over; gives how many are new. The standing work of
/// each day, and of whoever asks for it.
pub async fn sweep(vault: &Vault, actor: &Actor) -> Outcome<u64> {
    vault.admit(actor, Act::CountTerms).await?;
    let calendar = edition::calendar(vault).await?;
    let known: BTreeSet<RecordId> = all(vault).await?.into_iter().map(|one| one.id).collect();
    let mut count = 0;
    for due in open_terms(vault, &calendar).await? {
        if due.missed() && !known.contains(&due.term()) {
            count += u64::from(put_on_record(vault, actor, &due).await?);
        }
    }
    Ok(count)
}

/// Puts it on record if a recording was stored with its labels after the last day. Asked once it is
/// known when it was recorded.
pub(crate) async fn note_late(vault: &Vault, actor: &Actor, id: &ContentId) -> Outcome<()> {
    let row = vault.catalog().recording(id).await?;
    let term = label_term(vault, &row).await?;
    if !term.late {
        return Ok(());
    }
    let unit = unit_of(vault, &row.case).await?;
    let due = label_due(&row, unit, term, Date::of(vault.clock.now()));
    put_on_record(vault, actor, &due).await.map(drop)
}

/// Gives whether it was not on record before.
async fn put_on_record(vault: &Vault, actor: &Actor, due: &Due) -> Outcome<bool> {
    let permitted = vault.permit(actor, Act::CountTerms).await?;
    let body = OversightBody::TermMissed {
        term: due.term(),
        due_kind: due.kind.as_str().to_owned(),
        since: due.since.to_string(),
        due: due.due.to_string(),
        recordings: recordings(due),
    };
    step(vault, (permitted, actor), body, due, |entry| {
        entry.require(entry.last("term.missed").is_none(), "missed-already")
    })
    .await
}

fn recordings(due: &Due) -> Vec<ContentId> {
    let id = (due.kind == DueKind::Label).then(|| due.subject.parse().ok());
    id.flatten().into_iter().collect()
}

/// Takes a step with a term; gives whether another did not take it at the same moment.
async fn step(
    vault: &Vault,
    by: (Permitted, &Actor),
    body: OversightBody,
    due: &Due,
    check: impl FnOnce(&Entry) -> Outcome<()>,
) -> Outcome<bool> {
    let details = [("subject", &due.subject), ("name", &due.name), ("unit", &due.unit)];
    let details = details.map(|(name, value)| (name, value.clone())).to_vec();
    let words = Words { case_no: &due.case_no, details, ..Words::default() };
    match register::step(vault, by, body, words, check).await {
        Ok(()) => Ok(true),
        Err(fault) if fault.code() == Code::EntryStepRefused => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// Puts on record which running terms another edition of the calendar moves; gives them.
pub(super) async fn note_moved(
    vault: &Vault,
    actor: &Actor,
    (before, edition): (Vec<Due>, RecordId),
    calendar: &Calendar,
) -> Outcome<Vec<Moved>> {
    let mut moved = Vec::new();
    for due in open_terms(vault, calendar).await? {
        let same = before.iter().find(|old| old.term() == due.term() && old.due != due.due);
        let Some(old) = same else { continue };
        let (act, state) = (Act::ConfirmCalendar, State::OthersProposal);
        let permitted = vault.permit_in(actor, act, state, Vec::new()).await?;
        let body = OversightBody::TermMoved {
            term: due.term(),
            due_kind: due.kind.as_str().to_owned(),
            from: old.due.to_string(),
            due: due.due.to_string(),
            edition,
            recordings: recordings(&due),
        };
        step(vault, (permitted, actor), body, &due, |_| Ok(())).await?;
        let (term, kind, subject) = (due.term(), due.kind, due.subject.clone());
        moved.push(Moved { term, kind, subject, from: old.due, to: due.due });
    }
    Ok(moved)
}

/// What a new edition moved, the newest first.
pub async fn moved(vault: &Vault, actor: &Actor) -> Outcome<Vec<Moved>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let entries = register::entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    let of = |entry: &Entry| {
        let step = entry.last("term.moved")?;
        let kind = DueKind::ALL.iter().find(|kind| kind.as_str() == step.field("due_kind"))?;
        Some(Moved {
            term: entry.id,
            kind: *kind,
            subject: step.field("subject").to_owned(),
            from: step.field("from").parse().ok()?,
            to: step.field("due").parse().ok()?,
        })
    };
    Ok(entries.iter().rev().filter_map(of).collect())
}

/// A missed term by its number, or the beginning of it.
pub async fn show(vault: &Vault, actor: &Actor, number: &str) -> Outcome<Missed> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    view(&entry).ok_or_else(|| Fault::new(Code::EntryUnknown).with("id", number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{ActingAccount, Role};

    #[test]
    fn a_term_is_explained_by_who_answers_for_it_and_by_nobody_else() {
        let actor = |unit: &str, role| {
            let id = RecordId::from_bytes([1; 16]);
            let account = ActingAccount { id, unit: unit.to_owned(), inside: true };
            Actor::signed_in(account, vec![role], "某", [0; 16])
        };
        let day: Date = "2026-01-07".parse().unwrap();
        let missed = |kind, unit: &str| Missed {
            id: RecordId::from_bytes([2; 16]),
            kind,
            subject: String::new(),
            name: String::new(),
            unit: unit.to_owned(),
            case_no: String::new(),
            since: day,
            due: day,
            at: UtcTime::from_ms(0),
            reasons: Vec::new(),
        };
        let label = missed(DueKind::Label, "一大队");
        assert!(label.is_of(&actor("一大队", Role::Handler)));
        assert!(!label.is_of(&actor("二大队", Role::Handler)), "another unit's");
        assert!(!label.is_of(&actor("一大队", Role::Custodian)), "keeps the register");
        assert!(missed(DueKind::Label, "").is_of(&actor("二大队", Role::Handler)), "anybody's");
        let review = missed(DueKind::Review, "一大队");
        assert!(review.is_of(&actor("法规处", Role::Inspector)));
        assert!(!review.is_of(&actor("一大队", Role::Handler)));
        let copy = missed(DueKind::ReadCopy, "");
        assert!(copy.is_of(&actor("档案室", Role::Archivist)));
        assert!(!copy.is_of(&actor("一大队", Role::Handler)));
    }
}
