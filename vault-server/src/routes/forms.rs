//! Forms as PDF/A, to be printed, signed and sealed (R10, R19; A3.10, A3.15).
//!
//! Promises: the same vault gives the same bytes again; a form shows nothing that its reader could
//! not see on the page it is asked from.

use crate::extract::{Asked, Signed};
use crate::forms::Typesetter;
use crate::problem::{Answer, wording};
use crate::state::{App, language_of};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::access::{self, Form};
use vault_core::clock::Date;
use vault_core::fault::{Code, Fault};
use vault_core::policy::Act;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(notice))
        .routes(routes!(preservation_list))
        .routes(routes!(custody_log))
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
