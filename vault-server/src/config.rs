//! What the operator may choose: by file, by environment, by flags, the later winning.
//!
//! Promises: a name that is not known and a value that does not fit are refused, and `config check`
//! finds them without starting anything. Holds no secrets: keys are in files it points to.

pub mod oidc;

use oidc::{Oidc, OidcSaid};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Where the service listens if nothing is said: this machine only.
const LISTEN: &str = "127.0.0.1:8420";

/// The longest configuration file.
const FILE_BYTES_MAX: u64 = 64 << 10;

/// The configuration as a file says it; every field may be missing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Said {
    /// The vault's directory.
    pub vault: Option<PathBuf>,
    /// Address and port.
    pub listen: Option<String>,
    /// `self-made`, `files` or `off`.
    pub tls: Option<String>,
    /// The certificate chain in PEM, for `files`.
    pub certificate: Option<PathBuf>,
    /// Its key in PEM, for `files`.
    pub key: Option<PathBuf>,
    /// Names and addresses under which browsers come, for the self-made certificate and for the
    /// check of `Origin`.
    pub names: Option<Vec<String>>,
    /// Connections at once.
    pub connections: Option<usize>,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: Option<u64>,
    /// What portals take.
    pub feed: Option<FeedSaid>,
    /// The identity provider, by file alone.
    pub oidc: Option<OidcSaid>,
}

/// `[feed]`: what portals take of the publicity of decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FeedSaid {
    /// Whether it is served; it is if nothing is said.
    pub off: bool,
    /// Its title.
    pub title: String,
    /// The address under which the service is reached, as `https://vault.example.gov.cn`.
    pub home: String,
}

/// How connections are protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// By a certificate the service made for itself on its first run.
    SelfMade,
    /// By a certificate of the operator's.
    Files {
        /// The chain.
        certificate: PathBuf,
        /// Its key.
        key: PathBuf,
    },
    /// Not at all: plain HTTP, behind a proxy or for trials.
    Off,
}

/// The configuration, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The vault's directory.
    pub vault: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// How connections are protected.
    pub tls: Tls,
    /// Names under which browsers come.
    pub names: Vec<String>,
    /// Connections at once.
    pub connections: usize,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u64,
    /// What portals take.
    pub feed: FeedSaid,
    /// The identity provider, where there is one.
    pub oidc: Option<Oidc>,
}

/// What is wrong with a configuration: the name, and what was said.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {said}")]
pub struct ConfigRefused {
    /// The setting.
    pub name: &'static str,
    /// What was said, or the reason.
    pub said: String,
}

fn refused(name: &'static str, said: impl std::fmt::Display) -> ConfigRefused {
    ConfigRefused { name, said: said.to_string() }
}

impl Said {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, ConfigRefused> {
        let named = |error: &dyn std::fmt::Display| refused("config", error);
        let length = std::fs::metadata(path).map_err(|error| named(&error))?.len();
        if length > FILE_BYTES_MAX {
            return Err(refused("config", length));
        }
        let text = std::fs::read_to_string(path).map_err(|error| named(&error))?;
        toml::from_str(&text).map_err(|error| named(&error.message()))
    }

    /// What the environment says, by a reader of its variables.
    pub fn of_environment(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigRefused> {
        let number = |name: &'static str, key: &'static str| match variable(name) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| refused(key, text)),
        };
        Ok(Self {
            vault: variable("EVIDENCE_VAULT").map(PathBuf::from),
            listen: variable("EVIDENCE_VAULT_LISTEN"),
            tls: variable("EVIDENCE_VAULT_TLS"),
            certificate: variable("EVIDENCE_VAULT_CERTIFICATE").map(PathBuf::from),
            key: variable("EVIDENCE_VAULT_KEY").map(PathBuf::from),
            names: variable("EVIDENCE_VAULT_NAMES")
                .map(|names| names.split(',').map(|name| name.trim().to_owned()).collect()),
            connections: number("EVIDENCE_VAULT_CONNECTIONS", "connections")?
                .map(|count: u64| usize::try_from(count).unwrap_or(usize::MAX)),
            idle_minutes: number("EVIDENCE_VAULT_IDLE_MINUTES", "idle_minutes")?,
            feed: None,
            oidc: None,
        })
    }

    /// This, where it says something, and otherwise what the other says.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        Self {
            vault: self.vault.or(other.vault),
            listen: self.listen.or(other.listen),
            tls: self.tls.or(other.tls),
            certificate: self.certificate.or(other.certificate),
            key: self.key.or(other.key),
            names: self.names.or(other.names),
            connections: self.connections.or(other.connections),
            idle_minutes: self.idle_minutes.or(other.idle_minutes),
            feed: self.feed.or(other.feed),
            oidc: self.oidc.or(other.oidc),
        }
    }

    /// Checks everything.
    pub fn checked(self) -> Result<Config, ConfigRefused> {
        let listen = self.listen.unwrap_or_else(|| LISTEN.to_owned());
        let listen: SocketAddr = listen.parse().map_err(|_| refused("listen", &listen))?;
        let tls = match (self.tls.as_deref(), self.certificate, self.key) {
            (None | Some("files"), Some(certificate), Some(key)) => Tls::Files { certificate, key },
            (None | Some("self-made"), None, None) => Tls::SelfMade,
            (Some("off"), None, None) => Tls::Off,
            (said, ..) => return Err(refused("tls", said.unwrap_or("certificate, key"))),
        };
        let names = self.names.unwrap_or_default();
        if let Some(name) = names.iter().find(|name| name.is_empty() || name.contains('/')) {
            return Err(refused("names", name));
        }
        let connections = self.connections.unwrap_or(crate::limits::CONNECTIONS);
        if !(1..=crate::limits::CONNECTIONS_MAX).contains(&connections) {
            return Err(refused("connections", connections));
        }
        let idle_minutes = self.idle_minutes.unwrap_or(crate::limits::IDLE_MINUTES);
        if !(1..=crate::limits::IDLE_MINUTES_MAX).contains(&idle_minutes) {
            return Err(refused("idle_minutes", idle_minutes));
        }
        let feed = self.feed.unwrap_or_default();
        let home = feed.home.strip_prefix("https://").or(feed.home.strip_prefix("http://"));
        if !feed.home.is_empty() && home.is_none_or(|home| home.is_empty() || home.contains('/')) {
            return Err(refused("feed.home", feed.home));
        }
        Ok(Config {
            vault: self.vault.ok_or_else(|| refused("vault", "?"))?,
            listen,
            tls,
            names,
            connections,
            idle_minutes,
            feed,
            oidc: self.oidc.map(OidcSaid::checked).transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said() -> Said {
        Said { vault: Some("v".into()), ..Said::default() }
    }

    #[test]
    fn the_later_wins_and_what_nobody_says_has_its_default() {
        let file: Said = toml::from_str("vault = 'a'\nlisten = '0.0.0.0:1'\ntls = 'off'").unwrap();
        let flags = Said { listen: Some("127.0.0.1:2".into()), ..Said::default() };
        let config = flags.over(file).checked().unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.tls, Tls::Off);
        assert_eq!(said().checked().unwrap().tls, Tls::SelfMade);
        assert!(toml::from_str::<Said>("lisen = 'x'").is_err());
    }

    fn feed(home: &str) -> FeedSaid {
        FeedSaid { home: home.to_owned(), ..FeedSaid::default() }
    }

    #[test]
    fn what_does_not_fit_is_refused_by_its_name() {
        let cases = [
            (Said::default(), "vault"),
            (Said { listen: Some("here".into()), ..said() }, "listen"),
            (Said { tls: Some("some".into()), ..said() }, "tls"),
            (Said { certificate: Some("c".into()), ..said() }, "tls"),
            (Said { names: Some(vec!["https://x".into()]), ..said() }, "names"),
            (Said { connections: Some(0), ..said() }, "connections"),
            (Said { idle_minutes: Some(100_000), ..said() }, "idle_minutes"),
            (Said { feed: Some(feed("vault.example")), ..said() }, "feed.home"),
            (Said { feed: Some(feed("https://vault.example/x")), ..said() }, "feed.home"),
        ];
        for (said, name) in cases {
            assert_eq!(said.checked().unwrap_err().name, name);
        }
    }
}
