//! What a check finds: problems by their stable code and file, and the verdict.

use crate::id::ContentId;
use std::fmt;

macro_rules! problems {
    ($($(#[$meta:meta])* $name:ident = $text:literal;)+) => {
        /// Every kind of problem. Each has its words in both catalogues.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum What { $($(#[$meta])* $name,)+ }

        impl What {
            /// Every kind, for the test that each has its words.
            pub const ALL: &'static [What] = &[$(What::$name,)+];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(What::$name => $text,)+ }
            }
        }
    };
}

problems! {
    /// The set of files cannot be listed.
    NotListed = "not-listed";
    /// There are more files than a package may have.
    TooManyFiles = "too-many-files";
    /// A name that no package has: tricks, other alphabets, devices.
    NameBad = "name-bad";
    /// Two names that are one file where case does not count.
    NameTwice = "name-twice";
    /// A link, a device, or whatever else is no ordinary file.
    NotOrdinary = "not-ordinary";
    /// A file that the package must have is not there.
    Missing = "missing";
    /// A file is there that nothing accounts for.
    Extra = "extra";
    /// A file cannot be read.
    Unreadable = "unreadable";
    /// A file is longer than its kind may be, or than it was listed with.
    TooLong = "too-long";
    /// A file is not in the form that its kind has.
    Form = "form";
    /// The digest in the SHA-256 manifest is another.
    Sha256 = "sha256-differs";
    /// The digest in the SHA-512 manifest is another.
    Sha512 = "sha512-differs";
    /// The digest in the BLAKE3 manifest is another.
    Blake3 = "blake3-differs";
    /// `bag-info.txt` states other counts, or another format.
    BagInfo = "bag-info-differs";
    /// The key in the statement is not the pinned one.
    OtherKey = "other-key";
    /// A signature is missing or does not hold.
    Signature = "signature-bad";
    /// The checkpoint is not the one the statement or a proof names.
    OtherCheckpoint = "other-checkpoint";
    /// The proof does not show this event in the ledger.
    NotProved = "not-proved";
    /// An event of the chain of custody is missing, moved or another's.
    CustodyGap = "custody-gap";
    /// The chain ends at another event than the statement names.
    CustodyEnd = "custody-end";
    /// The chain does not begin with the accession of this recording, or contradicts the bytes.
    CustodyDiffers = "custody-differs";
    /// The bytes are not those of the recording.
    OriginalDiffers = "original-differs";
    /// What an excerpt was cut from is not proved to be part of the recording.
    SourceNotProved = "source-not-proved";
    /// An excerpt is not what its record says, or not cut from those bytes.
    ExcerptDiffers = "excerpt-differs";
    /// A record disagrees with the bytes.
    RecordDiffers = "record-differs";
    /// The list of digests disagrees with the records.
    IntegrityDiffers = "integrity-differs";
}

/// One problem, with the file it is in; empty for the package as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// What is wrong.
    pub what: What,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {:?}", self.what.as_str(), self.file)
    }
}

/// What the check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Whole, and signed by the key that was given from outside.
    Valid,
    /// Whole, and signed by the key that the package itself names (自证): agrees with itself.
    SelfAsserted,
    /// Not to be relied on.
    NotValid,
}

impl Verdict {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::SelfAsserted => "self-asserted",
            Self::NotValid => "not-valid",
        }
    }
}

/// An excerpt as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The recording.
    pub recording: ContentId,
    /// Begin of what is here, in milliseconds from its beginning.
    pub begins_ms: u64,
    /// End of it.
    pub ends_ms: u64,
    /// Bytes of the excerpt.
    pub bytes: u64,
    /// How many of them stand in the recording as they are.
    pub as_recorded: u64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What it comes to.
    pub verdict: Verdict,
    /// The key in the statement, where it could be read.
    pub origin: String,
    /// The number of the copy.
    pub copy_mark: String,
    /// Recordings included.
    pub included: Vec<ContentId>,
    /// Recordings of which an excerpt is included.
    pub excerpts: Vec<Excerpt>,
    /// Recordings asked for and not given: withheld or unreadable.
    pub missing: Vec<ContentId>,
    /// Files listed.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Events of the chains of custody.
    pub events: u64,
    /// Every problem, sorted, each once.
    pub problems: Vec<Problem>,
}
