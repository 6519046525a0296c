//! The vault's service, as a station speaks with it: tus 1.0 with a token.
//!
//! Promises: the token goes to the configured service alone, over TLS or to this machine, and no
//! redirection is followed; what may pass is told from what will not.

use crate::limits::{CONNECT, PIECE_BYTES, SILENCE, TEXT_BYTES_MAX};
use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Body, Certificate, Client, Method, RequestBuilder, Response, Url};
use std::io::Read;
use std::path::Path;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// Why the service did not do it.
#[derive(Debug)]
pub(crate) enum Failed {
    /// It may pass: no connection, a service that is busy or stops.
    ForNow(String),
    /// The upload is not known any more: it begins again.
    Forgotten,
    /// It will not pass: the service says why, in words for people.
    Refused(String),
}

/// How an upload stands.
#[derive(Debug)]
pub(crate) struct Standing {
    /// Bytes the service has.
    pub(crate) offset: u64,
    /// The recording it became, and whether its content was there before; once it is whole.
    pub(crate) stored: Option<(String, bool)>,
}

/// A file to be announced.
#[derive(Debug)]
pub(crate) struct Announced<'a> {
    pub(crate) bytes: u64,
    pub(crate) blake3: &'a str,
    /// Names and values, the file's own name among them.
    pub(crate) said: Vec<(&'a str, String)>,
}

/// Where it is and how to prove oneself.
#[derive(Debug)]
pub(crate) struct Service {
    client: Client,
    base: Url,
    language: &'static str,
}

/// Reads a small file whole.
fn small(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).with_context(|| path.display().to_string())?;
    file.take(TEXT_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Service {
    /// `certificate`: the service's own, or its authority's, in PEM; the system's are not asked
    /// then.
    pub(crate) fn new(
        address: &str,
        token_file: &Path,
        certificate: Option<&Path>,
        language: &'static str,
    ) -> anyhow::Result<Self> {
        let base = Url::parse(address).with_context(|| address.to_owned())?;
        let local = matches!(base.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if base.scheme() != "https" && !(base.scheme() == "http" && local) {
            bail!("{address}: https");
        }
        let token = String::from_utf8(small(token_file)?)?;
        let token = token.lines().next().unwrap_or_default().trim();
        let mut shown = HeaderValue::from_str(&format!("Bearer {token}"))?;
        shown.set_sensitive(true);
        let builder = Client::builder()
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, shown)]))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .no_proxy();
        let builder = match certificate {
            Some(path) => builder.tls_certs_only(Certificate::from_pem_bundle(&small(path)?)?),
            None => builder,
        };
        Ok(Self { client: builder.build()?, base, language })
    }

    fn call(&self, method: Method, url: Url) -> RequestBuilder {
        let call = self.client.request(method, url).header("Tus-Resumable", "1.0.0");
        call.header(ACCEPT_LANGUAGE, self.language)
    }

    /// An address the service gave, which must be its own.
    fn own(&self, url: &str) -> Result<Url, Failed> {
        let joined = self.base.join(url).map_err(|error| Failed::Refused(error.to_string()))?;
        if joined.origin() == self.base.origin() {
            return Ok(joined);
        }
        Err(Failed::Refused(joined.to_string()))
    }

    /// Announces a file; gives the address at which its bytes are taken.
    pub(crate) async fn announce(&self, file: &Announced<'_>) -> Result<String, Failed> {
        let said: Vec<_> = file
            .said
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .chain([("blake3", file.blake3)])
            .map(|(name, value)| format!("{name} {}", STANDARD.encode(value)))
            .collect();
        let call = self
            .call(Method::POST, self.own("/api/v1/uploads")?)
            .header("Upload-Length", file.bytes)
            .header("Upload-Metadata", said.join(","));
        let answer = answered(call.send().await).await?;
        let place = answer.headers().get("location").and_then(|value| value.to_str().ok());
        place.map(str::to_owned).ok_or_else(|| Failed::ForNow("location".to_owned()))
    }

    /// How far an upload is.
    pub(crate) async fn ask(&self, url: &str) -> Result<Standing, Failed> {
        let answer = answered(self.call(Method::HEAD, self.own(url)?).send().await).await?;
        standing(answer.headers())
    }

    /// Sends a file from `offset` on.
    pub(crate) async fn send(
        &self,
        url: &str,
        mut file: File,
        offset: u64,
    ) -> Result<Standing, Failed> {
        let sought = file.seek(std::io::SeekFrom::Start(offset)).await;
        sought.map_err(|error| Failed::ForNow(error.to_string()))?;
        let pieces = futures::stream::unfold(file, async |mut file| {
            let mut piece = vec![0; PIECE_BYTES];
            match file.read(&mut piece).await {
                Ok(0) => None,
                Ok(count) => {
                    piece.truncate(count);
                    Some((Ok(piece), file))
                }
                Err(error) => Some((Err(error), file)),
            }
        });
        let call = self
            .call(Method::PATCH, self.own(url)?)
            .header(CONTENT_TYPE, "application/offset+octet-stream")
            .header("Upload-Offset", offset)
            .body(Body::wrap_stream(pieces));
        standing(answered(call.send().await).await?.headers())
    }
}

fn standing(fields: &HeaderMap) -> Result<Standing, Failed> {
    let text = |name: &str| fields.get(name).and_then(|value| value.to_str().ok());
    let offset = text("upload-offset").and_then(|text| text.parse().ok());
    let offset = offset.ok_or_else(|| Failed::ForNow("upload-offset".to_owned()))?;
    let stored = text("upload-recording")
        .map(|id| (id.to_owned(), text("upload-duplicate") == Some("true")));
    Ok(Standing { offset, stored })
}

async fn answered(answer: reqwest::Result<Response>) -> Result<Response, Failed> {
    let answer = answer.map_err(|error| Failed::ForNow(chain(&error)))?;
    let status = answer.status().as_u16();
    match status {
        200..300 => Ok(answer),
        404 | 410 => Err(Failed::Forgotten),
        // Somewhere else in the file, locked by a connection that is not noticed to be gone yet,
        // too much at once, or stopping.
        408 | 409 | 423 | 429 | 502..=504 => Err(Failed::ForNow(words(answer, status).await)),
        _ => Err(Failed::Refused(words(answer, status).await)),
    }
}

/// What a problem says, in the language that was asked for.
async fn words(answer: Response, status: u16) -> String {
    let body = answer.bytes().await.unwrap_or_default();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let said = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    match said("detail") {
        detail if detail.is_empty() => status.to_string(),
        detail => format!("{detail} {}", said("next")).trim().to_owned(),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text = format!("{text}: {error}");
        next = error.source();
    }
    text
}
