//! The settings of the database on which promises rest: demanded, read back, refused by name.
//!
//! A receipt says that a commit is durable. With `synchronous` or `fsync` off that would be a lie,
//! so a connection on which such a setting does not hold is never used.

use super::bulk::{Cell, Kind};
use super::database::{Session, fault_of};
use crate::fault::{Code, Fault, Outcome};
use sqlx::{PgConnection, Row as _, SqliteConnection};

fn voids(setting: &str, value: &str, demanded: &str) -> Fault {
    Fault::new(Code::SettingVoidsPromise)
        .with("setting", setting)
        .with("value", value)
        .with("demanded", demanded)
}

/// Reads the settings back from a connection on which they were just made.
pub(super) async fn demand_of_sqlite(connection: &mut SqliteConnection) -> Outcome<()> {
    let row =
        sqlx::query("PRAGMA journal_mode").fetch_one(&mut *connection).await.map_err(fault_of)?;
    let mode: String = row.try_get(0).map_err(fault_of)?;
    if mode != "wal" {
        return Err(voids("journal_mode", &mode, "wal"));
    }
    let row =
        sqlx::query("PRAGMA synchronous").fetch_one(&mut *connection).await.map_err(fault_of)?;
    let level: i64 = row.try_get(0).map_err(fault_of)?;
    // 2 is FULL, 3 is EXTRA.
    if !(2..=3).contains(&level) {
        return Err(voids("synchronous", &level.to_string(), "2 (FULL)"));
    }
    let row =
        sqlx::query("PRAGMA foreign_keys").fetch_one(&mut *connection).await.map_err(fault_of)?;
    let on: i64 = row.try_get(0).map_err(fault_of)?;
    if on != 1 {
        return Err(voids("foreign_keys", &on.to_string(), "1"));
    }
    Ok(())
}

const POSTGRES_SETTINGS: &str = "SELECT current_setting('fsync'), \
     current_setting('full_page_writes'), current_setting('synchronous_commit'), \
     current_setting('server_encoding')";

/// Reads the settings of a new connection; they can differ by role and by database.
pub(super) async fn demand_of_postgres(connection: &mut PgConnection) -> Outcome<()> {
    let row = sqlx::query(POSTGRES_SETTINGS).fetch_one(&mut *connection).await.map_err(fault_of)?;
    let values: Vec<String> =
        (0..4).map(|at| row.try_get(at)).collect::<Result<_, _>>().map_err(fault_of)?;
    judge(&values)
}

/// Reads them again inside a transaction that will be acknowledged: a server may be told to change
/// them while it runs.
pub(super) async fn demand_of_session(session: &mut Session) -> Outcome<()> {
    let rows = session.fetch(POSTGRES_SETTINGS, &[], &[Kind::Text; 4]).await?;
    let values: Vec<String> = rows
        .into_iter()
        .flatten()
        .filter_map(|cell| match cell {
            Cell::Text(text) => Some(text),
            Cell::Integer(_) | Cell::Blob(_) => None,
        })
        .collect();
    judge(&values)
}

fn judge(values: &[String]) -> Outcome<()> {
    let [fsync, full_page_writes, synchronous_commit, encoding] = values else {
        return Err(Fault::new(Code::Internal).with("what", "settings"));
    };
    if fsync != "on" {
        return Err(voids("fsync", fsync, "on"));
    }
    if full_page_writes != "on" {
        return Err(voids("full_page_writes", full_page_writes, "on"));
    }
    if synchronous_commit == "off" {
        return Err(voids("synchronous_commit", synchronous_commit, "on"));
    }
    if encoding != "UTF8" {
        return Err(voids("server_encoding", encoding, "UTF8"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};

    async fn fault_with(pragmas: &'static str) -> Option<Fault> {
        let directory = tempfile::tempdir().expect("directory");
        let options = SqliteConnectOptions::new()
            .filename(directory.path().join("catalogue.sqlite"))
            .create_if_missing(true);
        let mut connection = options.connect().await.expect("connects");
        sqlx::raw_sql(pragmas).execute(&mut connection).await.expect("set");
        demand_of_sqlite(&mut connection).await.err()
    }

    #[tokio::test]
    async fn a_setting_that_voids_a_promise_is_named() {
        let good = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
        assert!(fault_with(good).await.is_none());
        for (setting, pragmas) in [
            ("synchronous", "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF"),
            ("synchronous", "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"),
            ("journal_mode", "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL"),
            (
                "foreign_keys",
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF",
            ),
        ] {
            let fault = fault_with(pragmas).await.expect("refused");
            assert_eq!(fault.code(), Code::SettingVoidsPromise, "{pragmas}");
            assert_eq!(fault.detail("setting"), Some(setting), "{pragmas}");
        }
    }

    #[test]
    fn each_setting_of_postgres_is_judged() {
        let judged = |values: [&str; 4]| judge(&values.map(str::to_owned));
        assert!(judged(["on", "on", "on", "UTF8"]).is_ok());
        for (setting, values) in [
            ("fsync", ["off", "on", "on", "UTF8"]),
            ("full_page_writes", ["on", "off", "on", "UTF8"]),
            ("synchronous_commit", ["on", "on", "off", "UTF8"]),
            ("server_encoding", ["on", "on", "on", "SQL_ASCII"]),
        ] {
            assert_eq!(judged(values).expect_err("refused").detail("setting"), Some(setting));
        }
    }
}
