//! An office at work on a vault that is measured: people who signed in for themselves, and their
//! calls of the operator's program.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Everybody who is needed, by login and role.
const PEOPLE: [(&str, &str); 6] = [
    ("sys", "system-administrator"),
    ("sec", "security-administrator"),
    ("aud", "audit-administrator"),
    ("sun", "inspector"),
    ("li", "in-charge"),
    ("zhao", "archivist"),
];

/// A vault, and the passwords of its people in files.
pub(crate) struct Office<'a> {
    pub(crate) vaultctl: &'a Path,
    pub(crate) directory: PathBuf,
    pub(crate) passwords: PathBuf,
}

impl Office<'_> {
    /// Calls as this account, or as the operator; gives the answer and how long it took.
    pub(crate) fn call(
        &self,
        account: &str,
        words: &[&str],
    ) -> Result<(serde_json::Value, Duration)> {
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

    /// Has everybody appointed, each with a password of his own.
    pub(crate) fn hire(&self) -> Result<()> {
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
}
