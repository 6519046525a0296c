//! Every route, each with the act of the policy table it asks for (`x-act` in its description).
//! A handler parses, does one act of the core, answers.

mod cases;
mod codes;
mod content;
mod devices;
mod forms;
mod inspections;
mod ledger;
mod oversight;
mod people;
mod preservation;
mod recordings;
mod registers;
mod requests;
mod reviews;
mod session;
mod set_up;
mod transcripts;
mod uploads;

use crate::state::App;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower::Layer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The description's head. Its version is that of the interface, not of the program.
#[derive(OpenApi)]
#[openapi(info(
    title = "执法音像证据库 · evidence vault",
    version = "1",
    description = "按吉民发〔2020〕26号保管、调取执法音像资料。 Errors are RFC 9457 problems with stable codes; lists are paged by key; mutations take Idempotency-Key.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Description;

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(session::routes())
        .merge(set_up::routes())
        .merge(recordings::routes())
        .merge(content::routes())
        .merge(transcripts::routes())
        .merge(cases::routes())
        .merge(requests::routes())
        .merge(forms::routes())
        .merge(oversight::routes())
        .merge(preservation::routes())
        .merge(inspections::routes())
        .merge(devices::routes())
        .merge(registers::routes())
        .merge(reviews::routes())
        .merge(people::routes())
        .merge(ledger::routes())
        .merge(codes::routes())
        .merge(uploads::routes())
}

/// The description of the interface, as it is served and committed.
pub fn description() -> String {
    let (_, api) = described().split_for_parts();
    let mut text = api.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

async fn served_description() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], description()).into_response()
}

async fn healthy() -> &'static str {
    "ok\n"
}

async fn ready(State(app): State<App>) -> crate::problem::Answer<&'static str> {
    app.vault.readiness().await?;
    Ok("ok\n")
}

async fn metrics(State(app): State<App>) -> crate::problem::Answer<Response> {
    let text = crate::metrics::text(&app).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

async fn checkpoint(State(app): State<App>) -> crate::problem::Answer<Response> {
    Ok(match app.vault.checkpoint()? {
        Some(note) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], note).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

async fn tile(
    State(app): State<App>,
    axum::extract::Path(path): axum::extract::Path<String>,
) -> crate::problem::Answer<Response> {
    Ok(match app.vault.hash_tile(&format!("tile/{path}"))? {
        Some(bytes) => {
            let kind = HeaderValue::from_static("application/octet-stream");
            ([(header::CONTENT_TYPE, kind)], bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

/// Fields that every answer bears: nothing of it is framed, sniffed, or told to other sites.
async fn guarded(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let protected = request.extensions().get::<crate::extract::Protected>();
    let protected = protected.is_some_and(|protected| protected.0);
    let mut response = next.run(request).await;
    let fields = response.headers_mut();
    let mut put = |name: header::HeaderName, value: &'static str| {
        fields.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(header::REFERRER_POLICY, "no-referrer");
    put(header::CACHE_CONTROL, "no-store");
    put(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    put(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    put(
        header::HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    );
    if protected {
        put(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Everything the service answers.
pub fn routes(app: App) -> Router {
    let (api, _) = described().split_for_parts();
    let inner: Router = api
        .layer(from_fn_with_state(app.clone(), crate::repeats::once))
        .route("/api/openapi.json", get(served_description))
        .route("/healthz", get(healthy))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/ledger/checkpoint", get(checkpoint))
        .route("/ledger/tile/{*path}", get(tile))
        .fallback(crate::pages::page)
        .layer(from_fn(crate::problem::in_words))
        .layer(from_fn_with_state(app.clone(), crate::metrics::count))
        .layer(from_fn(guarded))
        .with_state(app);
    // The method is put right before anything is routed by it.
    Router::new().fallback_service(from_fn(uploads::overridden).layer(inner))
}
