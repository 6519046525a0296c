//! A PostgreSQL server for tests: Debian's, in a temporary directory, ended when dropped.
//!
//! It runs as an unprivileged user, because the server refuses root, and listens on a Unix socket
//! only, so that tests never meet on a port. A missing server is a failed test, not a skipped one.

use anyhow::{Context, Result, bail};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A running server.
#[derive(Debug)]
pub struct PostgresServer {
    directory: tempfile::TempDir,
    server: Child,
    n_databases: AtomicU32,
}

/// The directory of the newest installed version's programs.
fn programs() -> Result<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .context("PostgreSQL is not installed: apt-get install postgresql")?
        .filter_map(|entry| entry.ok().map(|entry| entry.path().join("bin")))
        .filter(|path| path.join("postgres").exists() && path.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().context("PostgreSQL's server is not installed: apt-get install postgresql")
}

/// Whoever may run the server: ourselves, or, where we are root, Debian's own user for it.
fn unprivileged() -> Result<Option<(u32, u32)>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd")?;
    let of = |name: &str| {
        let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(|field| field.parse::<u32>().ok());
        Some((numbers.next()??, numbers.next()??))
    };
    of("postgres").or_else(|| of("nobody")).map(Some).context("no unprivileged user in /etc/passwd")
}

impl PostgresServer {
    /// Starts a server with Debian's settings and these on top, each as `name=value`.
    pub fn start(settings: &[&str]) -> Result<Self> {
        let programs = programs()?;
        let user = unprivileged()?;
        let directory = tempfile::Builder::new().prefix("pg").tempdir()?;
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755))?;
        if let Some((uid, gid)) = user {
            chown(directory.path(), Some(uid), Some(gid))?;
        }
        let cluster = directory.path().join("cluster");
        let made = as_user(&programs.join("initdb"), user)
            .args(["--username=vault", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"])
            .args(["--no-sync", "--pgdata"])
            .arg(&cluster)
            .current_dir(directory.path())
            .output()?;
        if !made.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&made.stderr));
        }
        let mut command = as_user(&programs.join("postgres"), user);
        command.arg("-D").arg(&cluster).arg("-k").arg(directory.path());
        command.args(["-c", "listen_addresses=", "-c", "max_connections=60"]);
        for setting in settings {
            command.args(["-c", setting]);
        }
        let log = fs::File::create(directory.path().join("log"))?;
        let server = command
            .current_dir(directory.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let server = Self { directory, server, n_databases: AtomicU32::new(0) };
        server.wait(&programs)?;
        Ok(server)
    }

    fn wait(&self, programs: &Path) -> Result<()> {
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            let ready = Command::new(programs.join("pg_isready"))
                .arg("-q")
                .arg("-h")
                .arg(self.directory.path())
                .status()?;
            if ready.success() {
                return Ok(());
            }
            if Instant::now() > deadline {
                let log = fs::read_to_string(self.directory.path().join("log"))?;
                bail!("PostgreSQL did not start: {log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The address of a database of that name, signed in as that role.
    pub fn address(&self, role: &str, database: &str) -> String {
        let socket = self.directory.path().display().to_string().replace('/', "%2F");
        format!("postgres://{role}@{socket}/{database}")
    }

    /// Makes an empty database and gives its address.
    pub async fn database(&self) -> Result<String> {
        let number = self.n_databases.fetch_add(1, Ordering::SeqCst);
        let name = format!("vault_{number}");
        self.run(&format!("CREATE DATABASE {name}")).await?;
        Ok(self.address("vault", &name))
    }

    /// Runs a statement as the owner of the server.
    pub async fn run(&self, sql: &str) -> Result<()> {
        use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
        let address = self.address("vault", "postgres");
        let options: sqlx::postgres::PgConnectOptions = address.parse()?;
        let mut connection = options.connect().await?;
        connection.execute(AssertSqlSafe(sql.to_owned())).await?;
        connection.close().await?;
        Ok(())
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // SIGQUIT is the server's "immediate shutdown": it ends its own children and gives its
        // shared memory back, which SIGKILL would leave behind.
        let server = rustix::process::Pid::from_child(&self.server);
        if rustix::process::kill_process(server, rustix::process::Signal::QUIT).is_ok() {
            self.server.wait().ok();
        }
    }
}

fn as_user(program: &Path, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    if let Some((uid, gid)) = user {
        use std::os::unix::process::CommandExt;
        command.uid(uid).gid(gid);
    }
    command
}
