//! Written records (文字记录): stored like recordings, filed by the stage they belong to.
//!
//! The source is read once and never written to; one that changes while it is read is refused.

use super::acts::{filing, state};
use super::contents::{find, is_closed};
use super::kinds::document_stage;
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::DOCUMENT_BYTES_MAX;
use crate::oversight::review;
use crate::policy::{Actor, State};
use crate::store::stage::{ObjectSource, StageBuffers, stage_object};
use crate::vault::change::event;
use crate::vault::{Vault, blocking};
use std::fs::File;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use vault_proof::canonical::Value;
use vault_proof::{Body, CaseBody, ContentId, Subject};

/// Where a written record comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentSource {
    /// A file of this machine.
    File(PathBuf),
    /// Bytes that came over a network, under this name.
    Bytes {
        /// The name of the file.
        name: String,
        /// The file.
        bytes: Vec<u8>,
    },
}

impl DocumentSource {
    fn name(&self) -> String {
        match self {
            Self::File(path) => {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
                name.unwrap_or_default()
            }
            Self::Bytes { name, .. } => name.clone(),
        }
    }
}

/// A written record to be filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// Where it is.
    pub source: DocumentSource,
    /// Its type; the stage follows from it.
    pub document: String,
    /// Its title; the file's name if empty.
    pub title: String,
    /// Its day.
    pub on: Option<Date>,
    /// Why it comes after the closing.
    pub note: String,
}

/// A regular file that must stay as it is while it is read.
struct FileSource {
    file: File,
    path: PathBuf,
    bytes: u64,
    modified: (i64, i64),
}

impl FileSource {
    fn open(path: &Path) -> Outcome<Self> {
        let unreadable = |error: std::io::Error| {
            let code = match error.kind() {
                std::io::ErrorKind::NotFound => Code::SourceMissing,
                _ => Code::SourceUnreadable,
            };
            Fault::new(code).with("path", path.display()).caused_by(error)
        };
        let file = File::open(path).map_err(unreadable)?;
        let found = file.metadata().map_err(unreadable)?;
        if !found.is_file() {
            return Err(Fault::new(Code::SourceNotAFile).with("path", path.display()));
        }
        if found.len() > DOCUMENT_BYTES_MAX {
            return Err(Fault::new(Code::SourceTooLarge)
                .with("path", path.display())
                .with("limit", DOCUMENT_BYTES_MAX));
        }
        let modified = (found.mtime(), found.mtime_nsec());
        Ok(Self { file, path: path.to_owned(), bytes: found.len(), modified })
    }

    fn unchanged(&self) -> Outcome<()> {
        let same = self.file.metadata().is_ok_and(|found| {
            found.len() == self.bytes && (found.mtime(), found.mtime_nsec()) == self.modified
        });
        if same {
            return Ok(());
        }
        Err(Fault::new(Code::SourceChanged).with("path", self.path.display()))
    }
}

impl ObjectSource for FileSource {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        self.file.read_exact_at(buffer, offset).map_err(|error| {
            Fault::new(Code::SourceChanged).with("path", self.path.display()).caused_by(error)
        })
    }
}

fn keep(vault: &Vault, source: DocumentSource) -> Outcome<(ContentId, u64, ContentId)> {
    let mut buffers = StageBuffers::new();
    let staged = match source {
        DocumentSource::File(path) => {
            let mut source = FileSource::open(&path)?;
            let staged = stage_object(&vault.store, &mut source, &mut buffers)?;
            if let Err(fault) = source.unchanged() {
                vault.store.backend().discard(staged.data)?;
                return Err(fault);
            }
            staged
        }
        DocumentSource::Bytes { name, bytes } => {
            if bytes.len() as u64 > DOCUMENT_BYTES_MAX {
                return Err(Fault::new(Code::SourceTooLarge)
                    .with("path", name)
                    .with("limit", DOCUMENT_BYTES_MAX));
            }
            stage_object(&vault.store, &mut bytes.as_slice(), &mut buffers)?
        }
    };
    let manifests = vault.store.place(&vault.keys, std::iter::once(&staged))?;
    let manifest = manifests.get(&staged.id).copied();
    Ok((staged.id, staged.bytes, manifest.ok_or_else(|| Fault::new(Code::Internal))?))
}

/// Stores a written record and files it; gives its content id. A decision is filed only where its
/// review passed by the day it bears, or the handling unit said that it needs none (A2.21).
pub async fn file_document(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    new: NewDocument,
) -> Outcome<ContentId> {
    let unknown = || Fault::new(Code::ArgumentInvalid).with("argument", &new.document);
    let stage = document_stage(&new.document).ok_or_else(unknown)?;
    let case = find(vault, number).await?;
    let found = state(vault, &case.case_id).await?;
    checked_text("title", &new.title, false)?;
    checked_text("note", &new.note, found == State::CaseClosed)?;
    let subjects = vec![Subject::case(&case.case_id)];
    let permitted = vault.permit_in(actor, filing(found), found, subjects).await?;
    let decides = (new.document.as_str(), new.on);
    review::require_passed(&mut vault.catalog.ask().await?, &case.case_no, decides).await?;
    let name = new.source.name();
    checked_text("filename", &name, false)?;
    let (keeping, source) = (vault.clone(), new.source);
    let (object, bytes, manifest) = blocking(move || keep(&keeping, source)).await?;
    let payload = Value::map([
        ("by", Value::text(actor.person())),
        ("name", Value::Text(name)),
        ("note", Value::text(&new.note)),
        ("on", Value::Text(new.on.map(|on| on.to_string()).unwrap_or_default())),
        ("title", Value::text(&new.title)),
    ]);
    let payload = vault.seal_one(payload).await?;
    let mut tx = vault.begin(permitted).await?;
    review::require_passed(&mut tx.ask(), &case.case_no, (&new.document, new.on)).await?;
    let acts = tx.ask().case_acts(&case.case_id).await?;
    let addendum = is_closed(&acts);
    let step = |reason: &'static str| {
        let fault = Fault::new(Code::CaseStepRefused).with("reason", reason);
        fault.with("article", "A2.18(一)3")
    };
    if addendum != (found == State::CaseClosed) {
        return Err(step("case-closed"));
    }
    if acts.iter().any(|act| act.content == object.to_string()) {
        return Err(step("already-filed"));
    }
    let body = CaseBody::DocumentAdded {
        case: case.case_id,
        object,
        bytes,
        manifest,
        stage: stage.to_owned(),
        document: new.document,
        addendum,
    };
    let about = vec![Subject::object(&object)];
    tx.append(vec![event(Body::Case(body), Some(payload), about)]).await?;
    vault.finish(tx).await?;
    Ok(object)
}
