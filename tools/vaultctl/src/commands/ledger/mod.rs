//! `vaultctl ledger`: the ledger, signed, checked, proven and read.

mod behind;
mod checkpoint;
mod events;
mod prove;
mod verify;

pub(super) use behind::{behind_json, behind_lines};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use clap::{ArgMatches, Command};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("ledger", "ledger")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(checkpoint::command(help))
        .subcommand(verify::command(help))
        .subcommand(prove::command(help))
        .subcommand(events::command(help))
        .subcommand(behind::compare_command(help))
        .subcommand(behind::recover_command(help))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("checkpoint", matches)) => checkpoint::run(context, matches).await,
        Some(("verify", matches)) => verify::run(context, matches).await,
        Some(("prove", matches)) => prove::run(context, matches).await,
        Some(("events", matches)) => events::run(context, matches).await,
        Some(("compare", matches)) => behind::compare(context, matches).await,
        Some(("recover", matches)) => behind::recover(context, matches).await,
        _ => Err(super::no_command()),
    }
}
