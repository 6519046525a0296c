//! The progress of a large attempt, kept beside it so that a later process can take it up again.
//!
//! A progress file is a row of records, each sealed under the staging key, because they tell what
//! is being stored. A record is written only after the bytes it speaks of are durable. Whoever
//! works on an attempt holds the lock of its file. Taking up again begins a new nonce generation,
//! so that no nonce is used for two different texts even if the source was changed meanwhile.

use super::{ExtentTables, Source, SourceIdentity, Staged, Store, Target, size};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{BLOCKS_PER_EXTENT, EXTENT_BYTES};
use crate::store::backend::{BlobWriter, StoreName};
use crate::store::cipher::{BlockCipher, SecretKey, open_part, random_bytes, seal_part};
use crate::store::durable::{self, FileLock};
use crate::store::manifest::StoredRow;
use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use vault_proof::canonical::{self, Value};

/// Attempts below this are quicker begun again than kept.
const KEPT_FROM_BYTES: u64 = 64 << 20;

/// At most this part of a file is read again after a stop, or one step of 64 MiB if that is more.
const LOST_SHARE: u64 = 200;
const STEP_EXTENTS: u64 = 4;

/// The longest record read back: tables of one extent with room.
const RECORD_BYTES_MAX: usize = 64 * 1024;

/// The progress of an attempt under way.
pub(super) struct Progress {
    staging_key: SecretKey,
    name: StoreName,
    generation: u32,
    step: usize,
    state: Mutex<State>,
    _lock: FileLock,
}

struct State {
    file: File,
    path: PathBuf,
    pending: Vec<Vec<u8>>,
}

impl Progress {
    /// Starts to keep progress, where the backend can take attempts up again and it pays.
    pub(super) fn begin(store: &Store, target: &Target, source: &Source) -> Outcome<Option<Self>> {
        let Some(local) = store.backend().local() else { return Ok(None) };
        if source.bytes() < KEPT_FROM_BYTES {
            return Ok(None);
        }
        let path = local.staging().join(format!("{}.progress", target.name));
        Self::create(
            store,
            target.name,
            path,
            step_of(source.bytes()),
            header(target, source.identity()),
        )
        .map(Some)
    }

    /// A progress file that begins with this header.
    pub(super) fn create(
        store: &Store,
        name: StoreName,
        path: PathBuf,
        step: usize,
        header: Vec<u8>,
    ) -> Outcome<Self> {
        let file = durable::write_new(&path, b"", durable::SECRET)?;
        let progress = Self::open(staging_key(store), name, 0, step, file, path)?;
        progress.append(&[header])?;
        Ok(progress)
    }

    fn open(
        staging_key: SecretKey,
        name: StoreName,
        generation: u32,
        step: usize,
        file: File,
        path: PathBuf,
    ) -> Outcome<Self> {
        let lock = FileLock::try_take(&path)?
            .ok_or_else(|| Fault::new(Code::Locked).with("path", path.display()))?;
        let state = Mutex::new(State { file, path, pending: Vec::new() });
        Ok(Self { staging_key, name, generation, step, state, _lock: lock })
    }

    pub(super) fn generation(&self) -> u32 {
        self.generation
    }

    /// Notes a finished extent; now and then makes the data durable and writes the notes down.
    pub(super) fn note(
        &self,
        extent: u64,
        tables: &ExtentTables,
        writer: &dyn BlobWriter,
    ) -> Outcome<()> {
        let records = {
            let mut state = self.state.lock().map_err(|_| Fault::new(Code::Internal))?;
            state.pending.push(tables_record(extent, tables));
            if state.pending.len() < self.step {
                return Ok(());
            }
            std::mem::take(&mut state.pending)
        };
        writer.checkpoint()?;
        self.append(&records)
    }

    fn append(&self, records: &[Vec<u8>]) -> Outcome<()> {
        let mut bytes = Vec::new();
        for record in records {
            let nonce: [u8; 12] = random_bytes()?;
            let sealed = seal_part(&self.staging_key, nonce, &self.name.0, record)?;
            let length = u32::try_from(sealed.len()).map_err(|_| Fault::new(Code::Internal))?;
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(&nonce);
            bytes.extend_from_slice(&sealed);
        }
        let mut state = self.state.lock().map_err(|_| Fault::new(Code::Internal))?;
        let State { file, path, .. } = &mut *state;
        file.write_all(&bytes).map_err(|error| Fault::from_file(error, path))?;
        file.sync_data().map_err(|error| Fault::from_file(error, path))
    }
}

/// Removes the progress of an attempt that is committed, if any was kept.
pub(crate) fn forget(store: &Store, staged: &Staged) -> Outcome<()> {
    match store.backend().local() {
        Some(local) if staged.bytes >= KEPT_FROM_BYTES => {
            durable::remove(&local.staging().join(format!("{}.progress", staged.data)))
        }
        _ => Ok(()),
    }
}

/// After how many extents notes are written down.
fn step_of(bytes: u64) -> usize {
    size((bytes / EXTENT_BYTES / LOST_SHARE).max(STEP_EXTENTS))
}

/// The key that progress files are sealed under.
fn staging_key(store: &Store) -> SecretKey {
    store.name_key.derive("evidence-vault 2026-11 progress")
}

fn header(target: &Target, source: SourceIdentity) -> Vec<u8> {
    canonical::encode(&Value::map([
        ("changed", Value::text(source.changed_ns.to_string())),
        ("device", Value::text(source.device.to_string())),
        ("inode", Value::text(source.inode.to_string())),
        ("key", Value::text(hex::encode(target.key.expose()))),
        ("modified", Value::text(source.modified_ns.to_string())),
        ("bytes", Value::text(source.bytes.to_string())),
    ]))
}

fn tables_record(extent: u64, tables: &ExtentTables) -> Vec<u8> {
    let mut record = extent.to_le_bytes().to_vec();
    record.extend_from_slice(&tables.generation.to_le_bytes());
    for (entry, row) in tables.plain.iter().zip(&tables.rows) {
        record.extend_from_slice(entry);
        record.extend_from_slice(&row.entry);
        record.extend_from_slice(&row.tag);
    }
    record
}

fn read_tables(record: &[u8]) -> Option<(u64, ExtentTables)> {
    let (extent, rest) = record.split_first_chunk::<8>()?;
    let (generation, rest) = rest.split_first_chunk::<4>()?;
    let generation = u32::from_le_bytes(*generation);
    let mut tables = ExtentTables { generation, plain: Vec::new(), rows: Vec::new() };
    for row in rest.chunks(80) {
        tables.plain.push(row.get(..32)?.try_into().ok()?);
        let entry = row.get(32..64)?.try_into().ok()?;
        tables.rows.push(StoredRow { entry, tag: row.get(64..)?.try_into().ok()? });
    }
    Some((u64::from_le_bytes(*extent), tables))
}

/// An attempt that somebody left.
pub(crate) struct Interrupted {
    path: PathBuf,
    name: StoreName,
    key: SecretKey,
    step: usize,
    records: Vec<Vec<u8>>,
}

/// All attempts in staging that nobody works on, by the source they were reading.
pub(crate) fn interrupted(store: &Store) -> Outcome<HashMap<SourceIdentity, Interrupted>> {
    let mut found = HashMap::new();
    each_left(store, "progress", &mut |path, name, records| {
        found.extend(read_attempt(path, name, records));
    })?;
    Ok(found)
}

/// Calls `each` for every progress file with this extension that nobody works on: its path, the
/// name of its attempt, its records, of which there is one at least.
pub(super) fn each_left(
    store: &Store,
    extension: &str,
    each: &mut dyn FnMut(PathBuf, StoreName, Vec<Vec<u8>>),
) -> Outcome<()> {
    let Some(local) = store.backend().local() else { return Ok(()) };
    let staging = local.staging();
    let entries = std::fs::read_dir(&staging).map_err(|e| Fault::from_file(e, &staging))?;
    let staging_key = staging_key(store);
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|found| found == extension)
            && let Some((name, records)) = left_at(&path, &staging_key)
        {
            each(path, name, records);
        }
    }
    Ok(())
}

/// What lies in a progress file that nobody works on: its name, and one record at least.
fn left_at(path: &Path, staging_key: &SecretKey) -> Option<(StoreName, Vec<Vec<u8>>)> {
    // Whoever holds the lock is at work on it; the lock taken here is given back at once and
    // taken again when the attempt is taken up.
    FileLock::try_take(path).ok()??;
    let name = hex::decode(path.file_stem()?.to_str()?).ok()?;
    let name = StoreName(name.try_into().ok()?);
    let bytes = std::fs::read(path).ok()?;
    let records = read_records(&bytes, staging_key, name);
    (!records.is_empty()).then_some((name, records))
}

fn read_attempt(
    path: PathBuf,
    name: StoreName,
    mut records: Vec<Vec<u8>>,
) -> Option<(SourceIdentity, Interrupted)> {
    let mut fields = canonical::parse(&records.remove(0)).ok()?.fields().ok()?;
    let identity = SourceIdentity {
        device: fields.parsed("device").ok()?,
        inode: fields.parsed("inode").ok()?,
        bytes: fields.parsed("bytes").ok()?,
        modified_ns: fields.parsed("modified").ok()?,
        changed_ns: fields.parsed("changed").ok()?,
    };
    let key: [u8; 32] = hex::decode(fields.text("key").ok()?).ok()?.try_into().ok()?;
    let key = SecretKey::from_bytes(key);
    let step = step_of(identity.bytes);
    Some((identity, Interrupted { path, name, key, step, records }))
}

/// The records that are whole; a torn one ends the row.
fn read_records(mut bytes: &[u8], staging_key: &SecretKey, name: StoreName) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let Some((nonce, rest)) = rest.split_first_chunk::<12>() else { break };
        let Some((sealed, rest)) = rest.split_at_checked(length) else { break };
        if length > RECORD_BYTES_MAX {
            break;
        }
        let Some(record) = open_part(staging_key, *nonce, &name.0, sealed) else { break };
        records.push(record);
        bytes = rest;
    }
    records
}

type TakenUp = (Target, Progress, Vec<Option<ExtentTables>>);

impl Interrupted {
    /// An attempt, as its progress file tells of it.
    pub(super) fn of(
        path: PathBuf,
        name: StoreName,
        key: SecretKey,
        step: usize,
        records: Vec<Vec<u8>>,
    ) -> Self {
        Self { path, name, key, step, records }
    }

    /// The name of its bytes.
    pub(super) fn name(&self) -> StoreName {
        self.name
    }

    /// How many extents from the first on are noted without a gap.
    pub(super) fn extents_in_a_row(&self) -> u64 {
        let mut in_a_row = 0;
        let noted: HashSet<u64> = self
            .records
            .iter()
            .filter_map(|record| read_tables(record))
            .map(|(extent, _)| extent)
            .collect();
        while noted.contains(&in_a_row) {
            in_a_row += 1;
        }
        in_a_row
    }

    /// Removes the progress file.
    pub(super) fn remove(&self) -> Outcome<()> {
        durable::remove(&self.path)
    }

    /// Takes the attempt up under a new generation; `None` if somebody else did meanwhile.
    pub(super) fn take_up(self, store: &Store, extents: usize) -> Outcome<Option<TakenUp>> {
        let Some(writer) = store.backend().resume(self.name)? else { return Ok(None) };
        let mut earlier: Vec<Option<ExtentTables>> = vec![None; extents];
        let mut highest = 0;
        for (extent, tables) in self.records.iter().filter_map(|record| read_tables(record)) {
            highest = highest.max(tables.generation);
            let extent = size(extent);
            let blocks = tables.rows.len() as u64;
            if extent < extents && blocks > 0 && blocks <= BLOCKS_PER_EXTENT {
                earlier[extent] = Some(tables);
            }
        }
        let file = OpenOptions::new().append(true).open(&self.path);
        let file = file.map_err(|error| Fault::from_file(error, &self.path))?;
        let generation = highest + 1;
        let key = staging_key(store);
        let opened = Progress::open(key, self.name, generation, self.step, file, self.path);
        let progress = match opened {
            Err(fault) if fault.code() == Code::Locked => return Ok(None),
            other => other?,
        };
        // An empty record of the new generation, so that a further process counts it as used.
        let mark = ExtentTables { generation, plain: Vec::new(), rows: Vec::new() };
        progress.append(&[tables_record(u64::MAX, &mark)])?;
        let cipher = BlockCipher::new(&self.key, self.name)?;
        let target = Target { name: self.name, key: self.key, cipher, writer };
        Ok(Some((target, progress, earlier)))
    }
}
