//! A zip file of stored entries, zip64 where a number needs it (APPNOTE 6.3, UTF-8 names).
//!
//! Promises deterministic bytes: no times, no order but the caller's, sizes in the local headers.
//! All entries lie in one top directory, as RFC 8493 §4.1 asks. Never compresses: recordings are.

use super::sink::{Sink, demand_free, partial, taken};
use crate::fault::{Code, Fault, Outcome};
use crate::store::durable;
use crate::store::spool::Spool;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// What a field of 32 bits holds where the number is in the zip64 field.
const LARGE: u64 = 0xffff_ffff;

/// From which number on zip64 is used: values, so that a test need not write 4 GiB.
#[derive(Debug, Clone, Copy)]
struct Wide {
    number: u64,
    entries: u64,
}

const WIDE: Wide = Wide { number: LARGE, entries: 0xffff };

/// 1980-01-01 00:00, the first time a zip file can name.
const NO_TIME: [u8; 4] = [0, 0, 0x21, 0];

struct Entry {
    name: String,
    at: u64,
    bytes: u64,
    crc: crc32fast::Hasher,
    large: bool,
}

/// Where the bytes of a zip file go.
pub(super) trait Place {
    /// Writes bytes at a place.
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> Outcome<()>;

    /// Cuts everything from there on.
    fn cut(&mut self, at: u64) -> Outcome<()>;

    /// Makes everything durable and gives it its name, where it has one.
    fn finish(&mut self) -> Outcome<()>;
}

/// A file, without its name until it is whole.
pub(super) struct FilePlace {
    target: PathBuf,
    partial: PathBuf,
    file: File,
    finished: bool,
}

impl FilePlace {
    pub(super) fn create(target: &Path) -> Outcome<Self> {
        demand_free(target)?;
        let partial = partial(target)?;
        let file = durable::write_new(&partial, b"", durable::WRITTEN_ONCE)?;
        Ok(Self { target: target.to_owned(), partial, file, finished: false })
    }
}

impl Place for FilePlace {
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> Outcome<()> {
        let written = self.file.write_all_at(bytes, at);
        written.map_err(|error| Fault::from_file(error, &self.partial))
    }

    fn cut(&mut self, at: u64) -> Outcome<()> {
        self.file.set_len(at).map_err(|error| Fault::from_file(error, &self.partial))
    }

    fn finish(&mut self) -> Outcome<()> {
        self.file.sync_all().map_err(|error| Fault::from_file(error, &self.partial))?;
        if !durable::rename_if_free(&self.partial, &self.target)? {
            return Err(taken(&self.target));
        }
        self.finished = true;
        durable::sync_parent(&self.target)
    }
}

impl Drop for FilePlace {
    fn drop(&mut self) {
        if !self.finished {
            durable::remove(&self.partial).ok();
        }
    }
}

impl Place for &mut Spool {
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> Outcome<()> {
        Spool::write_at(self, at, bytes)
    }

    fn cut(&mut self, at: u64) -> Outcome<()> {
        Spool::cut(self, at);
        Ok(())
    }

    fn finish(&mut self) -> Outcome<()> {
        Ok(())
    }
}

/// A zip file being written.
pub(super) struct ZipSink<P> {
    place: P,
    wide: Wide,
    top: String,
    at: u64,
    entries: Vec<Entry>,
}

impl<P: Place> ZipSink<P> {
    pub(super) fn new(place: P, top: String) -> Self {
        Self { place, wide: WIDE, top, at: 0, entries: Vec::new() }
    }

    fn put(&mut self, bytes: &[u8]) -> Outcome<()> {
        self.place.write_at(self.at, bytes)?;
        self.at += bytes.len() as u64;
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

    fn central(&self, wide: Wide) -> Vec<u8> {
        let mut extra = Vec::new();
        if self.large {
            extra.extend(self.bytes.to_le_bytes());
            extra.extend(self.bytes.to_le_bytes());
        }
        let far = self.at >= wide.number;
        if far {
            extra.extend(self.at.to_le_bytes());
        }
        let extra_length = if extra.is_empty() { 0 } else { extra.len() as u64 + 4 };
        // Made by version 4.5 on Unix, so that the mode below counts.
        let mut bytes = b"PK\x01\x02\x2d\x03".to_vec();
        bytes.extend(self.common(extra_length));
        // No comment, disk 0, no internal attributes, mode of an ordinary file.
        bytes.extend([0; 6]);
        bytes.extend((0o100_644u32 << 16).to_le_bytes());
        bytes.extend(four(if far { LARGE } else { self.at }));
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
fn ending(count: u64, from: u64, length: u64, wide: Wide) -> Vec<u8> {
    let mut bytes = Vec::new();
    let needed = count >= wide.entries || from >= wide.number || length >= wide.number;
    if needed {
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
    // A reader turns to the zip64 record where one of these is full.
    let shown = |number| if needed { u64::MAX } else { number };
    bytes.extend(two(shown(count)));
    bytes.extend(two(shown(count)));
    bytes.extend(four(shown(length)));
    bytes.extend(four(shown(from)));
    bytes.extend([0, 0]);
    bytes
}

impl<P: Place> Sink for ZipSink<P> {
    fn begin(&mut self, path: &str, bytes: u64) -> Outcome<()> {
        let entry = Entry {
            name: format!("{}/{path}", self.top),
            at: self.at,
            bytes: 0,
            crc: crc32fast::Hasher::new(),
            large: bytes >= self.wide.number,
        };
        let header = entry.local();
        self.entries.push(entry);
        self.put(&header)
    }

    fn write(&mut self, bytes: &[u8]) -> Outcome<()> {
        let wide = self.wide;
        let entry = self.last()?;
        entry.crc.update(bytes);
        entry.bytes += bytes.len() as u64;
        if entry.bytes >= wide.number && !entry.large {
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
        self.at = at;
        self.put(&header)?;
        self.at = end;
        Ok(())
    }

    fn undo(&mut self) -> Outcome<()> {
        let Some(entry) = self.entries.pop() else { return Ok(()) };
        self.at = entry.at;
        self.place.cut(entry.at)
    }

    fn finish(&mut self) -> Outcome<()> {
        let from = self.at;
        for entry in std::mem::take(&mut self.entries) {
            self.put(&entry.central(self.wide))?;
            self.entries.push(entry);
        }
        let end = ending(self.entries.len() as u64, from, self.at - from, self.wide);
        self.put(&end)?;
        self.place.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that nobody here wrote, of the Python that every Debian has.
    const READER: &str = "import sys, zipfile\n\
        z = zipfile.ZipFile(sys.argv[1])\n\
        assert z.testzip() is None\n\
        print(*(f'{i.filename}:{z.read(i).decode()}' for i in z.infolist()))";

    fn read(path: &Path) -> String {
        let done = std::process::Command::new("python3").arg("-c").arg(READER).arg(path).output();
        let done = done.expect("python3 runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("text").trim().to_owned()
    }

    #[test]
    fn another_reader_reads_it_with_and_without_zip64_and_without_what_was_undone() {
        let scratch = tempfile::tempdir().expect("scratch");
        let numbers = [LARGE, 0, 3, 60];
        for (at, number) in numbers.into_iter().enumerate() {
            let path = scratch.path().join(format!("{at}.zip"));
            let place = FilePlace::create(&path).expect("place");
            let mut zip = ZipSink::new(place, "包".into());
            zip.wide = Wide { number, entries: 0xffff };
            for (name, text) in [("a", ""), ("b/中", "three"), ("undone", "xyz"), ("c", "last")] {
                zip.begin(name, text.len() as u64).expect("begins");
                zip.write(text.as_bytes()).expect("writes");
                if name == "undone" {
                    zip.undo().expect("undoes");
                } else {
                    zip.end().expect("ends");
                }
            }
            assert!(!path.exists());
            zip.finish().expect("finishes");
            assert_eq!(read(&path), "包/a: 包/b/中:three 包/c:last");
        }
    }
}
