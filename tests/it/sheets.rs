//! Lists as spreadsheets: what `vaultctl --xlsx` and the service hand out is read by openpyxl,
//! which nobody here wrote.

use crate::kill::root;
use crate::office::{CASE, Office};
use crate::server::signed_in;
use std::path::Path;
use std::process::Command;
use vault_tests::service::Service;

/// Every sheet with its cells: what they hold and of which type, and whether text keeps its quote.
const READER: &str = "
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
def cell(one):
    value = one.value
    if hasattr(value, 'isoformat'):
        value = value.isoformat()
    return [value, one.data_type, bool(one.quotePrefix)]
print(json.dumps([[sheet.title, [[cell(one) for one in row] for row in sheet.iter_rows()]]
                  for sheet in book.worksheets]))
";

type Cells = Vec<Vec<(serde_json::Value, String, bool)>>;

/// What the other program reads.
fn read(path: &Path) -> Vec<(String, Cells)> {
    let python = root().join(".cache/venv/bin/python");
    let answer = Command::new(python).args(["-c", READER]).arg(path).output().expect("python");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    serde_json::from_slice(&answer.stdout).expect("sheets")
}

fn column<'a>(cells: &'a Cells, head: &str) -> &'a (serde_json::Value, String, bool) {
    let at = cells[0].iter().position(|(value, ..)| value == head);
    &cells[1][at.unwrap_or_else(|| panic!("no column {head}: {:?}", cells[0]))]
}

#[test]
fn a_list_is_a_sheet_in_which_text_is_text_and_days_are_days() {
    let office = Office::new();
    let officers = ["--officer", "张三:吉001", "--officer", "=李四:吉002"];
    let open = [&["case", "open", CASE, "--title", "=cmd|' /C calc'!A1"], &officers[..]].concat();
    let rest = ["--counterpart", "@SUM(1)", "--unit", "执法科", "--opened-on", "2026-01-05"];
    office.done("zhang", &[&open[..], &rest[..]].concat());
    let target = office.text("cases.xlsx");
    assert_eq!(office.call("zhang", &["case", "list", "--xlsx", &target]).code, 0);
    let sheets = read(Path::new(&target));
    let (title, cells) = &sheets[0];
    assert_eq!((title.as_str(), cells.len()), ("案卷", 2));
    for (head, text) in [("案由", "=cmd|' /C calc'!A1"), ("行政相对人", "@SUM(1)")] {
        let found = column(cells, head);
        assert_eq!((&found.0, found.1.as_str(), found.2), (&text.into(), "s", true), "{head}");
    }
    let opened = column(cells, "立案日期");
    assert_eq!((&opened.0, opened.1.as_str()), (&"2026-01-05T00:00:00".into(), "d"));
    assert_eq!(column(cells, "件数").1, "n");
    assert_eq!(sheets[1].0, "说明");
    // A file is never overwritten, and a list that is refused makes none.
    assert_eq!(office.call("zhang", &["case", "list", "--xlsx", &target]).code, 2);
    let refused = office.text("refused.xlsx");
    office.refused("sys", &["lapse", "list", "--xlsx", &refused], 5, "act-denied");
    assert!(!Path::new(&refused).exists());
}

#[test]
fn recordings_leave_with_whole_digests_and_the_time_of_the_installation() {
    let office = Office::new();
    let (_, id) = office.recording();
    let target = office.text("recordings.xlsx");
    assert_eq!(office.call("", &["list", "--xlsx", &target]).code, 0);
    let sheets = read(Path::new(&target));
    let cells = &sheets[0].1;
    let digest = column(cells, "标识（BLAKE3）");
    assert_eq!((&digest.0, digest.1.as_str()), (&id.as_str().into(), "s"));
    let listed = office.done("", &["list"])["recordings"][0].clone();
    let received = column(cells, "入库时间");
    let said = listed["received"].as_str().expect("a time");
    assert_eq!(received.1, "d");
    // `vaultctl` tells UTC; the sheet bears the clock of the installation, eight hours on.
    let at = vault_core::clock::UtcTime::from_ms(listed["received_ms"].as_i64().expect("ms"));
    let local = at.in_china().replace(' ', "T");
    let seen = received.0.as_str().expect("a time");
    assert!(seen.starts_with(&local), "{seen} is not {local} ({said})");
}

#[test]
fn the_service_hands_out_the_same_sheet_under_the_same_act() {
    let office = Office::new();
    office.recording();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    signed_in(&office, &service, &["qian", "sys"]);
    let reply = service.call("qian", "GET", "/api/v1/recordings?format=xlsx&case_part=1", &[]);
    assert_eq!(reply.status, 200);
    assert_eq!(reply.field("content-type"), vault_sheets_type());
    let path = office.text("served.xlsx");
    std::fs::write(&path, &reply.body).expect("file");
    let sheets = read(Path::new(&path));
    assert_eq!(sheets[0].0, "音像资料");
    let notes: Vec<_> = sheets[1].1.iter().map(|row| row[1].0.clone()).collect();
    assert!(notes.contains(&"case_part=1".into()), "{notes:?}");
    let accept = format!("accept: {}", vault_sheets_type());
    let words = ["--header", &accept, "--header", "accept-language: en"];
    let reply = service.call("qian", "GET", "/api/v1/deadlines", &words);
    std::fs::write(&path, &reply.body).expect("file");
    assert_eq!(read(Path::new(&path))[0].0, "Deadlines");
    let every = [
        "must-record",
        "statements",
        "suspicions",
        "lapses",
        "cases",
        "volumes",
        "disposals",
        "disposals/candidates",
        "requests",
        "tray",
        "inspections",
        "deadlines",
        "calendar/editions",
        "reviews",
        "devices",
        "jobs",
        "search?q=%E6%B5%8B%E8%AF%95",
    ];
    for list in every {
        let joint = if list.contains('?') { '&' } else { '?' };
        let list = format!("/api/v1/{list}{joint}format=xlsx");
        let reply = service.call("qian", "GET", &list, &[]);
        assert_eq!((reply.status, reply.body.starts_with(b"PK")), (200, true), "{list}");
    }
    // Who may not see the list gets no sheet of it.
    let reply = service.call("sys", "GET", "/api/v1/lapses?format=xlsx", &[]);
    assert_eq!((reply.status, reply.code().as_str()), (403, "act-denied"));
    let reply = service.call("qian", "GET", "/api/v1/lapses?format=pdf", &[]);
    assert_eq!(reply.status, 400);
}

fn vault_sheets_type() -> &'static str {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}
