//! What every command needs: the words, the vault, who asks, and whether to stop.
//!
//! Promises: the environment is read here and nowhere else in the program.

use crate::failure::{Answer, Failure};
use crate::person;
use crate::secret::Acting;
use std::path::PathBuf;
use std::sync::Arc;
use vault_core::clock::Clock;
use vault_core::fault::{Code, Fault};
use vault_core::media::{MediaPool, WorkerProgram};
use vault_core::people;
use vault_core::policy::{Act, Actor};
use vault_core::settings::Settings;
use vault_core::stop::Stop;
use vault_core::vault::Vault;
use vault_core::wording::Wording;
use vault_core::work::Tools;

/// What the environment says.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// `EVIDENCE_VAULT`: the vault.
    pub(crate) vault: Option<PathBuf>,
    /// `EVIDENCE_VAULT_LANG`: the language.
    pub(crate) language: Option<String>,
    /// `EVIDENCE_VAULT_MEDIA`: the program that examines media.
    pub(crate) media: Option<PathBuf>,
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
            media: std::env::var_os("EVIDENCE_VAULT_MEDIA")
                .filter(|path| !path.is_empty())
                .map(Into::into),
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
    /// The program that examines media, where the environment names one.
    pub(crate) media: Option<PathBuf>,
    /// The account to act with.
    pub(crate) acting: Acting,
    /// Who acts, once it has proved itself: a one-time code serves once.
    pub(crate) proved: tokio::sync::OnceCell<Actor>,
}

impl Context {
    /// The directory of the vault.
    pub(crate) fn directory(&self) -> Answer<PathBuf> {
        self.directory.clone().ok_or_else(|| Failure::Usage("ctl-vault-not-named", Vec::new()))
    }

    /// The vault, opened. An account that is named proves itself first, whatever it came for.
    pub(crate) async fn vault(&self) -> Answer<Vault> {
        let vault = self.unproved().await?;
        if self.acting.account().is_some() {
            self.actor(&vault).await?;
        }
        Ok(vault)
    }

    /// The vault, opened to look into it: the policy is asked what it is asked for the same look
    /// over the network.
    pub(crate) async fn reading(&self, act: Act) -> Answer<Vault> {
        let vault = self.vault().await?;
        vault.admit(&self.actor(&vault).await?, act).await?;
        Ok(vault)
    }

    /// The vault, opened for somebody who only sets a password of his own.
    pub(crate) async fn unproved(&self) -> Answer<Vault> {
        Ok(Vault::open(&self.directory()?, self.clock.clone()).await?)
    }

    /// The settings of the vault.
    pub(crate) fn settings(&self) -> Answer<Settings> {
        Ok(Settings::read(&self.directory()?)?)
    }

    /// The program that examines media: as the environment names it, or the settings, or beside
    /// this program.
    pub(crate) fn worker(&self, settings: &Settings) -> WorkerProgram {
        let beside = || {
            let program = std::env::current_exe().unwrap_or_default();
            program.with_file_name("vault-media")
        };
        let named = self.media.clone().or_else(|| settings.media.worker.clone());
        WorkerProgram {
            path: named.unwrap_or_else(beside),
            weak_sandbox_allowed: settings.media.allow_weak_sandbox,
        }
    }

    /// Workers that examine media.
    pub(crate) fn media_pool(&self, settings: &Settings) -> Arc<MediaPool> {
        Arc::new(MediaPool::new(self.worker(settings)))
    }

    /// What jobs are done with. Where the worker's program is not there, its jobs wait.
    pub(crate) fn tools(&self) -> Answer<Tools> {
        let settings = self.settings()?;
        let there = self.worker(&settings).path.is_file();
        Ok(Tools {
            media: there.then(|| self.media_pool(&settings)),
            carry: Some(vault_post::carrier()),
        })
    }

    /// Fails once the person asked for a stop.
    pub(crate) fn stop_requested(&self) -> Answer<()> {
        if self.stop.requested() {
            return Err(Failure::Fault(Fault::new(Code::Interrupted)));
        }
        Ok(())
    }

    /// The person at the terminal.
    pub(crate) fn operator() -> Answer<Actor> {
        let person = person::at_terminal();
        Ok(Actor::terminal(person.uid, &person.name, person::new_session()?))
    }

    /// Who asks: the account of `--as` once it has proved itself, else the person at the terminal.
    pub(crate) async fn actor(&self, vault: &Vault) -> Answer<Actor> {
        let prove = || async {
            match self.acting.sign_in(&self.wording)? {
                Some(shown) => Ok(people::sign_in(vault, &Self::operator()?, shown).await?),
                None => Self::operator(),
            }
        };
        self.proved.get_or_try_init(prove).await.cloned()
    }

    /// A text of the catalogue.
    pub(crate) fn text(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.wording.text(key, values)
    }
}
