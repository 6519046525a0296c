//! What the vault holds, as lists show it: a recording with the labels it came with.

use crate::catalog::{
    Catalog, Cursor, EventRow, Filter, ListedRecording, ReceiptRow, RecordingRow, Wanted,
};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use vault_proof::{ContentId, Event, Subject};

/// A recording and one of its receipts: in a list by case, that of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Its content id.
    pub recording: ContentId,
    /// Its length.
    pub bytes: u64,
    /// Name of the source.
    pub name: String,
    /// 案号.
    pub case: String,
    /// 行政相对人.
    pub counterpart: String,
    /// 承办人.
    pub handler: String,
    /// The activity it records.
    pub activity: String,
    /// The recorder.
    pub device: String,
    /// 制作人.
    pub maker: String,
    /// 制作方法.
    pub method: String,
    /// 证明对象.
    pub proves: String,
    /// Its secrecy.
    pub secrecy: String,
    /// The event that took it in; the key of lists.
    pub accession_seq: u64,
    /// When it was received.
    pub received_at: UtcTime,
    /// When it was last found whole with keys.
    pub checked_at: Option<UtcTime>,
    /// The event that found it damaged, until a later check finds it whole.
    pub damaged_seq: Option<u64>,
    /// The event that its destruction began with; of one that is kept, none.
    pub destroyed_seq: Option<u64>,
    /// SHA-256, once taken.
    pub sha256: Option<String>,
    /// SM3, once taken.
    pub sm3: Option<String>,
}

impl Holding {
    fn listed(row: ListedRecording) -> Self {
        Self::of(row.recording, row.receipt, row.destroyed_seq)
    }

    fn of(row: RecordingRow, receipt: ReceiptRow, destroyed_seq: Option<u64>) -> Self {
        let (sha256, sm3) = row.digests.unzip();
        Self {
            recording: row.id,
            bytes: row.bytes,
            name: receipt.name,
            case: receipt.case_no,
            counterpart: receipt.counterpart,
            handler: receipt.handler,
            activity: receipt.activity,
            device: receipt.device,
            maker: receipt.maker,
            method: receipt.method,
            proves: receipt.proves,
            secrecy: receipt.secrecy,
            accession_seq: row.accession_seq,
            received_at: receipt.received_at,
            checked_at: row.checked_at,
            damaged_seq: row.damaged_seq,
            destroyed_seq,
            sha256,
            sm3,
        }
    }
}

/// How the whole stands, for a board and for counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldingsState {
    /// Recordings.
    pub recordings: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Receipts of content that was here already.
    pub duplicates: u64,
    /// Events in the ledger.
    pub events: u64,
    /// Recordings whose SHA-256 and SM3 are still to be taken.
    pub without_digests: u64,
    /// Recordings found damaged and not found whole since.
    pub damaged: u64,
    /// When the recording that waits longest for its next check was read last.
    pub oldest_check: Option<UtcTime>,
    /// How long ago that was, in seconds.
    pub oldest_check_seconds: u64,
}

/// The catalogue, for reading.
#[derive(Debug, Clone, Copy)]
pub struct Holdings<'a> {
    catalog: &'a Catalog,
}

impl<'a> Holdings<'a> {
    pub(crate) const fn new(catalog: &'a Catalog) -> Self {
        Self { catalog }
    }

    /// A page of a list, and where the next one begins.
    pub async fn list(
        &self,
        case: Option<&str>,
        after: Option<Cursor>,
        rows_max: u32,
    ) -> Outcome<(Vec<Holding>, Option<Cursor>)> {
        let filter = case.map_or(Filter::All, |case| Filter::Case(case.to_owned()));
        self.filtered(&filter, after, rows_max).await
    }

    /// A page of the recordings that bear these labels, in the order in which they came.
    pub async fn find_by(
        &self,
        wanted: Wanted,
        after: Option<Cursor>,
        rows_max: u32,
    ) -> Outcome<(Vec<Holding>, Option<Cursor>)> {
        self.filtered(&Filter::Labels(wanted), after, rows_max).await
    }

    async fn filtered(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        rows_max: u32,
    ) -> Outcome<(Vec<Holding>, Option<Cursor>)> {
        let rows = self.catalog.list(filter, after, rows_max).await?;
        let next = rows.last().map(|row| row.cursor);
        Ok((rows.into_iter().map(Holding::listed).collect(), next))
    }

    /// A page of the recordings with sound whose text nobody checked (R09).
    pub async fn without_checked_text(
        &self,
        after: Option<Cursor>,
        rows_max: u32,
    ) -> Outcome<(Vec<Holding>, Option<Cursor>)> {
        let after = after.map(Cursor::as_u64);
        let rows = self.catalog.without_checked_text(after, rows_max).await?;
        let next = rows.last().map(|row| row.cursor);
        Ok((rows.into_iter().map(Holding::listed).collect(), next))
    }

    /// How the whole stands.
    pub async fn state(&self) -> Outcome<HoldingsState> {
        let counts = self.catalog.counts().await?;
        let now = crate::clock::Clock::system().now();
        let later = now.plus_ms(1_000);
        let oldest = self.catalog.fixity_due(later, 1).await?;
        let oldest_check = oldest.first().map(|row| row.examined_at);
        let ago = oldest_check.map_or(0, |at| (now.as_ms() - at.as_ms()).max(0) / 1_000);
        Ok(HoldingsState {
            recordings: counts.recordings,
            bytes: counts.bytes,
            duplicates: counts.duplicates,
            events: counts.events,
            without_digests: counts.without_digests,
            damaged: counts.damaged,
            oldest_check,
            oldest_check_seconds: u64::try_from(ago).unwrap_or(0),
        })
    }

    /// The recordings that were found damaged and not found whole since, a thousand at most.
    pub async fn damaged(&self) -> Outcome<Vec<Holding>> {
        let mut damaged = Vec::new();
        for row in self.catalog.recordings_damaged(1_000).await? {
            damaged.push(self.recording(&row.id).await?);
        }
        Ok(damaged)
    }

    /// One recording, with its first receipt.
    pub async fn recording(&self, id: &ContentId) -> Outcome<Holding> {
        let unknown = || Fault::new(Code::RecordingUnknown).with("id", id);
        let row = self.catalog.recording(id).await?.ok_or_else(unknown)?;
        let receipts = self.catalog.receipts_of(id).await?;
        let receipt = receipts.into_iter().next().ok_or_else(unknown)?;
        Ok(Holding::of(row, receipt, self.catalog.destroyed(id).await?))
    }

    /// A page of events, of one recording or of all.
    pub async fn events(
        &self,
        recording: Option<&ContentId>,
        after_seq: Option<u64>,
        rows_max: u32,
    ) -> Outcome<Vec<Event>> {
        let from = after_seq.map_or(0, |seq| seq + 1);
        let rows: Vec<EventRow> = match recording {
            None => self.catalog.events_from(from, rows_max).await?,
            Some(id) => {
                let rows = self.catalog.events_of(&Subject::recording(id)).await?;
                let count = usize::try_from(rows_max).unwrap_or(usize::MAX);
                rows.into_iter().filter(|row| row.seq >= from).take(count).collect()
            }
        };
        decoded(&rows)
    }

    /// A page of all events, the newest first; before that number, or from the end.
    pub async fn events_back(&self, before: Option<u64>, rows_max: u32) -> Outcome<Vec<Event>> {
        let end = i64::MAX.unsigned_abs();
        let rows = self.catalog.events_before(before.unwrap_or(end), rows_max).await?;
        decoded(&rows)
    }
}

fn decoded(rows: &[EventRow]) -> Outcome<Vec<Event>> {
    let damaged = |seq| {
        let fault = Fault::new(Code::LedgerDamaged).with("what", "catalogue row");
        fault.with("seq", seq)
    };
    let decode = |row: &EventRow| {
        Event::decode(&row.leaf).map_err(|error| damaged(row.seq).caused_by(error))
    };
    rows.iter().map(decode).collect()
}
