//! Further stores: how full and how sound they are, and adding, filling, reading and releasing one
//! (R16, R17; A3.12).
//!
//! Promises: where a store may be added is the operator's word in `settings.toml`, and a page
//! chooses among those places by their titles. What takes long is begun and answered at once.

use crate::desk::{self, Found, Kind, Work};
use crate::extract::{Confirmed, ReasonTold, Signed, Told};
use crate::problem::Answer;
use crate::state::App;
use crate::views::{StepSaid, said_time, step_said};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::policy::Act;
use vault_core::preservation::{
    self, ReleaseStep, StoreView, add_store, propose_release, release_store, require_store,
    stores_status, withdraw_release,
};
use vault_core::settings::{Settings, StorePlace};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(stores, add))
        .routes(routes!(fill))
        .routes(routes!(check))
        .routes(routes!(propose))
        .routes(routes!(release))
        .routes(routes!(withdraw))
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
    /// Copies not read again within the period of the scheduled reading.
    overdue: u64,
    /// Whether the store answers.
    in_reach: bool,
    /// When the copy that waits longest was last read.
    oldest: Option<String>,
    /// Ids of what was found damaged in it, at most twenty.
    damaged_objects: Vec<String>,
    /// Whether it refuses to create a name twice, as was found out when it was added.
    create_only: bool,
    /// That somebody proposed that it no longer counts.
    proposed: Option<StepSaid>,
    /// How the last proposal that came to nothing ended.
    withdrawn: Option<StepSaid>,
    /// That another person said so.
    released: Option<StepSaid>,
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
    /// Stores that are to hold a good copy of each.
    places: Vec<PlaceSaid>,
}

/// A store that is to hold a class.
#[derive(Debug, Serialize, ToSchema)]
struct PlaceSaid {
    /// Its name.
    store: String,
    /// Objects of which it holds no good copy.
    lacking: u64,
}

/// Stores and copies.
#[derive(Debug, Serialize, ToSchema)]
struct StoresSaid {
    /// The vault's own first.
    stores: Vec<StoreSaid>,
    /// By class.
    classes: Vec<CopiesSaid>,
    /// Titles of the places where a page may add a store.
    places: Vec<String>,
}

fn release_said(step: ReleaseStep) -> StepSaid {
    step_said((step.person, step.reason, step.at))
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
        overdue: view.overdue,
        in_reach: view.in_reach,
        oldest: view.oldest_at.map(said_time),
        damaged_objects: view.damaged_objects.iter().map(ToString::to_string).collect(),
        create_only: view.create_only,
        proposed: view.proposed.map(release_said),
        withdrawn: view.withdrawn.map(release_said),
        released: view.released.map(release_said),
    }
}

async fn all(app: &App) -> Answer<Json<StoresSaid>> {
    let status = stores_status(&app.vault).await?;
    let lies = |(store, lacking)| PlaceSaid { store, lacking };
    let classes = status.classes.into_iter().map(|class| CopiesSaid {
        class: class.class,
        wanted: class.wanted,
        objects: class.objects,
        short: class.short,
        places: class.places.into_iter().map(lies).collect(),
    });
    let places = places(app)?.into_iter().map(|place| place.title);
    Ok(Json(StoresSaid {
        stores: status.stores.into_iter().map(store_said).collect(),
        classes: classes.collect(),
        places: places.collect(),
    }))
}

fn places(app: &App) -> Outcome<Vec<StorePlace>> {
    Ok(Settings::read(app.vault.directory())?.stores.places)
}

/// The stores, how full and how sound each is, and whether there are copies enough.
#[utoipa::path(get, path = "/api/v1/stores", tag = "preservation",
    responses((status = 200, body = StoresSaid), (status = 403)),
    extensions(("x-act" = json!("preservation.read-health"))))]
async fn stores(State(app): State<App>, signed: Signed) -> Answer<Json<StoresSaid>> {
    app.vault.admit(signed.actor(), Act::ReadHealth).await?;
    all(&app).await
}

/// A store to be added.
#[derive(Debug, Deserialize, ToSchema)]
struct StoreTold {
    /// What people call it.
    name: String,
    /// The number of its place among those of the settings, from 0.
    place: usize,
}

/// Adds a further store in one of the places of the settings.
#[utoipa::path(post, path = "/api/v1/stores", tag = "preservation", request_body = StoreTold,
    responses((status = 200, body = StoresSaid), (status = 403)),
    extensions(("x-act" = json!("store.register"))))]
async fn add(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<StoreTold>,
) -> Answer<Json<StoresSaid>> {
    app.vault.admit(signed.actor(), Act::RegisterStore).await?;
    let unknown = || Fault::new(Code::ArgumentInvalid).with("argument", told.place);
    let places = places(&app)?;
    let place = places.get(told.place).and_then(StorePlace::further).ok_or_else(unknown)?;
    add_store(&app.vault, signed.actor(), told.name.trim(), place).await?;
    all(&app).await
}

/// Begins to copy to a store what it lacks, each copy read back.
#[utoipa::path(post, path = "/api/v1/stores/{store}/fills", tag = "preservation",
    params(("store" = String, Path)),
    responses((status = 202), (status = 403), (status = 404)),
    extensions(("x-act" = json!("preservation.copy-out"))))]
async fn fill(
    State(app): State<App>,
    signed: Signed,
    Path(store): Path<String>,
) -> Answer<StatusCode> {
    let actor = signed.actor().clone();
    app.vault.admit(&actor, Act::CopyOut).await?;
    let work = Work::new(&app, &actor, Kind::FillStore, &require_store(&app.vault, &store).await?);
    let (vault, count, stop) = (app.vault.clone(), work.counter(), work.stop());
    desk::begin(&app, work, async move {
        let done = preservation::fill_store(&vault, &actor, &store, &stop, &count).await;
        done.map(Found::Copied)
    })?;
    Ok(StatusCode::ACCEPTED)
}

/// Begins to read every copy in a store again.
#[utoipa::path(post, path = "/api/v1/stores/{store}/checks", tag = "preservation",
    params(("store" = String, Path)),
    responses((status = 202), (status = 403), (status = 404)),
    extensions(("x-act" = json!("preservation.check-fixity"))))]
async fn check(
    State(app): State<App>,
    signed: Signed,
    Path(store): Path<String>,
) -> Answer<StatusCode> {
    let actor = signed.actor().clone();
    app.vault.admit(&actor, Act::CheckFixity).await?;
    let work = Work::new(&app, &actor, Kind::CheckStore, &require_store(&app.vault, &store).await?);
    let (vault, stop) = (app.vault.clone(), work.stop());
    desk::begin(&app, work, async move {
        let done = preservation::check_store(&vault, &actor, &store, None, &stop).await;
        done.map(Found::Read)
    })?;
    Ok(StatusCode::ACCEPTED)
}

/// Proposes that a store no longer counts.
#[utoipa::path(post, path = "/api/v1/stores/{store}/release-proposal", tag = "preservation",
    params(("store" = String, Path)), request_body = ReasonTold,
    responses((status = 200, body = StoresSaid), (status = 403), (status = 404), (status = 409)),
    extensions(("x-act" = json!("store.propose-release"))))]
async fn propose(
    State(app): State<App>,
    signed: Signed,
    Path(store): Path<String>,
    Told(told): Told<ReasonTold>,
) -> Answer<Json<StoresSaid>> {
    propose_release(&app.vault, signed.actor(), &store, &told.reason).await?;
    all(&app).await
}

/// Releases a store that another person proposed; its bytes are not touched.
#[utoipa::path(post, path = "/api/v1/stores/{store}/release", tag = "preservation",
    params(("store" = String, Path)), request_body = ReasonTold,
    responses((status = 200, body = StoresSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("store.release"))))]
async fn release(
    State(app): State<App>,
    signed: Confirmed,
    Path(store): Path<String>,
    Told(told): Told<ReasonTold>,
) -> Answer<Json<StoresSaid>> {
    release_store(&app.vault, signed.actor(), &store, &told.reason).await?;
    all(&app).await
}

/// Takes back or refuses the proposed release of a store, which counts as before.
#[utoipa::path(post, path = "/api/v1/stores/{store}/release-withdrawal", tag = "preservation",
    params(("store" = String, Path)), request_body = ReasonTold,
    responses((status = 200, body = StoresSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("store.withdraw-release"))))]
async fn withdraw(
    State(app): State<App>,
    signed: Signed,
    Path(store): Path<String>,
    Told(told): Told<ReasonTold>,
) -> Answer<Json<StoresSaid>> {
    withdraw_release(&app.vault, signed.actor(), &store, &told.reason).await?;
    all(&app).await
}
