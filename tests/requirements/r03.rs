//! R03 (A3.4, A2.14(二)): every recording names its activity; what should have been recorded and was
//! not is found.

use super::common::{STATED, listed, opened, text};
use crate::office::{CASE, Office};

pub(crate) fn state(office: &Office) -> String {
    let said = office.done("li", &["must-record", CASE]);
    text(listed(&said, "must_record", "activity", "inspection"), "state").to_owned()
}

#[test]
fn works_what_had_to_be_recorded_is_found_until_it_is_recorded_or_lawfully_not() {
    let office = Office::new();
    opened(&office);
    assert_eq!(state(&office), "neither");
    let open = office.done("li", &["must-record"]);
    assert_eq!(listed(&open, "must_record", "case", CASE)["state"], "neither");
    let stated = [&STATED[..], &["--place", "某协会办公室", "--case", CASE]].concat();
    let id = office.done("zhang", &stated);
    assert_eq!(state(&office), "waiting");
    office.done("li", &["statement", "answer", text(&id, "statement")]);
    assert_eq!(state(&office), "stated");
    assert_eq!(office.done("li", &["must-record"])["must_record"], serde_json::json!([]));
    office.recording();
    assert_eq!(state(&office), "recorded");
}

#[test]
fn refuses_a_recording_that_names_no_activity_and_the_table_to_who_may_not_see_it() {
    let office = Office::new();
    std::fs::write(office.path("一.bin"), "一").expect("file");
    let path = office.text("一.bin");
    let labels = ["--case", CASE, "--counterpart", "某协会", "--handler", "张三"];
    let call = [&["ingest", &path, "--no-examine"], &labels[..]].concat();
    office.refused("zhang", &call, 2, "");
    let unknown = [&call[..], &["--activity", "holiday"]].concat();
    office.refused("zhang", &unknown, 2, "label-invalid");
    office.refused("sys", &["must-record"], 5, "act-denied");
    office.refused("zhang", &["must-record", "没有此案"], 6, "case-unknown");
}
