//! The identity provider (统一身份认证) as the operator's file names it (OpenID Connect).
//!
//! Promises: what cannot be used is refused by the name of its setting; the secret is read from a
//! file of its own and never shown.

use super::{ConfigRefused, refused};
use reqwest::Url;
use serde::Deserialize;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The claim that bears the login name, if nothing is said.
const CLAIM: &str = "preferred_username";

/// The longest secret or certificate file: a bundle of authorities is far smaller.
const FILE_BYTES_MAX: u64 = 256 << 10;

/// Characters of a text: those of an ordinary line.
const TEXT_CHARS_MAX: usize = 200;

/// The section `[oidc]` as the file says it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OidcSaid {
    /// The provider's issuer, as its discovery document has it.
    pub issuer: Option<String>,
    /// Under what name the provider knows this vault.
    pub client_id: Option<String>,
    /// The file with the secret the provider gave.
    pub client_secret_file: Option<PathBuf>,
    /// Under what address browsers come to this vault.
    pub address: Option<String>,
    /// Which claim of the ID token is the login name here.
    pub claim: Option<String>,
    /// What stands on the button.
    pub title: Option<String>,
    /// The authority of the provider's certificate in PEM, where the system does not know it.
    pub certificate: Option<PathBuf>,
}

/// A secret: never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// For the provider alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// The provider, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oidc {
    /// Its issuer.
    pub issuer: String,
    /// Under what name it knows this vault.
    pub client_id: String,
    /// The secret it gave.
    pub secret: Secret,
    /// Where it sends browsers back to.
    pub returns_to: String,
    /// Which claim is the login name.
    pub claim: String,
    /// What stands on the button; the pages have a word where nothing is said.
    pub title: Option<String>,
    /// The authority of its certificate in PEM.
    pub certificate: Option<Vec<u8>>,
}

/// The path of the interface that the provider sends browsers back to.
pub const RETURN_PATH: &str = "/api/v1/sign-in/provider/return";

fn small(name: &'static str, path: &Path) -> Result<Vec<u8>, ConfigRefused> {
    let said = |error: &dyn fmt::Display| refused(name, format!("{}: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(|error| said(&error))?;
    let mut bytes = Vec::new();
    let read = file.take(FILE_BYTES_MAX).read_to_end(&mut bytes);
    read.map_err(|error| said(&error))?;
    Ok(bytes)
}

/// An address over TLS, or on this machine.
pub(crate) fn address(name: &'static str, said: &str) -> Result<Url, ConfigRefused> {
    let url = Url::parse(said).map_err(|error| refused(name, format!("{said}: {error}")))?;
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() == "https" || (url.scheme() == "http" && local) {
        return Ok(url);
    }
    Err(refused(name, format!("{said}: https")))
}

fn text(name: &'static str, said: Option<String>) -> Result<Option<String>, ConfigRefused> {
    match said {
        Some(text) if text.trim().is_empty() || text.chars().count() > TEXT_CHARS_MAX => {
            Err(refused(name, text))
        }
        other => Ok(other),
    }
}

impl OidcSaid {
    /// Checks everything, and reads the files it points to.
    pub(super) fn checked(self) -> Result<Oidc, ConfigRefused> {
        let needed = |name| move || refused(name, "?");
        let issuer = self.issuer.ok_or_else(needed("oidc.issuer"))?;
        address("oidc.issuer", &issuer)?;
        let client_id = text("oidc.client_id", self.client_id)?;
        let client_id = client_id.ok_or_else(needed("oidc.client_id"))?;
        let name = "oidc.client_secret_file";
        let path = self.client_secret_file.ok_or_else(needed(name))?;
        let secret = String::from_utf8(small(name, &path)?).unwrap_or_default().trim().to_owned();
        if secret.is_empty() || secret.lines().count() > 1 {
            return Err(refused(name, path.display()));
        }
        let said = self.address.ok_or_else(needed("oidc.address"))?;
        let mut returns_to = address("oidc.address", &said)?;
        if returns_to.path() != "/" || returns_to.query().is_some() {
            return Err(refused("oidc.address", said));
        }
        returns_to.set_path(RETURN_PATH);
        let certificate = match self.certificate {
            Some(path) => Some(small("oidc.certificate", &path)?),
            None => None,
        };
        Ok(Oidc {
            issuer,
            client_id,
            secret: Secret(secret),
            returns_to: returns_to.to_string(),
            claim: text("oidc.claim", self.claim)?.unwrap_or_else(|| CLAIM.to_owned()),
            title: text("oidc.title", self.title)?,
            certificate,
        })
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "files of a test")]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_by_its_name_and_the_secret_is_not_shown() {
        let directory = std::env::temp_dir().join(format!("oidc-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let file = directory.join("secret");
        std::fs::write(&file, "hidden\n").unwrap();
        let said = || OidcSaid {
            issuer: Some("https://id.example/realm".into()),
            client_id: Some("vault".into()),
            client_secret_file: Some(file.clone()),
            address: Some("https://vault.example".into()),
            ..OidcSaid::default()
        };
        let oidc = said().checked().unwrap();
        assert_eq!(oidc.returns_to, format!("https://vault.example{RETURN_PATH}"));
        assert_eq!((oidc.secret.expose(), oidc.claim.as_str()), ("hidden", CLAIM));
        assert!(!format!("{oidc:?}").contains("hidden"));
        let plain = Some("http://id.example".to_owned());
        let local = OidcSaid { issuer: Some("http://127.0.0.1:9/".into()), ..said() };
        assert!(local.checked().is_ok(), "a trial on this machine");
        for (said, name) in [
            (OidcSaid { issuer: None, ..said() }, "oidc.issuer"),
            (OidcSaid { issuer: plain.clone(), ..said() }, "oidc.issuer"),
            (OidcSaid { client_id: Some(" ".into()), ..said() }, "oidc.client_id"),
            (OidcSaid { client_secret_file: None, ..said() }, "oidc.client_secret_file"),
            (
                OidcSaid { client_secret_file: Some(directory.join("none")), ..said() },
                "oidc.client_secret_file",
            ),
            (OidcSaid { address: plain, ..said() }, "oidc.address"),
            (OidcSaid { address: Some("https://v.example/x".into()), ..said() }, "oidc.address"),
            (OidcSaid { certificate: Some(directory.join("none")), ..said() }, "oidc.certificate"),
        ] {
            assert_eq!(said.checked().unwrap_err().name, name);
        }
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
