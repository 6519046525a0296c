//! Messages on their way: what is to be said to whom on which channel, and how far it is.
//!
//! Promises: for a day, a kind, a channel and a recipient there is one row, so that nobody is told
//! twice; what stands in it is the message as it was made, so that it can be sent once more. Like
//! the queue it says what is owed, not what happened: it is no part of the fold.

use super::plan::Message;
use crate::catalog::{Cell, Cells, Kind, Session};
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{DELIVERIES_SHOWN_MAX, DELIVERY_ATTEMPTS_MAX};
use crate::policy::{Act, Actor};
use crate::vault::Vault;

/// How far a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be sent, or to be sent again.
    Waiting,
    /// Taken by whoever carries it on.
    Sent,
    /// Given up; waits for an administrator.
    Failed,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::Waiting, Self::Sent, Self::Failed];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }
}

/// A message and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The message.
    pub message: Message,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u64,
    /// When it was tried last.
    pub tried_at: Option<UtcTime>,
    /// What went wrong last; empty where nothing did.
    pub problem: String,
}

const COLUMNS: &str =
    "id, day, kind, channel, recipient, waiting, late, text, state, attempts, tried_ms, problem";

const KINDS: [Kind; 12] = [
    Kind::Text,
    Kind::Text,
    Kind::Text,
    Kind::Text,
    Kind::Text,
    Kind::Integer,
    Kind::Integer,
    Kind::Text,
    Kind::Text,
    Kind::Integer,
    Kind::Integer,
    Kind::Text,
];

fn of(row: Vec<Cell>) -> Outcome<Delivery> {
    let damaged = || Fault::new(Code::CatalogueDamaged).with("what", "delivery");
    let mut cells = Cells::of(row);
    let message = Message {
        id: cells.text()?,
        day: cells.text()?.parse().map_err(|_| damaged())?,
        kind: cells.text()?,
        channel: cells.text()?,
        recipient: cells.text()?,
        waiting: cells.count()?,
        late: cells.count()?,
        text: cells.text()?,
    };
    let state = cells.text()?;
    let state = DeliveryState::ALL.iter().find(|known| known.as_str() == state);
    let attempts = cells.count()?;
    let tried = cells.integer()?;
    Ok(Delivery {
        message,
        state: *state.ok_or_else(damaged)?,
        attempts,
        tried_at: (tried > 0).then(|| UtcTime::from_ms(tried)),
        problem: cells.text()?,
    })
}

async fn select(session: &mut Session, rest: &str, cells: &[Cell]) -> Outcome<Vec<Delivery>> {
    let sql = format!("SELECT {COLUMNS} FROM deliveries {rest}");
    session.fetch(&sql, cells, &KINDS).await?.into_iter().map(of).collect()
}

/// Puts messages down; one that is there already for its day, kind, channel and recipient is left
/// as it is.
pub(super) async fn put(vault: &Vault, messages: Vec<Message>) -> Outcome<u64> {
    let mut session = vault.catalog.database.write().await?;
    let sql = "INSERT INTO deliveries (id, day, kind, channel, recipient, waiting, late, text, \
         state, attempts, tried_ms, problem) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, 0, '') \
         ON CONFLICT (day, kind, channel, recipient) DO NOTHING";
    let mut new = 0;
    for message in messages {
        let count = |many: u64| Cell::Integer(i64::try_from(many).unwrap_or(i64::MAX));
        let cells = [
            Cell::Text(message.id),
            Cell::Text(message.day.to_string()),
            Cell::Text(message.kind),
            Cell::Text(message.channel),
            Cell::Text(message.recipient),
            count(message.waiting),
            count(message.late),
            Cell::Text(message.text),
        ];
        new += session.execute(sql, &cells).await?;
    }
    session.commit().await?;
    Ok(new)
}

/// What is still to be sent of that day.
pub(super) async fn waiting(vault: &Vault, day: Date) -> Outcome<Vec<Delivery>> {
    let mut session = vault.catalog.database.read().await?;
    let rest = "WHERE day = $1 AND state = 'waiting' ORDER BY channel, recipient, kind";
    select(&mut session, rest, &[Cell::Text(day.to_string())]).await
}

/// The delivery of that number, or of the beginning of it.
pub(super) async fn find(vault: &Vault, id: &str) -> Outcome<Delivery> {
    let unknown = || Fault::new(Code::EntryUnknown).with("id", id);
    let hex = id.len() >= 4 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hex {
        return Err(unknown());
    }
    let mut session = vault.catalog.database.read().await?;
    let like = Cell::Text(format!("{id}%"));
    let mut found = select(&mut session, "WHERE id LIKE $1 LIMIT 2", &[like]).await?;
    match (found.pop(), found.is_empty()) {
        (Some(delivery), true) => Ok(delivery),
        _ => Err(unknown()),
    }
}

/// Notes what came of an attempt: sent, or what went wrong.
pub(super) async fn note(vault: &Vault, id: &str, problem: Option<&str>) -> Outcome<()> {
    let sql = "UPDATE deliveries SET attempts = attempts + 1, tried_ms = $2, problem = $3, \
         state = CASE WHEN $3 = '' THEN 'sent' WHEN attempts + 1 >= $4 THEN 'failed' \
         ELSE 'waiting' END WHERE id = $1";
    let mut session = vault.catalog.database.write().await?;
    let cells = [
        Cell::Text(id.to_owned()),
        Cell::Integer(vault.clock.now().as_ms()),
        Cell::Text(problem.unwrap_or_default().to_owned()),
        Cell::Integer(DELIVERY_ATTEMPTS_MAX),
    ];
    session.execute(sql, &cells).await?;
    session.commit().await
}

/// How many of the last days wait for an administrator.
pub(super) async fn failed(vault: &Vault) -> Outcome<u64> {
    let since = Date::of(vault.clock.now()).plus_days(-7).to_string();
    let sql = "SELECT count(*) FROM deliveries WHERE state = 'failed' AND day >= $1";
    let mut session = vault.catalog.database.read().await?;
    let rows = session.fetch(sql, &[Cell::Text(since)], &[Kind::Integer]).await?;
    rows.into_iter().next().map_or(Ok(0), |row| Cells::of(row).count())
}

/// The last deliveries, the newest first; for administrators.
pub async fn deliveries(vault: &Vault, actor: &Actor) -> Outcome<Vec<Delivery>> {
    vault.admit(actor, Act::ReadReminders).await?;
    let mut session = vault.catalog.database.read().await?;
    let rest = "ORDER BY day DESC, channel, recipient, kind LIMIT $1";
    select(&mut session, rest, &[Cell::Integer(DELIVERIES_SHOWN_MAX)]).await
}
