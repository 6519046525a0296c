//! Webhooks: one JSON document by POST, signed, with a number by which a repeated one is known.

use crate::limits::{ANSWER_BYTES_MAX, SEND_WAIT};
use crate::{secret, signing, undelivered};
use serde_json::json;
use vault_core::clock::Clock;
use vault_core::fault::Outcome;
use vault_core::reminders::Message;
use vault_core::settings::WebhookSettings;

/// A client that waits a bounded time and goes nowhere else than it is sent.
pub(crate) fn client() -> Outcome<reqwest::Client> {
    let nowhere = reqwest::redirect::Policy::none();
    let client = reqwest::Client::builder().timeout(SEND_WAIT).redirect(nowhere);
    client.build().map_err(|error| undelivered(error.without_url()))
}

/// The answer, as far as there is room for it.
pub(crate) async fn answer(mut response: reqwest::Response) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = ANSWER_BYTES_MAX.saturating_sub(bytes.len());
        bytes.extend_from_slice(chunk.get(..room.min(chunk.len())).unwrap_or_default());
        if bytes.len() >= ANSWER_BYTES_MAX {
            break;
        }
    }
    bytes
}

pub(crate) async fn send(to: &WebhookSettings, link: &str, message: &Message) -> Outcome<()> {
    let body = json!({
        "id": message.id, "kind": message.kind, "day": message.day.to_string(),
        "to": message.recipient, "count": message.waiting, "late": message.late,
        "text": message.text, "link": link,
    })
    .to_string();
    let time_ms = Clock::system().now().as_ms();
    let signature = signing::webhook(&secret::read(&to.secret_file)?, time_ms, &body);
    let sent = client()?
        .post(&to.url)
        .header("content-type", "application/json")
        .header("x-vault-delivery", &message.id)
        .header("x-vault-timestamp", time_ms.to_string())
        .header("x-vault-signature", format!("sha256={signature}"))
        .body(body)
        .send()
        .await;
    let response = sent.map_err(|error| undelivered(error.without_url()))?;
    match response.status() {
        status if status.is_success() => Ok(()),
        status => Err(undelivered(status.to_string())),
    }
}
