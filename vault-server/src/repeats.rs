//! Mutations that are sent again with the same `Idempotency-Key` get the answer of the first time
//! and are not done again. Remembered for a session of the service, in memory.

use crate::limits::REPEATS_REMEMBERED;
use crate::state::App;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use vault_core::fault::{Code, Fault};

type Key = [u8; 32];

#[derive(Clone)]
enum Answered {
    UnderWay,
    Done(StatusCode, HeaderMap, Bytes),
}

/// The answers.
#[derive(Default)]
pub struct Repeats(Mutex<(HashMap<Key, Answered>, VecDeque<Key>)>);

impl Repeats {
    fn take(&self, key: Key) -> Option<Answered> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.0.get(&key) {
            return Some(known.clone());
        }
        if all.1.len() >= REPEATS_REMEMBERED
            && let Some(oldest) = all.1.pop_front()
        {
            all.0.remove(&oldest);
        }
        all.0.insert(key, Answered::UnderWay);
        all.1.push_back(key);
        None
    }

    fn put(&self, key: Key, answered: Option<Answered>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answered) = answered {
            all.0.insert(key, answered);
        } else {
            all.0.remove(&key);
            all.1.retain(|other| *other != key);
        }
    }
}

/// What a mutation is known by: who sends it, what it is, and its key.
fn key_of(request: &Request) -> Option<Key> {
    let field = |name: &str| request.headers().get(name).map(axum::http::HeaderValue::as_bytes);
    let key = field("idempotency-key")?;
    let mut hasher = blake3::Hasher::new();
    for part in [
        request.method().as_str().as_bytes(),
        request.uri().to_string().as_bytes(),
        field("cookie").unwrap_or_default(),
        field("authorization").unwrap_or_default(),
        key,
    ] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    Some(*hasher.finalize().as_bytes())
}

/// Answers a repeated mutation as the first time. Answers that failed on our side, or that ask for
/// something first, are not remembered: the next attempt is a real one.
pub async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(key) = key_of(&request).filter(|_| !request.method().is_safe()) else {
        return next.run(request).await;
    };
    match app.repeats.take(key) {
        Some(Answered::Done(status, fields, body)) => {
            return (status, fields, body).into_response();
        }
        Some(Answered::UnderWay) => {
            let fault = Fault::new(Code::UploadBusy).with("upload", "Idempotency-Key");
            return crate::problem::Refused::from(fault).into_response();
        }
        None => {}
    }
    let response = next.run(request).await;
    let remembered = response.status().is_success();
    if !remembered {
        app.repeats.put(key, None);
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(collected) = body.collect().await else {
        app.repeats.put(key, None);
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let bytes = collected.to_bytes();
    let mut fields = parts.headers.clone();
    // A cookie is handed out once.
    fields.remove(header::SET_COOKIE);
    app.repeats.put(key, Some(Answered::Done(parts.status, fields, bytes.clone())));
    Response::from_parts(parts, Body::from(bytes))
}
