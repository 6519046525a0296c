//! `vaultctl tier`: what lies in the cold store, what would go there, and moving it (R16; A3.12).
//!
//! Promises: `plan` changes nothing; `move` takes nothing away that was not verified in the cold
//! store, and answers 75 while something is still being brought back.

use super::list::zone;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::table::{Lean, Table, shown_bytes_count};
use crate::times::{rfc3339, shown_time};
use crate::view::short;
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::fault::Class;
use vault_core::policy::Act;
use vault_core::preservation::{Moved, move_tiers, plan_tiers, tier_status};
use vault_core::wording::{Family, shown};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let status = help.command("status", "tier-status").arg(help.flag("utc")).arg(help.json());
    help.command("tier", "tier")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(status)
        .subcommand(help.command("plan", "tier-plan").arg(help.json()))
        .subcommand(help.command("move", "tier-move").arg(help.json()))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("status", matches)) => status(context, matches).await,
        Some(("plan", matches)) => {
            let vault = context.reading(Act::ReadCatalogue).await?;
            said(context, matches, &plan_tiers(&vault, None).await?)
        }
        Some(("move", matches)) => {
            let vault = context.vault().await?;
            let actor = context.actor(&vault).await?;
            said(context, matches, &move_tiers(&vault, &actor, &context.stop).await?)
        }
        _ => Err(super::no_command()),
    }
}

async fn status(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadHealth).await?;
    let found = tier_status(&vault).await?;
    if matches.get_flag("json") {
        output::json(&json!({
            "store": found.store,
            "archives": found.archives,
            "after_days": found.after_days,
            "recordings": found.recordings,
            "bytes": found.bytes,
            "asked": found.asked.iter().map(|(recording, at)| json!({
                "recording": recording.to_string(), "since": rfc3339(*at),
            })).collect::<Vec<_>>(),
        }))?;
        return Ok(Exit::Done);
    }
    let none = || context.text("ctl-tier-none", &[]);
    let store = found.store.as_deref().map_or_else(none, shown);
    let (recordings, days) = (found.recordings.to_string(), found.after_days.to_string());
    let size = shown_bytes_count(found.bytes);
    let values =
        [("store", store.as_str()), ("days", &days), ("recordings", &recordings), ("size", &size)];
    output::line(&context.text("ctl-tier-status", &values))?;
    let names = ["ctl-column-recording", "ctl-column-since"];
    let columns = names.map(|name| (context.text(name, &[]), Lean::Left));
    let mut table = Table::new(columns.to_vec());
    for (recording, at) in &found.asked {
        table.row(vec![short(&recording.to_string()), shown_time(*at, zone(matches))]);
    }
    if !found.asked.is_empty() {
        output::line(&context.text("ctl-tier-asked", &[]))?;
        output::data(&table.lines())?;
    }
    Ok(Exit::Done)
}

fn said(context: &Context, matches: &ArgMatches, moved: &Moved) -> Answer<Exit> {
    if matches.get_flag("json") {
        output::json(&moved_json(moved))?;
    } else {
        let values = [
            ("cooled", moved.cooled.to_string()),
            ("size", shown_bytes_count(moved.cooled_bytes)),
            ("recalled", moved.recalled.to_string()),
            ("under_way", moved.under_way.to_string()),
        ];
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        output::line(&context.text("ctl-tier-moved", &values))?;
        for (reason, count) in &moved.stay {
            let reason = context.wording.name(Family::Hot, reason);
            let count = count.to_string();
            let values = [("reason", reason.as_str()), ("count", &count)];
            output::line(&context.text("ctl-tier-stays", &values))?;
        }
    }
    Ok(if moved.under_way > 0 { Exit::Class(Class::TryAgain) } else { Exit::Done })
}

fn moved_json(moved: &Moved) -> Value {
    json!({
        "cooled": moved.cooled,
        "cooled_bytes": moved.cooled_bytes,
        "stay": moved.stay,
        "recalled": moved.recalled,
        "under_way": moved.under_way,
    })
}
