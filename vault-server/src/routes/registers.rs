//! What has to be recorded, statements of why it was not, lapses.

use crate::extract::{Asked, Confirmed, Signed, Told};
use crate::problem::{Answer, Refused};
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{
    LapseSaid, Listed, NumberSaid, ObligationSaid, StatementSaid, SuspicionSaid, lapse_said,
    obligation_said, statement_said, suspicion_said,
};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::fault::{Code, Fault};
use vault_core::oversight::lapse::{self, NewLapse};
use vault_core::oversight::must_record;
use vault_core::oversight::statement::{self, NewStatement};
use vault_core::tables;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(obligations))
        .routes(routes!(statements, make_statement))
        .routes(routes!(one_statement))
        .routes(routes!(answer_statement))
        .routes(routes!(suspicions))
        .routes(routes!(lapses, raise))
        .routes(routes!(one_lapse))
        .routes(routes!(answer_lapse))
        .routes(routes!(close))
}

/// Of which case.
#[derive(Debug, Deserialize, IntoParams)]
struct CaseAsked {
    /// The case's number; every case where there is none.
    case: Option<String>,
}

/// What has to be recorded: of one case all of it, of every case what was not.
#[utoipa::path(get, path = "/api/v1/must-record", tag = "oversight", params(CaseAsked, ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<ObligationSaid>), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn obligations(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    Asked(asked): Asked<CaseAsked>,
) -> Answer<Response> {
    let all = match asked.case {
        Some(case) => must_record::case(&app.vault, signed.actor(), &case).await?,
        None => must_record::open(&app.vault, signed.actor()).await?,
    };
    shape.whole(&tables::OBLIGATIONS, all, obligation_said).await
}

/// Statements, the newest first.
#[utoipa::path(get, path = "/api/v1/statements", tag = "oversight",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<StatementSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn statements(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let all = statement::list(&app.vault, signed.actor()).await?;
    shape.whole(&tables::STATEMENTS, all, statement_said).await
}

/// One statement.
#[utoipa::path(get, path = "/api/v1/statements/{id}", tag = "oversight",
    params(("id" = String, Path)),
    responses((status = 200, body = StatementSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn one_statement(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<StatementSaid>> {
    Ok(Json(statement_said(statement::show(&app.vault, signed.actor(), &id).await?)))
}

/// A statement to be made.
#[derive(Debug, Deserialize, ToSchema)]
struct StatementTold {
    /// Which of the four grounds.
    ground: String,
    /// What was not recorded.
    activity: String,
    /// The case, where there is one.
    #[serde(default)]
    case: String,
    /// The day, as `2026-01-31`.
    on: String,
    /// Where.
    place: String,
    /// Who acted there.
    handler: String,
    /// Why.
    reason: String,
    /// What shows it.
    basis: String,
}

/// States why something was not recorded, and reports it.
#[utoipa::path(post, path = "/api/v1/statements", tag = "oversight", request_body = StatementTold,
    responses((status = 200, body = NumberSaid), (status = 400), (status = 403)),
    extensions(("x-act" = json!("statement.make"))))]
async fn make_statement(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<StatementTold>,
) -> Answer<Json<NumberSaid>> {
    let StatementTold { ground, activity, case, on, place, handler, reason, basis } = told;
    let new = NewStatement { ground, activity, case_no: case, on, place, handler, reason, basis };
    let id = statement::make(&app.vault, signed.actor(), new).await?;
    Ok(Json(NumberSaid { id: id.to_string() }))
}

/// What is answered.
#[derive(Debug, Deserialize, ToSchema)]
struct AnswerTold {
    /// Whether it holds: a ground is accepted, a lapse upheld.
    #[serde(default)]
    holds: bool,
    /// In words.
    #[serde(default)]
    text: String,
}

/// The superior answers a statement.
#[utoipa::path(post, path = "/api/v1/statements/{id}/answer", tag = "oversight",
    params(("id" = String, Path)), request_body = AnswerTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("statement.answer"))))]
async fn answer_statement(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    Told(told): Told<AnswerTold>,
) -> Answer<StatusCode> {
    let said = (told.holds, told.text.as_str());
    statement::answer(&app.vault, signed.actor(), &id, said).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What may be a lapse and was not raised yet.
#[utoipa::path(get, path = "/api/v1/suspicions", tag = "oversight",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<SuspicionSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn suspicions(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let all = lapse::suspicions(&app.vault, signed.actor()).await?;
    shape.whole(&tables::SUSPICIONS, all, suspicion_said).await
}

/// Lapses, the newest first.
#[utoipa::path(get, path = "/api/v1/lapses", tag = "oversight",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<LapseSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn lapses(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let all = lapse::list(&app.vault, signed.actor()).await?;
    shape.whole(&tables::LAPSES, all, lapse_said).await
}

/// One lapse.
#[utoipa::path(get, path = "/api/v1/lapses/{id}", tag = "oversight", params(("id" = String, Path)),
    responses((status = 200, body = LapseSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn one_lapse(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<LapseSaid>> {
    Ok(Json(lapse_said(lapse::show(&app.vault, signed.actor(), &id).await?)))
}

/// A lapse to be raised.
#[derive(Debug, Deserialize, ToSchema)]
struct LapseTold {
    /// Which item of A2.19(二) or A3.16, by its article.
    clause: String,
    /// `finding`, `alarm`, `deadline` or `person`.
    source: String,
    /// The suspicion it was raised from.
    #[serde(default)]
    key: String,
    /// The unit it concerns.
    unit: String,
    /// The person it concerns.
    #[serde(default)]
    concerned: String,
    /// The case it concerns.
    #[serde(default)]
    case: String,
    /// The recordings it concerns.
    #[serde(default)]
    recordings: Vec<String>,
    /// The last day to answer.
    due: String,
    /// What happened.
    text: String,
}

/// Raises a lapse.
#[utoipa::path(post, path = "/api/v1/lapses", tag = "oversight", request_body = LapseTold,
    responses((status = 200, body = NumberSaid), (status = 400), (status = 403)),
    extensions(("x-act" = json!("lapse.raise"))))]
async fn raise(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<LapseTold>,
) -> Answer<Json<NumberSaid>> {
    let LapseTold { clause, source, key, unit, concerned, case, recordings, due, text } = told;
    let invalid =
        |_| Refused::from(Fault::new(Code::ArgumentInvalid).with("argument", "recordings"));
    let recordings = recordings.iter().map(|id| id.parse().map_err(invalid));
    let recordings = recordings.collect::<Result<_, _>>()?;
    let new =
        NewLapse { clause, source, key, unit, concerned, case_no: case, recordings, due, text };
    let id = lapse::raise(&app.vault, signed.actor(), new).await?;
    Ok(Json(NumberSaid { id: id.to_string() }))
}

/// Whom it concerns answers a lapse.
#[utoipa::path(post, path = "/api/v1/lapses/{id}/answer", tag = "oversight",
    params(("id" = String, Path)), request_body = AnswerTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("lapse.answer"))))]
async fn answer_lapse(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<AnswerTold>,
) -> Answer<StatusCode> {
    lapse::answer(&app.vault, signed.actor(), &id, &told.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Closes a lapse.
#[utoipa::path(post, path = "/api/v1/lapses/{id}/closing", tag = "oversight",
    params(("id" = String, Path)), request_body = AnswerTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("lapse.close"))))]
async fn close(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    Told(told): Told<AnswerTold>,
) -> Answer<StatusCode> {
    let said = (told.holds, told.text.as_str());
    lapse::close(&app.vault, signed.actor(), &id, said).await?;
    Ok(StatusCode::NO_CONTENT)
}
