//! Working days and terms (R08, R12, R28): the calendar agrees with one that nobody here wrote, and
//! what is due is told, late or not.

use crate::kill::root;
use crate::office::{CASE, Office};
use std::collections::BTreeMap;
use std::process::Command;
use vault_core::calendar::Calendar;
use vault_core::clock::Date;

/// Every day of 2018 to 2026, and whether PyPI's `chinesecalendar` calls it worked.
const ORACLE: &str = "
import datetime, chinese_calendar
day = datetime.date(2018, 1, 1)
while day.year < 2027:
    print(day, int(chinese_calendar.is_workday(day)))
    day += datetime.timedelta(days=1)
";

#[test]
fn every_day_of_nine_years_is_what_another_calendar_says() {
    let python = root().join(".cache/venv/bin/python");
    let answer = Command::new(python).args(["-c", ORACLE]).output().expect("python");
    let said = String::from_utf8_lossy(&answer.stdout).into_owned();
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let other: BTreeMap<Date, bool> = said
        .lines()
        .map(|line| {
            let (day, worked) = line.split_once(' ').expect(line);
            (day.parse().expect(day), worked == "1")
        })
        .collect();
    assert_eq!(other.len(), 3_287);
    let calendar = Calendar::official();
    for (day, worked) in &other {
        assert_eq!(calendar.kind(*day).is_worked(), *worked, "{day}");
    }
    // A deadline is the n-th day on which the other calendar works, from wherever it is counted.
    let worked: Vec<Date> =
        other.iter().filter(|(_, worked)| **worked).map(|(day, _)| *day).collect();
    for after in other.keys().step_by(5).take(500) {
        let following = worked.iter().filter(|day| *day > after);
        for (number, due) in (1..=60).zip(following).filter(|(number, _)| number % 7 == 2) {
            assert_eq!(calendar.deadline(*after, number).due, *due, "{after} + {number}");
        }
    }
}

#[test]
fn what_is_due_is_told_with_the_days_that_were_counted() {
    let office = Office::new();
    let due = ["calendar", "deadline", "2026-09-30", "2"];
    let deadline = office.done("", &due);
    assert_eq!((&deadline["due"], &deadline["provisional"]), (&"2026-10-09".into(), &false.into()));
    assert_eq!(deadline["days"].as_array().map(Vec::len), Some(9));
    office.refused("", &["calendar", "deadline", "2026-09-31", "2"], 2, "usage");
    let (_, id) = office.recording();
    let all = office.done("qian", &["deadlines"])["deadlines"].clone();
    assert_eq!(all, serde_json::json!([]), "it has its labels: {id}");

    let officers = ["--officer", "张三:吉001", "--officer", "李四:吉002"];
    let open = [&["case", "open", CASE, "--title", "违规收费"], &officers[..]].concat();
    let rest = ["--counterpart", "某协会", "--unit", "执法科", "--opened-on", "2026-01-05"];
    office.done("zhang", &[&open[..], &rest[..]].concat());
    office.done("zhang", &["case", "end", CASE, "--on", "2026-01-20"]);
    let all = office.done("zhao", &["deadlines"])["deadlines"].clone();
    let first = &all[0];
    assert_eq!((&first["kind"], &first["subject"]), (&"close-case".into(), &CASE.into()));
    assert_eq!((&first["since"], &first["due"]), (&"2026-01-20".into(), &"2026-02-19".into()));
    assert!(
        first["days_left"].as_i64().is_some_and(|days| days < 0),
        "a missed one stays: {first}"
    );
    office.refused("sys", &["deadlines"], 5, "act-denied");
    office.done("zhao", &["case", "close", CASE, "--note", "文书在纸质卷"]);
    assert_eq!(office.done("zhao", &["deadlines"])["deadlines"], serde_json::json!([]));
}

#[test]
fn a_year_is_counted_by_its_notice_once_two_people_brought_it_in() {
    let office = Office::new();
    let count = ["calendar", "deadline", "2026-12-30", "2"];
    let before = office.done("", &count);
    assert_eq!((&before["due"], &before["provisional"]), (&"2027-01-01".into(), &true.into()));
    let notice = office.text("2027.json");
    let days = r#"{"year":2027,"papers":["https://www.gov.cn/x"],"days":[
        {"name":"元旦","date":"2027-01-01","isOffDay":true},
        {"name":"元旦","date":"2027-01-03","isOffDay":false}]}"#;
    std::fs::write(&notice, days).expect("file");
    let bad = office.text("bad.json");
    for text in ["", "{}", &days.replace("2027-01-03", "2031-01-03"), &" ".repeat(70_000)] {
        std::fs::write(&bad, text).expect("file");
        office.refused("qian", &["calendar", "import", &bad], 2, "edition-invalid");
    }
    office.refused("li", &["calendar", "import", &notice], 5, "act-denied");
    let id = office.done("qian", &["calendar", "import", &notice]);
    let id = id["edition"].as_str().expect("a number");
    assert_eq!(office.done("", &count), before, "one person alone changes nothing");
    office.refused("qian", &["calendar", "confirm", id], 5, "act-denied");
    office.done("li", &["calendar", "confirm", id]);
    office.refused("wang", &["calendar", "confirm", id], 1, "entry-step-refused");
    let after = office.done("", &count);
    assert_eq!((&after["due"], &after["provisional"]), (&"2027-01-03".into(), &false.into()));
    let all = office.done("li", &["calendar", "editions"]);
    assert_eq!(all["editions"][0]["confirmed_by"], "li");
}
