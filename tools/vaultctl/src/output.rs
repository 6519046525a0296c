//! Data to stdout, everything else to stderr.
//!
//! Promises: a whole line or document in one write; never panics on a closed pipe. Never escapes:
//! texts come from the catalogue, which does.

use serde_json::Value;
use std::io::{self, Write};

/// Writes lines of data.
pub(crate) fn data(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes one line of data.
pub(crate) fn line(text: &str) -> io::Result<()> {
    data(&format!("{text}\n"))
}

/// Writes one JSON document on one line.
pub(crate) fn json(document: &Value) -> io::Result<()> {
    line(&document.to_string())
}

/// Tells people something beside the data. Where stderr is gone there is nobody to tell.
pub(crate) fn note(text: &str) {
    let _untold = writeln!(io::stderr().lock(), "{text}");
}
