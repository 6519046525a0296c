//! `vaultctl form`: the forms of the regulation as PDF/A, to be printed and signed, and labels of
//! volumes (R10, R16, R17, R19; A3.10, A3.11, A3.12, A3.15).
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
use serde_json::{Value, json};
use vault_core::access::Form;
use vault_core::clock::Date;
use vault_core::limits::VOLUME_COPIES_MAX;
use vault_core::oversight::opinion;
use vault_core::policy::{Act, Actor};
use vault_core::vault::Vault;
use vault_core::{access, disposal, inspection, volume};

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
    let opinion = form("legal-opinion", "form-legal-opinion")
        .arg(help.option("about-review").long("review").required(true));
    let scan = form("notice-scan", "form-notice-scan").arg(help.option("request").required(true));
    let inspected = |name, key| {
        form(name, key).arg(help.option("about-inspection").long("inspection").required(true))
    };
    let correction = inspected("correction-notice", "form-correction-notice")
        .arg(help.option("about-finding").long("finding").required(true));
    let evaluation = form("inspection-evaluation", "form-inspection-evaluation")
        .arg(help.option("evaluated-year").long("year").required(true));
    let record = form("destruction-record", "form-destruction-record")
        .arg(help.option("disposal-of").long("disposal").required(true));
    let label = form("volume-label", "form-volume-label")
        .arg(help.option("label").required(true))
        .arg(help.option("copy").required(true));
    help.command("form", "form")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(notice)
        .subcommand(scan)
        .subcommand(list)
        .subcommand(log)
        .subcommand(opinion)
        .subcommand(inspected("inspection-notice", "form-inspection-notice"))
        .subcommand(correction)
        .subcommand(inspected("inspection-report", "form-inspection-report"))
        .subcommand(evaluation)
        .subcommand(record)
        .subcommand(label)
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let Some((name, matches)) = matches.subcommand() else { return Err(super::no_command()) };
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    if name == "notice-scan" {
        let scan = access::show_scan(&vault, &actor, &text(matches, "request")).await?;
        write(matches, &scan.bytes)?;
        return said(
            context,
            matches,
            json!({ "format": scan.format, "blake3": scan.object.to_string() }),
        );
    }
    let (form, day) = filled(&vault, &actor, name, matches).await?;
    let bytes = Typesetter::new(context)?.set(&form, day)?;
    write(matches, &bytes)?;
    let day = day.to_string();
    said(context, matches, json!({ "form": form.kind, "bytes": bytes.len(), "issued_on": day }))
}

/// The form of that name with what stands in it, for somebody who may look at it.
async fn filled(
    vault: &Vault,
    actor: &Actor,
    name: &str,
    matches: &ArgMatches,
) -> Answer<(Form, Date)> {
    let about = |id: &'static str| text(matches, id);
    Ok(match name {
        "notice" => {
            let view = access::show_for(vault, actor, &about("request")).await?;
            access::notice_of(vault, &view.id.to_string()).await?
        }
        "inspection-notice" => inspection::notice(vault, actor, &about("about-inspection")).await?,
        "inspection-report" => inspection::report(vault, actor, &about("about-inspection")).await?,
        "correction-notice" => {
            let (id, finding) = (about("about-inspection"), about("about-finding"));
            inspection::correction_notice(vault, actor, (&id, &finding)).await?
        }
        "inspection-evaluation" => {
            let year = number(matches, "evaluated-year", &(1..=9_999))?.unwrap_or(0);
            inspection::evaluation_report(vault, actor, year).await?
        }
        "legal-opinion" => opinion::legal_opinion(vault, actor, &about("about-review")).await?,
        _ => {
            vault.admit(actor, Act::ReadCatalogue).await?;
            of_catalogue(vault, name, matches).await?
        }
    })
}

async fn of_catalogue(vault: &Vault, name: &str, matches: &ArgMatches) -> Answer<(Form, Date)> {
    Ok(match name {
        "preservation-list" => {
            let part = number(matches, "part", &(1..=usize::MAX))?;
            access::preservation_list_of(vault, &text(matches, "case"), part).await?
        }
        "custody-log" => {
            let recording = vault.find(&text(matches, "about-recording")).await?;
            access::custody_log_of(vault, &recording).await?
        }
        "destruction-record" => disposal::record_of(vault, &text(matches, "disposal-of")).await?,
        "volume-label" => {
            let copy = number(matches, "copy", &(1..=VOLUME_COPIES_MAX))?.unwrap_or(1);
            volume::label_of(vault, &text(matches, "label"), copy).await?
        }
        _ => return Err(super::no_command()),
    })
}

/// Writes a form durably, or leaves nothing.
pub(super) fn write(matches: &ArgMatches, bytes: &[u8]) -> Answer<()> {
    let mut sink = Sink::new(Some(path(matches, "form-output")?));
    let written = sink.whole(bytes);
    if written.is_err() {
        sink.abandon();
    }
    written
}

fn said(context: &Context, matches: &ArgMatches, mut facts: Value) -> Answer<Exit> {
    let path = shown_path(&path(matches, "form-output")?);
    if matches.get_flag("json") {
        facts["path"] = Value::String(path);
        output::json(&facts)?;
    } else {
        output::line(&context.text("ctl-form-done", &[("path", &path)]))?;
    }
    Ok(Exit::Done)
}
