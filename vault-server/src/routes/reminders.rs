//! What waits for whoever is signed in, and reminders that were sent.

use crate::extract::{Confirmed, Signed};
use crate::problem::Answer;
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{Listed, said_time};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::reminders::{self, Delivery, Duty};
use vault_core::tables;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(duties))
        .routes(routes!(deliveries))
        .routes(routes!(replay))
        .routes(routes!(test))
}

/// One kind of thing that waits.
#[derive(Debug, Serialize, ToSchema)]
struct DutySaid {
    /// What, by its code.
    kind: &'static str,
    /// How many.
    count: u64,
    /// How many of them are past their day.
    late: u64,
    /// The page where they are.
    page: &'static str,
}

fn duty_said(one: &Duty) -> DutySaid {
    DutySaid { kind: one.kind, count: one.count, late: one.late, page: one.page }
}

/// What waits for whoever is signed in.
#[utoipa::path(get, path = "/api/v1/duties", tag = "reminders",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<DutySaid>)),
    extensions(("x-act" = json!("session"))))]
async fn duties(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let all = reminders::duties(&app.vault, signed.actor()).await?;
    shape.whole(&tables::DUTIES, all, |one| duty_said(&one)).await
}

/// A message and how far it is.
#[derive(Debug, Serialize, ToSchema)]
struct DeliverySaid {
    /// Its number.
    id: String,
    /// The day it is for.
    day: String,
    /// `todo`, `escalation` or `test`.
    kind: String,
    /// `mail`, or `webhook:` or `robot:` and the name of the setting.
    channel: String,
    /// The account, or the unit of a group.
    recipient: String,
    /// What is said.
    text: String,
    /// `waiting`, `sent` or `failed`.
    state: &'static str,
    /// How often it was tried.
    attempts: u64,
    /// When it was tried last.
    tried: Option<String>,
    /// What went wrong last.
    problem: String,
}

fn delivery_said(one: Delivery) -> DeliverySaid {
    DeliverySaid {
        id: one.message.id,
        day: one.message.day.to_string(),
        kind: one.message.kind,
        channel: one.message.channel,
        recipient: one.message.recipient,
        text: one.message.text,
        state: one.state.as_str(),
        attempts: one.attempts,
        tried: one.tried_at.map(said_time),
        problem: one.problem,
    }
}

/// Reminders, the newest first; for administrators.
#[utoipa::path(get, path = "/api/v1/reminders", tag = "reminders",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<DeliverySaid>), (status = 403)),
    extensions(("x-act" = json!("reminder.read"))))]
async fn deliveries(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let all = reminders::deliveries(&app.vault, signed.actor()).await?;
    shape.whole(&tables::DELIVERIES, all, delivery_said).await
}

/// Sends a reminder once more, with the same number.
#[utoipa::path(post, path = "/api/v1/reminders/{id}/replay", tag = "reminders",
    params(("id" = String, Path)),
    responses((status = 200, body = DeliverySaid), (status = 403), (status = 404), (status = 503)),
    extensions(("x-act" = json!("reminder.send"))))]
async fn replay(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
) -> Answer<Json<DeliverySaid>> {
    let carry = vault_post::carrier();
    let sent = reminders::replay(&app.vault, signed.actor(), &carry, &id).await?;
    Ok(Json(delivery_said(sent)))
}

/// What came of a trial.
#[derive(Debug, Serialize, ToSchema)]
struct TrialSaid {
    /// The channel.
    channel: String,
    /// The account, or the unit of a group.
    recipient: String,
    /// What went wrong; none where nothing did.
    problem: Option<String>,
}

/// Sends a trial message on every channel.
#[utoipa::path(post, path = "/api/v1/reminders/test", tag = "reminders",
    responses((status = 200, body = Listed<TrialSaid>), (status = 400), (status = 403)),
    extensions(("x-act" = json!("reminder.send"))))]
async fn test(State(app): State<App>, signed: Confirmed) -> Answer<Json<Listed<TrialSaid>>> {
    let tried = reminders::test(&app.vault, signed.actor(), &vault_post::carrier()).await?;
    let said = tried.into_iter().map(|(message, fault)| TrialSaid {
        channel: message.channel,
        recipient: message.recipient,
        problem: fault.map(|fault| reminders::problem_of(&fault)),
    });
    Ok(Json(Listed::whole(said.collect())))
}
