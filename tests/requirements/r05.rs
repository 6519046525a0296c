//! R05 (A3.6, A2.12): the register of devices: who keeps, who used and when; checks of the same day,
//! clock drift, maintenance, and what is overdue.

use super::common::{FACTS, FIT, entered, listed, text};
use crate::access::person;
use crate::keeping::vault_with_a_clock;
use crate::office::{CASE, Office};
use serde_json::Value;
use vault_core::clock::Date;
use vault_core::oversight::device::{self, Condition, DeviceFacts, DeviceStep};
use vault_core::policy::Role;
use vault_core::reminders;

#[test]
fn refuses_every_wrong_step_a_device_is_entered_taken_out_found_broken_and_retired() {
    let office = Office::new();
    let id = entered(&office, "DSJ-0001");
    let again = [&["device", "add", "--number", "DSJ-0001"], &FACTS[..]].concat();
    office.refused("qian", &again, 1, "device-number-taken");
    office.refused("li", &again, 5, "act-denied");
    let take = |more: &[&'static str]| {
        let who = ["device", "take", "DSJ-0001", "--user", "张三"];
        [&who[..], more].concat()
    };
    // Empty, without memory, with a clock two minutes off, or found unfit: it stays.
    for bad in [
        &["--battery", "0", "--free-mib", "30000"][..],
        &["--battery", "90", "--free-mib", "0"],
        &["--battery", "90", "--free-mib", "30000", "--clock-off", "120"],
        &["--battery", "90", "--free-mib", "30000", "--unfit"],
    ] {
        office.refused("zhang", &take(bad), 1, "device-unfit");
    }
    office.refused("zhang", &["device", "return", "DSJ-0001"], 1, "entry-step-refused");
    office.done("zhang", &take(&FIT));
    office.refused("zhang", &take(&FIT), 1, "entry-step-refused");
    let out = office.done("li", &["device", "show", &id[..8]]);
    assert_eq!((text(&out, "state"), &out["user"]["person"]), ("out", &Value::from("张三")));
    office.done("zhang", &["device", "return", &id]);
    office.done("zhang", &["device", "break", &id, "--note", "镜头进水"]);
    office.refused("zhang", &take(&FIT), 1, "entry-step-refused");
    office.refused("zhang", &["device", "mend", &id, "--note", "换镜头"], 5, "act-denied");
    office.done("qian", &["device", "mend", &id, "--note", "换镜头"]);
    let checked = [&["device", "check", &id, "--battery", "40"], &FIT[2..], &["--unfit"]].concat();
    assert_eq!(office.done("zhang", &checked)["passed"], false);
    office.done("qian", &["device", "maintain", &id, "--note", "清洁、校时"]);
    office.done("qian", &["device", "retire", &id, "--note", "报废"]);
    office.refused("qian", &["device", "maintain", &id, "--note", "再"], 1, "entry-step-refused");
    let kinds: Vec<String> = office.done("li", &["device", "show", &id])["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| text(step, "kind").replace("device.", ""))
        .collect();
    let all = "registered taken-out returned broken mended checked maintained retired";
    assert_eq!(kinds.join(" "), all);
    // The number of a retired device is free.
    entered(&office, "DSJ-0001");
}

#[test]
fn works_a_recording_of_a_device_nobody_entered_is_taken_in_and_the_device_is_named() {
    let office = Office::new();
    entered(&office, "DSJ-0001");
    for (name, device, off) in [("一.bin", "DSJ-0001", "-30"), ("二.bin", "DSJ-0999", "0")] {
        std::fs::write(office.path(name), name).expect("file");
        let path = office.text(name);
        let labels = ["--case", CASE, "--counterpart", "某协会", "--handler", "张三"];
        let from = ["--activity", "inspection", "--device", device];
        let off = ["--clock-offset", off];
        let call = [&["ingest", &path, "--no-examine"], &labels[..], &from[..], &off[..]].concat();
        office.done("zhang", &call);
    }
    let all = office.done("li", &["device", "list"]);
    let known = listed(&all, "devices", "number", "DSJ-0001");
    assert_eq!(known["deliveries"]["count"], 1);
    assert_eq!(known["deliveries"]["clock_seconds"], -30);
    let shown = office.done("li", &["device", "show", "DSJ-0001"]);
    assert_eq!(shown["drift"][0]["clock_seconds"], -30, "its clock at each delivery: {shown}");
    assert_eq!(listed(&all, "unknown", "number", "DSJ-0999")["deliveries"], 1);
    assert_eq!(all["unknown"].as_array().map(Vec::len), Some(1));
}

/// What asks something of its keeper is among what waits for him, a week before its day on.
#[tokio::test]
async fn a_device_waits_for_its_keeper_before_its_day_when_its_clock_drifts_and_while_it_is_kept() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    let at = |day: &str| {
        let day: Date = day.parse().expect("a day");
        clock.set(day.begins_at().plus_ms(43_200_000));
    };
    at("2026-11-02");
    let keeper = person(&vault, "qian", Role::Custodian).await;
    let handler = person(&vault, "zhang", Role::Handler).await;
    let facts = DeviceFacts {
        number: "DSJ-0001".into(),
        kind: "body-worn".into(),
        unit: "执法科".into(),
        keeper: "钱七".into(),
        ..DeviceFacts::default()
    };
    let id = device::register(&vault, &keeper, facts).await.expect("entered").to_string();
    let waits = async || {
        let duties = reminders::duties(&vault, &keeper).await.expect("duties");
        duties.iter().find(|duty| duty.kind == "device").map(|duty| (duty.count, duty.late))
    };
    assert_eq!(waits().await, None);
    let fit = Condition {
        battery: 90,
        free_mib: 30_000,
        clock_seconds: 0,
        fit: true,
        note: String::new(),
    };
    device::take_out(&vault, &handler, &id, ("张三", fit)).await.expect("taken out");
    at("2026-11-04");
    assert_eq!(waits().await, None, "two working days are not over");
    at("2026-11-05");
    assert_eq!(waits().await, Some((1, 1)), "it was not brought back");
    device::note(&vault, &keeper, &id, (DeviceStep::Returned, "")).await.expect("brought back");
    assert_eq!(waits().await, None);
    at("2026-11-25");
    assert_eq!(waits().await, Some((1, 0)), "to be looked at within a week");
    at("2026-12-03");
    assert_eq!(waits().await, Some((1, 1)), "the day is over");
}
