//! `vaultctl show`: one recording with its facts, how long it is kept and why, where its bytes lie,
//! and its chain of custody.
//!
//! Promises: everything the catalogue knows, and every event from the first on. Never a byte of the
//! recording itself.

use super::list::zone;
use super::retention::{retention_json, retention_lines};
use crate::arguments::text;
use crate::context::Context;
use crate::events::{event_json, events_table};
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::media::{media_json, media_lines};
use crate::output;
use crate::times::{Zone, rfc3339, shown_time};
use crate::view::{recording_facts, recording_json};
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::fault::Outcome;
use vault_core::people::Names;
use vault_core::policy::Act;
use vault_core::preservation::{self, Tier};
use vault_core::retention;
use vault_core::wording::{Family, shown};

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
    let kept = retention::show(&vault, &recording).await?;
    let tier = preservation::tier_of(&vault, &recording).await?;
    let events = vault.catalog().events(Some(&recording), None, EVENTS_MAX).await?;
    let names = Names::of(&vault).await?;
    if matches.get_flag("json") {
        let mut document = recording_json(&row);
        document["media"] = media_json(&media);
        document["retention"] = retention_json(&kept);
        document["tier"] = tier_json(&tier);
        let events = events.iter().map(|event| event_json(event, &names));
        document["events"] = events.collect::<Outcome<Vec<_>>>()?.into();
        output::json(&document)?;
        return Ok(Exit::Done);
    }
    let zone = zone(matches);
    let facts = recording_facts(&row, &context.wording, zone) + &tier_line(context, &tier, zone);
    let kept = retention_lines(context, &kept, zone);
    let media = media_lines(&media, &context.wording, zone);
    let heading = context.text("ctl-show-events", &[]);
    let events = events_table(&events, &names, &context.wording, zone);
    output::data(&format!("{facts}\n{kept}\n{media}\n{heading}\n{events}"))?;
    Ok(Exit::Done)
}

/// Where the bytes lie that are not in the vault's own store; nothing of those that are.
fn tier_line(context: &Context, tier: &Tier, zone: Zone) -> String {
    let (key, store, at) = match tier {
        Tier::Hot => return String::new(),
        Tier::Cold { store, since } => ("ctl-show-cold", store, *since),
        Tier::BroughtBack { store, asked } => ("ctl-show-brought-back", store, *asked),
    };
    let (store, at) = (shown(store), shown_time(at, zone));
    let state = context.wording.name(Family::Tier, tier.as_str());
    let values = [("state", state.as_str()), ("store", &store), ("at", &at)];
    context.text(key, &values) + "\n"
}

fn tier_json(tier: &Tier) -> Value {
    let (store, at) = match tier {
        Tier::Hot => (None, None),
        Tier::Cold { store, since: at } | Tier::BroughtBack { store, asked: at } => {
            (Some(store), Some(rfc3339(*at)))
        }
    };
    json!({ "state": tier.as_str(), "store": store, "since": at })
}
