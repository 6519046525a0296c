//! The only place that creates, renames and removes files of the vault.
//!
//! Promises: a file written here is there whole or not at all, and survives a power cut once the
//! call returned. A failed fsync is never retried: the kernel may have dropped the pages, so the
//! attempt is abandoned and the fault goes up.
#![expect(clippy::disallowed_methods, reason = "this is the module the ban points to")]

use crate::fault::{Fault, Outcome};
use rustix::fs::{AtFlags, CWD, FlockOperation, RenameFlags};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{FileExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Mode of files that are written once.
pub(crate) const WRITTEN_ONCE: u32 = 0o444;
/// Mode of files that hold secrets.
pub(crate) const SECRET: u32 = 0o600;
/// Mode of files that are replaced.
pub(crate) const REPLACED: u32 = 0o644;

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Fault + '_ {
    move |error| Fault::from_file(error, path)
}

/// Writes a file whole, replacing what is there:
/// `open(temp) write fsync close rename(temp, path) fsync(directory)`.
pub(crate) fn write_file(path: &Path, bytes: &[u8], mode: u32) -> Outcome<()> {
    let temp = temporary_beside(path);
    write_new(&temp, bytes, mode)?.sync_all().map_err(failed(path))?;
    std::fs::rename(&temp, path).map_err(failed(path))?;
    sync_directory(directory_of(path))
}

/// More files than these are made durable by one call for their file system: each alone would
/// wait for a commit of its journal.
const SYNCED_SINGLY: usize = 16;

/// Writes new files of one directory tree, durably all together: none has its name before the
/// bytes of all of them are durable.
pub(crate) fn write_files(root: &Path, files: &[(PathBuf, Vec<u8>)], mode: u32) -> Outcome<()> {
    if files.len() <= SYNCED_SINGLY {
        return files.iter().try_for_each(|(path, bytes)| write_file(path, bytes, mode));
    }
    // Opened before, so that what goes wrong in writing back is reported to it.
    let tree = File::open(root).map_err(failed(root))?;
    for (path, bytes) in files {
        write_new(&temporary_beside(path), bytes, mode)?;
    }
    sync_file_system(&tree, root)?;
    for (path, _) in files {
        std::fs::rename(temporary_beside(path), path).map_err(failed(path))?;
    }
    let directories: BTreeSet<&Path> = files.iter().map(|(path, _)| directory_of(path)).collect();
    directories.into_iter().try_for_each(sync_directory)
}

/// The directory a path lies in; a bare name lies in the current one.
fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn temporary_beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

/// Creates a file with these bytes, not yet durable; an older leftover of that name goes.
pub(crate) fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Outcome<File> {
    let create = || OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let created = create().or_else(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => std::fs::remove_file(path).and_then(|()| create()),
        _ => Err(error),
    });
    let mut file = created.map_err(failed(path))?;
    file.write_all(bytes).map_err(failed(path))?;
    Ok(file)
}

/// Makes the names in a directory durable.
pub(crate) fn sync_directory(path: &Path) -> Outcome<()> {
    let directory = File::open(path).map_err(failed(path))?;
    directory.sync_all().map_err(failed(path))
}

/// Makes one file's content durable.
pub(crate) fn sync_file(path: &Path) -> Outcome<()> {
    let file = File::open(path).map_err(failed(path))?;
    file.sync_data().map_err(failed(path))
}

/// Makes everything written to the file system of `directory` durable, names included. One call
/// for a whole batch; reports a write-back error of any file since `directory` was opened.
pub(crate) fn sync_file_system(directory: &File, path: &Path) -> Outcome<()> {
    rustix::fs::syncfs(directory).map_err(|error| Fault::from_file(error.into(), path))
}

/// Makes a directory and its missing parents, durably.
pub(crate) fn make_directory(path: &Path) -> Outcome<()> {
    if path.is_dir() {
        return Ok(());
    }
    make_directory(directory_of(path))?;
    match std::fs::create_dir(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(Fault::from_file(error, path))
        }
        _ => sync_directory(directory_of(path)),
    }
}

/// Gives a file its final name if that is free; false if it is taken.
pub(crate) fn rename_if_free(from: &Path, to: &Path) -> Outcome<bool> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::EXIST) => Ok(false),
        // Some file systems know no RENAME_NOREPLACE; a hard link refuses a taken name as well.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => link_if_free(from, to),
        Err(error) => Err(Fault::from_file(error.into(), to)),
    }
}

fn link_if_free(from: &Path, to: &Path) -> Outcome<bool> {
    match rustix::fs::linkat(CWD, from, CWD, to, AtFlags::empty()) {
        Ok(()) => remove(from).map(|()| true),
        Err(rustix::io::Errno::EXIST) => Ok(false),
        Err(error) => Err(Fault::from_file(error.into(), to)),
    }
}

/// Gives a directory its final name if that is free; false if it is taken.
pub(crate) fn rename_directory_if_free(from: &Path, to: &Path) -> Outcome<bool> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::EXIST) => Ok(false),
        // Without RENAME_NOREPLACE a rename still refuses files and directories that hold anything.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => match std::fs::rename(from, to)
        {
            Ok(()) => Ok(true),
            Err(_) if to.exists() => Ok(false),
            Err(error) => Err(Fault::from_file(error, to)),
        },
        Err(error) => Err(Fault::from_file(error.into(), to)),
    }
}

/// Makes the name of a path durable.
pub(crate) fn sync_parent(path: &Path) -> Outcome<()> {
    sync_directory(directory_of(path))
}

/// Renames, replacing; not yet durable.
pub(crate) fn rename(from: &Path, to: &Path) -> Outcome<()> {
    std::fs::rename(from, to).map_err(failed(to))
}

/// Removes a file that is not evidence: staging, a superseded partial tile.
pub(crate) fn remove(path: &Path) -> Outcome<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Fault::from_file(error, path))
        }
        _ => Ok(()),
    }
}

/// Overwrites a range of a file that is written once, for mending alone:
/// `chmod(0644) pwrite fdatasync chmod(0444)`. A cut in between leaves a file that can be written,
/// and a range that every reader checks.
pub(crate) fn overwrite(path: &Path, offset: u64, bytes: &[u8]) -> Outcome<()> {
    std::fs::set_permissions(path, Permissions::from_mode(REPLACED)).map_err(failed(path))?;
    let file = OpenOptions::new().write(true).open(path).map_err(failed(path))?;
    file.write_all_at(bytes, offset).map_err(failed(path))?;
    file.sync_data().map_err(failed(path))?;
    set_mode(&file, WRITTEN_ONCE, path)
}

/// Makes a finished file read-only.
pub(crate) fn set_mode(file: &File, mode: u32, path: &Path) -> Outcome<()> {
    file.set_permissions(Permissions::from_mode(mode)).map_err(failed(path))
}

/// Removes a directory that this program made for trial, with all that is in it.
pub(crate) fn remove_scratch(path: &Path) -> Outcome<()> {
    std::fs::remove_dir_all(path).map_err(failed(path))
}

/// An exclusive lock between processes, held until dropped.
#[derive(Debug)]
pub(crate) struct FileLock(#[expect(dead_code, reason = "held for its lock")] File);

impl FileLock {
    /// Waits for the lock.
    pub(crate) fn wait(path: &Path) -> Outcome<Self> {
        let file = Self::file(path)?;
        loop {
            match rustix::fs::flock(&file, FlockOperation::LockExclusive) {
                Ok(()) => return Ok(Self(file)),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(Fault::from_file(error.into(), path)),
            }
        }
    }

    /// Takes the lock if nobody holds it.
    pub(crate) fn try_take(path: &Path) -> Outcome<Option<Self>> {
        let file = Self::file(path)?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self(file))),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(Fault::from_file(error.into(), path)),
        }
    }

    fn file(path: &Path) -> Outcome<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(SECRET)
            .open(path)
            .map_err(failed(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_files_and_many_are_there_whole_under_their_names_and_nothing_else() {
        for count in [1, SYNCED_SINGLY, SYNCED_SINGLY + 1] {
            let scratch = tempfile::tempdir().unwrap();
            for directory in ["a", "b"] {
                make_directory(&scratch.path().join(directory)).unwrap();
            }
            let place = |at: usize| scratch.path().join(["a", "b"][at % 2]).join(at.to_string());
            let files: Vec<_> = (0..count).map(|at| (place(at), vec![b'x'; at])).collect();
            write_files(scratch.path(), &files, WRITTEN_ONCE).unwrap();
            for (path, bytes) in &files {
                assert_eq!(&std::fs::read(path).unwrap(), bytes);
            }
            let names = ["a", "b"].map(|one| std::fs::read_dir(scratch.path().join(one)).unwrap());
            assert_eq!(names.into_iter().flatten().count(), count);
            let nowhere = vec![(scratch.path().join("none/1"), Vec::new()); count];
            assert!(write_files(scratch.path(), &nowhere, WRITTEN_ONCE).is_err());
        }
    }
}
