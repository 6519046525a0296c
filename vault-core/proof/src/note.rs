//! Signed notes (C2SP signed-note) with Ed25519.
//!
//! A note is text ending in a newline, an empty line, and signature lines. Lines of other keys are
//! ignored; a line in our key's name that does not verify is an error.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;

const ED25519: u8 = 1;

/// Why a text is no note of this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The text is no signed note, or the key text is no key.
    #[error("not in form")]
    Form,
    /// No line is signed by this key.
    #[error("not signed by this key")]
    Unsigned,
    /// A line in this key's name does not verify.
    #[error("a signature in this key's name is forged")]
    Forged,
}

/// The public half: name, key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

fn key_id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(key.as_bytes())
        .finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

fn name_is_valid(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+')
}

impl VerifierKey {
    /// Reads a key text: `name+hash+base64`.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (name, hash, key) = parts
            .next()
            .zip(parts.next())
            .zip(parts.next())
            .map(|((name, hash), key)| (name, hash, key))
            .ok_or(NoteError::Form)?;
        let key = STANDARD.decode(key).map_err(|_| NoteError::Form)?;
        let (&[algorithm], key) = key.split_first_chunk::<1>().ok_or(NoteError::Form)?;
        let key: &[u8; 32] = key.try_into().map_err(|_| NoteError::Form)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| NoteError::Form)?;
        let right = algorithm == ED25519 && hash == hex::encode(key_id(name, &key));
        if !right || !name_is_valid(name) {
            return Err(NoteError::Form);
        }
        Ok(Self { name: name.to_owned(), key })
    }

    /// Its name; for checkpoints the origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Checks a note and gives its text, the last newline included.
    pub fn open<'a>(&self, note: &'a str) -> Result<&'a str, NoteError> {
        let end = note.rfind("\n\n").ok_or(NoteError::Form)? + 1;
        let (text, signatures) = (&note[..end], &note[end + 1..]);
        if !signatures.ends_with('\n') || text.chars().any(|c| c < ' ' && c != '\n') {
            return Err(NoteError::Form);
        }
        let own = key_id(&self.name, &self.key);
        let mut signed = false;
        for line in signatures.lines() {
            let line = line.strip_prefix("\u{2014} ").ok_or(NoteError::Form)?;
            let (name, encoded) = line.split_once(' ').ok_or(NoteError::Form)?;
            let bytes = STANDARD.decode(encoded).map_err(|_| NoteError::Form)?;
            let (id, signature) = bytes.split_first_chunk::<4>().ok_or(NoteError::Form)?;
            if name != self.name || *id != own {
                continue;
            }
            let signature = Signature::from_slice(signature).map_err(|_| NoteError::Forged)?;
            let held = self.key.verify_strict(text.as_bytes(), &signature);
            held.map_err(|_| NoteError::Forged)?;
            signed = true;
        }
        if signed { Ok(text) } else { Err(NoteError::Unsigned) }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519];
        key.extend_from_slice(self.key.as_bytes());
        let id = hex::encode(key_id(&self.name, &self.key));
        write!(formatter, "{}+{id}+{}", self.name, STANDARD.encode(key))
    }
}

/// The secret half. Not shown; wiped when dropped.
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl Signer {
    /// From a 32-byte seed.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        if !name_is_valid(name) {
            return Err(NoteError::Form);
        }
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(seed) })
    }

    /// The public half.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// Signs a text, which must end in a newline, and gives the whole note.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        if !text.ends_with('\n') || text.contains("\n\n") {
            return Err(NoteError::Form);
        }
        let mut bytes = key_id(&self.name, &self.key.verifying_key()).to_vec();
        bytes.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        Ok(format!("{text}\n\u{2014} {} {}\n", self.name, STANDARD.encode(bytes)))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Signer({}, hidden)", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example of the specification and of golang.org/x/mod/sumdb/note.
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn the_note_of_the_specification_verifies_and_a_changed_one_does_not() {
        let key = VerifierKey::parse(KEY).expect("key");
        assert_eq!(key.to_string(), KEY);
        assert!(key.open(NOTE).expect("verifies").ends_with("is.\n"));
        assert_eq!(key.open(&NOTE.replace("answer", "Answer")), Err(NoteError::Forged));
        assert_eq!(
            key.open(&NOTE.replace("\u{2014} Peter", "\u{2014} Mallory")),
            Err(NoteError::Unsigned)
        );
        assert_eq!(key.open(NOTE.trim_end()), Err(NoteError::Form));
        assert!(VerifierKey::parse(&KEY.replace("c74f", "c74e")).is_err());
    }

    #[test]
    fn what_is_signed_verifies_and_strangers_lines_are_ignored() {
        let signer = Signer::from_seed("vault.example/1", &[5; 32]).expect("signer");
        let note = signer.sign("one\ntwo\n").expect("signs");
        let both =
            format!("{note}\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZI=\n");
        assert_eq!(signer.verifier().open(&both), Ok("one\ntwo\n"));
        assert!(Signer::from_seed("a b", &[5; 32]).is_err());
        assert!(signer.sign("no newline").is_err());
    }
}
