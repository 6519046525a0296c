//! A zip file of stored entries, zip64 where a number needs it (APPNOTE 6.3, UTF-8 names).
//!
//! Promises deterministic bytes: no times, no order but the caller's, sizes in the local headers.
//! All entries lie in one top directory, as RFC 8493 §4.1 asks. Never compresses: recordings are.

use super::sink::{Sink, demand_free, partial, taken};
use crate::fault::{Code, Fault, Outcome};
use crate::store::durable;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const LARGE: u64 = 0xffff_ffff;

/// 1980-01-01 00:00, the first time a zip file can name.
const NO_TIME: [u8; 4] = [0, 0, 0x21, 0];

struct Entry {
    name: String,
    at: u64,
    bytes: u64,
    crc: crc32fast::Hasher,
    large: bool,
}

/// A zip file being written.
pub(super) struct ZipSink {
    target: PathBuf,
    partial: PathBuf,
    file: File,
    top: String,
    at: u64,
    entries: Vec<Entry>,
    finished: bool,
}

impl ZipSink {
    pub(super) fn create(target: &Path, top: String) -> Outcome<Self> {
        demand_free(target)?;
        let partial = partial(target)?;
        let file = durable::write_new(&partial, b"", durable::WRITTEN_ONCE)?;
        let target = target.to_owned();
        Ok(Self { target, partial, file, top, at: 0, entries: Vec::new(), finished: false })
    }

    fn put(&mut self, bytes: &[u8]) -> Outcome<()> {
        self.file.write_all(bytes).map_err(|error| Fault::from_file(error, &self.partial))?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn seek(&mut self, at: u64) -> Outcome<()> {
        let sought = self.file.seek(SeekFrom::Start(at));
        sought.map(drop).map_err(|error| Fault::from_file(error, &self.partial))?;
        self.at = at;
        Ok(())
    }

    fn last(&mut self) -> Outcome<&mut Entry> {
        let none = || Fault::new(Code::Internal).with("what", "package file");
        self.entries.last_mut().ok_or_else(none)
    }
}

fn two(number: u64) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}

fn four(number: u64) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

impl Entry {
    /// What local header and central entry share: version to extra length.
    fn common(&self, extra: u64) -> Vec<u8> {
        let shown = if self.large { LARGE } else { self.bytes };
        let mut bytes = two(if self.large { 45 } else { 20 }).to_vec();
        // Bit 11: the name is UTF-8. Method 0: stored.
        bytes.extend([0, 8, 0, 0]);
        bytes.extend(NO_TIME);
        bytes.extend(self.crc.clone().finalize().to_le_bytes());
        bytes.extend(four(shown));
        bytes.extend(four(shown));
        bytes.extend(two(self.name.len() as u64));
        bytes.extend(two(extra));
        bytes
    }

    fn local(&self) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend(self.common(if self.large { 20 } else { 0 }));
        bytes.extend(self.name.as_bytes());
        if self.large {
            bytes.extend([1, 0, 16, 0]);
            bytes.extend(self.bytes.to_le_bytes());
            bytes.extend(self.bytes.to_le_bytes());
        }
        bytes
    }

    fn central(&self) -> Vec<u8> {
        let mut extra = Vec::new();
        if self.large {
            extra.extend(self.bytes.to_le_bytes());
            extra.extend(self.bytes.to_le_bytes());
        }
        if self.at >= LARGE {
            extra.extend(self.at.to_le_bytes());
        }
        let extra_length = if extra.is_empty() { 0 } else { extra.len() as u64 + 4 };
        // Made by version 4.5 on Unix, so that the mode below counts.
        let mut bytes = b"PK\x01\x02\x2d\x03".to_vec();
        bytes.extend(self.common(extra_length));
        // No comment, disk 0, no internal attributes, mode of an ordinary file.
        bytes.extend([0; 6]);
        bytes.extend((0o100_644u32 << 16).to_le_bytes());
        bytes.extend(four(self.at));
        bytes.extend(self.name.as_bytes());
        if extra_length > 0 {
            bytes.extend([1, 0]);
            bytes.extend(two(extra.len() as u64));
            bytes.extend(extra);
        }
        bytes
    }
}

/// The end of the file: zip64 records where a number needs them, and the old record.
fn ending(count: u64, from: u64, length: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if count >= 0xffff || from >= LARGE || length >= LARGE {
        bytes.extend(b"PK\x06\x06");
        bytes.extend(44u64.to_le_bytes());
        bytes.extend([45, 3, 45, 0]);
        bytes.extend([0; 8]);
        for number in [count, count, length, from] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(b"PK\x06\x07\0\0\0\0");
        bytes.extend((from + length).to_le_bytes());
        bytes.extend(1u32.to_le_bytes());
    }
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(two(count));
    bytes.extend(two(count));
    bytes.extend(four(length));
    bytes.extend(four(from));
    bytes.extend([0, 0]);
    bytes
}

impl Sink for ZipSink {
    fn begin(&mut self, path: &str, bytes: u64) -> Outcome<()> {
        let entry = Entry {
            name: format!("{}/{path}", self.top),
            at: self.at,
            bytes: 0,
            crc: crc32fast::Hasher::new(),
            large: bytes >= LARGE,
        };
        let header = entry.local();
        self.entries.push(entry);
        self.put(&header)
    }

    fn write(&mut self, bytes: &[u8]) -> Outcome<()> {
        let entry = self.last()?;
        entry.crc.update(bytes);
        entry.bytes += bytes.len() as u64;
        if entry.bytes >= LARGE && !entry.large {
            return Err(Fault::new(Code::Internal).with("what", "length of a package file"));
        }
        self.put(bytes)
    }

    fn end(&mut self) -> Outcome<()> {
        let end = self.at;
        let (at, header) = {
            let entry = self.last()?;
            (entry.at, entry.local())
        };
        self.seek(at)?;
        self.put(&header)?;
        self.seek(end)
    }

    fn undo(&mut self) -> Outcome<()> {
        let Some(entry) = self.entries.pop() else { return Ok(()) };
        self.seek(entry.at)?;
        self.file.set_len(entry.at).map_err(|error| Fault::from_file(error, &self.partial))
    }

    fn finish(&mut self) -> Outcome<()> {
        let from = self.at;
        for entry in std::mem::take(&mut self.entries) {
            self.put(&entry.central())?;
            self.entries.push(entry);
        }
        let end = ending(self.entries.len() as u64, from, self.at - from);
        self.put(&end)?;
        self.file.sync_all().map_err(|error| Fault::from_file(error, &self.partial))?;
        if !durable::rename_if_free(&self.partial, &self.target)? {
            return Err(taken(&self.target));
        }
        self.finished = true;
        durable::sync_parent(&self.target)
    }
}

impl Drop for ZipSink {
    fn drop(&mut self) {
        if !self.finished {
            durable::remove(&self.partial).ok();
        }
    }
}
