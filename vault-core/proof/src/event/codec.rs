//! The wire form of events: canonical JSON, strict both ways.
//!
//! Promises that whatever `encode` writes, `decode` reads as the same event, and that `decode`
//! accepts nothing else. Never repairs, never guesses a missing field. Format:
//! `docs/formats/event.md`.

use super::{
    AccessBody, ActorName, BackPointer, BackupBody, Body, CaseBody, Damage, DisposalBody, Event,
    InspectionBody, KeepingBody, LEAF_BYTES_MAX, MediaBody, OversightBody, PeopleBody,
    RetentionBody, VolumeBody,
};
use crate::canonical::{self, CanonicalError, Fields, Value};
use crate::id::{Hash256, Subject};
use std::collections::BTreeMap;

/// Why bytes are no event, or an event has no bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// The bytes are not canonical, or a field is missing, unknown or of another type.
    #[error(transparent)]
    Form(#[from] CanonicalError),
    /// The event is of a version this program does not know.
    #[error("event of version {0}")]
    Version(i64),
    /// The kind of event is not known.
    #[error("event of unknown kind {0:?}")]
    Kind(String),
    /// The event is longer than a leaf may be.
    #[error("event of {0} bytes is too long")]
    TooLong(usize),
}

pub(super) fn number(count: u64) -> Result<Value, EventError> {
    integer(i64::try_from(count).map_err(|_| wrong("number"))?)
}

/// Refuses what canonical JSON cannot hold, so that no leaf is written that nobody can read.
fn integer(number: i64) -> Result<Value, EventError> {
    if number.unsigned_abs() > canonical::INTEGER_MAX.unsigned_abs() {
        return Err(wrong("number"));
    }
    Ok(Value::Integer(number))
}

impl Event {
    /// The exact bytes of the leaf.
    pub fn encode(&self) -> Result<Vec<u8>, EventError> {
        let subjects = self.subjects.iter().map(|(subject, before)| {
            let pointer = match before {
                Some(before) => format!("{}:{}", before.seq, before.leaf),
                None => String::new(),
            };
            (subject.as_str().into(), Value::Text(pointer))
        });
        let value = Value::map([
            ("actor", actor_value(&self.actor)),
            ("body", body_value(&self.body)?),
            ("id", Value::Text(hex::encode(self.id))),
            ("payload", self.payload.map_or(Value::Null, |hash| Value::Text(hash.to_string()))),
            ("seq", number(self.seq)?),
            ("subjects", Value::Map(subjects.collect())),
            ("t", integer(self.time_ms)?),
            ("type", Value::text(self.body.kind())),
            ("v", Value::Integer(1)),
        ]);
        let bytes = canonical::encode(&value);
        if bytes.len() > LEAF_BYTES_MAX {
            return Err(EventError::TooLong(bytes.len()));
        }
        Ok(bytes)
    }

    /// Reads a leaf; refuses whatever `encode` would not have written.
    pub fn decode(leaf: &[u8]) -> Result<Self, EventError> {
        if leaf.len() > LEAF_BYTES_MAX {
            return Err(EventError::TooLong(leaf.len()));
        }
        let mut fields = canonical::parse(leaf)?.fields()?;
        let version = fields.integer("v")?;
        if version != 1 {
            return Err(EventError::Version(version));
        }
        let kind = fields.text("type")?;
        let mut actor = fields.map("actor")?;
        let event = Self {
            seq: fields.count("seq")?,
            id: id_of(&fields.text("id")?)?,
            time_ms: fields.integer("t")?,
            actor: ActorName {
                id: actor.text("id")?,
                role: actor.text("role")?,
                session: actor.text("session")?,
            },
            subjects: subjects_of(fields.map("subjects")?)?,
            body: body_of(&kind, fields.map("body")?)?,
            payload: payload_of(fields.take("payload")?)?,
        };
        actor.end()?;
        fields.end()?;
        Ok(event)
    }
}

fn wrong(name: &str) -> EventError {
    CanonicalError::Field(name.to_owned()).into()
}

fn id_of(text: &str) -> Result<[u8; 16], EventError> {
    let mut id = [0; 16];
    hex::decode_to_slice(text, &mut id).map_err(|_| wrong("id"))?;
    if hex::encode(id) != text {
        return Err(wrong("id"));
    }
    Ok(id)
}

fn payload_of(value: Value) -> Result<Option<Hash256>, EventError> {
    match value {
        Value::Null => Ok(None),
        Value::Text(text) => text.parse().map(Some).map_err(|_| wrong("payload")),
        _ => Err(wrong("payload")),
    }
}

fn subjects_of(fields: Fields) -> Result<BTreeMap<Subject, Option<BackPointer>>, EventError> {
    let pairs = fields.rest().into_iter().map(|(key, value)| {
        let subject = Subject::parse(key.as_str()).map_err(|_| wrong("subjects"))?;
        let pointer = value.as_text().ok_or_else(|| wrong("subjects"))?;
        if pointer.is_empty() {
            return Ok((subject, None));
        }
        let (seq_text, leaf) = pointer.split_once(':').ok_or_else(|| wrong("subjects"))?;
        let seq: u64 = seq_text.parse().map_err(|_| wrong("subjects"))?;
        let leaf = leaf.parse().map_err(|_| wrong("subjects"))?;
        if seq.to_string() != seq_text {
            return Err(wrong("subjects"));
        }
        Ok((subject, Some(BackPointer { seq, leaf })))
    });
    pairs.collect()
}

fn actor_value(actor: &ActorName) -> Value {
    Value::map([
        ("id", Value::text(&actor.id)),
        ("role", Value::text(&actor.role)),
        ("session", Value::text(&actor.session)),
    ])
}

fn body_value(body: &Body) -> Result<Value, EventError> {
    Ok(match body {
        Body::VaultCreated { vault, format, checkpoint_key } => Value::map([
            ("checkpoint_key", Value::text(checkpoint_key)),
            ("format", number(*format)?),
            ("vault", Value::text(vault)),
        ]),
        Body::StoreRegistered { store, create_only, object_lock } => Value::map([
            ("create_only", Value::Boolean(*create_only)),
            ("object_lock", Value::Boolean(*object_lock)),
            ("store", Value::text(store)),
        ]),
        Body::RecordingAccessioned { recording, bytes, manifest, activity, secrecy } => {
            Value::map([
                ("activity", Value::text(activity)),
                ("bytes", number(*bytes)?),
                ("manifest", Value::text(manifest.to_string())),
                ("recording", Value::text(recording.to_string())),
                ("secrecy", Value::text(secrecy)),
            ])
        }
        Body::DuplicateReceived { recording, activity, secrecy }
        | Body::RecordingLabelled { recording, activity, secrecy } => Value::map([
            ("activity", Value::text(activity)),
            ("recording", Value::text(recording.to_string())),
            ("secrecy", Value::text(secrecy)),
        ]),
        Body::DigestsTaken { recording, bytes, sha256, sm3 } => Value::map([
            ("bytes", number(*bytes)?),
            ("recording", Value::text(recording.to_string())),
            ("sha256", Value::text(sha256)),
            ("sm3", Value::text(sm3)),
        ]),
        Body::FixityChecked { keyless, bytes, failed } => Value::map([
            ("bytes", number(*bytes)?),
            ("failed", Value::List(failed.iter().map(damage_value).collect::<Result<_, _>>()?)),
            ("keyless", Value::Boolean(*keyless)),
        ]),
        Body::Media(body) => body.value()?,
        Body::People(body) => body.value()?,
        Body::Case(body) => body.value()?,
        Body::Retention(body) => body.value()?,
        Body::Access(body) => body.value()?,
        Body::Keeping(body) => body.value()?,
        Body::Backup(body) => body.value()?,
        Body::Disposal(body) => body.value()?,
        Body::Inspection(body) => body.value()?,
        Body::Oversight(body) => body.value()?,
        Body::Volume(body) => body.value()?,
        Body::ActRefused { act, reason, article } => Value::map([
            ("act", Value::text(act)),
            ("article", Value::text(article)),
            ("reason", Value::text(reason)),
        ]),
    })
}

pub(super) fn damage_value(damage: &Damage) -> Result<Value, EventError> {
    Ok(Value::map([
        ("class", Value::text(&damage.class)),
        ("from", number(damage.from)?),
        ("recording", Value::text(damage.recording.to_string())),
        ("to", number(damage.to)?),
    ]))
}

fn body_of(kind: &str, mut fields: Fields) -> Result<Body, EventError> {
    let body = match kind {
        "vault.created" => Body::VaultCreated {
            vault: fields.text("vault")?,
            format: fields.count("format")?,
            checkpoint_key: fields.text("checkpoint_key")?,
        },
        "store.registered" => Body::StoreRegistered {
            store: fields.text("store")?,
            create_only: fields.boolean("create_only")?,
            object_lock: fields.boolean("object_lock")?,
        },
        "recording.accessioned" => Body::RecordingAccessioned {
            recording: fields.parsed("recording")?,
            bytes: fields.count("bytes")?,
            manifest: fields.parsed("manifest")?,
            activity: fields.text("activity")?,
            secrecy: fields.text("secrecy")?,
        },
        "recording.duplicate-received" => Body::DuplicateReceived {
            recording: fields.parsed("recording")?,
            activity: fields.text("activity")?,
            secrecy: fields.text("secrecy")?,
        },
        "recording.labelled" => Body::RecordingLabelled {
            recording: fields.parsed("recording")?,
            activity: fields.text("activity")?,
            secrecy: fields.text("secrecy")?,
        },
        "recording.digests-taken" => Body::DigestsTaken {
            recording: fields.parsed("recording")?,
            bytes: fields.count("bytes")?,
            sha256: fields.text("sha256")?,
            sm3: fields.text("sm3")?,
        },
        "fixity.checked" => Body::FixityChecked {
            keyless: fields.boolean("keyless")?,
            bytes: fields.count("bytes")?,
            failed: fields.list("failed")?.into_iter().map(damage_of).collect::<Result<_, _>>()?,
        },
        "act.refused" => Body::ActRefused {
            act: fields.text("act")?,
            reason: fields.text("reason")?,
            article: fields.text("article")?,
        },
        other => grouped(other, &mut fields)?,
    };
    fields.end()?;
    Ok(body)
}

/// A body of one of the groups.
fn grouped(kind: &str, fields: &mut Fields) -> Result<Body, EventError> {
    if let Some(body) = MediaBody::parse(kind, fields)? {
        return Ok(Body::Media(body));
    }
    if let Some(body) = PeopleBody::parse(kind, fields)? {
        return Ok(Body::People(body));
    }
    if let Some(body) = CaseBody::parse(kind, fields)? {
        return Ok(Body::Case(body));
    }
    if let Some(body) = RetentionBody::parse(kind, fields)? {
        return Ok(Body::Retention(body));
    }
    if let Some(body) = AccessBody::parse(kind, fields)? {
        return Ok(Body::Access(body));
    }
    if let Some(body) = KeepingBody::parse(kind, fields)? {
        return Ok(Body::Keeping(body));
    }
    if let Some(body) = InspectionBody::parse(kind, fields)? {
        return Ok(Body::Inspection(body));
    }
    if let Some(body) = OversightBody::parse(kind, fields)? {
        return Ok(Body::Oversight(body));
    }
    if let Some(body) = BackupBody::parse(kind, fields)? {
        return Ok(Body::Backup(body));
    }
    if let Some(body) = DisposalBody::parse(kind, fields)? {
        return Ok(Body::Disposal(body));
    }
    if let Some(body) = VolumeBody::parse(kind, fields)? {
        return Ok(Body::Volume(body));
    }
    Err(EventError::Kind(kind.to_owned()))
}

pub(super) fn damage_of(value: Value) -> Result<Damage, EventError> {
    let mut fields = value.fields()?;
    let damage = Damage {
        recording: fields.parsed("recording")?,
        class: fields.text("class")?,
        from: fields.count("from")?,
        to: fields.count("to")?,
    };
    fields.end()?;
    Ok(damage)
}
