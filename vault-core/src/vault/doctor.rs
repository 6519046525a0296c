//! What is wrong with this machine or vault: findings, each with its remedy in the catalogues.

use super::description::Description;
use super::{Vault, blocking};
use crate::backup::backup_status;
use crate::clock::Clock;
use crate::fault::{Fault, Outcome};
use crate::jobs::{JobState, Jobs};
use crate::keys::{KeyStore, VaultKey};
use crate::limits::UNSIGNED_MAX;
use crate::media::WorkerProgram;
use crate::preservation::{ClassCopies, scrub_status, stores_in_use, stores_status};
use crate::settings::Settings;
use crate::store::backend::local::LocalBackend;
use crate::volume;
use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Below this much free space people are told: a day of one recorder.
const SPACE_LOW_BYTES: u64 = 20 << 30;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Ok,
    /// Works, but should be mended.
    Warning,
    /// A promise cannot be kept.
    Problem,
}

/// One thing that was looked at; its words are `doctor-<key>`.
#[derive(Debug)]
pub struct Finding {
    /// How bad.
    pub level: Level,
    /// What.
    pub key: &'static str,
    /// Details for the text.
    pub details: Vec<(&'static str, String)>,
    /// What went wrong; in words it stands for `what`.
    pub fault: Option<Fault>,
}

fn finding(level: Level, key: &'static str) -> Finding {
    Finding { level, key, details: Vec::new(), fault: None }
}

/// A finding that something failed: programs read its code and details as `what`.
fn failed(level: Level, key: &'static str, fault: Fault) -> Finding {
    let details = vec![("what", fault.to_string())];
    Finding { level, key, details, fault: Some(fault) }
}

fn with(
    level: Level,
    key: &'static str,
    name: &'static str,
    value: &dyn std::fmt::Display,
) -> Finding {
    Finding { level, key, details: vec![(name, value.to_string())], fault: None }
}

impl Vault {
    /// Looks at everything a promise rests on.
    /// `worker` is the program that examines media.
    pub async fn doctor(directory: &Path, clock: Clock, worker: &WorkerProgram) -> Vec<Finding> {
        let mut findings = Vec::new();
        let Ok(description) = Description::read(directory) else {
            return vec![with(Level::Problem, "not-a-vault", "path", &directory.display())];
        };
        key_findings(&description, directory, &mut findings);
        space(directory, &mut findings);
        worker_findings(worker, &mut findings);
        if let Err(fault) = Settings::read(directory) {
            findings.push(failed(Level::Problem, "settings-invalid", fault));
        }
        let vault = match Self::open(directory, clock).await {
            Ok(vault) => vault,
            Err(fault) => {
                findings.push(failed(Level::Problem, "vault-fails", fault));
                return findings;
            }
        };
        findings.push(finding(Level::Ok, "vault-opens"));
        findings.push(finding(Level::Ok, "catalogue-settings"));
        vault.store_findings(&mut findings).await;
        if let Err(fault) = vault.behind_findings(&mut findings).await {
            findings.push(failed(Level::Problem, "ledger-fails", fault));
        }
        if let Err(fault) = vault.ledger_findings(&mut findings).await {
            findings.push(failed(Level::Problem, "ledger-fails", fault));
        }
        if let Err(fault) = vault.backup_findings(&mut findings).await {
            findings.push(failed(Level::Problem, "catalogue-fails", fault));
        }
        if let Err(fault) = vault.work_findings(&mut findings).await {
            findings.push(failed(Level::Problem, "catalogue-fails", fault));
        }
        findings
    }

    async fn store_findings(&self, findings: &mut Vec<Finding>) {
        let store = self.store.clone();
        match blocking(move || store.backend().self_test()).await {
            Ok(found) if found.create_only => {
                findings.push(finding(Level::Ok, "store-writable"));
                findings.push(finding(Level::Ok, "store-create-only"));
            }
            Ok(_) => findings.push(finding(Level::Warning, "store-overwrites")),
            Err(fault) => findings.push(failed(Level::Problem, "store-fails", fault)),
        }
        if let Some(local) = self.store.backend().local() {
            let left = std::fs::read_dir(local.staging()).map_or(0, Iterator::count);
            if left > 0 {
                findings.push(with(Level::Warning, "staging-left", "count", &left));
            }
        }
    }

    async fn ledger_findings(&self, findings: &mut Vec<Finding>) -> Outcome<()> {
        let (now, last) = (self.clock.now(), self.catalog.ask().await?.last_event_at().await?);
        if now < last {
            findings.push(with(Level::Problem, "clock-behind", "time", &last.in_china()));
        }
        if let Err(fault) = self.ledger.verifier() {
            findings.push(failed(Level::Problem, "ledger-unsignable", fault));
            return Ok(());
        }
        let unsigned = self.unsigned()?;
        if unsigned >= UNSIGNED_MAX {
            findings.push(with(Level::Warning, "ledger-unsigned", "count", &unsigned));
        }
        if self.ledger.last_checkpoint()?.is_none() {
            findings.push(finding(Level::Warning, "checkpoint-missing"));
            return Ok(());
        }
        let report = self.ledger.verify(&self.catalog).await?;
        findings.push(with(Level::Ok, "ledger-agrees", "count", &report.size));
        Ok(())
    }

    /// Whether an older state came back, by everything that remembers a newer.
    async fn behind_findings(&self, findings: &mut Vec<Finding>) -> Outcome<()> {
        let behind = self.behind().await?;
        if let Some(backup) = &behind.restored {
            findings.push(with(Level::Problem, "ledger-restored", "id", backup));
        }
        for known in behind.ahead {
            let mut found = with(Level::Problem, "ledger-behind", "place", &known.place);
            found.details.push(("size", known.size.to_string()));
            findings.push(found);
        }
        Ok(())
    }

    async fn backup_findings(&self, findings: &mut Vec<Finding>) -> Outcome<()> {
        let settings = Settings::read(&self.directory)?;
        let status = backup_status(self).await?;
        match status.last_made_at {
            Some(at) if !status.backup_due => {
                findings.push(with(Level::Ok, "backup-ok", "time", &at.in_china()));
            }
            _ if !status.backup_due => {}
            _ => {
                let days = settings.backup.days;
                findings.push(with(Level::Warning, "backup-due", "days", &days));
            }
        }
        let last = status.backups.iter().find_map(|backup| backup.rehearsed.as_ref());
        if let Some(failed) = last.map(|last| last.failed).filter(|failed| *failed > 0) {
            findings.push(with(Level::Problem, "rehearsal-failed", "count", &failed));
        }
        if status.rehearsal_due {
            let days = settings.backup.rehearsal_days;
            findings.push(with(Level::Warning, "rehearsal-due", "days", &days));
        } else if let Some(at) = status.last_rehearsed_at {
            findings.push(with(Level::Ok, "rehearsal-ok", "time", &at.in_china()));
        }
        let bearing = status.backups.iter().filter(|backup| backup.bears_destroyed_keys).count();
        if bearing > 0 {
            let key = "backup-bears-destroyed-keys";
            findings.push(with(Level::Warning, key, "count", &bearing));
        }
        if let Some(name) = settings.tiers.store
            && !stores_in_use(self).await?.iter().any(|(_, known)| *known == name)
        {
            findings.push(with(Level::Problem, "cold-store-unknown", "name", &name));
        }
        Ok(())
    }

    async fn volume_findings(&self, findings: &mut Vec<Finding>) -> Outcome<()> {
        let volumes = volume::list(self).await?;
        let short = volumes.iter().filter(|volume| volume.is_short()).count();
        if short > 0 {
            findings.push(with(Level::Warning, "volumes-short", "count", &short));
        }
        let due = volume::due(self, 0).await?.len();
        if due > 0 {
            findings.push(with(Level::Warning, "volume-copies-due", "count", &due));
        }
        let recipients = Settings::read(self.directory())?.volumes.recipients;
        for (class, all) in recipients.all() {
            if all.len() == 1 {
                findings.push(with(Level::Warning, "escrow-missing", "secrecy", &class));
            }
        }
        Ok(())
    }

    /// Further stores on the disk that the vault lies on: one of them may be a mount that is gone.
    async fn together_findings(&self, findings: &mut Vec<Finding>) -> Outcome<()> {
        let device = |path: &Path| std::fs::metadata(path).map(|found| found.dev()).ok();
        let own = self.store.backend().local().map(LocalBackend::staging);
        let own = [Some(self.directory.clone()), own];
        let own: BTreeSet<u64> = own.iter().flatten().filter_map(|path| device(path)).collect();
        for (id, name) in stores_in_use(self).await? {
            let Ok(store) = self.further_store(&id) else { continue };
            let Some(local) = store.backend().local() else { continue };
            if device(&local.staging()).is_some_and(|device| own.contains(&device)) {
                findings.push(with(Level::Warning, "store-together", "id", &name));
            }
        }
        Ok(())
    }

    async fn work_findings(&self, findings: &mut Vec<Finding>) -> Outcome<()> {
        let scrub = scrub_status(self).await?;
        if scrub.overdue > 0 {
            findings.push(with(Level::Warning, "fixity-due", "count", &scrub.overdue));
        }
        if scrub.damaged > 0 {
            findings.push(with(Level::Problem, "copies-damaged", "count", &scrub.damaged));
        }
        let stores = stores_status(self).await?;
        let short: u64 = stores.classes.iter().map(ClassCopies::lacking).sum();
        if short > 0 {
            findings.push(with(Level::Warning, "copies-short", "count", &short));
        }
        self.together_findings(findings).await?;
        for store in stores.stores.iter().filter(|store| store.damaged > 0 && store.id != "main") {
            findings.push(with(Level::Problem, "store-damaged", "id", &store.name));
        }
        for store in stores.stores.iter().filter(|store| store.id != "main") {
            if !store.in_reach {
                findings.push(with(Level::Problem, "store-out-of-reach", "id", &store.name));
            }
            if store.overdue > 0 {
                let mut found = with(Level::Warning, "store-overdue", "id", &store.name);
                found.details.push(("count", store.overdue.to_string()));
                findings.push(found);
            }
        }
        self.volume_findings(findings).await?;
        let failed = Jobs::new(&self.catalog, &self.clock).count(JobState::Failed).await?;
        if failed > 0 {
            findings.push(with(Level::Warning, "jobs-failed", "count", &failed));
        }
        Ok(())
    }
}

/// Whether the worker starts, and what this kernel confines it with.
fn worker_findings(worker: &WorkerProgram, findings: &mut Vec<Finding>) {
    let Some(layers) = worker.confinement() else {
        let path = worker.path.display();
        findings.push(with(Level::Warning, "media-worker-missing", "path", &path));
        return;
    };
    if layers.is_empty() {
        findings.push(finding(Level::Ok, "media-sandbox"));
    } else {
        let level = if worker.weak_sandbox_allowed { Level::Warning } else { Level::Problem };
        findings.push(with(level, "media-sandbox-weak", "what", &layers.join(", ")));
    }
}

fn key_findings(description: &Description, directory: &Path, findings: &mut Vec<Finding>) {
    let copies = description.key_copies(directory);
    let examined = VaultKey::read(&description.secrets(directory).join("vault.key"))
        .and_then(|key| KeyStore::open(copies.clone(), &key))
        .map(|keys| keys.examine());
    let damages = match examined {
        Ok(damages) => damages,
        Err(fault) => {
            findings.push(failed(Level::Problem, "vault-fails", fault));
            return;
        }
    };
    findings.push(finding(Level::Ok, "vault-key"));
    let unsound: BTreeSet<PathBuf> = damages.into_iter().map(|damage| damage.copy).collect();
    for path in &unsound {
        findings.push(with(Level::Problem, "key-copy-damaged", "path", &path.display()));
    }
    match copies.len() - unsound.len() {
        few @ (0 | 1) => findings.push(with(Level::Problem, "key-copies-few", "count", &few)),
        sound => findings.push(with(Level::Ok, "key-copies", "count", &sound)),
    }
    let device = |path: &PathBuf| std::fs::metadata(path).map(|found| found.dev()).ok();
    let devices: BTreeSet<_> = copies.iter().map(device).collect();
    if devices.len() < 2 {
        findings.push(finding(Level::Warning, "key-copies-together"));
    }
}

fn space(directory: &Path, findings: &mut Vec<Finding>) {
    let Ok(found) = rustix::fs::statvfs(directory) else { return };
    let free = found.f_bavail * found.f_frsize;
    let (level, key) =
        if free < SPACE_LOW_BYTES { (Level::Warning, "space-low") } else { (Level::Ok, "space") };
    findings.push(with(level, key, "bytes", &free));
}
