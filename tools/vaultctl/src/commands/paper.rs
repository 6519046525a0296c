//! `vaultctl paper`: lists with a number of their own (R10; A3.10, A3.13).
//!
//! Promises: a number is used once, whatever comes of the print; an output file is whole or not
//! there, and never overwrites one.

use super::form::write;
use super::list::zone;
use crate::arguments::{invalid, number, optional_text, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::forms::Typesetter;
use crate::help::Help;
use crate::output;
use crate::registers::done;
use crate::table::{Lean, Table};
use crate::times::{rfc3339, shown_time};
use crate::view::short;
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::access::Form;
use vault_core::oversight::paper::{self, NewPaper, Paper, SideSigned};
use vault_core::policy::Act;
use vault_core::wording::shown;

/// The calls.
pub(super) fn command(help: Help<'_>) -> Command {
    let print = |command: Command| {
        command.arg(help.path_option("form-output").short('o').long("output").required(true))
    };
    let named = |name, key| help.command(name, key).arg(help.positional("paper").required(true));
    let preservation = help
        .command("preservation-list", "paper-preservation-list")
        .arg(help.option("case").required(true))
        .arg(help.option("part"));
    let transfer = help
        .command("transfer-list", "paper-transfer-list")
        .arg(help.option("request").required(true))
        .arg(help.option("copy-number").long("copy").required(true))
        .arg(help.option("from-unit").long("from").required(true))
        .arg(help.option("to-unit").long("to").required(true))
        .arg(help.option("paper-carrier").long("carrier"));
    let sign = named("sign", "paper-sign")
        .arg(help.option("side").required(true))
        .arg(help.option("signer").long("person"));
    let calls = [
        print(preservation),
        print(transfer),
        print(named("print", "paper-print")),
        sign,
        named("void", "paper-void").arg(help.option("reason").required(true)),
        help.command("list", "paper-list").arg(help.option("case")).arg(help.flag("utc")),
    ];
    help.command("paper", "paper")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(calls.map(|call| call.arg(help.json())))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("preservation-list", matches)) => {
            let part = number(matches, "part", &(1..=usize::MAX))?;
            let new = NewPaper::PreservationList { case: text(matches, "case"), part };
            issue(context, matches, &new).await
        }
        Some(("transfer-list", matches)) => {
            let copy = number(matches, "copy-number", &(1..=u64::MAX))?;
            let new = NewPaper::TransferList {
                request: text(matches, "request"),
                copy: copy.ok_or_else(|| invalid("copy-number", ""))?,
                from_unit: text(matches, "from-unit"),
                to_unit: text(matches, "to-unit"),
                carrier: text(matches, "paper-carrier"),
            };
            issue(context, matches, &new).await
        }
        Some(("print", matches)) => print(context, matches).await,
        Some(("sign", matches)) => sign(context, matches).await,
        Some(("void", matches)) => void(context, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        _ => Err(super::no_command()),
    }
}

fn side_json(side: Option<&SideSigned>) -> Value {
    side.map_or(
        Value::Null,
        |side| json!({ "person": side.person, "way": side.way, "at": rfc3339(side.at) }),
    )
}

fn paper_json(paper: &Paper) -> Value {
    json!({
        "form": paper.id.to_string(), "kind": paper.kind, "year": paper.year,
        "number": paper.number, "case": paper.case_no, "request": paper.request,
        "copy": paper.copy, "blake3_fields": paper.digest, "sha256": paper.sha256,
        "recordings": paper.recordings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "issued_by": paper.issued.0, "issued": rfc3339(paper.issued.1),
        "handed_over": side_json(paper.handed_over.as_ref()),
        "received": side_json(paper.received.as_ref()),
        "voided": paper.voided.as_ref().map(|(person, reason, at)| json!({
            "person": person, "reason": reason, "at": rfc3339(*at),
        })),
    })
}

fn told(context: &Context, matches: &ArgMatches, paper: &Paper) -> Answer<Exit> {
    let (year, number) = (paper.year.to_string(), paper.number.to_string());
    let name = context.text(&format!("forms-{}", paper.kind), &[]);
    let number = context.text("notice-number", &[("year", &year), ("number", &number)]);
    let said = format!("{name} {number} {}", short(&paper.id));
    done(context, matches, &paper_json(paper), ("ctl-paper-issued", &said))
}

async fn issue(context: &Context, matches: &ArgMatches, new: &NewPaper) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let typesetter = Typesetter::new(context)?;
    let typeset = |form: &Form, day| typesetter.set(form, day);
    let (paper, printed) = paper::issue(&vault, &actor, new, &typeset).await?;
    write(matches, &printed)?;
    told(context, matches, &paper)
}

async fn print(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let paper = paper::show(&vault, &text(matches, "paper")).await?;
    let (form, day) = paper::form_of(&vault, &paper).await?;
    write(matches, &Typesetter::new(context)?.set(&form, day)?)?;
    told(context, matches, &paper)
}

async fn sign(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let (side, person) = (text(matches, "side"), optional_text(matches, "signer"));
    let who = (side.as_str(), person.as_deref());
    let paper = paper::sign(&vault, &actor, &text(matches, "paper"), who).await?;
    done(context, matches, &paper_json(&paper), ("ctl-entered", ""))
}

async fn void(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let (number, reason) = (text(matches, "paper"), text(matches, "reason"));
    let paper = paper::void(&vault, &actor, &number, &reason).await?;
    done(context, matches, &paper_json(&paper), ("ctl-entered", ""))
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let papers = paper::list(&vault, &actor, optional_text(matches, "case").as_deref()).await?;
    if matches.get_flag("json") {
        output::json(&json!({ "forms": papers.iter().map(paper_json).collect::<Vec<_>>() }))?;
        return Ok(Exit::Done);
    }
    let columns = [
        "ctl-column-entry",
        "ctl-column-kind",
        "ctl-column-paper",
        "ctl-column-case",
        "ctl-column-time",
        "ctl-column-sides",
        "ctl-column-state",
    ];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for paper in &papers {
        let (year, number) = (paper.year.to_string(), paper.number.to_string());
        let side = |side: &Option<SideSigned>| {
            side.as_ref().map_or_else(|| "—".to_owned(), |side| shown(&side.person))
        };
        let void = paper.voided.as_ref().map(|_| context.text("ctl-paper-void", &[]));
        table.row(vec![
            short(&paper.id),
            context.text(&format!("forms-{}", paper.kind), &[]),
            context.text("notice-number", &[("year", &year), ("number", &number)]),
            shown(&paper.case_no),
            shown_time(paper.issued.1, zone(matches)),
            format!("{} / {}", side(&paper.handed_over), side(&paper.received)),
            void.unwrap_or_default(),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}
