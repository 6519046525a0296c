//! Terms that were missed, why, and which a new edition of the calendar moved.

use crate::extract::{Signed, Told};
use crate::problem::Answer;
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{Listed, said_time};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::oversight::term::{self, Missed, Moved};
use vault_core::tables;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(missed)).routes(routes!(moved)).routes(routes!(explain))
}

/// Why a term was missed.
#[derive(Debug, Serialize, ToSchema)]
struct WhySaid {
    /// Who wrote it.
    person: String,
    /// Why.
    text: String,
    /// When.
    at: String,
}

/// A term that was missed.
#[derive(Debug, Serialize, ToSchema)]
struct MissedSaid {
    /// Its number.
    term: String,
    /// What was to be done, as in the list of deadlines.
    kind: &'static str,
    /// The article that sets the term.
    article: &'static str,
    /// The recording's id, the case's number, or the number of an entry.
    subject: String,
    /// What people call it.
    name: String,
    /// The unit.
    unit: String,
    /// The case.
    case: String,
    /// The day it was counted from.
    since: String,
    /// The last day.
    due: String,
    /// When the miss came on record.
    at: String,
    /// Why, the last that was written; none while nobody wrote it.
    reason: Option<WhySaid>,
    /// Everything that was written about it, in order.
    reasons: Vec<WhySaid>,
    /// Whether who asks answers for it, and may write why.
    explains: bool,
}

fn missed_said(one: Missed, explains: bool) -> MissedSaid {
    let why = |(person, text, at)| WhySaid { person, text, at: said_time(at) };
    let reasons = one.reasons;
    MissedSaid {
        term: one.id.to_string(),
        kind: one.kind.as_str(),
        article: one.kind.article(),
        subject: one.subject,
        name: one.name,
        unit: one.unit,
        case: one.case_no,
        since: one.since.to_string(),
        due: one.due.to_string(),
        at: said_time(one.at),
        reason: reasons.last().cloned().map(why),
        reasons: reasons.into_iter().map(why).collect(),
        explains,
    }
}

/// Terms that were missed, the newest first; one that was missed stays missed.
#[utoipa::path(get, path = "/api/v1/terms/missed", tag = "oversight",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<MissedSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn missed(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let all = term::missed(&app.vault, signed.actor()).await?;
    let said = |one: Missed| {
        let explains = one.is_of(signed.actor());
        missed_said(one, explains)
    };
    shape.whole(&tables::MISSED, all, said).await
}

/// A running term that a new edition of the calendar moved.
#[derive(Debug, Serialize, ToSchema)]
struct MovedSaid {
    /// The term.
    term: String,
    /// What is to be done.
    kind: &'static str,
    /// What it is about.
    subject: String,
    /// The last day as it was counted before.
    from: String,
    /// The last day as it is counted now.
    to: String,
}

/// Running terms that a new edition of the calendar moved, the newest first.
#[utoipa::path(get, path = "/api/v1/terms/moved", tag = "oversight",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<MovedSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn moved(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let said = |one: Moved| MovedSaid {
        term: one.term.to_string(),
        kind: one.kind.as_str(),
        subject: one.subject,
        from: one.from.to_string(),
        to: one.to.to_string(),
    };
    shape.whole(&tables::MOVED, term::moved(&app.vault, signed.actor()).await?, said).await
}

/// Why a term was missed.
#[derive(Debug, Deserialize, ToSchema)]
struct ReasonTold {
    /// In words.
    text: String,
}

/// Writes why a term was missed.
#[utoipa::path(post, path = "/api/v1/terms/{id}/explanation", tag = "oversight",
    params(("id" = String, Path)), request_body = ReasonTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("term.explain"))))]
async fn explain(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<ReasonTold>,
) -> Answer<StatusCode> {
    term::explain(&app.vault, signed.actor(), &id, &told.text).await?;
    Ok(StatusCode::NO_CONTENT)
}
