//! Terms: what is to be done until when, and the calendar they rest on.

use crate::extract::{Asked, Confirmed, Signed, Told};
use crate::problem::Answer;
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{Listed, NumberSaid, said_time};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::calendar::{DayKind, WORKING_DAYS_MAX};
use vault_core::clock::Date;
use vault_core::fault::{Code, Fault};
use vault_core::oversight::edition::{self, Edition};
use vault_core::oversight::{self, Due};
use vault_core::tables;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(deadlines))
        .routes(routes!(year))
        .routes(routes!(deadline))
        .routes(routes!(editions, propose))
        .routes(routes!(confirm))
}

/// Something to be done by a day.
#[derive(Debug, Serialize, ToSchema)]
struct DueSaid {
    /// `label`, `close-case`, `review`, `correct-finding` or `answer-lapse`.
    kind: &'static str,
    /// The article that sets the term.
    article: &'static str,
    /// The recording's id, or the case's number.
    subject: String,
    /// The name of the file, or the title of the case.
    name: String,
    /// The unit of a case.
    unit: String,
    /// The day it is counted from.
    since: String,
    /// Why that day: `recorded`, `received`, `enforcement-ended`, `accepted`, `set`.
    basis: &'static str,
    /// The last day.
    due: String,
    /// Days until then; negative where it was missed.
    days_left: i64,
    /// Whether a year without a notice was counted by its weekends alone.
    provisional: bool,
    /// The case it belongs to.
    case: String,
    /// Every day that was counted, where the term is one of working days.
    days: Vec<DaySaid>,
    /// The notices it rests on, by their addresses.
    papers: Vec<String>,
}

fn said(due: Due) -> DueSaid {
    let days = due.passed.iter().map(|passed| day(passed.date, &passed.kind, passed.number));
    DueSaid {
        case: due.case_no,
        days: days.collect(),
        papers: due.papers,
        kind: due.kind.as_str(),
        article: due.kind.article(),
        subject: due.subject,
        name: due.name,
        unit: due.unit,
        since: due.since.to_string(),
        basis: due.basis.as_str(),
        due: due.due.to_string(),
        days_left: due.days_left,
        provisional: due.provisional,
    }
}

/// What is to be done until when, the most urgent first.
#[utoipa::path(get, path = "/api/v1/deadlines", tag = "oversight",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<DueSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn deadlines(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let all = oversight::deadlines(&app.vault, signed.actor()).await?;
    shape.whole(&tables::DEADLINES, all, said).await
}

/// A day of the calendar.
#[derive(Debug, Serialize, ToSchema)]
struct DaySaid {
    /// The day.
    date: String,
    /// `working`, `shifted-working`, `weekend`, `festival`.
    kind: &'static str,
    /// The festival it has to do with.
    festival: Option<String>,
    /// Which working day of a count it is.
    number: Option<u32>,
}

fn day(date: Date, kind: &DayKind, number: Option<u32>) -> DaySaid {
    let festival = kind.festival().map(str::to_owned);
    DaySaid { date: date.to_string(), kind: kind.as_str(), festival, number }
}

/// A year of the calendar.
#[derive(Debug, Serialize, ToSchema)]
struct YearSaid {
    /// The year.
    year: i64,
    /// The notices, by their addresses; none where there is none yet.
    papers: Vec<String>,
    /// Days that are not as their weekday says.
    days: Vec<DaySaid>,
}

/// A year of the official calendar.
#[utoipa::path(get, path = "/api/v1/calendar/{year}", tag = "oversight",
    params(("year" = i64, Path)), responses((status = 200, body = YearSaid)),
    extensions(("x-act" = json!("session"))))]
async fn year(State(app): State<App>, _: Signed, Path(year): Path<i64>) -> Answer<Json<YearSaid>> {
    let calendar = edition::calendar(&app.vault).await?;
    let papers = calendar.years().get(&year).cloned().unwrap_or_default();
    let days = calendar.unusual(year).map(|(date, kind)| day(date, &kind, None)).collect();
    Ok(Json(YearSaid { year, papers, days }))
}

/// From when, and how many working days.
#[derive(Debug, Deserialize, IntoParams)]
struct DeadlineAsked {
    /// The day it is counted from; the next one is the first.
    after: String,
    /// Working days.
    working_days: u32,
}

/// A deadline and how it was counted.
#[derive(Debug, Serialize, ToSchema)]
struct DeadlineSaid {
    /// The last day on which it is kept.
    due: String,
    /// Whether a year without a notice was counted by its weekends alone.
    provisional: bool,
    /// The notices it rests on.
    papers: Vec<String>,
    /// Every day on the way.
    days: Vec<DaySaid>,
}

/// The deadline so many working days after a day.
#[utoipa::path(get, path = "/api/v1/calendar/deadline", tag = "oversight", params(DeadlineAsked),
    responses((status = 200, body = DeadlineSaid), (status = 400)),
    extensions(("x-act" = json!("session"))))]
async fn deadline(
    State(app): State<App>,
    _: Signed,
    Asked(asked): Asked<DeadlineAsked>,
) -> Answer<Json<DeadlineSaid>> {
    let invalid = |argument| Fault::new(Code::ArgumentInvalid).with("argument", argument);
    let after: Date = asked.after.parse().map_err(|_| invalid("after"))?;
    if !(1..=WORKING_DAYS_MAX).contains(&asked.working_days) {
        return Err(invalid("working_days").with("limit", WORKING_DAYS_MAX).into());
    }
    let counted = edition::calendar(&app.vault).await?.deadline(after, asked.working_days);
    let days = counted.passed.iter().map(|passed| day(passed.date, &passed.kind, passed.number));
    Ok(Json(DeadlineSaid {
        due: counted.due.to_string(),
        provisional: counted.provisional,
        papers: counted.papers.clone(),
        days: days.collect(),
    }))
}

/// An edition that was brought in.
#[derive(Debug, Serialize, ToSchema)]
struct EditionSaid {
    /// Its number.
    edition: String,
    /// The year.
    year: i64,
    /// The notices, by their addresses.
    papers: Vec<String>,
    /// Days that are not as their weekday says.
    days: Vec<DaySaid>,
    /// Who brought it in.
    person: String,
    /// When.
    at: String,
    /// Who confirmed it.
    confirmed_by: Option<String>,
    /// When.
    confirmed: Option<String>,
}

fn edition_said(one: Edition) -> EditionSaid {
    let (confirmed_by, confirmed) = one.confirmed.unzip();
    EditionSaid {
        edition: one.id.to_string(),
        year: one.year,
        papers: one.papers,
        days: one.days.iter().map(|(date, kind)| day(*date, kind, None)).collect(),
        person: one.proposed.0,
        at: said_time(one.proposed.1),
        confirmed_by,
        confirmed: confirmed.map(said_time),
    }
}

/// Editions of the calendar that were brought in, the newest first.
#[utoipa::path(get, path = "/api/v1/calendar/editions", tag = "oversight",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<EditionSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn editions(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let all = edition::list(&app.vault, signed.actor()).await?;
    shape.whole(&tables::EDITIONS, all, edition_said).await
}

/// An edition to be brought in.
#[derive(Debug, Deserialize, ToSchema)]
struct EditionTold {
    /// Its JSON, in the form of `docs/formats/calendar.md`.
    text: String,
}

/// Brings the notice of a year in; another person confirms it.
#[utoipa::path(post, path = "/api/v1/calendar/editions", tag = "oversight",
    request_body = EditionTold,
    responses((status = 200, body = NumberSaid), (status = 400), (status = 403)),
    extensions(("x-act" = json!("calendar.propose"))))]
async fn propose(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<EditionTold>,
) -> Answer<Json<NumberSaid>> {
    let id = edition::propose(&app.vault, signed.actor(), &told.text).await?;
    Ok(Json(NumberSaid { id: id.to_string() }))
}

/// Another person confirms an edition.
#[utoipa::path(post, path = "/api/v1/calendar/editions/{id}/confirmation", tag = "oversight",
    params(("id" = String, Path)), responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("calendar.confirm"))))]
async fn confirm(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    edition::confirm(&app.vault, signed.actor(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
