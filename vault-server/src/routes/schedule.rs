//! The schedule of retention: rules by class, simulated, proposed, confirmed by another.

use crate::extract::{Confirmed, Signed, Told};
use crate::problem::Answer;
use crate::state::App;
use crate::views::{Listed, StepSaid, step_said};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::policy::Act;
use vault_core::retention::{self, NewRule, RuleView, Simulation};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(simulate))
        .routes(routes!(rules, propose))
        .routes(routes!(confirm))
        .routes(routes!(withdraw))
}

/// A rule of retention.
#[derive(Debug, Serialize, ToSchema)]
struct RuleSaid {
    /// Its number.
    rule: String,
    /// `proposed`, `in-force`, `replaced` or `withdrawn`.
    state: &'static str,
    /// An activity, or `any`.
    class: String,
    /// Years from the receipt; 0 is for ever.
    years: u64,
    /// Whether it lengthens what is stored, too.
    stored: bool,
    /// Stored recordings of the class when it was proposed.
    recordings: u64,
    /// Those whose term it lengthens.
    lengthened: u64,
    /// Those that keep a longer term.
    kept: u64,
    /// Who proposed it.
    proposed: StepSaid,
    /// Who confirmed or withdrew it.
    decided: Option<StepSaid>,
}

fn rule_said(view: RuleView) -> RuleSaid {
    RuleSaid {
        rule: view.id.to_string(),
        state: view.state.as_str(),
        class: view.class,
        years: view.years,
        stored: view.stored,
        recordings: view.recordings,
        lengthened: view.lengthened,
        kept: view.kept,
        proposed: step_said(view.proposed),
        decided: view.decided.map(step_said),
    }
}

async fn all(app: &App) -> Answer<Json<Listed<RuleSaid>>> {
    let rules = retention::rules(&app.vault).await?;
    Ok(Json(Listed::whole(rules.into_iter().map(rule_said).collect())))
}

/// The rules of retention, the newest first.
#[utoipa::path(get, path = "/api/v1/retention/rules", tag = "retention",
    responses((status = 200, body = Listed<RuleSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn rules(State(app): State<App>, signed: Signed) -> Answer<Json<Listed<RuleSaid>>> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    all(&app).await
}

/// A rule as somebody wants it.
#[derive(Debug, Deserialize, ToSchema)]
struct RuleTold {
    /// An activity, or `any`.
    class: String,
    /// Years from the receipt; 0 is for ever.
    years: u64,
    /// Whether it is to lengthen what is stored, too.
    #[serde(default)]
    stored: bool,
    /// Why; only where it is proposed.
    #[serde(default)]
    reason: String,
}

impl RuleTold {
    fn rule(self) -> (NewRule, String) {
        (NewRule { class: self.class, years: self.years, stored: self.stored }, self.reason)
    }
}

/// What a rule would do.
#[derive(Debug, Serialize, ToSchema)]
struct SimulationSaid {
    /// Years that what is taken in next is kept by the schedule today; 0 is for ever.
    years_now: u64,
    /// Stored recordings of the class.
    recordings: u64,
    /// Their bytes.
    bytes: u64,
    /// Those whose term it lengthens.
    lengthened: u64,
    /// Those that it would keep for less; they keep their term.
    kept: u64,
    /// Of these, those whose shorter term would be over today.
    would_end: u64,
    /// Their bytes.
    would_end_bytes: u64,
    /// What else would stand against the disposal of those, by its code, and of how many.
    obstacles: BTreeMap<&'static str, u64>,
    /// Whether there were too many to look at each.
    more: bool,
    /// Recordings of the class taken in within a year.
    per_year: u64,
    /// Their bytes.
    per_year_bytes: u64,
}

fn simulation_said(found: Simulation) -> SimulationSaid {
    SimulationSaid {
        years_now: found.years_now,
        recordings: found.recordings,
        bytes: found.bytes,
        lengthened: found.lengthened,
        kept: found.kept,
        would_end: found.would_end,
        would_end_bytes: found.would_end_bytes,
        obstacles: found.obstacles,
        more: found.more,
        per_year: found.per_year,
        per_year_bytes: found.per_year_bytes,
    }
}

/// What a rule would do. Changes nothing.
#[utoipa::path(post, path = "/api/v1/retention/simulations", tag = "retention",
    request_body = RuleTold,
    responses((status = 200, body = SimulationSaid), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn simulate(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<RuleTold>,
) -> Answer<Json<SimulationSaid>> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let (rule, _) = told.rule();
    Ok(Json(simulation_said(retention::simulate(&app.vault, &rule).await?)))
}

/// Proposes a rule, with what its simulation found.
#[utoipa::path(post, path = "/api/v1/retention/rules", tag = "retention",
    request_body = RuleTold,
    responses((status = 200, body = Listed<RuleSaid>), (status = 403), (status = 409)),
    extensions(("x-act" = json!("retention.propose-rule"))))]
async fn propose(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<RuleTold>,
) -> Answer<Json<Listed<RuleSaid>>> {
    let (rule, reason) = told.rule();
    retention::propose_rule(&app.vault, signed.actor(), rule, &reason).await?;
    all(&app).await
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
struct DecisionTold {
    /// Why.
    reason: String,
}

/// Confirms a rule that another person proposed; it holds for what is taken in from then on.
#[utoipa::path(post, path = "/api/v1/retention/rules/{id}/confirmation", tag = "retention",
    params(("id" = String, Path)), request_body = DecisionTold,
    responses((status = 200, body = Listed<RuleSaid>), (status = 403), (status = 404)),
    extensions(("x-act" = json!("retention.confirm-rule"))))]
async fn confirm(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    Told(told): Told<DecisionTold>,
) -> Answer<Json<Listed<RuleSaid>>> {
    retention::confirm_rule(&app.vault, signed.actor(), &id, &told.reason).await?;
    all(&app).await
}

/// Refuses or takes back a rule that nobody confirmed.
#[utoipa::path(post, path = "/api/v1/retention/rules/{id}/withdrawal", tag = "retention",
    params(("id" = String, Path)), request_body = DecisionTold,
    responses((status = 200, body = Listed<RuleSaid>), (status = 403), (status = 404)),
    extensions(("x-act" = json!("retention.withdraw-rule"))))]
async fn withdraw(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<DecisionTold>,
) -> Answer<Json<Listed<RuleSaid>>> {
    retention::withdraw_rule(&app.vault, signed.actor(), &id, &told.reason).await?;
    all(&app).await
}
