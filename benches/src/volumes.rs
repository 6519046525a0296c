//! Volumes: what an image costs beside `xorriso` alone on the same files, parity beside `par2` at
//! the same redundancy, a recording brought back from a damaged image; and how much is moved to
//! mend one bit of a long recording.
//!
//! Budgets: an image at least at 0.7 times the rate of `xorriso` alone, parity at least 8 times as
//! fast as `par2`, at most 16 MiB moved. Ours makes the image of what is stored encrypted, verifies
//! it, puts parity behind it and reads all of it back; `xorriso` copies files.

use crate::data;
use crate::office::Office;
use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Runs of each, of which the median counts.
const RUNS: usize = 5;

/// How long the disk rests before a run, so that none pays for what the one before it left.
const REST: Duration = Duration::from_secs(2);

/// Bytes of the image that parity is made of.
const PARITY_BYTES: u64 = 512 << 20;

/// Bytes of each file.
const FILE_BYTES: usize = 256 << 20;

/// Makes a set of recordings and measures what is done with a volume of them.
#[expect(clippy::print_stdout, reason = "printing is what it is for")]
#[expect(clippy::cast_precision_loss, reason = "bytes of a bench are far below 2^53")]
pub(crate) fn measure(scratch: &Path, vaultctl: &Path, share: usize, labels: &str) -> Result<()> {
    let (source, files) = (scratch.join("source"), 8 / share);
    data::make(&source, files, FILE_BYTES)?;
    let bytes = files * FILE_BYTES;
    let office = office(scratch, vaultctl, &source, labels)?;
    let listed = office.call("", &["list"])?.0;
    for row in listed["recordings"].as_array().context("recordings")? {
        let id = row["recording"].as_str().context("an id")?;
        let ground = ["--ground", "dispute", "--reason", "量"];
        office.call("zhao", &[&["retention", "trigger", id], &ground[..]].concat())?;
    }
    let (alone, own) = (scratch.join("alone.iso"), scratch.join("own.iso"));
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        for image in [&alone, &own] {
            if image.exists() {
                std::fs::remove_file(image)?;
            }
        }
        // Neither is always the first.
        for turn in [run, run + 1] {
            rustix::fs::sync();
            std::thread::sleep(REST);
            if turn.is_multiple_of(2) {
                theirs.push(run_xorriso(&source, &alone)?);
            } else {
                ours.push(build(&office, &own, run)?);
            }
        }
    }
    let (theirs, ours) = (median(theirs), median(ours));
    let row_of = |bytes: usize, what: &str, program: &str, took: Duration, ratio: f64| {
        let rate = bytes as f64 / 1e6 / took.as_secs_f64();
        println!(
            "| {} MiB | {what} | {program} | {:.2} | {rate:.0} | {ratio:.2} | |",
            bytes >> 20,
            took.as_secs_f64()
        );
    };
    let row = |what, program, took, ratio| row_of(bytes, what, program, took, ratio);
    let times = |one: Duration, other: Duration| other.as_secs_f64() / one.as_secs_f64();
    row("image", "xorriso alone", theirs, 1.0);
    row("image with parity, read back", "vaultctl disc build", ours, times(ours, theirs));
    let (par2, parity) = parity(&alone, scratch)?;
    let covered = usize::try_from(PARITY_BYTES)?.min(bytes);
    let what = "parity, a fifth of the data";
    row_of(covered, what, "par2 create", par2, 1.0);
    row_of(covered, what, "volume::add_parity", parity, times(parity, par2));
    let took = recover(&office, &own, scratch)?;
    row("16 % of contiguous damage made whole", "vaultctl disc check --recover", took, 1.0);
    std::fs::remove_dir_all(source).context("source")
}

/// One bit of a recording of that length turned, and mended from a second store.
#[expect(clippy::print_stdout, reason = "printing is what it is for")]
#[expect(clippy::cast_precision_loss, reason = "bytes of a bench are far below 2^53")]
pub(crate) fn repair(scratch: &Path, vaultctl: &Path, bytes: usize, labels: &str) -> Result<()> {
    let source = scratch.join("source");
    data::make(&source, 1, bytes)?;
    let office = office(scratch, vaultctl, &source, labels)?;
    std::fs::remove_dir_all(source)?;
    let second = scratch.join("second");
    let path = second.to_str().context("a path that is no text")?;
    office.call("", &["store", "add", "second", "--in-directory", path])?;
    office.call("", &["store", "fill", "second"])?;
    let listed = office.call("", &["list"])?.0;
    let id = listed["recordings"][0]["recording"].as_str().context("an id")?.to_owned();
    let stored = longest(&office.directory.join("store/data"))?;
    let mut mode = std::fs::metadata(&stored)?.permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o644);
    std::fs::set_permissions(&stored, mode)?;
    let file = File::options().read(true).write(true).open(&stored)?;
    let (at, mut byte) = (bytes as u64 / 3, [0]);
    file.read_exact_at(&mut byte, at)?;
    byte[0] ^= 1;
    file.write_all_at(&byte, at)?;
    let (said, took) = office.call("", &["repair", &id])?;
    let moved = said["repaired"][0]["moved"].as_u64().context("nothing was mended")?;
    println!(
        "| {} MiB | one bit mended | vaultctl repair | {:.2} | | {:.2} MiB moved | |",
        bytes >> 20,
        took.as_secs_f64(),
        moved as f64 / f64::from(1 << 20),
    );
    ensure!(moved > 0, "nothing was moved");
    std::fs::remove_dir_all(second)?;
    std::fs::remove_dir_all(&office.directory).context("vault")
}

fn office<'a>(
    scratch: &Path,
    vaultctl: &'a Path,
    source: &Path,
    labels: &str,
) -> Result<Office<'a>> {
    let (directory, passwords) = (scratch.join("v"), scratch.join("passwords"));
    for gone in [&directory, &passwords] {
        if gone.exists() {
            std::fs::remove_dir_all(gone)?;
        }
    }
    let made = Command::new(vaultctl).arg("init").arg(&directory).output()?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let office = Office { vaultctl, directory, passwords };
    office.hire()?;
    let source = source.to_str().context("a path that is no text")?;
    let words: Vec<&str> = labels.split(' ').collect();
    office.call("", &[&["ingest", source], &words[..]].concat())?;
    Ok(office)
}

/// The file system alone, durable.
fn run_xorriso(source: &Path, image: &Path) -> Result<Duration> {
    let began = Instant::now();
    let made = Command::new("xorriso")
        .args("-as mkisofs -quiet -iso-level 3 -r -J -joliet-long -V ALONE -o".split(' '))
        .arg(image)
        .arg(source)
        .output()?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    File::open(image)?.sync_all()?;
    Ok(began.elapsed())
}

/// The volume, or for later runs another that bears the same.
fn build(office: &Office<'_>, image: &Path, run: usize) -> Result<Duration> {
    let image = image.to_str().context("a path that is no text")?;
    let label = format!("L-{run}");
    let new = ["--medium", "bd100", "--label", &label];
    let call = match run {
        0 => vec!["disc", "build", image],
        _ => vec!["disc", "migrate", image, "--from", "L-0"],
    };
    Ok(office.call("zhao", &[&call[..], &new].concat())?.1)
}

/// Parity of a fifth of the data: what `par2` takes for it, once, for it takes minutes, and what
/// ours does.
fn parity(image: &Path, scratch: &Path) -> Result<(Duration, Duration)> {
    let part = scratch.join("part.iso");
    std::io::copy(&mut File::open(image)?.take(PARITY_BYTES), &mut File::create(&part)?)?;
    let directory = scratch.join("par2");
    std::fs::create_dir_all(&directory)?;
    rustix::fs::sync();
    let began = Instant::now();
    // 2,000 blocks are what par2 itself takes for a file where nothing is said.
    let made = Command::new("par2")
        .args(["create", "-q", "-q", "-b2000", "-r20", "-n1", "-B"])
        .arg(scratch)
        .arg(directory.join("part.par2"))
        .arg(&part)
        .output()?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
    rustix::fs::sync();
    let theirs = began.elapsed();
    std::fs::remove_dir_all(directory)?;
    let mut ours = Vec::new();
    for _ in 0..=RUNS {
        let copy = scratch.join("copy.iso");
        std::fs::copy(&part, &copy)?;
        rustix::fs::sync();
        let began = Instant::now();
        vault_core::volume::add_parity(&copy).map_err(|fault| anyhow::anyhow!("{fault}"))?;
        File::open(&copy)?.sync_all()?;
        ours.push(began.elapsed());
        std::fs::remove_file(copy)?;
    }
    std::fs::remove_file(part)?;
    Ok((theirs, median(ours)))
}

/// A damaged image made whole.
fn recover(office: &Office<'_>, image: &Path, scratch: &Path) -> Result<Duration> {
    let length = std::fs::metadata(image)?.len();
    let file = File::options().write(true).open(image)?;
    let zeros = vec![0; 1 << 20];
    let (from, damaged) = (length / 4, length * 16 / 100);
    for at in (from..from + damaged).step_by(zeros.len()) {
        file.write_all_at(&zeros, at)?;
    }
    file.sync_all()?;
    let (back, path) = (scratch.join("back.iso"), image.to_str().context("no text")?);
    let label = format!("L-{RUNS}");
    let mut command = Command::new(office.vaultctl);
    command.env("EVIDENCE_VAULT", &office.directory).args(["disc", "check", path]);
    command.args(["--label", &label, "--as", "zhao", "--password-file"]);
    command.arg(office.passwords.join("zhao")).arg("--recover").arg(&back);
    let began = Instant::now();
    let done = command.output()?;
    let took = began.elapsed();
    // 4: damage was found. What came of it is compared with the originals.
    ensure!(done.status.code() == Some(4), "{}", String::from_utf8_lossy(&done.stderr));
    let out = scratch.join("out");
    let taken = Command::new("xorriso")
        .args(["-osirrox", "on", "-indev"])
        .arg(&back)
        .args(["-extract", "/"])
        .arg(&out)
        .output()?;
    ensure!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    let sums = Command::new("sha256sum")
        .args(["--quiet", "-c", "manifest-sha256.txt"])
        .current_dir(&out)
        .status()?;
    ensure!(sums.success(), "what was recovered is not what was stored");
    let writable = Command::new("chmod").args(["-R", "u+w"]).arg(&out).status()?;
    ensure!(writable.success(), "chmod");
    std::fs::remove_dir_all(out)?;
    std::fs::remove_file(back)?;
    Ok(took)
}

fn longest(directory: &Path) -> Result<PathBuf> {
    let mut found = Vec::new();
    for shard in std::fs::read_dir(directory)? {
        for file in std::fs::read_dir(shard?.path())? {
            let path = file?.path();
            found.push((std::fs::metadata(&path)?.len(), path));
        }
    }
    found.sort();
    Ok(found.pop().context("nothing is stored")?.1)
}

/// The median of the runs behind the first, which warms memory.
fn median(mut runs: Vec<Duration>) -> Duration {
    runs.remove(0);
    runs.sort_unstable();
    runs[runs.len() / 2]
}
