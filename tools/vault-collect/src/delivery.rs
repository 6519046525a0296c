//! One file on its way: hashed, announced, sent from where the service has it, compared.
//!
//! Promises: a file counts as stored when the service says so under the id that was computed here,
//! and not before. The file itself is only read.

use crate::journal::{Journal, Known};
use crate::limits::{FAILURES_MAX, PIECE_BYTES, WAIT_FIRST, WAIT_MAX};
use crate::service::{Announced, Failed, Service};
use crate::watch::Seen;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What came of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// Stored as this recording; whether its content was there before.
    Stored { recording: String, duplicate: bool },
    /// Not stored, and why; not tried again before the file or the program changes.
    Refused(String),
    /// It was not possible for so long; it will be tried again.
    Later(String),
}

/// What deliveries share.
#[derive(Debug)]
pub(crate) struct Deliveries {
    pub(crate) service: Service,
    pub(crate) journal: Mutex<Journal>,
    pub(crate) directory: PathBuf,
    /// The recorder all these files come from, where there is one.
    pub(crate) device: Option<String>,
}

impl Deliveries {
    /// What is known of a file.
    pub(crate) fn known(&self, key: &str) -> Option<Known> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner).known(key).cloned()
    }

    fn note(&self, key: &str, seen: &Seen, known: Known) -> Result<(), Failed> {
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        let noted = journal.note(key, &seen.name(), known);
        noted.map_err(|error| Failed::ForNow(format!("{error:#}")))
    }

    /// Brings one file in, however often the way breaks.
    pub(crate) async fn deliver(&self, seen: &Seen) -> Came {
        let (mut failures, mut wait) = (0, WAIT_FIRST);
        loop {
            let reason = match self.attempt(seen).await {
                Ok((recording, duplicate)) => return Came::Stored { recording, duplicate },
                Err(Failed::Refused(reason)) => return Came::Refused(reason),
                Err(Failed::Forgotten) => String::new(),
                Err(Failed::ForNow(reason)) => reason,
            };
            failures += 1;
            if failures >= FAILURES_MAX {
                return Came::Later(reason);
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(WAIT_MAX);
        }
    }

    async fn attempt(&self, seen: &Seen) -> Result<(String, bool), Failed> {
        let key = seen.key(&self.directory);
        let (own, url) = match self.known(&key) {
            Some(Known::Stored { recording, duplicate }) => return Ok((recording, duplicate)),
            Some(Known::Begun { blake3, url }) => (blake3, url),
            None => self.begin(&key, seen).await?,
        };
        let standing = match self.service.ask(&url).await {
            Err(Failed::Forgotten) => {
                let (_, url) = self.begin(&key, seen).await?;
                self.service.ask(&url).await.map(|standing| (standing, url))?
            }
            other => (other?, url),
        };
        let (mut standing, url) = standing;
        if standing.stored.is_none() {
            let file = tokio::fs::File::open(&seen.path).await;
            let file = file.map_err(|error| Failed::ForNow(error.to_string()))?;
            standing = self.service.send(&url, file, standing.offset).await?;
        }
        let Some((recording, duplicate)) = standing.stored else {
            return Err(Failed::ForNow(format!("{} / {}", standing.offset, seen.bytes)));
        };
        if recording != own {
            return Err(Failed::Refused(format!("{recording} ≠ {own}")));
        }
        self.note(&key, seen, Known::Stored { recording: recording.clone(), duplicate })?;
        Ok((recording, duplicate))
    }

    async fn begin(&self, key: &str, seen: &Seen) -> Result<(String, String), Failed> {
        let path = seen.path.clone();
        let hashed = tokio::task::spawn_blocking(move || hash(&path)).await;
        let hashed = hashed.map_err(|error| Failed::ForNow(error.to_string()))?;
        let (blake3, bytes) = hashed.map_err(|error| Failed::ForNow(error.to_string()))?;
        if bytes != seen.bytes {
            return Err(Failed::ForNow(format!("{bytes} ≠ {}", seen.bytes)));
        }
        let mut said = vec![("filename", seen.name())];
        said.extend(self.device.clone().map(|device| ("device", device)));
        let url = self.service.announce(&Announced { bytes, blake3: &blake3, said }).await?;
        self.note(key, seen, Known::Begun { blake3: blake3.clone(), url: url.clone() })?;
        Ok((blake3, url))
    }
}

fn hash(path: &Path) -> std::io::Result<(String, u64)> {
    let mut file = std::fs::File::open(path)?;
    let (mut hasher, mut buffer, mut bytes) = (blake3::Hasher::new(), vec![0; PIECE_BYTES], 0);
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok((hasher.finalize().to_hex().to_string(), bytes));
        }
        hasher.update(&buffer[..count]);
        bytes += count as u64;
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "makes scratch files")]
mod tests {
    use super::*;
    use std::time::Duration;

    /// What the waits add up to.
    fn patience() -> Duration {
        let turns = 0..FAILURES_MAX - 1;
        turns.map(|turn| (WAIT_FIRST * 2u32.pow(turn.min(16))).min(WAIT_MAX)).sum()
    }

    #[test]
    fn a_service_that_restarts_is_waited_for() {
        assert!(patience() > Duration::from_mins(4) && patience() < Duration::from_mins(10));
    }

    #[test]
    fn hashes_are_what_b3sum_prints() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"").unwrap();
        let empty = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";
        assert_eq!(hash(file.path()).unwrap(), (empty.to_owned(), 0));
    }
}
