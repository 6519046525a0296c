//! The main job from end to end, on the core: taken in, found again, verified, damaged, rebuilt.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use vault_core::clock::Clock;
use vault_core::fault::{Code, Outcome};
use vault_core::intake::{IntakeOptions, IntakeReport, IntakeSummary, LabelInput, Labels, ingest};
use vault_core::policy::Actor;
use vault_core::preservation::{Selection, VerifySummary, verify};
use vault_core::stop::Stop;
use vault_core::vault::{CatalogueChoice, InitOptions, StoreChoice, Vault};
use vault_core::work::Tools;
use vault_tests::postgres::PostgresServer;

pub fn operator() -> Actor {
    Actor::terminal(0, "张三", [7; 16])
}

pub async fn new_vault(directory: &Path) -> Vault {
    made(directory, CatalogueChoice::Sqlite).await
}

/// The same with its catalogue in PostgreSQL; the address lies beside it.
pub async fn new_vault_on(server: &PostgresServer, directory: &Path) -> Vault {
    let url_file = directory.with_extension("url");
    let url = server.database().await.expect("a database");
    std::fs::write(&url_file, url).expect("address");
    made(directory, CatalogueChoice::Postgres { url_file }).await
}

async fn made(directory: &Path, catalogue: CatalogueChoice) -> Vault {
    let options = InitOptions {
        directory: directory.to_owned(),
        key_copies: Vec::new(),
        secrets: None,
        store: StoreChoice::Local,
        catalogue,
    };
    Vault::init(options, &operator(), Clock::system()).await.expect("a new vault")
}

fn labels() -> Labels {
    Labels::checked(LabelInput {
        case: "吉民罚〔2026〕1号".into(),
        counterpart: "某协会".into(),
        handler: "张三".into(),
        activity: "evidence-taking".into(),
        ..LabelInput::default()
    })
    .expect("good labels")
}

pub type Ids = BTreeMap<PathBuf, (String, bool)>;

pub async fn take_in(vault: &Vault, sources: &[&Path]) -> (IntakeSummary, Ids, Vec<Code>) {
    let received: Arc<Mutex<(Ids, Vec<Code>)>> = Arc::default();
    let seen = Arc::clone(&received);
    let report = Arc::new(move |report| {
        let mut seen = seen.lock().expect("lock");
        match report {
            IntakeReport::Received { path, recording, duplicate, .. } => {
                seen.0.insert(path, (recording.to_string(), duplicate));
            }
            IntakeReport::Failed { fault, .. } => seen.1.push(fault.code()),
            IntakeReport::Found { .. } | IntakeReport::Read { .. } => {}
        }
    });
    let sources = sources.iter().map(|path| path.to_path_buf()).collect();
    let options = IntakeOptions { jobs: 0 };
    let summary =
        ingest(vault, &operator(), sources, labels(), options, Stop::default(), report).await;
    let (ids, faults) = std::mem::take(&mut *received.lock().expect("lock"));
    (summary.expect("taken in"), ids, faults)
}

/// Takes in one recording of each kind, signs, and gives the ids.
pub async fn check_in(vault: &Vault, source: &Path) -> Vec<String> {
    std::fs::create_dir_all(source).expect("directory");
    std::fs::write(source.join("raw"), bytes(1, EXTENT + BLOCK + 5, false)).expect("source");
    std::fs::write(source.join("zstd"), bytes(2, 9 * BLOCK + 5, true)).expect("source");
    std::fs::write(source.join("空"), b"").expect("source");
    let (_, ids, _) = take_in(vault, &[source]).await;
    vault.sign_checkpoint(&operator()).await.expect("signs");
    ids.into_values().map(|(id, _)| id).collect()
}

pub async fn check(vault: &Vault, keyless: bool) -> Outcome<VerifySummary> {
    let quiet = Arc::new(|_| {});
    verify(vault, &operator(), Selection::All, keyless, Stop::default(), quiet).await
}

/// Bytes that do not compress, or do.
pub fn bytes(seed: u64, count: usize, compressible: bool) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..count)
        .map(|at| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            if compressible { b"speech and silence "[at % 19] } else { state.to_le_bytes()[3] }
        })
        .collect()
}

const BLOCK: usize = 256 * 1024;
const EXTENT: usize = 16 * 1024 * 1024;

fn sizes() -> Vec<usize> {
    let edges = [0, BLOCK, 2 * BLOCK, 4 * BLOCK, EXTENT, 2 * EXTENT];
    edges.iter().flat_map(|edge| [edge.saturating_sub(1), *edge, edge + 1]).collect()
}

fn make_sources(directory: &Path) -> BTreeMap<PathBuf, String> {
    std::fs::create_dir_all(directory).expect("directory");
    let mut made = BTreeMap::new();
    for (number, size) in sizes().into_iter().enumerate() {
        for compressible in [false, true] {
            let content = bytes(number as u64 + 1, size, compressible);
            let path = directory.join(format!("录像-{number}-{compressible}.bin"));
            std::fs::write(&path, &content).expect("source");
            made.insert(path, blake3::hash(&content).to_string());
        }
    }
    made
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_are_what_b3sum_prints_around_every_boundary_and_everything_verifies() {
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault(&scratch.path().join("vault")).await;
    let made = make_sources(&scratch.path().join("源"));
    let (summary, ids, faults) = take_in(&vault, &[&scratch.path().join("源")]).await;
    assert_eq!((summary.failed, faults.len()), (0, 0));
    for (path, id) in &made {
        assert_eq!(&ids[path].0, id, "{}", path.display());
    }
    let distinct: std::collections::BTreeSet<_> = made.values().collect();
    assert_eq!(summary.stored, distinct.len() as u64);
    for keyless in [false, true] {
        let checked = check(&vault, keyless).await.expect("verifies");
        assert_eq!((checked.objects, checked.failed), (summary.stored, Vec::new()));
    }
    let ran = vault_core::work::run(&vault, &operator(), &Tools::default(), Stop::default())
        .await
        .expect("jobs");
    // Digests of each, and the count of missed terms of the day.
    assert_eq!((ran.done, ran.failed), (summary.stored + 1, 0));
    let (path, id) = made.first_key_value().expect("one");
    let content = std::fs::read(path).expect("source");
    let row = vault.catalog().recording(&id.parse().expect("id")).await.expect("row");
    assert_eq!(row.bytes, content.len() as u64);
    assert!(row.sha256.is_some() && row.sm3.is_some());
    vault.sign_checkpoint(&operator()).await.expect("signs");
    vault.verify_ledger().await.expect("the ledger holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_again_is_found_and_two_intakes_at_once_agree() {
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault(&scratch.path().join("vault")).await;
    let made = make_sources(&scratch.path().join("one"));
    make_sources(&scratch.path().join("two"));
    let other = Vault::open(vault.directory(), Clock::system()).await.expect("opens twice");
    let (one, two) = (scratch.path().join("one"), scratch.path().join("two"));
    let (one_sources, two_sources) = ([one.as_path()], [two.as_path()]);
    let (first, second) =
        tokio::join!(take_in(&vault, &one_sources), take_in(&other, &two_sources));
    let distinct: std::collections::BTreeSet<_> = made.values().collect();
    assert_eq!(first.0.stored + second.0.stored, distinct.len() as u64);
    let (again, ids, _) = take_in(&vault, &one_sources).await;
    assert_eq!((again.stored, again.duplicates), (0, made.len() as u64));
    assert!(ids.values().all(|(_, duplicate)| *duplicate));
    assert!(check(&vault, false).await.expect("verifies").failed.is_empty());
    vault.verify_ledger().await.expect("the ledger holds");
    let staging = vault.directory().join("store/staging");
    assert_eq!(std::fs::read_dir(staging).expect("staging").count(), 0, "nothing is left over");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_in_is_named_and_the_rest_is_done() {
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault(&scratch.path().join("vault")).await;
    let source = scratch.path().join("source");
    std::fs::create_dir_all(source.join("deep/deeper")).expect("directory");
    std::os::unix::fs::symlink(&source, source.join("deep/loop")).expect("link");
    std::os::unix::net::UnixListener::bind(source.join("socket")).expect("socket");
    let odd = std::ffi::OsStr::from_encoded_bytes(b"\xff\xfe.wav");
    std::fs::write(source.join(odd), b"odd name").expect("odd name");
    std::fs::write(source.join("deep/deeper/\u{202e}gpj.exe\n"), b"deceptive").expect("name");
    std::fs::write(source.join("empty"), b"").expect("empty");
    std::fs::write(source.join("长".repeat(85)), b"255 bytes").expect("long name");
    let missing = scratch.path().join("missing");
    let (summary, _, mut faults) = take_in(&vault, &[&source, &missing]).await;
    faults.sort_by_key(|code| code.as_str());
    assert_eq!(faults, [Code::SourceIsALink, Code::SourceMissing, Code::SourceNotAFile]);
    assert_eq!((summary.stored, summary.failed), (4, 3));
    vault.verify_ledger().await.expect("the ledger holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_recording_leaves_nothing_in_staging() {
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault(&scratch.path().join("vault")).await;
    let source = scratch.path().join("large.mp4");
    let content = bytes(9, 5 * EXTENT + 77, false);
    std::fs::write(&source, &content).expect("source");
    let (_, ids, _) = take_in(&vault, &[&source]).await;
    assert_eq!(ids[&source].0, blake3::hash(&content).to_string());
    assert!(check(&vault, false).await.expect("verifies").failed.is_empty());
    let staging = vault.directory().join("store/staging");
    assert_eq!(std::fs::read_dir(staging).expect("staging").count(), 0, "nothing is left over");
}

trait FromBytes {
    fn from_encoded_bytes(bytes: &[u8]) -> &std::ffi::OsStr;
}

impl FromBytes for std::ffi::OsStr {
    fn from_encoded_bytes(bytes: &[u8]) -> &std::ffi::OsStr {
        std::os::unix::ffi::OsStrExt::from_bytes(bytes)
    }
}

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).expect("directory").flatten() {
        if entry.path().is_dir() {
            files.extend(files_below(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files.sort();
    files
}

pub fn overwrite(path: &Path, bytes: &[u8]) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o644)).expect("mode");
    std::fs::write(path, bytes).expect("overwritten");
}

/// Changes every stored file of a class in several ways, one at a time, and demands that each is
/// found; then puts it back and demands silence.
async fn damage_class(vault: &Vault, directory: &str, class: &str, keyless: bool) {
    for path in files_below(&vault.directory().join(directory)) {
        let good = std::fs::read(&path).expect("stored");
        if good.is_empty() {
            continue;
        }
        let mut flipped = good.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 0x10;
        let damages = [flipped, good[..good.len() - 1].to_vec(), Vec::new()];
        for damaged in damages {
            overwrite(&path, &damaged);
            let found = check(vault, keyless).await.expect("verification runs").failed;
            assert!(!found.is_empty(), "{} was not found", path.display());
            assert_eq!(found[0].class, class, "{}", path.display());
        }
        overwrite(&path, &good);
    }
    assert!(check(vault, keyless).await.expect("verification runs").failed.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_to_stored_bytes_manifests_and_keys_is_found_and_named() {
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault(&scratch.path().join("vault")).await;
    let source = scratch.path().join("source");
    std::fs::create_dir_all(&source).expect("directory");
    std::fs::write(source.join("raw"), bytes(1, 3 * BLOCK + 5, false)).expect("source");
    std::fs::write(source.join("zstd"), bytes(2, 9 * BLOCK + 5, true)).expect("source");
    take_in(&vault, &[&source]).await;
    for keyless in [false, true] {
        damage_class(&vault, "store/data", "data", keyless).await;
        damage_class(&vault, "store/manifests", "manifest", keyless).await;
    }
    let segment = vault.directory().join("keys/b/keys-00000.seg");
    let good = std::fs::read(&segment).expect("keys");
    let mut flipped = good.clone();
    flipped[200] ^= 1;
    overwrite(&segment, &flipped);
    let found = check(&vault, false).await.expect("verification runs").failed;
    assert_eq!(found[0].class, "key-copy");
    overwrite(&segment, &good);
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_to_the_ledger_in_any_of_its_forms_is_found() {
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault(&scratch.path().join("vault")).await;
    let source = scratch.path().join("source");
    std::fs::create_dir_all(&source).expect("directory");
    for number in 0..300u64 {
        std::fs::write(source.join(format!("{number}")), number.to_le_bytes()).expect("source");
    }
    take_in(&vault, &[&source]).await;
    vault.sign_checkpoint(&operator()).await.expect("signs");
    vault.verify_ledger().await.expect("a whole ledger gives no alarm");
    let mut files = files_below(&vault.directory().join("ledger/tile"));
    files.extend(files_below(&vault.directory().join("ledger/log")));
    files.push(vault.directory().join("ledger/checkpoint"));
    files.push(vault.directory().join("secrets/last-signed"));
    for path in files {
        let good = std::fs::read(&path).expect("ledger file");
        for at in [0, good.len() / 2, good.len() - 1] {
            let mut flipped = good.clone();
            flipped[at] ^= 0x01;
            overwrite(&path, &flipped);
            let fault = vault.verify_ledger().await;
            assert!(fault.is_err(), "byte {at} of {} was not missed", path.display());
        }
        overwrite(&path, &good);
    }
    vault.verify_ledger().await.expect("put back, it holds again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_rebuilt_from_storage_ledger_and_keys_is_the_same() {
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault(&scratch.path().join("vault")).await;
    let source = scratch.path().join("source");
    std::fs::create_dir_all(&source).expect("directory");
    for number in 0..40u64 {
        std::fs::write(source.join(format!("{number}")), number.to_le_bytes()).expect("source");
    }
    take_in(&vault, &[&source]).await;
    take_in(&vault, &[&source]).await;
    vault_core::work::run(&vault, &operator(), &Tools::default(), Stop::default())
        .await
        .expect("jobs");
    check(&vault, true).await.expect("verifies");
    let mut before = Vec::new();
    vault.dump(&mut before).await.expect("dump");
    let into = scratch.path().join("new");
    let report = Vault::rebuild(vault.directory(), &into, Clock::system()).await.expect("rebuilds");
    assert_eq!(report.recordings, 40);
    let rebuilt = Vault::open(&into, Clock::system()).await.expect("opens");
    let mut after = Vec::new();
    rebuilt.dump(&mut after).await.expect("dump");
    assert!(before == after, "the dumps differ");
    // In place, over a catalogue that is gone.
    std::fs::write(vault.directory().join("catalog.sqlite"), b"not a database").expect("damaged");
    for journal in ["catalog.sqlite-wal", "catalog.sqlite-shm"] {
        std::fs::remove_file(vault.directory().join(journal)).ok();
    }
    let fault = Vault::open(vault.directory(), Clock::system()).await.expect_err("refused");
    assert_eq!(fault.code(), Code::CatalogueDamaged);
    Vault::rebuild(vault.directory(), vault.directory(), Clock::system()).await.expect("rebuilds");
    Vault::open(vault.directory(), Clock::system()).await.expect("opens again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_is_not_in_order_says_what_is_wrong() {
    let scratch = tempfile::tempdir().expect("scratch");
    let open = |path: PathBuf| async move {
        Vault::open(&path, Clock::system()).await.expect_err("refused").code()
    };
    let directory = scratch.path().join("vault");
    assert_eq!(open(directory.clone()).await, Code::NotAVault);
    drop(new_vault(&directory).await);
    let key = directory.join("secrets/vault.key");
    let good = std::fs::read(&key).expect("key");
    std::fs::remove_file(&key).expect("gone");
    assert_eq!(open(directory.clone()).await, Code::VaultKeyMissing);
    let stranger = scratch.path().join("stranger");
    drop(new_vault(&stranger).await);
    std::fs::copy(stranger.join("secrets/vault.key"), &key).expect("another key");
    assert_eq!(open(directory.clone()).await, Code::VaultKeyWrong);
    overwrite(&key, &good);
    let description = directory.join("vault.json");
    let text = std::fs::read_to_string(&description).expect("description");
    std::fs::write(&description, text.replace("\"v\": 1", "\"v\": 2")).expect("newer");
    assert_eq!(open(directory.clone()).await, Code::VaultTooNew);
    std::fs::write(&description, "{").expect("damaged");
    assert_eq!(open(directory.clone()).await, Code::VaultDescriptionDamaged);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_without_a_grant_and_the_refusal_is_on_record() {
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault(&scratch.path().join("vault")).await;
    let source = scratch.path().join("one.wav");
    std::fs::write(&source, b"what was said").expect("source");
    let (_, ids, _) = take_in(&vault, &[&source]).await;
    let id = ids[&source].0.parse().expect("id");
    let mut out = Vec::new();
    let denied =
        vault_core::access::read(&vault, &operator(), &id, Some("1"), None, &mut out).await;
    assert_eq!(denied.expect_err("denied").code(), Code::GrantNeeded);
    assert!(out.is_empty());
    let events = vault.catalog().events(None, None, 100).await.expect("events");
    assert_eq!(events.last().map(|event| event.body.kind()), Some("act.refused"));
}
