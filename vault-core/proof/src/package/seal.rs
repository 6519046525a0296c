//! The signature of a package: `package.sig`, a signed note over both tag manifests.
//!
//! Its first line holds spaces, which no origin may, so that a checkpoint's signature can never
//! be taken for a package's, nor the other way round.

use crate::note::{NoteError, Signer, VerifierKey};
use sha2::{Digest, Sha256, Sha512};

const FIRST_LINE: &str = "evidence-vault package v1";

/// What is signed: the digests of both tag manifests, under the name of the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    origin: String,
    sha256: String,
    sha512: String,
}

impl Seal {
    /// Over the exact bytes of the two tag manifests.
    pub fn over(origin: &str, tag_sha256: &[u8], tag_sha512: &[u8]) -> Self {
        Self {
            origin: origin.to_owned(),
            sha256: hex::encode(Sha256::digest(tag_sha256)),
            sha512: hex::encode(Sha512::digest(tag_sha512)),
        }
    }

    /// The text that is signed.
    pub fn text(&self) -> String {
        let Self { origin, sha256, sha512 } = self;
        format!("{FIRST_LINE}\n{origin}\n{sha256}\n{sha512}\n")
    }

    /// Signs it; the signer's name must be the origin.
    pub fn sign(&self, signer: &Signer) -> Result<String, NoteError> {
        if signer.verifier().name() != self.origin {
            return Err(NoteError::Form);
        }
        signer.sign(&self.text())
    }

    /// Checks that the note is signed by the key and says this.
    pub fn check(&self, note: &str, key: &VerifierKey) -> Result<(), NoteError> {
        if key.open(note)? != self.text() || key.name() != self.origin {
            return Err(NoteError::Forged);
        }
        Ok(())
    }
}
