//! Hot and cold (冷热分层): where the bytes of a recording lie once nobody uses them.
//!
//! A recording past its hot period, without a request, a hold or an open case file, keeps its
//! facts, previews and texts where they are; its own bytes are taken from the vault's store when a
//! copy in the cold store was verified. Who may read it and asks for it has it brought back by a
//! job, and reads it as ever. Promises: nothing is taken away whose class would be left with fewer
//! good copies than are wanted; the event is durable before a byte goes; what waits for a volume,
//! is damaged or has no digests yet stays; a store of the archive kind is asked once and waited for
//! (R16; A3.12, A3.15, A2.18(二)).

use super::stores::{find_store, wanted_of};
use crate::access::{self, RequestState};
use crate::catalog::{ColdRow, KeptCopy, NewEvent};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::jobs::JobKind;
use crate::limits::{COOL_BATCH_MAX, COOL_EVERY, RECALL_EVERY};
use crate::policy::{Act, Actor};
use crate::retention;
use crate::settings::Settings;
use crate::stop::Stop;
use crate::store::backend::Recall;
use crate::store::check::Expected;
use crate::store::{MAIN_STORE, Store};
use crate::vault::change::event;
use crate::vault::{Vault, blocking};
use crate::work::by_hand;
use std::collections::BTreeMap;
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, KeepingBody, RecordId, Subject};

/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// Recordings looked at together.
const ROWS: u32 = 500;

/// Why a recording past its hot period stays hot, by its code.
pub const HOT_REASONS: &[&str] = &["request", "hold", "case-open", "volume", "copies"];

/// Where the bytes of a recording lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tier {
    /// In the vault's own store.
    Hot,
    /// In a cold store.
    Cold {
        /// Its name.
        store: String,
        /// Since when.
        since: UtcTime,
    },
    /// In a cold store, and on their way back.
    BroughtBack {
        /// Its name.
        store: String,
        /// When they were asked for.
        asked: UtcTime,
    },
}

impl Tier {
    /// The stable name.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::Cold { .. } => "cold",
            Self::BroughtBack { .. } => "brought-back",
        }
    }
}

/// What moving came to, or would come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// Recordings whose bytes went to the cold store, or would.
    pub cooled: u64,
    /// Their bytes.
    pub cooled_bytes: u64,
    /// Recordings past their hot period that stay, by reason.
    pub stay: BTreeMap<&'static str, u64>,
    /// Recordings that were brought back.
    pub recalled: u64,
    /// Recordings that are still on their way.
    pub under_way: u64,
}

/// How a vault stands with its cold store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierStatus {
    /// The cold store of the settings, by its name.
    pub store: Option<String>,
    /// Whether it must be asked for what lies in it.
    pub archives: bool,
    /// Days after which a recording is cold.
    pub after_days: u64,
    /// Recordings in cold stores.
    pub recordings: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those on their way back, and since when they were asked for.
    pub asked: Vec<(ContentId, UtcTime)>,
}

fn days_before(now: UtcTime, days: u64) -> UtcTime {
    now.plus_ms(-i64::try_from(days).unwrap_or(i64::MAX / DAY_MS).saturating_mul(DAY_MS))
}

pub(super) async fn store_name(vault: &Vault, number: &str) -> Outcome<String> {
    let acts = vault.catalog.ask().await?.store_acts().await?;
    let added = acts.into_iter().find(|act| act.store.to_string() == number);
    Ok(added.map_or_else(|| number.to_owned(), |act| act.name))
}

/// Where the bytes of a recording lie.
pub async fn tier_of(vault: &Vault, recording: &ContentId) -> Outcome<Tier> {
    let Some(row) = vault.catalog.cold(recording).await? else { return Ok(Tier::Hot) };
    let store = store_name(vault, &row.store).await?;
    Ok(if row.asked {
        Tier::BroughtBack { store, asked: row.at }
    } else {
        Tier::Cold { store, since: row.at }
    })
}

/// The cold store that the bytes of a recording lie in; none where they are at hand.
pub(crate) async fn cold_store(vault: &Vault, recording: &ContentId) -> Outcome<Option<RecordId>> {
    let row = vault.catalog.cold(recording).await?;
    row.map(|row| number(&row.store)).transpose()
}

/// Fails where one of these lies in an archive, which hands nothing out before somebody waited for
/// it: it is asked for thereby. From any other cold store it can be read as it lies.
pub(crate) async fn require_readable(
    vault: &Vault,
    actor: &Actor,
    recordings: &[(ContentId, RecordId)],
) -> Outcome<()> {
    let mut archived = Vec::new();
    for (recording, store) in recordings {
        if vault.further_store(store)?.backend().archives() {
            archived.push(*recording);
        }
    }
    require_hot(vault, actor, &archived).await
}

/// How much is cold, and what is on its way back.
pub async fn tier_status(vault: &Vault) -> Outcome<TierStatus> {
    let settings = Settings::read(vault.directory())?.tiers;
    let (recordings, bytes) = vault.catalog.cold_counts().await?;
    let asked = vault.catalog.all_cold(true).await?;
    let archives = match &settings.store {
        None => false,
        Some(name) => match find_store(vault, name).await {
            Ok(store) => vault.further_store(&store.id).is_ok_and(|at| at.backend().archives()),
            Err(_) => false,
        },
    };
    Ok(TierStatus {
        store: settings.store,
        archives,
        after_days: settings.after_days,
        recordings,
        bytes,
        asked: asked.into_iter().map(|row| (row.recording, row.at)).collect(),
    })
}

/// Fails where the bytes of a recording are not at hand: whoever may read it has asked for it
/// thereby, and reads it when it is back.
pub(crate) async fn require_hot(
    vault: &Vault,
    actor: &Actor,
    recordings: &[ContentId],
) -> Outcome<()> {
    let mut first = None;
    for recording in recordings {
        let Some(row) = vault.catalog.cold(recording).await? else { continue };
        let since = if row.asked { row.at } else { ask_back(vault, actor, &row).await? };
        let store = store_name(vault, &row.store).await?;
        first.get_or_insert((*recording, store, since));
    }
    match first {
        None => Ok(()),
        Some((recording, store, since)) => Err(Fault::new(Code::BeingBroughtBack)
            .with("recording", recording)
            .with("store", store)
            .with("since", since.in_china())),
    }
}

/// Asks for what is cold of these recordings, which somebody was just granted: it is on its way
/// while the grant runs. What is not asked for now is asked for when it is opened.
pub(crate) async fn ask_for_granted(vault: &Vault, actor: &Actor, recordings: &[ContentId]) {
    if let Err(fault) = require_hot(vault, actor, recordings).await
        && fault.code() != Code::BeingBroughtBack
    {
        tracing::warn!(%fault, "what was granted is cold and not asked for yet");
    }
}

async fn ask_back(vault: &Vault, actor: &Actor, row: &ColdRow) -> Outcome<UtcTime> {
    let (recording, about) = (row.recording, Subject::recording(&row.recording));
    let permitted = vault.permit(actor, Act::AskBack).await?;
    let payload = vault.seal_one(Value::map([("by", Value::text(actor.person()))])).await?;
    let body = Body::Keeping(KeepingBody::RecallAsked { recording, store: number(&row.store)? });
    let mut tx = vault.begin(permitted).await?;
    let appended = tx.append(vec![event(body, Some(payload), vec![about])]).await?;
    vault.finish(tx).await?;
    Ok(appended.first().map_or(vault.clock.now(), |one| one.at))
}

pub(super) fn number(store: &str) -> Outcome<RecordId> {
    store.parse().map_err(|_| Fault::new(Code::CatalogueDamaged).with("what", "store"))
}

/// What would go to the cold store now, and why what is past its hot period stays; of so many that
/// came first, or of all.
pub async fn plan_tiers(vault: &Vault, most: Option<u64>) -> Outcome<Moved> {
    cooling(vault, &Stop::default(), None, most).await
}

/// Takes what is cold to the cold store, and brings back what was asked for. Refused while the
/// service, or somebody else, is at it.
pub async fn move_tiers(vault: &Vault, actor: &Actor, stop: &Stop) -> Outcome<Moved> {
    let _ = vault.permit(actor, Act::CoolDown).await?;
    by_hand(vault, JobKind::MoveTiers, Box::pin(moved(vault, actor, stop))).await
}

async fn moved(vault: &Vault, actor: &Actor, stop: &Stop) -> Outcome<Moved> {
    let mut moved = cooling(vault, stop, Some(actor), None).await?;
    bring_back(vault, actor, stop, &mut moved).await?;
    Ok(moved)
}

/// Whether there is anything for the standing work.
pub(crate) async fn tiers_due(vault: &Vault) -> Outcome<bool> {
    let now = vault.clock.now();
    let asked = !vault.catalog.all_cold(true).await?.is_empty();
    if asked && vault.catalog.take_scrub_turn("recall", now, RECALL_EVERY).await? {
        return Ok(true);
    }
    let wanted = Settings::read(vault.directory())?.tiers.store.is_some();
    Ok(wanted && vault.catalog.take_scrub_turn("cool-down", now, COOL_EVERY).await?)
}

/// The standing work.
pub(crate) async fn keep_tiers(vault: &Vault, actor: &Actor, stop: &Stop) -> Outcome<()> {
    let moved = moved(vault, actor, stop).await?;
    if moved != Moved::default() {
        tracing::info!(cooled = moved.cooled, recalled = moved.recalled, "tiers were moved");
    }
    Ok(())
}

/// Goes through everything past its hot period; moves it where an actor is given.
async fn cooling(
    vault: &Vault,
    stop: &Stop,
    actor: Option<&Actor>,
    most: Option<u64>,
) -> Outcome<Moved> {
    let mut moved = Moved::default();
    let settings = Settings::read(vault.directory())?;
    let Some(name) = &settings.tiers.store else { return Ok(moved) };
    let further = find_store(vault, name).await?;
    let (id, now) = (further.id.to_string(), vault.clock.now());
    let times = (
        days_before(now, settings.tiers.after_days),
        days_before(now, settings.tiers.hot_again_days),
    );
    let (mut after, mut seen) = (None, 0);
    while most.is_none_or(|most| seen < most) {
        let page = vault.catalog.may_be_cold(&id, times, after, ROWS).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.place);
        seen += page.len() as u64;
        let mut batch = Vec::new();
        for copy in page {
            if stop.requested() {
                return Ok(moved);
            }
            if let Some(reason) = stays(vault, &settings, &copy).await? {
                *moved.stay.entry(reason).or_default() += 1;
                continue;
            }
            moved.cooled += 1;
            moved.cooled_bytes += copy.expected.bytes;
            batch.push(copy.expected);
        }
        if let Some(actor) = actor {
            for part in batch.chunks(COOL_BATCH_MAX) {
                cool(vault, actor, further.id, part).await?;
            }
        }
    }
    if actor.is_some() {
        sweep(vault).await?;
    }
    Ok(moved)
}

/// Why a recording past its hot period stays hot; `None` where nothing keeps it.
async fn stays(
    vault: &Vault,
    settings: &Settings,
    copy: &KeptCopy,
) -> Outcome<Option<&'static str>> {
    let recording = &copy.expected.id;
    let (class, elsewhere) = vault.catalog.further_copies(recording).await?;
    if elsewhere < wanted_of(&class, &settings.copies) {
        return Ok(Some("copies"));
    }
    if vault.catalog.waits_for_a_volume(recording).await? {
        return Ok(Some("volume"));
    }
    let kept = retention::show(vault, recording).await?;
    if let Some(block) = kept.blocks.iter().find(|block| block.kind != "case-term-unset") {
        return Ok(Some(if block.kind == "hold" { "hold" } else { "case-open" }));
    }
    for request in vault.catalog.ask().await?.requests_for(recording).await? {
        let view = access::show(vault, &request.request.to_string()).await?;
        if view.state != RequestState::Refused
            && view.state != RequestState::Expired
            && view.state != RequestState::Revoked
            && view.state != RequestState::UsedUp
        {
            return Ok(Some("request"));
        }
    }
    Ok(None)
}

/// Copies were made before; they are verified now, put on record, and only then bytes go.
pub(super) async fn cool(
    vault: &Vault,
    actor: &Actor,
    store: RecordId,
    batch: &[Expected],
) -> Outcome<()> {
    let cold = vault.further_store(&store)?;
    let mut sound = Vec::new();
    for expected in batch {
        let (cold, asked) = (cold.clone(), expected.clone());
        match blocking(move || cold.stands_for(&asked)).await {
            Ok(()) => sound.push(expected.clone()),
            Err(fault) => {
                tracing::error!(object = %expected.id, fault = %fault, "a cold copy does not agree");
            }
        }
    }
    if sound.is_empty() {
        return Ok(());
    }
    let body = KeepingBody::Cooled { store, bytes: sound.iter().map(|one| one.bytes).sum() };
    record(vault, actor, Act::CoolDown, body, &sound).await?;
    fail::fail_point!("tiers-cooled", |_| std::process::abort());
    let own = vault.store.clone();
    blocking(move || sound.iter().try_for_each(|one| own.take_away(one).map(drop))).await
}

async fn record(
    vault: &Vault,
    actor: &Actor,
    act: Act,
    body: KeepingBody,
    about: &[Expected],
) -> Outcome<()> {
    let permitted = vault.permit(actor, act).await?;
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![NewEvent {
        subjects: about.iter().map(|expected| expected.subject.clone()).collect(),
        body: Body::Keeping(body),
        payload: None,
    }])
    .await?;
    vault.finish(tx).await
}

/// Takes away what an interrupted turn put on record and left lying.
async fn sweep(vault: &Vault) -> Outcome<()> {
    for row in vault.catalog.all_cold(false).await?.into_iter().filter(|row| !row.asked) {
        let Some(expected) = expected_of(vault, &row).await? else { continue };
        let own = vault.store.clone();
        blocking(move || {
            if own.begin_check(&expected, None).is_ok() {
                own.take_away(&expected)?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}

async fn expected_of(vault: &Vault, row: &ColdRow) -> Outcome<Option<Expected>> {
    Ok(vault.catalog.recording(&row.recording).await?.map(|found| found.expected()))
}

/// Brings back what was asked for, as far as the cold stores hand it out.
async fn bring_back(vault: &Vault, actor: &Actor, stop: &Stop, moved: &mut Moved) -> Outcome<()> {
    for row in vault.catalog.all_cold(true).await? {
        if stop.requested() {
            return Ok(());
        }
        if vault.catalog.destroyed(&row.recording).await?.is_some() {
            continue;
        }
        let Some(expected) = expected_of(vault, &row).await? else { continue };
        match fetch(vault, &row, &expected).await {
            Ok(None) => moved.under_way += 1,
            Ok(Some(bytes)) => {
                let store = number(&row.store)?;
                let body = KeepingBody::Recalled { store, bytes };
                record(vault, actor, Act::BringBack, body, &[expected]).await?;
                moved.recalled += 1;
            }
            Err(fault) => {
                moved.under_way += 1;
                tracing::error!(object = %expected.id, fault = %fault, "not brought back");
            }
        }
    }
    Ok(())
}

/// The bytes of a recording from its cold store, or from any further store that has them; `None`
/// while they are on their way.
async fn fetch(vault: &Vault, row: &ColdRow, expected: &Expected) -> Outcome<Option<u64>> {
    let cold = vault.further_store(&number(&row.store)?)?;
    let (own, asked) = (vault.store.clone(), expected.clone());
    let first = blocking(move || fetch_from(&own, &cold, &asked)).await;
    let Err(fault) = first else { return first };
    for (id, other) in super::places_of_copies(vault, &expected.id).await? {
        if id == MAIN_STORE || id == row.store {
            continue;
        }
        let (own, asked) = (vault.store.clone(), expected.clone());
        if let Ok(Some(bytes)) = blocking(move || fetch_from(&own, &other, &asked)).await {
            return Ok(Some(bytes));
        }
    }
    Err(fault)
}

fn fetch_from(own: &Store, from: &Store, expected: &Expected) -> Outcome<Option<u64>> {
    if own.check_whole(expected).is_ok() {
        return Ok(Some(0));
    }
    match from.recall(expected)? {
        Recall::UnderWay => Ok(None),
        Recall::Ready => match own.mend_from(std::slice::from_ref(from), expected)? {
            (mended, None) => Ok(Some(mended.iter().map(|one| one.moved).sum())),
            (_, Some(left)) => Err(left),
        },
    }
}
