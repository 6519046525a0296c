//! The commit of a batch: keys, data, manifests, events, log, in this order, then the answer.
//!
//! Many recordings share each of the syncs. Whatever fails before the transaction leaves nothing
//! that is visible; a manifest whose event was lost in a crash is found by the next intake of the
//! same content, verified in full, and taken over.

use super::Labels;
use super::engine::{Content, Ready};
use crate::catalog::NewEvent;
use crate::fault::{Code, Fault, Outcome};
use crate::jobs::{JobKind, NewJob};
use crate::keys::{NewKey, Purpose};
use crate::policy::{Act, Actor};
use crate::store::backend::{Created, StoreName};
use crate::store::check::{CheckBuffers, Expected};
use crate::vault::{Vault, blocking};
use std::collections::{HashMap, HashSet};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, Subject};

/// A recording that is in the vault.
pub(super) struct Received {
    pub(super) path: PathBuf,
    pub(super) id: ContentId,
    pub(super) bytes: u64,
    pub(super) duplicate: bool,
    pub(super) seq: u64,
}

/// Commits batches for one intake.
pub(super) struct Committer {
    vault: Vault,
    actor: Actor,
    labels: Arc<Labels>,
}

/// One of a batch after its bytes are placed.
struct Placed {
    path: PathBuf,
    modified_ms: i64,
    id: ContentId,
    bytes: u64,
    /// Digest of the manifest in the store; none for content that was known beforehand.
    manifest: Option<ContentId>,
}

impl Committer {
    pub(super) fn new(vault: Vault, actor: Actor, labels: Labels) -> Self {
        Self { vault, actor, labels: Arc::new(labels) }
    }

    /// Commits a batch; when it returns, everything in the answer is durable.
    pub(super) async fn commit(&self, batch: Vec<Ready>) -> Outcome<Vec<Received>> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let vault = self.vault.clone();
        let placed = blocking(move || place(&vault, batch)).await?;
        let vault = self.vault.clone();
        let plains = placed.iter().map(|placed| self.payload(placed)).collect();
        let mut payloads = blocking(move || vault.seal(plains)).await?.into_iter();
        let permitted = self.vault.permit(&self.actor, Act::TakeIn).await?;
        let mut tx = self.vault.catalog.begin(permitted, &self.vault.clock).await?;
        let ids: Vec<ContentId> = placed.iter().map(|placed| placed.id).collect();
        let mut known = tx.known_ids(&ids).await?;
        let (mut events, mut jobs, mut duplicates) = (Vec::new(), Vec::new(), Vec::new());
        for placed in &placed {
            let duplicate = !known.insert(placed.id);
            duplicates.push(duplicate);
            let body = if duplicate {
                self.duplicate(placed)
            } else {
                jobs.push(NewJob { kind: JobKind::TakeDigests, recording: placed.id });
                self.accession(placed)?
            };
            let subjects = vec![Subject::recording(&placed.id)];
            events.push(NewEvent { subjects, body, payload: payloads.next() });
        }
        let appended = tx.append(events).await?;
        tx.enqueue(&jobs).await?;
        fail::fail_point!("intake-before-transaction", |_| std::process::abort());
        let _ = tx.commit().await?;
        fail::fail_point!("intake-after-transaction", |_| std::process::abort());
        self.vault.ledger.publish(&self.vault.catalog).await?;
        let received = placed.into_iter().zip(duplicates).zip(appended);
        Ok(received
            .map(|((placed, duplicate), event)| Received {
                path: placed.path,
                id: placed.id,
                bytes: placed.bytes,
                duplicate,
                seq: event.seq,
            })
            .collect())
    }

    fn accession(&self, placed: &Placed) -> Outcome<Body> {
        let labels = self.labels.get();
        let manifest = placed.manifest.ok_or_else(|| {
            // Known when it was staged and unknown now: the catalogue went backwards.
            Fault::new(Code::CatalogueDisagrees).with("recording", placed.id)
        })?;
        Ok(Body::RecordingAccessioned {
            recording: placed.id,
            bytes: placed.bytes,
            manifest,
            activity: labels.activity.clone(),
            secrecy: labels.secrecy.clone(),
        })
    }

    fn duplicate(&self, placed: &Placed) -> Body {
        let labels = self.labels.get();
        Body::DuplicateReceived {
            recording: placed.id,
            activity: labels.activity.clone(),
            secrecy: labels.secrecy.clone(),
        }
    }

    /// The personal part: names and labels.
    fn payload(&self, placed: &Placed) -> Value {
        let labels = self.labels.get();
        let (name, name_bytes) = name_of(&placed.path);
        Value::map([
            ("case", Value::text(&labels.case)),
            ("counterpart", Value::text(&labels.counterpart)),
            ("device", Value::text(&labels.device)),
            ("handler", Value::text(&labels.handler)),
            ("maker", Value::text(&labels.maker)),
            ("method", Value::text(&labels.method)),
            ("name", Value::Text(name)),
            ("name_bytes", Value::Text(name_bytes)),
            ("person", Value::text(self.actor.person())),
            ("proves", Value::text(&labels.proves)),
            ("source_modified_ms", Value::Integer(placed.modified_ms)),
        ])
    }
}

/// The file's name as text, and its exact bytes where the text is not exact.
fn name_of(path: &Path) -> (String, String) {
    let name = path.file_name().unwrap_or(path.as_os_str());
    match name.to_str() {
        Some(text) => (text.to_owned(), String::new()),
        None => (name.to_string_lossy().into_owned(), hex::encode(name.as_bytes())),
    }
}

/// Issues keys and places data and manifests of what was staged.
fn place(vault: &Vault, batch: Vec<Ready>) -> Outcome<Vec<Placed>> {
    let staged = batch.iter().filter_map(|ready| match &ready.content {
        Content::Staged(staged) => Some(&**staged),
        Content::Known { .. } => None,
    });
    // Of several with the same content in one batch the first is stored.
    let mut first = HashSet::new();
    let (store, twins): (Vec<_>, Vec<_>) = staged.partition(|staged| first.insert(staged.id));
    for twin in twins {
        vault.store.backend().discard(twin.data)?;
    }
    let keys: Vec<NewKey> = store
        .iter()
        .map(|staged| NewKey {
            purpose: Purpose::Object,
            owner: staged.data.0,
            key: staged.key.clone(),
        })
        .collect();
    let slots = vault.keys.issue(&keys)?;
    let manifests = store
        .iter()
        .zip(slots)
        .map(|(staged, slot)| staged.manifest(slot))
        .collect::<Outcome<Vec<_>>>()?;
    let names: Vec<StoreName> =
        store.iter().map(|staged| vault.store.manifest_name(&staged.id)).collect();
    let data: Vec<StoreName> = store.iter().map(|staged| staged.data).collect();
    let files: Vec<(StoreName, &[u8])> =
        names.iter().copied().zip(manifests.iter().map(|(bytes, _)| bytes.as_slice())).collect();
    let created = vault.store.backend().commit(&data, &files)?;
    let mut digests = HashMap::new();
    for (((staged, created), (bytes, digest)), name) in
        store.iter().zip(created).zip(&manifests).zip(names)
    {
        let digest = match created {
            Created::New => *digest,
            Created::Exists => take_over(vault, name, &staged.id, staged.data, (bytes, digest))?,
        };
        digests.insert(staged.id, digest);
    }
    Ok(batch
        .into_iter()
        .map(|ready| {
            let (id, bytes) = match &ready.content {
                Content::Staged(staged) => (staged.id, staged.bytes),
                Content::Known { id, bytes } => (*id, *bytes),
            };
            let manifest = digests.get(&id).copied();
            Placed { path: ready.path, modified_ms: ready.modified_ms, id, bytes, manifest }
        })
        .collect())
}

/// The content has a manifest already: if what it names is whole it is kept and our copy goes;
/// otherwise it is set aside and ours takes its place.
fn take_over(
    vault: &Vault,
    name: StoreName,
    id: &ContentId,
    ours: StoreName,
    (bytes, digest): (&[u8], &ContentId),
) -> Outcome<ContentId> {
    let found = vault.store.manifest(name).and_then(|manifest| {
        let manifest = manifest.ok_or_else(|| Fault::new(Code::StoredBytesMissing))?;
        let expected = Expected { id: *id, bytes: 0, manifest: manifest.digest };
        let checking = vault.store.begin_check(&expected, Some(&vault.keys))?;
        let mut buffers = CheckBuffers::default();
        for extent in 0..checking.extents() {
            checking.extent(extent, &mut buffers)?;
        }
        Ok(manifest.digest)
    });
    if let Ok(theirs) = found {
        vault.store.backend().discard(ours)?;
        return Ok(theirs);
    }
    vault.store.backend().quarantine_manifest(name)?;
    match vault.store.backend().create_manifest(name, bytes)? {
        Created::New => Ok(*digest),
        Created::Exists => Err(Fault::new(Code::Locked).with("recording", id)),
    }
}
