//! A package in a zip file: entries stored or deflated, zip64 included (APPNOTE 6.3).
//!
//! Promises that the list is the central directory's, that each local header agrees with it and
//! no two entries share bytes, and that an entry gives exactly the bytes it declares or an error.
//! Never unpacks, never writes, never follows a link, never keeps more than the directory in
//! memory. Refuses encryption, spanning and other methods.

use flate2::read::DeflateDecoder;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use vault_proof::package::{FILES_MAX, Files, Listed};

/// The largest central directory read, 128 MiB: room for `FILES_MAX` entries of the longest name.
const DIRECTORY_BYTES_MAX: u64 = 128 << 20;

/// Where the end record can begin: its 22 bytes and the longest comment from the end.
const TAIL_BYTES: u64 = 22 + 0xffff;

/// Bytes that all entries together may have, as a multiple of the file's; media hardly compress.
const RATIO_MAX: u64 = 200;

/// Below this many bytes the ratio does not matter.
const RATIO_FREE_BYTES: u64 = 1 << 30;

const LARGE: u64 = 0xffff_ffff;

#[derive(Debug, Clone)]
struct Entry {
    name: String,
    ordinary: bool,
    deflated: bool,
    /// Where its local header is.
    at: u64,
    /// Where its bytes are.
    from: u64,
    packed: u64,
    plain: u64,
}

/// A zip file.
pub(crate) struct Archive {
    path: PathBuf,
    entries: OnceLock<BTreeMap<String, Entry>>,
}

fn bad(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

/// Little-endian number of the bytes at a place.
fn number(bytes: &[u8], at: usize, length: usize) -> Result<u64> {
    let piece = bytes.get(at..at + length).ok_or_else(|| bad("cut short"))?;
    Ok(piece.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn read_at(file: &mut File, at: u64, length: u64) -> Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| bad("length"))?];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

impl Archive {
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), entries: OnceLock::new() }
    }
}

impl Files for Archive {
    fn list(&self) -> Result<Vec<Listed>> {
        let entries = entries(&mut File::open(&self.path)?)?;
        let listed = entries.iter().map(|entry| Listed {
            path: entry.name.clone(),
            bytes: entry.plain,
            ordinary: entry.ordinary,
        });
        let listed = listed.collect();
        let named = entries.into_iter().map(|entry| (entry.name.clone(), entry));
        self.entries.set(named.collect()).ok();
        Ok(listed)
    }

    fn open<'a>(&'a self, path: &str) -> Result<Box<dyn Read + 'a>> {
        let entry = self.entries.get().and_then(|entries| entries.get(path));
        let entry = entry.ok_or_else(|| bad("no such entry"))?;
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(entry.from))?;
        let packed = file.take(entry.packed);
        if entry.deflated {
            // One byte more than declared, so that too much is seen.
            return Ok(Box::new(DeflateDecoder::new(packed).take(entry.plain + 1)));
        }
        Ok(Box::new(packed))
    }
}

/// The entries that are no directories, without the top directory that they share.
fn entries(file: &mut File) -> Result<Vec<Entry>> {
    let length = file.seek(SeekFrom::End(0))?;
    let (count, from, bytes) = ending(file, length)?;
    if count > FILES_MAX as u64 * 2 || bytes > DIRECTORY_BYTES_MAX {
        return Err(bad("too many entries"));
    }
    let directory = read_at(file, from, bytes)?;
    let (mut entries, mut at) = (Vec::new(), 0);
    for _ in 0..count {
        let (entry, next) = central(&directory, at)?;
        at = next;
        entries.push(entry);
    }
    if at != directory.len() {
        return Err(bad("more in the directory than it counts"));
    }
    for entry in &mut entries {
        locate(file, entry)?;
    }
    disjoint(&entries, from)?;
    let total = entries.iter().fold(0u64, |total, entry| total.saturating_add(entry.plain));
    if total > RATIO_FREE_BYTES && total / RATIO_MAX > length {
        return Err(bad("unpacks to too much"));
    }
    entries.retain(|entry| !(entry.name.ends_with('/') && entry.plain == 0));
    strip_top(&mut entries);
    Ok(entries)
}

/// Count, place and length of the central directory.
fn ending(file: &mut File, length: u64) -> Result<(u64, u64, u64)> {
    let from = length.saturating_sub(TAIL_BYTES);
    let tail = read_at(file, from, length - from)?;
    let ends = |at: usize| number(&tail, at + 20, 2).ok().map(|comment| at as u64 + 22 + comment);
    let at = (0..tail.len().saturating_sub(21)).rev().find(|at| {
        tail.get(*at..).is_some_and(|rest| rest.starts_with(b"PK\x05\x06"))
            && ends(*at) == Some(tail.len() as u64)
    });
    let at = at.ok_or_else(|| bad("no end of a zip file"))?;
    let end_at = from + at as u64;
    let (count, bytes) = (number(&tail, at + 10, 2)?, number(&tail, at + 12, 4)?);
    let start = number(&tail, at + 16, 4)?;
    if number(&tail, at + 4, 4)? != 0 || number(&tail, at + 8, 2)? != count {
        return Err(bad("spanned"));
    }
    let (count, start, bytes, directory_end) =
        if count == 0xffff || bytes == LARGE || start == LARGE {
            let locator_at = end_at.checked_sub(20).ok_or_else(|| bad("no zip64 locator"))?;
            let locator = read_at(file, locator_at, 20)?;
            let record_at = number(&locator, 8, 8)?;
            if !locator.starts_with(b"PK\x06\x07") || record_at.checked_add(56) != Some(locator_at)
            {
                return Err(bad("no zip64 record"));
            }
            let record = read_at(file, record_at, 56)?;
            if !record.starts_with(b"PK\x06\x06") || number(&record, 16, 8)? != 0 {
                return Err(bad("no zip64 record"));
            }
            (number(&record, 32, 8)?, number(&record, 48, 8)?, number(&record, 40, 8)?, record_at)
        } else {
            (count, start, bytes, end_at)
        };
    if start.checked_add(bytes) != Some(directory_end) {
        return Err(bad("something between directory and end"));
    }
    Ok((count, start, bytes))
}

/// One entry of the central directory, and where the next begins.
fn central(directory: &[u8], at: usize) -> Result<(Entry, usize)> {
    let head = directory.get(at..at + 46).ok_or_else(|| bad("cut short"))?;
    let (flags, method) = (number(head, 8, 2)?, number(head, 10, 2)?);
    if !head.starts_with(b"PK\x01\x02") || flags & 0x2041 != 0 || ![0, 8].contains(&method) {
        return Err(bad("encrypted, or of another method"));
    }
    let size = |place| {
        number(head, place, 2).and_then(|size| usize::try_from(size).map_err(|_| bad("size")))
    };
    let (name_end, extra) = (at + 46 + size(28)?, size(30)?);
    let next = name_end + extra + size(32)?;
    let name = directory.get(at + 46..name_end).ok_or_else(|| bad("cut short"))?;
    let extra = directory.get(name_end..name_end + extra).ok_or_else(|| bad("cut short"))?;
    let mut wide = zip64(extra)?;
    let mut widened = |place: usize| match number(head, place, 4)? {
        LARGE => {
            let (value, rest) = wide.split_at_checked(8).ok_or_else(|| bad("no zip64 field"))?;
            wide = rest;
            number(value, 0, 8)
        }
        small => Ok(small),
    };
    let (plain, packed, local) = (widened(24)?, widened(20)?, widened(42)?);
    if method == 0 && plain != packed {
        return Err(bad("stored in another length"));
    }
    let mode = number(head, 40, 2)? & 0o170_000;
    let on_unix = number(head, 5, 1)? == 3;
    let file = !on_unix || [0, 0o100_000].contains(&mode);
    let text = std::str::from_utf8(name);
    let entry = Entry {
        ordinary: file && text.is_ok(),
        name: text.map_or_else(|_| String::from_utf8_lossy(name).into_owned(), str::to_owned),
        deflated: method == 8,
        at: local,
        from: 0,
        packed,
        plain,
    };
    Ok((entry, next))
}

/// The content of the zip64 field, or nothing.
fn zip64(mut extra: &[u8]) -> Result<&[u8]> {
    while !extra.is_empty() {
        let (id, length) = (number(extra, 0, 2)?, number(extra, 2, 2)?);
        let end = 4 + usize::try_from(length).map_err(|_| bad("size"))?;
        let field = extra.get(4..end).ok_or_else(|| bad("cut short"))?;
        if id == 1 {
            return Ok(field);
        }
        extra = extra.get(end..).unwrap_or_default();
    }
    Ok(&[])
}

/// Reads the local header: it must agree with the directory in name and method.
fn locate(file: &mut File, entry: &mut Entry) -> Result<()> {
    let head = read_at(file, entry.at, 30)?;
    let (name, extra) = (number(&head, 26, 2)?, number(&head, 28, 2)?);
    let method = number(&head, 8, 2)?;
    if !head.starts_with(b"PK\x03\x04")
        || (method == 8) != entry.deflated
        || ![0, 8].contains(&method)
    {
        return Err(bad("local header differs"));
    }
    let local_name = read_at(file, entry.at + 30, name)?;
    if entry.ordinary && local_name != entry.name.as_bytes() {
        return Err(bad("local header differs"));
    }
    entry.from = entry.at + 30 + name + extra;
    Ok(())
}

/// That no two entries share bytes, with each other or with the directory.
fn disjoint(entries: &[Entry], directory: u64) -> Result<()> {
    let mut ranges: Vec<(u64, Option<u64>)> =
        entries.iter().map(|entry| (entry.at, entry.from.checked_add(entry.packed))).collect();
    ranges.sort_unstable();
    let starts = ranges.iter().skip(1).map(|(at, _)| *at).chain([directory]);
    for ((_, end), next) in ranges.iter().zip(starts) {
        if end.is_none_or(|end| end > next) {
            return Err(bad("entries overlap"));
        }
    }
    Ok(())
}

/// Takes away the top directory, if all entries lie in one.
fn strip_top(entries: &mut [Entry]) {
    let top = |entry: &Entry| entry.name.split_once('/').map(|(top, _)| format!("{top}/"));
    let Some(first) = entries.first().and_then(top) else { return };
    if entries.iter().all(|entry| entry.name.starts_with(&first)) {
        for entry in entries {
            entry.name = entry.name.split_off(first.len());
        }
    }
}
