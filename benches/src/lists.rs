//! Pages of the list of recordings in a vault of 100,000, beside one of 1,000.
//!
//! The budget is a page in under 300 ms; what it costs that there are a hundred times as many is
//! the ratio. Asked of the catalogue as the service asks it, without the network.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use vault_core::catalog::{Cursor, Wanted};
use vault_core::clock::Clock;
use vault_core::vault::Vault;

/// Recordings of the vault that is measured, and of the one beside it.
const RECORDINGS: usize = 100_000;
const BESIDE: usize = 1_000;

/// Rows of a page.
const PAGE: u32 = 50;

/// Pages asked for, of each kind.
const PAGES: usize = 50;

/// What is asked for.
const ASKED: [&str; 3] = ["first page", "last page", "part of a name that is nowhere"];

/// Fills both vaults and asks each for its pages; `share` makes a quick run smaller.
#[expect(clippy::print_stdout, reason = "printing is what it is for")]
pub(crate) fn measure(scratch: &Path, vaultctl: &Path, share: usize, labels: &str) -> Result<()> {
    let beside = pages(scratch, vaultctl, BESIDE, labels)?;
    let many = pages(scratch, vaultctl, RECORDINGS / share, labels)?;
    for (asked, (few, times)) in ASKED.into_iter().zip(beside.iter().zip(&many)) {
        let at = |times: &[Duration], share: usize| {
            times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3
        };
        println!(
            "| {} recordings | {asked} of {PAGE} | vault | p50 {:.2} ms | p99 {:.2} ms | {:.2} times as long as of {BESIDE} | |",
            RECORDINGS / share,
            at(times, 50),
            at(times, 99),
            at(times, 50) / at(few, 50).max(f64::MIN_POSITIVE),
        );
    }
    Ok(())
}

/// The times of all pages asked for, sorted, by kind.
fn pages(
    scratch: &Path,
    vaultctl: &Path,
    count: usize,
    labels: &str,
) -> Result<Vec<Vec<Duration>>> {
    let directory = filled(scratch, vaultctl, count, labels)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let times = runtime.block_on(ask(&directory))?;
    std::fs::remove_dir_all(directory)?;
    Ok(times)
}

/// A vault of that many small recordings.
pub(crate) fn filled(
    scratch: &Path,
    vaultctl: &Path,
    count: usize,
    labels: &str,
) -> Result<PathBuf> {
    let (source, directory) = (scratch.join("source"), scratch.join("v"));
    for group in 0..count.div_ceil(1_000) {
        let group_directory = source.join(format!("{group:03}"));
        std::fs::create_dir_all(&group_directory)?;
        for number in 0..1_000.min(count - group * 1_000) {
            let content = format!("recording {group} {number}");
            std::fs::write(group_directory.join(format!("DSJ-{group}-{number}.txt")), content)?;
        }
    }
    let run = |words: &[&str], paths: &[&Path]| -> Result<()> {
        let mut command = Command::new(vaultctl);
        command.env("EVIDENCE_VAULT", &directory).arg(words[0]).args(paths);
        let done = command.args(&words[1..]).output()?;
        ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    };
    run(&["init"], &[&directory])?;
    let mut ingest = vec!["ingest", "--no-examine"];
    ingest.extend(labels.split(' '));
    run(&ingest, &[&source])?;
    std::fs::remove_dir_all(source).context("source")?;
    Ok(directory)
}

async fn ask(directory: &Path) -> Result<Vec<Vec<Duration>>> {
    let vault = Vault::open(directory, Clock::system()).await?;
    let last = last_page(&vault).await?;
    let mut kinds = Vec::new();
    for (kind, after) in [(0, None), (1, last), (2, None)] {
        let mut times = Vec::new();
        for _ in 0..PAGES {
            let began = Instant::now();
            let (rows, _) = if kind == 2 {
                let wanted = Wanted { name: "不在其中".to_owned(), ..Wanted::default() };
                vault.catalog().find_by(wanted, after, PAGE).await?
            } else {
                vault.catalog().list(None, after, PAGE).await?
            };
            times.push(began.elapsed());
            ensure!(rows.len() == if kind == 2 { 0 } else { PAGE as usize }, "{} rows", rows.len());
        }
        times.sort();
        kinds.push(times);
    }
    Ok(kinds)
}

/// Where the last whole page begins.
async fn last_page(vault: &Vault) -> Result<Option<Cursor>> {
    let (mut at, mut before) = (None, None);
    loop {
        let (rows, next) = vault.catalog().list(None, at, PAGE).await?;
        if rows.len() < PAGE as usize {
            return Ok(before);
        }
        before = at;
        at = next;
    }
}
