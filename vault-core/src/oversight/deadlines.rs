//! Every term that is running: of recordings without labels, case files, reviews, findings, lapses,
//! decisions to be published, copies of volumes that are to be read again.

use super::due::{About, Basis, Due, DueKind};
use super::{edition, lapse, publicity, review};
use crate::calendar::{Calendar, Deadline};
use crate::casefile;
use crate::clock::{Date, UtcTime};
use crate::fault::Outcome;
use crate::holdings::Holding;
use crate::inspection;
use crate::intake;
use crate::limits::{DEADLINES_MAX, LABEL_WORKING_DAYS, VOLUME_CHECK_NOTICE_DAYS};
use crate::policy::{Act, Actor};
use crate::store::cipher::random_bytes;
use crate::vault::Vault;
use crate::volume;
use vault_proof::{Body, ContentId};

/// Rows of one page of the catalogue.
const ROWS: u32 = 200;

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
    open_terms(vault, &edition::calendar(vault).await?).await
}

/// The same by this calendar; for callers that were admitted.
pub(super) async fn open_terms(vault: &Vault, calendar: &Calendar) -> Outcome<Vec<Due>> {
    let today = Date::of(vault.clock.now());
    let mut all = labels_due(vault, calendar, today).await?;
    all.extend(cases_due(vault, today).await?);
    all.extend(review::dues(vault, calendar, today).await?);
    all.extend(findings_due(vault, today).await?);
    all.extend(lapse::dues(vault, today).await?);
    all.extend(publicity_due(vault, today).await?);
    all.extend(copies_due(vault, today).await?);
    all.sort_by(|one, other| (one.due, &one.subject).cmp(&(other.due, &other.subject)));
    Ok(all)
}

async fn labels_due(vault: &Vault, calendar: &Calendar, today: Date) -> Outcome<Vec<Due>> {
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() < DEADLINES_MAX {
        let (rows, next) = intake::unlabelled(vault, after, ROWS).await?;
        for row in &rows {
            let term = term(vault, calendar, row, None).await?;
            found.push(label_due(row, unit_of(vault, &row.case).await?, term, today));
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}

/// The term of a recording in the form of every term.
pub(super) fn label_due(row: &Holding, unit: String, term: LabelTerm, today: Date) -> Due {
    let about = About {
        subject: row.recording.to_string(),
        name: row.name.clone(),
        unit,
        case_no: row.case.clone(),
    };
    Due::counted(DueKind::Label, about, (term.since, term.basis), term.deadline, today)
}

async fn cases_due(vault: &Vault, today: Date) -> Outcome<Vec<Due>> {
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() < DEADLINES_MAX {
        let (cases, next) = casefile::list(vault, after, ROWS).await?;
        for case in cases.into_iter().filter(|case| case.closed.is_none()) {
            let (Some(since), Some(due)) = (case.ended_on, case.due_on) else { continue };
            let about = About {
                subject: case.case_no.clone(),
                name: case.title,
                unit: case.unit,
                case_no: case.case_no,
            };
            let since = (since, Basis::EnforcementEnded);
            found.push(Due::on(DueKind::CloseCase, about, since, due, today));
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}

/// The unit of a case file; empty where there is none of that number.
pub(super) async fn unit_of(vault: &Vault, case_no: &str) -> Outcome<String> {
    if case_no.is_empty() {
        return Ok(String::new());
    }
    let case = vault.catalog.ask().await?.case(case_no).await?;
    Ok(case.map(|case| case.unit).unwrap_or_default())
}

/// Findings of inspections that are not settled.
async fn findings_due(vault: &Vault, today: Date) -> Outcome<Vec<Due>> {
    let open = inspection::open_findings(vault).await?;
    let items: Vec<_> = open.iter().map(|finding| finding.item.clone()).collect();
    let mut found = Vec::new();
    for (finding, item) in open.into_iter().zip(inspection::described(vault, &items).await?) {
        let Ok(due) = finding.due.parse() else { continue };
        let about = About {
            subject: finding.id.to_string(),
            name: item.name,
            unit: unit_of(vault, &item.case_no).await?,
            case_no: item.case_no,
        };
        let since = (Date::of(finding.found.at), Basis::Set);
        found.push(Due::on(DueKind::CorrectFinding, about, since, due, today));
    }
    found.truncate(DEADLINES_MAX);
    Ok(found)
}

/// Decisions to be published, and what is to be withdrawn.
async fn publicity_due(vault: &Vault, today: Date) -> Outcome<Vec<Due>> {
    let of = |one: publicity::PublicityDue| {
        let (kind, basis) = if one.withdraws {
            (DueKind::Withdraw, Basis::Revoked)
        } else {
            (DueKind::Publish, Basis::Decided)
        };
        let about = About {
            subject: one.case_no.clone(),
            name: one.name,
            unit: one.unit,
            case_no: one.case_no,
        };
        Due::counted(kind, about, (one.term.since, basis), one.term.deadline, today)
    };
    let system = Actor::system(random_bytes()?);
    Ok(publicity::due(vault, &system).await?.into_iter().map(of).collect())
}

/// Copies of volumes on shelves that are to be read again.
async fn copies_due(vault: &Vault, today: Date) -> Outcome<Vec<Due>> {
    let copies = volume::due(vault, VOLUME_CHECK_NOTICE_DAYS).await?;
    let due = copies.into_iter().take(DEADLINES_MAX).map(|copy| {
        let about = About {
            subject: format!("{}/{}", copy.label, copy.copy),
            name: copy.place,
            ..About::default()
        };
        let since = (copy.read_on, Basis::LastRead);
        Due::on(DueKind::ReadCopy, about, since, copy.due_on, today)
    });
    Ok(due.collect())
}
