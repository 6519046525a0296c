//! `record.json`, which goes with each original, and `integrity.csv`, which lists them all.
//!
//! Promises one spelling each: the record is canonical JSON, the list is made of the records and
//! of nothing else, so that a reader makes it again and compares bytes. Never holds a name that a
//! spreadsheet would take for a formula.

use super::excerpt::ExcerptFile;
use crate::canonical::{self, CanonicalError, Key, Value};
use crate::id::ContentId;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The largest `record.json`, 1 MiB: labels of a few kilobytes each, with room for the facts.
pub const RECORD_BYTES_MAX: u64 = 1 << 20;

/// What is known of one recording in the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its content id.
    pub recording: ContentId,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of the original, hex.
    pub sha256: String,
    /// SM3 of the original, hex.
    pub sm3: String,
    /// The exact name it was received under, as text.
    pub name: String,
    /// The exact bytes of that name in hex where they are no such text; else empty.
    pub name_bytes: String,
    /// The case (案号).
    pub case: String,
    /// Its format, for example `video/mp4`.
    pub format: String,
    /// Labels and facts: anything more, by name.
    pub facts: BTreeMap<Key, Value>,
}

impl Record {
    /// The bytes of the file.
    pub fn encode(&self) -> Result<Vec<u8>, CanonicalError> {
        let bytes = i64::try_from(self.bytes).ok().filter(|bytes| *bytes <= canonical::INTEGER_MAX);
        let bytes = bytes.ok_or_else(|| CanonicalError::Field("bytes".to_owned()))?;
        Ok(canonical::encode(&Value::map([
            ("bytes", Value::Integer(bytes)),
            ("case", Value::text(&self.case)),
            ("facts", Value::Map(self.facts.clone())),
            ("format", Value::text(&self.format)),
            ("name", Value::text(&self.name)),
            ("name_bytes", Value::text(&self.name_bytes)),
            ("recording", Value::text(self.recording.to_string())),
            ("sha256", Value::text(&self.sha256)),
            ("sm3", Value::text(&self.sm3)),
            ("v", Value::Integer(1)),
        ])))
    }

    /// Reads the file; refuses whatever `encode` would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut fields = canonical::parse(bytes)?.fields()?;
        if fields.integer("v")? != 1 {
            return Err(CanonicalError::Field("v".to_owned()));
        }
        let record = Self {
            recording: fields.parsed("recording")?,
            bytes: fields.count("bytes")?,
            sha256: fields.text("sha256")?,
            sm3: fields.text("sm3")?,
            name: fields.text("name")?,
            name_bytes: fields.text("name_bytes")?,
            case: fields.text("case")?,
            format: fields.text("format")?,
            facts: fields.map("facts")?.rest(),
        };
        fields.end()?;
        Ok(record)
    }
}

/// What `integrity.csv` says of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The name the recording was received under.
    pub name: String,
    /// The file's format.
    pub format: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256, hex.
    pub sha256: String,
    /// SM3, hex.
    pub sm3: String,
    /// BLAKE3.
    pub blake3: ContentId,
}

impl Record {
    /// The row of the original.
    pub fn row(&self) -> Row {
        Row {
            name: self.name.clone(),
            format: self.format.clone(),
            bytes: self.bytes,
            sha256: self.sha256.clone(),
            sm3: self.sm3.clone(),
            blake3: self.recording,
        }
    }

    /// The row of an excerpt of it.
    pub fn excerpt_row(&self, file: &ExcerptFile) -> Row {
        Row {
            format: file.format.clone(),
            bytes: file.bytes,
            sha256: file.sha256.clone(),
            sm3: file.sm3.clone(),
            blake3: file.blake3,
            ..self.row()
        }
    }
}

/// The bytes of `integrity.csv`: path of each original or excerpt and what is said of it, in the
/// statement's order. Begins with a byte order mark and ends lines with CR LF, as spreadsheets
/// want it.
pub fn integrity(rows: &[(String, Row)]) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    let heads = ["文件", "名称", "格式", "字节数", "SHA-256", "SM3", "BLAKE3"];
    text.push_str(&heads.map(cell).join(","));
    text.push_str("\r\n");
    for (path, row) in rows {
        let (id, bytes) = (row.blake3.to_string(), row.bytes.to_string());
        let cells = [path, &*row.name, &row.format, &bytes, &row.sha256, &row.sm3, &id];
        // Writing to a String cannot fail.
        write!(text, "{}\r\n", cells.map(cell).join(",")).ok();
    }
    text.into_bytes()
}

/// One cell: quoted, quotes doubled, an apostrophe before what would be taken for a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}
