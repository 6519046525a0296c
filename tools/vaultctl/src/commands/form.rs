//! `vaultctl form`: the forms of the regulation as PDF/A, to be printed and signed (R10, R19;
//! A3.10, A3.15).
//!
//! Promises: an output file is whole or not there, and never overwrites one; the same vault gives
//! the same bytes again.

use super::read::Sink;
use crate::arguments::{number, path, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::forms::Typesetter;
use crate::help::Help;
use crate::output;
use crate::view::shown_path;
use clap::{ArgMatches, Command};
use serde_json::json;
use vault_core::access;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let form = |name, key| {
        let output = help.path_option("form-output").short('o').long("output");
        help.command(name, key).arg(output.required(true)).arg(help.json())
    };
    let notice = form("notice", "form-notice").arg(help.option("request").required(true));
    let list = form("preservation-list", "form-preservation-list")
        .arg(help.option("case").required(true))
        .arg(help.option("part"));
    let log = form("custody-log", "form-custody-log")
        .arg(help.option("about-recording").long("recording").required(true));
    help.command("form", "form")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(notice)
        .subcommand(list)
        .subcommand(log)
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let Some((name, matches)) = matches.subcommand() else { return Err(super::no_command()) };
    let vault = context.vault().await?;
    let (form, day) = match name {
        "notice" => access::notice_of(&vault, &text(matches, "request")).await?,
        "preservation-list" => {
            let part = number(matches, "part", &(1..=usize::MAX))?;
            access::preservation_list_of(&vault, &text(matches, "case"), part).await?
        }
        "custody-log" => {
            let recording = vault.find(&text(matches, "about-recording")).await?;
            access::custody_log_of(&vault, &recording).await?
        }
        _ => return Err(super::no_command()),
    };
    let bytes = Typesetter::new(context)?.set(&form, day)?;
    let target = path(matches, "form-output")?;
    let mut sink = Sink::new(Some(target.clone()));
    let written = sink.whole(&bytes);
    if written.is_err() {
        sink.abandon();
    }
    written?;
    let path = shown_path(&target);
    if matches.get_flag("json") {
        let day = day.to_string();
        output::json(&json!({
            "form": form.kind, "path": path, "bytes": bytes.len(), "issued_on": day,
        }))?;
    } else {
        output::line(&context.text("ctl-form-done", &[("path", &path)]))?;
    }
    Ok(Exit::Done)
}
