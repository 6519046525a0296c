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
use vault_proof::ContentId;

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
    let vault = context.reading(Act::ReadHealth).await?;
    let status = preservation::scrub_status(&vault).await?;
    let damaged = preservation::damaged_objects(&vault, preservation::OWN_STORE).await?;
    if matches.get_flag("json") {
        let mut document = status_json(&status);
        document["damaged_objects"] =
            damaged.iter().map(ToString::to_string).collect::<Vec<_>>().into();
        output::json(&document)?;
    } else {
        output::data(&status_lines(context, matches, &status))?;
        tell_damaged(context, &damaged, status.damaged)?;
    }
    if status.damaged > 0 {
        return Ok(Exit::Class(Class::Integrity));
    }
    Ok(if status.keeps_its_period() { Exit::Done } else { Exit::Overdue })
}

/// Names what is damaged in a store, as far as it is shown, and says what is to be done.
pub(super) fn tell_damaged(context: &Context, damaged: &[ContentId], all: u64) -> Answer<()> {
    for object in damaged {
        output::line(&context.text("ctl-damaged-object", &[("id", &object.to_string())]))?;
    }
    let more = all.saturating_sub(damaged.len() as u64);
    if more > 0 {
        output::line(&context.text("ctl-damaged-more", &[("count", &more.to_string())]))?;
    }
    if all > 0 {
        output::note(&context.text("ctl-damaged-next", &[]));
    }
    Ok(())
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
