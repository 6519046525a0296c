//! A new catalogue from storage, ledger log and keys alone.

use super::description::Description;
use super::{Vault, blocking, opened};
use crate::catalog::{Catalog, Location};
use crate::clock::Clock;
use crate::fault::{Code, Fault, Outcome};
use crate::keys::{KeyStore, VaultKey};
use crate::ledger::Ledger;
use crate::limits::CATALOGUE_WAIT;
use crate::policy::{Act, Actor, State, permit};
use crate::store::check::Expected;
use crate::store::cipher::random_bytes;
use crate::store::durable;
use std::path::Path;
use vault_proof::ContentId;

/// What came of a rebuild.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RebuildReport {
    /// Recordings in the new catalogue; each has its manifest in the store.
    pub recordings: u64,
    /// Events.
    pub events: u64,
    /// BLAKE3 of the new catalogue's dump.
    pub dump_digest: ContentId,
}

impl Vault {
    /// Makes the catalogue of the vault `from` anew in the directory `into`. If that is the vault
    /// itself, a catalogue that is there is set aside first; otherwise `into` must be empty and
    /// becomes a second door to the same vault.
    pub async fn rebuild(from: &Path, into: &Path, clock: Clock) -> Outcome<RebuildReport> {
        let description = Description::read(from)?;
        let secrets = description.secrets(from);
        let vault_key = VaultKey::read(&secrets.join("vault.key"))?;
        let keys = KeyStore::open(description.key_copies(from), &vault_key)?;
        let ledger = Ledger::new(&description.ledger(from), &secrets, &description.vault);
        let same = from.canonicalize().ok() == into.canonicalize().ok();
        let catalogue = into.join("catalog.sqlite");
        if same {
            set_aside(&catalogue, &clock)?;
        } else {
            if std::fs::read_dir(into).is_ok_and(|mut entries| entries.next().is_some()) {
                return Err(Fault::new(Code::DirectoryNotEmpty).with("path", into.display()));
            }
            durable::make_directory(into)?;
        }
        let catalog = Catalog::create(&Location::Sqlite(catalogue), CATALOGUE_WAIT).await?;
        let actor = Actor::terminal(rustix::process::getuid().as_raw(), "", random_bytes()?);
        let permitted =
            permit(&actor, Act::Rebuild).map_err(|refusal| super::denied(&refusal, State::Any))?;
        let entries = ledger.entries().map(|entry| opened(&keys, entry?));
        let events = catalog.replay(permitted, entries).await?;
        if !same {
            description.seen_from(from)?.write(into)?;
        }
        catalog.close().await;
        let vault = Self::open(into, clock).await?;
        vault.requeue().await?;
        let recordings = vault.check_manifests().await?;
        let digest = vault.catalog.digest().await?;
        let dump_digest = ContentId::from_bytes(*digest.as_bytes());
        Ok(RebuildReport { recordings, events, dump_digest })
    }

    /// Every catalogued recording, and all that was made from one, must have its manifest.
    async fn check_manifests(&self) -> Outcome<u64> {
        let destroyed = self.catalog.all_destroyed().await?;
        let mut after = None;
        let mut recordings = 0;
        loop {
            let page = self.catalog.list(&crate::catalog::Filter::All, after, 1_000).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.cursor);
            recordings += page.len() as u64;
            let kept = page.iter().filter(|row| !destroyed.contains(&row.recording.id));
            self.hold(kept.map(|row| row.recording.expected()).collect()).await?;
        }
        let mut after = (-1, -1);
        loop {
            let page = self.catalog.derived_after(after, None, 1_000).await?;
            let Some((last, _)) = page.last() else { return Ok(recordings) };
            after = *last;
            self.hold(page.into_iter().map(|(_, expected)| expected).collect()).await?;
        }
    }

    /// Each of these must have the manifest that the ledger names.
    async fn hold(&self, page: Vec<Expected>) -> Outcome<()> {
        let store = self.store.clone();
        blocking(move || {
            for expected in page {
                let manifest = store.manifest(store.manifest_name(&expected.id))?;
                if manifest.is_none_or(|manifest| manifest.digest != expected.manifest) {
                    return Err(Fault::new(Code::StoredBytesMissing)
                        .with("what", "manifest")
                        .with("recording", expected.id));
                }
            }
            Ok(())
        })
        .await
    }
}

fn set_aside(catalogue: &Path, clock: &Clock) -> Outcome<()> {
    for ending in ["", "-wal", "-shm"] {
        let path = catalogue.with_file_name(format!("catalog.sqlite{ending}"));
        let aside = format!("catalog.sqlite{ending}.set-aside-{}", clock.now().as_ms());
        if path.exists() {
            durable::rename(&path, &catalogue.with_file_name(aside))?;
        }
    }
    durable::sync_directory(catalogue.parent().unwrap_or(Path::new(".")))
}
