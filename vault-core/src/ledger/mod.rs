//! The ledger's durable files: the log, the tiles and the checkpoint.
//!
//! The database is a cache; what is acknowledged lies, synced, in the log first (`publish`). Tiles
//! and checkpoint are derived from the log. Before a checkpoint is signed, what was written is
//! read back and the root computed again, and the tree must extend the last one signed. A failed
//! sync is never retried. Formats: `docs/formats/ledger.md`, `docs/formats/ledger-log.md`. (R29)

mod log;
mod memory;
mod signing;
mod tiles;
mod verify;
mod witness;

pub use memory::Standing;
pub use verify::LedgerReport;
pub use witness::{cosign, create_witness, open_witness};

pub(crate) use log::LogEntry;
pub(crate) use memory::behind;
pub(crate) use signing::create_signing_key;

use crate::catalog::Catalog;
use crate::fault::{Code, Fault, Outcome};
use log::Log;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use vault_proof::Hash256;
use vault_proof::tiles::{Tile, TileKind};
use vault_proof::tlog_proof::TlogProof;
use vault_proof::tree::{Frontier, prove_inclusion};

/// Events taken from the catalogue at once.
const EVENTS_AT_ONCE: u32 = 2_048;

/// How often proofs are made anew where another signer replaced the tiles meanwhile.
const PROVE_ATTEMPTS_MAX: u32 = 3;

/// The ledger's files of one vault.
#[derive(Debug)]
pub(crate) struct Ledger {
    directory: PathBuf,
    secrets: PathBuf,
    origin: String,
    log: Mutex<Log>,
    /// What stood against signing when it was last told.
    told: Mutex<Option<Code>>,
}

/// A fault of the ledger, with the byte class and the first bad index.
pub(crate) fn damaged(what: &str, seq: u64) -> Fault {
    Fault::new(Code::LedgerDamaged).with("what", what).with("seq", seq)
}

/// Every entry of the log in that directory, each checked.
pub(crate) fn read_log(directory: &Path) -> impl Iterator<Item = Outcome<LogEntry>> + Send + use<> {
    log::read_all(directory)
}

impl Ledger {
    /// The ledger in this directory; its keys lie in `secrets`.
    pub(crate) fn new(directory: &Path, secrets: &Path, vault_id: &str) -> Self {
        Self {
            directory: directory.to_owned(),
            secrets: secrets.to_owned(),
            origin: format!("evidence-vault/{vault_id}"),
            log: Mutex::new(Log::new(directory.join("log"))),
            told: Mutex::new(None),
        }
    }

    /// Whether what stands against signing, or that nothing does, is other than when this was last
    /// asked: what lasts is told once, not at every turn of the work.
    pub(crate) fn is_news(&self, problem: Option<Code>) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *told, problem) != problem
    }

    fn lock_path(&self) -> PathBuf {
        self.directory.join("lock")
    }

    fn log(&self) -> Outcome<std::sync::MutexGuard<'_, Log>> {
        self.log.lock().map_err(|_| Fault::new(Code::Internal).with("what", "ledger lock"))
    }

    /// How many events the log holds.
    pub(crate) fn size(&self) -> Outcome<u64> {
        self.log()?.size()
    }

    /// Brings the log up to the catalogue's events; when it returns, they are durable outside the
    /// database too, and the acts they record may be acknowledged.
    pub(crate) async fn publish(&self, catalog: &Catalog) -> Outcome<()> {
        loop {
            let size = self.size()?;
            let rows = catalog.events_from(size, EVENTS_AT_ONCE).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let entries: Vec<LogEntry> = rows
                .into_iter()
                .map(|row| LogEntry { seq: row.seq, leaf: row.leaf, sealed: row.sealed })
                .collect();
            fail::fail_point!("ledger-publish", |_| std::process::abort());
            self.log()?.append(&self.lock_path(), &entries)?;
            fail::fail_point!("ledger-published", |_| std::process::abort());
        }
    }

    /// Before a log that lost signed events is brought up from the catalogue, it is kept as it is
    /// found: what was signed had been durable, so no interrupted append explains the loss.
    pub(crate) fn keep_a_cut_log(&self) -> Outcome<()> {
        // A damaged note is named by verification; here the larger of those that can be read counts.
        let notes = [self.last_checkpoint(), self.last_signed()];
        let sizes = notes.into_iter().filter_map(|note| note.ok().flatten());
        let signed = sizes.map(|(_, checkpoint)| checkpoint.size).max().unwrap_or(0);
        if self.size()? < signed {
            self.log()?.set_aside(&self.lock_path())?;
        }
        Ok(())
    }

    /// Hands out the bytes of a log of the first `size` events, segment by segment: the name of
    /// its file when it begins, then its bytes.
    pub(crate) fn copy_log(
        &self,
        size: u64,
        each: &mut log::Segmentwise<'_, String>,
    ) -> Outcome<()> {
        log::copy_first(&self.directory.join("log"), size, &mut |first, bytes| {
            each(log::segment_name(first), bytes)
        })
    }

    /// Every entry from the first on, each checked.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Outcome<LogEntry>> + Send + use<> {
        log::read_all(&self.directory.join("log"))
    }

    /// The bytes of a hash tile; `None` for every path that names none.
    pub(crate) fn hash_tile(&self, path: &str) -> Outcome<Option<Vec<u8>>> {
        let tile = Tile::parse(path).filter(|tile| matches!(tile.kind, TileKind::Hashes { .. }));
        let Some(tile) = tile else { return Ok(None) };
        let path = self.directory.join(tile.path());
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::from_file(error, &path)),
        }
    }

    /// The proof that an event is in the ledger, as a proof file; signs a newer checkpoint first
    /// if the last does not cover the event.
    pub(crate) fn prove(&self, seq: u64) -> Outcome<String> {
        if seq >= self.size()? {
            return Err(Fault::new(Code::EventUnknown).with("seq", seq));
        }
        let (note, checkpoint) = match self.last_checkpoint()? {
            Some((note, checkpoint)) if checkpoint.size > seq => (note, checkpoint),
            _ => {
                self.sign()?;
                self.last_checkpoint()?.ok_or_else(|| damaged("checkpoint", seq))?
            }
        };
        let reader = tiles::TileReader::new(&self.directory, checkpoint.size);
        prove_under(&reader, &note, checkpoint.size, seq)
    }

    /// The root of the ledger as it was with that many events.
    pub(crate) fn root_at(&self, size: u64) -> Outcome<Hash256> {
        let mut attempts_left = PROVE_ATTEMPTS_MAX;
        loop {
            // The tiles are written when a checkpoint is signed.
            self.sign()?;
            let signed = self.last_checkpoint()?.map_or(0, |(_, checkpoint)| checkpoint.size);
            let reader = tiles::TileReader::new(&self.directory, signed);
            let tree = Frontier::load(size, &reader);
            attempts_left -= 1;
            match tree {
                Ok(tree) => return Ok(tree.root()),
                // Another signer may have put a fuller tile in the place of a partial one.
                Err(error) if attempts_left == 0 => {
                    return Err(damaged("tile", size).caused_by(error));
                }
                Err(_) => {}
            }
        }
    }

    /// Signs what the log holds, then proves these events under that one checkpoint; gives the
    /// checkpoint, and the proof file of each.
    pub(crate) fn prove_all(&self, seqs: &[u64]) -> Outcome<(String, BTreeMap<u64, String>)> {
        let mut attempts_left = PROVE_ATTEMPTS_MAX;
        loop {
            self.sign()?;
            let last = self.last_checkpoint()?;
            let (note, checkpoint) = last.ok_or_else(|| damaged("checkpoint", 0))?;
            let reader = tiles::TileReader::new(&self.directory, checkpoint.size);
            let prove = |seq| Ok((seq, prove_under(&reader, &note, checkpoint.size, seq)?));
            let proved: Outcome<BTreeMap<u64, String>> = seqs.iter().copied().map(prove).collect();
            attempts_left -= 1;
            match proved {
                Ok(proofs) => return Ok((note, proofs)),
                // Another signer may have put a fuller tile in the place of a partial one.
                Err(fault) if attempts_left == 0 => return Err(fault),
                Err(_) => {}
            }
        }
    }
}

fn prove_under(reader: &tiles::TileReader, note: &str, size: u64, seq: u64) -> Outcome<String> {
    let hashes = prove_inclusion(seq, size, reader)
        .map_err(|error| damaged("tile", seq).caused_by(error))?;
    Ok(TlogProof { index: seq, hashes, checkpoint: note.to_owned() }.text())
}

#[cfg(test)]
mod tests;
