//! `vaultctl transcript`: the text beside the sound (R09): show, edit, check, import, export.

mod check;
mod edit;
mod export;
mod import;
mod missing;
mod show;

use crate::arguments::{number, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use clap::{ArgMatches, Command};
use vault_core::media::TranscriptView;
use vault_core::transcript::{self, Transcript};
use vault_core::vault::Vault;
use vault_proof::ContentId;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("transcript", "transcript")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(show::command(help))
        .subcommand(edit::command(help))
        .subcommand(check::command(help))
        .subcommand(import::command(help))
        .subcommand(export::command(help))
        .subcommand(missing::command(help))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("show", matches)) => show::run(context, matches).await,
        Some(("edit", matches)) => edit::run(context, matches).await,
        Some(("check", matches)) => check::run(context, matches).await,
        Some(("import", matches)) => import::run(context, matches).await,
        Some(("export", matches)) => export::run(context, matches).await,
        Some(("missing", matches)) => missing::run(context, matches).await,
        _ => Err(super::no_command()),
    }
}

/// The version asked for, if one was.
fn version(matches: &ArgMatches) -> Answer<Option<u64>> {
    number(matches, "transcript-version", &(1..=u64::MAX))
}

/// The recording of the call, and the version asked for with its text; the showing is on record.
async fn shown(
    context: &Context,
    vault: &Vault,
    matches: &ArgMatches,
) -> Answer<(ContentId, TranscriptView, Transcript)> {
    let version = version(matches)?;
    let recording = vault.find(&text(matches, "recording")).await?;
    let actor = context.actor(vault).await?;
    let (row, transcript) = transcript::show(vault, &actor, &recording, version).await?;
    Ok((recording, row, transcript))
}
