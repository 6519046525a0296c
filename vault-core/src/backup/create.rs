//! A backup made while the vault works.
//!
//! Promises: the catalogue's digest, the list of objects and the end of the log are of one moment,
//! because they are read in one transaction; every key that an event up to there needs is in it,
//! because keys are durable before their events; no key of a disposal that began meanwhile is
//! missing from it, because the backup is then begun anew. None lies inside the vault, in one of
//! its stores or beside its secrets. It has its name only when it is whole,
//! and is on record only when it was read again.

use super::check::check_list;
use super::list::{
    BackupList, CHECKPOINT, DESCRIPTION, LIST, ListedFile, OBJECTS, SETTINGS, WITNESSED,
};
use crate::access::package::sink::{DirectorySink, Sink};
use crate::catalog::Snapshot;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::keys;
use crate::policy::{Act, Actor};
use crate::vault::change::{event, new_record};
use crate::vault::{Vault, blocking};
use std::path::{Path, PathBuf};
use vault_proof::canonical::Value;
use vault_proof::event::leaf_hash;
use vault_proof::tree::Frontier;
use vault_proof::{BackupBody, Body, RecordId, Subject};

/// How often a backup is begun anew because a disposal began meanwhile.
const ATTEMPTS_MAX: u32 = 3;

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBackup {
    /// Its number.
    pub backup: RecordId,
    /// Where it is.
    pub path: PathBuf,
    /// Events of the ledger in it.
    pub events: u64,
    /// Objects on its list.
    pub objects: u64,
    /// Bytes of its files.
    pub bytes: u64,
}

/// Writes files and remembers what was written.
struct Writer {
    sink: DirectorySink,
    files: Vec<ListedFile>,
    open: Option<(String, u64, blake3::Hasher)>,
}

impl Writer {
    fn begin(&mut self, path: &str) -> Outcome<()> {
        self.end()?;
        self.sink.begin(path, 0)?;
        self.open = Some((path.to_owned(), 0, blake3::Hasher::new()));
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Outcome<()> {
        if let Some((_, length, hasher)) = &mut self.open {
            *length += bytes.len() as u64;
            hasher.update(bytes);
        }
        self.sink.write(bytes)
    }

    fn end(&mut self) -> Outcome<()> {
        if let Some((path, bytes, hasher)) = self.open.take() {
            self.sink.end()?;
            let blake3 = hasher.finalize().to_hex().to_string();
            self.files.push(ListedFile { path, bytes, blake3 });
        }
        Ok(())
    }

    fn whole(&mut self, path: &str, bytes: &[u8]) -> Outcome<()> {
        self.begin(path)?;
        self.write(bytes)?;
        self.end()
    }
}

/// Makes a backup as a new directory `into`, on a running vault too; reads it again, and puts it on
/// record.
pub async fn create(vault: &Vault, actor: &Actor, into: &Path) -> Outcome<NewBackup> {
    let _ = vault.permit(actor, Act::BackUp).await?;
    let place = std::path::absolute(into).map_err(|error| Fault::from_given_path(error, into))?;
    vault.require_outside(&place)?;
    let place = place.to_string_lossy().into_owned();
    checked_text("place", &place, true)?;
    let backup = new_record()?;
    let mut attempts_left = ATTEMPTS_MAX;
    let list = loop {
        attempts_left -= 1;
        match attempt(vault, into, &backup).await? {
            Some(list) => break list,
            None if attempts_left == 0 => {
                return Err(Fault::new(Code::CatalogueBusy).with("what", "disposal"));
            }
            None => {}
        }
    };
    let (_, digest) = list.encode()?;
    let (from, checked) = (into.to_owned(), list.clone());
    blocking(move || check_list(&from, &checked).map(drop)).await?;
    let plain = [("by", Value::text(actor.person())), ("place", Value::text(&place))];
    let payload = vault.seal_one(Value::map(plain)).await?;
    let made = NewBackup {
        backup,
        path: into.to_owned(),
        events: list.events,
        objects: list.objects,
        bytes: list.bytes(),
    };
    let body = Body::Backup(BackupBody::Made {
        backup,
        events: made.events,
        objects: made.objects,
        bytes: made.bytes,
        list: digest,
    });
    let permitted = vault.permit(actor, Act::BackUp).await?;
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(body, Some(payload), vec![Subject::vault()])]).await?;
    vault.finish(tx).await?;
    Ok(made)
}

/// One attempt; `None` where a disposal began while keys were copied.
async fn attempt(vault: &Vault, into: &Path, backup: &RecordId) -> Outcome<Option<BackupList>> {
    let mut writer = Writer { sink: DirectorySink::create(into)?, files: Vec::new(), open: None };
    writer.begin(OBJECTS)?;
    let snapshot = vault
        .catalog
        .snapshot(&mut |line| {
            writer.write(line.as_bytes())?;
            writer.write(b"\n")
        })
        .await?;
    writer.end()?;
    // The log holds at least what the catalogue held at that moment.
    vault.ledger.publish(&vault.catalog).await?;
    let (reading, backup, now) = (vault.clone(), *backup, vault.clock.now());
    let (writer, root) = blocking(move || {
        let root = copy(&reading, &mut writer, snapshot)?;
        Ok((writer, root))
    })
    .await?;
    if vault.catalog.destruction_since(snapshot.events).await? {
        return Ok(None);
    }
    let vault_id = vault.catalog.vault_fact("vault").await?.unwrap_or_default();
    let directory = std::path::absolute(vault.directory())
        .map_err(|error| Fault::from_file(error, vault.directory()))?;
    let list = BackupList {
        v: BackupList::version(),
        backup: backup.to_string(),
        vault: vault_id,
        made_ms: now.as_ms(),
        directory,
        events: snapshot.events,
        root,
        dump: snapshot.digest.to_hex().to_string(),
        objects: snapshot.objects,
        files: writer.files.clone(),
    };
    let (bytes, _) = list.encode()?;
    blocking(move || {
        let mut writer = writer;
        writer.whole(LIST, &bytes)?;
        writer.sink.finish()
    })
    .await?;
    Ok(Some(list))
}

/// Copies log, checkpoints, keys, description and settings; gives the root of the log's tree.
fn copy(vault: &Vault, writer: &mut Writer, snapshot: Snapshot) -> Outcome<String> {
    // A checkpoint of later events would speak of what the log does not hold.
    let fits = |size: u64| size <= snapshot.events;
    if let Some((note, _)) = vault.ledger.last_checkpoint()?.filter(|(_, last)| fits(last.size)) {
        writer.whole(CHECKPOINT, note.as_bytes())?;
    }
    if let Some(note) = vault.ledger.witnessed()?
        && vault.ledger.own_checkpoint(&note).is_ok_and(|seen| fits(seen.size))
    {
        writer.whole(WITNESSED, note.as_bytes())?;
    }
    vault.ledger.copy_log(snapshot.events, &mut |name, bytes| match bytes {
        None => writer.begin(&format!("ledger/log/{name}")),
        Some(bytes) => writer.write(bytes),
    })?;
    writer.end()?;
    let mut frontier = Frontier::default();
    let events = usize::try_from(snapshot.events).unwrap_or(usize::MAX);
    for entry in vault.ledger.entries().take(events) {
        frontier.append(leaf_hash(&entry?.leaf), |_, _, _| {});
    }
    let slots = vault.keys.slots()?;
    for first in keys::segments(slots) {
        let (name, bytes) = vault.keys.segment(first, slots)?;
        writer.whole(&format!("keys/{name}"), &bytes)?;
    }
    for name in [DESCRIPTION, SETTINGS] {
        let path = vault.directory().join(name);
        match std::fs::read(&path) {
            Ok(bytes) => writer.whole(name, &bytes)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && name == SETTINGS => {}
            Err(error) => return Err(Fault::from_file(error, &path)),
        }
    }
    Ok(frontier.root().to_string())
}
