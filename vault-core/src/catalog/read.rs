//! Asking the catalogue.
//!
//! Lists are paged by key, so that the last page costs what the first does. Nothing here changes
//! anything, and nothing here hands out archived bytes.

mod flows;
mod inspection;
mod keeping;
mod media;
mod oversight;

pub(crate) use flows::Asking;
pub(crate) use inspection::Inspectable;
pub(crate) use keeping::{ClassedRow, ColdRow, KeptCopy};
pub(crate) use oversight::{CaseBrief, DocumentBrief};

pub use media::{DerivativeRow, ExaminationRow, MarkerRow, PartRow, TranscriptRow};

use super::Catalog;
use super::bulk::{Cell, Kind};
use super::database::Session;
use super::tables;
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use std::fmt::Write;
use vault_proof::{ContentId, Event, Hash256, RecordId, Subject};

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Its number.
    pub seq: u64,
    /// Its exact bytes.
    pub leaf: Vec<u8>,
    /// The hash of those.
    pub leaf_hash: Hash256,
    /// Its sealed payload; empty where there is none.
    pub sealed: Vec<u8>,
}

/// A recording, as the ledger tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingRow {
    /// Its content id.
    pub id: ContentId,
    /// Its length.
    pub bytes: u64,
    /// BLAKE3 of its manifest.
    pub manifest: ContentId,
    /// The event that took it in.
    pub accession_seq: u64,
    /// When that was.
    pub accessioned_at: UtcTime,
    /// The activity it records.
    pub activity: String,
    /// Its secrecy.
    pub secrecy: String,
    /// SHA-256 and SM3, hex, once they were taken.
    pub digests: Option<(String, String)>,
    /// The last check with keys that found it whole.
    pub checked_at: Option<UtcTime>,
    /// The last check without keys that found its stored bytes whole.
    pub checked_keyless_at: Option<UtcTime>,
    /// The last time it was read for any check, whatever came of it.
    pub examined_at: UtcTime,
    /// The check that found it damaged, unless a later one with keys found it whole.
    pub damaged_seq: Option<u64>,
}

/// One handing-over of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// The event.
    pub seq: u64,
    /// Which recording.
    pub recording: ContentId,
    /// Whether the content was there already.
    pub duplicate: bool,
    /// When.
    pub received_at: UtcTime,
    /// Name of the source, made fit for showing.
    pub name: String,
    /// Name of the source, exactly, where `name` is not it.
    pub name_bytes: Vec<u8>,
    /// When the source was last modified, as its file system said.
    pub source_modified_at: UtcTime,
    /// Case number (案号).
    pub case_no: String,
    /// Counterpart (行政相对人).
    pub counterpart: String,
    /// Handler (承办人).
    pub handler: String,
    /// The activity named.
    pub activity: String,
    /// The recorder.
    pub device: String,
    /// Who made it.
    pub maker: String,
    /// How it was made.
    pub method: String,
    /// What it is to prove (证明对象).
    pub proves: String,
    /// Who handed it over.
    pub person: String,
    /// The secrecy named.
    pub secrecy: String,
    /// When it began, as the person who handed it over declared.
    pub declared_at: Option<UtcTime>,
    /// How much the device's clock was behind, in milliseconds; negative if it was ahead.
    pub clock_offset_ms: i64,
}

/// A range of a recording that did not agree with its digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamageRow {
    /// The check that found it.
    pub seq: u64,
    /// Which class of stored bytes.
    pub class: String,
    /// First byte.
    pub from: u64,
    /// End, exclusive.
    pub to: u64,
}

/// A line of a list: a recording, and the receipt it is listed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRecording {
    /// The recording.
    pub recording: RecordingRow,
    /// Its accession, or, in a list by case, its first receipt in that case.
    pub receipt: ReceiptRow,
    /// The event that its destruction began with.
    pub destroyed_seq: Option<u64>,
    /// Where the next page begins.
    pub cursor: Cursor,
}

/// A place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(u64);

impl Cursor {
    /// The cursor of that number, as `as_u64` gave it out.
    pub const fn from_u64(number: u64) -> Self {
        Self(number)
    }

    /// Its number, for an address.
    pub const fn as_u64(self) -> u64 {
        self.0
    }
}

/// That a recording was not destroyed.
pub(super) const KEPT: &str =
    "NOT EXISTS (SELECT 1 FROM destroyed WHERE destroyed.recording = recordings.id)";

/// What is to be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Everything, in the order of accession.
    All,
    /// What was handed over for that case, in the order of the first receipt for it.
    Case(String),
    /// What bears all of these labels, in the order of accession.
    Labels(Wanted),
}

/// Labels to look for; an empty one is any. The parts of a name that is typed are enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Part of the case number.
    pub case: String,
    /// Part of the counterpart's name.
    pub counterpart: String,
    /// Part of the handler's name.
    pub handler: String,
    /// Part of the device's number.
    pub device: String,
    /// Part of the name of the file.
    pub name: String,
    /// The activity, by its code.
    pub activity: String,
    /// Only what was found damaged and not found whole since.
    pub damaged: bool,
    /// What it was found to be: `video`, `audio`, `picture`, `other`.
    pub medium: String,
    /// Received then or later, and before.
    pub received: (Option<UtcTime>, Option<UtcTime>),
    /// The newest first, going back.
    pub newest: bool,
}

impl Wanted {
    /// Conditions, and the values that stand in them; the first is number `first`.
    fn conditions(&self, first: usize) -> (String, Vec<Cell>) {
        let parts = [
            ("case_no", &self.case),
            ("counterpart", &self.counterpart),
            ("handler", &self.handler),
            ("device", &self.device),
            ("name", &self.name),
        ];
        // Writing to a String cannot fail.
        let (mut sql, mut cells) = (String::new(), Vec::new());
        for (column, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
            let number = first + cells.len();
            // No sign of a pattern has a meaning in what people type.
            let literal = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            write!(sql, " AND receipts.{column} LIKE ${number} ESCAPE '\\'").ok();
            cells.push(Cell::Text(format!("%{literal}%")));
        }
        if !self.activity.is_empty() {
            write!(sql, " AND receipts.activity = ${}", first + cells.len()).ok();
            cells.push(Cell::Text(self.activity.clone()));
        }
        if self.damaged {
            sql.push_str(" AND recordings.damaged_seq >= 0");
        }
        if !self.medium.is_empty() {
            let number = first + cells.len();
            write!(
                sql,
                " AND EXISTS (SELECT 1 FROM examinations WHERE recording = recordings.id \
                 AND task = 'probe' AND medium = ${number})"
            )
            .ok();
            cells.push(Cell::Text(self.medium.clone()));
        }
        for (sign, at) in [(">=", self.received.0), ("<", self.received.1)] {
            let Some(at) = at else { continue };
            write!(sql, " AND receipts.received_ms {sign} ${}", first + cells.len()).ok();
            cells.push(at.as_ms().into());
        }
        (sql, cells)
    }
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Recordings.
    pub recordings: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Receipts of content that was there already.
    pub duplicates: u64,
    /// Events.
    pub events: u64,
    /// Recordings whose SHA-256 and SM3 are still to be taken.
    pub without_digests: u64,
    /// Recordings found damaged and not found whole since.
    pub damaged: u64,
}

impl Catalog {
    /// The recording of that id, if there is one.
    pub async fn recording(&self, id: &ContentId) -> Outcome<Option<RecordingRow>> {
        let sql = recordings_where("recordings.id = $1");
        let found = self.recordings_of(&sql, &[Cell::Text(id.to_string())]).await?;
        Ok(found.into_iter().next())
    }

    /// The one recording whose id begins so.
    pub async fn find_recording(&self, prefix: &str) -> Outcome<RecordingRow> {
        let hex = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
        if prefix.is_empty() || prefix.len() > 64 || !prefix.bytes().all(hex) {
            return Err(Fault::new(Code::ArgumentInvalid).with("argument", prefix));
        }
        let sql = recordings_where("recordings.id >= $1 AND recordings.id < $2");
        // "g" sorts behind every hex digit.
        let range = [Cell::Text(prefix.to_owned()), Cell::Text(format!("{prefix}g"))];
        let mut found = self.recordings_of(&format!("{sql} LIMIT 2"), &range).await?.into_iter();
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            (None, _) => Err(Fault::new(Code::RecordingUnknown).with("id", prefix)),
            (Some(_), Some(_)) => Err(Fault::new(Code::RecordingAmbiguous).with("id", prefix)),
        }
    }

    /// Whether any recording has exactly that many bytes.
    pub async fn sizes_known(&self, bytes: u64) -> Outcome<bool> {
        let sql = "SELECT bytes FROM recordings WHERE bytes = $1 LIMIT 1";
        let found = self.fetch(sql, &[whole(bytes)?.into()], &[Kind::Integer]).await?;
        Ok(!found.is_empty())
    }

    /// One page of a list.
    pub async fn list(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Outcome<Vec<ListedRecording>> {
        let back = matches!(filter, Filter::Labels(wanted) if wanted.newest);
        let start = if back { i64::MAX } else { -1 };
        let after = after.map_or(Ok(start), |cursor| whole(cursor.0))?;
        let columns = listed_columns();
        let mut cells = vec![Cell::from(after), Cell::from(i64::from(limit))];
        let sql = match filter {
            Filter::All => format!(
                "SELECT {columns} FROM recordings \
                 JOIN receipts ON receipts.seq = recordings.accession_seq \
                 WHERE recordings.accession_seq > $1 \
                 ORDER BY recordings.accession_seq LIMIT $2"
            ),
            Filter::Labels(wanted) => {
                let (conditions, values) = wanted.conditions(cells.len() + 1);
                cells.extend(values);
                let (sign, order) = if back { ("<", " DESC") } else { (">", "") };
                // What is damaged is little, and found by an index; else receipts are looked
                // through in their order, and only what is wanted is looked up by its id, which
                // CROSS JOIN keeps SQLite to.
                let tables = if wanted.damaged {
                    "recordings, receipts"
                } else {
                    "receipts CROSS JOIN recordings"
                };
                let place =
                    if wanted.damaged { "recordings.accession_seq" } else { "receipts.seq" };
                format!(
                    "SELECT {columns} FROM {tables} \
                     WHERE recordings.id = receipts.recording \
                     AND recordings.accession_seq = receipts.seq \
                     AND {place} {sign} $1{conditions} ORDER BY {place}{order} LIMIT $2"
                )
            }
            Filter::Case(case_no) => {
                cells.push(case_no.as_str().into());
                format!(
                    "SELECT {columns} FROM receipts \
                     JOIN recordings ON recordings.id = receipts.recording \
                     WHERE receipts.case_no = $3 AND receipts.seq > $1 \
                     AND (receipts.duplicate = 0 OR receipts.case_no <> '') AND NOT EXISTS ( \
                         SELECT 1 FROM receipts AS earlier \
                         WHERE earlier.recording = receipts.recording \
                         AND earlier.seq < receipts.seq AND earlier.case_no = $3) \
                     ORDER BY receipts.seq LIMIT $2"
                )
            }
        };
        self.listed(&sql, &cells).await
    }

    /// Recordings, each with one receipt: the columns of `listed_columns`.
    async fn listed(&self, sql: &str, cells: &[Cell]) -> Outcome<Vec<ListedRecording>> {
        let mut kinds = tables::RECORDINGS.kinds();
        let n_recording = kinds.len();
        kinds.extend(tables::RECEIPTS.kinds());
        kinds.push(Kind::Integer);
        let listed = |mut row: Vec<Cell>| {
            let destroyed = Cells::of(row.pop().into_iter().collect()).integer()?;
            let destroyed_seq = u64::try_from(destroyed).ok();
            let receipt = receipt_of(row.split_off(n_recording))?;
            let cursor = Cursor(receipt.seq);
            Ok(ListedRecording { recording: recording_of(row)?, receipt, destroyed_seq, cursor })
        };
        self.fetch(sql, cells, &kinds).await?.into_iter().map(listed).collect()
    }

    /// Every receipt of a recording, in order.
    pub async fn receipts_of(&self, id: &ContentId) -> Outcome<Vec<ReceiptRow>> {
        let columns = tables::RECEIPTS.names();
        let sql = format!("SELECT {columns} FROM receipts WHERE recording = $1 ORDER BY seq");
        let kinds = tables::RECEIPTS.kinds();
        let found = self.fetch(&sql, &[Cell::Text(id.to_string())], &kinds).await?;
        found.into_iter().map(receipt_of).collect()
    }

    /// Every damage ever found in a recording, in order.
    pub async fn damages_of(&self, id: &ContentId) -> Outcome<Vec<DamageRow>> {
        let sql = "SELECT seq, class, from_byte, to_byte FROM damages WHERE recording = $1 \
             ORDER BY seq, ordinal";
        let kinds = [Kind::Integer, Kind::Text, Kind::Integer, Kind::Integer];
        let found = self.fetch(sql, &[Cell::Text(id.to_string())], &kinds).await?;
        let damage = |row: Vec<Cell>| {
            let mut cells = Cells::of(row);
            Ok(DamageRow {
                seq: cells.count()?,
                class: cells.text()?,
                from: cells.count()?,
                to: cells.count()?,
            })
        };
        found.into_iter().map(damage).collect()
    }

    /// Every event of a subject, first to last, along its back pointers; each link is checked.
    pub async fn events_of(&self, subject: &Subject) -> Outcome<Vec<EventRow>> {
        let mut session = self.database.read().await?;
        let sql = "SELECT seq, leaf_hash FROM subjects WHERE subject = $1";
        let kinds = [Kind::Integer, Kind::Blob];
        let head = session.fetch(sql, &[subject.as_str().into()], &kinds).await?;
        let mut next = match head.into_iter().next() {
            None => None,
            Some(row) => {
                let mut cells = Cells::of(row);
                Some((cells.count()?, cells.hash()?))
            }
        };
        let mut events = Vec::new();
        while let Some((seq, hash)) = next {
            let bad = |what: &str| {
                let fault = Fault::new(Code::CatalogueDisagrees).with("what", what);
                fault.with("seq", seq).with("subject", subject.as_str())
            };
            let row = event_in(&mut session, seq).await?.ok_or_else(|| bad("missing event"))?;
            if row.leaf_hash != hash {
                return Err(bad("link"));
            }
            let event = Event::decode(&row.leaf).map_err(|error| bad("leaf").caused_by(error))?;
            let before = event.subjects.get(subject).ok_or_else(|| bad("subject of an event"))?;
            if before.is_some_and(|before| before.seq >= seq) {
                return Err(bad("link"));
            }
            next = before.map(|before| (before.seq, before.leaf));
            events.push(row);
        }
        events.reverse();
        Ok(events)
    }

    /// Events from that number on, in order.
    pub async fn events_from(&self, seq: u64, limit: u32) -> Outcome<Vec<EventRow>> {
        let sql = "SELECT seq, leaf, leaf_hash, sealed FROM events WHERE seq >= $1 \
             ORDER BY seq LIMIT $2";
        let cells = [whole(seq)?.into(), i64::from(limit).into()];
        self.fetch(sql, &cells, EVENT_KINDS).await?.into_iter().map(event_of).collect()
    }

    /// Events before that number, the newest first.
    pub async fn events_before(&self, seq: u64, limit: u32) -> Outcome<Vec<EventRow>> {
        let sql = "SELECT seq, leaf, leaf_hash, sealed FROM events WHERE seq < $1 \
             ORDER BY seq DESC LIMIT $2";
        let cells = [whole(seq)?.into(), i64::from(limit).into()];
        self.fetch(sql, &cells, EVENT_KINDS).await?.into_iter().map(event_of).collect()
    }

    /// The event of that number.
    pub async fn event(&self, seq: u64) -> Outcome<EventRow> {
        let mut session = self.database.read().await?;
        let unknown = || Fault::new(Code::EventUnknown).with("seq", seq);
        event_in(&mut session, seq).await?.ok_or_else(unknown)
    }

    /// Number and leaf hash of the last event.
    pub async fn head(&self) -> Outcome<Option<(u64, Hash256)>> {
        let sql = "SELECT seq, leaf_hash FROM events ORDER BY seq DESC LIMIT 1";
        let found = self.fetch(sql, &[], &[Kind::Integer, Kind::Blob]).await?;
        let Some(row) = found.into_iter().next() else { return Ok(None) };
        let mut cells = Cells::of(row);
        Ok(Some((cells.count()?, cells.hash()?)))
    }

    /// What the ledger says of the vault itself under that key: `vault`, `format`,
    /// `checkpoint_key`, `created_ms`, `store`, `store_create_only`, `store_object_lock`.
    pub async fn vault_fact(&self, key: &str) -> Outcome<Option<String>> {
        let sql = "SELECT value FROM vault WHERE key = $1";
        let found = self.fetch(sql, &[key.into()], &[Kind::Text]).await?;
        found.into_iter().next().map(|row| Cells::of(row).text()).transpose()
    }

    /// How much there is.
    pub async fn counts(&self) -> Outcome<Counts> {
        let sql = "SELECT (SELECT count(*) FROM recordings), \
             (SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM recordings), \
             (SELECT count(*) FROM receipts WHERE duplicate = 1), \
             (SELECT count(*) FROM events), \
             (SELECT count(*) FROM recordings WHERE digests_seq < 0), \
             (SELECT count(*) FROM recordings WHERE damaged_seq >= 0 AND {kept})";
        let sql = sql.replace("{kept}", KEPT);
        let found = self.fetch(&sql, &[], &[Kind::Integer; 6]).await?;
        let mut cells = Cells::of(found.into_iter().flatten().collect());
        Ok(Counts {
            recordings: cells.count()?,
            bytes: cells.count()?,
            duplicates: cells.count()?,
            events: cells.count()?,
            without_digests: cells.count()?,
            damaged: cells.count()?,
        })
    }

    /// Recordings whose SHA-256 and SM3 are still to be taken, the oldest first.
    pub async fn recordings_without_digests(&self, limit: u32) -> Outcome<Vec<RecordingRow>> {
        let sql = recordings_where(&format!(
            "digests_seq < 0 AND {KEPT} ORDER BY accession_seq LIMIT $1"
        ));
        self.recordings_of(&sql, &[i64::from(limit).into()]).await
    }

    /// Recordings found damaged and not found whole since, in the order of accession.
    pub async fn recordings_damaged(&self, limit: u32) -> Outcome<Vec<RecordingRow>> {
        let sql = recordings_where(&format!(
            "damaged_seq >= 0 AND {KEPT} ORDER BY accession_seq LIMIT $1"
        ));
        self.recordings_of(&sql, &[i64::from(limit).into()]).await
    }

    /// Recordings last examined before that time, the longest waiting first.
    pub async fn fixity_due(&self, before: UtcTime, limit: u32) -> Outcome<Vec<RecordingRow>> {
        let sql = recordings_where(&format!(
            "examined_ms < $1 AND {KEPT} AND NOT EXISTS (SELECT 1 FROM cold \
             WHERE cold.recording = recordings.id) ORDER BY examined_ms, id LIMIT $2"
        ));
        self.recordings_of(&sql, &[before.as_ms().into(), i64::from(limit).into()]).await
    }

    async fn recordings_of(&self, sql: &str, cells: &[Cell]) -> Outcome<Vec<RecordingRow>> {
        let found = self.fetch(sql, cells, &tables::RECORDINGS.kinds()).await?;
        found.into_iter().map(recording_of).collect()
    }

    async fn fetch(&self, sql: &str, cells: &[Cell], kinds: &[Kind]) -> Outcome<Vec<Vec<Cell>>> {
        self.database.fetch(sql, cells, kinds).await
    }
}

const EVENT_KINDS: &[Kind] = &[Kind::Integer, Kind::Blob, Kind::Blob, Kind::Blob];

async fn event_in(session: &mut Session, seq: u64) -> Outcome<Option<EventRow>> {
    let sql = "SELECT seq, leaf, leaf_hash, sealed FROM events WHERE seq = $1";
    let found = session.fetch(sql, &[whole(seq)?.into()], EVENT_KINDS).await?;
    found.into_iter().next().map(event_of).transpose()
}

fn recordings_where(condition: &str) -> String {
    let columns = qualified(&tables::RECORDINGS);
    format!("SELECT {columns} FROM recordings WHERE {condition}")
}

fn qualified(table: &tables::Table) -> String {
    let names = table.columns.iter().map(|(name, _)| format!("{}.{name}", table.name));
    names.collect::<Vec<_>>().join(", ")
}

fn whole(count: u64) -> Outcome<i64> {
    let beyond = |error| Fault::new(Code::ArgumentInvalid).with("argument", count).caused_by(error);
    i64::try_from(count).map_err(beyond)
}

/// The values of a row, taken one by one in the order of its columns.
pub(crate) struct Cells(std::vec::IntoIter<Cell>);

impl Cells {
    pub(crate) fn of(row: Vec<Cell>) -> Self {
        Self(row.into_iter())
    }

    pub(crate) fn integer(&mut self) -> Outcome<i64> {
        match self.0.next() {
            Some(Cell::Integer(number)) => Ok(number),
            _ => Err(wrong("a number")),
        }
    }

    pub(crate) fn count(&mut self) -> Outcome<u64> {
        u64::try_from(self.integer()?).map_err(|_| wrong("a count"))
    }

    pub(crate) fn text(&mut self) -> Outcome<String> {
        match self.0.next() {
            Some(Cell::Text(text)) => Ok(text),
            _ => Err(wrong("a text")),
        }
    }

    pub(crate) fn record(&mut self) -> Outcome<RecordId> {
        self.text()?.parse().map_err(|_| wrong("a record id"))
    }

    pub(crate) fn id(&mut self) -> Outcome<ContentId> {
        self.text()?.parse().map_err(|_| wrong("an id"))
    }

    fn time(&mut self) -> Outcome<UtcTime> {
        self.integer().map(UtcTime::from_ms)
    }

    /// A time that may not have come yet.
    fn past(&mut self) -> Outcome<Option<UtcTime>> {
        Ok(Some(self.integer()?).filter(|ms| *ms >= 0).map(UtcTime::from_ms))
    }

    fn blob(&mut self) -> Outcome<Vec<u8>> {
        match self.0.next() {
            Some(Cell::Blob(bytes)) => Ok(bytes),
            _ => Err(wrong("bytes")),
        }
    }

    fn hash(&mut self) -> Outcome<Hash256> {
        let bytes = self.blob()?;
        let bytes = bytes.as_slice().try_into().map_err(|_| wrong("a hash"))?;
        Ok(Hash256::from_bytes(bytes))
    }
}

fn wrong(what: &str) -> Fault {
    Fault::new(Code::CatalogueDamaged).with("what", what)
}

fn event_of(row: Vec<Cell>) -> Outcome<EventRow> {
    let mut cells = Cells::of(row);
    Ok(EventRow {
        seq: cells.count()?,
        leaf: cells.blob()?,
        leaf_hash: cells.hash()?,
        sealed: cells.blob()?,
    })
}

/// The columns of a recording, of a receipt, and whether it was destroyed, in this order.
pub(super) fn listed_columns() -> String {
    format!(
        "{}, {}, COALESCE((SELECT destroyed.seq FROM destroyed \
         WHERE destroyed.recording = recordings.id), -1)",
        qualified(&tables::RECORDINGS),
        qualified(&tables::RECEIPTS)
    )
}

fn recording_of(row: Vec<Cell>) -> Outcome<RecordingRow> {
    let mut cells = Cells::of(row);
    let (id, bytes, manifest) = (cells.id()?, cells.count()?, cells.id()?);
    let (accession_seq, accessioned_at) = (cells.count()?, cells.time()?);
    let (activity, secrecy) = (cells.text()?, cells.text()?);
    let (sha256, sm3, digests_seq) = (cells.text()?, cells.text()?, cells.integer()?);
    Ok(RecordingRow {
        id,
        bytes,
        manifest,
        accession_seq,
        accessioned_at,
        activity,
        secrecy,
        digests: (digests_seq >= 0).then_some((sha256, sm3)),
        checked_at: cells.past()?,
        checked_keyless_at: cells.past()?,
        examined_at: cells.time()?,
        damaged_seq: u64::try_from(cells.integer()?).ok(),
    })
}

fn receipt_of(row: Vec<Cell>) -> Outcome<ReceiptRow> {
    let mut cells = Cells::of(row);
    Ok(ReceiptRow {
        seq: cells.count()?,
        recording: cells.id()?,
        duplicate: cells.integer()? != 0,
        received_at: cells.time()?,
        name: cells.text()?,
        name_bytes: cells.blob()?,
        source_modified_at: cells.time()?,
        case_no: cells.text()?,
        counterpart: cells.text()?,
        handler: cells.text()?,
        activity: cells.text()?,
        device: cells.text()?,
        maker: cells.text()?,
        method: cells.text()?,
        proves: cells.text()?,
        person: cells.text()?,
        secrecy: cells.text()?,
        declared_at: cells.past()?,
        clock_offset_ms: cells.integer()?,
    })
}

impl RecordingRow {
    /// What verification compares with.
    pub(crate) fn expected(&self) -> crate::store::check::Expected {
        let subject = Subject::recording(&self.id);
        let (id, bytes, manifest) = (self.id, self.bytes, self.manifest);
        crate::store::check::Expected { id, bytes, manifest, subject }
    }
}
