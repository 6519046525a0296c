//! Copies in further stores: made, read again, and used to mend what is damaged (R16, R17).
//!
//! Promises: nothing counts as a copy before it was read back; what is mended is mended with bytes
//! that were verified first, block by block, and what was there is kept aside; a block without a
//! good source stays as it is and is named. Never writes to a copy that agrees.

use super::examine::{Manner, VerifySummary, check_copies};
use super::pace::Pace;
use super::stores::{Further, all_further, find_store, further_in_use};
use super::tiers::{number, store_name};
use crate::catalog::{KeptCopy, NewEvent};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::jobs::JobKind;
use crate::limits::{COPY_BATCH_MAX, DAMAGED_SHOWN_MAX, SCRUB_SEGMENT_MAX};
use crate::policy::{Act, Actor};
use crate::settings::Settings;
use crate::stop::Stop;
use crate::store::backend::BlobReader;
use crate::store::check::Expected;
use crate::store::replica::Mended;
use crate::store::{MAIN_STORE, Store};
use crate::vault::{Vault, blocking};
use crate::work::by_hand;
use std::collections::HashSet;
use std::sync::Arc;
use vault_proof::{Body, ContentId, Damage, KeepingBody, RecordId};

/// Copies looked at together when a restored store is filled.
const REFILL_ROWS: u32 = 2_000;

/// What copying came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FillSummary {
    /// Objects copied and read back.
    pub objects: u64,
    /// Their stored bytes.
    pub bytes: u64,
    /// Objects that could not be copied, those whose own copy is damaged among them; they stay on
    /// the list.
    pub failed: u64,
    /// Which those are, at most as many as are shown.
    pub not_copied: Vec<ContentId>,
    /// Objects that were not come to, because the work was stopped.
    pub left: u64,
}

impl FillSummary {
    fn count_failed(&mut self, object: ContentId) {
        self.failed += 1;
        if self.not_copied.len() < DAMAGED_SHOWN_MAX {
            self.not_copied.push(object);
        }
    }
}

/// What mending an object came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Which object.
    pub object: ContentId,
    /// The store whose copy was mended, by name or number.
    pub store: String,
    /// Where the good bytes came from.
    pub source: String,
    /// Bytes that were fetched.
    pub moved: u64,
}

/// Fetches from further stores what the vault's own lacks, each object read back; for a vault that
/// was restored. Gives how many came, and what no store in reach has.
pub(crate) async fn refill(vault: &Vault, stop: &Stop) -> Outcome<(u64, Vec<ContentId>)> {
    let mut sources = Vec::new();
    for further in further_in_use(vault).await? {
        match vault.further_store(&further.id) {
            Ok(store) => sources.push((further.id.to_string(), store)),
            Err(fault) => {
                tracing::warn!(store = further.added.name, fault = %fault, "not in reach");
            }
        }
    }
    let (mut brought, mut missing, mut after) = (0, Vec::new(), String::new());
    loop {
        let page = vault.catalog.copies_after(MAIN_STORE, &after, REFILL_ROWS).await?;
        let Some(last) = page.last() else { return Ok((brought, missing)) };
        after = last.expected.id.to_string();
        for copy in page {
            stop.check()?;
            let (own, expected) = (vault.store.clone(), copy.expected.clone());
            if blocking(move || Ok(own.begin_check(&expected, None).is_ok())).await? {
                continue;
            }
            let mut came = false;
            for (id, source) in &sources {
                if !vault.catalog.was_placed(id, &copy.expected.id).await? {
                    continue;
                }
                let (own, from, expected) =
                    (vault.store.clone(), source.clone(), copy.expected.clone());
                match blocking(move || from.copy_to(&own, &expected)).await {
                    Ok(_) => {
                        came = true;
                        break;
                    }
                    Err(fault) => tracing::warn!(store = id, fault = %fault, "no good source"),
                }
            }
            if came { brought += 1 } else { missing.push(copy.expected.id) }
        }
    }
}

/// Copies to a further store what it does not hold yet, oldest first, each read back. Refused while
/// the service, or somebody else, is at it.
pub async fn fill_store(
    vault: &Vault,
    actor: &Actor,
    name: &str,
    stop: &Stop,
    report: &(dyn Fn(u64) + Send + Sync),
) -> Outcome<FillSummary> {
    let store = find_store(vault, name).await?;
    let _ = vault.permit(actor, Act::CopyOut).await?;
    by_hand(vault, JobKind::CopyOut, Box::pin(fill(vault, actor, &store, stop, report))).await
}

async fn fill(
    vault: &Vault,
    actor: &Actor,
    further: &Further,
    stop: &Stop,
    report: &(dyn Fn(u64) + Send + Sync),
) -> Outcome<FillSummary> {
    let id = further.id.to_string();
    let mut summary = FillSummary::default();
    let (own, other) = (vault.store.clone(), vault.further_store(&further.id)?);
    while !stop.requested() {
        // What failed stays at the head of the list; the rest behind it is still copied.
        let limit = COPY_BATCH_MAX as u64 + summary.failed;
        let lacking = vault.catalog.copies_lacking(&id, u32::try_from(limit).unwrap_or(u32::MAX));
        let lacking: Vec<KeptCopy> =
            lacking.await?.into_iter().skip(usize::try_from(summary.failed).unwrap_or(0)).collect();
        if lacking.is_empty() {
            break;
        }
        let mut placed = Vec::new();
        for copy in lacking {
            let (own, other, expected) = (own.clone(), other.clone(), copy.expected.clone());
            match blocking(move || own.copy_to(&other, &expected)).await {
                Ok(bytes) => {
                    report(bytes);
                    placed.push((copy.expected, bytes));
                }
                Err(fault) if is_about_the_store(&fault) => return Err(fault),
                Err(fault) => {
                    summary.count_failed(copy.expected.id);
                    tracing::error!(object = %copy.expected.id, fault = %fault, "not copied");
                }
            }
            if stop.requested() {
                break;
            }
        }
        summary.objects += placed.len() as u64;
        summary.bytes += placed.iter().map(|(_, bytes)| bytes).sum::<u64>();
        record_placed(vault, actor, further.id, placed).await?;
    }
    if stop.requested() {
        summary.left = vault.catalog.count_lacking(&id).await?.saturating_sub(summary.failed);
    }
    // Nothing is copied from what is known to be damaged; it must not be thought to be copied.
    for object in vault.catalog.damaged_lacking(&id).await? {
        summary.count_failed(object);
    }
    Ok(summary)
}

/// Whether the whole store cannot be used, and not one object.
fn is_about_the_store(fault: &Fault) -> bool {
    matches!(
        fault.code(),
        Code::DiskFull | Code::MediumFailed | Code::BackendFailed | Code::BackendUnreachable
    )
}

async fn record_placed(
    vault: &Vault,
    actor: &Actor,
    store: RecordId,
    placed: Vec<(Expected, u64)>,
) -> Outcome<()> {
    if placed.is_empty() {
        return Ok(());
    }
    let event = NewEvent {
        subjects: placed.iter().map(|(expected, _)| expected.subject.clone()).collect(),
        body: Body::Keeping(KeepingBody::CopiesPlaced {
            store,
            bytes: placed.iter().map(|(expected, _)| expected.bytes).sum(),
        }),
        payload: None,
    };
    record(vault, actor, Act::CopyOut, event).await
}

async fn record(vault: &Vault, actor: &Actor, act: Act, event: NewEvent) -> Outcome<()> {
    let permitted = vault.permit(actor, act).await?;
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event]).await?;
    vault.finish(tx).await
}

/// Reads copies of a further store again: everything, or what was not read since `before`.
pub async fn check_store(
    vault: &Vault,
    actor: &Actor,
    name: &str,
    before: Option<UtcTime>,
    stop: &Stop,
) -> Outcome<VerifySummary> {
    let store = find_store(vault, name).await?;
    let before = match before {
        Some(before) => before,
        None => vault.now_after_the_record().await?,
    };
    check(vault, actor, &store, before, None, stop).await
}

async fn check(
    vault: &Vault,
    actor: &Actor,
    further: &Further,
    before: UtcTime,
    pace: Option<Pace>,
    stop: &Stop,
) -> Outcome<VerifySummary> {
    let began = std::time::Instant::now();
    let id = further.id.to_string();
    let other = vault.further_store(&further.id)?;
    let mut summary = VerifySummary::default();
    // A clock that is behind the record gives what was read now a time that is no later.
    let mut read = HashSet::new();
    loop {
        let due = vault.catalog.copies_due(&id, before, SCRUB_SEGMENT_MAX).await?;
        let mut checked = Vec::new();
        let mut failed = Vec::new();
        for copy in due.into_iter().filter(|copy| !read.contains(&copy.expected.id)) {
            if stop.requested() {
                break;
            }
            let (other, expected, stop) = (other.clone(), copy.expected.clone(), stop.clone());
            let found = blocking(move || {
                let began = std::time::Instant::now();
                let found = other.check_whole(&expected);
                if let Some(pace) = pace {
                    pace.rest(expected.bytes, began.elapsed(), &stop);
                }
                Ok(found)
            });
            let found = found.await?;
            failed.extend(found.err().map(|fault| copy.expected.damage(&fault)));
            summary.bytes += copy.expected.bytes;
            checked.push(copy.expected);
        }
        if checked.is_empty() {
            break;
        }
        read.extend(checked.iter().map(|expected| expected.id));
        summary.objects += checked.len() as u64;
        summary.failed.extend(failed.iter().cloned());
        let event = NewEvent {
            subjects: checked.iter().map(|expected| expected.subject.clone()).collect(),
            body: Body::Keeping(KeepingBody::CopiesChecked {
                store: further.id,
                bytes: checked.iter().map(|expected| expected.bytes).sum(),
                failed,
            }),
            payload: None,
        };
        record(vault, actor, Act::CheckFixity, event).await?;
    }
    summary.elapsed = began.elapsed();
    Ok(summary)
}

/// A place where a copy of an object is.
struct Place {
    id: String,
    name: String,
    number: Option<RecordId>,
    store: Store,
}

/// Where an object is at home, the vault's own store or the cold one that it was taken to, and what
/// is expected of it there.
async fn home(vault: &Vault, object: &ContentId) -> Outcome<(Place, Expected)> {
    let place = match vault.catalog.cold(object).await? {
        None => Place {
            id: MAIN_STORE.to_owned(),
            name: MAIN_STORE.to_owned(),
            number: None,
            store: vault.store.clone(),
        },
        Some(row) => {
            let number = number(&row.store)?;
            let (name, store) =
                (store_name(vault, &row.store).await?, vault.further_store(&number)?);
            Place { id: row.store, name, number: Some(number), store }
        }
    };
    let copy = vault.catalog.copy(&place.id, object).await?;
    let unknown = || Fault::new(Code::RecordingUnknown).with("id", object);
    Ok((place, copy.ok_or_else(unknown)?.expected))
}

/// Every place with a copy of an object; where it is at home first.
async fn places(vault: &Vault, object: &ContentId, home: Place) -> Outcome<Vec<Place>> {
    let mut places = vec![home];
    for further in further_in_use(vault).await? {
        let id = further.id.to_string();
        if places[0].id == id || vault.catalog.copy(&id, object).await?.is_none() {
            continue;
        }
        match vault.further_store(&further.id) {
            Ok(store) => {
                places.push(Place {
                    id,
                    name: further.added.name,
                    number: Some(further.id),
                    store,
                });
            }
            Err(fault) => tracing::warn!(store = id, fault = %fault, "a store cannot be opened"),
        }
    }
    Ok(places)
}

/// Every place with a copy of an object, by number; `main` first. A store in use that cannot be
/// opened is a fault: who asks must reach all of them.
pub(crate) async fn places_of_copies(
    vault: &Vault,
    object: &ContentId,
) -> Outcome<Vec<(String, Store)>> {
    let mut places = vec![(MAIN_STORE.to_owned(), vault.store.clone())];
    for further in all_further(vault).await? {
        if vault.catalog.was_placed(&further.id.to_string(), object).await? {
            places.push((further.id.to_string(), vault.further_store(&further.id)?));
        }
    }
    Ok(places)
}

/// Mends every damaged copy of an object from the others; gives what was mended. Only the blocks
/// that do not agree are fetched, each from the first copy that has it whole. Refused where a block
/// is damaged in every copy.
pub async fn repair(vault: &Vault, actor: &Actor, object: &ContentId) -> Outcome<Vec<Repair>> {
    let _ = vault.permit(actor, Act::RepairCopy).await?;
    let (home, expected) = home(vault, object).await?;
    let here = home.number.is_none();
    let places = places(vault, object, home).await?;
    let mut repairs = Vec::new();
    for (index, place) in places.iter().enumerate() {
        let (store, asked) = (place.store.clone(), expected.clone());
        let Err(damage) = blocking(move || Ok(store.check_whole(&asked))).await? else { continue };
        let others = places.iter().enumerate().filter(|(other, _)| *other != index);
        let sources: Vec<&Place> = others.map(|(_, source)| source).collect();
        let from: Vec<Store> = sources.iter().map(|source| source.store.clone()).collect();
        let (store, asked) = (place.store.clone(), expected.clone());
        let found = blocking(move || store.mend_from(&from, &asked)).await;
        let (mended, left) = found.unwrap_or_else(|fault| (Vec::new(), Some(fault)));
        // Of what reads well a second time, by nobody's help, the first source is said.
        let most = mended.iter().map(|one| one.moved).max().unwrap_or(0);
        let none = most == 0 && left.is_none();
        let gave = |(at, one): &(usize, &Mended)| one.moved > 0 || (none && *at == 0);
        for (at, done) in mended.iter().enumerate().filter(gave) {
            let both = (place, sources[at]);
            repairs.push(record_repair(vault, actor, &expected, both, *done).await?);
        }
        if let Some(fault) = left {
            tracing::warn!(store = place.id, fault = %fault, "no good source");
            return Err(Fault::new(Code::NoGoodCopy).with("id", object).caused_by(damage));
        }
        record_whole(vault, actor, &expected, place).await?;
    }
    if !here {
        return Ok(repairs);
    }
    let main = check_copies(
        vault,
        actor,
        vec![expected],
        Manner::at_full_speed(false),
        Stop::default(),
        Arc::new(|_| {}),
    );
    match main.await?.0.failed.first() {
        None => Ok(repairs),
        Some(damage) => {
            Err(Fault::new(Code::NoGoodCopy).with("id", object).with("class", &damage.class))
        }
    }
}

/// Mends a recording where it is at home with its plain bytes on another medium, which the ledger
/// names as `source`, and from it every other copy; nothing where it agrees already.
pub(crate) async fn mend_with(
    vault: &Vault,
    actor: &Actor,
    recording: &ContentId,
    source: &str,
    plain: Arc<dyn BlobReader>,
) -> Outcome<Vec<Repair>> {
    let (home, expected) = home(vault, recording).await?;
    let (store, asked) = (home.store.clone(), expected.clone());
    if blocking(move || Ok(store.check_whole(&asked))).await?.is_ok() {
        return Ok(Vec::new());
    }
    let (store, keys, asked) = (home.store.clone(), Arc::clone(&vault.keys), expected.clone());
    let done = blocking(move || store.mend_with(&keys, &*plain, &asked)).await?;
    record(vault, actor, Act::RepairCopy, repaired(&expected, &home.id, source, done)).await?;
    record_whole(vault, actor, &expected, &home).await?;
    let (store, source) = (home.name, source.to_owned());
    let first = Repair { object: *recording, store, source, moved: done.moved };
    let mut repairs = vec![first];
    repairs.extend(repair(vault, actor, recording).await?);
    Ok(repairs)
}

fn about(expected: &Expected, body: KeepingBody) -> NewEvent {
    NewEvent { subjects: vec![expected.subject.clone()], body: Body::Keeping(body), payload: None }
}

fn repaired(expected: &Expected, store: &str, source: &str, done: Mended) -> NewEvent {
    let (store, source) = (store.to_owned(), source.to_owned());
    let object = expected.id;
    about(expected, KeepingBody::CopyRepaired { object, store, source, moved: done.moved })
}

async fn record_repair(
    vault: &Vault,
    actor: &Actor,
    expected: &Expected,
    (place, source): (&Place, &Place),
    done: Mended,
) -> Outcome<Repair> {
    let event = repaired(expected, &place.id, &source.id, done);
    record(vault, actor, Act::RepairCopy, event).await?;
    Ok(Repair {
        object: expected.id,
        store: place.name.clone(),
        source: source.name.clone(),
        moved: done.moved,
    })
}

/// Mending ends with reading the whole copy: of a further store that is put on record.
async fn record_whole(
    vault: &Vault,
    actor: &Actor,
    expected: &Expected,
    place: &Place,
) -> Outcome<()> {
    let Some(store) = place.number else { return Ok(()) };
    let checked = KeepingBody::CopiesChecked { store, bytes: expected.bytes, failed: Vec::new() };
    record(vault, actor, Act::CheckFixity, about(expected, checked)).await
}

/// Mends what a check found damaged, as far as there is a good copy; gives what was mended.
pub(super) async fn repair_found(
    vault: &Vault,
    actor: &Actor,
    failed: &[Damage],
) -> Outcome<Vec<Repair>> {
    let mut repairs = Vec::new();
    if failed.is_empty() || further_in_use(vault).await?.is_empty() {
        return Ok(repairs);
    }
    for damage in failed {
        match repair(vault, actor, &damage.recording).await {
            Ok(done) => {
                for Repair { object, store, source, moved } in &done {
                    tracing::info!(%object, store, source, moved, "a damaged copy was mended");
                }
                repairs.extend(done);
            }
            Err(fault) => {
                tracing::error!(object = %damage.recording, fault = %fault, "not mended");
            }
        }
    }
    Ok(repairs)
}

/// Whether any further store lacks something, or has something to be read again.
pub(crate) async fn copies_due(vault: &Vault) -> Outcome<bool> {
    let before = reading_due(vault)?;
    for store in further_in_use(vault).await? {
        let id = store.id.to_string();
        let lacks = !vault.catalog.copies_lacking(&id, 1).await?.is_empty();
        if lacks || !vault.catalog.copies_due(&id, before, 1).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Copies not read since then are to be read again.
fn reading_due(vault: &Vault) -> Outcome<UtcTime> {
    let days = Settings::read(vault.directory())?.scrub.period_days;
    let ms = i64::try_from(days).unwrap_or(0).saturating_mul(86_400_000);
    Ok(vault.clock.now().plus_ms(-ms / 10 * 9))
}

/// A turn of the standing work on further stores: fills each, then reads again what is due, at
/// the pace of the scrub.
pub(crate) async fn keep_copies(vault: &Vault, actor: &Actor, stop: &Stop) -> Outcome<()> {
    let before = reading_due(vault)?;
    let pace = Some(Pace::of(&Settings::read(vault.directory())?.scrub));
    for store in further_in_use(vault).await? {
        fill(vault, actor, &store, stop, &|_| {}).await?;
        let found = check(vault, actor, &store, before, pace, stop).await?;
        repair_found(vault, actor, &found.failed).await?;
    }
    Ok(())
}
