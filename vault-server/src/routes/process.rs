//! The whole process of cases.

use crate::extract::{Page, Signed};
use crate::limits::PAGE_ROWS_MAX;
use crate::problem::Answer;
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{Listed, ProcessSaid, process_said};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::oversight::process::{self, Process};
use vault_core::tables;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(all)).routes(routes!(one))
}

/// The processes of a page of cases: what each stage requires and what is missing.
#[utoipa::path(get, path = "/api/v1/process", tag = "cases",
    params(("after" = Option<u64>, Query), ("limit" = Option<u32>, Query),
        ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<ProcessSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn all(State(app): State<App>, signed: Signed, shape: Shape, page: Page) -> Answer<Response> {
    if shape.is_sheet() {
        let (mut lines, mut after) = (Vec::new(), None);
        loop {
            let (all, next) =
                process::list(&app.vault, signed.actor(), after, PAGE_ROWS_MAX).await?;
            lines.extend(all.iter().flat_map(Process::lines));
            after = next;
            if after.is_none() {
                break;
            }
        }
        return shape.sheet_of(&tables::PROCESS, lines).await;
    }
    let (all, next) = process::list(&app.vault, signed.actor(), page.after, page.rows).await?;
    let said = all.into_iter().map(process_said).collect();
    let (items, next) = page.of(said, next);
    Ok(Json(Listed { items, next }).into_response())
}

/// The process of one case.
#[utoipa::path(get, path = "/api/v1/cases/{case}/process", tag = "cases",
    params(("case" = String, Path), ("format" = Option<String>, Query)),
    responses((status = 200, body = ProcessSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn one(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    Path(case): Path<String>,
) -> Answer<Response> {
    let one = process::case(&app.vault, signed.actor(), &case).await?;
    if shape.is_sheet() {
        return shape.sheet_of(&tables::PROCESS, one.lines()).await;
    }
    Ok(Json(process_said(one)).into_response())
}
