//! The list of a backup's files, `backup.json`, and what may be on it.
//!
//! Promises: only names that a backup has are read, each a regular file under the backup's own
//! directory; a file that is not on the list is named, and one that differs from it.

use crate::fault::{Code, Fault, Outcome};
use crate::limits::BACKUP_LIST_BYTES_MAX;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use vault_proof::ContentId;

/// The list itself.
pub(super) const LIST: &str = "backup.json";

/// The description of the vault.
pub(super) const DESCRIPTION: &str = "vault.json";

/// The settings of the vault, where there are any.
pub(super) const SETTINGS: &str = "settings.toml";

/// Every copy that was kept.
pub(super) const OBJECTS: &str = "objects.txt";

/// The last signed checkpoint, where one was signed.
pub(super) const CHECKPOINT: &str = "ledger/checkpoint";

/// The last checkpoint that a witness signed, where there is one.
pub(super) const WITNESSED: &str = "ledger/witnessed";

/// The version of the format.
const VERSION: u64 = 1;

/// A file of a backup.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedFile {
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) blake3: String,
}

/// What a backup says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BackupList {
    pub(super) v: u64,
    pub(super) backup: String,
    pub(super) vault: String,
    pub(super) made_ms: i64,
    /// Where the vault was: paths of its description are relative to it.
    pub(super) directory: PathBuf,
    /// Events of the ledger.
    pub(super) events: u64,
    /// The root of their tree, hex.
    pub(super) root: String,
    /// BLAKE3 of the catalogue's dump, hex.
    pub(super) dump: String,
    /// Copies listed in `objects.txt`.
    pub(super) objects: u64,
    pub(super) files: Vec<ListedFile>,
}

pub(super) fn damaged(what: &str) -> Fault {
    Fault::new(Code::BackupDamaged).with("what", what)
}

/// Whether a backup has files of that name.
fn is_known(path: &str) -> bool {
    let numbered = |front: &str, ending: &str, least: usize| {
        let number = path.strip_prefix(front).and_then(|rest| rest.strip_suffix(ending));
        number.is_some_and(|number| {
            (least..=20).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    [DESCRIPTION, SETTINGS, OBJECTS, CHECKPOINT, WITNESSED].contains(&path)
        || numbered("ledger/log/", ".log", 20)
        || numbered("keys/keys-", ".seg", 5)
}

impl BackupList {
    pub(super) const fn version() -> u64 {
        VERSION
    }

    /// The list as it is written, and its digest.
    pub(super) fn encode(&self) -> Outcome<(Vec<u8>, ContentId)> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| Fault::new(Code::Internal).with("what", "list").caused_by(error))?;
        bytes.push(b'\n');
        let digest = ContentId::from_bytes(*blake3::hash(&bytes).as_bytes());
        Ok((bytes, digest))
    }

    /// Reads the list of a backup, with its digest.
    pub(super) fn read(backup: &Path) -> Outcome<(Self, ContentId)> {
        let path = backup.join(LIST);
        let unknown = || Fault::new(Code::BackupUnknown).with("path", backup.display());
        let found = std::fs::symlink_metadata(&path).map_err(|error| unknown().caused_by(error))?;
        if !found.is_file() || found.len() > BACKUP_LIST_BYTES_MAX {
            return Err(damaged(LIST));
        }
        let mut bytes = Vec::new();
        let file = open(&path)?;
        let read = file.take(BACKUP_LIST_BYTES_MAX).read_to_end(&mut bytes);
        read.map_err(|error| Fault::from_given_path(error, &path))?;
        let list: Self =
            serde_json::from_slice(&bytes).map_err(|error| damaged(LIST).caused_by(error))?;
        if list.v != VERSION {
            return Err(Fault::new(Code::VaultTooNew).with("what", format!("backup {}", list.v)));
        }
        let names: BTreeSet<&str> = list.files.iter().map(|file| file.path.as_str()).collect();
        let needed = [DESCRIPTION, OBJECTS].iter().all(|name| names.contains(name));
        let known = list.files.iter().all(|file| is_known(&file.path));
        if !needed || !known || names.len() != list.files.len() {
            return Err(damaged(LIST));
        }
        Ok((list, ContentId::from_bytes(*blake3::hash(&bytes).as_bytes())))
    }

    /// Bytes of all its files.
    pub(super) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Whether a file of that name is on it.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.iter().any(|file| file.path == path)
    }
}

/// Opens a regular file for reading; a link is not followed.
pub(super) fn open(path: &Path) -> Outcome<File> {
    let flags = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    let mut options = std::fs::OpenOptions::new();
    options.read(true).custom_flags(flags);
    options.open(path).map_err(|error| Fault::from_given_path(error, path))
}

#[cfg(test)]
mod tests {
    use super::is_known;

    #[test]
    fn only_names_that_a_backup_has_are_read() {
        for good in ["vault.json", "ledger/log/00000000000000016384.log", "keys/keys-00000.seg"] {
            assert!(is_known(good), "{good}");
        }
        for bad in [
            "../vault.json",
            "/etc/passwd",
            "ledger/log/../../x.log",
            "ledger/log/1.log",
            "keys/keys-.seg",
            "keys/keys-0000a.seg",
            "secrets/vault.key",
        ] {
            assert!(!is_known(bad), "{bad}");
        }
    }
}
