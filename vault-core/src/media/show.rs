//! What is known of a recording's content, as pages and programs show it.
//!
//! Reads the catalogue only; no byte of a recording. Interpretation happens here, at reading time,
//! over the report as the worker gave it: a better interpretation later needs no new examination.

use super::examine::circumstances;
use super::session::{Session, SessionPart, sessions};
use super::times::{self, TimeClaim};
use crate::catalog::{DerivativeRow, ExaminationRow, MarkerRow, TranscriptRow};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::vault::Vault;
use vault_media_protocol::{Finding, Report};
use vault_proof::ContentId;

/// One examination.
#[derive(Debug, Clone)]
pub struct Examination {
    /// When.
    pub at: UtcTime,
    /// Program and libraries.
    pub engine: String,
    /// What was found; a code and the worker's words where it could not be examined.
    pub result: Result<Box<Report>, (String, String)>,
}

/// An object made from the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductView {
    /// `poster`, `sheet`, `waveform`, `proxy`.
    pub kind: String,
    /// Its content id.
    pub object: ContentId,
    /// Its length.
    pub bytes: u64,
    /// How it was made.
    pub recipe: String,
}

/// A version of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptView {
    /// Its number.
    pub version: u64,
    /// `machine`, `person` or `imported`.
    pub origin: String,
    /// Program and model.
    pub engine: String,
    /// The version it was made from.
    pub based_on: Option<u64>,
    /// When it was stored.
    pub at: UtcTime,
    /// Who stored it.
    pub person: String,
    /// Content id of the text.
    pub object: ContentId,
    /// Who vouched for it, and when.
    pub checked: Option<(String, UtcTime)>,
}

/// A mark on the time line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkerView {
    /// Its id.
    pub marker: String,
    /// What is to be seen, by its code.
    pub kind: String,
    /// Begin, from the beginning of the recording.
    pub from_ms: u64,
    /// End.
    pub to_ms: u64,
    /// What the person wrote.
    pub note: String,
    /// Who set it.
    pub person: String,
}

/// Everything known of a recording's content.
#[derive(Debug, Clone)]
pub struct MediaFacts {
    /// `video`, `audio`, `picture`, `other`; empty where nothing was examined.
    pub medium: String,
    /// The device.
    pub device: String,
    /// Container, streams, continuity; `None` where it was not looked at yet.
    pub probe: Option<Examination>,
    /// Black, frozen, silent; `None` where it was not looked at yet.
    pub preview: Option<Examination>,
    /// What each source says of the time, the best first.
    pub times: Vec<TimeClaim>,
    /// What was made.
    pub products: Vec<ProductView>,
    /// Versions of its text, first to last.
    pub transcripts: Vec<TranscriptView>,
    /// Marks, in the order of time.
    pub markers: Vec<MarkerView>,
    /// The session it belongs to, and its place in it.
    pub session: Option<(Session, usize)>,
    /// Whether it has sound and no text that somebody checked (R09).
    pub lacks_checked_text: bool,
}

impl MediaFacts {
    /// Everything that was noticed, by both examinations, in the order of time.
    pub fn findings(&self) -> Vec<Finding> {
        let reports = [&self.probe, &self.preview].into_iter().flatten();
        let mut findings: Vec<Finding> = reports
            .filter_map(|examination| examination.result.as_ref().ok())
            .flat_map(|report| report.findings.iter().copied())
            .collect();
        findings.sort_by_key(|finding| (finding.from_us, finding.class));
        findings
    }

    /// What the probe found, where it found something.
    pub fn report(&self) -> Option<&Report> {
        self.probe.as_ref()?.result.as_ref().ok().map(|report| &**report)
    }
}

fn examination(row: &ExaminationRow) -> Outcome<Examination> {
    let result = if row.outcome == "done" {
        // A payload whose key was destroyed leaves nothing to show.
        let text = if row.report.is_empty() { "{}" } else { row.report.as_str() };
        let report = serde_json::from_str(text).or_else(|error| {
            if row.report.is_empty() { Ok(Report::default()) } else { Err(error) }
        });
        Ok(Box::new(report.map_err(|error| {
            Fault::new(Code::CatalogueDamaged).with("what", "report").caused_by(error)
        })?))
    } else {
        Err((row.outcome.clone(), row.report.clone()))
    };
    Ok(Examination { at: row.at, engine: row.engine.clone(), result })
}

impl Vault {
    /// What is known of a recording's content.
    pub async fn media_facts(&self, id: &ContentId) -> Outcome<MediaFacts> {
        let rows = self.catalog.examinations_of(id).await?;
        let of = |task: &str| rows.iter().find(|row| row.task == task);
        let probe = of("probe").map(examination).transpose()?;
        let preview = of("preview").map(examination).transpose()?;
        let receipts = self.catalog.receipts_of(id).await?;
        let receipt = receipts.first();
        let report = probe.as_ref().and_then(|probe| probe.result.as_ref().ok());
        let times = match (report, receipt) {
            (Some(report), Some(receipt)) => times::claims(report, &circumstances(receipt)),
            (None, Some(receipt)) => times::claims(&Report::default(), &circumstances(receipt)),
            (_, None) => Vec::new(),
        };
        let row = of("probe");
        let device = row.map(|row| row.device.clone()).unwrap_or_default();
        let medium = row.map(|row| row.medium.clone()).unwrap_or_default();
        let case = receipt.map(|receipt| receipt.case_no.clone()).unwrap_or_default();
        let transcripts: Vec<TranscriptView> =
            self.catalog.transcripts_of(id).await?.into_iter().map(TranscriptView::from).collect();
        let has_sound = report.is_some_and(|report| {
            report.streams.iter().any(|stream| stream.medium == vault_media_protocol::Medium::Audio)
        });
        let checked = transcripts.iter().any(|version| version.checked.is_some());
        Ok(MediaFacts {
            medium,
            probe,
            preview,
            times,
            products: self.catalog.products_of(id).await?.into_iter().map(product).collect(),
            lacks_checked_text: has_sound && !checked,
            transcripts,
            markers: self.catalog.markers_of(id).await?.into_iter().map(marker).collect(),
            session: self.session_of(id, &case, &device).await?,
            device,
        })
    }

    /// The session a recording belongs to, and its place in it; `None` where its device or its
    /// times are not known.
    async fn session_of(
        &self,
        id: &ContentId,
        case: &str,
        device: &str,
    ) -> Outcome<Option<(Session, usize)>> {
        if device.is_empty() {
            return Ok(None);
        }
        let parts = self.catalog.parts_of(case, device).await?;
        let parts = parts
            .into_iter()
            .map(|part| SessionPart {
                recording: part.recording,
                name: part.name,
                started: part.started,
                ended: part.started.plus_ms(part.duration_ms),
            })
            .collect();
        Ok(sessions(parts).into_iter().find_map(|session| {
            let place = session.parts.iter().position(|part| part.recording == *id)?;
            Some((session, place))
        }))
    }
}

fn product(row: DerivativeRow) -> ProductView {
    ProductView { kind: row.kind, object: row.object, bytes: row.bytes, recipe: row.recipe }
}

impl From<TranscriptRow> for TranscriptView {
    fn from(row: TranscriptRow) -> Self {
        Self {
            version: row.version,
            origin: row.origin,
            engine: row.engine,
            based_on: row.based_on,
            at: row.at,
            person: row.person,
            object: row.object,
            checked: row.checked,
        }
    }
}

fn marker(row: MarkerRow) -> MarkerView {
    MarkerView {
        marker: row.marker,
        kind: row.kind,
        from_ms: row.from_ms,
        to_ms: row.to_ms,
        note: row.note,
        person: row.person,
    }
}
