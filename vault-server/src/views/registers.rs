//! Registers of oversight as they are told.

use super::inspections::SaidSaid;
use super::said_time;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use vault_core::clock::UtcTime;
use vault_core::oversight::Step;
use vault_core::oversight::device::{Condition, Device, Devices};
use vault_core::oversight::lapse::{Lapse, Suspicion};
use vault_core::oversight::must_record::Obligation;
use vault_core::oversight::review::{HandedIn, Review};
use vault_core::oversight::statement::Statement;

/// The number of what was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct NumberSaid {
    /// The number.
    pub id: String,
}

/// A step taken with an entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepSaid {
    /// Its kind, such as `device.taken-out`.
    pub kind: String,
    /// When.
    pub at: String,
    /// Who.
    pub person: String,
    /// What was written about it.
    pub text: String,
    /// What else was said, by name.
    pub fields: BTreeMap<String, String>,
}

pub(super) fn steps_said(steps: Vec<Step>) -> Vec<StepSaid> {
    let said = |step: Step| StepSaid {
        kind: step.kind,
        at: said_time(step.at),
        person: step.person,
        text: step.text,
        fields: step.fields.into_iter().collect(),
    };
    steps.into_iter().map(said).collect()
}

fn said((person, text, at): (String, String, UtcTime)) -> SaidSaid {
    SaidSaid { person, text, at: said_time(at) }
}

/// How a device was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConditionSaid {
    /// Charge, in percent.
    pub battery: u64,
    /// Free memory, in MiB.
    pub free_mib: u64,
    /// How much its clock was behind, in seconds.
    pub clock_seconds: i64,
    /// Whether it was fit for duty.
    pub fit: bool,
    /// What else was seen.
    pub note: String,
    /// When.
    pub at: String,
}

fn condition_said((found, at): (Condition, UtcTime)) -> ConditionSaid {
    ConditionSaid {
        battery: found.battery,
        free_mib: found.free_mib,
        clock_seconds: found.clock_seconds,
        fit: found.passed(),
        note: found.note,
        at: said_time(at),
    }
}

/// What was received from a device.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveriesSaid {
    /// How often a recording was received.
    pub count: u64,
    /// When last.
    pub last: String,
    /// How much its clock was behind then, in seconds.
    pub clock_seconds: i64,
}

/// How much a clock was behind at a delivery.
#[derive(Debug, Serialize, ToSchema)]
pub struct DriftSaid {
    /// When the delivery was received.
    pub at: String,
    /// In seconds.
    pub clock_seconds: i64,
}

fn drift_said((at, clock_seconds): (UtcTime, i64)) -> DriftSaid {
    DriftSaid { at: said_time(at), clock_seconds }
}

/// A device.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceSaid {
    /// The number of its entry.
    pub device: String,
    /// The number it bears.
    pub number: String,
    /// What kind it is.
    pub kind: String,
    /// Maker and model.
    pub model: String,
    /// The maker's number.
    pub serial: String,
    /// Its unit.
    pub unit: String,
    /// Who keeps it.
    pub keeper: String,
    /// Days between checks.
    pub check_days: u64,
    /// Days between maintenance.
    pub maintenance_days: u64,
    /// `in`, `out`, `broken` or `retired`.
    pub state: &'static str,
    /// Who has it.
    pub user: Option<String>,
    /// How it was found last.
    pub checked: Option<ConditionSaid>,
    /// The day by which it is to be looked at.
    pub check_due: String,
    /// When it was maintained last.
    pub maintained: Option<String>,
    /// The day by which it is to be maintained.
    pub maintenance_due: String,
    /// Whether one of the two is overdue.
    pub overdue: bool,
    /// What was received from it.
    pub deliveries: Option<DeliveriesSaid>,
    /// How much its clock was behind at each of the last deliveries; in the list none.
    pub drift: Vec<DriftSaid>,
    /// Its steps; in the list the last of each kind.
    pub steps: Vec<StepSaid>,
}

/// A device as it is told.
pub fn device_said(device: Device) -> DeviceSaid {
    let deliveries = device.deliveries.map(|(count, last, clock_seconds)| DeliveriesSaid {
        count,
        last: said_time(last),
        clock_seconds,
    });
    let facts = device.facts;
    DeviceSaid {
        device: device.id.to_string(),
        number: facts.number,
        kind: facts.kind,
        model: facts.model,
        serial: facts.serial,
        unit: facts.unit,
        keeper: facts.keeper,
        check_days: facts.check_days,
        maintenance_days: facts.maintenance_days,
        state: device.state.as_str(),
        user: device.user.map(|(user, _)| user),
        checked: device.checked.map(condition_said),
        check_due: device.check_due.to_string(),
        maintained: device.maintained.map(said_time),
        maintenance_due: device.maintenance_due.to_string(),
        overdue: device.overdue,
        deliveries,
        drift: device.drift.into_iter().map(drift_said).collect(),
        steps: steps_said(device.steps),
    }
}

/// A number that labels name and no entry bears.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnknownDeviceSaid {
    /// The number.
    pub number: String,
    /// How often a recording was received that bears it.
    pub deliveries: u64,
    /// When last.
    pub last: String,
}

/// The register of devices.
#[derive(Debug, Serialize, ToSchema)]
pub struct DevicesSaid {
    /// The devices.
    pub devices: Vec<DeviceSaid>,
    /// Numbers that labels name and no entry bears.
    pub unknown: Vec<UnknownDeviceSaid>,
}

/// The register of devices as it is told.
pub fn devices_said(all: Devices) -> DevicesSaid {
    let unknown = all.unknown.into_iter().map(|one| UnknownDeviceSaid {
        number: one.number,
        deliveries: one.deliveries,
        last: said_time(one.received),
    });
    DevicesSaid {
        devices: all.devices.into_iter().map(device_said).collect(),
        unknown: unknown.collect(),
    }
}

/// A statement of why something was not recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementSaid {
    /// Its number.
    pub statement: String,
    /// `reported`, `accepted` or `rejected`.
    pub state: &'static str,
    /// Which of the four grounds.
    pub ground: String,
    /// What was not recorded.
    pub activity: String,
    /// The case.
    pub case: String,
    /// Whether there is no case file of that number.
    pub case_unknown: bool,
    /// The day.
    pub on: String,
    /// Where.
    pub place: String,
    /// Who acted there.
    pub handler: String,
    /// Why.
    pub reason: String,
    /// What shows it.
    pub basis: String,
    /// Who stated it.
    pub person: String,
    /// When.
    pub at: String,
    /// Whether it came late.
    pub late: bool,
    /// What the superior answered.
    pub answered: Option<SaidSaid>,
}

/// A statement as it is told.
pub fn statement_said(view: Statement) -> StatementSaid {
    let stated = view.stated;
    StatementSaid {
        statement: view.id.to_string(),
        state: view.state.as_str(),
        ground: stated.ground,
        activity: stated.activity,
        case: stated.case_no,
        case_unknown: view.case_unknown,
        on: stated.on,
        place: stated.place,
        handler: stated.handler,
        reason: stated.reason,
        basis: stated.basis,
        person: view.person,
        at: said_time(view.at),
        late: view.late,
        answered: view.answered.map(said),
    }
}

/// Something that has to be recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationSaid {
    /// The case.
    pub case: String,
    /// Its unit.
    pub unit: String,
    /// What.
    pub activity: &'static str,
    /// The article that asks for it.
    pub article: &'static str,
    /// The written records that show that it took place.
    pub documents: Vec<String>,
    /// How many recordings of it there are.
    pub recordings: u64,
    /// The statements about it.
    pub statements: Vec<String>,
    /// `recorded`, `stated`, `waiting` or `neither`.
    pub state: &'static str,
}

/// An obligation as it is told.
pub fn obligation_said(one: Obligation) -> ObligationSaid {
    ObligationSaid {
        case: one.case_no,
        unit: one.unit,
        activity: one.activity,
        article: one.article,
        documents: one.documents,
        recordings: one.recordings,
        statements: one.statements.iter().map(ToString::to_string).collect(),
        state: one.state.as_str(),
    }
}

/// A lapse.
#[derive(Debug, Serialize, ToSchema)]
pub struct LapseSaid {
    /// Its number.
    pub lapse: String,
    /// `raised`, `answered`, `upheld` or `dismissed`.
    pub state: &'static str,
    /// Which item of A2.19(二) or A3.16.
    pub clause: String,
    /// Where it comes from.
    pub source: String,
    /// The unit.
    pub unit: String,
    /// The person.
    pub concerned: String,
    /// The case.
    pub case: String,
    /// The recordings.
    pub recordings: Vec<String>,
    /// The last day to answer.
    pub due: String,
    /// What happened.
    pub text: String,
    /// Who raised it.
    pub person: String,
    /// When.
    pub at: String,
    /// Whether the day to answer is over without an answer.
    pub overdue: bool,
    /// The last answer.
    pub answered: Option<SaidSaid>,
    /// How it was closed.
    pub closed: Option<SaidSaid>,
}

/// A lapse as it is told.
pub fn lapse_said(view: Lapse) -> LapseSaid {
    let raised = view.raised;
    LapseSaid {
        lapse: view.id.to_string(),
        state: view.state.as_str(),
        clause: raised.clause,
        source: raised.source,
        unit: raised.unit,
        concerned: raised.concerned,
        case: raised.case_no,
        recordings: raised.recordings.iter().map(ToString::to_string).collect(),
        due: raised.due,
        text: raised.text,
        person: view.person,
        at: said_time(view.at),
        overdue: view.overdue,
        answered: view.answered.map(said),
        closed: view.closed.map(said),
    }
}

/// Something that may be a lapse.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuspicionSaid {
    /// By what it is known again.
    pub key: String,
    /// What was found.
    pub kind: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// The item that fits it first.
    pub clause: &'static str,
    /// What it is about.
    pub about: String,
    /// The recording.
    pub recording: Option<String>,
    /// The case.
    pub case: String,
    /// The unit.
    pub unit: String,
}

/// A suspicion as it is told.
pub fn suspicion_said(one: Suspicion) -> SuspicionSaid {
    SuspicionSaid {
        key: one.key,
        kind: one.kind,
        source: one.source,
        clause: one.clause,
        about: one.about,
        recording: one.recording.map(|id| id.to_string()),
        case: one.case_no,
        unit: one.unit,
    }
}

/// A term of a review.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermSaid {
    /// The article that sets it.
    pub article: &'static str,
    /// Its working days.
    pub working_days: u32,
    /// The last day; none while the clocks stand.
    pub due: Option<String>,
    /// Whether it was missed.
    pub late: bool,
}

/// Something that was handed in for a review.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandedInSaid {
    /// What.
    pub material: String,
    /// Where it is, in words.
    pub reference: String,
    /// The titles of the written records of the case file that it is found in.
    pub documents: Vec<String>,
}

/// Year and number of an opinion.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpinionNumberSaid {
    /// The year.
    pub year: i64,
    /// The number in it.
    pub number: u64,
}

/// A legal review.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewSaid {
    /// Its number.
    pub review: String,
    /// The case.
    pub case: String,
    /// How it stands.
    pub state: &'static str,
    /// What makes the decision a major one, by the article.
    pub grounds: Vec<String>,
    /// What was handed in, and where it is found.
    pub materials: Vec<HandedInSaid>,
    /// What is always needed and was not.
    pub materials_missing: Vec<&'static str>,
    /// Both terms, the stricter one first.
    pub terms: Vec<TermSaid>,
    /// Which opinion was given.
    pub opinion: Option<String>,
    /// Its number.
    pub opinion_number: Option<OpinionNumberSaid>,
    /// The last day to object.
    pub objection_due: Option<String>,
    /// Every step.
    pub steps: Vec<StepSaid>,
}

/// A review as it is told.
pub fn review_said(view: Review, materials: Vec<HandedIn>) -> ReviewSaid {
    let handed_in = |one: HandedIn| HandedInSaid {
        material: one.material,
        reference: one.reference,
        documents: one.documents.into_iter().map(|entry| entry.title).collect(),
    };
    let terms = view.terms.into_iter().map(|term| TermSaid {
        article: term.article,
        working_days: term.working_days,
        due: term.due.map(|due| due.to_string()),
        late: term.late,
    });
    ReviewSaid {
        review: view.id.to_string(),
        case: view.case_no,
        state: view.state.as_str(),
        grounds: view.grounds,
        materials: materials.into_iter().map(handed_in).collect(),
        materials_missing: view.materials_missing,
        terms: terms.collect(),
        opinion: view.opinion,
        opinion_number: view
            .opinion_number
            .map(|(year, number)| OpinionNumberSaid { year, number }),
        objection_due: view.objection_due.map(|due| due.to_string()),
        steps: steps_said(view.steps),
    }
}
