//! Whether a backup is whole: every file as its list says, the log a ledger, the checkpoint of it
//! signed. Needs no vault and no secret; changes nothing.

use super::list::{BackupList, CHECKPOINT, LIST, damaged, open};
use crate::clock::UtcTime;
use crate::fault::{Fault, Outcome};
use crate::keys;
use crate::ledger;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use vault_proof::checkpoint::Checkpoint;
use vault_proof::event::leaf_hash;
use vault_proof::note::VerifierKey;
use vault_proof::tree::Frontier;
use vault_proof::{Body, Event};

/// Bytes of a file read at once.
const PIECE_BYTES: usize = 1 << 20;

/// A backup that was found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// Its number.
    pub backup: String,
    /// The vault it is of.
    pub vault: String,
    /// When it was made.
    pub made_at: UtcTime,
    /// Events of the ledger in it.
    pub events: u64,
    /// How many of them a checkpoint in it covers.
    pub signed: u64,
    /// Objects on its list.
    pub objects: u64,
    /// Keys in it, destroyed ones among them.
    pub keys: u64,
    /// Bytes of its files.
    pub bytes: u64,
    /// BLAKE3 of its list, as the vault's ledger has it.
    pub list: String,
}

/// Reads a whole backup and compares it with its list.
pub fn check(from: &Path) -> Outcome<BackupReport> {
    let (list, digest) = BackupList::read(from)?;
    let mut report = check_list(from, &list)?;
    report.list = digest.to_string();
    Ok(report)
}

pub(super) fn check_list(from: &Path, list: &BackupList) -> Outcome<BackupReport> {
    let mut buffer = vec![0; PIECE_BYTES];
    for file in &list.files {
        let path = from.join(&file.path);
        let (bytes, digest) = digest_of(&path, &mut buffer)?;
        if bytes != file.bytes || digest != file.blake3 {
            return Err(damaged(&file.path).with("path", path.display()));
        }
    }
    refuse_strangers(from, list)?;
    let signed = check_log(from, list)?;
    let keys = keys::count_whole(&from.join("keys"))?;
    Ok(BackupReport {
        backup: list.backup.clone(),
        vault: list.vault.clone(),
        made_at: UtcTime::from_ms(list.made_ms),
        events: list.events,
        signed,
        objects: list.objects,
        keys,
        bytes: list.bytes(),
        list: String::new(),
    })
}

fn digest_of(path: &Path, buffer: &mut [u8]) -> Outcome<(u64, String)> {
    let mut file = open(path).map_err(|fault| damaged("file").caused_by(fault))?;
    let (mut hasher, mut length) = (blake3::Hasher::new(), 0);
    loop {
        let read = file.read(buffer).map_err(|error| Fault::from_given_path(error, path))?;
        if read == 0 {
            return Ok((length, hasher.finalize().to_hex().to_string()));
        }
        hasher.update(&buffer[..read]);
        length += read as u64;
    }
}

/// A file that is not on the list belongs to somebody else, or the list is not the whole.
fn refuse_strangers(from: &Path, list: &BackupList) -> Outcome<()> {
    let listed: BTreeSet<PathBuf> = list.files.iter().map(|file| from.join(&file.path)).collect();
    for entry in walkdir::WalkDir::new(from).follow_links(false).max_depth(4) {
        let entry = entry.map_err(|error| damaged("directory").caused_by(error))?;
        let stranger = !entry.file_type().is_dir()
            && entry.path() != from.join(LIST)
            && !listed.contains(entry.path());
        if stranger {
            return Err(damaged("stranger").with("path", entry.path().display()));
        }
    }
    Ok(())
}

/// The log gives the root that the list names and, on the way, the root that was signed.
fn check_log(from: &Path, list: &BackupList) -> Outcome<u64> {
    let path = from.join(CHECKPOINT);
    let note = list.has(CHECKPOINT).then(|| std::fs::read_to_string(&path)).transpose();
    let note = note.map_err(|error| Fault::from_given_path(error, &path))?;
    let mut signed: Option<Checkpoint> = None;
    let mut frontier = Frontier::default();
    for entry in ledger::read_log(&from.join("ledger/log")) {
        let entry = entry?;
        if entry.seq == 0 {
            let key = key_of(&entry.leaf, list)?;
            let opened = note.as_ref().map(|note| Checkpoint::open(note, &key)).transpose();
            signed = opened.map_err(|error| damaged(CHECKPOINT).caused_by(error))?;
        }
        frontier.append(leaf_hash(&entry.leaf), |_, _, _| {});
        if let Some(signed) = signed.as_ref().filter(|signed| signed.size == frontier.size())
            && signed.root != frontier.root()
        {
            return Err(damaged(CHECKPOINT).with("seq", entry.seq));
        }
    }
    if frontier.size() != list.events || frontier.root().to_string() != list.root {
        return Err(damaged("ledger"));
    }
    let signed = signed.map_or(0, |signed| signed.size);
    if signed > list.events { Err(damaged(CHECKPOINT)) } else { Ok(signed) }
}

/// The key that checkpoints of this vault are checked with, from the first event.
fn key_of(leaf: &[u8], list: &BackupList) -> Outcome<VerifierKey> {
    let first = Event::decode(leaf).map_err(|error| damaged("ledger").caused_by(error))?;
    match first.body {
        Body::VaultCreated { vault, checkpoint_key, .. } if vault == list.vault => {
            VerifierKey::parse(&checkpoint_key).map_err(|error| damaged("ledger").caused_by(error))
        }
        _ => Err(damaged("ledger")),
    }
}
