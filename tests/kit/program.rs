//! Programs the tests start: found in the project's cache, killed when dropped.
//!
//! Never looks outside the project for a program, and never takes a program that is missing for
//! a test that passed.

use anyhow::{Context, bail};
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long a server may take to answer its port; this machine may be busy compiling.
const START_WAIT: Duration = Duration::from_mins(1);

/// A program of the project's cache, by its path there.
pub fn cached(path: &str) -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no project directory")?;
    let found = root.join(".cache").join(path);
    if !found.exists() {
        bail!("the test server .cache/{path} is missing: run tools/test, which fetches it");
    }
    Ok(found)
}

/// Says that every program of the workspace was built a moment ago; `tools/test` sets it. Asking
/// cargo again takes a second for each program of each test.
const BUILT: &str = "VAULT_PROGRAMS_BUILT";

/// A program of the workspace, built as the tests are.
pub fn built(name: &str) -> anyhow::Result<PathBuf> {
    // The tests themselves lie in target/<profile>/deps.
    let tests = std::env::current_exe()?;
    let profile = tests.ancestors().nth(2).context("no target directory")?;
    let found = profile.join(name);
    // Kept up to date by cargo itself, once for each program and test; one at a time.
    static BUILDING: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut known = BUILDING.lock().map_err(|_| anyhow::anyhow!("an earlier build failed"))?;
    if std::env::var_os(BUILT).is_some() || known.contains(name) {
        return Ok(found);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no project directory")?;
    let target = profile.parent().context("no target directory")?;
    let built = Command::new("cargo")
        .args(["build", "--quiet", "--workspace", "--bin", name, "--target-dir"])
        .arg(target)
        .current_dir(root)
        .status()?;
    if !built.success() {
        bail!("{name} does not build");
    }
    known.insert(name.to_owned());
    Ok(found)
}

/// A program of the workspace as people run it, optimised.
pub fn released(name: &str) -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no project directory")?;
    let target = std::env::current_exe()?;
    let target = target.ancestors().nth(3).context("no target directory")?.to_owned();
    let built = Command::new("cargo")
        .args(["build", "--quiet", "--release", "--workspace", "--bin", name, "--target-dir"])
        .arg(&target)
        .current_dir(root)
        .status()?;
    if !built.success() {
        bail!("{name} does not build");
    }
    Ok(target.join("release").join(name))
}

/// A port nobody listens on now.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// A running program. Killed and waited for when dropped.
#[derive(Debug)]
pub struct Program(Child);

impl Program {
    /// Starts a program without a terminal.
    pub fn start(command: &mut Command) -> anyhow::Result<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self(child.spawn().context("cannot start a test server")?))
    }

    /// Waits until something answers on the port.
    pub fn wait_for(&mut self, port: u16) -> anyhow::Result<()> {
        let begun = Instant::now();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        while begun.elapsed() < START_WAIT {
            if TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok() {
                return Ok(());
            }
            if let Some(status) = self.0.try_wait()? {
                bail!("a test server ended at once: {status}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("a test server did not answer within {START_WAIT:?}")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
