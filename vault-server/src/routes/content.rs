//! Content of recordings and of what was made of them: verified ranges, for as long as the leave to
//! read holds. A connection that still waits for bytes when it ends is cut.

use crate::extract::{Asked, Signed};
use crate::problem::Answer;
use crate::range::{Wanted, wanted};
use crate::readings::Reading;
use crate::serve::Cut;
use crate::state::App;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::oneshot;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::access::{self, GrantedReader, GrantedStream};
use vault_core::fault::{Code, Fault};
use vault_core::policy::Actor;

/// How often a stream that nobody drains is looked after.
const LOOK: Duration = Duration::from_millis(500);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(content, content_head))
        .routes(routes!(excerpt, excerpt_head))
        .routes(routes!(product))
}

/// On what the reading rests.
#[derive(Deserialize, IntoParams)]
struct GrantAsked {
    /// The grant's number; none for the handling unit's own before archiving.
    grant: Option<String>,
}

/// The type of content by the container that was found, else of bytes.
fn kind_of(container: Option<&str>) -> &'static str {
    match container.unwrap_or_default() {
        "mov,mp4,m4a,3gp,3g2,mj2" => "video/mp4",
        "matroska,webm" => "video/webm",
        "mpegts" => "video/mp2t",
        "avi" => "video/x-msvideo",
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "flac" => "audio/flac",
        "aac" => "audio/aac",
        "amr" => "audio/amr",
        "jpeg_pipe" | "image2" => "image/jpeg",
        "png_pipe" => "image/png",
        _ => "application/octet-stream",
    }
}

/// The same type, as one of those that are sent.
fn known_kind(format: &str) -> &'static str {
    const KNOWN: [&str; 9] = [
        "video/mp4",
        "video/quicktime",
        "video/webm",
        "video/mp2t",
        "audio/wav",
        "audio/mpeg",
        "audio/ogg",
        "audio/flac",
        "audio/aac",
    ];
    let known = KNOWN.into_iter().find(|known| *known == format);
    known.unwrap_or("application/octet-stream")
}

/// Opens for reading; an answer of the head alone is no reading.
async fn respond(
    app: &App,
    reader: GrantedReader,
    kind: &'static str,
    asked: &HeaderMap,
    served: Option<(&Actor, Cut)>,
) -> Answer<Response> {
    let etag = format!("\"{}\"", reader.object());
    let mut fields = HeaderMap::new();
    let value = |text: &str| {
        HeaderValue::from_str(text).map_err(|error| Fault::new(Code::Internal).caused_by(error))
    };
    fields.insert(header::ETAG, value(&etag)?);
    fields.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // Whatever a file says it is, a browser shows it and runs nothing of it.
    fields.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    let total = reader.bytes();
    let (status, range) = match wanted(asked, &etag, total) {
        Wanted::Whole => (StatusCode::OK, 0..total),
        Wanted::Part(range) => {
            let said = format!("bytes {}-{}/{total}", range.start, range.end - 1);
            fields.insert(header::CONTENT_RANGE, value(&said)?);
            (StatusCode::PARTIAL_CONTENT, range)
        }
        Wanted::Nothing => {
            fields.insert(header::CONTENT_RANGE, value(&format!("bytes */{total}"))?);
            let fault = Fault::new(Code::RangeOutside).with("bytes", total);
            let mut refused = crate::problem::Refused::from(fault).into_response();
            refused.headers_mut().extend(fields);
            return Ok(refused);
        }
    };
    fields.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    let Some((actor, cut)) = served else { return Ok((status, fields).into_response()) };
    if range.is_empty() {
        return Ok((status, fields).into_response());
    }
    let reading = app.readings.begin(actor.id())?;
    let stream = reader.stream(Some(range.start..=range.end - 1)).await?;
    Ok((status, fields, body(app.clone(), reader, (stream, reading), cut)).into_response())
}

/// A body of verified pieces.
fn body(app: App, reader: GrantedReader, reading: (GrantedStream, Reading), cut: Cut) -> Body {
    // While the body lives its leave is looked after, also when nobody drains it.
    let (alive, mut gone) = oneshot::channel::<()>();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = &mut gone => return,
                () = tokio::time::sleep(LOOK) => {}
            }
            if reader.still_holds().await.is_err() {
                return cut.cut();
            }
        }
    });
    let (stream, reading) = reading;
    let lasting = (alive, reading);
    let pieces = futures::stream::unfold((stream, lasting), move |(mut stream, alive)| {
        let app = app.clone();
        async move {
            match stream.next().await {
                Ok(None) => None,
                Ok(Some(piece)) => {
                    app.metrics.read.fetch_add(piece.len() as u64, Ordering::Relaxed);
                    Some((Ok(bytes::Bytes::from(piece)), (stream, alive)))
                }
                Err(fault) => {
                    tracing::warn!(%fault, "a reading ended early");
                    Some((Err(std::io::Error::other(fault)), (stream, alive)))
                }
            }
        }
    });
    Body::from_stream(pieces)
}

async fn opened(
    app: &App,
    signed: &Signed,
    id: &str,
    grant: Option<&str>,
) -> Answer<(GrantedReader, &'static str)> {
    let id = app.vault.find(id).await?;
    let reader = access::open(&app.vault, signed.actor(), &id, grant).await?;
    let facts = app.vault.media_facts(&id).await?;
    let kind = kind_of(facts.report().map(|report| report.container.as_str()));
    Ok((reader, kind))
}

/// The recording's bytes, each block verified before it leaves.
#[utoipa::path(get, path = "/api/v1/recordings/{id}/content", tag = "content",
    params(("id" = String, Path), GrantAsked, ("range" = Option<String>, Header)),
    responses((status = 200, content_type = "*/*"), (status = 206),
        (status = 403), (status = 404), (status = 416)),
    extensions(("x-act" = json!("access.read-under-grant"))))]
async fn content(
    State(app): State<App>,
    signed: Signed,
    Extension(cut): Extension<Cut>,
    Path(id): Path<String>,
    Asked(asked): Asked<GrantAsked>,
    fields: HeaderMap,
) -> Answer<Response> {
    let (reader, kind) = opened(&app, &signed, &id, asked.grant.as_deref()).await?;
    respond(&app, reader, kind, &fields, Some((signed.actor(), cut))).await
}

/// Length, type and digest of the recording's bytes.
#[utoipa::path(head, path = "/api/v1/recordings/{id}/content", tag = "content",
    params(("id" = String, Path), GrantAsked),
    responses((status = 200), (status = 403), (status = 404)),
    extensions(("x-act" = json!("access.read-under-grant"))))]
async fn content_head(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Asked(asked): Asked<GrantAsked>,
    fields: HeaderMap,
) -> Answer<Response> {
    let (reader, kind) = opened(&app, &signed, &id, asked.grant.as_deref()).await?;
    respond(&app, reader, kind, &fields, None).await
}

/// The grant whose excerpt is read.
#[derive(Deserialize, IntoParams)]
struct ExcerptAsked {
    /// The grant's number.
    grant: String,
}

/// Says what of the recording an excerpt covers, in milliseconds: `12000-15040`.
const COVERS: HeaderName = HeaderName::from_static("excerpt-covers-ms");

async fn excerpted(
    app: &App,
    signed: &Signed,
    (id, grant): (&str, &str),
    asked: (&HeaderMap, Option<Cut>),
) -> Answer<Response> {
    let id = app.vault.find(id).await?;
    let media = app.tools.media.as_ref();
    let opened = access::open_excerpt(&app.vault, signed.actor(), &id, grant, media).await?;
    let kind = known_kind(&opened.format);
    let served = asked.1.map(|cut| (signed.actor(), cut));
    let mut response = respond(app, opened.reader, kind, asked.0, served).await?;
    let covers = format!("{}-{}", opened.begins_ms, opened.ends_ms);
    let covers = HeaderValue::from_str(&covers);
    let covers = covers.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    response.headers_mut().insert(COVERS, covers);
    Ok(response)
}

/// The excerpt (节选) that a grant for a stretch gives; the whole is refused under it.
#[utoipa::path(get, path = "/api/v1/recordings/{id}/excerpt", tag = "content",
    params(("id" = String, Path), ExcerptAsked, ("range" = Option<String>, Header)),
    responses((status = 200, content_type = "*/*"), (status = 206),
        (status = 403), (status = 404), (status = 416)),
    extensions(("x-act" = json!("access.read-excerpt"))))]
async fn excerpt(
    State(app): State<App>,
    signed: Signed,
    Extension(cut): Extension<Cut>,
    Path(id): Path<String>,
    Asked(asked): Asked<ExcerptAsked>,
    fields: HeaderMap,
) -> Answer<Response> {
    excerpted(&app, &signed, (&id, &asked.grant), (&fields, Some(cut))).await
}

/// Length and type of the excerpt, and what of the recording it covers.
#[utoipa::path(head, path = "/api/v1/recordings/{id}/excerpt", tag = "content",
    params(("id" = String, Path), ExcerptAsked),
    responses((status = 200), (status = 403), (status = 404)),
    extensions(("x-act" = json!("access.read-excerpt"))))]
async fn excerpt_head(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Asked(asked): Asked<ExcerptAsked>,
    fields: HeaderMap,
) -> Answer<Response> {
    excerpted(&app, &signed, (&id, &asked.grant), (&fields, None)).await
}

/// What was made of a recording: `poster`, `sheet`, `waveform`, `proxy`.
#[utoipa::path(get, path = "/api/v1/recordings/{id}/products/{kind}", tag = "content",
    params(("id" = String, Path), ("kind" = String, Path), GrantAsked),
    responses((status = 200, content_type = "*/*"), (status = 206),
        (status = 403), (status = 404)),
    extensions(("x-act" = json!("access.read-under-grant"))))]
async fn product(
    State(app): State<App>,
    signed: Signed,
    Extension(cut): Extension<Cut>,
    Path((id, kind)): Path<(String, String)>,
    Asked(asked): Asked<GrantAsked>,
    fields: HeaderMap,
) -> Answer<Response> {
    let id = app.vault.find(&id).await?;
    let grant = asked.grant.as_deref();
    let reader = access::open_product(&app.vault, signed.actor(), &id, &kind, grant).await?;
    let kind = match kind.as_str() {
        "poster" | "sheet" => "image/jpeg",
        "proxy" => "video/mp4",
        _ => "application/octet-stream",
    };
    respond(&app, reader, kind, &fields, Some((signed.actor(), cut))).await
}
