//! `vaultctl retention rules|simulate|propose|confirm|withdraw`: terms by class of recording (R14;
//! A3.11). A rule is simulated, proposed, confirmed by another person; it shortens nothing.

use super::list::zone;
use crate::arguments::{invalid, number, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::table::{Lean, Table, shown_bytes_count};
use crate::times::{rfc3339, shown_time};
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::limits::CASE_TERM_YEARS_MAX;
use vault_core::policy::Act;
use vault_core::retention::{self, ANY_CLASS, NewRule, RuleState, RuleView, Simulation};
use vault_core::wording::{Family, shown};

/// The calls, below `retention`.
pub(super) fn commands(help: Help<'_>) -> [Command; 5] {
    let wanted = |name: &'static str, key: &str| {
        help.command(name, key)
            .arg(help.option("of-class").required(true))
            .arg(help.option("years").required(true))
            .arg(help.flag("stored-too"))
            .arg(help.json())
    };
    let decided = |name: &'static str, key: &str| {
        help.command(name, key)
            .arg(help.positional("rule").required(true))
            .arg(help.option("reason").required(true))
            .arg(help.json())
    };
    [
        help.command("rules", "retention-rules").arg(help.flag("utc")).arg(help.json()),
        wanted("simulate", "retention-simulate"),
        wanted("propose", "retention-propose").arg(help.option("reason").required(true)),
        decided("confirm", "retention-confirm"),
        decided("withdraw", "retention-withdraw"),
    ]
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    match name {
        "rules" => rules(context, matches).await,
        "simulate" | "propose" => wanted(context, name, matches).await,
        "confirm" | "withdraw" => decide(context, name, matches).await,
        _ => Err(super::no_command()),
    }
}

fn years_shown(context: &Context, years: u64) -> String {
    match years {
        0 => context.text("ctl-retention-ever", &[]),
        years => context.text("ctl-retention-years", &[("years", &years.to_string())]),
    }
}

/// How a rule stands; one in force that lengthened what is stored says so.
fn rule_state(context: &Context, rule: &RuleView) -> String {
    if rule.state == RuleState::InForce && rule.stored {
        return context.text("ctl-retention-rule-stored", &[]);
    }
    context.wording.name(Family::RuleState, rule.state.as_str())
}

pub(super) fn class_shown(context: &Context, class: &str) -> String {
    match class {
        ANY_CLASS => context.wording.name(Family::RuleClass, class),
        class => context.wording.name(Family::Activity, class),
    }
}

async fn rules(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let rules = retention::rules(&vault).await?;
    if matches.get_flag("json") {
        let rules: Vec<_> = rules.iter().map(rule_json).collect();
        output::json(&json!({ "rules": rules }))?;
        return Ok(Exit::Done);
    }
    let names = [
        "ctl-column-rule",
        "ctl-column-class",
        "ctl-column-term",
        "ctl-column-state",
        "ctl-column-person",
        "ctl-column-reason",
        "ctl-column-time",
    ];
    let columns = names.map(|name| (context.text(name, &[]), Lean::Left));
    let mut table = Table::new(columns.to_vec());
    for rule in &rules {
        let (person, why, at) = rule.decided.as_ref().unwrap_or(&rule.proposed);
        table.row(vec![
            rule.id.to_string().chars().take(8).collect(),
            class_shown(context, &rule.class),
            years_shown(context, rule.years),
            rule_state(context, rule),
            shown(person),
            shown(why),
            shown_time(*at, zone(matches)),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

async fn wanted(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let years = number(matches, "years", &(0..=CASE_TERM_YEARS_MAX))?;
    let new = NewRule {
        class: text(matches, "of-class"),
        years: years.ok_or_else(|| invalid("years", ""))?,
        stored: matches.get_flag("stored-too"),
    };
    let vault = match name {
        "propose" => context.vault().await?,
        _ => context.reading(Act::ReadCatalogue).await?,
    };
    let (rule, found) = if name == "propose" {
        let actor = context.actor(&vault).await?;
        let reason = text(matches, "reason");
        let (rule, found) = retention::propose_rule(&vault, &actor, new.clone(), &reason).await?;
        (Some(rule), found)
    } else {
        (None, retention::simulate(&vault, &new).await?)
    };
    if matches.get_flag("json") {
        let mut document = simulation_json(&found);
        document["rule"] = rule.map(|rule| rule.to_string()).into();
        output::json(&document)?;
        return Ok(Exit::Done);
    }
    for line in simulation_lines(context, &new, &found) {
        output::line(&line)?;
    }
    if let Some(rule) = rule {
        output::line(&context.text("ctl-rule-proposed", &[("id", &rule.to_string())]))?;
    }
    Ok(Exit::Done)
}

fn simulation_lines(context: &Context, new: &NewRule, found: &Simulation) -> Vec<String> {
    let class = class_shown(context, &new.class);
    let (now, then) = (years_shown(context, found.years_now), years_shown(context, new.years));
    let (count, size) = (found.recordings.to_string(), shown_bytes_count(found.bytes));
    let next = [("class", class.as_str()), ("now", &now), ("then", &then)];
    let stored = [("count", count.as_str()), ("size", &size)];
    let mut lines = vec![
        context.text("ctl-simulated-next", &next),
        context.text("ctl-simulated-stored", &stored),
    ];
    let (per_year, size) = (found.per_year.to_string(), shown_bytes_count(found.per_year_bytes));
    let yearly = [("count", per_year.as_str()), ("size", &size)];
    lines.push(context.text("ctl-simulated-yearly", &yearly));
    let lengthened = found.lengthened.to_string();
    lines.push(context.text("ctl-simulated-lengthened", &[("count", &lengthened)]));
    let (kept, ending) = (found.kept.to_string(), found.would_end.to_string());
    let size = shown_bytes_count(found.would_end_bytes);
    let kept = [("count", kept.as_str()), ("ending", &ending), ("size", &size)];
    lines.push(context.text("ctl-simulated-kept", &kept));
    for (kind, count) in &found.obstacles {
        let kind = context.wording.name(Family::Obstacle, kind);
        let count = count.to_string();
        let values = [("kind", kind.as_str()), ("count", &count)];
        lines.push(context.text("ctl-simulated-obstacle", &values));
    }
    if found.more {
        lines.push(context.text("ctl-simulated-more", &[]));
    }
    lines
}

async fn decide(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let (rule, reason) = (text(matches, "rule"), text(matches, "reason"));
    let (said, confirmed) = if name == "confirm" {
        let view = retention::confirm_rule(&vault, &actor, &rule, &reason).await?;
        let said = if view.stored { "ctl-rule-confirmed-stored" } else { "ctl-rule-confirmed" };
        (said, Some(view))
    } else {
        retention::withdraw_rule(&vault, &actor, &rule, &reason).await?;
        ("ctl-rule-withdrawn", None)
    };
    if matches.get_flag("json") {
        output::json(&json!({
            "rule": rule,
            "confirmed": confirmed.is_some(),
            "stored": confirmed.map(|view| view.stored),
        }))?;
        return Ok(Exit::Done);
    }
    let years = confirmed.as_ref().map_or(0, |view| view.years);
    let count = confirmed.map_or(0, |view| view.lengthened).to_string();
    let values = [("count", count.as_str()), ("years", &years_shown(context, years))];
    output::line(&context.text(said, &values))?;
    Ok(Exit::Done)
}

fn simulation_json(found: &Simulation) -> Value {
    json!({
        "years_now": found.years_now,
        "recordings": found.recordings,
        "bytes": found.bytes,
        "lengthened": found.lengthened,
        "kept": found.kept,
        "would_end": found.would_end,
        "would_end_bytes": found.would_end_bytes,
        "obstacles": found.obstacles,
        "more": found.more,
        "per_year": found.per_year,
        "per_year_bytes": found.per_year_bytes,
    })
}

fn rule_json(rule: &RuleView) -> Value {
    let step = |(person, reason, at): &(String, String, vault_core::clock::UtcTime)| json!({ "person": person, "reason": reason, "at": rfc3339(*at) });
    json!({
        "rule": rule.id.to_string(),
        "state": rule.state.as_str(),
        "class": rule.class,
        "years": rule.years,
        "stored": rule.stored,
        "recordings": rule.recordings,
        "lengthened": rule.lengthened,
        "kept": rule.kept,
        "proposed": step(&rule.proposed),
        "decided": rule.decided.as_ref().map(step),
    })
}
