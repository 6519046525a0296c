//! Images: a file system made of a bag by xorriso, parity behind it, read back (R16).
//!
//! Promises: the same bag under the same label makes the same bytes; the program that makes the
//! file system is given paths alone, never through a shell; nothing lies under the target's name
//! before it was read back whole. Leaves nothing behind but the image.

use super::parity::{CHUNK, Damaged, Image};
use crate::fault::{Code, Fault, Outcome};
use crate::store::durable;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use vault_proof::ContentId;

/// Every date on a volume: when the regulation came into force (2020-07-01, Beijing), so that the
/// same bag makes the same bytes.
const EPOCH: &str = "1593532800";

/// Makes the image of a bag with its parity; gives its length and digest.
pub(super) fn make(bag: &Path, label: &str, target: &Path) -> Outcome<(u64, ContentId)> {
    let partial = target.with_extension("partial");
    let made = file_system(bag, label, &partial)
        .and_then(|()| Image::protect(&partial))
        .and_then(|_| durable::sync_file(&partial))
        .and_then(|()| {
            // What was written is what counts, not what was to be written.
            let found = Image::open(&partial)?.check()?;
            if found == Damaged::default() { digest(&partial) } else { Err(failed("read back")) }
        })
        .and_then(|found| {
            if durable::rename_if_free(&partial, target)? {
                durable::sync_parent(target)?;
                return Ok(found);
            }
            Err(Fault::new(Code::TargetTaken).with("path", target.display()))
        });
    if made.is_err() {
        durable::remove(&partial)?;
    }
    made
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
    command.args(["--set_all_file_dates", "set_to_mtime", "-V"]).arg(label);
    command.arg("-o").arg(image).arg(bag);
    run(command).map(drop)
}

/// Where each file of an image lies: its path and the chunks it takes.
pub(super) fn files(image: &Path) -> Outcome<Vec<(String, std::ops::RangeInclusive<u64>)>> {
    let mut command = xorriso();
    command.arg("-indev").arg(image).args(["-find", "/data", "-type", "f", "-exec"]);
    command.args(["report_lba", "--"]);
    let text = run(command)?;
    let lines = String::from_utf8_lossy(&text).into_owned();
    // `File data lba:  0 , 57 , 5 , 9000 , '/data/…'`: extent, start, blocks of 2 KiB, bytes.
    let of_line = |line: &str| {
        let rest = line.strip_prefix("File data lba:")?;
        let mut parts = rest.splitn(5, ',').map(str::trim);
        let (_, start, _, bytes) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let path = parts.next()?.trim_matches('\'').trim_start_matches('/').to_owned();
        let from = start.parse::<u64>().ok()? * 2_048;
        let to = from + bytes.parse::<u64>().ok()?.max(1) - 1;
        Some((path, from / CHUNK..=to / CHUNK))
    };
    Ok(lines.lines().filter_map(of_line).collect())
}

/// BLAKE3 and length of a file or device.
pub(super) fn digest(path: &Path) -> Outcome<(u64, ContentId)> {
    let failed = |error| Fault::from_file(error, path);
    let mut file = File::open(path).map_err(failed)?;
    let (mut hasher, mut bytes) = (blake3::Hasher::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = file.read(&mut buffer).map_err(failed)?;
        if count == 0 {
            return Ok((bytes, ContentId::from_bytes(*hasher.finalize().as_bytes())));
        }
        bytes += count as u64;
        hasher.update(&buffer[..count]);
    }
}

/// The ids of the files of an image by their paths, as its own list says; empty where that list
/// cannot be read.
pub(super) fn known(image: &Path) -> Outcome<std::collections::BTreeMap<String, String>> {
    let scratch = tempfile::tempdir().map_err(|error| Fault::from_file(error, Path::new("tmp")))?;
    let target = scratch.path().join("b3sums.txt");
    let mut command = xorriso();
    command.args(["-osirrox", "on", "-indev"]).arg(image);
    command.args(["-extract", "/b3sums.txt"]).arg(&target);
    if run(command).is_err() {
        return Ok(std::collections::BTreeMap::new());
    }
    let text = std::fs::read_to_string(&target).unwrap_or_default();
    let pairs = text.lines().filter_map(|line| line.split_once("  "));
    Ok(pairs.map(|(id, path)| (path.to_owned(), id.to_owned())).collect())
}
