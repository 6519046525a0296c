//! Disposal: the only end of what is kept (A3.11, A2.19(二)3).

use crate::extract::{Confirmed, Page, ReasonTold, Signed, Told};
use crate::problem::Answer;
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{Listed, RetentionSaid, StepSaid, retention_said, said_time, step_said};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::disposal::{self, Candidate, DisposalView, Obstacle};
use vault_core::fault::{Code, Fault};
use vault_core::policy::Act;
use vault_core::retention::Until;
use vault_core::tables;
use vault_proof::ContentId;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(candidates))
        .routes(routes!(disposals, propose))
        .routes(routes!(show))
        .routes(routes!(approve))
        .routes(routes!(withdraw))
        .routes(routes!(carry_out))
}

/// What stands against a disposal, or is to be weighed.
#[derive(Debug, Serialize, ToSchema)]
struct GroundSaid {
    /// Its code.
    kind: &'static str,
    /// The day, the hold, the case or the request.
    detail: String,
}

/// A recording whose time may be over.
#[derive(Debug, Serialize, ToSchema)]
struct CandidateSaid {
    /// Its id.
    recording: String,
    /// The name of its file.
    name: String,
    /// The numbers of its cases (案号).
    cases: Vec<String>,
    /// Its length.
    bytes: u64,
    /// When it was received.
    received: String,
    /// The day its longest term ends; none where it is kept for ever.
    until: Option<String>,
    /// Why it is kept, every reason, over or not.
    retention: RetentionSaid,
    /// What stands against it; none where it may go.
    obstacles: Vec<GroundSaid>,
    /// What is to be weighed.
    risks: Vec<GroundSaid>,
}

fn candidate_said(candidate: Candidate) -> CandidateSaid {
    let ground = |kind, detail| GroundSaid { kind, detail };
    CandidateSaid {
        recording: candidate.recording.to_string(),
        name: candidate.name,
        cases: candidate.cases,
        bytes: candidate.bytes,
        received: said_time(candidate.received_at),
        until: match candidate.retention.until {
            Until::Day(day) => Some(day.to_string()),
            Until::Ever => None,
        },
        retention: retention_said(&candidate.retention),
        obstacles: candidate
            .obstacles
            .into_iter()
            .map(|one| ground(one.kind, one.detail))
            .collect(),
        risks: candidate.risks.into_iter().map(|one| ground(one.kind, one.detail)).collect(),
    }
}

/// Recordings received longer ago than originals are kept, with everything that stands against
/// their disposal.
#[utoipa::path(get, path = "/api/v1/disposals/candidates", tag = "preservation",
    params(("after" = Option<u64>, Query), ("limit" = Option<u32>, Query), ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<CandidateSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn candidates(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    page: Page,
) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let fetch = async |page: Page| {
        let found = disposal::candidates(&app.vault, page.after, page.rows).await?;
        let next = found.last().map(|last| last.seq);
        Ok(page.of(found, next))
    };
    let said = |candidate: &Candidate| Ok(candidate_said(candidate.clone()));
    shape.paged(&tables::CANDIDATES, page, said, fetch).await
}

/// A disposal.
#[derive(Debug, Serialize, ToSchema)]
struct DisposalSaid {
    /// Its number.
    disposal: String,
    /// `proposed`, `approved`, `withdrawn`, `begun` or `carried-out`.
    state: &'static str,
    /// What was proposed.
    recordings: Vec<String>,
    /// What is destroyed, once it began.
    destroyed: Vec<String>,
    /// What was spared after the second look.
    spared: Vec<String>,
    /// What stood against each of these then.
    spared_because: Vec<SparedSaid>,
    /// Who proposed it.
    proposed: StepSaid,
    /// Who approved it.
    approved: Option<StepSaid>,
    /// Nothing is touched before this time.
    not_before: Option<String>,
    /// Who withdrew it.
    withdrawn: Option<StepSaid>,
    /// Objects destroyed.
    objects: u64,
    /// Their bytes.
    bytes: u64,
    /// Volumes that still bear copies.
    volumes: Vec<String>,
    /// Who carried it out.
    carried_out_by: Option<String>,
    /// When.
    carried_out: Option<String>,
    /// The record of destruction.
    record: Option<RecordSaid>,
}

/// A reason for which a recording was spared.
#[derive(Debug, Serialize, ToSchema)]
struct SparedSaid {
    /// Which recording.
    recording: String,
    /// Its code.
    kind: &'static str,
    /// The day, the case file, the hold's reason or the request.
    detail: String,
}

/// The record of destruction of a disposal.
#[derive(Debug, Serialize, ToSchema)]
struct RecordSaid {
    /// The year of its number.
    year: u64,
    /// Its number in that year.
    number: u64,
    /// Its digest, as the ledger has it.
    digest: String,
}

fn spared_said((recording, obstacle): (ContentId, Obstacle)) -> SparedSaid {
    SparedSaid { recording: recording.to_string(), kind: obstacle.kind, detail: obstacle.detail }
}

fn disposal_said(view: DisposalView) -> DisposalSaid {
    let ids = |ids: &[ContentId]| ids.iter().map(ToString::to_string).collect();
    DisposalSaid {
        disposal: view.id.to_string(),
        state: view.state.as_str(),
        recordings: ids(&view.recordings),
        destroyed: ids(&view.destroyed),
        spared: ids(&view.spared),
        spared_because: view.spared_because.into_iter().map(spared_said).collect(),
        proposed: step_said(view.proposed),
        approved: view.approved.map(step_said),
        not_before: view.not_before.map(said_time),
        withdrawn: view.withdrawn.map(step_said),
        objects: view.objects,
        bytes: view.bytes,
        volumes: view.volumes,
        carried_out_by: view.carried_out.as_ref().map(|(person, _)| person.clone()),
        carried_out: view.carried_out.map(|(_, at)| said_time(at)),
        record: view.record.map(|record| RecordSaid {
            year: record.year,
            number: record.number,
            digest: record.digest,
        }),
    }
}

/// Disposals, the newest first.
#[utoipa::path(get, path = "/api/v1/disposals", tag = "preservation",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<DisposalSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn disposals(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    shape.whole(&tables::DISPOSALS, disposal::list(&app.vault).await?, disposal_said).await
}

/// A disposal with what whoever decides on it has to weigh.
#[derive(Debug, Serialize, ToSchema)]
struct DisposalWeighed {
    /// The disposal.
    disposal: DisposalSaid,
    /// Its recordings: what each is, why it was kept, what stands against it today, its risks.
    weighed: Vec<CandidateSaid>,
}

/// A disposal with what is to be weighed of each of its recordings.
#[utoipa::path(get, path = "/api/v1/disposals/{id}", tag = "preservation",
    params(("id" = String, Path)),
    responses((status = 200, body = DisposalWeighed), (status = 403), (status = 404)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Answer<Json<DisposalWeighed>> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let view = disposal::show(&app.vault, &id).await?;
    let weighed = disposal::weighed(&app.vault, &view).await?;
    Ok(Json(DisposalWeighed {
        disposal: disposal_said(view),
        weighed: weighed.into_iter().map(candidate_said).collect(),
    }))
}

/// Recordings to be disposed of, and why.
#[derive(Debug, Deserialize, ToSchema)]
struct DisposalTold {
    /// Which recordings.
    recordings: Vec<String>,
    /// Why.
    reason: String,
}

/// Proposes recordings for disposal.
#[utoipa::path(post, path = "/api/v1/disposals", tag = "preservation",
    request_body = DisposalTold,
    responses((status = 200, body = DisposalSaid), (status = 403)),
    extensions(("x-act" = json!("disposal.propose"))))]
async fn propose(
    State(app): State<App>,
    signed: Signed,
    Told(told): Told<DisposalTold>,
) -> Answer<Json<DisposalSaid>> {
    let id = |text: &String| {
        text.parse().map_err(|_| Fault::new(Code::ArgumentInvalid).with("argument", text))
    };
    let recordings = told.recordings.iter().map(id).collect::<Result<Vec<ContentId>, _>>()?;
    let number = disposal::propose(&app.vault, signed.actor(), recordings, &told.reason).await?;
    shown(&app, &number.to_string()).await
}

async fn shown(app: &App, number: &str) -> Answer<Json<DisposalSaid>> {
    Ok(Json(disposal_said(disposal::show(&app.vault, number).await?)))
}

/// Approves a disposal that another person proposed.
#[utoipa::path(post, path = "/api/v1/disposals/{id}/approval", tag = "preservation",
    params(("id" = String, Path)), request_body = ReasonTold,
    responses((status = 200, body = DisposalSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("disposal.approve"))))]
async fn approve(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
    Told(told): Told<ReasonTold>,
) -> Answer<Json<DisposalSaid>> {
    disposal::approve(&app.vault, signed.actor(), &id, &told.reason).await?;
    shown(&app, &id).await
}

/// Takes back or refuses a disposal that was not begun.
#[utoipa::path(post, path = "/api/v1/disposals/{id}/withdrawal", tag = "preservation",
    params(("id" = String, Path)), request_body = ReasonTold,
    responses((status = 200, body = DisposalSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("disposal.withdraw"))))]
async fn withdraw(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Told(told): Told<ReasonTold>,
) -> Answer<Json<DisposalSaid>> {
    disposal::withdraw(&app.vault, signed.actor(), &id, &told.reason).await?;
    shown(&app, &id).await
}

/// Looks a second time and carries an approved disposal out; nothing brings it back.
#[utoipa::path(post, path = "/api/v1/disposals/{id}/execution", tag = "preservation",
    params(("id" = String, Path)),
    responses((status = 200, body = DisposalSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("disposal.carry-out"))))]
async fn carry_out(
    State(app): State<App>,
    signed: Confirmed,
    Path(id): Path<String>,
) -> Answer<Json<DisposalSaid>> {
    disposal::carry_out(&app.vault, signed.actor(), &id).await?;
    shown(&app, &id).await
}
