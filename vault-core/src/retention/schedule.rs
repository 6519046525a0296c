//! The schedule (保管期限表): terms by class of recording, simulated before they change.
//!
//! A rule is simulated, proposed, and confirmed by another person; from then on it holds for what is
//! taken in. It never shortens what is stored; one that says so lengthens it. What a recording was
//! promised when it came is the least it is kept for. (R14; A3.11)

use super::acts::because;
use super::rules::{ANY_CLASS, Received, Rule, Until, longer, rule_for, rules_in_force, until};
use crate::catalog::{ClassedRow, RuleAct};
use crate::clock::{Date, UtcTime};
use crate::disposal;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::{ACTIVITIES, checked_text};
use crate::limits::{CASE_TERM_YEARS_MAX, ORIGINAL_YEARS, SIMULATED_CLOSELY_MAX};
use crate::policy::{Act, Actor, State};
use crate::vault::Vault;
use crate::vault::change::{event, new_record};
use std::collections::BTreeMap;
use vault_proof::{Body, ContentId, RecordId, RetentionBody, Subject};

/// Recordings looked at together.
const ROWS: u32 = 2_000;

/// A rule as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRule {
    /// An activity, or `any`.
    pub class: String,
    /// Years from the receipt; 0 is for ever.
    pub years: u64,
    /// Whether it lengthens the term of what is stored, too.
    pub stored: bool,
}

/// What a rule would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Simulation {
    /// Years that what is taken in next is kept by the schedule today; 0 is for ever.
    pub years_now: u64,
    /// Stored recordings of the class.
    pub recordings: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those whose term it lengthens.
    pub lengthened: u64,
    /// Those that it would keep for less; they keep the term they have.
    pub kept: u64,
    /// Of these, those whose shorter term would be over today, if the rule reached them.
    pub would_end: u64,
    /// Their bytes.
    pub would_end_bytes: u64,
    /// What else would stand against the disposal of those, by its code, and of how many.
    pub obstacles: BTreeMap<&'static str, u64>,
    /// Whether there were too many to look at each for what stands against it.
    pub more: bool,
    /// Recordings of the class taken in within the last 365 days: what the rule holds for each year.
    pub per_year: u64,
    /// Their bytes.
    pub per_year_bytes: u64,
}

/// How a rule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleState {
    /// Waits for another person.
    Proposed,
    /// Holds for what comes.
    InForce,
    /// Another rule of its class took its place for what comes; what came under it keeps it.
    Replaced,
    /// Refused or taken back.
    Withdrawn,
}

impl RuleState {
    /// Every state.
    pub const ALL: &'static [Self] =
        &[Self::Proposed, Self::InForce, Self::Replaced, Self::Withdrawn];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::InForce => "in-force",
            Self::Replaced => "replaced",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A rule as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleView {
    /// Its number.
    pub id: RecordId,
    /// How it stands.
    pub state: RuleState,
    /// An activity, or `any`.
    pub class: String,
    /// Years; 0 is for ever.
    pub years: u64,
    /// Whether it lengthens what is stored.
    pub stored: bool,
    /// Stored recordings of the class when it was proposed.
    pub recordings: u64,
    /// Those whose term it lengthens.
    pub lengthened: u64,
    /// Those that keep a longer term.
    pub kept: u64,
    /// Who proposed it, why and when.
    pub proposed: (String, String, UtcTime),
    /// Who confirmed or withdrew it, why and when.
    pub decided: Option<(String, String, UtcTime)>,
    proposed_by: String,
}

impl RuleView {
    /// Whether this person proposed it.
    pub(crate) fn is_by(&self, actor: &Actor) -> bool {
        self.proposed_by == actor.id()
    }
}

fn checked(new: &NewRule) -> Outcome<()> {
    let invalid = |argument: &str| Fault::new(Code::ArgumentInvalid).with("argument", argument);
    if new.class != ANY_CLASS && !ACTIVITIES.contains(&new.class.as_str()) {
        let known = format!("{ANY_CLASS} {}", ACTIVITIES.join(" "));
        return Err(invalid(&new.class).with("reason", "unknown-class").with("known", known));
    }
    if new.years > CASE_TERM_YEARS_MAX {
        return Err(invalid(&new.years.to_string()).with("limit", CASE_TERM_YEARS_MAX));
    }
    if longer(new.years) < ORIGINAL_YEARS.unsigned_abs() {
        return Err(Fault::new(Code::RetentionShortens)
            .with("found", new.years)
            .with("expected", ORIGINAL_YEARS)
            .with("article", "A3.11"));
    }
    Ok(())
}

fn received(row: &ClassedRow) -> Received {
    Received { on: Date::of(row.received_at), seq: row.seq, classes: row.classes.clone() }
}

/// The term of a recording by the schedule alone, the law's own two years among it.
fn scheduled(received: &Received, rules: &[Rule]) -> Until {
    let least = until(received.on, ORIGINAL_YEARS.unsigned_abs());
    rule_for(received, rules).map_or(least, |rule| until(received.on, rule.years).max(least))
}

/// What a rule would do. Changes nothing.
pub async fn simulate(vault: &Vault, new: &NewRule) -> Outcome<Simulation> {
    checked(new)?;
    let acts = vault.catalog.ask().await?.rule_acts().await?;
    let rules = rules_in_force(&acts);
    let now = vault.clock.now();
    let today = Date::of(now);
    let year_ago = today.plus_days(-365);
    let next = Received { on: today, seq: u64::MAX, classes: vec![new.class.clone()] };
    let mut found = Simulation {
        years_now: rule_for(&next, &rules).map_or(ORIGINAL_YEARS.unsigned_abs(), |rule| rule.years),
        ..Simulation::default()
    };
    let mut with = rules.clone();
    with.push(Rule {
        class: new.class.clone(),
        years: new.years,
        stored: new.stored,
        since: u64::MAX - 1,
        person: String::new(),
        why: String::new(),
        at: now,
    });
    let mut ending = Vec::new();
    let mut after = None;
    loop {
        let page = vault.catalog.classed(after, ROWS).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.seq);
        for row in page {
            if new.class != ANY_CLASS && !row.classes.contains(&new.class) {
                continue;
            }
            let received = received(&row);
            found.recordings += 1;
            found.bytes += row.bytes;
            if received.on >= year_ago {
                found.per_year += 1;
                found.per_year_bytes += row.bytes;
            }
            let (before, then) = (scheduled(&received, &rules), scheduled(&received, &with));
            let alone = until(received.on, new.years);
            if then > before {
                found.lengthened += 1;
            } else if alone < before {
                found.kept += 1;
                if alone < Until::Day(today) {
                    found.would_end += 1;
                    found.would_end_bytes += row.bytes;
                    ending.push(row.id);
                }
            }
        }
    }
    look_closely(vault, &ending, &mut found).await?;
    Ok(found)
}

/// What else stands against those that the rule would let go.
async fn look_closely(vault: &Vault, ending: &[ContentId], found: &mut Simulation) -> Outcome<()> {
    found.more = ending.len() > SIMULATED_CLOSELY_MAX;
    for recording in ending.iter().take(SIMULATED_CLOSELY_MAX) {
        let candidate = disposal::evaluate(vault, recording).await?;
        let mut kinds: Vec<&'static str> =
            candidate.obstacles.iter().map(|one| one.kind).filter(|kind| *kind != "term").collect();
        kinds.dedup();
        for kind in kinds {
            *found.obstacles.entry(kind).or_default() += 1;
        }
    }
    Ok(())
}

fn views(acts: &[RuleAct]) -> Vec<RuleView> {
    let said = |act: &RuleAct| (act.person.clone(), act.reason.clone(), act.at_ms);
    let mut views: Vec<RuleView> = Vec::new();
    for act in acts {
        let known = views.iter().position(|view| view.id == act.rule);
        match (act.kind.as_str(), known) {
            ("retention.rule-proposed", None) => views.push(RuleView {
                id: act.rule,
                state: RuleState::Proposed,
                class: act.class.clone(),
                years: act.years,
                stored: act.stored,
                recordings: act.recordings,
                lengthened: act.lengthened,
                kept: act.kept,
                proposed: said(act),
                decided: None,
                proposed_by: act.by_actor.clone(),
            }),
            ("retention.rule-confirmed", Some(at)) => {
                let class = views[at].class.clone();
                let before =
                    |view: &&mut RuleView| view.class == class && view.state == RuleState::InForce;
                if let Some(before) = views.iter_mut().find(before) {
                    before.state = RuleState::Replaced;
                }
                (views[at].state, views[at].decided) = (RuleState::InForce, Some(said(act)));
            }
            ("retention.rule-withdrawn", Some(at)) => {
                (views[at].state, views[at].decided) = (RuleState::Withdrawn, Some(said(act)));
            }
            _ => {}
        }
    }
    views
}

/// Every rule there ever was, the newest first.
pub async fn rules(vault: &Vault) -> Outcome<Vec<RuleView>> {
    let mut found = views(&vault.catalog.ask().await?.rule_acts().await?);
    found.reverse();
    Ok(found)
}

/// Proposes a rule, with what its simulation found. Gives its number.
pub async fn propose_rule(
    vault: &Vault,
    actor: &Actor,
    new: NewRule,
    reason: &str,
) -> Outcome<(RecordId, Simulation)> {
    checked_text("reason", reason, true)?;
    let permitted = vault.permit(actor, Act::ProposeRule).await?;
    let judged = permitted.judged(vec![Subject::vault()]);
    let found = vault.answer(judged, simulate(vault, &new).await).await?;
    let rule = new_record()?;
    let payload = vault.seal_one(because(actor, reason)).await?;
    let body = RetentionBody::RuleProposed {
        rule,
        class: new.class,
        years: new.years,
        stored: new.stored,
        recordings: found.recordings,
        lengthened: found.lengthened,
        kept: found.kept,
    };
    let mut tx = vault.begin(permitted).await?;
    let about = vec![Subject::vault()];
    tx.append(vec![event(Body::Retention(body), Some(payload), about)]).await?;
    vault.finish(tx).await?;
    Ok((rule, found))
}

async fn find_rule(vault: &Vault, number: &str) -> Outcome<RuleView> {
    let unknown = || Fault::new(Code::RuleUnknown).with("id", number);
    if number.len() < 4 {
        return Err(unknown());
    }
    let mut found = rules(vault).await?;
    found.retain(|view| view.id.to_string().starts_with(number));
    match (found.pop(), found.is_empty()) {
        (Some(view), true) => Ok(view),
        _ => Err(unknown()),
    }
}

/// Confirms a rule that another person proposed: it holds from here on, and lengthens what is
/// stored where the proposal says so. Gives the rule.
pub async fn confirm_rule(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    reason: &str,
) -> Outcome<RuleView> {
    let view = find_rule(vault, number).await?;
    let own = view.proposed_by == actor.id();
    let state = if own { State::OwnProposal } else { State::OthersProposal };
    let rule = view.id;
    let step = (Act::ConfirmRule, state, RetentionBody::RuleConfirmed { rule });
    decide(vault, actor, &view, reason, step).await?;
    find_rule(vault, &rule.to_string()).await
}

/// Refuses or takes back a rule that nobody confirmed.
pub async fn withdraw_rule(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    reason: &str,
) -> Outcome<()> {
    let view = find_rule(vault, number).await?;
    let rule = view.id;
    let step = (Act::WithdrawRule, State::Any, RetentionBody::RuleWithdrawn { rule });
    decide(vault, actor, &view, reason, step).await
}

async fn decide(
    vault: &Vault,
    actor: &Actor,
    view: &RuleView,
    reason: &str,
    (act, state, body): (Act, State, RetentionBody),
) -> Outcome<()> {
    checked_text("reason", reason, true)?;
    let about = vec![Subject::vault()];
    let permitted = vault.permit_in(actor, act, state, about.clone()).await?;
    let payload = vault.seal_one(because(actor, reason)).await?;
    let mut tx = vault.begin(permitted).await?;
    let now = views(&tx.ask().rule_acts().await?);
    let waits = |one: &RuleView| one.id == view.id && one.state == RuleState::Proposed;
    if !now.iter().any(waits) {
        return Err(Fault::new(Code::RuleUnknown).with("id", view.id));
    }
    tx.append(vec![event(Body::Retention(body), Some(payload), about)]).await?;
    vault.finish(tx).await
}
