//! What the regulation asks of people: deadlines (R08, R12, R28), devices (R05), what has to be
//! recorded and was not (R03, R04), lapses (R24), legal review of decisions and the opinion as a
//! form (R25), publicity and the figures of a year (R26), the whole process of a case (R27), forms
//! with a number of their own (R10).
//!
//! Promises: a deadline is a fact with the days it counted and the notices it rests on; one that
//! was missed stays missed. A register is a list of entries, an entry the steps that were taken
//! with it, each an event; nothing is taken back, a later step says what changed.

pub mod annual;
mod deadlines;
pub mod device;
mod due;
pub mod edition;
pub mod lapse;
pub mod must_record;
pub mod opinion;
pub mod paper;
pub mod process;
pub mod publicity;
mod register;
pub mod review;
pub mod statement;
pub mod term;

pub use deadlines::{LabelTerm, deadlines, label_term};
pub use due::{About, Basis, Due, DueKind};
pub use register::{Entry, Step};
