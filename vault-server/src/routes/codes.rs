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
use vault_core::casefile::{DOCUMENTS, STAGES};
use vault_core::disposal::{DisposalState, GROUNDS};
use vault_core::inspection::{InspectionState, Party, STRATA};
use vault_core::intake::{ACTIVITIES, SECRECIES};
use vault_core::jobs::{JobKind, JobState};
use vault_core::media::MARKER_KINDS;
use vault_core::oversight::device::{DEVICE_KINDS, DeviceState};
use vault_core::oversight::lapse::{CLAUSES, LapseState, SOURCES};
use vault_core::oversight::must_record::Recorded;
use vault_core::oversight::review::{MATERIALS, OPINIONS, REVIEW_GROUNDS, ReviewState};
use vault_core::oversight::statement::{GROUNDS as STATEMENT_GROUNDS, StatementState};
use vault_core::policy::{Act, Role};
use vault_core::retention::TRIGGERS;
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
const SUSPICIONS: [&str; 5] =
    ["late-label", "late-case", "damaged", "not-recorded", "finding-overdue"];

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
        ("stages", all(Family::Stage, STAGES.iter().copied())),
        ("documents", documents.collect()),
        ("triggers", triggers.collect()),
        ("markers", all(Family::Marker, MARKER_KINDS.iter().copied())),
        ("findings", all(Family::Finding, FINDINGS.iter().copied())),
        ("time-sources", all(Family::TimeSource, TIME_SOURCES.iter().copied())),
        ("jobs", all(Family::JobKind, JobKind::ALL.iter().map(|kind| kind.as_str()))),
        ("job-states", all(Family::JobState, JobState::ALL.iter().map(|state| state.as_str()))),
        ("grounds", all(Family::Obstacle, GROUNDS.iter().copied())),
        ("disposals", all(Family::Disposal, DisposalState::ALL.iter().map(|state| state.as_str()))),
        ("inspections", inspections()),
        ("parties", all(Family::Party, Party::ALL.iter().map(|party| party.as_str()))),
        ("strata", all(Family::Stratum, STRATA.iter().copied())),
        ("requests", all(Family::Request, RequestState::ALL.iter().map(|state| state.as_str()))),
    ]);
    lists.extend(registers());
    lists.extend(reviews());
    Json(lists)
}
