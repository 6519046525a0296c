//! Hot and cold: how much lies in the cold store, what would go there, what is on its way back, and
//! moving it at once (R16; A3.12).

use crate::desk::{self, Found, Kind, Work};
use crate::extract::Signed;
use crate::problem::Answer;
use crate::state::App;
use crate::views::said_time;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::fault::{Code, Fault};
use vault_core::policy::Act;
use vault_core::preservation::{move_tiers, plan_tiers, require_store, tier_status};

/// Recordings past their hot period that a page looks through: what a second is enough for.
const PLANNED_MAX: u64 = 1_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(tiers)).routes(routes!(move_now))
}

/// A recording on its way back.
#[derive(Debug, Serialize, ToSchema)]
struct AskedSaid {
    /// Which recording.
    recording: String,
    /// When it was asked for.
    since: String,
}

/// What lies in the cold store and what would go there.
#[derive(Debug, Serialize, ToSchema)]
struct TiersSaid {
    /// The cold store of the settings, by its name.
    store: Option<String>,
    /// Whether it must be asked for what lies in it.
    archives: bool,
    /// Days after which a recording without use is cold.
    after_days: u64,
    /// Recordings in cold stores.
    recordings: u64,
    /// Their bytes.
    bytes: u64,
    /// What is on its way back.
    asked: Vec<AskedSaid>,
    /// Recordings that would go to the cold store now, of the first thousand past their hot period.
    next: u64,
    /// Their bytes.
    next_bytes: u64,
    /// Recordings past their hot period that stay, by the code of the reason.
    stay: BTreeMap<&'static str, u64>,
}

/// What lies in the cold store, what would go there, what is on its way back.
#[utoipa::path(get, path = "/api/v1/tiers", tag = "preservation",
    responses((status = 200, body = TiersSaid), (status = 403)),
    extensions(("x-act" = json!("preservation.read-health"))))]
async fn tiers(State(app): State<App>, signed: Signed) -> Answer<Json<TiersSaid>> {
    app.vault.admit(signed.actor(), Act::ReadHealth).await?;
    let status = tier_status(&app.vault).await?;
    let plan = plan_tiers(&app.vault, Some(PLANNED_MAX)).await?;
    let asked = status.asked.into_iter().map(|(recording, at)| AskedSaid {
        recording: recording.to_string(),
        since: said_time(at),
    });
    Ok(Json(TiersSaid {
        store: status.store,
        archives: status.archives,
        after_days: status.after_days,
        recordings: status.recordings,
        bytes: status.bytes,
        asked: asked.collect(),
        next: plan.cooled,
        next_bytes: plan.cooled_bytes,
        stay: plan.stay,
    }))
}

/// Begins to take what is cold to the cold store, each copy verified there first, and to bring back
/// what was asked for, as the service does by itself every day.
#[utoipa::path(post, path = "/api/v1/tiers/moves", tag = "preservation",
    responses((status = 202), (status = 403)),
    extensions(("x-act" = json!("preservation.cool-down"))))]
async fn move_now(State(app): State<App>, signed: Signed) -> Answer<StatusCode> {
    let actor = signed.actor().clone();
    app.vault.admit(&actor, Act::CoolDown).await?;
    let unset = || Fault::new(Code::SettingInvalid).with("argument", "tiers.store");
    let store = tier_status(&app.vault).await?.store.ok_or_else(unset)?;
    let store = require_store(&app.vault, &store).await?;
    let work = Work::new(&app, &actor, Kind::MoveTiers, &store);
    let (vault, stop) = (app.vault.clone(), work.stop());
    desk::begin(&app, work, async move {
        let moved = move_tiers(&vault, &actor, &stop).await?;
        Ok(Found::Moved(moved))
    })?;
    Ok(StatusCode::ACCEPTED)
}
