//! Random verified reads of one large recording, beside plain reads of the file it came from.
//!
//! A read of the vault asks whether it is allowed, puts itself on record durably, decrypts, and
//! verifies every block against the recording's id; the plain read does none of it. The budget is
//! what comes on top at the 99th percentile.

use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use vault_core::access::{self, GrantedReader};
use vault_core::clock::Clock;
use vault_core::people::{Password, SignIn, sign_in};
use vault_core::policy::Actor;
use vault_core::vault::Vault;

/// Bytes of one read.
const READ_BYTES: u64 = 1 << 20;

/// Reads of each kind.
const READS: u64 = 1_000;

/// People who may set up the vault, the custodian who reads what he took in, and others of his unit.
const SET_UP: &str = r#"set -e
cd {t}; {v} init v >/dev/null; export EVIDENCE_VAULT={t}/v
for who in sys:system-administrator sec:security-administrator aud:audit-administrator qian:custodian zhou:custodian wu:custodian zheng:custodian; do
  name=${who%%:*}; echo "given-$name" >$name.given; echo "own-$name-one" >$name.own
  proposes=; decides=
  [ ${who##*:} != custodian ] || { proposes='--as sys --password-file sys.own'; decides='--as sec --password-file sec.own'; }
  {v} people add $name --person $name --unit U --roles ${who##*:} $proposes
  [ ${who##*:} != custodian ] || {v} people confirm $name $decides
  {v} people password $name --new-password-file $name.given $decides
  {v} people password $name --new-password-file $name.own --as $name --password-file $name.given
done
{v} ingest {s} {labels} --no-examine --as qian --password-file qian.own
cat v/store/data/*/* >/dev/null
"#;

/// Takes one file of `bytes` in and reads it in random places.
pub(crate) fn measure(scratch: &Path, vaultctl: &Path, bytes: usize, labels: &str) -> Result<()> {
    let source = scratch.join("source");
    crate::data::make(&source, 1, bytes)?;
    set_up(scratch, vaultctl, labels)?;
    let file = File::open(source.join("000000.mp4"))?;
    let places = places(bytes as u64);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut buffer = vec![0; usize::try_from(READ_BYTES)?];
    file.read_exact_at(&mut buffer, places[0])?;
    let (first, verified) = runtime.block_on(async {
        let reader = opened(&scratch.join("v")).await?;
        anyhow::Ok((read(&reader, places[0]).await?, each_timed(&reader, &places).await?))
    })?;
    ensure!(first == buffer, "other bytes");
    let mut plain = Vec::new();
    for place in &places {
        let began = Instant::now();
        file.read_exact_at(&mut buffer, *place)?;
        plain.push(began.elapsed());
    }
    row("vault, verified, on record", bytes, verified);
    row("plain pread", bytes, plain);
    std::fs::remove_dir_all(scratch.join("v"))?;
    std::fs::remove_dir_all(source).context("source")
}

/// A vault `v` in `scratch` with people, and what lies in `source` taken in by its custodian.
pub(crate) fn set_up(scratch: &Path, vaultctl: &Path, labels: &str) -> Result<()> {
    let script = SET_UP
        .replace("{t}", &scratch.display().to_string())
        .replace("{s}", &scratch.join("source").display().to_string())
        .replace("{v}", &vaultctl.display().to_string())
        .replace("{labels}", labels);
    let made = Command::new("sh").arg("-c").arg(script).output()?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Ok(())
}

/// How long each of the random reads of the recording of that vault takes.
pub(crate) async fn timed(vault: &Path, bytes: usize) -> Result<Vec<Duration>> {
    each_timed(&opened(vault).await?, &places(bytes as u64)).await
}

async fn each_timed(reader: &GrantedReader, places: &[u64]) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for place in places {
        let began = Instant::now();
        let bytes = read(reader, *place).await?;
        times.push(began.elapsed());
        ensure!(bytes.len() as u64 == READ_BYTES, "a short read");
    }
    Ok(times)
}

/// Where to read: anywhere, not on the borders of blocks.
fn places(bytes: u64) -> Vec<u64> {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % (bytes - READ_BYTES)
    };
    (0..READS).map(|_| next()).collect()
}

async fn opened(vault: &Path) -> Result<GrantedReader> {
    let vault = Vault::open(vault, Clock::system()).await?;
    let at = Actor::terminal(0, "bench", [0; 16]);
    let password = Password::new("own-qian-one".to_owned());
    let shown = SignIn { login: "qian".to_owned(), password, code: None };
    let actor = sign_in(&vault, &at, shown).await?;
    let (holdings, _) = vault.catalog().list(None, None, 1).await?;
    let recording = holdings.first().context("nothing was taken in")?.recording;
    Ok(access::open(&vault, &actor, &recording, None).await?)
}

async fn read(reader: &GrantedReader, place: u64) -> Result<Vec<u8>> {
    let mut stream = reader.stream(Some(place..=place + READ_BYTES - 1)).await?;
    let mut bytes = Vec::with_capacity(usize::try_from(READ_BYTES)?);
    while let Some(piece) = stream.next().await? {
        bytes.extend(piece);
    }
    Ok(bytes)
}

#[expect(clippy::print_stdout, reason = "printing is what it is for")]
pub(crate) fn row(what: &str, bytes: usize, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!(
        "| 1 x {} MiB | random 1 MiB reads | {what} | p50 {:.2} ms | p99 {:.2} ms | | |",
        bytes >> 20,
        at(50),
        at(99)
    );
}
