//! Timestamped cosignatures of checkpoints (C2SP tlog-cosignature, `cosignature/v1`).
//!
//! A witness (见证方) signs the text of a checkpoint together with the time at which it saw it, by its
//! own clock. Promises: what verifies was signed by that key, over exactly this text, with exactly
//! this time. Never says that the time is right: that is as good as the witness. Format:
//! `docs/formats/ledger.md`.

use crate::note::{NOTE_BYTES_MAX, NoteError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;

/// The type of key in a key text, as the specification says.
const COSIGNATURE_V1: u8 = 4;

fn key_id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', COSIGNATURE_V1])
        .chain_update(key.as_bytes())
        .finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

fn signed_text(seconds: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {seconds}\n{text}").into_bytes()
}

/// The public half of a witness: name, key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    key: VerifyingKey,
}

impl WitnessKey {
    /// Reads a key text: `name+hash+base64`.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Form);
        };
        let key = STANDARD.decode(key).map_err(|_| NoteError::Form)?;
        let (&[kind], key) = key.split_first_chunk::<1>().ok_or(NoteError::Form)?;
        let key: &[u8; 32] = key.try_into().map_err(|_| NoteError::Form)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| NoteError::Form)?;
        let named = !name.is_empty() && !name.contains(char::is_whitespace);
        if kind != COSIGNATURE_V1 || !named || hash != hex::encode(key_id(name, &key)) {
            return Err(NoteError::Form);
        }
        Ok(Self { name: name.to_owned(), key })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When this witness saw the checkpoint, in seconds since 1970 by its own clock: the latest of
    /// its cosignatures on the note.
    pub fn seen(&self, note: &str) -> Result<u64, NoteError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(NoteError::Form);
        }
        let end = note.rfind("\n\n").ok_or(NoteError::Form)? + 1;
        let (text, signatures) = (&note[..end], &note[end + 1..]);
        let own = key_id(&self.name, &self.key);
        let mut latest = None;
        for line in signatures.lines() {
            let line = line.strip_prefix("\u{2014} ").ok_or(NoteError::Form)?;
            let (name, encoded) = line.split_once(' ').ok_or(NoteError::Form)?;
            let bytes = STANDARD.decode(encoded).map_err(|_| NoteError::Form)?;
            let (id, rest) = bytes.split_first_chunk::<4>().ok_or(NoteError::Form)?;
            if name != self.name || *id != own {
                continue;
            }
            let (seconds, signature) = rest.split_first_chunk::<8>().ok_or(NoteError::Forged)?;
            let seconds = u64::from_be_bytes(*seconds);
            let signature = Signature::from_slice(signature).map_err(|_| NoteError::Forged)?;
            let held = self.key.verify_strict(&signed_text(seconds, text), &signature);
            held.map_err(|_| NoteError::Forged)?;
            latest = latest.max(Some(seconds));
        }
        latest.ok_or(NoteError::Unsigned)
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![COSIGNATURE_V1];
        key.extend_from_slice(self.key.as_bytes());
        let id = hex::encode(key_id(&self.name, &self.key));
        write!(formatter, "{}+{id}+{}", self.name, STANDARD.encode(key))
    }
}

/// The secret half of a witness. Not shown; wiped when dropped.
pub struct Witness {
    name: String,
    key: SigningKey,
}

impl Witness {
    /// From a 32-byte seed.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '+') {
            return Err(NoteError::Form);
        }
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(seed) })
    }

    /// The public half.
    pub fn key(&self) -> WitnessKey {
        WitnessKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The note with a cosignature of this time behind its other signatures.
    pub fn cosign(&self, note: &str, seconds: u64) -> Result<String, NoteError> {
        let end = note.rfind("\n\n").ok_or(NoteError::Form)? + 1;
        if note.len() > NOTE_BYTES_MAX || !note.ends_with('\n') {
            return Err(NoteError::Form);
        }
        let signature = self.key.sign(&signed_text(seconds, &note[..end]));
        let mut bytes = key_id(&self.name, &self.key.verifying_key()).to_vec();
        bytes.extend_from_slice(&seconds.to_be_bytes());
        bytes.extend_from_slice(&signature.to_bytes());
        Ok(format!("{note}\u{2014} {} {}\n", self.name, STANDARD.encode(bytes)))
    }
}

impl fmt::Debug for Witness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Witness({}, hidden)", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Signer;

    #[test]
    fn a_cosignature_holds_for_its_text_and_time_alone() {
        let signer = Signer::from_seed("log", &[1; 32]).expect("signer");
        let note = signer.sign("log\n5\nAAAA\n").expect("note");
        let witness = Witness::from_seed("witness", &[2; 32]).expect("witness");
        let key = WitnessKey::parse(&witness.key().to_string()).expect("key");
        assert_eq!(key, witness.key());
        assert_eq!(key.seen(&note), Err(NoteError::Unsigned));
        let seen = witness.cosign(&note, 1_700_000_000).expect("cosigned");
        assert_eq!(key.seen(&seen), Ok(1_700_000_000));
        // The log's own signature is not disturbed.
        assert_eq!(signer.verifier().open(&seen), Ok("log\n5\nAAAA\n"));
        let later = witness.cosign(&seen, 1_700_000_060).expect("cosigned");
        assert_eq!(key.seen(&later), Ok(1_700_000_060));
        assert_eq!(key.seen(&seen.replace("\n5\n", "\n6\n")), Err(NoteError::Forged));
        let other = Witness::from_seed("witness", &[3; 32]).expect("witness").key();
        assert_eq!(other.seen(&seen), Err(NoteError::Unsigned));
        let line = seen.lines().last().expect("a line");
        let (front, encoded) = line.rsplit_once(' ').expect("two parts");
        let mut bytes = STANDARD.decode(encoded).expect("base64");
        bytes[11] ^= 1;
        let forged = seen.replace(line, &format!("{front} {}", STANDARD.encode(bytes)));
        assert_eq!(key.seen(&forged), Err(NoteError::Forged), "another time");
        for bad in ["", "witness+00000000+BA==", "log+x"] {
            assert_eq!(WitnessKey::parse(bad), Err(NoteError::Form));
        }
    }
}
