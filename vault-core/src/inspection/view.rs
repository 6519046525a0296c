//! An inspection as it stands, from what happened to it.

use super::draw::{Lot, Measure, Party};
use super::item::Item;
use crate::catalog::{Asking, InspectionAct};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::oversight::{must_record, statement};
use crate::policy::{Act, Actor, Role};
use crate::vault::Vault;
use vault_proof::{ContentId, RecordId};

/// The least of a name that tells a lot.
const LOT_CHARS_MIN: usize = 4;

/// How an inspection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InspectionState {
    /// Waits for a leader.
    Planned,
    /// Approved; the parties bind themselves.
    Approved,
    /// The population is frozen; the parties open their numbers.
    Frozen,
    /// Drawn, and being reviewed.
    Drawn,
    /// Refused, taken back or ended.
    Ended,
}

impl InspectionState {
    /// Every state.
    pub const ALL: &'static [Self] =
        &[Self::Planned, Self::Approved, Self::Frozen, Self::Drawn, Self::Ended];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Approved => "approved",
            Self::Frozen => "frozen",
            Self::Drawn => "drawn",
            Self::Ended => "ended",
        }
    }
}

/// What somebody said or did, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Who.
    pub person: String,
    /// What was written about it.
    pub text: String,
    /// When.
    pub at: UtcTime,
}

/// A party's part in the draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// Which party.
    pub party: Party,
    /// Who acts for it, and when it was bound.
    pub said: Said,
    /// What it bound itself with.
    pub commitment: String,
    /// The number it opened.
    pub number: Option<String>,
    /// The pseudonym of who acts for it.
    pub(super) by_actor: String,
}

/// A frozen population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// The event that froze it: the draw rests on the ledger's root with this event.
    pub seq: u64,
    /// How many recordings.
    pub items: u64,
    /// Its digest.
    pub population: String,
    /// When.
    pub at: UtcTime,
}

/// One review of something drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewView {
    /// What.
    pub item: Item,
    /// The answers to the three questions of A3.14: of what was not recorded the first alone is
    /// told, `yes` where the ground holds.
    pub answers: [String; 3],
    /// The answers to `CHECKLIST`, where they were given.
    pub checklist: Option<[String; 5]>,
    /// How much was watched.
    pub watched_ms: u64,
    /// Who, and what was noted.
    pub said: Said,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingView {
    /// Its number.
    pub id: RecordId,
    /// What it is about.
    pub item: Item,
    /// The article.
    pub article: String,
    /// From where.
    pub from_ms: u64,
    /// To where.
    pub to_ms: u64,
    /// The last day to put it right.
    pub due: String,
    /// Who found what.
    pub found: Said,
    /// What the unit did, the last time it said so.
    pub corrected: Option<Said>,
    /// What the inspector saw then, and whether it is put right.
    pub rechecked: Option<(Said, bool)>,
}

impl FindingView {
    /// How far it is put right: `open`, `corrected` and to be looked at again, `settled`.
    pub fn state(&self) -> &'static str {
        match (&self.corrected, &self.rechecked) {
            (_, Some((_, true))) => "settled",
            (Some(corrected), Some((seen, _))) if corrected.at < seen.at => "open",
            (Some(_), _) => "corrected",
            (None, _) => "open",
        }
    }

    /// Whether it is put right.
    pub fn settled(&self) -> bool {
        self.rechecked.as_ref().is_some_and(|(_, settled)| *settled)
    }
}

/// An inspection as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectionView {
    /// Its number.
    pub id: RecordId,
    /// How it stands.
    pub state: InspectionState,
    /// How much is drawn.
    pub measure: Measure,
    /// By what the population is divided.
    pub strata: Vec<String>,
    /// Received from this time on.
    pub from: UtcTime,
    /// Received before this time.
    pub to: UtcTime,
    /// Who planned it, and on what basis.
    pub planned: Said,
    /// Who approved it.
    pub approved: Option<Said>,
    /// The parties that bound themselves.
    pub bound: Vec<Bound>,
    /// The population.
    pub frozen: Option<Frozen>,
    /// Root and seed of the draw, and when it was.
    pub drawn: Option<(String, String, UtcTime)>,
    /// What was drawn, in the order of review.
    pub lots: Vec<Item>,
    /// The last review of each.
    pub reviews: Vec<ReviewView>,
    /// Reviews in whose place a later one came, in order.
    pub replaced: Vec<ReviewView>,
    /// Findings, in order.
    pub findings: Vec<FindingView>,
    /// Who ended it, and why.
    pub ended: Option<Said>,
    /// The pseudonym of who planned it.
    pub(super) planned_by: String,
}

fn damaged() -> Fault {
    Fault::new(Code::CatalogueDamaged).with("what", "inspection")
}

fn time(ms: u64) -> UtcTime {
    UtcTime::from_ms(i64::try_from(ms).unwrap_or(i64::MAX))
}

fn said(act: &InspectionAct) -> Said {
    Said { person: act.person.clone(), text: act.text.clone(), at: act.at_ms }
}

/// Answers that stand in one text, with a space between them.
fn answers<const COUNT: usize>(text: &str) -> [String; COUNT] {
    let mut answers = text.split(' ').map(str::to_owned);
    [(); COUNT].map(|()| answers.next().unwrap_or_default())
}

/// The items of these names.
fn items(names: &[String]) -> Outcome<Vec<Item>> {
    names.iter().map(|name| Item::parse(name).ok_or_else(damaged)).collect()
}

/// An inspection from what happened to it, in order; `None` where nothing did.
pub(super) fn view_of(acts: &[InspectionAct]) -> Outcome<Option<InspectionView>> {
    let Some((first, rest)) = acts.split_first() else { return Ok(None) };
    let mut view = InspectionView {
        id: first.inspection,
        state: InspectionState::Planned,
        measure: Measure { proportion: first.proportion, minimum: first.minimum },
        strata: first.strata.split_whitespace().map(str::to_owned).collect(),
        from: time(first.from_ms),
        to: time(first.to_ms),
        planned: said(first),
        approved: None,
        bound: Vec::new(),
        frozen: None,
        drawn: None,
        lots: Vec::new(),
        reviews: Vec::new(),
        replaced: Vec::new(),
        findings: Vec::new(),
        ended: None,
        planned_by: first.by_actor.clone(),
    };
    for act in rest {
        view.step(act)?;
    }
    Ok(Some(view))
}

impl InspectionView {
    fn step(&mut self, act: &InspectionAct) -> Outcome<()> {
        match act.kind.as_str() {
            "inspection.approved" => {
                self.state = InspectionState::Approved;
                self.approved = Some(said(act));
            }
            "inspection.committed" => self.bound.push(Bound {
                party: Party::parse(&act.party).ok_or_else(damaged)?,
                said: said(act),
                commitment: act.value.clone(),
                number: None,
                by_actor: act.by_actor.clone(),
            }),
            "inspection.frozen" => {
                self.state = InspectionState::Frozen;
                let (seq, items, at) = (act.seq, act.items, act.at_ms);
                self.frozen = Some(Frozen { seq, items, population: act.value.clone(), at });
            }
            "inspection.revealed" => {
                let party = Party::parse(&act.party);
                let bound = self.bound.iter_mut().find(|bound| Some(bound.party) == party);
                bound.ok_or_else(damaged)?.number = Some(act.value.clone());
            }
            "inspection.drawn" => {
                self.state = InspectionState::Drawn;
                self.drawn = Some((act.root.clone(), act.value.clone(), act.at_ms));
            }
            "inspection.reviewed" | "inspection.act-reviewed" => {
                let item = Item::parse(&act.recording).ok_or_else(damaged)?;
                let answers = if item.recording().is_some() {
                    answers(&act.value)
                } else {
                    // What lacks a recording is told the other way round.
                    let opposite = match act.value.as_str() {
                        "yes" => "no",
                        "no" => "yes",
                        _ => "none",
                    };
                    [opposite, "none", "none"].map(str::to_owned)
                };
                if let Some(at) = self.reviews.iter().position(|review| review.item == item) {
                    self.replaced.push(self.reviews.remove(at));
                }
                let (checklist, watched_ms, said) = (None, act.items, said(act));
                self.reviews.push(ReviewView { item, answers, checklist, watched_ms, said });
            }
            // Comes with the review it belongs to, and after it.
            "inspection.checked" => {
                let item = Item::parse(&act.recording).ok_or_else(damaged)?;
                let review = self.reviews.iter_mut().find(|review| review.item == item);
                review.ok_or_else(damaged)?.checklist = Some(answers(&act.value));
            }
            "inspection.ended" => {
                self.state = InspectionState::Ended;
                self.ended = Some(said(act));
            }
            _ => self.finding_step(act)?,
        }
        Ok(())
    }

    fn finding_step(&mut self, act: &InspectionAct) -> Outcome<()> {
        if matches!(act.kind.as_str(), "inspection.found" | "inspection.act-found") {
            self.findings.push(FindingView {
                id: act.finding.parse().map_err(|_| damaged())?,
                item: Item::parse(&act.recording).ok_or_else(damaged)?,
                article: act.value.clone(),
                from_ms: act.from_ms,
                to_ms: act.to_ms,
                due: act.due.clone(),
                found: said(act),
                corrected: None,
                rechecked: None,
            });
            return Ok(());
        }
        let named = |finding: &&mut FindingView| finding.id.to_string() == act.finding;
        let Some(finding) = self.findings.iter_mut().find(named) else { return Ok(()) };
        match act.kind.as_str() {
            "inspection.corrected" => finding.corrected = Some(said(act)),
            "inspection.rechecked" => finding.rechecked = Some((said(act), act.settled)),
            _ => {}
        }
        Ok(())
    }

    /// Something that was drawn, by its name or the beginning of it.
    pub fn lot(&self, name: &str) -> Option<&Item> {
        let mut found = self.lots.iter().filter(|item| item.as_str().starts_with(name));
        match (found.next().filter(|_| name.len() >= LOT_CHARS_MIN), found.next()) {
            (Some(item), None) => Some(item),
            _ => None,
        }
    }

    /// A finding of it, by its number or the beginning of it.
    pub fn finding(&self, number: &str) -> Outcome<&FindingView> {
        let like = |finding: &&FindingView| finding.id.to_string().starts_with(number);
        let mut found = self.findings.iter().filter(like);
        match (found.next().filter(|_| number.len() >= 4), found.next()) {
            (Some(finding), None) => Ok(finding),
            _ => Err(Fault::new(Code::InspectionUnknown).with("id", number)),
        }
    }
}

/// The inspection of that number as it stands for a question or inside a change.
pub(super) async fn load(asking: &mut Asking<'_>, id: &RecordId) -> Outcome<InspectionView> {
    let unknown = || Fault::new(Code::InspectionUnknown).with("id", id);
    let mut view = view_of(&asking.inspection_acts(Some(id)).await?)?.ok_or_else(unknown)?;
    view.lots = items(&asking.inspection_drawn(id).await?)?;
    Ok(view)
}

/// Inspections, the newest first.
pub async fn list(vault: &Vault, actor: &Actor) -> Outcome<Vec<InspectionView>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    all(vault).await
}

async fn all(vault: &Vault) -> Outcome<Vec<InspectionView>> {
    let mut asking = vault.catalog.ask().await?;
    let mut groups: Vec<Vec<InspectionAct>> = Vec::new();
    for act in asking.inspection_acts(None).await? {
        match groups.iter_mut().find(|group| group[0].inspection == act.inspection) {
            Some(group) => group.push(act),
            None => groups.push(vec![act]),
        }
    }
    let mut views = Vec::new();
    for group in groups.iter().rev() {
        let Some(mut view) = view_of(group)? else { continue };
        view.lots = items(&asking.inspection_drawn(&view.id).await?)?;
        views.push(view);
    }
    Ok(views)
}

/// Findings that are not settled, also of inspections that are over; for flows that were admitted.
pub(crate) async fn open_findings(vault: &Vault) -> Outcome<Vec<FindingView>> {
    let findings = all(vault).await?.into_iter().flat_map(|view| view.findings);
    Ok(findings.filter(|finding| !finding.settled()).collect())
}

/// An inspection by its number, or the beginning of it.
pub async fn show(vault: &Vault, actor: &Actor, number: &str) -> Outcome<InspectionView> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    find_one(vault, number).await
}

pub(super) async fn find_one(vault: &Vault, number: &str) -> Outcome<InspectionView> {
    let unknown = || Fault::new(Code::InspectionUnknown).with("id", number);
    if number.len() < 4 {
        return Err(unknown());
    }
    let mut found = all(vault).await?;
    found.retain(|view| view.id.to_string().starts_with(number));
    match (found.pop(), found.is_empty()) {
        (Some(view), true) => Ok(view),
        _ => Err(unknown()),
    }
}

/// The population of an inspection, by stratum and recording, for whoever recomputes the draw.
pub async fn population(vault: &Vault, actor: &Actor, id: &RecordId) -> Outcome<Vec<Lot>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    listed(&mut vault.catalog.ask().await?, id).await
}

pub(super) async fn listed(asking: &mut Asking<'_>, id: &RecordId) -> Outcome<Vec<Lot>> {
    let mut lots = Vec::new();
    for list in asking.inspection_lists(id).await? {
        for item in list.items.lines() {
            let item = Item::parse(item).ok_or_else(damaged)?;
            lots.push(Lot { stratum: list.stratum.clone(), item });
        }
    }
    lots.sort_unstable();
    Ok(lots)
}

/// The inspection for which an inspector may read this recording now: one that drew it and was not
/// ended.
pub(crate) async fn drawn_for(
    asking: &mut Asking<'_>,
    actor: &Actor,
    recording: &ContentId,
) -> Outcome<Option<RecordId>> {
    if !actor.roles().contains(&Role::Inspector) {
        return Ok(None);
    }
    asking.inspection_drawing(recording).await
}

/// What is known of an item, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// The name of the file of a recording; empty elsewhere.
    pub name: String,
    /// Who handled it.
    pub handler: String,
    /// What it records, or should have been recorded.
    pub activity: String,
    /// The case; may be empty.
    pub case_no: String,
    /// The ground of a statement; empty elsewhere.
    pub ground: String,
    /// Its reason.
    pub reason: String,
}

/// What is known of these items, in their order. For callers who may read the catalogue.
pub async fn described(vault: &Vault, items: &[Item]) -> Outcome<Vec<Described>> {
    let others = items.iter().any(|item| item.recording().is_none());
    let statements = if others { statement::all(vault).await? } else { Vec::new() };
    let acts = if others { must_record::every(vault).await? } else { Vec::new() };
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        if let Some(recording) = item.recording() {
            let row = vault.catalog().recording(&recording).await?;
            let (name, handler, activity) = (row.name, row.handler, row.activity);
            let case_no = row.case;
            found.push(Described { name, handler, activity, case_no, ..Described::default() });
        } else if let Some(one) = statements.iter().find(|one| Some(one.id) == item.statement()) {
            let stated = one.stated.clone();
            let (handler, activity, case_no) = (stated.handler, stated.activity, stated.case_no);
            let (ground, reason) = (stated.ground, stated.reason);
            let name = String::new();
            found.push(Described { name, handler, activity, case_no, ground, reason });
        } else if let Some((case, activity)) = item.act() {
            let named = acts.iter().find(|one| one.case_id == case && one.activity == activity);
            found.push(Described {
                handler: named.map_or_else(String::new, |one| one.handler.clone()),
                case_no: named.map_or_else(String::new, |one| one.case_no.clone()),
                activity: activity.to_owned(),
                ..Described::default()
            });
        } else {
            found.push(Described::default());
        }
    }
    Ok(found)
}
