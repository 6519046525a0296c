//! The whole process of a case (R27): what each stage requires, what is there, what is missing; and
//! the opinion of a legal review on its way into the case file (R25).

use crate::office::{CASE, Office};
use crate::requirements::opened;
use serde_json::Value;
use vault_core::clock::{Clock, Date};

fn text<'a>(said: &'a Value, name: &str) -> &'a str {
    said[name].as_str().unwrap_or_default()
}

/// How the requirement of this kind, and of this name where one is said, stands.
fn fulfilment(said: &Value, kind: &str, name: &str) -> String {
    let rows = said["requirements"].as_array().expect("requirements").iter();
    let named = |row: &&Value| {
        let names = row["names"].as_array().expect("names");
        text(row, "kind") == kind && (name.is_empty() || names.iter().any(|one| one == name))
    };
    rows.filter(named).map(|row| text(row, "fulfilment").to_owned()).collect::<Vec<_>>().join(" ")
}

fn file(office: &Office, kind: &str, on: &str) {
    let name = format!("{kind}.txt");
    std::fs::write(office.path(&name), kind).expect("file");
    let path = office.text(&name);
    office.done("zhang", &["case", "add", CASE, "--document", &path, "--type", kind, "--on", on]);
}

#[test]
fn each_stage_says_what_it_requires_and_what_is_missing_until_it_is_there() {
    let office = Office::new();
    office.hire("sun", "inspector");
    opened(&office);
    let process = || office.done("li", &["process", CASE]);
    let said = process();
    // A written record of an inspection is there: opening and investigation have begun.
    assert_eq!(fulfilment(&said, "document", "inspection-record"), "there");
    assert_eq!(fulfilment(&said, "document", "opening-approval"), "missing");
    assert_eq!(fulfilment(&said, "document", "decision"), "ahead");
    assert_eq!(fulfilment(&said, "publicity", ""), "ahead");
    assert_eq!(fulfilment(&said, "closing", ""), "ahead");
    // It took place and was not recorded: missing, with no word of why.
    assert_eq!(fulfilment(&said, "recording", "inspection"), "missing");
    let missing = said["missing"].as_u64().expect("a count");
    office.recording();
    let said = process();
    assert_eq!(fulfilment(&said, "recording", "inspection"), "there");
    assert_eq!(said["missing"].as_u64(), Some(missing - 1));

    for (kind, on) in [("opening-approval", "2026-01-05"), ("investigation-report", "2026-01-08")] {
        file(&office, kind, on);
    }
    let hand_in = ["review", "submit", CASE, "--ground", "hearing", "--note", "拟警告"];
    let material = ["investigation-report", "draft-and-reasons", "evidence-and-basis"];
    let mut call: Vec<&str> = hand_in.to_vec();
    call.extend(material.iter().flat_map(|one| ["--material", one]));
    let call = [&call[..], &["--material", "procedure=立案审批表第1页"]].concat();
    let review = office.done("zhang", &call);
    let review = text(&review, "review").to_owned();
    assert_eq!(fulfilment(&process(), "review", ""), "waiting");
    let shown = office.done("sun", &["review", "show", &review]);
    let handed = shown["handed_in"].as_array().expect("material");
    let of = |name: &str| handed.iter().find(|one| one["material"] == name).expect("it is there");
    assert_eq!(of("investigation-report")["documents"][0]["title"], "investigation-report.txt");
    assert_eq!(of("procedure")["reference"], "立案审批表第1页");
    assert_eq!(of("draft-and-reasons")["documents"], serde_json::json!([]));

    let printed = ["form", "legal-opinion", "--review", &review, "-o", &office.text("early.pdf")];
    office.refused("sun", &printed, 1, "entry-step-refused");
    office.refused("zhang", &["review", "file", &review], 1, "entry-step-refused");
    office.done("sun", &["review", "accept", &review]);
    office.done("sun", &["review", "opinion", &review, "--opinion", "agree", "--note", "合法"]);
    let said = process();
    assert_eq!(fulfilment(&said, "review", ""), "there");
    assert_eq!(fulfilment(&said, "opinion", ""), "missing");
    let target = office.text("意见书.pdf");
    let printed = ["form", "legal-opinion", "--review", &review, "-o", &target];
    office.done("sun", &printed);
    office.refused("sun", &["review", "file", &review], 5, "act-denied");
    let filed = office.done("zhang", &["review", "file", &review]);
    let kept = std::fs::read(&target).expect("the printed opinion");
    let digest = blake3::hash(&kept).to_hex().to_string();
    assert_eq!(text(&filed, "document"), digest, "both copies are the same bytes");
    let events = office.ctl.call(&["ledger", "events", "--json"]).expect("events").out;
    assert!(events.contains(&digest), "its digest stands in the ledger");
    office.refused("zhang", &["review", "file", &review], 5, "case-step-refused");
    assert_eq!(fulfilment(&process(), "opinion", ""), "there");
    read_and_discussed(&office, &review, &target);
    decided_and_closed(&office, &process);
}

fn read_and_discussed(office: &Office, review: &str, printed: &str) {
    let output = std::process::Command::new("pdftotext").args([printed, "-"]).output();
    let words = String::from_utf8_lossy(&output.expect("poppler-utils").stdout).into_owned();
    let words: String = words.split_whitespace().collect();
    let year = office.done("sun", &["review", "show", review])["opinion_number"]["year"].clone();
    for part in ["法制审核意见书", CASE, "同意", "一式两份", "立案审批表第1页", "sun"]
    {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(words.contains(&format!("〔{year}〕1号")), "{words}");
    // The leaders decide together on what passed, once, and their record belongs into the file.
    let settle = ["review", "settle", review, "--pass", "--note", "同意", "--members", "王、李"];
    office.refused("sun", &settle, 5, "act-denied");
    let later = [&settle[..], &["--on", "2999-01-01"]].concat();
    office.refused("wang", &later, 2, "argument-invalid");
    office.done("wang", &settle);
    office.refused("wang", &settle, 1, "entry-step-refused");
    let said = office.done("li", &["process", CASE]);
    assert_eq!(fulfilment(&said, "discussion", ""), "missing");
    file(office, "collective-discussion", "2026-01-09");
    let said = office.done("li", &["process", CASE]);
    assert_eq!(fulfilment(&said, "discussion", ""), "there");
}

fn decided_and_closed(office: &Office, process: &impl Fn() -> Value) {
    // Its review passed today: it is not decided before.
    let today = Date::of(Clock::system().now()).to_string();
    file(office, "leader-approval", "2026-01-12");
    file(office, "decision", &today);
    let said = process();
    assert_eq!(fulfilment(&said, "document", "decision"), "there");
    assert_eq!(fulfilment(&said, "publicity", ""), "ahead", "its term is running");
    file(office, "service-receipt", "2026-01-13");
    assert_eq!(fulfilment(&process(), "recording", "service"), "missing");
    office.done("zhang", &["case", "end", CASE, "--on", "2026-01-20"]);
    let said = process();
    assert_eq!(
        (fulfilment(&said, "end", ""), fulfilment(&said, "closing", "")),
        ("there".into(), "missing".into())
    );
    let all = office.done("li", &["process"])["cases"].clone();
    assert_eq!((&all[0]["case"], &all[0]["missing"]), (&CASE.into(), &said["missing"]));
    let table = office.ctl.call(&["process", "--lang", "zh-CN"]).expect("table").out;
    assert!(table.contains("送达执行") && table.contains("缺项"), "{table}");
    for (name, about) in [("全部.xlsx", &["process"][..]), ("一案.xlsx", &["process", CASE])] {
        let sheet = office.text(name);
        office.done("li", &[about, &["--xlsx", &sheet]].concat());
        assert_eq!(&std::fs::read(&sheet).expect("a file")[..2], b"PK");
    }
    office.refused("li", &["process", "无此案"], 6, "case-unknown");
}
