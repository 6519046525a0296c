//! Damage to every form of the ledger: log, tiles, bundles, checkpoint, the memory of the signing.

use super::Look::Ledger;
use super::stage::{Stage, read, remove, write};
use super::{Look, Row, play, row, rows_alone};
use std::path::{Path, PathBuf};

const LOG: &str = "ledger/log/00000000000000000000.log";

/// The one file of the newest width in a directory of partial tiles.
fn tile(vault: &Path, directory: &str) -> PathBuf {
    let partial = Path::new("ledger/tile").join(directory);
    let mut files: Vec<_> = super::stage::files_below(&vault.join(&partial));
    let file = files.pop().expect("a tile");
    file.strip_prefix(vault).expect("inside").to_owned()
}

/// Puts the file of another state in place of the one of the copy.
fn replaced(class: &str, how: &str, file: &Path, by: Vec<u8>, found: &'static str) -> Row {
    let file = file.to_owned();
    row(format!("{class}, {how}"), &[(Ledger, found)], move |_, copy| {
        write(&copy.join(&file), &by);
    })
}

/// A file of the ledger damaged by itself, and in the words of another vault and an older state.
fn rows_of(stage: &Stage, class: &str, file: &Path, found: &'static str) -> Vec<Row> {
    let mut rows = rows_alone(stage, class, file, &[(Ledger, found)]);
    let theirs = stage.stranger().join(file);
    rows.push(replaced(class, "of another vault", file, read(&theirs), found));
    rows
}

#[test]
fn a_damaged_log_is_found() {
    let stage = Stage::new();
    let mut rows = rows_of(&stage, "log", Path::new(LOG), "ledger-damaged");
    let older = read(&stage.older().join(LOG));
    rows.push(replaced("log", "older", Path::new(LOG), older, "ledger-damaged"));
    rows.push(row("log, gone", &[(Ledger, "ledger-damaged")], |_, copy| remove(&copy.join(LOG))));
    play(&stage, rows);
}

#[test]
fn a_damaged_tile_or_bundle_is_found() {
    let stage = Stage::new();
    let mut rows = Vec::new();
    for (class, directory, found) in
        [("hash tile", "0/000.p", "hash tile"), ("bundle", "entries/000.p", "entry bundle")]
    {
        let file = tile(stage.vault(), directory);
        rows.extend(rows_of(&stage, class, &file, found));
        let (gone, before) = (file.clone(), tile(&stage.older(), directory));
        rows.push(row(format!("{class}, older"), &[(Ledger, found)], move |stage, copy| {
            remove(&copy.join(&gone));
            write(&copy.join(&before), &read(&stage.older().join(&before)));
        }));
        rows.push(row(format!("{class}, older by its content"), &[(Ledger, found)], {
            let before = tile(&stage.older(), directory);
            move |stage, copy| write(&copy.join(&file), &read(&stage.older().join(&before)))
        }));
    }
    play(&stage, rows);
}

#[test]
fn a_damaged_checkpoint_or_memory_of_it_is_found() {
    let stage = Stage::new();
    let mut rows = Vec::new();
    let mut add = |class: &str, file: &str, found: &'static [(Look, &'static str)]| {
        let file = Path::new(file);
        rows.extend(rows_alone(&stage, class, file, found));
        let theirs = read(&stage.stranger().join(file));
        rows.push(replaced(class, "of another vault", file, theirs, "ledger-damaged"));
        let older = read(&stage.older().join(file));
        rows.push(replaced(class, "older", file, older, "ledger-rewound"));
        let gone = file.to_owned();
        let rewound = &[(Ledger, "ledger-rewound")];
        rows.push(row(format!("{class}, gone"), rewound, move |_, copy| remove(&copy.join(&gone))));
    };
    add("checkpoint", "ledger/checkpoint", &[(Ledger, "checkpoint")]);
    add("last signed", "secrets/last-signed", &[(Ledger, "last-signed")]);
    play(&stage, rows);
}
