//! Preservation: stored bytes are read again and compared, and further digests taken (R16, R17).
//!
//! What does not agree is named by recording, byte class and range, put on record, and never
//! mended silently: mending is an event of its own. Verification hands no bytes out.

mod copies;
mod digests;
mod examine;
mod pace;
mod scrub;
mod stores;
mod tiers;

pub use copies::{FillSummary, Repair, check_store, fill_store, repair};
pub(crate) use copies::{copies_due, keep_copies, mend_with, places_of_copies, refill};
pub use examine::{Selection, VerifyReport, VerifySummary, require_here, verify};
pub(crate) use scrub::scrub_due;
pub use scrub::{ScrubExtent, ScrubStatus, scrub, scrub_status};

pub use stores::{
    ClassCopies, OWN_STORE, ReleaseStep, StoreView, StoresStatus, add_store, damaged_objects,
    propose_release, release_store, require_store, stores_status, withdraw_release,
};

pub(crate) use digests::take_digests;
pub(crate) use examine::{Manner, check_copies, met_in, met_while_reading};
pub(crate) use stores::{damaged_copies, lacking_copies, releases_proposed, stores_in_use};
pub use tiers::{
    HOT_REASONS, Moved, Tier, TierStatus, move_tiers, plan_tiers, tier_of, tier_status,
};
pub(crate) use tiers::{
    ask_for_granted, cold_store, keep_tiers, require_hot, require_readable, tiers_due,
};
