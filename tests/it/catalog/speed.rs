//! How fast the ledger grows and is folded again; prints its numbers (`--nocapture`).
//!
//! The bounds are far below what was measured in a release build: they catch a fold that went
//! row by row, not a busy machine.

use super::kit::{Place, accession, clock, commit, leave, ledger, postgres, sqlite};
use std::time::Instant;
use vault_core::limits::COMMIT_BATCH_MAX;
use vault_core::policy::Act;

async fn measure(name: &str, place: Place, target: Place) {
    let batches: u64 = if cfg!(debug_assertions) { 20 } else { 200 };
    let size = COMMIT_BATCH_MAX as u64;
    let catalog = place.create().await;
    let clock = clock();
    let made: Vec<Vec<_>> = (0..batches)
        .map(|batch| (batch * size..(batch + 1) * size).map(|n| accession(n, "案-1")).collect())
        .collect();
    let begun = Instant::now();
    for events in made {
        commit(&catalog, &clock, Act::TakeIn, events).await.expect("appends");
    }
    let appended = begun.elapsed().as_secs_f64();
    let count = batches * size;
    let rate = |seconds: f64| u32::try_from(count).map_or(0.0, f64::from) / seconds;
    let entries = ledger(&catalog).await;
    let second = target.create().await;
    let begun = Instant::now();
    let replayed = second.replay(leave(Act::Rebuild), entries.iter().cloned().map(Ok)).await;
    assert_eq!(replayed.expect("replays"), count);
    let folded = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    catalog.compare_with_fold(entries.into_iter().map(Ok)).await.expect("agrees");
    let compared = begun.elapsed().as_secs_f64();
    println!(
        "{name}: {count} events, appended {:.0}/s, replayed {:.0}/s, compared {:.0}/s",
        rate(appended),
        rate(folded),
        rate(compared)
    );
    assert!(rate(appended) > 1_000.0 && rate(folded) > 1_000.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_appends_and_folds_by_sets() {
    measure("sqlite", sqlite(), sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_appends_and_folds_by_sets() {
    measure("postgres", postgres().await, postgres().await).await;
}
