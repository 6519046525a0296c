//! The mark on what is rendered (R22; A3.16(三)): which copy or grant it is, for whom, when.
//!
//! Promises: what is rendered for a copy bears the copy's number in the picture, what is rendered for
//! reading under a grant that of the grant; both are on record by their content ids, so that where a
//! leaked one comes from is one question.

use crate::clock::UtcTime;
use crate::fault::{Code, Outcome};
use crate::media::{Marked, MediaPool, render, rendered_as};
use crate::vault::Vault;
use crate::wording::Wording;
use std::collections::BTreeMap;
use std::sync::Arc;
use vault_media_protocol::Mark;
use vault_proof::ContentId;

/// Words drawn: how much each point covers, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points {
    /// Points in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// 0 leaves the picture, 255 covers it.
    pub points: Vec<u8>,
}

/// Draws a mark. How is the caller's business; the core knows no fonts.
pub type Draw<'a> = &'a (dyn Fn(&str) -> Outcome<Points> + Sync);

/// Whose mark it is.
pub(super) struct Marking<'a> {
    /// The mark (副本标识).
    pub(super) mark: &'a str,
    /// Who has it.
    pub(super) to: &'a str,
    /// When it was made.
    pub(super) at: UtcTime,
}

impl Marking<'_> {
    /// The mark in words and points.
    pub(super) fn drawn(&self, wording: &Wording, draw: Draw<'_>) -> Outcome<Mark> {
        let at = self.at.in_china();
        let values = [("mark", self.mark), ("to", self.to), ("at", &at)];
        let words = wording.text("copy-mark-shown", &values);
        let Points { width, height, points } = draw(&words)?;
        Ok(Mark { width, height, points: hex::encode(points), words })
    }
}

/// Renditions of the recordings that a browser does not play, each with the mark; of a stretch
/// where an excerpt is given. Without a worker, or where it fails, there are fewer: the recording
/// itself is in the package all the same.
pub(super) async fn renditions(
    vault: &Vault,
    pool: Option<&Arc<MediaPool>>,
    given: &[(ContentId, Option<(u64, u64)>)],
    mark: &Mark,
) -> Outcome<BTreeMap<ContentId, Marked>> {
    let mut made = BTreeMap::new();
    let Some(pool) = pool else { return Ok(made) };
    for (id, stretch) in given {
        let Some(extension) = rendered_as(vault, id).await? else { continue };
        match render(vault, pool, (id, extension), mark.clone(), *stretch).await {
            Ok(marked) => {
                made.insert(*id, marked);
            }
            Err(fault) if fault.code() == Code::RenditionUnavailable => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(made)
}
