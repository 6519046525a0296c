//! Long work that was begun from pages, and what it came to; what is stored read again and mended
//! on a person's word (R16, R17; A3.12).
//!
//! Promises: who sees how the whole stands sees the work, too: ids and labels, no names of
//! recordings.

use crate::desk::{self, Found, Kind, Work, WorkState};
use crate::extract::Signed;
use crate::problem::{Answer, Problem};
use crate::state::App;
use crate::views::{Listed, said_time};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::limits::DAMAGED_SHOWN_MAX;
use vault_core::policy::{Act, Actor, permit};
use vault_core::preservation::{self, Repair, Selection, VerifyReport};
use vault_core::wording::Language;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(work))
        .routes(routes!(stop))
        .routes(routes!(verify))
        .routes(routes!(repair))
}

/// A copy that was mended.
#[derive(Debug, Serialize, ToSchema)]
struct RepairSaid {
    /// Which object.
    object: String,
    /// The store whose copy was mended.
    store: String,
    /// Where the good bytes came from: a store, or `disc:` and the label of a volume.
    source: String,
    /// Bytes that were fetched.
    bytes: u64,
}

/// An object that something could not be done with.
#[derive(Debug, Serialize, ToSchema)]
struct UndoneSaid {
    /// Which object.
    object: String,
    /// Why; none where the ledger has it.
    problem: Option<Problem>,
}

/// What work came to; what does not apply is 0, empty or none.
#[derive(Debug, Default, Serialize, ToSchema)]
struct FoundSaid {
    /// Objects that were copied, read, or taken to the cold store.
    objects: u64,
    /// Their bytes.
    bytes: u64,
    /// What was mended; at most twenty.
    repairs: Vec<RepairSaid>,
    /// How many were mended.
    repaired: u64,
    /// Recordings that agreed already and were left as they are.
    whole: u64,
    /// What was not copied, does not agree, or did not come back; at most twenty.
    undone: Vec<UndoneSaid>,
    /// How many.
    failed: u64,
    /// Bytes of a copy of a volume that do not agree.
    damaged_bytes: u64,
    /// Whether its parity gives all of them back; none where no copy was read.
    mendable: Option<bool>,
    /// What was not come to, because the work was stopped.
    left: u64,
    /// Recordings that came back from a cold store.
    recalled: u64,
    /// Recordings that are still on their way.
    under_way: u64,
}

fn repairs_said(repairs: &[Repair]) -> Vec<RepairSaid> {
    let said = |repair: &Repair| RepairSaid {
        object: repair.object.to_string(),
        store: repair.store.clone(),
        source: repair.source.clone(),
        bytes: repair.moved,
    };
    repairs.iter().take(DAMAGED_SHOWN_MAX).map(said).collect()
}

fn undone(object: &impl ToString) -> UndoneSaid {
    UndoneSaid { object: object.to_string(), problem: None }
}

fn found_said(found: &Found, language: Language) -> FoundSaid {
    let mut said = FoundSaid::default();
    match found {
        Found::Recorded => {}
        Found::Copied(copied) => {
            (said.objects, said.bytes, said.failed) = (copied.objects, copied.bytes, copied.failed);
            said.left = copied.left;
            said.undone = copied.not_copied.iter().map(undone).collect();
        }
        Found::Read(read) => {
            (said.objects, said.bytes) = (read.objects, read.bytes);
            said.failed = read.failed.len() as u64;
            let damaged = read.failed.iter().take(DAMAGED_SHOWN_MAX);
            said.undone = damaged.map(|damage| undone(&damage.recording)).collect();
            said.repaired = read.repaired.len() as u64;
            said.repairs = repairs_said(&read.repaired);
        }
        Found::Checked(checked) => {
            said.damaged_bytes = checked.damaged_bytes;
            said.mendable = Some(checked.mendable);
            said.failed = checked.lost_recordings.len() as u64;
            let lost = checked.lost_recordings.iter().take(DAMAGED_SHOWN_MAX);
            said.undone = lost.map(undone).collect();
        }
        Found::Mended(repairs) => {
            said.repaired = repairs.len() as u64;
            said.repairs = repairs_said(repairs);
        }
        Found::Restored(restored) => {
            (said.whole, said.left) = (restored.whole, restored.left);
            said.repaired = restored.repairs.len() as u64;
            said.repairs = repairs_said(&restored.repairs);
            said.failed = restored.failed.len() as u64;
            let failed = restored.failed.iter().take(DAMAGED_SHOWN_MAX);
            let said_of = failed.map(|(object, fault)| UndoneSaid {
                object: object.to_string(),
                problem: Some(Problem::of(fault, language)),
            });
            said.undone = said_of.collect();
        }
        Found::Moved(moved) => {
            (said.objects, said.bytes) = (moved.cooled, moved.cooled_bytes);
            (said.recalled, said.under_way) = (moved.recalled, moved.under_way);
        }
    }
    said
}

/// A piece of work that was begun from a page.
#[derive(Debug, Serialize, ToSchema)]
struct WorkSaid {
    /// Its number since the service started.
    number: u64,
    /// What is done, by its code.
    kind: &'static str,
    /// Beside what it cannot go on: `volumes`, `stores` or `objects`.
    lane: &'static str,
    /// The label of the volume, the name of the store, or the id of the object.
    about: String,
    /// Which copy of a volume; 0 where none is meant.
    copy: u64,
    /// Who began it.
    person: String,
    /// When.
    began: String,
    /// When it ended.
    ended: Option<String>,
    /// `running`, `done` or `failed`.
    state: &'static str,
    /// Whether it goes on and whoever asks may stop it.
    may_stop: bool,
    /// Bytes that were read or copied until now, where the work counts them.
    bytes: u64,
    /// What it came to, once it is done.
    found: Option<FoundSaid>,
    /// Why it failed, as a refused call would be answered.
    problem: Option<Problem>,
}

fn work_said(work: Work, actor: &Actor, language: Language) -> WorkSaid {
    let may_stop = work.state.runs() && work.kind.can_stop();
    let may_stop = may_stop && permit(actor, work.kind.act()).is_ok();
    let (state, found, problem) = match &work.state {
        WorkState::Running => ("running", None, None),
        WorkState::Done(found) => ("done", Some(found_said(found, language)), None),
        WorkState::Failed(fault) => ("failed", None, Some(Problem::of(fault, language))),
    };
    WorkSaid {
        number: work.number,
        may_stop,
        kind: work.kind.as_str(),
        lane: work.kind.lane().as_str(),
        copy: work.copy,
        began: said_time(work.began),
        ended: work.ended.map(said_time),
        state,
        bytes: work.bytes(),
        found,
        problem,
        about: work.about,
        person: work.person,
    }
}

/// Long work that was begun from pages since the service started, the newest first.
#[utoipa::path(get, path = "/api/v1/desk", tag = "preservation",
    responses((status = 200, body = Listed<WorkSaid>), (status = 403)),
    extensions(("x-act" = json!("preservation.read-health"))))]
async fn work(
    State(app): State<App>,
    signed: Signed,
    fields: HeaderMap,
) -> Answer<Json<Listed<WorkSaid>>> {
    app.vault.admit(signed.actor(), Act::ReadHealth).await?;
    let language = crate::state::language_of(&fields);
    let work = app.desk.list().into_iter().map(|work| work_said(work, signed.actor(), language));
    Ok(Json(Listed::whole(work.collect())))
}

/// Asks a piece of work to stop; what it did until then stays. For whoever may begin such work.
#[utoipa::path(post, path = "/api/v1/desk/{number}/stop", tag = "preservation",
    params(("number" = u64, Path)),
    responses((status = 202), (status = 403), (status = 409)),
    extensions(("x-act" = json!("preservation.read-health"))))]
async fn stop(
    State(app): State<App>,
    signed: Signed,
    Path(number): Path<u64>,
) -> Answer<StatusCode> {
    app.vault.admit(signed.actor(), Act::ReadHealth).await?;
    let work = app.desk.stoppable(number)?;
    app.vault.admit(signed.actor(), work.kind.act()).await?;
    work.halt();
    Ok(StatusCode::ACCEPTED)
}

/// Begins to read a recording and what was made from it again.
#[utoipa::path(post, path = "/api/v1/recordings/{id}/checks", tag = "preservation",
    params(("id" = String, Path)),
    responses((status = 202), (status = 403), (status = 404)),
    extensions(("x-act" = json!("preservation.check-fixity"))))]
async fn verify(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    let actor = signed.actor().clone();
    app.vault.admit(&actor, Act::CheckFixity).await?;
    let recording = app.vault.find(&id).await?;
    preservation::require_here(&app.vault, &recording).await?;
    let work = Work::new(&app, &actor, Kind::Verify, &recording.to_string());
    let (vault, count, stop) = (app.vault.clone(), work.counter(), work.stop());
    desk::begin(&app, work, async move {
        let report = Arc::new(move |report| {
            if let VerifyReport::Read { bytes } = report {
                count(bytes);
            }
        });
        let these = Selection::These(vec![recording]);
        let read = preservation::verify(&vault, &actor, these, false, stop, report);
        read.await.map(Found::Read)
    })?;
    Ok(StatusCode::ACCEPTED)
}

/// Begins to mend every damaged copy of a recording, or of what was made from one, from the others.
#[utoipa::path(post, path = "/api/v1/recordings/{id}/repairs", tag = "preservation",
    params(("id" = String, Path)),
    responses((status = 202), (status = 403), (status = 404)),
    extensions(("x-act" = json!("preservation.repair"))))]
async fn repair(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    let actor = signed.actor().clone();
    app.vault.admit(&actor, Act::RepairCopy).await?;
    let object = app.vault.find_kept(&id).await?;
    let work = Work::new(&app, &actor, Kind::Repair, &object.to_string());
    let vault = app.vault.clone();
    desk::begin(&app, work, async move {
        preservation::repair(&vault, &actor, &object).await.map(Found::Mended)
    })?;
    Ok(StatusCode::ACCEPTED)
}
