//! What people read, in Chinese and in English, from the catalogues in `locales/`.
//!
//! Promises: every fault code has its words in both languages; every value put into a text is
//! escaped, so that a file name can neither move the cursor nor reverse what follows it; a text
//! that is missing shows its key in brackets instead of failing. Never chooses the language and
//! never prints: the programs do.

use crate::fault::{Code, Fault};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::resolver::ResolverError;
use fluent_bundle::resolver::errors::ReferenceKind;
use fluent_bundle::{FluentArgs, FluentError, FluentMessage, FluentResource};
use std::borrow::Cow;
use std::error::Error as _;
use std::fmt;
use unic_langid::LanguageIdentifier;

mod shown;

pub use shown::{shown, shown_bytes};

/// The longest system message shown with a fault, in characters: storage services answer with
/// whole documents.
const CAUSE_CHARS_MAX: usize = 300;

/// The catalogues of one language, by name.
type Catalogues = [(&'static str, &'static str); 8];

const CHINESE: Catalogues = [
    ("faults", include_str!("../locales/zh-CN/faults.ftl")),
    ("names", include_str!("../locales/zh-CN/names.ftl")),
    ("help", include_str!("../locales/zh-CN/help.ftl")),
    ("vaultctl", include_str!("../locales/zh-CN/vaultctl.ftl")),
    ("server", include_str!("../locales/zh-CN/server.ftl")),
    ("forms", include_str!("../locales/zh-CN/forms.ftl")),
    ("collect", include_str!("../locales/zh-CN/collect.ftl")),
    ("tables", include_str!("../locales/zh-CN/tables.ftl")),
];

const ENGLISH: Catalogues = [
    ("faults", include_str!("../locales/en/faults.ftl")),
    ("names", include_str!("../locales/en/names.ftl")),
    ("help", include_str!("../locales/en/help.ftl")),
    ("vaultctl", include_str!("../locales/en/vaultctl.ftl")),
    ("server", include_str!("../locales/en/server.ftl")),
    ("forms", include_str!("../locales/en/forms.ftl")),
    ("collect", include_str!("../locales/en/collect.ftl")),
    ("tables", include_str!("../locales/en/tables.ftl")),
];

/// A language that people are served in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese, the first.
    Chinese,
    /// English, the second.
    English,
}

impl Language {
    /// Both, the first one first.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// Its tag, as in `--lang`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The language of a tag; `None` for a language not served.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Chinese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }

    const fn catalogues(self) -> Catalogues {
        match self {
            Self::Chinese => CHINESE,
            Self::English => ENGLISH,
        }
    }
}

/// A closed family of codes that have a name for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// What a recording records (R03).
    Activity,
    /// Classes of secrecy (R11).
    Secrecy,
    /// Kinds of events.
    Event,
    /// Classes of stored bytes.
    Class,
    /// Details of a fault.
    Detail,
    /// Weight of a finding of `doctor`.
    Level,
    /// Roles of actors.
    Role,
    /// Acts of the policy table.
    Act,
    /// Reasons of refusals.
    Reason,
    /// What a fault concerns.
    What,
    /// Kinds of jobs.
    JobKind,
    /// States of jobs.
    JobState,
    /// What is to be seen at a mark (R07).
    Marker,
    /// Kinds of content: moving pictures, sound, a photo.
    Medium,
    /// What was noticed in a recording.
    Finding,
    /// Where a time comes from.
    TimeSource,
    /// How a text came to be.
    Origin,
    /// Objects made from a recording.
    Product,
    /// Where a word was found.
    Source,
    /// Stages of a case.
    Stage,
    /// Types of written records.
    Document,
    /// Triggers of long-term preservation.
    Trigger,
    /// Why something is kept.
    Kept,
    /// How a request stands.
    Request,
    /// Who asks.
    Applicant,
    /// Steps of a request.
    Step,
    /// To view, or copies.
    Mode,
    /// Fields of forms.
    Form,
    /// How a store stands.
    StoreState,
    /// Classes of rules of retention that are no activity.
    RuleClass,
    /// How a rule of retention stands.
    RuleState,
    /// Where the bytes of a recording lie.
    Tier,
    /// Why a recording stays where it is read at once.
    Hot,
    /// How a ledger stands to a checkpoint.
    Standing,
    /// What remembers a checkpoint.
    Memory,
    /// Classes by which copies are wanted.
    CopyClass,
    /// What stands against a disposal, and what is to be weighed.
    Obstacle,
    /// Kinds of medium that volumes are written to.
    VolumeMedium,
    /// How a disposal stands.
    Disposal,
    /// How an inspection stands.
    Inspection,
    /// Parties to a draw.
    Party,
    /// By what a population is divided.
    Stratum,
    /// Kinds of devices.
    DeviceKind,
    /// How a device stands.
    Device,
    /// Grounds of not recording.
    Ground,
    /// How a statement stands.
    Statement,
    /// Whether what has to be recorded was.
    Recorded,
    /// How a lapse stands.
    Lapse,
    /// Items of A2.19 and A3.16.
    Clause,
    /// Where a lapse comes from.
    LapseSource,
    /// What may be a lapse.
    Suspicion,
    /// How a legal review stands.
    Review,
    /// Why a decision is a major one.
    ReviewGround,
    /// What is handed in for a review.
    Material,
    /// What a review comes to.
    Opinion,
    /// Why the clocks of a review stop.
    StopCause,
    /// What is to be done by a day.
    Due,
    /// Figures of an office.
    Board,
    /// What waits for a person.
    Duty,
    /// How far a message is.
    Delivery,
    /// How publicity of a decision stands.
    Publicity,
    /// Kinds of decisions that are published.
    PublicityKind,
    /// What may stand against a publication.
    Objection,
    /// Where something is published.
    Carrier,
    /// Why something published is withdrawn.
    RevokeCause,
    /// How the figures of a year stand.
    Annual,
    /// What is counted of a year.
    Figure,
    /// What a stage of a process requires.
    Requirement,
    /// How far that is met.
    Fulfilment,
    /// Yes and no.
    Answer,
    /// How far a finding of an inspection is put right.
    Correction,
    /// What is said with a step of a register.
    Field,
}

impl Family {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Secrecy => "secrecy",
            Self::Event => "event",
            Self::Class => "class",
            Self::Detail => "detail",
            Self::Level => "level",
            Self::Role => "role",
            Self::Act => "act",
            Self::Reason => "reason",
            Self::What => "what",
            Self::JobKind => "job",
            Self::JobState => "state",
            Self::Marker => "marker",
            Self::Medium => "medium",
            Self::Finding => "finding",
            Self::TimeSource => "time-source",
            Self::Origin => "origin",
            Self::Product => "product",
            Self::Stage => "stage",
            Self::Document => "document",
            Self::Trigger => "trigger",
            Self::Kept => "kept",
            Self::Request => "request",
            Self::Applicant => "applicant",
            Self::Step => "step",
            Self::Mode => "mode",
            Self::Form => "form",
            Self::StoreState => "store-state",
            Self::RuleClass => "rule-class",
            Self::RuleState => "rule-state",
            Self::Tier => "tier",
            Self::Hot => "hot",
            Self::Standing => "standing",
            Self::Memory => "memory",
            Self::CopyClass => "copy-class",
            Self::Obstacle => "obstacle",
            Self::VolumeMedium => "volume-medium",
            Self::Disposal => "disposal",
            Self::Inspection => "inspection",
            Self::Party => "party",
            Self::Stratum => "stratum",
            Self::DeviceKind => "device-kind",
            Self::Device => "device",
            Self::Ground => "ground",
            Self::Statement => "statement",
            Self::Recorded => "recorded",
            Self::Lapse => "lapse",
            Self::Clause => "clause",
            Self::LapseSource => "lapse-source",
            Self::Suspicion => "suspicion",
            Self::Review => "review",
            Self::ReviewGround => "review-ground",
            Self::Material => "material",
            Self::Opinion => "opinion",
            Self::StopCause => "stop-cause",
            Self::Publicity => "publicity",
            Self::PublicityKind => "publicity-kind",
            Self::Objection => "objection",
            Self::Carrier => "carrier",
            Self::RevokeCause => "revoke-cause",
            Self::Annual => "annual",
            Self::Figure => "figure",
            Self::Requirement => "requirement",
            Self::Fulfilment => "fulfilment",
            Self::Answer => "answer",
            Self::Field => "field",
            Self::Source => "source",
            _ => self.prefix_of_what_waits(),
        }
    }

    const fn prefix_of_what_waits(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Board => "board",
            Self::Duty => "duty",
            Self::Correction => "correction",
            _ => "delivery",
        }
    }
}

/// Whose states a fault of this code tells.
const fn states_of(code: Code) -> Family {
    match code {
        Code::DisposalStepRefused | Code::DisposalOverlaps => Family::Disposal,
        Code::InspectionStepRefused => Family::Inspection,
        _ => Family::Request,
    }
}

/// What people are told of a fault, or of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultText {
    /// What happened, with its details.
    pub what: String,
    /// Why it matters, with the article where one applies.
    pub why: Option<String>,
    /// What to do next.
    pub next: Option<String>,
}

/// The words of one language. Cheap to share, safe to use from several threads.
pub struct Wording {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl fmt::Debug for Wording {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Wording({})", self.language.tag())
    }
}

/// Who is told of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Onlooker {
    /// Somebody who keeps the machine, and is told everything.
    AtTheTerminal,
    /// Somebody whose browser is elsewhere.
    OnAPage,
}

impl Wording {
    /// The words of that language. The catalogues are part of the program; a test holds that they
    /// parse whole.
    pub fn new(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // Terminals print the isolation marks as boxes, and values are escaped anyway.
        bundle.set_use_isolating(false);
        for (_, text) in language.catalogues() {
            let resource = match FluentResource::try_new(text.to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether there is a text under that key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// The text under that key, with the values put in and escaped.
    pub fn text(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.formatted(key, None, values).unwrap_or_else(|| format!("[{}]", shown(key)))
    }

    /// An attribute of the text under that key, if it has that attribute.
    pub fn attribute(&self, key: &str, name: &str, values: &[(&str, &str)]) -> Option<String> {
        self.formatted(key, Some(name), values)
    }

    /// What a code of a family is called; a code without a name is shown as it is.
    pub fn name(&self, family: Family, code: &str) -> String {
        let key = format!("{}-{}", family.prefix(), code.replace(['.', ' '], "-"));
        if self.has(&key) { self.text(&key, &[]) } else { shown(code) }
    }

    /// What people are told of a fault. Details that the text does not mention follow it in
    /// brackets, the system's own message last.
    pub fn fault(&self, fault: &Fault) -> FaultText {
        self.told(fault, Onlooker::AtTheTerminal)
    }

    fn told(&self, fault: &Fault, onlooker: Onlooker) -> FaultText {
        let key = format!("fault-{}", fault.code().as_str());
        let values: Vec<_> =
            fault.details().iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut text = self.entry(&key, &values);
        text.what.push_str(&self.details_beside(fault, &key, onlooker));
        if let Some(basis) = fault.detail("article").and_then(|articles| self.basis(articles)) {
            text.why = Some(basis);
        }
        text
    }

    /// The same for somebody on a page, where there are no commands: what to do next is what can be
    /// done there. Where things lie on the machine, and the system's own message, are for its logs.
    pub fn fault_on_page(&self, fault: &Fault) -> FaultText {
        let key = format!("fault-{}", fault.code().as_str());
        let values: Vec<_> =
            fault.details().iter().map(|(name, value)| (*name, value.as_str())).collect();
        let text = self.told(fault, Onlooker::OnAPage);
        let next = self.attribute(&key, "page", &values).or(text.next);
        FaultText { next, ..text }
    }

    /// What people are told of a finding of `doctor`.
    pub fn finding(&self, key: &str, values: &[(&str, &str)]) -> FaultText {
        self.entry(&format!("doctor-{key}"), values)
    }

    fn entry(&self, key: &str, values: &[(&str, &str)]) -> FaultText {
        FaultText {
            what: self.text(key, values),
            why: self.attribute(key, "why", values),
            next: self.attribute(key, "next", values),
        }
    }

    fn details_beside(&self, fault: &Fault, key: &str, onlooker: Onlooker) -> String {
        let mentioned =
            self.bundle.get_message(key).map(|m| self.variables(&m)).unwrap_or_default();
        let mut pairs: Vec<_> = fault
            .details()
            .iter()
            .filter(|(name, _)| *name != "article" && !mentioned.iter().any(|known| known == name))
            .filter(|(name, _)| onlooker == Onlooker::AtTheTerminal || *name != "path")
            .map(|(name, value)| self.detail(fault.code(), name, value))
            .collect();
        if let Some(cause) = fault.source().filter(|_| onlooker == Onlooker::AtTheTerminal) {
            let cause: String = cause.to_string().chars().take(CAUSE_CHARS_MAX).collect();
            pairs.push(self.detail(fault.code(), "cause", &cause));
        }
        if pairs.is_empty() {
            return String::new();
        }
        let joint = self.text("fault-detail-joint", &[]);
        self.text("fault-details", &[("details", &pairs.join(&joint))])
    }

    fn detail(&self, code: Code, name: &str, value: &str) -> String {
        let label = self.name(Family::Detail, name);
        let value = match name {
            "act" => self.name(Family::Act, value),
            "class" => self.name(Family::Class, value),
            "copy_class" => self.name(Family::CopyClass, value),
            "label" => self.name(Family::Field, value),
            "obstacle" => self.name(Family::Obstacle, value),
            "reason" => self.name(Family::Reason, value),
            "review" => self.name(Family::Review, value),
            "role" | "office" => self.name(Family::Role, value),
            "roles" => {
                let names = value.split(' ').map(|role| self.name(Family::Role, role));
                names.collect::<Vec<_>>().join(" / ")
            }
            "state" => self.name(states_of(code), value),
            "step" => self.name(Family::Step, value),
            "what" => self.name(Family::What, value),
            _ => value.to_owned(),
        };
        self.text("fault-detail", &[("label", &label), ("value", &value)])
    }

    /// An article in words; `None` if it cannot be read.
    pub fn article(&self, code: &str) -> Option<String> {
        let (annex, article, part) = article_parts(code)?;
        let values = [("annex", annex), ("article", article), ("part", part)];
        Some(self.text("fault-article", &values))
    }

    /// The articles of a refusal in words; `None` if one of them cannot be read.
    fn basis(&self, articles: &str) -> Option<String> {
        let words: Option<Vec<_>> = articles.split(", ").map(|code| self.article(code)).collect();
        let articles = words?.join(&self.text("fault-article-joint", &[]));
        Some(self.text("fault-basis", &[("articles", &articles)]))
    }

    /// The variables of a message, its attributes included: formatting it without values makes
    /// each of them an error that names it.
    fn variables(&self, message: &FluentMessage<'_>) -> Vec<String> {
        let mut errors = Vec::new();
        let attributes = message.attributes().map(|attribute| attribute.value());
        for pattern in message.value().into_iter().chain(attributes) {
            self.bundle.format_pattern(pattern, None, &mut errors);
        }
        missing(&errors)
    }

    /// `None` if there is no such text. A value that is missing is said to be not stated.
    fn formatted(
        &self,
        key: &str,
        attribute: Option<&str>,
        values: &[(&str, &str)],
    ) -> Option<String> {
        let message = self.bundle.get_message(key)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            arguments.set(Cow::Borrowed(*name), shown(value));
        }
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        let unstated = missing(&errors);
        if unstated.is_empty() {
            return Some(text);
        }
        let not_stated = self.text("not-stated", &[]);
        for name in unstated {
            arguments.set(name, not_stated.as_str());
        }
        let mut ignored = Vec::new();
        Some(self.bundle.format_pattern(pattern, Some(&arguments), &mut ignored).into_owned())
    }
}

fn missing(errors: &[FluentError]) -> Vec<String> {
    let mut names = Vec::new();
    for error in errors {
        if let FluentError::ResolverError(ResolverError::Reference(ReferenceKind::Variable { id })) =
            error
            && !names.contains(id)
        {
            names.push(id.clone());
        }
    }
    names
}

/// Reads `A2.18(一)1`: annex 2, article 18, part (一)1.
pub(crate) fn article_parts(code: &str) -> Option<(&str, &str, &str)> {
    let (annex, rest) = code.strip_prefix('A')?.split_once('.')?;
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    let (article, part) = rest.split_at(end);
    let annex_is_number = !annex.is_empty() && annex.bytes().all(|byte| byte.is_ascii_digit());
    (annex_is_number && !article.is_empty()).then_some((annex, article, part))
}

#[cfg(test)]
mod tests;
