//! Where the files of an image lie, and writing what belongs there.
//!
//! Promises: a file is written from its beginning to its end and no further, wherever its parts
//! lie; a file of which something is missing is found out. Never moves anything.

use super::image::{SECTOR, failed, run, xorriso};
use super::parity::CHUNK;
use crate::fault::{Code, Fault, Outcome};
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// A stretch of an image that holds a part of a file: the parts of a file follow one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The file it belongs to.
    pub(super) path: String,
    /// Where it begins in the image.
    pub(super) from: u64,
    /// Its length; the last of a file ends with it.
    pub(super) bytes: u64,
}

impl Stretch {
    /// The chunks it lies in.
    pub(super) const fn chunks(&self) -> std::ops::RangeInclusive<u64> {
        self.from / CHUNK..=(self.from + self.bytes.saturating_sub(1)) / CHUNK
    }
}

/// Where the originals of an image lie.
pub(super) fn originals(image: &Path) -> Outcome<Vec<Stretch>> {
    files_below(image, "/data")
}

pub(super) fn files_below(image: &Path, directory: &str) -> Outcome<Vec<Stretch>> {
    let mut command = xorriso();
    command.arg("-indev").arg(image).args(["-find", directory, "-type", "f", "-exec"]);
    command.args(["report_lba", "--"]);
    let text = run(command)?;
    let lines = String::from_utf8_lossy(&text).into_owned();
    let mut stretches: Vec<Stretch> = Vec::new();
    // `File data lba:  0 , 57 , 5 , 9000 , '/data/…'`: part, start, sectors, bytes of the file.
    for line in lines.lines() {
        let Some(rest) = line.strip_prefix("File data lba:") else { continue };
        let parts: Vec<&str> = rest.splitn(5, ',').map(str::trim).collect();
        let &[_, start, sectors, whole, path] = parts.as_slice() else { continue };
        let number = |text: &str| text.parse::<u64>().map_err(|_| failed("report_lba"));
        let path = path.trim_matches('\'').trim_start_matches('/').to_owned();
        let before: u64 =
            stretches.iter().rev().take_while(|one| one.path == path).map(|one| one.bytes).sum();
        let bytes = (number(sectors)? * SECTOR).min(number(whole)?.saturating_sub(before));
        stretches.push(Stretch { path, from: number(start)? * SECTOR, bytes });
    }
    Ok(stretches)
}

/// The stretches of an image that files are to be written to, by the paths of the files.
pub(super) struct Places {
    image: File,
    left: Mutex<BTreeMap<String, VecDeque<(u64, u64)>>>,
}

impl Places {
    /// Of the files of an image, all of which are to be written.
    pub(super) fn new(image: File, files: Vec<Stretch>) -> Self {
        let mut left: BTreeMap<String, VecDeque<(u64, u64)>> = BTreeMap::new();
        for Stretch { path, from, bytes } in files.into_iter().filter(|one| one.bytes > 0) {
            left.entry(path).or_default().push_back((from, bytes));
        }
        Self { image, left: Mutex::new(left) }
    }

    /// Writes one file: what `write` writes, which is to be all of it.
    pub(super) fn write(
        &self,
        file: &str,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Outcome<()>,
    ) -> Outcome<()> {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner).remove(file);
        let left = left.unwrap_or_default();
        let mut output = Placed { image: &self.image, left };
        write(&mut output)?;
        if output.left.is_empty() { Ok(()) } else { Err(Self::lacking(file)) }
    }

    /// Fails where a file was not written.
    pub(super) fn require_all(self) -> Outcome<()> {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.keys().next().map_or(Ok(()), |file| Err(Self::lacking(file)))
    }

    fn lacking(file: &str) -> Fault {
        Fault::new(Code::Internal).with("what", "volume").with("path", file)
    }
}

/// A file being written.
struct Placed<'a> {
    image: &'a File,
    left: VecDeque<(u64, u64)>,
}

impl Write for Placed<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let Some((from, left)) = self.left.front_mut() else { return Ok(0) };
        let count = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
        self.image.write_all_at(&bytes[..count], *from)?;
        *from += count as u64;
        *left -= count as u64;
        if *left == 0 {
            self.left.pop_front();
        }
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
