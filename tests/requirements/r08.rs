//! R08 (A2.18(一)1): stored within two working days with case number, counterpart, handler; what came
//! late stays late, and a person writes why.

use super::common::{listed, text};
use crate::office::{CASE, Office};

/// A film that says when it was recorded, and that was examined.
fn late(office: &Office) -> String {
    let (file, _) = office.recording();
    let path = office.text("迟到.mp4");
    let mut bytes = std::fs::read(file).expect("file");
    bytes.extend_from_slice(b"\0\0\0\x08free");
    std::fs::write(&path, &bytes).expect("file");
    let labels = ["--case", CASE, "--counterpart", "某协会", "--handler", "张三"];
    let when = ["--activity", "inspection", "--recorded-at", "2026-01-05T10:00:00+08:00"];
    office.done("zhang", &[&["ingest", &path], &labels[..], &when[..]].concat());
    office.done("", &["jobs", "run"]);
    blake3::hash(&bytes).to_hex().to_string()
}

#[test]
fn works_what_was_stored_late_is_on_record_and_stays_late_when_it_is_explained() {
    let office = Office::new();
    let id = late(&office);
    let answer = office.call("li", &["term", "missed"]);
    assert_eq!(answer.code, 7, "a reason is wanting: {}", answer.err);
    let all = answer.last();
    assert_eq!(all["missed"].as_array().map(Vec::len), Some(1), "{all}");
    let missed = listed(&all, "missed", "subject", &id);
    assert_eq!((text(missed, "kind"), text(missed, "due")), ("label", "2026-01-07"));
    assert!(missed["reason"].is_null());
    let todo = office.call("zhang", &["todo"]).last();
    assert_eq!(listed(&todo, "duties", "kind", "explain")["count"], 1);
    let term = text(missed, "term").to_owned();
    office.done("zhang", &["term", "explain", &term, "--note", "设备送修"]);
    // Who keeps the register does not answer for the term; what was written first stays beside it.
    office.refused("qian", &["term", "explain", &term, "--note", "另有原因"], 5, "act-denied");
    office.done("li", &["term", "explain", &term, "--note", "设备送修，卡未取出"]);
    let all = office.done("li", &["term", "missed"]);
    let missed = listed(&all, "missed", "term", &term);
    assert_eq!(text(&missed["reason"], "text"), "设备送修，卡未取出");
    let reasons = missed["reasons"].as_array().expect("reasons");
    let written: Vec<_> =
        reasons.iter().map(|one| (text(one, "person"), text(one, "text"))).collect();
    assert_eq!(written, [("zhang", "设备送修"), ("li", "设备送修，卡未取出")]);
    let events = office.call("li", &["ledger", "events", "--recording", &id]).out;
    assert!(events.contains("term.missed"), "it stands in its custody: {events}");
    // A suspicion of a lapse rests on it, explained or not.
    office.hire("sun", "inspector");
    let found = office.done("sun", &["lapse", "suspicions"]);
    assert_eq!(text(listed(&found, "suspicions", "kind", "late-label"), "recording"), id);
    assert_eq!(office.done("", &["term", "count"])["missed"], 0, "each is on record once");
}

#[test]
fn works_what_comes_again_says_who_brought_it_in_first_and_for_which_case() {
    let office = Office::new();
    let (file, _) = office.recording();
    let path = file.display().to_string();
    let labels = ["--case", "另案", "--counterpart", "某协会", "--handler", "李四"];
    let call = [&["ingest", &path, "--activity", "inspection"], &labels[..]].concat();
    let told = office.call("qian", &call).out;
    let first: serde_json::Value =
        serde_json::from_str(told.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["duplicate"], true, "{first}");
    let earlier = &first["earlier"];
    assert_eq!((text(earlier, "by"), text(earlier, "case")), ("zhang", CASE));
    assert!(earlier["at"].is_string() && text(earlier, "name") == "现场.mp4", "{earlier}");
    let words = office.ctl.call(&call).expect("vaultctl").out;
    assert!(words.contains("此前由zhang于") && words.contains(CASE), "{words}");
}

#[test]
fn refuses_a_recording_without_its_labels_and_a_reason_of_who_has_none_to_give() {
    let office = Office::new();
    std::fs::write(office.path("一.bin"), "一").expect("file");
    let path = office.text("一.bin");
    let call = ["ingest", &path, "--activity", "inspection", "--counterpart", "某"];
    office.refused("zhang", &call, 2, "");
    let term = {
        late(&office);
        let all = office.call("li", &["term", "missed"]).last();
        text(&all["missed"][0], "term").to_owned()
    };
    let explain = ["term", "explain", &term, "--note", "忘了"];
    office.refused("sys", &explain, 5, "act-denied");
    office.refused("zhang", &["term", "explain", "00000000", "--note", "x"], 6, "entry-unknown");
    office.refused("zhang", &["term", "count"], 5, "act-denied");
}
