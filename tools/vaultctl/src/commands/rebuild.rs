//! `vaultctl rebuild`: a new catalogue from storage, ledger and keys alone.
//!
//! Promises: the old directory is only read.

use crate::arguments::path;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use clap::{ArgMatches, Command};
use serde_json::json;
use vault_core::vault::Vault;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("rebuild", "rebuild")
        .arg(help.path_option("from").required(true))
        .arg(help.path_option("into").required(true))
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let (from, into) = (path(matches, "from")?, path(matches, "into")?);
    let report = Vault::rebuild(&from, &into, context.clock.clone()).await?;
    let digest = report.dump_digest.to_string();
    if matches.get_flag("json") {
        output::json(&json!({
            "recordings": report.recordings,
            "events": report.events,
            "dump_digest": digest,
        }))?;
    } else {
        let (recordings, events) = (report.recordings.to_string(), report.events.to_string());
        let values =
            [("recordings", recordings.as_str()), ("events", &events), ("digest", &digest)];
        output::line(&context.text("ctl-rebuild-done", &values))?;
    }
    Ok(Exit::Done)
}
