//! Further stores (R16, R17): copies are read back before they count, damage is mended with no more
//! than the damaged extents, and a store is released by two persons and only while it can be spared.

use super::{BEGIN, DAY_MS, data_files, flip, recordings, vault_with_a_clock};
use crate::access::person;
use crate::office::Office;
use crate::story::{new_vault_on, operator};
use sqlx::ConnectOptions;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use vault_core::catalog::{Catalog, Location};
use vault_core::clock::Clock;
use vault_core::fault::Code;
use vault_core::jobs::{JobKind, JobState, Jobs, LeaseState};
use vault_core::media::WorkerProgram;
use vault_core::policy::Role;
use vault_core::preservation::{self, ClassCopies, ScrubExtent, scrub};
use vault_core::reminders;
use vault_core::stop::Stop;
use vault_core::vault::{FurtherPlace, StoreChoice, Vault};
use vault_core::work::{self, Tools};
use vault_proof::ContentId;
use vault_tests::postgres::PostgresServer;
use vault_tests::s3s_server::S3sServer;

const EXTENT: usize = 16 << 20;
const BLOCK: usize = 256 << 10;

async fn add(vault: &Vault, name: &str, place: FurtherPlace) {
    preservation::add_store(vault, &operator(), name, place).await.expect("a store");
}

async fn fill(vault: &Vault, name: &str) -> preservation::FillSummary {
    let stop = Stop::default();
    preservation::fill_store(vault, &operator(), name, &stop, &|_| {}).await.expect("filled")
}

pub(super) fn largest(store: &Path) -> std::path::PathBuf {
    let size = |path: &std::path::PathBuf| std::fs::metadata(path).expect("file").len();
    data_files(store).into_iter().max_by_key(size).expect("a file")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_bit_is_mended_by_one_extent_and_both_copies_bad_is_said() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    let ids = recordings(&vault, &scratch.path().join("源"), 1, 3 * EXTENT + 7).await;
    let second = scratch.path().join("second");
    add(&vault, "二号盘", FurtherPlace::Directory(second.clone())).await;
    let copied = fill(&vault, "二号盘").await;
    assert_eq!((copied.objects, copied.failed), (1, 0));
    assert_eq!(fill(&vault, "二号盘").await.objects, 0, "a second time there is nothing to do");
    let own = largest(&vault.directory().join("store"));
    let before = std::fs::read(&own).expect("bytes");
    flip(&own, EXTENT + 5);
    // The scheduled reading finds it and mends it by itself.
    clock.set(BEGIN.plus_ms(100 * DAY_MS));
    let text = "[scrub]\nbytes_per_second = 1000000000000\nidle_percent = 0\n";
    std::fs::write(vault.directory().join("settings.toml"), text).expect("settings");
    let quiet = Arc::new(|_| {});
    let found = scrub(&vault, &operator(), ScrubExtent::Due, Stop::default(), quiet).await;
    let found = found.expect("read again");
    assert_eq!((found.failed.len(), found.repaired.len()), (1, 1), "{found:?}");
    assert!(found.repaired[0].moved <= EXTENT as u64, "{found:?}");
    assert!(std::fs::read(&own).expect("bytes") == before, "bit for bit as it was");
    assert_eq!(vault.catalog().damaged().await.expect("list").len(), 0, "it is served again");
    // A copy that was cut short is fetched whole; a damaged copy elsewhere is mended from here.
    let copy = largest(&second);
    flip(&copy, 9);
    let id = vault.find(&ids[0]).await.expect("known");
    let mended = preservation::repair(&vault, &operator(), &id).await.expect("mended");
    assert_eq!((mended[0].store.as_str(), mended[0].source.as_str()), ("二号盘", "main"));
    assert_eq!(preservation::repair(&vault, &operator(), &id).await.expect("whole"), []);
    std::fs::remove_file(&own).expect("gone");
    let mended = preservation::repair(&vault, &operator(), &id).await.expect("mended");
    assert_eq!(mended[0].moved, before.len() as u64);
    assert!(std::fs::read(&own).expect("bytes") == before);
    // The same extent bad in both places: nothing is touched, and the fault says so.
    flip(&own, 5);
    flip(&copy, 7);
    let fault = preservation::repair(&vault, &operator(), &id).await.expect_err("no good copy");
    assert_eq!(fault.code(), Code::NoGoodCopy);
    assert_eq!(std::fs::read(&own).expect("bytes")[5], before[5] ^ 1);
    vault.verify_ledger().await.expect("the ledger holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_damaged_in_different_blocks_mend_one_another() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, _) = vault_with_a_clock(&scratch.path().join("vault")).await;
    let ids = recordings(&vault, &scratch.path().join("源"), 1, 9 * BLOCK + 7).await;
    let id = vault.find(&ids[0]).await.expect("known");
    let places = ["second", "third"].map(|name| scratch.path().join(name));
    for (name, place) in ["二号盘", "三号盘"].into_iter().zip(&places) {
        add(&vault, name, FurtherPlace::Directory(place.clone())).await;
        fill(&vault, name).await;
    }
    let own = largest(&vault.directory().join("store"));
    let [second, third] = places.map(|place| largest(&place));
    let before = std::fs::read(&own).expect("bytes");
    // Shorter than an extent, and no copy is whole: the own one lacks three blocks, of which the
    // second has two and the third the other.
    for block in [1, 4, 8] {
        flip(&own, block * BLOCK + 3);
    }
    flip(&second, 4 * BLOCK);
    flip(&third, BLOCK);
    flip(&third, 9 * BLOCK + 1);
    let mended = preservation::repair(&vault, &operator(), &id).await.expect("mended");
    let said: Vec<_> =
        mended.iter().map(|one| (one.store.as_str(), one.source.as_str(), one.moved)).collect();
    let block = BLOCK as u64;
    let short = before.len() as u64 - 9 * block;
    let wanted = [
        ("main", "二号盘", 2 * block),
        ("main", "三号盘", block),
        ("二号盘", "main", block),
        ("三号盘", "main", block + short),
    ];
    assert_eq!(said, wanted);
    for copy in [&own, &second, &third] {
        assert!(std::fs::read(copy).expect("bytes") == before, "bit for bit as it was");
    }
    assert_eq!(preservation::repair(&vault, &operator(), &id).await.expect("whole"), []);
    // One block is bad everywhere: what can be mended is, on record, and the rest is named.
    for copy in [&own, &second, &third] {
        flip(copy, 7);
    }
    flip(&own, 5 * BLOCK);
    let fault = preservation::repair(&vault, &operator(), &id).await.expect_err("no good block");
    assert_eq!(fault.code(), Code::NoGoodCopy);
    let now = std::fs::read(&own).expect("bytes");
    assert!(now[0..BLOCK] != before[0..BLOCK] && now[BLOCK..] == before[BLOCK..]);
    let events = vault.catalog().events(Some(&id), None, 1_000).await.expect("events");
    let repaired = events.iter().filter(|event| event.body.kind() == "copy.repaired");
    assert_eq!(repaired.count(), 5);
    vault.verify_ledger().await.expect("the ledger holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_gone_and_one_that_nobody_reads_are_told() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    recordings(&vault, &scratch.path().join("源"), 2, 70_000).await;
    let (second, away) = (scratch.path().join("second"), scratch.path().join("away"));
    add(&vault, "二号盘", FurtherPlace::Directory(second.clone())).await;
    fill(&vault, "二号盘").await;
    let seen = async || {
        let status = preservation::stores_status(&vault).await.expect("status");
        let worker = WorkerProgram { path: "none".into(), weak_sandbox_allowed: false };
        let found = Vault::doctor(vault.directory(), clock.clone(), &worker).await;
        let told = |key: &str| found.iter().any(|finding| finding.key == key);
        let store = &status.stores[1];
        let told = (told("store-out-of-reach"), told("store-overdue"));
        ((store.in_reach, store.overdue, store.alarms()), told)
    };
    assert_eq!(seen().await, ((true, 0, false), (false, false)));
    clock.set(BEGIN.plus_ms(200 * DAY_MS));
    assert_eq!(seen().await, ((true, 2, true), (false, true)));
    preservation::check_store(&vault, &operator(), "二号盘", None, &Stop::default())
        .await
        .expect("read again");
    std::fs::rename(&second, &away).expect("unmounted");
    assert_eq!(seen().await, ((false, 0, true), (true, false)));
    std::fs::rename(&away, &second).expect("mounted");
    assert_eq!(seen().await, ((true, 0, false), (false, false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_standing_work_fills_a_bucket_and_mends_from_it() {
    let runtime = tokio::runtime::Handle::current();
    let server = tokio::task::block_in_place(|| S3sServer::start(&runtime)).expect("a service");
    let at = server.location();
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, _) = vault_with_a_clock(&scratch.path().join("vault")).await;
    recordings(&vault, &scratch.path().join("源"), 3, 70_000).await;
    let secret = scratch.path().join("credentials");
    let key = &at.credentials;
    let text = format!("{}\n{}\n", key.access_key_id, key.secret_access_key);
    std::fs::write(&secret, text).expect("credentials");
    let bucket = StoreChoice::S3 {
        endpoint: at.endpoint.clone(),
        region: at.region.clone(),
        bucket: at.bucket.clone(),
        prefix: at.prefix.clone(),
        credentials_file: secret,
    };
    add(&vault, "bucket", FurtherPlace::S3(bucket.clone())).await;
    let again = FurtherPlace::S3(bucket);
    let fault = preservation::add_store(&vault, &operator(), "again", again).await;
    assert_eq!(fault.expect_err("the same place").code(), Code::ArgumentInvalid);
    let done = work::run(&vault, &operator(), &Tools::default(), Stop::default()).await;
    assert_eq!(done.expect("runs").failed, 0);
    let status = preservation::stores_status(&vault).await.expect("status");
    assert_eq!((status.stores[1].objects, status.stores[1].lacking), (3, 0), "{status:?}");
    let own = largest(&vault.directory().join("store"));
    let before = std::fs::read(&own).expect("bytes");
    flip(&own, 1_000);
    let actor = operator();
    let damaged = preservation::verify(
        &vault,
        &actor,
        preservation::Selection::All,
        true,
        Stop::default(),
        Arc::new(|_| {}),
    );
    let damaged = damaged.await.expect("verified").failed;
    let mended = preservation::repair(&vault, &operator(), &damaged[0].recording).await;
    assert_eq!(mended.expect("mended")[0].source, "bucket");
    assert!(std::fs::read(&own).expect("bytes") == before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_not_filled_by_two_at_once() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    recordings(&vault, &scratch.path().join("source"), 2, 100_000).await;
    add(&vault, "二", FurtherPlace::Directory(scratch.path().join("second"))).await;
    let catalogue = Location::Sqlite(scratch.path().join("vault/catalog.sqlite"));
    let catalogue = Catalog::open(&catalogue, Duration::from_mins(1)).await.expect("opened");
    let (jobs, everything) = (Jobs::new(&catalogue, &clock), ContentId::from_bytes([0; 32]));
    let held = jobs.take("elsewhere", JobKind::CopyOut, &everything).await.expect("asked");
    let held = held.expect("nobody is at it");
    let (stop, actor) = (Stop::default(), operator());
    let refused = preservation::fill_store(&vault, &actor, "二", &stop, &|_| {}).await;
    assert_eq!(refused.expect_err("refused").code(), Code::WorkUnderWay);
    assert!(data_files(&scratch.path().join("second")).is_empty(), "nothing was begun");
    assert_eq!(jobs.finish(&held).await.expect("ended"), LeaseState::Held);
    assert_eq!(fill(&vault, "二").await.objects, 2);
    let running = jobs.list(JobState::Running, 10).await.expect("listed");
    assert!(running.is_empty(), "it is let go of: {running:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_are_counted_on_postgresql_as_well() {
    let scratch = tempfile::tempdir().expect("scratch");
    let server = PostgresServer::start(&[]).expect("PostgreSQL starts");
    let vault = new_vault_on(&server, &scratch.path().join("vault")).await;
    let wanted = "[copies]\nevidence = 2\n[copies.places]\nevidence = [\"二\"]\n\
                  [tiers]\nstore = \"二\"\n";
    std::fs::write(vault.directory().join("settings.toml"), wanted).expect("settings");
    recordings(&vault, &scratch.path().join("source"), 3, 100_000).await;
    let second = scratch.path().join("second");
    add(&vault, "二", FurtherPlace::Directory(second.clone())).await;
    let status = async || preservation::stores_status(&vault).await.expect("told");
    let before = status().await;
    let class = &before.classes[0];
    assert_eq!((class.class.as_str(), class.short, class.lacking()), ("evidence", 3, 3));
    assert_eq!((before.stores[1].lacking, before.stores[1].objects), (3, 0));
    assert_eq!(fill(&vault, "二").await.objects, 3);
    assert!(!status().await.classes.iter().any(ClassCopies::alarms));
    let archivist = person(&vault, "zhao", Role::Archivist).await;
    let needed = preservation::propose_release(&vault, &archivist, "二", "到期").await;
    assert_eq!(needed.expect_err("refused").code(), Code::CopiesNeeded);
    flip(&largest(&second), 9);
    let stop = Stop::default();
    let found = preservation::check_store(&vault, &operator(), "二", None, &stop).await;
    assert_eq!(found.expect("read").failed.len(), 1);
    let damaged = status().await;
    assert_eq!((damaged.stores[1].damaged, damaged.stores[1].damaged_objects.len()), (1, 1));
    assert_eq!(damaged.classes[0].lacking(), 1);
    let object = damaged.stores[1].damaged_objects[0];
    let mended = preservation::repair(&vault, &operator(), &object).await.expect("mended");
    assert_eq!(mended.len(), 1);
    let waits = reminders::duties(&vault, &archivist).await.expect("told");
    assert!(waits.iter().all(|one| !one.kind.starts_with("copies")), "{waits:?}");
    assert_eq!(preservation::scrub_status(&vault).await.expect("told").damaged, 0);
    assert_eq!(
        preservation::move_tiers(&vault, &operator(), &stop).await.expect("moved").cooled,
        0
    );
}

/// How long releases have to be judged while nobody can write.
const JUDGED: Duration = Duration::from_millis(500);

#[tokio::test(flavor = "multi_thread")]
async fn of_two_stores_released_at_once_one_stays_where_one_is_needed() {
    let office = tokio::task::spawn_blocking(two_proposed).await.expect("an office");
    let vault = Vault::open(&office.path("vault"), Clock::system()).await.expect("opened");
    let actor = office.signed_in(&vault, "sec").await;
    // Both are judged before either is put on record.
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(office.path("vault/catalog.sqlite"));
    let mut writer = options.connect().await.expect("connects");
    sqlx::query("BEGIN IMMEDIATE").execute(&mut writer).await.expect("held");
    let release = |name| preservation::release_store(&vault, &actor, name, "已到期");
    let freed = async {
        tokio::time::sleep(JUDGED).await;
        sqlx::query("ROLLBACK").execute(&mut writer).await.expect("freed");
    };
    let (second, third, ()) = tokio::join!(release(STORES[0]), release(STORES[1]), freed);
    let refused: Vec<Code> =
        [second, third].into_iter().filter_map(Result::err).map(|fault| fault.code()).collect();
    assert_eq!(refused, [Code::CopiesNeeded], "one is released, the other is needed");
    let status = preservation::stores_status(&vault).await.expect("told");
    assert!(!status.classes.iter().any(ClassCopies::alarms), "copies enough: {status:?}");
}

/// Two stores, either of which can be spared.
const STORES: [&str; 2] = ["二号盘", "三号盘"];

/// An office that keeps for long what both of them hold, and proposed to release each.
fn two_proposed() -> Office {
    let office = Office::new();
    let source = office.path("录像.bin");
    std::fs::write(&source, vec![6; 300_000]).expect("source");
    assert_eq!(office.ctl.ingest(&source).expect("runs").code, 0);
    let id = office.done("", &["list"])["recordings"][0]["recording"].clone();
    let id = id.as_str().expect("a recording");
    let trigger =
        ["retention", "trigger", id, "--ground", "obstruction", "--reason", "现场阻挠执法"];
    office.done("zhao", &trigger);
    for name in STORES {
        office.done("sys", &["store", "add", name, "--in-directory", &office.text(name)]);
        office.done("zhao", &["store", "fill", name]);
    }
    for name in STORES {
        office.done("zhao", &["store", "propose-release", name, "--reason", "到期"]);
    }
    office
}

/// The status says of the first further store who took this step and why, and has a line about it.
fn told(office: &Office, step: &str, (person, reason): (&str, &str)) {
    let store = office.call("", &["store", "status"]).last()["stores"][1].clone();
    let said = &store[step];
    assert_eq!((&said["person"], &said["reason"]), (&person.into(), &reason.into()), "{store}");
    assert!(said["at"].is_string(), "{store}");
    for (language, word) in [("zh-CN", "停用"), ("en", "release")] {
        let shown = office.ctl.call(&["--lang", language, "store", "status"]).expect("runs").out;
        let has = |line: &str| [word, person, reason].iter().all(|part| line.contains(part));
        assert!(shown.lines().any(has), "{shown}");
    }
}

#[test]
fn a_store_is_released_by_another_person_and_only_while_it_can_be_spared() {
    let office = Office::new();
    let source = office.path("录像.bin");
    std::fs::write(&source, vec![5; 300_000]).expect("source");
    let taken = office.ctl.ingest(&source).expect("runs");
    assert_eq!(taken.code, 0, "{taken:?}");
    let (second, name) = (office.text("second"), "二号盘");
    office.refused("zhang", &["store", "add", name, "--in-directory", &second], 5, "act-denied");
    let inside = office.text("vault/store/x");
    office.refused(
        "sys",
        &["store", "add", name, "--in-directory", &inside],
        2,
        "argument-invalid",
    );
    office.done("sys", &["store", "add", name, "--in-directory", &second]);
    let filled = office.done("zhao", &["store", "fill", name]);
    assert!(filled["objects"].as_u64() >= Some(1), "{filled}");
    let status = office.done("", &["store", "status"]);
    assert_eq!(status["stores"][1]["lacking"], 0, "{status}");
    // What is preserved for long needs two copies: without this store there would be one.
    let listed = office.done("", &["list"]);
    let id = listed["recordings"][0]["recording"].as_str().expect("a recording").to_owned();
    let trigger =
        ["retention", "trigger", &id, "--ground", "obstruction", "--reason", "现场阻挠执法"];
    office.done("zhao", &trigger);
    let propose = ["store", "propose-release", name, "--reason", "硬盘到期"];
    office.refused("zhao", &propose, 5, "copies-needed");
    let third = office.text("third");
    office.done("sys", &["store", "add", "三号盘", "--in-directory", &third]);
    assert_eq!(office.call("", &["store", "status"]).code, 0, "two copies are enough");
    office.done("zhao", &["store", "fill", "三号盘"]);
    // Copies enough, but the settings say where they are to lie.
    let places = "[copies.places]\nlong_term = [\"二号盘\"]\n";
    std::fs::write(office.path("vault/settings.toml"), places).expect("settings");
    office.refused("zhao", &propose, 5, "copies-needed");
    let places = "[copies.places]\nlong_term = [\"三号盘\"]\n";
    std::fs::write(office.path("vault/settings.toml"), places).expect("settings");
    let release = ["store", "release", name, "--reason", "x"];
    office.refused("sec", &release, 6, "store-release-not-proposed");
    office.done("zhao", &propose);
    told(&office, "proposed", ("zhao", "硬盘到期"));
    // Taken back or refused with a reason, it counts as before; a new proposal is another one.
    let withdraw = ["store", "withdraw-release", name, "--reason", "仍在保修期内"];
    office.refused("zhang", &withdraw, 5, "act-denied");
    office.done("sec", &withdraw);
    told(&office, "withdrawn", ("sec", "仍在保修期内"));
    assert_eq!(office.done("", &["store", "status"])["stores"][1]["state"], "in-use");
    office.refused("sec", &withdraw, 6, "store-release-not-proposed");
    office.refused("sec", &release, 6, "store-release-not-proposed");
    // What the reading finds is mended by itself, and people are told so and from where.
    super::flip(&largest(&office.path("vault/store")), 5);
    let read = office.ctl.call(&["--lang", "zh-CN", "scrub", "--for", "20s"]).expect("runs");
    assert_eq!(read.code, 4, "{read:?}");
    assert!(read.out.contains("的副本修复") && read.err.contains("已全部用上列"), "{read:?}");
    office.done("zhao", &propose);
    // It waits for who may decide on it, and not for who proposed it.
    let waits = |account: &str| office.waiting(account, "release-store");
    assert_eq!((waits("sec"), waits("zhao")), (1, 0));
    let release = ["store", "release", name, "--reason", "已迁移至三号盘"];
    office.refused("zhao", &release, 5, "act-denied");
    office.done("sec", &release);
    told(&office, "released", ("sec", "已迁移至三号盘"));
    assert_eq!(waits("sec"), 0);
    let status = office.done("", &["store", "status"]);
    assert_eq!(status["stores"][1]["state"], "released");
    assert!(std::path::Path::new(&second).join("data").is_dir(), "its bytes are left alone");
    office.refused("", &["store", "fill", name], 6, "store-unknown");
    office.done("", &["ledger", "verify"]);
}

#[test]
fn what_is_damaged_is_named_and_not_thought_to_be_copied() {
    let office = Office::new();
    let source = office.path("录像.bin");
    std::fs::write(&source, vec![7; 300_000]).expect("source");
    assert_eq!(office.ctl.ingest(&source).expect("runs").code, 0);
    let id = office.done("", &["list"])["recordings"][0]["recording"].clone();
    let id = id.as_str().expect("a recording");
    flip(&largest(&office.path("vault/store")), 5);
    assert_eq!(office.ctl.call(&["verify", "--all"]).expect("runs").code, 4);
    let add = ["store", "add", "二号盘", "--in-directory", &office.text("second")];
    office.done("sys", &add);
    let filled = office.call("zhao", &["store", "fill", "二号盘"]);
    let said = filled.last();
    assert_eq!((filled.code, &said["failed"], &said["not_copied"][0]), (4, &1.into(), &id.into()));
    let status = office.call("", &["scrub", "status"]);
    assert_eq!((status.code, &status.last()["damaged_objects"][0]), (4, &id.into()));
    let status = office.call("", &["store", "status"]);
    assert_eq!(status.last()["stores"][0]["damaged_objects"][0], id);
    let one = office.done("", &["store", "status", "二号盘"]);
    assert_eq!(one["stores"].as_array().map(Vec::len), Some(1));
    office.refused("", &["store", "status", "三号盘"], 6, "store-unknown");
    let shown = office.ctl.call(&["--lang", "zh-CN", "scrub", "status"]).expect("runs");
    assert!(shown.out.contains(id) && shown.err.contains("vaultctl repair"), "{shown:?}");
    assert!(shown.err.contains("第十六条（五）"), "{shown:?}");
    // It holds nothing that counts: nobody needs it, however few copies there are elsewhere.
    let trigger = ["retention", "trigger", id, "--ground", "obstruction", "--reason", "阻挠执法"];
    office.done("zhao", &trigger);
    office.done("zhao", &["store", "propose-release", "二号盘", "--reason", "到期"]);
    // A copy without which there would be too few is not let go, and people are told of how many.
    office.done("sys", &["store", "add", "三号盘", "--in-directory", &office.text("third")]);
    flip(&largest(&office.path("vault/store")), 5);
    assert_eq!(office.ctl.call(&["verify", "--all"]).expect("runs").code, 0);
    office.done("zhao", &["store", "fill", "三号盘"]);
    let propose = ["store", "propose-release", "三号盘", "--reason", "到期"];
    let answer = office.call("zhao", &propose);
    let fault = &answer.last()["error"];
    assert_eq!((answer.code, &fault["code"]), (5, &"copies-needed".into()), "{fault}");
    let wanted = [("copy_class", "long-term"), ("short", "1"), ("wanted", "2")];
    assert!(wanted.iter().all(|(name, value)| fault["details"][name] == *value), "{fault}");
}

#[test]
fn a_store_that_cannot_be_added_is_refused_in_words_of_its_own() {
    let office = Office::new();
    let add = |name: &str, place: &str| {
        office.call("sys", &["store", "add", name, "--in-directory", place])
    };
    let reason = |name: &str, place: &str| {
        let said = add(name, place).last();
        let detail = said["error"]["details"]["reason"].as_str().map(str::to_owned);
        (said["error"]["code"].as_str().unwrap_or_default().to_owned(), detail.unwrap_or_default())
    };
    let told = |code: &str, reason: &str| (code.to_owned(), reason.to_owned());
    let second = office.text("second");
    // A drive that is not mounted is no directory on the vault's own.
    let unmounted = office.text("mnt/disk");
    assert_eq!(reason("二号盘", &unmounted).0, "store-parent-missing");
    assert!(!office.path("mnt").exists(), "nothing was made");
    std::fs::create_dir(office.path("full")).expect("directory");
    std::fs::write(office.path("full/letter.txt"), b"x").expect("file");
    assert_eq!(reason("二号盘", &office.text("full")).0, "store-directory-not-empty");
    assert_eq!(add("二号盘", &second).code, 0);
    assert_eq!(
        reason("二号盘", &office.text("third")),
        told("argument-invalid", "store-name-taken")
    );
    assert_eq!(
        reason("main", &office.text("third")),
        told("argument-invalid", "store-name-reserved")
    );
    for place in [&second, &format!("{second}/inside")] {
        assert_eq!(reason("三号盘", place), told("argument-invalid", "inside-a-store"));
    }
    let inside = office.text("vault/store/x");
    assert_eq!(reason("三号盘", &inside), told("argument-invalid", "inside-the-vault"));
    let doctor = office.ctl.call(&["doctor", "--json"]).expect("runs").out;
    assert!(doctor.contains("store-together"), "it lies on the disk of the vault: {doctor}");
}

#[test]
fn filling_that_is_stopped_says_how_far_it_came_and_goes_on_from_there() {
    let office = Office::new();
    let source = office.path("源");
    std::fs::create_dir(&source).expect("directory");
    for number in 0..60u64 {
        let content = crate::story::bytes(number, 1_000_000, false);
        std::fs::write(source.join(format!("{number}.bin")), content).expect("source");
    }
    assert_eq!(office.ctl.ingest(&source).expect("runs").code, 0);
    office.done("sys", &["store", "add", "二号盘", "--in-directory", &office.text("second")]);
    let data = office.path("second/data");
    let mut call = office.ctl.command(&["store", "fill", "二号盘", "--json"]);
    call.args(["--as", "zhao", "--password-file"]).arg(office.path("zhao.own"));
    call.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let filling = call.spawn().expect("starts");
    let id = i32::try_from(filling.id()).ok().and_then(rustix::process::Pid::from_raw);
    while !data.is_dir() || data_files(&office.path("second")).is_empty() {
        std::thread::sleep(Duration::from_millis(1));
    }
    rustix::process::kill_process(id.expect("a process"), rustix::process::Signal::TERM)
        .expect("a signal");
    let stopped = filling.wait_with_output().expect("ends");
    let said = String::from_utf8_lossy(&stopped.stdout).into_owned();
    assert_eq!(stopped.status.code(), Some(130), "{said}");
    assert!(said.contains("\"left\"") && said.contains("interrupted"), "{said}");
    let lacking = || office.call("", &["store", "status", "二号盘"]).last()["stores"][0].clone();
    let left = lacking()["lacking"].as_u64().expect("a number");
    assert!(left > 0 && said.contains(&format!("\"left\":{left}")), "{left}: {said}");
    let done = office.done("zhao", &["store", "fill", "二号盘"]);
    assert_eq!((done["objects"].as_u64(), done["left"].as_u64()), (Some(left), Some(0)));
}
