//! Volumes as they stand: the fold of what happened to them.
//!
//! Promises: nothing that happened is left out of a view: copies that were released and media on
//! which burning failed stay in it. Pure but for `list` and `find`.

use crate::catalog::VolumeAct;
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::policy::Actor;
use crate::vault::Vault;
use std::collections::BTreeSet;
use vault_proof::RecordId;

/// That a copy no longer counts: proposed by one person, released by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyRelease {
    /// Who proposed it.
    pub person: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: UtcTime,
    /// Who released it, and when.
    pub released: Option<(String, UtcTime)>,
    /// The pseudonym of who proposed it.
    pub(super) proposed_by: String,
}

/// That a proposed release was taken back or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseWithdrawn {
    /// Who did it.
    pub person: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: UtcTime,
}

/// A copy of a volume on a medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelvedCopy {
    /// Which copy, from 1.
    pub copy: u64,
    /// Where it is.
    pub place: String,
    /// How it was made, where the vault did not burn it.
    pub burnt_elsewhere: Option<String>,
    /// Who put it there.
    pub person: String,
    /// When.
    pub at: UtcTime,
    /// When it was last read again, and whether every byte agreed.
    pub checked: Option<(UtcTime, bool)>,
    /// That it no longer counts, or that this is proposed.
    pub release: Option<CopyRelease>,
    /// How the last proposal that came to nothing ended.
    pub withdrawn: Option<ReleaseWithdrawn>,
}

impl ShelvedCopy {
    /// The place without the shelf, which stands behind a space: two shelves of one room burn
    /// together.
    pub fn building(&self) -> &str {
        self.place.split_whitespace().next().unwrap_or_default()
    }

    /// Whether it was released.
    pub fn is_released(&self) -> bool {
        self.release.as_ref().is_some_and(|release| release.released.is_some())
    }

    /// Whether its release is proposed and waits for another person.
    pub(crate) fn release_waits(&self) -> bool {
        self.release.as_ref().is_some_and(|release| release.released.is_none())
    }

    /// Whether this person proposed its release.
    pub(crate) fn release_is_by(&self, actor: &Actor) -> bool {
        self.release.as_ref().is_some_and(|release| release.proposed_by == actor.id())
    }

    /// Whether it counts: it was not released, and every byte of it agreed when it was last read.
    ///
    /// What parity alone would mend does not count: the medium has begun to fail, and the next
    /// reading may find more than parity can give back.
    pub fn is_good(&self) -> bool {
        !self.is_released() && self.checked.is_none_or(|(_, whole)| whole)
    }

    /// When it was last read to its end.
    pub fn read_at(&self) -> UtcTime {
        self.checked.map_or(self.at, |(at, _)| at)
    }
}

/// An image written to a medium and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burn {
    /// Which copy.
    pub copy: u64,
    /// `drive`, `device` or `file`.
    pub target: String,
    /// `agrees`, `differs` or `failed`.
    pub result: String,
    /// Bytes that were read back otherwise.
    pub differing_bytes: u64,
    /// Who did it.
    pub person: String,
    /// When.
    pub at: UtcTime,
}

/// A volume as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeView {
    /// Its number.
    pub id: RecordId,
    /// What stands on its label.
    pub label: String,
    /// Kind of medium.
    pub medium: String,
    /// Length of the image.
    pub bytes: u64,
    /// BLAKE3 of the image.
    pub image: String,
    /// When it was built.
    pub built_at: UtcTime,
    /// How many recordings are on it.
    pub recordings: u64,
    /// Whom it is encrypted for; none where everybody reads it.
    pub recipients: Vec<String>,
    /// The label of the volume whose content it bears.
    pub source: Option<String>,
    /// Labels of volumes that bear its content.
    pub successors: Vec<String>,
    /// The one of these that counts, or was followed by one that does.
    pub superseded_by: Option<String>,
    /// Every time it was burnt.
    pub burns: Vec<Burn>,
    /// Its copies on shelves, those that were released among them.
    pub copies: Vec<ShelvedCopy>,
}

impl VolumeView {
    /// Whether two copies in two places can be read: before that it does not count (A3.12).
    pub fn counts(&self) -> bool {
        let good = self.copies.iter().filter(|copy| copy.is_good());
        let mut places: Vec<_> = good.map(ShelvedCopy::building).collect();
        places.sort_unstable();
        places.dedup();
        places.len() >= 2
    }

    /// Whether nothing of it stands on a shelf any more: all its copies were released.
    pub fn is_retired(&self) -> bool {
        !self.copies.is_empty() && self.copies.iter().all(ShelvedCopy::is_released)
    }

    /// Whether people have to see to it: it does not count, and nothing stands for it.
    pub fn is_short(&self) -> bool {
        !self.counts() && !self.is_retired() && self.superseded_by.is_none()
    }

    /// Copies that are to be read again, and by when, where they are read every so many days.
    pub fn checks(&self, days: u64) -> impl Iterator<Item = (&ShelvedCopy, Date)> {
        let days = i64::try_from(days).unwrap_or(i64::MAX);
        let kept = self.copies.iter().filter(|copy| !copy.is_released());
        kept.map(move |copy| (copy, Date::of(copy.read_at()).plus_days(days)))
    }
}

/// All volumes, oldest first.
pub async fn list(vault: &Vault) -> Outcome<Vec<VolumeView>> {
    let mut asking = vault.catalog.ask().await?;
    let mut volumes = folded(asking.volume_acts().await?);
    for volume in &mut volumes {
        volume.recordings = asking.volume_items(&volume.id).await?.len() as u64;
    }
    Ok(volumes)
}

/// The volume of that label.
pub async fn find(vault: &Vault, label: &str) -> Outcome<VolumeView> {
    let mut found = list(vault).await?;
    found.retain(|volume| volume.label == label);
    found.pop().ok_or_else(|| Fault::new(Code::VolumeUnknown).with("id", label))
}

/// Volumes from what happened to them, in order; how many recordings they bear is not in it.
pub(super) fn folded(acts: Vec<VolumeAct>) -> Vec<VolumeView> {
    let mut volumes: Vec<VolumeView> = Vec::new();
    for act in acts {
        if act.kind == "volume.built" {
            volumes.push(built(act));
        } else if act.kind == "volume.migrated" {
            migrated(&mut volumes, &act);
        } else if let Some(volume) = volumes.iter_mut().find(|volume| volume.id == act.volume) {
            step(volume, act);
        }
    }
    let mut standing: BTreeSet<String> =
        volumes.iter().filter(|one| one.counts()).map(|one| one.label.clone()).collect();
    // A successor is newer than what it follows.
    for volume in volumes.iter_mut().rev() {
        let stands = volume.successors.iter().find(|one| standing.contains(*one));
        volume.superseded_by = stands.cloned();
        if volume.superseded_by.is_some() {
            standing.insert(volume.label.clone());
        }
    }
    volumes
}

fn migrated(volumes: &mut [VolumeView], act: &VolumeAct) {
    let label = |id: &dyn Fn(&VolumeView) -> bool| {
        volumes.iter().find(|volume| id(volume)).map(|volume| volume.label.clone())
    };
    let source = label(&|volume| volume.id.to_string() == act.detail);
    let own = label(&|volume| volume.id == act.volume);
    for volume in volumes {
        if volume.id == act.volume {
            volume.source.clone_from(&source);
        }
        if Some(&volume.label) == source.as_ref() {
            volume.successors.extend(own.clone());
        }
    }
}

fn step(volume: &mut VolumeView, act: VolumeAct) {
    let copies = &mut volume.copies;
    let of_copy = |copies: &mut Vec<ShelvedCopy>, change: &mut dyn FnMut(&mut ShelvedCopy)| {
        copies.iter_mut().filter(|copy| copy.copy == act.copy).for_each(change);
    };
    match act.kind.as_str() {
        "volume.encrypted" => {
            volume.recipients = act.detail.split(' ').map(str::to_owned).collect();
        }
        "volume.burnt" => volume.burns.push(Burn {
            copy: act.copy,
            target: act.detail,
            result: act.result,
            differing_bytes: act.damaged_bytes,
            person: act.person,
            at: act.at_ms,
        }),
        "volume.shelved" => {
            copies.retain(|copy| copy.copy != act.copy);
            copies.push(ShelvedCopy {
                copy: act.copy,
                place: act.place,
                burnt_elsewhere: Some(act.reason).filter(|how| !how.is_empty()),
                person: act.person,
                at: act.at_ms,
                checked: None,
                release: None,
                withdrawn: None,
            });
        }
        "volume.checked" => {
            let whole = act.readable && act.damaged_bytes == 0;
            of_copy(copies, &mut |copy| copy.checked = Some((act.at_ms, whole)));
        }
        "volume.release-proposed" => of_copy(copies, &mut |copy| {
            copy.release = Some(CopyRelease {
                person: act.person.clone(),
                reason: act.reason.clone(),
                at: act.at_ms,
                released: None,
                proposed_by: act.by_actor.clone(),
            });
        }),
        "volume.release-withdrawn" => of_copy(copies, &mut |copy| {
            let (person, reason) = (act.person.clone(), act.reason.clone());
            copy.release = None;
            copy.withdrawn = Some(ReleaseWithdrawn { person, reason, at: act.at_ms });
        }),
        "volume.copy-released" => of_copy(copies, &mut |copy| {
            if let Some(release) = &mut copy.release {
                release.released = Some((act.person.clone(), act.at_ms));
            }
        }),
        _ => {}
    }
}

fn built(act: VolumeAct) -> VolumeView {
    VolumeView {
        id: act.volume,
        label: act.label,
        medium: act.medium,
        bytes: act.bytes,
        image: act.image,
        built_at: act.at_ms,
        recordings: 0,
        recipients: Vec::new(),
        source: None,
        successors: Vec::new(),
        superseded_by: None,
        burns: Vec::new(),
        copies: Vec::new(),
    }
}
