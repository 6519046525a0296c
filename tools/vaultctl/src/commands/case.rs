//! `vaultctl case`: case files (R12, R13; A2.18(一)3): opened, filled, ended, closed by the
//! archivist; afterwards only added to.

use super::list::zone;
use crate::arguments::{invalid, optional_path, optional_text, text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::sheets::given;
use crate::table::{Lean, Table};
use crate::times::{Zone, rfc3339, shown_time};
use crate::view::short;
use clap::builder::PossibleValuesParser;
use clap::{ArgAction, ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::casefile::{
    self, CaseView, Closing, DOCUMENTS, DocumentSource, Ending, EntryKind, NewCase, NewDocument,
    Officer,
};
use vault_core::clock::Date;
use vault_core::policy::Act;
use vault_core::tables;
use vault_core::wording::{Family, shown};

/// How many case files a list shows.
const ROWS: u32 = 200;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let types = PossibleValuesParser::new(DOCUMENTS.iter().map(|(name, _)| *name));
    let open = help
        .command("open", "case-open")
        .arg(help.positional("case-number").required(true))
        .arg(help.option("title").required(true))
        .arg(help.option("counterpart").required(true))
        .arg(help.option("unit").required(true))
        .arg(help.option("officer").action(ArgAction::Append).required(true))
        .arg(help.option("opened-on").required(true))
        .arg(help.json());
    let add = help
        .command("add", "case-add")
        .arg(help.positional("case-number").required(true))
        .arg(help.option("recording-id").conflicts_with("document"))
        .arg(help.path_option("document").requires("type"))
        .arg(help.option("type").value_parser(types).hide_possible_values(true))
        .arg(help.option("document-title"))
        .arg(help.option("on"))
        .arg(help.option("note"))
        .arg(help.json());
    let end = help
        .command("end", "case-end")
        .arg(help.positional("case-number").required(true))
        .arg(help.option("on").required(true))
        .arg(help.option("reason"))
        .arg(help.json());
    let close = help
        .command("close", "case-close")
        .arg(help.positional("case-number").required(true))
        .arg(help.option("note"))
        .arg(help.json());
    let show = help
        .command("show", "case-show")
        .arg(help.positional("case-number").required(true))
        .arg(help.flag("utc"))
        .arg(help.xlsx())
        .arg(help.json());
    help.command("case", "case")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(open)
        .subcommand(help.command("list", "case-list").arg(help.xlsx()).arg(help.json()))
        .subcommand(show)
        .subcommand(add)
        .subcommand(end)
        .subcommand(close)
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("open", matches)) => open(context, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        Some(("show", matches)) => show(context, matches).await,
        Some(("add", matches)) => add(context, matches).await,
        Some(("end", matches)) => end(context, matches).await,
        Some(("close", matches)) => close(context, matches).await,
        _ => Err(super::no_command()),
    }
}

fn day(matches: &ArgMatches, id: &'static str) -> Answer<Option<Date>> {
    let Some(text) = optional_text(matches, id) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| invalid(id, &text))
}

fn day_needed(matches: &ArgMatches, id: &'static str) -> Answer<Date> {
    day(matches, id)?.ok_or_else(|| invalid(id, ""))
}

/// `name:certificate`.
fn officers(matches: &ArgMatches) -> Answer<Vec<Officer>> {
    let named = texts(matches, "officer");
    let one = |text: &String| {
        let (name, certificate) =
            text.rsplit_once([':', '：']).ok_or_else(|| invalid("officer", text))?;
        Ok(Officer { name: name.to_owned(), certificate: certificate.to_owned() })
    };
    named.iter().map(one).collect()
}

async fn open(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let new = NewCase {
        case_no: text(matches, "case-number"),
        title: text(matches, "title"),
        counterpart: text(matches, "counterpart"),
        unit: text(matches, "unit"),
        officers: officers(matches)?,
        opened_on: day_needed(matches, "opened-on")?,
    };
    let number = new.case_no.clone();
    let vault = context.vault().await?;
    let id = casefile::open(&vault, &context.actor(&vault).await?, new).await?;
    let document = json!({ "case": number, "id": id.to_string() });
    answered(context, matches, &document, "ctl-case-opened")
}

async fn add(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let number = text(matches, "case-number");
    let note = text(matches, "note");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let filed = match (optional_text(matches, "recording-id"), optional_path(matches, "document")) {
        (Some(recording), _) => {
            let recording = vault.find(&recording).await?;
            casefile::file_recording(&vault, &actor, &number, &recording, &note).await?;
            recording
        }
        (None, Some(source)) => {
            let new = NewDocument {
                source: DocumentSource::File(source),
                document: text(matches, "type"),
                title: text(matches, "document-title"),
                on: day(matches, "on")?,
                note,
            };
            casefile::file_document(&vault, &actor, &number, new).await?
        }
        (None, None) => return Err(invalid("recording-id", "")),
    };
    let document = json!({ "case": number, "content": filed.to_string() });
    answered(context, matches, &document, "ctl-case-added")
}

async fn end(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let number = text(matches, "case-number");
    let vault = context.vault().await?;
    let on = day_needed(matches, "on")?;
    let reason = text(matches, "reason");
    casefile::end(&vault, &context.actor(&vault).await?, &number, on, &reason).await?;
    let due = casefile::show(&vault, &number).await?.due_on.map(|day| day.to_string());
    let document = json!({ "case": number, "due_on": due });
    answered(context, matches, &document, "ctl-case-ended")
}

async fn close(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let number = text(matches, "case-number");
    let note = text(matches, "note");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let contents = casefile::close(&vault, &actor, &number, &note).await?;
    let document = json!({ "case": number, "contents": contents.to_string() });
    answered(context, matches, &document, "ctl-case-closed")
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let mut cases = Vec::new();
    let mut after = None;
    loop {
        let (page, next) = casefile::list(&vault, after, ROWS).await?;
        cases.extend(page);
        if next.is_none() {
            break;
        }
        after = next;
    }
    if given(context, matches, (&tables::CASES, &context.actor(&vault).await?), &cases)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        output::json(&json!({ "cases": cases.iter().map(case_json).collect::<Vec<_>>() }))?;
        return Ok(Exit::Done);
    }
    let names = [
        "ctl-column-case",
        "ctl-column-title",
        "ctl-column-counterpart",
        "ctl-column-unit",
        "ctl-column-opened-on",
        "ctl-column-closed",
        "ctl-column-items",
    ];
    let columns = names.map(|name| (context.text(name, &[]), Lean::Left));
    let mut table = Table::new(columns.to_vec());
    for case in &cases {
        let closed = case.closed.as_ref().map(|closing| shown_time(closing.at, Zone::Beijing));
        table.row(vec![
            shown(&case.case_no),
            shown(&case.title),
            shown(&case.counterpart),
            shown(&case.unit),
            case.opened_on.clone(),
            closed.unwrap_or_default(),
            case.contents.len().to_string(),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

async fn show(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let case = casefile::show(&vault, &text(matches, "case-number")).await?;
    if given(context, matches, (&tables::CONTENTS, &context.actor(&vault).await?), &case.contents)?
    {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        output::json(&case_json(&case))?;
        return Ok(Exit::Done);
    }
    output::data(&facts(context, &case, zone(matches)))?;
    output::data(&contents(context, &case))?;
    for awaiting in &case.awaiting {
        let (id, name) = (short(&awaiting.recording), shown(&awaiting.name));
        output::line(&context.text("ctl-case-awaiting", &[("recording", &id), ("name", &name)]))?;
    }
    for missing in &case.missing {
        let stage = context.wording.name(Family::Stage, missing.stage);
        let any = missing.any_of.iter().map(|one| context.wording.name(Family::Document, one));
        let any = any.collect::<Vec<_>>().join(" / ");
        let values = [("stage", stage.as_str()), ("any", &any), ("article", missing.article)];
        output::line(&context.text("ctl-case-missing", &values))?;
    }
    Ok(Exit::Done)
}

/// What is known of a case file as a whole.
fn facts(context: &Context, case: &CaseView, zone: Zone) -> String {
    let mut facts = Table::pairs();
    let mut fact = |key: &str, value: String| {
        if !value.is_empty() {
            facts.row(vec![context.text(key, &[]), value]);
        }
    };
    fact("ctl-column-case", shown(&case.case_no));
    fact("ctl-column-title", shown(&case.title));
    fact("ctl-column-counterpart", shown(&case.counterpart));
    fact("ctl-column-unit", shown(&case.unit));
    for officer in &case.officers {
        fact(
            "ctl-column-officer",
            format!("{}  {}", shown(&officer.name), shown(&officer.certificate)),
        );
    }
    fact("ctl-column-opened-on", case.opened_on.clone());
    fact("ctl-column-ended-on", case.ended_on.map(|day| day.to_string()).unwrap_or_default());
    fact("ctl-column-due-on", case.due_on.map(|day| day.to_string()).unwrap_or_default());
    let moved = case.endings.windows(2).filter_map(|pair| <&[Ending; 2]>::try_from(pair).ok());
    for [before, after] in moved {
        let (from, to) = (before.on.to_string(), after.on.to_string());
        let (at, by) = (shown_time(after.at, zone), shown(&after.person));
        let reason = shown(&after.reason);
        let values = [("from", &from), ("to", &to), ("at", &at), ("by", &by), ("reason", &reason)];
        let values = values.map(|(name, value)| (name, value.as_str()));
        fact("ctl-column-end-moved", context.text("ctl-case-end-moved", &values));
    }
    if let Some(Closing { at, person, note }) = &case.closed {
        fact("ctl-column-closed", format!("{}  {}", shown_time(*at, zone), shown(person)));
        fact("ctl-column-closing-note", shown(note));
    }
    facts.lines()
}

/// 卷内目录.
fn contents(context: &Context, case: &CaseView) -> String {
    let names = [
        "ctl-column-number",
        "ctl-column-document",
        "ctl-column-name",
        "ctl-column-stage",
        "ctl-column-on",
        "ctl-column-recording",
        "ctl-column-addendum",
    ];
    let columns = names.map(|name| (context.text(name, &[]), Lean::Left));
    let mut table = Table::new(columns.to_vec());
    for entry in &case.contents {
        let document = match entry.kind {
            EntryKind::Recording => context.text("ctl-case-recording", &[]),
            EntryKind::Document => context.wording.name(Family::Document, &entry.document),
        };
        let stage = match entry.stage.as_str() {
            "" => String::new(),
            stage => context.wording.name(Family::Stage, stage),
        };
        let addendum =
            if entry.addendum { context.text("ctl-case-addendum", &[]) } else { String::new() };
        table.row(vec![
            entry.number.to_string(),
            document,
            shown(&entry.title),
            stage,
            entry.on.clone(),
            short(&entry.content),
            addendum,
        ]);
    }
    table.lines()
}

fn case_json(case: &CaseView) -> Value {
    let contents = case.contents.iter().map(|entry| {
        json!({
            "number": entry.number,
            "kind": if entry.kind == EntryKind::Recording { "recording" } else { "document" },
            "content": entry.content.to_string(),
            "title": entry.title,
            "stage": entry.stage,
            "document": entry.document,
            "on": entry.on,
            "addendum": entry.addendum,
            "seq": entry.seq,
        })
    });
    json!({
        "case": case.case_no,
        "id": case.id.to_string(),
        "title": case.title,
        "counterpart": case.counterpart,
        "unit": case.unit,
        "officers": case.officers.iter().map(|officer| json!({
            "name": officer.name, "certificate": officer.certificate,
        })).collect::<Vec<_>>(),
        "opened_on": case.opened_on,
        "ended_on": case.ended_on.map(|day| day.to_string()),
        "due_on": case.due_on.map(|day| day.to_string()),
        "endings": case.endings.iter().map(|ending| json!({
            "on": ending.on.to_string(), "at": rfc3339(ending.at), "by": ending.person,
            "reason": ending.reason,
        })).collect::<Vec<_>>(),
        "closed": case.closed.as_ref().map(|closing| json!({
            "at": rfc3339(closing.at), "by": closing.person, "note": closing.note,
        })),
        "awaiting": case.awaiting.iter().map(|awaiting| json!({
            "recording": awaiting.recording.to_string(), "name": awaiting.name,
        })).collect::<Vec<_>>(),
        "contents": contents.collect::<Vec<_>>(),
        "missing": case.missing.iter().map(|missing| json!({
            "stage": missing.stage, "any_of": missing.any_of, "article": missing.article,
        })).collect::<Vec<_>>(),
    })
}

fn answered(context: &Context, matches: &ArgMatches, document: &Value, said: &str) -> Answer<Exit> {
    if matches.get_flag("json") {
        output::json(document)?;
    } else {
        let value = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
        let (case, filed, due) = (value("case"), value("content"), value("due_on"));
        let values = [("case", case.as_str()), ("content", &filed), ("due", &due)];
        output::line(&context.text(said, &values))?;
    }
    Ok(Exit::Done)
}
