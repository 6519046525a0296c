//! `vaultctl inspection`: inspection by lot, from the plan to the score (R23; A3.14).
//!
//! Promises: what is printed of a draw is enough to recompute it elsewhere; a number of a party is
//! made without touching the vault, and is shown once.

use crate::arguments::{invalid, number, optional_text, text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::sheets::given;
use crate::table::{Lean, Table};
use crate::times::{Zone, rfc3339, shown_time};
use crate::view::short;
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::clock::Date;
use vault_core::inspection::{
    self, Evaluated, FindingView, InspectionView, Item, LotRow, Measure, NewFinding, NewInspection,
    Party, ReviewView, Said, Score, Verdict,
};
use vault_core::policy::Actor;
use vault_core::tables;
use vault_core::vault::Vault;
use vault_core::wording::{Family, shown};

/// The words of the three questions of A3.14, in their order.
const QUESTIONS: [&str; 3] =
    ["table-column-recorded", "table-column-uninterrupted", "table-column-handled"];

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let plan = help
        .command("plan", "inspection-plan")
        .arg(help.option("basis").required(true))
        .arg(help.option("received-from").required(true))
        .arg(help.option("received-to").required(true))
        .arg(help.option("proportion").required(true))
        .arg(help.option("minimum"))
        .arg(help.option("by").action(clap::ArgAction::Append));
    let named = |name: &'static str, key: &str| {
        help.command(name, key).arg(help.positional("inspection").required(true))
    };
    let reasoned = |name, key| named(name, key).arg(help.option("reason").required(true));
    let party = |name, key| named(name, key).arg(help.option("party").required(true));
    let noted = |call: Command| call.arg(help.option("note").required(true));
    let drawn = |name, key| named(name, key).arg(help.positional("recording").required(true));
    let finding =
        |name, key| noted(named(name, key).arg(help.positional("finding").required(true)));
    let review = drawn("review", "inspection-review")
        .arg(help.option("recorded").required(true))
        .arg(help.option("uninterrupted").required(true))
        .arg(help.option("handled").required(true))
        .arg(help.option("watched"))
        .arg(help.option("checklist"))
        .arg(help.option("note"));
    let find = drawn("find", "inspection-find")
        .arg(help.option("article").required(true))
        .arg(help.option("from-second"))
        .arg(help.option("to-second"))
        .arg(help.option("due").required(true));
    let calls = [
        plan,
        reasoned("approve", "inspection-approve"),
        party("number", "inspection-number"),
        party("commit", "inspection-commit").arg(help.option("commitment").required(true)),
        named("freeze", "inspection-freeze"),
        party("reveal", "inspection-reveal").arg(help.option("number").required(true)),
        help.command("draw", "inspection-draw")
            .arg(help.positional("inspection").required_unless_present("plan-number"))
            .arg(help.option("plan-number").long("plan").conflicts_with("inspection")),
        help.command("list", "inspection-list").arg(help.xlsx()),
        named("show", "inspection-show"),
        named("population", "inspection-population"),
        review,
        noted(find),
        finding("correct", "inspection-correct"),
        finding("recheck", "inspection-recheck").arg(help.flag("settled")),
        named("score", "inspection-score").arg(help.xlsx()),
        named("lots", "inspection-lots").arg(help.xlsx()),
        named("findings", "inspection-findings").arg(help.xlsx()),
        help.command("evaluation", "inspection-evaluation")
            .arg(help.option("evaluated-year").long("year").required(true))
            .arg(help.xlsx()),
        reasoned("end", "inspection-end"),
    ];
    help.command("inspection", "inspection")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(calls.map(|call| call.arg(help.json())))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("plan", matches)) => plan(context, matches).await,
        Some(("number", matches)) => fresh_number(context, matches),
        Some(("list", matches)) => list(context, matches).await,
        Some(("show", matches)) => show(context, matches).await,
        Some(("population", matches)) => population(context, matches).await,
        Some(("score", matches)) => score(context, matches).await,
        Some(("lots", matches)) => lots(context, matches).await,
        Some(("findings", matches)) => findings(context, matches).await,
        Some(("evaluation", matches)) => evaluation(context, matches).await,
        Some((name @ ("review" | "find" | "correct" | "recheck"), matches)) => {
            about_lots(context, name, matches).await
        }
        Some((name, matches)) => step(context, name, matches).await,
        _ => Err(super::no_command()),
    }
}

fn date(matches: &ArgMatches, id: &'static str) -> Answer<Date> {
    let said = text(matches, id);
    said.parse().map_err(|_| invalid(id, &said))
}

fn party(matches: &ArgMatches) -> Answer<Party> {
    let said = text(matches, "party");
    Party::parse(&said).ok_or_else(|| invalid("party", &said))
}

/// Parts of ten thousand of a percentage such as `5` or `2.5`.
fn proportion(matches: &ArgMatches) -> Answer<u64> {
    let said = text(matches, "proportion");
    let (whole, part) = said.split_once('.').unwrap_or((said.as_str(), ""));
    let parsed = (part.len() <= 2).then(|| format!("{whole}{part:0<2}").parse().ok()).flatten();
    parsed.filter(|parts| *parts <= 10_000).ok_or_else(|| invalid("proportion", &said))
}

async fn plan(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let minimum = number(matches, "minimum", &(0..=u64::from(u32::MAX)))?.unwrap_or(1);
    let new = NewInspection {
        basis: text(matches, "basis"),
        measure: Measure { proportion: proportion(matches)?, minimum },
        strata: texts(matches, "by"),
        from: date(matches, "received-from")?,
        to: date(matches, "received-to")?,
    };
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let id = inspection::plan(&vault, &actor, new).await?.to_string();
    done(context, matches, &json!({ "inspection": id }), ("ctl-inspection-planned", &id))
}

fn done(
    context: &Context,
    matches: &ArgMatches,
    document: &Value,
    (key, value): (&str, &str),
) -> Answer<Exit> {
    if matches.get_flag("json") {
        output::json(document)?;
    } else {
        output::line(&context.text(key, &[("value", value)]))?;
    }
    Ok(Exit::Done)
}

/// A number and its commitment. The inspection is told whole: it is part of the commitment.
fn fresh_number(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let said = text(matches, "inspection");
    let id = said.parse().map_err(|_| invalid("inspection", &said))?;
    let number = inspection::number()?;
    let commitment = inspection::commitment(&id, party(matches)?, &number);
    if matches.get_flag("json") {
        output::json(&json!({ "number": number, "commitment": commitment }))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::pairs();
    table.row(vec![context.text("ctl-inspection-number", &[]), number]);
    table.row(vec![context.text("ctl-inspection-commitment", &[]), commitment]);
    output::data(&table.lines())?;
    output::note(&context.text("ctl-inspection-keep-number", &[]));
    Ok(Exit::Done)
}

async fn step(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let plan = matches.try_get_one::<String>("plan-number").ok().flatten().cloned();
    let id = plan.unwrap_or_else(|| text(matches, "inspection"));
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let reason = || text(matches, "reason");
    let mut said = json!({ "inspection": id });
    let (key, value) = match name {
        "approve" => {
            inspection::approve(&vault, &actor, &id, &reason()).await?;
            ("ctl-inspection-approved", String::new())
        }
        "end" => {
            inspection::end(&vault, &actor, &id, &reason()).await?;
            ("ctl-inspection-ended", String::new())
        }
        "commit" => {
            let commitment = text(matches, "commitment");
            inspection::commit(&vault, &actor, &id, (party(matches)?, &commitment)).await?;
            ("ctl-inspection-committed", String::new())
        }
        "reveal" => {
            let number = text(matches, "number");
            inspection::reveal(&vault, &actor, &id, (party(matches)?, &number)).await?;
            ("ctl-inspection-revealed", String::new())
        }
        "freeze" => {
            let items = inspection::freeze(&vault, &actor, &id).await?;
            said["items"] = items.into();
            ("ctl-inspection-frozen", items.to_string())
        }
        "draw" => {
            let lots = inspection::draw_lots(&vault, &actor, &id).await?;
            said = view_json(&inspection::show(&vault, &actor, &id).await?);
            ("ctl-inspection-drawn", lots.len().to_string())
        }
        _ => return Err(super::no_command()),
    };
    done(context, matches, &said, (key, &value))
}

fn milliseconds(matches: &ArgMatches, id: &'static str) -> Answer<u64> {
    Ok(number::<u64>(matches, id, &(0..=10_000_000))?.unwrap_or(0) * 1_000)
}

/// What was drawn under that name, or the recording that begins so.
async fn lot(vault: &Vault, actor: &Actor, (id, name): (&str, &str)) -> Answer<Item> {
    let view = inspection::show(vault, actor, id).await?;
    match view.lot(name) {
        Some(item) => Ok(item.clone()),
        None => Ok(Item::of_recording(&vault.find(name).await?)),
    }
}

/// The answers of the checklist, as `yes,yes,no,none,yes`.
fn checklist(matches: &ArgMatches) -> Answer<Option<[String; 5]>> {
    let Some(said) = optional_text(matches, "checklist") else { return Ok(None) };
    let answers: Vec<String> = said.split(',').map(str::to_owned).collect();
    answers.try_into().map(Some).map_err(|_| invalid("checklist", &said))
}

async fn about_lots(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let (id, note) = (text(matches, "inspection"), text(matches, "note"));
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let said = json!({ "inspection": id });
    match name {
        "review" => {
            let item = lot(&vault, &actor, (&id, &text(matches, "recording"))).await?;
            let verdict = Verdict {
                recorded: text(matches, "recorded"),
                uninterrupted: text(matches, "uninterrupted"),
                handled: text(matches, "handled"),
                checklist: checklist(matches)?,
                watched_ms: milliseconds(matches, "watched")?,
                note: optional_text(matches, "note").unwrap_or_default(),
            };
            inspection::review(&vault, &actor, &id, &item, verdict).await?;
            done(context, matches, &said, ("ctl-inspection-reviewed", ""))
        }
        "find" => {
            let item = lot(&vault, &actor, (&id, &text(matches, "recording"))).await?;
            let from_ms = milliseconds(matches, "from-second")?;
            let new = NewFinding {
                article: text(matches, "article"),
                from_ms,
                to_ms: milliseconds(matches, "to-second")?.max(from_ms),
                due: date(matches, "due")?,
                text: note,
            };
            let finding = inspection::find(&vault, &actor, &id, &item, new).await?;
            let finding = finding.to_string();
            let said = json!({ "inspection": id, "finding": finding });
            done(context, matches, &said, ("ctl-inspection-found", &finding))
        }
        "correct" => {
            let finding = text(matches, "finding");
            inspection::correct(&vault, &actor, &id, &finding, &note).await?;
            done(context, matches, &said, ("ctl-inspection-corrected", ""))
        }
        _ => {
            let (finding, settled) = (text(matches, "finding"), matches.get_flag("settled"));
            inspection::recheck(&vault, &actor, &id, &finding, (settled, &note)).await?;
            done(context, matches, &said, ("ctl-inspection-rechecked", ""))
        }
    }
}

fn said_json(said: &Said) -> Value {
    json!({ "person": said.person, "text": said.text, "at": rfc3339(said.at) })
}

fn review_json(one: &ReviewView) -> Value {
    json!({
        "item": one.item.to_string(), "answers": one.answers, "checklist": one.checklist,
        "watched_ms": one.watched_ms, "said": said_json(&one.said),
    })
}

fn finding_json(one: &FindingView) -> Value {
    json!({
        "finding": one.id.to_string(), "item": one.item.to_string(),
        "article": one.article, "from_ms": one.from_ms, "to_ms": one.to_ms, "due": one.due,
        "found": said_json(&one.found), "corrected": one.corrected.as_ref().map(said_json),
        "rechecked": one.rechecked.as_ref().map(|(said, _)| said_json(said)),
        "settled": one.settled(), "state": one.state(),
    })
}

fn view_json(view: &InspectionView) -> Value {
    let findings = view.findings.iter().map(finding_json);
    let reviews = view.reviews.iter().map(review_json);
    let replaced = view.replaced.iter().map(review_json);
    let bound = view.bound.iter().map(|one| {
        json!({
            "party": one.party.as_str(), "person": one.said.person, "at": rfc3339(one.said.at),
            "commitment": one.commitment, "number": one.number,
        })
    });
    json!({
        "inspection": view.id.to_string(),
        "state": view.state.as_str(),
        "proportion": view.measure.proportion,
        "minimum": view.measure.minimum,
        "strata": view.strata,
        "from": rfc3339(view.from),
        "to": rfc3339(view.to),
        "planned": said_json(&view.planned),
        "approved": view.approved.as_ref().map(said_json),
        "bound": bound.collect::<Vec<_>>(),
        "frozen": view.frozen.as_ref().map(|frozen| json!({
            "seq": frozen.seq, "items": frozen.items, "population": frozen.population,
            "at": rfc3339(frozen.at),
        })),
        "drawn": view.drawn.as_ref().map(|(root, seed, at)| json!({
            "root": root, "seed": seed, "at": rfc3339(*at),
        })),
        "lots": view.lots.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "reviews": reviews.collect::<Vec<_>>(),
        "replaced": replaced.collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
        "ended": view.ended.as_ref().map(said_json),
    })
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let views = inspection::list(&vault, &actor).await?;
    if given(context, matches, (&tables::INSPECTIONS, &actor), &views)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = views.iter().map(view_json).collect();
        output::json(&json!({ "inspections": rows }))?;
        return Ok(Exit::Done);
    }
    let columns = ["ctl-column-inspection", "ctl-column-state", "ctl-column-lots"];
    let mut columns = columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec();
    columns.push((context.text("ctl-column-person", &[]), Lean::Left));
    columns.push((context.text("ctl-column-time", &[]), Lean::Left));
    let mut table = Table::new(columns);
    for view in &views {
        table.row(vec![
            short(&view.id.to_string()),
            context.wording.name(Family::Inspection, view.state.as_str()),
            view.lots.len().to_string(),
            shown(&view.planned.person),
            shown_time(view.planned.at, Zone::Beijing),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

async fn show(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let view = inspection::show(&vault, &actor, &text(matches, "inspection")).await?;
    if matches.get_flag("json") {
        output::json(&view_json(&view))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::pairs();
    let mut row = |name: &str, value: String| table.row(vec![context.text(name, &[]), value]);
    let said = |said: &Said| {
        let time = shown_time(said.at, Zone::Beijing);
        format!("{} · {time} · {}", shown(&said.person), shown(&said.text))
    };
    row("ctl-column-inspection", view.id.to_string());
    row("ctl-column-state", context.wording.name(Family::Inspection, view.state.as_str()));
    row("ctl-inspection-planned-by", said(&view.planned));
    if let Some(approved) = &view.approved {
        row("ctl-inspection-approved-by", said(approved));
    }
    for bound in &view.bound {
        let party = context.wording.name(Family::Party, bound.party.as_str());
        let number = bound.number.as_deref().unwrap_or("—");
        let value =
            format!("{party} · {} · {} · {number}", shown(&bound.said.person), bound.commitment);
        row("ctl-inspection-commitment", value);
    }
    if let Some(frozen) = &view.frozen {
        row("ctl-inspection-population", format!("{} · {}", frozen.items, frozen.population));
    }
    if let Some((root, seed, _)) = &view.drawn {
        row("ctl-inspection-root", root.clone());
        row("ctl-inspection-seed", seed.clone());
    }
    let verdict = |review: &ReviewView| {
        let answers = review.answers.iter().zip(QUESTIONS).map(|(answer, question)| {
            let question = context.text(question, &[]);
            format!("{question}: {}", context.wording.name(Family::Answer, answer))
        });
        format!("{} · {}", answers.collect::<Vec<_>>().join(", "), said(&review.said))
    };
    for lot in &view.lots {
        let of_lot = |review: &&ReviewView| review.item == *lot;
        let words = match view.reviews.iter().find(of_lot) {
            Some(review) => verdict(review),
            None => context.wording.name(Family::Answer, "unreviewed"),
        };
        row("ctl-inspection-lot", format!("{lot} · {words}"));
        for review in view.replaced.iter().filter(of_lot) {
            row("ctl-inspection-replaced", format!("{lot} · {}", verdict(review)));
        }
    }
    for finding in &view.findings {
        let state = context.wording.name(Family::Correction, finding.state());
        let id = short(&finding.id.to_string());
        let value = format!("{id} · {} · {}", shown(&finding.article), shown(&finding.found.text));
        row("ctl-inspection-finding", format!("{value} · {} · {state}", finding.due));
    }
    if let Some(ended) = &view.ended {
        row("ctl-inspection-ended-by", said(ended));
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

async fn population(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let view = inspection::show(&vault, &actor, &text(matches, "inspection")).await?;
    let lots = inspection::population(&vault, &actor, &view.id).await?;
    if matches.get_flag("json") {
        let rows: Vec<_> = lots
            .iter()
            .map(|lot| json!({ "item": lot.item.to_string(), "stratum": lot.stratum }))
            .collect();
        output::json(&json!({ "inspection": view.id.to_string(), "population": rows }))?;
        return Ok(Exit::Done);
    }
    let line = |lot: &inspection::Lot| format!("{} {}\n", lot.item, lot.stratum);
    let lines: String = lots.iter().map(line).collect();
    output::data(&lines)?;
    Ok(Exit::Done)
}

async fn score(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let view = inspection::show(&vault, &actor, &text(matches, "inspection")).await?;
    let scores = inspection::scores(&vault, &actor, &view).await?;
    if given(context, matches, (&tables::SCORES, &actor), &scores)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let row = |one: &Score| {
            json!({
                "stratum": one.stratum, "population": one.population, "drawn": one.tally.drawn,
                "reviewed": one.tally.reviewed, "unreviewed": one.tally.unreviewed(),
                "passed": one.tally.passed, "points": one.tally.points(),
                "findings": one.tally.findings, "settled": one.tally.settled,
            })
        };
        output::json(&json!({ "scores": scores.iter().map(row).collect::<Vec<_>>() }))?;
        return Ok(Exit::Done);
    }
    rows_lines(context, &tables::SCORES, &scores)
}

/// Rows as lines, with the columns of their table.
fn rows_lines<T>(context: &Context, table: &tables::Table<T>, rows: &[T]) -> Answer<Exit> {
    let columns = table.columns.iter().map(|column| column.0);
    let mut lines = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).collect());
    let dash = |text: String| if text.is_empty() { "—".to_owned() } else { shown(&text) };
    for row in rows {
        let cells = table.cells(row).into_iter().map(|cell| dash(cell.shown(&context.wording)));
        lines.row(cells.collect());
    }
    output::data(&lines.lines())?;
    Ok(Exit::Done)
}

async fn lots(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let view = inspection::show(&vault, &actor, &text(matches, "inspection")).await?;
    let rows = inspection::lots(&vault, &view).await?;
    if given(context, matches, (&tables::LOTS, &actor), &rows)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let row = |one: &LotRow| {
            json!({
                "item": one.item.to_string(), "name": one.known.name, "case": one.known.case_no,
                "handler": one.known.handler, "activity": one.known.activity,
                "review": one.review.as_ref().map(review_json), "replaced": one.replaced,
            })
        };
        output::json(&json!({ "lots": rows.iter().map(row).collect::<Vec<_>>() }))?;
        return Ok(Exit::Done);
    }
    rows_lines(context, &tables::LOTS, &rows)
}

async fn findings(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let view = inspection::show(&vault, &actor, &text(matches, "inspection")).await?;
    let rows = inspection::findings(&vault, &view).await?;
    if given(context, matches, (&tables::FINDINGS, &actor), &rows)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = rows.iter().map(|row| finding_json(&row.finding)).collect();
        output::json(&json!({ "findings": rows }))?;
        return Ok(Exit::Done);
    }
    rows_lines(context, &tables::FINDINGS, &rows)
}

async fn evaluation(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let year = number(matches, "evaluated-year", &(1..=9_999))?.unwrap_or(0);
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let rows = inspection::evaluation(&vault, &actor, year).await?;
    if given(context, matches, (&tables::EVALUATION, &actor), &rows)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let row = |one: &Evaluated| {
            json!({
                "unit": one.unit, "handler": one.handler, "inspections": one.inspections,
                "drawn": one.tally.drawn, "reviewed": one.tally.reviewed,
                "unreviewed": one.tally.unreviewed(), "passed": one.tally.passed,
                "points": one.tally.points(), "findings": one.tally.findings,
                "settled": one.tally.settled,
            })
        };
        let rows: Vec<_> = rows.iter().map(row).collect();
        output::json(&json!({ "year": year, "evaluation": rows }))?;
        return Ok(Exit::Done);
    }
    rows_lines(context, &tables::EVALUATION, &rows)
}
