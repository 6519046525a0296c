//! Asking for what was found out and made of recordings.

use super::{Cell, Cells, KEPT, Kind, UtcTime, whole};
use crate::catalog::{Catalog, Tx};
use crate::fault::Outcome;
use crate::store::check::Expected;
use vault_proof::{ContentId, Subject};

/// An examination, as the ledger tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExaminationRow {
    /// `probe` or `preview`.
    pub task: String,
    /// When.
    pub at: UtcTime,
    /// `done`, or the code of why it could not be examined.
    pub outcome: String,
    /// Program and libraries.
    pub engine: String,
    /// `video`, `audio`, `picture`, `other`.
    pub medium: String,
    /// The device.
    pub device: String,
    /// What the worker answered.
    pub report: String,
}

/// An object made from a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivativeRow {
    /// What it is.
    pub kind: String,
    /// Its content id.
    pub object: ContentId,
    /// Its length.
    pub bytes: u64,
    /// BLAKE3 of its manifest.
    pub manifest: ContentId,
    /// How it was made.
    pub recipe: String,
}

/// A version of a recording's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptRow {
    /// Its number, from 1.
    pub version: u64,
    /// When it was stored.
    pub at: UtcTime,
    /// `machine`, `person` or `imported`.
    pub origin: String,
    /// Program and model.
    pub engine: String,
    /// The version it was made from.
    pub based_on: Option<u64>,
    /// Content id of the text.
    pub object: ContentId,
    /// Who stored it.
    pub person: String,
    /// Who vouched for it, and when.
    pub checked: Option<(String, UtcTime)>,
}

/// A mark on the time line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkerRow {
    /// Its id.
    pub marker: String,
    /// The recording.
    pub recording: ContentId,
    /// What is to be seen.
    pub kind: String,
    /// Begin.
    pub from_ms: u64,
    /// End.
    pub to_ms: u64,
    /// What the person wrote.
    pub note: String,
    /// Who set it.
    pub person: String,
}

/// A file with its times, for putting sessions together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRow {
    /// Which recording.
    pub recording: ContentId,
    /// Its name.
    pub name: String,
    /// When it began.
    pub started: UtcTime,
    /// How long it is.
    pub duration_ms: i64,
}

/// Files of one device and case looked at for one session: a month of five-minute parts.
const PARTS_MAX: i64 = 10_000;

impl Tx {
    /// Number of the newest version of a recording's text; 0 where there is none.
    pub(crate) async fn last_transcript(&mut self, id: &ContentId) -> Outcome<u64> {
        let sql = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM transcripts \
             WHERE recording = $1";
        let rows = self.session.fetch(sql, &[Cell::Text(id.to_string())], &[Kind::Integer]).await?;
        Cells::of(rows.into_iter().flatten().collect()).count()
    }
}

impl Catalog {
    /// The examinations of a recording, one of each task.
    pub async fn examinations_of(&self, id: &ContentId) -> Outcome<Vec<ExaminationRow>> {
        let sql = "SELECT task, at_ms, outcome, engine, medium, device, report \
             FROM examinations WHERE recording = $1 ORDER BY task";
        let (i, t) = (Kind::Integer, Kind::Text);
        let rows = self.fetch(sql, &[Cell::Text(id.to_string())], &[t, i, t, t, t, t, t]).await?;
        let row = |cells: Vec<Cell>| {
            let mut cells = Cells::of(cells);
            Ok(ExaminationRow {
                task: cells.text()?,
                at: UtcTime::from_ms(cells.integer()?),
                outcome: cells.text()?,
                engine: cells.text()?,
                medium: cells.text()?,
                device: cells.text()?,
                report: cells.text()?,
            })
        };
        rows.into_iter().map(row).collect()
    }

    /// The newest preview objects of a recording, one of each kind.
    pub async fn products_of(&self, id: &ContentId) -> Outcome<Vec<DerivativeRow>> {
        let sql = "SELECT kind, object, bytes, manifest, recipe FROM derivatives \
             WHERE recording = $1 AND kind NOT IN ('transcript', 'excerpt') AND seq = (SELECT max(seq) \
             FROM derivatives AS newer WHERE newer.recording = derivatives.recording \
             AND newer.kind = derivatives.kind) ORDER BY kind";
        let (i, t) = (Kind::Integer, Kind::Text);
        let rows = self.fetch(sql, &[Cell::Text(id.to_string())], &[t, t, i, t, t]).await?;
        let row = |cells: Vec<Cell>| {
            let mut cells = Cells::of(cells);
            Ok(DerivativeRow {
                kind: cells.text()?,
                object: cells.id()?,
                bytes: cells.count()?,
                manifest: cells.id()?,
                recipe: cells.text()?,
            })
        };
        rows.into_iter().map(row).collect()
    }

    /// Objects made from recordings, after that place, in order: what is to be verified beside
    /// the recordings. Gives the place of the last with each.
    pub(crate) async fn derived_after(
        &self,
        after: (i64, i64),
        recording: Option<&ContentId>,
        limit: u32,
    ) -> Outcome<Vec<((i64, i64), Expected)>> {
        let mut cells = vec![after.0.into(), after.1.into(), i64::from(limit).into()];
        let of = match recording {
            None => "",
            Some(id) => {
                cells.push(Cell::Text(id.to_string()));
                "AND recording = $4"
            }
        };
        let sql = format!(
            "SELECT seq, ordinal, object, bytes, manifest FROM derivatives \
             WHERE (seq > $1 OR (seq = $1 AND ordinal > $2)) {of} AND NOT EXISTS \
             (SELECT 1 FROM destroyed WHERE destroyed.recording = derivatives.recording) \
             ORDER BY seq, ordinal LIMIT $3"
        );
        let (i, t) = (Kind::Integer, Kind::Text);
        let rows = self.fetch(&sql, &cells, &[i, i, t, i, t]).await?;
        let row = |cells: Vec<Cell>| {
            let mut cells = Cells::of(cells);
            let place = (cells.integer()?, cells.integer()?);
            let (id, bytes, manifest) = (cells.id()?, cells.count()?, cells.id()?);
            Ok((place, Expected { id, bytes, manifest, subject: Subject::object(&id) }))
        };
        rows.into_iter().map(row).collect()
    }

    /// The versions of a recording's text, first to last.
    pub async fn transcripts_of(&self, id: &ContentId) -> Outcome<Vec<TranscriptRow>> {
        let sql = "SELECT version, at_ms, origin, engine, based_on, object, person, checked_ms, \
             checked_by FROM transcripts WHERE recording = $1 ORDER BY version";
        let (i, t) = (Kind::Integer, Kind::Text);
        let kinds = [i, i, t, t, i, t, t, i, t];
        let rows = self.fetch(sql, &[Cell::Text(id.to_string())], &kinds).await?;
        let row = |cells: Vec<Cell>| {
            let mut cells = Cells::of(cells);
            Ok(TranscriptRow {
                version: cells.count()?,
                at: UtcTime::from_ms(cells.integer()?),
                origin: cells.text()?,
                engine: cells.text()?,
                based_on: Some(cells.count()?).filter(|version| *version > 0),
                object: cells.id()?,
                person: cells.text()?,
                checked: {
                    let (at, person) = (cells.integer()?, cells.text()?);
                    (at >= 0).then(|| (person, UtcTime::from_ms(at)))
                },
            })
        };
        rows.into_iter().map(row).collect()
    }

    /// The marks of a recording that were not taken back, in the order of time.
    pub async fn markers_of(&self, id: &ContentId) -> Outcome<Vec<MarkerRow>> {
        self.markers_where("recording = $1 ORDER BY from_ms, seq", &id.to_string()).await
    }

    /// The mark of that id, if it is there and was not taken back.
    pub async fn marker(&self, marker: &str) -> Outcome<Option<MarkerRow>> {
        Ok(self.markers_where("marker = $1", marker).await?.into_iter().next())
    }

    async fn markers_where(&self, condition: &str, value: &str) -> Outcome<Vec<MarkerRow>> {
        let sql = format!(
            "SELECT marker, recording, kind, from_ms, to_ms, note, person FROM markers \
             WHERE removed_seq < 0 AND {condition}"
        );
        let (i, t) = (Kind::Integer, Kind::Text);
        let rows = self.fetch(&sql, &[value.into()], &[t, t, t, i, i, t, t]).await?;
        let row = |cells: Vec<Cell>| {
            let mut cells = Cells::of(cells);
            Ok(MarkerRow {
                marker: cells.text()?,
                recording: cells.id()?,
                kind: cells.text()?,
                from_ms: cells.count()?,
                to_ms: cells.count()?,
                note: cells.text()?,
                person: cells.text()?,
            })
        };
        rows.into_iter().map(row).collect()
    }

    /// The files of a device in a case whose times are known.
    pub async fn parts_of(&self, case: &str, device: &str) -> Outcome<Vec<PartRow>> {
        let sql = "SELECT examinations.recording, receipts.name, examinations.started_ms, \
             examinations.duration_ms FROM examinations \
             JOIN recordings ON recordings.id = examinations.recording \
             JOIN receipts ON receipts.seq = recordings.accession_seq \
             WHERE examinations.device = $1 AND examinations.task = 'probe' \
             AND examinations.started_ms >= 0 AND examinations.duration_ms > 0 \
             AND receipts.case_no = $2 ORDER BY examinations.started_ms LIMIT $3";
        let (i, t) = (Kind::Integer, Kind::Text);
        let cells = [device.into(), case.into(), PARTS_MAX.into()];
        let rows = self.fetch(sql, &cells, &[t, t, i, i]).await?;
        let row = |cells: Vec<Cell>| {
            let mut cells = Cells::of(cells);
            Ok(PartRow {
                recording: cells.id()?,
                name: cells.text()?,
                started: UtcTime::from_ms(cells.integer()?),
                duration_ms: cells.integer()?,
            })
        };
        rows.into_iter().map(row).collect()
    }

    /// Recordings with sound whose text nobody checked yet (R09), after that accession.
    pub async fn without_checked_text(
        &self,
        after: Option<u64>,
        limit: u32,
    ) -> Outcome<Vec<super::ListedRecording>> {
        let after = after.map_or(Ok(-1), whole)?;
        let columns = super::listed_columns();
        let sql = format!(
            "SELECT {columns} FROM recordings \
             JOIN receipts ON receipts.seq = recordings.accession_seq \
             JOIN examinations ON examinations.recording = recordings.id \
             WHERE recordings.accession_seq > $1 AND examinations.task = 'probe' \
             AND examinations.sound = 1 AND NOT EXISTS ( \
                 SELECT 1 FROM transcripts WHERE transcripts.recording = recordings.id \
                 AND transcripts.checked_ms >= 0) \
             ORDER BY recordings.accession_seq LIMIT $2"
        );
        self.listed(&sql, &[after.into(), i64::from(limit).into()]).await
    }

    /// Recordings without that examination, with the name they came under: for `probe` those
    /// that have none, for `preview` those that were probed and can be looked through.
    pub(crate) async fn unexamined(&self, task: &str) -> Outcome<Vec<(ContentId, String)>> {
        let probed = "EXISTS (SELECT 1 FROM examinations WHERE recording = recordings.id \
             AND task = 'probe' AND outcome = 'done' AND medium <> 'other')";
        let also = if task == "preview" { probed } else { "true" };
        let sql = format!(
            "SELECT recordings.id, receipts.name FROM recordings \
             JOIN receipts ON receipts.seq = recordings.accession_seq \
             WHERE NOT EXISTS (SELECT 1 FROM examinations WHERE recording = recordings.id \
             AND task = $1) AND {KEPT} AND {also} ORDER BY recordings.accession_seq"
        );
        let rows = self.fetch(&sql, &[task.into()], &[Kind::Text, Kind::Text]).await?;
        let row = |cells: Vec<Cell>| {
            let mut cells = Cells::of(cells);
            Ok((cells.id()?, cells.text()?))
        };
        rows.into_iter().map(row).collect()
    }
}
