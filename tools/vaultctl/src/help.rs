//! Commands and arguments with their help from the catalogue.
//!
//! Promises: nothing that clap would say in English by itself is left in a help page: headings,
//! usage, the help flag and value names all come from `ctl-…` keys. A key that is missing shows in
//! brackets, which a test finds.

use clap::builder::NonEmptyStringValueParser;
use clap::{Arg, ArgAction, Command, value_parser};
use std::path::PathBuf;
use vault_core::wording::Wording;

/// Builds commands in one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Help<'a> {
    wording: &'a Wording,
}

impl<'a> Help<'a> {
    /// In the language of these words.
    pub(crate) fn new(wording: &'a Wording) -> Self {
        Self { wording }
    }

    /// A command; `key` is its path with hyphens, as `ledger-verify`.
    pub(crate) fn command(self, name: &'static str, key: &str) -> Command {
        let key = format!("ctl-command-{key}");
        let usage = self.wording.attribute(&key, "usage", &[]).unwrap_or_default();
        let template = format!(
            "{{about}}\n\n{} {{usage}}\n\n{{all-args}}{{after-help}}\n",
            self.word("ctl-heading-usage")
        );
        let mut command = Command::new(name)
            .about(self.word(&key))
            .override_usage(usage)
            .help_template(template)
            .subcommand_help_heading(self.word("ctl-heading-commands"))
            .disable_help_flag(true)
            .disable_help_subcommand(true);
        if let Some(more) = self.wording.attribute(&key, "more", &[]) {
            command = command.after_help(more);
        }
        command
    }

    /// An option with a value, required to be a text that is not empty.
    pub(crate) fn option(self, id: &'static str) -> Arg {
        self.argument(id).long(id).value_parser(NonEmptyStringValueParser::new())
    }

    /// An option with a path.
    pub(crate) fn path_option(self, id: &'static str) -> Arg {
        self.argument(id).long(id).value_parser(value_parser!(PathBuf))
    }

    /// An option without a value.
    pub(crate) fn flag(self, id: &'static str) -> Arg {
        Arg::new(id)
            .long(id)
            .action(ArgAction::SetTrue)
            .help(self.word(&format!("ctl-arg-{id}")))
            .help_heading(self.word("ctl-heading-options"))
    }

    /// A value by its place.
    pub(crate) fn positional(self, id: &'static str) -> Arg {
        self.argument(id).help_heading(self.word("ctl-heading-arguments"))
    }

    /// `--json`.
    pub(crate) fn json(self) -> Arg {
        self.flag("json")
    }

    /// `--xlsx FILE`.
    pub(crate) fn xlsx(self) -> Arg {
        self.path_option("xlsx")
    }

    fn argument(self, id: &'static str) -> Arg {
        let key = format!("ctl-arg-{id}");
        let value = self.wording.attribute(&key, "value", &[]).unwrap_or_else(|| format!("[{id}]"));
        Arg::new(id)
            .value_name(value)
            .help(self.word(&key))
            .help_heading(self.word("ctl-heading-options"))
    }

    /// Gives the command and all below it their help flag, last among their options.
    pub(crate) fn with_help_flags(self, command: Command) -> Command {
        let flag = Arg::new("help")
            .short('h')
            .long("help")
            .action(ArgAction::HelpShort)
            .help(self.word("ctl-arg-help"))
            .display_order(usize::MAX)
            .help_heading(self.word("ctl-heading-options"));
        command.arg(flag).mut_subcommands(|inner| self.with_help_flags(inner))
    }

    fn word(self, key: &str) -> String {
        self.wording.text(key, &[])
    }
}
