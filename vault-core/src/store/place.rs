//! From staged to stored: keys in every copy, then data and manifests, each made once.
//!
//! Many objects share each of the syncs. Promises: when `place` returns, what it names is durable
//! under the digest it gives. Content that has a manifest already is taken over if it is whole,
//! and ours is discarded; a manifest that does not hold is set aside, never written over.

use super::Store;
use super::backend::{Created, StoreName};
use super::check::{CheckBuffers, Expected};
use super::stage::{self, Staged};
use crate::fault::{Code, Fault, Outcome};
use crate::keys::{KeyStore, NewKey, Purpose};
use std::collections::{HashMap, HashSet};
use vault_proof::{ContentId, Subject};

impl Store {
    /// Issues keys and places data and manifests of what was staged; gives the digest of each
    /// content's manifest.
    pub(crate) fn place<'staged>(
        &self,
        keys: &KeyStore,
        staged: impl Iterator<Item = &'staged Staged>,
    ) -> Outcome<HashMap<ContentId, ContentId>> {
        // Of several with the same content in one batch the first is stored.
        let mut first = HashSet::new();
        let (fresh, twins): (Vec<_>, Vec<_>) = staged.partition(|staged| first.insert(staged.id));
        for twin in twins {
            self.backend().discard(twin.data)?;
        }
        let new: Vec<NewKey> = fresh
            .iter()
            .map(|staged| NewKey {
                purpose: Purpose::Object,
                owner: staged.data.0,
                key: staged.key.clone(),
            })
            .collect();
        let slots = keys.issue(&new)?;
        let manifests = fresh
            .iter()
            .zip(slots)
            .map(|(staged, slot)| staged.manifest(slot))
            .collect::<Outcome<Vec<_>>>()?;
        let names: Vec<StoreName> =
            fresh.iter().map(|staged| self.manifest_name(&staged.id)).collect();
        let data: Vec<StoreName> = fresh.iter().map(|staged| staged.data).collect();
        let files: Vec<(StoreName, &[u8])> = names
            .iter()
            .copied()
            .zip(manifests.iter().map(|(bytes, _)| bytes.as_slice()))
            .collect();
        let created = self.backend().commit(&data, &files)?;
        for staged in &fresh {
            stage::forget(self, staged)?;
        }
        let mut digests = HashMap::new();
        for (((staged, created), (bytes, digest)), name) in
            fresh.iter().zip(created).zip(&manifests).zip(names)
        {
            let digest = match created {
                Created::New => *digest,
                Created::Exists => self.take_over(keys, name, staged, (bytes, digest))?,
            };
            digests.insert(staged.id, digest);
        }
        Ok(digests)
    }

    /// The content has a manifest already: if what it names is whole it is kept and our copy
    /// goes; otherwise it is set aside and ours takes its place.
    fn take_over(
        &self,
        keys: &KeyStore,
        name: StoreName,
        staged: &Staged,
        (bytes, digest): (&[u8], &ContentId),
    ) -> Outcome<ContentId> {
        let found = self.manifest(name).and_then(|manifest| {
            let manifest = manifest.ok_or_else(|| Fault::new(Code::StoredBytesMissing))?;
            let (id, manifest) = (staged.id, manifest.digest);
            let subject = Subject::object(&id);
            let expected = Expected { id, bytes: 0, manifest, subject };
            let checking = self.begin_check(&expected, Some(keys))?;
            let mut buffers = CheckBuffers::default();
            for extent in 0..checking.extents() {
                checking.extent(extent, &mut buffers)?;
            }
            Ok(manifest)
        });
        if let Ok(theirs) = found {
            self.backend().discard(staged.data)?;
            return Ok(theirs);
        }
        self.backend().quarantine_manifest(name)?;
        match self.backend().create_manifest(name, bytes)? {
            Created::New => Ok(*digest),
            Created::Exists => Err(Fault::new(Code::Locked).with("recording", staged.id)),
        }
    }
}
