//! Rows of copies: what checks say of each copy of an object.
//!
//! The same promises as the fold as a whole. A copy that nobody spoke of has no row; a row says
//! only what events said. Recordings of the vault's own store have these facts in their own row.

use super::NEVER;
use crate::catalog::bulk::{self, Cell, Column, Kind};
use crate::catalog::database::Session;
use crate::fault::Outcome;
use std::collections::BTreeMap;

/// Rows of copies, to be written together; the later event of a batch wins.
#[derive(Debug, Default)]
pub(super) struct KeepingRows {
    copies: BTreeMap<(String, String), CopyChange>,
}

/// What events say of one copy.
#[derive(Debug, Default)]
struct CopyChange {
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

    /// Writes everything, by sets.
    pub(super) async fn write(self, session: &mut Session) -> Outcome<()> {
        let said = |value: Option<i64>| Cell::Integer(value.unwrap_or(UNSAID));
        let rows: Vec<_> = self
            .copies
            .into_iter()
            .map(|((store, object), change)| {
                vec![
                    Cell::Text(store),
                    Cell::Text(object),
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

/// Stands in a batch for "nothing said of this column".
const UNSAID: i64 = -2;

const CHANGE_COLUMNS: &[Column] = &[
    ("store", Kind::Text),
    ("object", Kind::Text),
    ("checked_ms", Kind::Integer),
    ("checked_keyless_ms", Kind::Integer),
    ("examined_ms", Kind::Integer),
    ("damaged_seq", Kind::Integer),
];

const ADD_COPIES: &str = "WITH {batch} INSERT INTO copies (store, object, placed_ms, checked_ms, \
         checked_keyless_ms, examined_ms, damaged_seq, released_seq) \
     SELECT store, object, -1, -1, -1, -1, -1, -1 FROM batch WHERE true \
     ON CONFLICT (store, object) DO NOTHING";

const PUT_COPIES: &str = "WITH {batch} UPDATE copies SET \
     checked_ms = CASE WHEN batch.checked_ms = -2 \
         THEN copies.checked_ms ELSE batch.checked_ms END, \
     checked_keyless_ms = CASE WHEN batch.checked_keyless_ms = -2 \
         THEN copies.checked_keyless_ms ELSE batch.checked_keyless_ms END, \
     examined_ms = CASE WHEN batch.examined_ms = -2 \
         THEN copies.examined_ms ELSE batch.examined_ms END, \
     damaged_seq = CASE WHEN batch.damaged_seq = -2 \
         THEN copies.damaged_seq ELSE batch.damaged_seq END \
     FROM batch WHERE copies.store = batch.store AND copies.object = batch.object";
