//! A data blob on its way into a bucket.
//!
//! One extent or less is kept in memory and goes up in one create-only put. More goes up as a
//! multipart upload straight to the final key. Completing one overwrites on every server, which
//! is safe here and only here: a data name is 32 random bytes made for this one attempt, so
//! nobody else ever writes that key, and it stays unnamed until a manifest is created, which
//! *is* create-only. Until it is completed an upload is invisible.
//!
//! Never acknowledges a blob whose parts do not cover it exactly.

use super::Bucket;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{EXTENT_BYTES, S3_PARTS_MAX};
use crate::store::backend::{BlobWriter, Created, Kind, SliceRule, StoreName};
use bytes::Bytes;
use object_store::PutPayload;
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A blob under construction.
#[derive(Debug)]
pub(super) struct S3Writer {
    bucket: Arc<Bucket>,
    name: StoreName,
    path: Path,
    /// Whether the first part is kept until it is known whether it is the only one.
    hold_first: bool,
    progress: Mutex<Progress>,
}

#[derive(Debug, Default)]
struct Progress {
    upload: Option<String>,
    /// Part number → id and length.
    parts: BTreeMap<u64, (PartId, u64)>,
    first: Option<Bytes>,
}

impl S3Writer {
    pub(super) fn new(bucket: Arc<Bucket>, name: StoreName, expected_bytes: u64) -> Self {
        let path = bucket.path(Kind::Data, name);
        let hold_first = expected_bytes <= EXTENT_BYTES;
        Self { bucket, name, path, hold_first, progress: Mutex::default() }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The upload, begun by whoever comes first.
    fn upload(&self) -> Outcome<String> {
        let mut progress = self.progress();
        if let Some(upload) = &progress.upload {
            return Ok(upload.clone());
        }
        let begun = self.bucket.runtime.block_on(self.bucket.store.create_multipart(&self.path));
        let upload = begun.map_err(|error| self.bucket.fault("begin", &self.path, &error))?;
        self.bucket.uploads().insert(self.name, upload.clone());
        progress.upload = Some(upload.clone());
        Ok(upload)
    }

    fn put_part(&self, number: u64, bytes: Bytes) -> Outcome<()> {
        let upload = self.upload()?;
        let length = bytes.len() as u64;
        let at = usize::try_from(number).map_err(|_| misuse("part number"))?;
        let payload = PutPayload::from_bytes(bytes);
        let put = self.bucket.store.put_part(&self.path, &upload, at, payload);
        let part = self.bucket.runtime.block_on(put);
        let part = part.map_err(|error| self.bucket.fault("write", &self.path, &error))?;
        self.progress().parts.insert(number, (part, length));
        Ok(())
    }

    fn finish_single(&self, held: &Bytes, bytes: u64) -> Outcome<()> {
        if held.len() as u64 != bytes {
            return Err(misuse("length"));
        }
        match self.bucket.runtime.block_on(self.bucket.put_new(&self.path, held))? {
            Created::New => Ok(()),
            Created::Exists => Err(misuse("data name taken")),
        }
    }

    fn finish_parts(&self, upload: &String, bytes: u64) -> Outcome<()> {
        let parts = std::mem::take(&mut self.progress().parts);
        let full = |at: usize| at as u64 * EXTENT_BYTES;
        let covered = parts.iter().enumerate().all(|(at, (&number, &(_, length)))| {
            number == at as u64 && length == EXTENT_BYTES.min(bytes.saturating_sub(full(at)))
        });
        if !covered || parts.len() as u64 != bytes.div_ceil(EXTENT_BYTES) {
            return Err(misuse("parts"));
        }
        let parts = parts.into_values().map(|(part, _)| part).collect();
        self.bucket.runtime.block_on(self.complete(upload, parts, bytes))
    }

    /// Completes the upload and looks at what is there then. A completion whose answer was lost
    /// fails, or is told when repeated that there is no such upload: the blob itself decides.
    async fn complete(&self, upload: &String, parts: Vec<PartId>, bytes: u64) -> Outcome<()> {
        let done = self.bucket.store.complete_multipart(&self.path, upload, parts).await;
        match (self.bucket.length(&self.path).await?, done) {
            (Some(length), _) if length == bytes => Ok(()),
            (_, Err(error)) => Err(self.bucket.fault("finish", &self.path, &error)),
            (found, Ok(_)) => Err(Fault::new(Code::BackendFailed)
                .with("action", "finish")
                .with("path", &self.path)
                .with("length", found.unwrap_or_default())),
        }
    }
}

impl BlobWriter for S3Writer {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> Outcome<()> {
        let number = offset / EXTENT_BYTES;
        if !offset.is_multiple_of(EXTENT_BYTES) || bytes.len() as u64 > EXTENT_BYTES {
            return Err(misuse("whole parts only"));
        }
        if number >= S3_PARTS_MAX {
            let limit = S3_PARTS_MAX * EXTENT_BYTES;
            return Err(Fault::new(Code::SourceTooLarge).with("limit", limit));
        }
        let bytes = Bytes::copy_from_slice(bytes);
        if number == 0 && self.hold_first {
            self.progress().first = Some(bytes);
            return Ok(());
        }
        self.put_part(number, bytes)
    }

    fn slice(&self) -> SliceRule {
        SliceRule { bytes: EXTENT_BYTES }
    }

    /// Nothing to do: an upload is not taken up again by another process.
    fn checkpoint(&self) -> Outcome<()> {
        Ok(())
    }

    fn finish(&self, bytes: u64) -> Outcome<()> {
        let (upload, first) = {
            let mut progress = self.progress();
            (progress.upload.clone(), progress.first.take())
        };
        let Some(upload) = upload else {
            return self.finish_single(&first.unwrap_or_default(), bytes);
        };
        if let Some(first) = first {
            self.put_part(0, first)?;
        }
        self.finish_parts(&upload, bytes)?;
        self.bucket.uploads().remove(&self.name);
        Ok(())
    }
}

/// The caller did not keep to the slice rule.
fn misuse(what: &'static str) -> Fault {
    Fault::new(Code::Internal).with("what", what)
}
