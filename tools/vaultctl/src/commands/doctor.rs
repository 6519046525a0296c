//! `vaultctl doctor`: what is wrong with this machine or vault, and the remedy.
//!
//! Promises: changes nothing. Exit 1 if there is a problem; warnings alone are no failure.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::table::shown_bytes_count;
use clap::{ArgMatches, Command};
use serde_json::{Map, Value, json};
use vault_core::fault::Class;
use vault_core::settings::Settings;
use vault_core::vault::{Finding, Level, Vault};
use vault_core::wording::{Family, FaultText, Wording, shown};
use vault_forms::Fonts;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("doctor", "doctor").arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    // Settings that cannot be read are a finding of their own.
    let settings = context.settings().unwrap_or_default();
    let worker = context.worker(&settings);
    let mut findings = Vault::doctor(&context.directory()?, context.clock.clone(), &worker).await;
    findings.push(fonts(&settings));
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

/// Whether forms can be made. Everything else works without.
fn fonts(settings: &Settings) -> Finding {
    match Fonts::find(settings.forms.fonts.as_deref()) {
        Ok(_) => Finding { level: Level::Ok, key: "forms-fonts", details: Vec::new(), fault: None },
        Err(fault) => {
            let path = fault.detail("path").unwrap_or_default().to_owned();
            let details = vec![("name", vault_forms::PACKAGE.to_owned()), ("path", path)];
            Finding { level: Level::Warning, key: "forms-fonts-missing", details, fault: None }
        }
    }
}

const fn level(finding: &Finding) -> &'static str {
    match finding.level {
        Level::Ok => "ok",
        Level::Warning => "warning",
        Level::Problem => "problem",
    }
}

fn text(finding: &Finding, wording: &Wording) -> FaultText {
    let written = |(name, value): &(&'static str, String)| match *name {
        "secrecy" => (*name, wording.name(Family::Secrecy, value)),
        "bytes" => (*name, value.parse().map_or_else(|_| value.clone(), shown_bytes_count)),
        "place" => (*name, place(wording, value)),
        "what" => match &finding.fault {
            Some(fault) => (*name, wording.fault(fault).what),
            None => (*name, value.clone()),
        },
        _ => (*name, value.clone()),
    };
    let details: Vec<_> = finding.details.iter().map(written).collect();
    let details: Vec<_> = details.iter().map(|(k, v)| (*k, v.as_str())).collect();
    wording.finding(finding.key, &details)
}

/// What remembers a checkpoint: a further store by its name, everything else by a code.
fn place(wording: &Wording, value: &str) -> String {
    match value {
        "last-signed" | "witnessed" | "brought" | "main" | "restored" => {
            wording.name(Family::Memory, value)
        }
        name => shown(name),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use vault_core::fault::{Code, Fault};
    use vault_core::wording::Language;

    #[test]
    fn people_are_told_in_words_and_programs_the_values_themselves() {
        let fault = Fault::new(Code::DiskFull).with("path", "/store");
        let details = vec![("what", fault.to_string())];
        let key = "store-fails";
        let failed = Finding { level: Level::Problem, key, details, fault: Some(fault) };
        let details = vec![("bytes", "12884901888".to_owned())];
        let space = Finding { level: Level::Warning, key: "space-low", details, fault: None };
        let behind = |place: &str| {
            let details = vec![("place", place.to_owned()), ("size", "7".to_owned())];
            Finding { level: Level::Problem, key: "ledger-behind", details, fault: None }
        };
        for (language, said, place) in [
            (Language::Chinese, "存储空间不足", "见证方"),
            (Language::English, "No space is left", "witness"),
        ] {
            let wording = Wording::new(language);
            let text = lines(&failed, &wording);
            assert!(text.contains(said) && !text.contains("disk-full"), "{text}");
            let text = lines(&space, &wording);
            assert!(text.contains("12.0 GiB") && !text.contains("12884901888"), "{text}");
            let text = lines(&behind("witnessed"), &wording);
            assert!(text.contains(place) && !text.contains("witnessed"), "{text}");
            assert!(lines(&behind("二号盘"), &wording).contains("二号盘"));
            let document = as_json(&failed, &wording);
            assert_eq!(document["details"]["what"], "disk-full path=\"/store\"");
            assert_eq!(as_json(&space, &wording)["details"]["bytes"], "12884901888");
        }
    }
}
