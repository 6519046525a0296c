//! The court package (证据提供包): its form, and the check that needs nothing but the package.
//!
//! Promises that a package which `verify` finds no problem in holds exactly the files that the
//! vault's key signed for, that each original is the recording of its content id, that what an
//! excerpt was cut from is part of it, and that its chain of custody is whole from the first event
//! to the one the statement names. Never trusts
//! a key found in the package beyond calling it self-asserted, never follows a path, and never
//! reads more than its limits. Format: `docs/formats/package.md`. (R18, R20, R22, R29)

pub mod path;

pub mod excerpt;
pub mod manifest;
pub mod part;
pub mod record;
pub mod seal;
pub mod statement;

mod check;
mod contents;
mod custody;
mod files;
mod problem;

pub use check::verify;
pub use files::{Files, Listed};
pub use problem::{Excerpt, Problem, Report, Verdict, What};

/// Version of the package format, as written in `bag-info.txt`.
pub const VERSION: u32 = 1;

/// The exact bytes of `bagit.txt`.
pub const BAGIT: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// The line of `bag-info.txt` that names the format.
pub const FORMAT_LINE: &str = "Evidence-Vault-Package: 1";

/// How many files a package may have: room for 30,000 recordings with their events.
pub const FILES_MAX: usize = 200_000;

/// How many bytes a file that is read whole may have: manifests of `FILES_MAX` lines and the
/// statement are the largest.
pub const WHOLE_BYTES_MAX: u64 = 64 << 20;

/// How many bytes of custody leaves are kept at once: 4,000 of the longest, half a million usual.
pub const LEAVES_BYTES_MAX: u64 = 256 << 20;

/// The sentences of verifiers, zh-CN: one `key = text` to a line.
pub const WORDS_ZH_CN: &str = include_str!("../../locales/zh-CN/package.ftl");

/// The same sentences in English.
pub const WORDS_EN: &str = include_str!("../../locales/en/package.ftl");

/// The sentence of that key in such a catalogue.
pub fn words<'a>(catalogue: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = catalogue.lines().filter_map(|line| line.split_once(" = "));
    lines.find(|(name, _)| *name == key).map(|(_, text)| text)
}

/// Names of the files at the top of a package.
pub mod top {
    /// BagIt's declaration.
    pub const BAGIT: &str = "bagit.txt";
    /// BagIt's description of the bag.
    pub const BAG_INFO: &str = "bag-info.txt";
    /// Payload manifest, SHA-256.
    pub const SHA256: &str = "manifest-sha256.txt";
    /// Payload manifest, SHA-512.
    pub const SHA512: &str = "manifest-sha512.txt";
    /// Payload manifest, BLAKE3: a tag file in the form of `b3sum -c`.
    pub const BLAKE3: &str = "manifest-blake3.txt";
    /// Tag manifest, SHA-256.
    pub const TAG_SHA256: &str = "tagmanifest-sha256.txt";
    /// Tag manifest, SHA-512.
    pub const TAG_SHA512: &str = "tagmanifest-sha512.txt";
    /// The signature over the tag manifests.
    pub const SIGNATURE: &str = "package.sig";
    /// The player.
    pub const PLAYER: &str = "index.html";
    /// The verifier for browsers.
    pub const VERIFIER: &str = "verify.html";

    /// The files that the tag manifests list, in their order.
    pub const LISTED: [&str; 7] = [BAG_INFO, BAGIT, PLAYER, BLAKE3, SHA256, SHA512, VERIFIER];
    /// The files that the tag manifests cannot list.
    pub const UNLISTED: [&str; 3] = [TAG_SHA256, TAG_SHA512, SIGNATURE];
}

/// Names of the single files below `data/`.
pub mod data {
    /// What was asked for, what is here, what is not and why.
    pub const STATEMENT: &str = "data/statement.json";
    /// The signed checkpoint of the ledger.
    pub const CHECKPOINT: &str = "data/checkpoint";
    /// The originals and their digests, for people.
    pub const INTEGRITY: &str = "data/integrity.csv";
    /// Where the forms are.
    pub const FORMS: &str = "data/forms/";
    /// Where the recordings are.
    pub const RECORDINGS: &str = "data/recordings/";

    /// The exact bytes of an event.
    pub fn leaf(seq: u64) -> String {
        format!("data/custody/{seq}.json")
    }

    /// The proof that this event is in the ledger.
    pub fn proof(seq: u64) -> String {
        format!("data/proofs/{seq}.tlog-proof")
    }
}

#[cfg(test)]
mod tests;
