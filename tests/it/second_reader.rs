//! The formats are what their documents say: a reader written from the documents alone, in
//! another language, reads a whole vault and finds a changed byte.

use crate::story::{check_in, new_vault, overwrite};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

pub fn read(vault: &Path) -> (Option<i32>, String) {
    let python = root().join(".cache/venv/bin/python");
    assert!(python.is_file(), "the Python tools are missing: run tools/test");
    let done = Command::new(python)
        .arg(root().join("tests/second_reader/read_vault.py"))
        .arg(vault)
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
