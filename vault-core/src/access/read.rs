//! Reading: verified blocks, in pieces, for as long as the leave to read holds.
//!
//! Promises: the event of a reading is durable before its first byte leaves; every block is
//! verified first; a reading looks again at least twice a second whether its grant still holds,
//! so that it stops within two seconds of a revocation, an expiry, or the closing of the case
//! file. Memory is a few pieces, whatever the length.

use super::grant::{Grant, reading_state, state_for_reading};
use super::view::{find, load};
use crate::catalog::AccessRendition;
use crate::fault::{Code, Fault, Outcome};
use crate::inspection::{drawn_for, served};
use crate::limits::{BLOCK_BYTES, GRANT_CHECKED, READ_PIECE_BYTES};
use crate::media::{Cut, MediaPool, cut};
use crate::policy::{Act, Actor, Permitted, State, permit_in};
use crate::preservation::{met_while_reading, require_hot};
use crate::store::read::ReadBuffers;
use crate::store::stage::{StageBuffers, stage_object};
use crate::vault::change::event;
use crate::vault::{Vault, blocking};
use std::io::Write;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::mpsc;
use vault_proof::{AccessBody, Body, ContentId, InspectionBody, RecordId, Subject};

/// What is to be read of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// All of it.
    Whole,
    /// The stretch that a grant is for, and nothing else.
    Excerpt,
}

impl Wanted {
    const fn act(self) -> Act {
        match self {
            Self::Whole => Act::ReadUnderGrant,
            Self::Excerpt => Act::ReadExcerpt,
        }
    }

    /// The state in which a grant gives it.
    const fn given_in(self) -> State {
        match self {
            Self::Whole => State::GrantLive,
            Self::Excerpt => State::GrantExcerptOnly,
        }
    }
}

/// On what a reading rests.
#[derive(Debug, Clone)]
enum Basis {
    /// A grant.
    Grant(Box<Grant>),
    /// A grant for a stretch of it.
    Stretch(Box<Grant>),
    /// The handling unit's own recording, not archived yet.
    OwnUnit,
    /// An inspection that drew it.
    Drawn(RecordId),
}

/// Leave to read one recording, found to hold when it was opened.
#[derive(Debug, Clone)]
pub struct GrantedReader {
    vault: Vault,
    actor: Actor,
    recording: ContentId,
    /// What is read: the recording itself, or what was made of it.
    object: ContentId,
    bytes: u64,
    basis: Basis,
    /// Whether it is the recording or its proxy, rather than a picture of it.
    watchable: bool,
}

/// The act and state of a reading, and the grant if it comes from one.
async fn judged(
    vault: &Vault,
    actor: &Actor,
    recording: &ContentId,
    (grant, wanted): (Option<&RecordId>, Wanted),
) -> Outcome<(Act, State, Option<Grant>)> {
    let Some(id) = grant else {
        return Ok((Act::ReadRecording, reading_state(vault, actor, recording).await?, None));
    };
    let view = load(&mut vault.catalog.ask().await?, id, vault.clock.now()).await?;
    let state = state_for_reading(&view, actor, recording);
    let given = state == wanted.given_in();
    let grant = if given { Some(Grant::of(&view)?) } else { None };
    Ok((wanted.act(), state, grant))
}

/// Asks the policy whether this actor may read this recording, under that grant or without one. A
/// refusal is recorded; a number that no approval gave out is no grant.
pub(crate) async fn permit_reading(
    vault: &Vault,
    actor: &Actor,
    recording: &ContentId,
    number: Option<&str>,
) -> Outcome<(Permitted, Option<Grant>)> {
    permit_wanted(vault, actor, recording, (number, Wanted::Whole)).await
}

async fn permit_wanted(
    vault: &Vault,
    actor: &Actor,
    recording: &ContentId,
    (number, wanted): (Option<&str>, Wanted),
) -> Outcome<(Permitted, Option<Grant>)> {
    let about = vec![Subject::recording(recording)];
    let id = match number {
        None => None,
        Some(number) => match find(vault, number).await {
            Ok(id) => Some(id),
            Err(fault) if fault.code() == Code::RequestUnknown => {
                let state = State::GrantPending;
                let _ = vault.permit_in(actor, wanted.act(), state, about).await?;
                return Err(fault);
            }
            Err(fault) => return Err(fault),
        },
    };
    let (act, state, grant) = judged(vault, actor, recording, (id.as_ref(), wanted)).await?;
    let permitted = vault.permit_in(actor, act, state, about).await?;
    Ok((permitted, grant))
}

/// Opens a recording for reading under a grant, or, without one, as the handling unit's own that
/// is not archived yet. Refusals are recorded.
pub async fn open(
    vault: &Vault,
    actor: &Actor,
    recording: &ContentId,
    number: Option<&str>,
) -> Outcome<GrantedReader> {
    let reader = leave(vault, actor, recording, (number, Wanted::Whole)).await?;
    not_quarantined(vault, recording).await?;
    require_hot(vault, actor, &[*recording]).await?;
    Ok(reader)
}

/// An excerpt opened for reading, and what of the recording it covers.
#[derive(Debug)]
pub struct OpenExcerpt {
    /// Reads it.
    pub reader: GrantedReader,
    /// Begin of what is in it, in milliseconds from the recording's beginning.
    pub begins_ms: u64,
    /// End of it.
    pub ends_ms: u64,
    /// Its format, for example `video/mp4`.
    pub format: String,
}

/// Opens the excerpt (节选) of a recording that a grant for a stretch gives. It is cut when it is
/// read first, and kept; the whole is refused under such a grant.
pub async fn open_excerpt(
    vault: &Vault,
    actor: &Actor,
    recording: &ContentId,
    number: &str,
    pool: Option<&Arc<MediaPool>>,
) -> Outcome<OpenExcerpt> {
    let reader = leave(vault, actor, recording, (Some(number), Wanted::Excerpt)).await?;
    not_quarantined(vault, recording).await?;
    let Basis::Stretch(grant) = &reader.basis else {
        return Err(Fault::new(Code::Internal).with("what", "excerpt"));
    };
    let known = vault.catalog.ask().await?.excerpt_of(grant.request(), recording).await?;
    let row = match known {
        Some(row) => row,
        None => make_excerpt(vault, actor, (recording, grant), pool).await?,
    };
    not_quarantined(vault, &row.object).await?;
    let AccessRendition { begins_ms, ends_ms, format, object, bytes, .. } = row;
    let reader = GrantedReader { object, bytes, ..reader };
    Ok(OpenExcerpt { reader, begins_ms, ends_ms, format })
}

/// Cuts an excerpt and keeps it, an object of its own.
async fn make_excerpt(
    vault: &Vault,
    actor: &Actor,
    (recording, grant): (&ContentId, &Grant),
    pool: Option<&Arc<MediaPool>>,
) -> Outcome<AccessRendition> {
    let stretch = grant.stretch_ms().ok_or_else(|| Fault::new(Code::Internal))?;
    let Cut { mut spool, covers_ms, format, .. } = cut(vault, pool, recording, stretch).await?;
    let keeping = vault.clone();
    let (object, bytes, manifest) = blocking(move || {
        let staged = stage_object(&keeping.store, &mut spool, &mut StageBuffers::new())?;
        let manifests = keeping.store.place(&keeping.keys, std::iter::once(&staged))?;
        let manifest = manifests.get(&staged.id).copied();
        Ok((staged.id, staged.bytes, manifest.ok_or_else(|| Fault::new(Code::Internal))?))
    })
    .await?;
    let (request, number) = (*grant.request(), grant.request().to_string());
    let wanted = (Some(number.as_str()), Wanted::Excerpt);
    let (permitted, _) = permit_wanted(vault, actor, recording, wanted).await?;
    let mut tx = vault.begin(permitted).await?;
    // Who was quicker made the same bytes.
    if tx.ask().excerpt_of(&request, recording).await?.is_none() {
        let body = AccessBody::ExcerptMade {
            request,
            recording: *recording,
            begins_ms: covers_ms.0,
            ends_ms: covers_ms.1,
            format: format.0.to_owned(),
            object,
            bytes,
            manifest,
        };
        let about = vec![Subject::recording(recording), Subject::object(&object)];
        tx.append(vec![event(Body::Access(body), None, about)]).await?;
    }
    vault.finish(tx).await?;
    let made = vault.catalog.ask().await?.excerpt_of(&request, recording).await?;
    made.ok_or_else(|| Fault::new(Code::CatalogueDamaged).with("what", "excerpt"))
}

/// What was found damaged is not handed out, not even the parts that still agree, until it was
/// repaired or found whole.
async fn not_quarantined(vault: &Vault, object: &ContentId) -> Outcome<()> {
    if vault.catalog.found_damaged(object).await? {
        return Err(Fault::new(Code::Quarantined).with("recording", object));
    }
    Ok(())
}

async fn leave(
    vault: &Vault,
    actor: &Actor,
    recording: &ContentId,
    (number, wanted): (Option<&str>, Wanted),
) -> Outcome<GrantedReader> {
    let unknown = || Fault::new(Code::RecordingUnknown).with("id", recording);
    let row = vault.catalog.recording(recording).await?.ok_or_else(unknown)?;
    let (_, grant) = permit_wanted(vault, actor, recording, (number, wanted)).await?;
    if let Some(seq) = vault.catalog.destroyed(recording).await? {
        return Err(Fault::new(Code::Destroyed).with("recording", recording).with("seq", seq));
    }
    let drawn = match &grant {
        None => drawn_for(&mut vault.catalog.ask().await?, actor, recording).await?,
        Some(_) => None,
    };
    let basis = match (grant, drawn) {
        (Some(grant), _) if wanted == Wanted::Excerpt => Basis::Stretch(Box::new(grant)),
        (Some(grant), _) => Basis::Grant(Box::new(grant)),
        (None, Some(inspection)) => Basis::Drawn(inspection),
        (None, None) => Basis::OwnUnit,
    };
    Ok(GrantedReader {
        vault: vault.clone(),
        actor: actor.clone(),
        recording: *recording,
        object: *recording,
        bytes: row.bytes,
        basis,
        watchable: true,
    })
}

/// Opens what was made of a recording, by its kind (`poster`, `sheet`, `waveform`, `proxy`), under
/// the rule of the recording itself: who sees a preview has seen the recording.
pub async fn open_product(
    vault: &Vault,
    actor: &Actor,
    recording: &ContentId,
    kind: &str,
    number: Option<&str>,
) -> Outcome<GrantedReader> {
    let reader = leave(vault, actor, recording, (number, Wanted::Whole)).await?;
    let products = vault.catalog.products_of(recording).await?;
    let product = products.into_iter().find(|product| product.kind == kind);
    let unknown = || Fault::new(Code::ProductUnknown).with("recording", recording);
    let product = product.ok_or_else(|| unknown().with("product", kind))?;
    not_quarantined(vault, &product.object).await?;
    let watchable = product.kind == "proxy";
    Ok(GrantedReader { object: product.object, bytes: product.bytes, watchable, ..reader })
}

impl GrantedReader {
    /// Length of the recording.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What is read: the recording, or what was made of it.
    pub fn object(&self) -> &ContentId {
        &self.object
    }

    /// The recording.
    pub fn recording(&self) -> &ContentId {
        &self.recording
    }

    /// The grant it rests on; none for the handling unit's own, and for what was drawn.
    pub fn grant(&self) -> Option<&Grant> {
        match &self.basis {
            Basis::Grant(grant) | Basis::Stretch(grant) => Some(grant),
            Basis::OwnUnit | Basis::Drawn(_) => None,
        }
    }

    fn request(&self) -> Option<&RecordId> {
        self.grant().map(Grant::request)
    }

    fn wanted(&self) -> Wanted {
        if matches!(self.basis, Basis::Stretch(_)) { Wanted::Excerpt } else { Wanted::Whole }
    }

    /// Whether it still holds. Asks the policy without recording anything: the reading itself is
    /// on record, and its end is that of the grant.
    pub async fn still_holds(&self) -> Outcome<()> {
        let (act, state, _) =
            judged(&self.vault, &self.actor, &self.recording, (self.request(), self.wanted()))
                .await?;
        permit_in(&self.actor, act, state).map(drop).map_err(|refusal| {
            Fault::new(Code::GrantNeeded)
                .with("recording", self.recording)
                .with("reason", refusal.reason())
                .with("article", refusal.article())
        })
    }

    /// Begins to read a range, or all of it. The event is durable when this returns.
    pub async fn stream(&self, range: Option<RangeInclusive<u64>>) -> Outcome<GrantedStream> {
        let range = bounds(range, self.bytes)?;
        let number = self.request().map(ToString::to_string);
        let wanted = (number.as_deref(), self.wanted());
        let (permitted, _) =
            permit_wanted(&self.vault, &self.actor, &self.recording, wanted).await?;
        // Read ahead while it is put on record: nothing of it leaves before that is durable.
        let pieces = pieces(&self.vault, &self.object, range.clone());
        let mut tx = self.vault.begin(permitted).await?;
        if let Some(id) = self.request() {
            let view = load(&mut tx.ask(), id, self.vault.clock.now()).await?;
            let state = state_for_reading(&view, &self.actor, &self.recording);
            if state != self.wanted().given_in() {
                return Err(Fault::new(Code::GrantNeeded).with("recording", self.recording));
            }
        }
        let recording = self.recording;
        // A stretch of a preview is no stretch of the recording: the event says the whole of it.
        let (from, to) = if self.object == recording || self.wanted() == Wanted::Excerpt {
            (range.start, range.end)
        } else {
            (0, self.vault.catalog.recording(&recording).await?.map_or(0, |row| row.bytes))
        };
        let body = match &self.basis {
            Basis::Grant(grant) => {
                Body::Access(AccessBody::Read { request: *grant.request(), recording, from, to })
            }
            Basis::Stretch(grant) => {
                let request = *grant.request();
                Body::Access(AccessBody::ExcerptRead { request, recording, from, to })
            }
            Basis::OwnUnit => Body::Access(AccessBody::OwnRead { recording, from, to }),
            Basis::Drawn(inspection) => {
                let inspection = *inspection;
                Body::Inspection(InspectionBody::Read { inspection, recording, from, to })
            }
        };
        let about = vec![Subject::recording(&recording)];
        tx.append(vec![event(body, None, about)]).await?;
        self.vault.finish(tx).await?;
        let reader = self.clone();
        Ok(GrantedStream { reader, pieces, checked: Instant::now(), range, left: 0 })
    }
}

fn bounds(range: Option<RangeInclusive<u64>>, bytes: u64) -> Outcome<Range<u64>> {
    let Some(range) = range else { return Ok(0..bytes) };
    let (from, end) = (*range.start(), range.end().saturating_add(1).min(bytes));
    if from >= end {
        return Err(Fault::new(Code::RangeOutside).with("bytes", bytes));
    }
    Ok(from..end)
}

/// Bytes on their way out, piece by piece.
#[derive(Debug)]
pub struct GrantedStream {
    reader: GrantedReader,
    pieces: mpsc::Receiver<Outcome<Vec<u8>>>,
    checked: Instant,
    range: Range<u64>,
    /// What has left; taken once it is on record.
    left: u64,
}

impl Drop for GrantedStream {
    /// What left of a drawn recording is put on record also where nobody read to the end.
    fn drop(&mut self) {
        let Some(work) = self.note_served() else { return };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(work);
        }
    }
}

impl GrantedStream {
    /// The work of putting on record what left for an inspection since the last time; none where
    /// nothing did, or it is of no inspection.
    fn note_served(&mut self) -> Option<impl Future<Output = ()> + Send + 'static> {
        let left = std::mem::take(&mut self.left);
        let Basis::Drawn(inspection) = self.reader.basis else { return None };
        if left == 0 || !self.reader.watchable {
            return None;
        }
        let reader = self.reader.clone();
        let (from, to) = (self.range.start, self.range.start + left);
        self.range.start = to;
        Some(async move {
            let about = (inspection, reader.recording);
            let stretch = (from, to, reader.bytes);
            if let Err(fault) = served(&reader.vault, &reader.actor, about, stretch).await {
                tracing::warn!(%fault, "what left for an inspection is not on record");
            }
        })
    }

    /// The range that is read.
    pub fn range(&self) -> Range<u64> {
        self.range.clone()
    }

    /// The next piece; `None` at the end. Fails where the grant does not hold any more.
    pub async fn next(&mut self) -> Outcome<Option<Vec<u8>>> {
        let Some(piece) = self.pieces.recv().await else {
            if let Some(work) = self.note_served() {
                work.await;
            }
            return Ok(None);
        };
        if self.checked.elapsed() >= GRANT_CHECKED {
            self.reader.still_holds().await?;
            self.checked = Instant::now();
        }
        self.left += piece.as_ref().map_or(0, |piece| piece.len() as u64);
        if let Err(fault) = &piece {
            let GrantedReader { vault, object, .. } = &self.reader;
            if let Err(unsaid) = met_while_reading(vault, object, fault).await {
                tracing::error!(fault = %unsaid, "what a reader met is not on record");
            }
        }
        piece.map(Some)
    }
}

/// The verified pieces of an object, read while they are taken.
pub(super) fn pieces(
    vault: &Vault,
    object: &ContentId,
    range: Range<u64>,
) -> mpsc::Receiver<Outcome<Vec<u8>>> {
    // One piece waits while the next is read and the last is sent.
    let (hand, pieces) = mpsc::channel(1);
    let (vault, object) = (vault.clone(), *object);
    tokio::task::spawn_blocking(move || {
        if let Err(fault) = produce(&vault, &object, range, &hand) {
            // Where nobody listens any more, nobody needs to know.
            let _unheard = hand.blocking_send(Err(fault));
        }
    });
    pieces
}

/// Reads and verifies, one piece after the other, until the range or the interest ends.
fn produce(
    vault: &Vault,
    id: &ContentId,
    range: Range<u64>,
    hand: &mpsc::Sender<Outcome<Vec<u8>>>,
) -> Outcome<()> {
    let stored = vault.store.open_again(id, &vault.keys)?;
    let mut buffers = ReadBuffers::default();
    let mut at = range.start;
    while at < range.end {
        let aligned = at / BLOCK_BYTES * BLOCK_BYTES;
        let end = (aligned + READ_PIECE_BYTES).min(range.end);
        let mut piece = Vec::new();
        stored.read_range(at..end, &mut buffers, &mut |bytes| {
            piece.extend_from_slice(bytes);
            Ok(())
        })?;
        if hand.blocking_send(Ok(piece)).is_err() {
            return Ok(());
        }
        at = end;
    }
    Ok(())
}

/// Reads the excerpt that a grant for a stretch gives into `out`; says what it covers.
pub async fn read_excerpt(
    vault: &Vault,
    actor: &Actor,
    (recording, number): (&ContentId, &str),
    pool: Option<&Arc<MediaPool>>,
    out: &mut (dyn Write + Send),
) -> Outcome<(u64, u64)> {
    let opened = open_excerpt(vault, actor, recording, number, pool).await?;
    write_out(opened.reader.stream(None).await?, out).await?;
    Ok((opened.begins_ms, opened.ends_ms))
}

/// Reads a range, or all, of a recording into `out`: under a grant, or as the handling unit's own
/// before archiving. Refusals are recorded.
pub async fn read(
    vault: &Vault,
    actor: &Actor,
    recording: &ContentId,
    grant: Option<&str>,
    range: Option<RangeInclusive<u64>>,
    out: &mut (dyn Write + Send),
) -> Outcome<()> {
    let reader = open(vault, actor, recording, grant).await?;
    write_out(reader.stream(range).await?, out).await
}

async fn write_out(mut stream: GrantedStream, out: &mut (dyn Write + Send)) -> Outcome<()> {
    while let Some(piece) = stream.next().await? {
        out.write_all(&piece).map_err(|error| {
            Fault::new(Code::FileFailed).with("path", "output").caused_by(error)
        })?;
    }
    Ok(())
}
