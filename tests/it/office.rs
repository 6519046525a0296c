//! An office at work: a vault with people of every role who signed in for themselves, and what they
//! do on the operator's program.

use crate::story::operator;
use std::path::PathBuf;
use std::process::Command;
use vault_core::people::{Password, SignIn, sign_in};
use vault_core::policy::Actor;
use vault_core::vault::Vault;
use vault_tests::command::{Answer, Vaultctl};

/// Refusals that are none of the policy: of how things stand. They are on record as well.
const BY_THE_STATE: [&str; 6] = [
    "copies-needed",
    "volume-copy-needed",
    "not-disposable",
    "disposal-too-early",
    "clock-untrusted",
    "retention-shortens",
];

/// The case of the stories.
pub(crate) const CASE: &str = "吉民罚〔2026〕1号";

/// The operator's program, a vault, and the passwords of its people in files.
pub(crate) struct Office {
    pub(crate) ctl: Vaultctl,
    directory: tempfile::TempDir,
}

impl Office {
    pub(crate) fn new() -> Self {
        Self::on(|ctl| assert_eq!(ctl.init().expect("init").code, 0))
    }

    /// On a vault that is made in the place of this program's.
    pub(crate) fn on(make: impl FnOnce(&Vaultctl)) -> Self {
        let directory = tempfile::tempdir().expect("directory");
        let ctl = Vaultctl::on(&directory.path().join("vault")).expect("vaultctl");
        make(&ctl);
        let office = Self { ctl, directory };
        office.staff();
        office
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Calls as this account, or as the operator; `--json` is added.
    pub(crate) fn call(&self, account: &str, words: &[&str]) -> Answer {
        let file = self.text(&format!("{account}.own"));
        let mut call: Vec<&str> = words.to_vec();
        call.push("--json");
        if !account.is_empty() {
            call.extend(["--as", account, "--password-file", &file]);
        }
        self.ctl.call(&call).expect("vaultctl")
    }

    /// Reads a recording into a file as this account.
    pub(crate) fn read_as(&self, account: &str, id: &str, out: &str) -> Answer {
        let file = self.text(&format!("{account}.own"));
        let acting = ["--as", account, "--password-file", &file];
        self.ctl.call(&[&["read", id, "-o", out], &acting[..]].concat()).expect("vaultctl")
    }

    pub(crate) fn done(&self, account: &str, words: &[&str]) -> serde_json::Value {
        let answer = self.call(account, words);
        assert_eq!(answer.code, 0, "{words:?}: {}", answer.err);
        answer.last()
    }

    /// This account, signed in on the open vault.
    pub(crate) async fn signed_in(&self, vault: &Vault, login: &str) -> Actor {
        let password = std::fs::read_to_string(self.path(&format!("{login}.own")));
        let password = Password::new(password.expect("a password").trim().to_owned());
        let shown = SignIn { login: login.to_owned(), password, code: None };
        sign_in(vault, &operator(), shown).await.expect("signed in")
    }

    /// How many things of a kind wait for this account.
    pub(crate) fn waiting(&self, account: &str, kind: &str) -> u64 {
        let answer = self.call(account, &["todo"]).last();
        let all = answer["duties"].as_array().expect("duties");
        let of_kind = all.iter().find(|duty| duty["kind"] == kind);
        of_kind.map_or(0, |duty| duty["count"].as_u64().expect("a count"))
    }

    /// The call is refused with this exit code and fault.
    pub(crate) fn refused(&self, account: &str, words: &[&str], code: i32, fault: &str) {
        let answer = self.call(account, words);
        assert_eq!((answer.code, answer.fault().as_str()), (code, fault), "{words:?}");
        if BY_THE_STATE.contains(&fault) {
            let events = self.ctl.call(&["ledger", "events", "--json"]).expect("events").out;
            let all: Vec<serde_json::Value> =
                events.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
            let last = all.last().map(ToString::to_string).unwrap_or_default();
            assert!(last.contains("act.refused") && last.contains(fault), "{words:?}: {last}");
        }
    }

    /// Three administrators by the operator, everybody else by two of them.
    fn staff(&self) {
        let people = [
            ("sys", "system-administrator"),
            ("sec", "security-administrator"),
            ("aud", "audit-administrator"),
            ("zhang", "handler"),
            ("li", "in-charge"),
            ("wang", "principal"),
            ("zhao", "archivist"),
            ("qian", "custodian"),
        ];
        for (at, (account, role)) in people.into_iter().enumerate() {
            let (given, own) = (format!("{account}.given"), format!("{account}.own"));
            std::fs::write(self.path(&given), format!("given-{account}\n")).expect("file");
            std::fs::write(self.path(&own), format!("own-{account}-1\n")).expect("file");
            let (given, own) = (self.text(&given), self.text(&own));
            let (proposes, decides) = if at < 3 { ("", "") } else { ("sys", "sec") };
            let new = ["--person", account, "--unit", "执法科", "--roles", role];
            self.done(proposes, &[&["people", "add", account], &new[..]].concat());
            if at >= 3 {
                self.refused("sys", &["people", "confirm", account], 5, "act-denied");
                self.done(decides, &["people", "confirm", account]);
            }
            self.done(decides, &["people", "password", account, "--new-password-file", &given]);
            let change = ["people", "password", account, "--new-password-file", &own];
            let acting = ["--as", account, "--password-file", &given, "--json"];
            let changed = self.ctl.call(&[&change[..], &acting[..]].concat()).expect("vaultctl");
            assert_eq!(changed.code, 0, "{}", changed.err);
        }
    }

    /// One person more, by two of the three administrators.
    pub(crate) fn hire(&self, account: &str, role: &str) {
        let (given, own) = (self.text("more.given"), self.text(&format!("{account}.own")));
        std::fs::write(&given, "given-to-them\n").expect("file");
        std::fs::write(&own, format!("own-{account}-1\n")).expect("file");
        let new = ["--person", account, "--unit", "执法监督科", "--roles", role];
        self.done("sys", &[&["people", "add", account], &new[..]].concat());
        self.done("sec", &["people", "confirm", account]);
        self.done("sec", &["people", "password", account, "--new-password-file", &given]);
        let change = ["people", "password", account, "--new-password-file", &own];
        let acting = ["--as", account, "--password-file", &given, "--json"];
        assert_eq!(self.ctl.call(&[&change[..], &acting[..]].concat()).expect("call").code, 0);
    }

    pub(crate) fn recording(&self) -> (PathBuf, String) {
        let file = self.path("现场.mp4");
        let made = Command::new("ffmpeg")
            .args("-v error -f lavfi -i testsrc=d=3:s=320x240:r=10 -pix_fmt yuv420p".split(' '))
            .arg(&file)
            .status();
        assert!(made.expect("ffmpeg").success());
        let path = file.display().to_string();
        let labels = ["--case", CASE, "--counterpart", "某协会", "--handler", "张三"];
        let call = [&["ingest", &path, "--activity", "inspection"], &labels[..]].concat();
        self.done("zhang", &call);
        let id = blake3::hash(&std::fs::read(&file).expect("file")).to_hex().to_string();
        (file, id)
    }

    /// Opened, ended and closed by the archivist.
    pub(crate) fn archive(&self) {
        let officers = ["--officer", "张三:吉001", "--officer", "李四:吉002"];
        let one = [&["case", "open", CASE, "--title", "违规收费"], &officers[..2]].concat();
        let rest = ["--counterpart", "某协会", "--unit", "执法科", "--opened-on", "2026-01-05"];
        self.refused("zhang", &[&one[..], &rest[..]].concat(), 2, "label-invalid");
        self.done("zhang", &[&one[..], &officers[2..], &rest[..]].concat());
        self.refused("zhao", &["case", "close", CASE, "--note", "试"], 5, "case-step-refused");
        self.done("zhang", &["case", "end", CASE, "--on", "2026-01-20"]);
        self.refused("zhang", &["case", "close", CASE, "--note", "试"], 5, "act-denied");
        self.refused("zhao", &["case", "close", CASE], 5, "case-step-refused");
        self.done("zhao", &["case", "close", CASE, "--note", "文书在纸质卷"]);
    }

    /// Request, consent, notice, signature, grant; gives the number.
    pub(crate) fn granted(&self, id: &str, mode: &[&str]) -> String {
        let words = ["request", id, "--purpose", "复议举证", "--days", "7"];
        let request = self.done("zhang", &[&words[..], mode].concat());
        assert_eq!(request["office"], "in-charge");
        let number = request["request"].as_str().expect("a number").to_owned();
        self.refused("zhang", &["approve", &number], 5, "act-denied");
        self.refused("wang", &["approve", &number], 5, "act-denied");
        self.refused("qian", &["grant", &number], 5, "access-step-refused");
        self.done("li", &["approve", &number]);
        self.refused("li", &["refuse", &number, "--reason", "改主意"], 5, "access-step-refused");
        self.done("qian", &["notice", &number]);
        self.done("li", &["sign", &number]);
        self.done("qian", &["grant", &number]);
        number
    }
}
