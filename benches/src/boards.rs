//! The figures of every office in a vault of 200,000 recordings, beside one of 1,000.
//!
//! The budget is 200 ms for a board. Asked of the core as the service asks it, without the network.

use crate::lists::filled;
use anyhow::{Result, ensure};
use std::path::Path;
use std::time::{Duration, Instant};
use vault_core::clock::Clock;
use vault_core::figures::{Audience, Step, board};
use vault_core::policy::Actor;
use vault_core::vault::Vault;

/// Recordings of the vault that is measured, and of the one beside it.
const RECORDINGS: usize = 200_000;
const BESIDE: usize = 1_000;

/// Boards asked for, of each kind.
const TURNS: usize = 20;

/// Fills both vaults and asks each for its boards; `share` makes a quick run smaller.
#[expect(clippy::print_stdout, reason = "printing is what it is for")]
pub(crate) fn measure(scratch: &Path, vaultctl: &Path, share: usize, labels: &str) -> Result<()> {
    let few = boards(scratch, vaultctl, BESIDE, labels)?;
    let many = boards(scratch, vaultctl, RECORDINGS / share, labels)?;
    let at = |times: &[Duration], share: usize| {
        times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3
    };
    println!(
        "| {} recordings | seven figures of each office, by weeks and months | vault | p50 {:.2} ms | p99 {:.2} ms | {:.2} times as long as of {BESIDE} | |",
        RECORDINGS / share,
        at(&many, 50),
        at(&many, 99),
        at(&many, 50) / at(&few, 50).max(f64::MIN_POSITIVE),
    );
    Ok(())
}

fn boards(scratch: &Path, vaultctl: &Path, count: usize, labels: &str) -> Result<Vec<Duration>> {
    let directory = filled(scratch, vaultctl, count, labels)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let times = runtime.block_on(ask(&directory, count))?;
    std::fs::remove_dir_all(directory)?;
    Ok(times)
}

async fn ask(directory: &Path, count: usize) -> Result<Vec<Duration>> {
    let vault = Vault::open(directory, Clock::system()).await?;
    let actor = Actor::system([0; 16]);
    let mut times = Vec::new();
    for _ in 0..TURNS {
        for &audience in Audience::ALL {
            for step in [Step::Week, Step::Month] {
                let began = Instant::now();
                let board = board(&vault, &actor, audience, step).await?;
                times.push(began.elapsed());
                ensure!(board.figures.len() == 7, "seven figures");
                let received = board.figures[0].trend.iter().sum::<u64>();
                let counted = audience == Audience::Inspector || received == count as u64;
                ensure!(counted, "{received} of {count} were counted");
            }
        }
    }
    times.sort();
    Ok(times)
}
