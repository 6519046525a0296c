//! Freezing a population of 200,000 recordings and drawing its lots, beside one of 1,000.
//!
//! The budget is 2 s for both together. Asked of the operator's program, so that opening the vault
//! and proving a password are in it; what it costs that there are two hundred times as many is the
//! ratio.

use crate::lists::filled;
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Recordings of the population that is measured, and of the one beside it.
const RECORDINGS: usize = 200_000;
const BESIDE: usize = 1_000;

/// Everybody a draw needs, by login and role.
const PEOPLE: [(&str, &str); 6] = [
    ("sys", "system-administrator"),
    ("sec", "security-administrator"),
    ("aud", "audit-administrator"),
    ("sun", "inspector"),
    ("li", "in-charge"),
    ("zhao", "archivist"),
];

/// A vault, and the passwords of its people in files.
struct Office<'a> {
    vaultctl: &'a Path,
    directory: PathBuf,
    passwords: PathBuf,
}

impl Office<'_> {
    /// Calls as this account, or as the operator; gives the answer and how long it took.
    fn call(&self, account: &str, words: &[&str]) -> Result<(serde_json::Value, Duration)> {
        let mut command = Command::new(self.vaultctl);
        command.env("EVIDENCE_VAULT", &self.directory).args(words).arg("--json");
        if !account.is_empty() {
            command.args(["--as", account, "--password-file"]).arg(self.passwords.join(account));
        }
        let began = Instant::now();
        let done = command.output()?;
        let took = began.elapsed();
        ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let said = serde_json::from_slice(&done.stdout).unwrap_or_default();
        Ok((said, took))
    }

    fn hire(&self) -> Result<()> {
        std::fs::create_dir_all(&self.passwords)?;
        for (at, (login, role)) in PEOPLE.into_iter().enumerate() {
            let (proposes, decides) = if at < 3 { ("", "") } else { ("sys", "sec") };
            let own = self.passwords.join(login);
            let given = self.passwords.join("given");
            std::fs::write(&given, "given-to-them\n")?;
            let new = ["--person", login, "--unit", "一", "--roles", role];
            self.call(proposes, &[&["people", "add", login], &new[..]].concat())?;
            if at >= 3 {
                self.call(decides, &["people", "confirm", login])?;
            }
            let file = given.to_str().context("a path that is no text")?;
            self.call(decides, &["people", "password", login, "--new-password-file", file])?;
            // With the given one, the person sets his own.
            std::fs::copy(&given, &own)?;
            let next = self.passwords.join("own");
            std::fs::write(&next, format!("own-of-{login}\n"))?;
            let file = next.to_str().context("a path that is no text")?;
            self.call(login, &["people", "password", login, "--new-password-file", file])?;
            std::fs::rename(next, own)?;
        }
        Ok(())
    }

    /// How long it takes to freeze the population, and to draw.
    fn draw(&self) -> Result<[Duration; 2]> {
        let text = |said: &serde_json::Value, name: &str| -> Result<String> {
            Ok(said[name].as_str().context("no text")?.to_owned())
        };
        let plan =
            ["--basis", "量", "--received-from", "2020-01-01", "--received-to", "2099-12-31"];
        let share = ["--proportion", "5", "--by", "handler"];
        let call = [&["inspection", "plan"], &plan[..], &share[..]].concat();
        let id = text(&self.call("sun", &call)?.0, "inspection")?;
        self.call("li", &["inspection", "approve", &id, "--reason", "同意"])?;
        let mut numbers = Vec::new();
        for (account, party) in [("sun", "inspector"), ("zhao", "inspected")] {
            let made = self.call("", &["inspection", "number", &id, "--party", party])?.0;
            let commitment = text(&made, "commitment")?;
            let bind = ["--party", party, "--commitment", &commitment];
            self.call(account, &[&["inspection", "commit", &id], &bind[..]].concat())?;
            numbers.push((account, party, text(&made, "number")?));
        }
        let freeze = self.call("sun", &["inspection", "freeze", &id])?.1;
        for (account, party, number) in numbers {
            let open = ["--party", party, "--number", &number];
            self.call(account, &[&["inspection", "reveal", &id], &open[..]].concat())?;
        }
        let draw = self.call("sun", &["inspection", "draw", &id])?.1;
        Ok([freeze, draw])
    }
}

/// Fills both vaults, freezes and draws in each; `share` makes a quick run smaller.
#[expect(clippy::print_stdout, reason = "printing is what it is for")]
pub(crate) fn measure(scratch: &Path, vaultctl: &Path, share: usize, labels: &str) -> Result<()> {
    let mut taken = Vec::new();
    for count in [BESIDE, RECORDINGS / share] {
        let directory = filled(scratch, vaultctl, count, labels)?;
        let passwords = scratch.join("passwords");
        let office = Office { vaultctl, directory, passwords };
        office.hire()?;
        taken.push(office.draw()?);
        std::fs::remove_dir_all(&office.directory)?;
        std::fs::remove_dir_all(&office.passwords)?;
    }
    for (at, what) in ["freeze the population", "draw the lots"].into_iter().enumerate() {
        let (few, many) = (taken[0][at].as_secs_f64(), taken[1][at].as_secs_f64());
        println!(
            "| {} recordings | {what} | vaultctl | {many:.2} | | {:.2} times as long as of {BESIDE} | |",
            RECORDINGS / share,
            many / few.max(f64::MIN_POSITIVE),
        );
    }
    Ok(())
}
