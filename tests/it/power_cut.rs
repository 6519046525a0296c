//! Promise 1 under a power cut: a real ext4 loses everything that was not synced, and every
//! acknowledged recording is there all the same, also in a catalogue made anew.
//!
//! The rig is `tests/rigs/power_cut.py`, the check `tests/rigs/check_vault.py`. The controls are
//! builds of the same program in which one sync is left out: each must lose what it acknowledged,
//! or the rig proves nothing.

use crate::kill::{content, program, root};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use vault_tests::command::LABELS;

/// Cuts of the program as it is; each comes at another moment.
const CUTS: u32 = 20;

/// Cuts of a control; the cut must come after an acknowledgement to show anything.
const CONTROL_CUTS: u32 = 4;

/// What a recorder's card holds, small: many files of one commit, some of several extents.
fn make_sources(directory: &Path) {
    std::fs::create_dir(directory).expect("directory");
    for number in 0..400u64 {
        let bytes = match number % 80 {
            79 => 18 << 20,
            _ => 500 + 1_700 * (number % 40),
        };
        let path = directory.join(format!("{number:03}"));
        std::fs::write(path, content(number + 1, bytes)).expect("source");
    }
}

/// Plays rounds of the rig; gives what it says of each.
fn cut(left_out: &str, rounds: u32) -> Vec<Value> {
    let scratch = tempfile::tempdir().expect("scratch");
    let source = scratch.path().join("source");
    make_sources(&source);
    let (program, rigs) = (program(), root().join("tests/rigs"));
    let (program, source) = (program.display(), source.display());
    let run = format!(
        "sh -c '{program} init {{mount}}/vault >/dev/null 2>&1 && FAILPOINTS={left_out} exec \
         {program} --vault {{mount}}/vault ingest {source} {} --json --no-examine'",
        LABELS.join(" ")
    );
    let check = format!(
        "{} {program} {{mount}}/vault {{acks}} {{acks}}-scratch",
        rigs.join("check_vault.py").display()
    );
    let mut rig = Command::new(rigs.join("power_cut.py"));
    rig.args(["--rounds", &rounds.to_string(), "--delay-ms-max", "2500", "--image-mib", "384"]);
    rig.args(["--run", &run, "--check", &check]).stderr(Stdio::inherit());
    let played = rig.output().expect("the rig runs");
    let said = String::from_utf8(played.stdout).expect("text");
    assert!([Some(0), Some(1)].contains(&played.status.code()), "the rig ended badly: {said}");
    println!("{left_out}\n{said}");
    let rounds: Vec<_> = said.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(!rounds.is_empty());
    rounds
}

fn acknowledged(round: &Value) -> bool {
    round["acks"].as_u64().is_some_and(|count| count > 0)
}

#[test]
fn long_on_a_mounted_disk_power_cuts_lose_nothing_that_was_acknowledged() {
    let rounds = cut("", CUTS);
    let failed: Vec<_> = rounds.iter().filter(|round| round["exit"] != 0).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let cut_after = rounds.iter().filter(|round| acknowledged(round)).count();
    assert!(cut_after >= 5, "only {cut_after} cuts came after an acknowledgement");
}

#[test]
fn long_on_a_mounted_disk_power_cuts_show_every_sync_that_is_left_out() {
    for left_out in ["store-sync-left-out", "keys-sync-left-out", "log-sync-left-out"] {
        let rounds = cut(&format!("{left_out}=return"), CONTROL_CUTS);
        let lost = rounds.iter().filter(|round| acknowledged(round) && round["exit"] == 4).count();
        assert!(lost > 0, "without {left_out} nothing was lost: the rig proves nothing");
    }
}
