//! Damage to what a recording consists of: its ciphertext and every part of its manifest.

use super::Look::{Keyed, Keyless};
use super::stage::{Stage, Stored, flip, header_of, read, remove, stored, write};
use super::{Look, play, row, rows_alone};
use std::ops::Range;
use std::path::Path;

const BLOCK: u64 = 256 * 1024;
const EXTENT: u64 = 16 * 1024 * 1024;
const DATA: &[(Look, &str)] = &[(Keyed, "data"), (Keyless, "data")];
const MANIFEST: &[(Look, &str)] = &[(Keyed, "manifest"), (Keyless, "manifest")];

/// Exchanges two files of the copy.
fn exchange(copy: &Path, one: &Path, other: &Path) {
    let (first, second) = (read(&copy.join(one)), read(&copy.join(other)));
    write(&copy.join(one), &second);
    write(&copy.join(other), &first);
}

fn pairs(stage: &Stage) -> Vec<(Stored, Stored)> {
    stage.second().into_iter().zip(stage.first()).collect()
}

#[test]
fn damaged_ciphertext_is_found_with_and_without_keys() {
    let stage = Stage::new();
    let mut rows = Vec::new();
    for (one, other) in pairs(&stage) {
        let class = format!("ciphertext ({})", one.codec);
        rows.extend(rows_alone(&stage, &class, &one.data, DATA));
        let (data, others) = (one.data.clone(), other.data);
        rows.push(row(format!("{class}, exchanged with another's"), DATA, move |_, copy| {
            exchange(copy, &data, &others);
        }));
        let data = one.data.clone();
        rows.push(row(format!("{class}, as before it was stored"), DATA, move |_, copy| {
            remove(&copy.join(&data));
        }));
        let Stored { manifest, data, .. } = one;
        rows.push(row(format!("{class}, of another attempt"), DATA, move |stage, copy| {
            let fork = stage.fork();
            let same = |found: &Stored| found.manifest == manifest;
            let theirs = stored(&fork).into_iter().find(same).expect("the fork holds it too");
            write(&copy.join(&data), &read(&fork.join(theirs.data)));
        }));
    }
    play(&stage, rows);
}

/// The parts of a manifest, as `docs/formats/store.md` §4 lays them out.
fn parts(manifest: &[u8]) -> Vec<(&'static str, Range<usize>)> {
    let header = header_of(manifest);
    let number = |name: &str| header[name].as_u64().expect("a number");
    let (stored, sealed) = (number("stored_bytes"), number("sealed_bytes"));
    let size = |bytes: u64| usize::try_from(bytes).expect("small");
    let length = u32::from_le_bytes(manifest[8..12].try_into().expect("a length")) as usize;
    let table = 12 + length;
    let generations = table + 48 * size(stored.div_ceil(BLOCK));
    let head = generations + 4 * size(stored.div_ceil(EXTENT));
    let plain = head + size(sealed);
    let end = manifest.len() - 32;
    vec![
        ("magic", 0..8),
        ("header", 12..table),
        ("stored tree", table..table + 32),
        ("tag", table + 32..table + 48),
        ("generations", generations..head),
        ("sealed head", head..plain),
        ("plain tree", plain..end),
        ("own digest", end..manifest.len()),
    ]
}

/// A manifest whose own digest fits what it says, as one who changes it on purpose leaves it.
fn with_own_digest(mut manifest: Vec<u8>) -> Vec<u8> {
    let end = manifest.len() - 32;
    let own = blake3::hash(&manifest[..end]);
    manifest[end..].copy_from_slice(own.as_bytes());
    manifest
}

#[test]
fn a_damaged_manifest_is_found_in_every_part_even_if_its_own_digest_is_made_to_fit() {
    let stage = Stage::new();
    let mut rows = Vec::new();
    for (one, other) in pairs(&stage) {
        let class = format!("manifest ({})", one.codec);
        rows.extend(rows_alone(&stage, &class, &one.manifest, MANIFEST));
        let good = read(&stage.vault().join(&one.manifest));
        for (part, range) in parts(&good) {
            let flipped = flip(&good, usize::midpoint(range.start, range.end));
            for (how, bytes) in [("", flipped.clone()), (", refitted", with_own_digest(flipped))] {
                if part == "own digest" && !how.is_empty() {
                    continue;
                }
                let file = one.manifest.clone();
                let what = format!("{class}, {part} flipped{how}");
                rows.push(row(what, MANIFEST, move |_, copy| write(&copy.join(&file), &bytes)));
            }
        }
        let (file, others) = (one.manifest.clone(), other.manifest);
        rows.push(row(format!("{class}, exchanged with another's"), MANIFEST, move |_, copy| {
            exchange(copy, &file, &others);
        }));
        let file = one.manifest.clone();
        rows.push(row(format!("{class}, as before it was stored"), MANIFEST, move |_, copy| {
            remove(&copy.join(&file));
        }));
        let found = &[(Keyed, "key"), (Keyless, "manifest")];
        rows.push(row(format!("{class}, of another attempt"), found, move |stage, copy| {
            let fork = stage.fork();
            let same = |found: &Stored| found.manifest == one.manifest;
            let theirs = stored(&fork).into_iter().find(same).expect("the fork holds it too");
            for file in [&theirs.manifest, &theirs.data] {
                write(&copy.join(file), &read(&fork.join(file)));
            }
        }));
    }
    play(&stage, rows);
}
