//! The register of devices.

use crate::extract::{Signed, Told};
use crate::problem::{Answer, Refused};
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{DeviceSaid, DevicesSaid, NumberSaid, device_said, devices_said};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::fault::{Code, Fault};
use vault_core::oversight::device::{self, Condition, DeviceFacts, DeviceStep};
use vault_core::policy::Act;
use vault_core::tables;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, register))
        .routes(routes!(one))
        .routes(routes!(change))
        .routes(routes!(take_out))
        .routes(routes!(check))
        .routes(routes!(use_step))
        .routes(routes!(keeping_step))
}

/// The register, and numbers that labels name without an entry.
#[utoipa::path(get, path = "/api/v1/devices", tag = "devices",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = DevicesSaid), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn list(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let all = device::list(&app.vault, signed.actor()).await?;
    if shape.is_sheet() {
        return shape.sheet_of(&tables::DEVICES, all.devices).await;
    }
    Ok(Json(devices_said(all)).into_response())
}

/// A device, by the number of its entry or the number it bears, with every step.
#[utoipa::path(get, path = "/api/v1/devices/{id}", tag = "devices", params(("id" = String, Path)),
    responses((status = 200, body = DeviceSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<DeviceSaid>> {
    Ok(Json(device_said(device::show(&app.vault, signed.actor(), &id).await?)))
}

/// What an entry says of a device.
#[derive(Debug, Deserialize, ToSchema)]
struct DeviceTold {
    /// The number it bears.
    number: String,
    /// What kind it is.
    kind: String,
    /// Maker and model.
    #[serde(default)]
    model: String,
    /// The maker's number.
    #[serde(default)]
    serial: String,
    /// Its unit.
    unit: String,
    /// Who keeps it.
    keeper: String,
    /// Days between checks; 0 for the usual.
    #[serde(default)]
    check_days: u64,
    /// Days between maintenance; 0 for the usual.
    #[serde(default)]
    maintenance_days: u64,
}

fn facts(told: DeviceTold) -> DeviceFacts {
    let DeviceTold { number, kind, model, serial, unit, keeper, check_days, maintenance_days } =
        told;
    DeviceFacts { number, kind, model, serial, unit, keeper, check_days, maintenance_days }
}

/// Enters a device.
#[utoipa::path(post, path = "/api/v1/devices", tag = "devices", request_body = DeviceTold,
    responses((status = 200, body = NumberSaid), (status = 400), (status = 403), (status = 409)),
    extensions(("x-act" = json!("device.keep"))))]
async fn register(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<DeviceTold>,
) -> Answer<Json<NumberSaid>> {
    let id = device::register(&app.vault, signed.actor(), facts(told)).await?;
    Ok(Json(NumberSaid { id: id.to_string() }))
}

/// Enters what changed of a device.
#[utoipa::path(post, path = "/api/v1/devices/{id}/changes", tag = "devices",
    params(("id" = String, Path)), request_body = DeviceTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("device.keep"))))]
async fn change(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<DeviceTold>,
) -> Answer<StatusCode> {
    device::change(&app.vault, signed.actor(), &id, facts(told)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a device was found.
#[derive(Debug, Deserialize, ToSchema)]
struct ConditionTold {
    /// Who takes it, where it is taken out.
    #[serde(default)]
    user: String,
    /// Charge, in percent.
    battery: u64,
    /// Free memory, in MiB.
    free_mib: u64,
    /// How much its clock is behind, in seconds.
    #[serde(default)]
    clock_seconds: i64,
    /// Whether whoever looked finds it fit.
    fit: bool,
    /// What else was seen.
    #[serde(default)]
    note: String,
}

fn condition(told: ConditionTold) -> (String, Condition) {
    let ConditionTold { user, battery, free_mib, clock_seconds, fit, note } = told;
    (user, Condition { battery, free_mib, clock_seconds, fit, note })
}

/// Somebody takes it out, after looking at it.
#[utoipa::path(post, path = "/api/v1/devices/{id}/outings", tag = "devices",
    params(("id" = String, Path)), request_body = ConditionTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("device.use"))))]
async fn take_out(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<ConditionTold>,
) -> Answer<StatusCode> {
    let (user, found) = condition(told);
    device::take_out(&app.vault, signed.actor(), &id, (&user, found)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts on record how it was found.
#[utoipa::path(post, path = "/api/v1/devices/{id}/checks", tag = "devices",
    params(("id" = String, Path)), request_body = ConditionTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("device.use"))))]
async fn check(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<ConditionTold>,
) -> Answer<StatusCode> {
    device::check(&app.vault, signed.actor(), &id, condition(told).1).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is to be said of a step.
#[derive(Debug, Deserialize, ToSchema)]
struct NoteTold {
    /// In words.
    #[serde(default)]
    note: String,
}

async fn noted(
    (app, signed): (&App, &Signed),
    (id, step): (&str, &str),
    (note, act): (&str, Act),
) -> Answer<StatusCode> {
    let known = DeviceStep::parse(step).filter(|known| known.act() == act);
    let invalid = || Refused::from(Fault::new(Code::ArgumentInvalid).with("argument", step));
    let step = known.ok_or_else(invalid)?;
    device::note(&app.vault, signed.actor(), id, (step, note)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// It came back (`return`), or does not work (`break`).
#[utoipa::path(post, path = "/api/v1/devices/{id}/use/{step}", tag = "devices",
    params(("id" = String, Path), ("step" = String, Path)), request_body = NoteTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("device.use"))))]
async fn use_step(
    State(app): State<App>,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    Told(told): Told<NoteTold>,
) -> Answer<StatusCode> {
    noted((&app, &signed), (&id, &step), (&told.note, Act::UseDevice)).await
}

/// It was maintained (`maintain`), works again (`mend`), or is used no more (`retire`).
#[utoipa::path(post, path = "/api/v1/devices/{id}/keeping/{step}", tag = "devices",
    params(("id" = String, Path), ("step" = String, Path)), request_body = NoteTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("device.keep"))))]
async fn keeping_step(
    State(app): State<App>,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    Told(told): Told<NoteTold>,
) -> Answer<StatusCode> {
    noted((&app, &signed), (&id, &step), (&told.note, Act::KeepDevices)).await
}
