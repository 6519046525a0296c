//! The ledger, the queue, and how the whole stands.

use super::beginning;
use crate::extract::{Asked, Page, Signed};
use crate::limits::{EVENT_SEARCH_CHARS_MAX, EVENTS_AT_ONCE, EVENTS_LOOKED_THROUGH};
use crate::problem::Answer;
use crate::sheets::Shape;
use crate::state::App;
use crate::views::{EventSaid, Listed, RecordingLine, event_said, recording_line, said_time};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::clock::UtcTime;
use vault_core::fault::{Code, Fault};
use vault_core::people::Names;
use vault_core::policy::{Act, permit};
use vault_core::preservation::scrub_status;
use vault_core::tables::{self, EventLine};
use vault_core::work;
use vault_proof::{ContentId, Event};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(events))
        .routes(routes!(state))
        .routes(routes!(sign))
        .routes(routes!(verify))
        .routes(routes!(jobs))
        .routes(routes!(integrity))
}

/// Which events.
#[derive(Deserialize, IntoParams)]
struct EventsAsked {
    /// Words that stand in the name of the event, of its person, or in what it says; all of them.
    #[serde(default)]
    about: String,
    /// On this day or later, as `2026-01-31`.
    #[serde(default)]
    from: String,
    /// On this day or before.
    #[serde(default)]
    to: String,
    /// The newest first; `after` then leads back.
    #[serde(default)]
    newest: bool,
}

/// What the events of an answer have to be.
struct Sought {
    words: Vec<String>,
    from: Option<UtcTime>,
    before: Option<UtcTime>,
    newest: bool,
}

impl Sought {
    fn of(asked: &EventsAsked) -> Answer<Self> {
        if asked.about.chars().count() > EVENT_SEARCH_CHARS_MAX {
            return Err(Fault::new(Code::ArgumentInvalid).with("argument", "about").into());
        }
        let words = asked.about.split_whitespace().map(str::to_lowercase).collect();
        let (from, before) = (beginning(&asked.from, 0)?, beginning(&asked.to, 1)?);
        Ok(Self { words, from, before, newest: asked.newest })
    }

    fn holds(&self, event: &Event, said: &EventSaid) -> bool {
        let at = event.time_ms;
        let in_time = self.from.is_none_or(|from| at >= from.as_ms())
            && self.before.is_none_or(|before| at < before.as_ms());
        if !in_time || self.words.is_empty() {
            return in_time;
        }
        let person = said.person.as_deref().unwrap_or_default();
        let names = [&said.zh, &said.en, said.kind, person, &said.role, &said.actor].join(" ");
        let text = format!("{names} {}", said.details).to_lowercase();
        self.words.iter().all(|word| text.contains(word))
    }
}

/// Events of the ledger, a page of them. Where few fit, an answer may hold none and lead on.
#[utoipa::path(get, path = "/api/v1/events", tag = "ledger",
    params(EventsAsked, ("after" = Option<u64>, Query), ("limit" = Option<u32>, Query),
        ("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<EventSaid>), (status = 403)),
    extensions(("x-act" = json!("ledger.read"))))]
async fn events(
    State(app): State<App>,
    signed: Signed,
    shape: Shape,
    page: Page,
    Asked(asked): Asked<EventsAsked>,
) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadLedger).await?;
    let sought = Sought::of(&asked)?;
    let names = Names::of(&app.vault).await?;
    let fetch = |page: Page| sought_lines(&app, &names, &sought, page);
    shape.paged(&tables::EVENTS, page, |line| Ok(event_said(line)?), fetch).await
}

/// A page of the events of the ledger that are what was sought.
async fn sought_lines(
    app: &App,
    names: &Names,
    sought: &Sought,
    page: Page,
) -> Answer<(Vec<EventLine>, Option<u64>)> {
    let (mut items, mut next, mut looked) = (Vec::new(), page.after, 0);
    while looked < EVENTS_LOOKED_THROUGH {
        let holdings = app.vault.catalog();
        let rows = if sought.newest {
            holdings.events_back(next, EVENTS_AT_ONCE).await?
        } else {
            holdings.events(None, next, EVENTS_AT_ONCE).await?
        };
        let last = rows.len() < EVENTS_AT_ONCE as usize;
        for event in rows {
            (next, looked) = (Some(event.seq), looked + 1);
            let line = EventLine::of(event, names);
            if sought.holds(&line.event, &event_said(&line)?) {
                items.push(line);
            }
            if items.len() >= page.rows as usize {
                return Ok((items, next));
            }
        }
        if last {
            next = None;
            break;
        }
    }
    Ok((items, next))
}

/// A page of events of one recording, with the people behind them.
pub(super) async fn event_lines(
    app: &App,
    names: &Names,
    (recording, page): (ContentId, Page),
) -> Answer<(Vec<EventLine>, Option<u64>)> {
    let rows = app.vault.catalog().events(Some(&recording), page.after, page.rows).await?;
    let next = rows.last().map(|event| event.seq);
    let lines = rows.into_iter().map(|event| EventLine::of(event, names)).collect();
    Ok(page.of(lines, next))
}

/// How far the ledger is.
#[derive(Debug, Serialize, ToSchema)]
struct LedgerSaid {
    /// Events.
    size: u64,
    /// The last signed checkpoint.
    checkpoint: Option<String>,
}

/// How far the ledger is.
#[utoipa::path(get, path = "/api/v1/ledger/state", tag = "ledger",
    responses((status = 200, body = LedgerSaid), (status = 403)),
    extensions(("x-act" = json!("ledger.read"))))]
async fn state(State(app): State<App>, signed: Signed) -> Answer<Json<LedgerSaid>> {
    app.vault.admit(signed.actor(), Act::ReadLedger).await?;
    let size = app.vault.catalog().state().await?.events;
    Ok(Json(LedgerSaid { size, checkpoint: app.vault.checkpoint()? }))
}

/// A checkpoint.
#[derive(Debug, Serialize, ToSchema)]
struct CheckpointSaid {
    /// The signed note.
    checkpoint: String,
}

/// Signs the ledger's state.
#[utoipa::path(post, path = "/api/v1/ledger/checkpoint", tag = "ledger",
    responses((status = 200, body = CheckpointSaid), (status = 403)),
    extensions(("x-act" = json!("ledger.sign-checkpoint"))))]
async fn sign(State(app): State<App>, signed: Signed) -> Answer<Json<CheckpointSaid>> {
    let checkpoint = app.vault.sign_checkpoint(signed.actor()).await?;
    Ok(Json(CheckpointSaid { checkpoint }))
}

/// What a verification of the ledger came to.
#[derive(Debug, Serialize, ToSchema)]
struct LedgerVerified {
    /// Events that were verified.
    events: u64,
    /// The root, hex.
    root: String,
    /// How many of them the last checkpoint covers.
    signed: u64,
}

/// Verifies the ledger in all its forms, and that the catalogue is its fold.
#[utoipa::path(post, path = "/api/v1/ledger/verification", tag = "ledger",
    responses((status = 200, body = LedgerVerified), (status = 403), (status = 500)),
    extensions(("x-act" = json!("ledger.read"))))]
async fn verify(State(app): State<App>, signed: Signed) -> Answer<Json<LedgerVerified>> {
    app.vault.admit(signed.actor(), Act::ReadLedger).await?;
    let report = app.vault.verify_ledger().await?;
    Ok(Json(LedgerVerified {
        events: report.size,
        root: report.root.to_string(),
        signed: report.signed,
    }))
}

/// A job.
#[derive(Debug, Serialize, ToSchema)]
struct JobSaid {
    /// Its number.
    id: i64,
    /// Its kind, by its code.
    kind: String,
    /// Its state, by its code.
    state: String,
    /// Attempts so far.
    attempts: i64,
    /// When it is due.
    due: String,
    /// What went wrong last.
    problem: Option<String>,
}

/// The jobs that are not done.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "ledger",
    params(("format" = Option<String>, Query)),
    responses((status = 200, body = Listed<JobSaid>), (status = 403)),
    extensions(("x-act" = json!("catalogue.read"))))]
async fn jobs(State(app): State<App>, signed: Signed, shape: Shape) -> Answer<Response> {
    app.vault.admit(signed.actor(), Act::ReadCatalogue).await?;
    let said = |job: work::JobView| JobSaid {
        id: job.id,
        kind: job.kind,
        state: job.state,
        attempts: job.attempts,
        due: said_time(job.due_at),
        problem: job.problem.filter(|problem| !problem.trim().is_empty()),
    };
    shape.whole(&tables::JOBS, work::list(&app.vault).await?, said).await
}

/// How far the scheduled reading of everything that is stored is.
#[derive(Debug, Serialize, ToSchema)]
struct ScrubSaid {
    /// Days within which everything is to be read.
    period_days: u64,
    /// When what waits longest was read last, or taken in.
    oldest: Option<String>,
    /// Bytes read on an average day of the last seven.
    bytes_per_day: u64,
    /// Bytes to be read on each day to keep to the period.
    bytes_per_day_needed: u64,
    /// When everything stored now will have been read at that rate.
    predicted_end: Option<String>,
    /// Copies not read within the period.
    overdue: u64,
    /// Copies found damaged, previews and texts included.
    damaged: u64,
}

/// How the whole stands.
#[derive(Debug, Serialize, ToSchema)]
struct IntegritySaid {
    /// Recordings.
    recordings: u64,
    /// Their bytes.
    bytes: u64,
    /// Receipts of content that was here already.
    duplicates: u64,
    /// Events in the ledger.
    events: u64,
    /// Recordings whose SHA-256 and SM3 are still to be taken.
    without_digests: u64,
    /// When the recording that waits longest for its next check was read last.
    oldest_check: Option<String>,
    /// Ids of the recordings found damaged and not found whole since.
    damaged_ids: Vec<String>,
    /// These recordings, for who may look into the catalogue.
    damaged: Vec<RecordingLine>,
    /// The scheduled reading.
    scrub: ScrubSaid,
}

/// How the whole stands: what is held, what was checked when, what is damaged.
#[utoipa::path(get, path = "/api/v1/integrity", tag = "ledger",
    responses((status = 200, body = IntegritySaid), (status = 403)),
    extensions(("x-act" = json!("preservation.read-health"))))]
async fn integrity(State(app): State<App>, signed: Signed) -> Answer<Json<IntegritySaid>> {
    app.vault.admit(signed.actor(), Act::ReadHealth).await?;
    // Names and cases are of the catalogue, which who keeps the machine does not read.
    let reads = permit(signed.actor(), Act::ReadCatalogue).is_ok();
    let state = app.vault.catalog().state().await?;
    let damaged = app.vault.catalog().damaged().await?;
    let scrub = scrub_status(&app.vault).await?;
    Ok(Json(IntegritySaid {
        recordings: state.recordings,
        bytes: state.bytes,
        duplicates: state.duplicates,
        events: state.events,
        without_digests: state.without_digests,
        oldest_check: state.oldest_check.map(said_time),
        damaged_ids: damaged.iter().map(|row| row.recording.to_string()).collect(),
        damaged: damaged.iter().filter(|_| reads).map(recording_line).collect(),
        scrub: ScrubSaid {
            period_days: scrub.period_days,
            oldest: scrub.oldest_at.map(said_time),
            bytes_per_day: scrub.bytes_per_day,
            bytes_per_day_needed: scrub.bytes_per_day_needed,
            predicted_end: scrub.predicted_end.map(said_time),
            overdue: scrub.overdue,
            damaged: scrub.damaged,
        },
    }))
}
