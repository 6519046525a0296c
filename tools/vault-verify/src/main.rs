//! `vault-verify`: checks a court package offline, with nothing but the package and a key.
//!
//! Promises exit 0 for a package in which nothing is wrong, 4 for every other, 2 for a call that
//! is no call; and that it says "self-asserted" (自证) unless the vault's key came from outside
//! the package. Reads only: writes nothing, opens no connection, follows no link, and never
//! unpacks an archive. Words: `vault-core/proof/locales`. (R18, R29)

mod archive;
mod arguments;
mod directory;
mod report;

use archive::Archive;
use arguments::{Call, Usage};
use directory::Directory;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use vault_proof::package::{Files, Verdict, verify};

/// Exit codes, those of every program of the vault.
const NOT_VALID: u8 = 4;
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let call = arguments::read(std::env::args_os().skip(1));
    let mut out = std::io::stdout().lock();
    match call {
        Ok(Call::Help) => code(report::help(&mut out), 0),
        Ok(Call::Check(check)) => match files(&check.package) {
            Some(files) => {
                let found = verify(&*files, check.pin.as_ref(), &mut |_| {});
                let shown = if check.json {
                    report::json(&mut out, &found)
                } else {
                    report::text(&mut out, &found)
                };
                code(shown, if found.verdict == Verdict::NotValid { NOT_VALID } else { 0 })
            }
            None => refused(&Usage::about("package-absent", &check.package)),
        },
        Err(usage) => refused(&usage),
    }
}

/// The package as files: a directory, or a file, which is to be a zip.
fn files(package: &Path) -> Option<Box<dyn Files>> {
    let found = std::fs::metadata(package).ok()?;
    if found.is_dir() {
        return Some(Box::new(Directory::at(package)));
    }
    if !found.is_file() {
        return None;
    }
    Some(Box::new(Archive::at(package)))
}

fn refused(usage: &Usage) -> ExitCode {
    code(report::refused(&mut std::io::stderr().lock(), usage), USAGE)
}

/// The exit code; output that could not be written must not look like a verdict.
fn code(written: std::io::Result<()>, code: u8) -> ExitCode {
    let flushed = std::io::stdout().flush();
    ExitCode::from(if written.and(flushed).is_ok() { code } else { 1 })
}
