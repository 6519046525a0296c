//! Bad sources and bad places: each a clear fault with a remedy, nothing lost, nothing half there,
//! the rest of the batch done (exit 3).

use std::fs::File;
use std::os::unix::fs::{FileExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use vault_tests::command::{Answer, Vaultctl};
use vault_tests::mounted_disk::MountedDisk;
use vault_tests::scratch::in_memory;

const NOBODY: u32 = 65_534;

fn new_vault(directory: &Path) -> Vaultctl {
    let vault = Vaultctl::on(directory).expect("vaultctl");
    let made = vault.init().expect("runs");
    assert_eq!(made.code, 0, "{made:?}");
    vault
}

fn random(seed: u64, bytes: usize) -> Vec<u8> {
    let mut content = vec![0; bytes];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut content);
    content
}

/// The faults of single files, by the end of their paths.
fn failures(answer: &Answer) -> Vec<(String, String)> {
    let failed = answer.documents().into_iter().filter(|line| line["error"].is_object());
    let mut failed: Vec<_> = failed
        .map(|line| {
            let name = Path::new(line["path"].as_str().unwrap_or_default()).file_name();
            let name = name.unwrap_or_default().to_string_lossy().into_owned();
            (name, line["error"]["code"].as_str().unwrap_or_default().to_owned())
        })
        .collect();
    failed.sort();
    failed
}

fn sound(vault: &Vaultctl, recordings: u64) {
    let checked = vault.call(&["verify", "--all", "--json"]).expect("runs");
    assert_eq!((checked.code, &checked.last()["objects"]), (0, &recordings.into()), "{checked:?}");
    let ledger = vault.call(&["ledger", "verify", "--json"]).expect("runs");
    assert_eq!(ledger.code, 0, "{ledger:?}");
    let staging = vault.vault().join("store/staging");
    let left = std::fs::read_dir(staging).expect("staging").count();
    assert_eq!(left, 0, "nothing is left over");
}

#[test]
fn ten_thousand_files_are_taken_in_and_one_that_cannot_be_is_named() {
    let scratch = in_memory().expect("scratch");
    let vault = new_vault(&scratch.path().join("vault"));
    let source = scratch.path().join("source");
    std::fs::create_dir(&source).expect("directory");
    for number in 0..10_000u64 {
        std::fs::write(source.join(format!("{number:05}.jpg")), number.to_le_bytes())
            .expect("file");
    }
    std::os::unix::fs::symlink("nowhere", source.join("05000.link")).expect("link");
    let answer = vault.ingest(&source).expect("runs");
    assert_eq!(answer.code, 3, "{:?}", answer.last());
    let last = answer.last();
    assert_eq!((&last["stored"], &last["failed"]), (&10_000.into(), &1.into()));
    assert_eq!(failures(&answer), [("05000.link".to_owned(), "source-is-a-link".to_owned())]);
    sound(&vault, 10_000);
    let again = vault.ingest(&source).expect("runs").last();
    assert_eq!((&again["stored"], &again["duplicates"]), (&0.into(), &10_000.into()));
}

#[test]
fn what_may_not_be_read_or_fails_while_it_is_read_is_named_and_the_rest_is_done() {
    let scratch = in_memory().expect("scratch");
    std::fs::set_permissions(scratch.path(), PermissionsExt::from_mode(0o755)).expect("mode");
    let home = scratch.path().join("home");
    let source = home.join("source");
    std::fs::create_dir_all(source.join("locked")).expect("directory");
    std::fs::write(source.join("good"), b"good").expect("file");
    std::fs::write(source.join("secret"), b"not for this account").expect("file");
    for name in ["secret", "locked"] {
        let mode = PermissionsExt::from_mode(0o000);
        std::fs::set_permissions(source.join(name), mode).expect("mode");
    }
    // Root reads everything, so the program runs as an account that does not.
    let root = rustix::process::getuid().is_root();
    for path in [&home, &source, &source.join("good")] {
        if root {
            chown(path, Some(NOBODY), Some(NOBODY)).expect("owner");
        }
    }
    let program = scratch.path().join("vaultctl");
    let vault = Vaultctl::on(&home.join("vault")).expect("vaultctl");
    std::fs::copy(vault.program(), &program).expect("a program that account may start");
    let run = |arguments: &[&std::ffi::OsStr]| {
        let mut command = Command::new(&program);
        command.arg("--vault").arg(vault.vault()).args(arguments).stdin(Stdio::null());
        if root {
            command.uid(NOBODY).gid(NOBODY);
        }
        Answer::from(command.output().expect("runs"))
    };
    let made = run(&["init".as_ref(), vault.vault().as_os_str()]);
    assert_eq!(made.code, 0, "{made:?}");
    // The memory of a process is a regular file whose first page cannot be read.
    let unreadable = Path::new("/proc/self/mem");
    let ingest = vault.ingest_command(&source);
    let mut arguments: Vec<_> = ingest.get_args().skip(2).collect();
    arguments.push(unreadable.as_os_str());
    let answer = run(&arguments);
    assert_eq!((answer.code, &answer.last()["stored"]), (3, &1.into()), "{answer:?}");
    let named = ["locked", "mem", "secret"].map(|name| (name.into(), "source-unreadable".into()));
    assert_eq!(failures(&answer), named, "{answer:?}");
}

/// Waits until the long file is being read, then lets `change` happen to it. Only that file has so
/// many bytes, so the process has opened it and noted its state once it has read as many.
fn change_under_way(mut ingest: Child, change: impl FnOnce()) -> Answer {
    let begun = Instant::now();
    let counters = format!("/proc/{}/io", ingest.id());
    let bytes_read = || -> Option<u64> {
        let counters = std::fs::read_to_string(&counters).ok()?;
        counters.lines().find_map(|line| line.strip_prefix("rchar: "))?.parse().ok()
    };
    while bytes_read().is_none_or(|bytes| bytes < 64 << 20) {
        assert!(begun.elapsed() < Duration::from_mins(1), "no attempt was seen");
        assert!(ingest.try_wait().expect("asked").is_none(), "the intake ended before the change");
    }
    change();
    ingest.wait_with_output().expect("ends").into()
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused_and_taken_in_when_it_is_still() {
    // The beginning decides whether a file is compressed; the length, how long it is read.
    let beginnings: [(&str, Vec<u8>); 2] =
        [("raw", random(1, 40 << 20)), ("zstd", vec![7; 1 << 20])];
    type Change = fn(&File, u64);
    let changes: [(&str, Change); 3] = [
        ("shrinks", |file, _| file.set_len(1 << 20).expect("cut")),
        ("grows", |file, bytes| file.write_all_at(b"more", bytes).expect("appended")),
        ("is rewritten", |file, _| file.write_all_at(b"other", 99).expect("rewritten")),
    ];
    for (kind, beginning) in &beginnings {
        for (what, change) in changes {
            let scratch = tempfile::tempdir().expect("scratch");
            let vault = new_vault(&scratch.path().join("vault"));
            let source = scratch.path().join("source");
            std::fs::create_dir(&source).expect("directory");
            std::fs::write(source.join("other"), random(2, 100_000)).expect("file");
            let path = source.join("recording");
            std::fs::write(&path, beginning).expect("file");
            let file = File::options().write(true).open(&path).expect("file");
            let bytes = 3 << 30;
            file.set_len(bytes).expect("a long file");
            let mut ingest = vault.ingest_command(&source);
            let ingest = ingest.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
            let answer = change_under_way(ingest.expect("starts"), || change(&file, bytes));
            assert_eq!((answer.code, &answer.last()["stored"]), (3, &1.into()), "{kind} {what}");
            let named = [("recording".to_owned(), "source-changed".to_owned())];
            assert_eq!(failures(&answer), named, "{kind} {what}");
            sound(&vault, 1);
            file.set_len(20 << 20).expect("short and still");
            let id = blake3::hash(&std::fs::read(&path).expect("source")).to_string();
            let answer = vault.ingest(&source).expect("runs");
            assert_eq!(answer.code, 0, "{kind} {what}: {answer:?}");
            assert!(answer.out.contains(&id), "{kind} {what}: {answer:?}");
            sound(&vault, 2);
        }
    }
}

fn write_files(directory: &Path, sizes: &[usize]) -> Vec<PathBuf> {
    std::fs::create_dir_all(directory).expect("directory");
    let write = |(number, bytes): (usize, &usize)| {
        let path = directory.join(format!("{number}"));
        std::fs::write(&path, random(number as u64, *bytes)).expect("file");
        path
    };
    sizes.iter().enumerate().map(write).collect()
}

#[test]
fn on_a_mounted_disk_that_is_full_nothing_is_half_there_and_with_space_the_same_call_goes_on() {
    let disk = MountedDisk::new(32).expect("a disk");
    let vault = new_vault(&disk.path().join("vault"));
    let scratch = tempfile::tempdir().expect("scratch");
    let source = scratch.path().join("source");
    // Two that fit, then one of several extents that does not.
    write_files(&source, &[3_000_000, 100_000]);
    assert_eq!(vault.ingest(&source).expect("runs").last()["stored"], 2);
    let large = write_files(&scratch.path().join("large"), &[60_000_000]);
    let answer = vault.ingest(&large[0]).expect("runs");
    assert_eq!((answer.code, &answer.last()["stored"]), (3, &0.into()), "{answer:?}");
    assert_eq!(failures(&answer), [("0".to_owned(), "disk-full".to_owned())]);
    assert!(answer.err.contains("空间"), "people are told: {}", answer.err);
    sound(&vault, 2);
    // To the last byte: not even the ledger can grow.
    let fill = disk.fill().expect("full");
    let small = scratch.path().join("small");
    write_files(&small, &[200_000, 10]);
    std::fs::write(small.join("0"), random(77, 200_000)).expect("file");
    let answer = vault.ingest(&small).expect("runs");
    assert!([1, 3].contains(&answer.code), "{answer:?}");
    assert!(answer.out.contains("\"disk-full\""), "{answer:?}");
    assert!(!answer.out.contains("\"accession_seq\""), "nothing was acknowledged: {answer:?}");
    // The catalogue needs a few pages of its own to be opened; without them it says so.
    let listed = vault.call(&["list", "--json"]).expect("runs");
    let recordings = listed.last()["recordings"].as_array().map(Vec::len);
    assert!(recordings == Some(2) || listed.fault() == "disk-full", "{listed:?}");
    let checked = vault.call(&["verify", "--all", "--json"]).expect("runs");
    let objects = checked.last()["objects"] == 2;
    assert!((checked.code == 0 && objects) || checked.fault() == "disk-full", "{checked:?}");
    std::fs::remove_file(fill).expect("space");
    let answer = vault.ingest(&small).expect("runs");
    assert_eq!((answer.code, &answer.last()["stored"]), (0, &2.into()), "{answer:?}");
    sound(&vault, 4);
}

#[test]
fn on_a_mounted_disk_that_is_read_only_everything_is_read_and_nothing_is_written() {
    let disk = MountedDisk::new(32).expect("a disk");
    let vault = new_vault(&disk.path().join("vault"));
    let scratch = tempfile::tempdir().expect("scratch");
    let source = scratch.path().join("source");
    write_files(&source, &[3_000_000, 100_000]);
    assert_eq!(vault.ingest(&source).expect("runs").code, 0);
    let dump = vault.call(&["dump"]).expect("runs").out;
    disk.set_read_only(true).expect("read-only");
    let reading: [&[&str]; 7] = [
        &["list", "--json"],
        &["ledger", "events", "--json"],
        &["verify", "--all", "--json"],
        &["verify", "--all", "--keyless", "--json"],
        &["ledger", "verify", "--json"],
        &["jobs", "list", "--json"],
        &["dump"],
    ];
    for call in reading {
        let answer = vault.call(call).expect("runs");
        assert_eq!(answer.code, 0, "{call:?}: {answer:?}");
    }
    let writing: [&[&str]; 3] = [
        &["ledger", "checkpoint", "--json"],
        &["ledger", "prove", "1", "--json"],
        &["jobs", "run", "--json"],
    ];
    for call in writing {
        let answer = vault.call(call).expect("runs");
        assert_eq!((answer.code, answer.fault().as_str()), (1, "vault-read-only"), "{answer:?}");
        assert!(answer.err.contains("只读"), "people are told: {}", answer.err);
    }
    write_files(&source, &[5_000]);
    let answer = vault.ingest(&source).expect("runs");
    assert!([1, 3].contains(&answer.code), "{answer:?}");
    assert!(answer.out.contains("\"vault-read-only\""), "{answer:?}");
    let doctor = vault.call(&["doctor", "--json"]).expect("runs");
    assert!(doctor.out.contains("vault-read-only"), "{doctor:?}");
    disk.set_read_only(false).expect("writable");
    assert_eq!(vault.call(&["dump"]).expect("runs").out, dump, "nothing was changed");
    sound(&vault, 2);
}
