//! An S3 server that promises less than it seems to: Garage, one node, as a child process.
//!
//! Garage accepts `If-None-Match` and Object Lock headers and ignores them, so it stands for all
//! servers that a vault must not take for write-once.

use crate::program::{Program, cached, free_port};
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use vault_core::store::backend::s3::{S3Credentials, S3Location};

const BUCKET: &str = "evidence";

/// How long the node may take until it answers its own command line.
const READY_WAIT: Duration = Duration::from_mins(1);

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct GarageServer {
    _program: Program,
    port: u16,
    credentials: S3Credentials,
    _directory: TempDir,
}

impl GarageServer {
    /// Starts one node with one bucket and one key.
    pub fn start() -> anyhow::Result<Self> {
        let garage = cached("garage/bin/garage")?;
        let directory = TempDir::new()?;
        let port = free_port()?;
        let config = configure(directory.path(), port)?;
        let mut program =
            Program::start(Command::new(&garage).arg("-c").arg(&config).arg("server"))?;
        program.wait_for(port)?;
        let ask = |words: &[&str]| ask(&garage, &config, words);
        let begun = Instant::now();
        let node = loop {
            match ask(&["node", "id", "-q"]) {
                Ok(node) if ask(&["status"]).is_ok() => break node,
                _ if begun.elapsed() < READY_WAIT => std::thread::sleep(Duration::from_millis(100)),
                other => bail!("garage did not get ready: {other:?}"),
            }
        };
        let node = node.trim().split('@').next().context("garage gave no node id")?.to_owned();
        ask(&["layout", "assign", "-z", "one", "-c", "1G", &node])?;
        ask(&["layout", "apply", "--version", "1"])?;
        ask(&["bucket", "create", BUCKET])?;
        let key = ask(&["key", "create", "vault"])?;
        ask(&["bucket", "allow", "--read", "--write", "--owner", BUCKET, "--key", "vault"])?;
        let credentials = S3Credentials {
            access_key_id: field(&key, "Key ID")?,
            secret_access_key: field(&key, "Secret key")?,
            session_token: None,
        };
        Ok(Self { _program: program, port, credentials, _directory: directory })
    }

    /// How the product reaches it.
    pub fn location(&self) -> S3Location {
        S3Location {
            endpoint: Some(format!("http://127.0.0.1:{}", self.port)),
            region: "garage".to_owned(),
            bucket: BUCKET.to_owned(),
            prefix: "vault".to_owned(),
            allow_http: true,
            credentials: self.credentials.clone(),
        }
    }
}

/// Writes the node's configuration; everything it keeps lies in the directory.
fn configure(directory: &Path, port: u16) -> anyhow::Result<PathBuf> {
    let rpc = free_port()?;
    let text = format!(
        "metadata_dir = \"{meta}\"\ndata_dir = \"{data}\"\ndb_engine = \"sqlite\"\n\
         replication_factor = 1\nrpc_bind_addr = \"127.0.0.1:{rpc}\"\n\
         rpc_public_addr = \"127.0.0.1:{rpc}\"\nrpc_secret = \"{secret}\"\n\
         [s3_api]\ns3_region = \"garage\"\napi_bind_addr = \"127.0.0.1:{port}\"\n",
        meta = directory.join("meta").display(),
        data = directory.join("data").display(),
        secret = "5a".repeat(32),
    );
    let path = directory.join("garage.toml");
    #[expect(clippy::disallowed_methods, reason = "not a file of a vault")]
    std::fs::write(&path, text)?;
    Ok(path)
}

fn ask(garage: &Path, config: &Path, words: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new(garage);
    let answer = command.arg("-c").arg(config).args(words).stdin(Stdio::null()).output()?;
    if !answer.status.success() {
        bail!("garage {}: {}", words.join(" "), String::from_utf8_lossy(&answer.stderr));
    }
    Ok(String::from_utf8(answer.stdout)?)
}

fn field(text: &str, name: &str) -> anyhow::Result<String> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'));
    Ok(line.with_context(|| format!("garage gave no {name}"))?.trim().to_owned())
}
