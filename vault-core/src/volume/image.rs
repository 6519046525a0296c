//! Images: a file system made of a bag by xorriso, parity behind it, read back (R16).
//!
//! Promises: the same bag under the same label makes the same bytes; the program that makes the
//! file system is given paths alone, never through a shell; nothing lies under the target's name
//! before it was read back whole. Leaves nothing behind but the image.

use super::parity::{CHUNK, Damaged, Image};
use super::seal::SUFFIX;
use crate::fault::{Code, Fault, Outcome};
use crate::store::durable;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Stdio};
use vault_proof::ContentId;

/// Every date on a volume, so that the same bag makes the same bytes: 2020-07-01 in Beijing, in
/// the year of the regulation; nothing reads it.
const EPOCH: &str = "1593532800";

/// Bytes of a sector.
const SECTOR: u64 = 2_048;

/// Makes the image of a bag with its parity, first under a name in `scratch`, which the caller
/// removes; gives its length and digest. Fails where it becomes longer than `longest`.
pub(super) fn make(
    bag: &Path,
    label: &str,
    scratch: &Path,
    target: &Path,
    longest: u64,
) -> Outcome<(u64, ContentId)> {
    let partial = scratch.join("image");
    file_system(bag, label, &partial)?;
    let bytes = add_parity(&partial)?;
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
    let output = command.output().map_err(|error| failed("xorriso").caused_by(error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("").to_owned();
    Err(failed("xorriso").with("reason", said))
}

fn file_system(bag: &Path, label: &str, image: &Path) -> Outcome<()> {
    let mut command = xorriso();
    command.args(["-as", "mkisofs", "-quiet", "-iso-level", "3", "-r", "-J", "-joliet-long"]);
    // It would sync every few MiB; what is made is synced once, whole.
    command.args(["--stdio_sync", "off"]);
    command.args(["--set_all_file_dates"]);
    command.arg(format!("={EPOCH}")).arg("-V").arg(label);
    command.arg("-o").arg(image).arg(bag);
    run(command).map(drop)
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

/// Where the files of an image lie.
pub(super) fn files(image: &Path) -> Outcome<Vec<Stretch>> {
    let mut command = xorriso();
    command.arg("-indev").arg(image).args(["-find", "/data", "-type", "f", "-exec"]);
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
            let (_, digest) = make(&bag, "L-1", &place, &target, u64::MAX).unwrap();
            assert_eq!(label(&target).as_deref(), Some("L-1"));
            let taken = make(&bag, "L-1", &scratch.path().join("other"), &target, u64::MAX);
            assert!(taken.is_err(), "nothing is replaced");
            let short = make(&bag, "L-1", &place, &scratch.path().join("short"), 1 << 20);
            assert_eq!(short.unwrap_err().code(), Code::MediumTooShort);
            digest
        };
        assert_eq!(made("first"), made("second time"));
    }
}
