//! What clap found wrong with a call, in the words of the catalogue.
//!
//! Promises: help and version go to stdout and are no failure; everything else is a usage failure
//! in the language asked for.

use crate::failure::Failure;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Whether clap only wants to show help or the version that was asked for.
pub(crate) fn is_answer(error: &clap::Error) -> bool {
    matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion)
}

/// Whether the call stopped short of a command, so that the help page is the best remedy.
pub(crate) fn wants_command(error: &clap::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand
    )
}

/// The failure to report.
pub(crate) fn failure(error: &clap::Error) -> Failure {
    let argument = context(error, ContextKind::InvalidArg);
    let (key, values) = match error.kind() {
        ErrorKind::UnknownArgument => match context(error, ContextKind::SuggestedArg) {
            near if near.is_empty() => ("ctl-usage-unknown-argument", vec![("argument", argument)]),
            near => {
                ("ctl-usage-unknown-argument-near", vec![("argument", argument), ("near", near)])
            }
        },
        ErrorKind::InvalidSubcommand => {
            let command = context(error, ContextKind::InvalidSubcommand);
            match context(error, ContextKind::SuggestedSubcommand) {
                near if near.is_empty() => {
                    ("ctl-usage-unknown-command", vec![("command", command)])
                }
                near => {
                    ("ctl-usage-unknown-command-near", vec![("command", command), ("near", near)])
                }
            }
        }
        ErrorKind::MissingRequiredArgument => ("ctl-usage-missing", vec![("arguments", argument)]),
        ErrorKind::ArgumentConflict => {
            let other = context(error, ContextKind::PriorArg);
            ("ctl-usage-conflict", vec![("argument", argument), ("other", other)])
        }
        _ => {
            let value = context(error, ContextKind::InvalidValue);
            ("ctl-usage-invalid-value", vec![("argument", argument), ("value", value)])
        }
    };
    Failure::Usage(key, values)
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        _ => String::new(),
    }
}
