//! The court package (证据提供包), written: originals, chains of custody, proofs, forms, player.
//!
//! Promises that a package is there whole and durable or not at all, that everything in it was
//! hashed as it was written, that an original which does not read as its content id is left out
//! and named in the statement, and that no signature is asked for before all of that. Never
//! decides who may have one: `assemble` demands the grants, and `write` gets values and readers
//! from it. Format: `docs/formats/package.md`. (R18, R20, R22, R29)

mod assemble;
mod lay;
mod names;
mod pages;
pub(crate) mod sink;
mod zip;

pub use assemble::{Kept, Order, Transcript, assemble};
pub use lay::write;
pub use pages::verifier;

pub(crate) use assemble::assemble_kept;

use crate::fault::Outcome;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use vault_proof::canonical::{Key, Value};
use vault_proof::note::VerifierKey;
use vault_proof::package::excerpt::Piece;
use vault_proof::package::part::Part;
use vault_proof::package::seal::Seal;
use vault_proof::package::statement::{Unreadable, Withheld};
use vault_proof::{ContentId, Hash256};

/// Where a package goes. Neither may exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A directory, for a disc or a carrier.
    Directory(PathBuf),
    /// One zip file, stored without compression, zip64 where needed.
    Zip(PathBuf),
}

/// What the package answers, in words that its statement repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// The number of this copy, which no other copy bears (R22).
    pub copy_mark: String,
    /// Number of the request.
    pub request: String,
    /// Number of the notice (《调取证据通知书》).
    pub notice: String,
    /// To whom it is handed.
    pub recipient: String,
    /// What for.
    pub purpose: String,
}

/// Opens a recording for reading from its first byte; called once. A reader that fails with a
/// `Fault` inside its error has found damage, which the statement then names.
pub type Opener<'a> = Box<dyn FnOnce() -> Outcome<Box<dyn Read + 'a>> + 'a>;

/// One recording to be laid into the package.
pub struct PackageRecording<'a> {
    /// Its content id.
    pub recording: ContentId,
    /// Its length.
    pub bytes: u64,
    /// The name it was received under, as text.
    pub name: String,
    /// The exact bytes of that name where they are no such text; else empty.
    pub name_bytes: Vec<u8>,
    /// The case (案号).
    pub case: String,
    /// Its format, for example `video/mp4`.
    pub format: String,
    /// Labels and facts, by name.
    pub facts: BTreeMap<Key, Value>,
    /// Its text record as WebVTT.
    pub transcript_vtt: Option<Vec<u8>>,
    /// Its text record as plain text.
    pub transcript_txt: Option<Vec<u8>>,
    /// What was made of it for this copy, with the copy's mark in the picture.
    pub rendition: Option<Rendition<'a>>,
    /// Numbers of its events, first to last.
    pub events: Vec<u64>,
    /// Gives its bytes.
    pub open: Opener<'a>,
}

/// What was made of a recording for one copy, and bears its mark (R22).
pub struct Rendition<'a> {
    /// `mp4` or `jpg`.
    pub extension: &'static str,
    /// Its length.
    pub bytes: u64,
    /// Gives its bytes.
    pub open: Opener<'a>,
}

/// One recording of which an excerpt (节选) is laid into the package.
pub struct PackageExcerpt<'a> {
    /// As of a recording that is given whole, but that `open` gives the bytes of the excerpt.
    pub of: PackageRecording<'a>,
    /// SHA-256 and SM3 of the whole, as taken at its receipt.
    pub digests: (String, String),
    /// The stretch that was asked for, in milliseconds.
    pub asked_ms: (u64, u64),
    /// The stretch that is in the excerpt.
    pub covers_ms: (u64, u64),
    /// Why the whole is kept back, in words, and the article.
    pub withheld: (String, String),
    /// Format and extension of the excerpt.
    pub format: (&'static str, &'static str),
    /// Its length.
    pub bytes: u64,
    /// The ranges it was cut from.
    pub part: Part,
    /// Chaining values of the tree outside them.
    pub proof: Vec<Hash256>,
    /// Which of its bytes stand in those ranges.
    pub pieces: Vec<Piece>,
    /// What cut it.
    pub engine: String,
    /// Gives the bytes of the ranges.
    pub source: Opener<'a>,
}

/// The exact bytes of an event, and the proof file that shows it in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvedLeaf {
    /// The leaf.
    pub leaf: Vec<u8>,
    /// Its proof, under the package's checkpoint.
    pub proof: String,
}

/// A form to go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Its name, for example `调取证据通知书.pdf`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Everything that goes into a package.
pub struct PackageContents<'a> {
    /// What it answers.
    pub answers: Answers,
    /// When it is written, in milliseconds since 1970-01-01 UTC.
    pub written_ms: i64,
    /// What was asked for, in the order asked.
    pub asked: Vec<ContentId>,
    /// What is kept back, and why.
    pub withheld: Vec<Withheld>,
    /// What is given.
    pub recordings: Vec<PackageRecording<'a>>,
    /// Of what an excerpt is given.
    pub excerpts: Vec<PackageExcerpt<'a>>,
    /// Every event of those recordings.
    pub leaves: BTreeMap<u64, ProvedLeaf>,
    /// The signed checkpoint of all proofs.
    pub checkpoint: String,
    /// The forms.
    pub forms: Vec<Form>,
}

/// Signs packages for one vault.
pub trait PackageSigner {
    /// The key that verifies them, which is that of the ledger's checkpoints.
    fn verifier(&self) -> Outcome<VerifierKey>;

    /// Signs; gives the note.
    fn sign(&self, seal: &Seal) -> Outcome<String>;
}

/// A package that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// Files in it.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// SHA-256 of `package.sig`, hex: names this very package in the ledger.
    pub signature_sha256: String,
    /// What was to be given and could not be read.
    pub unreadable: Vec<Unreadable>,
    /// What bears the copy's mark: recording, content id and length of each rendition.
    pub renditions: Vec<(ContentId, ContentId, u64)>,
}

#[cfg(test)]
mod tests;
