//! Carries reminders to where the settings say: mail, webhooks, robots of group chats.
//!
//! Promises: what is sent is the message as it is given, and holds
//! nothing else of the vault; a secret is read from its file when it is used, and stands in no
//! problem that is noted; a server gets a bounded time, and its answer a bounded room; no redirect
//! is followed. Never decides what is sent, to whom, or how often.

mod limits;
mod mail;
mod robot;
mod secret;
mod signing;
mod webhook;

use std::error::Error;
use std::sync::Arc;
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::reminders::{Carry, MAIL, Message};
use vault_core::settings::Settings;
use vault_core::wording::Language;

/// What the core hands its messages to.
pub fn carrier() -> Carry {
    Arc::new(|settings, message| Box::pin(async move { carry(&settings, &message).await }))
}

/// A fault of a channel; the cause is shown to administrators.
fn undelivered(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Fault {
    Fault::new(Code::DeliveryFailed).caused_by(std::io::Error::other(cause))
}

async fn carry(settings: &Settings, message: &Message) -> Outcome<()> {
    let settings = &settings.reminders;
    let gone = || Fault::new(Code::DeliveryFailed).with("reason", "channel-gone");
    match message.channel.split_once(':') {
        None if message.channel == MAIL => {
            let language = Language::parse(&settings.language).unwrap_or(Language::Chinese);
            mail::send(settings.mail.as_ref().ok_or_else(gone)?, language, message).await
        }
        None => Err(gone()),
        Some(("webhook", name)) => {
            let found = settings.webhooks.iter().find(|one| one.name == name);
            webhook::send(found.ok_or_else(gone)?, &settings.address, message).await
        }
        Some((_, name)) => {
            let found = settings.robots.iter().find(|one| one.name == name);
            robot::send(found.ok_or_else(gone)?, message).await
        }
    }
}
