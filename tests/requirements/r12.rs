//! R12 (A2.18(一)3): one case, one file within thirty days, closed by the archivist; afterwards only
//! addenda (`access` has the addenda).

use crate::office::{CASE, Office};

#[test]
fn works_a_case_file_is_due_thirty_days_after_the_end_and_a_missed_one_stays_missed() {
    let office = Office::new();
    let (_, id) = office.recording();
    let all = office.done("qian", &["deadlines"])["deadlines"].clone();
    assert_eq!(all, serde_json::json!([]), "it has its labels: {id}");

    let officers = ["--officer", "张三:吉001", "--officer", "李四:吉002"];
    let open = [&["case", "open", CASE, "--title", "违规收费"], &officers[..]].concat();
    let rest = ["--counterpart", "某协会", "--unit", "执法科", "--opened-on", "2026-01-05"];
    office.done("zhang", &[&open[..], &rest[..]].concat());
    office.done("zhang", &["case", "end", CASE, "--on", "2026-01-25"]);
    office.refused("zhang", &["case", "end", CASE, "--on", "2026-01-20"], 2, "text-invalid");
    let moved = ["case", "end", CASE, "--on", "2026-01-20", "--reason", "送达日期登记有误"];
    office.done("zhang", &moved);
    let endings = office.done("zhang", &["case", "show", CASE])["endings"].clone();
    let said = |at: usize| (endings[at]["on"].clone(), endings[at]["reason"].clone());
    assert_eq!(said(0), ("2026-01-25".into(), "".into()));
    assert_eq!(said(1), ("2026-01-20".into(), "送达日期登记有误".into()));
    let all = office.done("zhao", &["deadlines"])["deadlines"].clone();
    let first = &all[0];
    assert_eq!((&first["kind"], &first["subject"]), (&"close-case".into(), &CASE.into()));
    assert_eq!((&first["since"], &first["due"]), (&"2026-01-20".into(), &"2026-02-19".into()));
    assert!(
        first["days_left"].as_i64().is_some_and(|days| days < 0),
        "a missed one stays: {first}"
    );
    assert_eq!(office.done("", &["term", "count"])["missed"], 1);
    office.done("zhao", &["case", "close", CASE, "--note", "文书在纸质卷"]);
    assert_eq!(office.done("zhao", &["deadlines"])["deadlines"], serde_json::json!([]));
    let missed = office.call("li", &["term", "missed"]).last();
    assert_eq!(
        (&missed["missed"][0]["kind"], &missed["missed"][0]["due"]),
        (&"close-case".into(), &"2026-02-19".into())
    );
}

#[test]
fn refuses_a_file_closed_by_another_than_the_archivist_or_before_the_end() {
    let office = Office::new();
    office.recording();
    // Refuses on its way: closed before the end, and by whoever handles it.
    office.archive();
    office.refused("zhang", &["case", "end", CASE, "--on", "2026-02-01"], 5, "act-denied");
    office.refused("sys", &["deadlines"], 5, "act-denied");
}
