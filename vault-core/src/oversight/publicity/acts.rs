//! The steps of publicity. A correction of what was published is a draft anew; until it is
//! approved, what was approved before stands.

use super::REGISTER;
use super::kinds::{CARRIERS, CAUSES, KINDS, OBJECTIONS, PublicityKind};
use super::view::{PublicityState, last_draft, published_on, standing, state_of, waits};
use crate::casefile::{self, CaseView, ContentsEntry};
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::{checked_text, checked_text_of};
use crate::limits::{PUBLICITY_FIELD_BYTES_MAX, PUBLICITY_PERSON_YEARS, PUBLICITY_YEARS};
use crate::oversight::register::{self, Entry, Words};
use crate::policy::{Act, Actor, State};
use crate::vault::Vault;
use crate::vault::change::new_record;
use std::collections::BTreeMap;
use vault_proof::{OversightBody, RecordId};

/// What is to be published of a decision, or why it may not be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Of `KINDS`.
    pub kind: String,
    /// The day of the decision, as `2026-01-31`.
    pub decided_on: String,
    /// The number of the decision (决定书编号); may be empty where there is none.
    pub number: String,
    /// Whether the counterpart is a natural person.
    pub natural_person: bool,
    /// Whether it is a matter on which the leaders decide together (A2.10(二)).
    pub major: bool,
    /// The title under which it is published.
    pub title: String,
    /// What is published, by the names of its kind.
    pub fields: BTreeMap<String, String>,
    /// Whether each item of `OBJECTIONS` stands against it, by its name.
    pub objections: BTreeMap<String, bool>,
    /// Why it may not be published; a remark where it may.
    pub reason: String,
}

impl Draft {
    /// Whether it is to be published.
    pub fn publishes(&self) -> bool {
        !self.objections.values().any(|stands| *stands)
    }
}

fn invalid(value: &str) -> Fault {
    Fault::new(Code::ArgumentInvalid).with("argument", value)
}

/// A draft that was checked: the kind, and what is said with the step.
fn checked(draft: &Draft, today: Date) -> Outcome<(&'static PublicityKind, Vec<Detail>)> {
    let kind = KINDS.iter().find(|kind| kind.name == draft.kind);
    let kind = kind.ok_or_else(|| invalid(&draft.kind))?;
    let decided: Date = draft.decided_on.parse().map_err(|_| invalid(&draft.decided_on))?;
    if today < decided {
        return Err(invalid(&draft.decided_on));
    }
    checked_text("decision_number", &draft.number, kind.name == "penalty")?;
    let publishes = draft.publishes();
    checked_text("title", &draft.title, publishes)?;
    checked_text("reason", &draft.reason, !publishes)?;
    let mut details = vec![
        ("decided_on", draft.decided_on.clone()),
        ("decision_number", draft.number.clone()),
        ("natural_person", yes_or_no(draft.natural_person)),
        ("major", yes_or_no(draft.major)),
        ("title", draft.title.clone()),
    ];
    if let Some(unknown) = unknown(draft, kind) {
        return Err(invalid(unknown));
    }
    for (article, name) in OBJECTIONS {
        let Some(stands) = draft.objections.get(*name) else {
            let fault = Fault::new(Code::LabelInvalid).with("label", *name);
            return Err(fault.with("reason", "missing").with("article", *article));
        };
        details.push((name, yes_or_no(*stands)));
    }
    for name in kind.fields {
        let text = draft.fields.get(*name).map_or("", String::as_str);
        checked_text_of(name, text, publishes, PUBLICITY_FIELD_BYTES_MAX)
            .map_err(|fault| fault.with("article", kind.article))?;
        details.push((name, text.to_owned()));
    }
    Ok((kind, details))
}

/// Something said under a name.
type Detail = (&'static str, String);

fn unknown<'a>(draft: &'a Draft, kind: &PublicityKind) -> Option<&'a str> {
    let field = draft.fields.keys().find(|name| !kind.fields.contains(&name.as_str()));
    let objection =
        draft.objections.keys().find(|name| OBJECTIONS.iter().all(|(_, known)| known != name));
    field.or(objection).map(String::as_str)
}

fn yes_or_no(answer: bool) -> String {
    if answer { "yes" } else { "no" }.to_owned()
}

fn body_of(publicity: RecordId, kind: &PublicityKind, draft: &Draft) -> OversightBody {
    let (kind, publish) = (kind.name.to_owned(), draft.publishes());
    OversightBody::PublicityDrafted { publicity, kind, publish }
}

/// Drafts what is to be published of a decision of a case; gives its number. A decision has one
/// entry: what was withdrawn may be followed by another.
pub async fn draft(vault: &Vault, actor: &Actor, case_no: &str, new: Draft) -> Outcome<RecordId> {
    let (kind, mut details) = checked(&new, Date::of(vault.clock.now()))?;
    let permitted = vault.permit(actor, Act::DraftPublicity).await?;
    let case = casefile::show(vault, case_no).await?;
    details.push(("unit", case.unit.clone()));
    let publicity = new_record()?;
    let body = body_of(publicity, kind, &new);
    let words = Words { text: &new.reason, case_no: &case.case_no, details };
    let once = |entries: &[Entry]| require_decision(&case, &new, entries.iter());
    register::enter(vault, (permitted, actor), body, words, once).await?;
    Ok(publicity)
}

/// What is filed in a case when something of this kind is decided in it.
fn decisions(kind: &str) -> &'static [&'static str] {
    if kind == "inspection" { &["decision", "inspection-record"] } else { &["decision"] }
}

/// Refuses a draft of a decision that is not filed in its case, and one of a decision that another
/// entry holds: each decision has one entry that stands.
fn require_decision<'a>(
    case: &CaseView,
    draft: &Draft,
    others: impl Iterator<Item = &'a Entry>,
) -> Outcome<()> {
    let types = decisions(&draft.kind);
    let filed = |one: &&ContentsEntry| types.contains(&one.document.as_str());
    let filed: Vec<&ContentsEntry> = case.contents.iter().filter(filed).collect();
    // One that bears no day may be of any.
    let of_day = filed.iter().filter(|one| one.on.is_empty() || one.on == draft.decided_on).count();
    if of_day == 0 {
        let fault = Fault::new(Code::EntryStepRefused).with("case", &case.case_no);
        let fault = fault.with("on", &draft.decided_on).with("reason", "decision-not-filed");
        return Err(fault.with("article", "A2.6(三)"));
    }
    let over = |entry: &&Entry| {
        matches!(state_of(entry), PublicityState::Withdrawn | PublicityState::TakenDown)
    };
    let (mut held, mut held_of_day) = (0, 0);
    for entry in others.filter(|entry| !over(entry)) {
        let Some(last) = last_draft(entry) else { continue };
        let numbered = !draft.number.is_empty() && last.field("decision_number") == draft.number;
        if case_of(entry) == case.case_no && decisions(last.field("kind")) == types {
            held += 1;
            held_of_day += usize::from(last.field("decided_on") == draft.decided_on);
        }
        let room = held < filed.len() && held_of_day < of_day;
        entry.require(!numbered && room, "publicity-there")?;
    }
    Ok(())
}

/// Drafts it anew: what was given back, what waits, or a correction of what was published
/// (A2.10(三)).
pub async fn redraft(vault: &Vault, actor: &Actor, number: &str, new: Draft) -> Outcome<()> {
    let (kind, mut details) = checked(&new, Date::of(vault.clock.now()))?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::DraftPublicity).await?;
    let case = casefile::show(vault, case_of(&entry)).await?;
    let unit = entry.steps.first().map_or("", |first| first.field("unit"));
    details.push(("unit", unit.to_owned()));
    let body = body_of(entry.id, kind, &new);
    let words = Words { text: &new.reason, case_no: case_of(&entry), details };
    let open_to_all = new.publishes();
    let check = |entry: &Entry, all: &[Entry]| {
        let state = state_of(entry);
        // What is published and may not be any more is withdrawn, not drafted away.
        let shown = state == PublicityState::Published;
        entry.require(open_to_all || !shown, "withdraw-instead")?;
        let open = !matches!(
            state,
            PublicityState::Revoked | PublicityState::Withdrawn | PublicityState::TakenDown
        );
        entry.require(open, "out-of-turn")?;
        require_decision(&case, &new, all.iter().filter(|other| other.id != entry.id))
    };
    register::step_among(vault, (permitted, actor), body, words, check).await
}

fn case_of(entry: &Entry) -> &str {
    entry.steps.first().map_or("", |step| &step.case_no)
}

/// A leader who did not draft it approves the last draft, or gives it back. Of a major matter the
/// record of the leaders' discussion is named.
pub async fn decide(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (approved, discussion, text): (bool, &str, &str),
) -> Outcome<()> {
    checked_text("text", text, !approved)?;
    checked_text("discussion", discussion, false)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let own = last_draft(&entry).is_some_and(|draft| draft.by_actor == actor.id());
    let state = if own { State::OwnProposal } else { State::OthersProposal };
    let permitted = vault.permit_in(actor, Act::ApprovePublicity, state, Vec::new()).await?;
    let seen = last_draft(&entry).map(|draft| draft.seq);
    let body = OversightBody::PublicityDecided { publicity: entry.id, approved };
    let details = vec![("discussion", discussion.to_owned())];
    let words = Words { text, case_no: case_of(&entry), details };
    let check = |entry: &Entry| {
        entry.require(waits(entry), "out-of-turn")?;
        let draft = last_draft(entry);
        // A draft that came in between was not the one that was looked at.
        entry.require(draft.map(|draft| draft.seq) == seen, "out-of-turn")?;
        let major = draft.is_some_and(|draft| draft.field("major") == "yes");
        let discussed = !discussion.trim().is_empty();
        entry.require(!approved || !major || discussed, "discussion-missing")
    };
    register::step(vault, (permitted, actor), body, words, check).await
}

/// Where and when something was published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publication {
    /// Of `CARRIERS`.
    pub places: Vec<String>,
    /// Where exactly: an address, a number of a gazette.
    pub address: String,
    /// The day, as `2026-01-31`.
    pub on: String,
}

/// Puts on record where and when it was published; again for every further place.
pub async fn publish(vault: &Vault, actor: &Actor, number: &str, new: Publication) -> Outcome<()> {
    checked_text("address", &new.address, true)?;
    let known = |place: &&String| CARRIERS.iter().any(|(name, _)| name == place);
    if let Some(unknown) = new.places.iter().find(|place| !known(place)) {
        return Err(invalid(unknown));
    }
    if new.places.is_empty() {
        return Err(invalid(""));
    }
    let on: Date = new.on.parse().map_err(|_| invalid(&new.on))?;
    let today = Date::of(vault.clock.now());
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::PublishDecision).await?;
    let body = OversightBody::PublicityPublished { publicity: entry.id, places: new.places };
    let details = vec![("on", new.on), ("address", new.address)];
    let words = Words { text: "", case_no: case_of(&entry), details };
    let check = |entry: &Entry| {
        let ready = matches!(state_of(entry), PublicityState::Approved | PublicityState::Published);
        entry.require(ready, "not-approved")?;
        let approved = standing(entry).map(|(_, decided)| Date::of(decided.at));
        let within = approved.is_some_and(|approved| approved <= on && on <= today);
        entry.require(within, "day-impossible")
    };
    register::step(vault, (permitted, actor), body, words, check).await
}

/// Puts on record that the decision does not stand, or may not be shown: it leaves the feed, and is
/// to be withdrawn within three working days of the day on which that was received.
pub async fn revoke(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (cause, received_on, text): (&str, &str, &str),
) -> Outcome<()> {
    checked_text("text", text, true)?;
    if !CAUSES.contains(&cause) {
        return Err(invalid(cause));
    }
    let received: Date = received_on.parse().map_err(|_| invalid(received_on))?;
    if Date::of(vault.clock.now()) < received {
        return Err(invalid(received_on));
    }
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::PublishDecision).await?;
    let cause = cause.to_owned();
    let body = OversightBody::PublicityRevoked { publicity: entry.id, cause };
    let details = vec![("received_on", received_on.to_owned())];
    let words = Words { text, case_no: case_of(&entry), details };
    let check = |entry: &Entry| {
        let stands =
            matches!(state_of(entry), PublicityState::Approved | PublicityState::Published);
        entry.require(stands, "out-of-turn")
    };
    register::step(vault, (permitted, actor), body, words, check).await
}

/// Puts on record that what was revoked was withdrawn from every place.
pub async fn withdraw(vault: &Vault, actor: &Actor, number: &str, text: &str) -> Outcome<()> {
    let entry = register::find_one(vault, REGISTER, number).await?;
    let body = OversightBody::PublicityWithdrawn { publicity: entry.id };
    let check =
        |entry: &Entry| entry.require(state_of(entry) == PublicityState::Revoked, "out-of-turn");
    publishing(vault, actor, &entry, (body, text), check).await
}

async fn publishing(
    vault: &Vault,
    actor: &Actor,
    entry: &Entry,
    (body, text): (OversightBody, &str),
    check: impl FnOnce(&Entry) -> Outcome<()>,
) -> Outcome<()> {
    checked_text("text", text, true)?;
    let permitted = vault.permit(actor, Act::PublishDecision).await?;
    let words = Words { text, case_no: case_of(entry), details: Vec::new() };
    register::step(vault, (permitted, actor), body, words, check).await
}

/// Whether so many years have passed since the publication.
fn years_passed(entry: &Entry, years: i64, today: Date) -> bool {
    published_on(entry).is_some_and(|on| on.plus_years(years) <= today)
}

fn natural_person(entry: &Entry) -> bool {
    standing(entry).is_some_and(|(draft, _)| draft.field("natural_person") == "yes")
}

/// Puts on record that a natural person applies to have it taken down after two years.
pub async fn ask_take_down(vault: &Vault, actor: &Actor, number: &str, text: &str) -> Outcome<()> {
    let entry = register::find_one(vault, REGISTER, number).await?;
    let today = Date::of(vault.clock.now());
    let body = OversightBody::PublicityTakeDownAsked { publicity: entry.id };
    let check = |entry: &Entry| {
        entry.require(state_of(entry) == PublicityState::Published, "out-of-turn")?;
        entry.require(natural_person(entry), "no-natural-person")?;
        entry.require(years_passed(entry, PUBLICITY_PERSON_YEARS, today), "two-years")
    };
    publishing(vault, actor, &entry, (body, text), check).await
}

/// The principal leader decides on such an application.
pub async fn decide_take_down(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (approved, text): (bool, &str),
) -> Outcome<()> {
    checked_text("text", text, !approved)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::ApproveTakeDown).await?;
    let body = OversightBody::PublicityTakeDownDecided { publicity: entry.id, approved };
    let words = Words { text, case_no: case_of(&entry), details: Vec::new() };
    let check = |entry: &Entry| {
        entry.require(state_of(entry) == PublicityState::Published, "out-of-turn")?;
        let asked = entry.stands("publicity.take-down-asked", "publicity.take-down-decided");
        entry.require(asked, "out-of-turn")
    };
    register::step(vault, (permitted, actor), body, words, check).await
}

/// Puts on record that it was taken down: after five years, or of a natural person after two with
/// the approval of the principal leader.
pub async fn take_down(vault: &Vault, actor: &Actor, number: &str, text: &str) -> Outcome<()> {
    let entry = register::find_one(vault, REGISTER, number).await?;
    let today = Date::of(vault.clock.now());
    let body = OversightBody::PublicityTakenDown { publicity: entry.id };
    let check = |entry: &Entry| {
        entry.require(state_of(entry) == PublicityState::Published, "out-of-turn")?;
        let decided = entry.last("publicity.take-down-decided");
        let approved = decided.is_some_and(|step| step.field("approved") == "true");
        let over = years_passed(entry, PUBLICITY_YEARS, today);
        entry.require(over || approved, "five-years")
    };
    publishing(vault, actor, &entry, (body, text), check).await
}
