//! Inspection by lot (抽查): what the legal-affairs body looks at, so that nobody can steer it and
//! everybody can recompute it (R23; A3.14, A2.6(一)6).
//!
//! Planned → approved by a leader → both parties bind themselves to a number → the population is
//! frozen in the ledger → both open their numbers → the lots are drawn → reviewed, found, put
//! right, looked at again. Promises: the approval is the leave to read exactly what was drawn and
//! nothing else; numbers are bound before the population is known and opened after it; a step out
//! of its turn is refused, and every step is on record. Never draws twice. The draw is
//! `docs/formats/draw.md`; why nobody can steer it is argued there.

mod acts;
mod draw;
mod evaluation;
mod item;
mod paper;
mod review;
mod rows;
mod view;
mod watching;

pub use acts::{NewInspection, approve, commit, draw_lots, end, freeze, number, plan, reveal};
pub use draw::{Lot, Measure, Party, commitment, draw, number_of, population_digest, seed};
pub use evaluation::{Evaluated, evaluation, evaluation_report};
pub use item::Item;
pub use paper::{correction_notice, notice, report};
pub use review::{
    ANSWERS, CHECKLIST, NewFinding, Score, Tally, Verdict, correct, find, recheck, review, scores,
};
pub use rows::{FindingRow, LotRow, findings, lots};
pub use view::{
    Bound, Described, FindingView, Frozen, InspectionState, InspectionView, ReviewView, Said,
    described, list, population, show,
};

pub use watching::{Watching, watched, watching};

pub(crate) use view::{drawn_for, open_findings};
pub(crate) use watching::served;

/// What a population can be divided by.
pub const STRATA: [&str; 4] = ["unit", "handler", "activity", "device"];
