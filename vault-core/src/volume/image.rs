//! Images: a file system made of a bag by xorriso, parity behind it, read back (R16).
//!
//! Promises: the same bag under the same label makes the same bytes; the program that makes the
//! file system is given paths alone, never through a shell; nothing lies under the target's name
//! before it was read back whole. Leaves nothing behind but the image.

use super::parity::{CHUNK, Damaged, Image};
use super::seal::SUFFIX;
use crate::fault::{Code, Fault, Outcome};
use crate::store::durable;
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use vault_proof::ContentId;

/// Every date on a volume, so that the same bag makes the same bytes: 2020-07-01 in Beijing, in
/// the year of the regulation; nothing reads it.
const EPOCH: &str = "1593532800";

/// Bytes of a sector.
const SECTOR: u64 = 2_048;

/// How long what is being written waits before it is sent to the disk.
const SYNC_PAUSE: Duration = Duration::from_millis(100);

/// Bytes of a file system that are written or left out together.
const HOLE_BYTES: usize = 64 << 10;

/// Makes the image of a bag with its parity, first under a name in `scratch`, which the caller
/// removes; gives its length and digest. `fill` writes what the bag does not hold yet where it lies
/// in the file system. Fails where the image becomes longer than `longest`.
pub(super) fn make(
    (bag, label): (&Path, &str),
    scratch: &Path,
    (target, longest): (&Path, u64),
    fill: impl FnOnce(&Path) -> Outcome<()>,
) -> Outcome<(u64, ContentId)> {
    let partial = scratch.join("image");
    file_system(bag, label, &partial)?;
    let bytes = while_written_back(&partial, || {
        fill(&partial)?;
        add_parity(&partial)
    })?;
    if bytes > longest {
        let fault = Fault::new(Code::MediumTooShort).with("path", target.display());
        return Err(fault.with("bytes", bytes).with("limit", longest));
    }
    durable::sync_file(&partial)?;
    // What was written is what counts, not what was to be written.
    let opened = Image::open(&partial)?;
    let (damaged, digest) = rayon::join(|| opened.check(), || digest(&partial, bytes));
    if damaged? != Damaged::default() {
        return Err(failed("read back"));
    }
    let digest = digest?;
    if !durable::rename_if_free(&partial, target)? {
        return Err(Fault::new(Code::TargetTaken).with("path", target.display()));
    }
    durable::sync_parent(target)?;
    Ok((bytes, digest))
}

/// Does the work while what it wrote is on its way to the disk already, so that neither waits for
/// the other. A disk that fails meanwhile fails the work.
fn while_written_back<T>(image: &Path, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    let (ended, going) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let syncing = scope.spawn(move || {
            while going.recv_timeout(SYNC_PAUSE) == Err(RecvTimeoutError::Timeout) {
                durable::sync_file(image)?;
            }
            Ok(())
        });
        let done = work();
        drop(ended);
        syncing.join().map_err(|_| failed("sync"))??;
        done
    })
}

/// Puts parity behind a file system, in place; gives the new length. Not durable.
pub fn add_parity(image: &Path) -> Outcome<u64> {
    Image::protect(image)
}

fn failed(what: &str) -> Fault {
    Fault::new(Code::ImageToolFailed).with("what", what)
}

fn xorriso() -> Command {
    let mut command = Command::new("xorriso");
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("LC_ALL", "C.UTF-8");
    command.env("SOURCE_DATE_EPOCH", EPOCH).stdin(Stdio::null());
    command
}

/// What lies in a drive.
pub(super) struct MediumFound {
    /// Whether nothing is on it.
    pub(super) blank: bool,
    /// Bytes that can be written, where the drive says.
    pub(super) bytes: Option<u64>,
}

/// Asks a drive what lies in it.
pub(super) fn medium(drive: &str) -> Outcome<MediumFound> {
    let mut command = xorriso();
    command.arg("-outdev").arg(drive).arg("-toc");
    let text = run(command)?;
    let text = String::from_utf8_lossy(&text);
    let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let status = line("Media status : ").ok_or_else(|| failed("no medium"))?;
    // `Media blocks : 0 readable , 12219392 writable , 12219392 overall`
    let blocks = line("Media blocks : ").and_then(|line| {
        line.split(',').find_map(|part| part.trim().strip_suffix(" writable")?.parse::<u64>().ok())
    });
    let bytes = blocks.filter(|blocks| *blocks > 0).map(|blocks| blocks.saturating_mul(SECTOR));
    Ok(MediumFound { blank: status.trim() == "is blank", bytes })
}

/// Writes an image to the blank medium in a drive.
pub(super) fn burn(image: &Path, drive: &str) -> Outcome<()> {
    let mut command = xorriso();
    command.args(["-as", "cdrecord"]).arg(format!("dev={drive}"));
    // Nothing is put behind the image: its last block is the header of its parity.
    command.args(["-nopad", "padsize=0"]).arg(image);
    run(command).map(drop)
}

/// Runs it and gives what it wrote; what it said is in the fault.
fn run(mut command: Command) -> Outcome<Vec<u8>> {
    told(command.output().map_err(|error| failed("xorriso").caused_by(error))?)
}

fn told(output: Output) -> Outcome<Vec<u8>> {
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("").to_owned();
    Err(failed("xorriso").with("reason", said))
}

/// Makes a file system. It comes through a pipe, so that holes in the files of the bag stay holes
/// and are not written before what belongs there.
fn file_system(bag: &Path, label: &str, image: &Path) -> Outcome<()> {
    let mut command = xorriso();
    command.args(["-as", "mkisofs", "-quiet", "-iso-level", "3", "-r", "-J", "-joliet-long"]);
    command.args(["--set_all_file_dates"]);
    command.arg(format!("={EPOCH}")).arg("-V").arg(label);
    command.args(["-o", "-"]).arg(bag);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed("xorriso").caused_by(error))?;
    let output = child.stdout.take();
    let (copied, ended) = std::thread::scope(|scope| {
        // What it says is taken while it works: a full pipe would hold it up.
        let ended = scope.spawn(|| child.wait_with_output());
        let copied = output.ok_or_else(|| failed("xorriso")).and_then(|output| keep(output, image));
        (copied, ended.join())
    });
    let ended = ended.map_err(|_| failed("xorriso"))?;
    let ended = ended.map_err(|error| failed("xorriso").caused_by(error))?;
    copied?;
    told(ended).map(drop)
}

/// Writes what comes through a pipe into a new file, zeros as holes.
fn keep(mut output: impl Read, image: &Path) -> Outcome<()> {
    let failed = |error| Fault::from_file(error, image);
    let file = durable::write_new(image, &[], durable::SECRET)?;
    let (mut piece, zeros) = (vec![0; HOLE_BYTES], vec![0; HOLE_BYTES]);
    let mut length = 0;
    loop {
        let mut filled = 0;
        while filled < piece.len() {
            match output.read(&mut piece[filled..]).map_err(failed)? {
                0 => break,
                count => filled += count,
            }
        }
        if piece[..filled] != zeros[..filled] {
            file.write_all_at(&piece[..filled], length).map_err(failed)?;
        }
        length += filled as u64;
        if filled < piece.len() {
            return file.set_len(length).map_err(failed);
        }
    }
}

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
pub(super) fn files(image: &Path) -> Outcome<Vec<Stretch>> {
    files_below(image, "/data")
}

fn files_below(image: &Path, directory: &str) -> Outcome<Vec<Stretch>> {
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

/// Where every file of an image lies, for writing what belongs there.
pub(super) struct Places<'a> {
    image: &'a File,
    files: BTreeMap<String, Vec<(u64, u64)>>,
}

/// The stretches of one file that are still to be written.
pub(super) struct PlacedFile<'a> {
    image: &'a File,
    left: VecDeque<(u64, u64)>,
}

impl<'a> Places<'a> {
    /// Finds them in an image that is opened for writing.
    pub(super) fn of(path: &Path, image: &'a File) -> Outcome<Self> {
        let mut files: BTreeMap<String, Vec<(u64, u64)>> = BTreeMap::new();
        for Stretch { path, from, bytes } in files_below(path, "/")? {
            files.entry(path).or_default().push((from, bytes));
        }
        Ok(Self { image, files })
    }

    /// That file, to be written from its beginning to its end and no further.
    pub(super) fn file(&self, path: &str) -> PlacedFile<'a> {
        let left = self.files.get(path).into_iter().flatten().copied().collect();
        PlacedFile { image: self.image, left }
    }
}

impl PlacedFile<'_> {
    /// Fails where something of it was not written.
    pub(super) fn require_full(&self, image: &Path) -> Outcome<()> {
        if self.left.iter().all(|(_, bytes)| *bytes == 0) {
            return Ok(());
        }
        Err(Fault::new(Code::Internal).with("what", "volume").with("path", image.display()))
    }
}

impl Write for PlacedFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        while self.left.front().is_some_and(|(_, bytes)| *bytes == 0) {
            self.left.pop_front();
        }
        let Some((from, left)) = self.left.front_mut() else { return Ok(0) };
        let count = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
        self.image.write_all_at(&bytes[..count], *from)?;
        *from += count as u64;
        *left -= count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The path under which the list of ids has a file of that path: encrypted ones have it without
/// what encryption put behind it.
pub(super) fn unsealed(path: &str) -> &str {
    path.strip_suffix(SUFFIX).unwrap_or(path)
}

/// BLAKE3 of the first `bytes` bytes of a file or drive: a drive is longer than what lies on it.
pub(super) fn digest(path: &Path, bytes: u64) -> Outcome<ContentId> {
    let failed = |error| Fault::from_file(error, path);
    let mut image = File::open(path).map_err(failed)?.take(bytes);
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(&mut image).map_err(failed)?;
    Ok(ContentId::from_bytes(*hasher.finalize().as_bytes()))
}

/// The label in the file system of an image; `None` where it cannot be read.
pub(super) fn label(path: &Path) -> Option<String> {
    // The primary volume descriptor lies in sector 16: its mark, and 32 characters from byte 40 on.
    let mut sector = [0; 2_048];
    File::open(path).ok()?.read_exact_at(&mut sector, 16 * 2_048).ok()?;
    let marked = sector.get(1..6) == Some(b"CD001");
    let text = std::str::from_utf8(sector.get(40..72)?).ok()?;
    marked.then(|| text.trim_end().to_owned())
}

/// The ids of the files of an image by their paths, as its own list says; empty where that list
/// cannot be read.
pub(super) fn known(image: &Path) -> BTreeMap<String, String> {
    let Ok(scratch) = tempfile::tempdir() else { return BTreeMap::new() };
    let target = scratch.path().join("b3sums.txt");
    let mut command = xorriso();
    command.args(["-osirrox", "on", "-indev"]).arg(image);
    command.args(["-extract", "/b3sums.txt"]).arg(&target);
    let text = run(command).ok().and_then(|_| std::fs::read_to_string(&target).ok());
    let text = text.unwrap_or_default();
    let pairs = text.lines().filter_map(|line| line.split_once("  "));
    pairs.map(|(id, path)| (path.to_owned(), id.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_makes_the_same_bytes_whenever_it_is_made() {
        let scratch = tempfile::tempdir().unwrap();
        let made = |name: &str| {
            let place = scratch.path().join(name);
            let bag = place.join("bag");
            durable::make_directory(&bag.join("data")).unwrap();
            durable::write_new(&bag.join("data/甲"), b"recorded", durable::REPLACED).unwrap();
            // Another time of writing, as another day would be.
            let file = File::open(bag.join("data/甲")).unwrap();
            let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(name.len() as u64);
            file.set_modified(at).unwrap();
            let target = scratch.path().join(format!("{name}.iso"));
            let make = |target: &Path, longest| {
                let scratch = tempfile::tempdir_in(&place).unwrap();
                make((&bag, "L-1"), scratch.path(), (target, longest), |_| Ok(()))
            };
            let (_, digest) = make(&target, u64::MAX).unwrap();
            assert_eq!(label(&target).as_deref(), Some("L-1"));
            let taken = make(&target, u64::MAX).unwrap_err();
            assert_eq!(taken.code(), Code::TargetTaken, "nothing is replaced");
            let short = make(&scratch.path().join("short"), 1 << 20).unwrap_err();
            assert_eq!(short.code(), Code::MediumTooShort);
            digest
        };
        assert_eq!(made("first"), made("second time"));
    }

    #[test]
    fn what_a_bag_does_not_hold_yet_is_written_where_it_lies_and_no_further() {
        let scratch = tempfile::tempdir().unwrap();
        let bag = scratch.path().join("bag");
        durable::make_directory(&bag.join("data")).unwrap();
        durable::write_new(&bag.join("before"), b"before", durable::REPLACED).unwrap();
        let hole = durable::write_new(&bag.join("data/b"), &[], durable::REPLACED).unwrap();
        hole.set_len(200_001).unwrap();
        durable::write_new(&bag.join("data/c"), b"behind it", durable::REPLACED).unwrap();
        let bytes: Vec<u8> = (0..200_001u32).map(|at| at.to_le_bytes()[0] | 1).collect();
        let target = scratch.path().join("image.iso");
        make((&bag, "L-1"), scratch.path(), (&target, u64::MAX), |image| {
            let file = File::options().write(true).open(image).unwrap();
            let places = Places::of(image, &file).unwrap();
            let mut place = places.file("data/b");
            place.write_all(&bytes[..150_000]).unwrap();
            assert!(place.require_full(image).is_err(), "something is missing");
            place.write_all(&bytes[150_000..]).unwrap();
            place.require_full(image).unwrap();
            assert!(place.write_all(b"x").is_err(), "the next file is another");
            assert!(places.file("data/d").write_all(b"x").is_err(), "there is none");
            Ok(())
        })
        .unwrap();
        let image = std::fs::read(&target).unwrap();
        for stretch in files(&target).unwrap() {
            let from = usize::try_from(stretch.from).unwrap();
            let found = &image[from..from + usize::try_from(stretch.bytes).unwrap()];
            let wanted = if stretch.path == "data/b" { &bytes[..] } else { &b"behind it"[..] };
            assert!(found == wanted, "{}", stretch.path);
        }
    }
}
