//! What figures are counted from.

use crate::catalog::Asking;
use crate::clock::UtcTime;
use crate::fault::Outcome;

/// How many things stand open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    MissedUnexplained,
    Unlabelled,
    CasesOpen,
    RequestsOpen,
    FindingsOpen,
    StatementsOpen,
    ReviewsOpen,
    LapsesOpen,
    Damaged,
}

/// Entries of a register that have one kind of step and not the other.
fn entries(register: &str, with: &str, without: &str) -> String {
    format!(
        "SELECT count(*) FROM (SELECT DISTINCT entry FROM oversight_acts \
         WHERE register = '{register}' AND kind = '{with}' EXCEPT SELECT entry \
         FROM oversight_acts WHERE register = '{register}' AND kind = '{without}') AS open"
    )
}

fn question(standing: Standing) -> String {
    match standing {
        Standing::MissedUnexplained => entries("term", "term.missed", "term.explained"),
        Standing::Unlabelled => "SELECT count(*) FROM receipts WHERE case_no = ''".to_owned(),
        Standing::CasesOpen => "SELECT (SELECT count(*) FROM cases) - \
             (SELECT count(*) FROM events WHERE kind = 'case.closed')"
            .to_owned(),
        Standing::RequestsOpen => "SELECT count(*) FROM access_requests WHERE NOT EXISTS \
             (SELECT 1 FROM access_acts WHERE access_acts.request = access_requests.request \
             AND access_acts.kind IN ('access.decided', 'access.revoked'))"
            .to_owned(),
        Standing::FindingsOpen => "SELECT count(*) FROM (SELECT finding FROM inspection_acts \
             WHERE kind = 'inspection.found' EXCEPT SELECT finding FROM inspection_acts \
             WHERE kind = 'inspection.rechecked' AND settled = 1) AS open"
            .to_owned(),
        Standing::StatementsOpen => entries("statement", "statement.made", "statement.answered"),
        Standing::ReviewsOpen => entries("review", "review.submitted", "review.opinion-given"),
        Standing::LapsesOpen => entries("lapse", "lapse.raised", "lapse.closed"),
        Standing::Damaged => "SELECT count(*) FROM recordings WHERE damaged_seq >= 0 \
             AND NOT EXISTS (SELECT 1 FROM destroyed WHERE destroyed.recording = recordings.id)"
            .to_owned(),
    }
}

/// How many stand open now.
pub(super) async fn standing(asking: &mut Asking<'_>, standing: Standing) -> Outcome<u64> {
    Ok(asking.counts_of(&question(standing), 1).await?.pop().unwrap_or(0))
}

/// One count for each step: what the text counts, between two moments of `at_ms`.
async fn stepped(asking: &mut Asking<'_>, counting: &str, bounds: &[UtcTime]) -> Outcome<Vec<u64>> {
    // Numbers of our own, never text from outside.
    let between = bounds.windows(2).map(|pair| {
        let (from, to) = (pair[0].as_ms(), pair[1].as_ms());
        format!("({counting} AND at_ms >= {from} AND at_ms < {to})")
    });
    let between: Vec<String> = between.collect();
    asking.counts_of(&format!("SELECT {}", between.join(", ")), between.len()).await
}

/// How many events of a kind there were in each step.
pub(super) async fn trend(
    asking: &mut Asking<'_>,
    event: &str,
    bounds: &[UtcTime],
) -> Outcome<Vec<u64>> {
    stepped(asking, &format!("SELECT count(*) FROM events WHERE kind = '{event}'"), bounds).await
}

/// How many terms of labels were missed in each step.
pub(super) async fn late_labels(asking: &mut Asking<'_>, bounds: &[UtcTime]) -> Outcome<Vec<u64>> {
    let counting = "SELECT count(*) FROM oversight_acts WHERE register = 'term' \
         AND kind = 'term.missed' AND fields LIKE '%\"due_kind\":\"label\"%'";
    stepped(asking, counting, bounds).await
}
