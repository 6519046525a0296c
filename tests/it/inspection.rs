//! Inspection by lot (R23): the whole way with real media, recomputed by a script that knows only
//! the format; every way to steer a draw is refused and seen.

use crate::kill::root;
use crate::office::{CASE, Office};
use serde_json::{Value, json};
use std::process::Command;
use vault_core::inspection::{Lot, Measure, Party, commitment, draw, population_digest, seed};
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
    let what = ["--article", "A3.8", "--due", "2026-12-31", "--note", "进门前没有开机"];
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
fn lots_are_drawn_reviewed_and_put_right_and_anybody_can_draw_them_again() {
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
    office.done("li", &["inspection", "end", &id, "--reason", "检查完毕"]);
    assert_ne!(reads("sun", lots[0]), 0, "with the inspection the leave ends");
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("verify").code, 0);
}

fn reviewed_and_put_right(office: &Office, id: &str, lots: &[&str]) {
    let answers = ["--recorded", "yes", "--uninterrupted", "no", "--handled", "none"];
    let review =
        |lot| [&["inspection", "review", id, lot], &answers[..], &["--watched", "1"]].concat();
    office.refused("zhang", &review(lots[0]), 5, "act-denied");
    office.done("sun", &review(lots[0]));
    let find = |lot| {
        let what = ["--article", "A3.8", "--due", "2026-12-31", "--note", "进门前没有开机"];
        [&["inspection", "find", id, lot], &what[..]].concat()
    };
    let found = office.done("sun", &find(lots[0]));
    let finding = found["finding"].as_str().expect("finding");
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
    assert_eq!(sums, [6, 4, 1, 0, 1, 1], "{scores}");
    let shown = office.ctl.call(&["inspection", "show", id, "--lang", "zh-CN"]).expect("show");
    assert!(shown.out.contains("已整改"), "{}", shown.out);
}

#[test]
fn every_way_to_steer_a_draw_is_refused() {
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
    let what = ["--article", "A3.8", "--due", "2026-12-31", "--note", "某"];
    let find = [&["inspection", "find", &id, &late], &what[..]].concat();
    office.refused("sun", &find, 1, step);
    // Attempts of those who had no right to them stand in the ledger.
    let seen = office.ctl.call(&["ledger", "events", "--json"]).expect("events").out;
    assert!(seen.matches("inspection.take-part").count() >= 2, "refusals are on record");
}

/// The script, written from the format, and the program agree on a hundred random plans.
#[test]
fn an_independent_script_draws_the_same() {
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
                Lot { stratum, recording: ContentId::from_bytes(bytes) }
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
            population.iter().map(|lot| format!("{} {}\n", lot.recording, lot.stratum)).collect();
        assert_eq!(recompute(&view, &lines), (true, "agrees".into()), "plan {turn}");
    }
}
