//! Backups, their rehearsal, and a ledger that is behind what is known of it.
//!
//! Where a backup goes over the network is the operator's word in `settings.toml`, never the
//! caller's.

use crate::extract::{Confirmed, Signed, Told};
use crate::problem::Answer;
use crate::state::App;
use crate::views::said_time;
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::backup::{
    self, BackupStatus, BackupView, NewRehearsal, Rehearsal, RehearsalView, backup_status,
};
use vault_core::fault::{Code, Fault};
use vault_core::ledger::Standing;
use vault_core::limits::REHEARSAL_SAMPLE;
use vault_core::policy::Act;
use vault_core::settings::Settings;
use vault_core::stop::Stop;
use vault_core::vault::Behind;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(backups, create))
        .routes(routes!(rehearse))
        .routes(routes!(recover))
}

/// A rehearsal.
#[derive(Debug, Serialize, ToSchema)]
struct RehearsalSaid {
    /// When.
    at: String,
    /// Objects read from beginning to end.
    objects: u64,
    /// Their bytes.
    bytes: u64,
    /// How long all of it took.
    milliseconds: u64,
    /// Objects that did not agree.
    failed: u64,
}

fn rehearsal_said(view: &RehearsalView) -> RehearsalSaid {
    RehearsalSaid {
        at: said_time(view.at),
        objects: view.objects,
        bytes: view.bytes,
        milliseconds: view.milliseconds,
        failed: view.failed,
    }
}

/// A backup.
#[derive(Debug, Serialize, ToSchema)]
struct BackupSaid {
    /// Its number.
    backup: String,
    /// When it was made.
    made: String,
    /// Who made it; empty for the standing work.
    person: String,
    /// Where it was put.
    place: String,
    /// Events of the ledger in it.
    events: u64,
    /// Objects on its list.
    objects: u64,
    /// Bytes of its files.
    bytes: u64,
    /// BLAKE3 of its list of files.
    list: String,
    /// Whether it still bears keys of what was destroyed since.
    bears_destroyed_keys: bool,
    /// Its last rehearsal.
    rehearsed: Option<RehearsalSaid>,
}

fn backup_said(view: &BackupView) -> BackupSaid {
    BackupSaid {
        backup: view.id.clone(),
        made: said_time(view.made_at),
        person: view.person.clone(),
        place: view.place.clone(),
        events: view.events,
        objects: view.objects,
        bytes: view.bytes,
        list: view.list.clone(),
        bears_destroyed_keys: view.bears_destroyed_keys,
        rehearsed: view.rehearsed.as_ref().map(rehearsal_said),
    }
}

/// A checkpoint that the ledger does not reach or agree with.
#[derive(Debug, Serialize, ToSchema)]
struct KnownSaid {
    /// `last-signed`, `witnessed`, `brought`, or the name of a store.
    place: String,
    /// Events it covers.
    size: u64,
    /// Their root, hex.
    root: String,
    /// `behind` where the ledger is shorter, `differs` where it is another.
    standing: &'static str,
}

/// Backups, what is overdue, and what stands against signing.
#[derive(Debug, Serialize, ToSchema)]
struct BackupsSaid {
    /// The newest first.
    backups: Vec<BackupSaid>,
    /// When the last one was made.
    last_made: Option<String>,
    /// When a rehearsal last found everything whole.
    last_rehearsed: Option<String>,
    /// Whether there is none within its term.
    backup_due: bool,
    /// Whether none was rehearsed within its term.
    rehearsal_due: bool,
    /// Days within which a backup is due.
    days: u64,
    /// Days within which a rehearsal is due.
    rehearsal_days: u64,
    /// Whether the settings say where backups go.
    placed: bool,
    /// When this vault was restored from a backup, if it was.
    restored: Option<String>,
    /// The backup it was restored from, while nobody has looked.
    unseen: Option<String>,
    /// What knows a newer state of the ledger.
    known: Vec<KnownSaid>,
    /// Checkpoints that were lost when a person let an older state go on, as size and root.
    lost: Vec<String>,
}

fn said(status: BackupStatus, behind: Behind, settings: &Settings) -> BackupsSaid {
    let known = behind.ahead.into_iter().map(|one| KnownSaid {
        place: one.place,
        size: one.size,
        root: one.root,
        standing: if one.standing == Standing::Behind { "behind" } else { "differs" },
    });
    BackupsSaid {
        backups: status.backups.iter().map(backup_said).collect(),
        last_made: status.last_made_at.map(said_time),
        last_rehearsed: status.last_rehearsed_at.map(said_time),
        backup_due: status.backup_due,
        rehearsal_due: status.rehearsal_due,
        days: settings.backup.days,
        rehearsal_days: settings.backup.rehearsal_days,
        placed: settings.backup.directory.is_some(),
        restored: status.restored_at.map(said_time),
        unseen: behind.restored,
        known: known.collect(),
        lost: status.lost,
    }
}

async fn all(app: &App) -> Answer<Json<BackupsSaid>> {
    let settings = Settings::read(app.vault.directory())?;
    let status = backup_status(&app.vault).await?;
    Ok(Json(said(status, app.vault.behind().await?, &settings)))
}

/// The backups, what is overdue, and what stands against signing.
#[utoipa::path(get, path = "/api/v1/backups", tag = "preservation",
    responses((status = 200, body = BackupsSaid), (status = 403)),
    extensions(("x-act" = json!("ledger.read"))))]
async fn backups(State(app): State<App>, signed: Signed) -> Answer<Json<BackupsSaid>> {
    backup::admit_to_list(&app.vault, signed.actor()).await?;
    all(&app).await
}

/// Makes a backup where the settings say.
#[utoipa::path(post, path = "/api/v1/backups", tag = "preservation",
    responses((status = 200, body = BackupsSaid), (status = 403)),
    extensions(("x-act" = json!("backup.make"))))]
async fn create(State(app): State<App>, signed: Signed) -> Answer<Json<BackupsSaid>> {
    app.vault.admit(signed.actor(), Act::BackUp).await?;
    backup::create_where_set(&app.vault, signed.actor()).await?;
    all(&app).await
}

/// What a rehearsal found.
#[derive(Debug, Serialize, ToSchema)]
struct RehearsedSaid {
    /// Which backup.
    backup: String,
    /// Events that were restored.
    events: u64,
    /// Objects read from beginning to end.
    objects: u64,
    /// Their bytes.
    bytes: u64,
    /// How long restoring took.
    restoring_milliseconds: u64,
    /// How long reading took.
    reading_milliseconds: u64,
    /// Ids of what did not agree.
    failed: Vec<String>,
}

fn rehearsed_said(found: &Rehearsal) -> RehearsedSaid {
    let ms = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    RehearsedSaid {
        backup: found.backup.clone(),
        events: found.events,
        objects: found.objects,
        bytes: found.bytes,
        restoring_milliseconds: ms(found.restoring),
        reading_milliseconds: ms(found.reading),
        failed: found.failed.iter().map(|damage| damage.recording.to_string()).collect(),
    }
}

/// Restores a backup for trial and reads a sample with its keys; the result goes on record.
#[utoipa::path(post, path = "/api/v1/backups/{id}/rehearsal", tag = "preservation",
    params(("id" = String, Path)),
    responses((status = 200, body = RehearsedSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("backup.rehearse"))))]
async fn rehearse(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<RehearsedSaid>> {
    app.vault.admit(signed.actor(), Act::RehearseRestore).await?;
    let status = backup_status(&app.vault).await?;
    let known = status.backups.into_iter().find(|backup| backup.id == id);
    let from = known.ok_or_else(|| Fault::new(Code::BackupUnknown).with("id", &id))?.place.into();
    let wanted = NewRehearsal { from, scratch: None, sample: REHEARSAL_SAMPLE };
    let found = backup::rehearse(&app.vault, signed.actor(), wanted, &Stop::default()).await?;
    Ok(Json(rehearsed_said(&found)))
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
struct RecoveryTold {
    /// Why the ledger may go on.
    reason: String,
}

/// A person has looked at a ledger that is behind what is known of it, and lets it go on.
#[utoipa::path(post, path = "/api/v1/ledger/recovery", tag = "ledger",
    request_body = RecoveryTold,
    responses((status = 200, body = BackupsSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("ledger.recover"))))]
async fn recover(
    State(app): State<App>,
    signed: Confirmed,
    Told(told): Told<RecoveryTold>,
) -> Answer<Json<BackupsSaid>> {
    app.vault.recover_ledger(signed.actor(), &told.reason).await?;
    all(&app).await
}
