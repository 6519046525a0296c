//! Text of recordings: shown, corrected, vouched for.

use crate::extract::{Asked, Signed, told, whole};
use crate::limits::TRANSCRIPT_BYTES_MAX;
use crate::problem::Answer;
use crate::state::{App, language_of};
use crate::views::{Cue, TranscriptSaid, transcript_said};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::transcript::{self, Caption, Origin};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, store)).routes(routes!(check))
}

/// Which text, and how.
#[derive(Deserialize, IntoParams)]
struct ShowAsked {
    /// The version; the newest if none.
    version: Option<u64>,
    /// The grant it is read under.
    grant: Option<String>,
    /// `json` or `vtt`.
    format: Option<String>,
}

/// The text of a recording.
#[utoipa::path(get, path = "/api/v1/recordings/{id}/transcript", tag = "transcripts",
    params(("id" = String, Path), ShowAsked),
    responses((status = 200, body = TranscriptSaid), (status = 403), (status = 404)),
    extensions(("x-act" = json!("transcript.show"))))]
async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Asked(asked): Asked<ShowAsked>,
    fields: HeaderMap,
) -> Answer<Response> {
    let id = app.vault.find(&id).await?;
    let grant = asked.grant.as_deref();
    let (version, text) =
        transcript::show_under(&app.vault, signed.actor(), &id, asked.version, grant).await?;
    if asked.format.as_deref() == Some("vtt") {
        let wording = crate::problem::wording(language_of(&fields));
        let notes = transcript::notes(&version, &text, wording);
        let kind = [(header::CONTENT_TYPE, "text/vtt; charset=utf-8")];
        return Ok((kind, transcript::write_webvtt(&text, &notes)).into_response());
    }
    Ok(Json(transcript_said(&version, &text)).into_response())
}

/// A text to be stored.
#[derive(Debug, Deserialize, ToSchema)]
struct TranscriptTold {
    /// The version it was made from.
    base_version: Option<u64>,
    /// Its pieces.
    cues: Vec<Cue>,
}

/// The number of a version.
#[derive(Debug, Serialize, ToSchema)]
struct VersionStored {
    /// The number.
    version: u64,
}

/// Stores a new version; earlier ones stay.
#[utoipa::path(put, path = "/api/v1/recordings/{id}/transcript", tag = "transcripts",
    params(("id" = String, Path)), request_body = TranscriptTold,
    responses((status = 201, body = VersionStored), (status = 400), (status = 403)),
    extensions(("x-act" = json!("transcript.store"))))]
async fn store(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    body: Body,
) -> Answer<(StatusCode, Json<VersionStored>)> {
    let bytes = whole(body, TRANSCRIPT_BYTES_MAX).await?;
    let told: TranscriptTold = told(&bytes)?;
    let id = app.vault.find(&id).await?;
    let base = match told.base_version {
        None => None,
        Some(version) => {
            let (_, text) =
                transcript::show(&app.vault, signed.actor(), &id, Some(version)).await?;
            Some((version, text))
        }
    };
    let captions = told.cues.into_iter().map(|cue| Caption {
        from_ms: cue.from_ms,
        to_ms: cue.to_ms,
        speaker: cue.speaker,
        text: cue.text,
    });
    let base = base.as_ref().map(|(version, text)| (*version, text));
    let new = transcript::version_from_captions(&id, captions.collect(), base, Origin::Person);
    let version = transcript::store_version(&app.vault, signed.actor(), &id, new).await?;
    Ok((StatusCode::CREATED, Json(VersionStored { version })))
}

/// Vouches that a version agrees with the sound (R09).
#[utoipa::path(post, path = "/api/v1/recordings/{id}/transcript/{version}/check",
    tag = "transcripts", params(("id" = String, Path), ("version" = u64, Path)),
    responses((status = 204), (status = 403), (status = 404)),
    extensions(("x-act" = json!("transcript.check"))))]
async fn check(
    State(app): State<App>,
    signed: Signed,
    Path((id, version)): Path<(String, u64)>,
) -> Answer<StatusCode> {
    let id = app.vault.find(&id).await?;
    transcript::check(&app.vault, signed.actor(), &id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
