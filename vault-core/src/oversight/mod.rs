//! What the regulation's terms ask of people, and until when (R08, R12, R28).
//!
//! Promises: a deadline is a fact with the days it counted and the notices it rests on; one that
//! was missed stays missed. Nothing here changes anything.

mod deadlines;

pub use deadlines::{Basis, Due, DueKind, LabelTerm, deadlines, label_term};
