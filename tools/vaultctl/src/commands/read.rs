//! `vaultctl read`: verified bytes of a recording under a grant (R19, A3.15).
//!
//! Promises: without a grant nothing is read, and the refusal is recorded (exit 5). An output file
//! is made only when the first byte is allowed, and never overwrites one.

use crate::arguments::{optional_path, optional_text, range, text};
use crate::context::Context;
use crate::core_api::access;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::output;
use crate::view::shown_path;
use clap::{ArgMatches, Command};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use vault_core::fault::{Code, Fault};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("read", "read")
        .arg(help.positional("recording").required(true))
        .arg(help.option("grant"))
        .arg(help.option("range"))
        .arg(help.path_option("output").short('o'))
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let grant = optional_text(matches, "grant");
    let range = range(matches, "range")?;
    let target = optional_path(matches, "output");
    let vault = context.vault().await?;
    let actor = Context::actor()?;
    let recording = vault.find(&text(matches, "recording")).await?;
    let mut sink = Sink::new(target.clone());
    let read = access::read(&vault, &actor, &recording, grant.as_deref(), range, &mut sink).await;
    match (read, sink.problem.take()) {
        (Ok(()), None) => sink.finish()?,
        (_, Some(problem)) => return Err(problem),
        (Err(fault), None) => return Err(fault.into()),
    }
    if let Some(target) = target {
        output::note(&context.text("ctl-read-done", &[("path", &shown_path(&target))]));
    }
    Ok(Exit::Done)
}

/// Where the bytes go. Remembers why a write failed: the core only knows that it did.
struct Sink {
    target: Option<PathBuf>,
    file: Option<File>,
    problem: Option<Failure>,
}

impl Sink {
    fn new(target: Option<PathBuf>) -> Self {
        Self { target, file: None, problem: None }
    }

    /// Makes the file durable; an empty recording gets its empty file here.
    fn finish(&mut self) -> Answer<()> {
        let Some(target) = self.target.clone() else { return Ok(io::stdout().lock().flush()?) };
        let synced = self.opened(&target).and_then(|file| file.sync_all());
        Ok(synced.map_err(|error| Fault::from_file(error, &target))?)
    }

    fn opened(&mut self, target: &Path) -> io::Result<&mut File> {
        if self.file.is_none() {
            self.file = Some(File::create_new(target)?);
        }
        self.file.as_mut().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn failed(&mut self, error: &io::Error) -> io::Error {
        let kind = error.kind();
        let copy = || io::Error::new(kind, error.to_string());
        self.problem = Some(match &self.target {
            Some(target) => Failure::Fault(
                Fault::new(Code::FileFailed).with("path", shown_path(target)).caused_by(copy()),
            ),
            None => Failure::Output(copy()),
        });
        copy()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self.target.clone() {
            Some(target) => self.opened(&target).and_then(|file| file.write(bytes)),
            None => io::stdout().lock().write(bytes),
        };
        written.map_err(|error| self.failed(&error))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
