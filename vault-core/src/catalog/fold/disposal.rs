//! Rows of disposal and of volumes.
//!
//! The same promises as the fold as a whole. A recording counts as destroyed from the event that
//! its destruction began, so that nothing of it is given out while keys and bytes go.

use super::flows::{frame, joined, text};
use super::{Folding, insert};
use crate::catalog::bulk::Cell;
use crate::catalog::database::Session;
use crate::catalog::flows::{self, Destroyed, DisposalAct, VolumeAct, VolumeItem};
use crate::fault::Outcome;
use vault_proof::{Body, DisposalBody, RecordId, VolumeBody};

/// Rows of these flows, to be written together.
#[derive(Debug, Default)]
pub(super) struct DisposalRows {
    disposals: Vec<Vec<Cell>>,
    destroyed: Vec<Vec<Cell>>,
    volumes: Vec<Vec<Cell>>,
    items: Vec<Vec<Cell>>,
}

impl DisposalRows {
    /// Adds the rows of one event; those of other flows have none here.
    pub(super) fn fold(&mut self, folding: Folding<'_>) {
        match &folding.event.body {
            Body::Disposal(body) => self.disposal(body, folding),
            Body::Volume(body) => self.volume(body, folding),
            _ => {}
        }
    }

    fn disposal(&mut self, body: &DisposalBody, folding: Folding<'_>) {
        let (seq, kind, at_ms, by_actor) = frame(folding);
        let mut row = DisposalAct {
            seq,
            disposal: RecordId::from_bytes([0; 16]),
            kind,
            at_ms,
            by_actor,
            not_before_ms: 0,
            recordings: String::new(),
            spared: String::new(),
            objects: 0,
            bytes: 0,
            stores: String::new(),
            volumes: String::new(),
            reason: text(folding, "reason"),
            person: text(folding, "by"),
            year: 0,
            number: 0,
            digest: String::new(),
        };
        match body {
            DisposalBody::Proposed { disposal, recordings } => {
                row.disposal = *disposal;
                row.recordings = joined(recordings);
            }
            DisposalBody::Approved { disposal, not_before_ms } => {
                row.disposal = *disposal;
                row.not_before_ms = *not_before_ms;
            }
            DisposalBody::Withdrawn { disposal } => row.disposal = *disposal,
            DisposalBody::Begun { disposal, recordings, spared } => {
                row.disposal = *disposal;
                row.recordings = joined(recordings);
                row.spared = joined(spared);
                let gone = |recording: &_| Destroyed {
                    recording: *recording,
                    seq,
                    disposal: *disposal,
                    at_ms,
                };
                self.destroyed.extend(recordings.iter().map(|one| gone(one).cells()));
            }
            DisposalBody::CarriedOut { disposal, objects, bytes, stores, volumes } => {
                row.disposal = *disposal;
                row.objects = *objects;
                row.bytes = *bytes;
                row.stores = stores.join(" ");
                row.volumes = volumes.join("\n");
            }
            DisposalBody::Recorded { disposal, year, number, digest } => {
                row.disposal = *disposal;
                row.year = *year;
                row.number = *number;
                row.digest = digest.to_string();
                row.reason = text(folding, "terms");
                row.volumes = text(folding, "volumes");
            }
        }
        self.disposals.push(row.cells());
    }

    fn volume(&mut self, body: &VolumeBody, folding: Folding<'_>) {
        let row = volume_act(body, folding);
        if let VolumeBody::Filled { volume, recordings } = body {
            let item = |recording: &_| {
                VolumeItem { volume: *volume, recording: *recording, seq: row.seq }.cells()
            };
            self.items.extend(recordings.iter().map(item));
        }
        self.volumes.push(row.cells());
    }

    /// Writes everything, by sets.
    pub(super) async fn write(self, session: &mut Session) -> Outcome<()> {
        insert(session, &flows::DISPOSAL_ACTS, &self.disposals).await?;
        insert(session, &flows::DESTROYED, &self.destroyed).await?;
        insert(session, &flows::VOLUME_ACTS, &self.volumes).await?;
        insert(session, &flows::VOLUME_ITEMS, &self.items).await
    }
}

fn volume_act(body: &VolumeBody, folding: Folding<'_>) -> VolumeAct {
    let (seq, kind, at_ms, by_actor) = frame(folding);
    let mut row = VolumeAct {
        seq,
        volume: *body.volume(),
        kind,
        at_ms,
        by_actor,
        label: String::new(),
        medium: String::new(),
        bytes: 0,
        image: String::new(),
        copy: 0,
        readable: true,
        damaged_bytes: 0,
        lost: String::new(),
        place: text(folding, "place"),
        person: text(folding, "by"),
        detail: String::new(),
        result: String::new(),
        reason: text(folding, "reason"),
    };
    match body {
        VolumeBody::Built { label, medium, bytes, image, .. } => {
            row.label.clone_from(label);
            row.medium.clone_from(medium);
            row.bytes = *bytes;
            row.image = image.to_string();
        }
        VolumeBody::Encrypted { recipients, .. } => row.detail = recipients.join(" "),
        VolumeBody::Migrated { source, .. } => row.detail = source.to_string(),
        VolumeBody::Burnt { copy, target, result, differing_bytes, .. } => {
            row.copy = *copy;
            row.detail.clone_from(target);
            row.result.clone_from(result);
            row.readable = result == "agrees";
            row.damaged_bytes = *differing_bytes;
        }
        VolumeBody::Shelved { copy, .. }
        | VolumeBody::ReleaseProposed { copy, .. }
        | VolumeBody::CopyReleased { copy, .. }
        | VolumeBody::ReleaseWithdrawn { copy, .. } => row.copy = *copy,
        VolumeBody::Checked { copy, damaged_bytes, readable, lost, .. } => {
            row.copy = *copy;
            row.damaged_bytes = *damaged_bytes;
            row.readable = *readable;
            row.lost = joined(lost);
        }
        VolumeBody::Filled { .. } | VolumeBody::Restored { .. } => {}
    }
    row
}
