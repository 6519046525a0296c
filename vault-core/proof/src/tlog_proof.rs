//! Proof files (C2SP tlog-proof): one event is in the ledger that a checkpoint vouches for.
//!
//! Promises that a proof which verifies binds these exact leaf bytes to that number under that key.
//! Never trusts an `extra` line, and never says when the event happened. Format:
//! `docs/formats/ledger.md`.

use crate::checkpoint::Checkpoint;
use crate::event::leaf_hash;
use crate::id::Hash256;
use crate::note::{NoteError, VerifierKey};
use crate::tree::{ProofError, check_inclusion};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// Longest inclusion proof: one hash for each level of a tree of 2^63 leaves.
const HASHES_MAX: usize = 63;

/// Why a proof file does not prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// The text is no proof file.
    #[error("not in form")]
    Form,
    /// The checkpoint does not hold.
    #[error("checkpoint: {0}")]
    Checkpoint(#[from] NoteError),
    /// The proof does not hold.
    #[error("inclusion: {0}")]
    Inclusion(#[from] ProofError),
}

/// A proof file as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Number of the event.
    pub index: u64,
    /// Its inclusion proof.
    pub hashes: Vec<Hash256>,
    /// The signed checkpoint, to the letter.
    pub checkpoint: String,
}

impl TlogProof {
    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\nindex {}\n", self.index);
        for hash in &self.hashes {
            // Writing to a String cannot fail.
            writeln!(text, "{}", STANDARD.encode(hash.as_bytes())).ok();
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads a proof file. An `extra` line is not authenticated and is skipped.
    pub fn parse(text: &str) -> Result<Self, TlogProofError> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(TlogProofError::Form)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(FIRST_LINE) {
            return Err(TlogProofError::Form);
        }
        if let Some(extra) = lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            STANDARD.decode(extra).map_err(|_| TlogProofError::Form)?;
            lines.next();
        }
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index_text = index.ok_or(TlogProofError::Form)?;
        let index: u64 = index_text.parse().map_err(|_| TlogProofError::Form)?;
        let hashes = lines
            .map(|line| {
                let bytes = STANDARD.decode(line).ok()?;
                bytes.try_into().ok().map(Hash256::from_bytes)
            })
            .collect::<Option<Vec<_>>>()
            .ok_or(TlogProofError::Form)?;
        if hashes.len() > HASHES_MAX || index.to_string() != index_text {
            return Err(TlogProofError::Form);
        }
        Ok(Self { index, hashes, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that this exact leaf is in the ledger of that key; gives the checkpoint.
    pub fn verify(&self, leaf: &[u8], key: &VerifierKey) -> Result<Checkpoint, TlogProofError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, key)?;
        let hash = leaf_hash(leaf);
        check_inclusion(self.index, checkpoint.size, &hash, &self.hashes, &checkpoint.root)?;
        Ok(checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Signer;
    use crate::tree::{Frontier, prove_inclusion};
    use std::collections::BTreeMap;

    #[test]
    fn a_proof_file_proves_its_leaf_and_no_other() {
        let signer = Signer::from_seed("evidence-vault/test", &[9; 32]).expect("signer");
        let mut frontier = Frontier::default();
        let mut stored = BTreeMap::new();
        for number in 0..11u8 {
            frontier.append(leaf_hash(&[number]), |level, index, hash| {
                stored.insert((level, index), hash);
            });
        }
        let origin = "evidence-vault/test".to_owned();
        let checkpoint = Checkpoint { origin, size: 11, root: frontier.root() };
        let reader = |level, index| stored.get(&(level, index)).copied();
        let proof = TlogProof {
            index: 4,
            hashes: prove_inclusion(4, 11, &reader).expect("proves"),
            checkpoint: checkpoint.sign(&signer).expect("signs"),
        };
        let read = TlogProof::parse(&proof.text()).expect("reads");
        assert_eq!(read, proof);
        assert_eq!(read.verify(&[4], &signer.verifier()), Ok(checkpoint));
        let hash = format!("{}\n", STANDARD.encode([1; 32]));
        assert!(read.verify(&[5], &signer.verifier()).is_err());
        let moved = TlogProof { index: 5, ..read.clone() };
        assert!(moved.verify(&[4], &signer.verifier()).is_err());
        let text = proof.text();
        let extra = text.replace("index 4", "extra YWJj\nindex 4");
        assert_eq!(TlogProof::parse(&extra), Ok(proof));
        let malformed = [
            text.replace("index 4", "index 04"),
            text.replace("index 4", "index +4"),
            text.replace("index 4\n", "index 4\r\n"),
            text.replace("@v1", "@v2"),
            text.replace("@v1\n", "@v1\r\n"),
            text.replace("index 4", "extra !\nindex 4"),
            text.replace("index 4", "extra YWJj\nextra YWJj\nindex 4"),
            text.replace("index 4\n", ""),
            text.replace("index 4\n", "index 4\n!\n"),
            text.replace("index 4\n", &format!("index 4\n{}", hash.repeat(64))),
            text.replace("\n\n", "\n"),
        ];
        for text in malformed {
            assert_eq!(TlogProof::parse(&text), Err(TlogProofError::Form), "{text}");
        }
        let longer = text.replace("index 4\n", &format!("index 4\n{hash}"));
        let longer = TlogProof::parse(&longer).expect("reads");
        assert!(longer.verify(&[4], &signer.verifier()).is_err());
        let stranger = Signer::from_seed("evidence-vault/test", &[8; 32]).expect("signer");
        let by_another = read.verify(&[4], &stranger.verifier());
        assert_eq!(by_another, Err(TlogProofError::Checkpoint(NoteError::Unsigned)));
    }
}
