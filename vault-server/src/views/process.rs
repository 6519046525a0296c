//! The whole process of a case as it is told.

use serde::Serialize;
use utoipa::ToSchema;
use vault_core::oversight::process::{PROCESS_STAGES, Process, Requirement};

/// Something that is there.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldSaid {
    /// Its title.
    pub title: String,
    /// Its content id, where it is a document.
    pub content: Option<String>,
}

/// What a stage requires.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequirementSaid {
    /// Its stage.
    pub stage: &'static str,
    /// `document`, `recording`, `review`, `opinion`, `discussion`, `publicity`, `end`, `closing`.
    pub kind: &'static str,
    /// Types of written records, or an activity.
    pub names: Vec<&'static str>,
    /// The article that asks for it.
    pub article: &'static str,
    /// `there`, `waiting`, `missing` or `ahead`.
    pub fulfilment: &'static str,
    /// How its own register has it.
    pub state: &'static str,
    /// Whether its term was missed.
    pub late: bool,
    /// What is there of it.
    pub held: Vec<HeldSaid>,
}

fn requirement_said(one: Requirement) -> RequirementSaid {
    let held = one
        .held
        .into_iter()
        .map(|held| HeldSaid { title: held.title, content: held.content.map(|id| id.to_string()) });
    RequirementSaid {
        stage: one.stage,
        kind: one.kind.as_str(),
        names: one.names,
        article: one.article,
        fulfilment: one.fulfilment.as_str(),
        state: one.state,
        late: one.late,
        held: held.collect(),
    }
}

/// How far a stage is.
#[derive(Debug, Serialize, ToSchema)]
pub struct StageSaid {
    /// Which stage.
    pub stage: &'static str,
    /// Requirements that are met.
    pub met: usize,
    /// Requirements.
    pub all: usize,
}

/// The process of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcessSaid {
    /// The case.
    pub case: String,
    /// Its title.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// How far each stage is.
    pub stages: Vec<StageSaid>,
    /// How much is missing.
    pub missing: usize,
    /// What is required, by stage.
    pub requirements: Vec<RequirementSaid>,
}

/// A process as it is told.
pub fn process_said(one: Process) -> ProcessSaid {
    let stages = PROCESS_STAGES.iter().map(|stage| {
        let (met, all) = one.count(stage);
        StageSaid { stage, met, all }
    });
    ProcessSaid {
        stages: stages.collect(),
        missing: one.missing().count(),
        case: one.case.case_no,
        title: one.case.title,
        unit: one.case.unit,
        requirements: one.requirements.into_iter().map(requirement_said).collect(),
    }
}
