//! Damage to the catalogue's file, page by page. Rows changed by hand: `catalog/damage.rs`.
//!
//! A page has bytes that nobody reads; a change there is found or changes nothing that is said.

use super::stage::{Stage, flip, read, write};
use super::{Look, named, play, row};
use vault_tests::command::Vaultctl;

const FILE: &str = "catalog.sqlite";
const PAGE: usize = 4096;

#[test]
fn a_catalogue_cut_exchanged_or_older_is_found() {
    let stage = Stage::new();
    let good = read(&stage.vault().join(FILE));
    let everywhere = |name| [(Look::Keyed, name), (Look::Keyless, name), (Look::Ledger, name)];
    let pages = good.len() / PAGE;
    let half = good[..pages / 2 * PAGE].to_vec();
    let mut exchanged = good.clone();
    exchanged[2 * PAGE..3 * PAGE].copy_from_slice(&good[3 * PAGE..4 * PAGE]);
    exchanged[3 * PAGE..4 * PAGE].copy_from_slice(&good[2 * PAGE..3 * PAGE]);
    let found = [(Look::Ledger, "catalogue-damaged")];
    let older = read(&stage.older().join(FILE));
    let theirs = read(&stage.stranger().join(FILE));
    play(
        &stage,
        vec![
            row("catalogue, half cut off", &found, move |_, copy| write(&copy.join(FILE), &half)),
            row("catalogue, pages exchanged", &found, move |_, copy| {
                write(&copy.join(FILE), &exchanged);
            }),
            row("catalogue, older", &everywhere("catalogue-disagrees"), move |_, copy| {
                write(&copy.join(FILE), &older);
            }),
            row(
                "catalogue, another vault's",
                &[(Look::Ledger, "ledger-damaged")],
                move |_, copy| {
                    write(&copy.join(FILE), &theirs);
                },
            ),
        ],
    );
}

/// What the catalogue says, by table and by index.
fn everything_said(vault: &Vaultctl) -> String {
    let calls: [&[&str]; 4] = [
        &["dump"],
        &["list", "--json"],
        &["list", "--case", "一号", "--json"],
        &["ledger", "events", "--json"],
    ];
    calls.iter().map(|call| vault.call(call).expect("vaultctl runs").out).collect()
}

#[test]
fn a_changed_byte_on_any_page_of_the_catalogue_is_found_or_changes_nothing() {
    let stage = Stage::new();
    let good = read(&stage.vault().join(FILE));
    let said = everything_said(&stage.copy());
    assert!(said.contains("recordings "), "the dump says something");
    let (mut found, mut missed) = (0, Vec::new());
    // A step that is prime to the page length walks over every part of a page; the end of a page
    // is where SQLite puts rows first.
    let places = (0..good.len()).step_by(1_213).chain((1..good.len() / PAGE).map(|n| n * PAGE - 9));
    for at in places {
        let copy = stage.copy();
        write(&copy.vault().join(FILE), &flip(&good, at));
        let answer = copy.call(Look::Ledger.call()).expect("vaultctl runs");
        match answer.code {
            4 if !named(&answer).is_empty() => found += 1,
            0 if everything_said(&copy) == said => {}
            _ => missed.push(format!("byte {at}: {answer:?}")),
        }
    }
    assert!(missed.is_empty(), "{}:\n{}", missed.len(), missed.join("\n"));
    assert!(found > 20, "only {found} changes were in bytes that are read");
}
