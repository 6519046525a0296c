//! Which backups there are, what is overdue, and the standing work that makes and rehearses them.

use super::create::{NewBackup, create};
use super::rehearse::{NewRehearsal, rehearse};
use crate::catalog::BackupAct;
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::REHEARSAL_SAMPLE;
use crate::policy::{Act, Actor, permit};
use crate::settings::Settings;
use crate::stop::Stop;
use crate::store::durable;
use crate::vault::Vault;
use std::path::{Path, PathBuf};

/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// A rehearsal as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RehearsalView {
    /// When.
    pub at: UtcTime,
    /// Objects read.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How long all of it took.
    pub milliseconds: u64,
    /// Objects that did not agree.
    pub failed: u64,
}

/// A backup as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupView {
    /// Its number.
    pub id: String,
    /// When it was made.
    pub made_at: UtcTime,
    /// Who made it; empty for the standing work.
    pub person: String,
    /// Where it was put.
    pub place: String,
    /// Events of the ledger in it.
    pub events: u64,
    /// Objects on its list.
    pub objects: u64,
    /// Bytes of its files.
    pub bytes: u64,
    /// BLAKE3 of its list of files.
    pub list: String,
    /// Whether something was destroyed since: it may bear its key and is to be destroyed, too. Keys
    /// lie there before their recordings are on record, so that what came in later counts as well.
    pub bears_destroyed_keys: bool,
    /// Its last rehearsal.
    pub rehearsed: Option<RehearsalView>,
}

/// How a vault stands with its backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupStatus {
    /// The newest first.
    pub backups: Vec<BackupView>,
    /// When the last one was made.
    pub last_made_at: Option<UtcTime>,
    /// When a rehearsal last found everything whole.
    pub last_rehearsed_at: Option<UtcTime>,
    /// Whether there is none within its term.
    pub backup_due: bool,
    /// Whether none was rehearsed within its term.
    pub rehearsal_due: bool,
    /// When this vault was restored from a backup, if it was.
    pub restored_at: Option<UtcTime>,
    /// Checkpoints that were lost when a person let an older state go on, as size and root.
    pub lost: Vec<String>,
}

/// Whether this person may see the backups: who makes them, and who reads the ledger.
pub async fn admit_to_list(vault: &Vault, actor: &Actor) -> Outcome<()> {
    if permit(actor, Act::BackUp).is_ok() {
        return Ok(());
    }
    vault.admit(actor, Act::ReadLedger).await
}

/// The backups, and what is overdue.
pub async fn backup_status(vault: &Vault) -> Outcome<BackupStatus> {
    let acts = vault.catalog.ask().await?.backup_acts().await?;
    let settings = Settings::read(vault.directory())?.backup;
    let now = vault.clock.now();
    let created = vault.catalog.vault_fact("created_ms").await?;
    let created = created.and_then(|ms| ms.parse().ok()).map_or(now, UtcTime::from_ms);
    let mut backups = Vec::new();
    for act in acts.iter().rev().filter(|act| act.kind == "backup.made") {
        backups.push(view(vault, act, &acts).await?);
    }
    let last = |wanted: &dyn Fn(&BackupAct) -> bool| {
        acts.iter().rev().find(|act| wanted(act)).map(|act| act.at_ms)
    };
    let last_made_at = last(&|act| act.kind == "backup.made");
    let last_rehearsed_at = last(&|act| act.kind == "backup.rehearsed" && act.failed == 0);
    let over = |since: UtcTime, days: u64| {
        let term = i64::try_from(days).unwrap_or(i64::MAX / DAY_MS).saturating_mul(DAY_MS);
        since.plus_ms(term) < now
    };
    let first = backups.last().map_or(now, |backup| backup.made_at);
    Ok(BackupStatus {
        backup_due: over(last_made_at.unwrap_or(created), settings.days),
        rehearsal_due: over(last_rehearsed_at.unwrap_or(first), settings.rehearsal_days),
        backups,
        last_made_at,
        last_rehearsed_at,
        restored_at: last(&|act| act.kind == "vault.restored"),
        lost: acts.iter().flat_map(|act| act.lost.lines().map(str::to_owned)).collect(),
    })
}

async fn view(vault: &Vault, act: &BackupAct, acts: &[BackupAct]) -> Outcome<BackupView> {
    let rehearsed = acts
        .iter()
        .rev()
        .find(|one| one.kind == "backup.rehearsed" && one.backup == act.backup)
        .map(|one| RehearsalView {
            at: one.at_ms,
            objects: one.objects,
            bytes: one.bytes,
            milliseconds: one.milliseconds,
            failed: one.failed,
        });
    Ok(BackupView {
        id: act.backup.clone(),
        made_at: act.at_ms,
        person: act.person.clone(),
        place: act.place.clone(),
        events: act.events,
        objects: act.objects,
        bytes: act.bytes,
        list: act.list.clone(),
        bears_destroyed_keys: vault.catalog.destruction_since(act.events).await?,
        rehearsed,
    })
}

/// Whether the standing work has a backup to make or to rehearse.
pub(crate) async fn standing_work_due(vault: &Vault) -> Outcome<bool> {
    let settings = Settings::read(vault.directory())?.backup;
    if settings.directory.is_none() {
        return Ok(false);
    }
    let status = backup_status(vault).await?;
    Ok(status.backup_due || status.last_made_at.is_none() || to_rehearse(&status).is_some())
}

/// The newest backup that is in reach, if a rehearsal is due.
fn to_rehearse(status: &BackupStatus) -> Option<PathBuf> {
    let due = status.rehearsal_due || status.last_rehearsed_at.is_none();
    let places = status.backups.iter().map(|backup| PathBuf::from(&backup.place));
    places.into_iter().find(|place| due && place.join(super::list::LIST).is_file())
}

/// The standing work: a backup into the directory of the settings, and a rehearsal, when due.
pub(crate) async fn keep_backups(vault: &Vault, actor: &Actor, stop: &Stop) -> Outcome<()> {
    let Some(directory) = Settings::read(vault.directory())?.backup.directory else {
        return Ok(());
    };
    let mut status = backup_status(vault).await?;
    if status.backup_due || status.last_made_at.is_none() {
        create(vault, actor, &target(vault, &directory)?).await?;
        status = backup_status(vault).await?;
    }
    let Some(from) = to_rehearse(&status) else { return Ok(()) };
    let wanted = NewRehearsal { from, scratch: None, sample: REHEARSAL_SAMPLE };
    let found = rehearse(vault, actor, wanted, stop).await?;
    match found.failed.first() {
        None => Ok(()),
        Some(damage) => Err(Fault::new(Code::StoredBytesDamaged)
            .with("recording", damage.recording)
            .with("class", &damage.class)),
    }
}

/// Makes a backup where the settings say.
pub async fn create_where_set(vault: &Vault, actor: &Actor) -> Outcome<NewBackup> {
    let set = Settings::read(vault.directory())?.backup.directory;
    let unset = || Fault::new(Code::SettingInvalid).with("argument", "backup.directory");
    let directory = set.ok_or_else(unset)?;
    create(vault, actor, &target(vault, &directory)?).await
}

/// A free name in a directory of backups: the time it is made.
fn target(vault: &Vault, directory: &Path) -> Outcome<PathBuf> {
    durable::make_directory(directory)?;
    Ok(directory.join(format!("backup-{}", vault.clock.now().as_ms())))
}
