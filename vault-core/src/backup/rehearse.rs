//! A rehearsal: a backup restored for trial beside the living vault, and a sample of what is stored
//! read with the keys of the backup.
//!
//! Promises: the same steps restore as in earnest; the sample is drawn from the backup's own list
//! and read from beginning to end in the store where it lies, decrypted, and compared with its
//! content id; nothing of the living vault is changed but its ledger, which gets the result; the
//! scratch directory goes, whatever comes of it.

use super::list::{BackupList, OBJECTS, damaged, open};
use super::restore::lay_out;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::REHEARSAL_SAMPLE_MAX;
use crate::policy::{Act, Actor};
use crate::stop::Stop;
use crate::store::check::{CheckBuffers, Expected};
use crate::store::cipher::random_bytes;
use crate::store::{MAIN_STORE, Store, durable};
use crate::vault::change::event;
use crate::vault::{RestoredPlaces, RestoredStore, Vault, blocking};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use vault_proof::{BackupBody, Body, ContentId, Damage, RecordId, Subject};

/// What is to be rehearsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRehearsal {
    /// The backup.
    pub from: PathBuf,
    /// An empty directory for trial, or none; beside the vault if not named.
    pub scratch: Option<PathBuf>,
    /// How many objects are read.
    pub sample: u64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    /// Which backup.
    pub backup: String,
    /// Events that were restored.
    pub events: u64,
    /// Objects that were read.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How long restoring took.
    pub restoring: Duration,
    /// How long reading took.
    pub reading: Duration,
    /// What did not agree.
    pub failed: Vec<Damage>,
}

/// A copy on the list of a backup.
struct Drawn {
    store: String,
    expected: Expected,
}

/// Restores a backup for trial and reads a sample; on record whatever comes of it.
pub async fn rehearse(
    vault: &Vault,
    actor: &Actor,
    wanted: NewRehearsal,
    stop: &Stop,
) -> Outcome<Rehearsal> {
    let _ = vault.permit(actor, Act::RehearseRestore).await?;
    if !(1..=REHEARSAL_SAMPLE_MAX).contains(&wanted.sample) {
        return Err(Fault::new(Code::ArgumentInvalid)
            .with("argument", wanted.sample)
            .with("limit", REHEARSAL_SAMPLE_MAX));
    }
    let (list, _) = BackupList::read(&wanted.from)?;
    if vault.catalog.vault_fact("vault").await?.as_deref() != Some(list.vault.as_str()) {
        return Err(Fault::new(Code::BackupUnknown).with("path", wanted.from.display()));
    }
    let tag: [u8; 4] = random_bytes()?;
    let beside = || vault.directory().join(format!("rehearsal-{}", hex::encode(tag)));
    let scratch = wanted.scratch.clone().unwrap_or_else(beside);
    if std::fs::read_dir(&scratch).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Fault::new(Code::DirectoryNotEmpty).with("path", scratch.display()));
    }
    durable::make_directory(&scratch)?;
    let found = trial(vault, &wanted, &scratch, stop).await;
    durable::remove_scratch(&scratch)?;
    let found = found?;
    record(vault, actor, &found).await?;
    Ok(found)
}

async fn trial(
    vault: &Vault,
    wanted: &NewRehearsal,
    scratch: &Path,
    stop: &Stop,
) -> Outcome<Rehearsal> {
    let began = Instant::now();
    let places = RestoredPlaces {
        key_copies: Vec::new(),
        secrets: Some(vault.secrets()?),
        store: RestoredStore::AsDescribed,
        catalogue_url_file: None,
    };
    let (restored, list) = lay_out(&wanted.from, scratch, &places, vault.clock.clone()).await?;
    let restoring = began.elapsed();
    let began = Instant::now();
    let gone = vault.catalog.all_destroyed_objects().await?;
    let drawn = draw(&wanted.from.join(OBJECTS), wanted.sample, &|id| gone.contains(id))?;
    let mut rehearsal = Rehearsal {
        backup: list.backup,
        events: list.events,
        objects: 0,
        bytes: 0,
        restoring,
        reading: Duration::ZERO,
        failed: Vec::new(),
    };
    for one in drawn {
        stop.check()?;
        let store = store_of(&restored, &one.store)?;
        let (keys, expected) = (Arc::clone(&restored.keys), one.expected.clone());
        let read = blocking(move || Ok(read_whole(&store, &keys, &expected))).await?;
        rehearsal.objects += 1;
        rehearsal.bytes += one.expected.bytes;
        rehearsal.failed.extend(read.err().map(|fault| one.expected.damage(&fault)));
    }
    rehearsal.reading = began.elapsed();
    restored.catalog.close().await;
    Ok(rehearsal)
}

fn store_of(vault: &Vault, store: &str) -> Outcome<Store> {
    if store == MAIN_STORE {
        return Ok(vault.store.clone());
    }
    vault.further_store(&store.parse().map_err(|_| damaged(OBJECTS))?)
}

fn read_whole(store: &Store, keys: &crate::keys::KeyStore, expected: &Expected) -> Outcome<()> {
    let checking = store.begin_check(expected, Some(keys))?;
    let mut buffers = CheckBuffers::default();
    for extent in 0..checking.extents() {
        checking.extent(extent, &mut buffers)?;
    }
    Ok(())
}

/// Draws so many lines of the list, each with the same chance, in one pass.
fn draw(list: &Path, count: u64, gone: &dyn Fn(&ContentId) -> bool) -> Outcome<Vec<Drawn>> {
    let mut drawn: Vec<Drawn> = Vec::new();
    let mut seen: u64 = 0;
    for line in BufReader::new(open(list)?).lines() {
        let line = line.map_err(|error| Fault::from_file(error, list))?;
        let one = parse(&line).ok_or_else(|| damaged(OBJECTS))?;
        if gone(&one.expected.id) {
            continue;
        }
        seen += 1;
        if seen <= count {
            drawn.push(one);
            continue;
        }
        let at = u64::from_le_bytes(random_bytes()?) % seen;
        if let Some(place) = usize::try_from(at).ok().and_then(|at| drawn.get_mut(at)) {
            *place = one;
        }
    }
    Ok(drawn)
}

fn parse(line: &str) -> Option<Drawn> {
    let mut words = line.split(' ');
    let store = words.next()?.to_owned();
    let id: ContentId = words.next()?.parse().ok()?;
    let bytes = words.next()?.parse().ok()?;
    let manifest = words.next()?.parse().ok()?;
    let subject = match words.next()? {
        "recording" => Subject::recording(&id),
        "object" => Subject::object(&id),
        _ => return None,
    };
    words.next().is_none().then_some(())?;
    Some(Drawn { store, expected: Expected { id, bytes, manifest, subject } })
}

async fn record(vault: &Vault, actor: &Actor, found: &Rehearsal) -> Outcome<()> {
    let backup: RecordId = found.backup.parse().map_err(|_| damaged("number"))?;
    let took = (found.restoring + found.reading).as_millis();
    let body = BackupBody::Rehearsed {
        backup,
        objects: found.objects,
        bytes: found.bytes,
        milliseconds: u64::try_from(took).unwrap_or(u64::MAX),
        failed: found.failed.clone(),
    };
    let mut about = vec![Subject::vault()];
    for damage in &found.failed {
        let copy = vault.catalog.copy(MAIN_STORE, &damage.recording).await?;
        about.push(
            copy.map_or_else(|| Subject::object(&damage.recording), |copy| copy.expected.subject),
        );
    }
    let permitted = vault.permit(actor, Act::RehearseRestore).await?;
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(Body::Backup(body), None, about)]).await?;
    vault.finish(tx).await
}
