//! `vaultctl show`: one recording with its facts and its chain of custody.
//!
//! Promises: everything the catalogue knows, and every event from the first on. Never a byte of the
//! recording itself.

use super::list::zone;
use crate::arguments::text;
use crate::context::Context;
use crate::events::{event_json, events_table};
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::media::{media_json, media_lines};
use crate::output;
use crate::view::{recording_facts, recording_json};
use clap::{ArgMatches, Command};
use vault_core::fault::Outcome;
use vault_core::people::Names;
use vault_core::policy::Act;

/// Events shown of one recording; `ledger events --recording` has them all.
const EVENTS_MAX: u32 = 10_000;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("show", "show")
        .arg(help.positional("recording").required(true))
        .arg(help.flag("utc"))
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let recording = vault.find(&text(matches, "recording")).await?;
    let row = vault.catalog().recording(&recording).await?;
    let media = vault.media_facts(&recording).await?;
    let events = vault.catalog().events(Some(&recording), None, EVENTS_MAX).await?;
    let names = Names::of(&vault).await?;
    if matches.get_flag("json") {
        let mut document = recording_json(&row);
        document["media"] = media_json(&media);
        let events = events.iter().map(|event| event_json(event, &names));
        document["events"] = events.collect::<Outcome<Vec<_>>>()?.into();
        output::json(&document)?;
        return Ok(Exit::Done);
    }
    let zone = zone(matches);
    let facts = recording_facts(&row, &context.wording, zone);
    let media = media_lines(&media, &context.wording, zone);
    let heading = context.text("ctl-show-events", &[]);
    let events = events_table(&events, &names, &context.wording, zone);
    output::data(&format!("{facts}\n{media}\n{heading}\n{events}"))?;
    Ok(Exit::Done)
}
