//! What the inspections of a year come to, for each unit and each officer, for the yearly evaluation
//! (R23; A3.14, A2.6(一)6).
//!
//! Promises: counts what was drawn in inspections of that year and what came of it until now, and
//! nothing else; each unit stands before its officers and is their sum; of what no unit is known the
//! officer alone is told.

use super::paper::{TALLY_COLUMNS, sums, tally_cells};
use super::review::Tally;
use super::view::{InspectionView, described, list};
use crate::access::Form;
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::FORM_LINES_MAX;
use crate::policy::Actor;
use crate::vault::Vault;
use std::collections::{BTreeMap, BTreeSet};
use vault_proof::RecordId;

/// Years that can be asked for: those of the calendar's four digits.
const YEARS: std::ops::RangeInclusive<u32> = 1_900..=9_999;

/// What the inspections of a year come to for a unit, or for one of its officers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evaluated {
    /// The unit of the case files; empty where there is none.
    pub unit: String,
    /// The officer; empty for the unit as a whole.
    pub handler: String,
    /// Inspections that drew something of theirs.
    pub inspections: u64,
    /// What became of what was drawn.
    pub tally: Tally,
}

fn year_of(at: UtcTime) -> String {
    Date::of(at).to_string().chars().take(4).collect()
}

/// Inspections that were drawn in this year, in China's zone.
async fn drawn_in(vault: &Vault, actor: &Actor, year: u32) -> Outcome<Vec<InspectionView>> {
    if !YEARS.contains(&year) {
        return Err(Fault::new(Code::ArgumentInvalid).with("argument", year));
    }
    let mut views = list(vault, actor).await?;
    let wanted = year.to_string();
    views.retain(|view| view.drawn.as_ref().is_some_and(|(_, _, at)| year_of(*at) == wanted));
    Ok(views)
}

/// The units of the case files of these numbers.
async fn units(vault: &Vault, cases: BTreeSet<String>) -> Outcome<BTreeMap<String, String>> {
    let mut asking = vault.catalog.ask().await?;
    let mut units = BTreeMap::new();
    for number in cases {
        if let Some(case) = asking.case(&number).await? {
            units.insert(number, case.unit);
        }
    }
    Ok(units)
}

/// What the inspections drawn in a year come to, each unit before its officers.
pub async fn evaluation(vault: &Vault, actor: &Actor, year: u32) -> Outcome<Vec<Evaluated>> {
    evaluated(vault, &drawn_in(vault, actor, year).await?).await
}

async fn evaluated(vault: &Vault, views: &[InspectionView]) -> Outcome<Vec<Evaluated>> {
    let mut sums: BTreeMap<(String, String), (Tally, BTreeSet<RecordId>)> = BTreeMap::new();
    for view in views {
        let known = described(vault, &view.lots).await?;
        let units = units(vault, known.iter().map(|one| one.case_no.clone()).collect()).await?;
        for (item, known) in view.lots.iter().zip(known) {
            let unit = units.get(&known.case_no).cloned().unwrap_or_default();
            for handler in [String::new(), known.handler] {
                let (tally, inspections) = sums.entry((unit.clone(), handler)).or_default();
                tally.count(view, item);
                inspections.insert(view.id);
            }
        }
    }
    let rows = sums.into_iter().map(|((unit, handler), (tally, inspections))| Evaluated {
        unit,
        handler,
        inspections: inspections.len() as u64,
        tally,
    });
    // Officers without a unit make no unit.
    Ok(rows.filter(|one| !(one.unit.is_empty() && one.handler.is_empty())).collect())
}

/// The same as a form, with the day it bears.
pub async fn evaluation_report(vault: &Vault, actor: &Actor, year: u32) -> Outcome<(Form, Date)> {
    let views = drawn_in(vault, actor, year).await?;
    let rows = evaluated(vault, &views).await?;
    let today = Date::of(vault.clock.now());
    let mut fields = vec![
        ("year", year.to_string()),
        ("issued-on", today.to_string()),
        ("inspections", views.len().to_string()),
    ];
    // Each thing drawn is counted once for its officer, whether or not he has a unit.
    let officers = rows.iter().filter(|row| !row.handler.is_empty());
    fields.extend(sums(officers.map(|row| &row.tally)));
    let mut columns = vec!["unit", "handler", "inspections"];
    columns.extend(TALLY_COLUMNS);
    let line = |row: &Evaluated| {
        let mut line = vec![row.unit.clone(), row.handler.clone(), row.inspections.to_string()];
        line.extend(tally_cells(&row.tally));
        line
    };
    let lines = rows.iter().take(FORM_LINES_MAX).map(line).collect();
    Ok((Form { kind: "inspection-evaluation", fields, columns, lines }, today))
}
