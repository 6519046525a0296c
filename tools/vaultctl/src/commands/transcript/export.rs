//! `vaultctl transcript export`: a version as WebVTT or plain text.
//!
//! Promises: who or what made it, and whether it was checked, stand at its head; the handing out
//! is on record; an output file is never overwritten.

use super::shown;
use crate::arguments::{optional_path, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::output;
use crate::view::shown_path;
use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Command};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;
use vault_core::transcript::{notes, write_text, write_webvtt};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let formats = PossibleValuesParser::new(["vtt", "txt"]);
    help.command("export", "transcript-export")
        .arg(help.positional("recording").required(true))
        .arg(help.option("transcript-version").long("version"))
        .arg(
            help.option("format")
                .value_parser(formats)
                .hide_possible_values(true)
                .default_value("vtt")
                .hide_default_value(true),
        )
        .arg(help.path_option("output").short('o'))
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let (_, version, transcript) = shown(context, &vault, matches).await?;
    let notes = notes(&version, &transcript, &context.wording);
    let file = match text(matches, "format").as_str() {
        "txt" => write_text(&transcript, &notes),
        _ => write_webvtt(&transcript, &notes),
    };
    match optional_path(matches, "output") {
        None => output::data(&file)?,
        Some(path) => write_new(&path, file.as_bytes())?,
    }
    Ok(Exit::Done)
}

fn write_new(path: &Path, bytes: &[u8]) -> Answer<()> {
    let written = File::create_new(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Failure::Usage("ctl-read-exists", vec![("path", shown_path(path))])
        }
        _ => Failure::Output(error),
    })
}
