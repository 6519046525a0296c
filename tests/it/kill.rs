//! Promise 1: after a kill at any instant every acknowledged recording is there, bit-identical,
//! and none is half-visible.
//!
//! A real `vaultctl` is killed at every named crash point and at random instants; after each kill
//! the vault must open, verify in full, hold what was acknowledged, and take the same call again.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const CRASH_POINTS: &[&str] = &[
    "commit-data-placed",
    "commit-manifests-placed",
    "commit-settled",
    "commit-synced",
    "commit-written",
    "intake-after-transaction",
    "intake-before-transaction",
    "keys-issued",
    "ledger-publish",
    "ledger-published",
    "stage-extent",
];

/// Kills at random instants, as the long run demands.
const RANDOM_KILLS: u64 = 200;

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// Builds `vaultctl` with its crash points, beside the ordinary build.
pub fn program() -> PathBuf {
    let target = root().join("target/crash-points");
    let built = Command::new("cargo")
        .args(["build", "--quiet", "-p", "vaultctl", "--features", "failpoints", "--target-dir"])
        .arg(&target)
        .current_dir(root())
        .status()
        .expect("cargo runs");
    assert!(built.success(), "vaultctl with crash points does not build");
    target.join("debug/vaultctl")
}

struct Rig {
    program: PathBuf,
    vault: PathBuf,
    source: PathBuf,
    acknowledged: BTreeSet<String>,
}

impl Rig {
    fn new(program: &Path, scratch: &Path, seed: u64) -> Self {
        let (vault, source) = (scratch.join("vault"), scratch.join("source"));
        std::fs::create_dir_all(&source).expect("directory");
        for number in 0..24u64 {
            let bytes = if number == 0 { 80 << 20 } else { 4_000 * (number * number + seed % 7) };
            std::fs::write(source.join(format!("{number}")), content(seed * 100 + number, bytes))
                .expect("source");
        }
        let rig =
            Self { program: program.to_owned(), vault, source, acknowledged: BTreeSet::new() };
        let made = Command::new(program).arg("init").arg(&rig.vault).output().expect("init");
        assert!(made.status.success());
        rig
    }

    fn ingest(&self, crash_point: &str) -> Child {
        let labels =
            ["--case", "一号", "--counterpart", "某", "--handler", "张", "--activity", "other"];
        Command::new(&self.program)
            .arg("--vault")
            .arg(&self.vault)
            .arg("ingest")
            .arg(&self.source)
            .args(labels)
            .arg("--json")
            .env("FAILPOINTS", crash_point)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("ingest starts")
    }

    /// Reads the acknowledgements up to the end of the process.
    fn collect(&mut self, child: &mut Child) {
        let out = BufReader::new(child.stdout.take().expect("stdout"));
        for line in out.lines().map_while(Result::ok) {
            let Ok(line) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
            if let Some(id) = line["recording"].as_str() {
                self.acknowledged.insert(id.to_owned());
            }
        }
        child.wait().expect("ends");
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let done = Command::new(&self.program)
            .arg("--vault")
            .arg(&self.vault)
            .args(arguments)
            .output()
            .expect("runs");
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        let errors = String::from_utf8_lossy(&done.stderr).into_owned();
        (done.status.code().unwrap_or(-1), text + &errors)
    }

    fn check(&self, after: &str) {
        for arguments in [&["verify", "--all"][..], &["ledger", "verify"][..]] {
            let (code, text) = self.run(arguments);
            assert_eq!(code, 0, "{arguments:?} after {after}: {text}");
        }
        let (_, listed) = self.run(&["list", "--json"]);
        for id in &self.acknowledged {
            assert!(listed.contains(id), "{id} was acknowledged and lost after {after}");
        }
    }
}

pub fn content(seed: u64, bytes: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut content = Vec::new();
    while (content.len() as u64) < bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        content.extend_from_slice(&state.to_le_bytes());
    }
    content
}

#[test]
fn long_a_kill_at_every_crash_point_loses_nothing() {
    let program = program();
    for (number, point) in CRASH_POINTS.iter().enumerate() {
        let scratch = tempfile::tempdir().expect("scratch");
        let mut rig = Rig::new(&program, scratch.path(), number as u64);
        let mut child = rig.ingest(&format!("{point}=return"));
        rig.collect(&mut child);
        rig.check(point);
        let mut child = rig.ingest("");
        rig.collect(&mut child);
        assert_eq!(rig.acknowledged.len(), 24, "the same call completes after {point}");
        rig.check(point);
    }
}

#[test]
fn long_kills_at_random_instants_lose_nothing() {
    let program = program();
    let mut kills = 0;
    while kills < RANDOM_KILLS {
        let scratch = tempfile::tempdir().expect("scratch");
        let mut rig = Rig::new(&program, scratch.path(), kills);
        for round in 0..10 {
            let mut child = rig.ingest("");
            std::thread::sleep(Duration::from_millis(20 + (kills * 37 + round * 53) % 400));
            child.kill().expect("killed");
            rig.collect(&mut child);
            rig.check("a random kill");
            kills += 1;
        }
    }
}
