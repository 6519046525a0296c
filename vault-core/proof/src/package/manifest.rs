//! Manifests: lines of `digest`, two spaces, path, as `sha256sum -c` and `b3sum -c` read them.
//!
//! Promises that a manifest has one spelling: lower-case hex of one length, paths of the closed
//! alphabet in ascending byte order, each once, each line ended. Never accepts another.

use super::path;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The lines of a manifest: path to hex digest.
pub type Lines = BTreeMap<String, String>;

/// Reads a manifest whose digests have that many bytes; `None` for every other spelling.
pub fn parse(bytes: &[u8], digest_bytes: usize) -> Option<Lines> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = Lines::new();
    if text.is_empty() {
        return Some(lines);
    }
    for line in text.strip_suffix('\n')?.split('\n') {
        let (digest, name) = line.split_once("  ")?;
        let hex = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
        let good = digest.len() == digest_bytes * 2 && digest.bytes().all(hex);
        let ascends = lines.last_key_value().is_none_or(|(last, _)| last.as_str() < name);
        if !good || !ascends || !path::is_good(name) {
            return None;
        }
        lines.insert(name.to_owned(), digest.to_owned());
    }
    Some(lines)
}

/// The bytes of a manifest.
pub fn encode(lines: &Lines) -> Vec<u8> {
    let mut text = String::new();
    for (name, digest) in lines {
        // Writing to a String cannot fail.
        writeln!(text, "{digest}  {name}").ok();
    }
    text.into_bytes()
}
