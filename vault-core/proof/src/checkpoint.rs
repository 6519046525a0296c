//! Checkpoints (C2SP tlog-checkpoint): origin, size and root of the tree, in a signed note.
//!
//! Promises that what `open` gives was signed by the key and has one spelling. Never accepts
//! extension lines, and never compares two checkpoints: `tree::check_consistency` does. Format:
//! `docs/formats/ledger.md`.

use crate::id::Hash256;
use crate::note::{NoteError, Signer, VerifierKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The state of a ledger that was vouched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which ledger.
    pub origin: String,
    /// How many events.
    pub size: u64,
    /// Root of their tree.
    pub root: Hash256,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.as_bytes()))
    }

    /// Signs it; the signer's name must be the origin.
    pub fn sign(&self, signer: &Signer) -> Result<String, NoteError> {
        if signer.verifier().name() != self.origin {
            return Err(NoteError::Form);
        }
        signer.sign(&self.text())
    }

    /// Checks a signed checkpoint and reads it. Extension lines are refused: we write none.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, NoteError> {
        let checkpoint = Self::parse(key.open(note)?)?;
        if checkpoint.origin != key.name() {
            return Err(NoteError::Form);
        }
        Ok(checkpoint)
    }

    /// Reads the text that is signed, which says nothing yet about who signed it.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.lines();
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(NoteError::Form);
        };
        let root = STANDARD.decode(root).map_err(|_| NoteError::Form)?;
        let root = root.try_into().map_err(|_| NoteError::Form)?;
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: size.parse().map_err(|_| NoteError::Form)?,
            root: Hash256::from_bytes(root),
        };
        if checkpoint.text() != text || origin.is_empty() {
            return Err(NoteError::Form);
        }
        Ok(checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_checkpoint_is_read_back_and_no_other_text_is() {
        let signer = Signer::from_seed("evidence-vault/test", &[9; 32]).expect("signer");
        let key = signer.verifier();
        let root = crate::tree::empty_root();
        let checkpoint = Checkpoint { origin: "evidence-vault/test".into(), size: 7, root };
        let note = checkpoint.sign(&signer).expect("signs");
        assert_eq!(Checkpoint::open(&note, &key), Ok(checkpoint.clone()));
        assert!(Checkpoint::open(&note.replace("\n7\n", "\n8\n"), &key).is_err());
        let padded = signer.sign(&checkpoint.text().replace("\n7\n", "\n07\n")).expect("signs");
        assert_eq!(Checkpoint::open(&padded, &key), Err(NoteError::Form));
        let other = Checkpoint { origin: "another".into(), ..checkpoint };
        assert!(other.sign(&signer).is_err());
        // Our key under the words of another ledger: signed, and still not a checkpoint of ours.
        let foreign = signer.sign(&other.text()).expect("signs");
        assert_eq!(Checkpoint::open(&foreign, &key), Err(NoteError::Form));
    }

    #[test]
    fn a_checkpoint_text_has_one_spelling() {
        // The example of C2SP tlog-checkpoint.
        let text = "example.com/behind-the-sofa\n20852163\n\
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let checkpoint = Checkpoint::parse(text).expect("reads");
        assert_eq!((checkpoint.size, checkpoint.text().as_str()), (20_852_163, text));
        let refused = [
            text.replace("\n2085", "\n+2085"),
            text.replace("\n2085", "\n02085"),
            text.replace("\n2085", "\n-2085"),
            text.replace("q2I=\n", "q2I="),
            text.replace("q2I=\n", "q2J=\n"),
            text.replace("q2I=\n", "q2I=\nextension\n"),
            text.replace("63\n", "63\r\n"),
            text.replace("example.com/behind-the-sofa", ""),
            text.replace("20852163", "18446744073709551616"),
            text.replace("CsUY", ""),
        ];
        for text in refused {
            assert_eq!(Checkpoint::parse(&text), Err(NoteError::Form), "{text}");
        }
    }
}
