//! R25 (A2.20–A2.33): legal review of major decisions: no decision before its review passed; clocks
//! that stop; of many who enter the same at once one is entered, on both databases.

use super::common::{opened, text};
use crate::access::person;
use crate::office::{CASE, Office};
use crate::story::{new_vault, new_vault_on, operator};
use serde_json::Value;
use vault_core::casefile::{self, NewCase, Officer};
use vault_core::clock::{Clock, Date};
use vault_core::fault::Code;
use vault_core::figures::{self, Audience, Step};
use vault_core::inspection;
use vault_core::oversight::device::{self, DeviceFacts};
use vault_core::oversight::review::{self, NewReview};
use vault_core::oversight::{edition, lapse, must_record, statement, term};
use vault_core::policy::{Actor, Role};
use vault_core::reminders;
use vault_core::vault::Vault;
use vault_tests::postgres::PostgresServer;

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
pub(super) fn under_review(office: &Office) -> String {
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
fn refuses_a_decision_without_a_review_no_decision_is_filed_before_its_review_passed() {
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
    let alone = ["review", "settle", &id, "--pass", "--note", "厅务会议议定"];
    let settle = [&alone[..], &["--members", "王、李、赵"]].concat();
    office.refused("wang", &settle, 1, "entry-step-refused");
    office.done("zhang", &["review", "object", &id, "--note", "瑕疵已经补正"]);
    office.refused("zhang", &decide, 5, "review-needed");
    office.refused("sun", &settle, 5, "act-denied");
    office.refused("wang", &alone, 2, "text-invalid");
    office.done("wang", &settle);
    // Nor one that bears a day before it passed.
    let today = Date::of(Clock::system().now());
    let before = today.plus_days(-1).to_string();
    let early = [&decide[..], &["--on", &before]].concat();
    office.refused("zhang", &early, 5, "decision-before-review");
    let on = today.to_string();
    office.done("zhang", &[&decide[..], &["--on", &on]].concat());
}

#[test]
fn works_the_clocks_of_a_review_stop_and_both_terms_are_told_the_stricter_first() {
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
    let lines = office.ctl.call(&["review", "show", &id, "--lang", "zh-CN"]).expect("lines").out;
    assert!(
        lines.contains("撤销登记、限期停止活动等处罚") && !lines.contains("revocation"),
        "{lines}"
    );
    assert!(!lines.contains("=A2.23"), "each code has its words: {lines}");
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
        ..NewReview::default()
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
    assert!(term::missed(vault, actor).await.expect("missed").is_empty());
    assert!(term::moved(vault, actor).await.expect("moved").is_empty());
    for audience in Audience::ALL {
        let board = figures::board(vault, actor, *audience, Step::Month).await.expect("figures");
        assert_eq!((board.figures.len(), board.days.len()), (7, 12));
    }
    let duties = reminders::duties(vault, actor).await.expect("duties");
    assert!(duties.iter().all(|duty| duty.count > 0), "{duties:?}");
    assert!(reminders::deliveries(vault, &operator()).await.expect("sent").is_empty());
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
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = new_vault_on(&server, &scratch.path().join("vault")).await;
    one_of_many(&vault).await;
}
