//! Inspection by lot (R23): the whole way with real media, recomputed by a script that knows only
//! the format; every way to steer a draw is refused and seen.

use super::common;
use crate::kill::root;
use crate::office::{CASE, Office};
use serde_json::{Value, json};
use std::process::Command;
use vault_core::clock::{Clock, Date};
use vault_core::inspection::{
    Item, Lot, Measure, Party, commitment, draw, population_digest, seed,
};
use vault_proof::{ContentId, RecordId};

const PLAN: [&str; 9] = [
    "inspection",
    "plan",
    "--basis",
    "第四季度督查，方案见督字12号",
    "--received-from",
    "2020-01-01",
    "--received-to",
    "2099-12-31",
    "--proportion",
];

/// A recording of its own, from sounds of another pitch.
fn sound(office: &Office, name: &str, handler: &str) -> String {
    let file = office.path(name);
    let tone = format!("sine=f={}:d=1", 300 + name.len() * 7 + handler.len());
    let comment = format!("comment={name}");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", &tone, "-metadata", &comment])
        .arg(&file)
        .status();
    assert!(made.expect("ffmpeg").success());
    let path = file.display().to_string();
    let labels = ["--case", CASE, "--counterpart", "某协会", "--handler", handler];
    let call = [&["ingest", &path, "--activity", "inspection"], &labels[..]].concat();
    office.done("zhang", &call);
    blake3::hash(&std::fs::read(&file).expect("file")).to_hex().to_string()
}

/// An inspection that a leader approved; gives its number.
fn approved(office: &Office, percent: &str) -> String {
    let plan = [&PLAN[..], &[percent, "--by", "handler"]].concat();
    office.refused("zhang", &plan, 5, "act-denied");
    let id = office.done("sun", &plan)["inspection"].as_str().expect("number").to_owned();
    let approve = ["inspection", "approve", &id, "--reason", "同意"];
    office.refused("sun", &approve, 5, "act-denied");
    office.done("li", &approve);
    id
}

/// A party's number and commitment.
fn numbered(office: &Office, id: &str, party: &str) -> (String, String) {
    let made = office.done("", &["inspection", "number", id, "--party", party]);
    let text = |name: &str| made[name].as_str().expect("hex").to_owned();
    (text("number"), text("commitment"))
}

fn commit<'a>(id: &'a str, party: &'a str, commitment: &'a str) -> [&'a str; 7] {
    ["inspection", "commit", id, "--party", party, "--commitment", commitment]
}

fn reveal<'a>(id: &'a str, party: &'a str, number: &'a str) -> [&'a str; 7] {
    ["inspection", "reveal", id, "--party", party, "--number", number]
}

/// Both parties bound, the population frozen; gives both numbers.
fn frozen(office: &Office, id: &str) -> (String, String) {
    let (ours, our_word) = numbered(office, id, "inspector");
    let (theirs, their_word) = numbered(office, id, "inspected");
    office.done("sun", &commit(id, "inspector", &our_word));
    office.done("zhao", &commit(id, "inspected", &their_word));
    office.done("sun", &["inspection", "freeze", id]);
    (ours, theirs)
}

/// An inspection whose lots are drawn, with one finding.
pub(crate) fn drawn(office: &Office) {
    let id = approved(office, "50");
    let (ours, theirs) = frozen(office, &id);
    office.done("sun", &reveal(&id, "inspector", &ours));
    office.done("zhao", &reveal(&id, "inspected", &theirs));
    let view = office.done("sun", &["inspection", "draw", &id]);
    let lot = view["lots"][0].as_str().expect("a lot");
    let what = ["--article", "A3.8", "--due", "2099-12-31", "--note", "进门前没有开机"];
    office.done("sun", &[&["inspection", "find", &id, lot], &what[..]].concat());
}

fn recompute(view: &Value, population: &str) -> (bool, String) {
    let directory = tempfile::tempdir().expect("directory");
    let (shown, listed) = (directory.path().join("a.json"), directory.path().join("b.txt"));
    std::fs::write(&shown, view.to_string()).expect("file");
    std::fs::write(&listed, population).expect("file");
    let script = root().join("tests/draw/recompute.py");
    let answer = Command::new("python3").arg(script).arg(&shown).arg(&listed).output();
    let answer = answer.expect("python");
    (answer.status.success(), String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}

#[test]
fn works_lots_are_drawn_reviewed_and_put_right_and_anybody_can_draw_them_again() {
    let office = Office::new();
    office.hire("sun", "inspector");
    let all: Vec<String> = (0..6)
        .map(|n| sound(&office, &format!("{}.wav", "音".repeat(n + 1)), ["张三", "李四"][n % 2]))
        .collect();
    let id = approved(&office, "33.34");
    let (ours, theirs) = frozen(&office, &id);
    office.done("sun", &reveal(&id, "inspector", &ours));
    office.done("zhao", &reveal(&id, "inspected", &theirs));
    let reads = |account: &str, id: &str| {
        let out = office.text(&format!("{account}-{}", &id[..12]));
        std::fs::remove_file(&out).ok();
        office.read_as(account, id, &out).code
    };
    assert!(all.iter().all(|id| reads("sun", id) != 0), "nothing is read before the draw");
    let view = office.done("sun", &["inspection", "draw", &id]);
    let lots: Vec<&str> =
        view["lots"].as_array().expect("lots").iter().flat_map(Value::as_str).collect();
    assert_eq!(lots.len(), 4, "two of three of each handler: {view}");
    let population = office.ctl.call(&["inspection", "population", &id]).expect("population").out;
    assert_eq!(recompute(&view, &population), (true, "agrees".into()));
    // Controls: another number, another line, and the script says so.
    let mut other = view.clone();
    other["bound"][0]["number"] = "00".repeat(32).into();
    assert!(!recompute(&other, &population).0, "another number");
    let cut = population.split_once('\n').expect("lines").1;
    assert!(recompute(&view, cut).1.starts_with("differs: population"), "a line less");
    // The approval is the leave to read what was drawn, for inspectors, and for nothing else.
    for one in &all {
        assert_eq!(reads("sun", one) == 0, lots.contains(&one.as_str()), "{one}");
    }
    assert_ne!(reads("wang", lots[0]), 0);
    reviewed_and_put_right(&office, &id, &lots);
    let what = ["--article", "A3.8", "--due", "2099-12-31", "--note", "没有报时间"];
    let found = [&["inspection", "find", &id, lots[0]], &what[..]].concat();
    let late = office.done("sun", &found)["finding"].as_str().expect("finding").to_owned();
    office.done("li", &["inspection", "end", &id, "--reason", "检查完毕"]);
    assert_ne!(reads("sun", lots[0]), 0, "with the inspection the leave ends");
    // What was found stays to be put right, and waits for whoever does it; nothing new is found.
    let waits = |account: &str| {
        let todo = office.call(account, &["todo"]).last();
        todo["duties"].as_array().expect("duties").iter().any(|duty| duty["kind"] == "inspection")
    };
    assert!(waits("zhang"), "to be put right");
    office.refused("sun", &found, 1, "inspection-step-refused");
    office.done("zhang", &["inspection", "correct", &id, &late, "--note", "已补训"]);
    assert!(waits("sun"), "to be looked at again");
    let settled = ["inspection", "recheck", &id, &late, "--note", "已核实", "--settled"];
    office.done("sun", &settled);
    assert!(!waits("sun") && !waits("zhang"));
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("verify").code, 0);
}

fn reviewed_and_put_right(office: &Office, id: &str, lots: &[&str]) {
    let answers = ["--recorded", "yes", "--uninterrupted", "no", "--handled", "none"];
    let review =
        |lot| [&["inspection", "review", id, lot], &answers[..], &["--watched", "1"]].concat();
    office.refused("zhang", &review(lots[0]), 5, "act-denied");
    office.done("sun", &review(lots[0]));
    let find = |lot| {
        let what = ["--article", "A3.8", "--due", "2099-12-31", "--note", "进门前没有开机"];
        [&["inspection", "find", id, lot], &what[..]].concat()
    };
    let found = office.done("sun", &find(lots[0]));
    let finding = found["finding"].as_str().expect("finding");
    for (at, wrong) in [(5, "A3.18"), (5, "第八条"), (7, "2026-01-31")] {
        let mut call = find(lots[0]);
        call[at] = wrong;
        office.refused("sun", &call, 2, "argument-invalid");
    }
    let recheck = ["inspection", "recheck", id, finding, "--note", "已核实", "--settled"];
    office.refused("sun", &recheck, 1, "inspection-step-refused");
    office.done("zhang", &["inspection", "correct", id, finding, "--note", "已组织培训"]);
    office.done("sun", &recheck);
    office.refused("sun", &recheck, 1, "inspection-step-refused");
    let scores = office.done("sun", &["inspection", "score", id])["scores"].clone();
    let sum = |name: &str| -> u64 {
        let scores = scores.as_array().expect("scores").iter();
        scores.map(|score| score[name].as_u64().unwrap_or(0)).sum()
    };
    let sums = ["population", "drawn", "reviewed", "passed", "findings", "settled"].map(sum);
    assert_eq!((sums, sum("unreviewed")), ([6, 4, 1, 0, 1, 1], 3), "{scores}");
    assert!(scores.as_array().expect("scores").iter().all(|one| one["points"].is_null()));
    let shown = office.ctl.call(&["inspection", "show", id, "--lang", "zh-CN"]).expect("show");
    for word in ["已整改", "未评查", "不涉及"] {
        assert!(shown.out.contains(word), "{word} in {}", shown.out);
    }
    replaced_and_reported(office, id, (lots[0], finding));
}

/// A verdict that another replaces stays, with who gave it; the report lists all of it.
fn replaced_and_reported(office: &Office, id: &str, (lot, finding): (&str, &str)) {
    let again = ["--recorded", "yes", "--uninterrupted", "yes", "--handled", "none"];
    let note = ["--note", "复看后改正", "--watched", "1"];
    office.done("sun", &[&["inspection", "review", id, lot], &again[..], &note].concat());
    let shown = office.done("sun", &["inspection", "show", id]);
    let answers = |list: &str| shown[list][0]["answers"].clone();
    assert_eq!(answers("reviews"), json!(["yes", "yes", "none"]));
    assert_eq!(answers("replaced"), json!(["yes", "no", "none"]), "the first stays: {shown}");
    assert_eq!(shown["replaced"][0]["said"]["person"], "sun");
    let lots = office.done("sun", &["inspection", "lots", id])["lots"].clone();
    let lots = lots.as_array().expect("lots");
    assert_eq!(lots.len(), 5, "four and a verdict that was replaced: {lots:?}");
    assert_eq!(lots.iter().filter(|row| row["review"].is_null()).count(), 3);
    let findings = office.done("sun", &["inspection", "findings", id])["findings"].clone();
    assert_eq!(
        (&findings[0]["finding"], &findings[0]["state"]),
        (&json!(finding), &json!("settled"))
    );
    for list in ["lots", "findings", "score"] {
        let sheet = office.text(&format!("{list}.xlsx"));
        office.done("sun", &["inspection", list, id, "--xlsx", &sheet]);
    }
    let paper = office.text("报告.pdf");
    office.done("sun", &["form", "inspection-report", "--inspection", id, "-o", &paper]);
    let text = Command::new("pdftotext").args([&paper, "-"]).output().expect("pdftotext").stdout;
    let text: String = String::from_utf8_lossy(&text).split_whitespace().collect();
    for word in ["进门前没有开机", "附件3第8条", "已整改", "未评查", "复看后改正", "四、已被后一次"]
    {
        assert!(text.contains(word), "{word} in {text}");
    }
}

#[test]
fn refuses_every_way_to_steer_a_draw() {
    let office = Office::new();
    office.hire("sun", "inspector");
    office.recording();
    let id = approved(&office, "50");
    let (ours, our_word) = numbered(&office, &id, "inspector");
    let (theirs, their_word) = numbered(&office, &id, "inspected");
    let step = "inspection-step-refused";
    // Frozen or opened before both are bound.
    office.refused("sun", &["inspection", "freeze", &id], 1, step);
    office.refused("sun", &reveal(&id, "inspector", &ours), 1, step);
    // A party is not its own other party, and binds itself once.
    office.refused("sun", &commit(&id, "inspected", &their_word), 5, "act-denied");
    office.refused("zhao", &commit(&id, "inspector", &our_word), 5, "act-denied");
    office.done("sun", &commit(&id, "inspector", &our_word));
    office.refused("sun", &commit(&id, "inspector", &their_word), 1, step);
    office.done("zhao", &commit(&id, "inspected", &their_word));
    office.done("sun", &["inspection", "freeze", &id]);
    // Bound anew, or frozen anew, once the population is known.
    office.refused("zhao", &commit(&id, "inspected", &our_word), 1, step);
    office.refused("sun", &["inspection", "freeze", &id], 1, step);
    // Another number than the one bound to, or somebody else's opening.
    office.refused("zhao", &reveal(&id, "inspected", &ours), 5, "lot-refused");
    office.refused("qian", &reveal(&id, "inspected", &theirs), 5, "lot-refused");
    // Drawn while one of them keeps his number back.
    office.done("sun", &reveal(&id, "inspector", &ours));
    office.refused("sun", &["inspection", "draw", &id], 1, step);
    // What comes after the freeze is not drawn from.
    let late = sound(&office, "later.wav", "王五");
    office.done("zhao", &reveal(&id, "inspected", &theirs));
    let view = office.done("sun", &["inspection", "draw", &id]);
    assert_eq!(view["lots"].as_array().expect("lots").len(), 1);
    assert_ne!(view["lots"][0], json!(late));
    // A second draw.
    office.refused("sun", &["inspection", "draw", &id], 1, step);
    office.refused("sun", &reveal(&id, "inspector", &ours), 1, step);
    // A finding about what was not drawn.
    let what = ["--article", "A3.8", "--due", "2099-12-31", "--note", "某"];
    let find = [&["inspection", "find", &id, &late], &what[..]].concat();
    office.refused("sun", &find, 1, step);
    // Attempts of those who had no right to them stand in the ledger.
    let seen = office.ctl.call(&["ledger", "events", "--json"]).expect("events").out;
    assert!(seen.matches("inspection.take-part").count() >= 2, "refusals are on record");
}

fn id_bytes(bytes: &[u8; 32]) -> [u8; 16] {
    let mut id = [0; 16];
    id.copy_from_slice(&bytes[..16]);
    id
}

/// What should have been recorded and was not is drawn like everything else: a lawful ground as its
/// statement, an act without a word as the act.
#[test]
fn what_was_not_recorded_is_in_the_population_and_is_drawn_and_reviewed() {
    let office = Office::new();
    office.hire("sun", "inspector");
    common::opened(&office);
    let paper = office.text("证据清单.txt");
    std::fs::write(&paper, "调取证据清单\n").expect("file");
    let add = ["case", "add", CASE, "--document", &paper, "--type", "evidence-list"];
    office.done("zhang", &[&add[..], &["--on", "2026-01-08"]].concat());
    let recorded = sound(&office, "一.wav", "张三");
    common::stated(&office, CASE, "service", "2026-01-07");
    let all = ["inspection", "plan", "--basis", "抽查", "--received-from", "2026-01-01"];
    let rest = ["--received-to", "2099-12-31", "--proportion", "100", "--by", "activity"];
    let id = office.done("sun", &[&all[..], &rest].concat());
    let id = id["inspection"].as_str().expect("number").to_owned();
    office.done("li", &["inspection", "approve", &id, "--reason", "同意"]);
    let (ours, theirs) = frozen(&office, &id);
    office.done("sun", &reveal(&id, "inspector", &ours));
    office.done("zhao", &reveal(&id, "inspected", &theirs));
    let view = office.done("sun", &["inspection", "draw", "--plan", &id]);
    let lots: Vec<&str> =
        view["lots"].as_array().expect("lots").iter().flat_map(Value::as_str).collect();
    assert_eq!(lots.len(), 3, "{view}");
    let named = |start: &str| *lots.iter().find(|lot| lot.starts_with(start)).expect(start);
    assert!(lots.contains(&recorded.as_str()));
    let (statement, act) = (named("statement:"), named("case:"));
    // Its written record is there, and nobody recorded it.
    assert!(act.ends_with(":evidence-taking"), "{act}");
    let population = office.ctl.call(&["inspection", "population", &id]).expect("lines").out;
    assert_eq!(recompute(&view, &population), (true, "agrees".into()));
    assert!(population.contains(&format!("{statement} service\n")), "{population}");
    let cut: String =
        population.split_inclusive('\n').filter(|line| !line.starts_with("case:")).collect();
    assert!(!recompute(&view, &cut).0, "the control: an act is left out");
    let review = |item, answer| {
        let rest = ["--uninterrupted", "none", "--handled", "none", "--note", "核对说明"];
        [&["inspection", "review", &id, item, "--recorded", answer][..], &rest].concat()
    };
    office.done("sun", &review(statement, "yes"));
    office.done("sun", &review(act, "no"));
    let due = ["--article", "A3.4", "--due", "2099-12-31", "--note", "应录未录"];
    let find = [&["inspection", "find", &id, act][..], &due].concat();
    office.done("sun", &find);
    let scores = office.done("sun", &["inspection", "score", &id])["scores"].clone();
    let of = |stratum: &str| {
        let rows = scores.as_array().expect("scores");
        rows.iter().find(|row| row["stratum"] == stratum).expect("it is there").clone()
    };
    assert_eq!((&of("service")["passed"], &of("service")["population"]), (&json!(1), &json!(1)));
    let lacking = of("evidence-taking");
    assert_eq!((&lacking["passed"], &lacking["findings"]), (&json!(0), &json!(1)));
    evaluated(&office);
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("verify").code, 0);
}

/// For the year: the unit as a whole, then its officers, on paper and in a table too.
fn evaluated(office: &Office) {
    let year = Date::of(Clock::system().now()).to_string()[..4].to_owned();
    let call = ["inspection", "evaluation", "--year", &year];
    let rows = office.done("sun", &call)["evaluation"].clone();
    let rows = rows.as_array().expect("rows");
    let counts = |row: &Value| {
        ["inspections", "drawn", "reviewed", "passed", "points", "findings", "settled"]
            .map(|name| row[name].as_u64().unwrap_or(999))
    };
    // One of the three was not reviewed: it is named, and there are no points meanwhile.
    assert_eq!((&rows[0]["handler"], counts(&rows[0])), (&json!(""), [1, 3, 2, 1, 999, 1, 0]));
    assert_eq!((&rows[0]["unreviewed"], &rows[0]["points"]), (&json!(1), &Value::Null));
    assert!(rows[0]["unit"].as_str().is_some_and(|unit| !unit.is_empty()), "{rows:?}");
    let officers = rows[1..].iter().map(|row| row["drawn"].as_u64().unwrap_or(0));
    assert_eq!(officers.sum::<u64>(), 3, "the unit is the sum of its officers: {rows:?}");
    let before = (year.parse::<u32>().expect("a year") - 1).to_string();
    let none = office.done("sun", &["inspection", "evaluation", "--year", &before]);
    assert_eq!(none["evaluation"], json!([]));
    assert_eq!(office.call("sun", &["inspection", "evaluation", "--year", "0"]).code, 2);
    let paper = office.text("考评.pdf");
    office.done("sun", &["form", "inspection-evaluation", "--year", &year, "-o", &paper]);
    let text = Command::new("pdftotext").args([&paper, "-"]).output().expect("pdftotext").stdout;
    let text: String = String::from_utf8_lossy(&text).split_whitespace().collect();
    assert!(text.contains("执法音像资料抽查年度考评表") && text.contains("张三"), "{text}");
}

/// The verdict rests on what was served and played, and says why where that is little.
#[test]
fn a_verdict_on_what_was_not_watched_says_why() {
    let office = Office::new();
    office.hire("sun", "inspector");
    let lot = sound(&office, "一.wav", "张三");
    let id = approved(&office, "100");
    let (ours, theirs) = frozen(&office, &id);
    office.done("sun", &reveal(&id, "inspector", &ours));
    office.done("zhao", &reveal(&id, "inspected", &theirs));
    office.done("sun", &["inspection", "draw", &id]);
    let answers = ["--recorded", "yes", "--uninterrupted", "yes", "--handled", "yes"];
    let review =
        [&["inspection", "review", &id, &lot][..], &answers, &["--watched", "9000"]].concat();
    office.refused("sun", &review, 1, "inspection-step-refused");
    let ticked = [&review[..], &["--checklist", "yes,yes"]].concat();
    office.refused("sun", &ticked, 2, "usage");
    let all = ["--checklist", "yes,yes,none,yes,no", "--note", "只核对起止"];
    office.done("sun", &[&review[..], &all].concat());
    let shown = office.done("sun", &["inspection", "show", &id]);
    assert_eq!(shown["reviews"][0]["watched_ms"], 0, "nothing was served: {shown}");
    assert_eq!(shown["reviews"][0]["checklist"], json!(["yes", "yes", "none", "yes", "no"]));
    let out = office.text("whole.wav");
    assert_eq!(office.read_as("sun", &lot, &out).code, 0);
    office.done("sun", &review);
    let events = office.call("li", &["ledger", "events", "--recording", &lot]).out;
    assert!(events.contains("inspection.served"), "{events}");
}

/// The script, written from the format, and the program agree on a hundred random plans.
#[test]
fn works_an_independent_script_draws_the_same() {
    let mut state = 7u64;
    let mut random = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    for turn in 0..100u8 {
        let id = RecordId::from_bytes([turn; 16]);
        let strata = ["", "张三 / 巡查", "李四 / 检查", "王 五"];
        let mut population: Vec<Lot> = (0..1 + random() % 60)
            .map(|n| {
                let mut bytes = [turn; 32];
                bytes[..8].copy_from_slice(&(random() << 32 | n).to_be_bytes());
                let stratum = strata[random() as usize % strata.len()].to_owned();
                let item = Item::of_recording(&ContentId::from_bytes(bytes));
                // Some of it was not recorded.
                let item = match n % 7 {
                    3 => Item::of_statement(&RecordId::from_bytes(id_bytes(&bytes))),
                    5 => Item::of_act(&RecordId::from_bytes(id_bytes(&bytes)), "service"),
                    _ => item,
                };
                Lot { stratum, item }
            })
            .collect();
        let measure = Measure { proportion: random() % 10_001, minimum: 1 + random() % 3 };
        let number = |fill: u8| hex::encode([fill; 32]);
        let (ours, theirs, root) = (number(turn), number(turn ^ 0xff), number(turn ^ 0x0f));
        let digest = population_digest(&mut population);
        let seed = seed(&id, &digest, (&ours, &theirs), &root);
        let lots = draw(&seed, &population, measure);
        let bound = |party: Party, number: &str| json!({"party": party.as_str(), "number": number, "commitment": commitment(&id, party, number)});
        let view = json!({
            "inspection": id.to_string(), "proportion": measure.proportion, "minimum": measure.minimum,
            "bound": [bound(Party::Inspector, &ours), bound(Party::Inspected, &theirs)],
            "frozen": {"population": digest}, "drawn": {"root": root, "seed": seed},
            "lots": lots.iter().map(ToString::to_string).collect::<Vec<_>>(),
        });
        let lines: String =
            population.iter().map(|lot| format!("{} {}\n", lot.item, lot.stratum)).collect();
        assert_eq!(recompute(&view, &lines), (true, "agrees".into()), "plan {turn}");
    }
}
