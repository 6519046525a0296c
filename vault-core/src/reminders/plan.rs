//! Which reminders a day owes: to whom, on which channel, how many things wait.
//!
//! Promises: a message holds numbers and an address, and nothing else of the vault; a robot in a
//! group tells what waits for its unit, a thing once however many people could do it.

use super::duty::{Duties, Duty};
use crate::clock::Date;
use crate::fault::Outcome;
use crate::people::Account;
use crate::policy::{ActingAccount, Actor, Role};
use crate::settings::{ReminderSettings, Settings};
use crate::store::cipher::random_bytes;
use crate::vault::Vault;
use crate::wording::{Language, Wording};

/// A message. Holds no case number, no name of a recording or counterpart, no reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its number; the same when it is sent once more.
    pub id: String,
    /// The day it is for.
    pub day: Date,
    /// `todo`, `escalation` or `test`.
    pub kind: String,
    /// `mail`, or `webhook:` or `robot:` and the name of the setting.
    pub channel: String,
    /// The name to sign in with, or the unit of a group; empty for the whole office.
    pub recipient: String,
    /// How many things wait.
    pub waiting: u64,
    /// How many of them are late.
    pub late: u64,
    /// What is said.
    pub text: String,
}

/// The channel of letters.
pub const MAIL: &str = "mail";

/// What waits for one recipient.
struct Wait {
    recipient: String,
    waiting: u64,
    late: u64,
    escalated: u64,
}

fn actor_of(account: &Account) -> Actor {
    let acting =
        ActingAccount { id: account.id, unit: account.unit.clone(), inside: account.inside };
    Actor::signed_in(acting, account.roles.clone(), &account.person, [0; 16])
}

fn wait(duties: &Duties, actor: &Actor, recipient: &str) -> Wait {
    let own = duties.of(actor);
    let sum = |of: fn(&Duty) -> u64| own.iter().map(of).sum();
    Wait {
        recipient: recipient.to_owned(),
        waiting: sum(|duty| duty.count),
        late: sum(|duty| duty.late),
        escalated: duties.escalated(actor),
    }
}

/// Everybody of a unit as one: a thing that several of them could do is counted once.
fn group(duties: &Duties, unit: &str) -> Option<Wait> {
    let members: Vec<&Account> = duties
        .roll
        .accounts()
        .iter()
        .filter(|one| one.acts() && one.inside && (unit.is_empty() || one.unit == unit))
        .collect();
    let mut roles: Vec<Role> = members.iter().flat_map(|one| one.roles.clone()).collect();
    roles.sort_unstable();
    roles.dedup();
    let mut whole = (*members.first()?).clone();
    whole.roles = roles;
    Some(wait(duties, &actor_of(&whole), unit))
}

fn text(settings: &ReminderSettings, kind: &str, waiting: u64, late: u64) -> String {
    let language = Language::parse(&settings.language).unwrap_or(Language::Chinese);
    let (waiting, late) = (waiting.to_string(), late.to_string());
    let values = [("count", waiting.as_str()), ("late", &late), ("link", &settings.address)];
    Wording::new(language).text(&format!("reminder-{kind}"), &values)
}

fn messages(
    settings: &ReminderSettings,
    day: Date,
    channel: &str,
    wait: &Wait,
) -> Outcome<Vec<Message>> {
    let mut owed = Vec::new();
    for (kind, waiting, late) in
        [("todo", wait.waiting, wait.late), ("escalation", wait.escalated, wait.escalated)]
    {
        if waiting > 0 {
            owed.push(Message {
                id: hex::encode(random_bytes::<16>()?),
                day,
                kind: kind.to_owned(),
                channel: channel.to_owned(),
                recipient: wait.recipient.clone(),
                waiting,
                late,
                text: text(settings, kind, waiting, late),
            });
        }
    }
    Ok(owed)
}

/// The messages that today owes, whether they were sent or not.
pub async fn plan(vault: &Vault, settings: &Settings) -> Outcome<Vec<Message>> {
    let settings = &settings.reminders;
    let duties = Duties::gather(vault, settings.escalate_after).await?;
    let day = Date::of(vault.clock.now());
    let mut owed = Vec::new();
    for account in duties.roll.accounts().iter().filter(|one| one.acts()) {
        let waits = wait(&duties, &actor_of(account), &account.login);
        if settings.mail.as_ref().is_some_and(|mail| mail.address_of(&account.login).is_some()) {
            owed.extend(messages(settings, day, MAIL, &waits)?);
        }
        for webhook in &settings.webhooks {
            let channel = format!("webhook:{}", webhook.name);
            owed.extend(messages(settings, day, &channel, &waits)?);
        }
    }
    for robot in &settings.robots {
        let Some(waits) = group(&duties, &robot.unit) else { continue };
        owed.extend(messages(settings, day, &format!("robot:{}", robot.name), &waits)?);
    }
    Ok(owed)
}

/// One message to each channel that says it is a trial; the letter goes to who asks for it, or
/// where he has no address back to where it comes from.
pub(super) fn trial(settings: &ReminderSettings, day: Date, login: &str) -> Outcome<Vec<Message>> {
    let webhooks = settings.webhooks.iter();
    let webhooks = webhooks.map(|one| (format!("webhook:{}", one.name), "test".to_owned()));
    let mut places: Vec<_> = webhooks.collect();
    places.extend(settings.mail.as_ref().map(|_| (MAIL.to_owned(), login.to_owned())));
    let robots = settings.robots.iter();
    places.extend(robots.map(|one| (format!("robot:{}", one.name), one.unit.clone())));
    let message = |(channel, recipient)| {
        Ok(Message {
            id: hex::encode(random_bytes::<16>()?),
            day,
            kind: "test".to_owned(),
            channel,
            recipient,
            waiting: 0,
            late: 0,
            text: text(settings, "test", 0, 0),
        })
    };
    places.into_iter().map(message).collect()
}
