//! The scheduled reading: every stored byte is read again within its period (R17).
//!
//! What is to be read is chosen by age, without replacement: found damaged first, then what lies
//! beside a damage, then whatever waits longest. The chosen segment is read in physical order, at
//! the pace of the settings, by one reader. A stop loses nothing: finished copies are on record,
//! and in a long one the place is remembered. What does not agree is named, put on record, no
//! longer served, and mended where a further store has a good copy (A2.19(二)3–4, A3.16(四)(五)).

use super::copies::repair_found;
use super::examine::{Manner, VerifyReport, VerifySummary, check_copies};
use super::pace::Pace;
use crate::catalog::KeptCopy;
use crate::clock::UtcTime;
use crate::fault::Outcome;
use crate::limits::{SCRUB_BAD_AGAIN, SCRUB_EVERY, SCRUB_NEIGHBOURS, SCRUB_SEGMENT_MAX};
use crate::policy::Actor;
use crate::settings::{ScrubSettings, Settings};
use crate::stop::Stop;
use crate::store::MAIN_STORE;
use crate::store::backend::Kind;
use crate::vault::{Vault, blocking};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use vault_proof::ContentId;

/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// Days over which the rate of reading is told.
const RATE_DAYS: i64 = 7;

/// How much is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScrubExtent {
    /// What is due now: overdue copies and the day's share of the rest.
    Due,
    /// The oldest first, for so long or until everything was read once.
    For(Duration),
    /// What is due now, for so long at most: a turn of the standing job.
    Turn(Duration),
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScrubStatus {
    /// Copies kept, recordings and what was made of them.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Days within which each is to be read.
    pub period_days: u64,
    /// When the copy that waits longest was last read, or taken in.
    pub oldest_at: Option<UtcTime>,
    /// How long ago that was, in seconds.
    pub oldest_seconds: u64,
    /// Bytes read on an average day of the last seven.
    pub bytes_per_day: u64,
    /// Bytes to be read on each day to keep to the period.
    pub bytes_per_day_needed: u64,
    /// When everything stored now will have been read at that rate; none where nothing was read.
    pub predicted_end: Option<UtcTime>,
    /// Copies not read within the period.
    pub overdue: u64,
    /// Their bytes.
    pub overdue_bytes: u64,
    /// Copies found damaged and not found whole since.
    pub damaged: u64,
}

impl ScrubStatus {
    /// Whether everything is read within its period, at the rate there is.
    pub const fn keeps_its_period(&self) -> bool {
        self.overdue == 0
    }
}

/// How far the reading of the vault's own store is.
pub async fn scrub_status(vault: &Vault) -> Outcome<ScrubStatus> {
    let period_days = Settings::read(vault.directory())?.scrub.period_days;
    let now = vault.clock.now();
    let counts = vault
        .catalog
        .kept_counts(MAIN_STORE, now.plus_ms(-RATE_DAYS * DAY_MS), period_before(now, period_days))
        .await?;
    let bytes_per_day = counts.read_since / RATE_DAYS.unsigned_abs();
    let days = counts.bytes.checked_div(bytes_per_day);
    let days = days.and_then(|days| i64::try_from(days).ok());
    let waited = counts.oldest_at.map_or(0, |at| (now.as_ms() - at.as_ms()).max(0) / 1_000);
    Ok(ScrubStatus {
        objects: counts.objects,
        bytes: counts.bytes,
        period_days,
        oldest_at: counts.oldest_at,
        oldest_seconds: waited.unsigned_abs(),
        bytes_per_day,
        bytes_per_day_needed: counts.bytes.div_ceil(period_days.max(1)),
        predicted_end: days.map(|days| now.plus_ms(days.saturating_add(1).saturating_mul(DAY_MS))),
        overdue: counts.overdue,
        overdue_bytes: counts.overdue_bytes,
        damaged: counts.damaged,
    })
}

pub(super) fn period_before(now: UtcTime, days: u64) -> UtcTime {
    now.plus_ms(-i64::try_from(days).unwrap_or(i64::MAX / DAY_MS).saturating_mul(DAY_MS))
}

/// When a copy is due: after nine tenths of the period and up to all of it, by its id, so that
/// what came in on one day is not due on one day.
fn due_at(copy: &KeptCopy, period_days: u64) -> UtcTime {
    let period = i64::try_from(period_days).unwrap_or(i64::MAX / DAY_MS).saturating_mul(DAY_MS);
    let spread = i64::from(copy.expected.id.as_bytes()[0]);
    copy.examined_at.plus_ms(period / 10 * 9 + period / 10 * spread / 255)
}

/// Reads again what is due, or the oldest for a while. Damage is in the answer and on record.
pub async fn scrub(
    vault: &Vault,
    actor: &Actor,
    extent: ScrubExtent,
    stop: Stop,
    report: Arc<dyn Fn(VerifyReport) + Send + Sync>,
) -> Outcome<VerifySummary> {
    let settings = Settings::read(vault.directory())?.scrub;
    let began = Instant::now();
    let until = match extent {
        ScrubExtent::Due => None,
        ScrubExtent::For(time) | ScrubExtent::Turn(time) => began.checked_add(time),
    };
    let run = Run { vault, actor, settings, extent, until, began: vault.clock.now() };
    let mut summary = VerifySummary::default();
    let mut read: HashSet<ContentId> = HashSet::new();
    let mut next = run.found_damaged().await?;
    if next.is_empty() {
        next = run.segment(&read, 0).await?;
    }
    while !next.is_empty() && !run.ended(&stop) {
        read.extend(next.iter().map(|copy| copy.expected.id));
        let found = run.read(next, &stop, &report).await?;
        let beside = run.beside(&found.failed, &read).await?;
        summary.repaired.extend(repair_found(vault, actor, &found.failed).await?);
        summary.objects += found.objects;
        summary.bytes += found.bytes;
        summary.failed.extend(found.failed);
        next = if beside.is_empty() { run.segment(&read, summary.bytes).await? } else { beside };
    }
    summary.elapsed = began.elapsed();
    Ok(summary)
}

/// Whether it is time for a turn of the standing reading and there is anything to read.
pub(crate) async fn scrub_due(vault: &Vault) -> Outcome<bool> {
    let settings = Settings::read(vault.directory())?.scrub;
    if !vault.catalog.take_scrub_turn(MAIN_STORE, vault.clock.now(), SCRUB_EVERY).await? {
        return Ok(false);
    }
    let (extent, began) = (ScrubExtent::Due, vault.clock.now());
    let system = Actor::system([0; 16]);
    let run = Run { vault, actor: &system, settings, extent, until: None, began };
    Ok(!run.found_damaged().await?.is_empty() || !run.segment(&HashSet::new(), 0).await?.is_empty())
}

/// One run of the reading.
struct Run<'a> {
    vault: &'a Vault,
    actor: &'a Actor,
    settings: ScrubSettings,
    extent: ScrubExtent,
    until: Option<Instant>,
    began: UtcTime,
}

impl Run<'_> {
    fn ended(&self, stop: &Stop) -> bool {
        stop.requested() || self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// What was found damaged and not looked at since for long enough.
    async fn found_damaged(&self) -> Outcome<Vec<KeptCopy>> {
        let again = i64::try_from(SCRUB_BAD_AGAIN.as_millis()).unwrap_or(i64::MAX);
        let before = self.began.plus_ms(-again);
        self.vault.catalog.copies_damaged(MAIN_STORE, before, SCRUB_SEGMENT_MAX).await
    }

    /// The next copies by age, without those that this run has read.
    async fn segment(&self, read: &HashSet<ContentId>, bytes_read: u64) -> Outcome<Vec<KeptCopy>> {
        let before = match self.extent {
            ScrubExtent::For(_) => self.vault.now_after_the_record().await?,
            // What was read within a day is not read again, whatever the share.
            ScrubExtent::Due | ScrubExtent::Turn(_) => self.began.plus_ms(-DAY_MS),
        };
        let oldest = self.vault.catalog.copies_due(MAIN_STORE, before, SCRUB_SEGMENT_MAX).await?;
        let fresh = oldest.into_iter().filter(|copy| !read.contains(&copy.expected.id));
        if matches!(self.extent, ScrubExtent::For(_)) {
            return Ok(fresh.collect());
        }
        let mut share = self.share_left().await?.saturating_sub(bytes_read);
        let due = fresh.take_while(|copy| {
            let owed = share > 0 || due_at(copy, self.settings.period_days) <= self.began;
            share = share.saturating_sub(copy.expected.bytes);
            owed
        });
        Ok(due.collect())
    }

    /// What is left of the day's share, as it was when the run began.
    async fn share_left(&self) -> Outcome<u64> {
        let (day, now) = (self.began.plus_ms(-DAY_MS), self.began);
        let due = period_before(now, self.settings.period_days);
        let counts = self.vault.catalog.kept_counts(MAIN_STORE, day, due).await?;
        // A tenth of the period is kept in reserve.
        let share = counts.bytes.saturating_mul(10).div_ceil(self.settings.period_days.max(1) * 9);
        Ok(share.saturating_sub(counts.read_since))
    }

    /// What came in together with damaged copies and was not read in this run.
    async fn beside(
        &self,
        failed: &[vault_proof::Damage],
        read: &HashSet<ContentId>,
    ) -> Outcome<Vec<KeptCopy>> {
        let mut beside = Vec::new();
        let mut known = HashSet::new();
        for damage in failed {
            let catalog = &self.vault.catalog;
            let Some(copy) = catalog.copy(MAIN_STORE, &damage.recording).await? else { continue };
            for copy in catalog.copies_beside(MAIN_STORE, copy.place, SCRUB_NEIGHBOURS).await? {
                let id = copy.expected.id;
                if !read.contains(&id) && known.insert(id) {
                    beside.push(copy);
                }
            }
        }
        Ok(beside)
    }

    /// Reads these in their physical order, and remembers where a long one was left.
    async fn read(
        &self,
        copies: Vec<KeptCopy>,
        stop: &Stop,
        report: &Arc<dyn Fn(VerifyReport) + Send + Sync>,
    ) -> Outcome<VerifySummary> {
        let bytes = copies.iter().map(|copy| copy.expected.bytes).sum();
        report(VerifyReport::Found { objects: copies.len() as u64, bytes });
        let catalog = &self.vault.catalog;
        let since = self.began.plus_ms(-RATE_DAYS * DAY_MS);
        let from = catalog.scrub_progress(MAIN_STORE, since).await?;
        let ordered = in_physical_order(self.vault, copies).await?;
        let expected = ordered.into_iter().map(|copy| copy.expected).collect();
        let pace = Some(Pace::of(&self.settings));
        let manner = Manner { keyless: false, workers: 1, pace, until: self.until, from };
        let (summary, reached) = check_copies(
            self.vault,
            self.actor,
            expected,
            manner,
            stop.clone(),
            Arc::clone(report),
        )
        .await?;
        for (expected, extent) in &reached {
            let now = self.vault.clock.now();
            catalog.set_scrub_progress(MAIN_STORE, expected, *extent, now).await?;
        }
        Ok(summary)
    }
}

/// In the order in which the bytes lie, as far as the store can tell.
async fn in_physical_order(vault: &Vault, copies: Vec<KeptCopy>) -> Outcome<Vec<KeptCopy>> {
    let store = vault.store.clone();
    blocking(move || {
        let mut placed: Vec<(u64, KeptCopy)> = copies
            .into_iter()
            .map(|copy| {
                // What cannot be found has no place; the check itself says what is wrong.
                let manifest = store.manifest(store.manifest_name(&copy.expected.id));
                let data = manifest.ok().flatten().map(|manifest| manifest.open.data);
                let place = data.and_then(|data| store.backend().position(Kind::Data, data));
                (place.unwrap_or(0), copy)
            })
            .collect();
        placed.sort_by_key(|(place, _)| *place);
        Ok(placed.into_iter().map(|(_, copy)| copy).collect())
    })
    .await
}
