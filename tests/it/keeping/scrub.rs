//! The scheduled reading (R17): every byte within its period, oldest first, a stop loses nothing,
//! a hit is named, its neighbours are looked at, and what is damaged is not served.

use super::{BEGIN, DAY_MS, data_files, flip, recordings, vault_with_a_clock};
use crate::office::Office;
use crate::story::operator;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use vault_core::clock::Clock;
use vault_core::fault::Code;
use vault_core::media::WorkerProgram;
use vault_core::preservation::{
    self, ScrubExtent, VerifyReport, VerifySummary, scrub, scrub_status,
};
use vault_core::stop::Stop;
use vault_core::vault::{FurtherPlace, Vault};
use vault_core::work::{self, Tools};

const EXTENT: u64 = 16 << 20;

async fn read_again(vault: &Vault, extent: ScrubExtent) -> VerifySummary {
    let quiet = Arc::new(|_| {});
    scrub(vault, &operator(), extent, Stop::default(), quiet).await.expect("read again")
}

fn later(clock: &Clock, days: i64) {
    clock.set(BEGIN.plus_ms(days * DAY_MS));
}

/// As fast as the settings allow.
fn at_once(vault: &Path) {
    let text = "[scrub]\nbytes_per_second = 1000000000000\nidle_percent = 0\n";
    std::fs::write(vault.join("settings.toml"), text).expect("settings");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_is_read_each_day_and_everything_within_its_period() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    at_once(vault.directory());
    let ids = recordings(&vault, &scratch.path().join("源"), 30, 9_000).await;
    assert_eq!(read_again(&vault, ScrubExtent::Due).await.objects, 0, "everything is fresh");
    let mut read = 0;
    for day in 2..85 {
        later(&clock, day);
        let share = read_again(&vault, ScrubExtent::Due).await.objects;
        assert!(share <= 1, "day {day}: {share} of thirty");
        read += share;
        let status = scrub_status(&vault).await.expect("status");
        assert_eq!((status.overdue, status.damaged), (0, 0), "day {day}");
    }
    assert!(read >= ids.len() as u64, "{read}");
    let status = scrub_status(&vault).await.expect("status");
    assert!(status.oldest_seconds < 85 * 86_400 && status.bytes_per_day > 0, "{status:?}");
    assert!(status.predicted_end.is_some());
    // Left alone for longer than the period everything is due at once, and said to be late.
    later(&clock, 200);
    assert_eq!(scrub_status(&vault).await.expect("status").overdue, 30);
    assert_eq!(read_again(&vault, ScrubExtent::Due).await.objects, 30);
    assert_eq!(scrub_status(&vault).await.expect("status").overdue, 0);
    vault.verify_ledger().await.expect("the ledger holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_a_long_recording_loses_nothing() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    at_once(vault.directory());
    recordings(&vault, &scratch.path().join("源"), 1, 3 * (EXTENT as usize) + 7).await;
    later(&clock, 100);
    let one_extent = async || {
        let (stop, read) = (Stop::default(), Arc::new(AtomicU64::new(0)));
        let (asked, counted) = (stop.clone(), Arc::clone(&read));
        let report = Arc::new(move |report| {
            if let VerifyReport::Read { bytes } = report {
                // After each of these it rests: whoever waits for a disk or processor waits for one.
                assert!(bytes <= 1 << 20, "others wait while {bytes} bytes are read");
                counted.fetch_add(bytes, Ordering::SeqCst);
                asked.request();
            }
        });
        let summary = scrub(&vault, &operator(), ScrubExtent::Due, stop, report).await;
        (summary.expect("stops").objects, read.load(Ordering::SeqCst))
    };
    for _ in 0..3 {
        assert_eq!(one_extent().await, (0, EXTENT));
    }
    assert_eq!(one_extent().await, (1, 7), "the last call reads the rest alone");
    // The next reading begins at the beginning.
    later(&clock, 200);
    assert_eq!(one_extent().await, (0, EXTENT));
    assert_eq!(read_again(&vault, ScrubExtent::Due).await.objects, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_went_back_stops_no_reading() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    at_once(vault.directory());
    let second = FurtherPlace::Directory(scratch.path().join("second"));
    preservation::add_store(&vault, &operator(), "二", second).await.expect("a store");
    later(&clock, 4_000);
    recordings(&vault, &scratch.path().join("源"), 3, 5_000).await;
    let stop = Stop::default();
    preservation::fill_store(&vault, &operator(), "二", &stop, &|_| {}).await.expect("filled");
    later(&clock, 2);
    let asked = operator();
    for _ in 0..2 {
        let read = preservation::check_store(&vault, &asked, "二", None, &stop).await;
        assert_eq!(read.expect("read").objects, 3, "what is asked for is read");
    }
    let minute = ScrubExtent::For(Duration::from_mins(1));
    assert_eq!(read_again(&vault, minute).await.objects, 3);
    let worker = WorkerProgram { path: "none".into(), weak_sandbox_allowed: false };
    let findings = Vault::doctor(vault.directory(), clock.clone(), &worker).await;
    assert!(findings.iter().any(|finding| finding.key == "clock-behind"), "{findings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hit_is_named_its_neighbours_are_read_and_it_is_looked_at_again_a_day_later() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    at_once(vault.directory());
    recordings(&vault, &scratch.path().join("源"), 6, 300_000).await;
    later(&clock, 2);
    assert_eq!(read_again(&vault, ScrubExtent::Due).await.objects, 1, "the share of a day");
    for file in data_files(&vault.directory().join("store")) {
        flip(&file, 299_000);
    }
    later(&clock, 4);
    let found = read_again(&vault, ScrubExtent::Due).await;
    assert_eq!(found.objects, 6, "what came in with it is read at once");
    assert!(found.failed.iter().all(|damage| damage.class == "data" && damage.from == 262_144));
    let damaged = vault.catalog().damaged().await.expect("list");
    assert_eq!(damaged.len(), 6);
    let opened = vault_core::access::open(&vault, &operator(), &damaged[0].recording, None).await;
    // The operator may not read at all; who may is told that it is quarantined, below.
    assert_eq!(opened.expect_err("refused").code(), Code::GrantNeeded);
    assert_eq!(read_again(&vault, ScrubExtent::Due).await.objects, 0, "not again at once");
    later(&clock, 6);
    assert_eq!(read_again(&vault, ScrubExtent::Due).await.failed.len(), 6);
    for file in data_files(&vault.directory().join("store")) {
        flip(&file, 299_000);
    }
    later(&clock, 8);
    assert!(read_again(&vault, ScrubExtent::Due).await.failed.is_empty());
    assert!(vault.catalog().damaged().await.expect("list").is_empty(), "found whole again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_takes_a_turn_of_the_reading() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    at_once(vault.directory());
    recordings(&vault, &scratch.path().join("源"), 3, 5_000).await;
    let run = async || {
        let tools = Tools::default();
        work::run(&vault, &operator(), &tools, Stop::default()).await.expect("jobs").done
    };
    assert_eq!(run().await, 4, "digests, and the terms of the day");
    later(&clock, 120);
    assert_eq!(run().await, 2, "a turn, and the terms of the day");
    assert_eq!(scrub_status(&vault).await.expect("status").overdue, 0);
    assert_eq!(run().await, 0, "one turn in its time");
    assert_eq!(read_again(&vault, ScrubExtent::For(Duration::from_mins(1))).await.objects, 0);
}

#[test]
fn what_is_damaged_is_not_served_and_the_commands_say_so() {
    let office = Office::new();
    let (_, id) = office.recording();
    let out = office.text("out");
    assert_eq!(office.read_as("zhang", &id, &out).code, 0);
    let store = office.path("vault/store");
    let longest = |file: &PathBuf| std::fs::metadata(file).expect("file").len();
    let file = data_files(&store).into_iter().max_by_key(longest).expect("data");
    flip(&file, 17);
    // Whoever meets it first is told, and from then on it is on record: nobody has to look for it.
    let met = office.read_as("zhang", &id, &office.text("met"));
    assert_eq!((met.code, met.err.contains("暂停提供")), (4, false), "{}", met.err);
    let status = office.call("", &["scrub", "status"]);
    assert_eq!((status.code, status.last()["damaged"].as_u64()), (4, Some(1)), "{}", status.err);
    let found = office.call("", &["scrub", "--for", "1m"]);
    assert_eq!(found.code, 4, "{}", found.err);
    assert_eq!(found.last()["failed"][0]["recording"], id.as_str());
    let again = office.text("again");
    let refused = office.read_as("zhang", &id, &again);
    assert_eq!(refused.code, 4, "{}", refused.err);
    assert!(refused.err.contains("暂停提供"), "{}", refused.err);
    assert!(!office.path("again").exists());
    let status = office.call("", &["scrub", "status"]);
    assert_eq!((status.code, status.last()["damaged"].as_u64()), (4, Some(1)));
    flip(&file, 17);
    assert_eq!(office.done("", &["verify", &id])["failed"].as_array().map(Vec::len), Some(0));
    assert_eq!(office.read_as("zhang", &id, &again).code, 0);
    assert_eq!(office.call("", &["scrub", "--for", "3 weeks"]).code, 2);
}

#[test]
fn a_ledger_that_cannot_be_signed_is_told_by_the_doctor() {
    let office = Office::new();
    let key = office.path("vault/secrets/ledger.key");
    let away = office.path("ledger.key");
    let told = || {
        let answer = office.call("", &["doctor"]);
        let found = answer.last()["findings"].clone();
        let found = found.as_array().expect("findings").iter();
        let keys: Vec<_> = found.map(|one| one["key"].as_str().unwrap_or("").to_owned()).collect();
        keys.iter().any(|key| key == "ledger-unsignable")
    };
    office.done("", &["ledger", "checkpoint"]);
    assert!(!told());
    std::fs::rename(&key, &away).expect("lost");
    assert!(told());
    std::fs::rename(&away, &key).expect("brought back");
    assert!(!told());
}
