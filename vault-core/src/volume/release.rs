//! Copies that no longer count, because others took their place.
//!
//! Promises: proposed by one person and released by another, or taken back or refused with a
//! reason; refused while any recording that the vault still keeps would be left with fewer than two
//! good copies in two places (A3.12). The medium is not touched, and the copy stays in the catalogue
//! with all that happened to it.

use super::views::{CopyRelease, ShelvedCopy, VolumeView, find, folded};
use crate::catalog::{SealedPayload, Tx};
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::LONG_TERM_COPIES;
use crate::policy::{Act, Actor, Permitted, State};
use crate::vault::Vault;
use crate::vault::change::event;
use std::collections::{BTreeMap, BTreeSet};
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, RecordId, Subject, VolumeBody};

/// A copy by the label of its volume and its number.
#[derive(Debug, Clone, Copy)]
pub struct CopyName<'a> {
    /// What stands on the label.
    pub label: &'a str,
    /// Which copy.
    pub copy: u64,
}

/// Proposes that a copy no longer counts.
pub async fn propose_release(
    vault: &Vault,
    actor: &Actor,
    name: CopyName<'_>,
    reason: &str,
) -> Outcome<VolumeView> {
    let body = |volume, copy| VolumeBody::ReleaseProposed { volume, copy };
    step(vault, actor, (name, reason), (Act::ProposeCopyRelease, body)).await
}

/// Takes back or refuses the proposed release of a copy, which counts as before.
pub async fn withdraw_release(
    vault: &Vault,
    actor: &Actor,
    name: CopyName<'_>,
    reason: &str,
) -> Outcome<VolumeView> {
    let body = |volume, copy| VolumeBody::ReleaseWithdrawn { volume, copy };
    step(vault, actor, (name, reason), (Act::WithdrawCopyRelease, body)).await
}

/// Releases a copy that another person proposed.
pub async fn release(
    vault: &Vault,
    actor: &Actor,
    name: CopyName<'_>,
    reason: &str,
) -> Outcome<VolumeView> {
    checked_text("reason", reason, true)?;
    let volume = find(vault, name.label).await?;
    let proposal = volume.copies.iter().find(|copy| copy.copy == name.copy);
    let proposal = proposal.and_then(|copy| copy.release.as_ref());
    let proposal = proposal.ok_or_else(|| refused(name, "not-proposed"))?;
    let own = proposal.proposed_by == actor.id();
    let state = if own { State::OwnProposal } else { State::OthersProposal };
    let about = vec![Subject::vault()];
    let permitted = vault.permit_in(actor, Act::ReleaseVolumeCopy, state, about).await?;
    let body = VolumeBody::CopyReleased { volume: volume.id, copy: name.copy };
    append(vault, (permitted, actor), (name, reason, body), Some(proposal)).await
}

/// A step for which it does not matter whose proposal it is.
async fn step(
    vault: &Vault,
    actor: &Actor,
    (name, reason): (CopyName<'_>, &str),
    (act, body): (Act, fn(RecordId, u64) -> VolumeBody),
) -> Outcome<VolumeView> {
    checked_text("reason", reason, true)?;
    let volume = find(vault, name.label).await?;
    let permitted = vault.permit_in(actor, act, State::Any, vec![Subject::vault()]).await?;
    append(vault, (permitted, actor), (name, reason, body(volume.id, name.copy)), None).await
}

pub(super) fn refused(name: CopyName<'_>, reason: &str) -> Fault {
    let fault = Fault::new(Code::VolumeStepRefused).with("id", name.label);
    fault.with("copy", name.copy).with("reason", reason)
}

/// What stands against a step, from the proposal there is and the one that was judged before.
fn obstacle(
    body: &VolumeBody,
    now: Option<&CopyRelease>,
    judged: Option<&CopyRelease>,
) -> Option<&'static str> {
    match (body, now) {
        (_, Some(release)) if release.released.is_some() => Some("released"),
        (VolumeBody::ReleaseProposed { .. }, Some(_)) => Some("proposed"),
        (VolumeBody::ReleaseProposed { .. }, None) => None,
        // One that was taken back meanwhile, and made anew by whoever releases, is his own.
        (VolumeBody::CopyReleased { .. }, now) if now != judged => Some("not-proposed"),
        (_, now) => now.is_none().then_some("not-proposed"),
    }
}

/// Puts a step on record, judged by what is so while no other writer is at work.
async fn append(
    vault: &Vault,
    (permitted, actor): (Permitted, &Actor),
    (name, reason, body): (CopyName<'_>, &str, VolumeBody),
    proposal: Option<&CopyRelease>,
) -> Outcome<VolumeView> {
    let plain = [("by", Value::text(actor.person())), ("reason", Value::text(reason))];
    let payload = vault.seal_one(Value::map(plain)).await?;
    let judged = permitted.judged(vec![Subject::vault()]);
    let done = judged_step(vault, permitted, (name, body, payload), proposal).await;
    vault.answer(judged, done).await?;
    find(vault, name.label).await
}

async fn judged_step(
    vault: &Vault,
    permitted: Permitted,
    (name, body, payload): (CopyName<'_>, VolumeBody, SealedPayload),
    judged: Option<&CopyRelease>,
) -> Outcome<()> {
    let mut tx = vault.begin(permitted).await?;
    let volumes = folded(tx.ask().volume_acts().await?);
    let volume = volumes.iter().find(|volume| volume.id == *body.volume());
    let copy = volume.and_then(|volume| volume.copies.iter().find(|one| one.copy == name.copy));
    let copy = copy.ok_or_else(|| refused(name, "not-on-a-shelf"))?;
    if let Some(reason) = obstacle(&body, copy.release.as_ref(), judged) {
        return Err(refused(name, reason));
    }
    if !matches!(body, VolumeBody::ReleaseWithdrawn { .. }) {
        require_enough_without(vault, &mut tx, &volumes, (body.volume(), name)).await?;
    }
    tx.append(vec![event(Body::Volume(body), Some(payload), vec![Subject::vault()])]).await?;
    vault.finish(tx).await
}

async fn require_enough_without(
    vault: &Vault,
    tx: &mut Tx,
    volumes: &[VolumeView],
    (volume, name): (&RecordId, CopyName<'_>),
) -> Outcome<()> {
    match short_without(vault, tx, volumes, (volume, name.copy)).await? {
        None => Ok(()),
        Some(recording) => Err(Fault::new(Code::VolumeCopyNeeded)
            .with("id", name.label)
            .with("recording", recording)
            .with("expected", LONG_TERM_COPIES)),
    }
}

/// A recording of this volume that would have good copies in fewer places than are wanted, if this
/// copy did not count; `None` where there is none.
async fn short_without(
    vault: &Vault,
    tx: &mut Tx,
    volumes: &[VolumeView],
    (volume, copy): (&RecordId, u64),
) -> Outcome<Option<ContentId>> {
    let destroyed = vault.catalog.all_destroyed().await?;
    let wanted = tx.ask().volume_items(volume).await?;
    let wanted = wanted.into_iter().filter(|recording| !destroyed.contains(recording));
    let mut places: BTreeMap<ContentId, BTreeSet<&str>> =
        wanted.map(|recording| (recording, BTreeSet::new())).collect();
    for other in volumes {
        let good = other.copies.iter().filter(|one| one.is_good());
        let left = good.filter(|one| !(other.id == *volume && one.copy == copy));
        let left: BTreeSet<&str> = left.map(ShelvedCopy::building).collect();
        if left.is_empty() {
            continue;
        }
        for recording in tx.ask().volume_items(&other.id).await? {
            if let Some(places) = places.get_mut(&recording) {
                places.extend(&left);
            }
        }
    }
    let enough = |places: &BTreeSet<&str>| places.len() as u64 >= LONG_TERM_COPIES;
    Ok(places.into_iter().find(|(_, places)| !enough(places)).map(|(recording, _)| recording))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::UtcTime;

    #[test]
    fn a_release_is_of_the_proposal_that_was_judged_and_of_no_later_one() {
        let (volume, copy) = (RecordId::from_bytes([1; 16]), 1);
        let of = |by: &str, at| CopyRelease {
            person: by.to_owned(),
            reason: "因".to_owned(),
            at: UtcTime::from_ms(at),
            released: None,
            proposed_by: by.to_owned(),
        };
        let (others, own) = (of("other", 1), of("own", 2));
        let released = VolumeBody::CopyReleased { volume, copy };
        assert_eq!(obstacle(&released, Some(&others), Some(&others)), None);
        assert_eq!(obstacle(&released, Some(&own), Some(&others)), Some("not-proposed"));
        assert_eq!(obstacle(&released, None, Some(&others)), Some("not-proposed"));
        let withdrawn = VolumeBody::ReleaseWithdrawn { volume, copy };
        assert_eq!(obstacle(&withdrawn, Some(&own), None), None);
        assert_eq!(obstacle(&withdrawn, None, None), Some("not-proposed"));
        let proposed = VolumeBody::ReleaseProposed { volume, copy };
        assert_eq!(obstacle(&proposed, Some(&own), None), Some("proposed"));
        let over = CopyRelease { released: Some(("某".into(), UtcTime::from_ms(3))), ..own };
        for body in [released, withdrawn, proposed] {
            assert_eq!(obstacle(&body, Some(&over), Some(&over)), Some("released"));
        }
    }
}
