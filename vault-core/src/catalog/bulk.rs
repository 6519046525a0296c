//! Many rows in one statement, on both databases.
//!
//! Row by row through the driver costs 55 µs each; a set costs under two. A statement is written
//! once, over a common table `batch` that stands for the rows given: on PostgreSQL they travel as
//! one array for each column, on SQLite as bound rows of `VALUES`. Only these texts are put
//! together at run time, from constants of this crate; values are always bound.

use super::database::{Session, fault_of};
use crate::fault::{Code, Fault, Outcome};
use sqlx::{AssertSqlSafe, Row as _};
use std::fmt::Write;

/// One value. The catalogue knows no others, and no nulls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// Which kind of value a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whole numbers.
    Integer,
    /// Text.
    Text,
    /// Bytes.
    Blob,
}

/// A column of a batch or a table.
pub(crate) type Column = (&'static str, Kind);

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<&str> for Cell {
    /// PostgreSQL holds no zero character in a text; the payload keeps the original.
    fn from(text: &str) -> Self {
        Self::Text(text.replace('\0', "\u{fffd}"))
    }
}

impl From<&[u8]> for Cell {
    fn from(bytes: &[u8]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

/// Rows bound into one SQLite statement at most: few distinct statements are prepared, and the
/// number of bound values stays far below SQLite's limit of 32,766.
const ROWS_AT_ONCE: usize = 256;

/// Runs `statement` over the rows; `{batch}` in it stands for the definition of `batch`. Returns
/// how many rows were changed.
pub(crate) async fn execute(
    session: &mut Session,
    statement: &str,
    columns: &[Column],
    rows: &[Vec<Cell>],
) -> Outcome<u64> {
    let mut changed = 0;
    for part in parts(session, rows) {
        let sql = AssertSqlSafe(compose(session, statement, columns, part.len()));
        changed += match session {
            Session::Sqlite(connection) => bind_rows(sqlx::query(sql), part)
                .execute(&mut **connection)
                .await
                .map_err(fault_of)?
                .rows_affected(),
            Session::Postgres(connection) => bind_columns(sqlx::query(sql), columns, part)?
                .execute(&mut **connection)
                .await
                .map_err(fault_of)?
                .rows_affected(),
        };
    }
    Ok(changed)
}

/// As `execute`, and returns rows of the kinds in `answer`, in no particular order.
pub(crate) async fn fetch(
    session: &mut Session,
    statement: &str,
    columns: &[Column],
    rows: &[Vec<Cell>],
    answer: &[Kind],
) -> Outcome<Vec<Vec<Cell>>> {
    let mut found = Vec::new();
    for part in parts(session, rows) {
        let sql = AssertSqlSafe(compose(session, statement, columns, part.len()));
        match session {
            Session::Sqlite(connection) => {
                let query = bind_rows(sqlx::query(sql), part);
                for row in query.fetch_all(&mut **connection).await.map_err(fault_of)? {
                    found.push(sqlite_cells(&row, answer)?);
                }
            }
            Session::Postgres(connection) => {
                let query = bind_columns(sqlx::query(sql), columns, part)?;
                for row in query.fetch_all(&mut **connection).await.map_err(fault_of)? {
                    found.push(postgres_cells(&row, answer)?);
                }
            }
        }
    }
    Ok(found)
}

/// PostgreSQL takes all rows at once; SQLite takes parts whose sizes are powers of two, so that
/// nine prepared statements serve every number of rows.
fn parts<'rows>(session: &Session, rows: &'rows [Vec<Cell>]) -> Vec<&'rows [Vec<Cell>]> {
    if rows.is_empty() {
        return Vec::new();
    }
    if matches!(session, Session::Postgres(_)) {
        return vec![rows];
    }
    let mut parts = Vec::new();
    let mut rest = rows;
    let mut size = ROWS_AT_ONCE;
    while !rest.is_empty() {
        while size > rest.len() {
            size /= 2;
        }
        let (part, after) = rest.split_at(size);
        parts.push(part);
        rest = after;
    }
    parts
}

fn compose(session: &Session, statement: &str, columns: &[Column], n_rows: usize) -> String {
    let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
    let mut batch = format!("batch({}) AS (", names.join(", "));
    // Writing to a String cannot fail.
    match session {
        Session::Sqlite(_) => {
            batch.push_str("VALUES ");
            for row in 0..n_rows {
                batch.push_str(if row == 0 { "(" } else { ",(" });
                // Without numbers: SQLite keeps numbered ones in a list that it walks for each.
                for column in 0..columns.len() {
                    batch.push_str(if column == 0 { "?" } else { ",?" });
                }
                batch.push(')');
            }
        }
        Session::Postgres(_) => {
            batch.push_str("SELECT * FROM unnest(");
            for (at, (_, kind)) in columns.iter().enumerate() {
                let comma = if at == 0 { "" } else { "," };
                let array = match kind {
                    Kind::Integer => "bigint[]",
                    Kind::Text => "text[]",
                    Kind::Blob => "bytea[]",
                };
                write!(batch, "{comma}${}::{array}", at + 1).ok();
            }
            batch.push(')');
        }
    }
    batch.push(')');
    statement.replace("{batch}", &batch)
}

type SqliteQuery<'rows> = sqlx::query::Query<'rows, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;
type PostgresQuery<'rows> = sqlx::query::Query<'rows, sqlx::Postgres, sqlx::postgres::PgArguments>;

fn bind_rows<'rows>(query: SqliteQuery<'rows>, rows: &'rows [Vec<Cell>]) -> SqliteQuery<'rows> {
    rows.iter().flatten().fold(query, bind_sqlite)
}

/// Binds one value.
pub(crate) fn bind_sqlite<'rows>(
    query: SqliteQuery<'rows>,
    cell: &'rows Cell,
) -> SqliteQuery<'rows> {
    match cell {
        Cell::Integer(number) => query.bind(*number),
        Cell::Text(text) => query.bind(text.as_str()),
        Cell::Blob(bytes) => query.bind(bytes.as_slice()),
    }
}

/// Binds one value.
pub(crate) fn bind_postgres<'rows>(
    query: PostgresQuery<'rows>,
    cell: &'rows Cell,
) -> PostgresQuery<'rows> {
    match cell {
        Cell::Integer(number) => query.bind(*number),
        Cell::Text(text) => query.bind(text.as_str()),
        Cell::Blob(bytes) => query.bind(bytes.as_slice()),
    }
}

fn bind_columns<'rows>(
    mut query: PostgresQuery<'rows>,
    columns: &[Column],
    rows: &'rows [Vec<Cell>],
) -> Outcome<PostgresQuery<'rows>> {
    let wrong = || Fault::new(Code::Internal).with("what", "kind of a bound value");
    for (at, (_, kind)) in columns.iter().enumerate() {
        let cells = rows.iter().map(|row| row.get(at).ok_or_else(wrong));
        query = match kind {
            Kind::Integer => query.bind(
                cells
                    .map(|cell| match cell? {
                        Cell::Integer(number) => Ok(*number),
                        Cell::Text(_) | Cell::Blob(_) => Err(wrong()),
                    })
                    .collect::<Outcome<Vec<i64>>>()?,
            ),
            Kind::Text => query.bind(
                cells
                    .map(|cell| match cell? {
                        Cell::Text(text) => Ok(text.as_str()),
                        Cell::Integer(_) | Cell::Blob(_) => Err(wrong()),
                    })
                    .collect::<Outcome<Vec<&str>>>()?,
            ),
            Kind::Blob => query.bind(
                cells
                    .map(|cell| match cell? {
                        Cell::Blob(bytes) => Ok(bytes.as_slice()),
                        Cell::Integer(_) | Cell::Text(_) => Err(wrong()),
                    })
                    .collect::<Outcome<Vec<&[u8]>>>()?,
            ),
        };
    }
    Ok(query)
}

/// Reads a row as values of the kinds expected.
pub(crate) fn sqlite_cells(row: &sqlx::sqlite::SqliteRow, kinds: &[Kind]) -> Outcome<Vec<Cell>> {
    let cells = kinds.iter().enumerate().map(|(at, kind)| match kind {
        Kind::Integer => row.try_get(at).map(Cell::Integer),
        Kind::Text => row.try_get(at).map(Cell::Text),
        Kind::Blob => row.try_get(at).map(Cell::Blob),
    });
    cells.collect::<Result<_, _>>().map_err(fault_of)
}

/// Reads a row as values of the kinds expected.
pub(crate) fn postgres_cells(row: &sqlx::postgres::PgRow, kinds: &[Kind]) -> Outcome<Vec<Cell>> {
    let cells = kinds.iter().enumerate().map(|(at, kind)| match kind {
        Kind::Integer => row.try_get(at).map(Cell::Integer),
        Kind::Text => row.try_get(at).map(Cell::Text),
        Kind::Blob => row.try_get(at).map(Cell::Blob),
    });
    cells.collect::<Result<_, _>>().map_err(fault_of)
}
