//! Disposals as people decide on them: proposed, approved by another, withdrawn, seen.

use super::evaluate::{GROUNDS, Obstacle, evaluate};
use super::open::require_in_no_other;
use super::record::DestructionRecord;
use crate::catalog::DisposalAct;
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::DISPOSAL_ITEMS_MAX;
use crate::policy::{Act, Actor, Permitted, State};
use crate::settings::Settings;
use crate::vault::Vault;
use crate::vault::change::{event, new_record};
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, DisposalBody, RecordId, Subject};

/// How a disposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisposalState {
    /// Waits for another person.
    Proposed,
    /// Approved; its time of grace may still run.
    Approved,
    /// Refused or taken back.
    Withdrawn,
    /// Begun and not at its end.
    Begun,
    /// Carried out.
    CarriedOut,
}

impl DisposalState {
    /// Every state.
    pub const ALL: &'static [Self] =
        &[Self::Proposed, Self::Approved, Self::Withdrawn, Self::Begun, Self::CarriedOut];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Withdrawn => "withdrawn",
            Self::Begun => "begun",
            Self::CarriedOut => "carried-out",
        }
    }
}

/// A disposal as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisposalView {
    /// Its number.
    pub id: RecordId,
    /// How it stands.
    pub state: DisposalState,
    /// What was proposed.
    pub recordings: Vec<ContentId>,
    /// What is destroyed, once it began.
    pub destroyed: Vec<ContentId>,
    /// What was proposed and is kept after the second look.
    pub spared: Vec<ContentId>,
    /// What stood against each of these at the second look.
    pub spared_because: Vec<(ContentId, Obstacle)>,
    /// Who proposed it, why and when.
    pub proposed: (String, String, UtcTime),
    /// Who approved it, why and when.
    pub approved: Option<(String, String, UtcTime)>,
    /// Nothing is touched before this time.
    pub not_before: Option<UtcTime>,
    /// Who withdrew it, why and when.
    pub withdrawn: Option<(String, String, UtcTime)>,
    /// Who carried it out and when.
    pub carried_out: Option<(String, UtcTime)>,
    /// Objects destroyed.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Stores from which bytes were removed, by number.
    pub stores: Vec<String>,
    /// Volumes that still bear copies, by label.
    pub volumes: Vec<String>,
    /// The record of destruction, once it was carried out.
    pub record: Option<DestructionRecord>,
    /// The pseudonym of who proposed it.
    pub(super) proposed_by: String,
}

fn ids(text: &str) -> Outcome<Vec<ContentId>> {
    let damaged = |_| Fault::new(Code::CatalogueDamaged).with("what", "disposal");
    text.split_whitespace().map(|id| id.parse().map_err(damaged)).collect()
}

/// A reason for which a recording was spared, from its line; `None` where it is none.
fn because(line: &str) -> Option<(ContentId, Obstacle)> {
    let (recording, rest) = line.split_once(' ')?;
    let (kind, detail) = rest.split_once(' ').unwrap_or((rest, ""));
    let kind = GROUNDS.iter().find(|known| **known == kind)?;
    Some((recording.parse().ok()?, Obstacle { kind, detail: detail.to_owned() }))
}

/// A disposal from what happened to it, in order; `None` where nothing did.
pub(super) fn view_of(acts: &[DisposalAct]) -> Outcome<Option<DisposalView>> {
    let Some(first) = acts.first() else { return Ok(None) };
    let said = |act: &DisposalAct| (act.person.clone(), act.reason.clone(), act.at_ms);
    let mut view = DisposalView {
        id: first.disposal,
        state: DisposalState::Proposed,
        recordings: ids(&first.recordings)?,
        destroyed: Vec::new(),
        spared: Vec::new(),
        spared_because: Vec::new(),
        proposed: said(first),
        approved: None,
        not_before: None,
        withdrawn: None,
        carried_out: None,
        objects: 0,
        bytes: 0,
        stores: Vec::new(),
        volumes: Vec::new(),
        record: None,
        proposed_by: first.by_actor.clone(),
    };
    for act in &acts[1..] {
        match act.kind.as_str() {
            "disposal.approved" => {
                view.state = DisposalState::Approved;
                view.approved = Some(said(act));
                let not_before = i64::try_from(act.not_before_ms).unwrap_or(i64::MAX);
                view.not_before = Some(UtcTime::from_ms(not_before));
            }
            "disposal.withdrawn" => {
                view.state = DisposalState::Withdrawn;
                view.withdrawn = Some(said(act));
            }
            "disposal.begun" => {
                view.state = DisposalState::Begun;
                view.destroyed = ids(&act.recordings)?;
                view.spared = ids(&act.spared)?;
                view.spared_because = act.reason.lines().filter_map(because).collect();
                view.carried_out = Some((act.person.clone(), act.at_ms));
            }
            "disposal.carried-out" => {
                view.state = DisposalState::CarriedOut;
                view.carried_out = Some((act.person.clone(), act.at_ms));
                view.objects = act.objects;
                view.bytes = act.bytes;
                view.stores = act.stores.split_whitespace().map(str::to_owned).collect();
                view.volumes = act.volumes.lines().map(str::to_owned).collect();
            }
            "disposal.recorded" => {
                view.record = Some(DestructionRecord {
                    year: act.year,
                    number: act.number,
                    digest: act.digest.clone(),
                    terms: act.reason.lines().map(str::to_owned).collect(),
                    volumes: act.volumes.lines().map(str::to_owned).collect(),
                });
            }
            _ => {}
        }
    }
    Ok(Some(view))
}

impl DisposalView {
    /// The pseudonym of who proposed it.
    pub(crate) fn proposed_by(&self) -> &str {
        &self.proposed_by
    }

    /// Whether it is at its end and destroyed nothing: everything was spared.
    pub fn spared_all(&self) -> bool {
        self.state == DisposalState::CarriedOut && self.destroyed.is_empty()
    }
}

/// Disposals, the newest first.
pub async fn list(vault: &Vault) -> Outcome<Vec<DisposalView>> {
    views_of(vault.catalog.ask().await?.disposal_acts(None).await?)
}

/// Disposals from everything that happened to any of them, in order; the newest first.
pub(super) fn views_of(acts: Vec<DisposalAct>) -> Outcome<Vec<DisposalView>> {
    let mut groups: Vec<Vec<DisposalAct>> = Vec::new();
    for act in acts {
        match groups.iter_mut().find(|group| group[0].disposal == act.disposal) {
            Some(group) => group.push(act),
            None => groups.push(vec![act]),
        }
    }
    let views: Outcome<Vec<_>> = groups.iter().rev().map(|group| view_of(group)).collect();
    Ok(views?.into_iter().flatten().collect())
}

/// A disposal by its number, or the beginning of it.
pub async fn show(vault: &Vault, number: &str) -> Outcome<DisposalView> {
    let unknown = || Fault::new(Code::DisposalUnknown).with("id", number);
    if number.len() < 4 {
        return Err(unknown());
    }
    let mut found = list(vault).await?;
    found.retain(|view| view.id.to_string().starts_with(number));
    match (found.pop(), found.is_empty()) {
        (Some(view), true) => Ok(view),
        _ => Err(unknown()),
    }
}

/// Proposes recordings for disposal. Refused if anything stands against one of them; the fault
/// names the first.
pub async fn propose(
    vault: &Vault,
    actor: &Actor,
    recordings: Vec<ContentId>,
    reason: &str,
) -> Outcome<RecordId> {
    checked_text("reason", reason, true)?;
    let mut recordings = recordings;
    recordings.sort_unstable();
    recordings.dedup();
    if recordings.is_empty() || recordings.len() > DISPOSAL_ITEMS_MAX {
        return Err(Fault::new(Code::ArgumentInvalid)
            .with("argument", recordings.len())
            .with("limit", DISPOSAL_ITEMS_MAX));
    }
    let about: Vec<Subject> = recordings.iter().map(Subject::recording).collect();
    let permitted = vault.permit_in(actor, Act::ProposeDisposal, State::Any, about.clone()).await?;
    let free = require_free(vault, &recordings).await;
    vault.answer(permitted.judged(about.clone()), free).await?;
    let disposal = new_record()?;
    let body = DisposalBody::Proposed { disposal, recordings };
    append(vault, permitted, actor, reason, (body, about)).await?;
    Ok(disposal)
}

async fn require_free(vault: &Vault, recordings: &[ContentId]) -> Outcome<()> {
    for recording in recordings {
        let candidate = evaluate(vault, recording).await?;
        if let Some(obstacle) = candidate.obstacles.first() {
            let fault = Fault::new(Code::NotDisposable).with("recording", recording);
            let fault = fault.with("obstacle", obstacle.kind);
            let said = !obstacle.detail.is_empty();
            return Err(if said { fault.with("value", &obstacle.detail) } else { fault });
        }
    }
    Ok(())
}

/// Approves a disposal that another person proposed; nothing is touched before the time of grace
/// is over. Refused if anything stands against one of the recordings by now.
pub async fn approve(vault: &Vault, actor: &Actor, number: &str, reason: &str) -> Outcome<UtcTime> {
    checked_text("reason", reason, true)?;
    let view = show(vault, number).await?;
    let own = view.proposed_by == actor.id();
    let state = if own { State::OwnProposal } else { State::OthersProposal };
    let about: Vec<Subject> = view.recordings.iter().map(Subject::recording).collect();
    let permitted = vault.permit_in(actor, Act::ApproveDisposal, state, about.clone()).await?;
    require_state(&view, DisposalState::Proposed)?;
    let free = require_free(vault, &view.recordings).await;
    vault.answer(permitted.judged(about.clone()), free).await?;
    let hours = Settings::read(vault.directory())?.disposal.grace_hours;
    let grace = i64::try_from(hours).unwrap_or(i64::MAX / 3_600_000).saturating_mul(3_600_000);
    let not_before = vault.clock.now().plus_ms(grace);
    let body = DisposalBody::Approved {
        disposal: view.id,
        not_before_ms: u64::try_from(not_before.as_ms()).unwrap_or(0),
    };
    append(vault, permitted, actor, reason, (body, about)).await?;
    Ok(not_before)
}

/// Takes back or refuses a disposal that was not begun.
pub async fn withdraw(vault: &Vault, actor: &Actor, number: &str, reason: &str) -> Outcome<()> {
    checked_text("reason", reason, true)?;
    let view = show(vault, number).await?;
    let about: Vec<Subject> = view.recordings.iter().map(Subject::recording).collect();
    let permitted =
        vault.permit_in(actor, Act::WithdrawDisposal, State::Any, about.clone()).await?;
    if !matches!(view.state, DisposalState::Proposed | DisposalState::Approved) {
        return Err(wrong_state(&view));
    }
    let body = DisposalBody::Withdrawn { disposal: view.id };
    append(vault, permitted, actor, reason, (body, about)).await
}

pub(super) fn wrong_state(view: &DisposalView) -> Fault {
    Fault::new(Code::DisposalStepRefused).with("id", view.id).with("state", view.state.as_str())
}

pub(super) fn require_state(view: &DisposalView, state: DisposalState) -> Outcome<()> {
    if view.state == state { Ok(()) } else { Err(wrong_state(view)) }
}

/// Puts a step on record, if the disposal still stands as it was when the step was judged.
async fn append(
    vault: &Vault,
    permitted: Permitted,
    actor: &Actor,
    reason: &str,
    (body, about): (DisposalBody, Vec<Subject>),
) -> Outcome<()> {
    let plain = [("by", Value::text(actor.person())), ("reason", Value::text(reason))];
    let payload = vault.seal_one(Value::map(plain)).await?;
    let (disposal, first) = match &body {
        DisposalBody::Proposed { disposal, .. } => (*disposal, true),
        DisposalBody::Approved { disposal, .. }
        | DisposalBody::Withdrawn { disposal }
        | DisposalBody::Begun { disposal, .. }
        | DisposalBody::CarriedOut { disposal, .. }
        | DisposalBody::Recorded { disposal, .. } => (*disposal, false),
    };
    let mut tx = vault.begin(permitted).await?;
    let acts = tx.ask().disposal_acts(Some(&disposal)).await?;
    let allowed = match (view_of(&acts)?, &body) {
        (None, _) => first,
        (Some(view), DisposalBody::Approved { .. }) => view.state == DisposalState::Proposed,
        (Some(view), DisposalBody::Withdrawn { .. }) => {
            matches!(view.state, DisposalState::Proposed | DisposalState::Approved)
        }
        (Some(_), _) => false,
    };
    if !allowed {
        return Err(Fault::new(Code::DisposalStepRefused).with("id", disposal));
    }
    if let DisposalBody::Proposed { recordings, .. } = &body {
        require_in_no_other(&mut tx, recordings).await?;
    }
    tx.append(vec![event(Body::Disposal(body), Some(payload), about)]).await?;
    vault.finish(tx).await
}
