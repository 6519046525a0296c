//! Registers of oversight: devices (R05), what has to be recorded and statements of why it was not
//! (R03, R04), lapses (R24), legal review (R25). Each with what it refuses.

use crate::access::person;
use crate::office::{CASE, Office};
use crate::story::{new_vault, operator};
use serde_json::Value;
use vault_core::casefile::{self, NewCase, Officer};
use vault_core::clock::Clock;
use vault_core::fault::Code;
use vault_core::inspection;
use vault_core::oversight::device::{self, DeviceFacts};
use vault_core::oversight::review::{self, NewReview};
use vault_core::oversight::{edition, lapse, must_record, statement};
use vault_core::policy::{Actor, Role};
use vault_core::vault::{CatalogueChoice, InitOptions, StoreChoice, Vault};
use vault_tests::postgres::PostgresServer;

const FACTS: [&str; 8] =
    ["--kind", "body-worn", "--unit", "执法科", "--keeper", "钱七", "--model", "DSJ-V8"];
const FIT: [&str; 4] = ["--battery", "90", "--free-mib", "30000"];

fn text<'a>(said: &'a Value, name: &str) -> &'a str {
    said[name].as_str().unwrap_or_default()
}

fn listed<'a>(said: &'a Value, list: &str, name: &str, value: &str) -> &'a Value {
    let rows = said[list].as_array().expect("a list");
    rows.iter().find(|row| row[name] == value).unwrap_or_else(|| panic!("{value} in {said}"))
}

fn entered(office: &Office, number: &str) -> String {
    let call = [&["device", "add", "--number", number], &FACTS[..]].concat();
    text(&office.done("qian", &call), "device").to_owned()
}

#[test]
fn a_device_is_entered_taken_out_found_broken_and_retired_and_every_wrong_step_is_refused() {
    let office = Office::new();
    let id = entered(&office, "DSJ-0001");
    let again = [&["device", "add", "--number", "DSJ-0001"], &FACTS[..]].concat();
    office.refused("qian", &again, 1, "device-number-taken");
    office.refused("li", &again, 5, "act-denied");
    let take = |more: &[&'static str]| {
        let who = ["device", "take", "DSJ-0001", "--user", "张三"];
        [&who[..], more].concat()
    };
    // Empty, without memory, with a clock two minutes off, or found unfit: it stays.
    for bad in [
        &["--battery", "0", "--free-mib", "30000"][..],
        &["--battery", "90", "--free-mib", "0"],
        &["--battery", "90", "--free-mib", "30000", "--clock-off", "120"],
        &["--battery", "90", "--free-mib", "30000", "--unfit"],
    ] {
        office.refused("zhang", &take(bad), 1, "device-unfit");
    }
    office.refused("zhang", &["device", "return", "DSJ-0001"], 1, "entry-step-refused");
    office.done("zhang", &take(&FIT));
    office.refused("zhang", &take(&FIT), 1, "entry-step-refused");
    let out = office.done("li", &["device", "show", &id[..8]]);
    assert_eq!((text(&out, "state"), &out["user"]["person"]), ("out", &Value::from("张三")));
    office.done("zhang", &["device", "return", &id]);
    office.done("zhang", &["device", "break", &id, "--note", "镜头进水"]);
    office.refused("zhang", &take(&FIT), 1, "entry-step-refused");
    office.refused("zhang", &["device", "mend", &id, "--note", "换镜头"], 5, "act-denied");
    office.done("qian", &["device", "mend", &id, "--note", "换镜头"]);
    let checked = [&["device", "check", &id, "--battery", "40"], &FIT[2..], &["--unfit"]].concat();
    assert_eq!(office.done("zhang", &checked)["passed"], false);
    office.done("qian", &["device", "maintain", &id, "--note", "清洁、校时"]);
    office.done("qian", &["device", "retire", &id, "--note", "报废"]);
    office.refused("qian", &["device", "maintain", &id, "--note", "再"], 1, "entry-step-refused");
    let kinds: Vec<String> = office.done("li", &["device", "show", &id])["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| text(step, "kind").replace("device.", ""))
        .collect();
    let all = "registered taken-out returned broken mended checked maintained retired";
    assert_eq!(kinds.join(" "), all);
    // The number of a retired device is free.
    entered(&office, "DSJ-0001");
}

#[test]
fn a_recording_of_a_device_nobody_entered_is_taken_in_and_the_device_is_named() {
    let office = Office::new();
    entered(&office, "DSJ-0001");
    for (name, device, off) in [("一.bin", "DSJ-0001", "-30"), ("二.bin", "DSJ-0999", "0")] {
        std::fs::write(office.path(name), name).expect("file");
        let path = office.text(name);
        let labels = ["--case", CASE, "--counterpart", "某协会", "--handler", "张三"];
        let from = ["--activity", "inspection", "--device", device];
        let off = ["--clock-offset", off];
        let call = [&["ingest", &path, "--no-examine"], &labels[..], &from[..], &off[..]].concat();
        office.done("zhang", &call);
    }
    let all = office.done("li", &["device", "list"]);
    let known = listed(&all, "devices", "number", "DSJ-0001");
    assert_eq!(known["deliveries"]["count"], 1);
    assert_eq!(known["deliveries"]["clock_seconds"], -30);
    assert_eq!(listed(&all, "unknown", "number", "DSJ-0999")["deliveries"], 1);
    assert_eq!(all["unknown"].as_array().map(Vec::len), Some(1));
}

fn opened(office: &Office) {
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

fn state(office: &Office) -> String {
    let said = office.done("li", &["must-record", CASE]);
    text(listed(&said, "must_record", "activity", "inspection"), "state").to_owned()
}

const STATED: [&str; 14] = [
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

#[test]
fn what_was_not_recorded_is_found_stated_and_answered_by_the_superior() {
    let office = Office::new();
    opened(&office);
    assert_eq!(state(&office), "neither");
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
    assert_eq!(state(&office), "waiting");
    office.refused("zhang", &["statement", "answer", first], 5, "act-denied");
    office.refused("li", &["statement", "answer", first, "--reject"], 2, "label-invalid");
    let reject = ["statement", "answer", first, "--reject", "--note", "另有备用设备"];
    office.done("li", &reject);
    office.refused("li", &["statement", "answer", first], 1, "entry-step-refused");
    assert_eq!(state(&office), "neither", "what is not accepted is no ground");
    let second = office.done("zhang", &stated);
    office.done("li", &["statement", "answer", text(&second, "statement")]);
    assert_eq!(state(&office), "stated");
    let all = office.done("li", &["statement", "list"]);
    let late = listed(&all, "statements", "state", "accepted");
    assert_eq!(late["late"], true, "made months after the event");
    assert_eq!(office.done("li", &["must-record"])["must_record"], serde_json::json!([]));
    office.recording();
    assert_eq!(state(&office), "recorded");
}

#[test]
fn a_lapse_is_suspected_raised_answered_and_closed_by_another() {
    let office = Office::new();
    office.hire("sun", "inspector");
    opened(&office);
    let found = office.done("sun", &["lapse", "suspicions"]);
    let one = listed(&found, "suspicions", "kind", "not-recorded");
    let key = text(one, "key").to_owned();
    let raise = [
        "lapse",
        "raise",
        "--clause",
        text(one, "clause"),
        "--source",
        text(one, "source"),
        "--key",
        &key,
        "--unit",
        "执法科",
        "--case",
        CASE,
        "--answer-by",
        "2099-01-31",
        "--note",
        "现场检查没有录像，也没有说明",
    ];
    office.refused("zhang", &raise, 5, "act-denied");
    let mut unknown = raise;
    unknown[3] = "A3.17";
    office.refused("sun", &unknown, 2, "argument-invalid");
    let lapse = office.done("sun", &raise);
    let lapse = text(&lapse, "lapse");
    office.refused("sun", &raise, 1, "entry-step-refused");
    let found = office.done("sun", &["lapse", "suspicions"]);
    assert_eq!(found["suspicions"], serde_json::json!([]), "what was raised is not suspected");
    let close = ["lapse", "close", lapse, "--upheld", "--note", "责令改正，通报"];
    office.refused("sun", &close, 1, "entry-step-refused");
    office.refused("sun", &["lapse", "answer", lapse, "--note", "不"], 5, "act-denied");
    office.done("li", &["lapse", "answer", lapse, "--note", "已责成补作说明"]);
    // The leader answered for the unit, and so does not close it.
    office.refused("li", &close, 5, "act-denied");
    office.done("sun", &close);
    office.refused("sun", &close, 1, "entry-step-refused");
    let shown = office.done("li", &["lapse", "show", lapse]);
    assert_eq!(text(&shown, "state"), "upheld");
    assert_eq!(shown["steps"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_damaged_recording_is_suspected_and_its_lapse_stands_in_its_custody() {
    let office = Office::new();
    office.hire("sun", "inspector");
    let (_, id) = office.recording();
    let raise = [
        "lapse",
        "raise",
        "--clause",
        "A3.16(五)",
        "--unit",
        "执法科",
        "--recording",
        &id[..12],
        "--answer-by",
        "2099-01-31",
        "--note",
        "介质损坏",
    ];
    office.done("sun", &raise);
    let events = office.done("li", &["ledger", "events", "--recording", &id]);
    assert!(events.to_string().contains("lapse.raised"), "{events}");
}

const HANDED_IN: [&str; 14] = [
    "review",
    "submit",
    CASE,
    "--ground",
    "A2.23(一)",
    "--ground",
    "hearing",
    "--material",
    "investigation-report",
    "--material",
    "draft-and-reasons",
    "--note",
    "拟撤销登记：基本事实、适用法律、裁量基准见卷",
    "--material",
];

/// Handed in with all that is needed, and accepted.
fn under_review(office: &Office) -> String {
    let more = ["evidence-and-basis", "--material", "procedure"];
    let said = office.done("zhang", &[&HANDED_IN[..], &more[..]].concat());
    let id = text(&said, "review").to_owned();
    office.done("sun", &["review", "accept", &id]);
    id
}

fn review_state(office: &Office, id: &str) -> String {
    text(&office.done("li", &["review", "show", id]), "state").to_owned()
}

#[test]
fn no_decision_is_filed_before_its_review_passed() {
    let office = Office::new();
    office.hire("sun", "inspector");
    opened(&office);
    let paper = office.text("决定书.txt");
    std::fs::write(&paper, "行政处罚决定书\n").expect("file");
    let decide = ["case", "add", CASE, "--document", &paper, "--type", "decision"];
    office.refused("zhang", &decide, 5, "review-needed");

    let said = office.done("zhang", &[&HANDED_IN[..], &["evidence-and-basis"]].concat());
    let id = text(&said, "review").to_owned();
    office.refused("zhang", &decide, 5, "review-needed");
    office.refused("zhang", &["review", "accept", &id], 5, "act-denied");
    office.refused("sun", &["review", "accept", &id], 1, "entry-step-refused");
    let again = [&HANDED_IN[..], &["procedure"]].concat();
    office.refused("zhang", &again, 1, "entry-step-refused");
    let more = ["review", "supplement", &id, "--material", "procedure", "--note", "补程序材料"];
    office.done("zhang", &more);
    let opinion = |opinion: &'static str| {
        ["review", "opinion", &id, "--opinion", opinion, "--note", "程序有瑕疵"]
    };
    office.refused("sun", &opinion("agree"), 1, "entry-step-refused");
    office.done("sun", &["review", "accept", &id]);
    let extend = ["review", "extend", &id, "--note", "案情复杂"];
    office.refused("sun", &extend, 5, "act-denied");
    office.done("li", &extend);
    office.refused("li", &extend, 1, "entry-step-refused");
    office.refused("sun", &opinion("perhaps"), 2, "argument-invalid");
    office.done("sun", &opinion("correct"));
    assert_eq!(review_state(&office, &id), "not-passed");
    office.refused("zhang", &decide, 5, "review-needed");
    let settle = ["review", "settle", &id, "--pass", "--note", "厅务会议议定"];
    office.refused("wang", &settle, 1, "entry-step-refused");
    office.done("zhang", &["review", "object", &id, "--note", "瑕疵已经补正"]);
    office.refused("zhang", &decide, 5, "review-needed");
    office.refused("sun", &settle, 5, "act-denied");
    office.done("wang", &settle);
    office.done("zhang", &decide);
}

#[test]
fn the_clocks_of_a_review_stop_and_both_terms_are_told_the_stricter_first() {
    let office = Office::new();
    office.hire("sun", "inspector");
    opened(&office);
    let id = under_review(&office);
    let shown = office.done("li", &["review", "show", &id]);
    let terms = shown["terms"].as_array().expect("terms");
    let days: Vec<_> =
        terms.iter().map(|term| (text(term, "article"), &term["working_days"])).collect();
    assert_eq!(days, [("A2.26", &Value::from(5)), ("A2.28", &Value::from(7))]);
    assert!(text(&terms[0], "due") < text(&terms[1], "due"), "{terms:?}");
    assert_eq!(shown["grounds"], serde_json::json!(["A2.23(一)", "A2.22(二)"]));
    let stop = |cause| ["review", "stop", &id, "--for", cause, "--note", "请专家论证"];
    office.refused("sun", &stop("holiday"), 2, "argument-invalid");
    office.done("sun", &stop("experts"));
    let shown = office.done("li", &["review", "show", &id]);
    assert_eq!((text(&shown, "state"), &shown["terms"][0]["due"]), ("stopped", &Value::Null));
    let more = ["review", "supplement", &id, "--material", "other", "--note", "论证意见"];
    office.refused("zhang", &more, 1, "entry-step-refused");
    let agree = ["review", "opinion", &id, "--opinion", "agree", "--note", "同意"];
    office.refused("sun", &agree, 1, "entry-step-refused");
    office.done("sun", &["review", "resume", &id]);
    office.done("sun", &agree);
    assert_eq!(review_state(&office, &id), "passed");
    office.refused("zhang", &["review", "object", &id, "--note", "不"], 1, "entry-step-refused");
}

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

/// Twenty at once enter the same number, and hand the same decision in: one of each has it. Then
/// every question is put once.
async fn one_of_many(vault: &Vault) {
    let keeper = person(vault, "qian", Role::Custodian).await;
    let officer = |name: &str, certificate: &str| Officer {
        name: name.to_owned(),
        certificate: certificate.to_owned(),
    };
    let new = NewCase {
        case_no: CASE.into(),
        title: "违规收费".into(),
        counterpart: "某协会".into(),
        unit: "执法科".into(),
        officers: vec![officer("张三", "吉001"), officer("李四", "吉002")],
        opened_on: "2026-01-05".parse().expect("a day"),
    };
    casefile::open(vault, &keeper, new).await.expect("a case");
    let facts = DeviceFacts {
        number: "DSJ-0001".into(),
        kind: "body-worn".into(),
        unit: "执法科".into(),
        keeper: "钱七".into(),
        ..DeviceFacts::default()
    };
    let handed_in = NewReview {
        case_no: CASE.into(),
        grounds: vec!["revocation".into()],
        materials: vec!["procedure".into()],
        text: "拟撤销登记".into(),
    };
    let mut tasks = Vec::new();
    for _ in 0..20 {
        let (vault, keeper) = (vault.clone(), keeper.clone());
        let (facts, new) = (facts.clone(), handed_in.clone());
        tasks.push(tokio::spawn(async move {
            let device = device::register(&vault, &keeper, facts).await.map_err(|no| no.code());
            let review = review::submit(&vault, &keeper, new).await.map_err(|no| no.code());
            (device.map(drop), review.map(drop))
        }));
    }
    let (mut devices, mut reviews) = (0, 0);
    for task in tasks {
        let (device, review) = task.await.expect("a task");
        assert!(matches!(device, Ok(()) | Err(Code::DeviceNumberTaken)), "{device:?}");
        assert!(matches!(review, Ok(()) | Err(Code::EntryStepRefused)), "{review:?}");
        devices += i32::from(device.is_ok());
        reviews += i32::from(review.is_ok());
    }
    assert_eq!((devices, reviews), (1, 1));
    asked(vault, &keeper).await;
}

async fn asked(vault: &Vault, actor: &Actor) {
    assert_eq!(device::list(vault, actor).await.expect("devices").devices.len(), 1);
    assert_eq!(review::list(vault, actor).await.expect("reviews").len(), 1);
    assert!(statement::list(vault, actor).await.expect("statements").is_empty());
    assert!(lapse::list(vault, actor).await.expect("lapses").is_empty());
    assert!(lapse::suspicions(vault, actor).await.expect("suspicions").is_empty());
    assert!(must_record::open(vault, actor).await.expect("open").is_empty());
    assert!(must_record::case(vault, actor, CASE).await.expect("a case").is_empty());
    assert!(edition::list(vault, actor).await.expect("editions").is_empty());
    assert!(inspection::list(vault, actor).await.expect("inspections").is_empty());
    assert!(edition::calendar(vault).await.expect("calendar").years().contains_key(&2026));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_entries_of_one_number_one_is_made_on_sqlite() {
    let scratch = tempfile::tempdir().expect("scratch");
    one_of_many(&new_vault(&scratch.path().join("vault")).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_entries_of_one_number_one_is_made_on_postgresql() {
    let server = PostgresServer::start(&[]).expect("PostgreSQL");
    let url = server.database().await.expect("a database");
    let scratch = tempfile::tempdir().expect("scratch");
    let file = scratch.path().join("url");
    std::fs::write(&file, url).expect("address");
    let options = InitOptions {
        directory: scratch.path().join("vault"),
        key_copies: Vec::new(),
        secrets: None,
        store: StoreChoice::Local,
        catalogue: CatalogueChoice::Postgres { url_file: file },
    };
    let vault = Vault::init(options, &operator(), Clock::system()).await.expect("a vault");
    one_of_many(&vault).await;
}
