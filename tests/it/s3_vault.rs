//! A vault whose bytes lie with an S3-compatible service, from the operator's command line: made,
//! filled, killed and resumed, verified, damaged, rebuilt (R02, R17).

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use vault_core::store::backend::s3::S3Location;
use vault_tests::command::{Answer, Vaultctl};
use vault_tests::moto_server::MotoServer;
use vault_tests::s3s_server::S3sServer;

/// One extent and a bit: the upload has parts.
const LARGE_BYTES: usize = (40 << 20) + 12_345;

fn random(seed: u64, bytes: usize) -> Vec<u8> {
    let mut content = vec![0; bytes];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut content);
    content
}

fn init(vault: &Path, at: &S3Location) -> Vaultctl {
    let ctl = Vaultctl::on(vault).expect("vaultctl");
    let secret = vault.with_extension("credentials");
    let key = &at.credentials;
    let text = format!("{}\n{}\n", key.access_key_id, key.secret_access_key);
    std::fs::write(&secret, text).expect("credentials");
    let address = format!("s3://{}/{}", at.bucket, at.prefix);
    let endpoint = at.endpoint.clone().expect("an endpoint");
    let (path, secret) = (vault.display().to_string(), secret.display().to_string());
    let made = ctl.call(&[
        "init",
        &path,
        "--store",
        &address,
        "--s3-endpoint",
        &endpoint,
        "--s3-region",
        &at.region,
        "--s3-credentials",
        &secret,
        "--json",
    ]);
    let made = made.expect("runs");
    assert_eq!(made.code, 0, "{made:?}");
    ctl
}

fn done(ctl: &Vaultctl, words: &[&str]) -> Answer {
    let answer = ctl.call(words).expect("runs");
    assert_eq!(answer.code, 0, "{words:?}: {answer:?}");
    answer
}

/// The whole life of a vault on this service.
fn lives(at: &S3Location) {
    let scratch = tempfile::tempdir().expect("scratch");
    let ctl = init(&scratch.path().join("vault"), at);
    let source = scratch.path().join("source");
    std::fs::create_dir(&source).expect("directory");
    for (number, bytes) in [0, 1, 262_145, LARGE_BYTES].into_iter().enumerate() {
        let name = format!("录像{number}.mp4");
        std::fs::write(source.join(name), random(number as u64, bytes)).expect("source");
    }
    let killed = ctl.ingest_command(&source).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut killed = killed.expect("starts");
    std::thread::sleep(Duration::from_millis(150));
    killed.kill().ok();
    killed.wait().expect("ends");
    let taken = ctl.ingest(&source).expect("runs");
    assert_eq!(taken.code, 0, "{taken:?}");
    assert_eq!(taken.last()["files"], 4);
    let again = ctl.ingest(&source).expect("runs");
    assert_eq!(again.last()["duplicates"], 4, "{again:?}");
    let checked = done(&ctl, &["verify", "--all", "--json"]);
    assert_eq!(checked.last()["objects"], 4);
    done(&ctl, &["verify", "--all", "--keyless", "--json"]);
    done(&ctl, &["jobs", "run", "--json"]);
    done(&ctl, &["ledger", "verify", "--json"]);
    done(&ctl, &["doctor", "--json"]);
    let (from, into) = (ctl.vault().display().to_string(), scratch.path().join("rebuilt"));
    done(&ctl, &["rebuild", "--from", &from, "--into", &into.display().to_string()]);
    let rebuilt = ctl.beside(&into);
    assert_eq!(done(&ctl, &["dump"]).out, done(&rebuilt, &["dump"]).out);
}

#[test]
fn a_vault_lives_on_s3s_and_names_what_the_service_altered() {
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let server = S3sServer::start(runtime.handle()).expect("s3s");
    lives(&server.location());
    let scratch = tempfile::tempdir().expect("scratch");
    let mut at = server.location();
    "vault/two".clone_into(&mut at.prefix);
    let ctl = init(&scratch.path().join("vault"), &at);
    let file = scratch.path().join("a.bin");
    std::fs::write(&file, random(9, 700_000)).expect("source");
    assert_eq!(ctl.ingest(&file).expect("runs").code, 0);
    let data = server.files().with_file_name("two").join("data");
    let blob = Command::new("find").arg(&data).args(["-type", "f"]).output().expect("find").stdout;
    let blob = String::from_utf8(blob).expect("text");
    let blob = Path::new(blob.lines().next().expect("a blob"));
    let mut bytes = std::fs::read(blob).expect("blob");
    bytes[300_000] ^= 1;
    std::fs::write(blob, bytes).expect("damage");
    for keyless in [&[][..], &["--keyless"]] {
        let checked = ctl.call(&[&["verify", "--all", "--json"], keyless].concat()).expect("runs");
        assert_eq!(checked.code, 4, "{checked:?}");
    }
}

#[test]
fn a_vault_lives_on_moto() {
    let server = MotoServer::start().expect("moto");
    lives(&server.bucket("evidence", false).expect("a bucket"));
}

#[test]
fn a_service_that_is_gone_is_a_fault_with_words_and_comes_back() {
    let scratch = tempfile::tempdir().expect("scratch");
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let server = S3sServer::start(runtime.handle()).expect("s3s");
    let ctl = init(&scratch.path().join("vault"), &server.location());
    let file = scratch.path().join("a.bin");
    std::fs::write(&file, random(1, 300_000)).expect("source");
    drop(server);
    let refused = ctl.ingest(&file).expect("runs");
    assert!([1, 3, 75].contains(&refused.code), "{refused:?}");
    assert!(!refused.err.contains("panicked"), "{refused:?}");
    assert_eq!(ctl.call(&["list", "--json"]).expect("runs").code, 0, "the catalogue is here");
}
