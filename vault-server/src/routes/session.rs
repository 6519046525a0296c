//! Signing in and out, and proving once more who one is.

use crate::extract::{COOKIE_PLAIN, COOKIE_SECURE, Place, Protected, Signed, Told};
use crate::limits::SESSION_MAX;
use crate::problem::Answer;
use crate::session::Session;
use crate::state::App;
use axum::Extension;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::people::{self, Password, Proof, SignIn};
use vault_core::policy::{Act, Actor, permit_in};

/// Who is signed in, and what he may do.
#[derive(Debug, Serialize, ToSchema)]
struct SessionSaid {
    /// The person.
    person: String,
    /// The name to sign in with.
    login: String,
    /// The unit.
    unit: String,
    /// Whether that is inside the department.
    inside: bool,
    /// The roles, by their codes.
    roles: Vec<&'static str>,
    /// The acts that some state allows him, by their codes.
    may: Vec<&'static str>,
    /// Seconds until it ends, whatever happens in it.
    seconds_left: u64,
    /// Whether who he is was confirmed lately.
    confirmed: bool,
    /// Whether the identity provider vouched for him; it can confirm again.
    by_provider: bool,
}

/// What is shown to sign in.
#[derive(Deserialize, ToSchema)]
struct Shown {
    /// The name.
    login: String,
    /// The password.
    password: String,
    /// The one-time code, where the account has one.
    code: Option<String>,
}

/// What is shown to confirm.
#[derive(Deserialize, ToSchema)]
struct ShownAgain {
    /// The password.
    password: String,
    /// The one-time code, where the account has one.
    code: Option<String>,
}

/// What is shown to set one's own password.
#[derive(Deserialize, ToSchema)]
struct PasswordTold {
    /// The name.
    login: String,
    /// The password so far.
    password: String,
    /// The one-time code, where the account has one.
    code: Option<String>,
    /// The new one.
    #[serde(rename = "new_password")]
    new: String,
}

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_in, session, sign_out))
        .routes(routes!(confirm))
        .routes(routes!(set_password))
}

fn said(session: &Session) -> SessionSaid {
    let actor = &session.actor;
    let may = |act: &&Act| act.states().iter().any(|state| permit_in(actor, **act, *state).is_ok());
    let account = actor.account();
    SessionSaid {
        person: actor.person().to_owned(),
        login: session.login.clone(),
        unit: account.map(|account| account.unit.clone()).unwrap_or_default(),
        inside: account.is_some_and(|account| account.inside),
        roles: actor.roles().iter().map(|role| role.as_str()).collect(),
        may: Act::ALL.iter().filter(may).map(|act| act.as_str()).collect(),
        seconds_left: session.left().as_secs(),
        confirmed: session.is_confirmed(),
        by_provider: session.proof == Proof::Provider,
    }
}

/// Proves who somebody is, within the limits of guessing.
pub(super) async fn proved(
    app: &App,
    place: Place,
    login: &str,
    proof: impl Future<Output = Outcome<Actor>>,
) -> Outcome<Actor> {
    let place = place.0.ip();
    app.attempts.check(login, place)?;
    let room = app.attempts.room(login, place).await?;
    let outcome = proof.await;
    drop(room);
    match &outcome {
        Ok(_) => app.attempts.note(login, place, true),
        Err(fault) if fault.code() == Code::SignInFailed => {
            app.attempts.note(login, place, false);
        }
        Err(_) => {}
    }
    outcome
}

pub(super) fn cookie(token: &str, protected: bool, seconds: u64) -> Outcome<HeaderValue> {
    let (name, secure) = if protected { (COOKIE_SECURE, "; Secure") } else { (COOKIE_PLAIN, "") };
    let text =
        format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map_err(|error| Fault::new(Code::Internal).caused_by(error))
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = Shown,
    responses((status = 200, body = SessionSaid), (status = 401), (status = 429)),
    extensions(("x-act" = json!("people.sign-in"))))]
async fn sign_in(
    State(app): State<App>,
    Extension(place): Extension<Place>,
    Extension(protected): Extension<Protected>,
    Told(shown): Told<Shown>,
) -> Answer<Response> {
    let Shown { login, password, code } = shown;
    let shown = SignIn { login: login.clone(), password: Password::new(password), code };
    let proof = people::sign_in(&app.vault, &app.itself, shown);
    let actor = proved(&app, place, &login, proof).await?;
    let (token, session) = app.sessions.begin(actor, login, Proof::Password)?;
    let fields = [(header::SET_COOKIE, cookie(&token, protected.0, SESSION_MAX.as_secs())?)];
    Ok((fields, Json(said(&session))).into_response())
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "session",
    responses((status = 200, body = SessionSaid), (status = 401)),
    extensions(("x-act" = json!("session"))))]
async fn session(signed: Signed) -> Json<SessionSaid> {
    Json(said(&signed.0))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session",
    responses((status = 204), (status = 401)), extensions(("x-act" = json!("session"))))]
async fn sign_out(
    State(app): State<App>,
    Extension(protected): Extension<Protected>,
    signed: Signed,
) -> Answer<Response> {
    app.sessions.end(&signed.0);
    let fields = [(header::SET_COOKIE, cookie("", protected.0, 0)?)];
    Ok((StatusCode::NO_CONTENT, fields).into_response())
}

/// Proves once more who one is, for approvals, copies and changes of people.
#[utoipa::path(post, path = "/api/v1/session/confirmation", tag = "session",
    request_body = ShownAgain, responses((status = 204), (status = 401), (status = 429)),
    extensions(("x-act" = json!("people.sign-in"))))]
async fn confirm(
    State(app): State<App>,
    Extension(place): Extension<Place>,
    signed: Signed,
    Told(shown): Told<ShownAgain>,
) -> Answer<StatusCode> {
    let login = signed.0.login.clone();
    let password = Password::new(shown.password);
    let shown = SignIn { login: login.clone(), password, code: shown.code };
    let proof = people::sign_in(&app.vault, &app.itself, shown);
    let actor = proved(&app, place, &login, proof).await?;
    if actor.id() != signed.actor().id() {
        return Err(Fault::new(Code::SignInFailed).into());
    }
    signed.0.confirm();
    Ok(StatusCode::NO_CONTENT)
}

/// Sets one's own password.
#[utoipa::path(post, path = "/api/v1/session/password", tag = "session",
    request_body = PasswordTold, responses((status = 204), (status = 401), (status = 429)),
    extensions(("x-act" = json!("people.set-credential"))))]
async fn set_password(
    State(app): State<App>,
    Extension(place): Extension<Place>,
    Told(shown): Told<PasswordTold>,
) -> Answer<StatusCode> {
    let PasswordTold { login, password, code, new } = shown;
    let shown = SignIn { login: login.clone(), password: Password::new(password), code };
    let new = Password::new(new);
    let replaced = async {
        people::replace_password(&app.vault, &app.itself, shown, new).await?;
        Ok(app.itself.clone())
    };
    proved(&app, place, &login, replaced).await?;
    Ok(StatusCode::NO_CONTENT)
}
