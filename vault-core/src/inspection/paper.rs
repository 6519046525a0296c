//! Papers of an inspection as forms, with the day each bears: the notice to the inspected, the notice
//! to put a finding right, the report for the yearly evaluation (R23; A3.14, A2.19).
//!
//! Promises: a form says what the inspection says and nothing else; a notice is there once the
//! inspection was approved, a report once its lots were drawn.

use super::acts::refused;
use super::review::{Score, Tally, scores};
use super::rows::{FindingRow, LotRow, findings, lots};
use super::view::{Described, InspectionView, described, find_one};
use crate::access::Form;
use crate::clock::Date;
use crate::fault::Outcome;
use crate::limits::FORM_LINES_MAX;
use crate::policy::{Act, Actor};
use crate::vault::Vault;

async fn asked(vault: &Vault, actor: &Actor, number: &str) -> Outcome<InspectionView> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    find_one(vault, number).await
}

/// Parts of ten thousand as a percentage.
fn percent(proportion: u64) -> String {
    let (whole, part) = (proportion / 100, proportion % 100);
    if part == 0 { format!("{whole}%") } else { format!("{whole}.{part:02}%") }
}

fn period(view: &InspectionView) -> [(&'static str, String); 2] {
    // The period ends before the day after its last.
    let last = Date::of(view.to).plus_days(-1);
    [("from-on", Date::of(view.from).to_string()), ("to-on", last.to_string())]
}

/// The notice of an inspection to those it concerns.
pub async fn notice(vault: &Vault, actor: &Actor, number: &str) -> Outcome<(Form, Date)> {
    let view = asked(vault, actor, number).await?;
    let approved = view.approved.as_ref().ok_or_else(|| refused(&view, "out-of-turn"))?;
    let day = Date::of(approved.at);
    let mut fields = vec![
        ("inspection", view.id.to_string()),
        ("issued-on", day.to_string()),
        ("plan-basis", view.planned.text.clone()),
    ];
    fields.extend(period(&view));
    fields.extend([
        ("percent", percent(view.measure.proportion)),
        ("minimum", view.measure.minimum.to_string()),
        ("strata", view.strata.join(" ")),
        ("planned-by", view.planned.person.clone()),
        ("approved-by", approved.person.clone()),
    ]);
    let (columns, lines) = (Vec::new(), Vec::new());
    Ok((Form { kind: "inspection-notice", fields, columns, lines }, day))
}

/// The notice to put a finding right, to the unit it concerns.
pub async fn correction_notice(
    vault: &Vault,
    actor: &Actor,
    (number, finding): (&str, &str),
) -> Outcome<(Form, Date)> {
    let view = asked(vault, actor, number).await?;
    let found = view.finding(finding)?;
    let known = described(vault, std::slice::from_ref(&found.item)).await?;
    let known = known.into_iter().next().unwrap_or_default();
    let cases = vault.catalog.ask().await?.case(&known.case_no).await?;
    let unit = cases.map_or_else(|| known.handler.clone(), |case| case.unit);
    let stretch =
        if found.to_ms > 0 { format!("{}-{}", found.from_ms, found.to_ms) } else { String::new() };
    let day = Date::of(found.found.at);
    let name = if known.name.is_empty() { known.activity } else { known.name };
    let fields = vec![
        ("finding", found.id.to_string()),
        ("issued-on", day.to_string()),
        ("unit", unit),
        ("case-no", known.case_no),
        ("handler", known.handler),
        ("item", format!("{name} {}", found.item).trim().to_owned()),
        ("stretch-ms", stretch),
        ("article", found.article.clone()),
        ("due-on", found.due.clone()),
        ("found", found.found.text.clone()),
        ("found-by", found.found.person.clone()),
    ];
    let (columns, lines) = (Vec::new(), Vec::new());
    Ok((Form { kind: "correction-notice", fields, columns, lines }, day))
}

/// Codes of the columns that tell a tally.
pub(super) const TALLY_COLUMNS: [&str; 7] =
    ["drawn", "reviewed", "unreviewed", "passed", "points", "findings", "settled"];

/// What stands in those columns.
pub(super) fn tally_cells(tally: &Tally) -> [String; 7] {
    let Tally { drawn, reviewed, passed, findings, settled } = *tally;
    let unreviewed = tally.unreviewed().to_string();
    let points = tally.points().map(|points| points.to_string()).unwrap_or_default();
    let [drawn, reviewed, passed] = [drawn, reviewed, passed].map(|count| count.to_string());
    [drawn, reviewed, unreviewed, passed, points, findings.to_string(), settled.to_string()]
}

/// Fields with what all of these come to.
pub(super) fn sums<'a>(all: impl Iterator<Item = &'a Tally>) -> [(&'static str, String); 6] {
    let mut total = Tally::default();
    for one in all {
        total.drawn += one.drawn;
        total.reviewed += one.reviewed;
        total.passed += one.passed;
        total.findings += one.findings;
        total.settled += one.settled;
    }
    [
        ("drawn", total.drawn.to_string()),
        ("reviewed", total.reviewed.to_string()),
        ("unreviewed", total.unreviewed().to_string()),
        ("passed", total.passed.to_string()),
        ("findings", total.findings.to_string()),
        ("settled", total.settled.to_string()),
    ]
}

/// Codes of the columns of the lists of a report: the strata, what was found, what was drawn with
/// its verdicts, and verdicts that were replaced, which have the columns of those that stand. Each
/// line says of which list it is, and has its columns.
const REPORT_COLUMNS: [&[&str]; 3] = [
    &["stratum", "population"],
    &["found", "article", "stretch-ms", "due-on", "found-by", "correction"],
    &["name", "activity", "case-no", "handler", "recorded", "uninterrupted", "handled", "said"],
];

/// Lines of a list of the report as the columns of all of them, the others left empty.
fn report_line((list, group): (&str, usize), own: &[String], tally: &[String]) -> Vec<String> {
    let mut line = vec![list.to_owned()];
    for (at, columns) in REPORT_COLUMNS.iter().enumerate() {
        if at == group {
            line.extend(own.iter().cloned());
        } else {
            line.resize(line.len() + columns.len(), String::new());
        }
    }
    line.extend(tally.iter().cloned());
    line
}

fn finding_line(row: FindingRow) -> Vec<String> {
    let FindingRow { known, finding } = row;
    let stretch = if finding.to_ms > 0 {
        format!("{}-{}", finding.from_ms, finding.to_ms)
    } else {
        String::new()
    };
    let state = finding.state().to_owned();
    let about = if known.name.is_empty() { known.case_no } else { known.name };
    let found = format!("{} ({about})", finding.found.text);
    let own = [found, finding.article, stretch, finding.due, finding.found.person, state];
    report_line(("findings", 1), &own, &[])
}

fn lot_line(row: LotRow) -> Vec<String> {
    let LotRow { known, review, replaced, .. } = row;
    let [recorded, uninterrupted, handled] = review
        .as_ref()
        .map_or_else(|| ["unreviewed", "", ""].map(str::to_owned), |review| review.answers.clone());
    let said = review.map_or_else(String::new, |review| {
        format!("{} {} {}", review.said.person, Date::of(review.said.at), review.said.text)
    });
    let Described { name, activity, case_no, handler, .. } = known;
    let own = [name, activity, case_no, handler, recorded, uninterrupted, handled, said];
    report_line((if replaced { "replaced" } else { "lots" }, 2), &own, &[])
}

/// The report of an inspection: what it came to, stratum by stratum, what was found, and what was
/// drawn with its verdicts; how many lines did not fit is said.
pub async fn report(vault: &Vault, actor: &Actor, number: &str) -> Outcome<(Form, Date)> {
    let view = asked(vault, actor, number).await?;
    let (_, seed, drawn_at) = view.drawn.clone().ok_or_else(|| refused(&view, "out-of-turn"))?;
    let scores = scores(vault, actor, &view).await?;
    let last = view.reviews.iter().map(|review| review.said.at).max();
    let day = Date::of(view.ended.as_ref().map_or(last.unwrap_or(drawn_at), |ended| ended.at));
    let mut fields = vec![
        ("inspection", view.id.to_string()),
        ("issued-on", day.to_string()),
        ("plan-basis", view.planned.text.clone()),
    ];
    fields.extend(period(&view));
    fields.extend([
        ("percent", percent(view.measure.proportion)),
        ("strata", view.strata.join(" ")),
        ("population", scores.iter().map(|score| score.population).sum::<u64>().to_string()),
    ]);
    fields.extend(sums(scores.iter().map(|score| &score.tally)));
    fields.push(("seed", seed));
    let mut columns = vec!["list"];
    columns.extend(REPORT_COLUMNS.concat());
    columns.extend(TALLY_COLUMNS);
    let stratum = |score: &Score| {
        let own = [score.stratum.clone(), score.population.to_string()];
        report_line(("strata", 0), &own, &tally_cells(&score.tally))
    };
    let mut lines: Vec<Vec<String>> = scores.iter().map(stratum).collect();
    lines.extend(findings(vault, &view).await?.into_iter().map(finding_line));
    lines.extend(lots(vault, &view).await?.into_iter().map(lot_line));
    for line in &mut lines {
        line.resize(columns.len(), String::new());
    }
    let left_off = lines.len().saturating_sub(FORM_LINES_MAX);
    fields.push(("left-off", left_off.to_string()));
    lines.truncate(FORM_LINES_MAX);
    Ok((Form { kind: "inspection-report", fields, columns, lines }, day))
}
