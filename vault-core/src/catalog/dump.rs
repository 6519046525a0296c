//! The catalogue as text: one line for each row of each folded table, in the order of its key.
//!
//! A line is the table's name, a space, and the row as a list of canonical JSON, bytes in hex.
//! SQLite and PostgreSQL print the same text for the same ledger. The queue is not part of it.

use super::Catalog;
use super::bulk::{Cell, Kind};
use super::database::Session;
use super::door::end_of;
use super::tables::{self, Table};
use crate::fault::{Code, Fault, Outcome};
use vault_proof::canonical::{self, Value};

/// Copies listed at a time: the view sorts all of them for each page.
const COPIES_AT_ONCE: i64 = 50_000;

/// What a backup says of the catalogue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Snapshot {
    pub(crate) events: u64,
    /// BLAKE3 of the dump.
    pub(crate) digest: blake3::Hash,
    /// Copies that were listed.
    pub(crate) objects: u64,
}

/// Rows read at a time: memory stays flat however long the table is.
const ROWS_AT_ONCE: i64 = 2_000;

impl Catalog {
    /// Hands each line, without its end, to `each`. All of it is read as of one moment.
    pub async fn dump(&self, each: &mut (dyn FnMut(&str) -> Outcome<()> + Send)) -> Outcome<()> {
        dump(&mut self.database.read().await?, each).await
    }

    /// How many events there are, the digest of the dump, and each copy that is kept, as one line
    /// to `each`: store, object, bytes, manifest, `recording` or `object`. All of one moment.
    pub(crate) async fn snapshot(
        &self,
        each: &mut (dyn FnMut(&str) -> Outcome<()> + Send),
    ) -> Outcome<Snapshot> {
        let mut session = self.database.read().await?;
        let (events, _) = end_of(&mut session).await?;
        let mut hasher = blake3::Hasher::new();
        dump(&mut session, &mut |line| {
            hasher.update(line.as_bytes()).update(b"\n");
            Ok(())
        })
        .await?;
        let mut objects = 0;
        let (i, t) = (Kind::Integer, Kind::Text);
        let sql = "SELECT store, object, bytes, manifest, kind FROM kept_copies \
             WHERE (store, object) > ($1, $2) ORDER BY store, object LIMIT $3";
        let mut after = vec![Cell::Text(String::new()), Cell::Text(String::new())];
        loop {
            let cells = [after.clone(), vec![COPIES_AT_ONCE.into()]].concat();
            let rows = session.fetch(sql, &cells, &[t, t, i, t, t]).await?;
            let Some(last) = rows.last() else { break };
            after = last.get(..2).unwrap_or_default().to_vec();
            for row in &rows {
                let words: Vec<String> = row.iter().map(plain).collect();
                each(&words.join(" "))?;
                objects += 1;
            }
        }
        Ok(Snapshot { events, digest: hasher.finalize(), objects })
    }

    /// BLAKE3 of the dump, each line ended by a line feed.
    pub async fn digest(&self) -> Outcome<blake3::Hash> {
        let mut hasher = blake3::Hasher::new();
        self.dump(&mut |line| {
            hasher.update(line.as_bytes()).update(b"\n");
            Ok(())
        })
        .await?;
        Ok(hasher.finalize())
    }
}

async fn dump(
    session: &mut Session,
    each: &mut (dyn FnMut(&str) -> Outcome<()> + Send),
) -> Outcome<()> {
    for table in tables::ALL {
        let mut rows = Rows::of(table);
        while let Some(row) = rows.next(session).await? {
            each(&line(table, &row)?)?;
        }
    }
    Ok(())
}

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Integer(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Blob(bytes) => hex::encode(bytes),
    }
}

/// Compares two catalogues row by row and names the first table and key that differ.
pub(super) async fn compare(stored: &Catalog, folded: &Catalog) -> Outcome<()> {
    let mut stored_session = stored.database.read().await?;
    let mut folded_session = folded.database.read().await?;
    for table in tables::ALL {
        let (mut stored_rows, mut folded_rows) = (Rows::of(table), Rows::of(table));
        loop {
            let stored_row = stored_rows.next(&mut stored_session).await?;
            let folded_row = folded_rows.next(&mut folded_session).await?;
            match (stored_row, folded_row) {
                (None, None) => break,
                (stored_row, folded_row) if stored_row == folded_row => {}
                (stored_row, folded_row) => {
                    return Err(difference(table, stored_row.as_ref(), folded_row.as_ref()));
                }
            }
        }
    }
    Ok(())
}

/// Which row is missing, too much, or not the same.
fn difference(table: &Table, stored: Option<&Vec<Cell>>, folded: Option<&Vec<Cell>>) -> Fault {
    let key = |row: &Vec<Cell>| key_text(table, row);
    let (what, key) = match (stored, folded) {
        (None, None) => ("nothing", String::new()),
        (Some(row), None) => ("row too much", key(row)),
        (None, Some(row)) => ("row missing", key(row)),
        (Some(stored), Some(folded)) => {
            let (stored_key, folded_key) = (key_cells(table, stored), key_cells(table, folded));
            if stored_key == folded_key {
                let at = stored.iter().zip(folded).position(|(left, right)| left != right);
                let column = at.and_then(|at| table.columns.get(at)).map_or("", |column| column.0);
                (column, key(folded))
            } else if precedes(stored_key, folded_key) {
                ("row too much", key(stored))
            } else {
                ("row missing", key(folded))
            }
        }
    };
    Fault::new(Code::CatalogueDisagrees)
        .with("table", table.name)
        .with("key", key)
        .with("what", what)
}

fn key_cells<'row>(table: &Table, row: &'row [Cell]) -> &'row [Cell] {
    row.get(..table.n_key).unwrap_or(row)
}

fn key_text(table: &Table, row: &[Cell]) -> String {
    key_cells(table, row).iter().map(plain).collect::<Vec<_>>().join(":")
}

/// The order of keys; kinds agree, because both sides were read by the same list of columns.
fn precedes(left: &[Cell], right: &[Cell]) -> bool {
    for pair in left.iter().zip(right) {
        let order = match pair {
            (Cell::Integer(left), Cell::Integer(right)) => left.cmp(right),
            (Cell::Text(left), Cell::Text(right)) => left.cmp(right),
            (Cell::Blob(left), Cell::Blob(right)) => left.cmp(right),
            _ => std::cmp::Ordering::Equal,
        };
        if order.is_ne() {
            return order.is_lt();
        }
    }
    false
}

fn line(table: &Table, row: &[Cell]) -> Outcome<String> {
    let values = row.iter().map(|cell| match cell {
        Cell::Integer(number) => Value::Integer(*number),
        Cell::Text(text) => Value::text(text),
        Cell::Blob(bytes) => Value::Text(hex::encode(bytes)),
    });
    let list = canonical::encode(&Value::List(values.collect()));
    let text = String::from_utf8(list)
        .map_err(|error| Fault::new(Code::Internal).with("what", "dump").caused_by(error))?;
    Ok(format!("{} {text}", table.name))
}

/// The rows of a table in the order of its key, a page at a time.
struct Rows<'table> {
    table: &'table Table,
    kinds: Vec<Kind>,
    page: std::vec::IntoIter<Vec<Cell>>,
    last_key: Option<Vec<Cell>>,
    ended: bool,
}

impl<'table> Rows<'table> {
    fn of(table: &'table Table) -> Self {
        let (kinds, page) = (table.kinds(), Vec::new().into_iter());
        Self { table, kinds, page, last_key: None, ended: false }
    }

    async fn next(&mut self, session: &mut Session) -> Outcome<Option<Vec<Cell>>> {
        if self.page.len() == 0 && !self.ended {
            self.page = self.turn(session).await?.into_iter();
        }
        let row = self.page.next();
        if let Some(row) = &row {
            self.last_key = Some(key_cells(self.table, row).to_vec());
        }
        Ok(row)
    }

    async fn turn(&mut self, session: &mut Session) -> Outcome<Vec<Vec<Cell>>> {
        let (name, columns, key) = (self.table.name, self.table.names(), self.table.key_names());
        let mut cells = self.last_key.clone().unwrap_or_default();
        let condition = if cells.is_empty() {
            String::new()
        } else {
            let marks: Vec<_> = (1..=cells.len()).map(|at| format!("${at}")).collect();
            format!("WHERE ({key}) > ({}) ", marks.join(", "))
        };
        let sql = format!(
            "SELECT {columns} FROM {name} {condition}ORDER BY {key} LIMIT ${}",
            cells.len() + 1
        );
        cells.push(ROWS_AT_ONCE.into());
        let rows = session.fetch(&sql, &cells, &self.kinds).await?;
        self.ended = i64::try_from(rows.len()).is_ok_and(|n_rows| n_rows < ROWS_AT_ONCE);
        Ok(rows)
    }
}
