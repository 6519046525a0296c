//! What is found out and made of a recording: facts, previews, its text, marks on its time line.
//!
//! Every one of these events speaks of one recording, and names each object that was made by its
//! digest. What a recording says of people and places is in the payload, never here. (R06, R07,
//! R09; A3.8, A3.9, A2.14(四), A2.18(一)2)

use super::codec::{EventError, number};
use crate::canonical::{Fields, Value};
use crate::id::ContentId;

/// Events about the content of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaBody {
    /// Container, streams and packets were looked at.
    Probed {
        /// Which recording.
        recording: ContentId,
        /// Program and libraries.
        engine: String,
        /// `video`, `audio`, `picture` or `other`.
        medium: String,
        /// Length in milliseconds; 0 where there is none.
        duration_ms: u64,
        /// Whether it has sound, of which there must be a text (R09).
        sound: bool,
        /// How many things were noticed.
        findings: u64,
    },
    /// It could not be examined; the recording itself is untouched.
    NotExaminable {
        /// Which recording.
        recording: ContentId,
        /// What was tried: `probe` or `preview`.
        task: String,
        /// Why, as a stable code.
        reason: String,
        /// Program and libraries.
        engine: String,
    },
    /// Pictures and sound were looked through, and previews made.
    Previewed {
        /// Which recording.
        recording: ContentId,
        /// Program and libraries.
        engine: String,
        /// How many things were noticed.
        findings: u64,
        /// What was made.
        products: Vec<DerivedObject>,
    },
    /// A version of the text of its sound was stored (文字记录).
    TranscriptStored {
        /// Which recording.
        recording: ContentId,
        /// Number of the version, from 1.
        version: u64,
        /// `machine`, `person` or `imported`.
        origin: String,
        /// Program and model; empty where a person typed.
        engine: String,
        /// The version it was made from; 0 where there was none.
        based_on: u64,
        /// Content id of the text.
        object: ContentId,
        /// Its length.
        bytes: u64,
        /// BLAKE3 of its manifest.
        manifest: ContentId,
    },
    /// A person checked a version against the sound.
    TranscriptChecked {
        /// Which recording.
        recording: ContentId,
        /// Which version.
        version: u64,
        /// Content id of the text that was checked.
        object: ContentId,
    },
    /// A version was shown to somebody or handed out.
    TranscriptShown {
        /// Which recording.
        recording: ContentId,
        /// Which version.
        version: u64,
    },
    /// A mark was set on the time line (R07).
    MarkerSet {
        /// Which recording.
        recording: ContentId,
        /// Id of the mark: 32 hex digits.
        marker: String,
        /// What is to be seen there, by its code.
        kind: String,
        /// Begin, in milliseconds from the beginning of the recording.
        from_ms: u64,
        /// End.
        to_ms: u64,
    },
    /// A mark was taken back; that it was there stays on record.
    MarkerRemoved {
        /// Which recording.
        recording: ContentId,
        /// Id of the mark.
        marker: String,
    },
    /// Somebody searched; the recordings whose text was shown are subjects of the event.
    Searched {
        /// How many places were shown.
        hits: u64,
    },
}

/// An object made from a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivedObject {
    /// What it is: `poster`, `sheet`, `waveform`, `proxy`.
    pub kind: String,
    /// Its content id.
    pub object: ContentId,
    /// Its length.
    pub bytes: u64,
    /// BLAKE3 of its manifest.
    pub manifest: ContentId,
    /// How it was made: program, versions, parameters.
    pub recipe: String,
}

impl MediaBody {
    /// The stable name of what happened.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Probed { .. } => "media.probed",
            Self::NotExaminable { .. } => "media.not-examinable",
            Self::Previewed { .. } => "media.previewed",
            Self::TranscriptStored { .. } => "transcript.stored",
            Self::TranscriptChecked { .. } => "transcript.checked",
            Self::TranscriptShown { .. } => "transcript.shown",
            Self::MarkerSet { .. } => "marker.set",
            Self::MarkerRemoved { .. } => "marker.removed",
            Self::Searched { .. } => "search.made",
        }
    }

    /// The recording it speaks of, where it is one.
    pub const fn recording(&self) -> Option<&ContentId> {
        match self {
            Self::Searched { .. } => None,
            Self::Probed { recording, .. }
            | Self::NotExaminable { recording, .. }
            | Self::Previewed { recording, .. }
            | Self::TranscriptStored { recording, .. }
            | Self::TranscriptChecked { recording, .. }
            | Self::TranscriptShown { recording, .. }
            | Self::MarkerSet { recording, .. }
            | Self::MarkerRemoved { recording, .. } => Some(recording),
        }
    }

    pub(super) fn value(&self) -> Result<Value, EventError> {
        let recording = self.recording().map(|recording| ("recording", text(recording)));
        let mut pairs: Vec<_> = recording.into_iter().collect();
        match self {
            Self::Probed { engine, medium, duration_ms, sound, findings, .. } => pairs.extend([
                ("sound", Value::Boolean(*sound)),
                ("duration_ms", number(*duration_ms)?),
                ("engine", text(engine)),
                ("findings", number(*findings)?),
                ("medium", text(medium)),
            ]),
            Self::NotExaminable { task, reason, engine, .. } => {
                pairs.extend([
                    ("engine", text(engine)),
                    ("reason", text(reason)),
                    ("task", text(task)),
                ]);
            }
            Self::Previewed { engine, findings, products, .. } => {
                let products = products.iter().map(DerivedObject::value);
                pairs.extend([
                    ("engine", text(engine)),
                    ("findings", number(*findings)?),
                    ("products", Value::List(products.collect::<Result<_, _>>()?)),
                ]);
            }
            Self::TranscriptStored {
                version,
                origin,
                engine,
                based_on,
                object,
                bytes,
                manifest,
                ..
            } => pairs.extend([
                ("based_on", number(*based_on)?),
                ("bytes", number(*bytes)?),
                ("engine", text(engine)),
                ("manifest", text(manifest)),
                ("object", text(object)),
                ("origin", text(origin)),
                ("version", number(*version)?),
            ]),
            Self::TranscriptChecked { version, object, .. } => {
                pairs.extend([("object", text(object)), ("version", number(*version)?)]);
            }
            Self::TranscriptShown { version, .. } => pairs.push(("version", number(*version)?)),
            Self::MarkerSet { marker, kind, from_ms, to_ms, .. } => pairs.extend([
                ("from_ms", number(*from_ms)?),
                ("kind", text(kind)),
                ("marker", text(marker)),
                ("to_ms", number(*to_ms)?),
            ]),
            Self::MarkerRemoved { marker, .. } => pairs.push(("marker", text(marker))),
            Self::Searched { hits } => pairs.push(("hits", number(*hits)?)),
        }
        Ok(Value::map(pairs))
    }

    /// Reads a body of one of these kinds; `None` where the kind is not one of them.
    pub(super) fn parse(kind: &str, fields: &mut Fields) -> Result<Option<Self>, EventError> {
        Ok(Some(match kind {
            "media.probed" => Self::Probed {
                recording: fields.parsed("recording")?,
                engine: fields.text("engine")?,
                medium: fields.text("medium")?,
                duration_ms: fields.count("duration_ms")?,
                sound: fields.boolean("sound")?,
                findings: fields.count("findings")?,
            },
            "media.not-examinable" => Self::NotExaminable {
                recording: fields.parsed("recording")?,
                task: fields.text("task")?,
                reason: fields.text("reason")?,
                engine: fields.text("engine")?,
            },
            "media.previewed" => Self::Previewed {
                recording: fields.parsed("recording")?,
                engine: fields.text("engine")?,
                findings: fields.count("findings")?,
                products: fields
                    .list("products")?
                    .into_iter()
                    .map(DerivedObject::parse)
                    .collect::<Result<_, _>>()?,
            },
            "transcript.stored" => Self::TranscriptStored {
                recording: fields.parsed("recording")?,
                version: fields.count("version")?,
                origin: fields.text("origin")?,
                engine: fields.text("engine")?,
                based_on: fields.count("based_on")?,
                object: fields.parsed("object")?,
                bytes: fields.count("bytes")?,
                manifest: fields.parsed("manifest")?,
            },
            "transcript.checked" => Self::TranscriptChecked {
                recording: fields.parsed("recording")?,
                version: fields.count("version")?,
                object: fields.parsed("object")?,
            },
            "transcript.shown" => Self::TranscriptShown {
                recording: fields.parsed("recording")?,
                version: fields.count("version")?,
            },
            "marker.set" => Self::MarkerSet {
                recording: fields.parsed("recording")?,
                marker: fields.text("marker")?,
                kind: fields.text("kind")?,
                from_ms: fields.count("from_ms")?,
                to_ms: fields.count("to_ms")?,
            },
            "marker.removed" => Self::MarkerRemoved {
                recording: fields.parsed("recording")?,
                marker: fields.text("marker")?,
            },
            "search.made" => Self::Searched { hits: fields.count("hits")? },
            _ => return Ok(None),
        }))
    }
}

fn text(value: &impl ToString) -> Value {
    Value::Text(value.to_string())
}

impl DerivedObject {
    fn value(&self) -> Result<Value, EventError> {
        Ok(Value::map([
            ("bytes", number(self.bytes)?),
            ("kind", text(&self.kind)),
            ("manifest", text(&self.manifest)),
            ("object", text(&self.object)),
            ("recipe", text(&self.recipe)),
        ]))
    }

    fn parse(value: Value) -> Result<Self, EventError> {
        let mut fields = value.fields()?;
        let object = Self {
            kind: fields.text("kind")?,
            object: fields.parsed("object")?,
            bytes: fields.count("bytes")?,
            manifest: fields.parsed("manifest")?,
            recipe: fields.text("recipe")?,
        };
        fields.end()?;
        Ok(object)
    }
}
