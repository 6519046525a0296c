//! `vaultctl jobs`: work that waits in the vault: digests, scheduled fixity.

mod list;
mod retry;
mod run;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use clap::{ArgMatches, Command};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("jobs", "jobs")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(run::command(help))
        .subcommand(list::command(help))
        .subcommand(retry::command(help))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("run", matches)) => run::run(context, matches).await,
        Some(("list", matches)) => list::run(context, matches).await,
        Some(("retry", matches)) => retry::run(context, matches).await,
        _ => Err(super::no_command()),
    }
}
