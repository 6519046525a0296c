//! What handlers are given of a request: who is asking, the page, the body. Each refuses by itself.

use crate::limits::{BODY_WAIT, JSON_BYTES_MAX, PAGE_ROWS, PAGE_ROWS_MAX};
use crate::problem::Refused;
use crate::session::Session;
use crate::state::App;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use http_body_util::{BodyExt, Limited};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use utoipa::ToSchema;
use vault_core::fault::{Code, Fault};
use vault_core::policy::Actor;

/// The name of the session's cookie under TLS: browsers keep it for this host alone.
pub const COOKIE_SECURE: &str = "__Host-vault";

/// Its name over plain HTTP.
pub const COOKIE_PLAIN: &str = "vault";

/// The checksums an upload's pieces may bear.
pub const CHECKED: [&str; 2] = ["sha256", "blake3"];

/// The number of an account, as a token bears it.
const STATION_ID_CHARS: usize = 32;

/// Where a connection comes from.
#[derive(Debug, Clone, Copy)]
pub struct Place(pub SocketAddr);

/// Whether the connection is protected.
#[derive(Debug, Clone, Copy)]
pub struct Protected(pub bool);

/// A person who is signed in.
pub struct Signed(pub Arc<Session>);

/// Who brings recordings in: a person who is signed in, or a station with its token.
pub struct Bringing(Actor);

/// A person who is signed in and confirmed lately who he is.
pub struct Confirmed(pub Arc<Session>);

/// Why a step is taken, where the body says nothing else.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReasonTold {
    /// Why.
    pub reason: String,
}

impl Signed {
    /// As whom to act.
    pub fn actor(&self) -> &Actor {
        &self.0.actor
    }
}

impl Bringing {
    /// As whom to act.
    pub fn actor(&self) -> &Actor {
        &self.0
    }
}

impl Confirmed {
    /// As whom to act.
    pub fn actor(&self) -> &Actor {
        &self.0.actor
    }
}

/// The session's token in the cookies of a request.
pub fn token_of(fields: &HeaderMap) -> Option<&str> {
    cookie_of(fields, &[COOKIE_SECURE, COOKIE_PLAIN])
}

/// The value of a cookie that has one of these names.
pub fn cookie_of<'a>(fields: &'a HeaderMap, names: &[&str]) -> Option<&'a str> {
    let cookies = fields.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|text| text.split(';')).find_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        names.contains(&name).then_some(value)
    })
}

/// Whether a mutation comes from a page of this service: browsers say where a page is from.
fn from_here(parts: &Parts, app: &App) -> bool {
    if parts.method.is_safe() {
        return true;
    }
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return false;
    }
    let Some(origin) = text("origin") else { return true };
    let Some((_, origin)) = origin.split_once("://") else { return false };
    let host =
        text("host").or_else(|| parts.uri.authority().map(axum::http::uri::Authority::as_str));
    host == Some(origin) || app.config.names.iter().any(|name| name == origin)
}

impl FromRequestParts<App> for Signed {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let needed = || Refused::from(Fault::new(Code::SignInNeeded));
        if !from_here(parts, app) {
            return Err(Fault::new(Code::ActDenied)
                .with("act", parts.method.as_str())
                .with("reason", "another-origin")
                .into());
        }
        let token = token_of(&parts.headers).ok_or_else(needed)?;
        let session = app.sessions.find(token).ok_or_else(needed)?;
        // Roles and accounts change while people are signed in; a session never outlives that.
        if vault_core::people::still(&app.vault, &session.actor, session.proof).await?.is_none() {
            app.sessions.end(&session);
            return Err(needed());
        }
        Ok(Self(session))
    }
}

impl FromRequestParts<App> for Bringing {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let Some(token) = shown.and_then(|text| text.strip_prefix("Bearer ")) else {
            return Ok(Self(Signed::from_request_parts(parts, app).await?.actor().clone()));
        };
        // A token cannot be guessed: what is slowed down is a station that goes on with an old one,
        // and no other one at the same place.
        let name = token.split('.').nth(1).filter(|id| id.len() <= STATION_ID_CHARS);
        let (name, from) = (name.unwrap_or("station"), place(parts));
        app.attempts.check(name, from)?;
        let station = vault_core::people::by_token(&app.vault, token.trim()).await;
        app.attempts.note(name, from, station.is_ok());
        Ok(Self(station?))
    }
}

impl FromRequestParts<App> for Confirmed {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let Signed(session) = Signed::from_request_parts(parts, app).await?;
        if session.is_confirmed() {
            return Ok(Self(session));
        }
        Err(Fault::new(Code::ConfirmationNeeded).into())
    }
}

/// The address a request comes from.
pub fn place(parts: &Parts) -> IpAddr {
    let place = parts.extensions.get::<Place>();
    place.map_or(IpAddr::from([0, 0, 0, 0]), |Place(address)| address.ip())
}

/// Which page of a list.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// After this cursor; from the beginning if none.
    pub after: Option<u64>,
    /// How many rows.
    pub rows: u32,
}

impl Page {
    /// The rows of this page; the next begins where they end only if the page is full.
    pub fn of<T>(self, rows: Vec<T>, next: Option<u64>) -> (Vec<T>, Option<u64>) {
        let full = u32::try_from(rows.len()).is_ok_and(|count| count >= self.rows);
        (rows, next.filter(|_| full))
    }
}

#[derive(Deserialize)]
struct PageSaid {
    after: Option<u64>,
    limit: Option<u32>,
}

impl FromRequestParts<App> for Page {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
        let Asked(said) = asked::<PageSaid>(parts)?;
        let rows = said.limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX);
        Ok(Self { after: said.after, rows })
    }
}

/// The query of a request.
pub struct Asked<T>(pub T);

fn asked<T: DeserializeOwned>(parts: &Parts) -> Result<Asked<T>, Refused> {
    let query = Query::<T>::try_from_uri(&parts.uri).map_err(|_| {
        let fault = Fault::new(Code::ArgumentInvalid);
        fault.with("argument", parts.uri.query().unwrap_or_default())
    })?;
    Ok(Asked(query.0))
}

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
        asked(parts)
    }
}

/// A JSON body of ordinary size.
pub struct Told<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Told<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &App) -> Result<Self, Refused> {
        let bytes = whole(request.into_body(), JSON_BYTES_MAX).await?;
        told(&bytes).map(Self)
    }
}

/// Reads a JSON body.
pub fn told<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(bytes).map_err(|error| {
        Fault::new(Code::ArgumentInvalid).with("argument", error.to_string()).into()
    })
}

/// A whole body of at most that many bytes, within the time for one.
pub async fn whole(body: Body, bytes_max: usize) -> Result<Bytes, Refused> {
    let collected = tokio::time::timeout(BODY_WAIT, Limited::new(body, bytes_max).collect()).await;
    match collected {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            Err(Fault::new(Code::SourceTooLarge).with("limit", bytes_max).into())
        }
        // Broken off, not a body at all, or too slow: whoever sends it has to send it better.
        Ok(Err(_)) | Err(_) => {
            Err(Fault::new(Code::ArgumentInvalid).with("argument", "body").into())
        }
    }
}

/// Whether a request changes something.
pub fn changes(method: &Method) -> bool {
    !method.is_safe()
}
