//! A place for bytes that are still being made: written in any order, read back, then gone.
//!
//! Promises: nothing in it lies on the disk in the clear, and it has no name: it vanishes with
//! the process. Its key is in memory only. Memory is one page, whatever the length. Not for
//! anything that must last.

use super::backend::StoreName;
use super::cipher::{BlockCipher, BlockPlace, SecretKey, Tag, random_bytes};
use super::stage::ObjectSource;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::BLOCK_BYTES;
use rustix::fs::{Mode, OFlags};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The page being worked on, and what is needed to write it.
struct Page {
    index: u64,
    bytes: Vec<u8>,
    changed: bool,
}

/// A spool.
pub(crate) struct Spool {
    file: File,
    cipher: BlockCipher,
    /// Of each page: how often it was written, and its tag.
    pages: Vec<(u32, Tag)>,
    page: Page,
    length: u64,
    length_max: u64,
}

fn size(bytes: u64) -> usize {
    // Lengths here are at most a page; the platform is 64-bit.
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

fn failed(error: std::io::Error) -> Fault {
    Fault::from_file(error, Path::new("spool"))
}

impl Spool {
    /// A spool for at most that many bytes, on the file system of this directory.
    pub(crate) fn new(directory: &Path, length_max: u64) -> Outcome<Self> {
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let file = rustix::fs::open(directory, flags, Mode::RUSR | Mode::WUSR)
            .map_err(|error| Fault::from_file(error.into(), directory))?;
        let cipher = BlockCipher::new(&SecretKey::random()?, StoreName(random_bytes()?))?;
        let page = Page { index: 0, bytes: vec![0; size(BLOCK_BYTES)], changed: false };
        Ok(Self { file: File::from(file), cipher, pages: Vec::new(), page, length: 0, length_max })
    }

    /// Writes bytes at a place; a place that was written before takes the new ones, and one that
    /// was left out reads as zeros.
    pub(crate) fn write_at(&mut self, offset: u64, mut bytes: &[u8]) -> Outcome<()> {
        let end = offset.saturating_add(bytes.len() as u64);
        if end > self.length_max {
            return Err(Fault::new(Code::SourceTooLarge)
                .with("bytes", end)
                .with("limit", self.length_max));
        }
        let mut at = offset;
        while !bytes.is_empty() {
            self.turn_to(at / BLOCK_BYTES)?;
            let from = size(at % BLOCK_BYTES);
            let (now, later) = bytes.split_at(bytes.len().min(self.page.bytes.len() - from));
            self.page.bytes[from..from + now.len()].copy_from_slice(now);
            self.page.changed = true;
            at += now.len() as u64;
            bytes = later;
        }
        self.length = self.length.max(end);
        Ok(())
    }

    /// Cuts everything from there on. What is written behind it later is written anew.
    pub(crate) fn cut(&mut self, at: u64) {
        self.length = self.length.min(at);
    }

    /// Makes a page the one that is worked on.
    fn turn_to(&mut self, index: u64) -> Outcome<()> {
        if self.page.index == index {
            return Ok(());
        }
        self.put_away()?;
        self.page.index = index;
        let place = self.pages.get(size(index)).copied().filter(|(written, _)| *written > 0);
        let Some((written, tag)) = place else {
            self.page.bytes.fill(0);
            return Ok(());
        };
        let mut stored = vec![0; self.page.bytes.len()];
        self.file.read_exact_at(&mut stored, index * BLOCK_BYTES).map_err(failed)?;
        let place = BlockPlace { index, generation: written, last: false };
        if !self.cipher.open(place, &stored, &tag, &mut self.page.bytes) {
            return Err(Fault::new(Code::Internal).with("what", "spool"));
        }
        Ok(())
    }

    fn put_away(&mut self) -> Outcome<()> {
        if !self.page.changed {
            return Ok(());
        }
        let index = size(self.page.index);
        if self.pages.len() <= index {
            self.pages.resize(index + 1, (0, Tag::default()));
        }
        let written = self.pages[index].0 + 1;
        let place = BlockPlace { index: self.page.index, generation: written, last: false };
        let mut sealed = self.page.bytes.clone();
        let tag = self.cipher.seal(place, &mut sealed)?;
        self.file.write_all_at(&sealed, self.page.index * BLOCK_BYTES).map_err(failed)?;
        self.pages[index] = (written, tag);
        self.page.changed = false;
        Ok(())
    }
}

impl ObjectSource for Spool {
    fn bytes(&self) -> u64 {
        self.length
    }

    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        let mut at = offset;
        let mut rest = buffer;
        while !rest.is_empty() {
            self.turn_to(at / BLOCK_BYTES)?;
            let from = size(at % BLOCK_BYTES);
            let length = rest.len().min(self.page.bytes.len() - from);
            let (now, later) = rest.split_at_mut(length);
            now.copy_from_slice(&self.page.bytes[from..from + length]);
            at += length as u64;
            rest = later;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_was_written_in_any_order_is_read_back(
            pieces in proptest::collection::vec((0u64..900_000, 1usize..400_000, any::<u8>()), 1..8)
        ) {
            let directory = tempfile::tempdir().unwrap();
            let mut spool = Spool::new(directory.path(), 2_000_000).unwrap();
            let mut model = Vec::new();
            for (offset, length, byte) in pieces {
                let from = usize::try_from(offset).unwrap();
                let bytes = vec![byte; length];
                spool.write_at(offset, &bytes).unwrap();
                model.resize(model.len().max(from + length), 0);
                model[from..from + length].copy_from_slice(&bytes);
            }
            prop_assert_eq!(spool.bytes(), model.len() as u64);
            let mut back = vec![1; model.len()];
            spool.read(0, &mut back).unwrap();
            prop_assert!(back == model);
        }
    }

    #[test]
    fn the_disk_holds_nothing_in_the_clear_and_the_limit_holds() {
        let directory = tempfile::tempdir().unwrap();
        let mut spool = Spool::new(directory.path(), 600_000).unwrap();
        spool.write_at(0, &vec![0x41; 600_000]).unwrap();
        let mut stored = vec![0; 500_000];
        spool.file.read_exact_at(&mut stored, 0).unwrap();
        assert!(!stored.windows(8).any(|window| window == [0x41; 8]));
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "it has no name");
        let fault = spool.write_at(599_999, &[1, 2]).unwrap_err();
        assert_eq!(fault.code(), Code::SourceTooLarge);
    }
}
