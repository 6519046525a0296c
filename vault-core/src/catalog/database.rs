//! The two databases behind the catalogue, and nothing of what is in them.
//!
//! SQLite: one writer at a time across processes (`BEGIN IMMEDIATE`, waiting up to the limit), a
//! few readers beside it. PostgreSQL: writers of the ledger queue at one row. Every statement
//! runs in a transaction, so that what is read together belongs together. Errors of the drivers
//! become faults here and nowhere else. Why two pools and not `sqlx::Any`:
//! `docs/decisions/0002-catalogue-driver.md`.

use super::bulk::{self, Cell, Kind};
use super::settings;
use crate::fault::{Code, Fault, Outcome};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgExecutor, PgPool, SqliteExecutor, SqlitePool,
};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Readers of SQLite at the same time; more would only wait for the same two cores.
const SQLITE_READERS: u32 = 4;

/// Pages of the catalogue that the one writer keeps: what a change looks up of two hundred thousand
/// recordings stays at hand, where the 2 MiB of SQLite are read over and over.
const SQLITE_WRITER_KIB: u32 = 16 << 10;

/// Connections one process holds to PostgreSQL; Debian's server admits 100 in all.
const POSTGRES_CONNECTIONS: u32 = 12;

/// Where a catalogue is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A database of PostgreSQL, as a `postgres://` address. May hold a password.
    Postgres(String),
}

impl fmt::Debug for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "Location({})", path.display()),
            Self::Postgres(_) => formatter.write_str("Location(postgres)"),
        }
    }
}

/// Whether the place may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    Create,
    Existing,
}

/// Connections to one of the two databases.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres { pool: PgPool, wait: Duration },
}

/// One transaction. Dropped without `commit`, it never was.
#[derive(Debug)]
pub(crate) enum Session {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Database {
    pub(super) async fn connect(
        location: &Location,
        opening: Opening,
        wait: Duration,
    ) -> Outcome<Self> {
        match location {
            Location::Sqlite(path) => Self::connect_sqlite(path.clone(), opening, wait).await,
            Location::Postgres(address) => Self::connect_postgres(address, wait).await,
        }
    }

    async fn connect_sqlite(path: PathBuf, opening: Opening, wait: Duration) -> Outcome<Self> {
        if opening == Opening::Existing && !path.is_file() {
            let missing = Fault::new(Code::CatalogueDamaged).with("what", "missing");
            return Err(missing.with("path", path.display()));
        }
        // A relative path could read as an address ("file:…") to SQLite.
        let path = std::path::absolute(&path).map_err(|error| Fault::from_file(error, &path))?;
        let read_only = opening == Opening::Existing && on_read_only_file_system(&path)?;
        if read_only && !journal_holds_changes(&path) {
            return Ok(Self::read_only_sqlite(&path, wait));
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(opening == Opening::Create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(wait)
            .disable_statement_logging();
        // Asked once outside the pools, which would hide a refusal behind their own wait.
        let mut first = options.connect().await.map_err(fault_of).map_err(|fault| {
            // A journal left by a crash cannot be folded back where nothing can be written.
            if read_only { Fault::new(Code::VaultReadOnly).caused_by(fault) } else { fault }
        })?;
        settings::demand_of_sqlite(&mut first).await?;
        first.close().await.map_err(fault_of)?;
        let pool = |connections, options| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(wait)
                // Nothing between here and a file goes stale; asking costs a change of threads.
                .test_before_acquire(false)
                .after_connect(|connection, _| {
                    Box::pin(async move {
                        settings::demand_of_sqlite(connection).await.map_err(carried)
                    })
                })
                .connect_lazy_with(options)
        };
        let writing = options.clone().pragma("cache_size", format!("-{SQLITE_WRITER_KIB}"));
        Ok(Self::Sqlite { write: pool(1, writing), read: pool(SQLITE_READERS, options) })
    }

    /// A database where nothing can be written: SQLite is told so, or it would ask for the files
    /// of its journal. Nothing is promised about writes, which all fail as `vault-read-only`.
    fn read_only_sqlite(path: &Path, wait: Duration) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .immutable(true)
            .disable_statement_logging();
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(wait)
                .connect_lazy_with(options.clone())
        };
        Self::Sqlite { write: pool(1), read: pool(SQLITE_READERS) }
    }

    /// A private database that SQLite keeps in an unlinked temporary file and forgets when it is
    /// closed: for comparing, where nothing is promised to anybody.
    pub(super) fn scratch() -> Self {
        let options = SqliteConnectOptions::new()
            .filename("")
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .disable_statement_logging();
        // The one connection is the database: it must never be exchanged for another.
        let only = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(options);
        Self::Sqlite { write: only.clone(), read: only }
    }

    async fn connect_postgres(address: &str, wait: Duration) -> Outcome<Self> {
        let options: PgConnectOptions = address.parse().map_err(|error: sqlx::Error| {
            // The address may hold a password: it is not repeated.
            Fault::new(Code::ArgumentInvalid).with("what", "database address").caused_by(error)
        })?;
        let options = options.disable_statement_logging();
        // Asked once outside the pool, which would hide a refusal behind its own wait.
        let mut first = options.connect().await.map_err(fault_of)?;
        settings::demand_of_postgres(&mut first).await?;
        first.close().await.map_err(fault_of)?;
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(wait)
            .after_connect(|connection, _| {
                Box::pin(
                    async move { settings::demand_of_postgres(connection).await.map_err(carried) },
                )
            })
            .connect_lazy_with(options);
        Ok(Self::Postgres { pool, wait })
    }

    /// A transaction for reading: everything in it is read as of one moment.
    pub(crate) async fn read(&self) -> Outcome<Session> {
        match self {
            Self::Sqlite { read, .. } => {
                read.begin_with("BEGIN DEFERRED").await.map(Session::Sqlite).map_err(fault_of)
            }
            Self::Postgres { pool, .. } => pool
                .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .await
                .map(Session::Postgres)
                .map_err(fault_of),
        }
    }

    /// Runs one query that is a transaction by itself: no other statement has to see the same.
    pub(crate) async fn fetch(
        &self,
        sql: &str,
        cells: &[Cell],
        answer: &[Kind],
    ) -> Outcome<Vec<Vec<Cell>>> {
        match self {
            Self::Sqlite { read, .. } => sqlite_rows(read, sql, cells, answer).await,
            Self::Postgres { pool, .. } => postgres_rows(pool, sql, cells, answer).await,
        }
    }

    /// A transaction for writing what is not folded: the queue, the schema.
    pub(crate) async fn write(&self) -> Outcome<Session> {
        match self {
            Self::Sqlite { write, .. } => {
                write.begin_with("BEGIN IMMEDIATE").await.map(Session::Sqlite).map_err(fault_of)
            }
            Self::Postgres { pool, wait } => {
                let mut session = pool
                    .begin_with("BEGIN ISOLATION LEVEL READ COMMITTED")
                    .await
                    .map(Session::Postgres)
                    .map_err(fault_of)?;
                let limit = Cell::Text(format!("{}ms", wait.as_millis()));
                let sql = "SELECT set_config('lock_timeout', $1, true)";
                session.fetch(sql, &[limit], &[Kind::Text]).await?;
                Ok(session)
            }
        }
    }

    /// A transaction for appending to the ledger: no other is under way, in any process.
    pub(crate) async fn append(&self) -> Outcome<Session> {
        let mut session = self.write().await?;
        if matches!(session, Session::Postgres(_)) {
            let held = session
                .fetch("SELECT id FROM writer WHERE id = 1 FOR UPDATE", &[], &[Kind::Integer])
                .await?;
            if held.len() != 1 {
                return Err(Fault::new(Code::CatalogueDamaged).with("what", "writer row"));
            }
            settings::demand_of_session(&mut session).await?;
        }
        Ok(session)
    }

    pub(super) async fn check(&self) -> Outcome<()> {
        let Self::Sqlite { .. } = self else { return Ok(()) };
        let mut session = self.read().await?;
        let findings = session.fetch("PRAGMA integrity_check", &[], &[Kind::Text]).await?;
        match findings.into_iter().flatten().next() {
            Some(Cell::Text(text)) if text == "ok" => Ok(()),
            Some(Cell::Text(text)) => Err(Fault::new(Code::CatalogueDamaged).with("what", text)),
            _ => Err(Fault::new(Code::CatalogueDamaged).with("what", "integrity check")),
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
}

impl Session {
    /// The expression that joins the texts of a column of a group, one on a line.
    pub(crate) fn lines_of(&self, column: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("group_concat({column}, char(10))"),
            Self::Postgres(_) => format!("string_agg({column}, chr(10))"),
        }
    }

    /// Runs one statement; returns how many rows were changed.
    pub(crate) async fn execute(&mut self, sql: &str, cells: &[Cell]) -> Outcome<u64> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => {
                let query = cells.iter().fold(sqlx::query(sql), bulk::bind_sqlite);
                let done = query.execute(&mut **connection).await.map_err(fault_of)?;
                Ok(done.rows_affected())
            }
            Self::Postgres(connection) => {
                let query = cells.iter().fold(sqlx::query(sql), bulk::bind_postgres);
                let done = query.execute(&mut **connection).await.map_err(fault_of)?;
                Ok(done.rows_affected())
            }
        }
    }

    /// Runs one query; returns its rows, as values of the kinds in `answer`.
    pub(crate) async fn fetch(
        &mut self,
        sql: &str,
        cells: &[Cell],
        answer: &[Kind],
    ) -> Outcome<Vec<Vec<Cell>>> {
        match self {
            Self::Sqlite(connection) => sqlite_rows(&mut **connection, sql, cells, answer).await,
            Self::Postgres(connection) => {
                postgres_rows(&mut **connection, sql, cells, answer).await
            }
        }
    }

    /// Runs the statements of a migration.
    pub(super) async fn execute_script(&mut self, script: &'static str) -> Outcome<()> {
        match self {
            Self::Sqlite(connection) => {
                sqlx::raw_sql(script).execute(&mut **connection).await.map_err(fault_of)?;
            }
            Self::Postgres(connection) => {
                sqlx::raw_sql(script).execute(&mut **connection).await.map_err(fault_of)?;
            }
        }
        Ok(())
    }

    /// Makes it durable.
    pub(crate) async fn commit(self) -> Outcome<()> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await.map_err(fault_of),
            Self::Postgres(transaction) => transaction.commit().await.map_err(fault_of),
        }
    }
}

async fn sqlite_rows<'held>(
    connection: impl SqliteExecutor<'held>,
    sql: &str,
    cells: &[Cell],
    answer: &[Kind],
) -> Outcome<Vec<Vec<Cell>>> {
    let query = sqlx::query(AssertSqlSafe(sql.to_owned()));
    let query = cells.iter().fold(query, bulk::bind_sqlite);
    let rows = query.fetch_all(connection).await.map_err(fault_of)?;
    rows.iter().map(|row| bulk::sqlite_cells(row, answer)).collect()
}

async fn postgres_rows<'held>(
    connection: impl PgExecutor<'held>,
    sql: &str,
    cells: &[Cell],
    answer: &[Kind],
) -> Outcome<Vec<Vec<Cell>>> {
    let query = sqlx::query(AssertSqlSafe(sql.to_owned()));
    let query = cells.iter().fold(query, bulk::bind_postgres);
    let rows = query.fetch_all(connection).await.map_err(fault_of)?;
    rows.iter().map(|row| bulk::postgres_cells(row, answer)).collect()
}

/// A fault on its way through the driver's pool.
fn carried(fault: Fault) -> sqlx::Error {
    sqlx::Error::Configuration(Box::new(fault))
}

/// What an error of a driver means for people.
pub(crate) fn fault_of(error: sqlx::Error) -> Fault {
    let code = match &error {
        sqlx::Error::Configuration(_) => {
            let sqlx::Error::Configuration(inner) = error else {
                return Fault::new(Code::Internal);
            };
            return match inner.downcast::<Fault>() {
                Ok(fault) => *fault,
                Err(other) => Fault::new(Code::CatalogueUnreachable).caused_by(other),
            };
        }
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            match code.parse::<u32>() {
                // SQLite's numbers have up to four digits, SQLSTATE always five characters.
                Ok(number) if code.len() < 5 => sqlite_code(number),
                _ => postgres_code(&code),
            }
        }
        sqlx::Error::PoolTimedOut => Code::CatalogueBusy,
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed => {
            Code::CatalogueUnreachable
        }
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Code::CatalogueDamaged,
        _ => Code::Internal,
    };
    Fault::new(code).caused_by(error)
}

fn on_read_only_file_system(path: &Path) -> Outcome<bool> {
    let found = rustix::fs::statvfs(path).map_err(|error| Fault::from_file(error.into(), path))?;
    Ok(found.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY))
}

/// Whether the write-ahead log beside the database is not folded back.
fn journal_holds_changes(path: &Path) -> bool {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-wal");
    std::fs::metadata(journal).is_ok_and(|found| found.len() > 0)
}

/// SQLite could not lengthen the file its connections share, which is never large: no space.
const SQLITE_NO_SPACE_TO_SHARE: u32 = 4_874;

/// The primary result codes of SQLite; the upper bytes only refine them, but for one.
fn sqlite_code(number: u32) -> Code {
    if number == SQLITE_NO_SPACE_TO_SHARE {
        return Code::DiskFull;
    }
    match number & 0xff {
        // A table that is not there: SQLite has no number of its own for it.
        1 | 11 | 14 | 26 => Code::CatalogueDamaged,
        5 | 6 => Code::CatalogueBusy,
        8 => Code::VaultReadOnly,
        10 => Code::MediumFailed,
        13 => Code::DiskFull,
        _ => Code::Internal,
    }
}

fn postgres_code(code: &str) -> Code {
    match code {
        "55P03" | "40P01" | "40001" => Code::CatalogueBusy,
        "53100" => Code::DiskFull,
        "25006" => Code::VaultReadOnly,
        "58030" => Code::MediumFailed,
        "42P01" | "42703" | "XX001" | "XX002" => Code::CatalogueDamaged,
        _ => match code.get(..2) {
            // Connection, resources, shutdown, sign-in, unknown database.
            Some("08" | "53" | "57" | "28" | "3D") => Code::CatalogueUnreachable,
            _ => Code::Internal,
        },
    }
}
