//! Volumes (光盘卷): long-term preservation on discs and drives that can be read without this
//! program (R16; A2.18(二), A3.12).
//!
//! Promises: an image is a valid BagIt bag of verified originals on ISO 9660 with parity behind it,
//! read back before it is named; a copy counts when it was read to its end and stands on a shelf,
//! and a volume when two copies stand in two places. Volumes are additional copies: nothing in the
//! store goes because something is on a disc.

mod acts;
mod bag;
mod image;
mod parity;
mod restore;

pub use acts::{
    MEDIA, PlannedVolume, ShelvedCopy, VolumeCheck, VolumeItem, VolumeView, build, check, list,
    plan, shelve,
};
pub use restore::{Restored, restore};
