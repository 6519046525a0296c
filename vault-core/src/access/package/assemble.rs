//! Gathering a package from the vault: bytes, events, proofs, facts.
//!
//! Promises that nothing is gathered for a recording without its grant, that all proofs stand
//! under one checkpoint signed after the last event gathered, and that bytes go from the store
//! into the package and nowhere else. Recording that a copy left is the flow's, which calls this.

use super::{
    Answers, Form, PackageContents, PackageExcerpt, PackageRecording, PackageSigner, ProvedLeaf,
    Rendition, Target, Written, lay,
};
use crate::access::Grant;
use crate::catalog::{ReceiptRow, RecordingRow};
use crate::fault::{Code, Fault, Outcome};
use crate::ledger::Ledger;
use crate::limits::{BLOCK_BYTES, PACKAGE_BYTES_MAX};
use crate::media::{Cut, Marked};
use crate::policy::{Act, Actor};
use crate::preservation::met_in;
use crate::store::read::{ReadBuffers, StoredRecording};
use crate::store::spool::Spool;
use crate::store::stage::{ObjectSource, StageBuffers, stage_object};
use crate::store::tree;
use crate::vault::{Vault, blocking};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::ops::Range;
use vault_proof::canonical::Value;
use vault_proof::note::VerifierKey;
use vault_proof::package::seal::Seal;
use vault_proof::package::statement::Withheld;
use vault_proof::{ContentId, Subject};

/// The text record of a recording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    /// As WebVTT.
    pub vtt: Option<Vec<u8>>,
    /// As plain text.
    pub txt: Option<Vec<u8>>,
}

/// What is to go into a package.
pub struct Order {
    /// What it answers.
    pub answers: Answers,
    /// What was asked for.
    pub asked: Vec<ContentId>,
    /// Which of that is kept back, and why.
    pub withheld: Vec<Withheld>,
    /// Text records of what is given.
    pub transcripts: BTreeMap<ContentId, Transcript>,
    /// The forms.
    pub forms: Vec<Form>,
    /// Excerpts, of what is given by a grant for a stretch.
    pub(crate) cuts: BTreeMap<ContentId, Cut>,
    /// What was rendered for this copy.
    pub(crate) renditions: BTreeMap<ContentId, Marked>,
    /// That stretch, in milliseconds.
    pub(crate) stretch_ms: (u64, u64),
    /// Why the wholes are kept back then, in words.
    pub(crate) withheld_because: String,
}

/// What was gathered of one recording.
struct Gathered {
    row: RecordingRow,
    receipts: Vec<ReceiptRow>,
    events: Vec<u64>,
}

/// Writes the package of an order under its grants: one for each recording that is given. A
/// recording without one is a refusal, which is recorded, and nothing is written.
pub async fn assemble(
    vault: &Vault,
    actor: &Actor,
    grants: &[&Grant],
    order: Order,
    target: Target,
) -> Outcome<Written> {
    let written = laid(vault, actor, grants, order, move |contents, vault| {
        lay::write(contents, &*vault.ledger, &target)
    });
    met_in(vault, written.await).await
}

/// As `assemble`, as one zip file that the vault keeps itself; gives its object. What is laid out
/// meanwhile lies sealed on the disk, without a name.
pub(crate) async fn assemble_kept(
    vault: &Vault,
    actor: &Actor,
    grants: &[&Grant],
    order: Order,
) -> Outcome<(Written, Kept)> {
    let kept = laid(vault, actor, grants, order, |contents, vault| {
        let mut spool = Spool::new(vault.directory(), PACKAGE_BYTES_MAX)?;
        let written = lay::write_spool(contents, &*vault.ledger, &mut spool)?;
        let mut buffers = StageBuffers::new();
        let staged = stage_object(&vault.store, &mut spool, &mut buffers)?;
        let manifests = vault.store.place(&vault.keys, std::iter::once(&staged))?;
        let manifest = manifests.get(&staged.id).copied();
        let manifest = manifest.ok_or_else(|| Fault::new(Code::Internal))?;
        Ok((written, Kept { object: staged.id, bytes: staged.bytes, manifest }))
    });
    met_in(vault, kept.await).await
}

/// A package that the vault keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its content id.
    pub object: ContentId,
    /// Its length.
    pub bytes: u64,
    /// BLAKE3 of its manifest.
    pub manifest: ContentId,
}

/// Gathers what an order asks for and has it laid out where that holds up nobody.
async fn laid<T: Send + 'static>(
    vault: &Vault,
    actor: &Actor,
    grants: &[&Grant],
    order: Order,
    lay: impl FnOnce(PackageContents<'_>, &Vault) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let withheld: BTreeSet<_> = order.withheld.iter().map(|entry| entry.recording).collect();
    let given: Vec<ContentId> =
        order.asked.iter().filter(|id| !withheld.contains(id)).copied().collect();
    let granted: BTreeSet<_> = grants.iter().flat_map(|grant| grant.recordings()).collect();
    if let Some(id) = given.iter().find(|id| !granted.contains(id)) {
        let _ = vault.permit(actor, Act::ReadRecording).await?;
        return Err(Fault::new(Code::GrantNeeded).with("recording", id));
    }
    // A grant for a stretch never gives the whole.
    let whole = |id: &&ContentId| {
        let of = |grant: &&&Grant| grant.recordings().contains(id);
        let stretched = |grant: &&Grant| grant.stretch_ms().is_some();
        !order.cuts.contains_key(id) && grants.iter().filter(of).any(stretched)
    };
    if let Some(id) = given.iter().find(whole) {
        return Err(Fault::new(Code::GrantNeeded).with("recording", id));
    }
    let (mut gathered, mut leaves) = (Vec::new(), BTreeMap::new());
    for id in &given {
        gathered.push(gather(vault, id, &mut leaves).await?);
    }
    let numbers: Vec<u64> = leaves.keys().copied().collect();
    let (checkpoint, proofs) = vault.signing(move |ledger| ledger.prove_all(&numbers)).await?;
    let vault = vault.clone();
    blocking(move || {
        let proved = leaves.into_iter().zip(proofs.into_values());
        let proved = proved.map(|((seq, leaf), proof)| (seq, ProvedLeaf { leaf, proof }));
        let (mut transcripts, mut cuts) = (order.transcripts, order.cuts);
        let mut renditions = order.renditions;
        let (mut recordings, mut excerpts) = (Vec::new(), Vec::new());
        for found in gathered {
            let transcript = transcripts.remove(&found.row.id).unwrap_or_default();
            let cut = cuts.remove(&found.row.id);
            let rendition = renditions.remove(&found.row.id).map(rendition);
            let of = recording(&vault, found, transcript);
            let of = PackageRecording { rendition, ..of };
            match cut {
                None => recordings.push(of),
                Some(cut) => {
                    let because = order.withheld_because.clone();
                    excerpts.push(excerpt(&vault, (of, cut), (order.stretch_ms, because)));
                }
            }
        }
        let contents = PackageContents {
            answers: order.answers,
            written_ms: vault.clock.now().as_ms(),
            asked: order.asked,
            withheld: order.withheld,
            recordings,
            excerpts,
            leaves: proved.collect(),
            checkpoint,
            forms: order.forms,
        };
        lay(contents, &vault)
    })
    .await
}

async fn gather(
    vault: &Vault,
    id: &ContentId,
    leaves: &mut BTreeMap<u64, Vec<u8>>,
) -> Outcome<Gathered> {
    let unknown = || Fault::new(Code::RecordingUnknown).with("id", id);
    let row = vault.catalog.recording(id).await?.ok_or_else(unknown)?;
    let mut receipts = vault.catalog.receipts_of(id).await?;
    // The same file may have been received for another case, which is none of the recipient's.
    let case = receipts.first().map(|receipt| receipt.case_no.clone()).unwrap_or_default();
    receipts.retain(|receipt| receipt.case_no == case);
    let chain = vault.catalog.events_of(&Subject::recording(id)).await?;
    let events = chain.iter().map(|event| event.seq).collect();
    leaves.extend(chain.into_iter().map(|event| (event.seq, event.leaf)));
    Ok(Gathered { row, receipts, events })
}

fn recording(vault: &Vault, found: Gathered, transcript: Transcript) -> PackageRecording<'_> {
    let Gathered { row, receipts, events } = found;
    let first = receipts.first();
    let name = first.map(|receipt| receipt.name.clone()).unwrap_or_default();
    let facts = [
        ("accessioned_ms", Value::Integer(row.accessioned_at.as_ms())),
        ("activity", Value::text(&row.activity)),
        ("receipts", Value::List(receipts.iter().map(receipt_value).collect())),
        ("secrecy", Value::text(&row.secrecy)),
    ];
    let id = row.id;
    PackageRecording {
        recording: id,
        bytes: row.bytes,
        format: format_of(&name).to_owned(),
        name,
        name_bytes: first.map(|receipt| receipt.name_bytes.clone()).unwrap_or_default(),
        case: first.map(|receipt| receipt.case_no.clone()).unwrap_or_default(),
        facts: facts.into_iter().map(|(name, value)| (name.into(), value)).collect(),
        transcript_vtt: transcript.vtt,
        transcript_txt: transcript.txt,
        rendition: None,
        events,
        open: Box::new(move || {
            let recording = vault.store.open(&id, &vault.keys)?;
            Ok(Box::new(StoredReader {
                recording,
                buffers: ReadBuffers::default(),
                block: 0,
                at: 0,
            }))
        }),
    }
}

/// The article that a grant for a stretch, and so the rest being withheld, rests on.
const STRETCH_ARTICLE: &str = "A3.15";

fn excerpt<'a>(
    vault: &'a Vault,
    (of, cut): (PackageRecording<'a>, Cut),
    (asked_ms, because): ((u64, u64), String),
) -> PackageExcerpt<'a> {
    let Cut { spool, covers_ms, format, part, proof, pieces, engine, digests } = cut;
    let (id, bytes) = (of.recording, spool.bytes());
    let ranges = part.ranges().to_vec();
    PackageExcerpt {
        of: PackageRecording {
            open: Box::new(move || Ok(Box::new(SpoolReader { spool, at: 0 }))),
            ..of
        },
        digests,
        asked_ms,
        covers_ms,
        withheld: (because, STRETCH_ARTICLE.to_owned()),
        format,
        bytes,
        part,
        proof,
        pieces,
        engine,
        source: Box::new(move || {
            let recording = vault.store.open(&id, &vault.keys)?;
            let ranges = ranges.into_iter().rev().collect();
            let buffers = ReadBuffers::default();
            Ok(Box::new(RangesReader { recording, buffers, ranges, held: Vec::new(), at: 0 }))
        }),
    }
}

fn rendition<'a>(Marked { spool, extension }: Marked) -> Rendition<'a> {
    let bytes = spool.bytes();
    Rendition {
        extension,
        bytes,
        open: Box::new(move || Ok(Box::new(SpoolReader { spool, at: 0 }))),
    }
}

/// What the vault made itself, first byte to last.
struct SpoolReader {
    spool: Spool,
    at: u64,
}

impl Read for SpoolReader {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let rest = usize::try_from(self.spool.bytes() - self.at).unwrap_or(usize::MAX);
        let count = rest.min(out.len());
        let room = out.get_mut(..count).unwrap_or_default();
        self.spool.read(self.at, room).map_err(std::io::Error::other)?;
        self.at += count as u64;
        Ok(count)
    }
}

/// Ranges of a stored recording, one behind the other, each block verified before it is given.
struct RangesReader<'a> {
    recording: StoredRecording<'a>,
    buffers: ReadBuffers,
    /// What is still to be read, the next at the end.
    ranges: Vec<Range<u64>>,
    held: Vec<u8>,
    at: usize,
}

impl Read for RangesReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.held.len() {
            let Some(range) = self.ranges.pop() else { return Ok(0) };
            let end = ((range.start / BLOCK_BYTES + 4) * BLOCK_BYTES).min(range.end);
            (self.at, self.held) = (0, Vec::new());
            let held = &mut self.held;
            let read =
                self.recording.read_range(range.start..end, &mut self.buffers, &mut |bytes| {
                    held.extend_from_slice(bytes);
                    Ok(())
                });
            read.map_err(std::io::Error::other)?;
            if end < range.end {
                self.ranges.push(end..range.end);
            }
        }
        let rest = self.held.get(self.at..).unwrap_or_default();
        let count = rest.len().min(out.len());
        for (place, byte) in out.iter_mut().zip(rest) {
            *place = *byte;
        }
        self.at += count;
        Ok(count)
    }
}

fn receipt_value(receipt: &ReceiptRow) -> Value {
    let number = |seq: u64| i64::try_from(seq).map_or(Value::Null, Value::Integer);
    Value::map([
        ("activity", Value::text(&receipt.activity)),
        ("case", Value::text(&receipt.case_no)),
        ("counterpart", Value::text(&receipt.counterpart)),
        ("device", Value::text(&receipt.device)),
        ("handler", Value::text(&receipt.handler)),
        ("maker", Value::text(&receipt.maker)),
        ("method", Value::text(&receipt.method)),
        ("name", Value::text(&receipt.name)),
        ("proves", Value::text(&receipt.proves)),
        ("received_ms", Value::Integer(receipt.received_at.as_ms())),
        ("secrecy", Value::text(&receipt.secrecy)),
        ("seq", number(receipt.seq)),
        ("source_modified_ms", Value::Integer(receipt.source_modified_at.as_ms())),
    ])
}

/// The format that a name promises, so that a browser knows what to play it with.
fn format_of(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("mp4" | "m4v") => "video/mp4",
        Some("mov") => "video/quicktime",
        Some("mkv") => "video/x-matroska",
        Some("webm") => "video/webm",
        Some("avi") => "video/x-msvideo",
        Some("mp3") => "audio/mpeg",
        Some("m4a") => "audio/mp4",
        Some("wav") => "audio/wav",
        Some("ogg" | "opus") => "audio/ogg",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

/// A stored recording, first byte to last, each block verified before it is given.
struct StoredReader<'a> {
    recording: StoredRecording<'a>,
    buffers: ReadBuffers,
    block: u64,
    at: usize,
}

impl Read for StoredReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let blocks = self.recording.bytes().div_ceil(BLOCK_BYTES);
        if self.at == self.buffers.plain().len() {
            if self.block >= blocks {
                return Ok(0);
            }
            let next = (self.block + self.recording.stretch(self.block)).min(blocks);
            let read = self.recording.read(self.block..next, &mut self.buffers);
            read.map_err(std::io::Error::other)?;
            (self.block, self.at) = (next, 0);
            self.recording.will_read(next..(next + tree::blocks_in(BLOCK_BYTES)).min(blocks));
        }
        let rest = self.buffers.plain().get(self.at..).unwrap_or_default();
        let count = rest.len().min(out.len());
        for (place, byte) in out.iter_mut().zip(rest) {
            *place = *byte;
        }
        self.at += count;
        Ok(count)
    }
}

impl PackageSigner for Ledger {
    fn verifier(&self) -> Outcome<VerifierKey> {
        Ledger::verifier(self)
    }

    fn sign(&self, seal: &Seal) -> Outcome<String> {
        self.sign_package(seal)
    }
}
