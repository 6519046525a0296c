//! The figures of a year (行政执法统计年报): computed from what the vault holds, frozen, approved by
//! another, reported upwards; corrected by a new edition (R26; A2.10(五)).
//!
//! Promises: figures are counted, never typed in; what was frozen stays as it was counted, with the
//! day until which it counts; nobody approves what he froze; figures that came late say so. A
//! correction says why, is approved anew, and leaves what it corrects as it was. Says nothing of a
//! person.

use super::edition;
use super::publicity::{self, Publicity, PublicityState};
use super::register::{self, Entry, Step, Words};
use super::review::{self, ReviewState};
use crate::casefile;
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::{ANNUAL_BYTES_MAX, ANNUAL_DUE_DAY, ANNUAL_NOTICE_DAYS, ANNUAL_REPORT_DAY};
use crate::policy::{Act, Actor, State};
use crate::vault::Vault;
use crate::vault::change::new_record;
use std::collections::BTreeMap;
use vault_proof::canonical::{self, Value};
use vault_proof::{OversightBody, RecordId};

const REGISTER: &str = "annual";

/// Cases asked for at once.
const ROWS: u32 = 200;

/// The earliest year of which figures are counted: the regulation is of 2020.
const YEAR_FIRST: i64 = 2020;

/// What is counted, in the order of the report.
pub const FIGURES: &[&str] = &[
    "cases-opened",
    "cases-ended",
    "cases-closed",
    "licence",
    "penalty",
    "coercion",
    "inspection",
    "published-in-time",
    "published-late",
    "not-published",
    "withheld",
    "withdrawn",
    "taken-down",
    "not-entered",
    "reviews-passed",
    "reviews-not-passed",
    "reviews-late",
];

/// Counts by the names of `FIGURES`; what is not there is none.
pub type Counts = BTreeMap<String, u64>;

/// The figures of a year as they are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The year.
    pub year: i64,
    /// The last day that counts.
    pub until: Date,
    /// Counts of each unit.
    pub units: BTreeMap<String, Counts>,
}

impl Figures {
    /// A figure of all units together.
    pub fn total(&self, figure: &str) -> u64 {
        self.units.values().filter_map(|counts| counts.get(figure)).sum()
    }

    fn count(&mut self, unit: &str, figure: &str) {
        let counts = self.units.entry(unit.to_owned()).or_default();
        *counts.entry(figure.to_owned()).or_default() += 1;
    }

    fn write(&self) -> Outcome<String> {
        let internal = |_| Fault::new(Code::Internal).with("what", "annual");
        let number = |count: u64| i64::try_from(count).map(Value::Integer).map_err(internal);
        let counts = |counts: &Counts| -> Outcome<Value> {
            let one = |(name, count): (&String, &u64)| {
                let pair = [("count", number(*count)?), ("figure", Value::text(name))];
                Ok(Value::map(pair))
            };
            Ok(Value::List(counts.iter().map(one).collect::<Outcome<_>>()?))
        };
        let units = self.units.iter().map(|(unit, found)| {
            Ok(Value::map([("counts", counts(found)?), ("unit", Value::text(unit))]))
        });
        let said = Value::map([
            ("units", Value::List(units.collect::<Outcome<_>>()?)),
            ("until", Value::Text(self.until.to_string())),
            ("year", Value::Integer(self.year)),
        ]);
        let text = String::from_utf8(canonical::encode(&said)).ok();
        let text = text.filter(|text| text.len() <= ANNUAL_BYTES_MAX);
        text.ok_or_else(|| Fault::new(Code::Internal).with("limit", ANNUAL_BYTES_MAX))
    }

    fn read(text: &str) -> Option<Self> {
        let said = canonical::parse(text.as_bytes()).ok()?;
        let Value::Integer(year) = *said.get("year")? else { return None };
        let Value::List(units) = said.get("units")? else { return None };
        let counts = |unit: &Value| -> Option<(String, Counts)> {
            let Value::List(counts) = unit.get("counts")? else { return None };
            let one = |pair: &Value| {
                let Value::Integer(count) = *pair.get("count")? else { return None };
                Some((pair.get("figure")?.as_text()?.to_owned(), u64::try_from(count).ok()?))
            };
            let counts = counts.iter().map(one).collect::<Option<_>>()?;
            Some((unit.get("unit")?.as_text()?.to_owned(), counts))
        };
        Some(Self {
            year,
            until: said.get("until")?.as_text()?.parse().ok()?,
            units: units.iter().map(counts).collect::<Option<_>>()?,
        })
    }
}

/// How figures stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnnualState {
    /// Frozen; a leader has not decided.
    Frozen,
    /// Given back.
    Returned,
    /// Approved.
    Approved,
    /// Reported upwards.
    HandedOn,
}

impl AnnualState {
    /// Every state.
    pub const ALL: &'static [Self] =
        &[Self::Frozen, Self::Returned, Self::Approved, Self::HandedOn];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Frozen => "frozen",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::HandedOn => "handed-on",
        }
    }
}

/// Figures of a year as they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annual {
    /// Their number.
    pub id: RecordId,
    /// How they stand.
    pub state: AnnualState,
    /// What was frozen.
    pub figures: Figures,
    /// When.
    pub at: UtcTime,
    /// The day on which they are to be handed in.
    pub due: Date,
    /// The day on which they are to be reported upwards.
    pub report_due: Date,
    /// Whether they were approved, or reported, later than that; or are not and the day is over. A
    /// correction has no day of its own.
    pub late: bool,
    /// The approved figures of the same year that these correct.
    pub corrects: Option<RecordId>,
    /// The approved figures that correct these.
    pub corrected_by: Option<RecordId>,
    /// Every step.
    pub steps: Vec<Step>,
}

impl Annual {
    /// Whether this actor froze them.
    pub fn is_by(&self, actor: &Actor) -> bool {
        self.steps.first().is_some_and(|step| step.by_actor == actor.id())
    }
}

fn december(year: i64, day: u32) -> Outcome<Date> {
    let text = format!("{year:04}-12-{day:02}");
    text.parse().map_err(|_| Fault::new(Code::ArgumentInvalid).with("argument", year))
}

/// The figures of a year as they are now, until today or its end.
pub async fn compute(vault: &Vault, actor: &Actor, year: i64) -> Outcome<Figures> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    count(vault, year).await
}

async fn count(vault: &Vault, year: i64) -> Outcome<Figures> {
    let today = Date::of(vault.clock.now());
    if !(YEAR_FIRST..=today.year()).contains(&year) {
        return Err(Fault::new(Code::ArgumentInvalid).with("argument", year));
    }
    let until = december(year, 31)?.min(today);
    let mut figures = Figures { year, until, units: BTreeMap::new() };
    let publicity = publicity::all(vault).await?;
    for one in publicity.iter().filter(|one| one.term.since.year() == year) {
        count_publicity(&mut figures, one);
    }
    let mut units = BTreeMap::new();
    count_cases(vault, &mut figures, &publicity, &mut units).await?;
    for one in review::all(vault).await? {
        count_review(&mut figures, &one, &units);
    }
    Ok(figures)
}

fn count_publicity(figures: &mut Figures, one: &Publicity) {
    figures.count(&one.unit, &one.draft.kind);
    let figure = match one.state {
        PublicityState::Withheld => "withheld",
        _ if !one.places.is_empty() && one.term.late => "published-late",
        _ if !one.places.is_empty() => "published-in-time",
        _ => "not-published",
    };
    figures.count(&one.unit, figure);
    match one.state {
        PublicityState::Revoked | PublicityState::Withdrawn => {
            figures.count(&one.unit, "withdrawn");
        }
        PublicityState::TakenDown => figures.count(&one.unit, "taken-down"),
        _ => {}
    }
}

async fn count_cases(
    vault: &Vault,
    figures: &mut Figures,
    publicity: &[Publicity],
    units: &mut BTreeMap<String, String>,
) -> Outcome<()> {
    let (calendar, mut after) = (edition::calendar(vault).await?, None);
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    for one in publicity {
        *held.entry(&one.case_no).or_default() += 1;
    }
    loop {
        let (cases, next) = casefile::list(vault, after, ROWS).await?;
        for case in cases {
            let of_year = |day: Option<Date>| day.is_some_and(|day| day.year() == figures.year);
            let closed = case.closed.as_ref().map(|closing| Date::of(closing.at));
            let counted = [
                ("cases-opened", of_year(case.opened_on.parse().ok())),
                ("cases-ended", of_year(case.ended_on)),
                ("cases-closed", of_year(closed)),
            ];
            for (figure, _) in counted.into_iter().filter(|(_, counts)| *counts) {
                figures.count(&case.unit, figure);
            }
            let entries = held.get(case.case_no.as_str()).copied().unwrap_or(0);
            for one in publicity::unentered(&case, entries, &calendar, figures.until) {
                if one.term.since.year() == figures.year {
                    figures.count(&case.unit, "not-entered");
                }
            }
            units.insert(case.case_no, case.unit);
        }
        after = next;
        if after.is_none() {
            return Ok(());
        }
    }
}

fn count_review(figures: &mut Figures, one: &review::Review, units: &BTreeMap<String, String>) {
    let last = one.steps.last().map(|step| Date::of(step.at).year());
    let figure = match one.state {
        ReviewState::Passed => "reviews-passed",
        ReviewState::NotPassed | ReviewState::Objected => "reviews-not-passed",
        _ => return,
    };
    if last != Some(figures.year) {
        return;
    }
    let unit = units.get(&one.case_no).map_or("", String::as_str);
    figures.count(unit, figure);
    // The stricter term is the one that counts.
    if one.terms.first().is_some_and(|term| term.late) {
        figures.count(unit, "reviews-late");
    }
}

/// Counts the figures of a year and freezes them; gives their number. Figures that were given back
/// are counted anew; those that were approved are corrected by a new edition, with the reason.
pub async fn freeze(
    vault: &Vault,
    actor: &Actor,
    (year, reason): (i64, &str),
) -> Outcome<RecordId> {
    checked_text("text", reason, false)?;
    let permitted = vault.permit(actor, Act::FreezeFigures).await?;
    let figures = count(vault, year).await?;
    let annual = new_record()?;
    let wrong = |_| Fault::new(Code::ArgumentInvalid).with("argument", year);
    let body = OversightBody::AnnualFrozen { annual, year: u64::try_from(year).map_err(wrong)? };
    let details = vec![("figures_json", figures.write()?)];
    let words = Words { text: reason, details, ..Words::default() };
    let one_at_a_time = |entries: &[Entry]| {
        let same: Vec<_> = entries.iter().filter(|entry| year_of(entry) == Some(year)).collect();
        if let Some(last) = same.last() {
            last.require(state_of(last) != AnnualState::Frozen, "figures-there")?;
        }
        match same.iter().find(|entry| is_approved(entry)) {
            Some(entry) => entry.require(!reason.trim().is_empty(), "correction-unexplained"),
            None => Ok(()),
        }
    };
    register::enter(vault, (permitted, actor), body, words, one_at_a_time).await?;
    Ok(annual)
}

fn year_of(entry: &Entry) -> Option<i64> {
    entry.last("annual.frozen")?.field("year").parse().ok()
}

/// A leader who did not freeze them approves the figures, or gives them back.
pub async fn decide(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (approved, text): (bool, &str),
) -> Outcome<()> {
    checked_text("text", text, !approved)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let own = entry.steps.first().is_some_and(|step| step.by_actor == actor.id());
    let state = if own { State::OwnProposal } else { State::OthersProposal };
    let permitted = vault.permit_in(actor, Act::ApproveFigures, state, Vec::new()).await?;
    let body = OversightBody::AnnualDecided { annual: entry.id, approved };
    let open = |entry: &Entry| entry.require(state_of(entry) == AnnualState::Frozen, "out-of-turn");
    let words = Words { text, ..Words::default() };
    register::step(vault, (permitted, actor), body, words, open).await
}

/// Puts on record that approved figures were reported upwards, and to whom.
pub async fn hand_on(vault: &Vault, actor: &Actor, number: &str, text: &str) -> Outcome<()> {
    checked_text("text", text, true)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::FreezeFigures).await?;
    let body = OversightBody::AnnualHandedOn { annual: entry.id };
    let ready =
        |entry: &Entry| entry.require(state_of(entry) == AnnualState::Approved, "out-of-turn");
    let words = Words { text, ..Words::default() };
    register::step(vault, (permitted, actor), body, words, ready).await
}

fn state_of(entry: &Entry) -> AnnualState {
    let decided = entry.last("annual.decided").map(|step| step.field("approved"));
    match (entry.last("annual.handed-on"), decided) {
        (Some(_), _) => AnnualState::HandedOn,
        (None, Some("true")) => AnnualState::Approved,
        (None, Some(_)) => AnnualState::Returned,
        (None, None) => AnnualState::Frozen,
    }
}

fn is_approved(entry: &Entry) -> bool {
    matches!(state_of(entry), AnnualState::Approved | AnnualState::HandedOn)
}

/// Every entry as it stands beside the others of its year, the oldest first.
fn views(entries: Vec<Entry>, today: Date) -> Vec<Annual> {
    let approved: Vec<(RecordId, Option<i64>)> = entries
        .iter()
        .filter(|entry| is_approved(entry))
        .map(|entry| (entry.id, year_of(entry)))
        .collect();
    let order: Vec<RecordId> = entries.iter().map(|entry| entry.id).collect();
    let place = |id: &RecordId| order.iter().position(|known| known == id);
    let view = |entry: Entry| {
        let (own, year) = (place(&entry.id), year_of(&entry));
        let same = || approved.iter().filter(|(_, other)| *other == year).map(|(id, _)| *id);
        let before = same().rfind(|id| place(id) < own);
        let after = same().find(|id| place(id) > own);
        view(entry, (before, after), today)
    };
    entries.into_iter().filter_map(view).collect()
}

fn view(
    entry: Entry,
    (corrects, corrected_by): (Option<RecordId>, Option<RecordId>),
    today: Date,
) -> Option<Annual> {
    let frozen = entry.last("annual.frozen")?;
    let figures = Figures::read(frozen.field("figures_json"))?;
    let due = december(figures.year, ANNUAL_DUE_DAY).ok()?;
    let report_due = december(figures.year, ANNUAL_REPORT_DAY).ok()?;
    let approved = entry.last("annual.decided").filter(|step| step.field("approved") == "true");
    let day = |step: Option<&Step>| step.map_or(today, |step| Date::of(step.at));
    let late = due < day(approved) || report_due < day(entry.last("annual.handed-on"));
    let corrected_by = corrected_by.filter(|_| approved.is_some());
    Some(Annual {
        id: entry.id,
        state: state_of(&entry),
        at: frozen.at,
        due,
        report_due,
        late: late && corrects.is_none(),
        figures,
        corrects,
        corrected_by,
        steps: entry.steps,
    })
}

/// Figures that were frozen, the newest first.
pub async fn list(vault: &Vault, actor: &Actor) -> Outcome<Vec<Annual>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let today = Date::of(vault.clock.now());
    let entries = register::whole_entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    let mut found = views(entries, today);
    found.reverse();
    Ok(found)
}

/// Figures by their number, or the beginning of it.
pub async fn show(vault: &Vault, actor: &Actor, number: &str) -> Outcome<Annual> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let unknown = || Fault::new(Code::EntryUnknown).with("id", number);
    let id = register::find_one(vault, REGISTER, number).await?.id;
    list(vault, actor).await?.into_iter().find(|one| one.id == id).ok_or_else(unknown)
}

/// Figures that are to be frozen: the year, and whether their day is over; none while it is far or
/// where they were frozen. For callers that were admitted.
pub(crate) async fn to_freeze(vault: &Vault) -> Outcome<Option<(i64, bool)>> {
    if let Some(year) = overdue(vault).await? {
        let entries = register::entries(&mut vault.catalog.ask().await?, REGISTER).await?;
        let last = entries.iter().rev().find(|entry| year_of(entry) == Some(year));
        let waits = last.is_some_and(|entry| state_of(entry) == AnnualState::Frozen);
        return Ok((!waits).then_some((year, true)));
    }
    let today = Date::of(vault.clock.now());
    let year = today.year();
    let due = december(year, ANNUAL_DUE_DAY)?;
    if !(0..=ANNUAL_NOTICE_DAYS).contains(&today.days_until(due)) {
        return Ok(None);
    }
    let entries = register::entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    let last = entries.iter().rev().find(|entry| year_of(entry) == Some(year));
    let there = last.is_some_and(|entry| state_of(entry) != AnnualState::Returned);
    let counts = !there && !count(vault, year).await?.units.is_empty();
    Ok(counts.then_some((year, false)))
}

/// The last year whose figures should have been handed in and were not approved in time; none where
/// nothing was to be counted.
pub(super) async fn overdue(vault: &Vault) -> Outcome<Option<i64>> {
    let today = Date::of(vault.clock.now());
    let year = if december(today.year(), ANNUAL_DUE_DAY)? < today {
        today.year()
    } else {
        today.year() - 1
    };
    if year < YEAR_FIRST {
        return Ok(None);
    }
    let entries = register::whole_entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    let done = entries.iter().filter(|entry| year_of(entry) == Some(year));
    if done.into_iter().any(is_approved) {
        return Ok(None);
    }
    let counted = count(vault, year).await?;
    Ok((!counted.units.is_empty()).then_some(year))
}
