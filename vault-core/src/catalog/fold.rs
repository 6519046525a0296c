//! The fold: what rows an event leaves behind.
//!
//! The one writer of the folded tables. `Batch::fold` is a pure function of the event, its exact
//! leaf and its opened payload; `Batch::write` puts the rows of many events into the database by
//! sets. Live commits and `replay` both go through here, so the catalogue cannot say anything that
//! the ledger does not. A payload whose key was destroyed folds to empty fields, not to an error.

mod backup;
mod disposal;
mod flows;
mod inspection;
mod keeping;
mod labels;
mod media;
mod oversight;

use super::bulk::{self, Cell, Column, Kind};
use super::database::Session;
use super::tables::{self, Table};
use crate::fault::{Code, Fault, Outcome};
use crate::store::MAIN_STORE;
use backup::BackupRows;
use disposal::DisposalRows;
use flows::FlowRows;
use inspection::InspectionRows;
use keeping::{CopyCheck, KeepingRows};
use media::MediaRows;
use oversight::OversightRows;
use std::collections::{BTreeMap, BTreeSet};
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, Damage, Event, Hash256};

/// Nothing yet: no digests, never checked, not damaged.
pub(super) const NEVER: i64 = -1;

/// An event with everything that belongs to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Folding<'event> {
    pub(super) event: &'event Event,
    pub(super) leaf: &'event [u8],
    pub(super) leaf_hash: &'event Hash256,
    pub(super) sealed: &'event [u8],
    pub(super) plain: Option<&'event Value>,
}

/// Rows of several events, to be written together. The order of the tables does not matter,
/// because what several events say of one row is merged here, the later event winning.
#[derive(Debug, Default)]
pub(super) struct Batch {
    events: Vec<Vec<Cell>>,
    subjects: BTreeMap<String, (i64, Hash256)>,
    recordings: Vec<Vec<Cell>>,
    receipts: Vec<Vec<Cell>>,
    labels: BTreeMap<String, Vec<Cell>>,
    changes: BTreeMap<String, Change>,
    damages: Vec<Vec<Cell>>,
    media: MediaRows,
    flows: FlowRows,
    keeping: KeepingRows,
    backup: BackupRows,
    disposal: DisposalRows,
    inspection: InspectionRows,
    oversight: OversightRows,
    refusals: Vec<Vec<Cell>>,
    vault: BTreeMap<String, String>,
}

/// What later events say of a recording.
#[derive(Debug, Default)]
struct Change {
    digests: Option<(i64, String, String)>,
    checked_ms: Option<i64>,
    checked_keyless_ms: Option<i64>,
    examined_ms: i64,
    /// The check that found damage; `NEVER` where one with keys found it whole.
    damaged_seq: Option<i64>,
}

/// A count as the database holds it. Counts in events are below 2^53 by their format.
fn whole(count: u64) -> Outcome<i64> {
    i64::try_from(count).map_err(|error| Fault::new(Code::LedgerDamaged).caused_by(error))
}

impl Batch {
    /// Adds the rows of one event.
    pub(super) fn fold(&mut self, folding: Folding<'_>) -> Outcome<()> {
        let event = folding.event;
        let seq = whole(event.seq)?;
        self.events.push(vec![
            seq.into(),
            Cell::Blob(event.id.to_vec()),
            event.body.kind().into(),
            event.time_ms.into(),
            folding.leaf.into(),
            folding.leaf_hash.as_bytes().as_slice().into(),
            folding.sealed.into(),
        ]);
        for subject in event.subjects.keys() {
            self.subjects.insert(subject.as_str().to_owned(), (seq, *folding.leaf_hash));
        }
        self.fold_body(seq, folding)
    }

    fn fold_body(&mut self, seq: i64, folding: Folding<'_>) -> Outcome<()> {
        let event = folding.event;
        match &event.body {
            Body::VaultCreated { vault, format, checkpoint_key } => {
                self.set("vault", vault);
                self.set("format", format.to_string());
                self.set("checkpoint_key", checkpoint_key);
                self.set("created_ms", event.time_ms.to_string());
            }
            Body::StoreRegistered { store, create_only, object_lock } => {
                self.set("store", store);
                self.set("store_create_only", create_only.to_string());
                self.set("store_object_lock", object_lock.to_string());
            }
            Body::RecordingAccessioned { recording, bytes, manifest, activity, secrecy } => {
                let bytes = whole(*bytes)?;
                self.recordings.push(vec![
                    recording.to_string().as_str().into(),
                    bytes.into(),
                    manifest.to_string().as_str().into(),
                    seq.into(),
                    event.time_ms.into(),
                    activity.as_str().into(),
                    secrecy.as_str().into(),
                    "".into(),
                    "".into(),
                    NEVER.into(),
                    NEVER.into(),
                    NEVER.into(),
                    event.time_ms.into(),
                    NEVER.into(),
                ]);
                self.receipts.push(receipt(seq, 0, recording, activity, secrecy, folding)?);
            }
            Body::DuplicateReceived { recording, activity, secrecy } => {
                self.receipts.push(receipt(seq, 1, recording, activity, secrecy, folding)?);
            }
            Body::RecordingLabelled { recording, activity, secrecy } => {
                let row = labels::row(seq, recording, activity, secrecy, folding)?;
                // Labels are given once; the first to come stands.
                self.labels.entry(recording.to_string()).or_insert(row);
            }
            Body::DigestsTaken { recording, sha256, sm3, bytes: _ } => {
                let change = self.change(recording.to_string(), event.time_ms);
                change.digests = Some((seq, sha256.clone(), sm3.clone()));
                // The content id held again over all bytes: as good as a check with keys.
                change.checked_ms = Some(event.time_ms);
                change.damaged_seq = Some(NEVER);
            }
            Body::FixityChecked { keyless, failed, bytes: _ } => {
                self.fold_check(seq, event, *keyless, failed)?;
            }
            Body::Media(body) => self.media.fold(seq, body, folding)?,
            Body::People(body) => self.flows.people(body, folding),
            Body::Case(body) => {
                self.media.written_record(seq, body, folding)?;
                self.flows.case(body, folding);
            }
            Body::Retention(body) => self.flows.retention(body, folding),
            Body::Access(body) => {
                self.media.package(seq, body, folding)?;
                self.flows.access(body, folding)?;
            }
            Body::Keeping(body) => self.keeping.fold(body, folding)?,
            Body::Backup(body) => self.backup.fold(body, folding),
            Body::Inspection(body) => self.inspection.fold(body, folding),
            Body::Oversight(body) => self.oversight.fold(body, folding)?,
            Body::Disposal(_) | Body::Volume(_) => self.disposal.fold(folding),
            Body::ActRefused { act, reason, article } => self.refused(seq, [act, reason, article]),
        }
        Ok(())
    }

    fn refused(&mut self, seq: i64, said: [&String; 3]) {
        let said = said.map(|text| Cell::Text(text.clone()));
        self.refusals.push([vec![seq.into()], said.to_vec()].concat());
    }

    fn fold_check(
        &mut self,
        seq: i64,
        event: &Event,
        keyless: bool,
        failed: &[Damage],
    ) -> Outcome<()> {
        let damaged: BTreeSet<String> =
            failed.iter().map(|damage| damage.recording.to_string()).collect();
        for subject in event.subjects.keys() {
            if let Some(object) = subject.as_str().strip_prefix("object:") {
                let check = CopyCheck {
                    seq,
                    at_ms: event.time_ms,
                    keyless,
                    damaged: damaged.contains(object),
                };
                self.keeping.checked(MAIN_STORE, object, check);
            }
            let Some(recording) = subject.as_str().strip_prefix("recording:") else { continue };
            let change = self.change(recording.to_owned(), event.time_ms);
            match (damaged.contains(recording), keyless) {
                (true, _) => change.damaged_seq = Some(seq),
                (false, true) => change.checked_keyless_ms = Some(event.time_ms),
                (false, false) => {
                    change.checked_ms = Some(event.time_ms);
                    change.damaged_seq = Some(NEVER);
                }
            }
        }
        for (ordinal, damage) in (0i64..).zip(failed) {
            self.damages.push(vec![
                seq.into(),
                ordinal.into(),
                damage.recording.to_string().as_str().into(),
                damage.class.as_str().into(),
                whole(damage.from)?.into(),
                whole(damage.to)?.into(),
            ]);
        }
        Ok(())
    }

    fn set(&mut self, key: &str, value: impl Into<String>) {
        self.vault.insert(key.to_owned(), value.into());
    }

    fn change(&mut self, recording: String, at_ms: i64) -> &mut Change {
        let change = self.changes.entry(recording).or_default();
        change.examined_ms = at_ms;
        change
    }

    /// Writes everything, by sets.
    pub(super) async fn write(self, session: &mut Session) -> Outcome<()> {
        insert(session, &tables::EVENTS, &self.events).await?;
        write_subjects(session, self.subjects).await?;
        insert(session, &tables::RECORDINGS, &self.recordings).await?;
        insert(session, &tables::RECEIPTS, &self.receipts).await?;
        labels::write(session, self.labels).await?;
        write_changes(session, self.changes).await?;
        insert(session, &tables::DAMAGES, &self.damages).await?;
        self.media.write(session).await?;
        self.flows.write(session).await?;
        self.keeping.write(session).await?;
        self.backup.write(session).await?;
        self.disposal.write(session).await?;
        self.inspection.write(session).await?;
        self.oversight.write(session).await?;
        insert(session, &tables::REFUSALS, &self.refusals).await?;
        write_vault(session, self.vault).await
    }
}

fn receipt(
    seq: i64,
    duplicate: i64,
    recording: &ContentId,
    activity: &str,
    secrecy: &str,
    folding: Folding<'_>,
) -> Outcome<Vec<Cell>> {
    let damaged = |field: &str| {
        let fault = Fault::new(Code::LedgerDamaged).with("what", "payload");
        fault.with("field", field).with("seq", seq)
    };
    let text = |field: &str| match folding.plain {
        None => Ok(""),
        Some(plain) => plain.get(field).and_then(Value::as_text).ok_or_else(|| damaged(field)),
    };
    let name_bytes = hex::decode(text("name_bytes")?).map_err(|_| damaged("name_bytes"))?;
    let modified = "source_modified_ms";
    let source_modified_ms = match folding.plain {
        None => 0,
        Some(plain) => {
            plain.get(modified).and_then(Value::as_integer).ok_or_else(|| damaged(modified))?
        }
    };
    // Receipts of the first version of the payload say nothing of these two.
    let said = |field: &str, unsaid: i64| {
        let value = folding.plain.and_then(|plain| plain.get(field));
        value.and_then(Value::as_integer).unwrap_or(unsaid)
    };
    Ok(vec![
        seq.into(),
        recording.to_string().as_str().into(),
        duplicate.into(),
        folding.event.time_ms.into(),
        text("name")?.into(),
        Cell::Blob(name_bytes),
        source_modified_ms.into(),
        text("case")?.into(),
        text("counterpart")?.into(),
        text("handler")?.into(),
        activity.into(),
        text("device")?.into(),
        text("maker")?.into(),
        text("method")?.into(),
        text("proves")?.into(),
        text("person")?.into(),
        secrecy.into(),
        said("declared_ms", NEVER).into(),
        said("clock_offset_ms", 0).into(),
    ])
}

async fn insert(session: &mut Session, table: &Table, rows: &[Vec<Cell>]) -> Outcome<()> {
    bulk::execute(session, &table.insert(), table.columns, rows).await?;
    Ok(())
}

// "WHERE true" tells SQLite's parser that ON belongs to the conflict, not to a join.
const PUT_SUBJECTS: &str = "WITH {batch} INSERT INTO subjects (subject, seq, leaf_hash) \
     SELECT subject, seq, leaf_hash FROM batch WHERE true \
     ON CONFLICT (subject) DO UPDATE SET seq = excluded.seq, leaf_hash = excluded.leaf_hash";

async fn write_subjects(
    session: &mut Session,
    subjects: BTreeMap<String, (i64, Hash256)>,
) -> Outcome<()> {
    let rows: Vec<_> = subjects
        .into_iter()
        .map(|(subject, (seq, hash))| {
            vec![Cell::Text(subject), seq.into(), hash.as_bytes().as_slice().into()]
        })
        .collect();
    bulk::execute(session, PUT_SUBJECTS, tables::SUBJECTS.columns, &rows).await?;
    Ok(())
}

const PUT_VAULT: &str = "WITH {batch} INSERT INTO vault (key, value) \
     SELECT key, value FROM batch WHERE true \
     ON CONFLICT (key) DO UPDATE SET value = excluded.value";

async fn write_vault(session: &mut Session, vault: BTreeMap<String, String>) -> Outcome<()> {
    let rows: Vec<_> = vault
        .into_iter()
        .map(|(key, value)| vec![Cell::Text(key), value.as_str().into()])
        .collect();
    bulk::execute(session, PUT_VAULT, tables::VAULT.columns, &rows).await?;
    Ok(())
}

const CHANGE_COLUMNS: &[Column] = &[
    ("id", Kind::Text),
    ("sha256", Kind::Text),
    ("sm3", Kind::Text),
    ("digests_seq", Kind::Integer),
    ("checked_ms", Kind::Integer),
    ("checked_keyless_ms", Kind::Integer),
    ("examined_ms", Kind::Integer),
    ("damaged_seq", Kind::Integer),
];

/// Stands in a batch for "nothing said of this column".
const UNSAID: i64 = -2;

const PUT_CHANGES: &str = "WITH {batch} UPDATE recordings SET \
     sha256 = CASE WHEN batch.digests_seq = -2 THEN recordings.sha256 ELSE batch.sha256 END, \
     sm3 = CASE WHEN batch.digests_seq = -2 THEN recordings.sm3 ELSE batch.sm3 END, \
     digests_seq = CASE WHEN batch.digests_seq = -2 \
         THEN recordings.digests_seq ELSE batch.digests_seq END, \
     checked_ms = CASE WHEN batch.checked_ms = -2 \
         THEN recordings.checked_ms ELSE batch.checked_ms END, \
     checked_keyless_ms = CASE WHEN batch.checked_keyless_ms = -2 \
         THEN recordings.checked_keyless_ms ELSE batch.checked_keyless_ms END, \
     examined_ms = batch.examined_ms, \
     damaged_seq = CASE WHEN batch.damaged_seq = -2 \
         THEN recordings.damaged_seq ELSE batch.damaged_seq END \
     FROM batch WHERE recordings.id = batch.id";

async fn write_changes(session: &mut Session, changes: BTreeMap<String, Change>) -> Outcome<()> {
    let rows: Vec<_> = changes
        .into_iter()
        .map(|(recording, change)| {
            let (digests_seq, sha256, sm3) =
                change.digests.unwrap_or((UNSAID, String::new(), String::new()));
            vec![
                Cell::Text(recording),
                sha256.as_str().into(),
                sm3.as_str().into(),
                digests_seq.into(),
                change.checked_ms.unwrap_or(UNSAID).into(),
                change.checked_keyless_ms.unwrap_or(UNSAID).into(),
                change.examined_ms.into(),
                change.damaged_seq.unwrap_or(UNSAID).into(),
            ]
        })
        .collect();
    let touched = bulk::execute(session, PUT_CHANGES, CHANGE_COLUMNS, &rows).await?;
    if usize::try_from(touched).ok() != Some(rows.len()) {
        // An event speaks of a recording that was never taken in.
        return Err(Fault::new(Code::RecordingUnknown).with("what", "subject of an event"));
    }
    Ok(())
}
