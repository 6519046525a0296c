//! The command line as a whole: the root command, the language, and values read from it.
//!
//! Promises: the language is known before the first word of help is made. Values are read here
//! and nowhere else; what cannot be read is a usage failure that names the argument.

use crate::commands;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use std::borrow::Cow;
use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use vault_core::wording::{Language, Wording};

/// Options that every command has stand after its own.
const GLOBAL_ORDER: usize = 900;

/// The whole command line.
pub(crate) fn root(wording: &Wording) -> Command {
    let help = Help::new(wording);
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help(wording.text("ctl-arg-version", &[]))
        .help_heading(wording.text("ctl-heading-options", &[]));
    let command = help
        .command("vaultctl", "vaultctl")
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(true)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(help.path_option("vault").global(true).display_order(GLOBAL_ORDER))
        .arg(help.option("as").global(true).display_order(GLOBAL_ORDER))
        .arg(help.path_option("password-file").global(true).display_order(GLOBAL_ORDER))
        .arg(help.option("code").global(true).display_order(GLOBAL_ORDER))
        .arg(help.option("lang").global(true).display_order(GLOBAL_ORDER))
        .arg(version)
        .subcommands(commands::all(help));
    help.with_help_flags(command)
}

/// The language asked for: the last `--lang` before `--`, else the environment's, else Chinese.
/// `Err` holds a tag that is not served.
pub(crate) fn language(
    arguments: &[OsString],
    environment: Option<&str>,
) -> Result<Language, String> {
    let mut asked = None;
    let mut rest = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = rest.next() {
        if argument == "--" {
            break;
        } else if argument == "--lang" {
            asked = rest.next().map(Cow::into_owned);
        } else if let Some(tag) = argument.strip_prefix("--lang=") {
            asked = Some(tag.to_owned());
        }
    }
    match asked {
        Some(tag) => Language::parse(&tag).ok_or(tag),
        None => Ok(environment.and_then(Language::parse).unwrap_or(Language::Chinese)),
    }
}

/// A text; empty if it was not given.
pub(crate) fn text(matches: &ArgMatches, id: &str) -> String {
    optional_text(matches, id).unwrap_or_default()
}

/// A text that need not be given.
pub(crate) fn optional_text(matches: &ArgMatches, id: &str) -> Option<String> {
    matches.get_one::<String>(id).cloned()
}

/// All texts of an argument.
pub(crate) fn texts(matches: &ArgMatches, id: &str) -> Vec<String> {
    matches.get_many::<String>(id).map(|all| all.cloned().collect()).unwrap_or_default()
}

/// A path that need not be given.
pub(crate) fn optional_path(matches: &ArgMatches, id: &str) -> Option<PathBuf> {
    matches.get_one::<PathBuf>(id).cloned()
}

/// A path that clap has made sure of.
pub(crate) fn path(matches: &ArgMatches, id: &'static str) -> Answer<PathBuf> {
    optional_path(matches, id).ok_or_else(|| invalid(id, ""))
}

/// All paths of an argument.
pub(crate) fn paths(matches: &ArgMatches, id: &str) -> Vec<PathBuf> {
    matches.get_many::<PathBuf>(id).map(|all| all.cloned().collect()).unwrap_or_default()
}

/// A number within bounds, if it was given.
pub(crate) fn number<N: FromStr + PartialOrd>(
    matches: &ArgMatches,
    id: &'static str,
    bounds: &RangeInclusive<N>,
) -> Answer<Option<N>> {
    let Some(text) = matches.get_one::<String>(id) else { return Ok(None) };
    match text.parse() {
        Ok(number) if bounds.contains(&number) => Ok(Some(number)),
        _ => Err(invalid(id, text)),
    }
}

/// A length of time as `90s`, `15m`, `8h` or `2d`, if it was given.
pub(crate) fn duration(matches: &ArgMatches, id: &'static str) -> Answer<Option<Duration>> {
    let Some(text) = matches.get_one::<String>(id) else { return Ok(None) };
    let units = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400)];
    let read = units.iter().find_map(|(unit, seconds)| {
        let count: u64 = text.strip_suffix(*unit)?.parse().ok()?;
        count.checked_mul(*seconds).filter(|seconds| (1..=31_536_000).contains(seconds))
    });
    read.map(|seconds| Some(Duration::from_secs(seconds))).ok_or_else(|| invalid(id, text))
}

/// A range of bytes `A-B`, both included, if it was given.
pub(crate) fn range(matches: &ArgMatches, id: &'static str) -> Answer<Option<RangeInclusive<u64>>> {
    let Some(text) = matches.get_one::<String>(id) else { return Ok(None) };
    let ends = text.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    match ends {
        Some((first, last)) if first <= last => Ok(Some(first..=last)),
        _ => Err(invalid(id, text)),
    }
}

/// The failure for a value that cannot be read.
pub(crate) fn invalid(id: &'static str, value: &str) -> Failure {
    let argument = match id {
        "directory" | "job" | "seq" | "word" | "marker" => id.to_uppercase(),
        option => format!("--{option}"),
    };
    let values = vec![("argument", argument), ("value", value.to_owned())];
    Failure::Usage("ctl-usage-invalid-value", values)
}

/// One or more paths by their place.
pub(crate) fn path_list(argument: Arg) -> Arg {
    argument.num_args(1..).required(true).value_parser(value_parser!(PathBuf))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(arguments: &[&str], environment: Option<&str>) -> Result<Language, String> {
        let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
        language(&arguments, environment)
    }

    #[test]
    fn the_language_is_asked_for_set_or_chinese() {
        assert_eq!(asked(&["list"], None), Ok(Language::Chinese));
        assert_eq!(asked(&["list"], Some("en_US.UTF-8")), Ok(Language::English));
        assert_eq!(asked(&["list", "--lang", "zh-CN"], Some("en")), Ok(Language::Chinese));
        assert_eq!(asked(&["--lang=en", "list", "--help"], None), Ok(Language::English));
        assert_eq!(asked(&["ingest", "--", "--lang", "en"], None), Ok(Language::Chinese));
        assert_eq!(asked(&["--lang", "fr"], None), Err("fr".to_owned()));
    }
}
