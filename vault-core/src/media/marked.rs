//! Renditions that bear the mark of a copy in the picture (R22): made for one copy, or for reading
//! under one grant, from the recording itself.
//!
//! Promises: made only where people would otherwise be given an unmarked proxy, or nothing that
//! plays; the recording stays as it is.

use super::examine::{Served, serve, within};
use super::pool::MediaPool;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{MEDIA_PREVIEW_BYTES_PER_SECOND, MEDIA_PREVIEW_WAIT, MEDIA_PROXY_ROOM_BYTES};
use crate::store::spool::Spool;
use crate::vault::Vault;
use std::sync::Arc;
use vault_media_protocol::{Mark, Order, Product, Task};
use vault_proof::ContentId;

/// A rendition.
pub(crate) struct Marked {
    /// Its bytes.
    pub(crate) spool: Spool,
    /// `mp4` or `jpg`.
    pub(crate) extension: &'static str,
}

/// What a rendition of a recording would be; `None` where a browser plays the recording itself, or
/// nobody could look into it.
pub(crate) async fn rendered_as(vault: &Vault, id: &ContentId) -> Outcome<Option<&'static str>> {
    let facts = vault.media_facts(id).await?;
    let Some(report) = facts.report().filter(|report| !report.plays_in_browser) else {
        return Ok(None);
    };
    if !vault.catalog.products_of(id).await?.iter().any(|product| product.kind == "proxy") {
        return Ok(None);
    }
    let timed = report.streams.iter().any(|stream| stream.duration_us > 0);
    Ok(Some(if timed { "mp4" } else { "jpg" }))
}

/// Makes the rendition, of a stretch in milliseconds or of the whole.
pub(crate) async fn render(
    vault: &Vault,
    pool: &Arc<MediaPool>,
    (id, extension): (&ContentId, &'static str),
    mark: Mark,
    stretch_ms: Option<(u64, u64)>,
) -> Outcome<Marked> {
    let row = vault.catalog.recording(id).await?;
    let row = row.ok_or_else(|| Fault::new(Code::RecordingUnknown).with("id", id))?;
    let us = |ms: u64| i64::try_from(ms.saturating_mul(1_000)).unwrap_or(i64::MAX);
    let most = row.bytes.saturating_mul(2).saturating_add(MEDIA_PROXY_ROOM_BYTES);
    let order = Order {
        mark: Some(mark),
        stretch_us: stretch_ms.map(|(from, to)| (us(from), us(to))),
        ..Order::new(Task::Preview, [Product::Proxy].into_iter().collect(), most)
    };
    let wait = within(MEDIA_PREVIEW_WAIT, row.bytes, MEDIA_PREVIEW_BYTES_PER_SECOND);
    let unavailable = |reason: &str| {
        Fault::new(Code::RenditionUnavailable).with("recording", id).with("reason", reason)
    };
    match serve(vault, pool, *id, order, wait).await? {
        Served::Report(_, mut spools) => {
            let spool = spools.remove(&Product::Proxy);
            let spool = spool.ok_or_else(|| unavailable("worker-died"))?;
            Ok(Marked { spool, extension })
        }
        Served::NotExaminable(reason, _) => Err(unavailable(&reason)),
    }
}
