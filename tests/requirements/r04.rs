//! R04 (A3.5): why something was not recorded: four grounds, reported at once, acknowledged by the
//! superior.

use super::common::{STATED, listed, opened, text};
use super::r03::state;
use crate::office::{CASE, Office};

#[test]
fn works_a_statement_is_reported_and_answered_by_the_superior() {
    let office = Office::new();
    opened(&office);
    assert_eq!(state(&office), "neither");
    let stated = [&STATED[..], &["--place", "某协会办公室", "--case", CASE]].concat();
    let first = office.done("zhang", &stated);
    let first = text(&first, "statement");
    assert_eq!(state(&office), "waiting");
    let reject = ["statement", "answer", first, "--reject", "--note", "另有备用设备"];
    office.done("li", &reject);
    assert_eq!(state(&office), "neither", "what is not accepted is no ground");
    let second = office.done("zhang", &stated);
    office.done("li", &["statement", "answer", text(&second, "statement")]);
    assert_eq!(state(&office), "stated");
    let all = office.done("li", &["statement", "list"]);
    let late = listed(&all, "statements", "state", "accepted");
    assert_eq!(late["late"], true, "made months after the event");
    assert_eq!(late["case_unknown"], false);
    // A statement may come before its case; that there is no such case is seen.
    let other =
        [&STATED[..], &["--place", "某协会办公室", "--case", "吉民罚〔2026〕99号"]].concat();
    let third = office.done("zhang", &other);
    let all = office.done("li", &["statement", "list"]);
    let third = listed(&all, "statements", "statement", text(&third, "statement"));
    assert_eq!(third["case_unknown"], true);
    let lines = office.ctl.call(&["statement", "list", "--lang", "zh-CN"]).expect("lines").out;
    assert_eq!(lines.matches("案卷未登记").count(), 1, "{lines}");
}

#[test]
fn refuses_other_grounds_a_day_to_come_and_an_answer_of_who_stated() {
    let office = Office::new();
    opened(&office);
    let stated = [&STATED[..], &["--place", "某协会办公室", "--case", CASE]].concat();
    office.refused("li", &stated, 5, "act-denied");
    let mut wrong = stated.clone();
    wrong[3] = "holiday";
    office.refused("zhang", &wrong, 2, "argument-invalid");
    wrong[3] = "urgency";
    wrong[7] = "2099-01-01";
    office.refused("zhang", &wrong, 2, "argument-invalid");
    let first = office.done("zhang", &stated);
    let first = text(&first, "statement");
    office.refused("zhang", &["statement", "answer", first], 5, "act-denied");
    office.refused("li", &["statement", "answer", first, "--reject"], 2, "text-invalid");
    let accept = ["statement", "answer", first];
    office.done("li", &accept);
    office.refused("li", &accept, 1, "entry-step-refused");
}
