//! The index of words: rows of text and the words they are found by, on both databases.
//!
//! Not folded from the ledger but read from it a second time; it can be thrown away and made
//! anew. It is told words and never makes them (`search` does). SQLite finds through FTS5,
//! PostgreSQL through a tsvector; both then compare the folded text.

use super::Catalog;
use super::bulk::{Cell, Kind};
use super::database::Session;
use super::read::Cells;
use crate::fault::{Code, Fault, Outcome};
use vault_proof::ContentId;

/// A piece of text to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexedText {
    pub(crate) recording: ContentId,
    /// `label`, `transcript` or `marker`.
    pub(crate) source: &'static str,
    /// What it can be taken out by again: the event, or the mark.
    pub(crate) reference: String,
    pub(crate) from_ms: u64,
    pub(crate) to_ms: u64,
    pub(crate) text: String,
    pub(crate) folded: String,
    pub(crate) words: Vec<String>,
}

/// What is to be taken out of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outdated {
    pub(crate) recording: ContentId,
    pub(crate) source: &'static str,
    /// Which; all of that source if `None`.
    pub(crate) reference: Option<String>,
}

/// A place where the words stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundText {
    /// Its number; the next page begins behind it.
    pub number: i64,
    /// In which recording.
    pub recording: ContentId,
    /// `label`, `transcript` or `marker`.
    pub source: String,
    /// Begin, from the beginning of the recording.
    pub from_ms: u64,
    /// End.
    pub to_ms: u64,
    /// The text.
    pub text: String,
}

/// A question to the index: phrases of words, and the folded text they must stand in.
#[derive(Debug, Clone)]
pub(crate) struct Question<'a> {
    /// Words of each phrase; whether the last is only a beginning.
    pub(crate) phrases: Vec<(Vec<String>, bool)>,
    pub(crate) folded: &'a [String],
    pub(crate) after: i64,
    pub(crate) limit: u32,
}

impl Catalog {
    /// The number of the last event that was read for the index; -1 at the beginning.
    pub(crate) async fn indexed_upto(&self) -> Outcome<i64> {
        let mut session = self.database.read().await?;
        upto(&mut session).await
    }

    /// Takes texts out and puts texts in, and notes how far the ledger was read. False if another
    /// writer was here first; then nothing is changed.
    pub(crate) async fn index(
        &self,
        (from_seq, upto_seq): (i64, i64),
        outdated: &[Outdated],
        texts: &[IndexedText],
    ) -> Outcome<bool> {
        let mut session = self.database.append().await?;
        if upto(&mut session).await? != from_seq {
            return Ok(false);
        }
        for one in outdated {
            take_out(&mut session, one).await?;
        }
        for text in texts {
            put_in(&mut session, text).await?;
        }
        session.execute("UPDATE search_state SET upto_seq = $1", &[upto_seq.into()]).await?;
        session.commit().await?;
        Ok(true)
    }

    /// Places where all phrases stand, in the order they were indexed.
    pub(crate) async fn search(&self, question: &Question<'_>) -> Outcome<Vec<FoundText>> {
        let mut session = self.database.read().await?;
        let (matching, expression) = match session {
            Session::Sqlite(_) => (
                "JOIN search_words ON search_words.rowid = search_texts.id \
                 WHERE search_words MATCH $1",
                fts5_expression(&question.phrases),
            ),
            Session::Postgres(_) => {
                ("WHERE search_texts.words @@ $1::tsquery", tsquery_expression(&question.phrases))
            }
        };
        let mut cells: Vec<Cell> =
            vec![Cell::Text(expression), question.after.into(), i64::from(question.limit).into()];
        let mut compare = String::new();
        for (number, folded) in (4..).zip(question.folded) {
            use std::fmt::Write;
            write!(compare, " AND search_texts.folded LIKE ${number} ESCAPE '\\'").ok();
            cells.push(Cell::Text(format!("%{}%", like_escaped(folded))));
        }
        let sql = format!(
            "SELECT search_texts.id, recording, source, from_ms, to_ms, text FROM search_texts \
             {matching} AND search_texts.id > $2{compare} ORDER BY search_texts.id LIMIT $3"
        );
        let (i, t) = (Kind::Integer, Kind::Text);
        let rows = session.fetch(&sql, &cells, &[i, t, t, i, i, t]).await?;
        let row = |cells: Vec<Cell>| {
            let mut cells = Cells::of(cells);
            Ok(FoundText {
                number: cells.integer()?,
                recording: cells.id()?,
                source: cells.text()?,
                from_ms: cells.count()?,
                to_ms: cells.count()?,
                text: cells.text()?,
            })
        };
        rows.into_iter().map(row).collect()
    }
}

fn like_escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// `"证据 据链" AND "lic"*`. Words hold letters and digits only, so nothing needs escaping.
fn fts5_expression(phrases: &[(Vec<String>, bool)]) -> String {
    let one = |(words, prefix): &(Vec<String>, bool)| {
        format!("\"{}\"{}", words.join(" "), if *prefix { "*" } else { "" })
    };
    phrases.iter().map(one).collect::<Vec<_>>().join(" AND ")
}

/// `('证据' <-> '据链') & 'lic':*`.
fn tsquery_expression(phrases: &[(Vec<String>, bool)]) -> String {
    let one = |(words, prefix): &(Vec<String>, bool)| {
        let words: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
        format!("({}{})", words.join(" <-> "), if *prefix { ":*" } else { "" })
    };
    phrases.iter().map(one).collect::<Vec<_>>().join(" & ")
}

/// Positions behind this are not kept by PostgreSQL.
const POSITION_MAX: usize = 16_383;

fn tsvector(words: &[String]) -> String {
    let word = |(at, word): (usize, &String)| format!("'{word}':{}", (at + 1).min(POSITION_MAX));
    words.iter().enumerate().map(word).collect::<Vec<_>>().join(" ")
}

async fn upto(session: &mut Session) -> Outcome<i64> {
    let rows = session.fetch("SELECT upto_seq FROM search_state", &[], &[Kind::Integer]).await?;
    Cells::of(rows.into_iter().flatten().collect()).integer()
}

async fn take_out(session: &mut Session, outdated: &Outdated) -> Outcome<()> {
    let mut cells = vec![Cell::Text(outdated.recording.to_string()), Cell::from(outdated.source)];
    let mut which = "recording = $1 AND source = $2".to_owned();
    if let Some(reference) = &outdated.reference {
        which.push_str(" AND reference = $3");
        cells.push(reference.as_str().into());
    }
    if matches!(session, Session::Sqlite(_)) {
        let sql = format!(
            "DELETE FROM search_words WHERE rowid IN (SELECT id FROM search_texts WHERE {which})"
        );
        session.execute(&sql, &cells).await?;
    }
    session.execute(&format!("DELETE FROM search_texts WHERE {which}"), &cells).await?;
    Ok(())
}

async fn put_in(session: &mut Session, text: &IndexedText) -> Outcome<()> {
    let number = |count: u64| -> Outcome<Cell> {
        let count = i64::try_from(count).map_err(|error| {
            Fault::new(Code::ArgumentInvalid).with("argument", count).caused_by(error)
        })?;
        Ok(count.into())
    };
    let mut cells = vec![
        Cell::Text(text.recording.to_string()),
        text.source.into(),
        text.reference.as_str().into(),
        number(text.from_ms)?,
        number(text.to_ms)?,
        text.text.as_str().into(),
        text.folded.as_str().into(),
    ];
    let into = "INSERT INTO search_texts \
         (recording, source, reference, from_ms, to_ms, text, folded";
    if matches!(session, Session::Postgres(_)) {
        cells.push(Cell::Text(tsvector(&text.words)));
        let sql = format!("{into}, words) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::tsvector)");
        session.execute(&sql, &cells).await?;
        return Ok(());
    }
    let sql = format!("{into}) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id");
    let rows = session.fetch(&sql, &cells, &[Kind::Integer]).await?;
    let id = Cells::of(rows.into_iter().flatten().collect()).integer()?;
    let words = [id.into(), Cell::Text(text.words.join(" "))];
    session.execute("INSERT INTO search_words (rowid, words) VALUES ($1, $2)", &words).await?;
    Ok(())
}
