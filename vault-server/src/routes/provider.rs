//! Signing in, and confirming, by the unit's identity provider.
//!
//! The browser is sent there and comes back with a code, both times by a plain navigation; what is
//! refused then is told by the page of sign-in. A cookie that survives coming from another site
//! binds the way back to the browser that left; the session's own does not.

use super::session::{cookie, proved};
use crate::extract::{Asked, Place, Protected, Signed, Told, cookie_of};
use crate::limits::{PROVIDER_WAIT, SESSION_MAX};
use crate::problem::{Answer, Refused};
use crate::provider::flows::{Flow, Purpose, Stage};
use crate::provider::{Provider, Returned};
use crate::state::App;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::people::{self, Proof, Vouched};
use vault_core::policy::Actor;

/// The cookie of a browser that is at the provider: under TLS, and over plain HTTP.
const COOKIES: [&str; 2] = ["__Host-vault-sign-in", "vault-sign-in"];

/// What the page of sign-in may be told, by its code.
const TOLD: [Code; 5] = [
    Code::ProviderUnavailable,
    Code::ProviderAnswerRefused,
    Code::ProviderLoginUnknown,
    Code::TooManyAttempts,
    Code::SignInFailed,
];

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(ways))
        .routes(routes!(leave))
        .routes(routes!(come_back))
        .routes(routes!(code))
        .routes(routes!(refusal))
}

/// The identity provider.
#[derive(Debug, Serialize, ToSchema)]
struct ProviderSaid {
    /// What stands on the button; the page has a word where it is none.
    title: Option<String>,
}

/// How one may sign in here.
#[derive(Debug, Serialize, ToSchema)]
struct WaysSaid {
    /// The identity provider, where one is configured.
    provider: Option<ProviderSaid>,
}

/// How one may sign in here, beside by password.
#[utoipa::path(get, path = "/api/v1/sign-in", tag = "session",
    responses((status = 200, body = WaysSaid)), extensions(("x-act" = json!("public"))))]
async fn ways(State(app): State<App>) -> Json<WaysSaid> {
    let title = |provider: &Provider| provider.title().map(str::to_owned);
    let provider = app.provider.as_ref().map(|one| ProviderSaid { title: title(one) });
    Json(WaysSaid { provider })
}

/// What a browser that leaves says.
#[derive(Deserialize, IntoParams)]
struct LeaveAsked {
    /// Where to go afterwards: a path of this service.
    next: Option<String>,
    /// Whether it is to confirm a session, and not to begin one.
    #[serde(default)]
    confirm: bool,
}

/// What a browser that comes back brings.
#[derive(Deserialize, IntoParams)]
struct ReturnAsked {
    /// The state it left with.
    state: Option<String>,
    /// The code.
    code: Option<String>,
    /// The issuer.
    iss: Option<String>,
}

/// The one-time code.
#[derive(Deserialize, ToSchema)]
struct CodeTold {
    /// Six digits.
    code: String,
}

fn provider(app: &App) -> Outcome<&Provider> {
    app.provider.as_ref().ok_or_else(|| Fault::new(Code::ProviderAbsent))
}

/// A path of this service, and nothing that a browser takes for another one's.
fn own_path(next: Option<String>) -> String {
    let own = |path: &String| {
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n'])
    };
    next.filter(own).unwrap_or_else(|| "/".to_owned())
}

fn refused(reason: &str) -> Fault {
    Fault::new(Code::ProviderAnswerRefused).with("reason", reason)
}

fn not_begun() -> Fault {
    refused("provider-state")
}

fn token(fields: &HeaderMap) -> Outcome<&str> {
    cookie_of(fields, &COOKIES).ok_or_else(not_begun)
}

fn value(text: &str) -> Outcome<HeaderValue> {
    HeaderValue::from_str(text).map_err(|error| Fault::new(Code::Internal).caused_by(error))
}

fn sent_to(path: &str, cookies: Vec<HeaderValue>) -> Outcome<Response> {
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, value(path)?);
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn flow_cookie(token: &str, protected: bool, seconds: u64) -> Outcome<HeaderValue> {
    let (name, secure) = if protected { (COOKIES[0], "; Secure") } else { (COOKIES[1], "") };
    value(&format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"))
}

/// Sends the browser to the identity provider.
#[utoipa::path(get, path = "/api/v1/sign-in/provider", tag = "session", params(LeaveAsked),
    responses((status = 303), (status = 401), (status = 503)),
    extensions(("x-act" = json!("people.sign-in"))))]
async fn leave(
    State(app): State<App>,
    Extension(place): Extension<Place>,
    Extension(protected): Extension<Protected>,
    Asked(asked): Asked<LeaveAsked>,
    signed: MaybeSigned,
) -> Answer<Response> {
    let provider = provider(&app)?;
    let purpose = match (asked.confirm, signed.0) {
        (false, _) => Purpose::SignIn,
        (true, Some(signed)) => Purpose::Confirm(*signed.0.hash()),
        (true, None) => return Err(Fault::new(Code::SignInNeeded).into()),
    };
    let begun = provider.begin(purpose, own_path(asked.next), place.0.ip()).await;
    match begun {
        Ok((url, token)) => {
            let cookie = flow_cookie(&token, protected.0, PROVIDER_WAIT.as_secs())?;
            Ok(sent_to(&url, vec![cookie])?)
        }
        Err(fault) => Ok(told(&fault, protected.0)?),
    }
}

/// A person who may be signed in.
struct MaybeSigned(Option<Signed>);

impl FromRequestParts<App> for MaybeSigned {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(Signed::from_request_parts(parts, app).await.ok()))
    }
}

/// Back to the page of sign-in, which tells what was refused.
fn told(fault: &Fault, protected: bool) -> Outcome<Response> {
    tracing::warn!(%fault, cause = ?std::error::Error::source(fault), "no sign-in by provider");
    let code = if TOLD.contains(&fault.code()) { fault.code() } else { Code::ProviderUnavailable };
    let path = format!("/sign-in?refused={}", code.as_str());
    sent_to(&path, vec![flow_cookie("", protected, 0)?])
}

/// The browser comes back from the identity provider.
#[utoipa::path(get, path = "/api/v1/sign-in/provider/return", tag = "session",
    params(ReturnAsked), responses((status = 303)),
    extensions(("x-act" = json!("people.sign-in"))))]
async fn come_back(
    State(app): State<App>,
    Extension(protected): Extension<Protected>,
    Asked(asked): Asked<ReturnAsked>,
    fields: HeaderMap,
) -> Answer<Response> {
    match returned(&app, protected, asked, &fields).await {
        Ok(response) => Ok(response),
        Err(fault) => Ok(told(&fault, protected.0)?),
    }
}

async fn returned(
    app: &App,
    protected: Protected,
    asked: ReturnAsked,
    fields: &HeaderMap,
) -> Outcome<Response> {
    let provider = provider(app)?;
    let token = token(fields)?;
    let flow = provider.flows.take(token).ok_or_else(not_begun)?;
    let returned = Returned {
        state: asked.state.unwrap_or_default(),
        code: asked.code.unwrap_or_default(),
        issuer: asked.iss,
    };
    let (mut flow, login) = provider.vouched(flow, returned).await?;
    match vouched(app, provider, &login, None).await {
        Ok(actor) => {
            let cookies = ended(app, &flow, actor, login, protected.0)?;
            sent_to(&flow.next, cookies)
        }
        Err(fault) if fault.code() == Code::CodeNeeded => {
            flow.stage = Stage::Vouched { login };
            provider.flows.put_back(token, flow);
            sent_to("/sign-in?code=needed", Vec::new())
        }
        Err(fault) => Err(fault),
    }
}

async fn vouched(
    app: &App,
    provider: &Provider,
    login: &str,
    code: Option<String>,
) -> Outcome<Actor> {
    let issuer = provider.issuer().to_owned();
    let vouched = Vouched { login: login.to_owned(), issuer, code };
    people::sign_in_vouched(&app.vault, &app.itself, vouched).await
}

/// Begins the session, or confirms the one that asked; gives the cookies that say so.
fn ended(
    app: &App,
    flow: &Flow,
    actor: Actor,
    login: String,
    protected: bool,
) -> Outcome<Vec<HeaderValue>> {
    let mut cookies = vec![flow_cookie("", protected, 0)?];
    match flow.purpose {
        Purpose::SignIn => {
            let (token, _) = app.sessions.begin(actor, login, Proof::Provider)?;
            cookies.push(cookie(&token, protected, SESSION_MAX.as_secs())?);
        }
        Purpose::Confirm(session) => {
            let session = app.sessions.of(&session);
            let own = session.filter(|session| session.actor.id() == actor.id());
            own.ok_or_else(|| refused("provider-person"))?.confirm();
        }
    }
    Ok(cookies)
}

/// Where the browser goes on.
#[derive(Debug, Serialize, ToSchema)]
struct NextSaid {
    /// A path of this service.
    next: String,
}

/// The one-time code of an account for which the identity provider vouched.
#[utoipa::path(post, path = "/api/v1/sign-in/provider/code", tag = "session",
    request_body = CodeTold,
    responses((status = 200, body = NextSaid), (status = 401), (status = 429)),
    extensions(("x-act" = json!("people.sign-in"))))]
async fn code(
    State(app): State<App>,
    Extension(place): Extension<Place>,
    Extension(protected): Extension<Protected>,
    fields: HeaderMap,
    Told(told): Told<CodeTold>,
) -> Answer<Response> {
    let provider = provider(&app)?;
    let token = token(&fields)?;
    let flow = provider.flows.take(token).ok_or_else(not_begun)?;
    let Stage::Vouched { login } = &flow.stage else { return Err(not_begun().into()) };
    let login = login.clone();
    let attempt = vouched(&app, provider, &login, Some(told.code));
    let actor = match proved(&app, place, &login, attempt).await {
        Ok(actor) => actor,
        Err(fault) => {
            provider.flows.put_back(token, flow);
            return Err(fault.into());
        }
    };
    let cookies = ended(&app, &flow, actor, login, protected.0)?;
    let fields = cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie));
    let said = Json(NextSaid { next: flow.next });
    Ok((AppendHeaders(fields.collect::<Vec<_>>()), said).into_response())
}

/// What a code of a refused sign-in means: the refusal itself, in words.
#[utoipa::path(get, path = "/api/v1/sign-in/refusals/{code}", tag = "session",
    params(("code" = String, Path)),
    responses((status = 401), (status = 429), (status = 503)),
    extensions(("x-act" = json!("public"))))]
async fn refusal(Path(code): Path<String>) -> Refused {
    let known = TOLD.into_iter().find(|told| told.as_str() == code);
    Fault::new(known.unwrap_or(Code::SignInFailed)).into()
}
