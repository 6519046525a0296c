//! Scans of notices signed on paper (A3.15): kept like written records, looked at again.
//!
//! Promises: what was signed is there as long as its request is; its digest stands in the ledger
//! with the signature; each look at it is on record. Takes what people scan to and nothing else, and
//! takes it whole.

use super::read::pieces;
use super::scanned::is_whole;
use super::view::show;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::DOCUMENT_BYTES_MAX;
use crate::policy::{Act, Actor, State};
use crate::store::stage::{StageBuffers, stage_object};
use crate::vault::Vault;
use crate::vault::change::event;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use vault_proof::{AccessBody, Body, ContentId, RecordId, Subject};

/// A scan to be filed.
#[derive(Debug)]
pub enum Scan {
    /// A file.
    File(PathBuf),
    /// Bytes that came over a network.
    Bytes(Vec<u8>),
}

/// What scans come as: how each begins, its format, the extension of its name.
const FORMATS: [(&[u8], &str, &str); 5] = [
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"II*\0", "image/tiff", "tif"),
    (b"MM\0*", "image/tiff", "tif"),
];

/// A scan as it is kept.
pub(super) struct Kept {
    pub(super) object: ContentId,
    pub(super) bytes: u64,
    pub(super) format: &'static str,
    pub(super) manifest: ContentId,
}

/// A scan that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownScan {
    /// Its content id.
    pub object: ContentId,
    /// Its format, for example `application/pdf`.
    pub format: String,
    /// The extension of its name.
    pub extension: &'static str,
    /// The scan itself.
    pub bytes: Vec<u8>,
}

impl Scan {
    /// All of it; at most as long as a written record.
    pub(super) fn whole(self) -> Outcome<Vec<u8>> {
        let bytes = match self {
            Self::Bytes(bytes) => bytes,
            Self::File(path) => read(&path)?,
        };
        let count = bytes.len() as u64;
        if count == 0 || count > DOCUMENT_BYTES_MAX {
            return Err(Fault::new(Code::SourceTooLarge).with("bytes", count));
        }
        Ok(bytes)
    }
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    let unreadable = |error: std::io::Error| {
        Fault::new(Code::SourceUnreadable).with("path", path.display()).caused_by(error)
    };
    let file = File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(Fault::new(Code::SourceNotAFile).with("path", path.display()));
    }
    let mut bytes = Vec::new();
    file.take(DOCUMENT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

fn format_of(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let known = FORMATS.iter().find(|(beginning, ..)| bytes.starts_with(beginning));
    known.map(|(_, format, extension)| (*format, *extension))
}

/// Stores a scan, an object of its own.
pub(super) fn keep(vault: &Vault, bytes: &[u8]) -> Outcome<Kept> {
    let unknown = || Fault::new(Code::ScanFormatRefused);
    let (format, _) = format_of(bytes).ok_or_else(unknown)?;
    if !is_whole(format, bytes) {
        return Err(unknown().with("reason", "not-whole"));
    }
    let mut source = bytes;
    let staged = stage_object(&vault.store, &mut source, &mut StageBuffers::new())?;
    let manifests = vault.store.place(&vault.keys, std::iter::once(&staged))?;
    let manifest = manifests.get(&staged.id).copied();
    let manifest = manifest.ok_or_else(|| Fault::new(Code::Internal))?;
    Ok(Kept { object: staged.id, bytes: staged.bytes, format, manifest })
}

/// The scan of a request's notice, as it is kept; `None` where it was signed in the system.
pub(super) async fn kept_scan(vault: &Vault, request: &RecordId) -> Outcome<Option<ShownScan>> {
    let Some(act) = vault.catalog.ask().await?.scan_of(request).await? else { return Ok(None) };
    let damaged = || Fault::new(Code::CatalogueDamaged).with("what", "scan");
    let object: ContentId = act.digest.parse().map_err(|_| damaged())?;
    let mut stream = pieces(vault, &object, 0..act.to_byte);
    let mut bytes = Vec::new();
    while let Some(piece) = stream.recv().await {
        bytes.extend_from_slice(&piece?);
    }
    let (_, extension) = format_of(&bytes).ok_or_else(damaged)?;
    Ok(Some(ShownScan { object, format: act.way, extension, bytes }))
}

/// Looks at the scan of a notice again. The look is on record before it is shown.
pub async fn show_scan(vault: &Vault, actor: &Actor, number: &str) -> Outcome<ShownScan> {
    let view = show(vault, number).await?;
    let state = if view.is_own(actor) { State::OwnRequest } else { State::OthersRequest };
    let about = vec![Subject::request(&view.id)];
    let permitted = vault.permit_in(actor, Act::ShowScan, state, about.clone()).await?;
    let unknown = || Fault::new(Code::ScanUnknown).with("id", view.id);
    let scan = kept_scan(vault, &view.id).await?.ok_or_else(unknown)?;
    let body = AccessBody::ScanShown { request: view.id, object: scan.object };
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(Body::Access(body), None, about)]).await?;
    vault.finish(tx).await?;
    Ok(scan)
}
