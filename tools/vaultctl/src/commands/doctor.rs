//! `vaultctl doctor`: what is wrong with this machine or vault, and the remedy.
//!
//! Promises: changes nothing. Exit 1 if there is a problem; warnings alone are no failure.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use clap::{ArgMatches, Command};
use serde_json::{Map, Value, json};
use vault_core::fault::Class;
use vault_core::vault::{Finding, Level, Vault};
use vault_core::wording::{Family, FaultText, Wording};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("doctor", "doctor").arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    // Settings that cannot be read are a finding of their own.
    let worker = context.worker(&context.settings().unwrap_or_default());
    let findings = Vault::doctor(&context.directory()?, context.clock.clone(), &worker).await;
    if matches.get_flag("json") {
        let findings: Vec<_> = findings.iter().map(|f| as_json(f, &context.wording)).collect();
        output::json(&json!({ "findings": findings }))?;
    } else {
        for finding in &findings {
            output::data(&lines(finding, &context.wording))?;
        }
    }
    let problem = findings.iter().any(|finding| finding.level == Level::Problem);
    Ok(if problem { Exit::Class(Class::Failed) } else { Exit::Done })
}

const fn level(finding: &Finding) -> &'static str {
    match finding.level {
        Level::Ok => "ok",
        Level::Warning => "warning",
        Level::Problem => "problem",
    }
}

fn text(finding: &Finding, wording: &Wording) -> FaultText {
    let details: Vec<_> = finding.details.iter().map(|(k, v)| (*k, v.as_str())).collect();
    wording.finding(finding.key, &details)
}

fn lines(finding: &Finding, wording: &Wording) -> String {
    let text = text(finding, wording);
    let level = wording.name(Family::Level, level(finding));
    let mut lines =
        wording.text("ctl-doctor-finding", &[("level", &level), ("what", &text.what)]) + "\n";
    if let Some(next) = text.next {
        lines += &(wording.text("ctl-error-next", &[("next", &next)]) + "\n");
    }
    lines
}

fn as_json(finding: &Finding, wording: &Wording) -> Value {
    let text = text(finding, wording);
    let details: Map<String, Value> = finding
        .details
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
        .collect();
    json!({
        "level": level(finding),
        "key": finding.key,
        "what": text.what,
        "next": text.next,
        "details": details,
    })
}
