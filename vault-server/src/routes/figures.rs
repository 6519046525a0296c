//! Seven figures for each office.

use crate::extract::{Asked, Signed};
use crate::problem::Answer;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::figures::{self, Audience, Figure, Step};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(board))
}

/// For whom, and by what.
#[derive(Deserialize, IntoParams)]
struct BoardAsked {
    /// `leader`, `inspector` or `keeper`, or the code of a role; who asks, where it is not said.
    role: Option<String>,
    /// `week` or `month`; weeks where it is not said.
    by: Option<String>,
}

/// A figure and its trend.
#[derive(Debug, Serialize, ToSchema)]
struct FigureSaid {
    /// What is counted.
    kind: &'static str,
    /// How many there are now, or were in the running step.
    value: u64,
    /// Whether it is told in percent.
    percent: bool,
    /// How many there were in each step, the oldest first.
    trend: Vec<u64>,
    /// The article it stands for.
    article: &'static str,
    /// The page with the list behind it.
    page: &'static str,
}

/// The figures of an office.
#[derive(Debug, Serialize, ToSchema)]
struct BoardSaid {
    /// For whom: `leader`, `inspector` or `keeper`.
    role: &'static str,
    /// `week` or `month`.
    by: &'static str,
    /// The first day of each step, the oldest first.
    days: Vec<String>,
    /// The seven figures.
    figures: Vec<FigureSaid>,
}

fn figure_said(one: Figure) -> FigureSaid {
    FigureSaid {
        kind: one.kind.as_str(),
        value: one.value,
        percent: one.kind.percent(),
        trend: one.trend,
        article: one.kind.article(),
        page: one.kind.page(),
    }
}

/// Seven figures of an office, with the trend of twelve weeks or months.
#[utoipa::path(get, path = "/api/v1/figures", tag = "oversight", params(BoardAsked),
    responses((status = 200, body = BoardSaid), (status = 400), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn board(
    State(app): State<App>,
    signed: Signed,
    Asked(asked): Asked<BoardAsked>,
) -> Answer<Json<BoardSaid>> {
    let audience = match &asked.role {
        Some(name) => Audience::parse(name)?,
        None => Audience::of(signed.actor()),
    };
    let step = Step::parse(asked.by.as_deref().unwrap_or("week"))?;
    let board = figures::board(&app.vault, signed.actor(), audience, step).await?;
    Ok(Json(BoardSaid {
        role: board.audience.as_str(),
        by: board.step.as_str(),
        days: board.days.iter().map(ToString::to_string).collect(),
        figures: board.figures.into_iter().map(figure_said).collect(),
    }))
}
