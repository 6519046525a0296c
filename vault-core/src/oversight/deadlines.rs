//! Deadlines of recordings without labels, and of case files that are not closed.

use super::edition;
use crate::calendar::{Calendar, Deadline};
use crate::casefile;
use crate::clock::{Date, UtcTime};
use crate::fault::Outcome;
use crate::holdings::Holding;
use crate::intake;
use crate::limits::{DEADLINES_MAX, LABEL_WORKING_DAYS};
use crate::policy::{Act, Actor};
use crate::vault::Vault;
use vault_proof::{Body, ContentId};

/// Rows of one page of the catalogue.
const ROWS: u32 = 200;

/// From when a deadline is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The end of the recording, by the best of the times it states.
    Recorded,
    /// Its receipt, where no time is stated, or none that can be true.
    Received,
    /// The end of the enforcement, as the case file states it.
    EnforcementEnded,
}

impl Basis {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Received => "received",
            Self::EnforcementEnded => "enforcement-ended",
        }
    }
}

/// The term within which a recording is to be stored and labelled (A2.18(一)1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelTerm {
    /// The day it is counted from.
    pub since: Date,
    /// Why that day.
    pub basis: Basis,
    /// The last day, and how it was counted.
    pub deadline: Deadline,
    /// The day on which it was stored and had its labels; none while it waits for them.
    pub done_on: Option<Date>,
    /// Whether it was missed: done later, or not yet and the last day is over. One that was
    /// missed stays missed.
    pub late: bool,
}

/// What has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueKind {
    /// Labels are to be given (A2.18(一)1).
    Label,
    /// A case file is to be closed (A2.18(一)3).
    CloseCase,
}

impl DueKind {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::CloseCase => "close-case",
        }
    }

    /// The article that sets the term.
    pub const fn article(self) -> &'static str {
        match self {
            Self::Label => "A2.18(一)1",
            Self::CloseCase => "A2.18(一)3",
        }
    }
}

/// Something to be done by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub kind: DueKind,
    /// The recording's id, or the case's number.
    pub subject: String,
    /// The name of the file, or the title of the case.
    pub name: String,
    /// The unit of a case; empty for a recording, whose unit its labels would say.
    pub unit: String,
    /// The day it is counted from.
    pub since: Date,
    /// Why that day.
    pub basis: Basis,
    /// The last day.
    pub due: Date,
    /// Days until then; negative where it was missed.
    pub days_left: i64,
    /// Whether a year without a notice was counted by its weekends alone.
    pub provisional: bool,
}

/// The term of one recording. For callers who may read what is known of it.
pub async fn label_term(vault: &Vault, row: &Holding) -> Outcome<LabelTerm> {
    let done_on =
        if row.case.is_empty() { None } else { Some(Date::of(labelled_at(vault, row).await?)) };
    term(vault, &edition::calendar(vault).await?, row, done_on).await
}

async fn term(
    vault: &Vault,
    calendar: &Calendar,
    row: &Holding,
    done_on: Option<Date>,
) -> Outcome<LabelTerm> {
    let facts = vault.media_facts(&row.recording).await?;
    let stated = facts.times.first().and_then(|claim| claim.ended.or(claim.started));
    // What ended after it was received states a wrong time.
    let (from, basis) = match stated.filter(|at| *at <= row.received_at) {
        Some(at) => (at, Basis::Recorded),
        None => (row.received_at, Basis::Received),
    };
    let since = Date::of(from);
    let deadline = calendar.deadline(since, LABEL_WORKING_DAYS);
    let late = done_on.unwrap_or(Date::of(vault.clock.now())) > deadline.due;
    Ok(LabelTerm { since, basis, deadline, done_on, late })
}

/// When its labels were given: at its receipt, or later from the tray.
async fn labelled_at(vault: &Vault, row: &Holding) -> Outcome<UtcTime> {
    let about: &ContentId = &row.recording;
    let mut after = None;
    loop {
        let events = vault.catalog().events(Some(about), after, ROWS).await?;
        let Some(last) = events.last() else { return Ok(row.received_at) };
        after = Some(last.seq);
        let labelled =
            events.iter().find(|event| matches!(event.body, Body::RecordingLabelled { .. }));
        if let Some(event) = labelled {
            return Ok(UtcTime::from_ms(event.time_ms));
        }
    }
}

/// Everything that is to be done by a day, the most urgent first; at most `DEADLINES_MAX` of each
/// kind.
pub async fn deadlines(vault: &Vault, actor: &Actor) -> Outcome<Vec<Due>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let today = Date::of(vault.clock.now());
    let mut all = labels_due(vault, actor, today).await?;
    all.extend(cases_due(vault, today).await?);
    all.sort_by(|one, other| (one.due, &one.subject).cmp(&(other.due, &other.subject)));
    Ok(all)
}

async fn labels_due(vault: &Vault, actor: &Actor, today: Date) -> Outcome<Vec<Due>> {
    let calendar = edition::calendar(vault).await?;
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() < DEADLINES_MAX {
        let (rows, next) = intake::tray(vault, actor, after, ROWS).await?;
        for row in &rows {
            let term = term(vault, &calendar, row, None).await?;
            found.push(Due {
                kind: DueKind::Label,
                subject: row.recording.to_string(),
                name: row.name.clone(),
                unit: String::new(),
                since: term.since,
                basis: term.basis,
                due: term.deadline.due,
                days_left: today.days_until(term.deadline.due),
                provisional: term.deadline.provisional,
            });
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}

async fn cases_due(vault: &Vault, today: Date) -> Outcome<Vec<Due>> {
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() < DEADLINES_MAX {
        let (cases, next) = casefile::list(vault, after, ROWS).await?;
        for case in cases.into_iter().filter(|case| case.closed.is_none()) {
            let (Some(since), Some(due)) = (case.ended_on, case.due_on) else { continue };
            found.push(Due {
                kind: DueKind::CloseCase,
                subject: case.case_no,
                name: case.title,
                unit: case.unit,
                since,
                basis: Basis::EnforcementEnded,
                due,
                days_left: today.days_until(due),
                provisional: false,
            });
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}
