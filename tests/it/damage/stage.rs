//! The vault that the damage tests copy, and the states of it that they put back.
//!
//! Two intakes, each followed by a checkpoint; the state between the two is kept (`older`), another
//! future of it in which the same files are taken in anew (`fork`: same keys, other bytes), and a
//! vault that has nothing to do with it but the same files (`stranger`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use vault_tests::command::Vaultctl;
use vault_tests::scratch::in_memory;

const BLOCK: usize = 256 * 1024;

/// Everything the rows need.
pub(super) struct Stage {
    scratch: TempDir,
    program: Vaultctl,
    copies: AtomicU64,
    /// Digests of what was taken in, by id.
    pub(super) sha256: BTreeMap<String, String>,
}

/// Where the parts of one stored recording lie, below the vault.
pub(super) struct Stored {
    pub(super) manifest: PathBuf,
    pub(super) data: PathBuf,
    pub(super) codec: String,
}

impl Stage {
    pub(super) fn new() -> Self {
        let scratch = in_memory().expect("scratch");
        let at = |name: &str| scratch.path().join(name);
        let program = Vaultctl::on(&at("vault")).expect("vaultctl");
        let mut sha256 = BTreeMap::new();
        make_sources(&at("first"), 1, &mut sha256);
        make_sources(&at("second"), 2, &mut sha256);
        done(program.init());
        take_in(&program, &at("first"));
        copy_directory(&at("vault"), &at("older"));
        copy_directory(&at("vault"), &at("fork"));
        for vault in ["vault", "fork"] {
            take_in(&program.beside(&at(vault)), &at("second"));
        }
        let stranger = program.beside(&at("stranger"));
        done(stranger.init());
        take_in(&stranger, &at("first"));
        take_in(&stranger, &at("second"));
        Self { scratch, program, copies: AtomicU64::new(0), sha256 }
    }

    pub(super) fn vault(&self) -> &Path {
        self.program.vault()
    }

    pub(super) fn older(&self) -> PathBuf {
        self.scratch.path().join("older")
    }

    pub(super) fn fork(&self) -> PathBuf {
        self.scratch.path().join("fork")
    }

    pub(super) fn stranger(&self) -> PathBuf {
        self.scratch.path().join("stranger")
    }

    /// A fresh copy of the vault; the one before it goes.
    pub(super) fn copy(&self) -> Vaultctl {
        let number = self.copies.fetch_add(1, Ordering::Relaxed);
        let place = |number: u64| self.scratch.path().join(format!("copy-{number}"));
        if let Some(before) = number.checked_sub(1) {
            std::fs::remove_dir_all(place(before)).ok();
        }
        copy_directory(self.vault(), &place(number));
        self.program.beside(&place(number))
    }

    /// The recordings of the second intake, raw first.
    pub(super) fn second(&self) -> Vec<Stored> {
        let older = self.older();
        stored(self.vault()).into_iter().filter(|one| !older.join(&one.manifest).exists()).collect()
    }

    /// The recordings of the first intake, raw first.
    pub(super) fn first(&self) -> Vec<Stored> {
        stored(&self.older())
    }
}

/// What is stored in a vault, by codec and then by name.
pub(super) fn stored(vault: &Path) -> Vec<Stored> {
    let mut found = Vec::new();
    for manifest in files_below(&vault.join("store/manifests")) {
        let bytes = read(&manifest);
        let header = header_of(&bytes);
        let data = header["data"].as_str().expect("a data name").to_owned();
        found.push(Stored {
            manifest: manifest.strip_prefix(vault).expect("inside").to_owned(),
            data: Path::new("store/data").join(&data[..2]).join(&data),
            codec: header["codec"].as_str().expect("a codec").to_owned(),
        });
    }
    found.sort_by(|one, other| (&one.codec, &one.manifest).cmp(&(&other.codec, &other.manifest)));
    found
}

/// The header of a manifest.
pub(super) fn header_of(manifest: &[u8]) -> serde_json::Value {
    let length = u32::from_le_bytes(manifest[8..12].try_into().expect("a length")) as usize;
    serde_json::from_slice(&manifest[12..12 + length]).expect("a header")
}

pub(super) fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).expect("directory").flatten() {
        let path = entry.path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

pub(super) fn copy_directory(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp runs");
    assert!(copied.success(), "{} was not copied", from.display());
}

pub(super) fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Puts bytes in place of a file, which may be read-only or not there.
pub(super) fn write(path: &Path, bytes: &[u8]) {
    std::fs::remove_file(path).ok();
    std::fs::create_dir_all(path.parent().expect("a directory")).expect("directory");
    std::fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

pub(super) fn remove(path: &Path) {
    std::fs::remove_file(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The bytes with one bit of one byte changed.
pub(super) fn flip(good: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = good.to_vec();
    bytes[at] ^= 0x10;
    bytes
}

/// One file that does not compress and one that does.
fn make_sources(directory: &Path, seed: u64, sha256: &mut BTreeMap<String, String>) {
    std::fs::create_dir_all(directory).expect("directory");
    let mut raw = vec![0; 3 * BLOCK + 5];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut raw);
    let spoken = format!("{seed} speech and silence ").into_bytes();
    let zstd: Vec<u8> = spoken.iter().copied().cycle().take(9 * BLOCK + 5).collect();
    for (name, content) in [("raw", raw), ("zstd", zstd)] {
        let path = directory.join(name);
        std::fs::write(&path, &content).expect("source");
        let sum = Command::new("sha256sum").arg(&path).output().expect("sha256sum runs");
        let sum = String::from_utf8(sum.stdout).expect("text")[..64].to_owned();
        sha256.insert(blake3::hash(&content).to_string(), sum);
    }
}

fn take_in(program: &Vaultctl, source: &Path) {
    done(program.ingest(source));
    done(program.call(&["ledger", "checkpoint", "--json"]));
}

fn done(answer: anyhow::Result<vault_tests::command::Answer>) {
    let answer = answer.expect("vaultctl runs");
    assert_eq!(answer.code, 0, "{answer:?}");
}
