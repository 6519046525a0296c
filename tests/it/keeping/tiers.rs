//! Hot and cold (R16, A3.12, A3.15): bytes go where they cost little once nobody uses them, never
//! below the copies that are wanted, and come back for who may read them.

use super::{BEGIN, DAY_MS, data_files, recordings, vault_with_a_clock};
use crate::office::Office;
use crate::story::operator;
use std::path::Path;
use std::sync::Arc;
use vault_core::clock::{Clock, UtcTime};
use vault_core::preservation::{
    self, ScrubExtent, Selection, Tier, move_tiers, plan_tiers, scrub, tier_of,
};
use vault_core::retention::{self, HoldTarget};
use vault_core::stop::Stop;
use vault_core::store::backend::s3::StorageClass;
use vault_core::vault::{FurtherPlace, StoreChoice, Vault};
use vault_core::volume;
use vault_core::work::{self, Tools};
use vault_proof::ContentId;
use vault_tests::command::Vaultctl;
use vault_tests::moto_server::MotoServer;

const SETTINGS: &str = "[tiers]\nstore = \"冷库\"\nafter_days = 365\n\
    [scrub]\nbytes_per_second = 1000000000000\nidle_percent = 0\n";

/// Takes digests, fills the cold store, says what is cold.
async fn prepared(vault: &Vault, place: FurtherPlace) {
    preservation::add_store(vault, &operator(), "冷库", place).await.expect("a store");
    std::fs::write(vault.directory().join("settings.toml"), SETTINGS).expect("settings");
    let done = work::run(vault, &operator(), &Tools::default(), Stop::default()).await;
    assert_eq!(done.expect("runs").failed, 0);
}

async fn moved(vault: &Vault) -> preservation::Moved {
    move_tiers(vault, &operator(), &Stop::default()).await.expect("moved")
}

fn bytes_in(store: &Path) -> u64 {
    data_files(store).iter().map(|file| std::fs::metadata(file).expect("file").len()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_uses_goes_to_the_cold_store_and_nothing_below_its_copies() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    let ids = recordings(&vault, &scratch.path().join("源"), 3, 300_000).await;
    let ids: Vec<ContentId> = ids.iter().map(|id| id.parse().expect("an id")).collect();
    let cold = scratch.path().join("cold");
    prepared(&vault, FurtherPlace::Directory(cold.clone())).await;
    let own = vault.directory().join("store");
    assert_eq!(
        plan_tiers(&vault, None).await.expect("plan").cooled,
        0,
        "its hot period is not over"
    );
    clock.set(BEGIN.plus_ms(400 * DAY_MS));
    // Two copies wanted of evidence: taking the own one away would leave one.
    let two = format!("{SETTINGS}[copies]\nevidence = 2\n");
    std::fs::write(vault.directory().join("settings.toml"), two).expect("settings");
    let kept = moved(&vault).await;
    assert_eq!((kept.cooled, kept.stay.get("copies")), (0, Some(&3)), "{kept:?}");
    std::fs::write(vault.directory().join("settings.toml"), SETTINGS).expect("settings");
    let hold = HoldTarget::Recording(ids[0]);
    let zhao = crate::access::person(&vault, "zhao", vault_core::policy::Role::Archivist).await;
    retention::place_hold(&vault, &zhao, hold, "复议").await.expect("held");
    let before = bytes_in(&own);
    let went = moved(&vault).await;
    assert_eq!((went.cooled, went.stay.get("hold")), (2, Some(&1)), "{went:?}");
    assert!(bytes_in(&own) < before / 2, "the bytes are gone from here");
    assert_eq!(moved(&vault).await.cooled, 0, "once");
    assert_eq!(tier_of(&vault, &ids[0]).await.expect("tier"), Tier::Hot);
    assert!(matches!(tier_of(&vault, &ids[1]).await.expect("tier"), Tier::Cold { .. }));
    let ctl = Vaultctl::on(vault.directory()).expect("vaultctl");
    let shown = |id: &ContentId, words: &[&str]| {
        let id = id.to_string();
        ctl.call(&[&["--lang", "zh-CN", "show", &id], words].concat()).expect("runs").out
    };
    assert!(shown(&ids[1], &[]).contains("冷存储：冷库，自 "), "{}", shown(&ids[1], &[]));
    assert!(!shown(&ids[0], &[]).contains("冷库"));
    let said: serde_json::Value = serde_json::from_str(&shown(&ids[1], &["--json"])).expect("json");
    assert_eq!((&said["tier"]["state"], &said["tier"]["store"]), (&"cold".into(), &"冷库".into()));
    assert_eq!(said["retention"]["reasons"][0]["kind"], "original", "and why it is kept");
    // Neither verification nor the scheduled reading calls it damage, and copies are counted.
    let quiet = Arc::new(|_| {});
    let actor = operator();
    let all = preservation::verify(
        &vault,
        &actor,
        Selection::All,
        false,
        Stop::default(),
        Arc::clone(&quiet) as _,
    );
    let all = all.await.expect("verified");
    assert_eq!((all.objects, all.failed.len()), (1, 0), "{all:?}");
    let due = scrub(&vault, &operator(), ScrubExtent::Due, Stop::default(), quiet).await;
    assert_eq!(due.expect("read").failed.len(), 0);
    let status = preservation::stores_status(&vault).await.expect("status");
    assert!(status.classes.iter().all(|class| class.short == 0), "{status:?}");
    // A disc is made of what is cold as of what is not, and one that is damaged is mended there.
    let disc = scratch.path().join("盘.iso");
    let medium = volume::Medium::new("drive", Some(50_000_000)).expect("a medium");
    for id in &ids {
        retention::find_trigger(&vault, &zhao, id, "obstruction", "阻挠").await.expect("kept");
    }
    let new = volume::NewImage { medium, label: "L-1".to_owned(), target: disc.clone() };
    volume::build(&vault, &zhao, &new).await.expect("built of cold recordings");
    assert!(matches!(tier_of(&vault, &ids[1]).await.expect("tier"), Tier::Cold { .. }));
    for file in data_files(&cold) {
        super::flip(&file, 1_000);
    }
    let away = (disc.as_path(), "L-1");
    let back = volume::restore(
        &vault,
        &operator(),
        (away.1, away.0),
        (&ids[1..2], None),
        &Stop::default(),
    )
    .await;
    let back = back.expect("restored");
    assert_eq!((back.repairs.len(), back.failed.len()), (1, 0), "{back:?}");
    assert_eq!(back.repairs[0].store, "冷库");
    assert!(matches!(tier_of(&vault, &ids[1]).await.expect("tier"), Tier::Cold { .. }));
    let found =
        preservation::repair(&vault, &operator(), &ids[2]).await.expect_err("the only copy");
    assert_eq!(found.code(), vault_core::fault::Code::NoGoodCopy);
    // The cold store is needed now: it is not released.
    let sys = crate::access::person(&vault, "qian", vault_core::policy::Role::Custodian).await;
    let needed = preservation::propose_release(&vault, &sys, "冷库", "到期").await;
    assert_eq!(needed.expect_err("needed").code(), vault_core::fault::Code::CopiesNeeded);
    // What a cut left lying is taken away by the next turn.
    vault.verify_ledger().await.expect("the ledger holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cold_copy_that_does_not_agree_takes_nothing_away() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    recordings(&vault, &scratch.path().join("源"), 2, 300_000).await;
    let cold = scratch.path().join("cold");
    prepared(&vault, FurtherPlace::Directory(cold.clone())).await;
    clock.set(BEGIN.plus_ms(400 * DAY_MS));
    super::flip(&data_files(&cold)[0], 1_000);
    let before = data_files(&vault.directory().join("store")).len();
    moved(&vault).await;
    let left = data_files(&vault.directory().join("store")).len();
    assert_eq!(before - left, 1, "the one whose copy is good went, the other stayed");
    let quiet = Arc::new(|_| {});
    let actor = operator();
    let all =
        preservation::verify(&vault, &actor, Selection::All, false, Stop::default(), quiet).await;
    assert_eq!(all.expect("verified").failed.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_class_is_recorded_asked_and_waited_for() {
    let server = tokio::task::block_in_place(MotoServer::start).expect("moto");
    let at = tokio::task::block_in_place(|| server.bucket("cold", false)).expect("a bucket");
    let office = Office::new();
    let (file, id) = office.recording();
    let secret = office.path("credentials");
    let key = &at.credentials;
    let text = format!("{}\n{}\n", key.access_key_id, key.secret_access_key);
    std::fs::write(&secret, text).expect("credentials");
    let vault = Vault::open(office.ctl.vault(), Clock::system()).await.expect("opens");
    let bucket = StoreChoice::S3 {
        endpoint: at.endpoint.clone(),
        region: at.region.clone(),
        bucket: at.bucket.clone(),
        prefix: "冷".to_owned(),
        credentials_file: secret,
    };
    prepared(&vault, FurtherPlace::Archive(bucket, StorageClass::Glacier)).await;
    let listed = tokio::task::block_in_place(|| server.versions("cold")).expect("a list");
    assert!(listed.contains("<StorageClass>GLACIER</StorageClass>"), "{listed}");
    // A year and some later nobody has used it.
    let later = UtcTime::from_ms(Clock::system().now().as_ms() + 400 * DAY_MS);
    let then = Vault::open(office.ctl.vault(), Clock::fixed(later)).await.expect("opens");
    assert_eq!(moved(&then).await.cooled, 1);
    let out = office.text("读");
    // The operator has no leave and asks for nothing; the handling unit has, and waits.
    assert_eq!(office.read_as("aud", &id, &out).code, 5);
    let parsed: ContentId = id.parse().expect("an id");
    assert!(matches!(tier_of(&then, &parsed).await.expect("tier"), Tier::Cold { .. }));
    let waits = office.read_as("zhang", &id, &out);
    assert_eq!(waits.code, 75, "{waits:?}");
    assert!(matches!(tier_of(&then, &parsed).await.expect("tier"), Tier::BroughtBack { .. }));
    // The archive is asked by the first turn and hands out to a later one.
    let first = moved(&then).await;
    assert_eq!((first.recalled, first.under_way), (0, 1), "{first:?}");
    for _ in 0..20 {
        if moved(&then).await.recalled == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert_eq!(tier_of(&then, &parsed).await.expect("tier"), Tier::Hot);
    std::fs::remove_file(&out).ok();
    let read = office.read_as("zhang", &id, &out);
    assert_eq!(read.code, 0, "{read:?}");
    assert!(std::fs::read(&out).expect("read") == std::fs::read(&file).expect("source"));
    // It stays hot for a while, and goes cold again.
    assert_eq!(plan_tiers(&then, None).await.expect("plan").cooled, 0);
    let again = UtcTime::from_ms(later.as_ms() + 40 * DAY_MS);
    let much_later = Vault::open(office.ctl.vault(), Clock::fixed(again)).await.expect("opens");
    assert_eq!(moved(&much_later).await.cooled, 1);
    // What is granted is on its way while the grant runs, before anybody opens it.
    office.archive();
    office.granted(&id, &["--copies", "1"]);
    assert!(matches!(tier_of(&then, &parsed).await.expect("tier"), Tier::BroughtBack { .. }));
    // A disc of it waits for the same, and says so.
    let archivist = office.signed_in(&then, "zhao").await;
    retention::find_trigger(&then, &archivist, &parsed, "obstruction", "阻挠").await.expect("kept");
    let medium = volume::Medium::new("drive", Some(50_000_000)).expect("a medium");
    let target = office.path("盘.iso");
    let new = volume::NewImage { medium, label: "L-1".to_owned(), target: target.clone() };
    let waits = volume::build(&then, &archivist, &new).await.expect_err("not at hand");
    assert_eq!(waits.code(), vault_core::fault::Code::BeingBroughtBack);
    assert!(!target.exists());
    much_later.verify_ledger().await.expect("the ledger holds");
}
