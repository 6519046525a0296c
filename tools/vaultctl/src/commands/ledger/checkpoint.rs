//! `vaultctl ledger checkpoint`: signs the ledger as it stands.
//!
//! Promises: what is printed is the exact signed note, ready to be kept by a third party.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use clap::{ArgMatches, Command};
use serde_json::json;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("checkpoint", "ledger-checkpoint").arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let note = vault.sign_checkpoint(&context.actor(&vault).await?).await?;
    if matches.get_flag("json") {
        output::json(&json!({ "checkpoint": note }))?;
    } else {
        output::data(&note)?;
    }
    Ok(Exit::Done)
}
