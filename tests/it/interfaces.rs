//! Names that others rely on: what `--json` calls its fields, and exit codes. A name that changes
//! here changes for every script outside.

use serde_json::Value;
use vault_tests::command::{Answer, Vaultctl};

struct Desk {
    ctl: Vaultctl,
    scratch: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let scratch = tempfile::tempdir().expect("scratch");
        let ctl = Vaultctl::on(&scratch.path().join("vault")).expect("vaultctl");
        assert_eq!(ctl.init().expect("init").code, 0);
        let source = scratch.path().join("a.bin");
        std::fs::write(&source, b"recorded").expect("source");
        Self { ctl, scratch }
    }

    fn call(&self, words: &[&str]) -> Answer {
        self.ctl.call(words).expect("vaultctl")
    }

    fn text(&self, name: &str) -> String {
        self.scratch.path().join(name).display().to_string()
    }
}

/// That the document has these fields.
fn has(document: &Value, fields: &str) {
    for field in fields.split(' ') {
        assert!(!document[field].is_null(), "{field} is missing in {document}");
    }
}

#[test]
fn documents_have_the_fields_that_others_read() {
    let desk = Desk::new();
    let taken = desk.ctl.ingest(&desk.scratch.path().join("a.bin")).expect("runs").documents();
    has(&taken[0], "path recording blake3 bytes duplicate accession_seq");
    assert_eq!(taken[0]["recording"], taken[0]["blake3"]);
    has(&taken[1], "files stored duplicates failed bytes seconds");
    let id = taken[0]["recording"].as_str().expect("an id").to_owned();
    for (call, fields) in [
        (vec!["verify", "--all"], "objects bytes seconds failed"),
        (vec!["verify", "--all", "--keyless"], "objects bytes seconds failed"),
        (vec!["list"], "recordings"),
        (vec!["show", &id], "recording blake3 bytes name case counterpart handler activity"),
        (vec!["ledger", "checkpoint"], "checkpoint"),
        (vec!["ledger", "verify"], "size root"),
        (vec!["ledger", "prove", "1"], "seq proof"),
        (vec!["requests"], "requests"),
        (vec!["people", "list"], "accounts"),
        (vec!["case", "list"], "cases"),
        (vec!["retention", "show", &id], "recording reasons blocks until"),
        (vec!["copies", &id], "recording copies"),
        (vec!["search", "无此词语"], "query hits"),
        (vec!["transcript", "missing"], "recordings"),
        (vec!["doctor"], "findings"),
        (vec!["jobs", "run"], "done"),
    ] {
        let answer = desk.call(&[&call[..], &["--json"]].concat());
        assert_eq!(answer.code, 0, "{call:?}: {answer:?}");
        has(&answer.last(), fields);
    }
    let events = desk.call(&["ledger", "events", "--recording", &id, "--json"]);
    has(&events.documents()[0], "seq type time actor body subjects");
    let into = desk.text("rebuilt");
    let from = desk.ctl.vault().display().to_string();
    let rebuilt = desk.call(&["rebuild", "--from", &from, "--into", &into, "--json"]);
    has(&rebuilt.last(), "recordings events");
}

#[test]
fn exit_codes_are_those_of_the_interface_document() {
    let desk = Desk::new();
    let (missing, file) = (desk.text("missing"), desk.text("a.bin"));
    let nowhere = desk.ctl.beside(&desk.scratch.path().join("nowhere"));
    let labels = vault_tests::command::LABELS;
    let ingest = [&["ingest", &missing, &file, "--json", "--no-examine"], &labels[..]].concat();
    assert_eq!(desk.call(&ingest).code, 3, "some items failed");
    let id = blake3::hash(b"recorded").to_hex().to_string();
    for (code, call) in [
        (0, vec!["list"]),
        (1, vec!["init", desk.ctl.vault().to_str().expect("text")]),
        (2, vec!["list", "--nonsense"]),
        (5, vec!["read", &id]),
        (6, vec!["show", "0123456789abcdef"]),
        (12, vec!["--as", "nobody", "search", "词"]),
    ] {
        let answer = desk.call(&call);
        assert_eq!(answer.code, code, "{call:?}: {answer:?}");
        assert!(code == 0 || !answer.err.is_empty(), "a refusal has words");
    }
    assert_eq!(nowhere.call(&["list"]).expect("runs").code, 10);
}
