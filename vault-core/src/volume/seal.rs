//! Encryption of what lies on a volume, for named recipients, by the program `age` (R16;
//! A2.18(一)6).
//!
//! Promises: what is written is written by the program that will read it, so that whoever has an
//! identity of one of the recipients needs nothing of ours; the vault holds recipients and no
//! identities: it can write an encrypted volume, check it and mend it, but reads it only with a
//! file that is brought along, whose path alone is passed on. Plain bytes go through pipes and never
//! touch a disk but in a spool; how long a file becomes is known before, so that it is written where
//! it will lie. Never keeps or shows an identity.

use crate::fault::{Code, Fault, Outcome};
use crate::limits::IDENTITY_BYTES_MAX;
use crate::store::spool::Spool;
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::io::Errno;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use zeroize::Zeroizing;

/// What an encrypted file is called: its name with this behind it.
pub(super) const SUFFIX: &str = ".age";

/// How a line begins that holds an identity.
const IDENTITY: &str = "AGE-SECRET-KEY-1";

/// Bytes that are encrypted together, and what each such part becomes longer by; the last, which
/// may be of no bytes, too (age-encryption.org/v1, "Payload").
const PART_BYTES: u64 = 64 << 10;
const PART_TAG_BYTES: u64 = 16;

/// How `age` begins when the identity is at fault: none fits, or the file cannot be read as one.
const IDENTITY_AT_FAULT: &[&str] =
    &["age: error: no identity matched", "age: error: reading ", "age: error: parsing "];

/// The longest line of another program that is passed on, in characters.
const SAID_CHARS_MAX: usize = 200;

/// Bytes moved in one turn.
const TURN_BYTES: usize = 1 << 20;

fn failed(what: &str) -> Fault {
    Fault::new(Code::ImageToolFailed).with("what", what)
}

fn age() -> Command {
    let mut command = Command::new("age");
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C.UTF-8");
    command.stderr(Stdio::piped());
    command
}

fn started(command: &mut Command) -> Outcome<Child> {
    command.spawn().map_err(|error| failed("age").caused_by(error))
}

/// Waits for its end; gives the line in which it said what is wrong, and what that makes of it.
fn finished(child: Child, fault: impl FnOnce(&str) -> Fault) -> Outcome<()> {
    let output = child.wait_with_output().map_err(|error| failed("age").caused_by(error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = said_briefly(&output.stderr);
    Err(fault(&said).with("reason", &said))
}

/// The first line of what a program said, as far as people can read it: of a damaged file it may
/// quote the bytes.
fn said_briefly(said: &[u8]) -> String {
    let text = String::from_utf8_lossy(said);
    let line = text.lines().next().unwrap_or_default();
    let plain = line.split("\\x").next().unwrap_or_default();
    let shown = plain.chars().filter(|character| !character.is_control());
    shown.take(SAID_CHARS_MAX).collect()
}

/// What its failure to decrypt means. Only where it says that no identity fits, or that the file of
/// identities is none, is the identity at fault; everything else is damage.
fn of_decrypting(said: &str) -> Fault {
    let identity = IDENTITY_AT_FAULT.iter().any(|words| said.starts_with(words));
    Fault::new(if identity { Code::IdentityWrong } else { Code::SealedDamaged })
}

/// Writes for recipients.
pub(super) struct Seal {
    recipients: Vec<String>,
    /// How long an encrypted file of nothing is: the same for the same recipients.
    empty: u64,
}

impl Seal {
    /// For these recipients; none where there are none.
    pub(super) fn of(recipients: &[String]) -> Outcome<Option<Self>> {
        if recipients.is_empty() {
            return Ok(None);
        }
        let mut seal = Self { recipients: recipients.to_vec(), empty: 0 };
        let mut nothing = Vec::new();
        seal.encrypt((&mut nothing, Path::new("age")), |_| Ok(()))?;
        seal.empty = nothing.len() as u64;
        Ok(Some(seal))
    }

    /// How long so many bytes become, to the byte.
    pub(super) const fn length(&self, bytes: u64) -> u64 {
        self.empty + bytes + bytes.saturating_sub(1) / PART_BYTES * PART_TAG_BYTES
    }

    /// Encrypts what `write` writes into `output`, which lies on that path.
    pub(super) fn encrypt(
        &self,
        (output, path): (&mut (dyn Write + Send), &Path),
        write: impl FnOnce(&mut dyn Write) -> Outcome<()>,
    ) -> Outcome<()> {
        let mut command = age();
        command.arg("--encrypt");
        for recipient in &self.recipients {
            command.arg("--recipient").arg(recipient);
        }
        let mut child = started(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
        let (Some(mut input), Some(mut sealed)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed("age"));
        };
        let (written, taken) = std::thread::scope(|scope| {
            // Where it stops reading, the program says why by its own end.
            let taking = scope.spawn(move || std::io::copy(&mut sealed, output));
            let written = write(&mut input);
            drop(input);
            (written, taking.join())
        });
        let taken = taken.map_err(|_| failed("age"))?;
        // What could not be kept is the reason of all else; what is written to a program that is
        // gone says nothing.
        taken.map_err(|error| Fault::from_given_path(error, path))?;
        finished(child, |_| failed("age"))?;
        written
    }
}

/// How long a file of so many bytes becomes at most: a header with a stanza for each recipient, a
/// nonce, and a tag behind every part.
pub(super) const fn sealed_bytes(bytes: u64, recipients: u64) -> u64 {
    bytes + (bytes / PART_BYTES + 1) * PART_TAG_BYTES + 256 + recipients * 128
}

/// What opens encrypted volumes. Never shown, and never written down.
#[derive(Debug, Clone)]
pub struct Identities {
    path: PathBuf,
    /// What was handed over is held in memory, under a path of this process, as long as it is used.
    _held: Option<Arc<OwnedFd>>,
}

impl Identities {
    /// A file as `age-keygen` writes it, left where it is.
    pub fn read(path: &Path) -> Outcome<Self> {
        let io = |error| Fault::from_given_path(error, path);
        let unusable = || Fault::new(Code::IdentityWrong).with("path", path.display());
        let file = File::open(path).map_err(io)?;
        if file.metadata().map_err(io)?.len() > IDENTITY_BYTES_MAX {
            return Err(unusable());
        }
        let mut text = Zeroizing::new(String::new());
        let read = file.take(IDENTITY_BYTES_MAX).read_to_string(&mut text);
        let fits = read.is_ok() && holds_identity(&text);
        if fits { Ok(Self { path: path.to_owned(), _held: None }) } else { Err(unusable()) }
    }

    /// The content of such a file. It is kept in memory alone: no file bears it.
    pub fn of(text: String) -> Outcome<Self> {
        let text = Zeroizing::new(text);
        if text.len() as u64 > IDENTITY_BYTES_MAX || !holds_identity(&text) {
            return Err(Fault::new(Code::IdentityWrong));
        }
        let memory = |error: Errno| Fault::new(Code::Internal).caused_by(error);
        let held = memfd_create("identity", MemfdFlags::CLOEXEC).map_err(memory)?;
        let mut left = text.as_bytes();
        while !left.is_empty() {
            let written = rustix::io::write(&held, left).map_err(memory)?;
            left = &left[written..];
        }
        let path = format!("/proc/{}/fd/{}", std::process::id(), held.as_raw_fd());
        Ok(Self { path: path.into(), _held: Some(Arc::new(held)) })
    }

    /// Decrypts into a spool.
    pub(super) fn decrypt(&self, mut sealed: impl Read + Send, into: Spool) -> Outcome<Spool> {
        let mut command = age();
        command.arg("--decrypt").arg("--identity").arg(&self.path);
        let mut child = started(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed("age"));
        };
        let spooled = std::thread::scope(|scope| {
            // Where it stops reading, it says why by its own end.
            scope.spawn(move || std::io::copy(&mut sealed, &mut input).ok());
            drain(output, into)
        });
        finished(child, of_decrypting)?;
        spooled
    }
}

fn holds_identity(text: &str) -> bool {
    text.lines().any(|line| line.starts_with(IDENTITY))
}

/// Reads to the end; what writes there is let go of first where that fails.
fn drain(mut output: impl Read, mut into: Spool) -> Outcome<Spool> {
    let (mut at, mut buffer) = (0, vec![0; TURN_BYTES]);
    loop {
        let read = output.read(&mut buffer);
        let count = read.map_err(|error| failed("age").caused_by(error))?;
        if count == 0 {
            return Ok(into);
        }
        into.write_at(at, &buffer[..count])?;
        at += count as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::stage::ObjectSource;

    /// A recipient that nobody can open for.
    fn recipient() -> String {
        let made = Command::new("age-keygen").output().unwrap();
        let text = String::from_utf8(made.stdout).unwrap();
        text.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap().to_owned()
    }

    #[test]
    fn how_long_a_file_becomes_is_known_to_the_byte() {
        for recipients in [vec![recipient()], vec![recipient(), recipient(), recipient()]] {
            let seal = Seal::of(&recipients).unwrap().unwrap();
            for bytes in [0, 1, 65_535, 65_536, 65_537, 131_072, 300_000] {
                let mut sealed = Vec::new();
                let plain = vec![7; bytes];
                seal.encrypt((&mut sealed, Path::new("sealed")), |input| {
                    input.write_all(&plain).map_err(|_| failed("write"))
                })
                .unwrap();
                assert_eq!(seal.length(bytes as u64), sealed.len() as u64, "{bytes}");
                let most = sealed_bytes(bytes as u64, recipients.len() as u64);
                assert!(most >= sealed.len() as u64, "planned with less than it takes");
            }
        }
        assert!(Seal::of(&[]).unwrap().is_none());
    }

    #[test]
    fn damage_is_told_from_a_wrong_identity_in_one_line_that_people_can_read() {
        let scratch = tempfile::tempdir().unwrap();
        let identity = |name: &str| {
            let path = scratch.path().join(name);
            let made = Command::new("age-keygen").arg("-o").arg(&path).output().unwrap();
            let text = String::from_utf8(made.stderr).unwrap();
            (Identities::read(&path).unwrap(), text.trim().rsplit(' ').next().unwrap().to_owned())
        };
        let ((own, recipient), (stranger, _)) = (identity("own"), identity("stranger"));
        let seal = Seal::of(&[recipient]).unwrap().unwrap();
        let mut sealed = Vec::new();
        seal.encrypt((&mut sealed, Path::new("sealed")), |input| {
            input.write_all(&vec![7; 300_000]).map_err(|_| failed("write"))
        })
        .unwrap();
        let opened = |identities: &Identities, sealed: &[u8]| {
            let spool = Spool::new(scratch.path(), 300_000).unwrap();
            identities.decrypt(sealed, spool).map(|spool| ObjectSource::bytes(&spool))
        };
        assert_eq!(opened(&own, &sealed).unwrap(), 300_000);
        // What was handed over opens the same, as often as it is used, and lies in no file.
        let text = std::fs::read_to_string(scratch.path().join("own")).unwrap();
        let handed = Identities::of(text).unwrap();
        for _ in 0..2 {
            assert_eq!(opened(&handed.clone(), &sealed).unwrap(), 300_000);
        }
        let lies = std::fs::read_link(&handed.path).unwrap();
        let shown = lies.display().to_string();
        assert!(shown.starts_with("/memfd:identity"), "{shown}");
        let path = handed.path.clone();
        drop(handed);
        assert!(std::fs::read_link(&path).map_or(true, |now| now != lies), "it is let go of");
        for none in ["", "age1recipient", &"A".repeat(70_000)] {
            let refused = Identities::of(none.to_owned()).unwrap_err();
            assert_eq!(refused.code(), Code::IdentityWrong);
        }
        assert_eq!(opened(&stranger, &sealed).unwrap_err().code(), Code::IdentityWrong);
        let mut changed = sealed.clone();
        changed[200_000] ^= 1;
        // What it quotes of a header that is noise is kept from people.
        let mut noise = sealed.clone();
        blake3::Hasher::new().finalize_xof().fill(&mut noise[..4_000]);
        for damaged in [&changed[..], &noise, &sealed[..150_000], &vec![0; 9_000], &[]] {
            let fault = opened(&own, damaged).unwrap_err();
            assert_eq!(fault.code(), Code::SealedDamaged, "{fault}");
            let said = fault.detail("reason").unwrap();
            assert!(said.chars().count() <= SAID_CHARS_MAX && !said.contains("\\x"), "{said}");
            assert!(!said.contains('\n') && said.starts_with("age: error"), "{said}");
        }
        // A line that begins as an identity does and is none.
        let broken = scratch.path().join("broken");
        crate::store::durable::write_new(
            &broken,
            b"AGE-SECRET-KEY-1XYZ\n",
            crate::store::durable::SECRET,
        )
        .unwrap();
        let broken = Identities::read(&broken).unwrap();
        assert_eq!(opened(&broken, &sealed).unwrap_err().code(), Code::IdentityWrong);
    }

    #[test]
    fn what_cannot_be_written_or_read_ends_the_encryption_with_its_reason() {
        let seal = Seal::of(&[recipient()]).unwrap().unwrap();
        let plain = vec![7; 4 << 20];
        // A place that is full: the program must not wait for it for ever.
        let mut place = [0_u8; 1_000];
        let full = seal.encrypt((&mut &mut place[..], Path::new("place")), |input| {
            input.write_all(&plain).map_err(|_| failed("gone"))
        });
        assert_eq!(full.unwrap_err().detail("path"), Some("place"));
        let damaged = seal.encrypt((&mut Vec::new(), Path::new("place")), |input| {
            input.write_all(&plain[..100]).map_err(|_| failed("write"))?;
            Err(Fault::new(Code::StoredBytesDamaged))
        });
        assert_eq!(damaged.unwrap_err().code(), Code::StoredBytesDamaged);
        let unknown = Seal::of(&["age1nobody".to_owned()]).err().unwrap();
        assert_eq!(unknown.code(), Code::ImageToolFailed);
    }
}
