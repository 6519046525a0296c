//! Witnesses (见证方): somebody outside who saw a checkpoint, and at what time.
//!
//! Here are the newest checkpoint that bears the word of a witness, and the witness itself: a key
//! on another machine that remembers what it saw. Promises: a witness never signs a ledger that
//! became shorter, or another of the same length, than it saw before; one whose memory cannot be
//! read signs nothing. It cannot see more: that a longer ledger continues the shorter one is proved
//! by `ledger verify` from any checkpoint kept.

use super::{Ledger, damaged};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::store::cipher::random_bytes;
use crate::store::durable;
use std::path::Path;
use vault_proof::checkpoint::Checkpoint;
use vault_proof::cosignature::{Witness, WitnessKey};
use zeroize::Zeroizing;

const KEY_MAGIC: &[u8; 8] = b"EVWITNK1";

/// The vault's newest checkpoint with the word of a witness.
const FILE: &str = "witnessed";

impl Ledger {
    /// The newest checkpoint that a witness saw, as a note.
    pub(crate) fn witnessed(&self) -> Outcome<Option<String>> {
        let path = self.directory.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(note) => Ok(Some(note)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(damaged(FILE, 0).caused_by(error)),
        }
    }

    pub(crate) fn keep_witnessed(&self, note: &str) -> Outcome<()> {
        durable::write_file(&self.directory.join(FILE), note.as_bytes(), durable::REPLACED)
    }
}

/// Makes the key of a witness, in a file that must not exist; gives its public half.
pub fn create_witness(path: &Path, name: &str) -> Outcome<WitnessKey> {
    if path.exists() {
        return Err(Fault::new(Code::TargetTaken).with("path", path.display()));
    }
    let seed: Zeroizing<[u8; 32]> = Zeroizing::new(random_bytes()?);
    let witness = witness_of(name, &seed)?;
    let mut bytes = Zeroizing::new(KEY_MAGIC.to_vec());
    bytes.extend_from_slice(&*seed);
    bytes.extend_from_slice(name.as_bytes());
    durable::write_file(path, &bytes, durable::SECRET)?;
    Ok(witness.key())
}

fn witness_of(name: &str, seed: &[u8; 32]) -> Outcome<Witness> {
    Witness::from_seed(name, seed)
        .map_err(|error| Fault::new(Code::ArgumentInvalid).with("argument", name).caused_by(error))
}

/// The witness whose key is in that file.
pub fn open_witness(path: &Path) -> Outcome<Witness> {
    let bytes = std::fs::read(path).map_err(|error| Fault::from_file(error, path))?;
    let bytes = Zeroizing::new(bytes);
    let wrong = || Fault::new(Code::VaultKeyWrong).with("path", path.display());
    let rest = bytes.strip_prefix(KEY_MAGIC).ok_or_else(wrong)?;
    let (seed, name) = rest.split_first_chunk::<32>().ok_or_else(wrong)?;
    witness_of(std::str::from_utf8(name).map_err(|_| wrong())?, seed)
}

/// Signs a checkpoint with the time it is now, and remembers beside the key what was seen. Refuses
/// a ledger that became shorter, or another one of the same length.
pub fn cosign(path: &Path, note: &str, now: UtcTime) -> Outcome<String> {
    let witness = open_witness(path)?;
    let refused = |what: &str| Fault::new(Code::CosignatureInvalid).with("reason", what);
    let text = note.rsplit_once("\n\n").map(|(text, _)| format!("{text}\n"));
    let text = text.ok_or_else(|| refused("checkpoint"))?;
    let checkpoint =
        Checkpoint::parse(&text).map_err(|error| refused("checkpoint").caused_by(error))?;
    let name = blake3::hash(checkpoint.origin.as_bytes()).to_hex();
    let memory = path.with_extension(format!("seen-{}", &name[..16]));
    if let Some(before) = remembered(&memory)? {
        let same = before.size == checkpoint.size;
        if checkpoint.size < before.size || (same && checkpoint.root != before.root) {
            return Err(refused("rewritten")
                .with("size", checkpoint.size)
                .with("expected", before.size));
        }
    }
    let seconds = u64::try_from(now.as_ms() / 1_000).unwrap_or(0);
    let signed = witness.cosign(note, seconds);
    let signed = signed.map_err(|error| refused("checkpoint").caused_by(error))?;
    durable::write_file(&memory, text.as_bytes(), durable::REPLACED)?;
    Ok(signed)
}

/// What the witness saw last; `None` before it saw anything.
fn remembered(memory: &Path) -> Outcome<Option<Checkpoint>> {
    let refused = || {
        let fault = Fault::new(Code::CosignatureInvalid).with("reason", "memory");
        fault.with("path", memory.display())
    };
    match std::fs::read_to_string(memory) {
        Ok(text) => Checkpoint::parse(&text).map(Some).map_err(|error| refused().caused_by(error)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(refused().caused_by(error)),
    }
}
