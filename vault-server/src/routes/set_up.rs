//! The first set-up: the three administrators, appointed by whoever reads the code on the machine.

use crate::extract::{Place, Told};
use crate::problem::Answer;
use crate::state::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::fault::Code;
use vault_core::people::{self, Administrator, Password};
use vault_core::policy::Actor;

/// Under what name failed codes are counted.
const COUNTED: &str = "set-up";

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(awaited, appoint))
}

/// Whether somebody has to set the vault up.
#[derive(Debug, Serialize, ToSchema)]
struct SetUpSaid {
    /// Whether the three administrators are still to be appointed.
    awaited: bool,
}

/// Whether the first set-up is still to be done.
#[utoipa::path(get, path = "/api/v1/set-up", tag = "session",
    responses((status = 200, body = SetUpSaid)), extensions(("x-act" = json!("public"))))]
async fn awaited(State(app): State<App>) -> Answer<Json<SetUpSaid>> {
    Ok(Json(SetUpSaid { awaited: people::set_up_awaited(&app.vault).await? }))
}

/// One administrator.
#[derive(Deserialize, ToSchema)]
struct AdministratorTold {
    /// The name to sign in with.
    login: String,
    /// The person.
    person: String,
    /// The unit.
    unit: String,
    /// A first password; it serves only to set one's own.
    password: String,
}

impl From<AdministratorTold> for Administrator {
    fn from(told: AdministratorTold) -> Self {
        let AdministratorTold { login, person, unit, password } = told;
        Self { login, person, unit, password: Password::new(password) }
    }
}

/// The three, and the code that lies on the machine.
#[derive(Deserialize, ToSchema)]
struct SetUpTold {
    /// The code.
    code: String,
    /// 系统管理员.
    system: AdministratorTold,
    /// 安全保密管理员.
    security: AdministratorTold,
    /// 安全审计员.
    audit: AdministratorTold,
}

/// Appoints the three administrators, all or none.
#[utoipa::path(post, path = "/api/v1/set-up", tag = "session", request_body = SetUpTold,
    responses((status = 201), (status = 400), (status = 401), (status = 403), (status = 429)),
    extensions(("x-act" = json!("people.set-up"))))]
async fn appoint(
    State(app): State<App>,
    Extension(Place(place)): Extension<Place>,
    Told(told): Told<SetUpTold>,
) -> Answer<StatusCode> {
    app.attempts.check(COUNTED, place.ip())?;
    // Whoever reads the code has the machine: he stands where its operator stands.
    let user = rustix::process::getuid().as_raw();
    let actor = Actor::terminal(user, &told.system.person, people::random_session()?);
    let three = [told.system.into(), told.security.into(), told.audit.into()];
    let outcome = people::set_up(&app.vault, &actor, &told.code, three).await;
    let failed = outcome.as_ref().is_err_and(|fault| fault.code() == Code::SetUpCodeWrong);
    if failed || outcome.is_ok() {
        app.attempts.note(COUNTED, place.ip(), !failed);
    }
    outcome?;
    Ok(StatusCode::CREATED)
}
