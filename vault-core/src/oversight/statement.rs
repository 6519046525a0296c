//! Statements of what was not recorded (未录音录像说明): one of four grounds, with reason and basis,
//! reported to the superior, who answers (R04; A3.5).
//!
//! Promises: a statement stands as it was made; it counts as a lawful ground once a superior who
//! did not make it accepts it; one that was made late says so for ever, and one about a case that
//! nobody opened says so until somebody does.

use super::edition;
use super::register::{self, Entry, Step, Words};
use crate::calendar::Calendar;
use crate::catalog::Asking;
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::intake::{ACTIVITIES, checked_text};
use crate::limits::LABEL_WORKING_DAYS;
use crate::policy::{Act, Actor, State};
use crate::vault::Vault;
use crate::vault::change::new_record;
use std::collections::BTreeSet;
use vault_proof::{OversightBody, RecordId};

const REGISTER: &str = "statement";

/// The four grounds of A3.5, in their order.
pub const GROUNDS: &[&str] = &["explosion-hazard", "secrecy", "urgency", "weather-or-failure"];

/// A statement to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewStatement {
    /// Of `GROUNDS`.
    pub ground: String,
    /// What was not recorded, of the activities of a recording.
    pub activity: String,
    /// The case, where there is one.
    pub case_no: String,
    /// The day of the event, as `2026-01-31`.
    pub on: String,
    /// Where it was.
    pub place: String,
    /// Who acted there.
    pub handler: String,
    /// Why it could not be recorded.
    pub reason: String,
    /// What shows it: a notice, a weather warning, the entry of a broken device.
    pub basis: String,
}

/// How a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementState {
    /// Reported; the superior has not answered.
    Reported,
    /// The ground is accepted.
    Accepted,
    /// It is not.
    Rejected,
}

impl StatementState {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::Reported, Self::Accepted, Self::Rejected];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }
}

/// A statement as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its number.
    pub id: RecordId,
    /// What was stated.
    pub stated: NewStatement,
    /// Who stated it.
    pub person: String,
    /// When.
    pub at: UtcTime,
    /// Whether that was later than the term in which a recording would have had its labels
    /// (A2.18(一)1): A3.5 asks for "in time" and gives no number.
    pub late: bool,
    /// Whether it names a case of which there is no case file: A3.5 asks for the statement after
    /// the event, which may be before the case is opened.
    pub case_unknown: bool,
    /// How it stands.
    pub state: StatementState,
    /// Who answered, what, and when.
    pub answered: Option<(String, String, UtcTime)>,
    /// Every step.
    pub steps: Vec<Step>,
}

fn unknown_code(value: &str) -> Fault {
    Fault::new(Code::ArgumentInvalid).with("argument", value)
}

impl Statement {
    /// Whether this actor made it.
    pub fn is_by(&self, actor: &Actor) -> bool {
        self.steps.first().is_some_and(|step| step.by_actor == actor.id())
    }
}

/// Makes a statement, which reports it to the superior; gives its number.
pub async fn make(vault: &Vault, actor: &Actor, new: NewStatement) -> Outcome<RecordId> {
    if !GROUNDS.contains(&new.ground.as_str()) {
        return Err(unknown_code(&new.ground));
    }
    if !ACTIVITIES.contains(&new.activity.as_str()) {
        return Err(unknown_code(&new.activity));
    }
    let on: Date = new.on.parse().map_err(|_| unknown_code(&new.on))?;
    if Date::of(vault.clock.now()) < on {
        return Err(unknown_code(&new.on));
    }
    checked_text("place", &new.place, true)?;
    checked_text("handler", &new.handler, true)?;
    checked_text("reason", &new.reason, true)?;
    checked_text("basis", &new.basis, true)?;
    checked_text("case", &new.case_no, false)?;
    let permitted = vault.permit(actor, Act::MakeStatement).await?;
    let statement = new_record()?;
    let NewStatement { ground, activity, case_no, on, place, handler, reason, basis } = new;
    let details = vec![("on", on), ("place", place), ("handler", handler), ("basis", basis)];
    let words = Words { text: &reason, case_no: &case_no, details };
    let body = OversightBody::StatementMade { statement, ground, activity };
    register::enter(vault, (permitted, actor), body, words, |_| Ok(())).await?;
    Ok(statement)
}

/// A superior who did not make it answers a statement, once.
pub async fn answer(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (accepted, text): (bool, &str),
) -> Outcome<()> {
    checked_text("text", text, !accepted)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let own = entry.steps.first().is_some_and(|step| step.by_actor == actor.id());
    let state = if own { State::OwnProposal } else { State::OthersProposal };
    let permitted = vault.permit_in(actor, Act::AnswerStatement, state, Vec::new()).await?;
    let body = OversightBody::StatementAnswered { statement: entry.id, accepted };
    let open = |entry: &Entry| {
        entry.require(entry.last("statement.answered").is_none(), "answered-already")
    };
    let words = Words { text, ..Words::default() };
    register::step(vault, (permitted, actor), body, words, open).await
}

fn view(entry: Entry, calendar: &Calendar, known: &BTreeSet<String>) -> Option<Statement> {
    let made = entry.last("statement.made")?;
    let text = |name| made.field(name).to_owned();
    let stated = NewStatement {
        ground: text("ground"),
        activity: text("activity"),
        case_no: made.case_no.clone(),
        on: text("on"),
        place: text("place"),
        handler: text("handler"),
        reason: made.text.clone(),
        basis: text("basis"),
    };
    let answered = entry.last("statement.answered");
    let state = match answered.map(|step| step.field("accepted")) {
        None => StatementState::Reported,
        Some("true") => StatementState::Accepted,
        Some(_) => StatementState::Rejected,
    };
    let due = stated.on.parse().ok().map(|on| calendar.deadline(on, LABEL_WORKING_DAYS));
    Some(Statement {
        id: entry.id,
        person: made.person.clone(),
        at: made.at,
        late: due.is_some_and(|deadline| deadline.due < Date::of(made.at)),
        case_unknown: !stated.case_no.is_empty() && !known.contains(&stated.case_no),
        state,
        answered: answered.map(|step| (step.person.clone(), step.text.clone(), step.at)),
        stated,
        steps: entry.steps,
    })
}

pub(crate) async fn all(vault: &Vault) -> Outcome<Vec<Statement>> {
    let calendar = edition::calendar(vault).await?;
    let mut asking = vault.catalog.ask().await?;
    let entries = register::entries(&mut asking, REGISTER).await?;
    let known = known_cases(&mut asking, &entries).await?;
    Ok(entries.into_iter().filter_map(|entry| view(entry, &calendar, &known)).collect())
}

/// The cases these name of which there is a case file.
async fn known_cases(asking: &mut Asking<'_>, entries: &[Entry]) -> Outcome<BTreeSet<String>> {
    let named: BTreeSet<&str> = entries
        .iter()
        .filter_map(|entry| entry.last("statement.made"))
        .map(|made| made.case_no.as_str())
        .filter(|case_no| !case_no.is_empty())
        .collect();
    let mut known = BTreeSet::new();
    for case_no in named {
        if asking.case(case_no).await?.is_some() {
            known.insert(case_no.to_owned());
        }
    }
    Ok(known)
}

/// Statements, the newest first.
pub async fn list(vault: &Vault, actor: &Actor) -> Outcome<Vec<Statement>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let mut statements = all(vault).await?;
    statements.reverse();
    Ok(statements)
}

/// A statement by its number, or the beginning of it.
pub async fn show(vault: &Vault, actor: &Actor, number: &str) -> Outcome<Statement> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let unknown = || Fault::new(Code::EntryUnknown).with("id", number);
    let entry = register::find_one(vault, REGISTER, number).await?;
    let mut asking = vault.catalog.ask().await?;
    let known = known_cases(&mut asking, std::slice::from_ref(&entry)).await?;
    drop(asking);
    view(entry, &edition::calendar(vault).await?, &known).ok_or_else(unknown)
}
