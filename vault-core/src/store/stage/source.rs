//! A file that is to be taken in: opened once, read only, and watched for change.
//!
//! Never follows a link at the end of the path, never blocks on a pipe, never writes.

use crate::fault::{Code, Fault, Outcome};
use crate::limits::RECORDING_BYTES_MAX;
use rustix::fs::OFlags;
use std::fs::{File, Metadata, OpenOptions};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SourceIdentity {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) bytes: u64,
    pub(crate) modified_ns: i128,
    pub(crate) changed_ns: i128,
}

impl SourceIdentity {
    fn of(found: &Metadata) -> Self {
        let nanoseconds =
            |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        Self {
            device: found.dev(),
            inode: found.ino(),
            bytes: found.len(),
            modified_ns: nanoseconds(found.mtime(), found.mtime_nsec()),
            changed_ns: nanoseconds(found.ctime(), found.ctime_nsec()),
        }
    }
}

/// An opened source.
#[derive(Debug)]
pub(crate) struct Source {
    file: File,
    path: PathBuf,
    identity: SourceIdentity,
}

fn unreadable(path: &Path, error: std::io::Error) -> Fault {
    let code = match error.raw_os_error().map(rustix::io::Errno::from_raw_os_error) {
        Some(rustix::io::Errno::LOOP) => Code::SourceIsALink,
        Some(rustix::io::Errno::NXIO) => Code::SourceNotAFile,
        Some(rustix::io::Errno::NOENT) => Code::SourceMissing,
        _ => Code::SourceUnreadable,
    };
    Fault::new(code).with("path", path.display()).caused_by(error)
}

impl Source {
    /// Opens a regular file.
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(flags.bits().cast_signed())
            .open(path)
            .map_err(|error| unreadable(path, error))?;
        let found = file.metadata().map_err(|error| unreadable(path, error))?;
        if !found.is_file() {
            return Err(Fault::new(Code::SourceNotAFile).with("path", path.display()));
        }
        if found.len() > RECORDING_BYTES_MAX {
            return Err(Fault::new(Code::SourceTooLarge)
                .with("path", path.display())
                .with("bytes", found.len())
                .with("limit", RECORDING_BYTES_MAX));
        }
        Ok(Self { file, path: path.to_owned(), identity: SourceIdentity::of(&found) })
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.identity.bytes
    }

    pub(crate) fn identity(&self) -> SourceIdentity {
        self.identity
    }

    /// Reads exactly this range; a shorter file has changed.
    pub(crate) fn read(&self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        self.file.read_exact_at(buffer, offset).map_err(|error| {
            if error.kind() == std::io::ErrorKind::UnexpectedEof {
                return self.changed();
            }
            unreadable(&self.path, error)
        })
    }

    /// Says that this range will be read soon; a hint.
    pub(crate) fn will_read(&self, offset: u64, bytes: u64) {
        let length = std::num::NonZeroU64::new(bytes);
        rustix::fs::fadvise(&self.file, offset, length, rustix::fs::Advice::WillNeed).ok();
    }

    fn changed(&self) -> Fault {
        Fault::new(Code::SourceChanged).with("path", self.path.display())
    }

    /// Fails if the file is not what it was when it was opened.
    pub(crate) fn check_unchanged(&self) -> Outcome<()> {
        let found = self.file.metadata().map_err(|error| unreadable(&self.path, error))?;
        let now = SourceIdentity::of(&found);
        // The time of the last status change moves when somebody only renames or links the file.
        let same = SourceIdentity { changed_ns: self.identity.changed_ns, ..now } == self.identity;
        // A file may hold more than its length says: on a network mount that has not heard of the
        // end yet, or where the kernel makes it up.
        let beyond = self.file.read_at(&mut [0], self.identity.bytes);
        let beyond = beyond.map_err(|error| unreadable(&self.path, error))?;
        if same && beyond == 0 { Ok(()) } else { Err(self.changed()) }
    }
}
