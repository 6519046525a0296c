//! `vaultctl init`: a new vault.
//!
//! Promises: says where the keys lie and that they must be kept apart; with one copy of the key
//! store, warns. Never takes a secret on the command line: addresses and credentials are in files.

use crate::arguments::{invalid, optional_path, optional_text, path, paths};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::output;
use crate::view::shown_path;
use clap::{ArgAction, ArgMatches, Command, value_parser};
use serde_json::json;
use std::path::PathBuf;
use vault_core::vault::{CatalogueChoice, InitOptions, StoreChoice, Vault};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let init = help
        .command("init", "init")
        .arg(help.positional("directory").required(true).value_parser(value_parser!(PathBuf)))
        .arg(help.path_option("key-copy").action(ArgAction::Append))
        .arg(help.path_option("secrets"))
        .arg(help.path_option("catalogue-url-file"))
        .arg(help.json());
    s3_options(init, help)
}

/// Adds the options that name a place in an S3-compatible service.
pub(super) fn s3_options(command: Command, help: Help<'_>) -> Command {
    command
        .arg(help.option("store"))
        .arg(help.option("s3-endpoint").requires("store"))
        .arg(help.option("s3-region").requires("store"))
        .arg(help.path_option("s3-credentials").requires("store"))
}

fn parse(matches: &ArgMatches) -> Answer<InitOptions> {
    let catalogue = match optional_path(matches, "catalogue-url-file") {
        Some(url_file) => CatalogueChoice::Postgres { url_file },
        None => CatalogueChoice::Sqlite,
    };
    Ok(InitOptions {
        directory: path(matches, "directory")?,
        key_copies: paths(matches, "key-copy"),
        secrets: optional_path(matches, "secrets"),
        store: parse_store(matches)?,
        catalogue,
    })
}

/// Where the options say that the bytes go.
pub(super) fn parse_store(matches: &ArgMatches) -> Answer<StoreChoice> {
    let Some(address) = optional_text(matches, "store") else { return Ok(StoreChoice::Local) };
    let (bucket, prefix) = bucket_and_prefix(&address).ok_or_else(|| invalid("store", &address))?;
    let missing =
        |name: &str| Failure::Usage("ctl-usage-missing", vec![("arguments", name.to_owned())]);
    Ok(StoreChoice::S3 {
        endpoint: optional_text(matches, "s3-endpoint"),
        region: optional_text(matches, "s3-region").ok_or_else(|| missing("--s3-region"))?,
        bucket,
        prefix,
        credentials_file: optional_path(matches, "s3-credentials")
            .ok_or_else(|| missing("--s3-credentials"))?,
    })
}

/// Reads `s3://bucket/prefix`; the prefix may be empty.
fn bucket_and_prefix(address: &str) -> Option<(String, String)> {
    let rest = address.strip_prefix("s3://")?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    (!bucket.is_empty()).then(|| (bucket.to_owned(), prefix.trim_matches('/').to_owned()))
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let options = parse(matches)?;
    let directory = options.directory.clone();
    let key_copies = options.key_copies.clone();
    Vault::init(options, &Context::operator()?, context.clock.clone()).await?;
    if matches.get_flag("json") {
        output::json(&json!({
            "vault": shown_path(&directory),
            "key_copies": key_copies.iter().map(|copy| shown_path(copy)).collect::<Vec<_>>(),
        }))?;
        return Ok(Exit::Done);
    }
    let path = shown_path(&directory);
    output::line(&context.text("ctl-init-done", &[("path", &path)]))?;
    for copy in &key_copies {
        output::line(&context.text("ctl-init-key-copy", &[("path", &shown_path(copy))]))?;
    }
    if key_copies.is_empty() {
        output::note(&context.text("ctl-init-no-key-copy", &[]));
    }
    output::line(&context.text("ctl-init-keep-keys", &[]))?;
    output::line(&context.text("ctl-init-next", &[("path", &path)]))?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn store_addresses_are_read() {
        let read = |address| bucket_and_prefix(address);
        assert_eq!(read("s3://b/p/q/"), Some(("b".into(), "p/q".into())));
        assert_eq!(read("s3://b"), Some(("b".into(), String::new())));
        assert_eq!(read("s3:///p"), None);
        assert_eq!(read("http://b/p"), None);
    }
}
