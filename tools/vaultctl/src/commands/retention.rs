//! `vaultctl retention`: how long a recording is kept, with every reason (R14, R15; A3.11, A3.12,
//! A2.18(二)). Nothing here shortens.

use super::list::zone;
use super::schedule;
use crate::arguments::{invalid, number, optional_text, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::table::{Lean, Table};
use crate::times::{Zone, rfc3339, shown_time};
use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::limits::CASE_TERM_YEARS_MAX;
use vault_core::policy::Act;
use vault_core::retention::{self, Block, HoldTarget, Retention, TRIGGERS, Until};
use vault_core::wording::{Family, Wording, shown};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let triggers = PossibleValuesParser::new(TRIGGERS.iter().map(|(code, _)| *code));
    let show = help
        .command("show", "retention-show")
        .arg(help.positional("recording").required(true))
        .arg(help.flag("utc"))
        .arg(help.json());
    let term = help
        .command("term", "retention-term")
        .arg(help.positional("case-number").required(true))
        .arg(help.option("years").required(true))
        .arg(help.option("reason").required(true))
        .arg(help.json());
    let trigger = help
        .command("trigger", "retention-trigger")
        .arg(help.positional("recording").required(true))
        .arg(help.option("ground").value_parser(triggers).hide_possible_values(true).required(true))
        .arg(help.option("reason").required(true))
        .arg(help.json());
    let hold = help
        .command("hold", "retention-hold")
        .arg(help.positional("recording").required_unless_present("of-case"))
        .arg(help.option("of-case").conflicts_with("recording"))
        .arg(help.option("reason").required(true))
        .arg(help.json());
    let release = help
        .command("release", "retention-release")
        .arg(help.positional("hold").required(true))
        .arg(help.option("reason").required(true))
        .arg(help.json());
    help.command("retention", "retention")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([show, term, trigger, hold, release])
        .subcommands(schedule::commands(help))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("show", matches)) => show(context, matches).await,
        Some((name @ ("term" | "trigger" | "hold" | "release"), matches)) => {
            change(context, name, matches).await
        }
        Some((name, matches)) => schedule::run(context, name, matches).await,
        None => Err(super::no_command()),
    }
}

async fn change(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let reason = text(matches, "reason");
    let (document, said) = match name {
        "term" => {
            let case = text(matches, "case-number");
            let years = number(matches, "years", &(0..=CASE_TERM_YEARS_MAX))?;
            let years = years.ok_or_else(|| invalid("years", ""))?;
            retention::set_case_term(&vault, &actor, &case, years, &reason).await?;
            (json!({ "case": case, "years": years }), "ctl-retention-set")
        }
        "trigger" => {
            let recording = vault.find(&text(matches, "recording")).await?;
            let ground = text(matches, "ground");
            retention::find_trigger(&vault, &actor, &recording, &ground, &reason).await?;
            (json!({ "recording": recording.to_string(), "trigger": ground }), "ctl-retention-set")
        }
        "hold" => {
            let target = match optional_text(matches, "of-case") {
                Some(case) => HoldTarget::Case(case),
                None => HoldTarget::Recording(vault.find(&text(matches, "recording")).await?),
            };
            let hold = retention::place_hold(&vault, &actor, target, &reason).await?;
            (json!({ "hold": hold.to_string() }), "ctl-retention-held")
        }
        _ => {
            let hold = text(matches, "hold");
            retention::release_hold(&vault, &actor, &hold, &reason).await?;
            (json!({ "hold": hold, "released": true }), "ctl-retention-released")
        }
    };
    if matches.get_flag("json") {
        output::json(&document)?;
    } else {
        let hold = document["hold"].as_str().unwrap_or_default();
        output::line(&context.text(said, &[("hold", hold)]))?;
    }
    Ok(Exit::Done)
}

async fn show(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let recording = vault.find(&text(matches, "recording")).await?;
    let kept = retention::show(&vault, &recording).await?;
    if matches.get_flag("json") {
        let mut document = retention_json(&kept);
        document["recording"] = recording.to_string().into();
        output::json(&document)?;
        return Ok(Exit::Done);
    }
    output::data(&retention_lines(context, &kept, zone(matches)))?;
    Ok(Exit::Done)
}

/// How long a recording is kept, and every reason, for people.
pub(super) fn retention_lines(context: &Context, kept: &Retention, zone: Zone) -> String {
    let until = until_shown(kept.until, &context.wording);
    let until = context.text("ctl-retention-until", &[("until", &until)]);
    let names = [
        "ctl-column-until",
        "ctl-column-kept",
        "ctl-column-kept-detail",
        "ctl-column-article",
        "ctl-column-person",
        "ctl-column-reason",
        "ctl-column-time",
    ];
    let columns = names.map(|name| (context.text(name, &[]), Lean::Left));
    let mut table = Table::new(columns.to_vec());
    for reason in &kept.reasons {
        let detail = match reason.kind {
            "trigger" => context.wording.name(Family::Trigger, &reason.detail),
            "rule" => schedule::class_shown(context, &reason.detail),
            _ => shown(&reason.detail),
        };
        table.row(vec![
            until_shown(reason.until, &context.wording),
            context.wording.name(Family::Kept, reason.kind),
            detail,
            reason.article.to_owned(),
            shown(&reason.person),
            shown(&reason.why),
            reason.at.map(|at| shown_time(at, zone)).unwrap_or_default(),
        ]);
    }
    for block in &kept.blocks {
        table.row(vec![
            from_closing(context, block),
            context.wording.name(Family::Kept, block.kind),
            shown(&block.detail),
            String::new(),
            shown(&block.person),
            shown(&block.why),
            block.at.map(|at| shown_time(at, zone)).unwrap_or_default(),
        ]);
    }
    format!("{until}\n{}", table.lines())
}

/// How long a case file whose end is not known yet is kept from its closing.
fn from_closing(context: &Context, block: &Block) -> String {
    match block.years {
        None => context.text("ctl-retention-blocked", &[]),
        Some(0) => context.text("ctl-retention-ever", &[]),
        Some(years) => context.text("ctl-retention-from-closing", &[("years", &years.to_string())]),
    }
}

fn until_shown(until: Until, wording: &Wording) -> String {
    match until {
        Until::Day(day) => day.to_string(),
        Until::Ever => wording.text("ctl-retention-ever", &[]),
    }
}

/// The same for programs.
pub(super) fn retention_json(kept: &Retention) -> Value {
    let until = |until: Until| match until {
        Until::Day(day) => Some(day.to_string()),
        Until::Ever => None,
    };
    json!({
        "until": until(kept.until),
        "permanent": kept.until == Until::Ever,
        "reasons": kept.reasons.iter().map(|reason| json!({
            "kind": reason.kind,
            "detail": reason.detail,
            "article": reason.article,
            "until": until(reason.until),
            "permanent": reason.until == Until::Ever,
            "person": reason.person,
            "reason": reason.why,
            "at": reason.at.map(rfc3339),
        })).collect::<Vec<_>>(),
        "blocks": kept.blocks.iter().map(|block| json!({
            "kind": block.kind,
            "detail": block.detail,
            "person": block.person,
            "reason": block.why,
            "at": block.at.map(rfc3339),
            "years": block.years,
        })).collect::<Vec<_>>(),
    })
}
