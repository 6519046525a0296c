//! The chain of custody of one subject: complete, or visibly not.
//!
//! Promises that between the first and the last leaf given none was left out, exchanged or moved,
//! and names the place where one was. Never says that nothing came after the last leaf: only a
//! newer checkpoint can. Never looks at inclusion in the ledger: `tlog_proof` does.

use super::{Event, leaf_hash};
use crate::id::Subject;

/// Where a chain of custody breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CustodyGap {
    /// A leaf is no event.
    #[error("leaf {0} of the chain is no event")]
    NotAnEvent(usize),
    /// A leaf is not about the subject.
    #[error("leaf {0} of the chain is about something else")]
    AnotherSubject(usize),
    /// The event before this leaf is missing or another one.
    #[error("an event is missing before leaf {0} of the chain")]
    Missing(usize),
    /// A leaf was proved at one number of the ledger and claims another.
    #[error("the leaf at number {at} of the ledger claims number {claimed}")]
    AnotherNumber {
        /// Where the ledger has it.
        at: u64,
        /// What is written in it.
        claimed: u64,
    },
}

/// Like `check_custody`, for leaves that were each proved to lie at a number of the ledger: also
/// checks that each leaf claims the number it was proved at.
pub fn check_custody_at(events: &[(u64, Vec<u8>)], subject: &Subject) -> Result<(), CustodyGap> {
    for (position, (at, leaf)) in events.iter().enumerate() {
        let event = Event::decode(leaf).map_err(|_| CustodyGap::NotAnEvent(position))?;
        if event.seq != *at {
            return Err(CustodyGap::AnotherNumber { at: *at, claimed: event.seq });
        }
    }
    let leaves: Vec<Vec<u8>> = events.iter().map(|(_, leaf)| leaf.clone()).collect();
    check_custody(&leaves, subject)
}

/// Checks that these exact leaves are all events of the subject from its first to the last given:
/// the first points to nothing, each other to the one before it.
pub fn check_custody(leaves: &[Vec<u8>], subject: &Subject) -> Result<(), CustodyGap> {
    let mut before = None;
    for (at, leaf) in leaves.iter().enumerate() {
        let event = Event::decode(leaf).map_err(|_| CustodyGap::NotAnEvent(at))?;
        let pointer = event.subjects.get(subject).ok_or(CustodyGap::AnotherSubject(at))?;
        if pointer.map(|pointer| (pointer.seq, pointer.leaf)) != before {
            return Err(CustodyGap::Missing(at));
        }
        before = Some((event.seq, leaf_hash(leaf)));
    }
    Ok(())
}
