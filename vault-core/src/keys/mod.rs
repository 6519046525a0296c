//! The key store: every object's and every payload's own key, wrapped by the vault key.
//!
//! Format in `docs/formats/keys.md`. Promises: a key that was issued lies durable in every copy
//! before anything that needs it is committed; a wrong vault key is told from a damaged copy; a
//! damaged record in one copy is read from another and named. Keys never leave this layer but
//! inside the store and the payloads.

mod payload;
mod record;
mod vault_key;

pub(crate) use payload::{open_payload, ready, seal_payload};
pub(crate) use record::Purpose;
pub(crate) use vault_key::VaultKey;

use crate::fault::{Code, Fault, Outcome};
use crate::store::cipher::SecretKey;
use crate::store::durable::{self, FileLock};
use record::{RECORD_BYTES, Record};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Keys of one append at most: an object and a payload for each recording of a commit.
const APPEND_MAX: u64 = 2 * crate::limits::COMMIT_BATCH_MAX as u64;

/// Records in one segment file.
const SEGMENT_RECORDS: u64 = 65_536;

/// A key to be kept, and what it is for.
pub(crate) struct NewKey {
    pub(crate) purpose: Purpose,
    /// Data name of the object, or commitment of the payload.
    pub(crate) owner: [u8; 32],
    pub(crate) key: SecretKey,
}

/// One record that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyDamage {
    /// Directory of the copy.
    pub copy: PathBuf,
    /// Slot of the record, or the first missing one.
    pub slot: u64,
    /// Whether another copy still holds a good record.
    pub mendable: bool,
}

/// The copies of the key store, opened with their vault key.
#[derive(Debug)]
pub(crate) struct KeyStore {
    copies: Vec<PathBuf>,
    wrap_key: SecretKey,
}

impl KeyStore {
    /// Makes empty copies in these directories, each with its test record.
    pub(crate) fn create(copies: Vec<PathBuf>, vault_key: &VaultKey) -> Outcome<Self> {
        for copy in &copies {
            durable::make_directory(copy)?;
        }
        let store = Self { copies, wrap_key: vault_key.wrap_key() };
        let test = NewKey { purpose: Purpose::Object, owner: [0; 32], key: SecretKey::random()? };
        store.issue(&[test])?;
        Ok(store)
    }

    /// Opens the copies; refuses a vault key that is not theirs.
    pub(crate) fn open(copies: Vec<PathBuf>, vault_key: &VaultKey) -> Outcome<Self> {
        let store = Self { copies, wrap_key: vault_key.wrap_key() };
        store.test()?;
        store.level()?;
        Ok(store)
    }

    /// Unwraps the test record of at least one copy.
    fn test(&self) -> Outcome<()> {
        let mut wrong = false;
        for copy in &self.copies {
            match read_record(copy, 0) {
                Ok(Some(record)) if record.unwrap(&self.wrap_key).is_some() => return Ok(()),
                Ok(Some(_)) => wrong = true,
                Ok(None) | Err(_) => {}
            }
        }
        let code = if wrong { Code::VaultKeyWrong } else { Code::KeyCopyDamaged };
        let copies: Vec<String> = self.copies.iter().map(|c| c.display().to_string()).collect();
        Err(Fault::new(code).with("path", copies.join(", ")))
    }

    /// Brings up a copy that lacks the end of the last append, as a kill between two copies leaves
    /// it. A copy that lacks more than one append is damaged; verification names it.
    fn level(&self) -> Outcome<()> {
        let counts = || self.copies.iter().map(|copy| count(copy)).collect::<Outcome<Vec<_>>>();
        let uneven = |counts: &[u64]| {
            let most = counts.iter().max().copied().unwrap_or(0);
            let least = counts.iter().min().copied().unwrap_or(0);
            (most - least > 0 && most - least <= APPEND_MAX).then_some(most)
        };
        let Ok(before) = counts() else { return Ok(()) };
        if uneven(&before).is_none() {
            return Ok(());
        }
        let _lock = FileLock::wait(&self.copies[0].join("lock"))?;
        let now = counts()?;
        let Some(most) = uneven(&now) else { return Ok(()) };
        for (copy, &have) in self.copies.iter().zip(&now) {
            if have < most {
                tracing::warn!(copy = %copy.display(), have, most, "a key copy is brought up");
            }
            self.bring_up(copy, have, most)?;
        }
        Ok(())
    }

    /// Keeps keys, durably, in every copy; gives their slots, in order.
    pub(crate) fn issue(&self, keys: &[NewKey]) -> Outcome<Vec<u64>> {
        let _lock = FileLock::wait(&self.copies[0].join("lock"))?;
        let counts = self.copies.iter().map(|copy| count(copy)).collect::<Outcome<Vec<_>>>()?;
        let first = counts.iter().copied().max().unwrap_or(0);
        for (copy, &have) in self.copies.iter().zip(&counts) {
            self.bring_up(copy, have, first)?;
        }
        let records = keys
            .iter()
            .zip(first..)
            .map(|(new, slot)| Record::wrap(slot, new, &self.wrap_key))
            .collect::<Outcome<Vec<_>>>()?;
        for copy in &self.copies {
            append(copy, first, &records)?;
        }
        fail::fail_point!("keys-issued", |_| std::process::abort());
        Ok((first..first + keys.len() as u64).collect())
    }

    /// The key in a slot, from the first copy that holds it whole.
    pub(crate) fn key(&self, slot: u64, owner: &[u8; 32]) -> Outcome<SecretKey> {
        let lost = || Fault::new(Code::KeyLost).with("slot", slot);
        for copy in &self.copies {
            let Ok(Some(record)) = read_record(copy, slot) else { continue };
            if &record.owner != owner {
                continue;
            }
            if let Some(key) = record.unwrap(&self.wrap_key) {
                return Ok(key);
            }
        }
        Err(lost())
    }

    /// Destroys the key in a slot, durably, in every copy; what it opened can never be opened
    /// again. Only a disposal may. Doing it twice is doing it once.
    pub(crate) fn shred(&self, slot: u64, owner: &[u8; 32]) -> Outcome<()> {
        let _lock = FileLock::wait(&self.copies[0].join("lock"))?;
        for copy in &self.copies {
            match read_record(copy, slot)? {
                Some(record) if record.is_void() => continue,
                Some(record) if &record.owner == owner => {}
                _ => return Err(Fault::new(Code::KeyLost).with("slot", slot)),
            }
            overwrite(copy, slot, &Record::void(slot))?;
        }
        Ok(())
    }

    /// Copies records `have..until` from another copy that holds them whole.
    fn bring_up(&self, copy: &Path, have: u64, until: u64) -> Outcome<()> {
        // A slot that no copy holds whole is the rest of an interrupted append; nothing refers to
        // it, and an empty record keeps the numbering.
        let record = |slot| self.good_record(slot).unwrap_or_else(|| Record::void(slot));
        let records: Vec<Record> = (have..until).map(record).collect();
        append(copy, have, &records)
    }

    /// How many keys there are, destroyed ones among them.
    pub(crate) fn slots(&self) -> Outcome<u64> {
        let counts = self.copies.iter().map(|copy| count(copy)).collect::<Outcome<Vec<_>>>()?;
        Ok(counts.into_iter().max().unwrap_or(0))
    }

    /// The records from a segment's first slot to its end or to `until`, each from a copy that
    /// holds it whole, wrapped as they are; the name of the segment's file with them.
    pub(crate) fn segment(&self, first: u64, until: u64) -> Outcome<(String, Vec<u8>)> {
        let end = until.min(first / SEGMENT_RECORDS * SEGMENT_RECORDS + SEGMENT_RECORDS);
        let mut held: Vec<Vec<u8>> = Vec::with_capacity(self.copies.len());
        for copy in &self.copies {
            held.push(std::fs::read(segment(copy, first)).unwrap_or_default());
        }
        let mut bytes = Vec::new();
        for slot in first..end {
            let good = held.iter().find_map(|copy| record_in(copy, slot));
            let lost = || Fault::new(Code::KeyLost).with("slot", slot);
            bytes.extend_from_slice(&good.ok_or_else(lost)?.encode());
        }
        let name = segment(Path::new(""), first);
        Ok((name.to_string_lossy().into_owned(), bytes))
    }

    fn good_record(&self, slot: u64) -> Option<Record> {
        self.copies.iter().find_map(|copy| read_record(copy, slot).ok().flatten())
    }

    /// Reads every record of every copy and names those that are not whole, or not alike, or not
    /// to be unwrapped.
    pub(crate) fn examine(&self) -> Vec<KeyDamage> {
        let mut damages = Vec::new();
        let last = self.copies.iter().map(|copy| count(copy).unwrap_or(0)).max().unwrap_or(0);
        let mut held = Vec::new();
        for slot in 0..last {
            if slot % SEGMENT_RECORDS == 0 {
                // What cannot be read is damage of every record in it.
                let whole = |copy: &PathBuf| std::fs::read(segment(copy, slot)).unwrap_or_default();
                held = self.copies.iter().map(whole).collect();
            }
            let records: Vec<_> = held.iter().map(|bytes| record_in(bytes, slot)).collect();
            let usable =
                |record: &Record| record.is_void() || record.unwrap(&self.wrap_key).is_some();
            let good = records.iter().flatten().find(|record| usable(record)).cloned();
            for (copy, record) in self.copies.iter().zip(&records) {
                if good.is_none() || record.as_ref() != good.as_ref() {
                    let mendable = good.is_some();
                    damages.push(KeyDamage { copy: copy.clone(), slot, mendable });
                }
            }
        }
        damages
    }
}

/// The first slot of each segment of a store with so many slots.
pub(crate) fn segments(slots: u64) -> impl Iterator<Item = u64> {
    (0..slots.div_ceil(SEGMENT_RECORDS)).map(|number| number * SEGMENT_RECORDS)
}

/// How many records a copy holds, each of them whole; the first that is not is the fault.
pub(crate) fn count_whole(copy: &Path) -> Outcome<u64> {
    let slots = count(copy)?;
    for first in segments(slots) {
        let path = segment(copy, first);
        let bytes = std::fs::read(&path).map_err(|error| Fault::from_file(error, &path))?;
        for slot in first..slots.min(first + SEGMENT_RECORDS) {
            let damaged = || Fault::new(Code::KeyCopyDamaged).with("path", copy.display());
            record_in(&bytes, slot).ok_or_else(|| damaged().with("slot", slot))?;
        }
    }
    Ok(slots)
}

fn segment(copy: &Path, slot: u64) -> PathBuf {
    copy.join(format!("keys-{:05}.seg", slot / SEGMENT_RECORDS))
}

fn place(slot: u64) -> u64 {
    slot % SEGMENT_RECORDS * RECORD_BYTES as u64
}

/// How many whole records a copy holds: segments are full but the last.
fn count(copy: &Path) -> Outcome<u64> {
    let unreadable =
        |error| Fault::new(Code::KeyCopyDamaged).with("path", copy.display()).caused_by(error);
    if !copy.is_dir() {
        return Err(Fault::new(Code::KeyCopyDamaged).with("path", copy.display()));
    }
    let mut total = 0;
    loop {
        match std::fs::metadata(segment(copy, total)) {
            Ok(found) => {
                let records = (found.len() / RECORD_BYTES as u64).min(SEGMENT_RECORDS);
                total += records;
                if records < SEGMENT_RECORDS {
                    return Ok(total);
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(total),
            Err(error) => return Err(unreadable(error)),
        }
    }
}

/// A record that is whole; `None` if the copy ends before it; a fault if it is damaged.
fn read_record(copy: &Path, slot: u64) -> Outcome<Option<Record>> {
    let path = segment(copy, slot);
    let damaged = |error: std::io::Error| {
        Fault::new(Code::KeyCopyDamaged).with("path", path.display()).caused_by(error)
    };
    let file = match File::open(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(damaged)?,
    };
    let mut bytes = [0; RECORD_BYTES];
    match file.read_exact_at(&mut bytes, place(slot)) {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other.map_err(damaged)?,
    }
    Record::parse(&bytes, slot).map(Some).ok_or_else(|| {
        Fault::new(Code::KeyCopyDamaged).with("path", path.display()).with("slot", slot)
    })
}

/// The record of a slot in the bytes of its segment; `None` if it is not there or damaged.
fn record_in(bytes: &[u8], slot: u64) -> Option<Record> {
    let from = usize::try_from(place(slot)).ok()?;
    let record = bytes.get(from..from + RECORD_BYTES)?.try_into().ok()?;
    Record::parse(record, slot)
}

/// Writes records from `first` on and makes them durable.
fn append(copy: &Path, first: u64, records: &[Record]) -> Outcome<()> {
    let mut slot = first;
    let mut rest = records;
    while !rest.is_empty() {
        let room = usize::try_from(SEGMENT_RECORDS - slot % SEGMENT_RECORDS).unwrap_or(usize::MAX);
        let (now, later) = rest.split_at(room.min(rest.len()));
        let path = segment(copy, slot);
        let fresh = !path.exists();
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(durable::SECRET)
            .open(&path)
            .map_err(|error| Fault::from_file(error, &path))?;
        let bytes: Vec<u8> = now.iter().flat_map(Record::encode).collect();
        file.write_all_at(&bytes, place(slot)).map_err(|error| Fault::from_file(error, &path))?;
        make_durable(&file, &path, fresh.then_some(copy))?;
        slot += now.len() as u64;
        rest = later;
    }
    Ok(())
}

/// Writes a record over the one in its slot and makes that durable.
fn overwrite(copy: &Path, slot: u64, record: &Record) -> Outcome<()> {
    let path = segment(copy, slot);
    let file = OpenOptions::new().write(true).open(&path);
    let file = file.map_err(|error| Fault::from_file(error, &path))?;
    let written = file.write_all_at(&record.encode(), place(slot));
    written.map_err(|error| Fault::from_file(error, &path))?;
    make_durable(&file, &path, None)
}

fn make_durable(file: &File, path: &Path, fresh_in: Option<&Path>) -> Outcome<()> {
    fail::fail_point!("keys-sync-left-out", |_| Ok(()));
    file.sync_data().map_err(|error| Fault::from_file(error, path))?;
    fresh_in.map_or(Ok(()), durable::sync_directory)
}
