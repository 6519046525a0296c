//! Publicity and figures of a year as they are told.

use super::registers::{StepSaid, steps_said};
use super::said_time;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use vault_core::oversight::annual::{Annual, FIGURES, Figures};
use vault_core::oversight::publicity::{Publicity, PublicityDue, PublicityTerm, kind_of};

/// A day that was passed on the way to the end of a term.
#[derive(Debug, Serialize, ToSchema)]
pub struct PassedSaid {
    /// The day.
    pub date: String,
    /// `working`, `shifted-working`, `weekend`, `festival`.
    pub kind: &'static str,
    /// Which working day it is.
    pub number: Option<u32>,
}

/// A term of publicity.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicityTermSaid {
    /// The article that sets it.
    pub article: &'static str,
    /// Its working days.
    pub working_days: u32,
    /// The day it is counted from.
    pub since: String,
    /// The last day.
    pub due: String,
    /// Whether a year without a notice was counted by its weekends alone.
    pub provisional: bool,
    /// The day on which it was kept.
    pub done_on: Option<String>,
    /// Whether it was missed.
    pub late: bool,
    /// Every day that was counted.
    pub days: Vec<PassedSaid>,
}

fn term_said(term: &PublicityTerm) -> PublicityTermSaid {
    let days = term.deadline.passed.iter().map(|day| PassedSaid {
        date: day.date.to_string(),
        kind: day.kind.as_str(),
        number: day.number,
    });
    PublicityTermSaid {
        article: term.article,
        working_days: term.working_days,
        since: term.since.to_string(),
        due: term.deadline.due.to_string(),
        provisional: term.deadline.provisional,
        done_on: term.done_on.map(|day| day.to_string()),
        late: term.late,
        days: days.collect(),
    }
}

/// Something said under a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedSaid {
    /// The name.
    pub name: String,
    /// What was said.
    pub value: String,
}

/// An entry of publicity.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicitySaid {
    /// Its number.
    pub publicity: String,
    /// The case.
    pub case: String,
    /// Its unit.
    pub unit: String,
    /// How it stands.
    pub state: &'static str,
    /// Whether the last draft waits for a leader.
    pub waits: bool,
    /// The kind of the decision.
    pub kind: String,
    /// Its day.
    pub decided_on: String,
    /// Its number.
    pub number: String,
    /// Whether the counterpart is a natural person.
    pub natural_person: bool,
    /// Whether the leaders decide on it together.
    pub major: bool,
    /// The title.
    pub title: String,
    /// What is published, in the order of the regulation.
    pub fields: Vec<NamedSaid>,
    /// Whether each ground of A2.8 stands against it.
    pub objections: BTreeMap<String, bool>,
    /// Why it may not be published.
    pub reason: String,
    /// The term of its publication.
    pub term: PublicityTermSaid,
    /// The term of its withdrawal.
    pub withdrawal: Option<PublicityTermSaid>,
    /// The first day on which it may be taken down.
    pub down_from: Option<String>,
    /// How an application to take it down stands: `asked` or `approved`.
    pub take_down: Option<&'static str>,
    /// Where it was published.
    pub places: Vec<String>,
    /// Every step.
    pub steps: Vec<StepSaid>,
}

/// An entry as it is told.
pub fn publicity_said(view: Publicity) -> PublicitySaid {
    let take_down = match (view.take_down_asked, view.take_down_approved) {
        (true, _) => Some("asked"),
        (false, true) => Some("approved"),
        (false, false) => None,
    };
    let mut draft = view.draft;
    let names = kind_of(&draft.kind).map_or(&[][..], |kind| kind.fields);
    let fields = names.iter().map(|name| NamedSaid {
        name: (*name).to_owned(),
        value: draft.fields.remove(*name).unwrap_or_default(),
    });
    PublicitySaid {
        publicity: view.id.to_string(),
        case: view.case_no,
        unit: view.unit,
        state: view.state.as_str(),
        waits: view.waits,
        fields: fields.collect(),
        kind: draft.kind,
        decided_on: draft.decided_on,
        number: draft.number,
        natural_person: draft.natural_person,
        major: draft.major,
        title: draft.title,
        objections: draft.objections,
        reason: draft.reason,
        term: term_said(&view.term),
        withdrawal: view.withdrawal.as_ref().map(term_said),
        down_from: view.down_from.map(|day| day.to_string()),
        take_down,
        places: view.places,
        steps: steps_said(view.steps),
    }
}

/// Something to be published or withdrawn.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicityDueSaid {
    /// The entry; none where nobody made one.
    pub publicity: Option<String>,
    /// The case.
    pub case: String,
    /// What it is about.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// Whether it is to be withdrawn.
    pub withdraws: bool,
    /// The term.
    pub term: PublicityTermSaid,
}

/// Something due as it is told.
pub fn publicity_due_said(one: PublicityDue) -> PublicityDueSaid {
    PublicityDueSaid {
        publicity: one.entry.map(|id| id.to_string()),
        case: one.case_no,
        name: one.name,
        unit: one.unit,
        withdraws: one.withdraws,
        term: term_said(&one.term),
    }
}

/// Counts of one unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitFiguresSaid {
    /// The unit.
    pub unit: String,
    /// Counts by name.
    pub counts: BTreeMap<String, u64>,
}

/// The figures of a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresSaid {
    /// The year.
    pub year: i64,
    /// The last day that counts.
    pub until: String,
    /// Counts of each unit.
    pub units: Vec<UnitFiguresSaid>,
    /// Counts of all units.
    pub total: BTreeMap<&'static str, u64>,
}

/// Figures as they are told.
pub fn figures_said(figures: &Figures) -> FiguresSaid {
    let units = figures
        .units
        .iter()
        .map(|(unit, counts)| UnitFiguresSaid { unit: unit.clone(), counts: counts.clone() });
    FiguresSaid {
        year: figures.year,
        until: figures.until.to_string(),
        units: units.collect(),
        total: FIGURES.iter().map(|figure| (*figure, figures.total(figure))).collect(),
    }
}

/// Figures of a year that were frozen.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnualSaid {
    /// Their number.
    pub annual: String,
    /// `frozen`, `returned`, `approved` or `handed-on`.
    pub state: &'static str,
    /// When they were frozen.
    pub at: String,
    /// The day by which they are handed in.
    pub due: String,
    /// The day by which they are reported upwards.
    pub report_due: String,
    /// Whether one of the two was missed.
    pub late: bool,
    /// The approved figures of the same year that these correct.
    pub corrects: Option<String>,
    /// The approved figures that correct these.
    pub corrected_by: Option<String>,
    /// What was frozen.
    pub figures: FiguresSaid,
    /// Every step.
    pub steps: Vec<StepSaid>,
}

/// Frozen figures as they are told.
pub fn annual_said(view: Annual) -> AnnualSaid {
    AnnualSaid {
        annual: view.id.to_string(),
        state: view.state.as_str(),
        at: said_time(view.at),
        due: view.due.to_string(),
        report_due: view.report_due.to_string(),
        late: view.late,
        corrects: view.corrects.map(|id| id.to_string()),
        corrected_by: view.corrected_by.map(|id| id.to_string()),
        figures: figures_said(&view.figures),
        steps: steps_said(view.steps),
    }
}
