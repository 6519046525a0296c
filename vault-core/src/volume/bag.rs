//! What lies on a volume: a BagIt bag with the originals, readable without this program.
//!
//! Promises: originals are bit for bit what was received, each verified while it is written; every
//! file is in the SHA-256 manifest, every original also in a `b3sum -c` file; names are unique and
//! safe for every system. Directories are new and belong to the caller, who removes them.

use super::acts::VolumeItem;
use crate::fault::{Code, Fault, Outcome};
use crate::store::durable;
use crate::store::read::ReadBuffers;
use crate::vault::Vault;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use vault_proof::package::path;

/// Characters of a name on the disc: Joliet allows 103 with the ordinal before them.
const NAME_CHARACTERS: usize = 60;

const README: &str = include_str!("readme.txt");

/// Lays the bag out in a new directory.
pub(super) fn lay(vault: &Vault, items: &[VolumeItem], label: &str, into: &Path) -> Outcome<()> {
    durable::make_directory(&into.join("data"))?;
    let (mut sha256, mut blake3) = (String::new(), String::new());
    let (mut bytes, mut rows) = (0, Vec::new());
    for (ordinal, item) in (1..).zip(items) {
        let case = path::safe(&item.case, NAME_CHARACTERS, "case");
        let name = path::safe(&item.name, NAME_CHARACTERS, "recording");
        let relative = format!("data/{case}/{ordinal:05}-{name}");
        durable::make_directory(&into.join("data").join(&case))?;
        let digest = write_original(vault, item, &into.join(&relative))?;
        // Writing to a String cannot fail.
        writeln!(sha256, "{digest}  {relative}").ok();
        writeln!(blake3, "{}  {relative}", item.recording).ok();
        bytes += item.bytes;
        rows.push(json!({
            "path": relative, "recording": item.recording.to_string(), "sha256": digest,
            "bytes": item.bytes, "name": item.name, "case": item.case,
            "counterpart": item.counterpart, "handler": item.handler, "activity": item.activity,
            "device": item.device, "received_at": item.received_at.in_china(),
            "grounds": item.grounds,
        }));
    }
    let catalogue = json!({ "label": label, "recordings": rows });
    let about = format!(
        "Bag-Software-Agent: evidence-vault {}\nExternal-Identifier: {label}\n\
         Payload-Oxum: {bytes}.{}\n",
        env!("CARGO_PKG_VERSION"),
        items.len()
    );
    let tags = [
        ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned()),
        ("bag-info.txt", about),
        ("manifest-sha256.txt", sha256),
        ("b3sums.txt", blake3),
        ("catalogue.json", format!("{catalogue:#}\n")),
        ("README.txt", README.replace("{label}", label)),
    ];
    let mut listed = String::new();
    for (name, text) in &tags {
        write_text(&into.join(name), text)?;
        writeln!(listed, "{}  {name}", hex::encode(Sha256::digest(text))).ok();
    }
    write_text(&into.join("tagmanifest-sha256.txt"), &listed)
}

fn write_text(path: &Path, text: &str) -> Outcome<()> {
    durable::write_new(path, text.as_bytes(), durable::REPLACED).map(drop)
}

/// Writes an original, every block verified; gives its SHA-256.
fn write_original(vault: &Vault, item: &VolumeItem, path: &Path) -> Outcome<String> {
    let failed = |error| Fault::from_file(error, path);
    let mut file = durable::write_new(path, &[], durable::SECRET)?;
    let recording = vault.store.open(&item.recording, &vault.keys)?;
    let mut hasher = Sha256::new();
    let mut buffers = ReadBuffers::default();
    recording.read_range(0..recording.bytes(), &mut buffers, &mut |piece| {
        hasher.update(piece);
        file.write_all(piece).map_err(failed)
    })?;
    if file.metadata().map_err(failed)?.len() != item.bytes {
        return Err(Fault::new(Code::Internal).with("what", "volume"));
    }
    Ok(hex::encode(hasher.finalize()))
}
