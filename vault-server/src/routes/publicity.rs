//! Publicity of decisions, and the figures of a year.

use crate::extract::{Confirmed, Signed, Told};
use crate::problem::Answer;
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{
    AnnualSaid, FiguresSaid, Listed, NumberSaid, PublicityDueSaid, PublicitySaid, annual_said,
    figures_said, publicity_due_said, publicity_said,
};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::oversight::annual;
use vault_core::oversight::publicity::{self, Draft, Publication};
use vault_core::tables;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, draft))
        .routes(routes!(due))
        .routes(routes!(one))
        .routes(routes!(redraft))
        .routes(routes!(decide))
        .routes(routes!(publish))
        .routes(routes!(revoke))
        .routes(routes!(withdraw))
        .routes(routes!(ask_take_down))
        .routes(routes!(decide_take_down))
        .routes(routes!(take_down))
        .routes(routes!(years, freeze))
        .routes(routes!(counted))
        .routes(routes!(approve_figures))
        .routes(routes!(hand_on))
}

/// Entries, the newest first.
#[utoipa::path(get, path = "/api/v1/publicity", tag = "publicity",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<PublicitySaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn list(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let all = publicity::list(&app.vault, signed.actor()).await?;
    shape.whole(&tables::PUBLICITY, all, publicity_said).await
}

/// What is to be published or withdrawn, the most urgent first.
#[utoipa::path(get, path = "/api/v1/publicity/due", tag = "publicity",
    responses((status = 200, body = Listed<PublicityDueSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn due(State(app): State<App>, signed: Signed) -> Answer<Json<Listed<PublicityDueSaid>>> {
    let all = publicity::due(&app.vault, signed.actor()).await?;
    Ok(Json(Listed::whole(all.into_iter().map(publicity_due_said).collect())))
}

/// One entry with every step.
#[utoipa::path(get, path = "/api/v1/publicity/{id}", tag = "publicity",
    params(("id" = String, Path)),
    responses((status = 200, body = PublicitySaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<PublicitySaid>> {
    Ok(Json(publicity_said(publicity::show(&app.vault, signed.actor(), &id).await?)))
}

/// What is to be published of a decision, or why it may not be.
#[derive(Debug, Deserialize, ToSchema)]
struct DraftTold {
    /// The case; of a draft anew it stays what it was.
    #[serde(default)]
    case: String,
    /// `licence`, `penalty`, `coercion` or `inspection`.
    kind: String,
    /// The day of the decision.
    decided_on: String,
    /// The number of the decision.
    #[serde(default)]
    number: String,
    /// Whether the counterpart is a natural person.
    #[serde(default)]
    natural_person: bool,
    /// Whether the leaders decide on it together.
    #[serde(default)]
    major: bool,
    /// The title.
    #[serde(default)]
    title: String,
    /// What is published, by the names of the kind.
    #[serde(default)]
    fields: BTreeMap<String, String>,
    /// Whether each ground of A2.8 stands against it; all four are answered.
    objections: BTreeMap<String, bool>,
    /// Why it may not be published.
    #[serde(default)]
    reason: String,
}

impl DraftTold {
    fn parted(self) -> (String, Draft) {
        let draft = Draft {
            kind: self.kind,
            decided_on: self.decided_on,
            number: self.number,
            natural_person: self.natural_person,
            major: self.major,
            title: self.title,
            fields: self.fields,
            objections: self.objections,
            reason: self.reason,
        };
        (self.case, draft)
    }
}

/// Drafts what is to be published of a decision.
#[utoipa::path(post, path = "/api/v1/publicity", tag = "publicity", request_body = DraftTold,
    responses((status = 200, body = NumberSaid), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("publicity.draft"))))]
async fn draft(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<DraftTold>,
) -> Answer<Json<NumberSaid>> {
    let (case, draft) = told.parted();
    let id = publicity::draft(&app.vault, signed.actor(), &case, draft).await?;
    Ok(Json(NumberSaid { id: id.to_string() }))
}

/// Drafts it anew, or corrects what was published.
#[utoipa::path(post, path = "/api/v1/publicity/{id}/draft", tag = "publicity",
    params(("id" = String, Path)), request_body = DraftTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("publicity.draft"))))]
async fn redraft(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<DraftTold>,
) -> Answer<StatusCode> {
    let (_, draft) = told.parted();
    publicity::redraft(&app.vault, signed.actor(), &id, draft).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a leader decides.
#[derive(Debug, Deserialize, ToSchema)]
struct DecisionTold {
    /// Whether it is approved.
    approved: bool,
    /// The record of the leaders' discussion, of a major matter.
    #[serde(default)]
    discussion: String,
    /// In words.
    #[serde(default)]
    text: String,
}

/// A leader approves the last draft, or gives it back.
#[utoipa::path(post, path = "/api/v1/publicity/{id}/decision", tag = "publicity",
    params(("id" = String, Path)), request_body = DecisionTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("publicity.approve"))))]
async fn decide(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    Told(told): Told<DecisionTold>,
) -> Answer<StatusCode> {
    let said = (told.approved, told.discussion.as_str(), told.text.as_str());
    publicity::decide(&app.vault, signed.actor(), &id, said).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where and when something was published.
#[derive(Debug, Deserialize, ToSchema)]
struct PublicationTold {
    /// Carriers of A2.9.
    places: Vec<String>,
    /// Where exactly.
    address: String,
    /// The day.
    on: String,
}

/// Puts on record where and when it was published.
#[utoipa::path(post, path = "/api/v1/publicity/{id}/publication", tag = "publicity",
    params(("id" = String, Path)), request_body = PublicationTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("publicity.publish"))))]
async fn publish(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<PublicationTold>,
) -> Answer<StatusCode> {
    let new = Publication { places: told.places, address: told.address, on: told.on };
    publicity::publish(&app.vault, signed.actor(), &id, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why what was published does not stand.
#[derive(Debug, Deserialize, ToSchema)]
struct RevocationTold {
    /// `revoked`, `unlawful`, `anew` or `forbidden`.
    cause: String,
    /// The day on which that was received.
    received_on: String,
    /// In words.
    text: String,
}

/// Puts on record that the decision does not stand, or may not be shown.
#[utoipa::path(post, path = "/api/v1/publicity/{id}/revocation", tag = "publicity",
    params(("id" = String, Path)), request_body = RevocationTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("publicity.publish"))))]
async fn revoke(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<RevocationTold>,
) -> Answer<StatusCode> {
    let said = (told.cause.as_str(), told.received_on.as_str(), told.text.as_str());
    publicity::revoke(&app.vault, signed.actor(), &id, said).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is said with a step.
#[derive(Debug, Deserialize, ToSchema)]
struct NoteTold {
    /// In words.
    text: String,
}

/// Puts on record that it was withdrawn from every place.
#[utoipa::path(post, path = "/api/v1/publicity/{id}/withdrawal", tag = "publicity",
    params(("id" = String, Path)), request_body = NoteTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("publicity.publish"))))]
async fn withdraw(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<NoteTold>,
) -> Answer<StatusCode> {
    publicity::withdraw(&app.vault, signed.actor(), &id, &told.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts on record that a natural person applies to have it taken down.
#[utoipa::path(post, path = "/api/v1/publicity/{id}/take-down-request", tag = "publicity",
    params(("id" = String, Path)), request_body = NoteTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("publicity.publish"))))]
async fn ask_take_down(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<NoteTold>,
) -> Answer<StatusCode> {
    publicity::ask_take_down(&app.vault, signed.actor(), &id, &told.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The principal leader decides on that.
#[utoipa::path(post, path = "/api/v1/publicity/{id}/take-down-decision", tag = "publicity",
    params(("id" = String, Path)), request_body = DecisionTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("publicity.approve-take-down"))))]
async fn decide_take_down(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    Told(told): Told<DecisionTold>,
) -> Answer<StatusCode> {
    let said = (told.approved, told.text.as_str());
    publicity::decide_take_down(&app.vault, signed.actor(), &id, said).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts on record that it was taken down after its time.
#[utoipa::path(post, path = "/api/v1/publicity/{id}/take-down", tag = "publicity",
    params(("id" = String, Path)), request_body = NoteTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("publicity.publish"))))]
async fn take_down(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<NoteTold>,
) -> Answer<StatusCode> {
    publicity::take_down(&app.vault, signed.actor(), &id, &told.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Figures that were frozen, the newest first.
#[utoipa::path(get, path = "/api/v1/annual", tag = "publicity",
    responses((status = 200, body = Listed<AnnualSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn years(State(app): State<App>, signed: Signed) -> Answer<Json<Listed<AnnualSaid>>> {
    let all = annual::list(&app.vault, signed.actor()).await?;
    Ok(Json(Listed::whole(all.into_iter().map(annual_said).collect())))
}

/// The figures of a year as they are now.
#[utoipa::path(get, path = "/api/v1/annual/{year}/count", tag = "publicity",
    params(("year" = i64, Path)),
    responses((status = 200, body = FiguresSaid), (status = 400), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn counted(
    State(app): State<App>,
    signed: Signed,
    Path(year): Path<i64>,
) -> Answer<Json<FiguresSaid>> {
    Ok(Json(figures_said(&annual::compute(&app.vault, signed.actor(), year).await?)))
}

/// Which year.
#[derive(Debug, Deserialize, ToSchema)]
struct YearTold {
    /// The year.
    year: i64,
    /// Why approved figures of that year are corrected; needed where there are some.
    #[serde(default)]
    text: String,
}

/// Counts the figures of a year and freezes them; approved ones are corrected by a new edition.
#[utoipa::path(post, path = "/api/v1/annual", tag = "publicity", request_body = YearTold,
    responses((status = 200, body = NumberSaid), (status = 400), (status = 403)),
    extensions(("x-act" = json!("annual.freeze"))))]
async fn freeze(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<YearTold>,
) -> Answer<Json<NumberSaid>> {
    let id = annual::freeze(&app.vault, signed.actor(), (told.year, &told.text)).await?;
    Ok(Json(NumberSaid { id: id.to_string() }))
}

/// A leader approves figures, or gives them back.
#[utoipa::path(post, path = "/api/v1/annual/{id}/decision", tag = "publicity",
    params(("id" = String, Path)), request_body = DecisionTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("annual.approve"))))]
async fn approve_figures(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    Told(told): Told<DecisionTold>,
) -> Answer<StatusCode> {
    let said = (told.approved, told.text.as_str());
    annual::decide(&app.vault, signed.actor(), &id, said).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts on record that they were reported upwards.
#[utoipa::path(post, path = "/api/v1/annual/{id}/report", tag = "publicity",
    params(("id" = String, Path)), request_body = NoteTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("annual.freeze"))))]
async fn hand_on(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<NoteTold>,
) -> Answer<StatusCode> {
    annual::hand_on(&app.vault, signed.actor(), &id, &told.text).await?;
    Ok(StatusCode::NO_CONTENT)
}
