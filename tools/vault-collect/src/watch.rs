//! Which files lie in the directory and rest.
//!
//! Promises: follows no link, opens nothing, changes nothing. A file that still grows is left
//! alone until two looks find it the same.

use crate::limits::{DEPTH_MAX, FILES_MAX};
use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use walkdir::WalkDir;

/// A file as one look found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) modified_ns: u128,
}

impl Seen {
    /// Tells this state of this file from every other, also of names that are no Unicode.
    pub(crate) fn key(&self, directory: &Path) -> String {
        let relative = self.path.strip_prefix(directory).unwrap_or(&self.path);
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.bytes.to_le_bytes());
        hasher.update(&self.modified_ns.to_le_bytes());
        hasher.update(relative.as_os_str().as_bytes());
        hex::encode(&hasher.finalize().as_bytes()[..16])
    }

    /// The name of the file, as people read it.
    pub(crate) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// Looks at a directory again and again.
#[derive(Debug)]
pub(crate) struct Watch {
    directory: PathBuf,
    before: HashMap<PathBuf, (u64, u128)>,
}

impl Watch {
    pub(crate) fn new(directory: PathBuf) -> Self {
        Self { directory, before: HashMap::new() }
    }

    /// The files that are as the look before found them, in the order of their names, and how many
    /// are not.
    pub(crate) fn look(&mut self) -> (Vec<Seen>, usize) {
        let now = found(&self.directory);
        let all = now.len();
        let resting: Vec<_> = now
            .iter()
            .filter(|seen| self.before.get(&seen.path) == Some(&(seen.bytes, seen.modified_ns)))
            .cloned()
            .collect();
        let states = now.into_iter().map(|seen| (seen.path, (seen.bytes, seen.modified_ns)));
        self.before = states.collect();
        let moving = all - resting.len();
        (resting, moving)
    }
}

fn found(directory: &Path) -> Vec<Seen> {
    let hidden = |name: &std::ffi::OsStr| name.as_bytes().starts_with(b".");
    WalkDir::new(directory)
        .follow_links(false)
        .max_depth(DEPTH_MAX)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name()))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .take(FILES_MAX)
        .filter_map(|entry| {
            let metadata = entry.metadata().ok()?;
            let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            let modified_ns = modified.as_nanos();
            Some(Seen { path: entry.into_path(), bytes: metadata.len(), modified_ns })
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "makes scratch files")]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_taken_when_it_rests_and_links_and_hidden_ones_are_not() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        std::fs::create_dir(at("DCIM")).unwrap();
        std::fs::write(at("DCIM/一.mp4"), b"1").unwrap();
        std::fs::write(at(".part"), b"1").unwrap();
        std::os::unix::fs::symlink("/etc/hostname", at("link.mp4")).unwrap();
        let mut watch = Watch::new(directory.path().to_owned());
        assert_eq!(watch.look(), (Vec::new(), 1));
        std::fs::write(at("DCIM/一.mp4"), b"12").unwrap();
        assert_eq!(watch.look().0.len(), 0, "it grew");
        let (resting, moving) = watch.look();
        assert_eq!((resting.len(), moving), (1, 0));
        assert_eq!((resting[0].name().as_str(), resting[0].bytes), ("一.mp4", 2));
        let other = Seen { bytes: 3, ..resting[0].clone() };
        assert_ne!(resting[0].key(directory.path()), other.key(directory.path()));
    }
}
