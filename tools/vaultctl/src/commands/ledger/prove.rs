//! `vaultctl ledger prove`: that an event is in the ledger, as a tlog-proof file.
//!
//! Promises: what is printed can be checked by an outsider with the checkpoint key alone.

use crate::arguments::{invalid, number};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use clap::{ArgMatches, Command};
use serde_json::json;
use vault_core::policy::Act;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("prove", "ledger-prove")
        .arg(help.positional("seq").required(true))
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let seq = number(matches, "seq", &(0..=u64::MAX))?.ok_or_else(|| invalid("seq", ""))?;
    let proof = context.reading(Act::ReadLedger).await?.prove(seq).await?;
    if matches.get_flag("json") {
        output::json(&json!({ "seq": seq, "proof": proof }))?;
    } else {
        output::data(&proof)?;
    }
    Ok(Exit::Done)
}
