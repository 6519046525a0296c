//! `vaultctl review`: legal review of major decisions (R25; A2.20 to A2.33).

use crate::arguments::{text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::forms::Typesetter;
use crate::help::Help;
use crate::output;
use crate::registers::{done, steps_json, steps_lines};
use crate::sheets::given;
use crate::table::{Lean, Table};
use crate::view::short;
use clap::{ArgAction, ArgMatches, Command};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vault_core::access::Form;
use vault_core::oversight::opinion;
use vault_core::oversight::review::{self, Discussion, HandedIn, NewReview, Review, Reviewing};
use vault_core::tables;
use vault_core::wording::{Family, shown};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let many = |id: &'static str, long: &'static str| {
        help.option(id).long(long).action(ArgAction::Append).required(true)
    };
    let submit = help
        .command("submit", "review-submit")
        .arg(help.positional("case-file").required(true))
        .arg(many("review-ground", "ground"))
        .arg(many("material", "material"))
        .arg(help.option("note").required(true));
    let named = |name: &'static str, key: &str| {
        help.command(name, key).arg(help.positional("review").required(true))
    };
    let noted = |name, key| named(name, key).arg(help.option("note").required(true));
    let calls = [
        submit,
        help.command("not-needed", "review-not-needed")
            .arg(help.positional("case-file").required(true))
            .arg(help.option("note").required(true)),
        named("accept", "review-accept"),
        noted("stop", "review-stop").arg(help.option("stop-cause").long("for").required(true)),
        named("resume", "review-resume"),
        noted("supplement", "review-supplement").arg(many("material", "material")),
        noted("extend", "review-extend"),
        noted("opinion", "review-opinion").arg(help.option("opinion").required(true)),
        noted("object", "review-object"),
        noted("settle", "review-settle")
            .arg(help.flag("pass"))
            .arg(help.option("members"))
            .arg(help.option("discussed-on").long("on")),
        named("file", "review-file").arg(help.option("note")),
        help.command("list", "review-list").arg(help.xlsx()),
        named("show", "review-show"),
    ];
    help.command("review", "review")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(calls.map(|call| call.arg(help.json())))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some((name @ ("submit" | "not-needed"), matches)) => begin(context, name, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        Some(("show", matches)) => show(context, matches).await,
        Some(("file", matches)) => file(context, matches).await,
        Some((name, matches)) => step(context, name, matches).await,
        _ => Err(super::no_command()),
    }
}

/// Material as `name` or `name=where it is`.
fn handed_in(matches: &ArgMatches) -> (Vec<String>, BTreeMap<String, String>) {
    let (mut materials, mut references) = (Vec::new(), BTreeMap::new());
    for said in texts(matches, "material") {
        let (name, place) = said.split_once('=').unwrap_or((&said, ""));
        materials.push(name.to_owned());
        if !place.is_empty() {
            references.insert(name.to_owned(), place.to_owned());
        }
    }
    (materials, references)
}

/// Files the opinion in its case.
async fn file(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let (id, note) = (text(matches, "review"), text(matches, "note"));
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let view = review::show(&vault, &actor, &id).await?;
    let (year, number) = view.opinion_number.unwrap_or_default();
    let values = [("year", year.to_string()), ("number", number.to_string())];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let number = context.text("notice-number", &values);
    let title = format!("{}{number}", context.text("forms-legal-opinion", &[]));
    let setter = Typesetter::new(context)?;
    let set = |form: &Form, day| setter.set(form, day);
    let filed = opinion::file_legal_opinion(&vault, &actor, &id, (&set, &title, &note)).await?;
    let filed = filed.to_string();
    done(context, matches, &json!({ "review": id, "document": filed }), ("ctl-filed", &filed))
}

async fn begin(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let (case_no, note) = (text(matches, "case-file"), text(matches, "note"));
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let id = if name == "submit" {
        let (materials, references) = handed_in(matches);
        let grounds = texts(matches, "review-ground");
        let new = NewReview { case_no, grounds, materials, references, text: note };
        review::submit(&vault, &actor, new).await?
    } else {
        review::not_needed(&vault, &actor, &case_no, &note).await?
    };
    let id = id.to_string();
    done(context, matches, &json!({ "review": id }), ("ctl-review-entered", &id))
}

async fn step(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let id = text(matches, "review");
    let note = matches.try_get_one::<String>("note").ok().flatten().cloned().unwrap_or_default();
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let reviewing = match name {
        "accept" => Some(Reviewing::Accept),
        "stop" => Some(Reviewing::Stop(text(matches, "stop-cause"))),
        "resume" => Some(Reviewing::Resume),
        "opinion" => Some(Reviewing::Opinion(text(matches, "opinion"))),
        _ => None,
    };
    match (reviewing, name) {
        (Some(step), _) => review::carry_out(&vault, &actor, &id, (step, &note)).await?,
        (None, "supplement") => {
            let (materials, references) = handed_in(matches);
            review::supplement(&vault, &actor, &id, (materials, &references, &note)).await?;
        }
        (None, "extend") => review::extend(&vault, &actor, &id, &note).await?,
        (None, "object") => review::object(&vault, &actor, &id, &note).await?,
        _ => {
            let (on, members) = (text(matches, "discussed-on"), text(matches, "members"));
            let new = Discussion { passed: matches.get_flag("pass"), on, members, text: note };
            review::settle(&vault, &actor, &id, new).await?;
        }
    }
    done(context, matches, &json!({ "review": id }), ("ctl-entered", ""))
}

fn review_json(view: &Review) -> Value {
    let terms = view.terms.iter().map(|term| {
        json!({
            "article": term.article, "working_days": term.working_days,
            "due": term.due.map(|due| due.to_string()), "late": term.late,
        })
    });
    json!({
        "review": view.id.to_string(), "case": view.case_no, "state": view.state.as_str(),
        "grounds": view.grounds, "materials": view.materials,
        "materials_missing": view.materials_missing, "terms": terms.collect::<Vec<_>>(),
        "opinion": view.opinion,
        "opinion_number": view.opinion_number.map(|(year, number)| {
            json!({ "year": year, "number": number })
        }),
        "objection_due": view.objection_due.map(|due| due.to_string()),
        "steps": steps_json(&view.steps),
    })
}

/// Both terms, as `2026-03-09 (A2.26) / 2026-03-11 (A2.28)`.
fn terms(context: &Context, view: &Review) -> String {
    let term = |term: &review::ReviewTerm| {
        let due = term.due.map_or_else(|| "—".to_owned(), |due| due.to_string());
        let late = if term.late { context.text("ctl-review-late", &[]) } else { String::new() };
        format!("{due} ({}) {late}", term.article).trim_end().to_owned()
    };
    view.terms.iter().map(term).collect::<Vec<_>>().join(" / ")
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = review::list(&vault, &actor).await?;
    if given(context, matches, (&tables::REVIEWS, &actor), &all)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = all.iter().map(review_json).collect();
        output::json(&json!({ "reviews": rows }))?;
        return Ok(Exit::Done);
    }
    let columns =
        ["ctl-column-entry", "ctl-column-case", "ctl-column-state", "ctl-column-review-terms"];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for view in &all {
        table.row(vec![
            short(&view.id.to_string()),
            shown(&view.case_no),
            context.wording.name(Family::Review, view.state.as_str()),
            terms(context, view),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

fn material_json(one: &HandedIn) -> Value {
    let documents = one
        .documents
        .iter()
        .map(|entry| json!({ "title": entry.title, "content": entry.content.to_string() }));
    json!({
        "material": one.material, "reference": one.reference,
        "documents": documents.collect::<Vec<_>>(),
    })
}

async fn show(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let view = review::show(&vault, &actor, &text(matches, "review")).await?;
    let materials = review::materials_of(&vault, &actor, &view).await?;
    if matches.get_flag("json") {
        let mut said = review_json(&view);
        said["handed_in"] = materials.iter().map(material_json).collect();
        output::json(&said)?;
        return Ok(Exit::Done);
    }
    let named = |family, codes: &mut dyn Iterator<Item = &str>| {
        codes.map(|code| context.wording.name(family, code)).collect::<Vec<_>>().join(", ")
    };
    let mut table = Table::pairs();
    let mut row = |name: &str, value: String| table.row(vec![context.text(name, &[]), value]);
    row("ctl-column-entry", view.id.to_string());
    row("ctl-column-case", shown(&view.case_no));
    row("ctl-column-state", context.wording.name(Family::Review, view.state.as_str()));
    if !view.grounds.is_empty() {
        let mut grounds = view.grounds.iter().map(|one| review::ground_name(one));
        row("table-column-grounds", named(Family::ReviewGround, &mut grounds));
    }
    row("ctl-column-review-terms", terms(context, &view));
    for one in &materials {
        let titles = one.documents.iter().map(|entry| entry.title.as_str());
        let places: Vec<_> = std::iter::once(one.reference.as_str()).chain(titles).collect();
        let places = places.into_iter().filter(|place| !place.is_empty()).collect::<Vec<_>>();
        let name = context.wording.name(Family::Material, &one.material);
        row("ctl-review-materials", format!("{name}：{}", shown(&places.join("、"))));
    }
    if !view.materials_missing.is_empty() {
        let mut lacking = view.materials_missing.iter().copied();
        row("ctl-review-materials-missing", named(Family::Material, &mut lacking));
    }
    if let Some(opinion) = &view.opinion {
        row("ctl-review-opinion", context.wording.name(Family::Opinion, opinion));
    }
    output::data(&table.lines())?;
    steps_lines(context, &view.steps)
}
