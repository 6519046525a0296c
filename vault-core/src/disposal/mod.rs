//! Disposal (销毁): the only way on which evidence ends (R17; A2.19(二)3–4, A3.11, A3.16(四)).
//!
//! Proposed by one person, approved by another, left alone for a time of grace, looked at a second
//! time, then carried out by a person: keys are shredded first, so that no encrypted copy,
//! wherever it is, can be read again, then bytes are removed in every store. Volumes hold originals in
//! clear: the record names those that still bear a copy. Promises: nothing goes before its
//! time, or while anything stands against it; nothing goes while nobody outside vouches for the
//! clock; what was begun is finished by the next call, and from its first event on nothing of it is
//! given out. Never started by a timer. Events, labels and the record of destruction stay: the record
//! is numbered, and its digest is in the ledger.

mod acts;
mod carry_out;
mod evaluate;
mod open;
mod record;

pub use acts::{DisposalState, DisposalView, approve, list, propose, show, withdraw};
pub use carry_out::{Destruction, carry_out};
#[cfg(test)]
pub(crate) use evaluate::against;
pub use record::{DestructionRecord, record_of};

pub use evaluate::{Candidate, GROUNDS, Obstacle, Risk, candidates, evaluate, weighed};
