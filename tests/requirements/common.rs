//! What several requirements begin with: an office with a case, devices, statements.

use crate::office::{CASE, Office};
use serde_json::Value;

pub(crate) const FACTS: [&str; 8] =
    ["--kind", "body-worn", "--unit", "执法科", "--keeper", "钱七", "--model", "DSJ-V8"];
pub(crate) const FIT: [&str; 4] = ["--battery", "90", "--free-mib", "30000"];

pub(crate) fn text<'a>(said: &'a Value, name: &str) -> &'a str {
    said[name].as_str().unwrap_or_default()
}

pub(crate) fn listed<'a>(said: &'a Value, list: &str, name: &str, value: &str) -> &'a Value {
    let rows = said[list].as_array().expect("a list");
    rows.iter().find(|row| row[name] == value).unwrap_or_else(|| panic!("{value} in {said}"))
}

pub(crate) fn entered(office: &Office, number: &str) -> String {
    let call = [&["device", "add", "--number", number], &FACTS[..]].concat();
    text(&office.done("qian", &call), "device").to_owned()
}

pub(crate) fn opened(office: &Office) {
    let officers = ["--officer", "张三:吉001", "--officer", "李四:吉002"];
    let rest = ["--counterpart", "某协会", "--unit", "执法科", "--opened-on", "2026-01-05"];
    let open = [&["case", "open", CASE, "--title", "违规收费"], &officers[..], &rest[..]].concat();
    office.done("zhang", &open);
    let record = office.path("检查笔录.txt");
    std::fs::write(&record, "现场检查笔录\n").expect("file");
    let add = ["case", "add", CASE, "--document", &office.text("检查笔录.txt")];
    let kind = ["--type", "inspection-record", "--on", "2026-01-06"];
    office.done("zhang", &[&add[..], &kind[..]].concat());
}

pub(crate) const STATED: [&str; 14] = [
    "statement",
    "make",
    "--ground",
    "weather-or-failure",
    "--activity",
    "inspection",
    "--on",
    "2026-01-06",
    "--handler",
    "张三",
    "--basis",
    "设备 DSJ-0001 故障登记",
    "--reason",
    "执法记录仪现场断电，无备用设备",
];

/// Another case, of which something was not recorded; devices, one of them broken.
pub(crate) fn filled(office: &Office) {
    let case = "吉民罚〔2026〕3号";
    let officers = ["--officer", "张三:吉001", "--officer", "李四:吉002"];
    let rest = ["--counterpart", "某基金会", "--unit", "执法科", "--opened-on", "2026-03-02"];
    let open = [&["case", "open", case, "--title", "违规评比"], &officers[..], &rest[..]].concat();
    office.done("zhang", &open);
    for (name, kind) in [("检查笔录.txt", "inspection-record"), ("清单.txt", "evidence-list")]
    {
        std::fs::write(office.path(name), name).expect("file");
        let path = office.text(name);
        let add = ["case", "add", case, "--document", &path, "--type", kind, "--on", "2026-03-03"];
        office.done("zhang", &add);
    }
    entered(office, "DSJ-0001");
    let broken = entered(office, "DSJ-0002");
    office.done("zhang", &["device", "break", &broken, "--note", "镜头进水"]);
    let stated = [&STATED[..], &["--place", "某协会办公室"]].concat();
    office.done("zhang", &stated);
}

/// A statement about an activity of a case, on that day.
pub(crate) fn stated(office: &Office, case: &str, activity: &str, on: &str) {
    let about = ["statement", "make", "--ground", "urgency", "--activity", activity, "--on", on];
    let what = ["--case", case, "--place", "某协会办公室", "--handler", "张三"];
    let why = ["--reason", "当事人临时到场", "--basis", "送达回证"];
    office.done("zhang", &[&about[..], &what, &why].concat());
}
