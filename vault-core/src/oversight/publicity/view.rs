//! How publicity stands: each entry with its terms, and what was decided and has no entry.

use super::REGISTER;
use super::acts::Draft;
use super::kinds::{OBJECTIONS, kind_of};
use crate::calendar::{Calendar, Deadline};
use crate::casefile::{self, CaseView, ContentsEntry};
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{
    DEADLINES_MAX, PUBLICITY_PERSON_YEARS, PUBLICITY_WITHDRAWAL_WORKING_DAYS,
    PUBLICITY_WORKING_DAYS, PUBLICITY_YEARS,
};
use crate::oversight::edition;
use crate::oversight::register::{self, Entry, Step};
use crate::policy::{Act, Actor};
use crate::vault::Vault;
use std::collections::BTreeMap;
use vault_proof::RecordId;

/// Cases asked for at once.
const ROWS: u32 = 200;

/// How an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicityState {
    /// A draft waits for a leader.
    Drafted,
    /// It was given back.
    Returned,
    /// A leader agrees that it may not be published.
    Withheld,
    /// Approved, and to be published.
    Approved,
    /// Published.
    Published,
    /// The decision does not stand; to be withdrawn.
    Revoked,
    /// Withdrawn.
    Withdrawn,
    /// Taken down after its time.
    TakenDown,
}

impl PublicityState {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Drafted,
        Self::Returned,
        Self::Withheld,
        Self::Approved,
        Self::Published,
        Self::Revoked,
        Self::Withdrawn,
        Self::TakenDown,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Returned => "returned",
            Self::Withheld => "withheld",
            Self::Approved => "approved",
            Self::Published => "published",
            Self::Revoked => "revoked",
            Self::Withdrawn => "withdrawn",
            Self::TakenDown => "taken-down",
        }
    }
}

/// A term of publicity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicityTerm {
    /// The article that sets it.
    pub article: &'static str,
    /// Its working days.
    pub working_days: u32,
    /// The day it is counted from.
    pub since: Date,
    /// The last day, and how it was counted.
    pub deadline: Deadline,
    /// The day on which it was kept.
    pub done_on: Option<Date>,
    /// Whether it was missed: done later, or not yet and the last day is over.
    pub late: bool,
}

/// An entry as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publicity {
    /// Its number.
    pub id: RecordId,
    /// The case.
    pub case_no: String,
    /// Its unit.
    pub unit: String,
    /// How it stands.
    pub state: PublicityState,
    /// The last draft.
    pub draft: Draft,
    /// Whether that draft waits for a leader; of what is published a correction.
    pub waits: bool,
    /// The term of its publication.
    pub term: PublicityTerm,
    /// The term of its withdrawal, once it has to be.
    pub withdrawal: Option<PublicityTerm>,
    /// The first day on which it may be taken down: of a natural person on application.
    pub down_from: Option<Date>,
    /// Whether an application to take it down waits for the principal leader.
    pub take_down_asked: bool,
    /// Whether that was approved.
    pub take_down_approved: bool,
    /// Where it was published.
    pub places: Vec<String>,
    /// Every step.
    pub steps: Vec<Step>,
}

impl Publicity {
    /// Whether this actor made its last draft.
    pub fn is_by(&self, actor: &Actor) -> bool {
        let last = self.steps.iter().rev().find(|step| step.kind == "publicity.drafted");
        last.is_some_and(|step| step.by_actor == actor.id())
    }
}

/// Something of publicity to be done by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicityDue {
    /// The entry; none where nobody made one.
    pub entry: Option<RecordId>,
    /// The case.
    pub case_no: String,
    /// The title of the draft, of the case, or of the decision's document.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// Whether it is to be withdrawn rather than published.
    pub withdraws: bool,
    /// The term.
    pub term: PublicityTerm,
}

pub(super) fn last_draft(entry: &Entry) -> Option<&Step> {
    entry.last("publicity.drafted")
}

/// Whether the last draft waits for a leader.
pub(super) fn waits(entry: &Entry) -> bool {
    let over = ["publicity.revoked", "publicity.taken-down"];
    let over = over.iter().any(|kind| entry.last(kind).is_some());
    !over && entry.stands("publicity.drafted", "publicity.decided")
}

/// The last draft that was approved, and its approval.
pub(super) fn standing(entry: &Entry) -> Option<(&Step, &Step)> {
    let mut draft = None;
    let mut found = None;
    for step in &entry.steps {
        match (step.kind.as_str(), draft) {
            ("publicity.drafted", _) => draft = Some(step),
            ("publicity.decided", Some(last)) if step.field("approved") == "true" => {
                found = Some((last, step));
            }
            _ => {}
        }
    }
    found
}

/// The day on which it was published first.
pub(super) fn published_on(entry: &Entry) -> Option<Date> {
    let days = entry.steps.iter().filter(|step| step.kind == "publicity.published");
    days.filter_map(|step| step.field("on").parse().ok()).min()
}

pub(super) fn state_of(entry: &Entry) -> PublicityState {
    let has = |kind| entry.last(kind).is_some();
    if has("publicity.taken-down") {
        return PublicityState::TakenDown;
    }
    if has("publicity.withdrawn") {
        return PublicityState::Withdrawn;
    }
    if has("publicity.revoked") {
        return PublicityState::Revoked;
    }
    if has("publicity.published") {
        return PublicityState::Published;
    }
    if waits(entry) {
        return PublicityState::Drafted;
    }
    let decided = entry.last("publicity.decided");
    if decided.is_none_or(|step| step.field("approved") != "true") {
        return PublicityState::Returned;
    }
    let publishes = last_draft(entry).is_some_and(|draft| draft.field("publish") == "true");
    if publishes { PublicityState::Approved } else { PublicityState::Withheld }
}

fn term_of(
    calendar: &Calendar,
    (article, working_days): (&'static str, u32),
    since: Date,
    (done_on, today): (Option<Date>, Date),
) -> PublicityTerm {
    let deadline = calendar.deadline(since, working_days);
    let late = done_on.unwrap_or(today) > deadline.due;
    PublicityTerm { article, working_days, since, deadline, done_on, late }
}

pub(super) fn draft_of(step: &Step) -> Draft {
    let yes = |name| step.field(name) == "yes";
    let text = |name: &str| step.field(name).to_owned();
    let kind = kind_of(step.field("kind"));
    let fields = kind.map_or(&[][..], |kind| kind.fields);
    Draft {
        kind: text("kind"),
        decided_on: text("decided_on"),
        number: text("decision_number"),
        natural_person: yes("natural_person"),
        major: yes("major"),
        title: text("title"),
        fields: fields.iter().map(|name| ((*name).to_owned(), text(name))).collect(),
        objections: OBJECTIONS.iter().map(|(_, name)| ((*name).to_owned(), yes(name))).collect(),
        reason: step.text.clone(),
    }
}

fn withdrawal(entry: &Entry, calendar: &Calendar, today: Date) -> Option<PublicityTerm> {
    let revoked = entry.last("publicity.revoked")?;
    let since: Date = revoked.field("received_on").parse().ok()?;
    let done_on = entry.last("publicity.withdrawn").map(|step| Date::of(step.at));
    let rule = ("A2.7(二)", PUBLICITY_WITHDRAWAL_WORKING_DAYS);
    Some(term_of(calendar, rule, since, (done_on, today)))
}

pub(super) fn view(entry: Entry, calendar: &Calendar, today: Date) -> Option<Publicity> {
    let (first, last) = (entry.steps.first()?, last_draft(&entry)?);
    let draft = draft_of(last);
    let since: Date = draft.decided_on.parse().ok()?;
    let state = state_of(&entry);
    // What is rightly withheld, or was revoked before its term, kept its term with that step.
    let withheld = entry.last("publicity.decided").filter(|_| state == PublicityState::Withheld);
    let settled = withheld.or_else(|| entry.last("publicity.revoked"));
    let done_on = published_on(&entry).or_else(|| settled.map(|step| Date::of(step.at)));
    let days = kind_of(&draft.kind).map_or(PUBLICITY_WORKING_DAYS, |kind| kind.working_days);
    let years = if draft.natural_person { PUBLICITY_PERSON_YEARS } else { PUBLICITY_YEARS };
    let asked = entry.stands("publicity.take-down-asked", "publicity.take-down-decided");
    let decided = entry.last("publicity.take-down-decided");
    let places = entry.steps.iter().filter(|step| step.kind == "publicity.published");
    let mut places: Vec<String> = places
        .flat_map(|step| step.field("places").split_whitespace().map(str::to_owned))
        .collect();
    places.sort_unstable();
    places.dedup();
    Some(Publicity {
        id: entry.id,
        case_no: first.case_no.clone(),
        unit: first.field("unit").to_owned(),
        state,
        waits: waits(&entry),
        term: term_of(calendar, ("A2.7(一)", days), since, (done_on, today)),
        withdrawal: withdrawal(&entry, calendar, today),
        down_from: published_on(&entry).map(|on| on.plus_years(years)),
        take_down_asked: asked,
        take_down_approved: decided.is_some_and(|step| step.field("approved") == "true"),
        places,
        draft,
        steps: entry.steps,
    })
}

/// Every entry, the oldest first.
pub(in crate::oversight) async fn all(vault: &Vault) -> Outcome<Vec<Publicity>> {
    let (calendar, today) = (edition::calendar(vault).await?, Date::of(vault.clock.now()));
    let entries = register::whole_entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    Ok(entries.into_iter().filter_map(|entry| view(entry, &calendar, today)).collect())
}

/// Entries, the newest first.
pub async fn list(vault: &Vault, actor: &Actor) -> Outcome<Vec<Publicity>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let mut found = all(vault).await?;
    found.reverse();
    Ok(found)
}

/// An entry by its number, or the beginning of it.
pub async fn show(vault: &Vault, actor: &Actor, number: &str) -> Outcome<Publicity> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let unknown = || Fault::new(Code::EntryUnknown).with("id", number);
    let entry = register::find_one(vault, REGISTER, number).await?;
    let calendar = edition::calendar(vault).await?;
    view(entry, &calendar, Date::of(vault.clock.now())).ok_or_else(unknown)
}

/// Decisions of a case that have no entry: as many of its last ones as it has more decisions than
/// entries. Nobody said yet of which kind they are, so that the shorter term is told.
pub(in crate::oversight) fn unentered(
    case: &CaseView,
    entries: usize,
    calendar: &Calendar,
    today: Date,
) -> Vec<PublicityDue> {
    let decision = |one: &&ContentsEntry| one.document == "decision";
    let mut decisions: Vec<&ContentsEntry> = case.contents.iter().filter(decision).collect();
    decisions.sort_by_key(|one| (one.on.clone(), one.seq));
    let due = |one: &&ContentsEntry| {
        let since = one.on.parse().or_else(|_| case.opened_on.parse()).unwrap_or(today);
        PublicityDue {
            entry: None,
            case_no: case.case_no.clone(),
            name: one.title.clone(),
            unit: case.unit.clone(),
            withdraws: false,
            term: term_of(calendar, ("A2.7(一)", PUBLICITY_WORKING_DAYS), since, (None, today)),
        }
    };
    decisions.iter().skip(entries).map(due).collect()
}

/// What is to be published or withdrawn, the most urgent first; at most `DEADLINES_MAX`.
pub async fn due(vault: &Vault, actor: &Actor) -> Outcome<Vec<PublicityDue>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let (calendar, today) = (edition::calendar(vault).await?, Date::of(vault.clock.now()));
    let mut found = Vec::new();
    let mut entries: BTreeMap<String, usize> = BTreeMap::new();
    for one in all(vault).await? {
        *entries.entry(one.case_no.clone()).or_default() += 1;
        let withdraws = one.state == PublicityState::Revoked;
        let term = if withdraws { one.withdrawal } else { Some(one.term) };
        let Some(term) = term.filter(|term| term.done_on.is_none()) else { continue };
        found.push(PublicityDue {
            entry: Some(one.id),
            case_no: one.case_no,
            name: one.draft.title,
            unit: one.unit,
            withdraws,
            term,
        });
    }
    let mut after = None;
    while found.len() < DEADLINES_MAX {
        let (cases, next) = casefile::list(vault, after, ROWS).await?;
        for case in &cases {
            let held = entries.get(&case.case_no).copied().unwrap_or(0);
            found.extend(unentered(case, held, &calendar, today));
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    found.sort_by(|one, other| {
        (one.term.deadline.due, &one.case_no).cmp(&(other.term.deadline.due, &other.case_no))
    });
    found.truncate(DEADLINES_MAX);
    Ok(found)
}
