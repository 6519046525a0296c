//! Events of the ledger as people and programs see them.
//!
//! Promises: programs get the leaf itself, field by field, with the time beside it in RFC 3339 and
//! the person behind the pseudonym; people get a line for each event.

use crate::table::{Lean, Table};
use crate::times::{Zone, rfc3339, shown_time};
use crate::view::short;
use serde_json::Value;
use vault_core::clock::UtcTime;
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::people::Names;
use vault_core::wording::{Family, Wording, shown};
use vault_proof::{
    AccessBody, Body, CaseBody, Event, KeepingBody, MediaBody, PeopleBody, RetentionBody,
};

/// An event for programs: its leaf, `time`, and who `person` and `account` are.
pub(crate) fn event_json(event: &Event, names: &Names) -> Outcome<Value> {
    let internal = || Fault::new(Code::Internal).with("seq", event.seq);
    let leaf = event.encode().map_err(|error| internal().caused_by(error))?;
    let mut document: Value =
        serde_json::from_slice(&leaf).map_err(|error| internal().caused_by(error))?;
    document["time"] = rfc3339(UtcTime::from_ms(event.time_ms)).into();
    document["person"] = names.person(&event.actor.id).into();
    document["account"] = names.login(&event.actor.id).into();
    Ok(document)
}

/// Events for people, a line each.
pub(crate) fn events_table(
    events: &[Event],
    names: &Names,
    wording: &Wording,
    zone: Zone,
) -> String {
    let mut table = Table::new(vec![
        (wording.text("ctl-column-seq", &[]), Lean::Right),
        (wording.text("ctl-column-time", &[]), Lean::Left),
        (wording.text("ctl-column-event", &[]), Lean::Left),
        (wording.text("ctl-column-recording", &[]), Lean::Left),
        (wording.text("ctl-column-person", &[]), Lean::Left),
        (wording.text("ctl-column-actor", &[]), Lean::Left),
        (wording.text("ctl-column-role", &[]), Lean::Left),
        (wording.text("ctl-column-note", &[]), Lean::Left),
    ]);
    for event in events {
        table.row(vec![
            event.seq.to_string(),
            shown_time(UtcTime::from_ms(event.time_ms), zone),
            wording.name(Family::Event, event.body.kind()),
            recording(event),
            who(&event.actor.id, names),
            shown(&event.actor.id),
            wording.name(Family::Role, &event.actor.role),
            note(&event.body, wording),
        ]);
    }
    table.lines()
}

/// Name and account behind a pseudonym; nothing for a terminal, and for the vault itself.
fn who(pseudonym: &str, names: &Names) -> String {
    match (names.person(pseudonym), names.login(pseudonym)) {
        (Some(person), Some(login)) => format!("{} ({})", shown(person), shown(login)),
        _ => String::new(),
    }
}

/// The recording an event is about; with several, how many more.
fn recording(event: &Event) -> String {
    let mut ids = event.subjects.keys().filter_map(|key| key.as_str().strip_prefix("recording:"));
    let Some(first) = ids.next() else { return String::new() };
    match ids.count() {
        0 => short(&first),
        more => format!("{} +{more}", short(&first)),
    }
}

/// What people want to know at once: why something was refused, and how much was damaged.
fn note(body: &Body, wording: &Wording) -> String {
    match body {
        Body::ActRefused { act, reason, .. } => {
            let (act, reason) =
                (wording.name(Family::Act, act), wording.name(Family::Reason, reason));
            wording.text("ctl-event-refused", &[("act", &act), ("reason", &reason)])
        }
        Body::FixityChecked { failed, .. }
        | Body::Keeping(KeepingBody::CopiesChecked { failed, .. })
            if !failed.is_empty() =>
        {
            wording.text("ctl-event-damaged", &[("count", &failed.len().to_string())])
        }
        Body::RecordingAccessioned { activity, .. }
        | Body::DuplicateReceived { activity, .. }
        | Body::RecordingLabelled { activity, .. } => wording.name(Family::Activity, activity),
        Body::StoreRegistered { store, .. } => shown(store),
        Body::Media(MediaBody::NotExaminable { reason, .. })
        | Body::People(PeopleBody::SignInRefused { reason, .. }) => {
            wording.name(Family::Reason, reason)
        }
        Body::Media(MediaBody::MarkerSet { kind, .. }) => wording.name(Family::Marker, kind),
        Body::Case(CaseBody::DocumentAdded { document, .. }) => {
            wording.name(Family::Document, document)
        }
        Body::Retention(RetentionBody::TriggerFound { trigger, .. }) => {
            wording.name(Family::Trigger, trigger)
        }
        Body::Access(AccessBody::NoticeIssued { year, number, .. }) => {
            let (year, number) = (year.to_string(), number.to_string());
            wording.text("notice-number", &[("year", &year), ("number", &number)])
        }
        Body::Keeping(KeepingBody::StoreAdded { name, .. }) => shown(name),
        Body::FixityChecked { .. }
        | Body::Keeping(_)
        | Body::Backup(_)
        | Body::Disposal(_)
        | Body::Volume(_)
        | Body::Inspection(_)
        | Body::Oversight(_)
        | Body::VaultCreated { .. }
        | Body::DigestsTaken { .. }
        | Body::Media(_)
        | Body::People(_)
        | Body::Case(_)
        | Body::Retention(_)
        | Body::Access(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use vault_core::wording::Language;
    use vault_proof::{ActorName, ContentId, Subject};

    fn refusal() -> Event {
        let id = ContentId::from_bytes([0xab; 32]);
        Event {
            seq: 4,
            id: [7; 16],
            time_ms: 1_582_934_400_123,
            actor: ActorName {
                id: "terminal:uid-0".into(),
                role: "operator".into(),
                session: "00".into(),
            },
            subjects: BTreeMap::from([(Subject::recording(&id), None)]),
            body: Body::ActRefused {
                act: "access.read-recording".into(),
                reason: "grant-needed".into(),
                article: "A3.15".into(),
            },
            payload: None,
        }
    }

    #[test]
    fn a_refusal_is_told_in_words() {
        let wording = Wording::new(Language::Chinese);
        let table = events_table(&[refusal()], &Names::default(), &wording, Zone::Beijing);
        let line = "2020-02-29 08:00:00  拒绝操作  abababababababab        terminal:uid-0  操作员  \
                    读取资料内容：没有调取授权\n";
        assert!(table.ends_with(line), "{table}");
    }

    #[test]
    fn programs_get_the_leaf_and_the_time() {
        let document = event_json(&refusal(), &Names::default()).unwrap();
        assert_eq!(document["type"], "act.refused");
        assert_eq!(document["t"], 1_582_934_400_123_i64);
        assert_eq!(document["time"], "2020-02-29T00:00:00.123Z");
        assert_eq!(document["body"]["article"], "A3.15");
    }

    #[test]
    fn every_kind_of_event_has_a_name() {
        let wording = Wording::new(Language::Chinese);
        for kind in [
            "vault.created",
            "store.registered",
            "recording.accessioned",
            "recording.duplicate-received",
            "recording.labelled",
            "recording.digests-taken",
            "fixity.checked",
            "act.refused",
            "media.probed",
            "media.not-examinable",
            "media.previewed",
            "transcript.stored",
            "transcript.checked",
            "transcript.shown",
            "marker.set",
            "marker.removed",
            "search.made",
        ] {
            assert_ne!(wording.name(Family::Event, kind), kind);
        }
    }
}
