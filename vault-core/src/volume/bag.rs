//! What lies on a volume: a BagIt bag with the originals, readable without this program.
//!
//! Promises: originals are bit for bit what was received, each verified while it is written; every
//! file is in the SHA-256 manifest, every original also in a `b3sum -c` file; names are unique and
//! safe for every system. An encrypted volume bears no name of a case, a person or a recording in
//! clear, and says whom it is encrypted for. Directories are new and belong to the caller, who
//! removes them.

use super::plan::{PlannedVolume, VolumeItem};
use super::seal::{SUFFIX, Seal};
use crate::fault::{Code, Fault, Outcome};
use crate::store::durable;
use crate::store::read::ReadBuffers;
use crate::vault::Vault;
use rayon::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use vault_proof::package::path;

/// Characters of a name on the disc: Joliet allows 103 with the ordinal before them.
const NAME_CHARACTERS: usize = 60;

/// Characters of the ending of a name that an encrypted file keeps, so that a player knows it.
const ENDING_CHARACTERS: usize = 8;

/// Bytes of a file written at once.
const WRITE_BYTES: usize = 1 << 20;

const README: &str = include_str!("readme.txt");
const README_SEALED: &str = include_str!("readme-sealed.txt");

/// The list of what is on a volume, in clear and encrypted.
const CATALOGUE: &str = "catalogue.json";
const CATALOGUE_SEALED: &str = "catalogue.json.age";

/// Lays the bag out in a new directory.
pub(super) fn lay(vault: &Vault, planned: &PlannedVolume, label: &str, into: &Path) -> Outcome<()> {
    durable::make_directory(&into.join("data"))?;
    let seal = Seal::of(&planned.recipients);
    let (mut sha256, mut blake3) = (String::new(), String::new());
    let (mut bytes, mut rows) = (0, Vec::new());
    let originals: Vec<Original> = planned
        .items
        .par_iter()
        .enumerate()
        .map(|(at, item)| lay_original(vault, (at + 1, item), seal.as_ref(), into))
        .collect::<Outcome<_>>()?;
    for (item, Original { plain, relative, written }) in planned.items.iter().zip(originals) {
        // Writing to a String cannot fail.
        writeln!(sha256, "{}  {relative}", written.stored).ok();
        writeln!(blake3, "{}  {plain}", item.recording).ok();
        bytes += written.bytes;
        rows.push(json!({
            "path": plain, "recording": item.recording.to_string(), "sha256": written.original,
            "bytes": item.bytes, "name": item.name, "case": item.case,
            "counterpart": item.counterpart, "handler": item.handler, "activity": item.activity,
            "device": item.device, "secrecy": item.secrecy,
            "received_at": item.received_at.in_china(), "grounds": item.grounds,
        }));
    }
    let catalogue = format!("{:#}\n", json!({ "label": label, "recordings": rows }));
    let how = if seal.is_some() { "Encryption: age-encryption.org/v1\n" } else { "" };
    let about = format!(
        "Bag-Software-Agent: evidence-vault {}\nExternal-Identifier: {label}\n\
         Payload-Oxum: {bytes}.{}\n{how}",
        env!("CARGO_PKG_VERSION"),
        planned.items.len()
    );
    let readme = if seal.is_some() { README_SEALED } else { README };
    let recipients = planned.recipients.join("\n  ");
    let readme = readme.replace("{label}", label).replace("{recipients}", &recipients);
    let bagit = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
    let tags = [
        ("bagit.txt", bagit.to_owned()),
        ("bag-info.txt", about),
        ("manifest-sha256.txt", sha256),
        ("b3sums.txt", blake3),
        ("README.txt", readme),
    ];
    let mut listed = String::new();
    for (name, text) in &tags {
        durable::write_new(&into.join(name), text.as_bytes(), durable::REPLACED)?;
        writeln!(listed, "{}  {name}", hex::encode(Sha256::digest(text))).ok();
    }
    let name = if seal.is_some() { CATALOGUE_SEALED } else { CATALOGUE };
    let digest = put(&into.join(name), seal.as_ref(), &mut |file| {
        file.write_all(catalogue.as_bytes()).map_err(|error| Fault::from_file(error, into))
    })?;
    writeln!(listed, "{}  {name}", digest.0).ok();
    let list = into.join("tagmanifest-sha256.txt");
    durable::write_new(&list, listed.as_bytes(), durable::REPLACED).map(drop)
}

/// An original that was laid out.
struct Original {
    /// As its id is checked: what an encrypted file is called once it was decrypted.
    plain: String,
    /// As it lies there.
    relative: String,
    written: Written,
}

/// Lays out one original; several are at work at once, each with a file of its own.
fn lay_original(
    vault: &Vault,
    (ordinal, item): (usize, &VolumeItem),
    seal: Option<&Seal>,
    into: &Path,
) -> Outcome<Original> {
    let plain = place(ordinal, item, seal.is_some());
    let relative = if seal.is_some() { format!("{plain}{SUFFIX}") } else { plain.clone() };
    if let Some(parent) = into.join(&relative).parent() {
        durable::make_directory(parent)?;
    }
    let written = write_original(vault, item, &into.join(&relative), seal)?;
    Ok(Original { plain, relative, written })
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

/// Writes a new file, encrypted where there is a seal; gives SHA-256 and length of what lies there.
fn put(
    path: &Path,
    seal: Option<&Seal>,
    write: &mut dyn FnMut(&mut dyn Write) -> Outcome<()>,
) -> Outcome<(String, u64)> {
    let failed = |error| Fault::from_file(error, path);
    let file = durable::write_new(path, &[], durable::SECRET)?;
    match seal {
        None => {
            let output = BufWriter::with_capacity(WRITE_BYTES, file);
            let mut stored = Hashed { output, hasher: Sha256::new(), bytes: 0 };
            write(&mut stored)?;
            stored.flush().map_err(failed)?;
            Ok((hex::encode(stored.hasher.finalize()), stored.bytes))
        }
        Some(seal) => {
            seal.encrypt(file, |input| write(input))?;
            let mut file = File::open(path).map_err(failed)?;
            let output = std::io::sink();
            let mut stored = Hashed { output, hasher: Sha256::new(), bytes: 0 };
            std::io::copy(&mut file, &mut stored).map_err(failed)?;
            Ok((hex::encode(stored.hasher.finalize()), stored.bytes))
        }
    }
}

/// Writes an original, every block verified, encrypted where the volume is.
fn write_original(
    vault: &Vault,
    item: &VolumeItem,
    path: &Path,
    seal: Option<&Seal>,
) -> Outcome<Written> {
    let recording = vault.store.open(&item.recording, &vault.keys)?;
    let mut hasher = seal.map(|_| Sha256::new());
    let mut plain = 0;
    let (stored, bytes) = put(path, seal, &mut |file| {
        let mut buffers = ReadBuffers::default();
        recording.read_range(0..recording.bytes(), &mut buffers, &mut |piece| {
            plain += piece.len() as u64;
            if let Some(hasher) = &mut hasher {
                hasher.update(piece);
            }
            file.write_all(piece).map_err(|error| Fault::from_file(error, path))
        })
    })?;
    if plain != item.bytes {
        return Err(Fault::new(Code::Internal).with("what", "volume"));
    }
    // Where nothing is encrypted, what lies there is the original.
    let original = hasher.map_or_else(|| stored.clone(), |hasher| hex::encode(hasher.finalize()));
    Ok(Written { original, stored, bytes })
}
