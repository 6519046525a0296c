//! `excerpt.json`: what an excerpt (节选) is cut from, and the proof that it is.
//!
//! Promises one spelling: canonical JSON, checked to agree with itself. The ranges, whose bytes
//! lie in `source.bin`, are proved by the content id of the recording; the pieces say which bytes
//! of the excerpt are bytes of those ranges, to the letter. Never says anything of the bytes that
//! were withheld but the digests of their subtrees.

use super::part::{Part, Slices};
use crate::canonical::{self, CanonicalError, Value};
use crate::id::{ContentId, Hash256};

/// Bytes that stand in the excerpt as they stand in the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Where in the excerpt.
    pub at: u64,
    /// Where in the recording.
    pub from: u64,
    /// How many.
    pub bytes: u64,
}

/// Digests of the excerpt as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExcerptFile {
    /// Its format, for example `video/mp4`.
    pub format: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256, hex.
    pub sha256: String,
    /// SM3, hex.
    pub sm3: String,
    /// BLAKE3.
    pub blake3: ContentId,
}

/// What an excerpt is cut from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExcerptRecord {
    /// The recording.
    pub recording: ContentId,
    /// The ranges it was cut from, of the whole.
    pub part: Part,
    /// Chaining values of the subtrees outside the ranges, in order.
    pub proof: Vec<Hash256>,
    /// Bytes of the excerpt that stand in the ranges, in the order of the excerpt.
    pub pieces: Vec<Piece>,
    /// The excerpt itself.
    pub file: ExcerptFile,
    /// What cut it.
    pub engine: String,
}

fn wrong(name: &str) -> CanonicalError {
    CanonicalError::Field(name.to_owned())
}

fn number(count: u64) -> Result<Value, CanonicalError> {
    let number = i64::try_from(count).ok().filter(|number| *number <= canonical::INTEGER_MAX);
    number.map(Value::Integer).ok_or_else(|| wrong("number"))
}

fn numbers(all: &[u64]) -> Result<Value, CanonicalError> {
    Ok(Value::List(all.iter().map(|one| number(*one)).collect::<Result<_, _>>()?))
}

fn read_numbers<const N: usize>(value: &Value, name: &str) -> Result<[u64; N], CanonicalError> {
    let Value::List(all) = value else { return Err(wrong(name)) };
    let count = |one: &Value| one.as_integer().and_then(|one| u64::try_from(one).ok());
    let all: Option<Vec<u64>> = all.iter().map(count).collect();
    all.and_then(|all| all.try_into().ok()).ok_or_else(|| wrong(name))
}

impl ExcerptRecord {
    /// The bytes of the file.
    pub fn encode(&self) -> Result<Vec<u8>, CanonicalError> {
        self.check()?;
        let ranges = self.part.ranges().iter().map(|range| numbers(&[range.start, range.end]));
        let pieces = self.pieces.iter().map(|one| numbers(&[one.at, one.from, one.bytes]));
        let proof = self.proof.iter().map(|node| Value::Text(node.to_string()));
        Ok(canonical::encode(&Value::map([
            ("blake3", Value::Text(self.file.blake3.to_string())),
            ("bytes", number(self.file.bytes)?),
            ("engine", Value::text(&self.engine)),
            ("format", Value::text(&self.file.format)),
            ("pieces", Value::List(pieces.collect::<Result<_, _>>()?)),
            ("proof", Value::List(proof.collect())),
            ("ranges", Value::List(ranges.collect::<Result<_, _>>()?)),
            ("recording", Value::text(self.recording.to_string())),
            ("sha256", Value::text(&self.file.sha256)),
            ("sm3", Value::text(&self.file.sm3)),
            ("total", number(self.part.total())?),
            ("v", Value::Integer(1)),
        ])))
    }

    /// Reads the file; refuses whatever `encode` would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut fields = canonical::parse(bytes)?.fields()?;
        if fields.integer("v")? != 1 {
            return Err(wrong("v"));
        }
        let ranges = fields.list("ranges")?.into_iter().map(|value| {
            let [from, to] = read_numbers(&value, "ranges")?;
            Ok(from..to)
        });
        let ranges = ranges.collect::<Result<Vec<_>, CanonicalError>>()?;
        let pieces = fields.list("pieces")?.into_iter().map(|value| {
            let [at, from, bytes] = read_numbers(&value, "pieces")?;
            Ok(Piece { at, from, bytes })
        });
        let pieces = pieces.collect::<Result<Vec<_>, CanonicalError>>()?;
        let node = |value: Value| value.as_text()?.parse().ok();
        let proof = fields.list("proof")?.into_iter().map(|value| {
            let node: Option<Hash256> = node(value);
            node.ok_or_else(|| wrong("proof"))
        });
        let proof = proof.collect::<Result<Vec<_>, _>>()?;
        let record = Self {
            recording: fields.parsed("recording")?,
            part: Part::new(fields.count("total")?, ranges).ok_or_else(|| wrong("ranges"))?,
            proof,
            pieces,
            file: ExcerptFile {
                format: fields.text("format")?,
                bytes: fields.count("bytes")?,
                sha256: fields.text("sha256")?,
                sm3: fields.text("sm3")?,
                blake3: fields.parsed("blake3")?,
            },
            engine: fields.text("engine")?,
        };
        fields.end()?;
        record.check()?;
        Ok(record)
    }

    /// That each piece lies in the excerpt, behind the one before it, and in a range.
    fn check(&self) -> Result<(), CanonicalError> {
        let mut end = 0;
        for piece in &self.pieces {
            let to = |from: u64| from.checked_add(piece.bytes).ok_or_else(|| wrong("pieces"));
            let stretch = piece.from..to(piece.from)?;
            let placed = piece.bytes > 0 && piece.at >= end && to(piece.at)? <= self.file.bytes;
            if !placed || self.part.place_of(&stretch).is_none() {
                return Err(wrong("pieces"));
            }
            end = to(piece.at)?;
        }
        Ok(())
    }

    /// How many bytes of the excerpt stand in the recording as they are; the rest is container.
    pub fn bytes_as_recorded(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.bytes).sum()
    }

    /// Takes the pieces as they stand in the excerpt.
    pub(super) fn in_excerpt(&self) -> Option<Slices> {
        Slices::new(self.pieces.iter().map(|piece| (piece.at, piece.bytes)))
    }

    /// Takes the pieces as they stand among the bytes of the ranges.
    pub(super) fn in_source(&self) -> Option<Slices> {
        let place = |piece: &Piece| self.part.place_of(&(piece.from..piece.from + piece.bytes));
        let places = self.pieces.iter().map(|piece| Some((place(piece)?, piece.bytes)));
        Slices::new(places.collect::<Option<Vec<_>>>()?.into_iter())
    }
}
