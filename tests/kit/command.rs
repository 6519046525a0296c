//! The operator's program as tests call it: a vault directory, a call, an answer.
//!
//! Promises: the program is the one of this workspace, built as the tests are; the environment of
//! the caller names no vault. Never interprets what the program says beyond reading its JSON.

use crate::program::built;
use anyhow::Context;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// Labels that any file may be taken in with.
pub const LABELS: [&str; 8] =
    ["--case", "一号", "--counterpart", "某", "--handler", "张", "--activity", "other"];

/// A call takes seconds; one of minutes hangs.
const CALL_MAX: Duration = Duration::from_secs(240);

/// Every thread of a process, with where in the kernel it waits.
fn waiting_where(pid: u32) -> String {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let told = |task: std::fs::DirEntry| {
        let read = |name| std::fs::read_to_string(task.path().join(name)).unwrap_or_default();
        format!("{} {} {}", read("comm").trim(), read("wchan").trim(), read("syscall").trim())
    };
    tasks.map(told).collect::<Vec<_>>().join("; ")
}

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

    /// Calls and waits, but not without end: a call that hangs is ended, and where it hung is told.
    pub fn call(&self, arguments: &[&str]) -> anyhow::Result<Answer> {
        let mut command = self.command(arguments);
        let called = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let called = called.context("vaultctl does not start")?;
        let pid = called.id();
        let (ended, answer) = std::sync::mpsc::channel();
        std::thread::spawn(move || ended.send(called.wait_with_output()));
        let Ok(output) = answer.recv_timeout(CALL_MAX) else {
            let threads = waiting_where(pid);
            Command::new("kill").args(["-9", &pid.to_string()]).status()?;
            anyhow::bail!("{arguments:?} hung; its threads: {threads}");
        };
        Ok(output?.into())
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
