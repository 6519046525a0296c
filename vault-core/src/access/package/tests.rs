//! A package gathered from the vault itself: only under grants, with the stored bytes, and with
//! damage named. Here, because nothing outside this crate can make a grant.

use super::*;
use crate::access::Grant;
use crate::fault::Code;
use crate::stop::Stop;
use crate::vault::Vault;
use crate::vault::trial::{self, operator};
use std::path::Path;
use vault_proof::Event;

/// A vault with a recording that compresses, one that does not, an empty one.
async fn vault(directory: &Path) -> (Vault, Vec<(ContentId, Vec<u8>)>) {
    let vault = trial::vault(directory).await;
    let mut state = 7u64;
    let noise = (0..20_000_000).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_le_bytes()[6]
    });
    let contents = [noise.collect(), b"speech and silence ".repeat(200_000), Vec::new()];
    let named = |(number, bytes): (usize, &Vec<u8>)| (format!("录像{number}.mp4"), bytes.clone());
    let sources: Vec<_> = contents.iter().enumerate().map(named).collect();
    let ids = trial::take_in(&vault, directory, &sources).await;
    crate::work::run(&vault, &operator(), &crate::work::Tools::default(), Stop::default())
        .await
        .expect("digests");
    let content = |id: &ContentId| {
        let of = |bytes: &&Vec<u8>| blake3::hash(bytes).as_bytes() == id.as_bytes();
        contents.iter().find(of).expect("its source").clone()
    };
    (vault, ids.into_iter().map(|id| (id, content(&id))).collect())
}

fn order(asked: &[(ContentId, Vec<u8>)]) -> Order {
    Order {
        answers: Answers {
            copy_mark: "副本-1".into(),
            request: "调1".into(),
            notice: "通知1".into(),
            recipient: "法院".into(),
            purpose: "举证".into(),
        },
        asked: asked.iter().map(|(id, _)| *id).collect(),
        withheld: Vec::new(),
        transcripts: BTreeMap::new(),
        forms: Vec::new(),
        cuts: BTreeMap::new(),
        renditions: BTreeMap::new(),
        stretch_ms: (0, 0),
        withheld_because: String::new(),
    }
}

fn grant(recording: ContentId) -> Grant {
    Grant::of_recording(recording)
}

fn verified(package: &Path, vault: &Vault) -> vault_proof::package::Report {
    struct Directory<'a>(&'a Path);
    impl vault_proof::package::Files for Directory<'_> {
        fn list(&self) -> std::io::Result<Vec<vault_proof::package::Listed>> {
            let entries = walkdir::WalkDir::new(self.0).into_iter().filter_map(Result::ok);
            let files = entries.filter(|entry| entry.file_type().is_file());
            let listed = files.map(|entry| vault_proof::package::Listed {
                path: entry.path().strip_prefix(self.0).expect("inside").display().to_string(),
                bytes: entry.metadata().expect("metadata").len(),
                ordinary: true,
            });
            Ok(listed.collect())
        }

        fn open<'a>(&'a self, path: &str) -> std::io::Result<Box<dyn Read + 'a>> {
            Ok(Box::new(std::fs::File::open(self.0.join(path))?))
        }
    }
    let pin = vault.ledger.verifier().expect("key");
    vault_proof::package::verify(&Directory(package), Some(&pin), &mut |_| {})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_gathered_under_grants_holds_the_stored_bytes_and_is_valid() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, taken) = vault(scratch.path()).await;
    let grants: Vec<Grant> = taken.iter().map(|(id, _)| grant(*id)).collect();
    let grants: Vec<&Grant> = grants.iter().collect();
    let package = scratch.path().join("package");
    let target = Target::Directory(package.clone());
    let written =
        assemble(&vault, &operator(), &grants, order(&taken), target).await.expect("written");
    assert_eq!(written.unreadable, []);
    let report = verified(&package, &vault);
    assert_eq!((report.problems, report.included.len()), (Vec::new(), 3));
    let originals: Vec<_> = walkdir::WalkDir::new(&package)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("original."))
        .map(|entry| std::fs::read(entry.path()).expect("original"))
        .collect();
    for (id, bytes) in &taken {
        assert!(originals.contains(bytes), "{id} is not in the package");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_grant_for_each_recording_nothing_is_written_and_the_refusal_is_recorded() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, taken) = vault(scratch.path()).await;
    let target = Target::Directory(scratch.path().join("package"));
    let (one, other) = (grant(taken[0].0), grant(ContentId::from_bytes([1; 32])));
    let before = vault.catalog.head().await.expect("head").expect("events").0;
    let refused =
        assemble(&vault, &operator(), &[&one, &other], order(&taken), target.clone()).await;
    assert_eq!(refused.map_err(|fault| fault.code()), Err(Code::GrantNeeded));
    assert!(!scratch.path().join("package").exists());
    let (after, _) = vault.catalog.head().await.expect("head").expect("events");
    let last = Event::decode(&vault.catalog.event(after).await.expect("event").leaf);
    assert_eq!((after, last.expect("event").body.kind()), (before + 1, "act.refused"));
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_in_the_store_is_named_in_the_statement_and_the_rest_is_given() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, taken) = vault(scratch.path()).await;
    // The largest stored file is the recording that does not compress.
    let stored = walkdir::WalkDir::new(vault.directory().join("store/data")).into_iter();
    let stored = stored.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    let largest = stored.max_by_key(|entry| entry.metadata().expect("metadata").len());
    let path = largest.expect("stored").into_path();
    let mut bytes = std::fs::read(&path).expect("stored");
    bytes[17_000_000] ^= 1;
    crate::store::durable::write_file(&path, &bytes, 0o644).expect("damaged");
    for zip in [false, true] {
        let place = scratch.path().join(if zip { "package.zip" } else { "package" });
        let target = if zip { Target::Zip(place) } else { Target::Directory(place.clone()) };
        let grants: Vec<Grant> = taken.iter().map(|(id, _)| grant(*id)).collect();
        let grants: Vec<&Grant> = grants.iter().collect();
        let written =
            assemble(&vault, &operator(), &grants, order(&taken), target).await.expect("written");
        let [damage] = &written.unreadable[..] else { panic!("{:?}", written.unreadable) };
        assert!(damage.from <= 17_000_000 && damage.to > 17_000_000, "{damage:?}");
        if !zip {
            let report = verified(&scratch.path().join("package"), &vault);
            assert_eq!((report.problems, report.included.len()), (Vec::new(), 2));
            assert_eq!(report.missing, [damage.recording]);
        }
    }
}
