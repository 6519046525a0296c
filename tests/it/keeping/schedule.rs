//! The schedule of retention (R14, A3.11): simulated, proposed by one, confirmed by another, and
//! nothing that is stored is kept for less.

use crate::office::Office;
use std::path::Path;

fn take_in(office: &Office, name: &str, content: &[u8], activity: &str) -> String {
    let file = office.path(name);
    std::fs::write(&file, content).expect("source");
    let path = file.display().to_string();
    let labels = ["--case", "吉民罚〔2026〕9号", "--counterpart", "某", "--handler", "张三"];
    let call = [&["ingest", &path, "--no-examine", "--activity", activity], &labels[..]].concat();
    office.done("zhang", &call);
    blake3::hash(content).to_hex().to_string()
}

fn kept(office: &Office, id: &str) -> String {
    let said = office.done("", &["retention", "show", id]);
    let until = said["until"].as_str().unwrap_or("ever").to_owned();
    until.split('-').next().unwrap_or_default().to_owned()
}

fn year(office: &Office, id: &str, more: i32) -> String {
    let shown = office.done("", &["show", id]);
    let received = shown["received_at"].as_str().or(shown["received"].as_str()).expect("a time");
    let year: i32 = received[..4].parse().expect("a year");
    (year + more).to_string()
}

#[test]
fn a_rule_is_confirmed_by_another_and_holds_for_what_comes_after_it() {
    let office = Office::new();
    let before = take_in(&office, "旧", b"before", "inspection");
    let simulated = ["retention", "simulate", "--of-class", "any", "--years", "5"];
    let found = office.done("", &simulated);
    assert_eq!((&found["recordings"], &found["lengthened"]), (&1.into(), &0.into()), "{found}");
    assert_eq!(found["years_now"], 2, "{found}");
    let wanted = |class: &'static str, years: &'static str, stored: bool| {
        let mut call = vec!["retention", "propose", "--of-class", class, "--years", years];
        call.extend(["--reason", "保管期限表修订"]);
        call.extend(stored.then_some("--stored-too"));
        call
    };
    // Below the law's two years, an unknown class, a person without the office.
    office.refused("zhao", &wanted("any", "1", false), 5, "retention-shortens");
    let unknown = office.call("zhao", &wanted("everything", "5", false));
    assert_eq!((unknown.code, unknown.fault().as_str()), (2, "argument-invalid"));
    let known = unknown.last()["error"]["details"]["known"].clone();
    assert!(known.as_str().is_some_and(|all| all.contains("any inspection")), "{known}");
    office.refused("zhang", &wanted("any", "5", false), 5, "act-denied");
    let rule =
        |call: &[&str]| office.done("zhao", call)["rule"].as_str().expect("a rule").to_owned();
    let five = rule(&wanted("any", "5", false));
    assert_eq!(kept(&office, &before), year(&office, &before, 2), "proposed is not in force");
    let decide = |step: &'static str, rule: &str| -> Vec<String> {
        ["retention", step, rule, "--reason", "同意"].map(str::to_owned).to_vec()
    };
    let call = |account: &str, words: &[String]| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        office.call(account, &words)
    };
    let waits = |account: &str| office.waiting(account, "rule");
    assert_eq!((waits("li"), waits("zhao"), waits("qian")), (1, 0, 0), "who may confirm it");
    assert_eq!(call("zhao", &decide("confirm", &five)).code, 5, "not the own one");
    assert_eq!(call("qian", &decide("confirm", &five)).code, 5, "not without the office");
    assert_eq!(call("li", &decide("confirm", &five)).code, 0);
    let told = |words: &[&str]| {
        let call = [words, &["--lang", "zh-CN"]].concat();
        office.ctl.call(&call).expect("runs").out
    };
    assert!(told(&["retention", "rules"]).contains("对新入库资料有效"));
    assert_eq!(waits("li"), 0);
    assert_eq!(call("wang", &decide("confirm", &five)).code, 6, "once");
    assert_eq!(kept(&office, &before), year(&office, &before, 2), "what is stored stays");
    let after = take_in(&office, "新", b"after", "inspection");
    assert_eq!(kept(&office, &after), year(&office, &after, 5));
    // Shorter again: what came under five years keeps them.
    let found = office.done("", &["retention", "simulate", "--of-class", "any", "--years", "2"]);
    assert_eq!((&found["kept"], &found["would_end"]), (&1.into(), &0.into()), "{found}");
    let two = rule(&wanted("any", "2", true));
    // Who confirms is told what becomes of what is stored.
    let own = office.text("li.own");
    let confirm = decide("confirm", &two);
    let mut words: Vec<&str> = confirm.iter().map(String::as_str).collect();
    words.extend(["--lang", "zh-CN", "--as", "li", "--password-file", &own]);
    let confirmed = office.ctl.call(&words).expect("runs");
    assert_eq!(confirmed.code, 0, "{}", confirmed.err);
    assert!(confirmed.out.contains("已入库而期限较短的也延长到 2 年"), "{}", confirmed.out);
    assert_eq!(kept(&office, &after), year(&office, &after, 5), "nothing is shortened");
    let third = take_in(&office, "三", b"third", "inspection");
    assert_eq!(kept(&office, &third), year(&office, &third, 2));
    // A rule of one activity that reaches what is stored.
    let found = office.done(
        "",
        &["retention", "simulate", "--of-class", "inspection", "--years", "10", "--stored-too"],
    );
    assert_eq!(found["lengthened"], 3, "{found}");
    let ten = rule(&wanted("inspection", "10", true));
    let taken_back = rule(&wanted("inspection", "0", true));
    assert_eq!(call("wang", &decide("withdraw", &taken_back)).code, 0);
    assert_eq!(call("li", &decide("confirm", &taken_back)).code, 6, "it was withdrawn");
    assert_eq!(call("wang", &decide("confirm", &ten)).code, 0);
    for id in [&before, &after, &third] {
        assert_eq!(kept(&office, id), year(&office, id, 10));
    }
    let rules = office.done("", &["retention", "rules"]);
    let states: Vec<&str> = rules["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .filter_map(|r| r["state"].as_str())
        .collect();
    assert_eq!(states, ["withdrawn", "in-force", "in-force", "replaced"], "{rules}");
    // In words: what a rule reaches, and the class by its name.
    let shown = told(&["retention", "rules"]);
    let reaching = shown.lines().filter(|line| line.contains("对新入库和已入库资料都有效"));
    assert_eq!(reaching.count(), 2, "{shown}");
    let shown = told(&["retention", "show", &before]);
    assert!(shown.contains("日常检查") && !shown.contains("inspection"), "{shown}");
    office.done("", &["ledger", "verify"]);
    rebuilt_alike(&office, Path::new(&office.text("again")));
}

fn rebuilt_alike(office: &Office, into: &Path) {
    let vault = office.text("vault");
    let into = into.display().to_string();
    let again = office.done("", &["rebuild", "--from", &vault, "--into", &into]);
    assert!(again["events"].as_u64() > Some(10), "{again}");
}
