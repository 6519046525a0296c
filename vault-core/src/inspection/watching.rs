//! How much of a drawn recording was really watched: what a player says it played, and no more than
//! what was really served under the inspection's leave.
//!
//! Promises: nobody watched what did not leave the vault; what was served is put on record by the
//! vault itself, as it leaves; a verdict on less than the least share says why.

use super::acts::{refused, said};
use super::review::require_drawn;
use super::view::{InspectionView, find_one};
use crate::catalog::InspectionAct;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::WATCHED_RANGES_MAX;
use crate::policy::{Act, Actor, State};
use crate::vault::Vault;
use crate::vault::change::event;
use vault_proof::{Body, ContentId, InspectionBody, RecordId, Subject};

/// How much of a recording was watched by one person for an inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watching {
    /// Length of the recording; none where it is not known, or has none.
    pub duration_ms: Option<u64>,
    /// What players said they played, without what was played twice.
    pub played_ms: u64,
    /// The share that was served, in parts of a hundred.
    pub served_percent: u64,
}

impl Watching {
    /// What was watched: as much as is said, and no more than what was served can show.
    pub fn watched_ms(&self, said_ms: u64) -> u64 {
        let said = if self.played_ms > 0 { self.played_ms } else { said_ms };
        let most = self.duration_ms.unwrap_or(said).saturating_mul(self.served_percent) / 100;
        said.min(most)
    }

    /// The share that was watched, in parts of a hundred.
    pub fn percent(&self, said_ms: u64) -> u64 {
        match self.duration_ms.filter(|duration| *duration > 0) {
            Some(duration) => (self.watched_ms(said_ms).saturating_mul(100) / duration).min(100),
            None => self.served_percent,
        }
    }
}

/// The length of all stretches together, what lies in several counted once.
fn covered(mut ranges: Vec<(u64, u64)>) -> u64 {
    ranges.sort_unstable();
    let (mut total, mut end) = (0, 0);
    for (from, to) in ranges {
        total += to.saturating_sub(from.max(end));
        end = end.max(to);
    }
    total
}

fn range(text: &str) -> Option<(u64, u64)> {
    let (from, to) = text.split_once('-')?;
    Some((from.parse().ok()?, to.parse().ok()?)).filter(|(from, to)| from < to)
}

/// What was served of each length; the largest share of them is that of the recording, or of its
/// proxy.
fn served_percent(acts: &[InspectionAct]) -> u64 {
    let mut lengths: Vec<u64> = acts.iter().map(|act| act.items).filter(|of| *of > 0).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let share = |of: &u64| {
        let same = acts.iter().filter(|act| act.items == *of);
        covered(same.filter_map(|act| range(&act.value)).collect()).saturating_mul(100) / of
    };
    lengths.iter().map(share).max().unwrap_or(0)
}

/// How much of a recording this person watched for an inspection.
pub async fn watching(
    vault: &Vault,
    actor: &Actor,
    inspection: &RecordId,
    recording: &ContentId,
) -> Outcome<Watching> {
    let acts = vault.catalog.ask().await?.inspection_watching(inspection, recording).await?;
    let own: Vec<InspectionAct> =
        acts.into_iter().filter(|act| act.by_actor == actor.id()).collect();
    let (served, played): (Vec<_>, Vec<_>) =
        own.into_iter().partition(|act| act.kind == "inspection.served");
    let ranges = played.iter().flat_map(|act| act.value.split(' ')).filter_map(range).collect();
    let facts = vault.media_facts(recording).await?;
    let duration = facts.report().and_then(|report| report.duration_us);
    Ok(Watching {
        duration_ms: duration.map(|us| us.unsigned_abs() / 1_000).filter(|ms| *ms > 0),
        played_ms: covered(ranges),
        served_percent: served_percent(&served).min(100),
    })
}

/// Puts on record what a player says it played of a drawn recording.
pub async fn watched(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (recording, ranges): (&ContentId, &[(u64, u64)]),
) -> Outcome<()> {
    if ranges.is_empty() || ranges.len() > WATCHED_RANGES_MAX {
        let fault = Fault::new(Code::ArgumentInvalid).with("argument", "ranges");
        return Err(fault.with("limit", WATCHED_RANGES_MAX));
    }
    if let Some((from, _)) = ranges.iter().find(|(from, to)| from >= to) {
        return Err(Fault::new(Code::ArgumentInvalid).with("argument", from));
    }
    let view = find_one(vault, number).await?;
    let permitted = vault.permit(actor, Act::ReviewDrawn).await?;
    require_drawn(&view, recording)?;
    let ranges = ranges.iter().map(|(from, to)| format!("{from}-{to}")).collect();
    let (inspection, recording) = (view.id, *recording);
    let body = InspectionBody::Watched { inspection, recording, ranges };
    let payload = vault.seal_one(said(actor, "")).await?;
    let mut tx = vault.begin(permitted).await?;
    let about = vec![Subject::recording(&recording)];
    tx.append(vec![event(Body::Inspection(body), Some(payload), about)]).await?;
    vault.finish(tx).await
}

/// Puts on record what of a drawn recording, or of its proxy, really left.
pub(crate) async fn served(
    vault: &Vault,
    actor: &Actor,
    (inspection, recording): (RecordId, ContentId),
    (from, to, of): (u64, u64, u64),
) -> Outcome<()> {
    let about = vec![Subject::recording(&recording)];
    let permitted = vault.permit_in(actor, Act::ReadRecording, State::Drawn, about.clone()).await?;
    let body = InspectionBody::Served { inspection, recording, from, to, of };
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(Body::Inspection(body), None, about)]).await?;
    vault.finish(tx).await
}

/// Refuses a verdict on less than the least share that does not say why.
pub(super) fn require_watched(
    view: &InspectionView,
    (percent, least): (u64, u64),
    note: &str,
) -> Outcome<()> {
    if percent >= least || !note.trim().is_empty() {
        return Ok(());
    }
    let fault = refused(view, "watched-too-little").with("count", percent);
    Err(fault.with("limit", least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_played_twice_counts_once_and_nobody_watched_what_was_not_served() {
        assert_eq!(covered(vec![(0, 10), (5, 15), (20, 30), (21, 22)]), 25);
        assert_eq!(covered(Vec::new()), 0);
        let seen = |played_ms, served_percent| Watching {
            duration_ms: Some(60_000),
            played_ms,
            served_percent,
        };
        assert_eq!(seen(60_000, 100).percent(0), 100);
        assert_eq!(seen(60_000, 30).percent(0), 30, "a player may say what it likes");
        assert_eq!(seen(0, 100).percent(30_000), 50, "without a player what is said counts");
        assert_eq!(seen(6_000, 100).percent(60_000), 10, "with one it does not");
        let unknown = Watching { duration_ms: None, played_ms: 0, served_percent: 70 };
        assert_eq!((unknown.percent(100), unknown.watched_ms(100)), (70, 70));
    }
}
