//! Promise 2: damage to any class of stored bytes is found, named by its class, and never served.
//!
//! A table: each row damages one class of bytes in one way (a flipped bit, a cut, an exchange with
//! the same class of another object, an older state) on a fresh copy of one vault, and says which
//! call of the operator's program names it, with exit code 4. After every row the pass that reads
//! whole recordings runs as well: what it says of them is right or is not said.

mod catalogue;
mod keys;
mod ledger;
mod objects;
mod stage;

use stage::{Stage, flip, read, write};
use std::collections::BTreeSet;
use std::path::Path;
use vault_tests::command::{Answer, Vaultctl};

/// How the operator looks for damage.
#[derive(Debug, Clone, Copy)]
enum Look {
    Keyed,
    Keyless,
    Ledger,
}

impl Look {
    const fn call(self) -> &'static [&'static str] {
        match self {
            Self::Keyed => &["verify", "--all", "--json"],
            Self::Keyless => &["verify", "--all", "--keyless", "--json"],
            Self::Ledger => &["ledger", "verify", "--json"],
        }
    }
}

/// What a row does to a copy of the vault.
type Damage = Box<dyn Fn(&Stage, &Path)>;

/// One row of the table.
struct Row {
    what: String,
    damage: Damage,
    /// The calls that must name it, and the name.
    found: Vec<(Look, &'static str)>,
}

fn row(
    what: impl Into<String>,
    found: &[(Look, &'static str)],
    damage: impl Fn(&Stage, &Path) + 'static,
) -> Row {
    Row { what: what.into(), damage: Box::new(damage), found: found.to_vec() }
}

/// Everything an answer names: classes of damage, and what a refusal to go on is about.
fn named(answer: &Answer) -> BTreeSet<String> {
    let last = answer.last();
    let failed = last["failed"].as_array().into_iter().flatten().map(|one| &one["class"]);
    let error = &last["error"];
    let words = failed.chain([&error["code"], &error["details"]["what"]]);
    words.filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

/// Plays every row on a copy of its own and demands that its damage is named.
fn play(stage: &Stage, rows: Vec<Row>) {
    let mut missed = Vec::new();
    for row in rows {
        for (look, name) in &row.found {
            let copy = stage.copy();
            (row.damage)(stage, copy.vault());
            let answer = copy.call(look.call()).expect("vaultctl runs");
            if answer.code != 4 || !named(&answer).contains(*name) {
                missed.push(format!("{}: {look:?} said not {name}: {answer:?}", row.what));
            }
        }
        let copy = stage.copy();
        (row.damage)(stage, copy.vault());
        missed.extend(served_wrongly(stage, &copy).map(|wrong| format!("{}: {wrong}", row.what)));
    }
    assert!(missed.is_empty(), "{} rows:\n{}", missed.len(), missed.join("\n"));
}

/// Lets the pass run that reads every recording whole: a digest that it records must be the
/// digest of what was taken in.
fn served_wrongly(stage: &Stage, copy: &Vaultctl) -> Option<String> {
    copy.call(&["jobs", "run", "--json"]).expect("vaultctl runs");
    let listed = copy.call(&["list", "--json"]).expect("vaultctl runs");
    let listed = listed.last();
    for recording in listed["recordings"].as_array().into_iter().flatten() {
        let id = recording["recording"].as_str().unwrap_or_default();
        if let Some(said) = recording["sha256"].as_str()
            && stage.sha256.get(id).map(String::as_str) != Some(said)
        {
            return Some(format!("{id} was read as {said}"));
        }
    }
    None
}

#[test]
fn a_whole_vault_gives_no_alarm_and_its_recordings_are_read_whole() {
    let stage = Stage::new();
    for look in [Look::Keyed, Look::Keyless, Look::Ledger] {
        let answer = stage.copy().call(look.call()).expect("vaultctl runs");
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{answer:?}");
    }
    let copy = stage.copy();
    assert_eq!(served_wrongly(&stage, &copy), None);
    let listed = copy.call(&["list", "--json"]).expect("vaultctl runs").last();
    let read = listed["recordings"].as_array().expect("recordings");
    assert_eq!(read.len(), 4);
    assert!(read.iter().all(|one| one["sha256"].is_string()), "the pass read none: {listed}");
}

/// The ways in which any file may be damaged by itself.
fn alone(good: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let end = good.len() - 1;
    vec![
        ("first byte flipped", flip(good, 0)),
        ("middle byte flipped", flip(good, end / 2)),
        ("last byte flipped", flip(good, end)),
        ("last byte cut off", good[..end].to_vec()),
        ("half cut off", good[..end / 2].to_vec()),
        ("emptied", Vec::new()),
        ("one byte longer", [good, b"\n"].concat()),
    ]
}

/// Rows that damage one file of the vault by itself.
fn rows_alone(stage: &Stage, class: &str, file: &Path, found: &[(Look, &'static str)]) -> Vec<Row> {
    let make = |(how, bytes): (&str, Vec<u8>)| {
        let file = file.to_owned();
        row(format!("{class}, {how}"), found, move |_, copy| write(&copy.join(&file), &bytes))
    };
    alone(&read(&stage.vault().join(file))).into_iter().map(make).collect()
}
