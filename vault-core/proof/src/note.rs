//! Signed notes (C2SP signed-note) with Ed25519.
//!
//! A note is text ending in a newline, an empty line, and signature lines. Lines of other keys are
//! ignored; a line in our key's name that does not verify is an error. Promises that a note has one
//! spelling: no control characters, no other line ends. Never shows or stores a secret, and signing
//! draws no randomness: equal texts have equal signatures. Format: `docs/formats/ledger.md`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;

const ED25519: u8 = 1;

/// The longest note read, 1,000,000 bytes: what golang.org/x/mod/sumdb/note accepts, and room for
/// far more than the 16 signatures of 5 kB that the specification demands.
pub const NOTE_BYTES_MAX: usize = 1_000_000;

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
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c < ' ' || c == '+')
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
        if note.len() > NOTE_BYTES_MAX || note.contains(|c: char| c < ' ' && c != '\n') {
            return Err(NoteError::Form);
        }
        let end = note.rfind("\n\n").ok_or(NoteError::Form)? + 1;
        let (text, signatures) = (&note[..end], &note[end + 1..]);
        let signatures = signatures.strip_suffix('\n').ok_or(NoteError::Form)?;
        let own = key_id(&self.name, &self.key);
        let mut signed = false;
        for line in signatures.split('\n') {
            let line = line.strip_prefix("\u{2014} ").ok_or(NoteError::Form)?;
            let (name, encoded) = line.split_once(' ').ok_or(NoteError::Form)?;
            let bytes = STANDARD.decode(encoded).map_err(|_| NoteError::Form)?;
            let (id, signature) = bytes.split_first_chunk::<4>().ok_or(NoteError::Form)?;
            if !name_is_valid(name) || signature.is_empty() {
                return Err(NoteError::Form);
            }
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
        let controls = text.contains(|c: char| c < ' ' && c != '\n');
        if !text.ends_with('\n') || text.contains("\n\n") || controls {
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
    fn the_example_of_c2sp_verifies() {
        let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        let note = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYR\
            lL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        let key = VerifierKey::parse(key).expect("key");
        assert_eq!(key.open(note), Ok("This is an example message.\n"));
        assert_eq!(key.open(&note.replace("Uw2QOkn8", "Uw2QOkn9")), Err(NoteError::Forged));
    }

    #[test]
    fn signing_gives_the_note_of_the_go_package_to_the_letter() {
        // The private key of the example in golang.org/x/mod/sumdb/note.
        let seed = STANDARD.decode("gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=").expect("seed");
        let seed = seed.try_into().expect("32 bytes");
        let signer = Signer::from_seed("PeterNeumann", &seed).expect("signer");
        assert_eq!(signer.verifier().to_string(), KEY);
        let (text, _) = NOTE.split_once("\n\n").expect("text");
        assert_eq!(signer.sign(&format!("{text}\n")).expect("signs"), NOTE);
    }

    #[test]
    fn a_note_has_one_spelling() {
        let key = VerifierKey::parse(KEY).expect("key");
        let stranger = |line: &str| format!("{NOTE}\u{2014} {line}\n");
        let malformed = [
            NOTE.replace("AM=\n", "AM=\r\n"),
            NOTE.replace("answer", "ans\twer"),
            NOTE.replace("AM=\n", "AM=\n\n"),
            NOTE.replace("AM=\n", "AN=\n"),
            NOTE.replace("\u{2014} Peter", "\u{2014}  Peter"),
            NOTE.replace("\u{2014} ", "- "),
            stranger(" x08go/ZJ"),
            stranger("a+b x08go/ZJ"),
            stranger("someone x08goA=="),
            stranger("someone !"),
            stranger("someone"),
            format!("{}{NOTE}", "x\n".repeat(NOTE_BYTES_MAX / 2)),
        ];
        for note in malformed {
            assert_eq!(key.open(&note), Err(NoteError::Form), "{}", &note[note.len() - 80..]);
        }
        assert!(key.open(&stranger("someone x08go/ZJ")).is_ok());
        let sixteen = "\u{2014} someone x08go/ZJ\n".repeat(16);
        assert!(key.open(&format!("{NOTE}{sixteen}")).is_ok());
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
        assert!(signer.sign("two\r\n").is_err());
    }
}
