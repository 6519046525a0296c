//! Manifests opened lately, so that a player that seeks does not have the table of a long film
//! read, hashed and decrypted again at every place it goes to.
//!
//! Promises: what is given was checked whole when it was opened, and nothing about its file changed
//! since; at most [`MANIFESTS_OPENED_BYTES_MAX`] are kept. Holds no key and no byte of a recording.
//! Whoever verifies what is stored reads anew and never asks here.

use super::Store;
use super::backend::{Kind, Stamp, StoreName};
use super::cipher::SecretKey;
use super::manifest::{Manifest, SealedPart, StoredRow};
use super::read::frame_starts;
use super::tree::Entry;
use crate::fault::{Code, Fault, Outcome};
use crate::keys::KeyStore;
use crate::limits::MANIFESTS_OPENED_BYTES_MAX;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::fmt;
use std::sync::Arc;
use vault_proof::ContentId;

/// How many entries the cache makes room for at first; it is bounded by bytes.
const EXPECTED: usize = 64;

/// A manifest with its sealed part, both checked.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) manifest: Manifest,
    pub(crate) sealed: SealedPart,
    /// Where each compressed frame begins, and where the last ends.
    pub(super) frame_starts: Vec<u64>,
}

impl Opened {
    /// Bytes it takes in memory: three tables of the plain and stored blocks.
    fn bytes(&self) -> u64 {
        let rows = self.manifest.open.stored.len() * size_of::<StoredRow>();
        let sealed = self.sealed.plain.len() * 2 * size_of::<Entry>();
        (rows + sealed + self.frame_starts.len() * 12 + 1_024) as u64
    }
}

/// What was opened, and the key of its blocks.
pub(super) type Unlocked = (Arc<Opened>, SecretKey);

/// What is kept, with what its file was when it was read.
#[derive(Clone)]
struct Kept(Stamp, Arc<Opened>);

/// Weighs entries by the memory they take.
#[derive(Clone)]
struct ByBytes;

impl Weighter<StoreName, Kept> for ByBytes {
    fn weight(&self, _: &StoreName, kept: &Kept) -> u64 {
        kept.1.bytes()
    }
}

/// Those opened lately, of one store.
#[derive(Clone)]
pub(super) struct Lately(Arc<Cache<StoreName, Kept, ByBytes>>);

impl Default for Lately {
    fn default() -> Self {
        Self(Arc::new(Cache::with_weighter(EXPECTED, MANIFESTS_OPENED_BYTES_MAX, ByBytes)))
    }
}

impl fmt::Debug for Lately {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Lately").finish_non_exhaustive()
    }
}

impl Store {
    /// Reads a manifest and opens it; fails if it is not the one for this id.
    pub(super) fn opened(&self, id: &ContentId, keys: &KeyStore) -> Outcome<Unlocked> {
        let manifest = self
            .manifest(self.manifest_name(id))?
            .ok_or_else(|| Fault::new(Code::StoredBytesMissing).with("what", "manifest"))?;
        let key = keys.key(manifest.open.key_slot, &manifest.open.data.0)?;
        let sealed = manifest.unseal(&key)?;
        if sealed.id != *id {
            return Err(Fault::new(Code::ManifestDamaged).with("what", "another recording"));
        }
        let frame_starts = frame_starts(&manifest, &sealed)?;
        Ok((Arc::new(Opened { manifest, sealed, frame_starts }), key))
    }

    /// The same, or what was opened before where the file is still the same.
    pub(super) fn opened_lately(&self, id: &ContentId, keys: &KeyStore) -> Outcome<Unlocked> {
        let name = self.manifest_name(id);
        let Some(stamp) = self.backend().stamp(Kind::Manifest, name) else {
            return self.opened(id, keys);
        };
        if let Some(Kept(of, opened)) = self.lately.0.get(&name)
            && of == stamp
        {
            // Asked for every time: a key that was destroyed opens nothing, whatever is kept here.
            let open = &opened.manifest.open;
            let key = keys.key(open.key_slot, &open.data.0)?;
            return Ok((opened, key));
        }
        let (opened, key) = self.opened(id, keys)?;
        self.lately.0.insert(name, Kept(stamp, opened.clone()));
        Ok((opened, key))
    }
}
