//! Volumes (光盘卷): long-term preservation on discs and drives that can be read without this
//! program (R16; A2.18(二), A3.12).
//!
//! Promises: an image is a valid BagIt bag of verified originals on ISO 9660 with parity behind it,
//! read back before it is named; a copy counts when it was read to its end and stands on a shelf,
//! and a volume when two copies stand in two places; a copy stops to count by two persons, and
//! never so that fewer than two are left. Volumes are additional copies: nothing in the store goes
//! because something is on a disc.

mod bag;
mod build;
mod burn;
mod image;
mod label;
mod parity;
mod place;
mod plan;
mod release;
mod restore;
mod seal;
mod shelf;
mod views;

pub use build::{NewImage, build, first_planned, migrate, require_new};
pub use burn::{burn, drive_path};
pub use image::add_parity;
pub use label::{LABEL_QR_MARK, label_of};
pub use plan::{MEDIA, Medium, Plan, PlannedVolume, VolumeItem, plan};
pub use release::{CopyName, propose_release, release, withdraw_release};
pub use restore::{Restored, labels_with, require_borne, restore};
pub use seal::Identities;
pub use shelf::{
    DueCopy, NewShelf, Rereading, VolumeCheck, check, due, require_copy, require_free,
    require_known_copy, require_made, require_shelf, shelve,
};
pub use views::{Burn, CopyRelease, ReleaseWithdrawn, ShelvedCopy, VolumeView, find, list};
