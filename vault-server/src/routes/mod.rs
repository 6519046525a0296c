//! Every route, each with the act of the policy table it asks for (`x-act` in its description).
//! A handler parses, does one act of the core, answers.

mod backups;
mod cases;
mod codes;
mod content;
mod desk;
mod devices;
mod disposals;
mod feed;
mod figures;
mod forms;
mod inspections;
mod ledger;
mod oversight;
mod people;
mod process;
mod provider;
mod publicity;
mod recordings;
mod registers;
mod reminders;
mod requests;
mod reviews;
mod schedule;
mod session;
mod set_up;
mod stores;
mod terms;
mod tiers;
mod transcripts;
mod uploads;
mod volumes;

use crate::problem::{Answer, PROBLEM_TYPE, Problem, ProblemWords};
use crate::state::App;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response as Answered};
use axum::routing::get;
use tower::Layer;
use utoipa::OpenApi;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::{Content, OpenApi as OpenApiDocument, Ref, RefOr, Response};
use utoipa_axum::router::OpenApiRouter;
use vault_core::clock::{Date, UtcTime, parse_time};
use vault_core::fault::{Code, Fault};

/// When a day begins that is so many days later; none if no day is asked for.
fn beginning(day: &str, later: i64) -> Answer<Option<UtcTime>> {
    if day.is_empty() {
        return Ok(None);
    }
    let invalid = || Fault::new(Code::ArgumentInvalid).with("argument", day);
    let date: Date = day.parse().map_err(|_| invalid())?;
    let text = format!("{} 00:00:00", date.plus_days(later));
    let (at, _zone_said) = parse_time(&text).ok_or_else(invalid)?;
    Ok(Some(at))
}

/// The description's head. Its version is that of the interface, not of the program.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "执法音像证据库 · evidence vault",
        version = "1",
        description = "按吉民发〔2020〕26号保管、调取执法音像资料。 Errors are RFC 9457 problems with stable codes; lists are paged by key; mutations take Idempotency-Key.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Problem, ProblemWords))
)]
struct Description;

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(session::routes())
        .merge(provider::routes())
        .merge(set_up::routes())
        .merge(recordings::routes())
        .merge(content::routes())
        .merge(transcripts::routes())
        .merge(cases::routes())
        .merge(requests::routes())
        .merge(figures::routes())
        .merge(forms::routes())
        .merge(oversight::routes())
        .merge(terms::routes())
        .merge(stores::routes())
        .merge(desk::routes())
        .merge(disposals::routes())
        .merge(backups::routes())
        .merge(schedule::routes())
        .merge(tiers::routes())
        .merge(volumes::routes())
        .merge(inspections::routes())
        .merge(devices::routes())
        .merge(registers::routes())
        .merge(reminders::routes())
        .merge(reviews::routes())
        .merge(publicity::routes())
        .merge(process::routes())
        .merge(people::routes())
        .merge(ledger::routes())
        .merge(codes::routes())
        .merge(uploads::routes())
}

/// Says of every answer that says no that it is a problem, and that there may be others.
fn with_problems(api: &mut OpenApiDocument) {
    let refused = |status: &str| status == "default" || status.starts_with(['4', '5']);
    for item in api.paths.paths.values_mut() {
        let PathItem { get, put, post, delete, options, head, patch, .. } = item;
        let head = head.as_mut().map(|operation| (operation, false));
        let others = [get, put, post, delete, options, patch].into_iter().flatten();
        for (operation, bears_body) in others.map(|operation| (operation, true)).chain(head) {
            let answers = &mut operation.responses.responses;
            answers.insert("default".to_owned(), RefOr::T(Response::new("Refused, or failed")));
            for (status, answer) in answers.iter_mut().filter(|_| bears_body) {
                if let RefOr::T(answer) = answer
                    && refused(status)
                    && answer.content.is_empty()
                {
                    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
                    answer.content.insert(PROBLEM_TYPE.to_owned(), problem.into());
                }
            }
        }
    }
}

/// The description of the interface, as it is served and committed.
pub fn description() -> String {
    let (_, mut api) = described().split_for_parts();
    with_problems(&mut api);
    let mut text = api.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

async fn served_description() -> Answered {
    ([(header::CONTENT_TYPE, "application/json")], description()).into_response()
}

async fn healthy() -> &'static str {
    "ok\n"
}

async fn ready(State(app): State<App>) -> Answer<&'static str> {
    app.vault.readiness().await?;
    Ok("ok\n")
}

async fn metrics(State(app): State<App>) -> Answer<Answered> {
    let text = crate::metrics::text(&app).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

async fn checkpoint(State(app): State<App>) -> Answer<Answered> {
    Ok(match app.vault.checkpoint()? {
        Some(note) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], note).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

async fn tile(
    State(app): State<App>,
    axum::extract::Path(path): axum::extract::Path<String>,
) -> Answer<Answered> {
    Ok(match app.vault.hash_tile(&format!("tile/{path}"))? {
        Some(bytes) => {
            let kind = HeaderValue::from_static("application/octet-stream");
            ([(header::CONTENT_TYPE, kind)], bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

/// Fields that every answer bears: nothing of it is framed, sniffed, or told to other sites.
async fn guarded(request: axum::extract::Request, next: axum::middleware::Next) -> Answered {
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
        .route("/publicity/feed.json", get(feed::json))
        .route("/publicity/feed.xml", get(feed::rss))
        .fallback(crate::pages::page)
        .layer(from_fn(crate::problem::in_words))
        .layer(from_fn_with_state(app.clone(), crate::metrics::count))
        .layer(from_fn(guarded))
        .with_state(app);
    // The method is put right before anything is routed by it.
    Router::new().fallback_service(from_fn(uploads::overridden).layer(inner))
}
