//! Images: a file system made of a bag by xorriso, parity behind it, read back (R16).
//!
//! Promises: the same bag under the same label makes the same bytes; the program that makes the
//! file system is given paths alone, never through a shell; nothing lies under the target's name
//! before it was read back whole. Leaves nothing behind but the image.

use super::parity::{Damaged, Image};
use super::place::{Places, files_below};
use super::seal::SUFFIX;
use crate::fault::{Code, Fault, Outcome};
use crate::stop::Stop;
use crate::store::durable;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use vault_proof::ContentId;

/// Every date on a volume, so that the same bag makes the same bytes: 2020-07-01 in Beijing, in
/// the year of the regulation; nothing reads it.
const EPOCH: &str = "1593532800";

/// Bytes of a sector.
pub(super) const SECTOR: u64 = 2_048;

/// How long what is being written waits before it is sent to the disk: long enough that there is
/// something to send, short enough that the disk, which is the slower of the two, is never idle.
const SYNC_PAUSE: Duration = Duration::from_millis(10);

/// Of what xorriso says when it fails, at most so much is read.
const SAID_BYTES_MAX: u64 = 64 << 10;

/// Bytes of a file system that are taken first, in which the directories of thousands of files
/// are; twice as many after that.
const FIRST_TURN_BYTES: u64 = 8 << 20;

/// Makes the image of a bag with its parity, first under a name in `scratch`, which the caller
/// removes; gives its length and digest. `fill` writes every file of the bag where it lies. Fails
/// where the image becomes longer than `longest`, and once a stop was asked for.
pub(super) fn make(
    (bag, label): (&Path, &str),
    (scratch, stop): (&Path, &Stop),
    (target, longest): (&Path, u64),
    fill: impl FnOnce(&Places) -> Outcome<()>,
) -> Outcome<(u64, ContentId)> {
    let partial = scratch.join("image");
    let places = directories(bag, label, &partial)?;
    let bytes = while_written_back(&partial, || {
        fill(&places)?;
        places.require_all()?;
        stop.check()?;
        add_parity(&partial)
    })?;
    stop.check()?;
    if bytes > longest {
        let fault = Fault::new(Code::MediumTooShort).with("path", target.display());
        return Err(fault.with("bytes", bytes).with("limit", longest));
    }
    sync(&partial)?;
    // What was written is what counts, not what was to be written.
    let opened = Image::open(&partial)?;
    let (damaged, digest) = opened.read_back()?;
    if damaged != Damaged::default() {
        return Err(failed("read back"));
    }
    stop.check()?;
    if !durable::rename_if_free(&partial, target).map_err(Fault::at_given_path)? {
        return Err(Fault::new(Code::TargetTaken).with("path", target.display()));
    }
    durable::sync_parent(target).map_err(Fault::at_given_path)?;
    Ok((bytes, digest))
}

fn sync(image: &Path) -> Outcome<()> {
    fail::fail_point!("image-sync", |_| {
        let error = std::io::Error::from_raw_os_error(rustix::io::Errno::IO.raw_os_error());
        Err(Fault::from_given_path(error, image))
    });
    durable::sync_file(image).map_err(Fault::at_given_path)
}

/// Does the work while what it wrote is on its way to the disk already, so that neither waits for
/// the other. A disk that fails meanwhile fails the work.
fn while_written_back<T>(image: &Path, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    let (ended, going) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let syncing = scope.spawn(move || {
            while going.recv_timeout(SYNC_PAUSE) == Err(RecvTimeoutError::Timeout) {
                sync(image)?;
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

pub(super) fn failed(what: &str) -> Fault {
    Fault::new(Code::ImageToolFailed).with("what", what)
}

pub(super) fn xorriso() -> Command {
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
pub(super) fn run(mut command: Command) -> Outcome<Vec<u8>> {
    let output = command.output().map_err(|error| failed("xorriso").caused_by(error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("").to_owned();
    Err(failed("xorriso").with("reason", said))
}

/// Makes a file system without the bytes of its files, which are written where they lie. Its
/// directories stand before all files: xorriso is stopped when they are here.
fn directories(bag: &Path, label: &str, image: &Path) -> Outcome<Places> {
    let mut command = xorriso();
    command.args(["-as", "mkisofs", "-quiet", "-iso-level", "3", "-r", "-J", "-joliet-long"]);
    command.args(["--set_all_file_dates"]);
    command.arg(format!("={EPOCH}")).arg("-V").arg(label);
    command.args(["-o", "-"]).arg(bag);
    let unkept = |error| Fault::from_given_path(error, image);
    let said = tempfile::tempfile().map_err(unkept)?;
    command.stdout(Stdio::piped()).stderr(said.try_clone().map_err(unkept)?);
    let mut child = command.spawn().map_err(|error| failed("xorriso").caused_by(error))?;
    let output = child.stdout.take().ok_or_else(|| failed("xorriso"));
    let places = output.and_then(|output| take_directories(output, image));
    // It may have ended by itself, which is no fault.
    child.kill().ok();
    child.wait().map_err(|error| failed("xorriso").caused_by(error))?;
    places.map_err(|fault| fault.with("reason", last_line(said)))
}

/// The last of what a program said.
fn last_line(mut said: File) -> String {
    let mut text = Vec::new();
    let read = said.rewind().and_then(|()| said.take(SAID_BYTES_MAX).read_to_end(&mut text));
    let text = String::from_utf8_lossy(&text);
    read.ok().and_then(|_| text.lines().last()).unwrap_or_default().to_owned()
}

/// Takes what comes until all directories are here; the rest stays a hole.
fn take_directories(mut output: impl Read, image: &Path) -> Outcome<Places> {
    let unread = |error| Fault::from_given_path(error, image);
    let file = durable::write_new(image, &[], durable::SECRET)?;
    let (mut taken, mut turn) = (0, FIRST_TURN_BYTES);
    loop {
        let mut piece = Vec::new();
        output.by_ref().take(turn).read_to_end(&mut piece).map_err(unread)?;
        file.write_all_at(&piece, taken).map_err(unread)?;
        taken += piece.len() as u64;
        let whole = whole_length(image).ok_or_else(|| failed("xorriso"))?;
        file.set_len(whole).map_err(unread)?;
        let ended = piece.len() as u64 != turn;
        let files = files_below(image, "/").unwrap_or_default();
        let first = files.iter().filter(|one| one.bytes > 0).map(|one| one.from).min();
        let inside = files.iter().all(|one| one.from + one.bytes <= whole);
        if inside && first.is_some_and(|first| first <= taken) {
            return Ok(Places::new(file, files));
        }
        if ended {
            return Err(failed("directories"));
        }
        turn *= 2;
    }
}

/// The length of a file system, from its primary descriptor.
fn whole_length(image: &Path) -> Option<u64> {
    let mut sectors = [0; 4];
    File::open(image).ok()?.read_exact_at(&mut sectors, 16 * SECTOR + 80).ok()?;
    Some(u64::from(u32::from_le_bytes(sectors)) * SECTOR)
}

/// The path under which the list of ids has a file of that path: encrypted ones have it without
/// what encryption put behind it.
pub(super) fn unsealed(path: &str) -> &str {
    path.strip_suffix(SUFFIX).unwrap_or(path)
}

/// BLAKE3 of the first `bytes` bytes of a file or drive: a drive is longer than what lies on it.
pub(super) fn digest(path: &Path, bytes: u64) -> Outcome<ContentId> {
    let failed = |error| Fault::from_given_path(error, path);
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
                let scratch = (scratch.path(), &Stop::default());
                make((&bag, "L-1"), scratch, (target, longest), |places| {
                    places.write("data/甲", |output| kept(output.write_all(b"recorded")))
                })
            };
            let (_, digest) = make(&target, u64::MAX).unwrap();
            assert_eq!(label(&target).as_deref(), Some("L-1"));
            let taken = make(&target, u64::MAX).unwrap_err();
            assert_eq!(taken.code(), Code::TargetTaken, "nothing is replaced");
            let short = make(&scratch.path().join("short"), 1 << 20).unwrap_err();
            assert_eq!(short.code(), Code::MediumTooShort);
            // Stopped when all of it is written and nothing has its name yet.
            let (stop, late) = (Stop::default(), scratch.path().join("late"));
            stop.request();
            let laid = tempfile::tempdir_in(&place).unwrap();
            let laid = (laid.path(), &stop);
            let stopped = super::make((&bag, "L-1"), laid, (&late, u64::MAX), |places| {
                places.write("data/甲", |output| kept(output.write_all(b"recorded")))
            });
            assert_eq!(stopped.unwrap_err().code(), Code::Interrupted);
            assert!(!late.exists());
            digest
        };
        assert_eq!(made("first"), made("second time"));
    }

    fn kept(done: std::io::Result<()>) -> Outcome<()> {
        done.map_err(|error| Fault::from_given_path(error, Path::new("image")))
    }

    #[test]
    fn an_image_is_what_xorriso_makes_of_the_same_files_and_nothing_of_one_is_forgotten() {
        let scratch = tempfile::tempdir().unwrap();
        let bag = scratch.path().join("bag");
        durable::make_directory(&bag.join("data")).unwrap();
        let bytes: Vec<u8> = (0..20_000_001u32).map(|at| at.to_le_bytes()[0] | 1).collect();
        let files = [("before", &b"before"[..]), ("data/b", &bytes), ("data/c", b"behind")];
        for (name, bytes) in files {
            durable::write_new(&bag.join(name), bytes, durable::REPLACED).unwrap();
        }
        durable::write_new(&bag.join("data/empty"), &[], durable::REPLACED).unwrap();
        let whole = scratch.path().join("whole.iso");
        let mut command = xorriso();
        command.args(["-as", "mkisofs", "-quiet", "-iso-level", "3", "-r", "-J", "-joliet-long"]);
        command.arg("--set_all_file_dates").arg(format!("={EPOCH}"));
        run({
            command.args(["-V", "L-1", "-o"]).arg(&whole).arg(&bag);
            command
        })
        .unwrap();
        let partial = scratch.path().join("partial.iso");
        let places = directories(&bag, "L-1", &partial).unwrap();
        for (name, bytes) in files {
            places.write(name, |output| kept(output.write_all(bytes))).unwrap();
        }
        places.write("data/empty", |_| Ok(())).unwrap();
        places.require_all().unwrap();
        assert!(std::fs::read(&whole).unwrap() == std::fs::read(&partial).unwrap());
        // The controls: short, long, unknown, left out.
        let other = scratch.path().join("other.iso");
        let places = directories(&bag, "L-1", &other).unwrap();
        let written =
            |name: &str, bytes: &[u8]| places.write(name, |output| kept(output.write_all(bytes)));
        assert!(written("data/b", b"short").is_err());
        assert!(written("data/c", b"behind it").is_err(), "the next file is another");
        assert!(written("data/d", b"x").is_err(), "there is none");
        assert!(places.require_all().is_err(), "one was left out");
    }
}
