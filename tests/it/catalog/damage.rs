//! The catalogue against the ledger: replay gives the same, and any change by hand is found.

use super::kit::{Place, clock, dump, fill, leave, ledger, sqlite};
use vault_core::catalog::Entry;
use vault_core::fault::Code;
use vault_core::policy::Act;

pub(super) async fn a_replay_gives_the_same_catalogue(place: Place) {
    let catalog = place.create().await;
    fill(&catalog, &clock(), 300).await;
    let entries = ledger(&catalog).await;
    let lines = dump(&catalog).await;
    for table in ["events", "subjects", "recordings", "receipts", "damages", "refusals", "vault"] {
        let begins = format!("{table} ");
        assert!(lines.iter().any(|line| line.starts_with(&begins)), "{table} is in the dump");
    }
    catalog.compare_with_fold(entries.iter().cloned().map(Ok)).await.expect("agrees");
    let empty = sqlite();
    let rebuilt = empty.create().await;
    let count = entries.len() as u64;
    let replayed = rebuilt.replay(leave(Act::Rebuild), entries.iter().cloned().map(Ok)).await;
    assert_eq!(replayed.expect("replays"), count);
    assert_eq!(dump(&rebuilt).await, lines);
    assert_eq!(rebuilt.digest().await.expect("digest"), catalog.digest().await.expect("digest"));
    let again = rebuilt.replay(leave(Act::Rebuild), entries.into_iter().map(Ok)).await;
    assert_eq!(again.expect_err("not empty").code(), Code::ArgumentInvalid);
    let other = rebuilt.replay(leave(Act::TakeIn), std::iter::empty()).await;
    assert_eq!(other.expect_err("another act").code(), Code::ActDenied);
}

/// A change by hand, and how it is undone, for row number `{n}` of a table.
const CHANGES: &[(&str, &str)] = &[
    ("events", "UPDATE events SET at_ms = at_ms + {k} WHERE seq = {n}"),
    ("events", "UPDATE events SET kind = 'other' WHERE seq = {n}"),
    ("subjects", "UPDATE subjects SET seq = seq + {k} WHERE subject IN ({subject})"),
    ("subjects", "DELETE FROM subjects WHERE subject IN ({subject})"),
    ("recordings", "UPDATE recordings SET bytes = bytes + {k} WHERE id IN ({recording})"),
    ("recordings", "UPDATE recordings SET secrecy = 'secret' WHERE id IN ({recording})"),
    (
        "recordings",
        "UPDATE recordings SET sha256 = 'no', digests_seq = {k} WHERE id IN ({recording})",
    ),
    ("recordings", "UPDATE recordings SET checked_ms = checked_ms + {k} WHERE id IN ({recording})"),
    (
        "recordings",
        "UPDATE recordings SET damaged_seq = damaged_seq + {k} WHERE id IN ({recording})",
    ),
    ("recordings", "DELETE FROM recordings WHERE id IN ({recording})"),
    ("receipts", "UPDATE receipts SET case_no = 'x{k}' WHERE seq IN ({receipt})"),
    ("receipts", "UPDATE receipts SET handler = '' WHERE seq IN ({receipt})"),
    ("receipts", "DELETE FROM receipts WHERE seq IN ({receipt})"),
    ("damages", "UPDATE damages SET to_byte = to_byte + {k}"),
    ("damages", "DELETE FROM damages"),
    ("refusals", "UPDATE refusals SET reason = 'none'"),
    ("refusals", "INSERT INTO refusals (seq, act, reason, article) VALUES ({k}, '', '', '')"),
    ("vault", "UPDATE vault SET value = 'x{k}' WHERE key = 'checkpoint_key'"),
    ("vault", "INSERT INTO vault (key, value) VALUES ('k{k}', '')"),
];

pub(super) async fn a_changed_row_is_found_and_named(place: Place) {
    let catalog = place.create().await;
    fill(&catalog, &clock(), 24).await;
    let entries = ledger(&catalog).await;
    // Any numbers will do; the same ones at each run make a failure repeatable.
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    let mut found = 0;
    for round in 0..60u64 {
        let (table, change) = CHANGES[usize::try_from(round).expect("small") % CHANGES.len()];
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let n = (random >> 33) % 24;
        let pick = |table: &str, key: &str| {
            format!("SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {n}")
        };
        let sql = change
            .replace("{k}", &(1 + (random >> 40) % 1_000).to_string())
            .replace("{n}", &n.to_string())
            .replace("{subject}", &pick("subjects", "subject"))
            .replace("{recording}", &pick("recordings", "id"))
            .replace("{receipt}", &pick("receipts", "seq"));
        assert!(place.tamper(&sql).await > 0, "{sql}");
        let compared = catalog.compare_with_fold(entries.iter().cloned().map(Ok)).await;
        let fault = compared.expect_err(&sql);
        assert_eq!(fault.code(), Code::CatalogueDisagrees, "{sql}");
        assert_eq!(fault.detail("table"), Some(table), "{sql}");
        assert!(fault.detail("key").is_some_and(|key| !key.is_empty()), "{sql}");
        found += 1;
        restore(&place, &entries).await;
    }
    assert_eq!(found, 60);
    catalog.compare_with_fold(entries.into_iter().map(Ok)).await.expect("restored");
}

/// Empties the folded tables and folds them again.
async fn restore(place: &Place, entries: &[Entry]) {
    for table in ["events", "subjects", "recordings", "receipts", "damages", "refusals", "vault"] {
        place.tamper(&format!("DELETE FROM {table}")).await;
    }
    let wait = std::time::Duration::from_secs(60);
    let catalog = vault_core::catalog::Catalog::open(&place.location, wait).await.expect("opens");
    let replayed = catalog.replay(leave(Act::Rebuild), entries.iter().cloned().map(Ok)).await;
    assert_eq!(replayed.expect("replays"), entries.len() as u64);
    catalog.close().await;
}

pub(super) async fn a_ledger_that_does_not_fit_is_refused(place: Place) {
    let source = sqlite();
    let catalog = source.create().await;
    fill(&catalog, &clock(), 30).await;
    let entries = ledger(&catalog).await;
    let target = place.create().await;
    type Break = fn(&mut Vec<Entry>);
    let breaks: &[(&str, Break)] = &[
        ("missing", |entries| drop(entries.remove(9))),
        ("swapped", |entries| entries.swap(9, 10)),
        ("twice", |entries| entries.insert(9, entries[9].clone())),
        ("leaf", |entries| entries[9].row.leaf[40] ^= 1),
        ("hash", |entries| {
            entries[9].row.leaf_hash = vault_proof::Hash256::from_bytes([1; 32]);
        }),
        ("relinked", |entries| {
            let leaf = String::from_utf8(entries[9].row.leaf.clone()).expect("text");
            let changed = leaf.replace("\"daily-inspection\"", "\"another\"");
            entries[9].row.leaf = changed.replace("\"other\"", "\"another\"").into_bytes();
            entries[9].row.leaf_hash = vault_proof::event::leaf_hash(&entries[9].row.leaf);
        }),
    ];
    for (what, change) in breaks {
        let mut broken = entries.clone();
        change(&mut broken);
        let replayed = target.replay(leave(Act::Rebuild), broken.into_iter().map(Ok)).await;
        assert_eq!(replayed.expect_err(what).code(), Code::LedgerDamaged, "{what}");
        assert_eq!(target.head().await.expect("head"), None, "{what}: nothing is half there");
    }
    let mut without = entries.clone();
    without.iter_mut().for_each(|entry| entry.plain = None);
    let count = without.len() as u64;
    let replayed = target.replay(leave(Act::Rebuild), without.into_iter().map(Ok)).await;
    assert_eq!(replayed.expect("destroyed payloads fold to empty fields"), count);
}
