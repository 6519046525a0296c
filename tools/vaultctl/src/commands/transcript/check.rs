//! `vaultctl transcript check`: a person vouches that a version agrees with the sound (R09).

use super::version;
use crate::arguments::text;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use clap::{ArgMatches, Command};
use serde_json::json;
use vault_core::transcript;

/// The call. The version must be named: nobody vouches for whatever happens to be the newest.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("check", "transcript-check")
        .arg(help.positional("recording").required(true))
        .arg(help.option("transcript-version").long("version").required(true))
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let version = version(matches)?.unwrap_or_default();
    let vault = context.vault().await?;
    let recording = vault.find(&text(matches, "recording")).await?;
    let actor = context.actor(&vault).await?;
    transcript::check(&vault, &actor, &recording, version).await?;
    if matches.get_flag("json") {
        let recording = recording.to_string();
        let checked_by = actor.person();
        output::json(&json!({
            "recording": recording, "version": version, "checked_by": checked_by,
        }))?;
    } else {
        let version = version.to_string();
        let values = [("version", version.as_str()), ("person", actor.person())];
        output::line(&context.text("ctl-transcript-vouched", &values))?;
    }
    Ok(Exit::Done)
}
