//! What others proposed, and what the vault found, that nobody would look for by himself.
//!
//! Promises: a proposal is counted for whoever the policy lets decide on it, never for its
//! proposer. (A3.11, A3.12, A2.10)

use super::duty::{Duty, many, may, may_others};
use crate::fault::Outcome;
use crate::oversight::lapse;
use crate::policy::{Act, Actor};
use crate::preservation;
use crate::retention::{self, RuleState, RuleView};
use crate::vault::Vault;
use crate::volume::{ShelvedCopy, VolumeView};

/// What waits besides the registers and the terms.
#[derive(Debug)]
pub(super) struct Proposed {
    /// Pseudonyms of who proposed the release of a store.
    stores: Vec<String>,
    /// Copies of volumes whose release is proposed.
    copies: Vec<ShelvedCopy>,
    /// Rules of retention that wait for confirmation.
    rules: Vec<RuleView>,
    /// Recordings to be kept for long that lie on no volume.
    on_no_volume: u64,
    /// Damaged copies in further stores.
    damaged: u64,
    /// What may be a lapse and was not raised.
    suspicions: u64,
}

impl Proposed {
    pub(super) async fn gather(
        vault: &Vault,
        (system, volumes): (&Actor, &[VolumeView]),
    ) -> Outcome<Self> {
        let copies = volumes.iter().flat_map(|volume| &volume.copies);
        let rules = retention::rules(vault).await?.into_iter();
        Ok(Self {
            stores: preservation::releases_proposed(vault).await?,
            copies: copies.filter(|copy| copy.release_waits()).cloned().collect(),
            rules: rules.filter(|rule| rule.state == RuleState::Proposed).collect(),
            on_no_volume: many(vault.catalog.for_long_term().await?.len()),
            damaged: preservation::damaged_copies(vault).await?,
            suspicions: many(lapse::suspicions(vault, system).await?.len()),
        })
    }

    /// What of it waits for this person.
    pub(super) fn of(&self, actor: &Actor) -> Vec<Duty> {
        let mut found = Vec::new();
        let mut add = |kind, count: u64, page| {
            found.push(Duty { kind, count, late: 0, page });
        };
        if may_others(actor, Act::ConfirmRule) {
            let others = self.rules.iter().filter(|rule| !rule.is_by(actor));
            add("rule", many(others.count()), "/keeping");
        }
        if may_others(actor, Act::ReleaseStore) {
            let others = self.stores.iter().filter(|by| by.as_str() != actor.id());
            add("release-store", many(others.count()), "/integrity");
        }
        if may_others(actor, Act::ReleaseVolumeCopy) {
            let others = self.copies.iter().filter(|copy| !copy.release_is_by(actor));
            add("release-copy", many(others.count()), "/volumes");
        }
        if may(actor, Act::BuildVolume) {
            add("volume-new", self.on_no_volume, "/volumes");
        }
        if may(actor, Act::RepairCopy) {
            add("damaged-copy", self.damaged, "/integrity");
        }
        // Others may raise a lapse, too; to look for them is the duty of who inspects.
        if may(actor, Act::RaiseLapse) && may(actor, Act::PlanInspection) {
            add("suspicion", self.suspicions, "/lapses");
        }
        found
    }
}
