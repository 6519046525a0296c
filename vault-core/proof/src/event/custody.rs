//! The chain of custody of one subject: complete, or visibly not.

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
