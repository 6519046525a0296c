//! `vaultctl scrub`: reads again what is due, oldest first, at the pace of the settings; and
//! `scrub status`: how far the reading is (R17).
//!
//! Promises: as `verify`, every damage is named (exit 4). A stop loses nothing: the next call goes
//! on where this one was.

use super::list::zone;
use super::verify;
use crate::arguments::duration;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::table::{Table, shown_bytes_count};
use crate::times::{rfc3339, shown_time};
use clap::{ArgMatches, Command};
use serde_json::json;
use std::sync::Arc;
use vault_core::clock::UtcTime;
use vault_core::fault::Class;
use vault_core::policy::Act;
use vault_core::preservation::{self, ScrubExtent, ScrubStatus};

/// Seconds of a day.
const DAY_SECONDS: u64 = 86_400;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let status = help.command("status", "scrub-status").arg(help.flag("utc")).arg(help.json());
    help.command("scrub", "scrub").arg(help.option("for")).arg(help.json()).subcommand(status)
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some((_, matches)) => status(context, matches).await,
        None => read(context, matches).await,
    }
}

async fn read(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let json = matches.get_flag("json");
    let extent = match duration(matches, "for")? {
        Some(time) => ScrubExtent::For(time),
        None => ScrubExtent::Due,
    };
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let (progress, report) = verify::listener(context, json);
    let stop = context.stop.clone();
    let summary = preservation::scrub(&vault, &actor, extent, stop, Arc::new(report)).await;
    progress.finish();
    verify::conclude(context, &summary?, json)
}

async fn status(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let status = preservation::scrub_status(&vault).await?;
    if matches.get_flag("json") {
        output::json(&status_json(&status))?;
    } else {
        output::data(&status_lines(context, matches, &status))?;
    }
    if status.damaged > 0 {
        return Ok(Exit::Class(Class::Integrity));
    }
    Ok(if status.keeps_its_period() { Exit::Done } else { Exit::Overdue })
}

fn status_json(status: &ScrubStatus) -> serde_json::Value {
    json!({
        "objects": status.objects,
        "bytes": status.bytes,
        "period_days": status.period_days,
        "oldest_unverified": status.oldest_at.map(rfc3339),
        "oldest_unverified_seconds": status.oldest_seconds,
        "bytes_per_day": status.bytes_per_day,
        "bytes_per_day_needed": status.bytes_per_day_needed,
        "predicted_end": status.predicted_end.map(rfc3339),
        "overdue": status.overdue,
        "overdue_bytes": status.overdue_bytes,
        "damaged": status.damaged,
    })
}

fn status_lines(context: &Context, matches: &ArgMatches, status: &ScrubStatus) -> String {
    let time = |at: Option<UtcTime>| match at {
        Some(at) => shown_time(at, zone(matches)),
        None => context.text("ctl-scrub-none", &[]),
    };
    let days = (status.oldest_seconds / DAY_SECONDS).to_string();
    let overdue = status.overdue.to_string();
    let overdue_size = shown_bytes_count(status.overdue_bytes);
    let rows = [
        ("ctl-scrub-kept", format!("{} · {}", status.objects, shown_bytes_count(status.bytes))),
        (
            "ctl-scrub-period",
            context.text("ctl-scrub-days", &[("days", &status.period_days.to_string())]),
        ),
        ("ctl-scrub-oldest", time(status.oldest_at)),
        ("ctl-scrub-age", context.text("ctl-scrub-days", &[("days", &days)])),
        ("ctl-scrub-rate", shown_bytes_count(status.bytes_per_day)),
        ("ctl-scrub-needed", shown_bytes_count(status.bytes_per_day_needed)),
        ("ctl-scrub-end", time(status.predicted_end)),
        ("ctl-scrub-overdue", format!("{overdue} · {overdue_size}")),
        ("ctl-scrub-damaged", status.damaged.to_string()),
    ];
    let mut table = Table::pairs();
    for (name, value) in rows {
        table.row(vec![context.text(name, &[]), value]);
    }
    table.lines()
}
