//! Retrieval (调取): request, decision, notice, signature, grant, copies, revocation.

use crate::extract::{Asked, Confirmed, Page, Place, Signed, Told, whole};
use crate::forms::Typesetter;
use crate::limits::DOCUMENT_BYTES_MAX;
use crate::problem::{Answer, Refused};
use crate::sheets::Shape;
use crate::state::{App, language_of};
use crate::views::{FormSaid, Listed, RequestSaid, form_said, request_said, said_time};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use std::sync::atomic::Ordering;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::access::{
    self, Applicant, Clue, Collected, Copy, Form, Means, Mode, NewRequest, RequestView, Scan,
    Verdict,
};
use vault_core::fault::{Code, Fault};
use vault_core::policy::Actor;
use vault_core::tables;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, request))
        .routes(routes!(show))
        .routes(routes!(decide))
        .routes(routes!(notice, issue_notice))
        .routes(routes!(sign))
        .routes(routes!(file_scan, scan))
        .routes(routes!(give))
        .routes(routes!(revoke))
        .routes(routes!(export))
        .routes(routes!(collect))
        .routes(routes!(pick_up))
        .routes(routes!(copies))
}

fn said(view: &RequestView, actor: &Actor) -> Json<RequestSaid> {
    Json(request_said(view, actor))
}

/// Requests, a page of them.
#[utoipa::path(get, path = "/api/v1/requests", tag = "requests",
    params(("after" = Option<u64>, Query), ("limit" = Option<u32>, Query), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<RequestSaid>)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    page: Page,
) -> Answer<Response> {
    let actor = signed.actor();
    let fetch =
        async |page: Page| Ok(access::list_for(&app.vault, actor, page.after, page.rows).await?);
    shape.paged(&tables::REQUESTS, page, |view| Ok(request_said(view, actor)), fetch).await
}

/// Who asks, where it is not the person who is signed in.
#[derive(Debug, Deserialize, ToSchema)]
struct ApplicantTold {
    /// `counterpart` or `outside-body`.
    kind: String,
    /// The name.
    name: String,
    /// The unit.
    #[serde(default)]
    unit: String,
}

/// A request.
#[derive(Debug, Deserialize, ToSchema)]
struct RequestTold {
    /// Which recordings.
    recordings: Vec<String>,
    /// `view` or `copy`.
    mode: String,
    /// How many copies.
    copies: Option<u64>,
    /// For how many days.
    days: u64,
    /// The stretch of each recording.
    stretch_ms: Option<(u64, u64)>,
    /// What for.
    purpose: String,
    /// Who asks, where it is somebody else.
    applicant: Option<ApplicantTold>,
}

fn invalid(argument: &str) -> Refused {
    Fault::new(Code::ArgumentInvalid).with("argument", argument).into()
}

/// Asks for recordings (调取申请); the system says whose consent it takes.
#[utoipa::path(post, path = "/api/v1/requests", tag = "requests", request_body = RequestTold,
    responses((status = 201, body = RequestSaid), (status = 400), (status = 403)),
    extensions(("x-act" = json!("access.request"))))]
async fn request(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<RequestTold>,
) -> Answer<(StatusCode, Json<RequestSaid>)> {
    let mut recordings = Vec::with_capacity(told.recordings.len());
    for id in &told.recordings {
        recordings.push(app.vault.find(id).await?);
    }
    let applicant = match told.applicant {
        None => Applicant::Myself,
        Some(ApplicantTold { kind, name, unit }) => match kind.as_str() {
            "counterpart" => Applicant::Counterpart { name },
            "outside-body" => Applicant::OutsideBody { name, unit },
            _ => return Err(invalid(&kind)),
        },
    };
    let mode = match told.mode.as_str() {
        "view" => Mode::View,
        "copy" => Mode::Copy(told.copies.unwrap_or(1)),
        _ => return Err(invalid(&told.mode)),
    };
    let RequestTold { days, stretch_ms, purpose, .. } = told;
    let new = NewRequest { applicant, recordings, mode, days, stretch_ms, purpose };
    let id = access::request(&app.vault, signed.actor(), new).await?;
    let view = access::show(&app.vault, &id.to_string()).await?;
    Ok((StatusCode::CREATED, said(&view, signed.actor())))
}

/// A request.
#[utoipa::path(get, path = "/api/v1/requests/{id}", tag = "requests",
    params(("id" = String, Path)),
    responses((status = 200, body = RequestSaid), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<RequestSaid>> {
    let view = access::show_for(&app.vault, signed.actor(), &id).await?;
    Ok(said(&view, signed.actor()))
}

/// Consent or refusal.
#[derive(Debug, Deserialize, ToSchema)]
struct DecisionTold {
    /// Consent, or refusal.
    consent: bool,
    /// Why; a refusal needs it.
    #[serde(default)]
    reason: String,
}

/// The leader consents or refuses; never on his own request.
#[utoipa::path(post, path = "/api/v1/requests/{id}/decision", tag = "requests",
    params(("id" = String, Path)), request_body = DecisionTold,
    responses((status = 200, body = RequestSaid), (status = 403), (status = 409)),
    extensions(("x-act" = json!("access.decide"))))]
async fn decide(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    Told(told): Told<DecisionTold>,
) -> Answer<Json<RequestSaid>> {
    let verdict = if told.consent { Verdict::Consent } else { Verdict::Refuse };
    let view = access::decide(&app.vault, signed.actor(), &id, verdict, &told.reason).await?;
    Ok(said(&view, signed.actor()))
}

/// The fields of the notice.
#[utoipa::path(get, path = "/api/v1/requests/{id}/notice", tag = "requests",
    params(("id" = String, Path)),
    responses((status = 200, body = FormSaid), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn notice(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<FormSaid>> {
    let view = access::show_for(&app.vault, signed.actor(), &id).await?;
    Ok(Json(form_said(access::notice_form(&view))))
}

/// Makes out the notice (《调取证据通知书》) with the next number of the year.
#[utoipa::path(post, path = "/api/v1/requests/{id}/notice", tag = "requests",
    params(("id" = String, Path)),
    responses((status = 200, body = RequestSaid), (status = 403), (status = 409)),
    extensions(("x-act" = json!("access.issue-notice"))))]
async fn issue_notice(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<RequestSaid>> {
    let view = access::issue_notice(&app.vault, signed.actor(), &id).await?;
    Ok(said(&view, signed.actor()))
}

/// The leader signs the notice in the system.
#[utoipa::path(post, path = "/api/v1/requests/{id}/signature", tag = "requests",
    params(("id" = String, Path)),
    responses((status = 200, body = RequestSaid), (status = 403), (status = 409)),
    extensions(("x-act" = json!("access.sign-notice"))))]
async fn sign(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
) -> Answer<Json<RequestSaid>> {
    let view = access::sign(&app.vault, signed.actor(), &id).await?;
    Ok(said(&view, signed.actor()))
}

/// Files the scan of a notice signed on paper: the body is the scan.
#[utoipa::path(post, path = "/api/v1/requests/{id}/scan", tag = "requests",
    params(("id" = String, Path)), request_body(content_type = "application/octet-stream"),
    responses((status = 200, body = RequestSaid), (status = 403), (status = 413)),
    extensions(("x-act" = json!("access.file-scan"))))]
async fn file_scan(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    body: Body,
) -> Answer<Json<RequestSaid>> {
    let room = app.documents.acquire().await;
    let _room = room.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let bytes = whole(body, DOCUMENT_BYTES_MAX).await?.to_vec();
    let view = access::file_scan(&app.vault, signed.actor(), &id, Scan::Bytes(bytes)).await?;
    Ok(said(&view, signed.actor()))
}

/// The scan of the signed notice, as it was filed; the look is on record.
#[utoipa::path(get, path = "/api/v1/requests/{id}/scan", tag = "requests",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "*/*"), (status = 403), (status = 404)),
    extensions(("x-act" = json!("access.show-scan"))))]
async fn scan(State(app): State<App>, signed: Signed, Path(id): Path<String>) -> Answer<Response> {
    let room = app.documents.acquire().await;
    let _room = room.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let scan = access::show_scan(&app.vault, signed.actor(), &id).await?;
    let value = |text: &str| {
        HeaderValue::from_str(text).map_err(|error| Fault::new(Code::Internal).caused_by(error))
    };
    let name = format!("inline; filename=\"notice-{id}.{}\"", scan.extension);
    let fields = [
        (header::CONTENT_TYPE, value(&scan.format)?),
        (header::CONTENT_DISPOSITION, value(&name)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        // Whatever a scan says it is, a browser shows it and runs nothing of it.
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((fields, scan.bytes).into_response())
}

/// Gives the grant.
#[utoipa::path(post, path = "/api/v1/requests/{id}/grant", tag = "requests",
    params(("id" = String, Path)),
    responses((status = 200, body = RequestSaid), (status = 403), (status = 409)),
    extensions(("x-act" = json!("access.give-grant"))))]
async fn give(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<RequestSaid>> {
    let view = access::give(&app.vault, signed.actor(), &id).await?;
    Ok(said(&view, signed.actor()))
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
struct RevocationTold {
    /// Why.
    reason: String,
}

/// Takes a request or grant back; readings under way stop within two seconds.
#[utoipa::path(post, path = "/api/v1/requests/{id}/revocation", tag = "requests",
    params(("id" = String, Path)), request_body = RevocationTold,
    responses((status = 200, body = RequestSaid), (status = 403), (status = 409)),
    extensions(("x-act" = json!("access.revoke"))))]
async fn revoke(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<RevocationTold>,
) -> Answer<Json<RequestSaid>> {
    let view = access::revoke(&app.vault, signed.actor(), &id, &told.reason).await?;
    Ok(said(&view, signed.actor()))
}

/// What is known of where something comes from.
#[derive(Debug, Deserialize, IntoParams)]
struct ClueAsked {
    /// The mark on a form or in a picture.
    mark: Option<String>,
    /// A recording, or what `b3sum` prints of a file that was found.
    object: Option<String>,
}

/// A copy that left, or what was made for reading under a grant.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CopySaid {
    /// Under which request.
    request: String,
    /// Its number under it; 0 for what was read under the grant.
    copy: u64,
    /// Its mark.
    mark: String,
    /// The event that stands for it.
    seq: u64,
    /// When.
    at: String,
    /// Who received it, or may read.
    to: String,
    /// Who handed it out, or gave the grant.
    by: String,
    /// SHA-256 of its package's signature.
    package_sha256: Option<String>,
}

/// A copy.
pub(super) fn copy_said(copy: Copy) -> CopySaid {
    CopySaid {
        request: copy.request.to_string(),
        copy: copy.copy,
        mark: copy.mark,
        seq: copy.seq,
        at: said_time(copy.at),
        to: copy.to,
        by: copy.by,
        package_sha256: copy.signature,
    }
}

/// Which copy something comes from (R22): by its mark, or by the digest of what was found.
#[utoipa::path(get, path = "/api/v1/copies", tag = "requests", params(ClueAsked),
    responses((status = 200, body = Listed<CopySaid>), (status = 400), (status = 403)),
    extensions(("x-act" = json!("ledger.read"))))]
async fn copies(
    State(app): State<App>,
    signed: Signed,
    Asked(asked): Asked<ClueAsked>,
) -> Answer<Json<Listed<CopySaid>>> {
    let clue = match (asked.mark, asked.object) {
        (Some(mark), None) => Clue::Mark(mark),
        (None, Some(object)) => Clue::Object(object.parse().map_err(|_| invalid("object"))?),
        _ => return Err(invalid("mark")),
    };
    let found = access::copies_of(&app.vault, signed.actor(), &clue).await?;
    Ok(Json(Listed::whole(found.into_iter().map(copy_said).collect())))
}

/// A copy to be handed out.
#[derive(Debug, Deserialize, ToSchema)]
struct CopyTold {
    /// Who receives it.
    to: String,
    /// Which recordings of the grant; every one if none is named.
    #[serde(default)]
    recordings: Vec<String>,
}

/// A copy that was made.
#[derive(Debug, Serialize, ToSchema)]
struct CopyMade {
    /// Its number under the request.
    copy: u64,
    /// Its mark, which no other copy bears (R22).
    mark: String,
    /// The length of its package.
    bytes: u64,
    /// Where the package is collected with an account.
    package: String,
    /// What it is collected with by somebody without one; shown once.
    pick_up_code: String,
    /// What was to be given and could not be read.
    unreadable: Vec<String>,
}

/// Hands out a copy as a package, which the vault keeps as well (R18, R20).
#[utoipa::path(post, path = "/api/v1/requests/{id}/copies", tag = "requests",
    params(("id" = String, Path)), request_body = CopyTold,
    responses((status = 201, body = CopyMade), (status = 403), (status = 409)),
    extensions(("x-act" = json!("access.hand-out-copy"))))]
async fn export(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    fields: HeaderMap,
    Told(told): Told<CopyTold>,
) -> Answer<(StatusCode, Json<CopyMade>)> {
    let room = app.packages.acquire().await;
    let _room = room.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let mut recordings = Vec::with_capacity(told.recordings.len());
    for recording in &told.recordings {
        recordings.push(app.vault.find(recording).await?);
    }
    let wording = crate::problem::wording(language_of(&fields));
    let what = (recordings, told.to.as_str());
    let typesetter = Typesetter::new(&app, wording).await?;
    let typeset = |form: &Form, day| typesetter.set(form, day);
    let draw = |words: &str| typesetter.draw(words);
    let media = app.tools.media.as_ref();
    let means = Means { wording, typeset: &typeset, draw: &draw, media };
    let kept = access::export_kept(&app.vault, signed.actor(), &id, what, means).await?;
    let number = kept.copy.copy;
    let unreadable = kept.written.unreadable.iter().map(|one| one.recording.to_string());
    let made = CopyMade {
        copy: number,
        mark: kept.copy.mark(),
        bytes: kept.bytes,
        package: format!("/api/v1/requests/{}/copies/{number}/package", kept.copy.grant.request()),
        pick_up_code: kept.code,
        unreadable: unreadable.collect(),
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// A package as a file to be saved.
fn file(app: App, collected: Collected) -> Answer<Response> {
    let name = format!("attachment; filename=\"{}.zip\"", collected.mark);
    let name = HeaderValue::from_str(&name);
    let name = name.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let mut fields = HeaderMap::new();
    fields.insert(header::CONTENT_DISPOSITION, name);
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    fields.insert(header::CONTENT_LENGTH, HeaderValue::from(collected.bytes));
    let pieces = futures::stream::unfold(collected, move |mut collected| {
        let app = app.clone();
        async move {
            match collected.next().await {
                Ok(None) => None,
                Ok(Some(piece)) => {
                    app.metrics.read.fetch_add(piece.len() as u64, Ordering::Relaxed);
                    Some((Ok(bytes::Bytes::from(piece)), collected))
                }
                Err(fault) => Some((Err(std::io::Error::other(fault)), collected)),
            }
        }
    });
    Ok((StatusCode::OK, fields, Body::from_stream(pieces)).into_response())
}

/// Collects the package of a copy (领取).
#[utoipa::path(get, path = "/api/v1/requests/{id}/copies/{copy}/package", tag = "requests",
    params(("id" = String, Path), ("copy" = u64, Path)),
    responses((status = 200, content_type = "application/zip"), (status = 403), (status = 404)),
    extensions(("x-act" = json!("access.collect-copy"))))]
async fn collect(
    State(app): State<App>,
    signed: Signed,
    Path((id, copy)): Path<(String, u64)>,
) -> Answer<Response> {
    let collected = access::collect(&app.vault, signed.actor(), &id, copy).await?;
    file(app, collected)
}

/// What a package is collected with.
#[derive(Deserialize, ToSchema)]
struct PickUpTold {
    /// The request's number.
    request: String,
    /// The number of the copy.
    copy: u64,
    /// The code on the slip.
    code: String,
}

/// Collects the package of a copy with its code, without an account.
#[utoipa::path(post, path = "/api/v1/pick-up", tag = "requests", request_body = PickUpTold,
    responses((status = 200, content_type = "application/zip"), (status = 404), (status = 429)),
    extensions(("x-act" = json!("access.collect-copy"))))]
async fn pick_up(
    State(app): State<App>,
    Extension(place): Extension<Place>,
    Told(told): Told<PickUpTold>,
) -> Answer<Response> {
    let place = place.0.ip();
    app.attempts.check(&told.request, place)?;
    let which = (told.request.as_str(), told.copy);
    let collected = access::collect_by_code(&app.vault, &app.itself, which, &told.code).await;
    app.attempts.note(&told.request, place, collected.is_ok());
    file(app, collected?)
}
