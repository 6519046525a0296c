//! What every command needs: the words, the vault, who asks, and whether to stop.
//!
//! Promises: the environment is read here and nowhere else in the program.

use crate::failure::{Answer, Failure};
use crate::person;
use std::path::PathBuf;
use std::sync::Arc;
use vault_core::clock::Clock;
use vault_core::policy::Actor;
use vault_core::stop::Stop;
use vault_core::vault::Vault;
use vault_core::wording::Wording;

/// What the environment says.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// `EVIDENCE_VAULT`: the vault.
    pub(crate) vault: Option<PathBuf>,
    /// `EVIDENCE_VAULT_LANG`: the language.
    pub(crate) language: Option<String>,
    /// `EVIDENCE_VAULT_LOG`: what is logged on stderr, as `warn` or `vault_core=debug`.
    pub(crate) log: Option<String>,
}

impl Environment {
    /// Reads it. An empty value is none.
    #[expect(clippy::disallowed_methods, reason = "this is the configuration of the program")]
    pub(crate) fn read() -> Self {
        let text = |name| std::env::var(name).ok().filter(|text: &String| !text.is_empty());
        Self {
            vault: std::env::var_os("EVIDENCE_VAULT").filter(|dir| !dir.is_empty()).map(Into::into),
            language: text("EVIDENCE_VAULT_LANG"),
            log: text("EVIDENCE_VAULT_LOG"),
        }
    }
}

/// What every command needs.
#[derive(Debug)]
pub(crate) struct Context {
    /// The words.
    pub(crate) wording: Arc<Wording>,
    /// The time.
    pub(crate) clock: Clock,
    /// Set by Ctrl-C.
    pub(crate) stop: Stop,
    /// The vault named by the call or the environment.
    pub(crate) directory: Option<PathBuf>,
}

impl Context {
    /// The directory of the vault.
    pub(crate) fn directory(&self) -> Answer<PathBuf> {
        self.directory.clone().ok_or_else(|| Failure::Usage("ctl-vault-not-named", Vec::new()))
    }

    /// The vault, opened.
    pub(crate) async fn vault(&self) -> Answer<Vault> {
        let directory = self.directory()?;
        Ok(Vault::open(&directory, self.clock.clone()).await?)
    }

    /// Who asks: the person at the terminal.
    pub(crate) fn actor() -> Answer<Actor> {
        let person = person::at_terminal();
        Ok(Actor::terminal(person.uid, &person.name, person::new_session()?))
    }

    /// A text of the catalogue.
    pub(crate) fn text(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.wording.text(key, values)
    }
}
