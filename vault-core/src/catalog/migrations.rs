//! The schema of the catalogue and its versions.
//!
//! Migrations only go up, each in one transaction; a catalogue of a newer version than this
//! program knows is refused, never guessed at.

use super::bulk::{Cell, Kind};
use super::database::{Database, Session};
use crate::fault::{Code, Fault, Outcome};

/// The scripts in order, for SQLite and PostgreSQL; the version is the number of the last.
const SCRIPTS: &[(&str, &str)] = &[
    (
        include_str!("../../migrations/sqlite/0001_catalogue.sql"),
        include_str!("../../migrations/postgres/0001_catalogue.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0002_media.sql"),
        include_str!("../../migrations/postgres/0002_media.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0003_people.sql"),
        include_str!("../../migrations/postgres/0003_people.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0010_scrub.sql"),
        include_str!("../../migrations/postgres/0010_scrub.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0011_stores.sql"),
        include_str!("../../migrations/postgres/0011_stores.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0012_disposal.sql"),
        include_str!("../../migrations/postgres/0012_disposal.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0013_inspection.sql"),
        include_str!("../../migrations/postgres/0013_inspection.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0014_oversight.sql"),
        include_str!("../../migrations/postgres/0014_oversight.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0020_copies.sql"),
        include_str!("../../migrations/postgres/0020_copies.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0022_volumes.sql"),
        include_str!("../../migrations/postgres/0022_volumes.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0023_backup.sql"),
        include_str!("../../migrations/postgres/0023_backup.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0024_tiers.sql"),
        include_str!("../../migrations/postgres/0024_tiers.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0025_inspection_items.sql"),
        include_str!("../../migrations/postgres/0025_inspection_items.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0026_reminders.sql"),
        include_str!("../../migrations/postgres/0026_reminders.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0027_figures.sql"),
        include_str!("../../migrations/postgres/0027_figures.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0028_populations.sql"),
        include_str!("../../migrations/postgres/0028_populations.sql"),
    ),
];

/// Any number, the same in every process: they take turns in bringing the schema up.
const MIGRATION_LOCK: i64 = 0x4556_4341_5441;

/// Makes the schema in an empty place.
pub(super) async fn create(database: &Database) -> Outcome<()> {
    let mut session = database.write().await?;
    take_turn(&mut session).await?;
    if version(&mut session).await?.is_some() {
        return Err(Fault::new(Code::DirectoryNotEmpty).with("what", "catalogue"));
    }
    run_from(&mut session, 0).await?;
    session.commit().await
}

/// Brings an existing schema to the version this program knows.
pub(super) async fn bring_up(database: &Database) -> Outcome<()> {
    let mut reading = database.read().await?;
    if judge(version(&mut reading).await?)? == SCRIPTS.len() {
        return Ok(());
    }
    drop(reading);
    let mut session = database.write().await?;
    take_turn(&mut session).await?;
    let present = judge(version(&mut session).await?)?;
    run_from(&mut session, present).await?;
    session.commit().await
}

async fn take_turn(session: &mut Session) -> Outcome<()> {
    if matches!(session, Session::Postgres(_)) {
        let sql = "SELECT 1::bigint FROM (SELECT pg_advisory_xact_lock($1)) AS turn";
        session.fetch(sql, &[Cell::Integer(MIGRATION_LOCK)], &[Kind::Integer]).await?;
    }
    Ok(())
}

fn judge(version: Option<i64>) -> Outcome<usize> {
    let known = SCRIPTS.len();
    let damaged = || Fault::new(Code::CatalogueDamaged).with("what", "schema version");
    let version = usize::try_from(version.ok_or_else(damaged)?).map_err(|_| damaged())?;
    if version > known {
        let newer = Fault::new(Code::VaultTooNew).with("found", version);
        return Err(newer.with("known", known));
    }
    Ok(version)
}

/// The version of the schema; `None` where there is none.
async fn version(session: &mut Session) -> Outcome<Option<i64>> {
    let present = match session {
        Session::Sqlite(_) => {
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'"
        }
        Session::Postgres(_) => {
            "SELECT CASE WHEN to_regclass('schema_version') IS NULL THEN 0 ELSE 1 END::bigint"
        }
    };
    let found = session.fetch(present, &[], &[Kind::Integer]).await?;
    if found.into_iter().flatten().next() != Some(Cell::Integer(1)) {
        return Ok(None);
    }
    let sql = "SELECT version FROM schema_version";
    let rows = session.fetch(sql, &[], &[Kind::Integer]).await?;
    match rows.into_iter().flatten().collect::<Vec<_>>().as_slice() {
        [Cell::Integer(version)] => Ok(Some(*version)),
        _ => Err(Fault::new(Code::CatalogueDamaged).with("what", "schema version")),
    }
}

async fn run_from(session: &mut Session, present: usize) -> Outcome<()> {
    for (sqlite, postgres) in SCRIPTS.iter().skip(present) {
        let script = match session {
            Session::Sqlite(_) => sqlite,
            Session::Postgres(_) => postgres,
        };
        session.execute_script(script).await?;
    }
    let version = i64::try_from(SCRIPTS.len())
        .map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    session.execute("UPDATE schema_version SET version = $1", &[Cell::Integer(version)]).await?;
    Ok(())
}
