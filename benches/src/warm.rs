//! Everything read at full speed with every byte in memory, beside `b3sum --check` of the same files
//! and beside what this machine can do at all: reading with nothing hashed, hashing with nothing
//! read.
//!
//! The budget: 1.3 of `b3sum --check`. Whether a machine has room for it say the last rows: nobody
//! is faster than hashing alone, and who reads and hashes on the same cores takes both together.
//! What is compared runs in turns, so that a slow minute of the machine is everybody's.

use crate::reads;
use anyhow::{Context, Result, anyhow, ensure};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Rounds after the one that warms memory; the median counts.
const ROUNDS: usize = 7;

/// Bytes that are read, or hashed, at once: they stay in the fastest memory of a core.
const PIECE_BYTES: usize = 256 << 10;

/// Where a page begins.
const PAGE_BYTES: usize = 4_096;

/// How far behind a page a large vector begins, with the allocator's note of its length before it.
const VECTOR_BEGINS: usize = 16;

/// Takes `files` files of `bytes` in and measures.
pub(crate) fn measure(
    scratch: &Path,
    vaultctl: &Path,
    (files, bytes): (usize, usize),
    labels: &str,
) -> Result<()> {
    if Command::new("b3sum").arg("--version").output().is_err() {
        eprintln!("b3sum: not installed, the warm rates are left out");
        return Ok(());
    }
    let source = scratch.join("source");
    crate::data::make(&source, files, bytes)?;
    reads::set_up(scratch, vaultctl, labels)?;
    let (vault, sums) = (scratch.join("v"), scratch.join("sums"));
    let stored = crate::scrub::files(&vault.join("store/data"))?;
    let made = Command::new("b3sum").args(&stored).stdout(File::create(&sums)?).status();
    ensure!(made.context("b3sum")?.success(), "b3sum");
    let threads = cores().to_string();
    let mut times: [Vec<Duration>; 6] = Default::default();
    for round in 0..=ROUNDS {
        let taken = [
            program(vaultctl, &["--vault", text(&vault)?, "verify", "--all", "--keyless"])?,
            program(vaultctl, &["--vault", text(&vault)?, "verify", "--all"])?,
            program(Path::new("b3sum"), &["--num-threads", &threads, "--check", text(&sums)?])?,
            reading_alone(&stored, 0)?,
            reading_alone(&stored, VECTOR_BEGINS)?,
            hashing_alone(files * bytes)?,
        ];
        if round > 0 {
            for (times, one) in times.iter_mut().zip(taken) {
                times.push(one);
            }
        }
    }
    print(files, bytes, times);
    std::fs::remove_dir_all(&vault)?;
    std::fs::remove_dir_all(source).context("source")
}

fn print(files: usize, bytes: usize, times: [Vec<Duration>; 6]) {
    let [keyless, keyed, b3sum, reading, beside, hashing] = times.map(crate::scrub::median);
    for (program, time) in [
        ("vaultctl verify --keyless", keyless),
        ("vaultctl verify", keyed),
        ("b3sum --check", b3sum),
        ("reading alone, to where a vector begins", beside),
        ("reading alone, to where a page begins", reading),
        ("BLAKE3 alone, nothing read", hashing),
        ("both together: the least", reading + hashing),
    ] {
        row(files, bytes, program, time, b3sum);
    }
}

#[expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "printing is its purpose")]
fn row(files: usize, bytes: usize, program: &str, time: Duration, b3sum: Duration) {
    let seconds = time.as_secs_f64();
    println!(
        "| {files} x {} MiB | warm | {program} | {seconds:.3} | {:.0} | {:.2} of b3sum | |",
        bytes >> 20,
        (files * bytes) as f64 / seconds / 1e6,
        b3sum.as_secs_f64() / seconds,
    );
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a scratch directory in other than UTF-8")
}

fn program(program: &Path, arguments: &[&str]) -> Result<Duration> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    ensure!(command.status()?.success(), "{}", program.display());
    Ok(began.elapsed())
}

/// How long all cores take to read these files into the same few bytes over and over, which lie so
/// far behind the beginning of a page.
fn reading_alone(files: &[PathBuf], behind: usize) -> Result<Duration> {
    let mut pieces = Vec::new();
    let opened: Vec<File> = files.iter().map(File::open).collect::<std::io::Result<_>>()?;
    for file in &opened {
        let length = file.metadata()?.len();
        pieces.extend((0..length).step_by(PIECE_BYTES).map(|at| (file, at, length)));
    }
    let pieces = Mutex::new(pieces.into_iter());
    let next = || pieces.lock().ok().and_then(|mut pieces| pieces.next());
    let began = Instant::now();
    on_all_cores(|| {
        let mut room = vec![0; PIECE_BYTES + 2 * PAGE_BYTES];
        let start = room.as_ptr().align_offset(PAGE_BYTES) + behind;
        let buffer = &mut room[start..start + PIECE_BYTES];
        while let Some((file, at, length)) = next() {
            let bytes = usize::try_from(length - at).unwrap_or(PIECE_BYTES).min(PIECE_BYTES);
            file.read_exact_at(&mut buffer[..bytes], at)?;
        }
        Ok(())
    })?;
    Ok(began.elapsed())
}

/// How long all cores take to hash so many bytes that they need not fetch from anywhere: no program
/// that compares with BLAKE3 is faster, however it reads.
fn hashing_alone(bytes: usize) -> Result<Duration> {
    let turns = bytes.div_ceil(cores() * PIECE_BYTES);
    let began = Instant::now();
    on_all_cores(|| {
        let (mut hasher, buffer) = (blake3::Hasher::new(), vec![7; PIECE_BYTES]);
        for _ in 0..turns {
            hasher.update(&buffer);
        }
        std::hint::black_box(hasher.finalize());
        Ok(())
    })?;
    Ok(began.elapsed())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

fn on_all_cores(work: impl Fn() -> Result<()> + Sync) -> Result<()> {
    std::thread::scope(|scope| {
        let begun: Vec<_> = (0..cores()).map(|_| scope.spawn(&work)).collect();
        begun.into_iter().try_for_each(|one| one.join().map_err(|_| anyhow!("a panic"))?)
    })
}
