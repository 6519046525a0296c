//! Inspection by lot: plan, approval, commitments, draw, review, findings, score.

use crate::extract::{Asked, Confirmed, Signed, Told};
use crate::problem::{Answer, Refused};
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{
    EvaluatedSaid, FindingSaid, InspectionSaid, Listed, LotSaid, NumberSaid, ScoreSaid,
    WatchingSaid, evaluated_said, inspection_said, score_said, watching_said,
};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::clock::Date;
use vault_core::fault::{Code, Fault};
use vault_core::inspection::{self, Item, Measure, NewFinding, NewInspection, Party, Verdict};
use vault_core::tables;
use vault_proof::ContentId;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, plan))
        .routes(routes!(one))
        .routes(routes!(approve))
        .routes(routes!(end))
        .routes(routes!(commit))
        .routes(routes!(freeze))
        .routes(routes!(reveal))
        .routes(routes!(draw))
        .routes(routes!(population))
        .routes(routes!(review))
        .routes(routes!(watched))
        .routes(routes!(watching))
        .routes(routes!(findings, find))
        .routes(routes!(correct))
        .routes(routes!(recheck))
        .routes(routes!(scores))
        .routes(routes!(lots))
        .routes(routes!(evaluation))
}

fn invalid(argument: &str) -> Refused {
    Fault::new(Code::ArgumentInvalid).with("argument", argument).into()
}

fn day(text: &str) -> Result<Date, Refused> {
    text.parse().map_err(|_| invalid(text))
}

fn recording(text: &str) -> Result<ContentId, Refused> {
    text.parse().map_err(|_| invalid(text))
}

fn item(text: &str) -> Result<Item, Refused> {
    Item::parse(text).ok_or_else(|| invalid(text))
}

fn party(text: &str) -> Result<Party, Refused> {
    Party::parse(text).ok_or_else(|| invalid(text))
}

async fn shown(app: &App, signed: &Signed, id: &str) -> Answer<Json<InspectionSaid>> {
    let view = inspection::show(&app.vault, signed.actor(), id).await?;
    Ok(Json(inspection_said(&app.vault, view).await?))
}

/// Inspections, the newest first, without their lots.
#[utoipa::path(get, path = "/api/v1/inspections", tag = "inspections",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<InspectionSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn list(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let views = inspection::list(&app.vault, signed.actor()).await?;
    if shape.is_sheet() {
        return shape.sheet_of(&tables::INSPECTIONS, views).await;
    }
    let mut items = Vec::new();
    for mut view in views {
        view.lots.clear();
        items.push(inspection_said(&app.vault, view).await?);
    }
    Ok(Json(Listed::whole(items)).into_response())
}

/// An inspection to be planned.
#[derive(Debug, Deserialize, ToSchema)]
struct PlanTold {
    /// On what it rests, who does it, how.
    basis: String,
    /// Received on this day or later, as `2026-01-31`.
    from: String,
    /// Received on this day or before.
    to: String,
    /// What is drawn of each stratum, in parts of ten thousand.
    proportion: u64,
    /// At least so many of each stratum, or all.
    minimum: u64,
    /// By what the population is divided: `unit`, `handler`, `activity`, `device`.
    strata: Vec<String>,
}

/// Plans an inspection; a leader approves it.
#[utoipa::path(post, path = "/api/v1/inspections", tag = "inspections", request_body = PlanTold,
    responses((status = 200, body = NumberSaid), (status = 400), (status = 403)),
    extensions(("x-act" = json!("inspection.plan"))))]
async fn plan(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<PlanTold>,
) -> Answer<Json<NumberSaid>> {
    let new = NewInspection {
        basis: told.basis,
        measure: Measure { proportion: told.proportion, minimum: told.minimum },
        strata: told.strata,
        from: day(&told.from)?,
        to: day(&told.to)?,
    };
    let id = inspection::plan(&app.vault, signed.actor(), new).await?;
    Ok(Json(NumberSaid { id: id.to_string() }))
}

/// One inspection with its lots, reviews and findings.
#[utoipa::path(get, path = "/api/v1/inspections/{id}", tag = "inspections",
    params(("id" = String, Path)),
    responses((status = 200, body = InspectionSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<InspectionSaid>> {
    shown(&app, &signed, &id).await
}

/// Why a step is taken.
#[derive(Debug, Deserialize, ToSchema)]
struct WhyTold {
    /// Why.
    reason: String,
}

/// Approves an inspection that another planned: the leave to read what will be drawn.
#[utoipa::path(post, path = "/api/v1/inspections/{id}/approval", tag = "inspections",
    params(("id" = String, Path)), request_body = WhyTold,
    responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("inspection.approve"))))]
async fn approve(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    Told(told): Told<WhyTold>,
) -> Answer<StatusCode> {
    inspection::approve(&app.vault, signed.actor(), &id, &told.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses, takes back or ends an inspection.
#[utoipa::path(post, path = "/api/v1/inspections/{id}/ending", tag = "inspections",
    params(("id" = String, Path)), request_body = WhyTold,
    responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("inspection.end"))))]
async fn end(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<WhyTold>,
) -> Answer<StatusCode> {
    inspection::end(&app.vault, signed.actor(), &id, &told.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A party and its commitment or number.
#[derive(Debug, Deserialize, ToSchema)]
struct LotTold {
    /// `inspector` or `inspected`.
    party: String,
    /// 64 hex digits.
    value: String,
}

/// Binds a party to a number nobody else knows.
#[utoipa::path(post, path = "/api/v1/inspections/{id}/commitments", tag = "inspections",
    params(("id" = String, Path)), request_body = LotTold,
    responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("inspection.take-part"))))]
async fn commit(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<LotTold>,
) -> Answer<StatusCode> {
    let lot = (party(&told.party)?, told.value.as_str());
    inspection::commit(&app.vault, signed.actor(), &id, lot).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Freezes the population, after both commitments.
#[utoipa::path(post, path = "/api/v1/inspections/{id}/freeze", tag = "inspections",
    params(("id" = String, Path)), responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("inspection.draw"))))]
async fn freeze(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    inspection::freeze(&app.vault, signed.actor(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens the number of a party, after the freeze.
#[utoipa::path(post, path = "/api/v1/inspections/{id}/numbers", tag = "inspections",
    params(("id" = String, Path)), request_body = LotTold,
    responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("inspection.take-part"))))]
async fn reveal(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<LotTold>,
) -> Answer<StatusCode> {
    let lot = (party(&told.party)?, told.value.as_str());
    inspection::reveal(&app.vault, signed.actor(), &id, lot).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Draws the lots, once.
#[utoipa::path(post, path = "/api/v1/inspections/{id}/draw", tag = "inspections",
    params(("id" = String, Path)), responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("inspection.draw"))))]
async fn draw(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    inspection::draw_lots(&app.vault, signed.actor(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The population as the draw counts it: a line each of recording and stratum.
#[utoipa::path(get, path = "/api/v1/inspections/{id}/population", tag = "inspections",
    params(("id" = String, Path)),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn population(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<String> {
    let view = inspection::show(&app.vault, signed.actor(), &id).await?;
    let lots = inspection::population(&app.vault, signed.actor(), &view.id).await?;
    let line = |lot: &inspection::Lot| format!("{} {}\n", lot.item, lot.stratum);
    Ok(lots.iter().map(line).collect())
}

/// A review.
#[derive(Debug, Deserialize, ToSchema)]
struct ReviewTold {
    /// What was drawn.
    item: String,
    /// Was recorded what had to be: `yes`, `no`, `none`.
    recorded: String,
    /// Is it without interruption.
    uninterrupted: String,
    /// Was it handed over, kept and used as prescribed.
    handled: String,
    /// The answers of the checklist: door, credentials, subjects, uninterrupted, times.
    #[serde(default)]
    checklist: Option<[String; 5]>,
    /// How much of it was watched, by the reviewer's word; what players said comes before it.
    #[serde(default)]
    watched_ms: u64,
    /// What else is to be said; needed where less than the least share was watched.
    #[serde(default)]
    note: String,
}

/// Puts a review of a drawn recording on record.
#[utoipa::path(post, path = "/api/v1/inspections/{id}/reviews", tag = "inspections",
    params(("id" = String, Path)), request_body = ReviewTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("inspection.review"))))]
async fn review(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<ReviewTold>,
) -> Answer<StatusCode> {
    let about = item(&told.item)?;
    let ReviewTold { recorded, uninterrupted, handled, checklist, watched_ms, note, .. } = told;
    let verdict = Verdict { recorded, uninterrupted, handled, checklist, watched_ms, note };
    inspection::review(&app.vault, signed.actor(), &id, &about, verdict).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a player played.
#[derive(Debug, Deserialize, ToSchema)]
struct WatchedTold {
    /// Which recording.
    recording: String,
    /// Stretches from and to, in milliseconds.
    ranges: Vec<[u64; 2]>,
}

/// A player says what it played of a drawn recording.
#[utoipa::path(post, path = "/api/v1/inspections/{id}/watched", tag = "inspections",
    params(("id" = String, Path)), request_body = WatchedTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("inspection.review"))))]
async fn watched(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<WatchedTold>,
) -> Answer<StatusCode> {
    let about = recording(&told.recording)?;
    let ranges: Vec<(u64, u64)> = told.ranges.iter().map(|[from, to]| (*from, *to)).collect();
    inspection::watched(&app.vault, signed.actor(), &id, (&about, &ranges)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Of which recording.
#[derive(Debug, Deserialize, IntoParams)]
struct WatchingAsked {
    /// The recording.
    recording: String,
}

/// How much of a drawn recording whoever asks has watched.
#[utoipa::path(get, path = "/api/v1/inspections/{id}/watching", tag = "inspections",
    params(("id" = String, Path), WatchingAsked),
    responses((status = 200, body = WatchingSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn watching(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Asked(asked): Asked<WatchingAsked>,
) -> Answer<Json<WatchingSaid>> {
    let view = inspection::show(&app.vault, signed.actor(), &id).await?;
    let about = recording(&asked.recording)?;
    let seen = inspection::watching(&app.vault, signed.actor(), &view.id, &about).await?;
    Ok(Json(watching_said(seen)))
}

/// A finding.
#[derive(Debug, Deserialize, ToSchema)]
struct FindingTold {
    /// What it is about.
    item: String,
    /// The article it goes against.
    article: String,
    /// From where in the recording.
    from_ms: u64,
    /// To where.
    to_ms: u64,
    /// The last day to put it right.
    due: String,
    /// What was found.
    text: String,
}

/// What was drawn with its verdicts, and replaced ones behind them; as a file, or as the lots of the
/// inspection.
#[utoipa::path(get, path = "/api/v1/inspections/{id}/lots", tag = "inspections",
    params(("id" = String, Path), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<LotSaid>), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn lots(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    Path(id): Path<String>,
) -> Answer<Response> {
    let view = inspection::show(&app.vault, signed.actor(), &id).await?;
    if shape.is_sheet() {
        return shape.sheet_of(&tables::LOTS, inspection::lots(&app.vault, &view).await?).await;
    }
    let said = inspection_said(&app.vault, view).await?;
    Ok(Json(Listed::whole(said.lots)).into_response())
}

/// Findings, and how far each is put right.
#[utoipa::path(get, path = "/api/v1/inspections/{id}/findings", tag = "inspections",
    params(("id" = String, Path), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<FindingSaid>), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn findings(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    Path(id): Path<String>,
) -> Answer<Response> {
    let view = inspection::show(&app.vault, signed.actor(), &id).await?;
    if shape.is_sheet() {
        let rows = inspection::findings(&app.vault, &view).await?;
        return shape.sheet_of(&tables::FINDINGS, rows).await;
    }
    let said = inspection_said(&app.vault, view).await?;
    Ok(Json(Listed::whole(said.findings)).into_response())
}

/// Puts a finding on record.
#[utoipa::path(post, path = "/api/v1/inspections/{id}/findings", tag = "inspections",
    params(("id" = String, Path)), request_body = FindingTold,
    responses((status = 200, body = NumberSaid), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("inspection.review"))))]
async fn find(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<FindingTold>,
) -> Answer<Json<NumberSaid>> {
    let about = item(&told.item)?;
    let due = day(&told.due)?;
    let FindingTold { article, from_ms, to_ms, text, .. } = told;
    let new = NewFinding { article, from_ms, to_ms, due, text };
    let found = inspection::find(&app.vault, signed.actor(), &id, &about, new).await?;
    Ok(Json(NumberSaid { id: found.to_string() }))
}

/// What was done about a finding, or seen of it.
#[derive(Debug, Deserialize, ToSchema)]
struct SaidTold {
    /// In words.
    text: String,
    /// Whether it is put right; for a re-check.
    #[serde(default)]
    settled: bool,
}

/// The unit says what it did about a finding.
#[utoipa::path(post, path = "/api/v1/inspections/{id}/findings/{finding}/correction",
    tag = "inspections", params(("id" = String, Path), ("finding" = String, Path)),
    request_body = SaidTold, responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("inspection.correct"))))]
async fn correct(
    State(app): State<App>,
    signed: Signed,
    Path((id, finding)): Path<(String, String)>,
    Told(told): Told<SaidTold>,
) -> Answer<StatusCode> {
    inspection::correct(&app.vault, signed.actor(), &id, &finding, &told.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The inspector looks again at what was said to be put right.
#[utoipa::path(post, path = "/api/v1/inspections/{id}/findings/{finding}/recheck",
    tag = "inspections", params(("id" = String, Path), ("finding" = String, Path)),
    request_body = SaidTold, responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("inspection.review"))))]
async fn recheck(
    State(app): State<App>,
    signed: Signed,
    Path((id, finding)): Path<(String, String)>,
    Told(told): Told<SaidTold>,
) -> Answer<StatusCode> {
    let seen = (told.settled, told.text.as_str());
    inspection::recheck(&app.vault, signed.actor(), &id, &finding, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What an inspection comes to, stratum by stratum.
#[utoipa::path(get, path = "/api/v1/inspections/{id}/scores", tag = "inspections",
    params(("id" = String, Path), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<ScoreSaid>), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn scores(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    Path(id): Path<String>,
) -> Answer<Response> {
    let view = inspection::show(&app.vault, signed.actor(), &id).await?;
    let scores = inspection::scores(&app.vault, signed.actor(), &view).await?;
    shape.whole(&tables::SCORES, scores, score_said).await
}

/// What the inspections drawn in a year come to, each unit before its officers.
#[utoipa::path(get, path = "/api/v1/evaluations/{year}", tag = "inspections",
    params(("year" = u32, Path), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<EvaluatedSaid>), (status = 400), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn evaluation(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    Path(year): Path<u32>,
) -> Answer<Response> {
    let rows = inspection::evaluation(&app.vault, signed.actor(), year).await?;
    shape.whole(&tables::EVALUATION, rows, evaluated_said).await
}
