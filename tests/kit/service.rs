//! The service as a process, and `curl` as the client nobody here wrote.

use crate::program::{built, free_port};
use anyhow::{Context, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Long enough for a debug build on a busy machine.
const START_WAIT: Duration = Duration::from_secs(60);

/// The service on a vault, with what its clients keep.
#[derive(Debug)]
pub struct Service {
    vault: PathBuf,
    port: u16,
    plain: bool,
    config: Option<PathBuf>,
    process: Child,
    jars: TempDir,
}

/// What a call answered.
#[derive(Debug, Default)]
pub struct Reply {
    /// The status; 0 where there was none.
    pub status: u16,
    /// Fields of the head, their names in small letters.
    pub fields: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The code of a problem; empty where it is none.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// A field of the head.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// A name that plain services answer to, beside their address.
pub const INTRANET: &str = "evidence.intranet";

/// What the service says, and what it puts down for a while, in the directory of its clients.
const LOG: &str = "service.log";
const TEMPORARY: &str = "temporary";

fn start(
    vault: &Path,
    (port, plain): (u16, bool),
    config: Option<&Path>,
    kept: &Path,
) -> anyhow::Result<Child> {
    let mut command = Command::new(built("vault-server")?);
    command.arg("--vault").arg(vault).args(["--listen", &format!("127.0.0.1:{port}")]);
    if plain {
        // As on an office's network: a browser trusts no such name as it does its own address.
        command.args(["--tls", "off", "--name", &format!("{INTRANET}:{port}")]);
    }
    if let Some(file) = config {
        command.arg("--config").arg(file);
    }
    built("vault-media")?;
    let log = File::options().create(true).append(true).open(kept.join(LOG))?;
    std::fs::create_dir_all(kept.join(TEMPORARY))?;
    command.env("TMPDIR", kept.join(TEMPORARY));
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    child.spawn().context("the service does not start")
}

impl Service {
    /// Starts the service on a vault, under TLS or without.
    pub fn on(vault: &Path, plain: bool) -> anyhow::Result<Self> {
        Self::configured(vault, plain, |_| String::new())
    }

    /// Starts it with a configuration file, which is told its port; none if it is empty.
    pub fn configured(
        vault: &Path,
        plain: bool,
        config: impl FnOnce(u16) -> String,
    ) -> anyhow::Result<Self> {
        let port = free_port()?;
        let jars = tempfile::tempdir()?;
        let text = config(port);
        let file = jars.path().join("vault-server.toml");
        std::fs::write(&file, &text)?;
        let config = (!text.is_empty()).then_some(file);
        let process = start(vault, (port, plain), config.as_deref(), jars.path())?;
        let vault = vault.to_owned();
        let mut service = Self { vault, port, plain, config, process, jars };
        service.wait()?;
        Ok(service)
    }

    fn wait(&mut self) -> anyhow::Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < START_WAIT {
            if self.call("", "GET", "/healthz", &[]).status == 200 {
                return Ok(());
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("the service ended at once: {status}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("the service did not answer within {START_WAIT:?}")
    }

    /// Kills it without warning and starts it again on the same port.
    pub fn killed(&mut self) -> anyhow::Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        let (at, config) = ((self.port, self.plain), self.config.as_deref());
        self.process = start(&self.vault, at, config, self.jars.path())?;
        self.wait()
    }

    /// Where it is.
    pub fn url(&self) -> String {
        let scheme = if self.plain { "http" } else { "https" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// What it said until now.
    pub fn log(&self) -> anyhow::Result<String> {
        Ok(std::fs::read_to_string(self.jars.path().join(LOG))?)
    }

    /// Where it puts down what it needs for a while.
    pub fn temporary(&self) -> PathBuf {
        self.jars.path().join(TEMPORARY)
    }

    /// The `curl` of a person: his cookies, and nothing else.
    pub fn curl(&self, person: &str, words: &[&str]) -> Command {
        let mut command = Command::new("curl");
        command.args(["--silent", "--insecure", "--max-time", "120"]);
        if !person.is_empty() {
            let jar = self.jars.path().join(person);
            command.arg("--cookie").arg(&jar).arg("--cookie-jar").arg(&jar);
        }
        command.args(words).stdin(Stdio::null());
        command
    }

    /// What a person's browser would send as its session.
    pub fn cookie(&self, person: &str) -> anyhow::Result<String> {
        let jar = std::fs::read_to_string(self.jars.path().join(person))?;
        let mut values = jar.lines().rev().filter_map(|line| {
            let line = line.trim_start_matches("#HttpOnly_");
            let mut cells = line.split('\t').skip(5);
            let (name, value) = (cells.next()?, cells.next()?);
            ["vault", "__Host-vault"].contains(&name).then(|| format!("{name}={value}"))
        });
        values.next().context("no session")
    }

    /// Calls a path and reads the answer.
    pub fn call(&self, person: &str, method: &str, path: &str, words: &[&str]) -> Reply {
        let address = format!("{}{path}", self.url());
        let mut all = vec!["--include", "--header", "Expect:"];
        all.extend(if method == "HEAD" { ["--head", "-sS"] } else { ["--request", method] });
        all.extend(words);
        all.push(&address);
        let output = self.curl(person, &all).output();
        output.map(|output| read(&output.stdout)).unwrap_or_default()
    }

    /// Sends JSON.
    pub fn send(&self, person: &str, method: &str, path: &str, body: &Value) -> Reply {
        let body = body.to_string();
        let words = ["--header", "content-type: application/json", "--data-binary", &body];
        self.call(person, method, path, &words)
    }

    /// Asks for JSON.
    pub fn ask(&self, person: &str, path: &str) -> Value {
        self.call(person, "GET", path, &[]).json()
    }

    /// Signs a person in.
    pub fn sign_in(&self, person: &str, password: &str) -> Reply {
        let shown = serde_json::json!({ "login": person, "password": password });
        self.send(person, "POST", "/api/v1/session", &shown)
    }
}

/// The last of the answers that curl printed: interim ones come before it.
fn read(bytes: &[u8]) -> Reply {
    let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Reply::default();
    };
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let status: u16 = status.parse().unwrap_or(0);
    if (100..200).contains(&status) {
        return read(&bytes[at + 4..]);
    }
    let fields = lines.filter_map(|line| line.split_once(':'));
    let fields = fields.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
    Reply { status, fields: fields.collect(), body: bytes[at + 4..].to_vec() }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
