//! The two examinations as jobs: what is found is recorded together with the end of the job.

use super::pool::MediaPool;
use super::times::{self, Circumstances};
use super::worker::Ended;
use crate::catalog::{NewEvent, ReceiptRow};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::jobs::{ClaimedJob, JobKind, LeaseState, NewJob};
use crate::limits::{
    MEDIA_PREVIEW_BYTES_PER_SECOND, MEDIA_PREVIEW_WAIT, MEDIA_PROBE_BYTES_PER_SECOND,
    MEDIA_PROBE_WAIT, MEDIA_PROXY_ROOM_BYTES, SPEECH_BYTES_MAX,
};
use crate::policy::{Act, Actor};
use crate::store::spool::Spool;
use crate::store::stage::{StageBuffers, stage_object};
use crate::vault::{Vault, blocking};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use vault_media_protocol::{Answer, Medium, Order, Product, ProductSet, Report, Tag, Task};
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, DerivedObject, MediaBody, Subject};

/// Nothing is known; as in the catalogue.
const UNKNOWN_MS: i64 = -1;

pub(super) fn within(least: Duration, bytes: u64, bytes_per_second: u64) -> Duration {
    least + Duration::from_secs(bytes / bytes_per_second)
}

/// Looks at container, streams and packets; what can be looked at further is put into the queue.
pub(crate) async fn probe(
    vault: &Vault,
    actor: &Actor,
    pool: &Arc<MediaPool>,
    job: &ClaimedJob,
) -> Outcome<()> {
    let id = *job.recording();
    let row = vault.catalog.recording(&id).await?;
    let row = row.ok_or_else(|| Fault::new(Code::RecordingUnknown).with("id", id))?;
    let order = Order::new(Task::Probe, ProductSet::new(), 0);
    let wait = within(MEDIA_PROBE_WAIT, row.bytes, MEDIA_PROBE_BYTES_PER_SECOND);
    let report = match serve(vault, pool, id, order, wait).await? {
        Served::Report(report, _) => report,
        Served::NotExaminable(reason, detail) => {
            return not_examinable(vault, actor, job, "probe", (reason, detail)).await;
        }
    };
    let receipts = vault.catalog.receipts_of(&id).await?;
    let receipt = receipts.first().ok_or_else(|| Fault::new(Code::RecordingUnknown))?;
    let claims = times::claims(&report, &circumstances(receipt));
    let best = times::best(&claims);
    let medium = medium(&report);
    let body = MediaBody::Probed {
        recording: id,
        engine: report.engine.clone(),
        medium: medium.to_owned(),
        duration_ms: u64::try_from(report.duration_us.unwrap_or(0) / 1_000).unwrap_or(0),
        sound: report.streams.iter().any(|stream| stream.medium == Medium::Audio),
        findings: report.findings_total,
    };
    let payload = Value::map([
        ("device", Value::Text(device(&report, receipt))),
        ("report", Value::Text(json(&report)?)),
        (
            "started_ms",
            Value::Integer(best.and_then(|claim| claim.started).map_or(UNKNOWN_MS, UtcTime::as_ms)),
        ),
        ("time_source", Value::text(best.map_or("", |claim| claim.source.as_str()))),
    ]);
    let next = NewJob { kind: JobKind::Preview, recording: id };
    let next = if medium == "other" { vec![] } else { vec![next] };
    record(vault, actor, job, (body, payload), next).await
}

/// Decodes once: what is black, frozen and silent, and the previews.
pub(crate) async fn preview(
    vault: &Vault,
    actor: &Actor,
    pool: &Arc<MediaPool>,
    job: &ClaimedJob,
) -> Outcome<()> {
    let id = *job.recording();
    let row = vault.catalog.recording(&id).await?;
    let row = row.ok_or_else(|| Fault::new(Code::RecordingUnknown).with("id", id))?;
    let products =
        [Product::Poster, Product::Sheet, Product::Waveform, Product::Proxy].into_iter().collect();
    let proxy_max = row.bytes.saturating_mul(2).saturating_add(MEDIA_PROXY_ROOM_BYTES);
    let order = Order::new(Task::Preview, products, proxy_max);
    let wait = within(MEDIA_PREVIEW_WAIT, row.bytes, MEDIA_PREVIEW_BYTES_PER_SECOND);
    let (report, spools) = match serve(vault, pool, id, order, wait).await? {
        Served::Report(report, spools) => (report, spools),
        Served::NotExaminable(reason, detail) => {
            return not_examinable(vault, actor, job, "preview", (reason, detail)).await;
        }
    };
    let keeping = vault.clone();
    let recipes = report.recipes.clone();
    let products = blocking(move || keep(&keeping, spools, &recipes)).await?;
    let body = MediaBody::Previewed {
        recording: id,
        engine: report.engine.clone(),
        findings: report.findings_total,
        products,
    };
    let payload = plain_payload(json(&report)?);
    record(vault, actor, job, (body, payload), Vec::new()).await
}

/// The sound of a recording as 16 kHz mono WAV, in a spool.
pub(crate) async fn sound_of(
    vault: &Vault,
    pool: &Arc<MediaPool>,
    id: &ContentId,
) -> Outcome<Spool> {
    let row = vault.catalog.recording(id).await?;
    let row = row.ok_or_else(|| Fault::new(Code::RecordingUnknown).with("id", id))?;
    let products = [Product::Speech].into_iter().collect();
    let order = Order::new(Task::Speech, products, SPEECH_BYTES_MAX);
    let wait = within(MEDIA_PREVIEW_WAIT, row.bytes, MEDIA_PREVIEW_BYTES_PER_SECOND);
    let unavailable = |reason: &str| {
        Fault::new(Code::SoundUnavailable).with("recording", id).with("reason", reason)
    };
    match serve(vault, pool, *id, order, wait).await? {
        Served::Report(_, mut spools) => {
            spools.remove(&Product::Speech).ok_or_else(|| unavailable("no-sound"))
        }
        Served::NotExaminable(reason, _) => Err(unavailable(&reason)),
    }
}

/// What came of an order that the vault could serve.
pub(super) enum Served {
    Report(Box<Report>, BTreeMap<Product, Spool>),
    NotExaminable(String, String),
}

pub(super) async fn serve(
    vault: &Vault,
    pool: &Arc<MediaPool>,
    id: ContentId,
    order: Order,
    wait: Duration,
) -> Outcome<Served> {
    let (serving, pool) = (vault.clone(), Arc::clone(pool));
    let ended = blocking(move || pool.serve(&serving, &id, &order, wait)).await?;
    Ok(match ended {
        Ended::Answered(Answer::Done(report), spools) => Served::Report(report, spools),
        Ended::Answered(Answer::Declined(declined), _) => {
            Served::NotExaminable(declined.reason, declined.detail)
        }
        Ended::Lost(reason) => Served::NotExaminable(reason.to_owned(), String::new()),
    })
}

async fn not_examinable(
    vault: &Vault,
    actor: &Actor,
    job: &ClaimedJob,
    task: &str,
    (reason, detail): (String, String),
) -> Outcome<()> {
    let body = MediaBody::NotExaminable {
        recording: *job.recording(),
        task: task.to_owned(),
        reason,
        engine: "vault-media".to_owned(),
    };
    record(vault, actor, job, (body, plain_payload(detail)), Vec::new()).await
}

/// A payload without times and device.
fn plain_payload(report: String) -> Value {
    Value::map([
        ("device", Value::text("")),
        ("report", Value::Text(report)),
        ("started_ms", Value::Integer(UNKNOWN_MS)),
        ("time_source", Value::text("")),
    ])
}

/// Puts what was found on record, together with the end of the job and the jobs that follow.
async fn record(
    vault: &Vault,
    actor: &Actor,
    job: &ClaimedJob,
    (body, payload): (MediaBody, Value),
    next: Vec<NewJob>,
) -> Outcome<()> {
    let sealing = vault.clone();
    let sealed = blocking(move || sealing.seal(vec![payload])).await?;
    let permitted = vault.permit(actor, Act::ExamineMedia).await?;
    let mut tx = vault.catalog.begin(permitted, &vault.clock).await?;
    let subjects = vec![Subject::recording(job.recording())];
    let payload = sealed.into_iter().next();
    tx.append(vec![NewEvent { subjects, body: Body::Media(body), payload }]).await?;
    tx.enqueue(&next).await?;
    if tx.finish_job(job).await? == LeaseState::Lost {
        return Err(Fault::new(Code::Locked).with("what", "lease"));
    }
    let _ = tx.commit().await?;
    vault.ledger.publish(&vault.catalog).await
}

/// Stores the products, each an object of its own.
fn keep(
    vault: &Vault,
    spools: BTreeMap<Product, Spool>,
    recipes: &[Tag],
) -> Outcome<Vec<DerivedObject>> {
    let mut buffers = StageBuffers::new();
    let mut staged = Vec::new();
    for (product, mut spool) in spools {
        staged.push((product, stage_object(&vault.store, &mut spool, &mut buffers)?));
    }
    let manifests = vault.store.place(&vault.keys, staged.iter().map(|(_, staged)| staged))?;
    staged
        .iter()
        .map(|(product, staged)| {
            let kind = product.as_str().to_owned();
            let recipe = recipes.iter().find(|recipe| recipe.name == kind);
            let manifest = manifests.get(&staged.id).copied();
            Ok(DerivedObject {
                recipe: recipe.map(|recipe| recipe.value.clone()).unwrap_or_default(),
                kind,
                object: staged.id,
                bytes: staged.bytes,
                manifest: manifest.ok_or_else(|| Fault::new(Code::Internal))?,
            })
        })
        .collect()
}

fn json(report: &Report) -> Outcome<String> {
    serde_json::to_string(report)
        .map_err(|error| Fault::new(Code::Internal).with("what", "report").caused_by(error))
}

fn medium(report: &Report) -> &'static str {
    let has = |medium| report.streams.iter().any(|stream| stream.medium == medium);
    if has(Medium::Video) {
        "video"
    } else if has(Medium::Audio) {
        "audio"
    } else if has(Medium::Picture) {
        "picture"
    } else {
        "other"
    }
}

/// The device: as it was labelled at the receipt, else as the recording says.
fn device(report: &Report, receipt: &ReceiptRow) -> String {
    if !receipt.device.is_empty() {
        return receipt.device.clone();
    }
    if let Some(exif) = &report.exif
        && !exif.device.is_empty()
    {
        return [exif.device.as_str(), exif.serial.as_str()].join(" ").trim().to_owned();
    }
    let tag = |names: &[&str]| {
        let found = report.tags.iter().find(|tag| {
            names.iter().any(|name| tag.name.eq_ignore_ascii_case(name)) && !tag.value.is_empty()
        });
        found.map(|tag| tag.value.clone()).unwrap_or_default()
    };
    let make = tag(&["com.apple.quicktime.make", "com.android.manufacturer", "make"]);
    let model = tag(&["com.apple.quicktime.model", "com.android.model", "model"]);
    format!("{make} {model}").trim().to_owned()
}

/// What is known of a receipt beside the recording.
pub(super) fn circumstances(receipt: &ReceiptRow) -> Circumstances<'_> {
    Circumstances {
        name: &receipt.name,
        modified: receipt.source_modified_at,
        received: receipt.received_at,
        declared: receipt.declared_at,
        clock_offset_ms: receipt.clock_offset_ms,
    }
}
