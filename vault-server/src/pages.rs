//! The pages: one application for the browser, taken into the program, and the verifier of packages.
//!
//! Promises: no page loads anything from anywhere else; scripts are those of this program, styles
//! bear the number of their answer; what has a digest in its name may be kept, everything else is
//! asked for again. A program built without the pages says what to run.

use crate::problem::Refused;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use vault_core::access::package;
use vault_core::fault::{Code, Fault};

/// What `npm run build` left in `web/dist`.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Built;

/// Stands in the built page where the number of an answer goes.
const NUMBER: &str = "__NONCE__";

/// For files whose name changes with their content.
const KEPT: &str = "public, max-age=31536000, immutable";

/// Said where the pages were not built.
const NOT_BUILT: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>vault</title>\
<p>网页尚未构建：请在项目目录运行 tools/run，或在 vault-server/web 中运行 npm ci 和 npm run build 后重新编译。</p>\
<p lang=\"en\">The pages were not built: run tools/run, or npm ci and npm run build in vault-server/web, and build again.</p>";

/// Every path that is no route of the interface.
pub async fn page(request: Request) -> Response {
    let path = request.uri().path();
    let machine = ["/api/", "/ledger/", "/publicity/"].iter().any(|start| path.starts_with(start));
    if machine {
        let fault = Fault::new(Code::ArgumentInvalid).with("argument", path);
        let mut response = Refused::from(fault).into_response();
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if path == "/verify" {
        return verifier();
    }
    match Built::get(path.trim_start_matches('/')) {
        Some(file) if path != "/" && path != "/index.html" => built(&request, file),
        _ if path.starts_with("/assets/") => StatusCode::NOT_FOUND.into_response(),
        _ => application(),
    }
}

/// A built file, compressed where the browser takes that.
fn built(request: &Request, file: EmbeddedFile) -> Response {
    let path = request.uri().path();
    let kind = HeaderValue::from_str(file.metadata.mimetype());
    let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let kept = if path.starts_with("/assets/") { KEPT } else { "no-cache" };
    let mut fields = HeaderMap::new();
    fields.insert(header::CONTENT_TYPE, kind);
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    fields.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let takes = request.headers().get(header::ACCEPT_ENCODING);
    let takes = takes.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let small = takes.split(',').any(|way| way.trim() == "gzip");
    let small = small.then(|| Built::get(&format!("{}.gz", path.trim_start_matches('/'))));
    let Some(small) = small.flatten() else {
        return (fields, Body::from(file.data.into_owned())).into_response();
    };
    fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    (fields, Body::from(small.data.into_owned())).into_response()
}

/// The page of the application, under a policy of its own answer.
fn application() -> Response {
    let Some(page) = Built::get("index.html") else {
        let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        return (StatusCode::SERVICE_UNAVAILABLE, kind, NOT_BUILT).into_response();
    };
    let Ok(number) = vault_core::people::random_session().map(hex::encode) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let text = String::from_utf8_lossy(&page.data).replace(NUMBER, &number);
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{number}'; \
         img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    );
    html(text, &policy)
}

/// The verifier that is in every package: its own policy is in it, by digest.
fn verifier() -> Response {
    match package::verifier() {
        Ok(text) => html(text, "frame-ancestors 'none'"),
        Err(fault) => Refused::from(fault).into_response(),
    }
}

fn html(text: String, policy: &str) -> Response {
    let Ok(policy) = HeaderValue::from_str(policy) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let fields = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (fields, text).into_response()
}
