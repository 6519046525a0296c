//! Encryption of what lies on a volume, for named recipients, by the program `age` (R16;
//! A2.18(一)6).
//!
//! Promises: what is written is written by the program that will read it, so that whoever has an
//! identity of one of the recipients needs nothing of ours; the vault holds recipients and no
//! identities: it can write an encrypted volume, check it and mend it, but reads it only with a
//! file that is brought along, whose path alone is passed on. Plain bytes go through pipes and never
//! touch a disk but in a spool. Never keeps or shows an identity.

use crate::fault::{Code, Fault, Outcome};
use crate::limits::IDENTITY_BYTES_MAX;
use crate::store::spool::Spool;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use zeroize::Zeroizing;

/// What an encrypted file is called: its name with this behind it.
pub(super) const SUFFIX: &str = ".age";

/// How a line begins that holds an identity.
const IDENTITY: &str = "AGE-SECRET-KEY-1";

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

/// Waits for its end; what it said is in the fault.
fn finished(child: Child, fault: Fault) -> Outcome<()> {
    let output = child.wait_with_output().map_err(|error| failed("age").caused_by(error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(fault.with("reason", said.lines().next().unwrap_or_default()))
}

/// Writes for recipients.
pub(super) struct Seal(Vec<String>);

impl Seal {
    /// For these recipients; none where there are none.
    pub(super) fn of(recipients: &[String]) -> Option<Self> {
        if recipients.is_empty() { None } else { Some(Self(recipients.to_vec())) }
    }

    /// Encrypts what `write` writes into a new file.
    pub(super) fn encrypt(
        &self,
        into: File,
        write: impl FnOnce(&mut dyn Write) -> Outcome<()>,
    ) -> Outcome<()> {
        let mut command = age();
        command.arg("--encrypt");
        for recipient in &self.0 {
            command.arg("--recipient").arg(recipient);
        }
        let mut child = started(command.stdin(Stdio::piped()).stdout(Stdio::from(into)))?;
        let input = child.stdin.take();
        let written = match input {
            Some(mut input) => write(&mut input),
            None => Err(failed("age")),
        };
        // Its own reason comes first: what is written to a program that is gone says nothing.
        finished(child, failed("age"))?;
        written
    }
}

/// How long a file of so many bytes becomes: a header with a stanza for each recipient, a nonce,
/// and a tag behind every 64 KiB. An upper bound.
pub(super) const fn sealed_bytes(bytes: u64, recipients: u64) -> u64 {
    bytes + (bytes / 65_536 + 1) * 16 + 256 + recipients * 128
}

/// What opens encrypted volumes: a file of identities, left where it is. Never shown.
#[derive(Debug, Clone)]
pub struct Identities(PathBuf);

impl Identities {
    /// A file as `age-keygen` writes it.
    pub fn read(path: &Path) -> Outcome<Self> {
        let io = |error| Fault::from_file(error, path);
        let unusable = || Fault::new(Code::IdentityNeeded).with("path", path.display());
        let file = File::open(path).map_err(io)?;
        if file.metadata().map_err(io)?.len() > IDENTITY_BYTES_MAX {
            return Err(unusable());
        }
        let mut text = Zeroizing::new(String::new());
        let read = file.take(IDENTITY_BYTES_MAX).read_to_string(&mut text);
        let holds = read.is_ok() && text.lines().any(|line| line.starts_with(IDENTITY));
        if holds { Ok(Self(path.to_owned())) } else { Err(unusable()) }
    }

    /// Decrypts into a spool.
    pub(super) fn decrypt(&self, mut sealed: impl Read + Send, into: Spool) -> Outcome<Spool> {
        let mut command = age();
        command.arg("--decrypt").arg("--identity").arg(&self.0);
        let mut child = started(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed("age"));
        };
        let spooled = std::thread::scope(|scope| {
            // Where it stops reading, it says why by its own end.
            scope.spawn(move || std::io::copy(&mut sealed, &mut input).ok());
            drain(output, into)
        });
        finished(child, Fault::new(Code::IdentityNeeded))?;
        spooled
    }
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
