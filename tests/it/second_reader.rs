//! The formats are what their documents say: a reader written from the documents alone, in
//! another language, reads a whole vault and finds a changed byte.

use crate::story::{check_in, new_vault, overwrite};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

pub fn read(vault: &Path) -> (Option<i32>, String) {
    read_by("read_vault.py", vault)
}

fn read_by(reader: &str, path: &Path) -> (Option<i32>, String) {
    let python = root().join(".cache/venv/bin/python");
    assert!(python.is_file(), "the Python tools are missing: run tools/test");
    let done = Command::new(python)
        .arg(root().join("tests/second_reader").join(reader))
        .arg(path)
        .output()
        .expect("the reader runs");
    let errors = String::from_utf8_lossy(&done.stderr).into_owned();
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned() + &errors)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_reader_reads_the_vault_and_finds_a_changed_byte() {
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault(&scratch.path().join("vault")).await;
    let source = scratch.path().join("source");
    let made = check_in(&vault, &source).await;
    let (code, text) = read(vault.directory());
    assert_eq!(code, Some(0), "{text}");
    for id in made {
        assert!(text.contains(&id), "{id} was not read: {text}");
    }
    let segment = std::fs::read_dir(vault.directory().join("store/manifests"))
        .expect("manifests")
        .flatten()
        .flat_map(|shard| std::fs::read_dir(shard.path()).expect("shard").flatten())
        .map(|entry| entry.path())
        .next()
        .expect("a manifest");
    let mut bytes = std::fs::read(&segment).expect("manifest");
    bytes[40] ^= 1;
    overwrite(&segment, &bytes);
    assert_eq!(read(vault.directory()).0, Some(4));
}

#[test]
fn another_reader_finds_the_parity_that_is_described_on_every_volume() {
    let scratch = tempfile::tempdir().expect("scratch");
    let image = scratch.path().join("image");
    // Two columns, the last shards of which are empty.
    let bytes: Vec<u8> = (0..250u32 << 14).flat_map(|at| (at ^ at << 7).to_le_bytes()).collect();
    std::fs::write(&image, bytes).expect("an image");
    vault_core::volume::add_parity(&image).expect("parity");
    assert_eq!(read_by("read_parity.py", &image), (Some(0), String::new()));
    let mut bytes = std::fs::read(&image).expect("an image");
    let at = bytes.len() - (1 << 20);
    bytes[at] ^= 1;
    overwrite(&image, &bytes);
    assert_eq!(read_by("read_parity.py", &image).0, Some(4), "changed");
}
