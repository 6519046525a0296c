//! The seam between the store and where its bytes lie.
//!
//! Few verbs, all of them create-only: there is no overwrite. Data blobs have random names that
//! never collide; manifests have keyed names, and creating one is the commit point of a recording.
//! Every backend passes the one suite in `conformance`.
//!
//! Promises every backend keeps:
//! - **Durability**: what `finish`, `create` and `settle` covered survives a power cut. Before
//!   `settle` returns, a new blob or manifest may still vanish, whole.
//! - **Atomicity**: a manifest is there whole or not at all; a blob is visible only once finished.
//! - **Concurrency**: all methods may be called from several threads and several processes.
//! - **Retry**: passing faults are retried inside. A failed fsync never is: the attempt is lost
//!   and the fault says so.

pub mod conformance;
pub mod local;
pub mod s3;

use crate::fault::Outcome;
use std::fmt;

/// A name inside the store. Says nothing of what is stored: data names are random, manifest names
/// are keyed hashes of content ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoreName(pub [u8; 32]);

impl fmt::Display for StoreName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

/// What kind of thing a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Encrypted bytes of one recording.
    Data,
    /// The description of one recording, with its side tables.
    Manifest,
}

/// What a create-only put found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// The name was free and now holds our bytes.
    New,
    /// The name was taken; nothing was changed.
    Exists,
}

/// How far a data blob is that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recall {
    /// It can be read.
    Ready,
    /// It is being brought.
    UnderWay,
}

/// What a file is known by: its place, its number there, its length, and the time of its last change
/// of any kind (seconds and nanoseconds), which nobody can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub(super) device: u64,
    pub(super) number: u64,
    pub(super) bytes: u64,
    pub(super) changed: (i64, i64),
}

/// What registration found out about a backend, by trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Creating the same name twice is refused the second time.
    pub create_only: bool,
    /// A locked version cannot be deleted before its date.
    pub object_lock: bool,
}

/// Where bytes lie.
pub trait Backend: fmt::Debug + Send + Sync {
    /// "local" or "s3"; for the ledger and for people.
    fn kind(&self) -> &'static str;

    /// Begins a data blob under a fresh name. `expected_bytes` is a hint for preallocation.
    fn begin(&self, name: StoreName, expected_bytes: u64) -> Outcome<Box<dyn BlobWriter>>;

    /// Takes up a data blob that an earlier process began and did not finish; `None` where the
    /// backend cannot or nothing is there.
    fn resume(&self, name: StoreName) -> Outcome<Option<Box<dyn BlobWriter>>>;

    /// Creates a manifest, atomically, only if the name is free.
    fn create_manifest(&self, name: StoreName, bytes: &[u8]) -> Outcome<Created>;

    /// Commits a batch: makes the data durable, then creates the manifests, each only if its name
    /// is free, then makes those durable. The answer has one entry for each manifest, in order.
    fn commit(
        &self,
        data: &[StoreName],
        manifests: &[(StoreName, &[u8])],
    ) -> Outcome<Vec<Created>> {
        let names: Vec<_> = data.iter().map(|&name| (Kind::Data, name)).collect();
        self.settle(&names)?;
        let created = manifests
            .iter()
            .map(|(name, bytes)| self.create_manifest(*name, bytes))
            .collect::<Outcome<Vec<_>>>()?;
        let names: Vec<_> = manifests.iter().map(|&(name, _)| (Kind::Manifest, name)).collect();
        self.settle(&names)?;
        Ok(created)
    }

    /// Makes everything created since durable, directories included; one call for a whole batch.
    fn settle(&self, names: &[(Kind, StoreName)]) -> Outcome<()>;

    /// Reads exactly `buffer.len()` bytes from `offset`. Too short a thing is `StoredBytesDamaged`,
    /// a missing one `StoredBytesMissing`.
    fn read_at(&self, kind: Kind, name: StoreName, offset: u64, buffer: &mut [u8]) -> Outcome<()>;

    /// Opens a thing for many reads.
    fn reader(&self, kind: Kind, name: StoreName) -> Outcome<Box<dyn BlobReader + '_>>;

    /// The length, or `None` if nothing is there.
    fn length(&self, kind: Kind, name: StoreName) -> Outcome<Option<u64>>;

    /// Calls `each` for every finished name of that kind, in no particular order.
    fn list(&self, kind: Kind, each: &mut dyn FnMut(StoreName) -> Outcome<()>) -> Outcome<()>;

    /// Removes an unfinished or superseded data blob that no manifest names. Not for evidence.
    fn discard(&self, name: StoreName) -> Outcome<()>;

    /// Moves a damaged manifest aside so that its name is free again; its bytes stay on record.
    fn quarantine_manifest(&self, name: StoreName) -> Outcome<()>;

    /// Puts bytes that the caller verified in the place of bytes found damaged: `bytes` at
    /// `offset` of a finished blob, whose length stays. What was there is kept aside first. Cut
    /// short, it leaves a range that is as damaged as before, which every reader finds out.
    fn mend(&self, name: StoreName, offset: u64, bytes: &[u8]) -> Outcome<()>;

    /// Moves a damaged data blob aside so that its name is free again; its bytes stay on record.
    /// Nothing happens if there is none.
    fn set_aside(&self, name: StoreName) -> Outcome<()>;

    /// Removes a finished thing for good; nothing happens if there is none. Only a disposal may.
    fn destroy(&self, kind: Kind, name: StoreName) -> Outcome<()>;

    /// What a finished thing is known by without reading it, for as long as nobody changed or
    /// replaced it. `None` where nobody can tell.
    fn stamp(&self, kind: Kind, name: StoreName) -> Option<Stamp> {
        let _ = (kind, name);
        None
    }

    /// Where a thing lies on its medium, for reading in that order; only the order means
    /// anything. `None` where nobody can tell.
    fn position(&self, kind: Kind, name: StoreName) -> Option<u64> {
        let _ = (kind, name);
        None
    }

    /// Whether data blobs must be asked for before they can be read.
    fn archives(&self) -> bool {
        false
    }

    /// Gives a data blob that was read back the storage class of this place, where it has one.
    fn go_cold(&self, name: StoreName) -> Outcome<()> {
        let _ = name;
        Ok(())
    }

    /// Asks that a data blob can be read, and says whether it can be now. Asking again asks for
    /// nothing more.
    fn recall(&self, name: StoreName) -> Outcome<Recall> {
        let _ = name;
        Ok(Recall::Ready)
    }

    /// Keeps a small public text beside what is stored, in the place of the one before: the last
    /// checkpoint of the ledger, so that a store tells when an older state of its vault comes back.
    fn remember(&self, text: &[u8]) -> Outcome<()>;

    /// The text that `remember` kept last; `None` before there was one.
    fn remembered(&self) -> Outcome<Option<Vec<u8>>>;

    /// Finds out by trying what this backend enforces (registration).
    fn self_test(&self) -> Outcome<Capabilities>;

    /// The local directory behind, where there is one: attempts can be taken up again only there.
    fn local(&self) -> Option<&local::LocalBackend> {
        None
    }
}

/// An opened thing.
pub trait BlobReader: fmt::Debug + Send + Sync {
    /// As `Backend::read_at`.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Outcome<()>;

    /// Says that this range will be read soon; a hint.
    fn will_read(&self, offset: u64, bytes: u64) {
        let _ = (offset, bytes);
    }

    /// How many blocks to ask for at once when much is to be read: one where asking costs next to
    /// nothing, so that they are still in a core's own memory when they are hashed; many where
    /// each request travels and is paid for.
    fn blocks_at_once(&self) -> u64 {
        1
    }
}

/// A data blob under construction. Parts are extents of stored bytes: part `n` begins at
/// `n * EXTENT_BYTES`; all but the last are full; any order, several threads.
pub trait BlobWriter: fmt::Debug + Send + Sync {
    /// Writes stored bytes at `offset`, a multiple of `BLOCK_BYTES`. On backends that take whole
    /// parts only, `offset` must be a multiple of `EXTENT_BYTES` and `bytes` the whole part.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> Outcome<()>;

    /// Reads stored bytes back, for checking an attempt that is taken up again. Backends that
    /// cannot resume need not.
    fn read_back(&self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        let _ = (offset, buffer);
        Err(crate::fault::Fault::new(crate::fault::Code::Internal).with("what", "read back"))
    }

    /// How `write_at` wants its slices.
    fn slice(&self) -> SliceRule;

    /// Makes what was written so far durable (a checkpoint for resuming).
    fn checkpoint(&self) -> Outcome<()>;

    /// Ends the blob at exactly `bytes` and makes its content durable. Its name is durable after
    /// `settle`.
    fn finish(&self, bytes: u64) -> Outcome<()>;
}

/// How a writer wants its slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SliceRule {
    /// Bytes of each slice but the last; divides `EXTENT_BYTES`.
    pub bytes: u64,
}
