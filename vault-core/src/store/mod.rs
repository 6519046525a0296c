//! Bytes under their digest: written once, never changed, checked before they are handed out.
//!
//! Layers here: `tree` and `cipher` (pure), `manifest` (format), `backend` (where bytes lie),
//! `stage`, `spool` and `place` (taking in), `opened`, `read` and `check` (giving out and
//! verifying). Only flows may use the store, and nothing in it can hand bytes to the outside
//! without its caller's grant.

pub mod backend;

pub(crate) mod aligned;
pub(crate) mod cipher;
pub(crate) mod durable;
pub(crate) mod tree;

pub(crate) mod manifest;
mod opened;

pub(crate) mod check;
pub(crate) mod place;
pub(crate) mod read;
pub(crate) mod replica;
mod reseal;
pub(crate) mod spool;
pub(crate) mod stage;

use crate::fault::{Code, Fault, Outcome};
use crate::limits::MANIFEST_BYTES_MAX;
use backend::{Backend, Kind, StoreName};
use cipher::SecretKey;
use manifest::Manifest;
use opened::Lately;
use std::sync::Arc;
use vault_proof::ContentId;

/// The vault's own store, as rows and people name it.
pub(crate) const MAIN_STORE: &str = "main";

/// Where the bytes are, and how their manifests are named.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    backend: Arc<dyn Backend>,
    name_key: SecretKey,
    lately: Lately,
}

impl Store {
    pub(crate) fn new(backend: Arc<dyn Backend>, name_key: SecretKey) -> Self {
        Self { backend, name_key, lately: Lately::default() }
    }

    pub(crate) fn backend(&self) -> &dyn Backend {
        &*self.backend
    }

    /// The keyed name of a recording's manifest.
    pub(crate) fn manifest_name(&self, id: &ContentId) -> StoreName {
        StoreName(*blake3::keyed_hash(self.name_key.expose(), id.as_bytes()).as_bytes())
    }

    /// Reads a manifest and checks all that needs no key; `None` if there is none.
    pub(crate) fn manifest(&self, name: StoreName) -> Outcome<Option<Manifest>> {
        let Some(length) = self.backend.length(Kind::Manifest, name)? else { return Ok(None) };
        if length > MANIFEST_BYTES_MAX {
            return Err(Fault::new(Code::ManifestDamaged).with("what", "length"));
        }
        let length = usize::try_from(length)
            .map_err(|_| Fault::new(Code::ManifestDamaged).with("what", "length"))?;
        let mut bytes = vec![0; length];
        self.backend.read_at(Kind::Manifest, name, 0, &mut bytes)?;
        Manifest::parse(&bytes).map(Some)
    }
}
