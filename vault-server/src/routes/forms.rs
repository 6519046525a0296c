//! Forms as PDF/A, to be printed, signed and sealed, and labels of volumes (R10, R16, R17, R19;
//! A3.10, A3.11, A3.12, A3.15).
//!
//! Promises: the same vault gives the same bytes again; a form shows nothing that its reader could
//! not see on the page it is asked from.

use crate::extract::{Asked, Signed, Told};
use crate::forms::Typesetter;
use crate::problem::{Answer, wording};
use crate::state::{App, language_of};
use crate::views::{StepSaid, said_time, step_said};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::access::{self, Form};
use vault_core::clock::Date;
use vault_core::fault::{Code, Fault};
use vault_core::inspection;
use vault_core::oversight::opinion;
use vault_core::oversight::paper::{self, NewPaper, Paper, SideSigned};
use vault_core::policy::Act;
use vault_core::{disposal, volume};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(notice))
        .routes(routes!(preservation_list))
        .routes(routes!(custody_log))
        .routes(routes!(legal_opinion))
        .routes(routes!(issue_preservation_list))
        .routes(routes!(issue_transfer_list))
        .routes(routes!(list))
        .routes(routes!(print))
        .routes(routes!(sign_paper))
        .routes(routes!(void_paper))
        .routes(routes!(inspection_notice))
        .routes(routes!(correction_notice))
        .routes(routes!(inspection_report))
        .routes(routes!(inspection_evaluation))
        .routes(routes!(destruction_record))
        .routes(routes!(volume_label))
}

/// A form set in type, shown by the browser and saved under its kind.
async fn printed(app: &App, fields: &HeaderMap, form: Form, day: Date) -> Answer<Response> {
    let room = app.documents.acquire().await;
    let _room = room.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let bytes = Typesetter::new(app, wording(language_of(fields))).await?.set(&form, day)?;
    let name = format!("inline; filename=\"{}-{day}.pdf\"", form.kind);
    let name = HeaderValue::from_str(&name);
    let name = name.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let kind = HeaderValue::from_static("application/pdf");
    let fields = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)];
    Ok((fields, bytes).into_response())
}

/// The notice (《调取证据通知书》) of a request, once it has its number.
#[utoipa::path(get, path = "/api/v1/requests/{id}/notice.pdf", tag = "forms",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 404), (status = 409)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn notice(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    fields: HeaderMap,
) -> Answer<Response> {
    let view = access::show_for(&app.vault, signed.actor(), &id).await?;
    let (form, day) = access::notice_of(&app.vault, &view.id.to_string()).await?;
    printed(&app, &fields, form, day).await
}

/// Which part of a long list.
#[derive(Debug, Deserialize, IntoParams)]
struct PartAsked {
    /// Counted from 1; without it a list that needs parts is refused.
    part: Option<usize>,
}

/// The preservation list (《证据登记保存清单》) of a case.
#[utoipa::path(get, path = "/api/v1/cases/{case}/preservation-list.pdf", tag = "forms",
    params(("case" = String, Path), PartAsked),
    responses((status = 200, content_type = "application/pdf"), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn preservation_list(
    State(app): State<App>,
    signed: Signed,
    Path(case): Path<String>,
    Asked(asked): Asked<PartAsked>,
    fields: HeaderMap,
) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let (form, day) = access::preservation_list_of(&app.vault, &case, asked.part).await?;
    printed(&app, &fields, form, day).await
}

/// The chain of custody of a recording: all that is on record about it.
#[utoipa::path(get, path = "/api/v1/recordings/{id}/custody-log.pdf", tag = "forms",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn custody_log(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    fields: HeaderMap,
) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let id = app.vault.find(&id).await?;
    let (form, day) = access::custody_log_of(&app.vault, &id).await?;
    printed(&app, &fields, form, day).await
}

/// The opinion of a legal review (《法制审核意见书》), once it was given.
#[utoipa::path(get, path = "/api/v1/reviews/{id}/opinion.pdf", tag = "forms",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 404), (status = 409)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn legal_opinion(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    fields: HeaderMap,
) -> Answer<Response> {
    let (form, day) = opinion::legal_opinion(&app.vault, signed.actor(), &id).await?;
    printed(&app, &fields, form, day).await
}

/// Who signed for a side of a numbered form.
#[derive(Debug, Serialize, ToSchema)]
struct SideSaid {
    /// Who.
    person: String,
    /// `system` or `paper`.
    way: String,
    /// When it was put on record.
    at: String,
}

/// A form with a number of its own.
#[derive(Debug, Serialize, ToSchema)]
struct PaperSaid {
    /// Its number in the vault.
    form: String,
    /// `preservation-list` or `transfer-list`.
    kind: String,
    /// Year of its number.
    year: u64,
    /// Its number.
    number: u64,
    /// The case.
    case: String,
    /// The request, of a transfer list.
    request: String,
    /// The copy, of a transfer list.
    copy: u64,
    /// BLAKE3 of its fields.
    blake3_fields: String,
    /// SHA-256 of its print as it was issued.
    sha256: String,
    /// What it lists.
    recordings: Vec<String>,
    /// Who issued it.
    issued_by: String,
    /// When.
    issued: String,
    /// Who handed over.
    handed_over: Option<SideSaid>,
    /// Who received.
    received: Option<SideSaid>,
    /// Who made it void.
    voided: Option<StepSaid>,
    /// Where it is printed.
    print: String,
}

fn paper_said(paper: &Paper) -> PaperSaid {
    let side = |side: &Option<SideSigned>| {
        side.as_ref().map(|side| SideSaid {
            person: side.person.clone(),
            way: side.way.clone(),
            at: said_time(side.at),
        })
    };
    PaperSaid {
        form: paper.id.to_string(),
        kind: paper.kind.clone(),
        year: paper.year,
        number: paper.number,
        case: paper.case_no.clone(),
        request: paper.request.clone(),
        copy: paper.copy,
        blake3_fields: paper.digest.clone(),
        sha256: paper.sha256.clone(),
        recordings: paper.recordings.iter().map(ToString::to_string).collect(),
        issued_by: paper.issued.0.clone(),
        issued: said_time(paper.issued.1),
        handed_over: side(&paper.handed_over),
        received: side(&paper.received),
        voided: paper.voided.clone().map(step_said),
        print: format!("/api/v1/forms/{}/form.pdf", paper.id),
    }
}

async fn issued(
    app: &App,
    signed: &Signed,
    fields: &HeaderMap,
    new: NewPaper,
) -> Answer<(StatusCode, Json<PaperSaid>)> {
    let room = app.documents.acquire().await;
    let _room = room.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let typesetter = Typesetter::new(app, wording(language_of(fields))).await?;
    let typeset = |form: &Form, day| typesetter.set(form, day);
    let (paper, _) = paper::issue(&app.vault, signed.actor(), &new, &typeset).await?;
    Ok((StatusCode::CREATED, Json(paper_said(&paper))))
}

/// Which part of a long list is issued.
#[derive(Debug, Deserialize, ToSchema)]
struct PreservationTold {
    /// Counted from 1; none for a list in one part.
    part: Option<usize>,
}

/// Issues the preservation list (《证据登记保存清单》) of a case with the next number of the year.
#[utoipa::path(post, path = "/api/v1/cases/{case}/preservation-lists", tag = "forms",
    params(("case" = String, Path)), request_body = PreservationTold,
    responses((status = 201, body = PaperSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("form.issue"))))]
async fn issue_preservation_list(
    State(app): State<App>,
    signed: Signed,
    Path(case): Path<String>,
    fields: HeaderMap,
    Told(told): Told<PreservationTold>,
) -> Answer<(StatusCode, Json<PaperSaid>)> {
    let new = NewPaper::PreservationList { case, part: told.part };
    issued(&app, &signed, &fields, new).await
}

/// Who hands a copy over to whom.
#[derive(Debug, Deserialize, ToSchema)]
struct TransferTold {
    /// The unit that hands over.
    from_unit: String,
    /// The unit that receives.
    to_unit: String,
    /// On what it lies.
    #[serde(default)]
    carrier: String,
}

/// Issues the transfer list (《证据移交清单》) of a copy with the next number of the year.
#[utoipa::path(post, path = "/api/v1/requests/{id}/copies/{copy}/transfer-list", tag = "forms",
    params(("id" = String, Path), ("copy" = u64, Path)), request_body = TransferTold,
    responses((status = 201, body = PaperSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("form.issue"))))]
async fn issue_transfer_list(
    State(app): State<App>,
    signed: Signed,
    Path((id, copy)): Path<(String, u64)>,
    fields: HeaderMap,
    Told(told): Told<TransferTold>,
) -> Answer<(StatusCode, Json<PaperSaid>)> {
    let TransferTold { from_unit, to_unit, carrier } = told;
    let request = access::show(&app.vault, &id).await?.id.to_string();
    let new = NewPaper::TransferList { request, copy, from_unit, to_unit, carrier };
    issued(&app, &signed, &fields, new).await
}

/// Of what forms are listed.
#[derive(Debug, Deserialize, IntoParams)]
struct PapersAsked {
    /// Of this case, or of this request only.
    about: Option<String>,
}

/// Numbered forms.
#[derive(Debug, Serialize, ToSchema)]
struct PapersSaid {
    /// The newest first.
    items: Vec<PaperSaid>,
}

/// The forms that were issued with a number.
#[utoipa::path(get, path = "/api/v1/forms", tag = "forms", params(PapersAsked),
    responses((status = 200, body = PapersSaid)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    Asked(asked): Asked<PapersAsked>,
) -> Answer<Json<PapersSaid>> {
    let papers = paper::list(&app.vault, signed.actor(), asked.about.as_deref()).await?;
    Ok(Json(PapersSaid { items: papers.iter().map(paper_said).collect() }))
}

/// A numbered form, printed again under its number.
#[utoipa::path(get, path = "/api/v1/forms/{form}/form.pdf", tag = "forms",
    params(("form" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn print(
    State(app): State<App>,
    signed: Signed,
    Path(form): Path<String>,
    fields: HeaderMap,
) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let paper = paper::show(&app.vault, &form).await?;
    let (form, day) = paper::form_of(&app.vault, &paper).await?;
    printed(&app, &fields, form, day).await
}

/// Who signs, for which side.
#[derive(Debug, Deserialize, ToSchema)]
struct SideTold {
    /// `hands-over` or `receives`.
    side: String,
    /// Who signed on paper; none where the person who is signed in signs.
    person: Option<String>,
}

/// One side signs, or a signature on paper is put on record.
#[utoipa::path(post, path = "/api/v1/forms/{form}/signatures", tag = "forms",
    params(("form" = String, Path)), request_body = SideTold,
    responses((status = 200, body = PaperSaid), (status = 403), (status = 409)),
    extensions(("x-act" = json!("form.sign"))))]
async fn sign_paper(
    State(app): State<App>,
    signed: Signed,
    Path(form): Path<String>,
    Told(told): Told<SideTold>,
) -> Answer<Json<PaperSaid>> {
    let who = (told.side.as_str(), told.person.as_deref());
    Ok(Json(paper_said(&paper::sign(&app.vault, signed.actor(), &form, who).await?)))
}

/// Why a form is void.
#[derive(Debug, Deserialize, ToSchema)]
struct VoidTold {
    /// Why.
    reason: String,
}

/// Makes a numbered form void; its number is not used again.
#[utoipa::path(post, path = "/api/v1/forms/{form}/void", tag = "forms",
    params(("form" = String, Path)), request_body = VoidTold,
    responses((status = 200, body = PaperSaid), (status = 403), (status = 409)),
    extensions(("x-act" = json!("form.void"))))]
async fn void_paper(
    State(app): State<App>,
    signed: Signed,
    Path(form): Path<String>,
    Told(told): Told<VoidTold>,
) -> Answer<Json<PaperSaid>> {
    Ok(Json(paper_said(&paper::void(&app.vault, signed.actor(), &form, &told.reason).await?)))
}

/// The notice of an inspection (抽查通知书), once it was approved.
#[utoipa::path(get, path = "/api/v1/inspections/{id}/notice.pdf", tag = "forms",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 404), (status = 409)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn inspection_notice(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    fields: HeaderMap,
) -> Answer<Response> {
    let (form, day) = inspection::notice(&app.vault, signed.actor(), &id).await?;
    printed(&app, &fields, form, day).await
}

/// The notice to put a finding right (限期整改通知书).
#[utoipa::path(get, path = "/api/v1/inspections/{id}/findings/{finding}/notice.pdf", tag = "forms",
    params(("id" = String, Path), ("finding" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn correction_notice(
    State(app): State<App>,
    signed: Signed,
    Path((id, finding)): Path<(String, String)>,
    fields: HeaderMap,
) -> Answer<Response> {
    let about = (id.as_str(), finding.as_str());
    let (form, day) = inspection::correction_notice(&app.vault, signed.actor(), about).await?;
    printed(&app, &fields, form, day).await
}

/// The report of an inspection (抽查报告), once its lots were drawn.
#[utoipa::path(get, path = "/api/v1/inspections/{id}/report.pdf", tag = "forms",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 404), (status = 409)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn inspection_report(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    fields: HeaderMap,
) -> Answer<Response> {
    let (form, day) = inspection::report(&app.vault, signed.actor(), &id).await?;
    printed(&app, &fields, form, day).await
}

/// The yearly evaluation of inspections (年度考评表).
#[utoipa::path(get, path = "/api/v1/evaluations/{year}/report.pdf", tag = "forms",
    params(("year" = u32, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 400)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn inspection_evaluation(
    State(app): State<App>,
    signed: Signed,
    Path(year): Path<u32>,
    fields: HeaderMap,
) -> Answer<Response> {
    let (form, day) = inspection::evaluation_report(&app.vault, signed.actor(), year).await?;
    printed(&app, &fields, form, day).await
}

/// The record of destruction (《销毁记录》) of a disposal that was carried out.
#[utoipa::path(get, path = "/api/v1/disposals/{id}/record.pdf", tag = "forms",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 404), (status = 409)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn destruction_record(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    fields: HeaderMap,
) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let (form, day) = disposal::record_of(&app.vault, &id).await?;
    printed(&app, &fields, form, day).await
}

/// The label of a copy of a volume, to be put on its case; of one that was released there is none.
#[utoipa::path(get, path = "/api/v1/volumes/{label}/copies/{copy}/label.pdf", tag = "forms",
    params(("label" = String, Path), ("copy" = u64, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 404), (status = 409)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn volume_label(
    State(app): State<App>,
    signed: Signed,
    Path((label, copy)): Path<(String, u64)>,
    fields: HeaderMap,
) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let (form, day) = volume::label_of(&app.vault, &label, copy).await?;
    printed(&app, &fields, form, day).await
}
