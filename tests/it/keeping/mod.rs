//! Keeping for decades (R14–R17): what is stored is read again in time, damage is named and not
//! served, copies, discs and disposal do what they say and no more.

mod backup;
mod discs;
mod disposal;
mod from_pages;
mod media;
mod schedule;
mod scrub;
mod stores;
mod tiers;
mod witness;

use crate::story::{bytes, operator, take_in};
use std::path::{Path, PathBuf};
use vault_core::clock::{Clock, UtcTime};
use vault_core::vault::{CatalogueChoice, InitOptions, StoreChoice, Vault};
use vault_tests::service::Service;

const DAY_MS: i64 = 86_400_000;

/// 2026-11-01, noon UTC.
const BEGIN: UtcTime = UtcTime::from_ms(1_793_534_400_000);

/// A vault whose clock the test sets.
pub(crate) async fn vault_with_a_clock(directory: &Path) -> (Vault, Clock) {
    let clock = Clock::fixed(BEGIN);
    let options = InitOptions {
        directory: directory.to_owned(),
        key_copies: Vec::new(),
        secrets: None,
        store: StoreChoice::Local,
        catalogue: CatalogueChoice::Sqlite,
    };
    let vault = Vault::init(options, &operator(), clock.clone()).await.expect("a new vault");
    (vault, clock)
}

/// Takes in so many recordings of that length; gives their ids.
async fn recordings(vault: &Vault, source: &Path, count: usize, length: usize) -> Vec<String> {
    std::fs::create_dir_all(source).expect("directory");
    for number in 0..count {
        let content = bytes(number as u64 + 11, length + number, false);
        std::fs::write(source.join(format!("录像-{number}")), content).expect("source");
    }
    let (summary, ids, _) = take_in(vault, &[source]).await;
    assert_eq!(summary.failed, 0);
    ids.into_values().map(|(id, _)| id).collect()
}

/// Every file of the store with stored bytes.
fn data_files(store: &Path) -> Vec<PathBuf> {
    let shards = std::fs::read_dir(store.join("data")).expect("store").flatten();
    let files = shards.flat_map(|shard| std::fs::read_dir(shard.path()).expect("shard").flatten());
    files.map(|file| file.path()).collect()
}

/// Turns one bit of a file.
fn flip(path: &Path, at: usize) {
    let mut content = std::fs::read(path).expect("file");
    content[at] ^= 1;
    let mut mode = std::fs::metadata(path).expect("file").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o644);
    std::fs::set_permissions(path, mode).expect("mode");
    std::fs::write(path, content).expect("file");
}

/// The newest piece of work that was begun from a page, once it came to its end.
fn newest(service: &Service, person: &str) -> serde_json::Value {
    settled(service, person, 0)
}

/// The same of one that others were begun after.
fn settled(service: &Service, person: &str, others: usize) -> serde_json::Value {
    for _ in 0..600 {
        let work = service.ask(person, "/api/v1/desk")["items"][others].clone();
        if work["state"] != "running" {
            return work;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the work does not end");
}

/// How it ended: its state, and the code of its problem.
fn ended(service: &Service, person: &str) -> (String, String) {
    let work = newest(service, person);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (text(&work["state"]), text(&work["problem"]["code"]))
}
