//! `vaultctl todo`, `vaultctl remind`: what waits for whom, and reminders of it (issue of R04, R08,
//! R12, R24, R25).
//!
//! Promises: `--dry-run` sends and notes nothing; what is shown of a message is what is sent.

use crate::arguments::optional_text;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::table::{Lean, Table};
use crate::times::{Zone, rfc3339, shown_time};
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::clock::UtcTime;
use vault_core::reminders::{self, Delivery, Message};
use vault_core::wording::{Family, shown};

/// `vaultctl todo`.
pub(super) fn todo_command(help: Help<'_>) -> Command {
    help.command("todo", "todo").arg(help.json())
}

/// `vaultctl remind`.
pub(super) fn command(help: Help<'_>) -> Command {
    let ways = ["dry-run", "test", "sent"];
    let mut command = help.command("remind", "remind");
    for way in ways {
        let others = ways.into_iter().filter(|other| *other != way);
        command = command.arg(help.flag(way).conflicts_with_all(others.collect::<Vec<_>>()));
    }
    let replay = help.option("replay").conflicts_with_all(ways);
    command.arg(replay).arg(help.json())
}

/// What waits for whoever asks.
pub(super) async fn todo(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let all = reminders::duties(&vault, &context.actor(&vault).await?).await?;
    let late = all.iter().any(|duty| duty.late > 0);
    if matches.get_flag("json") {
        let rows = all.iter().map(|duty| {
            json!({ "kind": duty.kind, "count": duty.count, "late": duty.late, "page": duty.page })
        });
        output::json(&json!({ "duties": rows.collect::<Vec<_>>() }))?;
    } else {
        let columns = [
            ("ctl-column-what", Lean::Left),
            ("ctl-column-items", Lean::Right),
            ("table-column-overdue", Lean::Right),
        ];
        let columns = columns.map(|(name, lean)| (context.text(name, &[]), lean));
        let mut table = Table::new(columns.to_vec());
        for duty in &all {
            let name = context.wording.name(Family::Duty, duty.kind);
            table.row(vec![name, duty.count.to_string(), duty.late.to_string()]);
        }
        output::data(&table.lines())?;
    }
    Ok(if late { Exit::Overdue } else { Exit::Done })
}

/// Sends what today owes, or what the flags say.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let carry = vault_post::carrier();
    if let Some(id) = optional_text(matches, "replay") {
        let sent = reminders::replay(&vault, &actor, &carry, &id).await?;
        return sent_rows(context, matches, &[sent]);
    }
    if matches.get_flag("sent") {
        let all = reminders::deliveries(&vault, &actor).await?;
        return sent_rows(context, matches, &all);
    }
    if matches.get_flag("dry-run") {
        let owed = reminders::plan(&vault, &context.settings()?).await?;
        return owed_rows(context, matches, &owed);
    }
    if matches.get_flag("test") {
        return test(context, matches, &reminders::test(&vault, &actor, &carry).await?);
    }
    let sent = reminders::deliver_due(&vault, &actor, &carry).await?;
    if matches.get_flag("json") {
        output::json(&json!({ "sent": sent }))?;
    } else {
        output::line(&context.text("ctl-remind-sent", &[("count", &sent.to_string())]))?;
    }
    Ok(Exit::Done)
}

fn message_json(one: &Message) -> Value {
    json!({
        "id": one.id, "day": one.day.to_string(), "kind": one.kind, "channel": one.channel,
        "recipient": one.recipient, "waiting": one.waiting, "late": one.late, "text": one.text,
    })
}

fn owed_rows(context: &Context, matches: &ArgMatches, owed: &[Message]) -> Answer<Exit> {
    if matches.get_flag("json") {
        let rows: Vec<_> = owed.iter().map(message_json).collect();
        output::json(&json!({ "messages": rows }))?;
        return Ok(Exit::Done);
    }
    let columns = ["ctl-column-channel", "ctl-column-recipient", "ctl-column-text"];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for one in owed {
        table.row(vec![shown(&one.channel), shown(&one.recipient), shown(&one.text)]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

fn test(
    context: &Context,
    matches: &ArgMatches,
    results: &[(Message, Option<vault_core::fault::Fault>)],
) -> Answer<Exit> {
    let failed = results.iter().any(|(_, fault)| fault.is_some());
    let exit = if failed { Exit::SomeFailed } else { Exit::Done };
    let rows = results.iter().map(|(message, fault)| {
        let fault = fault.as_ref().map(|fault| context.wording.fault(fault).what);
        (message, fault)
    });
    if matches.get_flag("json") {
        let rows = rows.map(|(message, fault)| {
            json!({ "channel": message.channel, "recipient": message.recipient, "problem": fault })
        });
        output::json(&json!({ "tried": rows.collect::<Vec<_>>() }))?;
        return Ok(exit);
    }
    let columns = ["ctl-column-channel", "ctl-column-recipient", "ctl-column-job-problem"];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for (message, fault) in rows {
        let problem = fault.unwrap_or_default();
        table.row(vec![shown(&message.channel), shown(&message.recipient), problem]);
    }
    output::data(&table.lines())?;
    Ok(exit)
}

fn sent_rows(context: &Context, matches: &ArgMatches, all: &[Delivery]) -> Answer<Exit> {
    if matches.get_flag("json") {
        let row = |one: &Delivery| {
            let mut row = message_json(&one.message);
            row["state"] = one.state.as_str().into();
            row["attempts"] = one.attempts.into();
            row["tried"] = one.tried_at.map(rfc3339).into();
            row["problem"] = one.problem.as_str().into();
            row
        };
        output::json(&json!({ "deliveries": all.iter().map(row).collect::<Vec<_>>() }))?;
        return Ok(Exit::Done);
    }
    let columns = [
        "ctl-column-entry",
        "ctl-column-time",
        "ctl-column-channel",
        "ctl-column-recipient",
        "ctl-column-state",
        "ctl-column-job-problem",
    ];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for one in all {
        let time = |at: UtcTime| shown_time(at, Zone::Beijing);
        table.row(vec![
            one.message.id.chars().take(8).collect(),
            one.tried_at.map(time).unwrap_or_default(),
            shown(&one.message.channel),
            shown(&one.message.recipient),
            context.wording.name(Family::Delivery, one.state.as_str()),
            shown(&one.problem),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}
