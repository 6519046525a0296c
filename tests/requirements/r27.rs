//! R27 (A2.13–A2.17): the full-process record: what each stage requires, what is there, what is
//! missing.

use super::common::opened;
use crate::office::{CASE, Office};

#[test]
fn works_a_case_tells_by_stage_what_is_missing_until_it_is_there() {
    let office = Office::new();
    opened(&office);
    let lacks = |office: &Office| {
        let case = office.done("li", &["case", "show", CASE]);
        case["missing"].as_array().map_or(0, Vec::len)
    };
    let before = lacks(&office);
    assert!(before > 0, "a file just opened is not complete");
    let path = office.text("审批表.txt");
    std::fs::write(&path, "立案审批表").expect("file");
    let add = ["case", "add", CASE, "--document", &path, "--type", "opening-approval"];
    office.done("zhang", &[&add[..], &["--on", "2026-01-05"]].concat());
    assert_eq!(lacks(&office), before - 1);
}

#[test]
fn refuses_a_written_record_of_no_stage_and_of_who_may_not_file() {
    let office = Office::new();
    opened(&office);
    let path = office.text("某.txt");
    std::fs::write(&path, "某").expect("file");
    let add = ["case", "add", CASE, "--document", &path, "--type", "letter"];
    office.refused("zhang", &add, 2, "");
    let add = ["case", "add", CASE, "--document", &path, "--type", "decision"];
    office.refused("sys", &add, 5, "act-denied");
}
