//! The commit of a batch: keys, data, manifests, events, log, in this order, then the answer.
//!
//! Many recordings share each of the syncs. Whatever fails before the transaction leaves nothing
//! that is visible; a manifest whose event was lost in a crash is found by the next intake of the
//! same content, verified in full, and taken over.

use super::Labels;
use super::engine::{Content, Ready};
use crate::catalog::NewEvent;
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::jobs::{JobKind, NewJob};
use crate::media::MediaGuess;
use crate::policy::{Act, Actor};
use crate::vault::{Vault, blocking};
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
    /// Whether it is new and begins like a recording.
    pub(super) media: bool,
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
    guess: MediaGuess,
    id: ContentId,
    bytes: u64,
    /// Digest of the manifest in the store; none for content that was known beforehand.
    manifest: Option<ContentId>,
}

impl Committer {
    pub(super) fn new(vault: Vault, actor: Actor, labels: Labels) -> Self {
        Self { vault, actor, labels: Arc::new(labels) }
    }

    /// Splits a batch: what can be committed, and what was destroyed after its time and therefore
    /// cannot come in again under its id.
    pub(super) async fn part(&self, batch: Vec<Ready>) -> Outcome<(Vec<Ready>, Vec<Ready>)> {
        let (mut fresh, mut gone) = (Vec::with_capacity(batch.len()), Vec::new());
        for ready in batch {
            let destroyed = self.vault.catalog.destroyed(&ready.content.id()).await?;
            if destroyed.is_some() { gone.push(ready) } else { fresh.push(ready) }
        }
        Ok((fresh, gone))
    }

    /// Removes what was staged and is not committed.
    pub(super) async fn give_up(&self, ready: Ready) -> Outcome<()> {
        let vault = self.vault.clone();
        blocking(move || super::engine::give_up(&vault, super::engine::Handed::Ready(ready))).await
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
                if placed.guess != MediaGuess::Other {
                    jobs.push(NewJob { kind: JobKind::Probe, recording: placed.id });
                }
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
                media: !duplicate && placed.guess == MediaGuess::ByBeginning,
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
            ("clock_offset_ms", Value::Integer(self.labels.clock_offset_ms())),
            ("counterpart", Value::text(&labels.counterpart)),
            ("declared_ms", Value::Integer(self.labels.declared().map_or(-1, UtcTime::as_ms))),
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

/// Places data and manifests of what was staged.
fn place(vault: &Vault, batch: Vec<Ready>) -> Outcome<Vec<Placed>> {
    let staged = batch.iter().filter_map(|ready| match &ready.content {
        Content::Staged(staged) => Some(&**staged),
        Content::Known { .. } => None,
    });
    let digests = vault.store.place(&vault.keys, staged)?;
    Ok(batch
        .into_iter()
        .map(|ready| {
            let (id, bytes) = match &ready.content {
                Content::Staged(staged) => (staged.id, staged.bytes),
                Content::Known { id, bytes } => (*id, *bytes),
            };
            let manifest = digests.get(&id).copied();
            let Ready { path, modified_ms, guess, .. } = ready;
            Placed { path, modified_ms, guess, id, bytes, manifest }
        })
        .collect())
}
