//! The statement of completeness: what was asked for, what is here, what is not and why.
//!
//! Promises that each recording asked for is in exactly one of the four lists and nothing else
//! is, and that every file below `data/` follows from it. Never says why something was withheld
//! without the article.

use super::{data, path};
use crate::canonical::{self, CanonicalError, Fields, Value};
use crate::id::{ContentId, Hash256};
use std::collections::BTreeSet;

/// What the package says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The key of the vault, as a verifier key text. Self-asserted.
    pub origin: String,
    /// Size of the ledger that the checkpoint vouches for.
    pub size: u64,
    /// Its root.
    pub root: Hash256,
    /// When the package was written, in milliseconds since 1970-01-01 UTC.
    pub written_ms: i64,
    /// The number of this copy, which no other copy bears (R22).
    pub copy_mark: String,
    /// Number of the request it answers.
    pub request: String,
    /// Number of the notice (《调取证据通知书》).
    pub notice: String,
    /// To whom it is handed.
    pub recipient: String,
    /// What for.
    pub purpose: String,
    /// What was asked for, in the order asked.
    pub asked: Vec<ContentId>,
    /// What is here.
    pub included: Vec<Included>,
    /// What is here as an excerpt (节选), the whole of it kept back.
    pub excerpts: Vec<Excerpted>,
    /// What was kept back.
    pub withheld: Vec<Withheld>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Paths of the forms.
    pub forms: Vec<String>,
}

/// A recording in the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    /// Its content id.
    pub recording: ContentId,
    /// Path of the original.
    pub original: String,
    /// Its length.
    pub bytes: u64,
    /// Paths of its transcripts.
    pub transcripts: Vec<String>,
    /// Path of what was made of it for this copy, with the copy's mark in the picture (R22).
    pub rendition: Option<String>,
    /// Numbers of its events, first to last.
    pub events: Vec<u64>,
    /// Leaf hash of the last of them.
    pub last_leaf: Hash256,
}

impl Included {
    /// The directory of the original, with its slash.
    pub fn directory(&self) -> &str {
        let end = self.original.rfind('/').map_or(0, |at| at + 1);
        self.original.get(..end).unwrap_or_default()
    }

    /// Path of its record.
    pub fn record(&self) -> String {
        format!("{}record.json", self.directory())
    }
}

/// A recording of which an excerpt is in the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpted {
    /// As of a recording that is here whole, with the path of the excerpt for that of the
    /// original, and the length of the whole.
    pub of: Included,
    /// Begin of the stretch that was asked for, in milliseconds from the recording's beginning.
    pub from_ms: u64,
    /// End of it.
    pub to_ms: u64,
    /// Begin of what is here: the key frame at or before.
    pub begins_ms: u64,
    /// End of what is here.
    pub ends_ms: u64,
    /// Why the whole was kept back, in words.
    pub reason: String,
    /// The article.
    pub article: String,
}

impl Excerpted {
    /// Path of what it is cut from and the proof.
    pub fn excerpt(&self) -> String {
        format!("{}excerpt.json", self.of.directory())
    }

    /// Path of the bytes it is cut from.
    pub fn source(&self) -> String {
        format!("{}source.bin", self.of.directory())
    }
}

/// A recording that was asked for and not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// Its content id.
    pub recording: ContentId,
    /// Why, in words.
    pub reason: String,
    /// The article.
    pub article: String,
}

/// A recording that was to be given and could not be read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its content id.
    pub recording: ContentId,
    /// Which class of stored bytes is damaged.
    pub class: String,
    /// First damaged byte found.
    pub from: u64,
    /// End of that range, exclusive.
    pub to: u64,
}

fn wrong(name: &str) -> CanonicalError {
    CanonicalError::Field(name.to_owned())
}

fn number(name: &str, count: u64) -> Result<Value, CanonicalError> {
    let number = i64::try_from(count).ok().filter(|number| *number <= canonical::INTEGER_MAX);
    number.map(Value::Integer).ok_or_else(|| wrong(name))
}

fn texts<T: ToString>(values: &[T]) -> Value {
    Value::List(values.iter().map(|value| Value::Text(value.to_string())).collect())
}

fn read_texts<T: std::str::FromStr>(
    fields: &mut Fields,
    name: &str,
) -> Result<Vec<T>, CanonicalError> {
    let read = |value: Value| value.as_text()?.parse().ok();
    fields.list(name)?.into_iter().map(|value| read(value).ok_or_else(|| wrong(name))).collect()
}

fn read_list<T>(
    fields: &mut Fields,
    name: &str,
    read: impl Fn(&mut Fields) -> Result<T, CanonicalError>,
) -> Result<Vec<T>, CanonicalError> {
    let one = |value: Value| {
        let mut inner = value.fields()?;
        let entry = read(&mut inner)?;
        inner.end()?;
        Ok(entry)
    };
    fields.list(name)?.into_iter().map(one).collect()
}

impl Included {
    fn fields(&self) -> Result<Vec<(&'static str, Value)>, CanonicalError> {
        let events = self.events.iter().map(|seq| number("events", *seq));
        let mut fields = vec![
            ("bytes", number("bytes", self.bytes)?),
            ("events", Value::List(events.collect::<Result<_, _>>()?)),
            ("last_leaf", Value::text(self.last_leaf.to_string())),
            ("original", Value::text(&self.original)),
            ("recording", Value::text(self.recording.to_string())),
            ("transcripts", texts(&self.transcripts)),
        ];
        fields.extend(self.rendition.iter().map(|path| ("rendition", Value::text(path))));
        Ok(fields)
    }

    fn value(&self) -> Result<Value, CanonicalError> {
        Ok(Value::map(self.fields()?))
    }

    fn read(fields: &mut Fields) -> Result<Self, CanonicalError> {
        let count = |value: &Value| value.as_integer().and_then(|seq| u64::try_from(seq).ok());
        let events = fields.list("events")?;
        let events = events.iter().map(|seq| count(seq).ok_or_else(|| wrong("events")));
        Ok(Self {
            events: events.collect::<Result<_, _>>()?,
            recording: fields.parsed("recording")?,
            original: fields.text("original")?,
            bytes: fields.count("bytes")?,
            transcripts: read_texts(fields, "transcripts")?,
            rendition: fields.has("rendition").then(|| fields.text("rendition")).transpose()?,
            last_leaf: fields.parsed("last_leaf")?,
        })
    }
}

impl Excerpted {
    fn value(&self) -> Result<Value, CanonicalError> {
        let mut fields = self.of.fields()?;
        fields.extend([
            ("article", Value::text(&self.article)),
            ("begins_ms", number("begins_ms", self.begins_ms)?),
            ("ends_ms", number("ends_ms", self.ends_ms)?),
            ("from_ms", number("from_ms", self.from_ms)?),
            ("reason", Value::text(&self.reason)),
            ("to_ms", number("to_ms", self.to_ms)?),
        ]);
        Ok(Value::map(fields))
    }

    fn read(fields: &mut Fields) -> Result<Self, CanonicalError> {
        Ok(Self {
            of: Included::read(fields)?,
            from_ms: fields.count("from_ms")?,
            to_ms: fields.count("to_ms")?,
            begins_ms: fields.count("begins_ms")?,
            ends_ms: fields.count("ends_ms")?,
            reason: fields.text("reason")?,
            article: fields.text("article")?,
        })
    }

    fn holds(&self) -> bool {
        let stretches = self.from_ms < self.to_ms && self.begins_ms < self.ends_ms;
        stretches && self.begins_ms < self.to_ms && !self.article.is_empty()
    }
}

impl Statement {
    /// The bytes of the file; refuses a statement that contradicts itself.
    pub fn encode(&self) -> Result<Vec<u8>, CanonicalError> {
        self.check()?;
        let included = self.included.iter().map(Included::value).collect::<Result<_, _>>()?;
        let withheld = self.withheld.iter().map(|entry| {
            Value::map([
                ("article", Value::text(&entry.article)),
                ("reason", Value::text(&entry.reason)),
                ("recording", Value::text(entry.recording.to_string())),
            ])
        });
        let unreadable = self.unreadable.iter().map(|entry| {
            Ok(Value::map([
                ("class", Value::text(&entry.class)),
                ("from", number("from", entry.from)?),
                ("recording", Value::text(entry.recording.to_string())),
                ("to", number("to", entry.to)?),
            ]))
        });
        if self.written_ms.unsigned_abs() > canonical::INTEGER_MAX.unsigned_abs() {
            return Err(wrong("t"));
        }
        let excerpts = self.excerpts.iter().map(Excerpted::value);
        let excerpts = excerpts.collect::<Result<Vec<_>, _>>()?;
        // A package without excerpts is one of before there were any, to the letter.
        let excerpts = (!excerpts.is_empty()).then_some(("excerpts", Value::List(excerpts)));
        let fields = [
            ("asked", texts(&self.asked)),
            ("copy_mark", Value::text(&self.copy_mark)),
            ("forms", texts(&self.forms)),
            ("included", Value::List(included)),
            ("notice", Value::text(&self.notice)),
            ("origin", Value::text(&self.origin)),
            ("purpose", Value::text(&self.purpose)),
            ("recipient", Value::text(&self.recipient)),
            ("request", Value::text(&self.request)),
            ("root", Value::text(self.root.to_string())),
            ("size", number("size", self.size)?),
            ("t", Value::Integer(self.written_ms)),
            ("unreadable", Value::List(unreadable.collect::<Result<_, CanonicalError>>()?)),
            ("v", Value::Integer(1)),
            ("withheld", Value::List(withheld.collect())),
        ];
        Ok(canonical::encode(&Value::map(fields.into_iter().chain(excerpts))))
    }

    /// Reads the file; refuses whatever `encode` would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut fields = canonical::parse(bytes)?.fields()?;
        if fields.integer("v")? != 1 {
            return Err(wrong("v"));
        }
        let statement = Self {
            origin: fields.text("origin")?,
            size: fields.count("size")?,
            root: fields.parsed("root")?,
            written_ms: fields.integer("t")?,
            copy_mark: fields.text("copy_mark")?,
            request: fields.text("request")?,
            notice: fields.text("notice")?,
            recipient: fields.text("recipient")?,
            purpose: fields.text("purpose")?,
            asked: read_texts(&mut fields, "asked")?,
            included: read_list(&mut fields, "included", Included::read)?,
            excerpts: if fields.has("excerpts") {
                read_list(&mut fields, "excerpts", Excerpted::read)?
            } else {
                Vec::new()
            },
            withheld: read_list(&mut fields, "withheld", |entry| {
                Ok(Withheld {
                    recording: entry.parsed("recording")?,
                    reason: entry.text("reason")?,
                    article: entry.text("article")?,
                })
            })?,
            unreadable: read_list(&mut fields, "unreadable", |entry| {
                Ok(Unreadable {
                    recording: entry.parsed("recording")?,
                    class: entry.text("class")?,
                    from: entry.count("from")?,
                    to: entry.count("to")?,
                })
            })?,
            forms: read_texts(&mut fields, "forms")?,
        };
        fields.end()?;
        statement.check()?;
        // An empty list of excerpts, which is not written, is no spelling of having none.
        if statement.encode()? == bytes { Ok(statement) } else { Err(wrong("excerpts")) }
    }

    /// Every recording of which something is here, whole or as an excerpt.
    pub fn given(&self) -> impl Iterator<Item = &Included> {
        self.included.iter().chain(self.excerpts.iter().map(|entry| &entry.of))
    }

    /// That it does not contradict itself.
    fn check(&self) -> Result<(), CanonicalError> {
        let asked: BTreeSet<_> = self.asked.iter().collect();
        let answered = self.given().map(|entry| &entry.recording);
        let answered = answered.chain(self.withheld.iter().map(|entry| &entry.recording));
        let answered = answered.chain(self.unreadable.iter().map(|entry| &entry.recording));
        let answered: Vec<_> = answered.collect();
        let distinct: BTreeSet<_> = answered.iter().copied().collect();
        if asked.is_empty() || asked.len() != self.asked.len() {
            return Err(wrong("asked"));
        }
        if distinct.len() != answered.len() || distinct != asked {
            return Err(wrong("included"));
        }
        if self.copy_mark.is_empty() {
            return Err(wrong("copy_mark"));
        }
        if !self.excerpts.iter().all(Excerpted::holds) {
            return Err(wrong("excerpts"));
        }
        for entry in self.given() {
            let ascending = entry.events.is_sorted_by(|before, after| before < after);
            let below = entry.events.last().is_some_and(|last| *last < self.size);
            if !ascending || !below {
                return Err(wrong("events"));
            }
        }
        self.check_paths()
    }

    fn check_paths(&self) -> Result<(), CanonicalError> {
        let mut seen = BTreeSet::new();
        let stems = std::iter::repeat_n("original", self.included.len());
        let stems = stems.chain(std::iter::repeat("excerpt"));
        for (entry, wanted) in self.given().zip(stems) {
            let directory = entry.directory();
            let inside =
                |name: &str| name.strip_prefix(directory).is_some_and(|n| !n.contains('/'));
            let stem =
                entry.original.strip_prefix(directory).and_then(|name| name.split('.').next());
            let placed = directory.starts_with(data::RECORDINGS)
                && directory.split('/').count() == 5
                && stem == Some(wanted)
                && entry.original != format!("{directory}excerpt.json");
            let transcripts =
                [format!("{directory}transcript.txt"), format!("{directory}transcript.vtt")];
            let renditions =
                [format!("{directory}rendition.mp4"), format!("{directory}rendition.jpg")];
            let known = entry.transcripts.iter().all(|name| transcripts.contains(name))
                && entry.rendition.iter().all(|name| renditions.contains(name));
            if !placed || !inside(&entry.original) || !known {
                return Err(wrong("original"));
            }
            seen.extend([entry.original.clone(), entry.record()]);
            if !entry.transcripts.iter().all(|name| seen.insert(name.clone())) {
                return Err(wrong("transcripts"));
            }
        }
        let directories: BTreeSet<_> =
            self.given().map(|entry| path::folded(entry.directory())).collect();
        if directories.len() != self.given().count() {
            return Err(wrong("original"));
        }
        for form in &self.forms {
            let name = form.strip_prefix(data::FORMS).ok_or_else(|| wrong("forms"))?;
            if name.contains('/') || !seen.insert(form.clone()) {
                return Err(wrong("forms"));
            }
        }
        if seen.iter().all(|name| path::is_good(name)) { Ok(()) } else { Err(wrong("original")) }
    }

    /// Every path below `data/` that follows from it.
    pub fn files(&self) -> BTreeSet<String> {
        let single = [data::STATEMENT, data::CHECKPOINT, data::INTEGRITY].map(str::to_owned);
        let mut files: BTreeSet<String> = single.into_iter().chain(self.forms.clone()).collect();
        files.extend(self.excerpts.iter().flat_map(|entry| [entry.excerpt(), entry.source()]));
        for entry in self.given() {
            files.extend([entry.original.clone(), entry.record()]);
            files.extend(entry.transcripts.iter().cloned().chain(entry.rendition.clone()));
            files.extend(entry.events.iter().flat_map(|seq| [data::leaf(*seq), data::proof(*seq)]));
        }
        files
    }
}
