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

/// Every closed list: roles, acts, activities, secrecies, stages, documents, triggers, markers,
/// states of requests.
#[utoipa::path(get, path = "/api/v1/codes", tag = "codes",
    responses((status = 200, body = BTreeMap<String, Vec<CodeSaid>>)),
    extensions(("x-act" = json!("session"))))]
async fn codes(_: Signed) -> Json<BTreeMap<&'static str, Vec<CodeSaid>>> {
    let documents = DOCUMENTS.iter().map(|(code, stage)| said(Family::Document, code, Some(stage)));
    let triggers =
        TRIGGERS.iter().map(|(code, article)| said(Family::Trigger, code, Some(article)));
    Json(BTreeMap::from([
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
    ]))
}
