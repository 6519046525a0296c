//! The files of a package while they are checked: each is read once, and hashed as it is read.
//!
//! Promises that what is parsed is what was hashed: there is no second reading. Never opens a
//! file whose name is bad or that is no ordinary file, and never reads past a file's limit.

use super::files::{Files, Listed};
use super::manifest::Lines;
use super::path;
use super::problem::{Problem, What};
use super::record::Record;
use super::{FILES_MAX, WHOLE_BYTES_MAX, top};
use sha2::{Digest, Sha256, Sha512};
use sm3::Sm3;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// Bytes read at once.
const PIECE_BYTES: usize = 256 * 1024;

/// Digests of one file, hex.
#[derive(Debug, Clone, Default)]
pub(super) struct Digests {
    pub(super) bytes: u64,
    pub(super) sha256: String,
    pub(super) sha512: String,
    pub(super) blake3: String,
    /// Of originals only.
    pub(super) sm3: String,
}

impl Digests {
    /// What a record says of a recording that is not here whole.
    pub(super) fn said(record: &Record) -> Self {
        Self {
            bytes: record.bytes,
            sha256: record.sha256.clone(),
            sm3: record.sm3.clone(),
            ..Self::default()
        }
    }
}

/// The files, what was read of them, and what was wrong.
pub(super) struct Contents<'a> {
    files: &'a dyn Files,
    progress: &'a mut dyn FnMut(u64),
    pub(super) lengths: BTreeMap<String, u64>,
    pub(super) digests: BTreeMap<String, Digests>,
    pub(super) bytes: u64,
    problems: BTreeSet<Problem>,
    /// What manifests say, to be compared when everything was read.
    expected: Vec<(&'static str, Lines)>,
}

impl<'a> Contents<'a> {
    /// Lists the files and judges their names.
    pub(super) fn list(files: &'a dyn Files, progress: &'a mut dyn FnMut(u64)) -> Self {
        let mut contents = Self {
            files,
            progress,
            lengths: BTreeMap::new(),
            digests: BTreeMap::new(),
            bytes: 0,
            problems: BTreeSet::new(),
            expected: Vec::new(),
        };
        match files.list() {
            Err(_) => contents.problem("", What::NotListed),
            Ok(listed) if listed.len() > FILES_MAX => contents.problem("", What::TooManyFiles),
            Ok(listed) => contents.take(listed),
        }
        contents
    }

    fn take(&mut self, listed: Vec<Listed>) {
        let mut folded = BTreeSet::new();
        for file in listed {
            if !path::is_good(&file.path) {
                self.problem(&file.path, What::NameBad);
            } else if !file.ordinary {
                self.problem(&file.path, What::NotOrdinary);
            } else if !folded.insert(path::folded(&file.path)) {
                self.problem(&file.path, What::NameTwice);
            } else {
                self.lengths.insert(file.path, file.bytes);
            }
        }
        // A name cannot be a file and a directory.
        let paths: Vec<String> = self.lengths.keys().cloned().collect();
        for name in paths {
            let mut parents = name.match_indices('/').filter_map(|(at, _)| name.get(..at));
            if parents.any(|parent| folded.contains(&path::folded(parent))) {
                self.problem(&name, What::NameTwice);
            }
        }
    }

    /// Notes a problem.
    pub(super) fn problem(&mut self, file: &str, what: What) {
        self.problems.insert(Problem { file: file.to_owned(), what });
    }

    /// Keeps what a manifest says until everything was read.
    pub(super) fn expect(&mut self, manifest: &'static str, lines: Lines) {
        self.expected.push((manifest, lines));
    }

    /// Compares what was read with what the manifests say.
    pub(super) fn compare(&mut self) {
        for (manifest, lines) in std::mem::take(&mut self.expected) {
            let digest_of = |digests: &'_ Digests| match manifest {
                top::SHA256 | top::TAG_SHA256 => (digests.sha256.clone(), What::Sha256),
                top::SHA512 | top::TAG_SHA512 => (digests.sha512.clone(), What::Sha512),
                _ => (digests.blake3.clone(), What::Blake3),
            };
            for (name, expected) in lines {
                match self.digests.get(&name).map(digest_of) {
                    Some((digest, _)) if digest == expected => {}
                    Some((_, what)) => self.problem(&name, what),
                    // A file that is there and could not be read was named when it was read.
                    None if self.lengths.contains_key(&name) => {}
                    None => self.problem(&name, What::Missing),
                }
            }
        }
    }

    /// Everything that was wrong, sorted.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_iter().collect()
    }

    /// Reads a file whole. `None`, and a problem, where it is not there or cannot be.
    pub(super) fn whole(&mut self, name: &str, bytes_max: u64) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        let limit = bytes_max.min(WHOLE_BYTES_MAX);
        self.read(name, limit, false, &mut |piece| content.extend_from_slice(piece))?;
        Some(content)
    }

    /// Reads a file to its end for its digests alone, if it was not read yet.
    pub(super) fn stream(&mut self, name: &str, original: bool) -> Option<&Digests> {
        if !self.digests.contains_key(name) {
            self.read(name, u64::MAX, original, &mut |_| {})?;
        }
        self.digests.get(name)
    }

    /// Reads a file piece by piece; gives its digests. `None`, and a problem, where it is not there
    /// or cannot be read whole.
    pub(super) fn pieces(
        &mut self,
        name: &str,
        original: bool,
        take: &mut dyn FnMut(&[u8]),
    ) -> Option<Digests> {
        self.read(name, u64::MAX, original, take)?;
        self.digests.get(name).cloned()
    }

    fn read(
        &mut self,
        name: &str,
        bytes_max: u64,
        original: bool,
        take: &mut dyn FnMut(&[u8]),
    ) -> Option<()> {
        let Some(&length) = self.lengths.get(name) else {
            self.problem(name, What::Missing);
            return None;
        };
        if length > bytes_max {
            self.problem(name, What::TooLong);
            return None;
        }
        match hash(self.files, name, length, original, &mut |piece| {
            (self.progress)(piece.len() as u64);
            take(piece);
        }) {
            Ok(digests) => {
                self.bytes = self.bytes.saturating_add(digests.bytes);
                self.digests.insert(name.to_owned(), digests);
                Some(())
            }
            Err(what) => {
                self.problem(name, what);
                None
            }
        }
    }
}

/// Reads exactly `length` bytes and the end after them.
fn hash(
    files: &dyn Files,
    name: &str,
    length: u64,
    original: bool,
    take: &mut dyn FnMut(&[u8]),
) -> Result<Digests, What> {
    let mut reader = files.open(name).map_err(|_| What::Unreadable)?;
    let (mut sha256, mut sha512) = (Sha256::new(), Sha512::new());
    let (mut blake3, mut sm3) = (blake3::Hasher::new(), Sm3::new());
    let mut buffer = vec![0; PIECE_BYTES];
    let mut bytes = 0u64;
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => return Err(What::Unreadable),
        };
        let piece = buffer.get(..count).ok_or(What::Unreadable)?;
        if count == 0 {
            break;
        }
        bytes += count as u64;
        if bytes > length {
            return Err(What::TooLong);
        }
        sha256.update(piece);
        sha512.update(piece);
        blake3.update(piece);
        if original {
            sm3.update(piece);
        }
        take(piece);
    }
    if bytes != length {
        return Err(What::Unreadable);
    }
    Ok(Digests {
        bytes,
        sha256: hex::encode(sha256.finalize()),
        sha512: hex::encode(sha512.finalize()),
        blake3: blake3.finalize().to_string(),
        sm3: if original { hex::encode(sm3.finalize()) } else { String::new() },
    })
}
