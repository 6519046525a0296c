//! R05 (A3.6, A2.12): the register of devices: who keeps, who used and when; checks of the same day,
//! clock drift, maintenance, and what is overdue.

use super::common::{FACTS, FIT, entered, listed, text};
use crate::office::{CASE, Office};
use serde_json::Value;

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
