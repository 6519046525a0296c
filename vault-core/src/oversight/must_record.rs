//! What has to be recorded (应录事项), case by case: recorded, lawfully not recorded, or neither
//! (R03, R04; A3.4, A3.5).
//!
//! What took place is told by the written records of the file; what was recorded, by the labels of
//! its recordings; what was lawfully not, by statements that a superior accepted. Nothing here
//! changes anything.

use super::statement::{self, Statement, StatementState};
use crate::casefile;
use crate::catalog::{Asking, CaseBrief, DocumentBrief};
use crate::clock::Date;
use crate::fault::Outcome;
use crate::limits::DEADLINES_MAX;
use crate::policy::{Act, Actor};
use crate::vault::Vault;
use std::collections::BTreeMap;
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
    /// The number of the case in the vault.
    pub case_id: RecordId,
    /// The case.
    pub case_no: String,
    /// Its unit.
    pub unit: String,
    /// The first of its officers.
    pub handler: String,
    /// The first day of the written records that show it, else that of the case.
    pub on: Option<Date>,
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

/// What has to be recorded of one case, or of every case: three questions, however many they are.
async fn gathered(
    asking: &mut Asking<'_>,
    case_no: Option<&str>,
    statements: &[Statement],
) -> Outcome<Vec<Obligation>> {
    let cases = asking.case_briefs(case_no).await?;
    let mut documents: BTreeMap<String, Vec<DocumentBrief>> = BTreeMap::new();
    for one in asking.document_briefs(case_no).await? {
        documents.entry(one.case_no.clone()).or_default().push(one);
    }
    let mut recorded: BTreeMap<(String, String), u64> = BTreeMap::new();
    for (case_no, activity, many) in asking.case_activities(case_no).await? {
        recorded.insert((case_no, activity), many);
    }
    let mut stated: BTreeMap<&str, Vec<&Statement>> = BTreeMap::new();
    for one in statements {
        stated.entry(&one.stated.case_no).or_default().push(one);
    }
    let nothing = (Vec::new(), Vec::new());
    let of = |case: &CaseBrief| {
        let documents = documents.get(&case.case_no).unwrap_or(&nothing.0);
        let statements = stated.get(case.case_no.as_str()).unwrap_or(&nothing.1);
        of_case(case, documents, (&recorded, statements))
    };
    Ok(cases.iter().flat_map(of).collect())
}

fn of_case(
    case: &CaseBrief,
    documents: &[DocumentBrief],
    (recorded, statements): (&BTreeMap<(String, String), u64>, &[&Statement]),
) -> Vec<Obligation> {
    let mut found = Vec::new();
    for (activity, article, shown_by) in MUST_RECORD {
        let shows = |one: &&DocumentBrief| shown_by.contains(&one.document.as_str());
        let documents: Vec<&DocumentBrief> = documents.iter().filter(shows).collect();
        let key = (case.case_no.clone(), (*activity).to_owned());
        let recordings = recorded.get(&key).copied().unwrap_or(0);
        let about = |one: &&&Statement| one.stated.activity == *activity;
        let about: Vec<&Statement> = statements.iter().filter(about).copied().collect();
        if documents.is_empty() && recordings == 0 && about.is_empty() {
            continue;
        }
        let days = documents.iter().filter_map(|one| one.on.parse().ok());
        found.push(Obligation {
            case_id: case.case_id,
            case_no: case.case_no.clone(),
            unit: case.unit.clone(),
            handler: casefile::officers_of(&case.officers)
                .into_iter()
                .next()
                .map_or_else(String::new, |officer| officer.name),
            on: days.min().or_else(|| case.opened_on.parse().ok()),
            activity,
            article,
            documents: documents.iter().map(|one| one.title.clone()).collect(),
            recordings,
            statements: about.iter().map(|one| one.id).collect(),
            state: judged(recordings, &about),
        });
    }
    found
}

/// What of one case has to be recorded, and whether it was.
pub async fn case(vault: &Vault, actor: &Actor, case_no: &str) -> Outcome<Vec<Obligation>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let case = casefile::find(vault, case_no).await?;
    let statements = statement::all(vault).await?;
    one_case(&mut vault.catalog.ask().await?, &case.case_no, &statements).await
}

/// As `case`, for callers who asked already and have the statements.
pub(super) async fn one_case(
    asking: &mut Asking<'_>,
    case_no: &str,
    statements: &[Statement],
) -> Outcome<Vec<Obligation>> {
    gathered(asking, Some(case_no), statements).await
}

/// What was not recorded and is not lawfully so, of every case; at most `DEADLINES_MAX`.
pub async fn open(vault: &Vault, actor: &Actor) -> Outcome<Vec<Obligation>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let mut found = every(vault).await?;
    found.retain(|one| matches!(one.state, Recorded::Waiting | Recorded::Neither));
    found.truncate(DEADLINES_MAX);
    Ok(found)
}

/// What of every case has to be recorded, and whether it was.
pub(crate) async fn every(vault: &Vault) -> Outcome<Vec<Obligation>> {
    let statements = statement::all(vault).await?;
    gathered(&mut vault.catalog.ask().await?, None, &statements).await
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
