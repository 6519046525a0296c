//! Case files: opened, filled, ended, closed by the archivist, afterwards only added to.

use crate::extract::{Asked, Page, Signed, Told, whole};
use crate::limits::DOCUMENT_BYTES_MAX;
use crate::problem::{Answer, Refused};
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{
    CaseLine, CaseSaid, ContentsLine, Listed, OfficerSaid, RecordedSaid, case_line, case_said,
    contents_line, recorded_said,
};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::casefile::{self, DocumentSource, NewCase, NewDocument, Officer};
use vault_core::clock::Date;
use vault_core::fault::{Code, Fault};
use vault_core::policy::Act;
use vault_core::retention;
use vault_core::tables;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(show))
        .routes(routes!(timeline))
        .routes(routes!(contents))
        .routes(routes!(file_recording))
        .routes(routes!(file_document))
        .routes(routes!(end))
        .routes(routes!(close))
        .routes(routes!(set_term))
}

fn day(text: &str) -> Result<Date, Refused> {
    let invalid = || Fault::new(Code::ArgumentInvalid).with("argument", text);
    text.parse().map_err(|_| invalid().into())
}

/// Case files, a page of them.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases",
    params(("after" = Option<u64>, Query), ("limit" = Option<u32>, Query), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<CaseLine>)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    page: Page,
) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let fetch = async |page: Page| {
        let (cases, next) = casefile::list(&app.vault, page.after, page.rows).await?;
        Ok(page.of(cases, next))
    };
    shape.paged(&tables::CASES, page, |case| Ok(case_line(case)), fetch).await
}

/// A case file to be opened.
#[derive(Debug, Deserialize, ToSchema)]
struct CaseTold {
    /// 案号.
    case: String,
    /// 案由.
    title: String,
    /// 行政相对人.
    counterpart: String,
    /// The handling unit.
    unit: String,
    /// The officers, two at least.
    officers: Vec<OfficerSaid>,
    /// The day it was opened.
    opened_on: String,
}

/// A case's number.
#[derive(Debug, Serialize, ToSchema)]
struct CaseOpened {
    /// 案号.
    case: String,
}

/// Opens a case file (立卷).
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", request_body = CaseTold,
    responses((status = 201, body = CaseOpened), (status = 400), (status = 409)),
    extensions(("x-act" = json!("case.open"))))]
async fn open(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<CaseTold>,
) -> Answer<(StatusCode, Json<CaseOpened>)> {
    let officers = told.officers.into_iter();
    let new = NewCase {
        case_no: told.case.clone(),
        title: told.title,
        counterpart: told.counterpart,
        unit: told.unit,
        officers: officers
            .map(|officer| Officer { name: officer.name, certificate: officer.certificate })
            .collect(),
        opened_on: day(&told.opened_on)?,
    };
    casefile::open(&app.vault, signed.actor(), new).await?;
    Ok((StatusCode::CREATED, Json(CaseOpened { case: told.case })))
}

/// A case file with its contents and what it lacks.
#[utoipa::path(get, path = "/api/v1/cases/{case}", tag = "cases",
    params(("case" = String, Path)),
    responses((status = 200, body = CaseSaid), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(case): Path<String>,
) -> Answer<Json<CaseSaid>> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    Ok(Json(case_said(&casefile::show(&app.vault, &case).await?)))
}

/// What is filed in a case (卷内目录).
#[utoipa::path(get, path = "/api/v1/cases/{case}/contents", tag = "cases",
    params(("case" = String, Path), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<ContentsLine>), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn contents(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    Path(case): Path<String>,
) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let view = casefile::show(&app.vault, &case).await?;
    shape.whole(&tables::CONTENTS, view.contents, |entry| contents_line(&entry)).await
}

/// When the recordings of a case were made, in the order of time.
#[utoipa::path(get, path = "/api/v1/cases/{case}/timeline", tag = "cases",
    params(("case" = String, Path)),
    responses((status = 200, body = Listed<RecordedSaid>), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn timeline(
    State(app): State<App>,
    signed: Signed,
    Path(case): Path<String>,
) -> Answer<Json<Listed<RecordedSaid>>> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let all = casefile::timeline(&app.vault, &case).await?;
    Ok(Json(Listed::whole(all.iter().map(recorded_said).collect())))
}

/// A recording to be filed.
#[derive(Debug, Deserialize, ToSchema)]
struct FilingTold {
    /// Its number.
    recording: String,
    /// Why it comes after the closing.
    #[serde(default)]
    note: String,
}

/// Files a recording.
#[utoipa::path(post, path = "/api/v1/cases/{case}/recordings", tag = "cases",
    params(("case" = String, Path)), request_body = FilingTold,
    responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("case.file"))))]
async fn file_recording(
    State(app): State<App>,
    signed: Signed,
    Path(case): Path<String>,
    Told(told): Told<FilingTold>,
) -> Answer<StatusCode> {
    let id = app.vault.find(&told.recording).await?;
    casefile::file_recording(&app.vault, signed.actor(), &case, &id, &told.note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a written record is.
#[derive(Deserialize, IntoParams)]
struct DocumentAsked {
    /// Its type, by its code; the stage follows from it.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    kind: String,
    /// Its title; the file's name if empty.
    #[serde(default)]
    title: String,
    /// Its day.
    #[serde(default)]
    on: String,
    /// The name of the file.
    #[serde(default)]
    filename: String,
    /// Why it comes after the closing.
    #[serde(default)]
    note: String,
}

/// The content id of a written record.
#[derive(Debug, Serialize, ToSchema)]
struct DocumentFiled {
    /// Its content id.
    document: String,
}

/// Files a written record: the body is the file.
#[utoipa::path(post, path = "/api/v1/cases/{case}/documents", tag = "cases",
    params(("case" = String, Path), DocumentAsked),
    request_body(content_type = "application/octet-stream"),
    responses((status = 201, body = DocumentFiled), (status = 400), (status = 413)),
    extensions(("x-act" = json!("case.file"))))]
async fn file_document(
    State(app): State<App>,
    signed: Signed,
    Path(case): Path<String>,
    Asked(asked): Asked<DocumentAsked>,
    body: Body,
) -> Answer<(StatusCode, Json<DocumentFiled>)> {
    let room = app.documents.acquire().await;
    let _room = room.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let bytes = whole(body, DOCUMENT_BYTES_MAX).await?.to_vec();
    let on = if asked.on.is_empty() { None } else { Some(day(&asked.on)?) };
    let new = NewDocument {
        source: DocumentSource::Bytes { name: asked.filename, bytes },
        document: asked.kind,
        title: asked.title,
        on,
        note: asked.note,
    };
    let document = casefile::file_document(&app.vault, signed.actor(), &case, new).await?;
    Ok((StatusCode::CREATED, Json(DocumentFiled { document: document.to_string() })))
}

/// The end of the enforcement.
#[derive(Debug, Deserialize, ToSchema)]
struct EndTold {
    /// The day.
    on: String,
    /// Why it is another day than was said before.
    #[serde(default)]
    reason: String,
}

/// Says when the enforcement ended.
#[utoipa::path(post, path = "/api/v1/cases/{case}/end", tag = "cases",
    params(("case" = String, Path)), request_body = EndTold,
    responses((status = 204), (status = 403), (status = 409)),
    extensions(("x-act" = json!("case.end"))))]
async fn end(
    State(app): State<App>,
    signed: Signed,
    Path(case): Path<String>,
    Told(told): Told<EndTold>,
) -> Answer<StatusCode> {
    casefile::end(&app.vault, signed.actor(), &case, day(&told.on)?, &told.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How it is closed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct ClosingTold {
    /// Why it is closed although something is missing.
    note: String,
}

/// The digest of a closed table of contents.
#[derive(Debug, Serialize, ToSchema)]
struct CaseClosed {
    /// BLAKE3 of the table of contents.
    contents: String,
}

/// Closes the case file (归档).
#[utoipa::path(post, path = "/api/v1/cases/{case}/close", tag = "cases",
    params(("case" = String, Path)), request_body = ClosingTold,
    responses((status = 200, body = CaseClosed), (status = 403), (status = 409)),
    extensions(("x-act" = json!("case.close"))))]
async fn close(
    State(app): State<App>,
    signed: Signed,
    Path(case): Path<String>,
    Told(told): Told<ClosingTold>,
) -> Answer<Json<CaseClosed>> {
    let contents = casefile::close(&app.vault, signed.actor(), &case, &told.note).await?;
    Ok(Json(CaseClosed { contents: contents.to_string() }))
}

/// The term of a case file.
#[derive(Debug, Deserialize, ToSchema)]
struct TermTold {
    /// Years from its closing; 0 for ever.
    years: u64,
    /// Why.
    reason: String,
}

/// Sets the term of a case file; it only grows.
#[utoipa::path(put, path = "/api/v1/cases/{case}/term", tag = "retention",
    params(("case" = String, Path)), request_body = TermTold,
    responses((status = 204), (status = 403), (status = 409)),
    extensions(("x-act" = json!("retention.set-case-term"))))]
async fn set_term(
    State(app): State<App>,
    signed: Signed,
    Path(case): Path<String>,
    Told(told): Told<TermTold>,
) -> Answer<StatusCode> {
    let TermTold { years, reason } = told;
    retention::set_case_term(&app.vault, signed.actor(), &case, years, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
