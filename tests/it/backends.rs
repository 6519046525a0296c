//! Every backend passes the same suite; what a server does not enforce is found out by trying.
//!
//! Held against servers that differ: s3s-fs (in process), moto (Object Lock) and Garage, which
//! accepts conditional puts and lock headers and ignores them. Over a bad line nothing may be
//! acknowledged that is not there, and no wrong byte may be read.

use std::collections::HashSet;
use std::error::Error;
use std::path::Path;
use tokio::runtime::Runtime;
use vault_core::fault::{Code, Fault};
use vault_core::store::backend::conformance::{self, COMMIT_MIXED, CREATE_RACE, CREATE_TWICE};
use vault_core::store::backend::local::LocalBackend;
use vault_core::store::backend::s3::{S3Backend, S3Location};
use vault_core::store::backend::{Backend, Capabilities, Created, Kind, StoreName};
use vault_tests::fault_proxy::{FaultProxy, Mishap, When};
use vault_tests::garage_server::GarageServer;
use vault_tests::moto_server::MotoServer;
use vault_tests::s3s_server::S3sServer;

const EXTENT: usize = 16 * 1024 * 1024;

fn connect(location: S3Location, runtime: &Runtime) -> S3Backend {
    S3Backend::connect(location, runtime.handle().clone()).unwrap()
}

fn all_pass(backend: &dyn Backend) {
    let report = conformance::check(backend);
    assert!(report.failed().is_empty(), "{report}");
}

fn files_below(directory: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

/// What lies in quarantine: both manifests that the suite set aside, beside what was mended.
fn quarantine_holds_both(directory: &Path) {
    let held: HashSet<_> =
        files_below(directory).iter().map(|file| std::fs::read(file).unwrap()).collect();
    let both = HashSet::from([b"damaged".to_vec(), b"damaged again".to_vec()]);
    assert!(held.is_superset(&both), "{} files", held.len());
}

#[test]
fn the_local_backend_conforms() {
    let directory = tempfile::tempdir().unwrap();
    let backend = LocalBackend::create(directory.path()).unwrap();
    all_pass(&backend);
    quarantine_holds_both(&directory.path().join("quarantine"));
    let found = backend.self_test().unwrap();
    assert_eq!(found, Capabilities { create_only: true, object_lock: false });
}

#[test]
fn s3s_conforms_without_object_lock() {
    let runtime = Runtime::new().unwrap();
    let server = S3sServer::start(runtime.handle()).unwrap();
    let backend = connect(server.location(), &runtime);
    let found = backend.self_test().unwrap();
    assert_eq!(found, Capabilities { create_only: true, object_lock: false });
    let left = server.files().join("self-test");
    assert!(!left.exists() || files_below(&left).is_empty(), "the self-test left something");
    all_pass(&backend);
    quarantine_holds_both(&server.files().join("quarantine"));
}

#[test]
fn a_server_that_looks_before_it_writes_is_found_out() {
    let runtime = Runtime::new().unwrap();
    let server = S3sServer::start_racy(runtime.handle()).unwrap();
    // Its racing writes may also end in errors; then the self-test says that it cannot tell.
    let found = connect(server.location(), &runtime).self_test();
    assert!(!found.is_ok_and(|found| found.create_only), "it was taken for create-only");
}

#[test]
fn moto_conforms_and_its_object_lock_is_seen() {
    let runtime = Runtime::new().unwrap();
    let server = MotoServer::start().unwrap();
    let locking = connect(server.bucket("locking", true).unwrap(), &runtime);
    let plain = connect(server.bucket("plain", false).unwrap(), &runtime);
    let found = locking.self_test().unwrap();
    assert_eq!(found, Capabilities { create_only: true, object_lock: true });
    let left = server.versions("locking").unwrap();
    assert!(left.contains("ListVersionsResult") && !left.contains("<Version>"), "{left}");
    let found = plain.self_test().unwrap();
    assert_eq!(found, Capabilities { create_only: true, object_lock: false });
    all_pass(&plain);
    all_pass(&locking);
}

#[test]
fn long_garage_is_found_out() {
    let runtime = Runtime::new().unwrap();
    let server = GarageServer::start().unwrap();
    let backend = connect(server.location(), &runtime);
    let found = backend.self_test().unwrap();
    assert_eq!(found, Capabilities { create_only: false, object_lock: false });
    let report = conformance::check(&backend);
    assert_eq!(report.failed(), [CREATE_TWICE, CREATE_RACE, COMMIT_MIXED], "{report}");
}

/// Everything a fault says, its causes included.
fn words(fault: &Fault) -> String {
    let mut words = format!("{fault} {fault:?}");
    let mut cause = fault.source();
    while let Some(inner) = cause {
        words = format!("{words} {inner} {inner:?}");
        cause = inner.source();
    }
    words
}

#[test]
fn a_wrong_key_is_refused_and_never_shown() {
    let runtime = Runtime::new().unwrap();
    let server = S3sServer::start(runtime.handle()).unwrap();
    let mut location = server.location();
    location.credentials.secret_access_key = "a-wrong-key".to_owned();
    let shown = format!("{location:?}");
    let backend = connect(location, &runtime);
    let fault = backend.length(Kind::Data, StoreName([1; 32])).unwrap_err();
    assert_eq!(fault.code(), Code::BackendFailed, "{fault}");
    let fault = backend.create_manifest(StoreName([1; 32]), b"manifest").unwrap_err();
    assert_eq!(fault.code(), Code::BackendFailed, "{fault}");
    assert_eq!(fault.detail("status"), Some("403"));
    for text in [shown, words(&fault), format!("{backend:?}")] {
        assert!(!text.contains("a-wrong-key"), "{text}");
        assert!(!text.contains("test-key-id"), "{text}");
    }
}

#[test]
fn an_address_without_tls_must_be_allowed() {
    let runtime = Runtime::new().unwrap();
    let server = S3sServer::start(runtime.handle()).unwrap();
    let location = S3Location { allow_http: false, ..server.location() };
    let fault = S3Backend::connect(location, runtime.handle().clone()).unwrap_err();
    assert_eq!(fault.code(), Code::SettingVoidsPromise);
}

#[test]
fn a_store_that_is_gone_is_unreachable() {
    let runtime = Runtime::new().unwrap();
    let server = S3sServer::start(runtime.handle()).unwrap();
    for mishap in [Mishap::DropRequest, Mishap::Unavailable] {
        let proxy = FaultProxy::start(server.port(), mishap, When::Always).unwrap();
        let location = S3Location { endpoint: Some(proxy.endpoint()), ..server.location() };
        let backend = connect(location, &runtime);
        let name = StoreName([7; 32]);
        let (read, created) = std::thread::scope(|threads| {
            let read = threads.spawn(|| backend.length(Kind::Data, name));
            let created = threads.spawn(|| backend.create_manifest(name, b"manifest"));
            (read.join().unwrap(), created.join().unwrap())
        });
        assert_eq!(read.unwrap_err().code(), Code::BackendUnreachable, "{mishap:?}");
        assert_eq!(created.unwrap_err().code(), Code::BackendUnreachable, "{mishap:?}");
    }
}

/// Bytes that do not repeat.
fn content(seed: usize, length: usize) -> Vec<u8> {
    let mut content = vec![0; length];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut content);
    content
}

fn read_all(backend: &dyn Backend, kind: Kind, name: StoreName) -> Result<Vec<u8>, Fault> {
    let missing = || Fault::new(Code::StoredBytesMissing);
    let length = backend.length(kind, name)?.ok_or_else(missing)?;
    let mut bytes = vec![0; usize::try_from(length).unwrap()];
    backend.read_at(kind, name, 0, &mut bytes)?;
    Ok(bytes)
}

fn write(backend: &dyn Backend, name: StoreName, content: &[u8]) -> Result<(), Fault> {
    let writer = backend.begin(name, content.len() as u64)?;
    for (at, part) in content.chunks(EXTENT).enumerate() {
        writer.write_at((at * EXTENT) as u64, part)?;
    }
    writer.finish(content.len() as u64)
}

/// A fault on the way is told as one; everything else would send people the wrong way.
fn is_the_lines(fault: &Fault) -> bool {
    matches!(fault.code(), Code::BackendUnreachable | Code::BackendFailed)
}

/// One session over a bad line, looked at over a good one. Gives how many acts failed.
fn session(bad: &dyn Backend, good: &dyn Backend, seed: usize, what: &str) -> usize {
    let mut failed = 0;
    let name = |number: usize| {
        let seed = [seed.to_le_bytes(), number.to_le_bytes()].concat();
        StoreName(*blake3::hash(&seed).as_bytes())
    };
    for (number, length) in [(0, EXTENT + 7), (1, 1000)] {
        let content = content(seed, length);
        match write(bad, name(number), &content) {
            Ok(()) => {
                assert!(read_all(good, Kind::Data, name(number)).unwrap() == content, "{what}");
                match read_all(bad, Kind::Data, name(number)) {
                    Ok(read) => assert!(read == content, "{what}: wrong bytes"),
                    Err(fault) if is_the_lines(&fault) => failed += 1,
                    Err(fault) => panic!("{what}: {}", words(&fault)),
                }
            }
            Err(fault) if is_the_lines(&fault) => {
                failed += 1;
                bad.discard(name(number)).unwrap();
                assert_eq!(good.length(Kind::Data, name(number)).unwrap(), None, "{what}");
            }
            Err(fault) => panic!("{what}: {}", words(&fault)),
        }
    }
    match bad.create_manifest(name(2), b"a manifest") {
        Ok(created) => {
            assert_eq!(created, Created::New, "{what}: our own bytes were taken for a stranger's");
            assert_eq!(read_all(good, Kind::Manifest, name(2)).unwrap(), b"a manifest", "{what}");
        }
        Err(fault) if is_the_lines(&fault) => failed += 1,
        Err(fault) => panic!("{what}: {}", words(&fault)),
    }
    let mut listed = HashSet::new();
    let list = bad.list(Kind::Manifest, &mut |name| {
        listed.insert(name);
        Ok(())
    });
    match list {
        Ok(()) => assert!(listed.contains(&name(2)), "{what}: the list is not complete"),
        Err(fault) if is_the_lines(&fault) => failed += 1,
        Err(fault) => panic!("{what}: {}", words(&fault)),
    }
    failed
}

#[test]
fn over_a_bad_line_nothing_false_is_acknowledged() {
    let runtime = Runtime::new().unwrap();
    let server = S3sServer::start(runtime.handle()).unwrap();
    let good = connect(server.location(), &runtime);
    for (row, mishap) in Mishap::ALL.into_iter().enumerate() {
        for nth in 1.. {
            let proxy = FaultProxy::start(server.port(), mishap, When::Nth(nth)).unwrap();
            let location = S3Location { endpoint: Some(proxy.endpoint()), ..server.location() };
            let bad = connect(location, &runtime);
            let what = format!("{mishap:?} on request {nth}");
            let failed = session(&bad, &good, row * 40 + nth, &what);
            println!("{what}: {failed} acts failed, {} requests", proxy.seen());
            if proxy.seen() < nth {
                break;
            }
        }
    }
}
