//! Seven figures for each office, with their trend: how things stand, read in a minute.
//!
//! Promises: every figure is counted from the ledger's events and what is folded from them, and
//! names the page with the list behind it; a trend is of whole weeks or months, the last of them
//! running; no figure names a person, a case or a recording. Each is a count by an index, so that
//! the board is there at once in a vault of hundreds of thousands.

mod counted;

use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::oversight::device;
use crate::policy::{Act, Actor, State, permit_in};
use crate::vault::Vault;
use counted::Standing;

/// Weeks or months of a trend.
pub const STEPS: usize = 12;

/// For whom a board is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Leaders, who answer for it.
    Leader,
    /// Inspectors, of the legal-affairs body.
    Inspector,
    /// Those who handle cases and keep what was recorded.
    Keeper,
}

impl Audience {
    /// Every audience.
    pub const ALL: &'static [Self] = &[Self::Leader, Self::Inspector, Self::Keeper];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Inspector => "inspector",
            Self::Keeper => "keeper",
        }
    }

    /// The audience of that name, or of the code of a role that belongs to it.
    pub fn parse(name: &str) -> Outcome<Self> {
        match name {
            "leader" | "in-charge" | "principal" => Ok(Self::Leader),
            "inspector" => Ok(Self::Inspector),
            "keeper" | "custodian" | "handler" | "archivist" | "device-manager" => Ok(Self::Keeper),
            _ => Err(Fault::new(Code::ArgumentInvalid).with("argument", name)),
        }
    }

    /// Where this actor belongs, by what he may do.
    pub fn of(actor: &Actor) -> Self {
        if permit_in(actor, Act::AnswerStatement, State::OthersProposal).is_ok() {
            Self::Leader
        } else if permit_in(actor, Act::PlanInspection, State::Any).is_ok() {
            Self::Inspector
        } else {
            Self::Keeper
        }
    }

    const fn figures(self) -> [FigureKind; 7] {
        use FigureKind as K;
        match self {
            Self::Leader => {
                [K::Received, K::InTime, K::Missed, K::Cases, K::Requests, K::Findings, K::Lapses]
            }
            Self::Inspector => [
                K::InTime,
                K::Missed,
                K::Inspected,
                K::Findings,
                K::Statements,
                K::Reviews,
                K::Lapses,
            ],
            Self::Keeper => {
                [K::Received, K::Unlabelled, K::InTime, K::Cases, K::Copies, K::Damaged, K::Devices]
            }
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureKind {
    /// Recordings that were taken in.
    Received,
    /// Of a hundred recordings, how many were stored with their labels in time.
    InTime,
    /// Missed terms without a reason; how many were missed.
    Missed,
    /// Recordings without labels; how many got theirs.
    Unlabelled,
    /// Open case files; how many were closed.
    Cases,
    /// Requests nobody decided on; how many were made.
    Requests,
    /// Copies that left.
    Copies,
    /// Recordings looked at in inspections.
    Inspected,
    /// Findings that are not settled; how many were made.
    Findings,
    /// Statements that wait for their answer; how many were made.
    Statements,
    /// Legal reviews without an opinion; how many opinions were given.
    Reviews,
    /// Open lapses; how many were raised.
    Lapses,
    /// Damaged recordings; how many copies were mended.
    Damaged,
    /// Devices overdue for a check or maintenance; how many were taken out.
    Devices,
}

impl FigureKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Received,
        Self::InTime,
        Self::Missed,
        Self::Unlabelled,
        Self::Cases,
        Self::Requests,
        Self::Copies,
        Self::Inspected,
        Self::Findings,
        Self::Statements,
        Self::Reviews,
        Self::Lapses,
        Self::Damaged,
        Self::Devices,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InTime => "in-time",
            Self::Missed => "missed",
            Self::Unlabelled => "unlabelled",
            Self::Cases => "cases",
            Self::Requests => "requests",
            Self::Copies => "copies",
            Self::Inspected => "inspected",
            Self::Findings => "findings",
            Self::Statements => "statements",
            Self::Reviews => "reviews",
            Self::Lapses => "lapses",
            Self::Damaged => "damaged",
            Self::Devices => "devices",
        }
    }

    /// The page with the list behind it, narrowed to what is counted where the page can.
    pub const fn page(self) -> &'static str {
        match self {
            Self::Received => "/recordings",
            Self::InTime | Self::Missed => "/deadlines",
            Self::Unlabelled => "/tray",
            Self::Cases => "/cases?which=open",
            Self::Requests => "/requests?which=open",
            Self::Copies => "/requests",
            Self::Inspected | Self::Findings => "/inspections",
            Self::Statements => "/statements?which=open",
            Self::Reviews => "/reviews?which=open",
            Self::Lapses => "/lapses?which=open",
            Self::Damaged => "/integrity",
            Self::Devices => "/devices",
        }
    }

    /// The article it stands for.
    pub const fn article(self) -> &'static str {
        match self {
            Self::Received => "A3.3",
            Self::InTime | Self::Missed | Self::Unlabelled => "A2.18(一)1",
            Self::Cases => "A2.18(一)3",
            Self::Requests | Self::Copies => "A3.15",
            Self::Inspected | Self::Findings => "A3.14",
            Self::Statements => "A3.5",
            Self::Reviews => "A2.20",
            Self::Lapses => "A3.16, A2.19",
            Self::Damaged => "A3.12",
            Self::Devices => "A3.6",
        }
    }

    /// Whether it is told in percent.
    pub const fn percent(self) -> bool {
        matches!(self, Self::InTime)
    }

    /// The event whose number is its trend.
    const fn event(self) -> &'static str {
        match self {
            Self::Received | Self::InTime => "recording.accessioned",
            Self::Missed => "term.missed",
            Self::Unlabelled => "recording.labelled",
            Self::Cases => "case.closed",
            Self::Requests => "access.requested",
            Self::Copies => "access.copy-handed-out",
            Self::Inspected => "inspection.reviewed",
            Self::Findings => "inspection.found",
            Self::Statements => "statement.made",
            Self::Reviews => "review.opinion-given",
            Self::Lapses => "lapse.raised",
            Self::Damaged => "copy.repaired",
            Self::Devices => "device.taken-out",
        }
    }

    const fn standing(self) -> Option<Standing> {
        Some(match self {
            Self::Received | Self::InTime | Self::Copies | Self::Inspected | Self::Devices => {
                return None;
            }
            Self::Missed => Standing::MissedUnexplained,
            Self::Unlabelled => Standing::Unlabelled,
            Self::Cases => Standing::CasesOpen,
            Self::Requests => Standing::RequestsOpen,
            Self::Findings => Standing::FindingsOpen,
            Self::Statements => Standing::StatementsOpen,
            Self::Reviews => Standing::ReviewsOpen,
            Self::Lapses => Standing::LapsesOpen,
            Self::Damaged => Standing::Damaged,
        })
    }
}

/// By what a trend is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Weeks, from Monday.
    Week,
    /// Months.
    Month,
}

impl Step {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The step of that name.
    pub fn parse(name: &str) -> Outcome<Self> {
        match name {
            "week" => Ok(Self::Week),
            "month" => Ok(Self::Month),
            _ => Err(Fault::new(Code::ArgumentInvalid).with("argument", name)),
        }
    }

    /// The first day of the step this day is in.
    fn begin(self, day: Date) -> Date {
        match self {
            Self::Week => {
                // Monday is the working weekday that follows a Sunday.
                let monday = |day: &Date| !day.is_weekend() && day.plus_days(-1).is_weekend();
                (0..7).map(|back| day.plus_days(-back)).find(monday).unwrap_or(day)
            }
            Self::Month => {
                let text = day.to_string();
                let first = text.rfind('-').and_then(|at| text.get(..at));
                first.and_then(|month| format!("{month}-01").parse().ok()).unwrap_or(day)
            }
        }
    }

    /// The first days of the steps that end with the one this day is in, the oldest first.
    fn days(self, today: Date) -> Vec<Date> {
        let mut days = vec![self.begin(today)];
        while days.len() < STEPS {
            let last = days.last().copied().unwrap_or(today);
            days.push(self.begin(last.plus_days(-1)));
        }
        days.reverse();
        days
    }
}

/// A figure and its trend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// What is counted.
    pub kind: FigureKind,
    /// How many there are now; of what has no standing, how many there were in the running step.
    pub value: u64,
    /// How many there were in each step, the oldest first.
    pub trend: Vec<u64>,
}

/// The figures of an audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// For whom.
    pub audience: Audience,
    /// By what the trends are divided.
    pub step: Step,
    /// The first day of each step.
    pub days: Vec<Date>,
    /// The seven figures.
    pub figures: Vec<Figure>,
}

/// The board of an audience.
pub async fn board(vault: &Vault, actor: &Actor, audience: Audience, step: Step) -> Outcome<Board> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let days = step.days(Date::of(vault.clock.now()));
    let bounds = bounds(&days);
    let mut asking = vault.catalog.ask().await?;
    let mut figures = Vec::new();
    for kind in audience.figures() {
        let mut trend = counted::trend(&mut asking, kind.event(), &bounds).await?;
        if kind == FigureKind::InTime {
            let late = counted::late_labels(&mut asking, &bounds).await?;
            trend = trend.into_iter().zip(late).map(in_time).collect();
        }
        let value = match kind.standing() {
            Some(standing) => counted::standing(&mut asking, standing).await?,
            None => trend.last().copied().unwrap_or(0),
        };
        figures.push(Figure { kind, value, trend });
    }
    drop(asking);
    for figure in figures.iter_mut().filter(|figure| figure.kind == FigureKind::Devices) {
        let devices = device::list(vault, actor).await?.devices;
        let overdue = devices.iter().filter(|device| device.overdue).count();
        figure.value = u64::try_from(overdue).unwrap_or(u64::MAX);
    }
    Ok(Board { audience, step, days, figures })
}

/// Of a hundred, how many were in time; a hundred where there were none.
fn in_time((received, late): (u64, u64)) -> u64 {
    let kept = received.saturating_sub(late);
    (kept * 100).checked_div(received).unwrap_or(100)
}

/// The moments between the steps: one more than there are steps.
fn bounds(days: &[Date]) -> Vec<UtcTime> {
    let begin = days.iter().map(|day| day.begins_at());
    // Nothing happened after the running step.
    begin.chain([UtcTime::from_ms(i64::MAX)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn trends_are_of_whole_weeks_and_months() {
        let weeks = Step::Week.days(day("2026-11-25"));
        assert_eq!((weeks.len(), weeks[11], weeks[10]), (12, day("2026-11-23"), day("2026-11-16")));
        assert_eq!(Step::Week.begin(day("2026-11-29")), day("2026-11-23"), "a Sunday");
        let months = Step::Month.days(day("2026-01-31"));
        assert_eq!((months[11], months[10]), (day("2026-01-01"), day("2025-12-01")));
        assert_eq!(months[0], day("2025-02-01"));
        let bounds = bounds(&months);
        assert!(bounds.windows(2).all(|pair| pair[0] < pair[1]) && bounds.len() == 13);
    }

    #[test]
    fn every_office_has_seven_figures_each_with_a_page() {
        for audience in Audience::ALL {
            let figures = audience.figures();
            for (at, kind) in figures.iter().enumerate() {
                assert!(!figures[..at].contains(kind), "{kind:?} stands twice");
                assert!(kind.page().starts_with('/') && FigureKind::ALL.contains(kind));
            }
        }
        assert_eq!([in_time((0, 0)), in_time((8, 2)), in_time((1, 3))], [100, 75, 0]);
    }
}
