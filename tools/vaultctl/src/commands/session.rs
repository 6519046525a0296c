//! `vaultctl session`: the files that belong to one recording session, what is missing between
//! them, and how its times agree with a written record (R01, R06; A3.9).
//!
//! Promises: reads the catalogue only. Times of the device are compared as claimed; whose claim it
//! is stands in `show`.

use super::list::zone;
use crate::arguments::{optional_text, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::media::{seam_lines, session_json, shown_length};
use crate::output;
use crate::table::{Lean, Table};
use crate::times::shown_time;
use crate::view::short;
use clap::{ArgMatches, Command};
use serde_json::json;
use vault_core::clock::{UtcTime, parse_time};
use vault_core::policy::Act;
use vault_core::wording::shown;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("session", "session")
        .arg(help.positional("recording").required(true))
        .arg(help.option("written-from").requires("written-to"))
        .arg(help.option("written-to").requires("written-from"))
        .arg(help.flag("utc"))
        .arg(help.json())
}

fn time(matches: &ArgMatches, id: &'static str) -> Answer<Option<UtcTime>> {
    let Some(text) = optional_text(matches, id) else { return Ok(None) };
    let invalid = || {
        let values = vec![("argument", format!("--{id}")), ("value", text.clone())];
        Failure::Usage("ctl-usage-invalid-value", values)
    };
    parse_time(&text).map(|(at, _)| Some(at)).ok_or_else(invalid)
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let (from, to) = (time(matches, "written-from")?, time(matches, "written-to")?);
    let vault = context.reading(Act::ReadCatalogue).await?;
    let recording = vault.find(&text(matches, "recording")).await?;
    let facts = vault.media_facts(&recording).await?;
    let Some((session, place)) = facts.session else {
        if matches.get_flag("json") {
            output::json(&json!({ "session": null }))?;
        } else {
            output::line(&context.text("ctl-session-none", &[]))?;
        }
        return Ok(Exit::Done);
    };
    let difference = from.zip(to).and_then(|(from, to)| session.differs_from(from, to));
    if matches.get_flag("json") {
        let mut document = session_json(&session, place);
        document["written"] = difference
            .map(|found| json!({ "started_ms": found.started_ms, "ended_ms": found.ended_ms }))
            .into();
        output::json(&document)?;
        return Ok(Exit::Done);
    }
    let zone = zone(matches);
    let mut table = Table::new(vec![
        (context.text("ctl-column-recording", &[]), Lean::Left),
        (context.text("ctl-column-from", &[]), Lean::Left),
        (context.text("ctl-column-to", &[]), Lean::Left),
        (context.text("ctl-column-length", &[]), Lean::Right),
        (context.text("ctl-column-name", &[]), Lean::Left),
    ]);
    for part in &session.parts {
        table.row(vec![
            short(&part.recording),
            shown_time(part.started, zone),
            shown_time(part.ended, zone),
            shown_length((part.ended.as_ms() - part.started.as_ms()) * 1_000),
            shown(&part.name),
        ]);
    }
    output::data(&table.lines())?;
    output::data(&seam_lines(&session, &context.wording, zone))?;
    if let Some(found) = difference {
        let signed = |ms: i64| format!("{:+}", ms / 1_000);
        let (started, ended) = (signed(found.started_ms), signed(found.ended_ms));
        let values = [("started", started.as_str()), ("ended", ended.as_str())];
        output::line(&context.text("ctl-session-written", &values))?;
    }
    Ok(Exit::Done)
}
