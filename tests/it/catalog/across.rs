//! One ledger, two databases, one dump.

use super::kit::{Place, clock, dump, fill, leave, ledger, postgres, sqlite};
use vault_core::policy::Act;

async fn goes_over(from: Place, to: Place) {
    let first = from.create().await;
    fill(&first, &clock(), 500).await;
    let entries = ledger(&first).await;
    let second = to.create().await;
    let count = entries.len() as u64;
    let replayed = second.replay(leave(Act::Rebuild), entries.into_iter().map(Ok)).await;
    assert_eq!(replayed.expect("replays"), count);
    assert_eq!(dump(&first).await, dump(&second).await);
}

#[tokio::test]
async fn a_ledger_of_sqlite_dumps_the_same_on_postgres() {
    goes_over(sqlite(), postgres().await).await;
}

#[tokio::test]
async fn a_ledger_of_postgres_dumps_the_same_on_sqlite() {
    goes_over(postgres().await, sqlite()).await;
}
