//! The budget table: the vault beside other programs, on the same files, in the same run.
//!
//! Each row is the median of several runs after one that warms memory, as a ratio against its
//! baseline. A peer that is not installed is named and left out. Never compares with numbers of
//! another run, and is never a test: it prints, it does not judge.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "printing is what it is for")]
#![expect(clippy::disallowed_methods, reason = "makes and removes scratch files")]

mod boards;
mod data;
mod draws;
mod lists;
mod office;
mod ranges;
mod reads;
mod scrub;
mod subjects;
mod volumes;
mod warm;

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::time::Duration;
use subjects::{Measured, Subject};

/// One set of files, and the budgets it is for.
struct Set {
    name: &'static str,
    files: usize,
    bytes: usize,
}

/// From this many files on, what one run leaves is deleted only after the last: ext4 passes over
/// inodes freed less than a minute ago, one by one (`RECENTCY_MIN` in its `ialloc.c`), so that a
/// run after a deletion of many files measures the deletion (2 s became 6 s here).
const MANY_FILES: usize = 1_000;

/// How long freed inodes are passed over, with a second to spare.
const INODES_REST: Duration = Duration::from_secs(61);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let only = arguments.iter().skip_while(|argument| *argument != "--only").nth(1);
    let wanted = |what: &str| only.is_none_or(|only| only == what);
    let scratch = scratch()?;
    let vaultctl = std::env::current_exe()?.with_file_name("vaultctl");
    build_programs()?;
    let share = if quick { 4 } else { 1 };
    let sets = [
        Set { name: "512 MiB", files: 4 / share, bytes: 512 << 20 },
        Set { name: "4 MiB", files: 500 / share, bytes: 4 << 20 },
        Set { name: "64 KiB", files: 20_000 / share, bytes: 64 << 10 },
    ];
    let runs = if quick { 3 } else { 5 };
    println!(
        "| files | what | program | seconds (median) | MB/s | times as fast as the vault's baseline | peak MiB |"
    );
    println!("|---|---|---|---|---|---|---|");
    for set in sets.into_iter().filter(|_| wanted("store")) {
        measure(&set, &scratch, &vaultctl, runs)?;
    }
    if wanted("reads") {
        // The budget speaks of 12 GiB; a quick run has less to make.
        reads::measure(&scratch, &vaultctl, (12 << 30) / (share * share), subjects::LABELS)?;
    }
    if wanted("warm") {
        warm::measure(&scratch, &vaultctl, (4, (512 << 20) / share), subjects::LABELS)?;
    }
    if wanted("scrub") {
        scrub::measure(&scratch, &vaultctl, (4 << 30) / (share * share), subjects::LABELS)?;
    }
    if wanted("ranges") {
        ranges::measure(&scratch, &vaultctl, (4 << 30) / (share * share) as u64, subjects::LABELS)?;
    }
    if wanted("draws") {
        draws::measure(&scratch, &vaultctl, share, subjects::LABELS)?;
    }
    if wanted("figures") {
        boards::measure(&scratch, &vaultctl, share, subjects::LABELS)?;
    }
    if wanted("lists") {
        lists::measure(&scratch, &vaultctl, share, subjects::LABELS)?;
    }
    if wanted("volumes") {
        volumes::measure(&scratch, &vaultctl, share, subjects::LABELS)?;
    }
    if wanted("repair") {
        // The budget speaks of 12 GiB; a quick run has less to make.
        volumes::repair(&scratch, &vaultctl, (12 << 30) / (share * share), subjects::LABELS)?;
    }
    if wanted("media") {
        media(&scratch, &vaultctl, share, runs)?;
    }
    std::fs::remove_dir_all(&scratch).context("scratch")
}

/// What is found out and made of recordings.
fn media(scratch: &Path, vaultctl: &Path, share: usize, runs: usize) -> Result<()> {
    let short = Set { name: "short films", files: 1_000 / share, bytes: 0 };
    data::make_short(&scratch.join("source"), short.files)?;
    compare(&short, "probe", subjects::probe(vaultctl), scratch, runs)?;
    std::fs::remove_dir_all(scratch.join("source"))?;
    let long = Set { name: "30 s of H.265", files: 4, bytes: 0 };
    data::make_long(&scratch.join("source"), long.files)?;
    compare(&long, "examine", subjects::examine(vaultctl), scratch, runs)?;
    std::fs::remove_dir_all(scratch.join("source")).context("source")
}

fn scratch() -> Result<PathBuf> {
    let path = std::env::temp_dir().join(format!("vault-bench-{}", std::process::id()));
    std::fs::create_dir_all(&path)?;
    Ok(path)
}

/// Up to date, whatever was built before; cargo knows. As a whole workspace, like everything else:
/// for single crates it resolves other features and builds a hundred dependencies anew.
fn build_programs() -> Result<()> {
    let status = std::process::Command::new("cargo")
        .args(["build", "--release", "--quiet", "--workspace", "--bins"])
        .status()?;
    anyhow::ensure!(status.success(), "the programs do not build");
    Ok(())
}

fn measure(set: &Set, scratch: &Path, vaultctl: &Path, runs: usize) -> Result<()> {
    let source = scratch.join("source");
    data::make(&source, set.files, set.bytes)?;
    compare(set, "ingest", subjects::ingest(vaultctl), scratch, runs)?;
    compare(set, "verify", subjects::verify(vaultctl), scratch, runs)?;
    std::fs::remove_dir_all(source)?;
    Ok(())
}

/// Runs the subjects on the files that are there, and prints a row for each; the first is the vault.
fn compare(
    set: &Set,
    what: &str,
    subjects: Vec<Subject>,
    scratch: &Path,
    runs: usize,
) -> Result<()> {
    let mut baseline: Option<Duration> = None;
    for subject in subjects {
        let found =
            median(&subject, &scratch.join("source"), scratch, runs, set.files >= MANY_FILES);
        let measured = match found {
            Ok(Some(measured)) => measured,
            Ok(None) => {
                eprintln!("{}: not installed, left out", subject.name);
                continue;
            }
            // The vault comes first: without it there is nothing to compare with.
            Err(error) if baseline.is_some() => {
                eprintln!("{}: left out: {error:#}", subject.name);
                continue;
            }
            Err(error) => return Err(error),
        };
        let own = *baseline.get_or_insert(measured.elapsed);
        row(set, what, subject.name, set.files * set.bytes, &measured, own);
    }
    baseline.map(drop).context("nothing was measured")
}

/// The first subject is the vault; the ratio says how many times as fast the vault is.
fn row(set: &Set, what: &str, name: &str, bytes: usize, measured: &Measured, own: Duration) {
    let seconds = measured.elapsed.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
    let rate = bytes as f64 / seconds / 1e6;
    println!(
        "| {} x {} | {what} | {} | {seconds:.3} | {rate:.0} | {:.2} | {} |",
        set.files,
        set.name,
        name,
        seconds / own.as_secs_f64(),
        measured.peak_kib / 1024,
    );
}

fn median(
    subject: &Subject,
    source: &Path,
    scratch: &Path,
    runs: usize,
    many_files: bool,
) -> Result<Option<Measured>> {
    if !subject.is_installed() {
        return Ok(None);
    }
    let targets = scratch.join("targets");
    // A subject that failed may have left something.
    std::fs::remove_dir_all(&targets).ok();
    let mut measured = Vec::new();
    // The first run warms memory and page cache and does not count.
    for run in 0..=runs {
        let one = subject.run(source, &targets.join(run.to_string()))?;
        if run > 0 {
            measured.push(one);
        }
        if !many_files {
            std::fs::remove_dir_all(&targets)?;
        }
    }
    if many_files {
        std::fs::remove_dir_all(&targets)?;
        rustix::fs::sync();
        std::thread::sleep(INODES_REST);
    }
    measured.sort_by_key(|one| one.elapsed);
    Ok(measured.into_iter().nth(runs / 2))
}
