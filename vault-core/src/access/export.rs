//! Handing out (提供复制): a copy taken of a grant, its package, and both on record.
//!
//! Promises: a package is written under a copy of its own, whose mark stands in it (R22); what it
//! came to is in the ledger before the caller hears of it, so that what left can be told from
//! everything else for ever (R18). A package that could not be written has used its copy up, which
//! stays on record.

use super::form::Form;
use super::grant::{HandedOut, hand_out_copy};
use super::package::{self, Answers, Order, Target, Transcript, Written, assemble, assemble_kept};
use super::paper::{copy_statement, notice};
use super::view::{RequestView, show};
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{Act, Actor, State};
use crate::store::cipher::random_bytes;
use crate::transcript;
use crate::vault::Vault;
use crate::vault::change::event;
use crate::wording::Wording;
use std::collections::BTreeMap;
use vault_proof::canonical::Value;
use vault_proof::{AccessBody, Body, ContentId, RecordId, Subject};

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

/// The mark under which the statement of a copy is set on trial.
const NO_MARK: &str = "0-0-0-0";

/// Hands out a copy as a package (R18, R20): of these recordings of the grant, or of all. `to` is
/// who receives it; `wording` the language of the heads of its texts. What cannot be set in type
/// fails before a copy is used up.
pub async fn export(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (recordings, to): (Vec<ContentId>, &str),
    target: Target,
    words: (&Wording, Typeset<'_>),
) -> Outcome<Exported> {
    let (Target::Directory(path) | Target::Zip(path)) = &target;
    if path.symlink_metadata().is_ok() {
        return Err(Fault::new(Code::TargetTaken).with("path", path.display()));
    }
    let (copy, view, order) = ordered(vault, actor, number, (recordings, to), words).await?;
    let written = assemble(vault, actor, &[&copy.grant], order, target).await?;
    let permitted = vault.permit_in(actor, Act::RecordCopy, State::Any, view.subjects()).await?;
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(written_body(&view, &copy, &written), None, view.subjects())]).await?;
    vault.finish(tx).await?;
    Ok(Exported { copy, written })
}

/// Takes a copy of the grant and says what is to go into its package.
async fn ordered(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (recordings, to): (Vec<ContentId>, &str),
    (wording, typeset): (&Wording, Typeset<'_>),
) -> Outcome<(HandedOut, RequestView, Order)> {
    let asked = show(vault, number).await?;
    if asked.notice.is_some() {
        let all = if recordings.is_empty() { &asked.recordings } else { &recordings };
        let trial = (NO_MARK.to_owned(), all.as_slice());
        forms(vault, actor, (&asked, to), trial, (wording, typeset)).await?;
    }
    let copy = hand_out_copy(vault, actor, number, recordings, to).await?;
    let view = show(vault, &copy.grant.request().to_string()).await?;
    let marked = (copy.mark(), copy.recordings.as_slice());
    let order = Order {
        answers: answers(&view, &copy, to, wording),
        asked: copy.recordings.clone(),
        withheld: Vec::new(),
        transcripts: texts(vault, &copy.recordings, wording).await?,
        forms: forms(vault, actor, (&view, to), marked, (wording, typeset)).await?,
    };
    Ok((copy, view, order))
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
    words: (&Wording, Typeset<'_>),
) -> Outcome<KeptCopy> {
    let (copy, view, order) = ordered(vault, actor, number, (recordings, to), words).await?;
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
    tx.append(vec![
        event(written_body(&view, &copy, &written), None, view.subjects()),
        event(body, Some(payload), about),
    ])
    .await?;
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
    [notice(vault, view)?, statement].into_iter().map(set).collect()
}

/// The newest text of each recording that has one, said to be checked or not.
async fn texts(
    vault: &Vault,
    recordings: &[ContentId],
    wording: &Wording,
) -> Outcome<BTreeMap<ContentId, Transcript>> {
    let mut texts = BTreeMap::new();
    for id in recordings {
        let Some((version, text)) = transcript::newest(vault, id).await? else { continue };
        let notes = transcript::notes(&version, &text, wording);
        let written = Transcript {
            vtt: Some(transcript::write_webvtt(&text, &notes).into_bytes()),
            txt: Some(transcript::write_text(&text, &notes).into_bytes()),
        };
        texts.insert(*id, written);
    }
    Ok(texts)
}

/// A copy of a recording that left (R22).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Under which request.
    pub request: RecordId,
    /// Its number under it.
    pub copy: u64,
    /// The event that stands for it.
    pub seq: u64,
    /// When.
    pub at: UtcTime,
    /// Who received it. Personal data.
    pub to: String,
    /// Who handed it out. Personal data.
    pub by: String,
    /// SHA-256 of its package's signature, hex; none where the package was not finished.
    pub signature: Option<String>,
}

/// Every copy of a recording that left: when, to whom, under which request (R22).
pub async fn copies_of(vault: &Vault, actor: &Actor, recording: &ContentId) -> Outcome<Vec<Copy>> {
    let _ = vault.permit(actor, Act::ReadLedger).await?;
    let acts = vault.catalog.ask().await?.copies_of(recording).await?;
    let damaged = || Fault::new(Code::CatalogueDamaged).with("what", "copy");
    let (written, left): (Vec<_>, Vec<_>) =
        acts.into_iter().partition(|act| act.kind == "access.copy-written");
    left.into_iter()
        .map(|act| {
            let same = |other: &&crate::catalog::AccessAct| {
                other.request == act.request && other.copy == act.copy
            };
            Ok(Copy {
                signature: written.iter().find(same).map(|other| other.digest.clone()),
                request: act.request.parse().map_err(|_| damaged())?,
                copy: act.copy,
                seq: act.seq,
                at: act.at_ms,
                to: act.person,
                by: act.reason,
            })
        })
        .collect()
}
