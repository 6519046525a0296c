//! Handing out (提供复制): a copy taken of a grant, its package, and both on record.
//!
//! Promises: a package is written under a copy of its own, whose mark stands in it (R22); what it
//! came to is in the ledger before the caller hears of it, so that what left can be told from
//! everything else for ever (R18). A package that could not be written has used its copy up, which
//! stays on record.

use super::form::Form;
use super::grant::{HandedOut, hand_out_copy, permit_copying};
use super::mark::{Draw, Marking, renditions};
use super::package::{self, Answers, Order, Target, Transcript, Written, assemble, assemble_kept};
use super::paper::{copy_statement, notice};
use super::scan::kept_scan;
use super::view::{RequestView, show};
use crate::catalog::NewEvent;
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::media::{Cut, MediaPool, cut};
use crate::policy::{Act, Actor, State};
use crate::store::cipher::random_bytes;
use crate::transcript;
use crate::vault::Vault;
use crate::vault::change::event;
use crate::wording::Wording;
use std::collections::BTreeMap;
use std::sync::Arc;
use vault_proof::canonical::Value;
use vault_proof::{AccessBody, Body, ContentId, Subject};

/// A copy with its package.
#[derive(Debug)]
pub struct Exported {
    /// The copy.
    pub copy: HandedOut,
    /// The package.
    pub written: Written,
}

/// Sets a form that bears this day in type: the bytes of a PDF. How is the caller's business; the
/// core knows forms as data only.
pub type Typeset<'a> = &'a (dyn Fn(&Form, Date) -> Outcome<Vec<u8>> + Sync);

/// What a copy is made with.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The language of the heads of its texts.
    pub wording: &'a Wording,
    /// Sets its forms in type.
    pub typeset: Typeset<'a>,
    /// Draws the mark of the copy.
    pub draw: Draw<'a>,
    /// Cuts excerpts; without it copies under a grant for a stretch cannot be made.
    pub media: Option<&'a Arc<MediaPool>>,
}

impl std::fmt::Debug for Means<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Means({:?})", self.media)
    }
}

/// The mark under which the statement of a copy is set on trial.
const NO_MARK: &str = "0-0-0-0";

/// Hands out a copy as a package (R18, R20): of these recordings of the grant, or of all. `to` is
/// who receives it. Under a grant for a stretch it holds excerpts, the wholes withheld. What cannot
/// be set in type or cut fails before a copy is used up.
pub async fn export(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (recordings, to): (Vec<ContentId>, &str),
    target: Target,
    means: Means<'_>,
) -> Outcome<Exported> {
    let (Target::Directory(path) | Target::Zip(path)) = &target;
    if path.symlink_metadata().is_ok() {
        return Err(Fault::new(Code::TargetTaken).with("path", path.display()));
    }
    let (copy, view, order) = ordered(vault, actor, number, (recordings, to), means).await?;
    let written = assemble(vault, actor, &[&copy.grant], order, target).await?;
    let permitted = vault.permit_in(actor, Act::RecordCopy, State::Any, view.subjects()).await?;
    let mut tx = vault.begin(permitted).await?;
    let mut events = rendered(&view, &copy, &written);
    events.push(event(written_body(&view, &copy, &written), None, view.subjects()));
    tx.append(events).await?;
    vault.finish(tx).await?;
    Ok(Exported { copy, written })
}

/// Takes a copy of the grant and says what is to go into its package.
async fn ordered(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (recordings, to): (Vec<ContentId>, &str),
    means: Means<'_>,
) -> Outcome<(HandedOut, RequestView, Order)> {
    let Means { wording, typeset, draw, media } = means;
    let asked = show(vault, number).await?;
    let all = if recordings.is_empty() { &asked.recordings } else { &recordings };
    // Who has no copy left hears of it before anything is made; taking one asks again.
    let _ = permit_copying(vault, actor, &asked, all).await?;
    require_recipient(&asked, to)?;
    if asked.notice.is_some() {
        let trial = (NO_MARK.to_owned(), all.as_slice());
        forms(vault, actor, (&asked, to), trial, (wording, typeset)).await?;
    }
    // Drawn once before, so that no copy is used up for a name that cannot be.
    let marking = |mark| Marking { mark, to, at: vault.clock.now() };
    let _ = marking(NO_MARK).drawn(wording, draw)?;
    let mut cuts = BTreeMap::new();
    if let Some(stretch) = asked.stretch_ms {
        for recording in all {
            cuts.insert(*recording, cut(vault, media, recording, stretch).await?);
        }
    }
    let copy = hand_out_copy(vault, actor, number, recordings, to).await?;
    let view = show(vault, &copy.grant.request().to_string()).await?;
    let marked = (copy.mark(), copy.recordings.as_slice());
    let mark = marking(&marked.0).drawn(wording, draw)?;
    let covers = |id: &ContentId| (*id, cuts.get(id).map(|cut: &Cut| cut.covers_ms));
    let given: Vec<_> = copy.recordings.iter().map(covers).collect();
    let renditions = renditions(vault, media, &given, &mark).await?;
    let order = Order {
        answers: answers(&view, &copy, to, wording),
        asked: copy.recordings.clone(),
        withheld: Vec::new(),
        transcripts: texts(vault, (&copy.recordings, &cuts), wording).await?,
        forms: forms(vault, actor, (&view, to), marked, (wording, typeset)).await?,
        stretch_ms: asked.stretch_ms.unwrap_or_default(),
        withheld_because: wording.text("package-whole-withheld", &[]),
        cuts,
        renditions,
    };
    Ok((copy, view, order))
}

/// A copy for somebody outside goes to whom the leader consented to: the name or the body stands in
/// what is written of the recipient. What an officer asked for goes where his case takes it.
fn require_recipient(view: &RequestView, to: &str) -> Outcome<()> {
    let names = [view.applicant_name.as_str(), view.applicant_unit.as_str()];
    let consented = names.iter().any(|name| !name.is_empty() && to.contains(name));
    if view.applicant == "account" || consented {
        return Ok(());
    }
    let applicant = names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>();
    let fault = Fault::new(Code::RecipientOther).with("recipient", to);
    Err(fault.with("applicant", applicant.join(" ")).with("article", "A3.15"))
}

fn written_body(view: &RequestView, copy: &HandedOut, written: &Written) -> Body {
    Body::Access(AccessBody::CopyWritten {
        request: view.id,
        copy: copy.copy,
        files: written.files,
        bytes: written.bytes,
        signature: written.signature_sha256.clone(),
    })
}

/// That each rendition in the package bears this copy's mark.
fn rendered(view: &RequestView, copy: &HandedOut, written: &Written) -> Vec<NewEvent> {
    let one = |(recording, object, bytes): &(ContentId, ContentId, u64)| {
        let body = AccessBody::CopyRendered {
            request: view.id,
            copy: copy.copy,
            recording: *recording,
            object: *object,
            bytes: *bytes,
        };
        event(Body::Access(body), None, vec![Subject::recording(recording)])
    };
    written.renditions.iter().map(one).collect()
}

/// A copy with the package that the vault keeps of it.
#[derive(Debug)]
pub struct KeptCopy {
    /// The copy.
    pub copy: HandedOut,
    /// The package.
    pub written: Written,
    /// Its length as one file.
    pub bytes: u64,
    /// What it is collected with by somebody without an account; shown once.
    pub code: String,
}

/// As `export`, as one zip file that the vault keeps exactly as it is handed over (R18), to be
/// collected with an account or with the code.
pub async fn export_kept(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (recordings, to): (Vec<ContentId>, &str),
    means: Means<'_>,
) -> Outcome<KeptCopy> {
    let (copy, view, order) = ordered(vault, actor, number, (recordings, to), means).await?;
    let (written, kept) = assemble_kept(vault, actor, &[&copy.grant], order).await?;
    let code = new_code()?;
    let payload =
        Value::map([("by", Value::text(actor.person())), ("reason", Value::Text(hash_of(&code)))]);
    let payload = vault.seal_one(payload).await?;
    let permitted = vault.permit_in(actor, Act::RecordCopy, State::Any, view.subjects()).await?;
    let body = Body::Access(AccessBody::CopyKept {
        request: view.id,
        copy: copy.copy,
        object: kept.object,
        bytes: kept.bytes,
        manifest: kept.manifest,
    });
    let mut about = view.subjects();
    about.push(Subject::object(&kept.object));
    let mut tx = vault.begin(permitted).await?;
    let mut events = rendered(&view, &copy, &written);
    events.extend([
        event(written_body(&view, &copy, &written), None, view.subjects()),
        event(body, Some(payload), about),
    ]);
    tx.append(events).await?;
    vault.finish(tx).await?;
    Ok(KeptCopy { copy, written, bytes: kept.bytes, code })
}

/// Letters and digits of a code that nobody mistakes for each other.
const CODE_LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Sixteen of them: 80 bits, nothing that is guessed.
fn new_code() -> Outcome<String> {
    let random: [u8; 16] = random_bytes()?;
    Ok(random.iter().map(|byte| char::from(CODE_LETTERS[usize::from(byte & 31)])).collect())
}

pub(super) fn hash_of(code: &str) -> String {
    hex::encode(blake3::derive_key("evidence-vault 2026-11 pick-up", code.as_bytes()))
}

fn answers(view: &RequestView, copy: &HandedOut, to: &str, wording: &Wording) -> Answers {
    Answers {
        copy_mark: copy.mark(),
        request: view.id.to_string(),
        notice: notice_number(copy.grant.notice(), wording),
        recipient: to.to_owned(),
        purpose: view.purpose.clone(),
    }
}

fn notice_number((year, number): (u64, u64), wording: &Wording) -> String {
    let (year, number) = (year.to_string(), number.to_string());
    wording.text("notice-number", &[("year", &year), ("number", &number)])
}

/// The notice, and the statement that the copy agrees with the originals, set in type.
async fn forms(
    vault: &Vault,
    actor: &Actor,
    (view, to): (&RequestView, &str),
    (mark, recordings): (String, &[ContentId]),
    (wording, typeset): (&Wording, Typeset<'_>),
) -> Outcome<Vec<package::Form>> {
    let number = view.notice.map(|(year, number, _)| notice_number((year, number), wording));
    let number = number.unwrap_or_default();
    let said = (view, to, number.as_str());
    let statement = copy_statement(vault, actor, said, (mark, recordings)).await?;
    let set = |(form, day): (Form, Date)| {
        let name = wording.text(&format!("forms-{}", form.kind), &[]);
        Ok(package::Form { name: format!("{name}.pdf"), bytes: typeset(&form, day)? })
    };
    let forms = [notice(vault, view).await?, statement].into_iter().map(set);
    let mut forms = forms.collect::<Outcome<Vec<_>>>()?;
    // What was signed on paper goes with what was printed.
    if let Some(scan) = kept_scan(vault, &view.id).await? {
        let name = wording.text("forms-notice-scan", &[]);
        let name = format!("{name}.{}", scan.extension);
        forms.push(package::Form { name, bytes: scan.bytes });
    }
    Ok(forms)
}

/// The newest text of each recording that has one, said to be checked or not.
async fn texts(
    vault: &Vault,
    (recordings, cuts): (&[ContentId], &BTreeMap<ContentId, Cut>),
    wording: &Wording,
) -> Outcome<BTreeMap<ContentId, Transcript>> {
    let mut texts = BTreeMap::new();
    for id in recordings {
        let Some((version, mut text)) = transcript::newest(vault, id).await? else { continue };
        if let Some(cut) = cuts.get(id) {
            text.keep_only(cut.covers_ms);
        }
        let notes = transcript::notes(&version, &text, wording);
        let written = Transcript {
            vtt: Some(transcript::write_webvtt(&text, &notes).into_bytes()),
            txt: Some(transcript::write_text(&text, &notes).into_bytes()),
        };
        texts.insert(*id, written);
    }
    Ok(texts)
}
