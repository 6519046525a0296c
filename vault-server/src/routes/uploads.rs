//! Uploads by tus 1.0.0: creation, creation-with-upload, checksum, expiration, termination,
//! concatenation.
//!
//! Bytes go straight into the store; the offset is the server's. The answer that ends an upload
//! says which recording it became, whether its content was here already, and who brought it in then.

use crate::extract::{Bringing, CHECKED};
use crate::limits::{CHECKED_PIECE_BYTES_MAX, UPLOAD_SILENCE};
use crate::problem::{Answer, Refused};
use crate::state::App;
use crate::views::{Listed, said_time};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::atomic::Ordering;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vault_core::fault::{Code, Fault};
use vault_core::intake::{Earlier, LabelInput, NewUpload, Piece, Shape, UploadView};
use vault_core::policy::Actor;
use vault_proof::RecordId;

const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const CONCAT: HeaderName = HeaderName::from_static("upload-concat");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(options, create, list)).routes(routes!(offset, piece, end))
}

/// Where uploads are.
const PATH: &str = "/api/v1/uploads/";

/// The problem of a checksum that does not fit (tus 1.0, checksum extension).
const CHECKSUM_MISMATCH: u16 = 460;

fn invalid(argument: &str) -> Refused {
    Fault::new(Code::ArgumentInvalid).with("argument", argument).into()
}

fn text<'a>(fields: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    fields.get(name).and_then(|value| value.to_str().ok())
}

fn number(fields: &HeaderMap, name: &'static str) -> Answer<u64> {
    // Digits alone: not even a sign.
    let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    let said = text(fields, name).filter(digits);
    said.and_then(|text| text.parse().ok()).ok_or_else(|| invalid(name))
}

/// Refuses another version of the protocol.
fn versioned(fields: &HeaderMap) -> Result<(), Refused> {
    match text(fields, "tus-resumable") {
        Some("1.0.0") => Ok(()),
        _ => Err(Fault::new(Code::UploadVersion).into()),
    }
}

/// What an upload says of itself: pairs of a name and a value in Base64.
fn metadata(fields: &HeaderMap) -> Answer<impl Fn(&str) -> String> {
    let mut pairs = std::collections::BTreeMap::new();
    let said = text(fields, "upload-metadata").unwrap_or_default();
    for pair in said.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let bytes = STANDARD.decode(value.trim()).map_err(|_| invalid("upload-metadata"))?;
        let value = String::from_utf8(bytes).map_err(|_| invalid("upload-metadata"))?;
        pairs.insert(name.to_owned(), value);
    }
    Ok(move |name: &str| pairs.get(name).cloned().unwrap_or_default())
}

fn new_upload(fields: &HeaderMap, shape: Shape, bytes: u64) -> Answer<NewUpload> {
    let said = metadata(fields)?;
    let name = match said("filename") {
        name if name.is_empty() => said("name"),
        name => name,
    };
    let declared = said("blake3");
    let declared = match declared.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| invalid("blake3"))?),
    };
    let fingerprint = match said("fingerprint").as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| invalid("fingerprint"))?),
    };
    let labels = LabelInput::of_texts(&said);
    Ok(NewUpload { name, bytes, labels, declared, fingerprint, shape })
}

/// How a client wants an upload to be joined, if it says so.
enum Concat {
    None,
    Partial,
    Final(Vec<RecordId>),
}

/// Parts are named by their paths here, or by whole addresses of this service.
fn concat(fields: &HeaderMap) -> Answer<Concat> {
    let Some(said) = fields.get(CONCAT) else { return Ok(Concat::None) };
    let said = said.to_str().map_err(|_| invalid("upload-concat"))?.trim();
    if said == "partial" {
        return Ok(Concat::Partial);
    }
    let parts = said.strip_prefix("final;").ok_or_else(|| invalid("upload-concat"))?;
    let id = |address: &str| {
        let (_, id) = address.rsplit_once(PATH).ok_or_else(|| invalid("upload-concat"))?;
        id_of(id)
    };
    Ok(Concat::Final(parts.split_whitespace().map(id).collect::<Answer<_>>()?))
}

fn id_of(text: &str) -> Answer<RecordId> {
    text.parse().map_err(|_| Fault::new(Code::UploadUnknown).with("upload", text).into())
}

/// Fields that tell how an upload stands.
fn told(view: &UploadView) -> Answer<HeaderMap> {
    let mut fields = HeaderMap::new();
    fields.insert(RESUMABLE, VERSION);
    fields.insert(OFFSET, HeaderValue::from(view.offset));
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let value = |text: &str| {
        HeaderValue::from_str(text).map_err(|error| Fault::new(Code::Internal).caused_by(error))
    };
    match &view.shape {
        Shape::Whole => {}
        Shape::Part => {
            fields.insert(CONCAT, HeaderValue::from_static("partial"));
        }
        Shape::Joined(parts) => {
            let parts: Vec<_> = parts.iter().map(|id| format!("{PATH}{id}")).collect();
            fields.insert(CONCAT, value(&format!("final;{}", parts.join(" ")))?);
        }
    }
    match &view.arrived {
        None => {
            let at = view.expires_at.in_http();
            fields.insert(HeaderName::from_static("upload-expires"), value(&at)?);
        }
        Some(arrived) => {
            let named = |name| HeaderName::from_static(name);
            fields.insert(named("upload-recording"), value(&arrived.recording.to_string())?);
            fields.insert(named("upload-duplicate"), value(&arrived.duplicate.to_string())?);
            fields.insert(named("upload-seq"), HeaderValue::from(arrived.seq));
            if let Some(earlier) = &arrived.earlier {
                fields.insert(named("upload-earlier"), value(&earlier_said(earlier))?);
            }
        }
    }
    Ok(fields)
}

/// How content came in the first time, in the form of `Upload-Metadata`: names are Unicode, header
/// fields are not.
fn earlier_said(earlier: &Earlier) -> String {
    let at = said_time(earlier.at);
    let said = [("at", &at), ("case", &earlier.case), ("name", &earlier.name)].into_iter();
    let said = said.chain(earlier.by.as_ref().map(|by| ("by", by)));
    let said = said.map(|(name, text)| format!("{name} {}", STANDARD.encode(text)));
    said.collect::<Vec<_>>().join(",")
}

/// What the service speaks.
#[utoipa::path(method(options), path = "/api/v1/uploads", tag = "uploads",
    responses((status = 204)), extensions(("x-act" = json!("public"))))]
async fn options(State(app): State<App>) -> Response {
    let joined = if app.uploads.joins() { ",concatenation" } else { "" };
    let fields = [
        (RESUMABLE, "1.0.0".to_owned()),
        (TUS_VERSION, "1.0.0".to_owned()),
        (
            HeaderName::from_static("tus-extension"),
            format!("creation,creation-with-upload,checksum,expiration,termination{joined}"),
        ),
        (HeaderName::from_static("tus-checksum-algorithm"), CHECKED.join(",")),
        (HeaderName::from_static("tus-max-size"), vault_core::limits::UPLOAD_BYTES_MAX.to_string()),
    ];
    (StatusCode::NO_CONTENT, axum::response::AppendHeaders(fields)).into_response()
}

/// Begins an upload; its first bytes may come with it.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "uploads",
    params(("Tus-Resumable" = String, Header), ("Upload-Length" = Option<u64>, Header),
        ("Upload-Concat" = Option<String>, Header),
        ("Upload-Metadata" = Option<String>, Header)),
    responses((status = 201), (status = 400), (status = 403), (status = 413), (status = 429)),
    extensions(("x-act" = json!("intake.take-in"))))]
async fn create(
    State(app): State<App>,
    bringing: Bringing,
    fields: HeaderMap,
    body: Body,
) -> Answer<Response> {
    versioned(&fields)?;
    let shape = match concat(&fields)? {
        Concat::None => Shape::Whole,
        Concat::Partial => Shape::Part,
        Concat::Final(parts) => return join(&app, bringing.actor(), &fields, parts).await,
    };
    let new = new_upload(&fields, shape, number(&fields, "upload-length")?)?;
    let begun = app.uploads.begin(bringing.actor(), new).await?;
    let with_bytes = text(&fields, "content-type") == Some("application/offset+octet-stream");
    let view = if with_bytes || begun.bytes == 0 {
        let piece = app.uploads.resume(bringing.actor(), &begun.id, 0).await?;
        receive(&app, piece, &fields, body).await?
    } else {
        begun
    };
    created(&view)
}

fn created(view: &UploadView) -> Answer<Response> {
    let mut answer = told(view)?;
    let path = HeaderValue::from_str(&format!("{PATH}{}", view.id));
    let path = path.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    answer.insert(header::LOCATION, path);
    Ok((StatusCode::CREATED, answer).into_response())
}

/// Joins parts. Goes on where the connection breaks: asked for again, the answer is the same.
async fn join(
    app: &App,
    actor: &Actor,
    fields: &HeaderMap,
    parts: Vec<RecordId>,
) -> Answer<Response> {
    let new = new_upload(fields, Shape::Whole, 0)?;
    let (app, actor) = (app.clone(), actor.clone());
    let joining = tokio::spawn(async move { app.uploads.join(&actor, new, parts).await });
    let joined = joining.await.map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    created(&joined?)
}

/// An upload that is not whole yet.
#[derive(Debug, Serialize, ToSchema)]
struct UploadSaid {
    /// Its number.
    upload: String,
    /// Where it is gone on with.
    url: String,
    /// The name of the file.
    name: String,
    /// What its sender knows the file again by; empty where he did not say.
    fingerprint: String,
    /// How many bytes are here.
    offset: u64,
    /// How many it is to have.
    bytes: u64,
    /// When it was begun.
    created: String,
    /// When it is given up if nothing more comes.
    expires: String,
}

/// One's own uploads that are not whole yet.
#[utoipa::path(get, path = "/api/v1/uploads", tag = "uploads",
    responses((status = 200, body = Listed<UploadSaid>)),
    extensions(("x-act" = json!("intake.take-in"))))]
async fn list(State(app): State<App>, bringing: Bringing) -> Answer<Json<Listed<UploadSaid>>> {
    let said = app.uploads.list(bringing.actor()).await?.into_iter().map(|view| UploadSaid {
        upload: view.id.to_string(),
        url: format!("{PATH}{}", view.id),
        name: view.name,
        fingerprint: view.fingerprint.map(|hash| hash.to_string()).unwrap_or_default(),
        offset: view.offset,
        bytes: view.bytes,
        created: said_time(view.begun_at),
        expires: said_time(view.expires_at),
    });
    Ok(Json(Listed::whole(said.collect())))
}

/// How far an upload is.
#[utoipa::path(head, path = "/api/v1/uploads/{upload}", tag = "uploads",
    params(("upload" = String, Path)), responses((status = 200), (status = 404), (status = 423)),
    extensions(("x-act" = json!("intake.take-in"))))]
async fn offset(
    State(app): State<App>,
    bringing: Bringing,
    Path(upload): Path<String>,
    fields: HeaderMap,
) -> Answer<Response> {
    versioned(&fields)?;
    let view = app.uploads.show(bringing.actor(), &id_of(&upload)?).await?;
    let mut answer = told(&view)?;
    answer.insert(LENGTH, HeaderValue::from(view.bytes));
    Ok((StatusCode::OK, answer).into_response())
}

/// The next bytes of an upload.
#[utoipa::path(patch, path = "/api/v1/uploads/{upload}", tag = "uploads",
    params(("upload" = String, Path), ("Upload-Offset" = u64, Header),
        ("Upload-Checksum" = Option<String>, Header)),
    request_body(content_type = "application/offset+octet-stream"),
    responses((status = 204), (status = 404), (status = 409), (status = 415), (status = 422),
        (status = 423), (status = 460)),
    extensions(("x-act" = json!("intake.take-in"))))]
async fn piece(
    State(app): State<App>,
    bringing: Bringing,
    Path(upload): Path<String>,
    fields: HeaderMap,
    body: Body,
) -> Answer<Response> {
    versioned(&fields)?;
    if text(&fields, "content-type") != Some("application/offset+octet-stream") {
        let mut response = invalid("content-type").into_response();
        *response.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Ok(response);
    }
    let at = number(&fields, "upload-offset")?;
    let id = id_of(&upload)?;
    let stands = app.uploads.show(bringing.actor(), &id).await?;
    if matches!(stands.shape, Shape::Joined(_)) {
        return Err(Fault::new(Code::UploadJoined).with("upload", id).into());
    }
    let piece = app.uploads.resume(bringing.actor(), &id, at).await?;
    match receive(&app, piece, &fields, body).await {
        Ok(view) => Ok((StatusCode::NO_CONTENT, told(&view)?).into_response()),
        Err(refused) if refused.code() == Code::ChecksumDiffers => {
            let status = StatusCode::from_u16(CHECKSUM_MISMATCH).unwrap_or(StatusCode::CONFLICT);
            let mut response = refused.into_response();
            *response.status_mut() = status;
            Ok(response)
        }
        Err(refused) => Err(refused),
    }
}

/// Gives an upload up.
#[utoipa::path(delete, path = "/api/v1/uploads/{upload}", tag = "uploads",
    params(("upload" = String, Path)), responses((status = 204), (status = 404)),
    extensions(("x-act" = json!("intake.take-in"))))]
async fn end(
    State(app): State<App>,
    bringing: Bringing,
    Path(upload): Path<String>,
    fields: HeaderMap,
) -> Answer<Response> {
    versioned(&fields)?;
    app.uploads.give_up(bringing.actor(), &id_of(&upload)?).await?;
    Ok((StatusCode::NO_CONTENT, [(RESUMABLE, VERSION)]).into_response())
}

/// Takes the bytes of a body in. A connection that breaks keeps what came.
async fn receive(
    app: &App,
    mut piece: Piece<'_>,
    fields: &HeaderMap,
    body: Body,
) -> Answer<UploadView> {
    if let Some(sum) = text(fields, "upload-checksum") {
        let bytes = crate::extract::whole(body, CHECKED_PIECE_BYTES_MAX).await?;
        check(sum, &bytes)?;
        app.metrics.uploaded.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        piece.take(&bytes).await?;
        return Ok(piece.end().await?);
    }
    let mut body = body;
    loop {
        match tokio::time::timeout(UPLOAD_SILENCE, body.frame()).await {
            Ok(None) => break,
            Ok(Some(Ok(frame))) => {
                let Ok(bytes) = frame.into_data() else { continue };
                app.metrics.uploaded.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                piece.take(&bytes).await?;
            }
            // What came so far counts; it is gone on with from there.
            Ok(Some(Err(_))) => return Err(invalid("body")),
            Err(_) => return Err(Fault::new(Code::Interrupted).into()),
        }
    }
    Ok(piece.end().await?)
}

fn check(said: &str, bytes: &[u8]) -> Answer<()> {
    let (algorithm, sum) = said.split_once(' ').ok_or_else(|| invalid("upload-checksum"))?;
    let sum = STANDARD.decode(sum.trim()).map_err(|_| invalid("upload-checksum"))?;
    let found: Vec<u8> = match algorithm {
        "sha256" => Sha256::digest(bytes).to_vec(),
        "blake3" => blake3::hash(bytes).as_bytes().to_vec(),
        _ => return Err(invalid("upload-checksum")),
    };
    if found == sum {
        return Ok(());
    }
    Err(Fault::new(Code::ChecksumDiffers).into())
}

/// Clients that cannot send PATCH say so in a field (tus 1.0, §X-HTTP-Method-Override); and every
/// answer names the protocol.
pub(super) async fn overridden(
    mut request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let over = text(request.headers(), "x-http-method-override").map(str::to_owned);
    if request.method() == Method::POST
        && request.uri().path().starts_with(PATH)
        && let Some(method) = over.and_then(|name| Method::from_bytes(name.as_bytes()).ok())
    {
        *request.method_mut() = method;
    }
    let uploads = request.uri().path().starts_with(PATH.trim_end_matches('/'));
    let mut response = next.run(request).await;
    if uploads {
        // Answers that say no speak of the protocol as well.
        response.headers_mut().entry(RESUMABLE).or_insert(VERSION);
        if response.status() == StatusCode::PRECONDITION_FAILED {
            response.headers_mut().insert(TUS_VERSION, VERSION);
        }
    }
    response
}
