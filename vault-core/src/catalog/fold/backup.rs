//! Rows of backups: made, rehearsed, restored, and a ledger that a person let go on.
//!
//! The same promises as the fold as a whole.

use super::flows::{frame, text};
use super::{Folding, insert};
use crate::catalog::bulk::Cell;
use crate::catalog::database::Session;
use crate::catalog::flows::{self, BackupAct};
use crate::fault::Outcome;
use vault_proof::BackupBody;

/// Rows of backups, to be written together.
#[derive(Debug, Default)]
pub(super) struct BackupRows(Vec<Vec<Cell>>);

impl BackupRows {
    /// Adds the row of one event.
    pub(super) fn fold(&mut self, body: &BackupBody, folding: Folding<'_>) {
        let (seq, kind, at_ms, by_actor) = frame(folding);
        let mut row = BackupAct {
            seq,
            backup: String::new(),
            kind,
            at_ms,
            by_actor,
            events: 0,
            objects: 0,
            bytes: 0,
            list: String::new(),
            milliseconds: 0,
            failed: 0,
            missing: 0,
            lost: String::new(),
            place: text(folding, "place"),
            reason: text(folding, "reason"),
            person: text(folding, "by"),
        };
        match body {
            BackupBody::Made { backup, events, objects, bytes, list } => {
                row.backup = backup.to_string();
                (row.events, row.objects, row.bytes) = (*events, *objects, *bytes);
                row.list = list.to_string();
            }
            BackupBody::Rehearsed { backup, objects, bytes, milliseconds, failed } => {
                row.backup = backup.to_string();
                (row.objects, row.bytes, row.milliseconds) = (*objects, *bytes, *milliseconds);
                row.failed = failed.len() as u64;
            }
            BackupBody::Restored { backup, events, brought, missing } => {
                row.backup = backup.to_string();
                (row.events, row.objects, row.missing) = (*events, *brought, *missing);
            }
            BackupBody::Recovered { events, lost } => {
                row.events = *events;
                row.lost = lost.join("\n");
            }
        }
        self.0.push(row.cells());
    }

    /// Writes everything, by sets.
    pub(super) async fn write(self, session: &mut Session) -> Outcome<()> {
        insert(session, &flows::BACKUP_ACTS, &self.0).await
    }
}
