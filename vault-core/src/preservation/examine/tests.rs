//! A reading that was begun before something was taken away: here, because nothing outside this
//! crate can begin it first and end it afterwards.

use super::super::stores::{add_store, find_store};
use super::super::tiers::cool;
use super::*;
use crate::vault::FurtherPlace;
use crate::vault::trial::{self, operator};
use std::path::Path;

/// A vault with two recordings, and what is expected of each.
async fn vault(directory: &Path) -> (Vault, Vec<Expected>) {
    let vault = trial::vault(directory).await;
    let sources = ["一.wav", "二.wav"].map(|name| (name.to_owned(), name.repeat(50_000).into()));
    trial::take_in(&vault, directory, &sources).await;
    let expected = select(&vault, Selection::All).await.unwrap();
    (vault, expected)
}

/// Reads these, whatever became of them since they were chosen.
async fn read(vault: &Vault, chosen: &[Expected]) -> VerifySummary {
    let manner = Manner::at_full_speed(true);
    let report = Arc::new(|_| {});
    check_copies(vault, &operator(), chosen.to_vec(), manner, Stop::default(), report)
        .await
        .unwrap()
        .0
}

/// What is left in the store is gone, by nobody's act.
#[expect(clippy::disallowed_methods, reason = "what a disk does")]
fn lose(data: &Path) {
    let entries = walkdir::WalkDir::new(data).into_iter().map(Result::unwrap);
    for entry in entries.filter(|entry| entry.file_type().is_file()) {
        std::fs::remove_file(entry.path()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_went_to_a_cold_store_meanwhile_is_not_taken_for_damaged() {
    let directory = tempfile::tempdir().unwrap();
    let (vault, chosen) = vault(directory.path()).await;
    let place = FurtherPlace::Directory(directory.path().join("cold"));
    add_store(&vault, &operator(), "冷", place).await.unwrap();
    let (stop, report) = (Stop::default(), |_| {});
    super::super::fill_store(&vault, &operator(), "冷", &stop, &report).await.unwrap();
    let store = find_store(&vault, "冷").await.unwrap();
    cool(&vault, &Actor::system([0; 16]), store.id, &chosen[..1]).await.unwrap();
    let found = read(&vault, &chosen).await;
    assert_eq!((found.objects, found.failed.len()), (1, 0), "the other was read");
    let row = vault.catalog.recording(&chosen[0].id).await.unwrap().unwrap();
    assert!(row.damaged_seq.is_none(), "nothing is said of it");
    // What is gone and lies nowhere else is damaged.
    lose(&directory.path().join("vault/store/data"));
    let found = read(&vault, &chosen).await;
    assert_eq!((found.objects, found.failed.len()), (1, 1));
    assert_eq!(found.failed[0].recording, chosen[1].id);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_workers_read_one_recording_together() {
    let directory = tempfile::tempdir().unwrap();
    let vault = trial::vault(directory.path()).await;
    let mut noise = vec![0; 40 << 20];
    blake3::Hasher::new().finalize_xof().fill(&mut noise);
    trial::take_in(&vault, directory.path(), &[("长录像.mp4".to_owned(), noise)]).await;
    let chosen = select(&vault, Selection::All).await.unwrap();
    // Who reads first waits until another reads, too.
    let seen = Arc::new((Mutex::new(HashSet::new()), Condvar::new()));
    let meeting = Arc::clone(&seen);
    let report = Arc::new(move |report| {
        if let VerifyReport::Read { .. } = report {
            let mut readers = meeting.0.lock().unwrap();
            readers.insert(std::thread::current().id());
            meeting.1.notify_all();
            let alone = |readers: &mut HashSet<_>| readers.len() < 2;
            drop(meeting.1.wait_timeout_while(readers, Duration::from_secs(5), alone).unwrap());
        }
    });
    let manner = Manner { workers: 2, ..Manner::at_full_speed(true) };
    let found = check_copies(&vault, &operator(), chosen, manner, Stop::default(), report).await;
    assert_eq!(found.unwrap().0.objects, 1);
    assert_eq!(seen.0.lock().unwrap().len(), 2, "one of them gave up before it was opened");
}
