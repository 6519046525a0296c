//! `vaultctl read`: verified bytes of a recording under a grant (R19, A3.15).
//!
//! Promises: without a grant nothing is read, and the refusal is recorded (exit 5). An output file
//! is made only when the first byte is allowed, and never overwrites one.

use crate::arguments::{optional_path, optional_text, range, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::media::shown_length;
use crate::output;
use crate::view::shown_path;
use clap::{ArgMatches, Command};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use vault_core::access;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("read", "read")
        .arg(help.positional("recording").required(true))
        .arg(help.option("grant"))
        .arg(help.option("range"))
        .arg(help.flag("excerpt").requires("grant").conflicts_with("range"))
        .arg(help.path_option("output").short('o'))
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let grant = optional_text(matches, "grant");
    let range = range(matches, "range")?;
    let target = optional_path(matches, "output");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let recording = vault.find(&text(matches, "recording")).await?;
    let mut sink = Sink::new(target.clone());
    let mut covers = None;
    let read = match grant.as_deref().filter(|_| matches.get_flag("excerpt")) {
        Some(grant) => {
            let (tools, what) = (context.tools()?, (&recording, grant));
            let media = tools.media.as_ref();
            let read = access::read_excerpt(&vault, &actor, what, media, &mut sink).await;
            read.map(|stretch| covers = Some(stretch))
        }
        None => access::read(&vault, &actor, &recording, grant.as_deref(), range, &mut sink).await,
    };
    let finished = match (read, sink.problem.take()) {
        (Ok(()), None) => sink.finish(),
        (_, Some(problem)) => Err(problem),
        (Err(fault), None) => Err(fault.into()),
    };
    if finished.is_err() {
        sink.abandon();
    }
    finished?;
    if let Some(target) = target {
        output::note(&context.text("ctl-read-done", &[("path", &shown_path(&target))]));
    }
    if let Some((from, to)) = covers {
        let shown = |ms: u64| shown_length(i64::try_from(ms * 1_000).unwrap_or(i64::MAX));
        let (from, to) = (shown(from), shown(to));
        output::note(&context.text("ctl-excerpt-covers", &[("from", &from), ("to", &to)]));
    }
    Ok(Exit::Done)
}

/// Where the bytes go. Remembers why a write failed: the core only knows that it did.
pub(crate) struct Sink {
    target: Option<PathBuf>,
    file: Option<File>,
    problem: Option<Failure>,
}

impl Sink {
    pub(crate) fn new(target: Option<PathBuf>) -> Self {
        Self { target, file: None, problem: None }
    }

    /// Writes all of it, durably.
    pub(crate) fn whole(&mut self, bytes: &[u8]) -> Answer<()> {
        match (self.write_all(bytes), self.problem.take()) {
            (Ok(()), None) => self.finish(),
            (_, Some(problem)) => Err(problem),
            (Err(error), None) => Err(Failure::Output(error)),
        }
    }

    /// Makes the file durable; an empty recording gets its empty file here.
    fn finish(&mut self) -> Answer<()> {
        let finished = match self.target.clone() {
            Some(target) => self.opened(&target).and_then(|file| file.sync_all()),
            None => io::stdout().lock().flush(),
        };
        finished.map_err(|error| self.failure(error))
    }

    /// Takes away what was written: a part of a recording must not pass for the whole.
    #[expect(clippy::disallowed_methods, reason = "an unfinished file of our own, not evidence")]
    pub(crate) fn abandon(&mut self) {
        if let (Some(target), Some(_)) = (&self.target, self.file.take()) {
            // If it cannot be removed, the failure that is reported says that it is not whole.
            let _left = std::fs::remove_file(target);
        }
    }

    fn opened(&mut self, target: &Path) -> io::Result<&mut File> {
        if self.file.is_none() {
            self.file = Some(File::create_new(target)?);
        }
        self.file.as_mut().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn failure(&self, error: io::Error) -> Failure {
        match &self.target {
            Some(target) if error.kind() == io::ErrorKind::AlreadyExists => {
                Failure::Usage("ctl-read-exists", vec![("path", shown_path(target))])
            }
            _ => Failure::Output(error),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self.target.clone() {
            Some(target) => self.opened(&target).and_then(|file| file.write(bytes)),
            None => io::stdout().lock().write(bytes),
        };
        written.map_err(|error| {
            let for_core = io::Error::from(error.kind());
            self.problem = Some(self.failure(error));
            for_core
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_at_the_first_byte_and_never_overwritten() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("a");
        let mut sink = Sink::new(Some(target.clone()));
        assert!(!target.exists());
        sink.write_all(b"one").unwrap();
        sink.finish().unwrap();
        let mut second = Sink::new(Some(target.clone()));
        assert!(second.write_all(b"two").is_err());
        assert!(matches!(second.problem, Some(Failure::Usage("ctl-read-exists", _))));
        second.abandon();
        assert_eq!(std::fs::read(&target).unwrap(), b"one");
        sink.abandon();
        assert!(!target.exists());
    }
}
