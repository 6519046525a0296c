//! Signing checkpoints: never what was not read back, never a tree that does not extend the last.

use super::tiles::{Growth, TileReader, leaf_hashes_on_disk};
use super::{Ledger, damaged};
use crate::fault::{Code, Fault, Outcome};
use crate::store::cipher::random_bytes;
use crate::store::durable::{self, FileLock};
use std::collections::HashMap;
use std::path::Path;
use vault_proof::Hash256;
use vault_proof::checkpoint::Checkpoint;
use vault_proof::event::leaf_hash;
use vault_proof::note::{Signer, VerifierKey};
use vault_proof::package::seal::Seal;
use vault_proof::tree::Frontier;
use zeroize::Zeroizing;

const KEY_MAGIC: &[u8; 8] = b"EVLEDGK1";

/// Makes the key that vouches for the ledger; gives its public half.
pub(crate) fn create_signing_key(path: &Path, vault_id: &str) -> Outcome<VerifierKey> {
    let seed: Zeroizing<[u8; 32]> = Zeroizing::new(random_bytes()?);
    let mut bytes = Zeroizing::new(KEY_MAGIC.to_vec());
    bytes.extend_from_slice(&*seed);
    let check = blake3::hash(&bytes);
    bytes.extend_from_slice(check.as_bytes());
    durable::write_file(path, &bytes, durable::SECRET)?;
    signer(&seed, &format!("evidence-vault/{vault_id}")).map(|signer| signer.verifier())
}

fn signer(seed: &[u8; 32], origin: &str) -> Outcome<Signer> {
    Signer::from_seed(origin, seed)
        .map_err(|error| Fault::new(Code::Internal).with("what", "signing key").caused_by(error))
}

impl Ledger {
    fn signer(&self) -> Outcome<Signer> {
        let path = self.secrets.join("ledger.key");
        let missing = || Fault::new(Code::VaultKeyMissing).with("path", path.display());
        let bytes = std::fs::read(&path).map_err(|error| missing().caused_by(error))?;
        let bytes = Zeroizing::new(bytes);
        let (front, check) = bytes.split_at_checked(40).ok_or_else(missing)?;
        if &front[..8] != KEY_MAGIC || blake3::hash(front).as_bytes() != check {
            return Err(Fault::new(Code::VaultKeyWrong).with("path", path.display()));
        }
        let seed: Zeroizing<[u8; 32]> =
            Zeroizing::new(front[8..].try_into().map_err(|_| missing())?);
        signer(&seed, &self.origin)
    }

    /// The key that checkpoints are checked with.
    pub(crate) fn verifier(&self) -> Outcome<VerifierKey> {
        self.signer().map(|signer| signer.verifier())
    }

    /// Signs a court package. A package's text can never be read as a checkpoint.
    pub(crate) fn sign_package(&self, seal: &Seal) -> Outcome<String> {
        seal.sign(&self.signer()?)
            .map_err(|error| Fault::new(Code::Internal).with("what", "signing").caused_by(error))
    }

    /// The last signed checkpoint: the note and what it says.
    pub(crate) fn last_checkpoint(&self) -> Outcome<Option<(String, Checkpoint)>> {
        self.read_note(&self.directory.join("checkpoint"), "checkpoint")
    }

    /// The last checkpoint this vault remembers to have signed, kept apart from the ledger.
    pub(super) fn last_signed(&self) -> Outcome<Option<(String, Checkpoint)>> {
        self.read_note(&self.secrets.join("last-signed"), "last-signed")
    }

    pub(super) fn read_note(
        &self,
        path: &Path,
        what: &str,
    ) -> Outcome<Option<(String, Checkpoint)>> {
        let note = match std::fs::read_to_string(path) {
            Ok(note) => note,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(damaged(what, 0).caused_by(error)),
        };
        let checkpoint = Checkpoint::open(&note, &self.verifier()?)
            .map_err(|error| damaged(what, 0).caused_by(error))?;
        Ok(Some((note, checkpoint)))
    }

    /// Makes the tiles of a checkpoint anew from the log, and keeps the checkpoint; for a ledger that
    /// was restored. The log must give the root that was signed.
    pub(crate) fn lay_again(&self, note: &str) -> Outcome<()> {
        let verifier = self.verifier()?;
        let signed = Checkpoint::open(note, &verifier)
            .map_err(|error| damaged("checkpoint", 0).caused_by(error))?;
        let empty = Frontier::default();
        let (growth, root) = self.grow(empty.clone(), 0, signed.size)?;
        if root != signed.root {
            return Err(damaged("checkpoint", signed.size.saturating_sub(1)));
        }
        growth.write(&self.directory)?;
        self.read_back(empty, signed.size, root)?;
        durable::write_file(&self.directory.join("checkpoint"), note.as_bytes(), durable::REPLACED)
    }

    /// Writes the tiles of everything in the log, reads them back, and signs; gives the note.
    pub(crate) fn sign(&self) -> Outcome<String> {
        let size = self.size()?;
        let _lock = FileLock::wait(&self.lock_path())?;
        self.refuse_behind()?;
        let last = self.last_checkpoint()?;
        let remembered = self.last_signed()?;
        let (old, old_root) = match (&last, &remembered) {
            (None, None) => (0, vault_proof::tree::empty_root()),
            (Some((_, last)), Some((_, remembered))) if last == remembered => {
                (last.size, last.root)
            }
            _ => return Err(Fault::new(Code::LedgerRewound).with("what", "last-signed")),
        };
        if size < old {
            return Err(Fault::new(Code::LedgerRewound).with("size", size).with("signed", old));
        }
        if let Some((note, _)) = last
            && size == old
        {
            return Ok(note);
        }
        let before = TileReader::new(&self.directory, old);
        let frontier = Frontier::load(old, &before)
            .map_err(|error| damaged("hash tile", old.saturating_sub(1)).caused_by(error))?;
        if frontier.root() != old_root {
            return Err(damaged("hash tile", old.saturating_sub(1)));
        }
        let (growth, root) = self.grow(frontier.clone(), old, size)?;
        growth.write(&self.directory)?;
        fail::fail_point!("ledger-tiles-written", |_| std::process::abort());
        self.read_back(frontier, size, root)?;
        let signer = self.signer()?;
        let checkpoint = Checkpoint { origin: self.origin.clone(), size, root };
        let note = checkpoint
            .sign(&signer)
            .map_err(|error| Fault::new(Code::Internal).with("what", "signing").caused_by(error))?;
        let path = self.directory.join("checkpoint");
        durable::write_file(&self.secrets.join("last-signed"), note.as_bytes(), durable::SECRET)?;
        durable::write_file(&path, note.as_bytes(), durable::REPLACED)?;
        Ok(note)
    }

    /// Takes the new events from the log into the tree.
    pub(super) fn grow(
        &self,
        mut frontier: Frontier,
        old: u64,
        size: u64,
    ) -> Outcome<(Growth, Hash256)> {
        let from = Growth::leaves_from(old);
        let mut growth = Growth { old, size, leaves: Vec::new(), hashes: HashMap::new() };
        for entry in super::log::read_from(&self.directory.join("log"), from) {
            let entry = entry?;
            if entry.seq >= size {
                break;
            }
            if entry.seq >= old {
                frontier.append(leaf_hash(&entry.leaf), |level, index, hash| {
                    if level % 8 == 0 {
                        growth.hashes.insert((level / 8, index), hash);
                    }
                });
            }
            growth.leaves.push(entry.leaf);
        }
        if frontier.size() != size {
            return Err(damaged("log record", frontier.size()));
        }
        Ok((growth, frontier.root()))
    }

    /// Reads the bundles and tiles back and computes the root from them, twice: from the leaves
    /// and from the hashes.
    fn read_back(&self, mut frontier: Frontier, size: u64, root: Hash256) -> Outcome<()> {
        let old = frontier.size();
        let from = Growth::leaves_from(old);
        let hashes = leaf_hashes_on_disk(&self.directory, from, size)?;
        for (seq, hash) in (from..).zip(hashes) {
            if seq >= old {
                frontier.append(hash, |_, _, _| {});
            }
        }
        let reader = TileReader::new(&self.directory, size);
        let stored = Frontier::load(size, &reader)
            .map_err(|error| damaged("hash tile", old).caused_by(error))?;
        if frontier.root() != root {
            return Err(damaged("entry bundle", old));
        }
        if stored.root() != root {
            return Err(damaged("hash tile", old));
        }
        Ok(())
    }
}
