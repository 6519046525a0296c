//! `vaultctl transcript show`: a version with its origin, its pieces, and whether it was checked.
//!
//! Promises: the showing is on record before it happens.

use super::shown;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::transcripts::{cues_json, transcript_lines, version_json};
use clap::{ArgMatches, Command};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("show", "transcript-show")
        .arg(help.positional("recording").required(true))
        .arg(help.option("transcript-version").long("version"))
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let (recording, version, transcript) = shown(context, &vault, matches).await?;
    if matches.get_flag("json") {
        let mut document = version_json(&version);
        document["recording"] = recording.to_string().into();
        document["language"] = transcript.language.as_str().into();
        document["left_out"] = transcript.left_out.into();
        document["cues"] = cues_json(&transcript).into();
        output::json(&document)?;
    } else {
        output::data(&transcript_lines(&version, &transcript, &context.wording))?;
    }
    Ok(Exit::Done)
}
