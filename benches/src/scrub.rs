//! The scheduled reading: how fast it is from a device that has nothing in memory, beside plain
//! sequential reads of the same files, and how much of it is felt by those who read meanwhile.
//!
//! The budgets: 0.9 of sequential reads, cold; 5 % at the 99th percentile of foreground reads while
//! the reading goes on at its own pace. The warm rate is measured in `warm`.

use crate::reads;
use anyhow::{Context, Result, ensure};
use rustix::fs::Advice;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use vault_core::clock::Clock;
use vault_core::policy::Actor;
use vault_core::preservation::{ScrubExtent, VerifyReport, scrub};
use vault_core::stop::Stop;
use vault_core::vault::Vault;

/// Cold runs of each kind; the median counts.
const COLD_RUNS: usize = 3;

/// A thousand foreground reads of each kind so many times.
const ROUNDS: usize = 12;

/// Longer than the reads beside it last; it is stopped then.
const LONG: Duration = Duration::from_mins(10);

/// Bytes read at once by the plain reader.
const PLAIN_BYTES: usize = 4 << 20;

/// Takes one file of `bytes` in and measures both.
pub(crate) fn measure(scratch: &Path, vaultctl: &Path, bytes: usize, labels: &str) -> Result<()> {
    let source = scratch.join("source");
    crate::data::make(&source, 1, bytes)?;
    reads::set_up(scratch, vaultctl, labels)?;
    let vault = scratch.join("v");
    cold(&vault, vaultctl, bytes)?;
    foreground(&vault, bytes)?;
    std::fs::remove_dir_all(&vault)?;
    std::fs::remove_dir_all(source).context("source")
}

/// Every file in there and below.
pub(crate) fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut left = vec![directory.to_owned()];
    while let Some(directory) = left.pop() {
        for entry in std::fs::read_dir(directory)? {
            let entry = entry?;
            let target = if entry.file_type()?.is_dir() { &mut left } else { &mut found };
            target.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Takes the files out of memory.
fn forget(files: &[PathBuf]) -> Result<()> {
    rustix::fs::sync();
    for file in files {
        rustix::fs::fadvise(&File::open(file)?, 0, None, Advice::DontNeed)?;
    }
    Ok(())
}

fn cold(vault: &Path, vaultctl: &Path, bytes: usize) -> Result<()> {
    let files = files(&vault.join("store"))?;
    let (mut own, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..COLD_RUNS {
        forget(&files)?;
        let began = Instant::now();
        let mut verify = Command::new(vaultctl);
        verify.arg("--vault").arg(vault).args(["verify", "--all", "--keyless", "--json"]);
        ensure!(verify.stdout(Stdio::null()).status()?.success(), "verify");
        own.push(began.elapsed());
        forget(&files)?;
        let began = Instant::now();
        let mut buffer = vec![0; PLAIN_BYTES];
        for file in &files {
            let mut file = File::open(file)?;
            while file.read(&mut buffer)? > 0 {}
        }
        plain.push(began.elapsed());
    }
    let (own, plain) = (median(own), median(plain));
    row("cold, keyless", "vaultctl verify --keyless", bytes, own, plain);
    row("cold", "sequential reads", bytes, plain, plain);
    Ok(())
}

pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "printing is its purpose")]
fn row(what: &str, program: &str, bytes: usize, time: Duration, plain: Duration) {
    let seconds = time.as_secs_f64();
    println!(
        "| 1 x {} MiB | {what} | {program} | {seconds:.3} | {:.0} | {:.2} of sequential | |",
        bytes >> 20,
        bytes as f64 / seconds / 1e6,
        plain.as_secs_f64() / seconds,
    );
}

/// Random reads while nothing else is done, and while the scheduled reading is at work in the same
/// process, as the service does it. Reads alone against reads alone tell how far two rows may lie
/// apart for nothing.
fn foreground(vault: &Path, bytes: usize) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (mut alone, mut again, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // No kind is always behind the same other one.
        for turn in 0..3 {
            match (round + turn) % 3 {
                0 => alone.extend(runtime.block_on(reads::timed(vault, bytes))?),
                1 => again.extend(runtime.block_on(reads::timed(vault, bytes))?),
                _ => beside.extend(runtime.block_on(beside_the_reading(vault, bytes))?),
            }
        }
    }
    reads::row("vault, verified, on record", bytes, alone);
    reads::row("the same once more", bytes, again);
    reads::row("the same beside the scheduled reading", bytes, beside);
    Ok(())
}

/// Random reads from when the scheduled reading has read its first extent on.
async fn beside_the_reading(vault: &Path, bytes: usize) -> Result<Vec<Duration>> {
    let stop = Stop::default();
    let (send, mut began) = tokio::sync::mpsc::unbounded_channel();
    let opened = Vault::open(vault, Clock::system()).await?;
    let reading = tokio::spawn({
        let stop = stop.clone();
        async move {
            let actor = Actor::terminal(0, "bench", [0; 16]);
            let report = Arc::new(move |report| {
                if matches!(report, VerifyReport::Read { .. }) {
                    send.send(()).ok();
                }
            });
            scrub(&opened, &actor, ScrubExtent::For(LONG), stop, report).await
        }
    });
    began.recv().await.context("nothing was read")?;
    let times = reads::timed(vault, bytes).await?;
    stop.request();
    ensure!(reading.await??.failed.is_empty(), "damage");
    Ok(times)
}
