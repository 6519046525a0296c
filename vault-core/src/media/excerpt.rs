//! Excerpts (节选): a stretch of a recording cut on key frames, with what shows that it is cut from
//! that recording (R22; A3.15).
//!
//! The worker says where each packet lies; nothing it says is taken without the bytes being
//! compared. Promises: the ranges that are given out hold what the excerpt has and little else,
//! whole chunks of the tree; `pieces` are equal in both to the byte; the excerpt says what it
//! covers, in milliseconds from the beginning of the recording.

use super::examine::{Served, serve, within};
use super::pool::MediaPool;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{
    BLOCK_BYTES, EXCERPT_GAP_BYTES, EXCERPT_PIECES_MAX, MEDIA_PREVIEW_BYTES_PER_SECOND,
    MEDIA_PREVIEW_WAIT, MEDIA_PROXY_ROOM_BYTES,
};
use crate::store::read::{ReadBuffers, StoredRecording};
use crate::store::spool::Spool;
use crate::store::stage::ObjectSource;
use crate::store::tree;
use crate::vault::{Vault, blocking};
use std::ops::Range;
use std::sync::Arc;
use vault_media_protocol::{CutPlace, Order, Product, Report, Task};
use vault_proof::package::excerpt::Piece;
use vault_proof::package::part::{CHUNK_BYTES, Part, RANGES_MAX};
use vault_proof::{ContentId, Hash256};

/// Bytes of the recording looked at together while packets are compared.
const WINDOW_BYTES: u64 = 4 * BLOCK_BYTES;

/// How far behind its place a packet may begin: containers put a head of some bytes before it.
const HEAD_BYTES: u64 = 32;

/// Bytes around a packet that its container breaks into pieces of its own.
const BROKEN_BYTES: u64 = 2_048;

/// An excerpt, and what it is cut from.
pub(crate) struct Cut {
    /// Its bytes.
    pub(crate) spool: Spool,
    /// What of the recording it covers, in milliseconds.
    pub(crate) covers_ms: (u64, u64),
    /// Format and extension of its name.
    pub(crate) format: (&'static str, &'static str),
    /// The ranges.
    pub(crate) part: Part,
    /// Chaining values of the tree outside them.
    pub(crate) proof: Vec<Hash256>,
    /// What is equal in both.
    pub(crate) pieces: Vec<Piece>,
    /// What cut it.
    pub(crate) engine: String,
    /// SHA-256 and SM3 of the whole.
    pub(crate) digests: (String, String),
}

/// Cuts a stretch, in milliseconds, out of a recording.
pub(crate) async fn cut(
    vault: &Vault,
    pool: Option<&Arc<MediaPool>>,
    id: &ContentId,
    (from_ms, to_ms): (u64, u64),
) -> Outcome<Cut> {
    let unavailable = |reason: &str| {
        Fault::new(Code::ExcerptUnavailable).with("recording", id).with("reason", reason)
    };
    let pool = pool.ok_or_else(|| unavailable("no-worker"))?;
    let row = vault.catalog.recording(id).await?;
    let row = row.ok_or_else(|| Fault::new(Code::RecordingUnknown).with("id", id))?;
    let digests = row.digests.ok_or_else(|| unavailable("no-digests"))?;
    let us = |ms: u64| i64::try_from(ms.saturating_mul(1_000)).unwrap_or(i64::MAX);
    let products = [Product::Excerpt, Product::Places].into_iter().collect();
    let most = row.bytes.saturating_mul(2).saturating_add(MEDIA_PROXY_ROOM_BYTES);
    let stretch_us = Some((us(from_ms), us(to_ms)));
    let order = Order { stretch_us, ..Order::new(Task::Excerpt, products, most) };
    let wait = within(MEDIA_PREVIEW_WAIT, row.bytes, MEDIA_PREVIEW_BYTES_PER_SECOND);
    let (report, mut spools) = match serve(vault, pool, *id, order, wait).await? {
        Served::Report(report, spools) => (report, spools),
        Served::NotExaminable(reason, _) => return Err(unavailable(&reason)),
    };
    let made = spools.remove(&Product::Excerpt).zip(spools.remove(&Product::Places));
    let (spool, places) = made.ok_or_else(|| unavailable("worker-died"))?;
    let (vault, id) = (vault.clone(), *id);
    let cut = blocking(move || compared(&vault, &id, &report, (spool, places))).await?;
    Ok(Cut { digests, ..cut })
}

/// Format and extension by the container's name.
fn format_of(container: &str) -> Option<(&'static str, &'static str)> {
    Some(match container {
        "mp4" => ("video/mp4", "mp4"),
        "mov" => ("video/quicktime", "mov"),
        "mpegts" => ("video/mp2t", "ts"),
        "webm" => ("video/webm", "webm"),
        "matroska" => ("video/x-matroska", "mkv"),
        "avi" => ("video/x-msvideo", "avi"),
        "flv" => ("video/x-flv", "flv"),
        "asf" => ("video/x-ms-asf", "asf"),
        "mpeg" => ("video/mpeg", "mpg"),
        "wav" => ("audio/wav", "wav"),
        "mp3" => ("audio/mpeg", "mp3"),
        "flac" => ("audio/flac", "flac"),
        "ogg" => ("audio/ogg", "ogg"),
        "adts" => ("audio/aac", "aac"),
        "amr" => ("audio/amr", "amr"),
        _ => return None,
    })
}

fn compared(
    vault: &Vault,
    id: &ContentId,
    report: &Report,
    (mut spool, mut places): (Spool, Spool),
) -> Outcome<Cut> {
    let lied = || Fault::new(Code::MediaWorkerFailed).with("recording", id);
    let facts = report.excerpt.as_ref().ok_or_else(lied)?;
    let format = format_of(&facts.container).ok_or_else(lied)?;
    let ms = |us: i64| u64::try_from(us / 1_000).map_err(|_| lied());
    let covers_ms = (ms(facts.begins_us)?, ms(facts.ends_us)?);
    if covers_ms.0 >= covers_ms.1 {
        return Err(lied());
    }
    let places = read_places(&mut places).ok_or_else(lied)?;
    let mut original = Windows::new(vault.store.open(id, &vault.keys)?);
    let (mut pieces, mut ranges) = (Vec::<Piece>::new(), Vec::new());
    for place in places {
        let bytes = u64::from(place.bytes);
        let told = place.at != CutPlace::NOT_FOUND;
        let inside = place.at.checked_add(bytes).is_some_and(|end| end <= spool.bytes());
        if (told && !inside) || place.from >= original.bytes() {
            continue;
        }
        if told && let Some(from) = original.find(&mut spool, &place)? {
            ranges.push(from..from + bytes);
            join(&mut pieces, Piece { at: place.at, from, bytes });
        } else {
            let room = bytes.saturating_add(bytes / 8).saturating_add(BROKEN_BYTES);
            ranges.push(place.from..place.from.saturating_add(room));
        }
    }
    let part = part_of(original.bytes(), ranges).ok_or_else(|| {
        Fault::new(Code::ExcerptUnavailable).with("recording", id).with("reason", "no-places")
    })?;
    let proof = original.proof(&part)?;
    let engine = report.engine.clone();
    let digests = Default::default();
    Ok(Cut { spool, covers_ms, format, part, proof, pieces, engine, digests })
}

/// The entries in the order of the excerpt; `None` where they are none.
fn read_places(places: &mut Spool) -> Option<Vec<CutPlace>> {
    let entry_bytes = CutPlace::ENTRY_BYTES as u64;
    let count = places.bytes() / entry_bytes;
    if !places.bytes().is_multiple_of(entry_bytes) || count > EXCERPT_PIECES_MAX {
        return None;
    }
    let mut found = Vec::new();
    for number in 0..count {
        let mut entry = [0; CutPlace::ENTRY_BYTES];
        places.read(number * entry_bytes, &mut entry).ok()?;
        found.push(CutPlace::of_entry(&entry));
    }
    found.sort_unstable_by_key(|place| place.at);
    let apart = found.is_sorted_by(|before, after| {
        let end = before.at.saturating_add(u64::from(before.bytes));
        end <= after.at || after.at == CutPlace::NOT_FOUND
    });
    apart.then(|| found.into_iter().filter(|place| place.bytes > 0).collect())
}

/// Adds a piece, to the one before it where both go on in both files.
fn join(pieces: &mut Vec<Piece>, next: Piece) {
    if let Some(last) = pieces.last_mut()
        && (last.at + last.bytes, last.from + last.bytes) == (next.at, next.from)
    {
        last.bytes += next.bytes;
        return;
    }
    pieces.push(next);
}

/// The ranges on whole chunks, near ones made one; farther ones too where there are too many.
fn part_of(total: u64, mut ranges: Vec<Range<u64>>) -> Option<Part> {
    for range in &mut ranges {
        range.start = range.start / CHUNK_BYTES * CHUNK_BYTES;
        range.end = range.end.div_ceil(CHUNK_BYTES).saturating_mul(CHUNK_BYTES).min(total);
    }
    ranges.sort_unstable_by_key(|range| range.start);
    let mut gap = EXCERPT_GAP_BYTES;
    loop {
        let mut joined: Vec<Range<u64>> = Vec::new();
        for range in &ranges {
            match joined.last_mut() {
                Some(last) if range.start <= last.end.saturating_add(gap) => {
                    last.end = last.end.max(range.end);
                }
                _ => joined.push(range.clone()),
            }
        }
        if joined.len() <= RANGES_MAX {
            return Part::new(total, joined);
        }
        gap = gap.saturating_mul(2);
    }
}

/// A recording looked at in windows, the last few of them kept.
struct Windows<'a> {
    recording: StoredRecording<'a>,
    buffers: ReadBuffers,
    kept: Vec<(u64, Vec<u8>)>,
}

impl<'a> Windows<'a> {
    fn new(recording: StoredRecording<'a>) -> Self {
        Self { recording, buffers: ReadBuffers::default(), kept: Vec::new() }
    }

    fn bytes(&self) -> u64 {
        self.recording.bytes()
    }

    fn window(&mut self, number: u64) -> Outcome<&[u8]> {
        if let Some(place) = self.kept.iter().position(|(kept, _)| *kept == number) {
            self.kept[..=place].rotate_right(1);
        } else {
            let at = number * WINDOW_BYTES;
            let mut window = Vec::new();
            let end = (at + WINDOW_BYTES).min(self.recording.bytes());
            self.recording.read_range(at..end, &mut self.buffers, &mut |bytes| {
                window.extend_from_slice(bytes);
                Ok(())
            })?;
            self.kept.truncate(3);
            self.kept.insert(0, (number, window));
        }
        Ok(self.kept.first().map(|(_, window)| window.as_slice()).unwrap_or_default())
    }

    fn range(&mut self, range: Range<u64>) -> Outcome<Vec<u8>> {
        let end = range.end.min(self.bytes());
        let (mut found, mut at) = (Vec::new(), range.start);
        while at < end {
            let number = at / WINDOW_BYTES;
            let window = self.window(number)?;
            let from = usize::try_from(at - number * WINDOW_BYTES).unwrap_or(usize::MAX);
            let wanted = usize::try_from(end - at).unwrap_or(usize::MAX);
            let rest = window.get(from..).unwrap_or_default();
            let taken = rest.get(..wanted.min(rest.len())).unwrap_or_default();
            if taken.is_empty() {
                break;
            }
            found.extend_from_slice(taken);
            at += taken.len() as u64;
        }
        Ok(found)
    }

    /// Where a packet of the excerpt stands in the recording, at its place or just behind it.
    fn find(&mut self, spool: &mut Spool, place: &CutPlace) -> Outcome<Option<u64>> {
        let bytes = u64::from(place.bytes);
        let here = self.range(place.from..place.from.saturating_add(bytes + HEAD_BYTES))?;
        let mut packet = vec![0; usize::try_from(bytes).unwrap_or(0)];
        spool.read(place.at, &mut packet)?;
        let found = here.windows(packet.len()).position(|window| window == packet);
        Ok(found.map(|behind| place.from + behind as u64))
    }

    /// The chaining values of everything outside the part.
    fn proof(&mut self, part: &Part) -> Outcome<Vec<Hash256>> {
        let total = self.bytes();
        let mut proof = Vec::new();
        for (at, bytes) in part.outside() {
            let blocks = at.is_multiple_of(BLOCK_BYTES)
                && (bytes.is_multiple_of(BLOCK_BYTES) || at + bytes == total)
                && total > BLOCK_BYTES;
            let place = |block: u64| usize::try_from(block).unwrap_or(usize::MAX);
            let range = place(at / BLOCK_BYTES)..place((at + bytes).div_ceil(BLOCK_BYTES));
            let entries = self.recording.opened.sealed.plain.get(range).filter(|_| blocks);
            let value = match entries.and_then(tree::subtree) {
                Some(value) => value,
                None => tree::value_of(at, &self.range(at..at + bytes)?),
            };
            proof.push(Hash256::from_bytes(value));
        }
        Ok(proof)
    }
}
