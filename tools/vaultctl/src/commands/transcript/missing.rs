//! `vaultctl transcript missing`: recordings with sound whose text nobody checked (R09).
//!
//! Promises: every such recording is listed, page by page.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::times::Zone;
use crate::view::{recording_json, recordings_table};
use clap::{ArgMatches, Command};
use serde_json::json;
use vault_core::policy::Act;

/// Rows of one page.
const PAGE_ROWS: u32 = 500;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("missing", "transcript-missing").arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let (mut after, mut all) = (None, Vec::new());
    loop {
        let (rows, next) = vault.catalog().without_checked_text(after, PAGE_ROWS).await?;
        let Some(next) = next else { break };
        after = Some(next);
        if matches.get_flag("json") {
            all.extend(rows.iter().map(recording_json));
        } else {
            output::data(&recordings_table(&rows, &context.wording, Zone::Beijing))?;
        }
    }
    if matches.get_flag("json") {
        output::json(&json!({ "recordings": all }))?;
    } else if after.is_none() {
        output::note(&context.text("ctl-transcript-none-missing", &[]));
    }
    Ok(Exit::Done)
}
