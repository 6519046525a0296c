//! The whole process of cases.

use crate::extract::{Page, Signed};
use crate::problem::Answer;
use crate::state::App;
use crate::views::{Listed, ProcessSaid, process_said};
use axum::Json;
use axum::extract::{Path, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::oversight::process;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(all)).routes(routes!(one))
}

/// The processes of a page of cases: what each stage requires and what is missing.
#[utoipa::path(get, path = "/api/v1/process", tag = "cases",
    params(("after" = Option<u64>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Listed<ProcessSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn all(
    State(app): State<App>,
    signed: Signed,
    page: Page,
) -> Answer<Json<Listed<ProcessSaid>>> {
    let (all, next) = process::list(&app.vault, signed.actor(), page.after, page.rows).await?;
    let said = all.into_iter().map(process_said).collect();
    let (items, next) = page.of(said, next);
    Ok(Json(Listed { items, next }))
}

/// The process of one case.
#[utoipa::path(get, path = "/api/v1/cases/{case}/process", tag = "cases",
    params(("case" = String, Path)),
    responses((status = 200, body = ProcessSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(case): Path<String>,
) -> Answer<Json<ProcessSaid>> {
    Ok(Json(process_said(process::case(&app.vault, signed.actor(), &case).await?)))
}
