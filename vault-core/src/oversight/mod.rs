//! What the regulation asks of people: deadlines (R08, R12, R28), devices (R05), what has to be
//! recorded and was not (R03, R04), lapses (R24), legal review of decisions (R25).
//!
//! Promises: a deadline is a fact with the days it counted and the notices it rests on; one that
//! was missed stays missed. A register is a list of entries, an entry the steps that were taken
//! with it, each an event; nothing is taken back, a later step says what changed.

mod deadlines;
pub mod device;
pub mod edition;
pub mod lapse;
pub mod must_record;
mod register;
pub mod review;
pub mod statement;

pub use deadlines::{Basis, Due, DueKind, LabelTerm, deadlines, label_term};
pub use register::{Entry, Step};
