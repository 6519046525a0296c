//! `vaultctl marker`: marks on the time line (R07): set and remove.
//!
//! Promises: both are on record with the person; a mark that was removed was still there.

use crate::arguments::{invalid, optional_text, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Command};
use serde_json::json;
use vault_core::media::{MARKER_KINDS, NewMarker, remove_marker, set_marker};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let kinds = PossibleValuesParser::new(MARKER_KINDS.iter().copied());
    let set = help
        .command("set", "marker-set")
        .arg(help.positional("recording").required(true))
        .arg(help.option("kind").value_parser(kinds).hide_possible_values(true).required(true))
        .arg(help.option("at").required(true))
        .arg(help.option("to"))
        .arg(help.option("note"))
        .arg(help.json());
    let remove = help
        .command("remove", "marker-remove")
        .arg(help.positional("marker").required(true))
        .arg(help.json());
    help.command("marker", "marker")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(set)
        .subcommand(remove)
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("set", matches)) => set(context, matches).await,
        Some(("remove", matches)) => remove(context, matches).await,
        _ => Err(super::no_command()),
    }
}

async fn set(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let from_ms = moment("at", &text(matches, "at"))?;
    let to_ms = optional_text(matches, "to").map(|to| moment("to", &to)).transpose()?;
    let new = NewMarker {
        kind: text(matches, "kind"),
        from_ms,
        to_ms: to_ms.unwrap_or(from_ms),
        note: text(matches, "note"),
    };
    let vault = context.vault().await?;
    let recording = vault.find(&text(matches, "recording")).await?;
    let marker = set_marker(&vault, &context.actor(&vault).await?, &recording, new).await?;
    if matches.get_flag("json") {
        output::json(&json!({ "recording": recording.to_string(), "marker": marker }))?;
    } else {
        output::line(&context.text("ctl-marker-set", &[("marker", &marker)]))?;
    }
    Ok(Exit::Done)
}

async fn remove(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let marker = text(matches, "marker");
    let vault = context.vault().await?;
    remove_marker(&vault, &context.actor(&vault).await?, &marker).await?;
    if matches.get_flag("json") {
        output::json(&json!({ "marker": marker, "removed": true }))?;
    } else {
        output::line(&context.text("ctl-marker-removed", &[("marker", &marker)]))?;
    }
    Ok(Exit::Done)
}

/// A place in time, `[HH:]MM:SS[.mmm]` or seconds, in milliseconds.
pub(super) fn moment(argument: &'static str, text: &str) -> Answer<u64> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Option<Vec<u64>> = clock.split(':').map(|part| part.parse().ok()).collect();
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let seconds =
        parts.filter(|parts| parts.len() <= 3 && parts.iter().all(|part| *part < 1 << 32));
    let seconds = seconds.map(|parts| parts.iter().fold(0, |sum, part| sum * 60 + part));
    match (seconds, digits.parse::<u64>()) {
        (Some(seconds), Ok(ms)) => Ok(seconds * 1_000 + ms),
        _ => Err(invalid(argument, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_time_are_read() {
        assert_eq!(moment("at", "90").unwrap(), 90_000);
        assert_eq!(moment("at", "1:30.5").unwrap(), 90_500);
        assert_eq!(moment("at", "1:00:00").unwrap(), 3_600_000);
        assert!(moment("at", "soon").is_err());
        assert!(moment("at", "1:2:3:4").is_err());
    }
}
