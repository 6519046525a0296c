//! The chain of custody of a recording on paper (保管链日志): what a court asks of each event. When,
//! what, who and in which role, and on which ground: the notice, the case, the request, the reason.
//!
//! Promises: every event about the recording, in order, with its leaf's digest; a ground is what the
//! ledger and its payloads say, and nothing else. (A2.18, A3.15)

use super::form::Form;
use super::view::{RequestView, load};
use crate::catalog::Asking;
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::FORM_LINES_MAX;
use crate::people::Names;
use crate::vault::Vault;
use std::collections::BTreeMap;
use vault_proof::event::leaf_hash;
use vault_proof::{
    AccessBody, Body, CaseBody, ContentId, DisposalBody, Event, InspectionBody, KeepingBody,
    MediaBody, RecordId, RetentionBody, Subject, VolumeBody,
};

/// Rows of one page of the catalogue.
const ROWS: u32 = 500;

/// One thing a ground says: its code, and what stands there.
type Said = (&'static str, String);

/// What the lines are made with.
struct Looking<'a> {
    recording: ContentId,
    names: Names,
    asking: Asking<'a>,
    now: UtcTime,
    requests: BTreeMap<RecordId, RequestView>,
}

/// The chain of custody of a recording: every event about it, with its leaf's digest (A2.18).
pub async fn custody_log_of(vault: &Vault, recording: &ContentId) -> Outcome<(Form, Date)> {
    let holding = vault.catalog().recording(recording).await?;
    let mut looking = Looking {
        recording: *recording,
        names: Names::of(vault).await?,
        asking: vault.catalog.ask().await?,
        now: vault.clock.now(),
        requests: BTreeMap::new(),
    };
    let (mut lines, mut day, mut after) = (Vec::new(), Date::of(holding.received_at), None);
    loop {
        let events = vault.catalog().events(Some(recording), after, ROWS).await?;
        let Some(last) = events.last() else { break };
        (after, day) = (Some(last.seq), Date::of(UtcTime::from_ms(last.time_ms)));
        for event in &events {
            let ground = ground(&mut looking, vault, event).await?;
            lines.push(line(event, &looking.names, &ground)?);
        }
        if lines.len() > FORM_LINES_MAX {
            break;
        }
    }
    let fields = vec![
        ("case-no", holding.case),
        ("received-on", Date::of(holding.received_at).to_string()),
        ("name", holding.name),
        ("recording", recording.to_string()),
        ("sha256", holding.sha256.unwrap_or_default()),
    ];
    let columns = vec!["seq", "at", "event", "person", "account", "ground", "leaf"];
    Ok((Form { kind: "custody-log", fields, columns, lines }, day))
}

fn line(event: &Event, names: &Names, ground: &[Said]) -> Outcome<Vec<String>> {
    let leaf = event
        .encode()
        .map_err(|error| Fault::new(Code::Internal).with("seq", event.seq).caused_by(error))?;
    let actor = &event.actor.id;
    let ground = ground.iter().filter(|(_, text)| !text.is_empty());
    let ground: Vec<_> = ground.map(|(code, text)| format!("{code}:{text}")).collect();
    Ok(vec![
        event.seq.to_string(),
        UtcTime::from_ms(event.time_ms).in_china(),
        event.body.kind().to_owned(),
        names.person(actor).unwrap_or_default().to_owned(),
        format!("{} {}", names.login(actor).unwrap_or(actor), event.actor.role),
        ground.join("\n"),
        leaf_hash(&leaf).to_string(),
    ])
}

/// On which ground something was done, and under which number.
async fn ground(looking: &mut Looking<'_>, vault: &Vault, event: &Event) -> Outcome<Vec<Said>> {
    match &event.body {
        Body::RecordingAccessioned { activity, .. } | Body::DuplicateReceived { activity, .. } => {
            let receipts = vault.catalog.receipts_of(&looking.recording).await?;
            let receipt = receipts.into_iter().find(|receipt| receipt.seq == event.seq);
            let mut said = vec![("activity", activity.clone())];
            if let Some(one) = receipt {
                said.extend([("case", one.case_no), ("handler", one.handler), ("name", one.name)]);
            }
            Ok(said)
        }
        Body::Access(body) => of_access(looking, event, body).await,
        Body::Case(body) => of_case(looking, event, body).await,
        Body::Retention(body) => of_retention(looking, event, body).await,
        body => Ok(of_itself(body, &looking.recording)),
    }
}

async fn of_access(
    looking: &mut Looking<'_>,
    event: &Event,
    body: &AccessBody,
) -> Outcome<Vec<Said>> {
    let mut said = Vec::new();
    if let Some(id) = number_of(event, "request:") {
        if !looking.requests.contains_key(&id) {
            let view = load(&mut looking.asking, &id, looking.now).await?;
            looking.requests.insert(id, view);
        }
        if let Some(view) = looking.requests.get(&id) {
            // What came before the notice had no number then.
            match view.notice.filter(|(_, _, at)| at.as_ms() <= event.time_ms) {
                Some((year, number, _)) => said.push(("notice", format!("{year}-{number}"))),
                None => said.push(("request", id.to_string())),
            }
            said.push(("applicant", view.applicant_name.clone()));
            said.push(("purpose", view.purpose.clone()));
        }
    }
    let act = looking.asking.access_act(event.seq).await?;
    let (person, reason) = act.map(|act| (act.person, act.reason)).unwrap_or_default();
    match body {
        AccessBody::Requested { mode, .. } => said.push(("mode", mode.clone())),
        AccessBody::Decided { consent, .. } => {
            let step = if *consent { "consent" } else { "refuse" };
            said.extend([("decision", step.to_owned()), ("reason", reason)]);
        }
        AccessBody::Granted { expires_ms, .. } => {
            let until = i64::try_from(*expires_ms).unwrap_or(i64::MAX);
            said.push(("until-on", Date::of(UtcTime::from_ms(until)).to_string()));
        }
        AccessBody::Revoked { .. } => said.push(("reason", reason)),
        AccessBody::CopyHandedOut { copy, .. } => {
            said.extend([("copy", copy.to_string()), ("recipient", person)]);
        }
        AccessBody::CopyWritten { copy, .. }
        | AccessBody::CopyRendered { copy, .. }
        | AccessBody::CopyKept { copy, .. }
        | AccessBody::CopyCollected { copy, .. } => said.push(("copy", copy.to_string())),
        AccessBody::Read { from, to, .. }
        | AccessBody::OwnRead { from, to, .. }
        | AccessBody::ExcerptRead { from, to, .. } => said.push(("bytes", format!("{from}-{to}"))),
        AccessBody::ExcerptMade { begins_ms, ends_ms, .. } => {
            said.push(("stretch-ms", format!("{begins_ms}-{ends_ms}")));
        }
        _ => {}
    }
    Ok(said)
}

async fn of_case(looking: &mut Looking<'_>, event: &Event, body: &CaseBody) -> Outcome<Vec<Said>> {
    let Some(id) = number_of(event, "case:") else { return Ok(Vec::new()) };
    let row = looking.asking.case(&id.to_string()).await?;
    let mut said = vec![("case", row.map(|row| row.case_no).unwrap_or_default())];
    if let CaseBody::RecordingAdded { addendum, .. } = body {
        if *addendum {
            said.push(("addendum", "yes".to_owned()));
        }
        let acts = looking.asking.case_acts(&id).await?;
        let act = acts.into_iter().find(|act| act.seq == event.seq);
        said.push(("reason", act.map(|act| act.note).unwrap_or_default()));
    }
    Ok(said)
}

async fn of_retention(
    looking: &mut Looking<'_>,
    event: &Event,
    body: &RetentionBody,
) -> Outcome<Vec<Said>> {
    let mut said = match body {
        RetentionBody::TriggerFound { trigger, .. } => vec![("trigger", trigger.clone())],
        RetentionBody::HoldPlaced { hold, .. } | RetentionBody::HoldReleased { hold, .. } => {
            vec![("number", hold.to_string())]
        }
        _ => Vec::new(),
    };
    let target = Subject::recording(&looking.recording);
    let acts = looking.asking.retention_acts(target.as_str()).await?;
    let act = acts.into_iter().find(|act| act.seq == event.seq);
    said.push(("reason", act.map(|act| act.reason).unwrap_or_default()));
    Ok(said)
}

/// What an event says by itself.
fn of_itself(body: &Body, recording: &ContentId) -> Vec<Said> {
    match body {
        Body::RecordingLabelled { activity, .. } => vec![("activity", activity.clone())],
        Body::FixityChecked { failed, .. }
        | Body::Keeping(KeepingBody::CopiesChecked { failed, .. }) => {
            let found = failed.iter().filter(|damage| damage.recording == *recording).count();
            let whole = ("whole", "yes".to_owned());
            vec![if found == 0 { whole } else { ("damaged", found.to_string()) }]
        }
        Body::ActRefused { act, reason, article } => {
            vec![("act", act.clone()), ("why", reason.clone()), ("article", article.clone())]
        }
        Body::Media(MediaBody::NotExaminable { reason, .. }) => vec![("why", reason.clone())],
        Body::Media(
            MediaBody::TranscriptStored { version, .. }
            | MediaBody::TranscriptChecked { version, .. }
            | MediaBody::TranscriptShown { version, .. },
        ) => vec![("version", version.to_string())],
        Body::Media(MediaBody::MarkerSet { kind, .. }) => vec![("marker", kind.clone())],
        Body::Disposal(
            DisposalBody::Proposed { disposal, .. }
            | DisposalBody::Approved { disposal, .. }
            | DisposalBody::Begun { disposal, .. },
        ) => vec![("number", disposal.to_string())],
        Body::Volume(
            VolumeBody::Filled { volume, .. }
            | VolumeBody::Shelved { volume, .. }
            | VolumeBody::Restored { volume, .. },
        ) => vec![("number", volume.to_string())],
        Body::Inspection(
            InspectionBody::Listed { inspection, .. }
            | InspectionBody::Selected { inspection, .. }
            | InspectionBody::Read { inspection, .. }
            | InspectionBody::Reviewed { inspection, .. }
            | InspectionBody::Found { inspection, .. },
        ) => vec![("number", inspection.to_string())],
        _ => Vec::new(),
    }
}

/// The number of the record of that kind among the subjects of an event.
fn number_of(event: &Event, kind: &str) -> Option<RecordId> {
    event.subjects.keys().find_map(|key| key.as_str().strip_prefix(kind)?.parse().ok())
}
