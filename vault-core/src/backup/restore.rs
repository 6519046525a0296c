//! A vault made again from a backup, in an empty directory.
//!
//! Promises: the backup is read whole first; the catalogue is the fold of its log; recorded bytes
//! that the main store lacks are fetched from further stores and read back, and what no store has
//! is named. What came after the backup is not there: the ledger says so, and nothing is signed
//! until a person has looked.

use super::check::check_list;
use super::list::{BackupList, CHECKPOINT, DESCRIPTION, OBJECTS};
use super::secrets::unseal;
use crate::clock::Clock;
use crate::fault::{Code, Fault, Outcome};
use crate::people::Password;
use crate::policy::{Act, Actor};
use crate::preservation;
use crate::stop::Stop;
use crate::store::durable;
use crate::vault::change::event;
use crate::vault::{Backed, Behind, CatalogueChoice, RestoredPlaces, RestoredStore, Vault, lay};
use std::path::{Path, PathBuf};
use vault_proof::{BackupBody, Body, ContentId, Subject};

/// Where the secrets come from.
#[derive(Debug)]
pub enum SecretsFrom {
    /// From the directory of the vault's secrets, which stays where it is.
    Directory(PathBuf),
    /// From a file that `seal_secrets` made.
    Sealed {
        /// The file.
        file: PathBuf,
        /// The words that it was sealed with.
        words: Password,
    },
}

/// How a vault is to be restored.
#[derive(Debug)]
pub struct RestoreOptions {
    /// The backup.
    pub from: PathBuf,
    /// An empty directory, or none.
    pub into: PathBuf,
    /// Directories for copies of the keys; two inside the vault if none is named.
    pub key_copies: Vec<PathBuf>,
    /// Where the secrets come from.
    pub secrets: SecretsFrom,
    /// A directory that holds the vault's bytes already. Without it a bucket stays the one it was,
    /// and a directory is made anew and filled from further stores.
    pub store: Option<PathBuf>,
    /// Where the catalogue is to be.
    pub catalogue: CatalogueChoice,
}

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// The vault, open.
    pub vault: Vault,
    /// The backup it came from.
    pub backup: String,
    /// Events of its ledger.
    pub events: u64,
    /// Objects whose bytes came from further stores.
    pub brought: u64,
    /// Objects whose bytes no store in reach has.
    pub missing: Vec<ContentId>,
    /// What stands against signing: always that it was restored, and what knows a newer state.
    pub behind: Behind,
}

/// Lays out what a backup holds in an empty directory.
pub(super) async fn lay_out(
    from: &Path,
    into: &Path,
    places: &RestoredPlaces,
    clock: Clock,
) -> Outcome<(Vault, BackupList)> {
    let (list, _) = BackupList::read(from)?;
    check_list(from, &list)?;
    let path = from.join(CHECKPOINT);
    let note = list.has(CHECKPOINT).then(|| std::fs::read_to_string(&path)).transpose();
    let backed = Backed {
        from,
        backup: &list.backup,
        was: &list.directory,
        files: list
            .files
            .iter()
            .map(|file| file.path.as_str())
            .filter(|path| ![DESCRIPTION, OBJECTS, CHECKPOINT].contains(path))
            .collect(),
        checkpoint: note.map_err(|error| Fault::from_file(error, &path))?,
        dump: &list.dump,
    };
    let vault = lay(&backed, into, places, clock).await?;
    Ok((vault, list))
}

/// Restores a vault.
pub async fn restore(
    options: RestoreOptions,
    actor: &Actor,
    clock: Clock,
    stop: &Stop,
) -> Outcome<Restored> {
    let into = options.into.as_path();
    if std::fs::read_dir(into).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Fault::new(Code::DirectoryNotEmpty).with("path", into.display()));
    }
    durable::make_directory(into).map_err(Fault::at_given_path)?;
    let secrets = match &options.secrets {
        SecretsFrom::Directory(path) => Some(path.clone()),
        SecretsFrom::Sealed { file, words } => {
            unseal(file, words, &into.join("secrets"))?;
            None
        }
    };
    let store = options.store.map_or(RestoredStore::New, RestoredStore::At);
    let catalogue_url_file = match options.catalogue {
        CatalogueChoice::Sqlite => None,
        CatalogueChoice::Postgres { url_file } => Some(url_file),
    };
    let key_copies = options.key_copies;
    let places = RestoredPlaces { key_copies, secrets, store, catalogue_url_file };
    let (vault, list) = lay_out(&options.from, into, &places, clock).await?;
    vault.requeue().await?;
    let (brought, missing) = preservation::refill(&vault, stop).await?;
    let unread = |_| Fault::new(Code::BackupDamaged).with("what", "number");
    let body = Body::Backup(BackupBody::Restored {
        backup: list.backup.parse().map_err(unread)?,
        events: list.events,
        brought,
        missing: missing.len() as u64,
    });
    let permitted = vault.permit(actor, Act::RestoreVault).await?;
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(body, None, vec![Subject::vault()])]).await?;
    vault.finish(tx).await?;
    let behind = vault.behind().await?;
    let (backup, events) = (list.backup, list.events);
    Ok(Restored { vault, backup, events, brought, missing, behind })
}
