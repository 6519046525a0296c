//! Verifying the whole ledger: log, catalogue rows, tiles, checkpoint, and the memory of the last
//! signing. Names the first index and the byte class that do not hold; mends nothing.

use super::tiles::{check_level, leaf_hashes_on_disk};
use super::{EVENTS_AT_ONCE, Ledger, damaged};
use crate::catalog::{Catalog, EventRow};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{LOG_END_LOOK, LOG_END_WAIT};
use crate::store::durable::FileLock;
use std::collections::{HashMap, VecDeque};
use std::time::Instant;
use vault_proof::checkpoint::Checkpoint;
use vault_proof::event::leaf_hash;
use vault_proof::tiles::levels;
use vault_proof::tree::Frontier;
use vault_proof::{BackPointer, Event, Hash256, Subject};

/// What a verification found whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerReport {
    /// Events.
    pub size: u64,
    /// Root of their tree.
    pub root: Hash256,
    /// How many events the last checkpoint covers.
    pub signed: u64,
}

/// What the log says, event by event.
#[derive(Default)]
struct Walk {
    frontier: Frontier,
    leaves: Vec<Hash256>,
    hashes: HashMap<(u8, u64), Hash256>,
    heads: HashMap<Subject, BackPointer>,
    last_ms: i64,
    signed_root: Option<Hash256>,
}

impl Walk {
    fn add(&mut self, seq: u64, leaf: &[u8]) -> Outcome<Hash256> {
        let bad = |what: &str| damaged(what, seq);
        let event = Event::decode(leaf).map_err(|error| bad("leaf").caused_by(error))?;
        if event.seq != seq {
            return Err(bad("number"));
        }
        if event.time_ms < self.last_ms {
            return Err(bad("time"));
        }
        self.last_ms = event.time_ms;
        let hash = leaf_hash(leaf);
        for (subject, before) in event.subjects {
            let known = self.heads.insert(subject, BackPointer { seq, leaf: hash });
            if known != before {
                return Err(bad("back pointer"));
            }
        }
        self.leaves.push(hash);
        let hashes = &mut self.hashes;
        self.frontier.append(hash, |level, index, hash| {
            if level % 8 == 0 {
                hashes.insert((level / 8, index), hash);
            }
        });
        Ok(hash)
    }
}

impl Ledger {
    /// Verifies everything the ledger consists of, and the catalogue's copy of the events.
    pub(crate) async fn verify(&self, catalog: &Catalog) -> Outcome<LedgerReport> {
        loop {
            let before = self.last_checkpoint()?;
            let verified = self.verify_once(catalog).await;
            // Signing replaces partial tiles; what was missed while it did so is looked at again.
            if verified.is_ok() || before == self.last_checkpoint()? {
                return verified;
            }
        }
    }

    async fn verify_once(&self, catalog: &Catalog) -> Outcome<LedgerReport> {
        super::log::refuse_set_aside(&self.directory.join("log"))?;
        self.refuse_behind()?;
        let last = self.last_checkpoint()?;
        let remembered = self.last_signed()?;
        let signed = last.as_ref().map_or(0, |(_, checkpoint)| checkpoint.size);
        let mut walk = Walk::default();
        let mut rows: VecDeque<EventRow> = VecDeque::new();
        for entry in self.entries() {
            let entry = entry?;
            if rows.is_empty() {
                rows = catalog.events_from(entry.seq, EVENTS_AT_ONCE).await?.into();
            }
            let hash = walk.add(entry.seq, &entry.leaf)?;
            let row = rows.pop_front().ok_or_else(|| damaged("catalogue row", entry.seq))?;
            let same = row.seq == entry.seq
                && row.leaf == entry.leaf
                && row.leaf_hash == hash
                && row.sealed == entry.sealed;
            if !same {
                return Err(damaged("catalogue row", entry.seq));
            }
            if walk.frontier.size() == signed {
                walk.signed_root = Some(walk.frontier.root());
            }
        }
        let size = walk.frontier.size();
        self.check_end(catalog, size).await?;
        self.check_signed(&walk, last.as_ref(), remembered.as_ref())?;
        Ok(LedgerReport { size, root: walk.frontier.root(), signed })
    }

    /// The log must reach as far as the catalogue. Another process may be between its transaction
    /// and its append; one that died there is made up for by the next opening.
    async fn check_end(&self, catalog: &Catalog, size: u64) -> Outcome<()> {
        let begun = Instant::now();
        let mut logged = size;
        while let Some(row) = catalog.events_from(logged, 1).await?.first() {
            if begun.elapsed() > LOG_END_WAIT {
                return Err(damaged("log end", row.seq));
            }
            tokio::time::sleep(LOG_END_LOOK).await;
            logged = self.size()?;
        }
        let rest = {
            let _lock = match FileLock::wait(&self.lock_path()) {
                // Where nothing can be written, nobody appends.
                Err(fault) if fault.code() == Code::VaultReadOnly => None,
                lock => Some(lock?),
            };
            self.log()?.rest()?
        };
        match rest {
            // The rest of an interrupted append is the beginning of an event of the catalogue.
            Some(seq) if catalog.events_from(seq, 1).await?.is_empty() => {
                Err(damaged("log record", seq))
            }
            _ => Ok(()),
        }
    }

    fn check_signed(
        &self,
        walk: &Walk,
        last: Option<&(String, Checkpoint)>,
        remembered: Option<&(String, Checkpoint)>,
    ) -> Outcome<()> {
        if last.map(|(_, last)| last) != remembered.map(|(_, last)| last) {
            return Err(Fault::new(Code::LedgerRewound).with("what", "last-signed"));
        }
        let Some((_, last)) = last else { return Ok(()) };
        if last.size > walk.frontier.size() {
            return Err(Fault::new(Code::LedgerRewound)
                .with("size", walk.frontier.size())
                .with("signed", last.size));
        }
        if walk.signed_root != Some(last.root) {
            return Err(damaged("checkpoint", last.size.saturating_sub(1)));
        }
        let stored = leaf_hashes_on_disk(&self.directory, 0, last.size)?;
        if let Some(at) = stored.iter().zip(&walk.leaves).position(|(one, other)| one != other) {
            return Err(damaged("entry bundle", at as u64));
        }
        for level in levels(last.size) {
            let expected = |index| walk.hashes.get(&(level, index)).copied();
            check_level(&self.directory, level, last.size, &expected)?;
        }
        Ok(())
    }
}
