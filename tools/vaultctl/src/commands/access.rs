//! `vaultctl request`, `requests`, `approve`, `refuse`, `notice`, `sign`, `grant`, `revoke`,
//! `copies`: retrieval from the terminal (R19–R22; A3.15, A2.18(一)4–5).
//!
//! Promises: whose consent a request takes is the system's answer, never the caller's choice.

use super::list::zone;
use super::marker::moment;
use crate::arguments::{invalid, number, optional_path, optional_text, text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::requests::{request_json, request_lines, requests_table};
use crate::sheets::given;
use crate::table::{Lean, Table};
use crate::times::{rfc3339, shown_time};
use crate::view::{short, shown_path};
use clap::{ArgGroup, ArgMatches, Command};
use serde_json::json;
use vault_core::access::{self, Applicant, Clue, Mode, NewRequest, RequestView, Verdict};
use vault_core::fault::{Code, Fault};
use vault_core::limits::{GRANT_COPIES_MAX, GRANT_DAYS_MAX};
use vault_core::tables;
use vault_core::vault::Vault;
use vault_core::wording::shown;

/// How many requests one page of the catalogue gives.
const ROWS: u32 = 200;

/// The calls, in the order of a retrieval.
pub(super) fn commands(help: Help<'_>) -> Vec<Command> {
    let request = help
        .command("request", "request")
        .arg(help.positional("recording").required(true).num_args(1..))
        .arg(help.option("purpose").required(true))
        .arg(help.option("days").required(true))
        .arg(help.option("copies"))
        .arg(help.option("stretch-from").requires("stretch-to"))
        .arg(help.option("stretch-to").requires("stretch-from"))
        .arg(help.option("for-counterpart").conflicts_with("for-body"))
        .arg(help.option("for-body").requires("for-person"))
        .arg(help.option("for-person").requires("for-body"))
        .arg(help.flag("utc"))
        .arg(help.json());
    let requests = help
        .command("requests", "requests")
        .arg(help.positional("request"))
        .arg(help.flag("utc"))
        .arg(help.xlsx())
        .arg(help.json());
    let step = |name, key| {
        let number = help.positional("request").required(true);
        help.command(name, key).arg(number).arg(help.flag("utc")).arg(help.json())
    };
    let copies = help
        .command("copies", "copies")
        .arg(help.positional("recording"))
        .arg(help.option("mark"))
        .arg(help.path_option("found"))
        .group(ArgGroup::new("clue").args(["recording", "mark", "found"]).required(true))
        .arg(help.flag("utc"))
        .arg(help.xlsx())
        .arg(help.json());
    vec![
        request,
        requests,
        step("approve", "approve").arg(help.option("reason")),
        step("refuse", "refuse").arg(help.option("reason").required(true)),
        step("notice", "notice"),
        step("sign", "sign").arg(help.path_option("scan")),
        step("grant", "grant"),
        step("revoke", "revoke").arg(help.option("reason").required(true)),
        copies,
    ]
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    match name {
        "request" => request(context, matches).await,
        "requests" => requests(context, matches).await,
        "copies" => copies(context, matches).await,
        "approve" | "refuse" | "notice" | "sign" | "grant" | "revoke" => {
            step(context, name, matches).await
        }
        _ => Err(super::no_command()),
    }
}

async fn asked(vault: &Vault, matches: &ArgMatches) -> Answer<NewRequest> {
    let applicant =
        match (optional_text(matches, "for-counterpart"), optional_text(matches, "for-body")) {
            (Some(name), _) => Applicant::Counterpart { name },
            (None, Some(unit)) => {
                Applicant::OutsideBody { name: text(matches, "for-person"), unit }
            }
            (None, None) => Applicant::Myself,
        };
    let copies = number(matches, "copies", &(1..=GRANT_COPIES_MAX))?;
    let days = number(matches, "days", &(1..=GRANT_DAYS_MAX))?;
    let moments = ["stretch-from", "stretch-to"]
        .map(|id| optional_text(matches, id).map(|text| moment(id, &text)).transpose());
    let [from, to] = moments;
    let mut recordings = Vec::new();
    for prefix in texts(matches, "recording") {
        recordings.push(vault.find(&prefix).await?);
    }
    Ok(NewRequest {
        applicant,
        recordings,
        mode: copies.map_or(Mode::View, Mode::Copy),
        days: days.ok_or_else(|| invalid("days", ""))?,
        stretch_ms: from?.zip(to?),
        purpose: text(matches, "purpose"),
    })
}

async fn request(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let new = asked(&vault, matches).await?;
    let id = access::request(&vault, &context.actor(&vault).await?, new).await?;
    answered(context, matches, &access::show(&vault, &id.to_string()).await?)
}

async fn step(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let number = text(matches, "request");
    let view = match name {
        "approve" => {
            let reason = text(matches, "reason");
            access::decide(&vault, &actor, &number, Verdict::Consent, &reason).await?
        }
        "refuse" => {
            let reason = text(matches, "reason");
            access::decide(&vault, &actor, &number, Verdict::Refuse, &reason).await?
        }
        "notice" => access::issue_notice(&vault, &actor, &number).await?,
        "sign" => match optional_path(matches, "scan") {
            Some(scan) => {
                let scan = access::Scan::File(scan);
                access::file_scan(&vault, &actor, &number, scan).await?
            }
            None => access::sign(&vault, &actor, &number).await?,
        },
        "grant" => access::give(&vault, &actor, &number).await?,
        _ => access::revoke(&vault, &actor, &number, &text(matches, "reason")).await?,
    };
    answered(context, matches, &view)
}

fn answered(context: &Context, matches: &ArgMatches, view: &RequestView) -> Answer<Exit> {
    if matches.get_flag("json") {
        output::json(&request_json(view))?;
    } else {
        output::data(&request_lines(view, &context.wording, zone(matches)))?;
    }
    Ok(Exit::Done)
}

async fn requests(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    if let Some(number) = optional_text(matches, "request") {
        return answered(context, matches, &access::show_for(&vault, &actor, &number).await?);
    }
    let (mut views, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = access::list_for(&vault, &actor, after, ROWS).await?;
        views.extend(page);
        if next.is_none() {
            break;
        }
        after = next;
    }
    if given(context, matches, (&tables::REQUESTS, &actor), &views)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        output::json(&json!({ "requests": views.iter().map(request_json).collect::<Vec<_>>() }))?;
    } else {
        output::data(&requests_table(&views, &context.wording, zone(matches)))?;
    }
    Ok(Exit::Done)
}

async fn copies(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let (mark, file) = (optional_text(matches, "mark"), optional_path(matches, "found"));
    let traced = mark.clone().or_else(|| file.as_deref().map(shown_path));
    let clue = match (mark, file) {
        (Some(mark), _) => Clue::Mark(mark),
        (None, Some(file)) => Clue::Object(access::id_of_file(&file)?),
        (None, None) => Clue::Object(vault.find(&text(matches, "recording")).await?),
    };
    let actor = context.actor(&vault).await?;
    let copies = access::copies_of(&vault, &actor, &clue).await?;
    // A recording that never left has no copies; something that was found came from somewhere.
    if let Some(traced) = traced.filter(|_| copies.is_empty()) {
        return Err(Fault::new(Code::CopyUntraced).with("value", traced).into());
    }
    if given(context, matches, (&tables::COPIES, &actor), &copies)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let rows = copies.iter().map(|copy| {
            json!({
                "request": copy.request.to_string(),
                "copy": copy.copy,
                "mark": copy.mark,
                "seq": copy.seq,
                "at": rfc3339(copy.at),
                "to": copy.to,
                "by": copy.by,
                "package_sha256": copy.signature,
            })
        });
        let rows: Vec<_> = rows.collect();
        let object = match &clue {
            Clue::Object(object) => Some(object.to_string()),
            Clue::Mark(_) => None,
        };
        output::json(&json!({ "recording": object, "copies": rows }))?;
        return Ok(Exit::Done);
    }
    let names = [
        "ctl-column-time",
        "ctl-column-request",
        "ctl-column-copy",
        "ctl-column-mark",
        "ctl-column-recipient",
        "ctl-column-person",
        "ctl-column-seq",
        "ctl-column-package",
    ];
    let columns = names.map(|name| (context.text(name, &[]), Lean::Left));
    let mut table = Table::new(columns.to_vec());
    for copy in &copies {
        table.row(vec![
            shown_time(copy.at, zone(matches)),
            short(&copy.request),
            copy.copy.to_string(),
            copy.mark.clone(),
            shown(&copy.to),
            shown(&copy.by),
            copy.seq.to_string(),
            copy.signature.as_ref().map(short).unwrap_or_default(),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}
