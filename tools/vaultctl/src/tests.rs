//! That the command line is whole in both languages, and that the catalogue holds nothing else.

use crate::arguments::root;
use crate::failure::Failure;
use crate::usage;
use clap::{ArgMatches, Command};
use std::collections::BTreeSet;
use std::path::Path;
use vault_core::wording::{Language, Wording};

/// Every command with its path, as `ledger verify`.
fn commands(command: &Command, path: &str) -> Vec<(String, Command)> {
    let mut found = vec![(path.to_owned(), command.clone())];
    for inner in command.get_subcommands() {
        found.extend(commands(inner, format!("{path} {}", inner.get_name()).trim()));
    }
    found
}

fn parsed(arguments: &[&str]) -> Result<ArgMatches, clap::Error> {
    let wording = Wording::new(Language::Chinese);
    root(&wording).try_get_matches_from([&["vaultctl"], arguments].concat())
}

fn usage_failure(arguments: &[&str]) -> (&'static str, String) {
    match usage::failure(&parsed(arguments).unwrap_err()) {
        Failure::Usage(key, values) => (key, values[0].1.clone()),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn every_command_is_consistent() {
    for language in Language::ALL {
        root(&Wording::new(language)).debug_assert();
    }
}

#[test]
fn every_help_page_is_whole_in_its_language() {
    for language in Language::ALL {
        let wording = Wording::new(language);
        for (path, mut command) in commands(&root(&wording), "") {
            let page = command.render_help().to_string();
            assert!(!page.contains("[ctl-"), "{path}: {page}");
            assert!(command.get_overridden_usage().is_some_and(|u| !u.to_string().is_empty()));
            if language == Language::Chinese {
                for english in ["Usage:", "Options", "Commands", "Arguments", "Print", "possible"] {
                    assert!(!page.contains(english), "{path}: {page}");
                }
            }
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "agreeing anew is asked for and written by a person")]
fn help_pages_are_as_agreed() {
    for (language, name, agreed) in [
        (Language::Chinese, "zh-CN", include_str!("../snapshots/help.zh-CN.txt")),
        (Language::English, "en", include_str!("../snapshots/help.en.txt")),
    ] {
        let wording = Wording::new(language);
        let mut pages = String::new();
        for (path, mut command) in commands(&root(&wording), "") {
            let page = command.render_help().to_string();
            pages += &["## vaultctl ", &path, "\n", page.trim_end(), "\n"].concat();
        }
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            let file = format!("{}/snapshots/help.{name}.txt", env!("CARGO_MANIFEST_DIR"));
            std::fs::write(file, &pages).unwrap();
        } else {
            assert_eq!(pages, agreed, "to agree anew: UPDATE_SNAPSHOTS=1 cargo test -p vaultctl");
        }
    }
}

fn sources(directory: &Path, text: &mut String) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

/// The `ctl-…` words in double quotes of all sources but this one.
fn keys_in_sources() -> BTreeSet<String> {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    text.split('"')
        .filter(|word| word.starts_with("ctl-") && !word.contains(['{', ' ', '…']))
        .map(str::to_owned)
        .collect()
}

fn keys_in_catalogues() -> BTreeSet<String> {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vault-core/locales/zh-CN");
    ["help.ftl", "vaultctl.ftl"]
        .into_iter()
        .flat_map(|name| {
            let text = std::fs::read_to_string(locales.join(name)).unwrap();
            text.lines()
                .filter(|line| line.starts_with("ctl-"))
                .filter_map(|line| Some(line.split_once(" =")?.0.to_owned()))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_key_used_exists_and_every_key_is_used() {
    let mut used: BTreeSet<String> =
        keys_in_sources().into_iter().filter(|key| key.len() > "ctl-".len()).collect();
    let wording = Wording::new(Language::Chinese);
    for (path, command) in commands(&root(&wording), "") {
        let path = if path.is_empty() { "vaultctl".to_owned() } else { path.replace(' ', "-") };
        used.insert(format!("ctl-command-{path}"));
        used.extend(
            command.get_arguments().map(|argument| format!("ctl-arg-{}", argument.get_id())),
        );
    }
    let known = keys_in_catalogues();
    let missing: Vec<_> = used.difference(&known).collect();
    assert!(missing.is_empty(), "used, but in no catalogue: {missing:?}");
    let unused: Vec<_> = known.difference(&used).collect();
    assert!(unused.is_empty(), "in a catalogue, but not used: {unused:?}");
}

#[test]
fn calls_of_the_interface_document_are_understood() {
    let labels = "--case 民罚1 --counterpart 某社 --handler 张三 --activity inspection";
    for call in [
        "init d --key-copy a --key-copy b --secrets s --catalogue-url-file u",
        "init d --store s3://b/p --s3-endpoint http://x --s3-region r --s3-credentials c",
        &format!("ingest a b {labels} --device D1 --maker M --proves P --secrecy privacy --json"),
        &format!("--vault v ingest a --jobs 2 --method camera {labels}"),
        "list --case 民罚1 --json --vault v",
        "show 00ff --json",
        "read 00ff --grant G --range 0-9 -o f",
        "read 00ff",
        "verify",
        "verify 00 ff --keyless --json",
        "verify --all --json",
        "verify --percent 5",
        "scrub --for 8h --json",
        "scrub status --json",
        "ledger checkpoint",
        "ledger verify --json",
        "ledger prove 3",
        "ledger events --recording 00ff --json",
        "rebuild --from a --into b",
        "form notice --request 00ff -o f.pdf",
        "form preservation-list --case 民罚1 --part 2 -o f.pdf --json",
        "form custody-log --recording 00ff -o f.pdf",
        "dump --lang en",
        "jobs run",
        "jobs list --json",
        "jobs retry 7",
        "doctor --json",
    ] {
        let words: Vec<_> = call.split(' ').collect();
        assert!(parsed(&words).is_ok(), "{call}: {:?}", parsed(&words).err());
    }
}

#[test]
fn calls_that_make_no_sense_say_what_is_wrong() {
    assert_eq!(usage_failure(&["verfy"]), ("ctl-usage-unknown-command-near", "verfy".into()));
    assert_eq!(usage_failure(&["xyzzyxyzzy"]), ("ctl-usage-unknown-command", "xyzzyxyzzy".into()));
    let (key, argument) = usage_failure(&["list", "--cas", "1"]);
    assert_eq!((key, argument.as_str()), ("ctl-usage-unknown-argument-near", "--cas"));
    let (key, arguments) = usage_failure(&["ingest", "a", "--case", "1"]);
    assert_eq!(key, "ctl-usage-missing");
    assert!(arguments.contains("--counterpart") && arguments.contains("--activity"));
    let (key, argument) = usage_failure(&["verify", "00", "--all"]);
    assert_eq!(key, "ctl-usage-conflict");
    assert!(argument.contains("编号"), "{argument}");
    let (key, _) = usage_failure(&["list", "--case", ""]);
    assert_eq!(key, "ctl-usage-invalid-value");
}
