//! Legal review of major decisions.

use crate::extract::{Confirmed, Signed, Told};
use crate::forms::Typesetter;
use crate::problem::{Answer, Refused, wording};
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{Listed, NumberSaid, ReviewSaid, review_said};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::access::Form;
use vault_core::fault::{Code, Fault};
use vault_core::oversight::opinion;
use vault_core::oversight::review::{self, Discussion, NewReview, Reviewing};
use vault_core::tables;
use vault_core::wording::Language;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, submit))
        .routes(routes!(one))
        .routes(routes!(carry_out))
        .routes(routes!(opinion))
        .routes(routes!(supplement))
        .routes(routes!(object))
        .routes(routes!(extend))
        .routes(routes!(settle))
        .routes(routes!(file))
}

/// Reviews, the newest first.
#[utoipa::path(get, path = "/api/v1/reviews", tag = "reviews",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<ReviewSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn list(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let all = review::list(&app.vault, signed.actor()).await?;
    if shape.is_sheet() {
        return shape.sheet_of(&tables::REVIEWS, all).await;
    }
    let mut said = Vec::with_capacity(all.len());
    for view in all {
        let materials = review::materials_of(&app.vault, signed.actor(), &view).await?;
        said.push(review_said(view, materials));
    }
    Ok(Json(Listed::whole(said)).into_response())
}

/// One review with every step.
#[utoipa::path(get, path = "/api/v1/reviews/{id}", tag = "reviews", params(("id" = String, Path)),
    responses((status = 200, body = ReviewSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<ReviewSaid>> {
    let view = review::show(&app.vault, signed.actor(), &id).await?;
    let materials = review::materials_of(&app.vault, signed.actor(), &view).await?;
    Ok(Json(review_said(view, materials)))
}

/// A decision to be reviewed, or said to need none.
#[derive(Debug, Deserialize, ToSchema)]
struct ReviewTold {
    /// The case.
    case: String,
    /// Whether a review is needed; the reason why not is in the text.
    needed: bool,
    /// Items of A2.22 and A2.23 that make it a major one, by the article.
    #[serde(default)]
    grounds: Vec<String>,
    /// What is handed in.
    #[serde(default)]
    materials: Vec<String>,
    /// Where each of these is, in words.
    #[serde(default)]
    references: BTreeMap<String, String>,
    /// What is to be decided, and why.
    text: String,
}

/// Hands a decision in for review, or says that it needs none.
#[utoipa::path(post, path = "/api/v1/reviews", tag = "reviews", request_body = ReviewTold,
    responses((status = 200, body = NumberSaid), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("review.submit"))))]
async fn submit(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<ReviewTold>,
) -> Answer<Json<NumberSaid>> {
    let ReviewTold { case, needed, grounds, materials, references, text } = told;
    let id = if needed {
        let new = NewReview { case_no: case, grounds, materials, references, text };
        review::submit(&app.vault, signed.actor(), new).await?
    } else {
        review::not_needed(&app.vault, signed.actor(), &case, &text).await?
    };
    Ok(Json(NumberSaid { id: id.to_string() }))
}

/// A step of the reviewer.
#[derive(Debug, Deserialize, ToSchema)]
struct StepTold {
    /// `accept`, `stop` or `resume`.
    step: String,
    /// Why the clocks stop: `supplement` or `experts`.
    #[serde(default)]
    cause: String,
    /// In words.
    #[serde(default)]
    text: String,
}

/// The reviewer accepts, stops the clocks, or lets them run again.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/steps", tag = "reviews",
    params(("id" = String, Path)), request_body = StepTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("review.carry-out"))))]
async fn carry_out(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<StepTold>,
) -> Answer<StatusCode> {
    let step = match told.step.as_str() {
        "accept" => Reviewing::Accept,
        "stop" => Reviewing::Stop(told.cause),
        "resume" => Reviewing::Resume,
        other => {
            let fault = Fault::new(Code::ArgumentInvalid).with("argument", other);
            return Err(Refused::from(fault));
        }
    };
    review::carry_out(&app.vault, signed.actor(), &id, (step, &told.text)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An opinion.
#[derive(Debug, Deserialize, ToSchema)]
struct OpinionTold {
    /// Which of the five.
    opinion: String,
    /// In words.
    text: String,
}

/// The reviewer gives the opinion.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/opinion", tag = "reviews",
    params(("id" = String, Path)), request_body = OpinionTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("review.carry-out"))))]
async fn opinion(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    Told(told): Told<OpinionTold>,
) -> Answer<StatusCode> {
    let given = (Reviewing::Opinion(told.opinion), told.text.as_str());
    review::carry_out(&app.vault, signed.actor(), &id, given).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// More material.
#[derive(Debug, Deserialize, ToSchema)]
struct SupplementTold {
    /// What is handed in besides.
    materials: Vec<String>,
    /// Where each of these is, in words.
    #[serde(default)]
    references: BTreeMap<String, String>,
    /// In words.
    text: String,
}

/// The handling unit hands in more.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/supplement", tag = "reviews",
    params(("id" = String, Path)), request_body = SupplementTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("review.submit"))))]
async fn supplement(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<SupplementTold>,
) -> Answer<StatusCode> {
    let more = (told.materials, &told.references, told.text.as_str());
    review::supplement(&app.vault, signed.actor(), &id, more).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is said with a step.
#[derive(Debug, Deserialize, ToSchema)]
struct SaidTold {
    /// In words.
    text: String,
    /// Whether the decision may be made; of the leaders' decision.
    #[serde(default)]
    passed: bool,
    /// The day of the discussion; of the leaders' decision.
    #[serde(default)]
    on: String,
    /// Who took part in it.
    #[serde(default)]
    members: String,
}

/// The handling unit objects to the opinion.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/objection", tag = "reviews",
    params(("id" = String, Path)), request_body = SaidTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("review.submit"))))]
async fn object(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<SaidTold>,
) -> Answer<StatusCode> {
    review::object(&app.vault, signed.actor(), &id, &told.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A leader adds time, once.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/extension", tag = "reviews",
    params(("id" = String, Path)), request_body = SaidTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("review.extend"))))]
async fn extend(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    Told(told): Told<SaidTold>,
) -> Answer<StatusCode> {
    review::extend(&app.vault, signed.actor(), &id, &told.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The leaders decide on an objection.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/settlement", tag = "reviews",
    params(("id" = String, Path)), request_body = SaidTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("review.settle"))))]
async fn settle(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    Told(told): Told<SaidTold>,
) -> Answer<StatusCode> {
    let SaidTold { text, passed, on, members } = told;
    let new = Discussion { passed, on, members, text };
    review::settle(&app.vault, signed.actor(), &id, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why it comes after the closing of the file.
#[derive(Debug, Deserialize, ToSchema)]
struct FilingTold {
    /// In words; needed once the case file is closed.
    #[serde(default)]
    note: String,
}

/// Files the printed opinion in its case: the copy of the handling unit. Answers with its content
/// id.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/filing", tag = "reviews",
    params(("id" = String, Path)), request_body = FilingTold,
    responses((status = 200, body = NumberSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("case.file"))))]
async fn file(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<FilingTold>,
) -> Answer<Json<NumberSaid>> {
    let room = app.documents.acquire().await;
    let _room = room.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let words = wording(Language::Chinese);
    let view = review::show(&app.vault, signed.actor(), &id).await?;
    let (year, number) = view.opinion_number.unwrap_or_default();
    let values = [("year", year.to_string()), ("number", number.to_string())];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let number = words.text("notice-number", &values);
    let title = format!("{}{number}", words.text("forms-legal-opinion", &[]));
    let setter = Typesetter::new(&app, words).await?;
    let set = |form: &Form, day| setter.set(form, day);
    let said = (&set as _, title.as_str(), told.note.as_str());
    let filed = opinion::file_legal_opinion(&app.vault, signed.actor(), &id, said).await?;
    Ok(Json(NumberSaid { id: filed.to_string() }))
}
