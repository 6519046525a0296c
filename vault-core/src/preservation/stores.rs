//! Further stores: which there are, how full and how sound, and how one stops to count (R16, R17).
//!
//! Promises: what a store enforces is found out by trying before it is used; a store stops to count
//! only when another person than the proposer says so (or the proposal is taken back or refused,
//! with a reason), and only while every object keeps the good
//! copies that are wanted of its class (A2.18(二), A3.12). Its bytes are left as they are. Where a
//! store is stands in the vault's description, never in the ledger.

use super::scrub::period_before;
use crate::catalog::{SealedPayload, StoreAct};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::{DAMAGED_SHOWN_MAX, STORE_ANSWER_WAIT, STORES_MAX};
use crate::policy::{Act, Actor, Permitted, State};
use crate::settings::{CopySettings, Settings};
use crate::store::MAIN_STORE;
use crate::store::backend::{Kind, StoreName};
use crate::vault::change::{event, new_record};
use crate::vault::{FurtherPlace, Vault, blocking};
use std::sync::Arc;
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, KeepingBody, RecordId, Subject};

/// The vault's own store, as programs name it.
pub const OWN_STORE: &str = MAIN_STORE;

/// A store as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreView {
    /// `main`, or its number.
    pub id: String,
    /// What people call it; empty for the vault's own.
    pub name: String,
    /// `local` or `s3`; empty for the vault's own.
    pub kind: String,
    /// `in-use`, `release-proposed` or `released`.
    pub state: &'static str,
    /// When it was added.
    pub added_at: Option<UtcTime>,
    /// Whether it refuses to create a name twice, as was found out.
    pub create_only: bool,
    /// Whether it refuses to delete a locked version, as was found out.
    pub object_lock: bool,
    /// Copies in it.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What it does not hold yet, at most as many as are copied in one turn.
    pub lacking: u64,
    /// Copies found damaged and not found whole since.
    pub damaged: u64,
    /// Of which objects, at most as many as are shown.
    pub damaged_objects: Vec<ContentId>,
    /// Copies not read again within the period of the scheduled reading.
    pub overdue: u64,
    /// When the copy that waits longest was last read, or placed.
    pub oldest_at: Option<UtcTime>,
    /// Whether the store answers; of one that was released nobody asks.
    pub in_reach: bool,
    /// That somebody proposed that it no longer counts.
    pub proposed: Option<ReleaseStep>,
    /// How the last proposal that came to nothing ended.
    pub withdrawn: Option<ReleaseStep>,
    /// That another person said so.
    pub released: Option<ReleaseStep>,
}

/// A step of a store's release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseStep {
    /// Who took it.
    pub person: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: UtcTime,
}

impl ReleaseStep {
    fn of(act: &StoreAct) -> Self {
        Self { person: act.person.clone(), reason: act.reason.clone(), at: act.at_ms }
    }
}

impl StoreView {
    /// Whether people have to see to it: it does not answer, or its copies are read too seldom.
    pub fn alarms(&self) -> bool {
        !self.in_reach || self.overdue > 0
    }
}

/// The copies there are of a class, and those that are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassCopies {
    /// `original`, `evidence` or `long-term`.
    pub class: String,
    /// Good copies wanted of each.
    pub wanted: u64,
    /// Objects of this class.
    pub objects: u64,
    /// Those with fewer good copies.
    pub short: u64,
    /// The stores that are to hold a good copy of each, and of how many they hold none.
    pub places: Vec<(String, u64)>,
}

impl ClassCopies {
    /// Of how many objects there are fewer good copies than are wanted, or not where they are
    /// wanted.
    pub fn lacking(&self) -> u64 {
        self.places.iter().fold(self.short, |most, (_, lacking)| most.max(*lacking))
    }

    /// Whether there are any.
    pub fn alarms(&self) -> bool {
        self.lacking() > 0
    }
}

/// All stores, and whether there are as many copies as are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoresStatus {
    /// The vault's own first.
    pub stores: Vec<StoreView>,
    /// By class.
    pub classes: Vec<ClassCopies>,
}

/// A further store, as its events tell.
#[derive(Debug, Clone)]
pub(super) struct Further {
    pub(super) id: RecordId,
    pub(super) added: StoreAct,
    pub(super) proposed: Option<StoreAct>,
    pub(super) withdrawn: Option<StoreAct>,
    pub(super) released: Option<StoreAct>,
}

fn further_of(acts: Vec<StoreAct>) -> Vec<Further> {
    let mut stores: Vec<Further> = Vec::new();
    for act in acts {
        let known = stores.iter_mut().find(|store| store.id == act.store);
        match (act.kind.as_str(), known) {
            ("store.added", None) => {
                let (proposed, withdrawn, released) = (None, None, None);
                stores.push(Further { id: act.store, added: act, proposed, withdrawn, released });
            }
            ("store.release-proposed", Some(store)) => store.proposed = Some(act),
            ("store.release-withdrawn", Some(store)) => {
                store.proposed = None;
                store.withdrawn = Some(act);
            }
            ("store.released", Some(store)) => store.released = Some(act),
            _ => {}
        }
    }
    stores
}

/// Every further store there ever was; those that were released may still hold bytes.
pub(super) async fn all_further(vault: &Vault) -> Outcome<Vec<Further>> {
    Ok(further_of(vault.catalog.ask().await?.store_acts().await?))
}

/// The further stores that count.
pub(super) async fn further_in_use(vault: &Vault) -> Outcome<Vec<Further>> {
    let acts = vault.catalog.ask().await?.store_acts().await?;
    Ok(further_of(acts).into_iter().filter(|store| store.released.is_none()).collect())
}

/// Number and name of each further store that counts.
pub(crate) async fn stores_in_use(vault: &Vault) -> Outcome<Vec<(RecordId, String)>> {
    let stores = further_in_use(vault).await?;
    Ok(stores.into_iter().map(|store| (store.id, store.added.name)).collect())
}

/// The pseudonyms of those who proposed the release of a store, one for each that waits.
pub(crate) async fn releases_proposed(vault: &Vault) -> Outcome<Vec<String>> {
    let proposed = further_in_use(vault).await?.into_iter().filter_map(|store| store.proposed);
    Ok(proposed.map(|act| act.by_actor).collect())
}

/// Copies in further stores that were found damaged and not made whole since.
pub(crate) async fn damaged_copies(vault: &Vault) -> Outcome<u64> {
    let now = vault.clock.now();
    let mut damaged = 0;
    for (id, _) in stores_in_use(vault).await? {
        damaged += vault.catalog.kept_counts(&id.to_string(), now, now).await?.damaged;
    }
    Ok(damaged)
}

/// The one further store in use of that name, number, or beginning of a number.
pub(super) async fn find_store(vault: &Vault, name: &str) -> Outcome<Further> {
    let mut found = further_in_use(vault).await?;
    let number = |store: &Further| store.id.to_string();
    found
        .retain(|one| one.added.name == name || (name.len() >= 4 && number(one).starts_with(name)));
    match (found.pop(), found.is_empty()) {
        (Some(store), true) => Ok(store),
        _ => Err(Fault::new(Code::StoreUnknown).with("id", name)),
    }
}

/// The name of the further store in use that has this name or number.
pub async fn require_store(vault: &Vault, name: &str) -> Outcome<String> {
    Ok(find_store(vault, name).await?.added.name)
}

/// Adds a store for copies: makes its place, finds out what it enforces, puts it on record. Gives
/// its number.
pub async fn add_store(
    vault: &Vault,
    actor: &Actor,
    name: &str,
    place: FurtherPlace,
) -> Outcome<RecordId> {
    checked_text("name", name, true)?;
    let refused = |reason: &str| {
        let fault = Fault::new(Code::ArgumentInvalid).with("argument", name);
        fault.with("reason", reason)
    };
    if name == MAIN_STORE {
        return Err(refused("store-name-reserved"));
    }
    let permitted = vault.permit(actor, Act::RegisterStore).await?;
    let known = further_in_use(vault).await?;
    if known.iter().any(|store| store.added.name == name) {
        return Err(refused("store-name-taken"));
    }
    if known.len() >= STORES_MAX {
        return Err(refused("too-many-stores").with("limit", STORES_MAX));
    }
    let store = new_record()?;
    // An S3 client belongs to the runtime it was made in.
    let backend = vault.make_store(&store, &place)?;
    let testing = Arc::clone(&backend);
    let found = blocking(move || testing.self_test()).await?;
    let payload = vault.seal_one(Value::map([("by", Value::text(actor.person()))])).await?;
    let body = KeepingBody::StoreAdded {
        store,
        kind: backend.kind().to_owned(),
        name: name.to_owned(),
        create_only: found.create_only,
        object_lock: found.object_lock,
    };
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(Body::Keeping(body), Some(payload), vec![Subject::vault()])]).await?;
    vault.finish(tx).await?;
    Ok(store)
}

/// All stores, how full and how sound each is, and whether there are copies enough.
pub async fn stores_status(vault: &Vault) -> Outcome<StoresStatus> {
    let acts = vault.catalog.ask().await?.store_acts().await?;
    let mut stores = vec![counted(vault, None).await?];
    for store in further_of(acts) {
        stores.push(counted(vault, Some(&store)).await?);
    }
    let wanted = Settings::read(vault.directory())?.copies;
    Ok(StoresStatus { stores, classes: class_copies(vault, &wanted).await? })
}

/// Good copies wanted of a class.
pub(super) fn wanted_of(class: &str, wanted: &CopySettings) -> u64 {
    match class {
        "long-term" => wanted.long_term,
        "evidence" => wanted.evidence,
        _ => wanted.original,
    }
}

/// Further stores that are to hold a class, by name.
fn places_of<'a>(class: &str, wanted: &'a CopySettings) -> &'a [String] {
    match class {
        "long-term" => &wanted.places.long_term,
        "evidence" => &wanted.places.evidence,
        _ => &wanted.places.original,
    }
}

async fn class_copies(vault: &Vault, wanted: &CopySettings) -> Outcome<Vec<ClassCopies>> {
    let numbers = (wanted.original, wanted.evidence, wanted.long_term);
    let counts = vault.catalog.short_of_copies(numbers).await?;
    let mut classes = Vec::new();
    for counts in counts {
        let mut places = Vec::new();
        for name in places_of(&counts.class, wanted) {
            let store = find_store(vault, name).await.ok().map(|store| store.id.to_string());
            // A store that is not there holds nothing.
            let lacking = match store {
                Some(store) => vault.catalog.lacking_in(&store, &counts.class).await?,
                None => counts.objects,
            };
            places.push((name.clone(), lacking));
        }
        let wanted = wanted_of(&counts.class, wanted);
        let (class, objects, short) = (counts.class, counts.objects, counts.short);
        classes.push(ClassCopies { class, wanted, objects, short, places });
    }
    Ok(classes)
}

/// Objects of which there are fewer good copies than are wanted, or not where they are wanted.
pub(crate) async fn lacking_copies(vault: &Vault) -> Outcome<u64> {
    let wanted = Settings::read(vault.directory())?.copies;
    Ok(class_copies(vault, &wanted).await?.iter().map(ClassCopies::lacking).sum())
}

/// Objects whose copy in a store was found damaged, those first that were found first; at most as
/// many as are shown.
pub async fn damaged_objects(vault: &Vault, store: &str) -> Outcome<Vec<ContentId>> {
    let (ever, most) = (UtcTime::from_ms(i64::MAX), DAMAGED_SHOWN_MAX);
    let most = u32::try_from(most).unwrap_or(u32::MAX);
    let copies = vault.catalog.copies_damaged(store, ever, most).await?;
    Ok(copies.into_iter().map(|copy| copy.expected.id).collect())
}

/// Whether a further store answers, within a bounded time.
pub(crate) async fn reach(vault: &Vault, store: &RecordId) -> Outcome<()> {
    let opened = vault.further_store(store)?;
    // Nothing has this name; that it is not there is an answer.
    let asking = blocking(move || opened.backend().length(Kind::Manifest, StoreName([0; 32])));
    let late = |_| Fault::new(Code::BackendUnreachable).with("store", store);
    tokio::time::timeout(STORE_ANSWER_WAIT, asking).await.map_err(late)?.map(drop)
}

async fn counted(vault: &Vault, further: Option<&Further>) -> Outcome<StoreView> {
    let now = vault.clock.now();
    let period_days = Settings::read(vault.directory())?.scrub.period_days;
    let id = further.map_or_else(|| MAIN_STORE.to_owned(), |store| store.id.to_string());
    let counts = vault.catalog.kept_counts(&id, now, period_before(now, period_days)).await?;
    let lacking = match further {
        Some(store) if store.released.is_none() => {
            vault.catalog.copies_lacking(&id, 10_000).await?.len()
        }
        _ => 0,
    };
    let in_use = further.filter(|store| store.released.is_none());
    let in_reach = match in_use {
        Some(store) => reach(vault, &store.id).await.is_ok(),
        None => true,
    };
    let added = further.map(|store| &store.added);
    let step =
        |of: &dyn Fn(&Further) -> Option<&StoreAct>| further.and_then(of).map(ReleaseStep::of);
    let damaged_objects = match counts.damaged {
        0 => Vec::new(),
        _ => damaged_objects(vault, &id).await?,
    };
    Ok(StoreView {
        id,
        name: added.map(|act| act.name.clone()).unwrap_or_default(),
        kind: added.map(|act| act.place.clone()).unwrap_or_default(),
        state: match further {
            Some(store) if store.released.is_some() => "released",
            Some(Further { proposed: Some(_), .. }) => "release-proposed",
            _ => "in-use",
        },
        added_at: added.map(|act| act.at_ms),
        create_only: added.is_none_or(|act| act.create_only),
        object_lock: added.is_some_and(|act| act.object_lock),
        objects: counts.objects,
        bytes: counts.bytes,
        lacking: lacking as u64,
        damaged: counts.damaged,
        damaged_objects,
        overdue: if further.is_none_or(|store| store.released.is_none()) {
            counts.overdue
        } else {
            0
        },
        oldest_at: counts.oldest_at,
        in_reach,
        proposed: step(&|store| store.proposed.as_ref()),
        withdrawn: step(&|store| store.withdrawn.as_ref()),
        released: step(&|store| store.released.as_ref()),
    })
}

/// Proposes that a store no longer counts. Refused while it is needed.
pub async fn propose_release(
    vault: &Vault,
    actor: &Actor,
    name: &str,
    reason: &str,
) -> Outcome<()> {
    checked_text("reason", reason, true)?;
    let store = find_store(vault, name).await?;
    let body = KeepingBody::ReleaseProposed { store: store.id };
    release_step(vault, actor, (&store, reason), (Act::ProposeRelease, State::Any, body)).await
}

/// Releases a store that another person proposed: its copies no longer count. Refused while it is
/// needed; its bytes are not touched.
pub async fn release_store(vault: &Vault, actor: &Actor, name: &str, reason: &str) -> Outcome<()> {
    checked_text("reason", reason, true)?;
    let store = find_store(vault, name).await?;
    let by = &proposal(&store)?.by_actor;
    let state = if *by == actor.id() { State::OwnProposal } else { State::OthersProposal };
    let body = KeepingBody::Released { store: store.id };
    release_step(vault, actor, (&store, reason), (Act::ReleaseStore, state, body)).await
}

/// Takes back or refuses the proposed release of a store, which counts as before.
pub async fn withdraw_release(
    vault: &Vault,
    actor: &Actor,
    name: &str,
    reason: &str,
) -> Outcome<()> {
    checked_text("reason", reason, true)?;
    let store = find_store(vault, name).await?;
    let body = KeepingBody::ReleaseWithdrawn { store: store.id };
    release_step(vault, actor, (&store, reason), (Act::WithdrawRelease, State::Any, body)).await
}

fn proposal(store: &Further) -> Outcome<&StoreAct> {
    let missing = || Fault::new(Code::StoreReleaseNotProposed).with("name", &store.added.name);
    store.proposed.as_ref().ok_or_else(missing)
}

/// Puts a step on record, or that it was refused. Judged while no other writer is at work: the
/// store stands as it was seen, and one that no longer counts, or is to, is not needed.
async fn release_step(
    vault: &Vault,
    actor: &Actor,
    (seen, reason): (&Further, &str),
    (act, state, body): (Act, State, KeepingBody),
) -> Outcome<()> {
    let permitted = vault.permit_in(actor, act, state, vec![Subject::vault()]).await?;
    let judged = permitted.judged(vec![Subject::vault()]);
    let plain = [("by", Value::text(actor.person())), ("reason", Value::text(reason))];
    let payload = vault.seal_one(Value::map(plain)).await?;
    let done = judged_release(vault, permitted, seen, (body, payload)).await;
    vault.answer(judged, done).await
}

async fn judged_release(
    vault: &Vault,
    permitted: Permitted,
    seen: &Further,
    (body, payload): (KeepingBody, SealedPayload),
) -> Outcome<()> {
    let mut tx = vault.begin(permitted).await?;
    let found = further_of(tx.ask().store_acts().await?);
    let unknown = || Fault::new(Code::StoreUnknown).with("id", &seen.added.name);
    let store = found.into_iter().find(|one| one.id == seen.id && one.released.is_none());
    let store = store.ok_or_else(unknown)?;
    let proposes = matches!(body, KeepingBody::ReleaseProposed { .. });
    if proposes && store.proposed.is_some() {
        return Err(Fault::new(Code::StoreReleaseProposed).with("name", &store.added.name));
    }
    if !proposes && *proposal(&store)? != *proposal(seen)? {
        // Made anew since it was judged, perhaps by whoever releases it.
        return Err(Fault::new(Code::StoreReleaseNotProposed).with("name", &seen.added.name));
    }
    if !matches!(body, KeepingBody::ReleaseWithdrawn { .. }) {
        require_enough_without(vault, &store).await?;
    }
    tx.append(vec![event(Body::Keeping(body), Some(payload), vec![Subject::vault()])]).await?;
    vault.finish(tx).await
}

/// No object of which this store holds a good copy has too few, or none where one is wanted, when
/// the store no longer counts. A store without good copies keeps nothing and is never needed.
async fn require_enough_without(vault: &Vault, store: &Further) -> Outcome<()> {
    let wanted = Settings::read(vault.directory())?.copies;
    let numbers = (wanted.original, wanted.evidence, wanted.long_term);
    for found in vault.catalog.short_without(numbers, &store.id.to_string()).await? {
        let placed = places_of(&found.class, &wanted).contains(&store.added.name);
        let short = if placed { found.objects } else { found.short };
        if short > 0 {
            return Err(Fault::new(Code::CopiesNeeded)
                .with("copy_class", &found.class)
                .with("short", short)
                .with("wanted", wanted_of(&found.class, &wanted)));
        }
    }
    Ok(())
}
