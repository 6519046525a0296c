//! Freezing a population of 200,000 recordings and drawing its lots, beside one of 1,000.
//!
//! The budget is 2 s for both together. The ledger is signed before, as the standing work of a
//! service does: who draws does not pay for what others left unsigned. Asked of the operator's
//! program, so that opening the vault and proving a password are in it; what it costs that there
//! are two hundred times as many is the ratio.

use crate::lists::filled;
use crate::office::Office;
use anyhow::{Context, Result};
use std::path::Path;
use std::time::Duration;

/// Recordings of the population that is measured, and of the one beside it.
const RECORDINGS: usize = 200_000;
const BESIDE: usize = 1_000;

impl Office<'_> {
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
        self.call("", &["ledger", "checkpoint"])?;
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
