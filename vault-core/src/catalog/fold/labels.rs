//! Labels that came after the recording (R08): they stand in the receipts that had none.
//!
//! Follows from the event and its opened payload alone, like the rest of the fold. Never touches a
//! receipt that came with labels.

use super::{Folding, receipt};
use crate::catalog::bulk::{self, Cell, Column, Kind};
use crate::catalog::database::Session;
use crate::fault::Outcome;
use std::collections::BTreeMap;
use vault_proof::ContentId;

const COLUMNS: &[Column] = &[
    ("seq", Kind::Integer),
    ("recording", Kind::Text),
    ("case_no", Kind::Text),
    ("counterpart", Kind::Text),
    ("handler", Kind::Text),
    ("activity", Kind::Text),
    ("device", Kind::Text),
    ("maker", Kind::Text),
    ("method", Kind::Text),
    ("proves", Kind::Text),
    ("secrecy", Kind::Text),
];

/// Where these stand in a row of `receipts`.
const PLACES: &[usize] = &[0, 1, 7, 8, 9, 10, 11, 12, 13, 14, 16];

const PUT_RECEIPTS: &str = "WITH {batch} UPDATE receipts SET \
     case_no = batch.case_no, counterpart = batch.counterpart, handler = batch.handler, \
     activity = batch.activity, device = batch.device, maker = batch.maker, \
     method = batch.method, proves = batch.proves, secrecy = batch.secrecy \
     FROM batch WHERE receipts.recording = batch.recording AND receipts.seq < batch.seq \
     AND receipts.case_no = ''";

const PUT_RECORDINGS: &str = "WITH {batch} UPDATE recordings SET \
     activity = batch.activity, secrecy = batch.secrecy \
     FROM batch WHERE recordings.id = batch.recording";

/// The row of one event.
pub(super) fn row(
    seq: i64,
    recording: &ContentId,
    activity: &str,
    secrecy: &str,
    folding: Folding<'_>,
) -> Outcome<Vec<Cell>> {
    let whole = receipt(seq, 0, recording, activity, secrecy, folding)?;
    Ok(PLACES.iter().filter_map(|place| whole.get(*place).cloned()).collect())
}

/// Writes the labels of a batch, after its receipts.
pub(super) async fn write(
    session: &mut Session,
    labels: BTreeMap<String, Vec<Cell>>,
) -> Outcome<()> {
    let rows: Vec<_> = labels.into_values().collect();
    bulk::execute(session, PUT_RECEIPTS, COLUMNS, &rows).await?;
    bulk::execute(session, PUT_RECORDINGS, COLUMNS, &rows).await.map(drop)
}
