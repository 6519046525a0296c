//! The log: every event with its sealed payload, appended and synced before it is acknowledged.
//!
//! Segments of 16,384 entries; each record carries a check chained over its segment. A torn last
//! record is an append that was interrupted before it was acknowledged, and is cut off; anything
//! else that does not hold is damage and is named by its index.

use super::damaged;
use crate::fault::{Code, Fault, Outcome};
use crate::store::durable::{self, FileLock};
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use vault_proof::event::LEAF_BYTES_MAX;

const MAGIC: &[u8; 8] = b"EVLOG001";
const SEGMENT_ENTRIES: u64 = 16_384;
const HEADER_BYTES: usize = 16;
const FRONT_BYTES: usize = 16;
const CHECK_BYTES: usize = 16;

/// Ending of segments that were damaged and set aside.
const SET_ASIDE: &str = "set-aside";

/// The longest sealed payload: names and reasons, with room.
const SEALED_BYTES_MAX: usize = 1 << 20;

/// One event as it is kept outside the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogEntry {
    pub(crate) seq: u64,
    pub(crate) leaf: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
}

type Check = [u8; CHECK_BYTES];

/// Where the next record goes.
#[derive(Debug, Clone, Copy)]
struct Tail {
    segment: u64,
    next: u64,
    length: u64,
    check: Check,
}

/// The log of one process.
#[derive(Debug)]
pub(super) struct Log {
    directory: PathBuf,
    tail: Option<Tail>,
    poisoned: bool,
}

fn segment_path(directory: &Path, first: u64) -> PathBuf {
    directory.join(segment_name(first))
}

fn header(first: u64) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..8].copy_from_slice(MAGIC);
    header[8..].copy_from_slice(&first.to_le_bytes());
    header
}

fn first_check(first: u64) -> Check {
    shorten(blake3::hash(&header(first)))
}

fn shorten(hash: blake3::Hash) -> Check {
    let mut check = [0; CHECK_BYTES];
    check.copy_from_slice(&hash.as_bytes()[..CHECK_BYTES]);
    check
}

fn record(entry: &LogEntry, before: &Check) -> Outcome<(Vec<u8>, Check)> {
    let length =
        |bytes: &[u8]| u32::try_from(bytes.len()).map_err(|_| damaged("log record", entry.seq));
    let mut bytes = Vec::with_capacity(FRONT_BYTES + entry.leaf.len() + entry.sealed.len() + 16);
    bytes.extend_from_slice(&entry.seq.to_le_bytes());
    bytes.extend_from_slice(&length(&entry.leaf)?.to_le_bytes());
    bytes.extend_from_slice(&length(&entry.sealed)?.to_le_bytes());
    bytes.extend_from_slice(&entry.leaf);
    bytes.extend_from_slice(&entry.sealed);
    let check = shorten(blake3::Hasher::new().update(before).update(&bytes).finalize());
    bytes.extend_from_slice(&check);
    Ok((bytes, check))
}

impl Log {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { directory, tail: None, poisoned: false }
    }

    /// How many events the log holds now.
    pub(super) fn size(&mut self) -> Outcome<u64> {
        Ok(self.find_tail()?.next)
    }

    /// The tail, found anew unless nothing was appended since it was known.
    fn find_tail(&mut self) -> Outcome<Tail> {
        if let Some(tail) = self.tail {
            let path = segment_path(&self.directory, tail.segment);
            let next = segment_path(&self.directory, tail.segment + SEGMENT_ENTRIES);
            let length = std::fs::metadata(&path).map_or(0, |found| found.len());
            if length == tail.length && !next.exists() {
                return Ok(tail);
            }
        }
        let mut first = 0;
        while segment_path(&self.directory, first + SEGMENT_ENTRIES).exists() {
            first += SEGMENT_ENTRIES;
        }
        let mut tail = Tail { segment: first, next: first, length: 0, check: first_check(first) };
        let path = segment_path(&self.directory, first);
        if length_of(&path) >= HEADER_BYTES as u64 {
            let mut reader = SegmentReader::open(&path, first)?;
            tail.length = HEADER_BYTES as u64;
            while let Some(entry) = reader.next_entry()? {
                tail.next = entry.seq + 1;
                tail.length = reader.at;
                tail.check = reader.check;
            }
        }
        self.tail = Some(tail);
        Ok(tail)
    }

    /// Appends what is missing, durably. Entries that are there already are passed over; a gap is
    /// refused.
    pub(super) fn append(&mut self, lock: &Path, entries: &[LogEntry]) -> Outcome<()> {
        if self.poisoned {
            return Err(Fault::new(Code::MediumFailed).with("path", self.directory.display()));
        }
        durable::make_directory(&self.directory)?;
        let _lock = FileLock::wait(lock)?;
        let mut tail = self.find_tail()?;
        let missing: Vec<&LogEntry> =
            entries.iter().filter(|entry| entry.seq >= tail.next).collect();
        for part in
            missing.chunk_by(|one, other| one.seq / SEGMENT_ENTRIES == other.seq / SEGMENT_ENTRIES)
        {
            let written = self.append_part(&mut tail, part);
            if written.is_err() {
                self.poisoned = true;
                self.tail = None;
            }
            written?;
        }
        self.tail = Some(tail);
        Ok(())
    }

    fn append_part(&self, tail: &mut Tail, part: &[&LogEntry]) -> Outcome<()> {
        let Some(first) = part.first() else { return Ok(()) };
        if first.seq != tail.next {
            return Err(damaged("log gap", tail.next));
        }
        let mut bytes = Vec::new();
        let segment = first.seq / SEGMENT_ENTRIES * SEGMENT_ENTRIES;
        let fresh = segment != tail.segment || tail.length == 0;
        if fresh {
            *tail = Tail { segment, next: segment, length: 0, check: first_check(segment) };
            bytes.extend_from_slice(&header(segment));
        }
        for entry in part {
            let (record, check) = record(entry, &tail.check)?;
            bytes.extend_from_slice(&record);
            tail.check = check;
            tail.next = entry.seq + 1;
        }
        let path = segment_path(&self.directory, segment);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| Fault::from_file(error, &path))?;
        Self::keep_what_is_not_torn(&path, tail.length, &bytes)?;
        file.set_len(tail.length).map_err(|error| Fault::from_file(error, &path))?;
        file.write_all_at(&bytes, tail.length).map_err(|error| Fault::from_file(error, &path))?;
        make_durable(&file, &path, fresh.then_some(&self.directory))?;
        tail.length += bytes.len() as u64;
        Ok(())
    }
}

impl Log {
    /// What stands behind the last whole record should be the rest of an interrupted append: the
    /// beginning of these very bytes, or nothing but zeros. Anything else is damage; the segment
    /// is copied aside before it is overwritten, and verification speaks of it until a person has
    /// looked.
    fn keep_what_is_not_torn(path: &Path, from: u64, bytes: &[u8]) -> Outcome<()> {
        let whole = std::fs::read(path).map_err(|error| Fault::from_file(error, path))?;
        let from = usize::try_from(from).map_err(|_| damaged("log record", 0))?;
        let Some(rest) = whole.get(from..).filter(|rest| !rest.is_empty()) else { return Ok(()) };
        let torn = rest.iter().zip(bytes).all(|(one, other)| one == other)
            || rest.iter().all(|byte| *byte == 0);
        if torn {
            return Ok(());
        }
        copy_aside(path, &whole)
    }

    /// Keeps the last segment as it is found, for a log that has lost events.
    pub(super) fn set_aside(&mut self, lock: &Path) -> Outcome<()> {
        durable::make_directory(&self.directory)?;
        let _lock = FileLock::wait(lock)?;
        let tail = self.find_tail()?;
        let path = segment_path(&self.directory, tail.segment);
        match std::fs::read(&path) {
            Ok(whole) => copy_aside(&path, &whole),
            // A segment that is gone leaves an empty mark: it, too, must be looked at.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => copy_aside(&path, &[]),
            Err(error) => Err(Fault::from_file(error, &path)),
        }
    }

    /// Number of the event where bytes stand that are no whole record; `None` if none do. Only
    /// for one who holds the lock: an append under way is no damage.
    pub(super) fn rest(&mut self) -> Outcome<Option<u64>> {
        let tail = self.find_tail()?;
        let length = length_of(&segment_path(&self.directory, tail.segment));
        Ok((length > tail.length).then_some(tail.next))
    }
}

fn make_durable(file: &File, path: &Path, fresh_in: Option<&PathBuf>) -> Outcome<()> {
    fail::fail_point!("log-sync-left-out", |_| Ok(()));
    file.sync_data().map_err(|error| Fault::from_file(error, path))?;
    fresh_in.map_or(Ok(()), |directory| durable::sync_directory(directory))
}

/// Copies a segment beside itself, under the digest of what it holds.
fn copy_aside(path: &Path, whole: &[u8]) -> Outcome<()> {
    let digest = blake3::hash(whole).to_hex();
    let aside = path.with_extension(format!("{SET_ASIDE}-{}", &digest[..16]));
    tracing::warn!(path = %aside.display(), "a damaged segment of the log was set aside");
    durable::write_file(&aside, whole, durable::WRITTEN_ONCE)
}

/// Fails if a damaged segment was set aside and nobody has looked at it and taken it away.
pub(super) fn refuse_set_aside(directory: &Path) -> Outcome<()> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.contains(SET_ASIDE) {
            let first = name.split('.').next().and_then(|first| first.parse().ok()).unwrap_or(0);
            return Err(damaged("log record set aside", first).with("path", entry.path().display()));
        }
    }
    Ok(())
}

fn length_of(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |found| found.len())
}

/// Reads one segment record by record.
struct SegmentReader {
    file: BufReader<File>,
    at: u64,
    length: u64,
    next: u64,
    check: Check,
}

impl SegmentReader {
    fn open(path: &Path, first: u64) -> Outcome<Self> {
        let file = File::open(path).map_err(|error| Fault::from_file(error, path))?;
        let length = file.metadata().map_err(|error| Fault::from_file(error, path))?.len();
        let mut file = BufReader::with_capacity(1 << 20, file);
        let mut found = [0; HEADER_BYTES];
        file.read_exact(&mut found).map_err(|_| damaged("log header", first))?;
        if found != header(first) {
            return Err(damaged("log header", first));
        }
        let check = first_check(first);
        Ok(Self { file, at: HEADER_BYTES as u64, length, next: first, check })
    }

    /// The next whole record; `None` at the end, which includes a torn last record.
    fn next_entry(&mut self) -> Outcome<Option<LogEntry>> {
        let bad = |seq| damaged("log record", seq);
        if self.length - self.at < (FRONT_BYTES + CHECK_BYTES) as u64 {
            return Ok(None);
        }
        let mut front = [0; FRONT_BYTES];
        self.file.read_exact(&mut front).map_err(|_| bad(self.next))?;
        let word = |at: usize| {
            u32::from_le_bytes([front[at], front[at + 1], front[at + 2], front[at + 3]])
        };
        let (leaf, sealed) = (word(8) as usize, word(12) as usize);
        let body = leaf + sealed + CHECK_BYTES;
        if leaf > LEAF_BYTES_MAX || sealed > SEALED_BYTES_MAX {
            return Err(bad(self.next));
        }
        if self.length - self.at < (FRONT_BYTES + body) as u64 {
            return Ok(None);
        }
        let mut bytes = vec![0; body];
        self.file.read_exact(&mut bytes).map_err(|_| bad(self.next))?;
        let (content, found) = bytes.split_at(leaf + sealed);
        let check = shorten(
            blake3::Hasher::new().update(&self.check).update(&front).update(content).finalize(),
        );
        let seq = u64::from_le_bytes(front[..8].try_into().map_err(|_| bad(self.next))?);
        if check != found || seq != self.next {
            return Err(bad(self.next));
        }
        self.check = check;
        self.at += (FRONT_BYTES + body) as u64;
        self.next += 1;
        Ok(Some(LogEntry { seq, leaf: content[..leaf].to_vec(), sealed: content[leaf..].to_vec() }))
    }
}

/// Takes a segment by its beginning (`None`), then its bytes.
pub(super) type Segmentwise<'a, Name> = dyn FnMut(Name, Option<&[u8]>) -> Outcome<()> + 'a;

/// Hands out the bytes of a log that holds the first `size` events and no more, segment by
/// segment, each by the number of its first event; every record is checked on the way.
pub(super) fn copy_first(
    directory: &Path,
    size: u64,
    each: &mut Segmentwise<'_, u64>,
) -> Outcome<()> {
    let mut check = first_check(0);
    let mut next = 0;
    for entry in read_all(directory).take(usize::try_from(size).unwrap_or(usize::MAX)) {
        let entry = entry?;
        let segment = entry.seq / SEGMENT_ENTRIES * SEGMENT_ENTRIES;
        if entry.seq == segment {
            each(segment, None)?;
            each(segment, Some(&header(segment)))?;
            check = first_check(segment);
        }
        let (bytes, after) = record(&entry, &check)?;
        each(segment, Some(&bytes))?;
        (check, next) = (after, entry.seq + 1);
    }
    if next == size { Ok(()) } else { Err(damaged("log record", next)) }
}

/// The name of a segment's file.
pub(super) fn segment_name(first: u64) -> String {
    format!("{first:020}.log")
}

/// Every entry of the log, in order; a fault ends it.
pub(super) fn read_all(directory: &Path) -> impl Iterator<Item = Outcome<LogEntry>> + Send + use<> {
    read_from(directory, 0)
}

/// The entries from a number on; whole segments before it are passed over.
pub(super) fn read_from(
    directory: &Path,
    from: u64,
) -> impl Iterator<Item = Outcome<LogEntry>> + Send + use<> {
    let mut segments = Segments {
        directory: directory.to_owned(),
        reader: None,
        next: from / SEGMENT_ENTRIES * SEGMENT_ENTRIES,
    };
    let mut ended = false;
    let all = std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let entry = segments.next_entry().transpose();
        ended = !matches!(entry, Some(Ok(_)));
        entry
    });
    all.skip_while(move |entry| matches!(entry, Ok(entry) if entry.seq < from))
}

/// Reads segment after segment.
struct Segments {
    directory: PathBuf,
    reader: Option<SegmentReader>,
    next: u64,
}

impl Segments {
    fn next_entry(&mut self) -> Outcome<Option<LogEntry>> {
        loop {
            if self.reader.is_none() {
                let path = segment_path(&self.directory, self.next);
                // A last segment without its header is an append that was interrupted at once.
                if length_of(&path) < HEADER_BYTES as u64 {
                    return Ok(None);
                }
                self.reader = Some(SegmentReader::open(&path, self.next)?);
            }
            let entry = match &mut self.reader {
                Some(reader) => reader.next_entry()?,
                None => None,
            };
            if let Some(entry) = entry {
                self.next = entry.seq + 1;
                return Ok(Some(entry));
            }
            let later = self.next / SEGMENT_ENTRIES * SEGMENT_ENTRIES + SEGMENT_ENTRIES;
            if !self.next.is_multiple_of(SEGMENT_ENTRIES)
                && segment_path(&self.directory, later).exists()
            {
                return Err(damaged("log record", self.next));
            }
            // A full segment is followed by the next; a segment that ends early is the last.
            if self.next == 0 || !self.next.is_multiple_of(SEGMENT_ENTRIES) {
                return Ok(None);
            }
            self.reader = None;
        }
    }
}
