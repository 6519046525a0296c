//! Rows of what was found out and made of recordings: examinations, derived objects, transcripts,
//! marks.
//!
//! The same promises as the fold as a whole: rows follow from the event and its opened payload
//! alone, and a payload whose key was destroyed folds to empty fields.

use super::{Folding, NEVER, insert, whole};
use crate::catalog::bulk::{self, Cell, Column, Kind};
use crate::catalog::database::Session;
use crate::catalog::tables;
use crate::fault::{Code, Fault, Outcome};
use std::collections::BTreeMap;
use vault_proof::canonical::Value;
use vault_proof::{AccessBody, CaseBody, ContentId, DerivedObject, MediaBody};

/// Rows of this part of the catalogue, to be written together.
#[derive(Debug, Default)]
pub(super) struct MediaRows {
    /// By recording and task; the later examination stands for both.
    examinations: BTreeMap<(String, &'static str), Vec<Cell>>,
    derivatives: Vec<Vec<Cell>>,
    transcripts: Vec<Vec<Cell>>,
    checks: BTreeMap<(String, i64), (i64, i64, String)>,
    markers: Vec<Vec<Cell>>,
    removals: BTreeMap<String, i64>,
}

/// What an examination found, as its row holds it.
struct Found<'a> {
    outcome: &'a str,
    engine: &'a str,
    medium: &'a str,
    duration_ms: u64,
    sound: bool,
    findings: u64,
}

impl<'a> Found<'a> {
    /// Nothing of the content itself.
    const fn bare(outcome: &'a str, engine: &'a str, findings: u64) -> Self {
        Self { outcome, engine, medium: "", duration_ms: 0, sound: false, findings }
    }
}

fn task_name(task: &str) -> Outcome<&'static str> {
    ["probe", "preview"].into_iter().find(|known| *known == task).ok_or_else(|| {
        Fault::new(Code::LedgerDamaged).with("what", "examination").with("task", task)
    })
}

/// A text of the payload; empty where the payload is gone.
fn text<'a>(folding: Folding<'a>, field: &str) -> Outcome<&'a str> {
    match folding.plain {
        None => Ok(""),
        Some(plain) => {
            plain.get(field).and_then(Value::as_text).ok_or_else(|| damaged(folding, field))
        }
    }
}

/// A number of the payload; `NEVER` where the payload is gone.
fn integer(folding: Folding<'_>, field: &str) -> Outcome<i64> {
    match folding.plain {
        None => Ok(NEVER),
        Some(plain) => {
            plain.get(field).and_then(Value::as_integer).ok_or_else(|| damaged(folding, field))
        }
    }
}

fn damaged(folding: Folding<'_>, field: &str) -> Fault {
    let fault = Fault::new(Code::LedgerDamaged).with("what", "payload");
    fault.with("field", field).with("seq", folding.event.seq)
}

impl MediaRows {
    /// Adds the rows of one event.
    pub(super) fn fold(&mut self, seq: i64, body: &MediaBody, folding: Folding<'_>) -> Outcome<()> {
        match body {
            MediaBody::Probed { recording, engine, medium, duration_ms, sound, findings } => {
                let (duration_ms, sound, findings) = (*duration_ms, *sound, *findings);
                let outcome = "done";
                let found = Found { outcome, engine, medium, duration_ms, sound, findings };
                self.examination(seq, recording, "probe", &found, folding)
            }
            MediaBody::NotExaminable { recording, task, reason, engine } => {
                let found = Found::bare(reason, engine, 0);
                self.examination(seq, recording, task, &found, folding)
            }
            MediaBody::Previewed { recording, engine, findings, products } => {
                let found = Found::bare("done", engine, *findings);
                self.examination(seq, recording, "preview", &found, folding)?;
                for (ordinal, product) in (0i64..).zip(products) {
                    self.derivative((seq, ordinal), recording, product, folding)?;
                }
                Ok(())
            }
            MediaBody::TranscriptStored { recording, .. } => {
                self.transcript(seq, recording, body, folding)
            }
            MediaBody::TranscriptChecked { recording, version, object: _ } => {
                let person = text(folding, "person")?.to_owned();
                let key = (recording.to_string(), whole(*version)?);
                self.checks.insert(key, (seq, folding.event.time_ms, person));
                Ok(())
            }
            MediaBody::MarkerSet { recording, marker, kind, from_ms, to_ms } => {
                self.markers.push(vec![
                    marker.as_str().into(),
                    recording.to_string().as_str().into(),
                    seq.into(),
                    folding.event.time_ms.into(),
                    kind.as_str().into(),
                    whole(*from_ms)?.into(),
                    whole(*to_ms)?.into(),
                    text(folding, "note")?.into(),
                    text(folding, "person")?.into(),
                    NEVER.into(),
                ]);
                Ok(())
            }
            MediaBody::MarkerRemoved { recording: _, marker } => {
                self.removals.insert(marker.clone(), seq);
                Ok(())
            }
            MediaBody::TranscriptShown { .. } | MediaBody::Searched { .. } => Ok(()),
        }
    }

    fn examination(
        &mut self,
        seq: i64,
        recording: &ContentId,
        task: &str,
        found: &Found<'_>,
        folding: Folding<'_>,
    ) -> Outcome<()> {
        let task = task_name(task)?;
        let recording = recording.to_string();
        let row = vec![
            recording.as_str().into(),
            task.into(),
            seq.into(),
            folding.event.time_ms.into(),
            found.outcome.into(),
            found.engine.into(),
            found.medium.into(),
            whole(found.duration_ms)?.into(),
            i64::from(found.sound).into(),
            whole(found.findings)?.into(),
            integer(folding, "started_ms")?.into(),
            text(folding, "time_source")?.into(),
            text(folding, "device")?.into(),
            text(folding, "report")?.into(),
        ];
        self.examinations.insert((recording, task), row);
        Ok(())
    }

    fn derivative(
        &mut self,
        (seq, ordinal): (i64, i64),
        recording: &ContentId,
        product: &DerivedObject,
        folding: Folding<'_>,
    ) -> Outcome<()> {
        self.derivatives.push(vec![
            seq.into(),
            ordinal.into(),
            recording.to_string().as_str().into(),
            product.kind.as_str().into(),
            product.object.to_string().as_str().into(),
            whole(product.bytes)?.into(),
            product.manifest.to_string().as_str().into(),
            product.recipe.as_str().into(),
            folding.event.time_ms.into(),
        ]);
        Ok(())
    }

    /// A written record of a case file is an object of the store like those made from recordings:
    /// it is checked and rebuilt with them.
    pub(super) fn written_record(
        &mut self,
        seq: i64,
        body: &CaseBody,
        folding: Folding<'_>,
    ) -> Outcome<()> {
        let CaseBody::DocumentAdded { object, bytes, manifest, document, .. } = body else {
            return Ok(());
        };
        self.derivatives.push(vec![
            seq.into(),
            0.into(),
            "".into(),
            "written-record".into(),
            object.to_string().as_str().into(),
            whole(*bytes)?.into(),
            manifest.to_string().as_str().into(),
            document.as_str().into(),
            folding.event.time_ms.into(),
        ]);
        Ok(())
    }

    /// The package of a copy is kept like that, too, and so is an excerpt that is read.
    pub(super) fn package(
        &mut self,
        seq: i64,
        body: &AccessBody,
        folding: Folding<'_>,
    ) -> Outcome<()> {
        let (of, kind, object, bytes, manifest) = match body {
            AccessBody::CopyKept { object, bytes, manifest, .. } => {
                (String::new(), "package", object, bytes, manifest)
            }
            AccessBody::ScanKept { object, bytes, manifest, .. } => {
                (String::new(), "scan", object, bytes, manifest)
            }
            // What was cut out of a recording goes with it when it is disposed of.
            AccessBody::ExcerptMade { recording, object, bytes, manifest, .. } => {
                (recording.to_string(), "excerpt", object, bytes, manifest)
            }
            _ => return Ok(()),
        };
        self.derivatives.push(vec![
            seq.into(),
            0.into(),
            Cell::Text(of),
            kind.into(),
            object.to_string().as_str().into(),
            whole(*bytes)?.into(),
            manifest.to_string().as_str().into(),
            "".into(),
            folding.event.time_ms.into(),
        ]);
        Ok(())
    }

    fn transcript(
        &mut self,
        seq: i64,
        recording: &ContentId,
        body: &MediaBody,
        folding: Folding<'_>,
    ) -> Outcome<()> {
        let MediaBody::TranscriptStored {
            version,
            origin,
            engine,
            based_on,
            object,
            bytes,
            manifest,
            ..
        } = body
        else {
            return Ok(());
        };
        let product = DerivedObject {
            kind: "transcript".to_owned(),
            object: *object,
            bytes: *bytes,
            manifest: *manifest,
            recipe: engine.clone(),
        };
        self.derivative((seq, 0), recording, &product, folding)?;
        self.transcripts.push(vec![
            recording.to_string().as_str().into(),
            whole(*version)?.into(),
            seq.into(),
            folding.event.time_ms.into(),
            origin.as_str().into(),
            engine.as_str().into(),
            whole(*based_on)?.into(),
            object.to_string().as_str().into(),
            text(folding, "person")?.into(),
            NEVER.into(),
            NEVER.into(),
            "".into(),
        ]);
        Ok(())
    }

    /// Writes everything, by sets.
    pub(super) async fn write(self, session: &mut Session) -> Outcome<()> {
        let examinations: Vec<_> = self.examinations.into_values().collect();
        let table = &tables::EXAMINATIONS;
        bulk::execute(session, &table.put(), table.columns, &examinations).await?;
        insert(session, &tables::DERIVATIVES, &self.derivatives).await?;
        insert(session, &tables::TRANSCRIPTS, &self.transcripts).await?;
        insert(session, &tables::MARKERS, &self.markers).await?;
        write_checks(session, self.checks).await?;
        write_removals(session, self.removals).await
    }
}

const CHECK_COLUMNS: &[Column] = &[
    ("recording", Kind::Text),
    ("version", Kind::Integer),
    ("checked_seq", Kind::Integer),
    ("checked_ms", Kind::Integer),
    ("checked_by", Kind::Text),
];

async fn write_checks(
    session: &mut Session,
    checks: BTreeMap<(String, i64), (i64, i64, String)>,
) -> Outcome<()> {
    let rows: Vec<_> = checks
        .into_iter()
        .map(|((recording, version), (seq, at_ms, person))| {
            vec![
                Cell::Text(recording),
                version.into(),
                seq.into(),
                at_ms.into(),
                person.as_str().into(),
            ]
        })
        .collect();
    let sql = "WITH {batch} UPDATE transcripts SET checked_seq = batch.checked_seq, \
         checked_ms = batch.checked_ms, checked_by = batch.checked_by FROM batch \
         WHERE transcripts.recording = batch.recording AND transcripts.version = batch.version";
    exactly(bulk::execute(session, sql, CHECK_COLUMNS, &rows).await?, rows.len())
}

async fn write_removals(session: &mut Session, removals: BTreeMap<String, i64>) -> Outcome<()> {
    let rows: Vec<_> =
        removals.into_iter().map(|(marker, seq)| vec![Cell::Text(marker), seq.into()]).collect();
    let columns = &[("marker", Kind::Text), ("removed_seq", Kind::Integer)];
    let sql = "WITH {batch} UPDATE markers SET removed_seq = batch.removed_seq FROM batch \
         WHERE markers.marker = batch.marker";
    exactly(bulk::execute(session, sql, columns, &rows).await?, rows.len())
}

/// An event that speaks of a version or a mark that never was is no event of this ledger.
fn exactly(touched: u64, rows: usize) -> Outcome<()> {
    if usize::try_from(touched).ok() == Some(rows) {
        return Ok(());
    }
    Err(Fault::new(Code::LedgerDamaged).with("what", "subject of an event"))
}
