//! Publicity of decisions (行政执法公示): what is to be published of each, by when, what may not be;
//! drafted by one person, approved by another, published, withdrawn, taken down (R26; A2.5 to A2.10).
//!
//! Promises: nothing is published, or stands in the feed, that another person did not approve as it
//! is; every question of A2.8 is answered before; a term that was missed stays missed, with the
//! days that were counted; what no longer stands leaves the feed at once. Never reads a case file
//! but for its number, unit and decisions.

mod acts;
mod feed;
mod kinds;
mod view;

pub use acts::{
    Draft, Publication, ask_take_down, decide, decide_take_down, draft, publish, redraft, revoke,
    take_down, withdraw,
};
pub use feed::{FeedItem, feed};
pub use kinds::{CARRIERS, CAUSES, KINDS, OBJECTIONS, PublicityKind, kind_of};
pub use view::{Publicity, PublicityDue, PublicityState, PublicityTerm, due, list, show};

pub(super) use view::{all, unentered};

/// The name of the register.
const REGISTER: &str = "publicity";
