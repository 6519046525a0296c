//! Publicity of decisions (R26): what is to be published by when, drafted by one and approved by
//! another, withdrawn, taken down after its time; the feed that portals take; the figures of a year.

use crate::access::person;
use crate::keeping::vault_with_a_clock;
use crate::kill::root;
use crate::office::{CASE, Office};
use crate::requirements::opened;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;
use vault_core::casefile::{self, DocumentSource, NewCase, NewDocument, Officer};
use vault_core::clock::{Date, UtcTime};
use vault_core::fault::Code;
use vault_core::oversight::annual;
use vault_core::oversight::lapse;
use vault_core::oversight::publicity::{self, Draft, Publication};
use vault_core::oversight::review;
use vault_core::policy::Role;
use vault_core::reminders;
use vault_tests::service::Service;

/// What no feed shows: the case's own title and its number.
const CASE_TITLE: &str = "违规收费";

/// Text of people that would be more than text if nobody escaped it.
const HOSTILE: &str = "违规收取评审费<script>alert(1)</script>&\"']]>1.2万元";

fn text<'a>(said: &'a Value, name: &str) -> &'a str {
    said[name].as_str().unwrap_or_default()
}

/// A case with a decision, of which its unit said that it needs no review.
fn decided(office: &Office, on: &str) {
    opened(office);
    office.done("zhang", &["review", "not-needed", CASE, "--note", "不属重大决定"]);
    let paper = office.text("决定书.txt");
    std::fs::write(&paper, "行政处罚决定书\n").expect("file");
    let add = ["case", "add", CASE, "--document", &paper, "--type", "decision", "--on", on];
    office.done("zhang", &add);
}

const CLEAR: [&str; 8] = [
    "--check",
    "secret=no",
    "--check",
    "endangers=no",
    "--check",
    "hinders=no",
    "--check",
    "prescribed=no",
];

const PENALTY: [&str; 18] = [
    "--kind",
    "penalty",
    "--decided-on",
    "2026-01-06",
    "--decision-number",
    "吉民罚决〔2026〕8号",
    "--heading",
    "某协会行政处罚决定",
    "--field",
    "party=某协会",
    "--field",
    "facts=违规收费",
    "--field",
    "legal_basis=社会团体登记管理条例第三十条",
    "--field",
    "result=警告",
    "--reason",
    "按期公示",
];

fn drafting<'a>(start: &[&'a str], said: &[&'a str]) -> Vec<&'a str> {
    [start, said, &CLEAR].concat()
}

fn titles(office: &Office) -> Vec<String> {
    let items = office.done("", &["publicity", "feed"])["items"].clone();
    items.as_array().expect("items").iter().map(|one| text(one, "title").to_owned()).collect()
}

/// What is owed and late is told with exit code 7.
fn due(office: &Office) -> Vec<Value> {
    let answer = office.call("li", &["publicity", "due"]);
    let rows = answer.last()["due"].as_array().expect("a list").clone();
    let late = rows.iter().any(|one| one["term"]["late"] == true);
    assert_eq!(answer.code, if late { 7 } else { 0 }, "{rows:?}");
    rows
}

#[test]
fn works_a_decision_is_published_after_another_approved_it_and_withdrawn_when_it_does_not_stand() {
    let office = Office::new();
    office.hire("sun", "inspector");
    office.hire("zhou", "handler,in-charge");
    decided(&office, "2026-01-06");
    let owed = due(&office);
    assert_eq!((&owed[0]["publicity"], text(&owed[0], "case")), (&Value::Null, CASE));
    // 7 to 15 January are seven working days after the 6th, a weekend between them.
    assert_eq!(owed[0]["term"]["due"], "2026-01-15");
    let counted = owed[0]["term"]["days"].as_array().expect("days").iter();
    let numbers: Vec<_> = counted.filter_map(|day| day["number"].as_u64()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);

    let start = ["publicity", "draft", CASE];
    office.refused("li", &drafting(&start, &PENALTY), 5, "act-denied");
    office.refused("zhou", &[&start[..], &PENALTY, &CLEAR[2..]].concat(), 2, "label-invalid");
    let unnumbered = [&PENALTY[..4], &PENALTY[6..]].concat();
    office.refused("zhou", &drafting(&start, &unnumbered), 2, "text-invalid");
    let unfilled = [&PENALTY[..14], &PENALTY[16..]].concat();
    office.refused("zhou", &drafting(&start, &unfilled), 2, "text-invalid");
    let strange = [&PENALTY[..], &["--field", "holder=某"]].concat();
    office.refused("zhou", &drafting(&start, &strange), 2, "argument-invalid");
    let id = office.done("zhou", &drafting(&start, &PENALTY));
    let id = text(&id, "publicity").to_owned();
    office.refused("zhou", &drafting(&start, &PENALTY), 1, "entry-step-refused");
    let mut renumbered = PENALTY;
    renumbered[5] = "吉民罚决〔2026〕9号";
    office.refused("zhou", &drafting(&start, &renumbered), 1, "entry-step-refused");
    let waits = |account: &str| {
        let todo = office.call(account, &["todo"]).last()["duties"].clone();
        let rows = todo.as_array().expect("duties").clone();
        rows.iter().any(|duty| duty["kind"] == "approve-publicity" && duty["count"] == 1)
    };
    assert!(waits("li") && waits("wang"), "a leader hears of the draft");
    assert!(!waits("zhou") && !waits("zhang"), "not who drafted it, nor who may not");
    let sheet = office.text("公示.xlsx");
    office.done("li", &["publicity", "list", "--xlsx", &sheet]);
    assert_eq!(&std::fs::read(&sheet).expect("a file")[..2], b"PK");
    assert_eq!(text(&due(&office)[0], "publicity"), id, "the decision has its entry");

    let publish = |on: &'static str| {
        let place = ["--place", "portal", "--place", "platform"];
        let about = ["publicity", "publish", &id, "--address", "https://mzt.jl.gov.cn/x"];
        [&about[..], &place, &["--on", on]].concat()
    };
    office.refused("zhou", &publish("2026-01-15"), 1, "entry-step-refused");
    office.refused("zhou", &["publicity", "approve", &id], 5, "act-denied");
    assert!(titles(&office).is_empty(), "what waits is nobody's");
    office.done("li", &["publicity", "return", &id, "--note", "写明依据"]);
    office.refused("li", &["publicity", "approve", &id], 1, "entry-step-refused");
    office.done("zhang", &drafting(&["publicity", "redraft", &id], &PENALTY));
    office.done("li", &["publicity", "approve", &id]);
    assert_eq!(titles(&office), ["某协会行政处罚决定"]);
    // Not before it was approved, which is the day of this test.
    office.refused("zhang", &publish("2026-01-15"), 1, "entry-step-refused");
    let today = Date::of(UtcTime::from_ms(now_ms())).to_string();
    let today: &'static str = today.leak();
    office.done("zhang", &publish(today));
    published_late_corrected_and_withdrawn(&office, &id, today);
}

#[expect(clippy::disallowed_methods, reason = "the programs under test ask the same clock")]
fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(since.expect("a clock").as_millis()).expect("a time")
}

fn published_late_corrected_and_withdrawn(office: &Office, id: &str, today: &str) {
    let found = office.done("sun", &["lapse", "suspicions"])["suspicions"].to_string();
    assert!(found.contains(&format!("late-publicity:{id}")), "late stays late: {found}");
    let shown = office.done("li", &["publicity", "show", id]);
    assert_eq!(text(&shown, "state"), "published");
    assert_eq!(shown["places"], json!(["platform", "portal"]));
    // A correction: what was approved stands until the correction is.
    let mut corrected = PENALTY;
    corrected[7] = "某协会行政处罚决定（更正）";
    office.done("zhang", &drafting(&["publicity", "redraft", id], &corrected));
    assert_eq!(titles(office), ["某协会行政处罚决定"]);
    office.done("wang", &["publicity", "approve", id]);
    assert_eq!(titles(office), ["某协会行政处罚决定（更正）"]);
    // What is out may not be drafted away.
    let away = ["--kind", "penalty", "--decided-on", "2026-01-06", "--reason", "涉及隐私"];
    let number = ["--decision-number", "吉民罚决〔2026〕8号", "--check", "secret=yes"];
    let redraft = [&["publicity", "redraft", id][..], &away, &number, &CLEAR[2..]].concat();
    office.refused("zhang", &redraft, 1, "entry-step-refused");
    let early = ["publicity", "take-down", id, "--note", "期满"];
    office.refused("zhang", &early, 1, "entry-step-refused");
    office.refused(
        "zhang",
        &["publicity", "withdraw", id, "--note", "撤"],
        1,
        "entry-step-refused",
    );
    let revoke = |cause| {
        let about = ["publicity", "revoke", id, "--cause", cause, "--received-on", today];
        [&about[..], &["--note", "复议决定撤销"]].concat()
    };
    office.refused("zhang", &revoke("holiday"), 2, "argument-invalid");
    office.done("zhang", &revoke("revoked"));
    assert!(titles(office).is_empty(), "what does not stand leaves the feed at once");
    let owed = due(office);
    assert_eq!(
        (&owed[0]["withdraws"], &owed[0]["term"]["working_days"]),
        (&json!(true), &json!(3))
    );
    office.done("zhang", &["publicity", "withdraw", id, "--note", "门户、平台均已撤下"]);
    assert!(due(office).is_empty());
    // It was decided anew: the same case has another entry.
    let again = drafting(&["publicity", "draft", CASE], &PENALTY);
    office.done("zhang", &again);
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("verify").code, 0);
}

#[test]
fn refuses_what_may_not_be_published_it_is_withheld_with_its_reason_and_never_shown() {
    let office = Office::new();
    decided(&office, "2026-01-06");
    let facts = ["--kind", "penalty", "--decided-on", "2026-01-06", "--decision-number", "8号"];
    let start = [&["publicity", "draft", CASE][..], &facts, &["--check", "secret=yes"]].concat();
    let draft = [&start[..], &CLEAR[2..]].concat();
    office.refused("zhang", &draft, 2, "text-invalid");
    let id = office.done("zhang", &[&draft[..], &["--reason", "涉及当事人病历"]].concat());
    let id = text(&id, "publicity").to_owned();
    office.done("li", &["publicity", "approve", &id]);
    let shown = office.done("li", &["publicity", "show", &id]);
    assert_eq!((text(&shown, "state"), &shown["objections"]["secret"]), ("withheld", &json!(true)));
    assert!(titles(&office).is_empty() && due(&office).is_empty());
    let publish = ["publicity", "publish", &id, "--place", "portal", "--address", "x", "--on"];
    let publish = [&publish[..], &["2026-01-15"]].concat();
    office.refused("zhang", &publish, 1, "entry-step-refused");
}

#[test]
fn a_major_matter_is_published_after_the_leaders_discussed_it() {
    let office = Office::new();
    decided(&office, "2026-01-06");
    let major = [&PENALTY[..], &["--major"]].concat();
    let id = office.done("zhang", &drafting(&["publicity", "draft", CASE], &major));
    let id = text(&id, "publicity").to_owned();
    office.refused("li", &["publicity", "approve", &id], 1, "entry-step-refused");
    let record = ["publicity", "approve", &id, "--discussion", "厅长办公会纪要第9号"];
    office.done("li", &record);
    assert_eq!(titles(&office).len(), 1);
}

/// What Python's feedparser, which nobody here wrote, reads in a feed of RSS.
const READ: &str = "
import feedparser, json, sys
read = feedparser.parse(sys.stdin.buffer.read())
print(json.dumps({
    'bozo': bool(read.bozo), 'version': read.version, 'title': read.feed.get('title'),
    'link': read.feed.get('link'),
    'entries': [{
        'id': e.id, 'title': e.title, 'summary': e.summary, 'published': bool(e.published_parsed),
        'tags': [t.term for t in e.tags]} for e in read.entries],
}))
";

fn read_by_another(body: &[u8]) -> Value {
    use std::io::Write;
    use std::process::Stdio;
    let python = root().join(".cache/venv/bin/python");
    let call = Command::new(python)
        .args(["-c", READ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut call = call.expect("python");
    call.stdin.take().expect("input").write_all(body).expect("written");
    let said = call.wait_with_output().expect("an answer");
    serde_json::from_slice(&said.stdout).expect("JSON")
}

#[test]
fn portals_take_a_feed_that_holds_approved_texts_and_nothing_else_of_a_case() {
    let office = Office::new();
    decided(&office, "2026-01-06");
    let facts = format!("facts={HOSTILE}");
    let mut said = PENALTY;
    said[11] = &facts;
    let id = office.done("zhang", &drafting(&["publicity", "draft", CASE], &said));
    let id = text(&id, "publicity").to_owned();
    let service = Service::on(office.ctl.vault(), true).expect("a service");
    let take = |path: &str| service.call("", "GET", path, &[]);
    let empty = take("/publicity/feed.json").json();
    assert_eq!(empty["items"], json!([]), "a draft is nobody's");
    office.done("li", &["publicity", "approve", &id]);

    let feed = take("/publicity/feed.json");
    assert!(feed.field("content-type").starts_with("application/feed+json"));
    let json = feed.json();
    assert_eq!(text(&json, "version"), "https://jsonfeed.org/version/1.1");
    let item = &json["items"][0];
    assert_eq!(text(item, "id"), format!("urn:publicity:{id}"));
    assert_eq!(item["_publicity"]["fields"]["facts"], HOSTILE);
    assert!(text(item, "content_text").contains("决定书编号：吉民罚决〔2026〕8号"), "{item}");
    for part in ["content_html", "content_text", "title", "date_published"] {
        assert!(!text(item, part).is_empty(), "{part}");
    }
    let rss = take("/publicity/feed.xml");
    let body = String::from_utf8(rss.body.clone()).expect("text");
    let read = read_by_another(&rss.body);
    assert_eq!((&read["bozo"], &read["version"]), (&json!(false), &json!("rss20")), "{read}");
    let entry = &read["entries"][0];
    assert_eq!(text(entry, "title"), "某协会行政处罚决定");
    assert_eq!((&entry["tags"], &entry["published"]), (&json!(["行政处罚"]), &json!(true)));
    assert!(text(entry, "summary").contains("违规收取评审费"), "{entry}");
    // Nothing of the case but what was approved, and no mark-up of whoever wrote it.
    for body in [body.as_str(), &String::from_utf8_lossy(&feed.body)] {
        for secret in [CASE, CASE_TITLE, "执法科", "zhang", "按期公示", "<script>"] {
            let said = secret == "<script>" && body.starts_with('{');
            assert!(said || !body.contains(secret), "{secret} in {body}");
        }
    }
    assert!(!text(item, "content_html").contains("<script>"));
    // The control: what feedparser is not to accept.
    let broken = body.replace("</channel>", "");
    assert_eq!(read_by_another(broken.as_bytes())["bozo"], true);
    let tag = format!("If-None-Match: {}", rss.field("etag"));
    assert_eq!(service.call("", "GET", "/publicity/feed.xml", &["-H", &tag]).status, 304);
    assert_eq!(take("/publicity/feed.json?page=1").json()["items"], json!([]));
    assert_eq!(take("/publicity/other").status, 404);
    assert_eq!(service.call("", "POST", "/publicity/feed.json", &[]).status, 405);
    // Without a session there is nothing but the feed.
    assert_eq!(take("/api/v1/publicity").status, 401);
}

fn date(text: &str) -> Date {
    text.parse().expect("a day")
}

fn penalty(natural_person: bool) -> Draft {
    let fields = ["party", "facts", "legal_basis", "result"];
    let answers = ["secret", "endangers", "hinders", "prescribed"];
    Draft {
        kind: "penalty".into(),
        decided_on: "2026-11-02".into(),
        number: if natural_person { "1号" } else { "2号" }.into(),
        natural_person,
        title: "处罚".into(),
        fields: fields.map(|name| (name.to_owned(), "某".to_owned())).into(),
        objections: answers.map(|name| (name.to_owned(), false)).into(),
        ..Draft::default()
    }
}

/// Two decisions of one day, filed in the case.
async fn two_decisions(vault: &vault_core::vault::Vault, handler: &vault_core::policy::Actor) {
    review::not_needed(vault, handler, CASE, "不属重大决定").await.expect("said");
    for name in ["一号决定书.txt", "二号决定书.txt"] {
        let (name, bytes) = (name.to_owned(), name.as_bytes().to_vec());
        let new = NewDocument {
            source: DocumentSource::Bytes { name, bytes },
            document: "decision".into(),
            title: String::new(),
            on: Some(date("2026-11-02")),
            note: String::new(),
        };
        casefile::file_document(vault, handler, CASE, new).await.expect("filed");
    }
}

#[tokio::test]
async fn five_years_or_two_of_a_natural_person_on_application_and_a_frozen_year() {
    let scratch = tempfile::tempdir().expect("scratch");
    let (vault, clock) = vault_with_a_clock(&scratch.path().join("vault")).await;
    let at = |day: &str| clock.set(date(day).begins_at().plus_ms(43_200_000));
    at("2026-11-03");
    let handler = person(&vault, "zhang", Role::Handler).await;
    let leader = person(&vault, "li", Role::InCharge).await;
    let principal = person(&vault, "wang", Role::Principal).await;
    let keeper = person(&vault, "qian", Role::Custodian).await;
    let officer = |name: &str| Officer { name: name.into(), certificate: format!("吉{name}") };
    let new = NewCase {
        case_no: CASE.into(),
        title: CASE_TITLE.into(),
        counterpart: "某".into(),
        unit: "执法科".into(),
        officers: vec![officer("张三"), officer("李四")],
        opened_on: date("2026-10-12"),
    };
    casefile::open(&vault, &handler, new).await.expect("a case");
    let none = publicity::draft(&vault, &handler, CASE, penalty(true)).await.expect_err("none");
    assert_eq!(none.detail("reason"), Some("decision-not-filed"));
    two_decisions(&vault, &handler).await;
    let mut ids = Vec::new();
    for natural in [true, false] {
        let id = publicity::draft(&vault, &handler, CASE, penalty(natural)).await.expect("draft");
        let id = id.to_string();
        publicity::decide(&vault, &leader, &id, (true, "", "")).await.expect("approved");
        let place = Publication {
            places: vec!["portal".into()],
            address: "x".into(),
            on: "2026-11-03".into(),
        };
        publicity::publish(&vault, &handler, &id, place).await.expect("published");
        ids.push(id);
    }
    let third = Draft { number: "3号".into(), ..penalty(false) };
    let third = publicity::draft(&vault, &handler, CASE, third).await.expect_err("no third one");
    assert_eq!(third.detail("reason"), Some("publicity-there"), "two decisions have two entries");
    let refused = |outcome: Result<(), vault_core::fault::Fault>, reason: &str| {
        let fault = outcome.expect_err(reason);
        assert_eq!(fault.code(), Code::EntryStepRefused);
        assert_eq!(fault.detail("reason"), Some(reason));
    };
    let (person, body) = (&ids[0], &ids[1]);
    frozen(&vault, &keeper, &leader, &at).await;
    // A day before two years, and then.
    at("2028-11-02");
    refused(publicity::ask_take_down(&vault, &handler, person, "申请").await, "two-years");
    at("2028-11-03");
    refused(publicity::ask_take_down(&vault, &handler, body, "申请").await, "no-natural-person");
    refused(publicity::take_down(&vault, &handler, person, "期满").await, "five-years");
    publicity::ask_take_down(&vault, &handler, person, "本人申请").await.expect("asked");
    refused(publicity::take_down(&vault, &handler, person, "期满").await, "five-years");
    let decide = publicity::decide_take_down(&vault, &leader, person, (true, "")).await;
    assert_eq!(decide.expect_err("not his").code(), Code::ActDenied);
    publicity::decide_take_down(&vault, &principal, person, (true, "")).await.expect("approved");
    publicity::take_down(&vault, &handler, person, "门户已撤").await.expect("taken down");
    assert_eq!(publicity::feed(&vault).await.expect("feed").len(), 1);
    at("2031-11-02");
    refused(publicity::take_down(&vault, &handler, body, "期满").await, "five-years");
    at("2031-11-03");
    publicity::take_down(&vault, &handler, body, "满五年").await.expect("taken down");
    assert!(publicity::feed(&vault).await.expect("feed").is_empty());
}

async fn frozen(
    vault: &vault_core::vault::Vault,
    keeper: &vault_core::policy::Actor,
    leader: &vault_core::policy::Actor,
    at: &impl Fn(&str),
) {
    let counts = |figures: &annual::Figures| -> BTreeMap<String, u64> {
        figures.units.values().next().cloned().unwrap_or_default()
    };
    at("2026-12-11");
    let found = lapse::suspicions(vault, leader).await.expect("suspicions");
    assert!(found.iter().any(|one| one.kind == "late-figures"), "{found:?}");
    at("2026-12-09");
    let now = annual::compute(vault, leader, 2026).await.expect("figures");
    let wanted = [("cases-opened", 1), ("penalty", 2), ("published-in-time", 2)];
    assert_eq!(counts(&now), wanted.map(|(name, count)| (name.to_owned(), count)).into());
    let waits = reminders::duties(vault, keeper).await.expect("duties");
    assert!(waits.iter().any(|duty| duty.kind == "annual" && (duty.count, duty.late) == (1, 0)));
    let id = annual::freeze(vault, keeper, (2026, "")).await.expect("frozen").to_string();
    let again = annual::freeze(vault, keeper, (2026, "")).await.expect_err("there");
    assert_eq!(again.code(), Code::EntryStepRefused);
    assert!(annual::hand_on(vault, keeper, &id, "司法厅").await.is_err(), "not approved yet");
    let own = annual::decide(vault, keeper, &id, (true, "")).await.expect_err("his own");
    assert_eq!(own.code(), Code::ActDenied);
    annual::decide(vault, leader, &id, (true, "")).await.expect("approved");
    at("2026-12-14");
    annual::hand_on(vault, keeper, &id, "司法厅").await.expect("reported");
    let kept = annual::show(vault, leader, &id).await.expect("shown");
    assert_eq!((kept.figures, kept.late), (now, false));
    assert_eq!(
        annual::freeze(vault, keeper, (1999, "")).await.expect_err("no").code(),
        Code::ArgumentInvalid
    );
    let found = lapse::suspicions(vault, leader).await.expect("suspicions");
    assert!(found.iter().all(|one| one.kind != "late-figures"));
    corrected(vault, (keeper, leader), &id).await;
}

/// Approved figures are corrected by a new edition, with its reason; what it corrects stays.
async fn corrected(
    vault: &vault_core::vault::Vault,
    (keeper, leader): (&vault_core::policy::Actor, &vault_core::policy::Actor),
    first: &str,
) {
    let silent = annual::freeze(vault, keeper, (2026, "")).await.expect_err("without a word");
    assert_eq!(silent.detail("reason"), Some("correction-unexplained"));
    let anew = annual::freeze(vault, keeper, (2026, "漏统一件检查")).await.expect("frozen");
    let open = annual::show(vault, leader, first).await.expect("shown");
    assert_eq!(open.corrected_by, None, "nothing is corrected before it is approved");
    let duties = reminders::duties(vault, leader).await.expect("duties");
    assert!(duties.iter().any(|duty| duty.kind == "approve-annual" && duty.count == 1));
    annual::decide(vault, leader, &anew.to_string(), (true, "")).await.expect("approved");
    let all = annual::list(vault, leader).await.expect("both");
    assert_eq!((all.len(), all[0].late, all[0].steps[0].text.as_str()), (2, false, "漏统一件检查"));
    assert_eq!(all[0].corrects.map(|id| id.to_string()).as_deref(), Some(first));
    assert_eq!((all[1].corrected_by, all[1].state.as_str()), (Some(anew), "handed-on"));
}
