//! Damage to the copies of the key store: one copy is named and the other serves; both are told
//! as lost keys. A copy that lacks its end is brought up from the other at opening, with a warning.

use super::Look::Keyed;
use super::stage::{Stage, flip, read, remove, write};
use super::{Look, Row, play, row, served_wrongly};
use std::path::Path;

const RECORD: usize = 128;
const COPY: &[(Look, &str)] = &[(Keyed, "key-copy")];
const FIRST: &str = "keys/a/keys-00000.seg";
const SECOND: &str = "keys/b/keys-00000.seg";

/// The last record: of the second intake.
fn last(keys: &[u8]) -> usize {
    keys.len() - RECORD
}

#[test]
fn a_damaged_copy_of_the_keys_is_named_whichever_it_is() {
    let stage = Stage::new();
    let mut rows: Vec<Row> = Vec::new();
    for copy in [FIRST, SECOND] {
        let good = read(&stage.vault().join(copy));
        let end = last(&good);
        let mut damages: Vec<(String, Vec<u8>)> = [0, 4, 5, 8, 16, 50, 70, 110]
            .map(|at| (format!("record byte {at} flipped"), flip(&good, end + at)))
            .to_vec();
        damages.push(("test record flipped".into(), flip(&good, 60)));
        let exchanged = [&good[..end - RECORD], &good[end..], &good[end - RECORD..end]].concat();
        damages.push(("two records exchanged".into(), exchanged));
        damages.push(("of another vault".into(), read(&stage.stranger().join(copy))));
        damages.push(("of another attempt".into(), read(&stage.fork().join(copy))));
        for (how, bytes) in damages {
            rows.push(row(format!("{copy}, {how}"), COPY, move |_, vault| {
                write(&vault.join(copy), &bytes);
            }));
        }
    }
    play(&stage, rows);
}

#[test]
fn keys_damaged_in_both_copies_are_told_as_lost() {
    let stage = Stage::new();
    let good = read(&stage.vault().join(FIRST));
    // The records of the second intake: an object and a payload for each of two files.
    let rows = (1..=4).map(|back| {
        let bytes = flip(&good, good.len() - back * RECORD + 70);
        row(format!("record {back} from the end, both copies"), COPY, move |_, vault| {
            for copy in [FIRST, SECOND] {
                write(&vault.join(copy), &bytes);
            }
        })
    });
    play(&stage, rows.collect());
    let lost = (1..=4).filter(|back| {
        let bytes = flip(&good, good.len() - back * RECORD + 70);
        let copy = stage.copy();
        for file in [FIRST, SECOND] {
            write(&copy.vault().join(file), &bytes);
        }
        let answer = copy.call(Look::Keyed.call()).expect("vaultctl runs");
        super::named(&answer).contains("key")
    });
    assert_eq!(lost.count(), 2, "the recordings whose keys are lost are named, the others not");
}

#[test]
fn a_copy_of_the_keys_that_lacks_its_end_is_brought_up_with_a_warning() {
    let stage = Stage::new();
    type Cut = fn(&Stage, &Path);
    let cuts: &[(&str, Cut)] = &[
        ("a byte cut off", |stage, file| {
            let good = read(&stage.vault().join(SECOND));
            write(file, &good[..good.len() - 1]);
        }),
        ("older", |stage, file| write(file, &read(&stage.older().join(SECOND)))),
        ("emptied", |_, file| write(file, b"")),
        ("gone", |_, file| remove(file)),
    ];
    let good = read(&stage.vault().join(SECOND));
    for (how, cut) in cuts {
        let copy = stage.copy();
        cut(&stage, &copy.vault().join(SECOND));
        let answer = copy.call(Look::Keyed.call()).expect("vaultctl runs");
        assert_eq!(answer.code, 0, "{how}: {answer:?}");
        assert!(answer.err.contains("a key copy is brought up"), "{how}: {answer:?}");
        assert_eq!(read(&copy.vault().join(SECOND)), good, "{how}");
        assert_eq!(served_wrongly(&stage, &copy), None, "{how}");
    }
}
