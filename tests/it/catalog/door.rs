//! The door: what is appended, what is refused, what is left behind; and what can then be asked.

use super::kit::{
    NOON, Place, accession, assert_linked, clock, commit, digests, duplicate, fill, fixity, id,
    leave, ledger, named_accession, operator,
};
use std::collections::HashSet;
use std::time::Duration;
use vault_core::catalog::{Catalog, Filter, NewEvent, Wanted};
use vault_core::clock::UtcTime;
use vault_core::fault::Code;
use vault_core::policy::{Act, permit};
use vault_proof::{Body, Event, Subject};

pub(super) async fn events_are_numbered_linked_and_timed(place: Place) {
    let catalog = place.create().await;
    let clock = clock();
    fill(&catalog, &clock, 120).await;
    // A clock that is set back must not send the ledger back.
    clock.set(UtcTime::from_ms(NOON.as_ms() - 86_400_000));
    let events = vec![duplicate(3, "案-3"), duplicate(3, "案-3")];
    let appended = commit(&catalog, &clock, Act::TakeIn, events).await.expect("appended");
    let entries = ledger(&catalog).await;
    assert_linked(&entries);
    let last = entries.last().expect("some");
    assert_eq!(last.row.leaf, appended[1].leaf);
    let event = Event::decode(&last.row.leaf).expect("decodes");
    assert_eq!(event.id[6] >> 4, 7, "UUID of version 7");
    assert_eq!(event.actor, operator().name());
    let chain = catalog.events_of(&Subject::recording(&id(3))).await.expect("chain");
    let leaves: Vec<_> = chain.into_iter().map(|row| row.leaf).collect();
    assert_eq!(vault_proof::event::check_custody(&leaves, &Subject::recording(&id(3))), Ok(()));
    assert_eq!(leaves.len(), 5, "accession, two checks, two duplicates");
    let head = catalog.head().await.expect("head").expect("some");
    assert_eq!(head, (last.row.seq, last.row.leaf_hash));
    assert_eq!(catalog.event(head.0).await.expect("event"), last.row);
    let beyond = catalog.event(head.0 + 1).await.expect_err("no such event");
    assert_eq!(beyond.code(), Code::EventUnknown);
}

pub(super) async fn a_foreign_body_is_refused(place: Place) {
    let catalog = place.create().await;
    let clock = clock();
    commit(&catalog, &clock, Act::TakeIn, vec![accession(1, "案")]).await.expect("taken in");
    let bodies = [accession(2, "案"), duplicate(1, "案"), digests(1), fixity(true, &[1], &[])];
    let home = [Act::TakeIn, Act::TakeIn, Act::TakeDigests, Act::CheckFixity];
    for &act in Act::ALL {
        let Ok(_) = permit(&operator(), act) else { continue };
        for (body, own) in bodies.iter().zip(home) {
            let mut tx = catalog.begin(leave(act), &clock).await.expect("begins");
            match tx.append(vec![body.clone()]).await {
                Ok(_) => assert_eq!(act, own, "{body:?}"),
                Err(fault) => {
                    assert_ne!(act, own, "{fault}");
                    assert_eq!(fault.code(), Code::ActDenied);
                }
            }
        }
        let refused = NewEvent {
            subjects: vec![Subject::vault()],
            body: Body::ActRefused { act: "x".into(), reason: "y".into(), article: "z".into() },
            payload: None,
        };
        let mut tx = catalog.begin(leave(act), &clock).await.expect("begins");
        let fault = tx.append(vec![refused]).await.expect_err("only the door records refusals");
        assert_eq!(fault.code(), Code::ActDenied);
    }
    let mut strange = digests(1);
    strange.subjects = vec![Subject::recording(&id(2))];
    let mut tx = catalog.begin(leave(Act::TakeDigests), &clock).await.expect("begins");
    tx.append(vec![strange]).await.expect_err("an event about another recording");
    assert_eq!(catalog.counts().await.expect("counts").events, 1);
}

pub(super) async fn a_dropped_change_never_was(place: Place) {
    let catalog = place.create().await;
    let clock = clock();
    fill(&catalog, &clock, 10).await;
    let before = catalog.digest().await.expect("digest");
    let mut tx = catalog.begin(leave(Act::TakeIn), &clock).await.expect("begins");
    tx.append(vec![accession(50, "案")]).await.expect("appends");
    assert_eq!(tx.known_ids(&[id(50), id(51)]).await.expect("asks"), HashSet::from([id(50)]));
    drop(tx);
    assert_eq!(catalog.digest().await.expect("digest"), before);
    let next = commit(&catalog, &clock, Act::TakeIn, vec![accession(51, "案")]).await;
    let next = next.expect("appends");
    assert_eq!(next[0].seq + 1, catalog.counts().await.expect("counts").events, "no gap");
    let empty = catalog.begin(leave(Act::TakeIn), &clock).await.expect("begins");
    assert_eq!(empty.commit().await.expect("commits").events(), None);
}

pub(super) async fn writers_at_the_same_time_leave_no_gap(place: Place) {
    const WRITERS: u64 = 8;
    const CHANGES: u64 = 12;
    let first = place.create().await;
    fill(&first, &clock(), 4).await;
    let before = first.counts().await.expect("counts").events;
    let mut tasks = Vec::new();
    for writer in 0..WRITERS {
        // A catalogue of its own for each, as separate processes have.
        let wait = Duration::from_secs(60);
        let catalog = Catalog::open(&place.location, wait).await.expect("opens");
        tasks.push(tokio::spawn(async move {
            for change in 0..CHANGES {
                let own = 1_000 + writer * 100 + change;
                let events = vec![accession(own, "案"), duplicate(0, "案"), duplicate(own, "案")];
                commit(&catalog, &clock(), Act::TakeIn, events).await.expect("commits");
            }
        }));
    }
    for task in tasks {
        task.await.expect("no panic");
    }
    let entries = ledger(&first).await;
    assert_eq!(entries.len() as u64, before + WRITERS * CHANGES * 3);
    assert_linked(&entries);
    first.compare_with_fold(entries.into_iter().map(Ok)).await.expect("agrees");
}

pub(super) async fn a_refusal_is_recorded(place: Place) {
    let catalog = place.create().await;
    let refusal = permit(&operator(), Act::ReadRecording).expect_err("refused");
    let receipt = catalog.record_refusal(&refusal, &clock()).await.expect("recorded");
    assert_eq!(receipt.events(), Some((0, 0)));
    let event = Event::decode(&catalog.event(0).await.expect("event").leaf).expect("decodes");
    assert_eq!(
        event.body,
        Body::ActRefused {
            act: "access.read-recording".into(),
            reason: "grant-needed".into(),
            article: "A3.15, A2.18(一)5".into(),
        }
    );
}

pub(super) async fn a_second_accession_of_the_same_content_is_refused(place: Place) {
    let catalog = place.create().await;
    let clock = clock();
    commit(&catalog, &clock, Act::TakeIn, vec![accession(1, "案")]).await.expect("taken in");
    let again = commit(&catalog, &clock, Act::TakeIn, vec![accession(1, "案")]).await;
    again.expect_err("the content is there already");
    assert_eq!(catalog.counts().await.expect("counts").events, 1);
}

pub(super) async fn an_event_of_an_unknown_recording_is_refused(place: Place) {
    let catalog = place.create().await;
    let fault = commit(&catalog, &clock(), Act::TakeDigests, vec![digests(1)]).await;
    assert_eq!(fault.expect_err("never taken in").code(), Code::RecordingUnknown);
    assert_eq!(catalog.head().await.expect("head"), None);
}

/// A filter by labels.
fn wanted(say: impl FnOnce(&mut Wanted)) -> Filter {
    let mut labels = Wanted::default();
    say(&mut labels);
    Filter::Labels(labels)
}

pub(super) async fn recordings_are_found_listed_and_counted(place: Place) {
    let catalog = place.create().await;
    let clock = clock();
    fill(&catalog, &clock, 40).await;
    let counts = catalog.counts().await.expect("counts");
    assert_eq!((counts.recordings, counts.duplicates, counts.without_digests), (40, 10, 20));
    assert_eq!(counts.bytes, (0..40).map(|n| 1_000 + n).sum::<u64>());
    let whole = id(7).to_string();
    assert_eq!(catalog.find_recording(&whole).await.expect("found").id, id(7));
    assert_eq!(catalog.find_recording(&whole[..12]).await.expect("found").id, id(7));
    let codes = [("g", Code::ArgumentInvalid), ("", Code::ArgumentInvalid)];
    for (prefix, code) in codes.into_iter().chain([("00000000000000", Code::RecordingUnknown)]) {
        assert_eq!(catalog.find_recording(prefix).await.expect_err("none").code(), code);
    }
    let digits = "0123456789abcdef".chars().map(String::from);
    let begins = |digit: &String| (0..40).filter(|n| id(*n).to_string().starts_with(digit)).count();
    let crowded = digits.clone().find(|digit| begins(digit) > 1).expect("40 ids, 16 digits");
    let fault = catalog.find_recording(&crowded).await.expect_err("several");
    assert_eq!(fault.code(), Code::RecordingAmbiguous);
    assert!(catalog.sizes_known(1_007).await.expect("asks"));
    assert!(!catalog.sizes_known(999).await.expect("asks"));
    for (filter, expected) in [
        (Filter::All, (0..40).collect::<Vec<u64>>()),
        // Every third at first; every fourth came again under that number.
        (Filter::Case("案-1".into()), (0..40).filter(|n| n % 3 == 0 || n % 4 == 0).collect()),
        (Filter::Case("没有".into()), Vec::new()),
        (wanted(|labels| labels.case = "-1".into()), (0..40).filter(|n| n % 3 == 0).collect()),
        (wanted(|labels| labels.device = "SJ".into()), (0..40).collect()),
        (wanted(|labels| labels.device = "S_J".into()), Vec::new()),
        (wanted(|labels| labels.handler = "%".into()), Vec::new()),
        (wanted(|labels| labels.damaged = true), vec![0]),
        (wanted(|labels| labels.activity = "no such".into()), Vec::new()),
    ] {
        let (mut listed, mut after) = (Vec::new(), None);
        loop {
            let page = catalog.list(&filter, after, 7).await.expect("lists");
            let Some(last) = page.last() else { break };
            after = Some(last.cursor);
            listed.extend(page.into_iter().map(|line| line.recording.id));
        }
        assert_eq!(listed, expected.into_iter().map(id).collect::<Vec<_>>(), "{filter:?}");
    }
    let receipts = catalog.receipts_of(&id(4)).await.expect("receipts");
    assert_eq!(receipts.iter().map(|row| row.duplicate).collect::<Vec<_>>(), [false, true]);
    assert_eq!((receipts[0].case_no.as_str(), receipts[0].person.as_str()), ("案-2", "李四"));
    assert_eq!(catalog.vault_fact("checkpoint_key").await.expect("fact").as_deref(), Some("k"));
    let without = catalog.recordings_without_digests(100).await.expect("asks");
    assert!(without.iter().all(|row| row.digests.is_none()) && without.len() == 20);
}

pub(super) async fn a_check_that_finds_damage_is_remembered_until_one_finds_none(place: Place) {
    let catalog = place.create().await;
    let clock = clock();
    let events = vec![accession(1, "案"), accession(2, "案")];
    commit(&catalog, &clock, Act::TakeIn, events).await.expect("taken in");
    let later = |ms| UtcTime::from_ms(NOON.as_ms() + ms);
    assert_eq!(catalog.fixity_due(NOON, 10).await.expect("due").len(), 0);
    assert_eq!(catalog.fixity_due(later(1), 10).await.expect("due").len(), 2);
    clock.set(later(10));
    let found = fixity(true, &[1, 2], &[1]);
    commit(&catalog, &clock, Act::CheckFixity, vec![found]).await.expect("checked");
    let row = catalog.recording(&id(1)).await.expect("asks").expect("known");
    assert_eq!((row.damaged_seq, row.checked_keyless_at), (Some(2), None));
    assert_eq!(row.examined_at, later(10));
    let row = catalog.recording(&id(2)).await.expect("asks").expect("known");
    assert_eq!((row.damaged_seq, row.checked_keyless_at), (None, Some(later(10))));
    clock.set(later(20));
    let keyless = fixity(true, &[1], &[]);
    commit(&catalog, &clock, Act::CheckFixity, vec![keyless]).await.expect("checked");
    let damaged = catalog.recordings_damaged(10).await.expect("asks");
    assert_eq!(damaged.len(), 1, "a keyless check cannot see everything");
    commit(&catalog, &clock, Act::CheckFixity, vec![fixity(false, &[1], &[])])
        .await
        .expect("checked");
    assert_eq!(catalog.recordings_damaged(10).await.expect("asks").len(), 0);
    assert_eq!(catalog.damages_of(&id(1)).await.expect("damages")[0].to, 262_144);
}

pub(super) async fn hostile_names_are_kept(place: Place) {
    let catalog = place.create().await;
    let names = ["a\nb", "'; DROP TABLE events; --", "\u{202e}4pm", "零\0字节", "\u{1f4f9}$1", ""];
    let events = (0u64..).zip(names).map(|(n, name)| {
        named_accession(n, name, b"\xff\x00\n", if n == 1 { "'\"\\" } else { "案" })
    });
    commit(&catalog, &clock(), Act::TakeIn, events.collect()).await.expect("taken in");
    for (n, name) in (0u64..).zip(names) {
        let receipt = &catalog.receipts_of(&id(n)).await.expect("receipts")[0];
        assert_eq!(receipt.name, name.replace('\0', "\u{fffd}"));
        assert_eq!(receipt.name_bytes, b"\xff\x00\n");
    }
    let listed = catalog.list(&Filter::Case("'\"\\".into()), None, 10).await.expect("lists");
    assert_eq!(listed.len(), 1);
    let found = catalog.list(&wanted(|labels| labels.case = "'\"\\".into()), None, 10).await;
    assert_eq!(found.expect("lists").len(), 1);
    let entries = ledger(&catalog).await;
    catalog.compare_with_fold(entries.into_iter().map(Ok)).await.expect("agrees");
}

pub(super) async fn a_busy_catalogue_says_so(place: Place) {
    let catalog = place.create().await;
    let wait = Duration::from_millis(300);
    let other = Catalog::open(&place.location, wait).await.expect("opens");
    let clock = clock();
    let held = catalog.begin(leave(Act::TakeIn), &clock).await.expect("begins");
    let fault = other.begin(leave(Act::TakeIn), &clock).await.expect_err("busy");
    assert_eq!(fault.code(), Code::CatalogueBusy);
    assert_eq!(other.counts().await.expect("readers go on").events, 0);
    drop(held);
    let free = other.begin(leave(Act::TakeIn), &clock).await.expect("free again");
    assert_eq!(free.commit().await.expect("commits").events(), None);
}

pub(super) async fn what_lies_open_is_not_made_again(place: Place) {
    let wait = Duration::from_secs(5);
    let catalog = place.create().await;
    fill(&catalog, &clock(), 3).await;
    let before = catalog.digest().await.expect("digest");
    let fault = Catalog::create(&place.location, wait).await.expect_err("exists");
    assert_eq!(fault.code(), Code::DirectoryNotEmpty);
    catalog.close().await;
    let catalog = Catalog::open(&place.location, wait).await.expect("opens");
    catalog.check().await.expect("whole");
    assert_eq!(catalog.digest().await.expect("digest"), before);
    place.tamper("UPDATE schema_version SET version = 99").await;
    let fault = Catalog::open(&place.location, wait).await.expect_err("newer");
    assert_eq!(fault.code(), Code::VaultTooNew);
    place.tamper("DELETE FROM schema_version").await;
    let fault = Catalog::open(&place.location, wait).await.expect_err("damaged");
    assert_eq!(fault.code(), Code::CatalogueDamaged);
}
