//! The text of a recording's sound, version by version: what is kept of each, and its bytes.
//!
//! Format: `docs/formats/transcript.md`. Strict both ways, like everything that outlives the
//! program. A text is bound to its recording by the recording's digest inside it.

use crate::fault::{Code, Fault, Outcome};
use crate::limits::{CUE_TEXT_BYTES_MAX, CUES_MAX, SPEAKER_BYTES_MAX};
use vault_proof::ContentId;
use vault_proof::canonical::{self, CanonicalError, Value};

/// How a piece of text came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A program heard it; nobody vouches for it.
    Machine,
    /// A person typed it.
    Person,
    /// It came from outside, as a file.
    Imported,
}

impl Origin {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Person => "person",
            Self::Imported => "imported",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Machine, Self::Person, Self::Imported]
            .into_iter()
            .find(|origin| origin.as_str() == text)
    }
}

/// A stretch of time and what is said in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// Begin, in milliseconds from the beginning of the recording.
    pub from_ms: u64,
    /// End.
    pub to_ms: u64,
    /// Who speaks; empty where unknown.
    pub speaker: String,
    /// What is said.
    pub text: String,
    /// How it came to be.
    pub origin: Origin,
    /// How sure the program was, in thousandths; `None` where it did not say or a person typed.
    pub confidence: Option<u16>,
}

/// A version of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// The recording whose sound it is.
    pub recording: ContentId,
    /// Its language, `zh`, `en`; empty where unknown.
    pub language: String,
    /// Program and model that heard it; empty where a person typed.
    pub engine: String,
    /// Pieces a program claimed to hear where there is silence; they were left out.
    pub left_out: u64,
    /// The pieces, in the order of their begin.
    pub cues: Vec<Cue>,
}

fn invalid(reason: &'static str) -> Fault {
    Fault::new(Code::TranscriptInvalid).with("reason", reason)
}

fn unreadable(error: CanonicalError) -> Fault {
    Fault::new(Code::StoredBytesDamaged).with("class", "transcript").caused_by(error)
}

impl Transcript {
    /// Keeps what is said in a stretch, its times counted from the begin of it: the text of an
    /// excerpt.
    pub(crate) fn keep_only(&mut self, (from_ms, to_ms): (u64, u64)) {
        self.cues.retain(|cue| cue.to_ms > from_ms && cue.from_ms < to_ms);
        for cue in &mut self.cues {
            cue.from_ms = cue.from_ms.max(from_ms) - from_ms;
            cue.to_ms = cue.to_ms.min(to_ms) - from_ms;
        }
    }

    /// Puts the pieces in order and checks every limit.
    pub fn checked(mut self) -> Outcome<Self> {
        if self.cues.len() > CUES_MAX {
            return Err(invalid("too-many-cues").with("limit", CUES_MAX));
        }
        for cue in &self.cues {
            if cue.from_ms > cue.to_ms {
                return Err(invalid("ends-before-it-begins").with("from", cue.from_ms));
            }
            if cue.text.len() > CUE_TEXT_BYTES_MAX || cue.speaker.len() > SPEAKER_BYTES_MAX {
                return Err(invalid("cue-too-long").with("from", cue.from_ms));
            }
        }
        self.cues.sort_by_key(|cue| (cue.from_ms, cue.to_ms));
        Ok(self)
    }

    /// Its bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let number = |count: u64| Value::Integer(i64::try_from(count).unwrap_or(i64::MAX));
        let cue = |cue: &Cue| {
            Value::map([
                ("confidence", cue.confidence.map_or(Value::Null, |c| Value::Integer(c.into()))),
                ("from_ms", number(cue.from_ms)),
                ("origin", Value::text(cue.origin.as_str())),
                ("speaker", Value::text(&cue.speaker)),
                ("text", Value::text(&cue.text)),
                ("to_ms", number(cue.to_ms)),
            ])
        };
        canonical::encode(&Value::map([
            ("cues", Value::List(self.cues.iter().map(cue).collect())),
            ("engine", Value::text(&self.engine)),
            ("language", Value::text(&self.language)),
            ("left_out", number(self.left_out)),
            ("recording", Value::Text(self.recording.to_string())),
            ("v", Value::Integer(1)),
        ]))
    }

    /// Reads bytes that `encode` wrote.
    pub(crate) fn decode(bytes: &[u8]) -> Outcome<Self> {
        let mut fields = canonical::parse(bytes).and_then(Value::fields).map_err(unreadable)?;
        let read = |fields: &mut canonical::Fields| -> Result<Self, CanonicalError> {
            if fields.integer("v")? != 1 {
                return Err(CanonicalError::Field("v".to_owned()));
            }
            Ok(Self {
                recording: fields.parsed("recording")?,
                language: fields.text("language")?,
                engine: fields.text("engine")?,
                left_out: fields.count("left_out")?,
                cues: fields.list("cues")?.into_iter().map(cue_of).collect::<Result<_, _>>()?,
            })
        };
        let transcript = read(&mut fields).map_err(unreadable)?;
        fields.end().map_err(unreadable)?;
        Ok(transcript)
    }
}

fn cue_of(value: Value) -> Result<Cue, CanonicalError> {
    let wrong = |name: &str| CanonicalError::Field(name.to_owned());
    let mut fields = value.fields()?;
    let confidence = match fields.take("confidence")? {
        Value::Null => None,
        Value::Integer(number) => Some(u16::try_from(number).map_err(|_| wrong("confidence"))?),
        _ => return Err(wrong("confidence")),
    };
    let cue = Cue {
        from_ms: fields.count("from_ms")?,
        to_ms: fields.count("to_ms")?,
        speaker: fields.text("speaker")?,
        text: fields.text("text")?,
        origin: Origin::parse(&fields.text("origin")?).ok_or_else(|| wrong("origin"))?,
        confidence,
    };
    fields.end()?;
    Ok(cue)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(from_ms: u64, text: &str) -> Cue {
        Cue {
            from_ms,
            to_ms: from_ms + 500,
            speaker: "甲".into(),
            text: text.into(),
            origin: Origin::Machine,
            confidence: Some(930),
        }
    }

    fn transcript(cues: Vec<Cue>) -> Transcript {
        Transcript {
            recording: ContentId::from_bytes([7; 32]),
            language: "zh".into(),
            engine: "e".into(),
            left_out: 2,
            cues,
        }
    }

    #[test]
    fn what_was_written_is_read_and_a_changed_byte_is_not_the_same() {
        let whole = transcript(vec![cue(0, "你好"), cue(600, "请出示证件")]).checked().unwrap();
        let bytes = whole.encode();
        assert_eq!(Transcript::decode(&bytes).unwrap(), whole);
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_ne!(Transcript::decode(&changed).ok().as_ref(), Some(&whole), "byte {at}");
        }
    }

    #[test]
    fn pieces_are_put_in_order_and_limits_hold() {
        let sorted = transcript(vec![cue(600, "b"), cue(0, "a")]).checked().unwrap();
        assert_eq!(sorted.cues[0].text, "a");
        for bad in [
            Cue { to_ms: 1, from_ms: 2, ..cue(0, "x") },
            cue(0, &"长".repeat(CUE_TEXT_BYTES_MAX)),
            Cue { speaker: "s".repeat(SPEAKER_BYTES_MAX + 1), ..cue(0, "x") },
        ] {
            let fault = transcript(vec![bad]).checked().unwrap_err();
            assert_eq!(fault.code(), Code::TranscriptInvalid);
        }
    }
}
