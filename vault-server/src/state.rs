//! What every request shares: the vault, who is signed in, what is under way.

use crate::attempts::Attempts;
use crate::config::Config;
use crate::desk::Desk;
use crate::limits::{DOCUMENTS_AT_ONCE, FEEDS_AT_ONCE, PACKAGES_AT_ONCE};
use crate::metrics::Metrics;
use crate::provider::Provider;
use crate::readings::Readings;
use crate::repeats::Repeats;
use crate::session::Sessions;
use axum::http::{HeaderMap, header};
use std::sync::Arc;
use tokio::sync::Semaphore;
use vault_core::fault::Outcome;
use vault_core::intake::Uploads;
use vault_core::policy::Actor;
use vault_core::vault::Vault;
use vault_core::wording::Language;
use vault_core::work::Tools;

/// The shared state. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What is behind it.
pub struct Shared {
    /// The vault.
    pub vault: Vault,
    /// The configuration.
    pub config: Config,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Work with volumes.
    pub desk: Desk,
    /// Uploads under way.
    pub uploads: Uploads,
    /// Attempts to sign in: who has to wait.
    pub attempts: Attempts,
    /// The identity provider, where one is configured.
    pub provider: Option<Provider>,
    /// Room for written records in memory.
    pub documents: Semaphore,
    /// Room for packages that are being made.
    pub packages: Semaphore,
    /// Room for feeds.
    pub feeds: Semaphore,
    /// Readings under way.
    pub readings: Readings,
    /// Counters.
    pub metrics: Metrics,
    /// Answers to mutations that may be repeated.
    pub repeats: Repeats,
    /// The service itself, as an actor.
    pub itself: Actor,
    /// What examines media and cuts excerpts, where it was found.
    pub tools: Tools,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// The state of a service for this vault.
    pub async fn new(vault: Vault, config: Config) -> Outcome<Self> {
        let uploads = Uploads::open(&vault).await?;
        let idle = std::time::Duration::from_mins(config.idle_minutes);
        Ok(Self(Arc::new(Shared {
            uploads,
            desk: Desk::default(),
            sessions: Sessions::new(idle),
            attempts: Attempts::default(),
            provider: config.oidc.clone().map(Provider::new).transpose()?,
            documents: Semaphore::new(DOCUMENTS_AT_ONCE),
            packages: Semaphore::new(PACKAGES_AT_ONCE),
            feeds: Semaphore::new(FEEDS_AT_ONCE),
            readings: Readings::default(),
            metrics: Metrics::default(),
            repeats: Repeats::default(),
            itself: Actor::system(rand()?),
            tools: crate::worker::tools(vault.directory()),
            vault,
            config,
        })))
    }
}

/// Sixteen random bytes: a session of the service itself.
fn rand() -> Outcome<[u8; 16]> {
    vault_core::people::random_session()
}

/// The language of a request: the first served one of `Accept-Language`, Chinese if none is.
pub fn language_of(fields: &HeaderMap) -> Language {
    let said = fields.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut tags = said.unwrap_or_default().split(',');
    let tag = |part: &str| part.split(';').next().unwrap_or_default().trim().to_owned();
    tags.find_map(|part| Language::parse(&tag(part))).unwrap_or(Language::Chinese)
}
