//! Rows of copies: what checks say of each copy of an object.
//!
//! The same promises as the fold as a whole. A copy that nobody spoke of has no row; a row says
//! only what events said. Recordings of the vault's own store have these facts in their own row.

use super::{Folding, NEVER, flows as people, insert, whole};
use crate::catalog::bulk::{self, Cell, Column, Kind};
use crate::catalog::database::Session;
use crate::catalog::flows::{self, StoreAct, TierAct};
use crate::fault::{Code, Fault, Outcome};
use std::collections::{BTreeMap, BTreeSet};
use vault_proof::{Event, KeepingBody, RecordId};

/// Rows of copies, to be written together; the later event of a batch wins.
#[derive(Debug, Default)]
pub(super) struct KeepingRows {
    copies: BTreeMap<(String, String), CopyChange>,
    stores: Vec<Vec<Cell>>,
    tiers: Vec<Vec<Cell>>,
}

/// What events say of one copy.
#[derive(Debug, Default)]
struct CopyChange {
    placed_ms: Option<i64>,
    checked_ms: Option<i64>,
    checked_keyless_ms: Option<i64>,
    examined_ms: Option<i64>,
    damaged_seq: Option<i64>,
}

/// What one check found of one copy.
#[derive(Debug, Clone, Copy)]
pub(super) struct CopyCheck {
    pub(super) seq: i64,
    pub(super) at_ms: i64,
    pub(super) keyless: bool,
    pub(super) damaged: bool,
}

impl KeepingRows {
    /// A copy was read and compared.
    pub(super) fn checked(&mut self, store: &str, object: &str, check: CopyCheck) {
        let change = self.copies.entry((store.to_owned(), object.to_owned())).or_default();
        change.examined_ms = Some(check.at_ms);
        match (check.damaged, check.keyless) {
            (true, _) => change.damaged_seq = Some(check.seq),
            (false, true) => change.checked_keyless_ms = Some(check.at_ms),
            (false, false) => {
                change.checked_ms = Some(check.at_ms);
                change.damaged_seq = Some(NEVER);
            }
        }
    }

    /// Adds the rows of one event.
    pub(super) fn fold(&mut self, body: &KeepingBody, folding: Folding<'_>) -> Outcome<()> {
        let event = folding.event;
        match body {
            KeepingBody::StoreAdded { .. }
            | KeepingBody::ReleaseProposed { .. }
            | KeepingBody::ReleaseWithdrawn { .. }
            | KeepingBody::Released { .. } => self.stores.push(store_act(body, folding).cells()),
            KeepingBody::CopiesPlaced { store, .. } => {
                for object in objects(event) {
                    let key = (store.to_string(), object.to_owned());
                    // Read back when it was placed: as good as a check.
                    let change = CopyChange {
                        placed_ms: Some(event.time_ms),
                        checked_ms: Some(event.time_ms),
                        examined_ms: Some(event.time_ms),
                        damaged_seq: Some(NEVER),
                        ..CopyChange::default()
                    };
                    self.copies.insert(key, change);
                }
            }
            KeepingBody::CopiesChecked { store, failed, .. } => {
                let failed: BTreeSet<String> =
                    failed.iter().map(|damage| damage.recording.to_string()).collect();
                let seq = whole(event.seq)?;
                for object in objects(event) {
                    // A copy is the stored bytes: nothing is left to compare with keys.
                    let (keyless, damaged) = (false, failed.contains(object));
                    let check = CopyCheck { seq, at_ms: event.time_ms, keyless, damaged };
                    self.checked(&store.to_string(), object, check);
                }
            }
            KeepingBody::Cooled { store, .. }
            | KeepingBody::RecallAsked { store, .. }
            | KeepingBody::Recalled { store, .. } => self.tier(*store, folding)?,
            // That it is whole again is what the check behind it says.
            KeepingBody::CopyRepaired { .. } => {}
        }
        Ok(())
    }

    fn tier(&mut self, store: RecordId, folding: Folding<'_>) -> Outcome<()> {
        let (seq, kind, at_ms, by_actor) = people::frame(folding);
        for object in objects(folding.event) {
            let recording = object.parse().map_err(|_| {
                Fault::new(Code::LedgerDamaged).with("what", "subject").with("seq", seq)
            })?;
            let row = TierAct {
                recording,
                seq,
                kind: kind.clone(),
                store,
                at_ms,
                by_actor: by_actor.clone(),
                person: people::text(folding, "by"),
            };
            self.tiers.push(row.cells());
        }
        Ok(())
    }

    /// Writes everything, by sets.
    pub(super) async fn write(self, session: &mut Session) -> Outcome<()> {
        insert(session, &flows::STORE_ACTS, &self.stores).await?;
        insert(session, &flows::TIER_ACTS, &self.tiers).await?;
        let said = |value: Option<i64>| Cell::Integer(value.unwrap_or(UNSAID));
        let rows: Vec<_> = self
            .copies
            .into_iter()
            .map(|((store, object), change)| {
                vec![
                    Cell::Text(store),
                    Cell::Text(object),
                    said(change.placed_ms),
                    said(change.checked_ms),
                    said(change.checked_keyless_ms),
                    said(change.examined_ms),
                    said(change.damaged_seq),
                ]
            })
            .collect();
        bulk::execute(session, ADD_COPIES, CHANGE_COLUMNS, &rows).await?;
        bulk::execute(session, PUT_COPIES, CHANGE_COLUMNS, &rows).await?;
        Ok(())
    }
}

/// The objects among the subjects of an event.
fn objects(event: &Event) -> impl Iterator<Item = &str> {
    event.subjects.keys().filter_map(|subject| {
        let (kind, object) = subject.as_str().split_once(':')?;
        matches!(kind, "recording" | "object").then_some(object)
    })
}

fn store_act(body: &KeepingBody, folding: Folding<'_>) -> StoreAct {
    let (seq, kind, at_ms, by_actor) = people::frame(folding);
    let mut row = StoreAct {
        seq,
        store: RecordId::from_bytes([0; 16]),
        kind,
        at_ms,
        by_actor,
        place: String::new(),
        name: String::new(),
        create_only: false,
        object_lock: false,
        reason: people::text(folding, "reason"),
        person: people::text(folding, "by"),
    };
    match body {
        KeepingBody::StoreAdded { store, kind, name, create_only, object_lock } => {
            row.store = *store;
            row.place.clone_from(kind);
            row.name.clone_from(name);
            row.create_only = *create_only;
            row.object_lock = *object_lock;
        }
        KeepingBody::ReleaseProposed { store }
        | KeepingBody::ReleaseWithdrawn { store }
        | KeepingBody::Released { store } => {
            row.store = *store;
        }
        _ => {}
    }
    row
}

/// Stands in a batch for "nothing said of this column".
const UNSAID: i64 = -2;

const CHANGE_COLUMNS: &[Column] = &[
    ("store", Kind::Text),
    ("object", Kind::Text),
    ("placed_ms", Kind::Integer),
    ("checked_ms", Kind::Integer),
    ("checked_keyless_ms", Kind::Integer),
    ("examined_ms", Kind::Integer),
    ("damaged_seq", Kind::Integer),
];

const ADD_COPIES: &str = "WITH {batch} INSERT INTO copies (store, object, placed_ms, checked_ms, \
         checked_keyless_ms, examined_ms, damaged_seq) \
     SELECT store, object, -1, -1, -1, -1, -1 FROM batch WHERE true \
     ON CONFLICT (store, object) DO NOTHING";

const PUT_COPIES: &str = "WITH {batch} UPDATE copies SET \
     placed_ms = CASE WHEN batch.placed_ms = -2 \
         THEN copies.placed_ms ELSE batch.placed_ms END, \
     checked_ms = CASE WHEN batch.checked_ms = -2 \
         THEN copies.checked_ms ELSE batch.checked_ms END, \
     checked_keyless_ms = CASE WHEN batch.checked_keyless_ms = -2 \
         THEN copies.checked_keyless_ms ELSE batch.checked_keyless_ms END, \
     examined_ms = CASE WHEN batch.examined_ms = -2 \
         THEN copies.examined_ms ELSE batch.examined_ms END, \
     damaged_seq = CASE WHEN batch.damaged_seq = -2 \
         THEN copies.damaged_seq ELSE batch.damaged_seq END \
     FROM batch WHERE copies.store = batch.store AND copies.object = batch.object";
