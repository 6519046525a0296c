//! A file whose parts came in side by side (tus 1.0, concatenation).
//!
//! Promises: the parts are joined only when each is whole; what is joined is what came, verified
//! block by block as it is read again; a stop while they are joined loses nothing, and whoever
//! asks again for the same parts is told what came of them. The parts go when the whole is
//! durable. A block's digest and its seal depend on where in the file it lies, which nobody knows
//! while a part comes in alone: so the whole is sealed anew, extent by extent, never in the clear
//! on a disk.

use super::{Bytes, NewUpload, Piece, Shape, Shared, Upload, UploadView, Uploads, checked};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{JOIN_STEP_BYTES, UPLOADS_OF_ONE_MAX};
use crate::policy::Actor;
use crate::vault::blocking;
use std::collections::BTreeSet;
use tokio::sync::OwnedMutexGuard;
use vault_proof::RecordId;

fn invalid() -> Fault {
    Fault::new(Code::ArgumentInvalid).with("argument", "upload-concat")
}

impl Shape {
    /// As it stands in the note of an upload: which parts does not matter after a stop.
    pub(super) const fn as_str(&self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Part => "part",
            Self::Joined(_) => "joined",
        }
    }

    pub(super) fn read(text: &str) -> Self {
        match text {
            "part" => Self::Part,
            "joined" => Self::Joined(Vec::new()),
            _ => Self::Whole,
        }
    }
}

impl Uploads {
    /// Whether uploads can be joined here: where the store reads back what is not whole yet.
    pub fn joins(&self) -> bool {
        self.vault.store.backend().local().is_some()
    }

    /// Joins parts in this order; `new` says the rest, and its length does not count. What is
    /// answered is durable. Runs on after its caller went away only if it is spawned. Fails with
    /// `UploadUnknown`, `UploadBusy`, `UploadPartsUnfinished`, and as an upload that arrives.
    pub async fn join(
        &self,
        actor: &Actor,
        new: NewUpload,
        parts: Vec<RecordId>,
    ) -> Outcome<UploadView> {
        let distinct: BTreeSet<_> = parts.iter().collect();
        if parts.is_empty() || distinct.len() < parts.len() || parts.len() >= UPLOADS_OF_ONE_MAX {
            return Err(invalid());
        }
        if let Some(view) = self.joined_before(actor, &parts)? {
            return Ok(view);
        }
        let mut held = Vec::new();
        for id in &parts {
            let part = self.hold(actor, id).await?;
            if part.note.shape != Shape::Part {
                return Err(invalid());
            }
            if part.offset < part.bytes {
                return Err(Fault::new(Code::UploadPartsUnfinished).with("upload", id));
            }
            held.push(part);
        }
        let bytes = held.iter().try_fold(0u64, |sum, part| sum.checked_add(part.bytes));
        let bytes = bytes.ok_or_else(invalid)?;
        let new = checked(NewUpload { bytes, shape: Shape::Joined(parts.clone()), ..new })?;
        let begun = self.begin(actor, new).await?;
        let mut piece = self.resume(actor, &begun.id, 0).await?;
        for part in &mut held {
            if let Err(fault) = pour(part, &mut piece).await {
                drop(piece);
                self.give_up(actor, &begun.id).await?;
                return Err(fault);
            }
        }
        let view = piece.end().await?;
        drop(held);
        for id in &parts {
            self.give_up(actor, id).await?;
        }
        Ok(view)
    }

    /// What came of the same parts before, for an answer that was lost.
    fn joined_before(&self, actor: &Actor, parts: &[RecordId]) -> Outcome<Option<UploadView>> {
        let live = self.live.lock().map_err(super::poisoned)?;
        let own = live.values().filter(|(owner, _)| owner == actor.id());
        let mut views = own.filter_map(|(_, shared): &(String, Shared)| {
            let upload = shared.try_lock().ok()?;
            matches!(&upload.note.shape, Shape::Joined(of) if of == parts).then(|| upload.view())
        });
        Ok(views.find(|view| view.arrived.is_some()))
    }
}

/// Reads a whole part again and takes it into the joined file.
async fn pour(part: &mut OwnedMutexGuard<Upload>, into: &mut Piece<'_>) -> Outcome<()> {
    let mut at = 0;
    while at < part.bytes {
        let was = std::mem::replace(&mut part.at, Bytes::Gone);
        let Bytes::Arriving(arriving) = was else {
            return Err(super::unknown(&part.note.id));
        };
        let length = JOIN_STEP_BYTES.min(part.bytes - at);
        let read = blocking(move || {
            let mut plain = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
            let outcome = arriving.read_again(at, &mut plain);
            Ok((arriving, outcome.map(|()| plain)))
        });
        let (arriving, plain) = read.await?;
        part.at = Bytes::Arriving(arriving);
        into.take(&plain?).await?;
        at += length;
    }
    Ok(())
}
