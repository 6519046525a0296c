//! The operator's program as tests call it: a vault directory, a call, an answer.
//!
//! Promises: the program is the one of this workspace, built as the tests are; the environment of
//! the caller names no vault. Never interprets what the program says beyond reading its JSON.

use crate::program::built;
use anyhow::Context;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Labels that any file may be taken in with.
pub const LABELS: [&str; 8] =
    ["--case", "一号", "--counterpart", "某", "--handler", "张", "--activity", "other"];

/// A vault and the program that works on it.
#[derive(Debug, Clone)]
pub struct Vaultctl {
    program: PathBuf,
    vault: PathBuf,
}

/// What a call answered.
#[derive(Debug)]
pub struct Answer {
    /// Exit code; −1 if a signal ended it.
    pub code: i32,
    /// Data.
    pub out: String,
    /// Progress, logs and words for people.
    pub err: String,
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Answer {
    /// Every JSON document of the answer: one over many lines, or a line each.
    pub fn documents(&self) -> Vec<Value> {
        if let Ok(whole) = serde_json::from_str(&self.out) {
            return vec![whole];
        }
        self.out.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The last JSON document, which closes the answer; null if there is none.
    pub fn last(&self) -> Value {
        self.documents().pop().unwrap_or(Value::Null)
    }

    /// The stable code of the fault that ended the call; empty if none did.
    pub fn fault(&self) -> String {
        self.last()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Vaultctl {
    /// The program of the workspace on this vault directory.
    pub fn on(vault: &Path) -> anyhow::Result<Self> {
        Ok(Self { program: built("vaultctl")?, vault: vault.to_owned() })
    }

    /// The same program on another vault directory.
    #[must_use]
    pub fn beside(&self, vault: &Path) -> Self {
        Self { program: self.program.clone(), vault: vault.to_owned() }
    }

    /// The vault directory.
    pub fn vault(&self) -> &Path {
        &self.vault
    }

    /// The program itself.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// A call that is not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--vault").arg(&self.vault).args(arguments);
        command.env_remove("EVIDENCE_VAULT").env_remove("LANG").stdin(Stdio::null());
        command
    }

    /// Calls and waits.
    pub fn call(&self, arguments: &[&str]) -> anyhow::Result<Answer> {
        Ok(self.command(arguments).output().context("vaultctl does not start")?.into())
    }

    /// Makes the vault.
    pub fn init(&self) -> anyhow::Result<Answer> {
        let path = self.vault.to_str().context("a path that is no text")?;
        self.call(&["init", path, "--json"])
    }

    /// Takes a path in, without looking into the media.
    pub fn ingest(&self, source: &Path) -> anyhow::Result<Answer> {
        self.ingest_command(source).output().map(Answer::from).context("vaultctl does not start")
    }

    /// The call that takes a path in, not started yet.
    pub fn ingest_command(&self, source: &Path) -> Command {
        let mut command = self.command(&["ingest", "--json", "--no-examine"]);
        command.args(LABELS).arg(source);
        command
    }
}
