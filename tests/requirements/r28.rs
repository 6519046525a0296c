//! R28: working days by the official calendar, which agrees with one that nobody here wrote; a year
//! without a notice says so, and a new one moves what is running, on record.

use crate::kill::root;
use crate::office::Office;
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
fn works_every_day_of_nine_years_is_what_another_calendar_says() {
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
fn refuses_one_person_alone_a_year_is_counted_by_its_notice_once_two_people_brought_it_in() {
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

/// The examples of the regulation's own year: an ordinary one, a shifted Saturday, the end of the
/// last year there is a notice for.
#[test]
fn works_terms_over_festivals_and_shifted_days_tell_each_day() {
    let office = Office::new();
    let due = ["calendar", "deadline", "2026-09-30", "2"];
    let deadline = office.done("", &due);
    assert_eq!((&deadline["due"], &deadline["provisional"]), (&"2026-10-09".into(), &false.into()));
    assert_eq!(deadline["days"].as_array().map(Vec::len), Some(9));
    office.refused("", &["calendar", "deadline", "2026-09-31", "2"], 2, "usage");
    for (since, due) in [("2026-09-25", "2026-09-29"), ("2026-10-09", "2026-10-12")] {
        let said = office.done("", &["calendar", "deadline", since, "2"]);
        assert_eq!((&said["due"], &said["provisional"]), (&due.into(), &false.into()));
        assert!(said["papers"][0].as_str().is_some_and(|paper| paper.contains("gov.cn")));
    }
    let said = office.done("", &["calendar", "deadline", "2026-12-31", "2"]);
    assert_eq!(said["provisional"], true);
}

#[test]
fn works_a_new_calendar_moves_running_terms_on_record_with_the_old_and_the_new_day() {
    let office = Office::new();
    office.hire("sun", "inspector");
    super::common::opened(&office);
    super::r25::under_review(&office);
    let before = office.done("li", &["deadlines"])["deadlines"][0].clone();
    assert_eq!(before["kind"], "review");
    let today = Date::of(vault_core::clock::Clock::system().now());
    let off = |ahead: i64| {
        let date = today.plus_days(ahead);
        format!("{{\"name\":\"停工\",\"date\":\"{date}\",\"isOffDay\":true}}")
    };
    let days: Vec<String> = (1..=9).map(off).collect();
    let year = today.year();
    let text = format!(
        "{{\"year\":{year},\"papers\":[\"https://www.gov.cn/x\"],\"days\":[{}]}}",
        days.join(",")
    );
    let notice = office.text("notice.json");
    std::fs::write(&notice, text).expect("file");
    let id = office.done("qian", &["calendar", "import", &notice]);
    let id = id["edition"].as_str().expect("a number");
    assert_eq!(office.done("li", &["term", "moved"])["moved"], serde_json::json!([]));
    assert_eq!(office.done("li", &["calendar", "confirm", id])["moved"], 1);
    let after = office.done("li", &["deadlines"])["deadlines"][0].clone();
    let moved = office.done("wang", &["term", "moved"])["moved"][0].clone();
    assert_eq!((&moved["from"], &moved["to"]), (&before["due"], &after["due"]));
    assert!(moved["from"].as_str() < moved["to"].as_str(), "{moved}");
    let events = office.ctl.call(&["ledger", "events", "--json"]).expect("events").out;
    assert!(events.contains("\"type\":\"term.moved\""), "it is on record");
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("verify").code, 0);
}
