//! The store in a local directory.
//!
//! Layout in `docs/formats/store.md` §2. An attempt lies in `staging/` until its commit; a commit
//! is: data and manifests written, one sync, renamed into place, one sync. Large blobs are written
//! directly (past the page cache), which is faster here than buffering and leaves the cache to
//! readers. Never overwrites and never follows a name out of its directory: names are hex digits.

use super::{Backend, BlobWriter, Capabilities, Created, Kind, SliceRule, Stamp, StoreName};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{EXTENT_BYTES, STAGING_KEPT};
use crate::store::aligned::ALIGN;
use crate::store::durable;
use rustix::fs::{FallocateFlags, OFlags};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Blobs of at least this size are written directly; below, the page cache and one sync for the
/// whole batch are cheaper (measured: benches, small files).
const DIRECT_FROM_BYTES: u64 = 1 << 20;

/// Bytes of one write.
const SLICE_BYTES: u64 = 4 << 20;

/// Up to this many names a commit syncs them one by one; above, the whole file system at once.
const SYNC_SINGLY_MAX: usize = 8;

/// A store in a local directory.
#[derive(Debug)]
pub struct LocalBackend {
    root: PathBuf,
    /// Held open so that a write-back error since the start is reported by the next sync.
    directory: File,
}

impl LocalBackend {
    /// Makes the directories of an empty store.
    pub fn create(root: &Path) -> Outcome<Self> {
        for kind in ["data", "manifests"] {
            for shard in 0..=255u8 {
                let shard = root.join(kind).join(format!("{shard:02x}"));
                std::fs::create_dir_all(&shard).map_err(|e| Fault::from_file(e, &shard))?;
            }
        }
        for directory in ["staging", "quarantine"] {
            durable::make_directory(&root.join(directory))?;
        }
        let store = Self::open(root)?;
        durable::sync_file_system(&store.directory, root)?;
        Ok(store)
    }

    /// Opens a store that was made before.
    pub fn open(root: &Path) -> Outcome<Self> {
        let directory = File::open(root).map_err(|e| {
            Fault::new(Code::StoredBytesMissing).with("path", root.display()).caused_by(e)
        })?;
        if !root.join("manifests").is_dir() || !root.join("data").is_dir() {
            return Err(Fault::new(Code::StoredBytesMissing).with("path", root.display()));
        }
        Ok(Self { root: root.to_owned(), directory })
    }

    /// Where attempts under way lie.
    pub(crate) fn staging(&self) -> PathBuf {
        self.root.join("staging")
    }

    fn staged(&self, name: StoreName) -> PathBuf {
        self.root.join("staging").join(format!("{name}.data"))
    }

    fn path(&self, kind: Kind, name: StoreName) -> PathBuf {
        let name = name.to_string();
        let kind = match kind {
            Kind::Data => "data",
            Kind::Manifest => "manifests",
        };
        self.root.join(kind).join(&name[..2]).join(&name)
    }

    /// Makes files and their directories durable; singly when they are few, because a sync of the
    /// whole file system also waits for strangers' writes.
    fn sync(&self, files: &[PathBuf]) -> Outcome<()> {
        fail::fail_point!("store-sync-left-out", |_| Ok(()));
        if files.len() > SYNC_SINGLY_MAX {
            return durable::sync_file_system(&self.directory, &self.root);
        }
        let mut directories: Vec<&Path> = files.iter().filter_map(|file| file.parent()).collect();
        directories.sort_unstable();
        directories.dedup();
        for file in files {
            durable::sync_file(file)?;
        }
        for directory in directories {
            durable::sync_directory(directory)?;
        }
        Ok(())
    }

    /// A name in quarantine that nothing has.
    fn free_aside(&self, stem: &str) -> Outcome<PathBuf> {
        let tag: [u8; 4] = crate::store::cipher::random_bytes()?;
        Ok(self.root.join("quarantine").join(format!("{stem}.{}", hex::encode(tag))))
    }

    /// The first half of a commit: manifests beside the data in staging, everything durable.
    /// `fresh` ends with the paths of the manifests.
    fn write_and_sync(&self, manifests: &[(StoreName, &[u8])], fresh: &[PathBuf]) -> Outcome<()> {
        let paths = &fresh[fresh.len() - manifests.len()..];
        for (path, (_, bytes)) in paths.iter().zip(manifests) {
            durable::write_new(path, bytes, durable::WRITTEN_ONCE)?;
        }
        fail::fail_point!("commit-written", |_| std::process::abort());
        self.sync(fresh)
    }

    /// Removes what attempts left behind that nobody took up again; gives how many files went.
    /// Only files of `staging/` that were not touched for longer than the limit.
    pub(crate) fn sweep_staging(&self, now: UtcTime) -> Outcome<u64> {
        let mut swept = 0;
        let staging = self.staging();
        let entries = std::fs::read_dir(&staging).map_err(|e| Fault::from_file(e, &staging))?;
        for entry in entries.flatten() {
            let touched = entry.metadata().map_or(i64::MAX, |found| found.mtime());
            let kept = i64::try_from(STAGING_KEPT.as_secs()).unwrap_or(i64::MAX);
            if touched.saturating_add(kept) < now.as_ms() / 1_000 {
                durable::remove(&entry.path())?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

impl Backend for LocalBackend {
    fn kind(&self) -> &'static str {
        "local"
    }

    fn begin(&self, name: StoreName, expected_bytes: u64) -> Outcome<Box<dyn BlobWriter>> {
        let path = self.staged(name);
        LocalWriter::create(path, expected_bytes).map(|writer| Box::new(writer) as _)
    }

    fn resume(&self, name: StoreName) -> Outcome<Option<Box<dyn BlobWriter>>> {
        let path = self.staged(name);
        if !path.is_file() {
            return Ok(None);
        }
        Ok(Some(Box::new(LocalWriter::open(path)?)))
    }

    fn create_manifest(&self, name: StoreName, bytes: &[u8]) -> Outcome<Created> {
        self.commit(&[], &[(name, bytes)]).map(|created| created[0])
    }

    fn commit(
        &self,
        data: &[StoreName],
        manifests: &[(StoreName, &[u8])],
    ) -> Outcome<Vec<Created>> {
        let attempt = StoreName(crate::store::cipher::random_bytes()?).to_string();
        let staged = |at: usize| self.root.join("staging").join(format!("{attempt}-{at}.manifest"));
        let manifest_paths: Vec<PathBuf> = (0..manifests.len()).map(staged).collect();
        let data_paths: Vec<PathBuf> = data.iter().map(|&name| self.staged(name)).collect();
        let fresh = [data_paths, manifest_paths].concat();
        if let Err(fault) = self.write_and_sync(manifests, &fresh) {
            // Nothing has its final name yet. What a failed sync leaves may not be trusted, and a
            // full disk needs the room: the whole attempt goes.
            for path in &fresh {
                durable::remove(path)?;
                durable::remove(&path.with_extension("progress"))?;
            }
            return Err(fault);
        }
        fail::fail_point!("commit-synced", |_| std::process::abort());
        let mut placed = Vec::with_capacity(fresh.len());
        for &name in data {
            let path = self.path(Kind::Data, name);
            durable::rename(&self.staged(name), &path)?;
            placed.push(path);
        }
        fail::fail_point!("commit-data-placed", |_| std::process::abort());
        let mut created = Vec::with_capacity(manifests.len());
        for (at, &(name, _)) in manifests.iter().enumerate() {
            let path = self.path(Kind::Manifest, name);
            if durable::rename_if_free(&staged(at), &path)? {
                created.push(Created::New);
            } else {
                durable::remove(&staged(at))?;
                created.push(Created::Exists);
            }
            placed.push(path);
        }
        fail::fail_point!("commit-manifests-placed", |_| std::process::abort());
        self.sync(&placed)?;
        fail::fail_point!("commit-settled", |_| std::process::abort());
        Ok(created)
    }

    fn settle(&self, names: &[(Kind, StoreName)]) -> Outcome<()> {
        let mut paths = Vec::with_capacity(names.len());
        for &(kind, name) in names {
            let path = self.path(kind, name);
            if kind == Kind::Data && !path.exists() {
                durable::sync_file(&self.staged(name))?;
                durable::rename(&self.staged(name), &path)?;
            }
            paths.push(path);
        }
        self.sync(&paths)
    }

    fn read_at(&self, kind: Kind, name: StoreName, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        self.reader(kind, name)?.read_at(offset, buffer)
    }

    fn reader(&self, kind: Kind, name: StoreName) -> Outcome<Box<dyn super::BlobReader + '_>> {
        let path = self.path(kind, name);
        let missing =
            |e| Fault::new(Code::StoredBytesMissing).with("path", path.display()).caused_by(e);
        match File::open(&path) {
            Ok(file) => Ok(Box::new(LocalReader { file, path })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(missing(error)),
            Err(error) => Err(Fault::from_file(error, &path)),
        }
    }

    fn length(&self, kind: Kind, name: StoreName) -> Outcome<Option<u64>> {
        let path = self.path(kind, name);
        match std::fs::metadata(&path) {
            Ok(found) => Ok(Some(found.len())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::from_file(error, &path)),
        }
    }

    fn stamp(&self, kind: Kind, name: StoreName) -> Option<Stamp> {
        let found = std::fs::metadata(self.path(kind, name)).ok()?;
        let changed = (found.ctime(), found.ctime_nsec());
        Some(Stamp { device: found.dev(), number: found.ino(), bytes: found.len(), changed })
    }

    fn mend(&self, name: StoreName, offset: u64, bytes: &[u8]) -> Outcome<()> {
        let path = self.path(Kind::Data, name);
        let reader = self.reader(Kind::Data, name)?;
        let mut damaged = vec![0; bytes.len()];
        // What the medium no longer gives cannot be kept aside.
        if reader.read_at(offset, &mut damaged).is_ok() {
            let aside = self.free_aside(&format!("{name}-{offset}"))?;
            durable::write_file(&aside, &damaged, durable::WRITTEN_ONCE)?;
        }
        durable::overwrite(&path, offset, bytes)
    }

    fn set_aside(&self, name: StoreName) -> Outcome<()> {
        let path = self.path(Kind::Data, name);
        if !path.exists() {
            return Ok(());
        }
        let aside = self.free_aside(&format!("{name}-data"))?;
        durable::rename(&path, &aside)?;
        durable::sync_directory(&self.root.join("quarantine"))?;
        durable::sync_directory(path.parent().unwrap_or(&self.root))
    }

    fn destroy(&self, kind: Kind, name: StoreName) -> Outcome<()> {
        let path = self.path(kind, name);
        if !path.exists() {
            return Ok(());
        }
        durable::remove(&path)?;
        durable::sync_directory(path.parent().unwrap_or(&self.root))
    }

    /// The number of the file's inode: file systems give neighbours to what came together.
    fn position(&self, kind: Kind, name: StoreName) -> Option<u64> {
        std::fs::metadata(self.path(kind, name)).ok().map(|found| found.ino())
    }

    fn list(&self, kind: Kind, each: &mut dyn FnMut(StoreName) -> Outcome<()>) -> Outcome<()> {
        let top = self.root.join(match kind {
            Kind::Data => "data",
            Kind::Manifest => "manifests",
        });
        let failed = |error| Fault::from_file(error, &top);
        for shard in std::fs::read_dir(&top).map_err(failed)? {
            for entry in std::fs::read_dir(shard.map_err(failed)?.path()).map_err(failed)? {
                let name = entry.map_err(failed)?.file_name();
                let bytes = name.to_str().and_then(|text| hex::decode(text).ok());
                if let Some(bytes) = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) {
                    each(StoreName(bytes))?;
                }
            }
        }
        Ok(())
    }

    fn discard(&self, name: StoreName) -> Outcome<()> {
        durable::remove(&self.staged(name))?;
        durable::remove(&self.staged(name).with_extension("progress"))?;
        durable::remove(&self.path(Kind::Data, name))
    }

    fn quarantine_manifest(&self, name: StoreName) -> Outcome<()> {
        let path = self.path(Kind::Manifest, name);
        for number in 0u32.. {
            let aside = self.root.join("quarantine").join(format!("{name}.{number}"));
            if durable::rename_if_free(&path, &aside)? {
                break;
            }
        }
        durable::sync_directory(&self.root.join("quarantine"))?;
        durable::sync_directory(path.parent().unwrap_or(&self.root))
    }

    fn remember(&self, text: &[u8]) -> Outcome<()> {
        durable::write_file(&self.root.join("checkpoint"), text, durable::REPLACED)
    }

    fn remembered(&self) -> Outcome<Option<Vec<u8>>> {
        let path = self.root.join("checkpoint");
        match std::fs::read(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::from_file(error, &path)),
        }
    }

    fn self_test(&self) -> Outcome<Capabilities> {
        let name = StoreName(crate::store::cipher::random_bytes()?);
        let first = self.create_manifest(name, b"self-test")?;
        let second = self.create_manifest(name, b"changed")?;
        let path = self.path(Kind::Manifest, name);
        let kept = std::fs::read(&path).map_err(|e| Fault::from_file(e, &path))? == b"self-test";
        durable::remove(&path)?;
        let create_only = first == Created::New && second == Created::Exists && kept;
        Ok(Capabilities { create_only, object_lock: false })
    }

    fn local(&self) -> Option<&LocalBackend> {
        Some(self)
    }
}

#[derive(Debug)]
struct LocalReader {
    file: File,
    path: PathBuf,
}

impl super::BlobReader for LocalReader {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        self.file.read_exact_at(buffer, offset).map_err(|error| {
            let code = match error.kind() {
                std::io::ErrorKind::UnexpectedEof => Code::StoredBytesDamaged,
                _ => Code::MediumFailed,
            };
            Fault::new(code).with("path", self.path.display()).caused_by(error)
        })
    }

    fn will_read(&self, offset: u64, bytes: u64) {
        let length = std::num::NonZeroU64::new(bytes);
        // A hint only: a file system that cannot read ahead loses nothing but speed.
        rustix::fs::fadvise(&self.file, offset, length, rustix::fs::Advice::WillNeed).ok();
    }
}

/// A blob under construction in `staging/`.
#[derive(Debug)]
struct LocalWriter {
    path: PathBuf,
    buffered: File,
    direct: Option<File>,
    /// Whether the file was made read-only from its beginning.
    read_only: bool,
}

impl LocalWriter {
    fn create(path: PathBuf, expected_bytes: u64) -> Outcome<Self> {
        // What is written through this one handle can be read-only at once, a change less to make.
        let read_only = expected_bytes < DIRECT_FROM_BYTES;
        let mode = if read_only { durable::WRITTEN_ONCE } else { durable::REPLACED };
        let buffered = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&path)
            .map_err(|error| Fault::from_file(error, &path))?;
        if read_only {
            return Ok(Self { path, buffered, direct: None, read_only });
        }
        match rustix::fs::fallocate(&buffered, FallocateFlags::empty(), 0, expected_bytes) {
            Ok(()) | Err(rustix::io::Errno::OPNOTSUPP) => {}
            Err(error) => {
                durable::remove(&path)?;
                return Err(Fault::from_file(error.into(), &path));
            }
        }
        let direct = open_direct(&path);
        Ok(Self { path, buffered, direct, read_only: false })
    }

    fn open(path: PathBuf) -> Outcome<Self> {
        let buffered = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|error| Fault::from_file(error, &path))?;
        let direct = open_direct(&path);
        Ok(Self { path, buffered, direct, read_only: false })
    }

    fn failed(&self, error: std::io::Error) -> Fault {
        Fault::from_file(error, &self.path)
    }
}

/// A handle that writes past the page cache, where the file system has that.
fn open_direct(path: &Path) -> Option<File> {
    let flags = i32::try_from(OFlags::DIRECT.bits()).ok()?;
    OpenOptions::new().write(true).custom_flags(flags).open(path).ok()
}

impl BlobWriter for LocalWriter {
    /// What begins at a multiple of `ALIGN` goes past the page cache, to its last whole sector.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> Outcome<()> {
        let aligned = bytes.as_ptr().align_offset(ALIGN) == 0;
        let whole = match &self.direct {
            Some(_) if aligned => bytes.len() - bytes.len() % ALIGN,
            _ => 0,
        };
        let (front, tail) = bytes.split_at(whole);
        if let Some(direct) = &self.direct
            && !front.is_empty()
        {
            direct.write_all_at(front, offset).map_err(|error| self.failed(error))?;
        }
        let at = offset + whole as u64;
        self.buffered.write_all_at(tail, at).map_err(|error| self.failed(error))
    }

    fn read_back(&self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        self.buffered.read_exact_at(buffer, offset).map_err(|error| self.failed(error))
    }

    fn slice(&self) -> SliceRule {
        SliceRule { bytes: SLICE_BYTES }
    }

    fn checkpoint(&self) -> Outcome<()> {
        fail::fail_point!("store-sync-left-out", |_| Ok(()));
        self.buffered.sync_data().map_err(|error| self.failed(error))
    }

    fn finish(&self, bytes: u64) -> Outcome<()> {
        let written = self.buffered.metadata().map_err(|error| self.failed(error))?;
        if written.len() != bytes {
            self.buffered.set_len(bytes).map_err(|error| self.failed(error))?;
        }
        if !self.read_only {
            durable::set_mode(&self.buffered, durable::WRITTEN_ONCE, &self.path)?;
        }
        if bytes > EXTENT_BYTES {
            // Large blobs are synced here, by their own worker, so that a commit waits for little.
            return self.checkpoint();
        }
        Ok(())
    }
}
