//! What lies on a volume: a BagIt bag with the originals, readable without this program.
//!
//! Its files are laid out first, of their right lengths, so that a file system is made of them; the
//! originals are then written where they lie in that, verified on their way, and the lists that
//! hold their digests after them. Encrypted ones are encrypted on their way there.
//!
//! Promises: originals are bit for bit what was received, each verified while it is written, and
//! lie nowhere in clear but in the image; every file is in the SHA-256 manifest, every original
//! also in a `b3sum -c` file; names are unique and safe for every system. An encrypted volume bears
//! no name of a case, a person or a recording in clear, and says whom it is encrypted for.
//! Directories are new and belong to the caller, who removes them.

use super::place::Places;
use super::plan::{PlannedVolume, VolumeItem};
use super::seal::{SUFFIX, Seal};
use crate::fault::{Code, Fault, Outcome};
use crate::stop::Stop;
use crate::store::durable;
use crate::store::read::ReadBuffers;
use crate::vault::Vault;
use rayon::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use vault_proof::package::path;

/// Characters of a name on the disc: Joliet allows 103 with the ordinal before them.
const NAME_CHARACTERS: usize = 60;

/// Characters of the ending of a name that an encrypted file keeps, so that a player knows it.
const ENDING_CHARACTERS: usize = 8;

const README: &str = include_str!("readme.txt");
const README_SEALED: &str = include_str!("readme-sealed.txt");

/// Checks the bag it lies in, with nothing of ours.
const VERIFIER: &str = include_str!("verify.py");

/// How the parity behind the file system is made, so that it serves without us.
const PARITY_FORMAT: &str = include_str!("parity-format.txt");

/// The list of what is on a volume, in clear and encrypted.
const CATALOGUE: &str = "catalogue.json";
const CATALOGUE_SEALED: &str = "catalogue.json.age";

/// The list of the files beside the originals.
const TAG_LIST: &str = "tagmanifest-sha256.txt";

/// Stands for a SHA-256 that is not known yet: the lists are as long as they will be.
const UNKNOWN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A bag that was laid out.
pub(super) struct Bag<'a> {
    vault: &'a Vault,
    planned: &'a PlannedVolume,
    label: &'a str,
    stop: &'a Stop,
    into: &'a Path,
    seal: Option<Seal>,
    originals: Vec<Original>,
}

/// An original as it lies in the bag.
struct Original {
    /// As its id is checked: what an encrypted file is called once it was decrypted.
    plain: String,
    /// As it lies there.
    relative: String,
    written: Written,
}

impl<'a> Bag<'a> {
    /// Lays a bag out in a new directory, as long as it will be.
    pub(super) fn lay(
        (vault, planned): (&'a Vault, &'a PlannedVolume),
        (label, stop): (&'a str, &'a Stop),
        into: &'a Path,
    ) -> Outcome<Self> {
        durable::make_directory(&into.join("data"))?;
        let seal = Seal::of(&planned.recipients)?;
        let originals: Vec<Original> = planned
            .items
            .iter()
            .enumerate()
            .map(|(at, item)| lay_original((at + 1, item), seal.as_ref(), into))
            .collect::<Outcome<_>>()?;
        let bag = Self { vault, planned, label, stop, into, seal, originals };
        if let Some(seal) = &bag.seal {
            let bytes = seal.length(bag.catalogue().len() as u64);
            lay_empty(&into.join(CATALOGUE_SEALED), bytes)?;
        }
        for (name, text) in bag.texts(UNKNOWN) {
            lay_empty(&into.join(name), text.len() as u64)?;
        }
        Ok(bag)
    }

    /// Writes every file where it lies in an image of the bag: the originals, several at once, and
    /// the lists after them.
    pub(super) fn fill(&mut self, places: &Places) -> Outcome<()> {
        let (from, into, seal) = ((self.vault, self.stop), self.into, self.seal.as_ref());
        let items = &self.planned.items;
        self.originals.par_iter_mut().zip(items).try_for_each(|(original, item)| {
            places.write(&original.relative, |output| {
                original.written = write_original(from, item, (output, into), seal)?;
                Ok(())
            })
        })?;
        let failed = |error| Fault::from_given_path(error, into);
        let mut catalogue = UNKNOWN.to_owned();
        if let Some(seal) = &self.seal {
            places.write(CATALOGUE_SEALED, |output| {
                let mut stored = Hashed::new(output);
                let text = self.catalogue();
                seal.encrypt((&mut stored, into), |input| {
                    input.write_all(text.as_bytes()).map_err(failed)
                })?;
                catalogue = stored.ended();
                Ok(())
            })?;
        }
        for (name, text) in self.texts(&catalogue) {
            places.write(name, |output| output.write_all(text.as_bytes()).map_err(failed))?;
        }
        Ok(())
    }

    fn catalogue(&self) -> String {
        let row = |(item, Original { plain, written, .. }): (&VolumeItem, &Original)| {
            json!({
                "path": plain, "recording": item.recording.to_string(), "sha256": written.original,
                "bytes": item.bytes, "name": item.name, "case": item.case,
                "counterpart": item.counterpart, "handler": item.handler,
                "activity": item.activity, "device": item.device, "secrecy": item.secrecy,
                "received_at": item.received_at.in_china(), "grounds": item.grounds,
            })
        };
        let rows: Vec<_> = self.planned.items.iter().zip(&self.originals).map(row).collect();
        format!("{:#}\n", json!({ "label": self.label, "recordings": rows }))
    }

    /// The files beside the originals by their names, the list of them last; an encrypted catalogue
    /// is not among them, only its digest in the list.
    fn texts(&self, catalogue: &str) -> Vec<(&'static str, String)> {
        let (mut sha256, mut blake3, mut bytes) = (String::new(), String::new(), 0);
        for (item, Original { plain, relative, written }) in
            self.planned.items.iter().zip(&self.originals)
        {
            // Writing to a String cannot fail.
            writeln!(sha256, "{}  {relative}", written.stored).ok();
            writeln!(blake3, "{}  {plain}", item.recording).ok();
            bytes += written.bytes;
        }
        let sealed = self.seal.is_some();
        let how = if sealed { "Encryption: age-encryption.org/v1\n" } else { "" };
        let about = format!(
            "Bag-Software-Agent: evidence-vault {}\nExternal-Identifier: {}\n\
             Payload-Oxum: {bytes}.{}\n{how}",
            env!("CARGO_PKG_VERSION"),
            self.label,
            self.planned.items.len()
        );
        let readme = if sealed { README_SEALED } else { README };
        let recipients = self.planned.recipients.join("\n  ");
        let readme = readme.replace("{label}", self.label).replace("{recipients}", &recipients);
        let bagit = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
        let mut texts = vec![
            ("bagit.txt", bagit.to_owned()),
            ("bag-info.txt", about),
            ("manifest-sha256.txt", sha256),
            ("b3sums.txt", blake3),
            ("README.txt", readme),
            ("verify.py", VERIFIER.to_owned()),
            ("parity-format.txt", PARITY_FORMAT.to_owned()),
        ];
        if !sealed {
            texts.push((CATALOGUE, self.catalogue()));
        }
        let mut listed = String::new();
        for (name, text) in &texts {
            writeln!(listed, "{}  {name}", hex::encode(Sha256::digest(text))).ok();
        }
        if sealed {
            writeln!(listed, "{catalogue}  {CATALOGUE_SEALED}").ok();
        }
        texts.push((TAG_LIST, listed));
        texts
    }
}

/// Lays out one original: a file of its right length without its bytes.
fn lay_original(
    (ordinal, item): (usize, &VolumeItem),
    seal: Option<&Seal>,
    into: &Path,
) -> Outcome<Original> {
    let plain = place(ordinal, item, seal.is_some());
    let (relative, bytes) = match seal {
        Some(seal) => (format!("{plain}{SUFFIX}"), seal.length(item.bytes)),
        None => (plain.clone(), item.bytes),
    };
    let path = into.join(&relative);
    if let Some(parent) = path.parent() {
        durable::make_directory(parent)?;
    }
    lay_empty(&path, bytes)?;
    let written = Written { original: UNKNOWN.to_owned(), stored: UNKNOWN.to_owned(), bytes };
    Ok(Original { plain, relative, written })
}

/// A file that is only to be known by its length: what belongs into it is written elsewhere.
fn lay_empty(path: &Path, bytes: u64) -> Outcome<()> {
    let file = durable::write_new(path, &[], durable::SECRET)?;
    file.set_len(bytes).map_err(|error| Fault::from_given_path(error, path))
}

/// Where a recording lies. On an encrypted volume only its ordinal and its ending are told.
fn place(ordinal: usize, item: &VolumeItem, encrypted: bool) -> String {
    if !encrypted {
        let case = path::safe(&item.case, NAME_CHARACTERS, "case");
        let name = path::safe(&item.name, NAME_CHARACTERS, "recording");
        return format!("data/{case}/{ordinal:05}-{name}");
    }
    let ending = item.name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    let plain = (1..=ENDING_CHARACTERS).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let ending = if plain { format!(".{}", ending.to_ascii_lowercase()) } else { String::new() };
    format!("data/{ordinal:05}{ending}")
}

/// What came of writing an original.
struct Written {
    /// SHA-256 of the original.
    original: String,
    /// SHA-256 of the file on the volume.
    stored: String,
    /// Length of the file on the volume.
    bytes: u64,
}

/// Where what is written goes with its SHA-256 taken.
struct Hashed<W> {
    output: W,
    hasher: Sha256,
    bytes: u64,
}

impl<W: Write> Hashed<W> {
    fn new(output: W) -> Self {
        Self { output, hasher: Sha256::new(), bytes: 0 }
    }

    /// The SHA-256 of all that was written.
    fn ended(self) -> String {
        hex::encode(self.hasher.finalize())
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.output.write(bytes)?;
        self.hasher.update(&bytes[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.output.flush()
    }
}

/// Writes an original to where it is to lie, every block verified, encrypted on its way where it is
/// to be; a fault names the bag.
fn write_original(
    from: (&Vault, &Stop),
    item: &VolumeItem,
    (output, bag): (&mut (dyn Write + Send), &Path),
    seal: Option<&Seal>,
) -> Outcome<Written> {
    let mut stored = Hashed::new(output);
    let Some(seal) = seal else {
        copy_original(from, item, &mut stored, bag)?;
        let bytes = stored.bytes;
        let original = stored.ended();
        return Ok(Written { stored: original.clone(), original, bytes });
    };
    let mut original = String::new();
    seal.encrypt((&mut stored, bag), |input| {
        let mut plain = Hashed::new(input);
        copy_original(from, item, &mut plain, bag)?;
        original = plain.ended();
        Ok(())
    })?;
    let bytes = stored.bytes;
    Ok(Written { original, stored: stored.ended(), bytes })
}

fn copy_original(
    (vault, stop): (&Vault, &Stop),
    item: &VolumeItem,
    output: &mut dyn Write,
    bag: &Path,
) -> Outcome<()> {
    let store = match &item.cold {
        None => vault.store.clone(),
        Some(cold) => vault.further_store(cold)?,
    };
    let recording = store.open(&item.recording, &vault.keys)?;
    if recording.bytes() != item.bytes {
        return Err(Fault::new(Code::Internal).with("what", "volume"));
    }
    recording.read_range(0..item.bytes, &mut ReadBuffers::default(), &mut |piece| {
        stop.check()?;
        output.write_all(piece).map_err(|error| Fault::from_given_path(error, bag))
    })
}
