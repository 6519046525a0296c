//! Recordings, what is known of their content, their text, and their chain of custody.

use super::said_time;
use crate::problem::wording;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use vault_core::clock::UtcTime;
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::holdings::Holding;
use vault_core::media::{MediaFacts, Session, TimeClaim, TranscriptView};
use vault_core::oversight::LabelTerm;
use vault_core::preservation::Tier;
use vault_core::retention::{Retention, Until};
use vault_core::tables::EventLine;
use vault_core::transcript::Transcript;
use vault_core::wording::{Family, Language};

/// A recording in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordingLine {
    /// Its number: the BLAKE3 of its bytes.
    pub recording: String,
    /// The same, by its other name.
    pub blake3: String,
    /// SHA-256, once taken.
    pub sha256: Option<String>,
    /// SM3, once taken.
    pub sm3: Option<String>,
    /// Its length.
    pub bytes: u64,
    /// Name of the source.
    pub name: String,
    /// 案号.
    pub case: String,
    /// 行政相对人.
    pub counterpart: String,
    /// 承办人.
    pub handler: String,
    /// The activity it records, by its code.
    pub activity: String,
    /// The recorder.
    pub device: String,
    /// 制作人.
    pub maker: String,
    /// 制作方法.
    pub method: String,
    /// 证明对象.
    pub proves: String,
    /// Its secrecy, by its code.
    pub secrecy: String,
    /// The event that took it in.
    pub accession_seq: u64,
    /// When it was received.
    pub received: String,
    /// The same in milliseconds since 1970.
    pub received_ms: i64,
    /// When it was last found whole with keys.
    pub checked: Option<String>,
    /// The event that found it damaged, until a later check finds it whole.
    pub damaged_seq: Option<u64>,
    /// The event that its destruction began with; of one that is kept, none.
    pub destroyed_seq: Option<u64>,
}

/// A line of a list.
pub fn recording_line(row: &Holding) -> RecordingLine {
    RecordingLine {
        recording: row.recording.to_string(),
        blake3: row.recording.to_string(),
        sha256: row.sha256.clone(),
        sm3: row.sm3.clone(),
        bytes: row.bytes,
        name: row.name.clone(),
        case: row.case.clone(),
        counterpart: row.counterpart.clone(),
        handler: row.handler.clone(),
        activity: row.activity.clone(),
        device: row.device.clone(),
        maker: row.maker.clone(),
        method: row.method.clone(),
        proves: row.proves.clone(),
        secrecy: row.secrecy.clone(),
        accession_seq: row.accession_seq,
        received: said_time(row.received_at),
        received_ms: row.received_at.as_ms(),
        checked: row.checked_at.map(said_time),
        damaged_seq: row.damaged_seq,
        destroyed_seq: row.destroyed_seq,
    }
}

/// A recording with everything that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordingSaid {
    /// The recording.
    #[serde(flatten)]
    pub line: RecordingLine,
    /// Its content; none until it was looked at.
    pub media: Option<MediaSaid>,
    /// How long it is kept, and why.
    pub retention: RetentionSaid,
    /// Whether it is archived: read under a grant only.
    pub archived: bool,
    /// Who brought it in; none for a terminal.
    pub received_by: Option<String>,
    /// Within which term it is to be labelled.
    pub term: TermSaid,
    /// Where its bytes lie.
    pub tier: TierSaid,
    /// Labels of the volumes that bear it.
    pub volumes: Vec<String>,
}

/// Where the bytes of a recording lie.
#[derive(Debug, Serialize, ToSchema)]
pub struct TierSaid {
    /// `hot`, `cold` or `brought-back`.
    pub state: &'static str,
    /// The name of the cold store; none where it is hot.
    pub store: Option<String>,
    /// Since when it lies there, or was asked for.
    pub since: Option<String>,
}

/// Where the bytes of a recording lie.
pub fn tier_said(tier: &Tier) -> TierSaid {
    let (store, since) = match tier {
        Tier::Hot => (None, None),
        Tier::Cold { store, since } => (Some(store.clone()), Some(said_time(*since))),
        Tier::BroughtBack { store, asked } => (Some(store.clone()), Some(said_time(*asked))),
    };
    TierSaid { state: tier.as_str(), store, since }
}

/// The term within which it was, or is, to be stored with its labels (A2.18(一)1).
#[derive(Debug, Serialize, ToSchema)]
pub struct TermSaid {
    /// The day it is counted from.
    pub since: String,
    /// Why that day: `recorded`, `received`.
    pub basis: &'static str,
    /// The last day.
    pub due: String,
    /// The day on which it was done; none while it waits for labels.
    pub done_on: Option<String>,
    /// Whether it was missed.
    pub late: bool,
    /// Whether a year without a notice was counted by its weekends alone.
    pub provisional: bool,
}

/// A term, as it stands today.
pub fn term_said(term: &LabelTerm) -> TermSaid {
    TermSaid {
        since: term.since.to_string(),
        basis: term.basis.as_str(),
        due: term.deadline.due.to_string(),
        done_on: term.done_on.map(|day| day.to_string()),
        late: term.late,
        provisional: term.deadline.provisional,
    }
}

/// What is known of the content.
#[derive(Debug, Serialize, ToSchema)]
pub struct MediaSaid {
    /// `video`, `audio`, `picture`, `other`.
    pub kind: String,
    /// The container.
    pub container: Option<String>,
    /// Its length.
    pub duration_ms: Option<i64>,
    /// The device.
    pub device: String,
    /// When it began, by the best source.
    pub started: Option<String>,
    /// When it ended.
    pub ended: Option<String>,
    /// Where that time comes from.
    pub time_source: Option<String>,
    /// What each source says of the time.
    pub times: Vec<Value>,
    /// Its streams.
    pub streams: Vec<Value>,
    /// Whether browsers play the original.
    pub plays_in_browser: Option<bool>,
    /// Why it could not be examined.
    pub not_examinable: Option<String>,
    /// What was noticed.
    pub findings: Vec<Findings>,
    /// What was made of it.
    pub products: Vec<ProductSaid>,
    /// Versions of its text.
    pub transcripts: Vec<VersionSaid>,
    /// Marks.
    pub markers: Vec<MarkerSaid>,
    /// The session it belongs to.
    pub session: Option<Value>,
    /// Whether it has sound and no text that somebody checked (R09).
    pub lacks_checked_text: bool,
}

/// Something that was noticed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Findings {
    /// What, by its code.
    pub class: Value,
    /// In which stream.
    pub stream: u64,
    /// From.
    pub from_ms: i64,
    /// To.
    pub to_ms: i64,
    /// How much.
    pub measure: Value,
}

/// An object made from the recording.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductSaid {
    /// `poster`, `sheet`, `waveform`, `proxy`.
    pub kind: String,
    /// Its content id.
    pub object: String,
    /// Its length.
    pub bytes: u64,
}

/// A version of the text.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionSaid {
    /// Its number.
    pub version: u64,
    /// `machine`, `person` or `imported`.
    pub origin: String,
    /// Program and model.
    pub engine: String,
    /// The version it was made from.
    pub based_on: Option<u64>,
    /// When it was stored.
    pub at: String,
    /// Who stored it.
    pub person: String,
    /// Who vouched for it.
    pub checked_by: Option<String>,
    /// When.
    pub checked: Option<String>,
}

/// A mark on the time line.
#[derive(Debug, Serialize, ToSchema)]
pub struct MarkerSaid {
    /// Its number.
    pub marker: String,
    /// What is to be seen, by its code.
    pub kind: String,
    /// From.
    pub from_ms: u64,
    /// To.
    pub to_ms: u64,
    /// What the person wrote.
    pub note: String,
    /// Who set it.
    pub person: String,
}

/// How long it is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionSaid {
    /// The last day; none for ever.
    pub until: Option<String>,
    /// Every reason, the longest first.
    pub reasons: Vec<ReasonSaid>,
    /// What stands against removal besides.
    pub blocks: Vec<BlockSaid>,
}

/// A reason to keep.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonSaid {
    /// `original`, `case-term` or `trigger`.
    pub kind: &'static str,
    /// The trigger, or the 案号.
    pub detail: String,
    /// The article.
    pub article: &'static str,
    /// The last day; none for ever.
    pub until: Option<String>,
    /// Who found it.
    pub person: String,
    /// Why.
    pub why: String,
    /// When it was found.
    pub at: Option<String>,
}

/// What stands against removal.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlockSaid {
    /// `hold`, `case-open` or `case-term-unset`.
    pub kind: &'static str,
    /// The hold's number, or the 案号.
    pub detail: String,
    /// Who placed it.
    pub person: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: Option<String>,
    /// Of an open case file whose term is set: the years from its closing, 0 for ever.
    pub years: Option<u64>,
}

fn until_said(until: &Until) -> Option<String> {
    match until {
        Until::Day(day) => Some(day.to_string()),
        Until::Ever => None,
    }
}

/// The retention of a recording.
pub fn retention_said(retention: &Retention) -> RetentionSaid {
    let reasons = retention.reasons.iter().map(|reason| ReasonSaid {
        kind: reason.kind,
        detail: reason.detail.clone(),
        article: reason.article,
        until: until_said(&reason.until),
        person: reason.person.clone(),
        why: reason.why.clone(),
        at: reason.at.map(said_time),
    });
    let blocks = retention.blocks.iter().map(|block| BlockSaid {
        kind: block.kind,
        detail: block.detail.clone(),
        person: block.person.clone(),
        why: block.why.clone(),
        at: block.at.map(said_time),
        years: block.years,
    });
    RetentionSaid {
        until: until_said(&retention.until),
        reasons: reasons.collect(),
        blocks: blocks.collect(),
    }
}

/// A recording with everything that is known of it.
pub fn recording_said(
    row: &Holding,
    facts: &MediaFacts,
    retention: &Retention,
    archived: bool,
    (received_by, term): (Option<String>, TermSaid),
    (tier, volumes): (TierSaid, Vec<String>),
) -> RecordingSaid {
    RecordingSaid {
        line: recording_line(row),
        media: facts.probe.is_some().then(|| media_said(facts)),
        retention: retention_said(retention),
        archived,
        received_by,
        term,
        tier,
        volumes,
    }
}

fn value(of: impl Serialize) -> Value {
    serde_json::to_value(of).unwrap_or_default()
}

fn claim_said(claim: &TimeClaim) -> Value {
    json!({
        "source": claim.source.as_str(),
        "started": claim.started.map(said_time),
        "ended": claim.ended.map(said_time),
        "zone_stated": claim.zone_stated,
        "clock_offset_ms": claim.offset_ms,
    })
}

fn media_said(facts: &MediaFacts) -> MediaSaid {
    let report = facts.report();
    let best = facts.times.first();
    let failed = facts.probe.as_ref().and_then(|probe| probe.result.as_ref().err());
    let findings = facts.findings();
    MediaSaid {
        kind: facts.medium.clone(),
        container: report.map(|report| report.container.clone()),
        duration_ms: report.and_then(|report| report.duration_us).map(|us| us / 1_000),
        device: facts.device.clone(),
        started: best.and_then(|claim| claim.started).map(said_time),
        ended: best.and_then(|claim| claim.ended).map(said_time),
        time_source: best.map(|claim| claim.source.as_str().to_owned()),
        times: facts.times.iter().map(claim_said).collect(),
        streams: report
            .map(|report| report.streams.iter().map(value).collect())
            .unwrap_or_default(),
        plays_in_browser: report.map(|report| report.plays_in_browser),
        not_examinable: failed.map(|(reason, _)| reason.clone()),
        findings: findings
            .iter()
            .map(|finding| Findings {
                class: value(finding.class),
                stream: u64::from(finding.stream),
                from_ms: finding.from_us / 1_000,
                to_ms: finding.to_us / 1_000,
                measure: value(finding.measure),
            })
            .collect(),
        products: facts
            .products
            .iter()
            .map(|product| ProductSaid {
                kind: product.kind.clone(),
                object: product.object.to_string(),
                bytes: product.bytes,
            })
            .collect(),
        transcripts: facts.transcripts.iter().map(version_said).collect(),
        markers: facts
            .markers
            .iter()
            .map(|marker| MarkerSaid {
                marker: marker.marker.clone(),
                kind: marker.kind.clone(),
                from_ms: marker.from_ms,
                to_ms: marker.to_ms,
                note: marker.note.clone(),
                person: marker.person.clone(),
            })
            .collect(),
        session: facts.session.as_ref().map(|(session, place)| session_said(session, *place)),
        lacks_checked_text: facts.lacks_checked_text,
    }
}

/// A session: its parts, and what is missing between them.
fn session_said(session: &Session, place: usize) -> Value {
    let parts = session.parts.iter().map(|part| {
        json!({
            "recording": part.recording.to_string(),
            "name": part.name,
            "started": said_time(part.started),
            "ended": said_time(part.ended),
        })
    });
    let seams = session.seams.iter().map(|seam| {
        json!({
            "after_part": seam.after + 1,
            "from": said_time(seam.from),
            "to": said_time(seam.to),
            "measure_ms": seam.measure_ms,
        })
    });
    json!({
        "part": place + 1,
        "parts": parts.collect::<Vec<_>>(),
        "seams": seams.collect::<Vec<_>>(),
    })
}

/// A version of the text.
fn version_said(version: &TranscriptView) -> VersionSaid {
    VersionSaid {
        version: version.version,
        origin: version.origin.clone(),
        engine: version.engine.clone(),
        based_on: version.based_on,
        at: said_time(version.at),
        person: version.person.clone(),
        checked_by: version.checked.as_ref().map(|(person, _)| person.clone()),
        checked: version.checked.as_ref().map(|(_, at)| said_time(*at)),
    }
}

/// A piece of the text.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Cue {
    /// From.
    pub from_ms: u64,
    /// To.
    pub to_ms: u64,
    /// Who speaks.
    #[serde(default)]
    pub speaker: String,
    /// What is said.
    pub text: String,
    /// `machine`, `person` or `imported`; by a person if it is sent.
    #[serde(default)]
    pub origin: String,
    /// How sure the machine is, in thousandths.
    #[serde(default)]
    pub confidence: Option<u16>,
}

/// A text with its version.
#[derive(Debug, Serialize, ToSchema)]
pub struct TranscriptSaid {
    /// The version.
    pub version: VersionSaid,
    /// Its language.
    pub language: String,
    /// Its pieces.
    pub cues: Vec<Cue>,
}

/// A text with its version.
pub fn transcript_said(version: &TranscriptView, text: &Transcript) -> TranscriptSaid {
    let cues = text.cues.iter().map(|cue| Cue {
        from_ms: cue.from_ms,
        to_ms: cue.to_ms,
        speaker: cue.speaker.clone(),
        text: cue.text.clone(),
        origin: cue.origin.as_str().to_owned(),
        confidence: cue.confidence,
    });
    TranscriptSaid {
        version: version_said(version),
        language: text.language.clone(),
        cues: cues.collect(),
    }
}

/// An event of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventSaid {
    /// Its number.
    pub seq: u64,
    /// When.
    pub at: String,
    /// What happened, by its code.
    pub kind: &'static str,
    /// The same in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Who, under the pseudonym of the ledger.
    pub actor: String,
    /// The person behind it; none for a terminal, and for the vault itself.
    pub person: Option<String>,
    /// In which role.
    pub role: String,
    /// The leaf, field by field.
    pub details: Value,
}

/// An event.
pub fn event_said(line: &EventLine) -> Outcome<EventSaid> {
    let event = &line.event;
    let internal = || Fault::new(Code::Internal).with("seq", event.seq);
    let leaf = event.encode().map_err(|error| internal().caused_by(error))?;
    let mut details: Value =
        serde_json::from_slice(&leaf).map_err(|error| internal().caused_by(error))?;
    Ok(EventSaid {
        seq: event.seq,
        at: said_time(UtcTime::from_ms(event.time_ms)),
        kind: event.body.kind(),
        zh: wording(Language::Chinese).name(Family::Event, event.body.kind()),
        en: wording(Language::English).name(Family::Event, event.body.kind()),
        actor: event.actor.id.clone(),
        person: line.person.clone(),
        role: event.actor.role.clone(),
        details: details["body"].take(),
    })
}
