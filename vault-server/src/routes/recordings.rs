//! Recordings: lists, facts, labels, marks, how long they are kept, who has seen them.

use super::beginning;
use super::ledger::event_lines;
use super::requests::{CopySaid, copy_said};
use crate::extract::{Asked, Page, Signed, Told};
use crate::problem::Answer;
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{
    EventSaid, Listed, RecordingLine, RecordingSaid, event_said, recording_line, recording_said,
    term_said, tier_said,
};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::access::{self, Clue};
use vault_core::catalog::{Cursor, Wanted};
use vault_core::intake::{self, LabelInput};
use vault_core::media::{self, NewMarker};
use vault_core::oversight;
use vault_core::people::Names;
use vault_core::policy::Act;
use vault_core::preservation::tier_of;
use vault_core::retention::{self, HoldTarget};
use vault_core::search;
use vault_core::tables::{self, HitLine};
use vault_core::volume;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(events))
        .routes(routes!(copies))
        .routes(routes!(label))
        .routes(routes!(set_marker))
        .routes(routes!(remove_marker))
        .routes(routes!(find_trigger))
        .routes(routes!(place_hold))
        .routes(routes!(release_hold))
        .routes(routes!(tray))
        .routes(routes!(find))
}

/// What to list.
#[derive(Deserialize, IntoParams)]
struct ListAsked {
    /// Only of exactly this case.
    case: Option<String>,
    /// Part of the case number.
    #[serde(default)]
    case_part: String,
    /// Part of the counterpart's name.
    #[serde(default)]
    counterpart: String,
    /// Part of the handler's name.
    #[serde(default)]
    handler: String,
    /// Part of the recorder's number.
    #[serde(default)]
    device: String,
    /// Part of the name of the file.
    #[serde(default)]
    name: String,
    /// The activity, by its code.
    #[serde(default)]
    activity: String,
    /// Only what was found damaged.
    #[serde(default)]
    damaged: bool,
    /// What it was found to be: `video`, `audio`, `picture`, `other`.
    #[serde(default)]
    medium: String,
    /// Received on this day or later, as `2026-01-31`.
    #[serde(default)]
    from: String,
    /// Received on this day or before.
    #[serde(default)]
    to: String,
    /// The newest first.
    #[serde(default)]
    newest: bool,
}

impl ListAsked {
    fn wanted(&self) -> Answer<Wanted> {
        Ok(Wanted {
            case: self.case_part.clone(),
            counterpart: self.counterpart.clone(),
            handler: self.handler.clone(),
            device: self.device.clone(),
            name: self.name.clone(),
            activity: self.activity.clone(),
            damaged: self.damaged,
            medium: self.medium.clone(),
            received: (beginning(&self.from, 0)?, beginning(&self.to, 1)?),
            newest: self.newest,
        })
    }
}

/// Recordings, a page of them.
#[utoipa::path(get, path = "/api/v1/recordings", tag = "recordings",
    params(ListAsked, ("after" = Option<u64>, Query), ("limit" = Option<u32>, Query), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<RecordingLine>)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    page: Page,
    Asked(asked): Asked<ListAsked>,
) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let fetch = async |page: Page| {
        let after = page.after.map(Cursor::from_u64);
        let catalog = app.vault.catalog();
        let (rows, next) = match &asked.case {
            Some(case) => catalog.list(Some(case), after, page.rows).await?,
            None => catalog.find_by(asked.wanted()?, after, page.rows).await?,
        };
        Ok(page.of(rows, next.map(Cursor::as_u64)))
    };
    shape.paged(&tables::RECORDINGS, page, |row| Ok(recording_line(row)), fetch).await
}

/// A recording with everything that is known of it, but not its content.
#[utoipa::path(get, path = "/api/v1/recordings/{id}", tag = "recordings",
    params(("id" = String, Path)),
    responses((status = 200, body = RecordingSaid), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<RecordingSaid>> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let id = app.vault.find(&id).await?;
    let row = app.vault.catalog().recording(&id).await?;
    let facts = app.vault.media_facts(&id).await?;
    let kept = retention::show(&app.vault, &id).await?;
    let archived = access::is_archived(&app.vault, &id).await?;
    let names = Names::of(&app.vault).await?;
    let received_by = intake::brought_in_by(&app.vault, &names, &id).await?;
    let term = oversight::label_term(&app.vault, &row).await?;
    let term = term_said(&term);
    let tier = tier_said(&tier_of(&app.vault, &id).await?);
    let lies = (tier, volume::labels_with(&app.vault, &id).await?);
    Ok(Json(recording_said(&row, &facts, &kept, archived, (received_by, term), lies)))
}

/// The chain of custody: everything on record about a recording.
#[utoipa::path(get, path = "/api/v1/recordings/{id}/events", tag = "recordings",
    params(("id" = String, Path), ("after" = Option<u64>, Query), ("limit" = Option<u32>, Query), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<EventSaid>), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn events(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    page: Page,
    Path(id): Path<String>,
) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let id = app.vault.find(&id).await?;
    let names = Names::of(&app.vault).await?;
    let fetch = |page: Page| event_lines(&app, &names, (id, page));
    shape.paged(&tables::EVENTS, page, |line| Ok(event_said(line)?), fetch).await
}

/// Every copy of a recording that left (R22).
#[utoipa::path(get, path = "/api/v1/recordings/{id}/copies", tag = "recordings",
    params(("id" = String, Path), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<CopySaid>), (status = 404)),
    extensions(("x-act" = json!("ledger.read"))))]
async fn copies(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    Path(id): Path<String>,
) -> Answer<Response> {
    let id = app.vault.find(&id).await?;
    let copies = access::copies_of(&app.vault, signed.actor(), &Clue::Object(id)).await?;
    shape.whole(&tables::COPIES, copies, copy_said).await
}

/// Labels as somebody typed them.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct LabelsTold {
    /// 案号.
    case: String,
    /// 行政相对人.
    counterpart: String,
    /// 承办人.
    handler: String,
    /// The activity, by its code.
    activity: String,
    /// The recorder.
    device: String,
    /// 制作人.
    maker: String,
    /// 制作方法.
    method: String,
    /// 证明对象.
    proves: String,
    /// Secrecy, by its code.
    secrecy: String,
    /// When the recording began.
    recorded_at: String,
    /// How many seconds the device's clock was behind.
    clock_offset: String,
}

impl From<LabelsTold> for LabelInput {
    fn from(told: LabelsTold) -> Self {
        Self {
            case: told.case,
            counterpart: told.counterpart,
            handler: told.handler,
            activity: told.activity,
            device: told.device,
            maker: told.maker,
            method: told.method,
            proves: told.proves,
            secrecy: told.secrecy,
            recorded_at: told.recorded_at,
            clock_offset: told.clock_offset,
        }
    }
}

/// Gives a recording the labels it came without (R08).
#[utoipa::path(patch, path = "/api/v1/recordings/{id}/labels", tag = "recordings",
    params(("id" = String, Path)), request_body = LabelsTold,
    responses((status = 204), (status = 400), (status = 409)),
    extensions(("x-act" = json!("intake.label"))))]
async fn label(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<LabelsTold>,
) -> Answer<StatusCode> {
    let id = app.vault.find(&id).await?;
    intake::label(&app.vault, signed.actor(), &id, told.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A mark to be set.
#[derive(Debug, Deserialize, ToSchema)]
struct MarkerTold {
    /// What is to be seen, by its code.
    kind: String,
    /// From.
    from_ms: u64,
    /// To.
    to_ms: u64,
    /// A note.
    #[serde(default)]
    note: String,
}

/// The number of a mark.
#[derive(Debug, Serialize, ToSchema)]
struct MarkerSet {
    /// Its number.
    marker: String,
}

/// Sets a mark on the time line (R07).
#[utoipa::path(post, path = "/api/v1/recordings/{id}/markers", tag = "recordings",
    params(("id" = String, Path)), request_body = MarkerTold,
    responses((status = 201, body = MarkerSet), (status = 400)),
    extensions(("x-act" = json!("media.mark"))))]
async fn set_marker(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<MarkerTold>,
) -> Answer<(StatusCode, Json<MarkerSet>)> {
    let id = app.vault.find(&id).await?;
    let MarkerTold { kind, from_ms, to_ms, note } = told;
    let new = NewMarker { kind, from_ms, to_ms, note };
    let marker = media::set_marker(&app.vault, signed.actor(), &id, new).await?;
    Ok((StatusCode::CREATED, Json(MarkerSet { marker })))
}

/// Takes a mark back.
#[utoipa::path(delete, path = "/api/v1/markers/{marker}", tag = "recordings",
    params(("marker" = String, Path)), responses((status = 204), (status = 404)),
    extensions(("x-act" = json!("media.mark"))))]
async fn remove_marker(
    State(app): State<App>,
    signed: Signed,
    Path(marker): Path<String>,
) -> Answer<StatusCode> {
    media::remove_marker(&app.vault, signed.actor(), &marker).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A trigger of long-term preservation.
#[derive(Debug, Deserialize, ToSchema)]
struct TriggerTold {
    /// Which, by its code.
    trigger: String,
    /// Why.
    reason: String,
}

/// Finds a trigger of long-term preservation (R15).
#[utoipa::path(post, path = "/api/v1/recordings/{id}/triggers", tag = "retention",
    params(("id" = String, Path)), request_body = TriggerTold,
    responses((status = 204), (status = 400)),
    extensions(("x-act" = json!("retention.find-trigger"))))]
async fn find_trigger(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<TriggerTold>,
) -> Answer<StatusCode> {
    let id = app.vault.find(&id).await?;
    let TriggerTold { trigger, reason } = told;
    retention::find_trigger(&app.vault, signed.actor(), &id, &trigger, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
struct ReasonTold {
    /// Why.
    reason: String,
}

/// The number of a hold.
#[derive(Debug, Serialize, ToSchema)]
struct HoldSaid {
    /// Its number.
    hold: String,
}

/// Places a hold (冻结).
#[utoipa::path(post, path = "/api/v1/recordings/{id}/holds", tag = "retention",
    params(("id" = String, Path)), request_body = ReasonTold,
    responses((status = 201, body = HoldSaid)),
    extensions(("x-act" = json!("retention.place-hold"))))]
async fn place_hold(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<ReasonTold>,
) -> Answer<(StatusCode, Json<HoldSaid>)> {
    let id = app.vault.find(&id).await?;
    let target = HoldTarget::Recording(id);
    let hold = retention::place_hold(&app.vault, signed.actor(), target, &told.reason).await?;
    Ok((StatusCode::CREATED, Json(HoldSaid { hold: hold.to_string() })))
}

/// Releases a hold; another person than who placed it.
#[utoipa::path(post, path = "/api/v1/holds/{hold}/release", tag = "retention",
    params(("hold" = String, Path)), request_body = ReasonTold,
    responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("retention.release-hold"))))]
async fn release_hold(
    State(app): State<App>,
    signed: Signed,
    Path(hold): Path<String>,
    Told(told): Told<ReasonTold>,
) -> Answer<StatusCode> {
    retention::release_hold(&app.vault, signed.actor(), &hold, &told.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Recordings that wait for their labels.
#[utoipa::path(get, path = "/api/v1/tray", tag = "recordings",
    params(("after" = Option<u64>, Query), ("limit" = Option<u32>, Query), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<RecordingLine>)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn tray(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    page: Page,
) -> Answer<Response> {
    let fetch = async |page: Page| {
        let after = page.after.map(Cursor::from_u64);
        let (rows, next) = intake::tray(&app.vault, signed.actor(), after, page.rows).await?;
        Ok(page.of(rows, next.map(Cursor::as_u64)))
    };
    shape.paged(&tables::TRAY, page, |row| Ok(recording_line(row)), fetch).await
}

/// What to search for.
#[derive(Deserialize, IntoParams)]
struct SearchAsked {
    /// The words.
    q: String,
}

/// A place where the words were found.
#[derive(Debug, Serialize, ToSchema)]
struct HitSaid {
    /// The recording.
    recording: String,
    /// Its name.
    name: String,
    /// Its case.
    case: String,
    /// `labels`, `transcript` or `marker`.
    source: String,
    /// When it is said or seen.
    from_ms: u64,
    /// Until when.
    to_ms: u64,
    /// The text around it.
    text: String,
}

/// Searches labels, texts and marks; what was searched for goes on record.
#[utoipa::path(get, path = "/api/v1/search", tag = "recordings",
    params(SearchAsked, ("after" = Option<u64>, Query), ("limit" = Option<u32>, Query), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<HitSaid>), (status = 400)),
    extensions(("x-act" = json!("catalogue.search"))))]
async fn find(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    page: Page,
    Asked(asked): Asked<SearchAsked>,
) -> Answer<Response> {
    let fetch = async |page: Page| {
        let after = page.after.and_then(|after| i64::try_from(after).ok());
        let found = search::search(&app.vault, signed.actor(), &asked.q, after, page.rows).await?;
        let mut lines = Vec::with_capacity(found.hits.len());
        for hit in found.hits {
            let row = app.vault.catalog().recording(&hit.recording).await?;
            lines.push(HitLine { hit, name: row.name, case: row.case });
        }
        Ok((lines, found.next.and_then(|next| u64::try_from(next).ok())))
    };
    let said = |line: &HitLine| {
        Ok(HitSaid {
            recording: line.hit.recording.to_string(),
            name: line.name.clone(),
            case: line.case.clone(),
            source: line.hit.source.clone(),
            from_ms: line.hit.from_ms,
            to_ms: line.hit.to_ms,
            text: line.hit.text.clone(),
        })
    };
    shape.paged(&tables::HITS, page, said, fetch).await
}
