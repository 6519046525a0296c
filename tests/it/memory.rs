//! Promise 9: memory is flat in the size of files. The program that people run (a release build)
//! takes in a file of 64 GiB and verifies it, and its own peak is read from the kernel.
//!
//! The file is sparse: its zeros compress to a store of a few MiB, so that the test needs no disk.
//! A second file does not compress and shows the other way in; it is as large as a small disk
//! bears.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use vault_tests::command::{Answer, LABELS};
use vault_tests::program::released;

/// 256 MiB, and 2 MiB for each stream (architecture, §7); one stream here.
const PEAK_KIB_MAX: u64 = (256 + 2) << 10;
const SPARSE_BYTES: u64 = 64 << 30;
const RAW_BYTES: u64 = 4 << 30;

/// Runs a call and watches the peak of its resident memory, in KiB.
fn watched(program: &Path, vault: &Path, arguments: &[&str]) -> (Answer, u64) {
    let mut command = Command::new(program);
    command.arg("--vault").arg(vault).args(arguments);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("asked").is_none() {
        // The kernel keeps the peak, so that nothing between two looks is missed.
        let said = std::fs::read_to_string(&status).unwrap_or_default();
        let line = said.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(number.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(20));
    }
    (child.wait_with_output().expect("ends").into(), peak)
}

#[test]
fn long_a_file_of_64_gib_is_taken_in_and_verified_in_256_mib() {
    let program = released("vaultctl").expect("a release build");
    let scratch = tempfile::tempdir().expect("scratch");
    let vault = scratch.path().join("vault");
    let sparse = scratch.path().join("sparse.mp4");
    let raw = scratch.path().join("raw.mp4");
    std::fs::File::create(&sparse).expect("file").set_len(SPARSE_BYTES).expect("a long file");
    let mut file = std::fs::File::create(&raw).expect("file");
    let random = blake3::Hasher::new().finalize_xof();
    std::io::copy(&mut std::io::Read::take(random, RAW_BYTES), &mut file).expect("a large file");
    let made = Command::new(&program).arg("init").arg(&vault).output().expect("runs");
    assert!(made.status.success());
    for (source, bytes) in [(&sparse, SPARSE_BYTES), (&raw, RAW_BYTES)] {
        let path = source.to_str().expect("text");
        let ingest = [&["ingest", path, "--json", "--no-examine"][..], &LABELS].concat();
        let (answer, peak) = watched(&program, &vault, &ingest);
        println!("ingest of {bytes} bytes: {peak} KiB, {}", answer.last());
        assert_eq!((answer.code, &answer.last()["bytes"]), (0, &bytes.into()), "{answer:?}");
        assert!((1..=PEAK_KIB_MAX).contains(&peak), "{peak} KiB");
    }
    for keyless in [&[][..], &["--keyless"]] {
        let verify = [&["verify", "--all", "--json"], keyless].concat();
        let (answer, peak) = watched(&program, &vault, &verify);
        println!("verify {keyless:?}: {peak} KiB, {}", answer.last());
        assert_eq!((answer.code, &answer.last()["objects"]), (0, &2.into()), "{answer:?}");
        assert!((1..=PEAK_KIB_MAX).contains(&peak), "{peak} KiB");
    }
}
