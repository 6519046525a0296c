//! Keeping for decades: stores for copies.

use crate::extract::Signed;
use crate::problem::Answer;
use crate::state::App;
use crate::views::said_time;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::policy::Act;
use vault_core::preservation::{StoreView, stores_status};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(stores))
}

/// A store and what lies in it.
#[derive(Debug, Serialize, ToSchema)]
struct StoreSaid {
    /// `main`, or its number.
    id: String,
    /// What people call it; empty for the vault's own.
    name: String,
    /// `local` or `s3`; empty for the vault's own.
    kind: String,
    /// `in-use`, `release-proposed` or `released`.
    state: &'static str,
    /// Copies in it.
    objects: u64,
    /// Their bytes.
    bytes: u64,
    /// What it does not hold yet.
    lacking: u64,
    /// Copies found damaged and not found whole since.
    damaged: u64,
    /// When the copy that waits longest was last read.
    oldest: Option<String>,
}

/// Copies wanted of a class.
#[derive(Debug, Serialize, ToSchema)]
struct CopiesSaid {
    /// `original`, `evidence` or `long-term`.
    class: String,
    /// Good copies wanted of each.
    wanted: u64,
    /// Objects of this class.
    objects: u64,
    /// Those with fewer good copies.
    short: u64,
}

/// Stores and copies.
#[derive(Debug, Serialize, ToSchema)]
struct StoresSaid {
    /// The vault's own first.
    stores: Vec<StoreSaid>,
    /// By class.
    classes: Vec<CopiesSaid>,
}

fn store_said(view: StoreView) -> StoreSaid {
    StoreSaid {
        id: view.id,
        name: view.name,
        kind: view.kind,
        state: view.state,
        objects: view.objects,
        bytes: view.bytes,
        lacking: view.lacking,
        damaged: view.damaged,
        oldest: view.oldest_at.map(said_time),
    }
}

/// The stores, how full and how sound each is, and whether there are copies enough.
#[utoipa::path(get, path = "/api/v1/stores", tag = "preservation",
    responses((status = 200, body = StoresSaid), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn stores(State(app): State<App>, signed: Signed) -> Answer<Json<StoresSaid>> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let status = stores_status(&app.vault).await?;
    let classes = status.classes.into_iter().map(|class| CopiesSaid {
        class: class.class,
        wanted: class.wanted,
        objects: class.objects,
        short: class.short,
    });
    Ok(Json(StoresSaid {
        stores: status.stores.into_iter().map(store_said).collect(),
        classes: classes.collect(),
    }))
}
