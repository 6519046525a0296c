//! `vaultctl ledger verify`: derives the root again and folds the catalogue.
//!
//! Promises: the first bad index is named (exit 4).

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
    help.command("verify", "ledger-verify").arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let report = context.reading(Act::ReadLedger).await?.verify_ledger().await?;
    let (size, root) = (report.size, report.root.to_string());
    if matches.get_flag("json") {
        output::json(&json!({ "size": size, "root": root }))?;
    } else {
        let size = size.to_string();
        output::line(&context.text("ctl-ledger-verified", &[("size", &size), ("root", &root)]))?;
    }
    Ok(Exit::Done)
}
