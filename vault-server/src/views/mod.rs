//! What answers look like: the shapes that pages and programs rely on. Only shapes; the words of
//! codes are served by `/api/v1/codes`.

mod cases;
mod inspections;
mod process;
mod publicity;
mod recordings;
mod registers;
mod requests;

pub use cases::{
    CaseLine, CaseSaid, ContentsLine, Lacking, OfficerSaid, RecordedSaid, case_line, case_said,
    contents_line, recorded_said,
};
pub use inspections::{
    EvaluatedSaid, FindingSaid, InspectionSaid, LotSaid, ScoreSaid, WatchingSaid, evaluated_said,
    inspection_said, score_said, watching_said,
};
pub use process::{ProcessSaid, process_said};
pub use publicity::{
    AnnualSaid, FiguresSaid, PublicityDueSaid, PublicitySaid, annual_said, figures_said,
    publicity_due_said, publicity_said,
};
pub use recordings::{
    BlockSaid, Cue, EventSaid, Findings, MarkerSaid, MediaSaid, ProductSaid, ReasonSaid,
    RecordingLine, RecordingSaid, RetentionSaid, TierSaid, TranscriptSaid, VersionSaid, event_said,
    recording_line, recording_said, retention_said, term_said, tier_said, transcript_said,
};
pub use registers::{
    DeviceSaid, DevicesSaid, LapseSaid, NumberSaid, ObligationSaid, ReviewSaid, StatementSaid,
    SuspicionSaid, device_said, devices_said, lapse_said, obligation_said, review_said,
    statement_said, suspicion_said,
};
pub use requests::{FormSaid, RequestSaid, form_said, request_said};

use serde::Serialize;
use utoipa::ToSchema;
use vault_core::clock::UtcTime;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; none at the end.
    pub next: Option<u64>,
}

impl<T> Listed<T> {
    /// A list that is whole.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// Who took a step, why and when.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepSaid {
    /// Who.
    pub person: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: String,
}

/// Who took a step, why and when.
pub fn step_said((person, reason, at): (String, String, UtcTime)) -> StepSaid {
    StepSaid { person, reason, at: said_time(at) }
}

/// A time as programs read it: RFC 3339 in China's zone.
pub fn said_time(at: UtcTime) -> String {
    format!("{}+08:00", at.in_china().replace(' ', "T"))
}
