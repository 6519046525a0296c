//! What has to be recorded (应录事项), case by case: recorded, lawfully not recorded, or neither
//! (R03, R04; A3.4, A3.5).
//!
//! What took place is told by the written records of the file; what was recorded, by the labels of
//! its recordings; what was lawfully not, by statements that a superior accepted. Nothing here
//! changes anything.

use super::statement::{self, Statement, StatementState};
use crate::casefile::{self, CaseView};
use crate::catalog::Asking;
use crate::fault::Outcome;
use crate::limits::DEADLINES_MAX;
use crate::policy::{Act, Actor};
use crate::vault::Vault;
use vault_proof::RecordId;

/// What has to be recorded, the article, and the written records that show that it took place.
pub const MUST_RECORD: &[(&str, &str, &[&str])] = &[
    ("inspection", "A3.4(一)", &["inspection-record"]),
    ("complaint", "A3.4(二)", &["complaint-record"]),
    (
        "evidence-taking",
        "A3.4(三)",
        &["inquiry-record", "evidence-notice", "evidence-list", "sampling-list"],
    ),
    (
        "advance-registration",
        "A3.4(三)",
        &["registration-approval", "registration-notice", "registration-list"],
    ),
    ("service", "A3.4(三)", &["service-receipt"]),
    ("retained-service", "A2.16(五)", &[]),
    ("posted-notice", "A2.16(七)", &["posting-receipt"]),
    ("coercive-measure", "A3.4(四), A2.14(二)1", &["sealing-list", "enforcement-record"]),
    ("other", "A3.4(五)", &[]),
];

/// Cases asked for at once.
const ROWS: u32 = 200;

/// Whether it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It was.
    Recorded,
    /// It was not, on a ground that was accepted.
    Stated,
    /// It was not; a statement waits for its answer.
    Waiting,
    /// It was not, and nobody may say why.
    Neither,
}

impl Recorded {
    /// Every answer.
    pub const ALL: &'static [Self] = &[Self::Recorded, Self::Stated, Self::Waiting, Self::Neither];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Stated => "stated",
            Self::Waiting => "waiting",
            Self::Neither => "neither",
        }
    }
}

/// Something of a case that has to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// The case.
    pub case_no: String,
    /// Its unit.
    pub unit: String,
    /// What.
    pub activity: &'static str,
    /// The article that asks for it.
    pub article: &'static str,
    /// The titles of the written records that show that it took place.
    pub documents: Vec<String>,
    /// How many recordings of it there are.
    pub recordings: u64,
    /// The statements about it.
    pub statements: Vec<RecordId>,
    /// Whether it was recorded.
    pub state: Recorded,
}

fn judged(recordings: u64, statements: &[&Statement]) -> Recorded {
    let any = |state| statements.iter().any(|one| one.state == state);
    if recordings > 0 {
        Recorded::Recorded
    } else if any(StatementState::Accepted) {
        Recorded::Stated
    } else if any(StatementState::Reported) {
        Recorded::Waiting
    } else {
        Recorded::Neither
    }
}

async fn of_case(
    asking: &mut Asking<'_>,
    case: &CaseView,
    statements: &[Statement],
) -> Outcome<Vec<Obligation>> {
    let recorded = asking.case_activities(&case.case_no).await?;
    let mut found = Vec::new();
    for (activity, article, shown_by) in MUST_RECORD {
        let shows = |entry: &&casefile::ContentsEntry| shown_by.contains(&entry.document.as_str());
        let documents: Vec<String> =
            case.contents.iter().filter(shows).map(|entry| entry.title.clone()).collect();
        let recordings = recorded.iter().find(|(known, _)| known == activity);
        let recordings = recordings.map_or(0, |(_, many)| *many);
        let about = |one: &&Statement| {
            one.stated.case_no == case.case_no && one.stated.activity == *activity
        };
        let about: Vec<&Statement> = statements.iter().filter(about).collect();
        if documents.is_empty() && recordings == 0 && about.is_empty() {
            continue;
        }
        found.push(Obligation {
            case_no: case.case_no.clone(),
            unit: case.unit.clone(),
            activity,
            article,
            documents,
            recordings,
            statements: about.iter().map(|one| one.id).collect(),
            state: judged(recordings, &about),
        });
    }
    Ok(found)
}

/// What of one case has to be recorded, and whether it was.
pub async fn case(vault: &Vault, actor: &Actor, case_no: &str) -> Outcome<Vec<Obligation>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let case = casefile::show(vault, case_no).await?;
    let mut asking = vault.catalog.ask().await?;
    let statements = statement::all(vault).await?;
    of_case(&mut asking, &case, &statements).await
}

/// What was not recorded and is not lawfully so, of every case; at most `DEADLINES_MAX`.
pub async fn open(vault: &Vault, actor: &Actor) -> Outcome<Vec<Obligation>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let (mut found, mut after) = (Vec::new(), None);
    let mut asking = vault.catalog.ask().await?;
    let statements = statement::all(vault).await?;
    while found.len() < DEADLINES_MAX {
        let (cases, next) = casefile::list(vault, after, ROWS).await?;
        for case in &cases {
            let all = of_case(&mut asking, case, &statements).await?;
            let open =
                |one: &Obligation| matches!(one.state, Recorded::Waiting | Recorded::Neither);
            found.extend(all.into_iter().filter(open));
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    found.truncate(DEADLINES_MAX);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::ACTIVITIES;

    #[test]
    fn every_activity_stands_in_the_table_and_every_record_has_a_type() {
        let table: Vec<&str> = MUST_RECORD.iter().map(|(activity, ..)| *activity).collect();
        assert_eq!(table, ACTIVITIES.to_vec());
        for (_, _, documents) in MUST_RECORD {
            for document in *documents {
                assert!(casefile::document_stage(document).is_some(), "{document}");
            }
        }
    }
}
