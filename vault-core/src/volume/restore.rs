//! Recordings brought back from a volume into the store (R16, R17).
//!
//! Promises: only what the volume bears and the vault still keeps comes back, compared with its id
//! before a byte is written; what was destroyed has no key and stays destroyed. Originals are read
//! where they lie on the medium; nothing of them is put down in between.

use super::build::another;
use super::image;
use super::place::{self, Stretch};
use super::seal::Identities;
use super::views::{VolumeView, find};
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{Act, Actor};
use crate::preservation::{self, Repair};
use crate::stop::Stop;
use crate::store::backend::BlobReader;
use crate::store::spool::Spool;
use crate::store::stage::ObjectSource;
use crate::vault::{Vault, blocking};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use vault_proof::ContentId;

/// What restoring from a volume came to.
#[derive(Debug)]
pub struct Restored {
    /// What was mended; of one recording there may be several copies.
    pub repairs: Vec<Repair>,
    /// Recordings whose stored bytes agree already; they were left as they are.
    pub whole: u64,
    /// Recordings that could not be brought back, and why.
    pub failed: Vec<(ContentId, Fault)>,
    /// Recordings that were not come to, because the work was stopped.
    pub left: u64,
}

/// Mends what the store lacks with the recordings of a volume: all of them, or these. The copy is
/// named by its label; what on it is damaged is refused and named, and the image made whole by
/// `check` can be used instead. An encrypted volume is opened with `identities`.
pub async fn restore(
    vault: &Vault,
    actor: &Actor,
    (label, medium): (&str, &Path),
    (recordings, identities): (&[ContentId], Option<&Identities>),
    stop: &Stop,
) -> Outcome<Restored> {
    let volume = find(vault, label).await?;
    let _ = vault.permit(actor, Act::RepairCopy).await?;
    if image::label(medium).as_deref() != Some(label) {
        return Err(another(medium));
    }
    let borne = require_borne(vault, &volume, recordings, identities).await?;
    let encrypted = !volume.recipients.is_empty();
    let wanted = if recordings.is_empty() { &borne[..] } else { recordings };
    let reading = medium.to_owned();
    let mut lying = blocking(move || lying(&reading)).await?;
    let source = format!("disc:{label}");
    let mut restored = Restored { repairs: Vec::new(), whole: 0, failed: Vec::new(), left: 0 };
    // With damage, a volume says of the right identity, too, that it does not fit: once it opened
    // something, it is the right one.
    let mut opens = false;
    for (at, recording) in wanted.iter().enumerate() {
        if stop.requested() {
            restored.left = (wanted.len() - at) as u64;
            break;
        }
        let stretches = lying.remove(&recording.to_string()).unwrap_or_default();
        let original = Original { path: medium.to_owned(), stretches };
        let plain: Arc<dyn BlobReader> = match identities.filter(|_| encrypted) {
            None => Arc::new(original),
            Some(identities) => match opened(vault, original, identities).await {
                Ok(sealed) => {
                    opens = true;
                    Arc::new(sealed)
                }
                Err(fault) => {
                    restored.failed.push((*recording, fault));
                    continue;
                }
            },
        };
        match preservation::mend_with(vault, actor, recording, &source, plain).await {
            Ok(repairs) if repairs.is_empty() => restored.whole += 1,
            Ok(repairs) => restored.repairs.extend(repairs),
            Err(fault) => restored.failed.push((*recording, fault)),
        }
    }
    judged(restored, opens)
}

/// What a volume bears. Refused where one of these is not on it, or where it is encrypted and there
/// is nothing to open it with.
pub async fn require_borne(
    vault: &Vault,
    volume: &VolumeView,
    recordings: &[ContentId],
    identities: Option<&Identities>,
) -> Outcome<Vec<ContentId>> {
    let borne = vault.catalog.ask().await?.volume_items(&volume.id).await?;
    if let Some(other) = recordings.iter().find(|one| !borne.contains(one)) {
        let fault = Fault::new(Code::RecordingUnknown).with("id", other);
        return Err(fault.with("volume", &volume.label));
    }
    if !volume.recipients.is_empty() && identities.is_none() {
        return Err(Fault::new(Code::IdentityNeeded).with("volume", &volume.label));
    }
    Ok(borne)
}

/// Labels of the volumes that bear a recording.
pub async fn labels_with(vault: &Vault, recording: &ContentId) -> Outcome<Vec<String>> {
    vault.catalog.ask().await?.volume_labels_with(&[*recording]).await
}

/// Nothing is wrong with the volume where the identity is: that is said of the whole, and of a
/// volume that was opened, that a part of it is damaged.
fn judged(mut restored: Restored, opens: bool) -> Outcome<Restored> {
    let wrong = |one: &&mut (ContentId, Fault)| one.1.code() == Code::IdentityWrong;
    for (_, fault) in restored.failed.iter_mut().filter(wrong) {
        let said = fault.detail("reason").unwrap_or_default();
        if opens {
            *fault = Fault::new(Code::SealedDamaged).with("reason", said);
        } else {
            return Err(Fault::new(Code::IdentityWrong).with("reason", said));
        }
    }
    Ok(restored)
}

/// Where each recording lies on the medium, by its id.
fn lying(medium: &Path) -> Outcome<BTreeMap<String, Vec<Stretch>>> {
    let known = image::known(medium);
    let mut lying: BTreeMap<String, Vec<Stretch>> = BTreeMap::new();
    for stretch in place::originals(medium)? {
        if let Some(id) = known.get(image::unsealed(&stretch.path)) {
            lying.entry(id.clone()).or_default().push(stretch);
        }
    }
    // The same recording may lie there under two names; one is enough.
    for stretches in lying.values_mut() {
        let first = stretches.first().map(|one| one.path.clone());
        stretches.retain(|one| Some(&one.path) == first.as_ref());
    }
    Ok(lying)
}

/// A file on a medium, read where it lies.
#[derive(Debug)]
struct Original {
    path: PathBuf,
    stretches: Vec<Stretch>,
}

impl BlobReader for Original {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        let failed = |error| Fault::from_given_path(error, &self.path);
        let file = File::open(&self.path).map_err(failed)?;
        let (mut begins, mut filled) = (0, 0);
        for stretch in &self.stretches {
            let at = offset + filled as u64;
            let inside = at.saturating_sub(begins);
            if filled < buffer.len() && at >= begins && inside < stretch.bytes {
                let left = usize::try_from(stretch.bytes - inside).unwrap_or(usize::MAX);
                let part = left.min(buffer.len() - filled);
                let wanted = &mut buffer[filled..filled + part];
                file.read_exact_at(wanted, stretch.from + inside).map_err(failed)?;
                filled += part;
            }
            begins += stretch.bytes;
        }
        if filled < buffer.len() {
            let fault = Fault::new(Code::VolumeUnreadable).with("path", self.path.display());
            return Err(fault.with("what", "not on it"));
        }
        Ok(())
    }
}

impl Original {
    fn bytes(&self) -> u64 {
        self.stretches.iter().map(|stretch| stretch.bytes).sum()
    }
}

/// A file on a medium as a stream, for what decrypts it.
#[derive(Debug)]
struct Stream {
    original: Original,
    at: u64,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = self.original.bytes().saturating_sub(self.at);
        let count = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let wanted = &mut buffer[..count];
        self.original.read_at(self.at, wanted).map_err(std::io::Error::other)?;
        self.at += count as u64;
        Ok(count)
    }
}

/// A file of an encrypted volume, decrypted into a spool.
struct Opened {
    path: PathBuf,
    plain: Mutex<Spool>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Opened").field("path", &self.path).finish_non_exhaustive()
    }
}

async fn opened(vault: &Vault, original: Original, identities: &Identities) -> Outcome<Opened> {
    let (directory, identities) = (vault.directory().to_owned(), identities.clone());
    blocking(move || {
        let path = original.path.clone();
        let spool = Spool::new(&directory, original.bytes())?;
        let plain = identities.decrypt(Stream { original, at: 0 }, spool)?;
        Ok(Opened { path, plain: Mutex::new(plain) })
    })
    .await
}

impl BlobReader for Opened {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        let mut plain = self.plain.lock().unwrap_or_else(PoisonError::into_inner);
        if offset + buffer.len() as u64 > plain.bytes() {
            let fault = Fault::new(Code::VolumeUnreadable).with("path", self.path.display());
            return Err(fault.with("what", "not on it"));
        }
        plain.read(offset, buffer)
    }
}
