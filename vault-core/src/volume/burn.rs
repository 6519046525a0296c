//! Burning: an image written to a medium, every byte of it read back (R16; A2.18(二), A3.12).
//!
//! Promises: what is written is the image that is on record; a medium that bears anything is
//! refused; every byte is read back from the medium, not from memory, and compared; the burn and
//! what it came to are on record, a failed one too. A copy counts from its shelf alone, never from
//! here. Drives are written by xorriso, which is given paths and no shell.

use super::build::require_image;
use super::image;
use super::shelf::require_copy;
use super::views::{Burn, VolumeView, find};
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{Act, Actor};
use crate::stop::Stop;
use crate::store::durable;
use crate::vault::change::event;
use crate::vault::{Vault, blocking};
use rustix::fs::Advice;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use vault_proof::canonical::Value;
use vault_proof::{Body, Subject, VolumeBody};

/// What libburn calls a file that stands for a drive.
const PSEUDO_DRIVE: &str = "stdio:";

/// The major number of optical drives on Linux.
const OPTICAL_DRIVES: u32 = 11;

/// Bytes at both ends of a block device that have to be zero for it to be empty.
const EMPTY_BYTES: u64 = 1 << 20;

/// Bytes compared in one turn.
const TURN_BYTES: usize = 1 << 20;

/// Where an image is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// A drive, by the name xorriso knows, and the path it is read by.
    Drive(String, PathBuf),
    /// A block device that is no optical drive.
    Device(PathBuf),
    /// A file that is not there yet.
    File(PathBuf),
}

/// The path by which what lies in a drive is read.
pub fn drive_path(drive: &str) -> PathBuf {
    PathBuf::from(drive.strip_prefix(PSEUDO_DRIVE).unwrap_or(drive))
}

impl Target {
    fn of(text: &str) -> Outcome<Self> {
        if text.starts_with(PSEUDO_DRIVE) {
            return Ok(Self::Drive(text.to_owned(), drive_path(text)));
        }
        let path = PathBuf::from(text);
        let found = match std::fs::metadata(&path) {
            Ok(found) => found,
            // No file is made among the devices: a name that is none there is a drive mistyped.
            Err(error)
                if error.kind() == std::io::ErrorKind::NotFound && !path.starts_with("/dev") =>
            {
                return Ok(Self::File(path));
            }
            Err(error) => return Err(Fault::from_given_path(error, &path)),
        };
        let kind = found.file_type();
        if kind.is_block_device() && rustix::fs::major(found.rdev()) == OPTICAL_DRIVES {
            return Ok(Self::Drive(text.to_owned(), path));
        }
        if kind.is_block_device() {
            return Ok(Self::Device(path));
        }
        let empty = kind.is_file() && found.len() == 0;
        if empty { Ok(Self::File(path)) } else { Err(not_empty(&path)) }
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::Drive(..) => "drive",
            Self::Device(_) => "device",
            Self::File(_) => "file",
        }
    }

    /// The path it is read back by.
    fn path(&self) -> &Path {
        match self {
            Self::Drive(_, path) | Self::Device(path) | Self::File(path) => path,
        }
    }
}

fn not_empty(path: &Path) -> Fault {
    Fault::new(Code::MediumNotEmpty).with("path", path.display())
}

/// Writes the image of a volume to a medium and reads it back. The target is an optical drive, a
/// block device, a file that is not there yet, or `stdio:PATH`, a file that stands for a drive.
///
/// Fails with `MediumNotEmpty` and `MediumTooShort` before anything is written; with
/// `MediumDiffers` or the fault of writing after it was put on record that the burn failed. Where
/// nobody waits for it any more, nothing is on record and no new file is left.
pub async fn burn(
    vault: &Vault,
    actor: &Actor,
    label: &str,
    copy: u64,
    image: &Path,
    target: &str,
) -> Outcome<Burn> {
    let volume = find(vault, label).await?;
    let permitted = vault.permit(actor, Act::BurnVolume).await?;
    require_copy(&volume, copy)?;
    let (source, wanted, text) = (image.to_owned(), volume.clone(), target.to_owned());
    let target = blocking(move || {
        require_image(&wanted, &source)?;
        let target = Target::of(&text)?;
        require_empty(&target, &wanted)?;
        Ok(target)
    })
    .await?;
    let kind = target.kind();
    let (source, bytes) = (image.to_owned(), volume.bytes);
    let path = target.path().to_owned();
    // Who interrupts it drops this: then a file is not to look like a copy.
    let stop = Stop::default();
    let _waiting = stop.when_dropped();
    let written = blocking(move || {
        write(&target, &source, bytes, &stop)?;
        let found = differing(&source, target.path(), bytes, &stop);
        if let (Target::File(path), Err(fault)) = (&target, &found)
            && fault.code() == Code::Interrupted
        {
            // Nobody puts on record what was not compared to its end.
            let _ = durable::remove(path);
        }
        found
    })
    .await;
    let (result, differing_bytes) = match written {
        Ok(0) => ("agrees", 0),
        Ok(count) => ("differs", count),
        Err(_) => ("failed", 0),
    };
    let body = VolumeBody::Burnt {
        volume: volume.id,
        copy,
        target: kind.to_owned(),
        result: result.to_owned(),
        differing_bytes,
    };
    let payload = vault.seal_one(Value::map([("by", Value::text(actor.person()))])).await?;
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(Body::Volume(body), Some(payload), vec![Subject::vault()])]).await?;
    vault.finish(tx).await?;
    let count = written?;
    if count > 0 {
        let fault = Fault::new(Code::MediumDiffers).with("path", path.display());
        return Err(fault.with("bytes", count));
    }
    let burnt = find(vault, label).await?.burns.pop();
    burnt.ok_or_else(|| Fault::new(Code::Internal).with("what", "burn"))
}

/// Nothing is on the medium, and the image has room on it.
fn require_empty(target: &Target, volume: &VolumeView) -> Outcome<()> {
    match target {
        Target::File(_) => Ok(()),
        Target::Drive(drive, path) => {
            let medium = image::medium(drive)?;
            if !medium.blank {
                return Err(not_empty(path));
            }
            // What holds nothing but its file system's space says nothing of its room.
            require_room(path, medium.bytes.unwrap_or(u64::MAX), volume)
        }
        Target::Device(path) => {
            let failed = |error| Fault::from_given_path(error, path);
            let mut device = File::open(path).map_err(failed)?;
            let length = device.seek(SeekFrom::End(0)).map_err(failed)?;
            require_room(path, length, volume)?;
            let mut both = Vec::new();
            for from in [0, length.saturating_sub(EMPTY_BYTES)] {
                device.seek(SeekFrom::Start(from)).map_err(failed)?;
                (&device).take(EMPTY_BYTES).read_to_end(&mut both).map_err(failed)?;
            }
            if both.iter().any(|byte| *byte != 0) { Err(not_empty(path)) } else { Ok(()) }
        }
    }
}

fn require_room(path: &Path, room: u64, volume: &VolumeView) -> Outcome<()> {
    if room >= volume.bytes {
        return Ok(());
    }
    let fault = Fault::new(Code::MediumTooShort).with("path", path.display());
    Err(fault.with("bytes", volume.bytes).with("limit", room))
}

fn write(target: &Target, source: &Path, bytes: u64, stop: &Stop) -> Outcome<()> {
    match target {
        Target::Drive(drive, _) => image::burn(source, drive),
        Target::Device(path) => copy(source, path, bytes, stop),
        Target::File(path) => {
            let done = copy(source, path, bytes, stop).and_then(|()| durable::sync_parent(path));
            if done.is_err() {
                // A part of an image is no copy; a device keeps what it got.
                let _ = durable::remove(path);
            }
            done
        }
    }
}

/// Copies and makes durable: `open write fsync`.
fn copy(source: &Path, path: &Path, bytes: u64, stop: &Stop) -> Outcome<()> {
    let reading = |error| Fault::from_given_path(error, source);
    let writing = |error| Fault::from_given_path(error, path);
    let mut from = File::open(source).map_err(reading)?.take(bytes);
    let mut into = File::options();
    into.write(true);
    if !path.exists() {
        into.create_new(true);
    }
    let mut into = into.open(path).map_err(writing)?;
    let mut buffer = vec![0; TURN_BYTES];
    loop {
        let count = from.read(&mut buffer).map_err(reading)?;
        if count == 0 {
            break;
        }
        stop.check()?;
        into.write_all(&buffer[..count]).map_err(writing)?;
    }
    into.sync_all().map_err(writing)
}

/// How many bytes of a medium are not those of the image.
fn differing(source: &Path, medium: &Path, bytes: u64, stop: &Stop) -> Outcome<u64> {
    let reading = |error| Fault::from_given_path(error, source);
    let failed = |error| Fault::from_given_path(error, medium);
    let mut wanted = File::open(source).map_err(reading)?.take(bytes);
    let mut found = File::open(medium).map_err(failed)?;
    // What is read is to come from the medium, not from what the system remembers of writing.
    rustix::fs::fadvise(&found, 0, None, Advice::DontNeed).map_err(|e| failed(e.into()))?;
    let (mut one, mut other) = (vec![0; TURN_BYTES], vec![0; TURN_BYTES]);
    let mut differing = 0;
    loop {
        stop.check()?;
        let count = full(&mut wanted, &mut one).map_err(reading)?;
        if count == 0 {
            return Ok(differing);
        }
        let there = full(&mut found, &mut other[..count]).map_err(failed)?;
        // What the medium does not give at all differs, too.
        differing += (count - there) as u64;
        if one[..there] != other[..there] {
            let pairs = one[..there].iter().zip(&other[..there]);
            differing += pairs.filter(|(one, other)| one != other).count() as u64;
        }
    }
}

/// Fills a buffer as far as the source goes.
fn full(source: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_that_differs_or_is_missing_is_counted() {
        let scratch = tempfile::tempdir().unwrap();
        let (one, other) = (scratch.path().join("one"), scratch.path().join("other"));
        let content = vec![7; 3 * TURN_BYTES + 5];
        durable::write_new(&one, &content, durable::REPLACED).unwrap();
        let bytes = content.len() as u64;
        copy(&one, &other, bytes, &Stop::default()).unwrap();
        assert_eq!(differing(&one, &other, bytes, &Stop::default()).unwrap(), 0);
        let mut changed = content;
        changed[1] = 8;
        changed[2 * TURN_BYTES] = 8;
        changed.truncate(3 * TURN_BYTES);
        durable::write_new(&other, &changed, durable::REPLACED).unwrap();
        assert_eq!(differing(&one, &other, bytes, &Stop::default()).unwrap(), 2 + 5);
        // Who no longer waits for it gets neither a copy nor a comparison.
        let stop = Stop::default();
        drop(stop.when_dropped());
        let stopped = [
            copy(&one, &scratch.path().join("new"), bytes, &stop).unwrap_err(),
            differing(&one, &other, bytes, &stop).unwrap_err(),
        ];
        assert!(stopped.iter().all(|fault| fault.code() == Code::Interrupted), "{stopped:?}");
    }

    #[test]
    fn a_target_is_a_drive_a_device_or_a_new_file() {
        let scratch = tempfile::tempdir().unwrap();
        let path = |name: &str| scratch.path().join(name).display().to_string();
        assert_eq!(Target::of(&path("new")).unwrap().kind(), "file");
        assert_eq!(Target::of(&format!("stdio:{}", path("new"))).unwrap().kind(), "drive");
        durable::write_new(&scratch.path().join("old"), b"x", durable::REPLACED).unwrap();
        assert_eq!(Target::of("/dev/sr99").unwrap_err().code(), Code::GivenPathFailed);
        for taken in [path("old"), scratch.path().display().to_string(), "/dev/null".to_owned()] {
            let refused = Target::of(&taken).unwrap_err();
            assert_eq!(refused.code(), Code::MediumNotEmpty, "{taken}");
        }
    }
}
