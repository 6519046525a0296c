//! Messages handed to whatever carries them; the daily job of the queue.
//!
//! Promises: what was taken is not sent again; what was not is noted with its problem, tried again
//! by the queue later and later, then given up, visibly.

use super::delivery::{self, Delivery, DeliveryState};
use super::plan::{Message, plan, trial};
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{Act, Actor};
use crate::settings::Settings;
use crate::vault::Vault;
use futures::future::BoxFuture;
use std::sync::Arc;

/// Carries one message to where the settings say. Durability: none beyond what the other side
/// promises. May be called for several messages at once; a message may come again after a fault,
/// and bears its number then. Fails with `DeliveryFailed`, whose cause holds no secret.
pub type Carry =
    Arc<dyn Fn(Arc<Settings>, Message) -> BoxFuture<'static, Outcome<()>> + Send + Sync>;

/// Whether reminders of today are owed: something is set up, and the hour has come.
pub(crate) fn due(vault: &Vault, settings: &Settings) -> bool {
    let hour = UtcTime::in_china(vault.clock.now());
    let hour: u32 = hour.get(11..13).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    settings.reminders.any() && hour >= settings.reminders.at_hour
}

/// What went wrong, for administrators: the cause, else the code.
pub fn problem_of(fault: &Fault) -> String {
    let cause = std::error::Error::source(fault).map(ToString::to_string);
    cause.unwrap_or_else(|| fault.code().as_str().to_owned())
}

async fn send(vault: &Vault, settings: &Arc<Settings>, carry: &Carry, one: Message) -> Outcome<()> {
    let id = one.id.clone();
    match carry(Arc::clone(settings), one).await {
        Ok(()) => delivery::note(vault, &id, None).await,
        Err(fault) => {
            delivery::note(vault, &id, Some(&problem_of(&fault))).await?;
            Err(fault)
        }
    }
}

/// Sends what today owes and was not sent; gives how many were. Fails, after everything was tried,
/// where one could not be delivered.
pub async fn deliver_due(vault: &Vault, actor: &Actor, carry: &Carry) -> Outcome<u64> {
    vault.admit(actor, Act::SendReminders).await?;
    let settings = Arc::new(Settings::read(vault.directory())?);
    delivery::put(vault, plan(vault, &settings).await?).await?;
    let (mut sent, mut failed) = (0, None);
    for waiting in delivery::waiting(vault, Date::of(vault.clock.now())).await? {
        match send(vault, &settings, carry, waiting.message).await {
            Ok(()) => sent += 1,
            Err(fault) => failed = Some(fault),
        }
    }
    failed.map_or(Ok(sent), Err)
}

/// Sends a message once more, with the same number.
pub async fn replay(vault: &Vault, actor: &Actor, carry: &Carry, id: &str) -> Outcome<Delivery> {
    vault.admit(actor, Act::SendReminders).await?;
    let settings = Arc::new(Settings::read(vault.directory())?);
    let found = delivery::find(vault, id).await?;
    send(vault, &settings, carry, found.message.clone()).await?;
    Ok(Delivery { state: DeliveryState::Sent, ..delivery::find(vault, id).await? })
}

/// Sends a trial message on every channel; gives what came of each.
pub async fn test(
    vault: &Vault,
    actor: &Actor,
    carry: &Carry,
) -> Outcome<Vec<(Message, Option<Fault>)>> {
    vault.admit(actor, Act::SendReminders).await?;
    let settings = Arc::new(Settings::read(vault.directory())?);
    let mut results = Vec::new();
    let own = actor.account().map(|own| own.id.to_string());
    let roll = crate::people::roll(vault).await?;
    let login = own.and_then(|id| roll.find(&id).map(|account| account.login.clone()));
    let login = login.unwrap_or_default();
    for message in trial(&settings.reminders, Date::of(vault.clock.now()), &login)? {
        let problem = carry(Arc::clone(&settings), message.clone()).await.err();
        results.push((message, problem));
    }
    if results.is_empty() {
        return Err(Fault::new(Code::SettingInvalid).with("argument", "reminders"));
    }
    Ok(results)
}
