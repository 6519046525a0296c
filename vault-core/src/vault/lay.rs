//! A vault laid out anew in an empty directory from the parts of a backup.
//!
//! Promises: the parts are checked by who calls; the catalogue is the fold of the log and has the
//! digest that the backup names; the directory becomes a vault with its last write.

use super::description::{Description, RestoredPlaces};
use super::{Vault, denied, opened};
use crate::catalog::Catalog;
use crate::clock::Clock;
use crate::fault::{Code, Fault, Outcome};
use crate::keys::{KeyStore, VaultKey};
use crate::ledger::Ledger;
use crate::limits::CATALOGUE_WAIT;
use crate::policy::{Act, Actor, State, permit};
use crate::store::cipher::random_bytes;
use crate::store::durable;
use std::path::{Path, PathBuf};

/// What a backup holds, as far as a vault is laid out from it.
#[derive(Debug)]
pub(crate) struct Backed<'a> {
    /// The directory of the backup; its `vault.json` is the vault's.
    pub(crate) from: &'a Path,
    /// Its number.
    pub(crate) backup: &'a str,
    /// Where the vault was.
    pub(crate) was: &'a Path,
    /// Its files of the log and of keys, and the settings, by their paths in it.
    pub(crate) files: Vec<&'a str>,
    /// The last signed checkpoint in it.
    pub(crate) checkpoint: Option<String>,
    /// BLAKE3 of the catalogue's dump, hex.
    pub(crate) dump: &'a str,
}

/// Lays the vault out and opens it. Nothing is signed over it until a person has looked.
pub(crate) async fn lay(
    backed: &Backed<'_>,
    into: &Path,
    places: &RestoredPlaces,
    clock: Clock,
) -> Outcome<Vault> {
    let actor = Actor::terminal(rustix::process::getuid().as_raw(), "", random_bytes()?);
    let permitted = permit(&actor, Act::Rebuild).map_err(|refusal| denied(&refusal, State::Any))?;
    let description = Description::read(backed.from)?.restored(backed.was, into, places)?;
    let (secrets, ledger_at) = (description.secrets(into), description.ledger(into));
    let vault_key = VaultKey::read(&secrets.join("vault.key"))?;
    let copies = description.key_copies(into);
    copy_files(backed, into, &ledger_at, &copies)?;
    let keys = KeyStore::open(copies, &vault_key)?;
    let ledger = Ledger::new(&ledger_at, &secrets, &description.vault);
    ledger.mark_restored(backed.backup)?;
    if let Some(note) = &backed.checkpoint {
        ledger.lay_again(note)?;
    }
    let catalog = Catalog::create(&description.location(into)?, CATALOGUE_WAIT).await?;
    catalog.replay(permitted, ledger.entries().map(|entry| opened(&keys, entry?))).await?;
    let dump = catalog.digest().await?;
    catalog.close().await;
    if dump.to_hex().as_str() != backed.dump {
        return Err(Fault::new(Code::BackupDamaged).with("what", "catalogue"));
    }
    description.write(into)?;
    Vault::open(into, clock).await
}

fn copy_files(
    backed: &Backed<'_>,
    into: &Path,
    ledger: &Path,
    key_copies: &[PathBuf],
) -> Outcome<()> {
    for directory in key_copies.iter().map(PathBuf::as_path).chain([&*ledger.join("log")]) {
        durable::make_directory(directory)?;
    }
    for name in &backed.files {
        let from = backed.from.join(name);
        let read = || std::fs::read(&from).map_err(|error| Fault::from_file(error, &from));
        if let Some(segment) = name.strip_prefix("keys/") {
            for copy in key_copies {
                durable::write_file(&copy.join(segment), &read()?, durable::SECRET)?;
            }
        } else if let Some(part) = name.strip_prefix("ledger/log/") {
            durable::write_file(&ledger.join("log").join(part), &read()?, durable::REPLACED)?;
        } else if *name == "settings.toml" {
            durable::write_file(&into.join(name), &read()?, durable::REPLACED)?;
        } else if *name == "ledger/witnessed" {
            durable::write_file(&ledger.join("witnessed"), &read()?, durable::REPLACED)?;
        }
    }
    Ok(())
}
