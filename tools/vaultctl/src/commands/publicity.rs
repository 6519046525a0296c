//! `vaultctl publicity`: what is published of decisions, by when, and what may not be (R26; A2.5 to
//! A2.10).

use crate::arguments::{invalid, text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::registers::{done, steps_json, steps_lines};
use crate::sheets::given;
use crate::table::{Lean, Table};
use crate::times::rfc3339;
use crate::view::short;
use clap::{ArgAction, ArgMatches, Command};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vault_core::oversight::publicity::{
    self, Draft, FeedItem, Publication, Publicity, PublicityDue, PublicityTerm,
};
use vault_core::tables;
use vault_core::wording::{Family, shown};

/// What is said with a draft.
fn drafting(help: Help<'_>, command: Command) -> Command {
    let many =
        |id: &'static str, long: &'static str| help.option(id).long(long).action(ArgAction::Append);
    command
        .arg(help.option("publicity-kind").long("kind").required(true))
        .arg(help.option("decided-on").required(true))
        .arg(help.option("decision-number"))
        .arg(help.flag("natural-person"))
        .arg(help.flag("major"))
        .arg(help.option("heading"))
        .arg(many("publicity-field", "field"))
        .arg(many("publicity-check", "check").required(true))
        .arg(help.option("withheld-reason").long("reason"))
}

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let named = |name: &'static str, key: &str| {
        help.command(name, key).arg(help.positional("publicity").required(true))
    };
    let noted = |name, key| named(name, key).arg(help.option("note").required(true));
    let draft = help.command("draft", "publicity-draft");
    let draft = drafting(help, draft.arg(help.positional("case-file").required(true)));
    let place = help.option("carrier").long("place").action(ArgAction::Append).required(true);
    let calls = [
        draft,
        drafting(help, named("redraft", "publicity-redraft")),
        named("approve", "publicity-approve")
            .arg(help.option("discussion"))
            .arg(help.option("note")),
        noted("return", "publicity-return"),
        named("publish", "publicity-publish")
            .arg(place)
            .arg(help.option("address").required(true))
            .arg(help.option("on").required(true)),
        noted("revoke", "publicity-revoke")
            .arg(help.option("revoke-cause").long("cause").required(true))
            .arg(help.option("received-on").required(true)),
        noted("withdraw", "publicity-withdraw"),
        noted("ask-take-down", "publicity-ask-take-down"),
        named("decide-take-down", "publicity-decide-take-down")
            .arg(help.flag("reject"))
            .arg(help.option("note")),
        noted("take-down", "publicity-take-down"),
        help.command("due", "publicity-due"),
        help.command("list", "publicity-list").arg(help.xlsx()),
        named("show", "publicity-show"),
        help.command("feed", "publicity-feed"),
    ];
    help.command("publicity", "publicity")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(calls.map(|call| call.arg(help.json())))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("draft", matches)) => begin(context, matches).await,
        Some(("due", matches)) => due(context, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        Some(("show", matches)) => show(context, matches).await,
        Some(("feed", matches)) => feed(context, matches).await,
        Some((name, matches)) => step(context, name, matches).await,
        _ => Err(super::no_command()),
    }
}

/// What was said as `name=value`.
fn pairs(matches: &ArgMatches, id: &'static str) -> Answer<BTreeMap<String, String>> {
    let pair = |said: &String| {
        let (name, value) = said.split_once('=').ok_or_else(|| invalid(id, said))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    texts(matches, id).iter().map(pair).collect()
}

fn drafted(matches: &ArgMatches) -> Answer<Draft> {
    let answer = |(name, said): (String, String)| match said.as_str() {
        "yes" => Ok((name, true)),
        "no" => Ok((name, false)),
        _ => Err(invalid("check", &said)),
    };
    Ok(Draft {
        kind: text(matches, "publicity-kind"),
        decided_on: text(matches, "decided-on"),
        number: text(matches, "decision-number"),
        natural_person: matches.get_flag("natural-person"),
        major: matches.get_flag("major"),
        title: text(matches, "heading"),
        fields: pairs(matches, "publicity-field")?,
        objections: pairs(matches, "publicity-check")?
            .into_iter()
            .map(answer)
            .collect::<Answer<_>>()?,
        reason: text(matches, "withheld-reason"),
    })
}

async fn begin(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let new = drafted(matches)?;
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let id = publicity::draft(&vault, &actor, &text(matches, "case-file"), new).await?;
    let id = id.to_string();
    done(context, matches, &json!({ "publicity": id }), ("ctl-publicity-drafted", &id))
}

async fn step(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let id = text(matches, "publicity");
    let said = |id: &str| matches.try_get_one::<String>(id).ok().flatten().cloned();
    let note = said("note").unwrap_or_default();
    let redrafted = if name == "redraft" { Some(drafted(matches)?) } else { None };
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    match (name, redrafted) {
        (_, Some(new)) => publicity::redraft(&vault, &actor, &id, new).await?,
        ("approve", _) => {
            let discussion = text(matches, "discussion");
            publicity::decide(&vault, &actor, &id, (true, &discussion, &note)).await?;
        }
        ("return", _) => publicity::decide(&vault, &actor, &id, (false, "", &note)).await?,
        ("publish", _) => {
            let (places, address) = (texts(matches, "carrier"), text(matches, "address"));
            let new = Publication { places, address, on: text(matches, "on") };
            publicity::publish(&vault, &actor, &id, new).await?;
        }
        ("revoke", _) => {
            let (cause, on) = (text(matches, "revoke-cause"), text(matches, "received-on"));
            publicity::revoke(&vault, &actor, &id, (&cause, &on, &note)).await?;
        }
        ("withdraw", _) => publicity::withdraw(&vault, &actor, &id, &note).await?,
        ("ask-take-down", _) => publicity::ask_take_down(&vault, &actor, &id, &note).await?,
        ("decide-take-down", _) => {
            let approved = !matches.get_flag("reject");
            publicity::decide_take_down(&vault, &actor, &id, (approved, &note)).await?;
        }
        _ => publicity::take_down(&vault, &actor, &id, &note).await?,
    }
    done(context, matches, &json!({ "publicity": id }), ("ctl-entered", ""))
}

fn term_json(term: &PublicityTerm) -> Value {
    let days = term.deadline.passed.iter().map(|day| {
        json!({
            "date": day.date.to_string(), "kind": day.kind.as_str(), "number": day.number,
            "festival": day.kind.festival(),
        })
    });
    json!({
        "article": term.article, "working_days": term.working_days,
        "since": term.since.to_string(), "due": term.deadline.due.to_string(),
        "provisional": term.deadline.provisional, "late": term.late,
        "done_on": term.done_on.map(|day| day.to_string()), "days": days.collect::<Vec<_>>(),
    })
}

fn publicity_json(view: &Publicity) -> Value {
    let draft = &view.draft;
    json!({
        "publicity": view.id.to_string(), "case": view.case_no, "unit": view.unit,
        "state": view.state.as_str(), "waits": view.waits, "kind": draft.kind,
        "decided_on": draft.decided_on, "number": draft.number, "title": draft.title,
        "natural_person": draft.natural_person, "major": draft.major, "fields": draft.fields,
        "objections": draft.objections, "reason": draft.reason, "term": term_json(&view.term),
        "withdrawal": view.withdrawal.as_ref().map(term_json), "places": view.places,
        "down_from": view.down_from.map(|day| day.to_string()),
        "take_down_asked": view.take_down_asked, "take_down_approved": view.take_down_approved,
        "steps": steps_json(&view.steps),
    })
}

fn due_json(one: &PublicityDue) -> Value {
    json!({
        "publicity": one.entry.map(|id| id.to_string()), "case": one.case_no, "name": one.name,
        "unit": one.unit, "withdraws": one.withdraws, "term": term_json(&one.term),
    })
}

/// The last day of a term, as `2026-03-09 (A2.7(一))`, with what makes it special.
fn term_words(context: &Context, term: &PublicityTerm) -> String {
    let mark = if term.deadline.provisional { "*" } else { "" };
    let late = if term.late { context.text("ctl-review-late", &[]) } else { String::new() };
    format!("{}{mark} ({}) {late}", term.deadline.due, term.article).trim_end().to_owned()
}

fn table_of(context: &Context, columns: &[&str]) -> Table {
    let column = |name: &&str| (context.text(name, &[]), Lean::Left);
    Table::new(columns.iter().map(column).collect())
}

async fn due(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = publicity::due(&vault, &actor).await?;
    let late = all.iter().any(|one| one.term.late);
    let exit = if late { Exit::Overdue } else { Exit::Done };
    if matches.get_flag("json") {
        let rows: Vec<_> = all.iter().map(due_json).collect();
        output::json(&json!({ "due": rows }))?;
        return Ok(exit);
    }
    let columns = [
        "ctl-column-due",
        "ctl-column-what",
        "ctl-column-entry",
        "ctl-column-case",
        "ctl-column-heading",
    ];
    let mut table = table_of(context, &columns);
    for one in &all {
        let what = if one.withdraws { "due-withdraw" } else { "due-publish" };
        table.row(vec![
            term_words(context, &one.term),
            context.text(what, &[]),
            one.entry.map_or_else(|| "—".to_owned(), |id| short(&id.to_string())),
            shown(&one.case_no),
            shown(&one.name),
        ]);
    }
    output::data(&table.lines())?;
    if all.iter().any(|one| one.term.deadline.provisional) {
        output::note(&format!("* {}", context.text("calendar-provisional", &[])));
    }
    Ok(exit)
}

fn state_words(context: &Context, view: &Publicity) -> String {
    let state = context.wording.name(Family::Publicity, view.state.as_str());
    if view.waits && view.state.as_str() == "published" {
        return format!("{state} · {}", context.text("ctl-publicity-correction", &[]));
    }
    state
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = publicity::list(&vault, &actor).await?;
    if given(context, matches, (&tables::PUBLICITY, &actor), &all)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = all.iter().map(publicity_json).collect();
        output::json(&json!({ "entries": rows }))?;
        return Ok(Exit::Done);
    }
    let columns = [
        "ctl-column-entry",
        "ctl-column-state",
        "ctl-column-kind",
        "ctl-column-case",
        "ctl-column-heading",
        "ctl-column-due",
    ];
    let mut table = table_of(context, &columns);
    for view in &all {
        table.row(vec![
            short(&view.id.to_string()),
            state_words(context, view),
            context.wording.name(Family::PublicityKind, &view.draft.kind),
            shown(&view.case_no),
            shown(&view.draft.title),
            term_words(context, view.withdrawal.as_ref().unwrap_or(&view.term)),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

async fn show(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let view = publicity::show(&vault, &actor, &text(matches, "publicity")).await?;
    if matches.get_flag("json") {
        output::json(&publicity_json(&view))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::pairs();
    let mut row = |name: String, value: String| table.row(vec![name, value]);
    row(context.text("ctl-column-entry", &[]), view.id.to_string());
    row(context.text("ctl-column-state", &[]), state_words(context, &view));
    row(context.text("ctl-column-case", &[]), shown(&view.case_no));
    let kind = context.wording.name(Family::PublicityKind, &view.draft.kind);
    row(context.text("ctl-column-kind", &[]), kind);
    row(context.text("ctl-column-heading", &[]), shown(&view.draft.title));
    row(context.text("due-publish", &[]), term_words(context, &view.term));
    if let Some(term) = &view.withdrawal {
        row(context.text("due-withdraw", &[]), term_words(context, term));
    }
    // In the order of the regulation.
    for name in publicity::kind_of(&view.draft.kind).map_or(&[][..], |kind| kind.fields) {
        let value = view.draft.fields.get(*name).map_or("", String::as_str);
        if !value.is_empty() {
            row(context.wording.name(Family::Field, name), shown(value));
        }
    }
    output::data(&table.lines())?;
    steps_lines(context, &view.steps)
}

fn item_json(item: &FeedItem) -> Value {
    let fields = item.fields.iter().map(|(name, value)| json!({ "name": name, "value": value }));
    json!({
        "id": item.id.to_string(), "kind": item.kind, "title": item.title,
        "decided_on": item.decided_on, "number": item.number,
        "fields": fields.collect::<Vec<_>>(), "approved": rfc3339(item.approved),
        "corrected": rfc3339(item.corrected),
    })
}

async fn feed(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let items = publicity::feed(&vault).await?;
    if matches.get_flag("json") {
        let rows: Vec<_> = items.iter().map(item_json).collect();
        output::json(&json!({ "items": rows }))?;
        return Ok(Exit::Done);
    }
    let columns = ["ctl-column-entry", "ctl-column-kind", "ctl-column-on", "ctl-column-heading"];
    let mut table = table_of(context, &columns);
    for item in &items {
        table.row(vec![
            short(&item.id.to_string()),
            context.wording.name(Family::PublicityKind, &item.kind),
            shown(&item.decided_on),
            shown(&item.title),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}
