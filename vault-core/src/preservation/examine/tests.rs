//! A reading that was begun before something was taken away: here, because nothing outside this
//! crate can begin it first and end it afterwards.

use super::super::stores::{add_store, find_store};
use super::super::tiers::cool;
use super::*;
use crate::clock::Clock;
use crate::intake::{IntakeOptions, LabelInput, Labels, ingest};
use crate::vault::{CatalogueChoice, FurtherPlace, InitOptions, StoreChoice};
use std::path::Path;

fn operator() -> Actor {
    Actor::terminal(0, "张三", [7; 16])
}

/// A vault with two recordings, and what is expected of each.
async fn vault(directory: &Path) -> (Vault, Vec<Expected>) {
    let options = InitOptions {
        directory: directory.join("vault"),
        key_copies: Vec::new(),
        secrets: None,
        store: StoreChoice::Local,
        catalogue: CatalogueChoice::Sqlite,
    };
    let vault = Vault::init(options, &operator(), Clock::system()).await.unwrap();
    let source = directory.join("source");
    crate::store::durable::make_directory(&source).unwrap();
    for name in ["一.wav", "二.wav"] {
        let bytes = name.repeat(50_000);
        crate::store::durable::write_file(&source.join(name), bytes.as_bytes(), 0o644).unwrap();
    }
    let labels = LabelInput {
        case: "吉民罚〔2026〕1号".into(),
        counterpart: "某协会".into(),
        handler: "张三".into(),
        activity: "evidence-taking".into(),
        ..LabelInput::default()
    };
    let (labels, options) = (Labels::checked(labels).unwrap(), IntakeOptions { jobs: 0 });
    let report = Arc::new(|_| {});
    ingest(&vault, &operator(), vec![source], labels, options, Stop::default(), report)
        .await
        .unwrap();
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
    vault.store.take_away(&chosen[1]).unwrap();
    let found = read(&vault, &chosen).await;
    assert_eq!((found.objects, found.failed.len()), (1, 1));
    assert_eq!(found.failed[0].recording, chosen[1].id);
}
