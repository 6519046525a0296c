//! What waits for whom, and reminders of it: letters, webhook and robots as another program takes them in. No message holds a case number, a name or a reason.

use crate::kill::root;
use crate::office::{CASE, Office};
use serde_json::Value;
use std::path::Path;
use vault_tests::post_sink::{PostSink, SECRET};

const REASON: &str = "暴雨断电无备用设备";

fn stated(office: &Office) {
    let words = ["--activity", "inspection", "--case", CASE, "--on", "2026-01-06"];
    let more = ["--place", "城东仓库", "--handler", "张三", "--basis", "故障单"];
    let call = [&["statement", "make", "--ground", "weather-or-failure"][..], &words, &more];
    office.done("zhang", &[&call.concat()[..], &["--reason", REASON]].concat());
}

fn sink(office: &Office) -> PostSink {
    let python = root().join(".cache/venv/bin/python");
    PostSink::start(&python, &office.path("sink")).expect("sink")
}

/// Everything that can be set, on the sink.
fn settings(office: &Office, sink: &PostSink) {
    let secret = office.path("secret");
    std::fs::write(&secret, format!("{SECRET}\n")).expect("file");
    let http = sink.http;
    for (name, path) in [("ding", "/ding?access_token=d1"), ("wecom", "/wecom?key=w1")] {
        let address = format!("http://127.0.0.1:{http}{path}\n");
        std::fs::write(office.path(name), address).expect("file");
    }
    let place = |name: &str| office.text(name);
    let text = format!(
        "[reminders]\naddress = \"https://vault.example\"\nat_hour = 0\n\
         [reminders.mail]\nserver = \"localhost\"\nport = {}\ntls = \"starttls\"\n\
         authority_file = \"{}\"\nlogin = \"vault\"\npassword_file = \"{}\"\n\
         from = \"vault@office.example\"\ndomain = \"office.example\"\n\
         addresses = {{ li = \"li.lead@other.example\" }}\n\
         [[reminders.webhooks]]\nname = \"oa\"\nurl = \"http://127.0.0.1:{http}/hook\"\n\
         secret_file = \"{}\"\n\
         [[reminders.robots]]\nname = \"office\"\nkind = \"dingtalk\"\nurl_file = \"{}\"\n\
         secret_file = \"{}\"\n\
         [[reminders.robots]]\nname = \"unit\"\nkind = \"wecom\"\nurl_file = \"{}\"\nunit = \"执法科\"\n",
        sink.mail,
        sink.certificate.display(),
        secret.display(),
        secret.display(),
        place("ding"),
        secret.display(),
        place("wecom"),
    );
    std::fs::write(office.ctl.vault().join("settings.toml"), text).expect("settings");
}

fn of<'a>(taken: &'a [Value], name: &str, value: &str) -> Vec<&'a Value> {
    taken.iter().filter(|one| one[name] == value).collect()
}

#[test]
fn a_reminder_says_how_many_things_wait_and_nothing_else() {
    let office = Office::new();
    stated(&office);
    let todo = office.call("li", &["todo"]);
    let todo = todo.last()["duties"].clone();
    assert!(todo.as_array().is_some_and(|all| all.iter().any(|duty| {
        (&duty["kind"], &duty["count"]) == (&"answer-statement".into(), &1.into())
    })));
    let sink = sink(&office);
    settings(&office, &sink);
    let owed = office.done("sys", &["remind", "--dry-run"])["messages"].clone();
    assert!(sink.taken().is_empty(), "a dry run sends nothing");
    let count = owed.as_array().map_or(0, Vec::len);
    office.refused("zhang", &["remind"], 5, "act-denied");
    assert_eq!(office.done("", &["remind"])["sent"], count);
    assert_eq!(office.done("", &["remind"])["sent"], 0, "once a day");
    let taken = sink.taken();
    assert_eq!(taken.len(), count);

    let li = taken.iter().find(|one| one["body"]["to"] == "li").expect("the leader has something");
    let said = "执法音像证据库：您有 1 项待办，其中 1 项已逾期。https://vault.example";
    assert_eq!(li["body"]["text"], said);
    for way in ["/hook", "/ding"] {
        let found = of(&taken, "path", way);
        assert!(!found.is_empty() && found.iter().all(|one| one["signed"] == true), "{way}");
    }
    let robot = of(&taken, "path", "/wecom")[0];
    assert_eq!((&robot["token"], &robot["body"]["msgtype"]), (&"w1".into(), &"text".into()));
    let letters = of(&taken, "way", "mail");
    assert!(letters.iter().all(|one| one["tls"] == true && one["login"] == "vault"));
    let to = |whom: &str| letters.iter().find(|one| one["to"][0] == whom);
    let letter = to("li.lead@other.example").expect("his own address");
    assert_eq!(
        (&letter["text"], &letter["subject"]),
        (&said.into(), &"执法音像证据库待办提醒".into())
    );
    assert!(
        letters.len() > 1
            && letters.iter().all(|one| {
                one["to"][0] == "li.lead@other.example"
                    || one["to"][0].as_str().is_some_and(|to| to.ends_with("@office.example"))
            })
    );
    let whole = serde_json::to_string(&taken).expect("text");
    for inside in [CASE, REASON, "城东仓库", "张三", "故障单", "inspection"] {
        assert!(!whole.contains(inside), "{inside} left the vault");
    }
    assert!(whole.contains("待办"), "the check looks at texts");
}

#[test]
fn what_cannot_be_delivered_is_tried_again_shown_to_administrators_and_sent_once_more() {
    let office = Office::new();
    stated(&office);
    let sink = sink(&office);
    settings(&office, &sink);
    sink.fails(true).expect("mark");
    office.refused("", &["remind"], 75, "delivery-failed");
    for _ in 0..4 {
        office.refused("", &["remind"], 75, "delivery-failed");
    }
    // What was given up waits for a person, and the system administrator is told of it.
    office.refused("", &["remind"], 75, "delivery-failed");
    office.refused("li", &["remind", "--sent"], 5, "act-denied");
    let all = office.done("aud", &["remind", "--sent"])["deliveries"].clone();
    let all = all.as_array().expect("deliveries");
    let li = |one: &&Value| one["channel"] == "webhook:oa" && one["recipient"] == "li";
    let hook = all.iter().find(li).expect("a webhook");
    assert_eq!((&hook["state"], &hook["attempts"]), (&"failed".into(), &5.into()));
    assert!(hook["problem"].as_str().is_some_and(|text| text.contains("500")), "{hook}");
    let ding = all.iter().find(|one| one["channel"] == "robot:office").expect("a robot");
    assert!(ding["problem"].as_str().is_some_and(|text| text.contains("310000")), "{ding}");
    assert!(!ding["problem"].as_str().unwrap_or_default().contains("d1"), "no token is told");
    let letter = all.iter().find(|one| one["channel"] == "mail").expect("a letter");
    assert!(letter["problem"].as_str().is_some_and(|text| text.contains("451")), "{letter}");
    // The system administrator has it among what waits for him.
    let todo = office.call("sys", &["todo"]).last();
    assert!(todo.to_string().contains("\"delivery\""), "{todo}");

    sink.fails(false).expect("mark");
    let id = hook["id"].as_str().expect("a number");
    office.refused("li", &["remind", "--replay", id], 5, "act-denied");
    let again = office.done("sys", &["remind", "--replay", id]);
    assert_eq!(again["deliveries"][0]["state"], "sent");
    let numbers = sink.taken();
    let same = of(&numbers, "delivery", id);
    assert_eq!(same.len(), 6, "five attempts and one more, all under the same number");
    assert!(same.iter().all(|one| one["body"] == same[0]["body"]));
    let tried = office.done("sys", &["remind", "--test"])["tried"].clone();
    assert!(tried.as_array().is_some_and(|all| all.iter().all(|one| one["problem"].is_null())));
}

#[test]
fn settings_that_cannot_be_used_are_refused() {
    let office = Office::new();
    let path = office.ctl.vault().join("settings.toml");
    let write = |text: &str| std::fs::write(Path::new(&path), text).expect("settings");
    let hook = "[reminders]\naddress = \"https://vault.example\"\n[[reminders.webhooks]]\n\
                name = \"oa\"\nurl = \"https://oa.example/in\"\nsecret_file = \"key\"\n";
    write(hook);
    office.done("sys", &["remind", "--dry-run"]);
    write(&hook.replace("https://vault.example", "vault"));
    office.refused("sys", &["remind", "--dry-run"], 2, "setting-invalid");
    let mail = "[reminders]\naddress = \"https://vault.example\"\n[reminders.mail]\n\
                server = \"mail.example\"\nport = 465\ntls = \"implicit\"\n\
                from = \"vault@office.example\"\ndomain = \"office.example\"\n";
    write(mail);
    office.done("sys", &["remind", "--dry-run"]);
    for (good, bad) in [
        ("\"implicit\"", "\"none\""),
        ("vault@office", "office"),
        ("domain = \"office", "domain = \"x@office"),
        ("domain = \"office.example\"", "addresses = { li = \"nobody\" }"),
        ("\"mail.example\"", "\"mail example\""),
        ("port = 465", "port = 465\nlogin = \"vault\""),
    ] {
        write(&mail.replace(good, bad));
        office.refused("sys", &["remind", "--dry-run"], 2, "setting-invalid");
    }
    write(&hook.replace("https://oa.example", "ftp://oa.example"));
    office.refused("sys", &["remind", "--dry-run"], 2, "setting-invalid");
}
