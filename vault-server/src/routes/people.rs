//! People: accounts proposed by one and confirmed by another.

use crate::extract::{Confirmed, Signed, Told};
use crate::problem::{Answer, Refused};
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{Listed, said_time};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::fault::{Code, Fault};
use vault_core::people::{self, Account, NewAccount, Password};
use vault_core::policy::Role;
use vault_core::tables;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, propose))
        .routes(routes!(propose_roles))
        .routes(routes!(confirm))
        .routes(routes!(disable))
        .routes(routes!(set_password))
        .routes(routes!(new_code_key))
        .routes(routes!(new_token))
}

/// What is proposed for an account.
#[derive(Debug, Serialize, ToSchema)]
struct ProposalSaid {
    /// The roles it is to have.
    roles: Vec<&'static str>,
    /// By whom, under a pseudonym.
    by: String,
    /// When.
    at: String,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, told to pages")]
struct AccountSaid {
    /// The name to sign in with.
    login: String,
    /// The person.
    person: String,
    /// The unit.
    unit: String,
    /// Whether that is inside the department.
    inside: bool,
    /// 执法证件号.
    certificate: String,
    /// The roles it has.
    roles: Vec<&'static str>,
    /// Whether it was disabled.
    disabled: bool,
    /// Whether it can act now.
    acts: bool,
    /// Whether it has a password of its own.
    own_password: bool,
    /// Whether it has one-time codes.
    one_time_code: bool,
    /// What is proposed for it.
    proposal: Option<ProposalSaid>,
}

fn names(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().map(|role| role.as_str()).collect()
}

fn said(account: &Account) -> AccountSaid {
    AccountSaid {
        login: account.login.clone(),
        person: account.person.clone(),
        unit: account.unit.clone(),
        inside: account.inside,
        certificate: account.certificate.clone(),
        roles: names(&account.roles),
        disabled: account.disabled,
        acts: account.acts(),
        own_password: account.password.is_some_and(|(_, own)| own),
        one_time_code: account.code_key.is_some(),
        proposal: account.proposal.as_ref().map(|proposal| ProposalSaid {
            roles: names(&proposal.roles),
            by: proposal.by_actor.clone(),
            at: said_time(proposal.at),
        }),
    }
}

fn roles_of(told: &[String]) -> Result<Vec<Role>, Refused> {
    let role = |name: &String| {
        let invalid = || Fault::new(Code::ArgumentInvalid).with("argument", name);
        Role::parse(name).ok_or_else(|| invalid().into())
    };
    told.iter().map(role).collect()
}

/// Every account.
#[utoipa::path(get, path = "/api/v1/people", tag = "people",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<AccountSaid>), (status = 403)),
    extensions(("x-act" = json!("people.read"))))]
async fn list(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    let roll = people::list(&app.vault, signed.actor()).await?;
    let accounts = roll.accounts().to_vec();
    shape.whole(&tables::ACCOUNTS, accounts, |account| said(&account)).await
}

/// An account to be made.
#[derive(Debug, Deserialize, ToSchema)]
struct AccountTold {
    /// The name to sign in with.
    login: String,
    /// The person.
    person: String,
    /// The unit.
    unit: String,
    /// Whether that is inside the department.
    inside: bool,
    /// 执法证件号.
    #[serde(default)]
    certificate: String,
    /// The roles it is to have, by their codes.
    roles: Vec<String>,
}

/// Proposes an account; another person confirms it.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", request_body = AccountTold,
    responses((status = 201), (status = 400), (status = 403), (status = 409)),
    extensions(("x-act" = json!("people.propose"))))]
async fn propose(
    State(app): State<App>,
    signed: Confirmed,
    Told(told): Told<AccountTold>,
) -> Answer<StatusCode> {
    let new = NewAccount {
        login: told.login,
        person: told.person,
        unit: told.unit,
        inside: told.inside,
        certificate: told.certificate,
        roles: roles_of(&told.roles)?,
    };
    people::propose(&app.vault, signed.actor(), new).await?;
    Ok(StatusCode::CREATED)
}

/// Roles.
#[derive(Debug, Deserialize, ToSchema)]
struct RolesTold {
    /// By their codes.
    roles: Vec<String>,
}

/// Proposes other roles for an account; another person confirms them.
#[utoipa::path(post, path = "/api/v1/people/{login}/roles", tag = "people",
    params(("login" = String, Path)), request_body = RolesTold,
    responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("people.propose"))))]
async fn propose_roles(
    State(app): State<App>,
    signed: Confirmed,
    Path(login): Path<String>,
    Told(told): Told<RolesTold>,
) -> Answer<StatusCode> {
    let roles = roles_of(&told.roles)?;
    people::propose_roles(&app.vault, signed.actor(), &login, roles).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Confirms what another person proposed.
#[utoipa::path(post, path = "/api/v1/people/{login}/confirmation", tag = "people",
    params(("login" = String, Path)), responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("people.confirm"))))]
async fn confirm(
    State(app): State<App>,
    signed: Confirmed,
    Path(login): Path<String>,
) -> Answer<StatusCode> {
    people::confirm(&app.vault, signed.actor(), &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
struct DisablingTold {
    /// Why.
    reason: String,
}

/// Disables an account, at once and for good.
#[utoipa::path(post, path = "/api/v1/people/{login}/disabling", tag = "people",
    params(("login" = String, Path)), request_body = DisablingTold,
    responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("people.disable"))))]
async fn disable(
    State(app): State<App>,
    signed: Confirmed,
    Path(login): Path<String>,
    Told(told): Told<DisablingTold>,
) -> Answer<StatusCode> {
    people::disable(&app.vault, signed.actor(), &login, &told.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A password.
#[derive(Deserialize, ToSchema)]
struct PasswordTold {
    /// The password; it serves only to set one's own.
    password: String,
}

/// Sets a first password for somebody; he sets his own with it.
#[utoipa::path(post, path = "/api/v1/people/{login}/password", tag = "people",
    params(("login" = String, Path)), request_body = PasswordTold,
    responses((status = 204), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("people.set-credential"))))]
async fn set_password(
    State(app): State<App>,
    signed: Confirmed,
    Path(login): Path<String>,
    Told(told): Told<PasswordTold>,
) -> Answer<StatusCode> {
    let password = Password::new(told.password);
    people::set_password(&app.vault, signed.actor(), &login, password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A key of one-time codes.
#[derive(Serialize, ToSchema)]
struct CodeKeySaid {
    /// In Base32, as authenticator applications take it; shown once.
    key: String,
    /// The same as an address that applications read.
    uri: String,
}

/// Makes a key of one-time codes.
#[utoipa::path(post, path = "/api/v1/people/{login}/one-time-code", tag = "people",
    params(("login" = String, Path)), responses((status = 200, body = CodeKeySaid), (status = 403)),
    extensions(("x-act" = json!("people.set-credential"))))]
async fn new_code_key(
    State(app): State<App>,
    signed: Confirmed,
    Path(login): Path<String>,
) -> Answer<Json<CodeKeySaid>> {
    let key = people::new_code_key(&app.vault, signed.actor(), &login).await?;
    let uri = format!("otpauth://totp/evidence-vault:{login}?secret={key}&issuer=evidence-vault");
    Ok(Json(CodeKeySaid { key, uri }))
}

/// A token of a station.
#[derive(Serialize, ToSchema)]
struct TokenSaid {
    /// The token; shown once.
    token: String,
}

/// Makes a token for a collecting station; the one before ends.
#[utoipa::path(post, path = "/api/v1/people/{login}/token", tag = "people",
    params(("login" = String, Path)),
    responses((status = 200, body = TokenSaid), (status = 400), (status = 403), (status = 404)),
    extensions(("x-act" = json!("people.set-credential"))))]
async fn new_token(
    State(app): State<App>,
    signed: Confirmed,
    Path(login): Path<String>,
) -> Answer<Json<TokenSaid>> {
    let token = people::new_token(&app.vault, signed.actor(), &login).await?;
    Ok(Json(TokenSaid { token }))
}
