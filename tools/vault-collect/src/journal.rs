//! What was delivered, and where deliveries under way are gone on with: one line of JSON each.
//!
//! Promises: a line is durable before anything relies on it; a line that was cut by a stop is
//! passed over. Losing the journal loses no recording: files are hashed and offered again, and
//! the vault knows their content.

use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// What is known of one state of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub(crate) enum Known {
    /// On its way: gone on with at this address.
    Begun { blake3: String, url: String },
    /// Stored, as this recording.
    Stored { recording: String, duplicate: bool },
}

#[derive(Serialize, Deserialize)]
struct Line {
    key: String,
    name: String,
    #[serde(flatten)]
    known: Known,
}

/// The journal of one directory.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    known: HashMap<String, Known>,
}

impl Journal {
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let mut options = OpenOptions::new();
        options.create(true).append(true).read(true).mode(0o600);
        let mut file = options.open(path).with_context(|| path.display().to_string())?;
        let (mut known, mut whole) = (HashMap::new(), true);
        for bytes in BufReader::new(&file).split(b'\n') {
            let bytes = bytes.with_context(|| path.display().to_string())?;
            let line = serde_json::from_slice::<Line>(&bytes);
            whole = line.is_ok();
            if let Ok(line) = line {
                known.insert(line.key, line.known);
            }
        }
        if !whole {
            // What follows begins on a line of its own.
            file.write_all(b"\n").with_context(|| path.display().to_string())?;
        }
        Ok(Self { file, known })
    }

    pub(crate) fn known(&self, key: &str) -> Option<&Known> {
        self.known.get(key)
    }

    pub(crate) fn note(&mut self, key: &str, name: &str, known: Known) -> anyhow::Result<()> {
        let line = Line { key: key.to_owned(), name: name.to_owned(), known };
        let mut bytes = serde_json::to_vec(&line)?;
        bytes.push(b'\n');
        self.file.write_all(&bytes)?;
        self.file.sync_data()?;
        self.known.insert(line.key, line.known);
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "makes scratch files")]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_known_again_and_a_cut_line_harms_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal");
        let begun = Known::Begun { blake3: "b".into(), url: "u".into() };
        let stored = Known::Stored { recording: "r".into(), duplicate: false };
        let mut journal = Journal::open(&path).unwrap();
        journal.note("one", "一.mp4", begun.clone()).unwrap();
        journal.note("two", "二.mp4", begun.clone()).unwrap();
        journal.note("two", "二.mp4", stored.clone()).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();
        let mut journal = Journal::open(&path).unwrap();
        assert_eq!(journal.known("two"), Some(&begun));
        journal.note("two", "二.mp4", stored.clone()).unwrap();
        let journal = Journal::open(&path).unwrap();
        assert_eq!((journal.known("one"), journal.known("two")), (Some(&begun), Some(&stored)));
    }
}
