//! `vaultctl search`: words of transcripts, labels and marks, each with its place in time.
//!
//! Promises: words of two Chinese characters are found; a search that showed text is on record.

use crate::arguments::{number, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::media::shown_length;
use crate::output;
use crate::table::{Lean, Table};
use crate::view::short;
use clap::{ArgMatches, Command};
use serde_json::json;
use vault_core::search::{FoundText, search};
use vault_core::wording::{Family, shown};

/// Hits of one call, if nothing else is asked for.
const HITS: u32 = 50;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("search", "search")
        .arg(help.positional("word").required(true))
        .arg(help.option("limit"))
        .arg(help.option("after"))
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let limit = number(matches, "limit", &(1..=10_000))?.unwrap_or(HITS);
    let after = number(matches, "after", &(0..=i64::MAX))?;
    let vault = context.vault().await?;
    let question = text(matches, "word");
    let page = search(&vault, &context.actor(&vault).await?, &question, after, limit).await?;
    if matches.get_flag("json") {
        let hits: Vec<_> = page.hits.iter().map(hit_json).collect();
        output::json(&json!({ "query": question, "hits": hits, "next": page.next }))?;
        return Ok(Exit::Done);
    }
    if page.hits.is_empty() {
        output::note(&context.text("ctl-search-none", &[]));
        return Ok(Exit::Done);
    }
    let mut table = Table::new(vec![
        (context.text("ctl-column-recording", &[]), Lean::Left),
        (context.text("ctl-column-from", &[]), Lean::Right),
        (context.text("ctl-column-source", &[]), Lean::Left),
        (context.text("ctl-column-text", &[]), Lean::Left),
    ]);
    for hit in &page.hits {
        let us = i64::try_from(hit.from_ms.saturating_mul(1_000)).unwrap_or(i64::MAX);
        let from = if hit.source == "label" { String::new() } else { shown_length(us) };
        let source = context.wording.name(Family::Source, &hit.source);
        table.row(vec![short(&hit.recording), from, source, shown(&hit.text)]);
    }
    output::data(&table.lines())?;
    if let Some(next) = page.next {
        output::note(&context.text("ctl-search-more", &[("after", &next.to_string())]));
    }
    Ok(Exit::Done)
}

fn hit_json(hit: &FoundText) -> serde_json::Value {
    json!({
        "recording": hit.recording.to_string(),
        "source": hit.source,
        "from_ms": hit.from_ms,
        "to_ms": hit.to_ms,
        "text": hit.text,
    })
}
