//! The closed lists of codes with their words in both languages, so that pages have no words of
//! their own for them.

use crate::extract::Signed;
use crate::problem::wording;
use crate::state::App;
use axum::Json;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::access::RequestState;
use vault_core::casefile::DOCUMENTS;
use vault_core::disposal::{DisposalState, GROUNDS};
use vault_core::figures::FigureKind;
use vault_core::inspection::{InspectionState, Party, STRATA};
use vault_core::intake::{ACTIVITIES, SECRECIES};
use vault_core::jobs::{JobKind, JobState};
use vault_core::media::MARKER_KINDS;
use vault_core::oversight::DueKind;
use vault_core::oversight::annual::{AnnualState, FIGURES};
use vault_core::oversight::device::{DEVICE_KINDS, DeviceState};
use vault_core::oversight::lapse::{CLAUSES, LapseState, SOURCES};
use vault_core::oversight::must_record::Recorded;
use vault_core::oversight::process::{Fulfilment, PROCESS_STAGES, RequirementKind};
use vault_core::oversight::publicity::{CARRIERS, CAUSES, KINDS, OBJECTIONS, PublicityState};
use vault_core::oversight::review::{MATERIALS, OPINIONS, REVIEW_GROUNDS, ReviewState};
use vault_core::oversight::statement::{GROUNDS as STATEMENT_GROUNDS, StatementState};
use vault_core::policy::{Act, Role};
use vault_core::preservation::HOT_REASONS;
use vault_core::reminders::{DUTIES, DeliveryState};
use vault_core::retention::{ANY_CLASS, RuleState, TRIGGERS};
use vault_core::volume::MEDIA;
use vault_core::wording::{Family, Language};

/// What may be noticed in a recording, as reports name it.
const FINDINGS: [&str; 8] =
    ["gap", "overlap", "jump", "corrupt", "truncated", "black", "frozen", "silent"];

/// Where a time may come from.
const TIME_SOURCES: [&str; 6] = ["declared", "exif", "container", "name", "file", "received"];

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(codes))
}

/// A code with its words.
#[derive(Debug, Serialize, ToSchema)]
struct CodeSaid {
    /// The code.
    code: String,
    /// In Chinese.
    zh: String,
    /// In English.
    en: String,
    /// What it belongs to: the stage of a document, the article of a trigger.
    of: Option<&'static str>,
}

fn said(family: Family, code: &str, of: Option<&'static str>) -> CodeSaid {
    CodeSaid {
        code: code.to_owned(),
        zh: wording(Language::Chinese).name(family, code),
        en: wording(Language::English).name(family, code),
        of,
    }
}

fn all<'a>(family: Family, codes: impl IntoIterator<Item = &'a str>) -> Vec<CodeSaid> {
    codes.into_iter().map(|code| said(family, code, None)).collect()
}

fn inspections() -> Vec<CodeSaid> {
    all(Family::Inspection, InspectionState::ALL.iter().map(|state| state.as_str()))
}

/// What may be a lapse.
const SUSPICIONS: [&str; 8] = [
    "late-label",
    "late-case",
    "damaged",
    "not-recorded",
    "finding-overdue",
    "late-publicity",
    "late-withdrawal",
    "late-figures",
];

/// What is done with a device.
const DEVICE_STEPS: [&str; 8] = [
    "device.registered",
    "device.taken-out",
    "device.returned",
    "device.checked",
    "device.maintained",
    "device.broken",
    "device.mended",
    "device.retired",
];

/// The lists of legal reviews.
fn reviews() -> [(&'static str, Vec<CodeSaid>); 5] {
    let grounds = REVIEW_GROUNDS.iter().map(|(article, name)| {
        let words = said(Family::ReviewGround, name, None);
        CodeSaid { code: (*article).to_owned(), of: Some(*name), ..words }
    });
    [
        ("reviews", all(Family::Review, ReviewState::ALL.iter().map(|state| state.as_str()))),
        ("review-grounds", grounds.collect()),
        ("materials", all(Family::Material, MATERIALS.iter().copied())),
        ("opinions", all(Family::Opinion, OPINIONS.iter().copied())),
        ("review-steps", all(Family::Event, REVIEW_STEPS)),
    ]
}

/// What is done with a review.
const REVIEW_STEPS: [&str; 9] = [
    "review.not-needed",
    "review.submitted",
    "review.accepted",
    "review.stopped",
    "review.resumed",
    "review.extended",
    "review.opinion-given",
    "review.objected",
    "review.settled",
];

/// What is done with publicity and with the figures of a year.
const PUBLICITY_STEPS: [&str; 11] = [
    "publicity.drafted",
    "publicity.decided",
    "publicity.published",
    "publicity.revoked",
    "publicity.withdrawn",
    "publicity.take-down-asked",
    "publicity.take-down-decided",
    "publicity.taken-down",
    "annual.frozen",
    "annual.decided",
    "annual.handed-on",
];

/// The lists of publicity: what is published of a kind belongs to that kind.
fn publicity() -> [(&'static str, Vec<CodeSaid>); 9] {
    let fields = KINDS
        .iter()
        .flat_map(|kind| kind.fields.iter().map(|name| said(Family::Field, name, Some(kind.name))));
    let kinds = KINDS.iter().map(|kind| said(Family::PublicityKind, kind.name, Some(kind.article)));
    let objections =
        OBJECTIONS.iter().map(|(article, name)| said(Family::Objection, name, Some(article)));
    let carriers = CARRIERS.iter().map(|(name, of)| said(Family::Carrier, name, Some(of)));
    let states = PublicityState::ALL.iter().map(|state| state.as_str());
    [
        ("publicity", all(Family::Publicity, states)),
        ("publicity-kinds", kinds.collect()),
        ("publicity-fields", fields.collect()),
        ("objections", objections.collect()),
        ("carriers", carriers.collect()),
        ("revoke-causes", all(Family::RevokeCause, CAUSES.iter().copied())),
        ("annuals", all(Family::Annual, AnnualState::ALL.iter().map(|state| state.as_str()))),
        ("figures", all(Family::Figure, FIGURES.iter().copied())),
        ("publicity-steps", all(Family::Event, PUBLICITY_STEPS)),
    ]
}

/// What is said with a step, and pages show.
const FIELDS: [&str; 6] = ["user", "battery", "free_mib", "clock_seconds", "keeper", "unit"];

/// The lists of the registers of oversight.
fn registers() -> [(&'static str, Vec<CodeSaid>); 11] {
    let clauses = CLAUSES.iter().map(|(article, name)| {
        let words = said(Family::Clause, name, None);
        CodeSaid { code: (*article).to_owned(), of: Some(*name), ..words }
    });
    [
        ("device-kinds", all(Family::DeviceKind, DEVICE_KINDS.iter().copied())),
        ("devices", all(Family::Device, DeviceState::ALL.iter().map(|state| state.as_str()))),
        ("statement-grounds", all(Family::Ground, STATEMENT_GROUNDS.iter().copied())),
        (
            "statements",
            all(Family::Statement, StatementState::ALL.iter().map(|state| state.as_str())),
        ),
        ("recorded", all(Family::Recorded, Recorded::ALL.iter().map(|state| state.as_str()))),
        ("lapses", all(Family::Lapse, LapseState::ALL.iter().map(|state| state.as_str()))),
        ("clauses", clauses.collect()),
        ("lapse-sources", all(Family::LapseSource, SOURCES.iter().copied())),
        ("suspicions", all(Family::Suspicion, SUSPICIONS)),
        ("steps", all(Family::Event, DEVICE_STEPS)),
        ("fields", all(Family::Field, FIELDS)),
    ]
}

/// The lists of what waits, of figures and of reminders.
fn waiting() -> [(&'static str, Vec<CodeSaid>); 4] {
    [
        ("dues", all(Family::Due, DueKind::ALL.iter().map(|kind| kind.as_str()))),
        ("duties", all(Family::Duty, DUTIES.iter().copied())),
        ("boards", all(Family::Board, FigureKind::ALL.iter().map(|kind| kind.as_str()))),
        (
            "deliveries",
            all(Family::Delivery, DeliveryState::ALL.iter().map(|state| state.as_str())),
        ),
    ]
}

/// Every closed list: roles, acts, activities, secrecies, stages, documents, triggers, markers,
/// states of requests.
#[utoipa::path(get, path = "/api/v1/codes", tag = "codes",
    responses((status = 200, body = BTreeMap<String, Vec<CodeSaid>>)),
    extensions(("x-act" = json!("session"))))]
async fn codes(_: Signed) -> Json<BTreeMap<&'static str, Vec<CodeSaid>>> {
    let documents = DOCUMENTS.iter().map(|(code, stage)| said(Family::Document, code, Some(stage)));
    let triggers =
        TRIGGERS.iter().map(|(code, article)| said(Family::Trigger, code, Some(article)));
    let mut lists = BTreeMap::from([
        ("roles", all(Family::Role, Role::ALL.iter().map(|role| role.as_str()))),
        ("acts", all(Family::Act, Act::ALL.iter().map(|act| act.as_str()))),
        ("activities", all(Family::Activity, ACTIVITIES.iter().copied())),
        ("secrecies", all(Family::Secrecy, SECRECIES.iter().copied())),
        ("stages", all(Family::Stage, PROCESS_STAGES.iter().copied())),
        (
            "requirements",
            all(Family::Requirement, RequirementKind::ALL.iter().map(|one| one.as_str())),
        ),
        ("fulfilments", all(Family::Fulfilment, Fulfilment::ALL.iter().map(|one| one.as_str()))),
        ("documents", documents.collect()),
        ("triggers", triggers.collect()),
        ("markers", all(Family::Marker, MARKER_KINDS.iter().copied())),
        ("findings", all(Family::Finding, FINDINGS.iter().copied())),
        ("time-sources", all(Family::TimeSource, TIME_SOURCES.iter().copied())),
        ("jobs", all(Family::JobKind, JobKind::ALL.iter().map(|kind| kind.as_str()))),
        ("job-states", all(Family::JobState, JobState::ALL.iter().map(|state| state.as_str()))),
        ("grounds", all(Family::Obstacle, GROUNDS.iter().copied())),
        ("volume-media", all(Family::VolumeMedium, MEDIA.iter().map(|(kind, _)| *kind))),
        ("disposals", all(Family::Disposal, DisposalState::ALL.iter().map(|state| state.as_str()))),
        ("rules", all(Family::RuleState, RuleState::ALL.iter().map(|state| state.as_str()))),
        ("rule-classes", all(Family::RuleClass, [ANY_CLASS])),
        ("tiers", all(Family::Tier, ["hot", "cold", "brought-back"])),
        ("hot", all(Family::Hot, HOT_REASONS.iter().copied())),
        ("standings", all(Family::Standing, ["agrees", "behind", "differs"])),
        ("memories", all(Family::Memory, ["last-signed", "witnessed", "brought", "main"])),
        ("inspections", inspections()),
        ("parties", all(Family::Party, Party::ALL.iter().map(|party| party.as_str()))),
        ("strata", all(Family::Stratum, STRATA.iter().copied())),
        ("requests", all(Family::Request, RequestState::ALL.iter().map(|state| state.as_str()))),
    ]);
    lists.extend(registers());
    lists.extend(reviews());
    lists.extend(waiting());
    lists.extend(publicity());
    Json(lists)
}

#[cfg(test)]
mod tests;
