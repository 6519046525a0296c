//! Counters, in the text form of Prometheus. Counts and sizes only: no names, no numbers of
//! recordings, no persons.

use crate::state::App;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use vault_core::clock::UtcTime;
use vault_core::fault::Outcome;

/// Method, route, status.
type Route = (String, String, u16);

/// The counters.
#[derive(Default)]
pub struct Metrics {
    /// By method, route and status: how many, and the seconds they took, in milliseconds.
    requests: Mutex<BTreeMap<Route, (u64, u64)>>,
    /// Bytes of uploads that came in.
    pub uploaded: AtomicU64,
    /// Bytes of recordings that went out.
    pub read: AtomicU64,
    /// Connections open.
    pub connections: AtomicU64,
}

/// Counts a request under its route, never under its path.
pub async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().as_str().to_owned();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "other".to_owned(), |route| route.as_str().to_owned());
    let response = next.run(request).await;
    let key = (method, route, response.status().as_u16());
    let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut requests = app.metrics.requests.lock().unwrap_or_else(PoisonError::into_inner);
    let entry = requests.entry(key).or_default();
    *entry = (entry.0 + 1, entry.1.saturating_add(took));
    response
}

/// A time in seconds since 1970.
fn seconds(at: UtcTime) -> u64 {
    u64::try_from(at.as_ms() / 1_000).unwrap_or(0)
}

/// The text.
pub async fn text(app: &App) -> Outcome<String> {
    let mut text = String::new();
    let held = app.vault.catalog().state().await?;
    let scrub = vault_core::preservation::scrub_status(&app.vault).await?;
    let copies = vault_core::preservation::stores_status(&app.vault).await?;
    let backups = vault_core::backup::backup_status(&app.vault).await?;
    let tiers = vault_core::preservation::tier_status(&app.vault).await?;
    let places = copies.classes.iter().flat_map(|class| &class.places);
    let misplaced = places.map(|(_, lacking)| lacking).sum();
    // The vault's own store has its figure among those of the scheduled reading.
    let unread = copies.stores.iter().skip(1).map(|store| store.overdue).sum();
    let out_of_reach = copies.stores.iter().filter(|store| !store.in_reach).count();
    let volumes = vault_core::volume::list(&app.vault).await?;
    let short = volumes.iter().filter(|volume| volume.is_short()).count();
    let due = vault_core::volume::due(&app.vault, 0).await?.len();
    // What cannot be signed is one thing, how much waits for it another.
    let signing = app.vault.signing_state().await;
    let gauges = [
        ("vault_recordings", held.recordings),
        ("vault_recording_bytes", held.bytes),
        ("vault_events", held.events),
        ("vault_ledger_unsignable", u64::from(signing.is_err())),
        ("vault_ledger_unsigned_events", signing.unwrap_or(0)),
        ("vault_recordings_damaged", held.damaged),
        ("vault_recordings_without_digests", held.without_digests),
        ("vault_oldest_check_seconds", held.oldest_check_seconds),
        ("vault_scrub_oldest_seconds", scrub.oldest_seconds),
        ("vault_scrub_bytes_per_day", scrub.bytes_per_day),
        ("vault_scrub_bytes_per_day_needed", scrub.bytes_per_day_needed),
        ("vault_scrub_predicted_end_seconds", scrub.predicted_end.map_or(0, seconds)),
        ("vault_scrub_overdue", scrub.overdue),
        ("vault_scrub_damaged", scrub.damaged),
        ("vault_copies_misplaced", misplaced),
        ("vault_copies_short", copies.classes.iter().map(|class| class.short).sum()),
        ("vault_stores_out_of_reach", out_of_reach as u64),
        ("vault_store_copies_overdue", unread),
        ("vault_backup_overdue", u64::from(backups.backup_due)),
        ("vault_backup_last_seconds", backups.last_made_at.map_or(0, seconds)),
        ("vault_rehearsal_overdue", u64::from(backups.rehearsal_due)),
        ("vault_rehearsal_last_seconds", backups.last_rehearsed_at.map_or(0, seconds)),
        ("vault_cold_recordings", tiers.recordings),
        ("vault_cold_bytes", tiers.bytes),
        ("vault_recalls_under_way", tiers.asked.len() as u64),
        ("vault_volumes_short", short as u64),
        ("vault_volume_copies_due", due as u64),
        ("vault_sessions", app.sessions.count() as u64),
        ("vault_connections", app.metrics.connections.load(Ordering::Relaxed)),
    ];
    // Writing to a String cannot fail.
    for (name, value) in gauges {
        writeln!(text, "# TYPE {name} gauge\n{name} {value}").ok();
    }
    let counters = [
        ("vault_uploaded_bytes_total", app.metrics.uploaded.load(Ordering::Relaxed)),
        ("vault_read_bytes_total", app.metrics.read.load(Ordering::Relaxed)),
    ];
    for (name, value) in counters {
        writeln!(text, "# TYPE {name} counter\n{name} {value}").ok();
    }
    let requests = app.metrics.requests.lock().unwrap_or_else(PoisonError::into_inner);
    writeln!(text, "# TYPE vault_requests_total counter").ok();
    for ((method, route, status), (count, _)) in requests.iter() {
        let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
        writeln!(text, "vault_requests_total{{{labels}}} {count}").ok();
    }
    writeln!(text, "# TYPE vault_request_seconds_total counter").ok();
    for ((method, route, status), (_, took)) in requests.iter() {
        let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
        let seconds = std::time::Duration::from_millis(*took).as_secs_f64();
        writeln!(text, "vault_request_seconds_total{{{labels}}} {seconds}").ok();
    }
    Ok(text)
}
