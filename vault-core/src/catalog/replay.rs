//! Replaying the ledger into an empty catalogue, and comparing a catalogue with its replay.
//!
//! The ledger is the truth here: every leaf is hashed, decoded and linked again before it is
//! folded, and the first that does not fit stops the work and is named. All of it is one
//! transaction: an interrupted rebuild leaves an empty catalogue, never half a one.

use super::database::Database;
use super::door::{end_of, heads_of, link_holds};
use super::fold::{Batch, Folding};
use super::read::EventRow;
use super::{Catalog, dump, migrations};
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{Act, Permitted};
use std::collections::BTreeSet;
use vault_proof::canonical::Value;
use vault_proof::{BackPointer, Event, Subject, event};

/// An event as it comes from the ledger, with its payload opened where it still can be.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Number, leaf, hash and sealed payload.
    pub row: EventRow,
    /// The opened payload; `None` where there is none, or its key was destroyed.
    pub plain: Option<Value>,
}

/// Events folded together: enough to make sets pay, few enough to stay in memory.
const EVENTS_AT_ONCE: usize = 2_048;

impl Catalog {
    /// Folds the whole ledger into this catalogue, which must be empty. Returns the number of
    /// events.
    pub async fn replay(
        &self,
        permitted: Permitted,
        entries: impl Iterator<Item = Outcome<Entry>> + Send,
    ) -> Outcome<u64> {
        if permitted.act() != Act::Rebuild {
            let fault = Fault::new(Code::ActDenied).with("act", permitted.act().as_str());
            return Err(fault.with("needed", Act::Rebuild.as_str()));
        }
        self.refold(entries).await
    }

    async fn refold(&self, entries: impl Iterator<Item = Outcome<Entry>> + Send) -> Outcome<u64> {
        let mut session = self.database.append().await?;
        if end_of(&mut session).await?.0 != 0 {
            return Err(Fault::new(Code::ArgumentInvalid).with("what", "catalogue not empty"));
        }
        let mut next_seq = 0;
        let mut entries = entries.fuse();
        loop {
            let some: Vec<Entry> = entries.by_ref().take(EVENTS_AT_ONCE).collect::<Outcome<_>>()?;
            if some.is_empty() {
                break;
            }
            let events =
                some.iter().map(|entry| decode(&entry.row)).collect::<Outcome<Vec<_>>>()?;
            let subjects: BTreeSet<_> = events
                .iter()
                .flat_map(|event| event.subjects.keys())
                .map(Subject::as_str)
                .collect();
            let mut heads = heads_of(&mut session, subjects).await?;
            let mut batch = Batch::default();
            for (entry, event) in some.iter().zip(&events) {
                let bad = |what: &str| bad_event(entry.row.seq, what);
                if event.seq != next_seq {
                    return Err(bad("number").with("expected", next_seq));
                }
                link_holds(event, &heads)
                    .map_err(|subject| bad("link").with("subject", subject.as_str()))?;
                let leaf = entry.row.leaf_hash;
                for subject in event.subjects.keys() {
                    heads.insert(subject.clone(), BackPointer { seq: event.seq, leaf });
                }
                batch.fold(Folding {
                    event,
                    leaf: &entry.row.leaf,
                    leaf_hash: &entry.row.leaf_hash,
                    sealed: &entry.row.sealed,
                    plain: entry.plain.as_ref(),
                })?;
                next_seq += 1;
            }
            batch.write(&mut session).await?;
        }
        session.commit().await?;
        Ok(next_seq)
    }

    /// Folds the ledger anew, beside this catalogue, and compares table by table. Names the first
    /// table and key that differ.
    pub async fn compare_with_fold(
        &self,
        entries: impl Iterator<Item = Outcome<Entry>> + Send,
    ) -> Outcome<()> {
        let folded = Self { database: Database::scratch() };
        migrations::create(&folded.database).await?;
        let compared = match folded.refold(entries).await {
            Ok(_) => dump::compare(self, &folded).await,
            Err(fault) => Err(fault),
        };
        folded.close().await;
        compared
    }
}

fn bad_event(seq: u64, what: &str) -> Fault {
    Fault::new(Code::LedgerDamaged).with("what", what).with("seq", seq)
}

fn decode(row: &EventRow) -> Outcome<Event> {
    if event::leaf_hash(&row.leaf) != row.leaf_hash {
        return Err(bad_event(row.seq, "leaf hash"));
    }
    let decoded =
        Event::decode(&row.leaf).map_err(|error| bad_event(row.seq, "leaf").caused_by(error))?;
    if decoded.seq != row.seq {
        return Err(bad_event(row.seq, "number"));
    }
    Ok(decoded)
}
