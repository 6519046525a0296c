//! Terms, registers and inspections as tables.

use super::{Cell, Column, Table};
use crate::clock::UtcTime;
use crate::inspection::{Evaluated, FindingRow, InspectionView, LotRow, Score};
use crate::oversight::Due;
use crate::oversight::device::Device;
use crate::oversight::edition::Edition;
use crate::oversight::lapse::{Lapse, Suspicion, clause_name};
use crate::oversight::must_record::Obligation;
use crate::oversight::process::{Requirement, RequirementKind};
use crate::oversight::publicity::Publicity;
use crate::oversight::review::{Review, ReviewTerm, ground_name};
use crate::oversight::statement::Statement;
use crate::oversight::term::{Missed, Moved};
use crate::wording::Family;

/// What was said about an entry: who, in which words, when.
type Said = Option<(String, String, UtcTime)>;

fn person(said: &Said) -> Cell {
    Cell::text(said.as_ref().map_or("", |(person, ..)| person))
}

fn words(said: &Said) -> Cell {
    Cell::text(said.as_ref().map_or("", |(_, text, _)| text))
}

fn at(said: &Said) -> Cell {
    Cell::time(said.as_ref().map(|(.., at)| *at))
}

/// What is to be done by a day.
pub static DEADLINES: Table<Due> = Table {
    name: "deadlines",
    columns: &[
        Column("ctl-column-what", |row| Cell::name(Family::Due, row.kind.as_str())),
        Column("ctl-column-subject", |row| Cell::text(&row.subject)),
        Column("ctl-column-name", |row| Cell::text(&row.name)),
        Column("ctl-column-unit", |row| Cell::text(&row.unit)),
        Column("table-column-since", |row| Cell::Day(row.since)),
        Column("ctl-column-due", |row| Cell::Day(row.due)),
        Column("ctl-column-left", |row| Cell::Number(row.days_left)),
        Column("table-column-provisional", |row| Cell::answer(row.provisional)),
        Column("ctl-column-article", |row| Cell::text(row.kind.article())),
        Column("table-column-papers", |row| Cell::texts(&row.papers)),
    ],
};

/// Terms that were missed.
pub static MISSED: Table<Missed> = Table {
    name: "missed",
    columns: &[
        Column("ctl-column-what", |row| Cell::name(Family::Due, row.kind.as_str())),
        Column("ctl-column-case", |row| Cell::text(&row.case_no)),
        Column("ctl-column-name", |row| Cell::text(&row.name)),
        Column("ctl-column-unit", |row| Cell::text(&row.unit)),
        Column("table-column-since", |row| Cell::Day(row.since)),
        Column("ctl-column-due", |row| Cell::Day(row.due)),
        Column("table-column-missed-at", |row| Cell::Time(row.at)),
        Column("ctl-column-reason", |row| Cell::texts(row.reasons.iter().map(|(_, text, _)| text))),
        Column("ctl-column-person", |row| {
            Cell::texts(row.reasons.iter().map(|(person, ..)| person))
        }),
        Column("ctl-column-article", |row| Cell::text(row.kind.article())),
        Column("ctl-column-subject", |row| Cell::text(&row.subject)),
        Column("ctl-column-entry", |row| Cell::text(row.id)),
    ],
};

/// Running terms that a new edition of the calendar moved.
pub static MOVED: Table<Moved> = Table {
    name: "moved",
    columns: &[
        Column("ctl-column-what", |row| Cell::name(Family::Due, row.kind.as_str())),
        Column("ctl-column-subject", |row| Cell::text(&row.subject)),
        Column("table-column-due-before", |row| Cell::Day(row.from)),
        Column("ctl-column-due", |row| Cell::Day(row.to)),
        Column("ctl-column-entry", |row| Cell::text(row.term)),
    ],
};

/// The register of devices.
pub static DEVICES: Table<Device> = Table {
    name: "devices",
    columns: &[
        Column("ctl-column-device-number", |row| Cell::text(&row.facts.number)),
        Column("ctl-column-kind", |row| Cell::name(Family::DeviceKind, &row.facts.kind)),
        Column("table-column-model", |row| Cell::text(&row.facts.model)),
        Column("table-column-serial", |row| Cell::text(&row.facts.serial)),
        Column("ctl-column-unit", |row| Cell::text(&row.facts.unit)),
        Column("ctl-column-keeper", |row| Cell::text(&row.facts.keeper)),
        Column("ctl-column-state", |row| Cell::name(Family::Device, row.state.as_str())),
        Column("table-column-user", |row| {
            Cell::text(row.user.as_ref().map_or("", |(user, _)| user))
        }),
        Column("table-column-battery", |row| {
            row.checked.as_ref().map_or(Cell::Empty, |(found, _)| Cell::count(found.battery))
        }),
        Column("table-column-free-mib", |row| {
            row.checked.as_ref().map_or(Cell::Empty, |(found, _)| Cell::count(found.free_mib))
        }),
        Column("table-column-clock-behind", |row| {
            let last = row.deliveries.map(|(_, _, seconds)| seconds);
            last.map_or(Cell::Empty, Cell::Number)
        }),
        Column("ctl-column-check-due", |row| Cell::Day(row.check_due)),
        Column("ctl-column-maintenance-due", |row| Cell::Day(row.maintenance_due)),
        Column("table-column-overdue", |row| Cell::answer(row.overdue)),
        Column("ctl-column-entry", |row| Cell::text(row.id)),
    ],
};

/// Editions of the calendar.
pub static EDITIONS: Table<Edition> = Table {
    name: "editions",
    columns: &[
        Column("ctl-column-year", |row| Cell::Number(row.year)),
        Column("table-column-papers", |row| Cell::texts(&row.papers)),
        Column("table-column-proposed-by", |row| Cell::text(&row.proposed.0)),
        Column("table-column-proposed-at", |row| Cell::Time(row.proposed.1)),
        Column("ctl-column-confirmed", |row| {
            Cell::text(row.confirmed.as_ref().map_or("", |(person, _)| person))
        }),
        Column("table-column-confirmed-at", |row| {
            Cell::time(row.confirmed.as_ref().map(|(_, at)| *at))
        }),
    ],
};

/// What has to be recorded, and whether it was.
pub static OBLIGATIONS: Table<Obligation> = Table {
    name: "must-record",
    columns: &[
        Column("ctl-column-case", |row| Cell::text(&row.case_no)),
        Column("ctl-column-unit", |row| Cell::text(&row.unit)),
        Column("ctl-column-activity", |row| Cell::name(Family::Activity, row.activity)),
        Column("ctl-column-recorded", |row| Cell::name(Family::Recorded, row.state.as_str())),
        Column("ctl-column-recordings", |row| Cell::count(row.recordings)),
        Column("table-column-statements", |row| Cell::count(row.statements.len())),
        Column("ctl-column-documents", |row| Cell::texts(&row.documents)),
        Column("ctl-column-article", |row| Cell::text(row.article)),
    ],
};

/// Statements of why something was not recorded.
pub static STATEMENTS: Table<Statement> = Table {
    name: "statements",
    columns: &[
        Column("ctl-column-entry", |row| Cell::text(row.id)),
        Column("ctl-column-state", |row| Cell::name(Family::Statement, row.state.as_str())),
        Column("ctl-column-ground", |row| Cell::name(Family::Ground, &row.stated.ground)),
        Column("ctl-column-activity", |row| Cell::name(Family::Activity, &row.stated.activity)),
        Column("ctl-column-case", |row| Cell::text(&row.stated.case_no)),
        Column("table-column-case-unknown", |row| Cell::answer(row.case_unknown)),
        Column("ctl-column-on", |row| Cell::day_of(&row.stated.on)),
        Column("table-column-place", |row| Cell::text(&row.stated.place)),
        Column("ctl-column-handler", |row| Cell::text(&row.stated.handler)),
        Column("ctl-column-reason", |row| Cell::text(&row.stated.reason)),
        Column("table-column-basis", |row| Cell::text(&row.stated.basis)),
        Column("table-column-reported-at", |row| Cell::Time(row.at)),
        Column("table-column-late", |row| Cell::answer(row.late)),
        Column("table-column-answered-by", |row| person(&row.answered)),
        Column("table-column-answer", |row| words(&row.answered)),
        Column("table-column-answered-at", |row| at(&row.answered)),
    ],
};

/// What may be a lapse and was not raised.
pub static SUSPICIONS: Table<Suspicion> = Table {
    name: "suspicions",
    columns: &[
        Column("ctl-column-suspicion", |row| Cell::name(Family::Suspicion, row.kind)),
        Column("ctl-column-clause", |row| Cell::name(Family::Clause, clause_name(row.clause))),
        Column("ctl-column-article", |row| Cell::text(row.clause)),
        Column("ctl-column-about", |row| Cell::text(&row.about)),
        Column("ctl-column-case", |row| Cell::text(&row.case_no)),
        Column("ctl-column-unit", |row| Cell::text(&row.unit)),
        Column("table-column-blake3", |row| {
            Cell::text(row.recording.map(|id| id.to_string()).unwrap_or_default())
        }),
    ],
};

/// Lapses.
pub static LAPSES: Table<Lapse> = Table {
    name: "lapses",
    columns: &[
        Column("ctl-column-entry", |row| Cell::text(row.id)),
        Column("ctl-column-state", |row| Cell::name(Family::Lapse, row.state.as_str())),
        Column("ctl-column-clause", |row| {
            Cell::name(Family::Clause, clause_name(&row.raised.clause))
        }),
        Column("ctl-column-article", |row| Cell::text(&row.raised.clause)),
        Column("ctl-column-source", |row| Cell::name(Family::LapseSource, &row.raised.source)),
        Column("ctl-column-unit", |row| Cell::text(&row.raised.unit)),
        Column("table-column-concerned", |row| Cell::text(&row.raised.concerned)),
        Column("ctl-column-case", |row| Cell::text(&row.raised.case_no)),
        Column("ctl-column-said", |row| Cell::text(&row.raised.text)),
        Column("ctl-column-due", |row| Cell::day_of(&row.raised.due)),
        Column("table-column-overdue", |row| Cell::answer(row.overdue)),
        Column("table-column-raised-by", |row| Cell::text(&row.person)),
        Column("table-column-raised-at", |row| Cell::Time(row.at)),
        Column("table-column-answered-by", |row| person(&row.answered)),
        Column("table-column-answer", |row| words(&row.answered)),
        Column("table-column-closed-by", |row| person(&row.closed)),
        Column("table-column-conclusion", |row| words(&row.closed)),
        Column("table-column-closed-at", |row| at(&row.closed)),
    ],
};

/// The strictest term of a review that is running.
fn strictest(review: &Review) -> Option<&ReviewTerm> {
    review.terms.iter().min_by_key(|term| (term.due.is_none(), term.due))
}

/// Legal reviews.
pub static REVIEWS: Table<Review> = Table {
    name: "reviews",
    columns: &[
        Column("ctl-column-entry", |row| Cell::text(row.id)),
        Column("ctl-column-case", |row| Cell::text(&row.case_no)),
        Column("ctl-column-state", |row| Cell::name(Family::Review, row.state.as_str())),
        Column("table-column-grounds", |row| {
            Cell::names(Family::ReviewGround, row.grounds.iter().map(|one| ground_name(one)))
        }),
        Column("table-column-materials-missing", |row| {
            Cell::names(Family::Material, &row.materials_missing)
        }),
        Column("ctl-column-due", |row| Cell::day(strictest(row).and_then(|term| term.due))),
        Column("table-column-late", |row| Cell::answer(row.terms.iter().any(|term| term.late))),
        Column("table-column-opinion", |row| {
            Cell::name(Family::Opinion, row.opinion.as_deref().unwrap_or_default())
        }),
        Column("table-column-objection-due", |row| Cell::day(row.objection_due)),
    ],
};

/// Inspections by lot.
pub static INSPECTIONS: Table<InspectionView> = Table {
    name: "inspections",
    columns: &[
        Column("ctl-column-inspection", |row| Cell::text(row.id)),
        Column("ctl-column-state", |row| Cell::name(Family::Inspection, row.state.as_str())),
        Column("table-column-planned-by", |row| Cell::text(&row.planned.person)),
        Column("table-column-plan", |row| Cell::text(&row.planned.text)),
        Column("ctl-column-from", |row| Cell::Time(row.from)),
        Column("ctl-column-to", |row| Cell::Time(row.to)),
        Column("ctl-column-lots", |row| Cell::count(row.lots.len())),
        Column("table-column-reviewed", |row| Cell::count(row.reviews.len())),
        Column("table-column-findings", |row| Cell::count(row.findings.len())),
    ],
};

/// What the inspections of a year come to, each unit before its officers.
pub static EVALUATION: Table<Evaluated> = Table {
    name: "evaluation",
    columns: &[
        Column("ctl-column-unit", |row| Cell::text(&row.unit)),
        Column("ctl-column-handler", |row| Cell::text(&row.handler)),
        Column("table-column-inspections", |row| Cell::count(row.inspections)),
        Column("ctl-column-lots", |row| Cell::count(row.tally.drawn)),
        Column("table-column-reviewed", |row| Cell::count(row.tally.reviewed)),
        Column("table-column-unreviewed", |row| Cell::count(row.tally.unreviewed())),
        Column("table-column-passed", |row| Cell::count(row.tally.passed)),
        Column("table-column-points", |row| row.tally.points().map_or(Cell::Empty, Cell::count)),
        Column("table-column-findings", |row| Cell::count(row.tally.findings)),
        Column("table-column-settled", |row| Cell::count(row.tally.settled)),
    ],
};

/// An answer to one of the three questions; that there is none yet where it was not reviewed.
fn verdict(row: &LotRow, question: usize) -> Cell {
    let answer = row.review.as_ref().and_then(|review| review.answers.get(question));
    Cell::name(Family::Answer, answer.map_or("unreviewed", String::as_str))
}

/// What an inspection drew, with its verdicts.
pub static LOTS: Table<LotRow> = Table {
    name: "lots",
    columns: &[
        Column("ctl-column-name", |row| Cell::text(&row.known.name)),
        Column("ctl-column-activity", |row| Cell::name(Family::Activity, &row.known.activity)),
        Column("ctl-column-case", |row| Cell::text(&row.known.case_no)),
        Column("ctl-column-handler", |row| Cell::text(&row.known.handler)),
        Column("table-column-recorded", |row| verdict(row, 0)),
        Column("table-column-uninterrupted", |row| verdict(row, 1)),
        Column("table-column-handled", |row| verdict(row, 2)),
        Column("table-column-reviewer", |row| {
            Cell::text(row.review.as_ref().map_or("", |review| &review.said.person))
        }),
        Column("table-column-reviewed-at", |row| {
            Cell::time(row.review.as_ref().map(|review| review.said.at))
        }),
        Column("ctl-column-said", |row| {
            Cell::text(row.review.as_ref().map_or("", |review| &review.said.text))
        }),
        Column("table-column-replaced", |row| Cell::answer(row.replaced)),
        Column("ctl-column-subject", |row| Cell::text(&row.item)),
    ],
};

/// What an inspection found, and what became of it.
pub static FINDINGS: Table<FindingRow> = Table {
    name: "findings",
    columns: &[
        Column("ctl-column-entry", |row| Cell::text(row.finding.id)),
        Column("ctl-column-state", |row| Cell::name(Family::Correction, row.finding.state())),
        Column("table-column-found", |row| Cell::text(&row.finding.found.text)),
        Column("ctl-column-article", |row| Cell::text(&row.finding.article)),
        Column("ctl-column-name", |row| Cell::text(&row.known.name)),
        Column("ctl-column-case", |row| Cell::text(&row.known.case_no)),
        Column("ctl-column-handler", |row| Cell::text(&row.known.handler)),
        Column("table-column-from-seconds", |row| Cell::count(row.finding.from_ms / 1_000)),
        Column("table-column-to-seconds", |row| Cell::count(row.finding.to_ms / 1_000)),
        Column("table-column-found-by", |row| Cell::text(&row.finding.found.person)),
        Column("table-column-found-at", |row| Cell::Time(row.finding.found.at)),
        Column("ctl-column-due", |row| Cell::day_of(&row.finding.due)),
        Column("table-column-corrected", |row| {
            Cell::text(row.finding.corrected.as_ref().map_or("", |said| &said.text))
        }),
        Column("table-column-corrected-by", |row| {
            Cell::text(row.finding.corrected.as_ref().map_or("", |said| &said.person))
        }),
        Column("table-column-corrected-at", |row| {
            Cell::time(row.finding.corrected.as_ref().map(|said| said.at))
        }),
        Column("table-column-rechecked", |row| {
            Cell::text(row.finding.rechecked.as_ref().map_or("", |(said, _)| &said.text))
        }),
        Column("table-column-rechecked-by", |row| {
            Cell::text(row.finding.rechecked.as_ref().map_or("", |(said, _)| &said.person))
        }),
    ],
};

/// Publicity of decisions.
pub static PUBLICITY: Table<Publicity> = Table {
    name: "publicity",
    columns: &[
        Column("ctl-column-entry", |row| Cell::text(row.id)),
        Column("ctl-column-state", |row| Cell::name(Family::Publicity, row.state.as_str())),
        Column("ctl-column-kind", |row| Cell::name(Family::PublicityKind, &row.draft.kind)),
        Column("table-column-title", |row| Cell::text(&row.draft.title)),
        Column("ctl-column-case", |row| Cell::text(&row.case_no)),
        Column("ctl-column-unit", |row| Cell::text(&row.unit)),
        Column("table-column-decided-on", |row| Cell::day_of(&row.draft.decided_on)),
        Column("table-column-decision-number", |row| Cell::text(&row.draft.number)),
        Column("ctl-column-due", |row| Cell::Day(row.term.deadline.due)),
        Column("table-column-done-on", |row| Cell::day(row.term.done_on)),
        Column("table-column-late", |row| Cell::answer(row.term.late)),
        Column("table-column-carriers", |row| Cell::names(Family::Carrier, &row.places)),
        Column("table-column-withdraw-due", |row| {
            Cell::day(row.withdrawal.as_ref().map(|term| term.deadline.due))
        }),
        Column("table-column-down-from", |row| Cell::day(row.down_from)),
    ],
};

/// The whole process of cases, a line for what each of them requires.
pub static PROCESS: Table<(String, Requirement)> = Table {
    name: "process",
    columns: &[
        Column("ctl-column-case", |(case_no, _)| Cell::text(case_no)),
        Column("ctl-column-stage", |(_, one)| Cell::name(Family::Stage, one.stage)),
        Column("ctl-column-kind", |(_, one)| Cell::name(Family::Requirement, one.kind.as_str())),
        Column("ctl-column-what", |(_, one)| match one.kind {
            RequirementKind::Recording => Cell::names(Family::Activity, &one.names),
            _ => Cell::names(Family::Document, &one.names),
        }),
        Column("ctl-column-article", |(_, one)| Cell::text(one.article)),
        Column("ctl-column-state", |(_, one)| {
            Cell::name(Family::Fulfilment, one.fulfilment.as_str())
        }),
        Column("table-column-late", |(_, one)| Cell::answer(one.late)),
        Column("ctl-column-held", |(_, one)| Cell::texts(one.held.iter().map(|held| &held.title))),
    ],
};

/// What an inspection comes to, stratum by stratum.
pub static SCORES: Table<Score> = Table {
    name: "scores",
    columns: &[
        Column("table-column-stratum", |row| Cell::text(&row.stratum)),
        Column("table-column-population", |row| Cell::count(row.population)),
        Column("ctl-column-lots", |row| Cell::count(row.tally.drawn)),
        Column("table-column-reviewed", |row| Cell::count(row.tally.reviewed)),
        Column("table-column-unreviewed", |row| Cell::count(row.tally.unreviewed())),
        Column("table-column-passed", |row| Cell::count(row.tally.passed)),
        Column("table-column-points", |row| row.tally.points().map_or(Cell::Empty, Cell::count)),
        Column("table-column-findings", |row| Cell::count(row.tally.findings)),
        Column("table-column-settled", |row| Cell::count(row.tally.settled)),
    ],
};
