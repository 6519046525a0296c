//! `vaultctl dispose`: the only way on which evidence ends (R17; A2.19(二)3–4, A3.11).
//!
//! Promises: every reason that stands against a recording is shown; proposing, approving and
//! carrying out take persons, the first two different ones.

use crate::arguments::{number, text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::sheets::given;
use crate::table::{Lean, Table, shown_bytes_count};
use crate::times::{Zone, rfc3339, shown_time};
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::disposal::{self, Candidate, DisposalView};
use vault_core::policy::Act;
use vault_core::retention::{Reason, Until};
use vault_core::tables;
use vault_core::wording::{Family, shown};

/// Candidates shown at once.
const PAGE: u32 = 200;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let candidates = help
        .command("candidates", "dispose-candidates")
        .arg(help.option("after"))
        .arg(help.flag("free-only"))
        .arg(help.xlsx())
        .arg(help.json());
    let propose = help
        .command("propose", "dispose-propose")
        .arg(help.positional("recordings").num_args(1..).required(true))
        .arg(help.option("reason").required(true))
        .arg(help.json());
    let named = |name: &'static str, key: &str| {
        let call = help.command(name, key).arg(help.positional("disposal").required(true));
        call.arg(help.json())
    };
    let reason = || help.option("reason").required(true);
    help.command("dispose", "dispose")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            candidates,
            propose,
            help.command("list", "dispose-list").arg(help.xlsx()).arg(help.json()),
            named("show", "dispose-show"),
            named("approve", "dispose-approve").arg(reason()),
            named("withdraw", "dispose-withdraw").arg(reason()),
            named("run", "dispose-run"),
        ])
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("candidates", matches)) => candidates(context, matches).await,
        Some(("propose", matches)) => propose(context, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        Some(("show", matches)) => show(context, matches).await,
        Some((name @ ("approve" | "withdraw"), matches)) => decide(context, name, matches).await,
        Some(("run", matches)) => carry_out(context, matches).await,
        _ => Err(super::no_command()),
    }
}

async fn candidates(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let after = number(matches, "after", &(0..=u64::MAX))?;
    let vault = context.reading(Act::ReadCatalogue).await?;
    let mut found = disposal::candidates(&vault, after, PAGE).await?;
    let next = found.last().map(|last| last.seq).filter(|_| found.len() == PAGE as usize);
    if matches.get_flag("free-only") {
        found.retain(|candidate| candidate.obstacles.is_empty());
    }
    if given(context, matches, (&tables::CANDIDATES, &context.actor(&vault).await?), &found)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = found.iter().map(candidate_json).collect();
        output::json(&json!({ "candidates": rows, "next": next }))?;
        return Ok(Exit::Done);
    }
    output::data(&judged(context, &found))?;
    if let Some(next) = next {
        output::note(&context.text("ctl-dispose-more", &[("after", &next.to_string())]));
    }
    Ok(Exit::Done)
}

/// Recordings with why each was kept, what stands against its disposal and what is to be weighed.
fn judged(context: &Context, found: &[Candidate]) -> String {
    let columns = [
        "ctl-column-recording",
        "ctl-column-name",
        "ctl-column-case",
        "ctl-column-until",
        "ctl-column-against",
        "ctl-column-risks",
    ];
    let columns = columns.map(|name| (context.text(name, &[]), Lean::Left));
    let mut table = Table::new(columns.to_vec());
    let name = |kind: &str, detail: &str| against(context, kind, detail);
    for candidate in found {
        let against: Vec<_> =
            candidate.obstacles.iter().map(|one| name(one.kind, &one.detail)).collect();
        let risks: Vec<_> = candidate.risks.iter().map(|one| name(one.kind, &one.detail)).collect();
        let kept: Vec<_> =
            candidate.retention.reasons.iter().map(|one| reason(context, one)).collect();
        table.row(vec![
            candidate.recording.to_string()[..12].to_owned(),
            shown(&candidate.name),
            shown(&candidate.cases.join("、")),
            kept.join("；"),
            if against.is_empty() {
                context.text("ctl-dispose-free", &[])
            } else {
                against.join("；")
            },
            risks.join("；"),
        ]);
    }
    table.lines()
}

/// What stands against a disposal or is to be weighed, in words.
fn against(context: &Context, kind: &str, detail: &str) -> String {
    let name = context.wording.name(Family::Obstacle, kind);
    if detail.is_empty() { name } else { format!("{name} {}", shown(detail)) }
}

/// A reason to keep and the day on which it ends.
fn reason(context: &Context, reason: &Reason) -> String {
    let until = match reason.until {
        Until::Day(day) => day.to_string(),
        Until::Ever => context.text("ctl-retention-ever", &[]),
    };
    let kind = context.wording.name(Family::Kept, reason.kind);
    let detail = match reason.kind {
        "trigger" => context.wording.name(Family::Trigger, &reason.detail),
        _ => shown(&reason.detail),
    };
    let words = [until, kind, detail];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn candidate_json(candidate: &Candidate) -> Value {
    json!({
        "recording": candidate.recording.to_string(),
        "name": candidate.name,
        "cases": candidate.cases,
        "bytes": candidate.bytes,
        "received_at": rfc3339(candidate.received_at),
        "until": match candidate.retention.until {
            Until::Day(day) => Some(day.to_string()),
            Until::Ever => None,
        },
        "retention": super::retention::retention_json(&candidate.retention),
        "obstacles": candidate.obstacles.iter()
            .map(|one| json!({ "kind": one.kind, "detail": one.detail })).collect::<Vec<_>>(),
        "risks": candidate.risks.iter()
            .map(|one| json!({ "kind": one.kind, "detail": one.detail })).collect::<Vec<_>>(),
    })
}

async fn propose(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let mut recordings = Vec::new();
    for prefix in texts(matches, "recordings") {
        recordings.push(vault.find(&prefix).await?);
    }
    let reason = text(matches, "reason");
    let disposal = disposal::propose(&vault, &actor, recordings, &reason).await?;
    let number = disposal.to_string();
    if matches.get_flag("json") {
        output::json(&json!({ "disposal": number }))?;
    } else {
        output::line(&context.text("ctl-dispose-proposed", &[("id", &number)]))?;
    }
    Ok(Exit::Done)
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let views = disposal::list(&vault).await?;
    if given(context, matches, (&tables::DISPOSALS, &context.actor(&vault).await?), &views)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = views.iter().map(view_json).collect();
        output::json(&json!({ "disposals": rows }))?;
        return Ok(Exit::Done);
    }
    let columns = ["ctl-column-disposal", "ctl-column-state", "ctl-column-objects"];
    let mut columns = columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec();
    columns.push((context.text("ctl-column-person", &[]), Lean::Left));
    columns.push((context.text("ctl-column-time", &[]), Lean::Left));
    let mut table = Table::new(columns);
    for view in &views {
        table.row(vec![
            view.id.to_string()[..12].to_owned(),
            state(context, view),
            view.recordings.len().to_string(),
            shown(&view.proposed.0),
            shown_time(view.proposed.2, Zone::Beijing),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

/// How a disposal stands; one at its end says whether anything went.
fn state(context: &Context, view: &DisposalView) -> String {
    if view.spared_all() {
        return context.text("ctl-dispose-spared-all", &[]);
    }
    context.wording.name(Family::Disposal, view.state.as_str())
}

fn view_json(view: &DisposalView) -> Value {
    let ids =
        |ids: &[vault_proof::ContentId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let said = |said: &(String, String, vault_core::clock::UtcTime)| json!({ "person": said.0, "reason": said.1, "at": rfc3339(said.2) });
    json!({
        "disposal": view.id.to_string(),
        "state": view.state.as_str(),
        "recordings": ids(&view.recordings),
        "destroyed": ids(&view.destroyed),
        "spared": ids(&view.spared),
        "spared_because": view.spared_because.iter().map(|(recording, one)| json!({
            "recording": recording.to_string(), "kind": one.kind, "detail": one.detail,
        })).collect::<Vec<_>>(),
        "proposed": said(&view.proposed),
        "approved": view.approved.as_ref().map(said),
        "not_before": view.not_before.map(rfc3339),
        "withdrawn": view.withdrawn.as_ref().map(said),
        "carried_out": view.carried_out.as_ref()
            .map(|(person, at)| json!({ "person": person, "at": rfc3339(*at) })),
        "objects": view.objects,
        "bytes": view.bytes,
        "stores": view.stores,
        "volumes": view.volumes,
        "record": view.record.as_ref().map(|record| json!({
            "year": record.year, "number": record.number, "digest": record.digest,
        })),
    })
}

async fn show(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let view = disposal::show(&vault, &text(matches, "disposal")).await?;
    let weighed = disposal::weighed(&vault, &view).await?;
    if matches.get_flag("json") {
        let mut said = view_json(&view);
        said["weighed"] = weighed.iter().map(candidate_json).collect();
        output::json(&said)?;
        return Ok(Exit::Done);
    }
    let mut table = Table::pairs();
    let mut row = |name: &str, value: String| table.row(vec![context.text(name, &[]), value]);
    row("ctl-column-disposal", view.id.to_string());
    row("ctl-column-state", state(context, &view));
    let time = |at| shown_time(at, Zone::Beijing);
    let said = |said: &(String, String, vault_core::clock::UtcTime)| {
        format!("{} · {} · {}", shown(&said.0), time(said.2), shown(&said.1))
    };
    row("ctl-dispose-proposed-by", said(&view.proposed));
    if let Some(approved) = &view.approved {
        row("ctl-dispose-approved-by", said(approved));
    }
    if let Some(not_before) = view.not_before {
        row("ctl-dispose-not-before", time(not_before));
    }
    if let Some(withdrawn) = &view.withdrawn {
        row("ctl-dispose-withdrawn-by", said(withdrawn));
    }
    if let Some((person, at)) = &view.carried_out {
        row("ctl-dispose-carried-out-by", format!("{} · {}", shown(person), time(*at)));
    }
    if let Some(record) = &view.record {
        let values = [("year", record.year.to_string()), ("number", record.number.to_string())];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        row("ctl-dispose-record", context.text("notice-number", &values));
        row("ctl-dispose-digest", record.digest.clone());
    }
    for recording in &view.recordings {
        let spared = view.spared.contains(recording);
        let name = if spared { "ctl-dispose-spared" } else { "ctl-column-recording" };
        let because = view.spared_because.iter().filter(|(of, _)| of == recording);
        let because = because.map(|(_, one)| against(context, one.kind, &one.detail));
        let words: Vec<_> = std::iter::once(recording.to_string()).chain(because).collect();
        row(name, words.join(" · "));
    }
    output::data(&format!("{}\n{}", table.lines(), judged(context, &weighed)))?;
    Ok(Exit::Done)
}

async fn decide(context: &Context, act: &str, matches: &ArgMatches) -> Answer<Exit> {
    let (id, reason) = (text(matches, "disposal"), text(matches, "reason"));
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let not_before = if act == "approve" {
        Some(disposal::approve(&vault, &actor, &id, &reason).await?)
    } else {
        disposal::withdraw(&vault, &actor, &id, &reason).await?;
        None
    };
    if matches.get_flag("json") {
        output::json(&json!({ "disposal": id, "not_before": not_before.map(rfc3339) }))?;
    } else if let Some(not_before) = not_before {
        let time = shown_time(not_before, Zone::Beijing);
        output::line(&context.text("ctl-dispose-approved", &[("time", &time)]))?;
    } else {
        output::line(&context.text("ctl-dispose-withdrawn", &[]))?;
    }
    Ok(Exit::Done)
}

async fn carry_out(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let id = text(matches, "disposal");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let done = disposal::carry_out(&vault, &actor, &id).await?;
    if matches.get_flag("json") {
        output::json(&json!({
            "destroyed": done.destroyed.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "spared": done.spared.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "objects": done.objects, "bytes": done.bytes, "volumes": done.volumes,
        }))?;
        return Ok(Exit::Done);
    }
    let values = [
        ("recordings", done.destroyed.len().to_string()),
        ("objects", done.objects.to_string()),
        ("size", shown_bytes_count(done.bytes)),
        ("spared", done.spared.len().to_string()),
    ];
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if done.destroyed.is_empty() {
        output::line(&context.text("ctl-dispose-none", &values))?;
    } else {
        output::line(&context.text("ctl-dispose-done", &values))?;
        output::note(&context.text("ctl-dispose-record-next", &[("id", &id)]));
    }
    if !done.spared.is_empty() {
        output::note(&context.text("ctl-dispose-spared-next", &[("id", &id)]));
    }
    for label in &done.volumes {
        output::note(&context.text("ctl-dispose-volume", &[("label", &shown(label))]));
    }
    Ok(Exit::Done)
}
