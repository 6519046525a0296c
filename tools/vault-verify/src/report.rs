//! The answer: for people, Chinese first and English beside it, and for programs as JSON.
//!
//! Promises that names from a package are shown escaped, so that none can pass for words of this
//! program, and that JSON is one canonical document.

use crate::arguments::Usage;
use std::io::{Result, Write};
use vault_proof::canonical::{self, Value};
use vault_proof::package::{Report, Verdict, WORDS_EN, WORDS_ZH_CN, words};

/// A sentence in both languages; the key itself where the catalogue lacks it.
fn both(key: &str) -> String {
    let of = |catalogue| words(catalogue, key).unwrap_or(key);
    format!("{} | {}", of(WORDS_ZH_CN), of(WORDS_EN))
}

/// How it is used.
pub(crate) fn help(out: &mut dyn Write) -> Result<()> {
    for key in ["usage", "usage-exit"] {
        for catalogue in [WORDS_ZH_CN, WORDS_EN] {
            writeln!(out, "{}", words(catalogue, key).unwrap_or(key))?;
        }
    }
    Ok(())
}

/// Why a call is none.
pub(crate) fn refused(out: &mut dyn Write, usage: &Usage) -> Result<()> {
    if usage.key != "usage" {
        writeln!(out, "{}: {}", both(usage.key), usage.argument.escape_debug())?;
    }
    help(out)
}

/// For people.
pub(crate) fn text(out: &mut dyn Write, report: &Report) -> Result<()> {
    writeln!(out, "{}", both(report.verdict.as_str()))?;
    if report.verdict == Verdict::SelfAsserted {
        writeln!(out, "{}", both("self-asserted-why"))?;
    }
    writeln!(out, "{}: {}", both("origin"), report.origin.escape_debug())?;
    writeln!(out, "{}: {}", both("copy-mark"), report.copy_mark.escape_debug())?;
    let counts = [("files", report.files), ("bytes", report.bytes), ("events", report.events)];
    for (key, count) in counts {
        writeln!(out, "{}: {count}", both(key))?;
    }
    for (key, list) in [("included", &report.included), ("missing-recordings", &report.missing)] {
        writeln!(out, "{}: {}", both(key), list.len())?;
        for recording in list {
            writeln!(out, "  {recording}")?;
        }
    }
    if !report.excerpts.is_empty() {
        writeln!(out, "{}: {}", both("excerpts"), report.excerpts.len())?;
    }
    for excerpt in &report.excerpts {
        let (begins, ends) = (clock(excerpt.begins_ms), clock(excerpt.ends_ms));
        writeln!(out, "  {} {begins}–{ends}", excerpt.recording)?;
        let (bytes, as_recorded) = (excerpt.bytes, excerpt.as_recorded);
        writeln!(out, "      {}: {as_recorded} / {bytes}", both("excerpt-as-recorded"))?;
    }
    if !report.problems.is_empty() {
        writeln!(out, "{}: {}", both("problems"), report.problems.len())?;
    }
    for problem in &report.problems {
        let (code, file) = (problem.what.as_str(), problem.file.escape_debug());
        writeln!(out, "  [{code}] {file}\n      {}", both(code))?;
    }
    Ok(())
}

/// Milliseconds as `0:12:05.040`.
fn clock(ms: u64) -> String {
    let seconds = ms / 1_000;
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{hours}:{minutes:02}:{rest:02}.{:03}", ms % 1_000)
}

/// For programs.
pub(crate) fn json(out: &mut dyn Write, report: &Report) -> Result<()> {
    let number = |count: u64| i64::try_from(count).map_or(Value::Null, Value::Integer);
    let texts = |list: &[vault_proof::ContentId]| {
        Value::List(list.iter().map(|id| Value::text(id.to_string())).collect())
    };
    let problems = report.problems.iter().map(|problem| {
        Value::map([
            ("file", Value::text(&problem.file)),
            ("what", Value::text(problem.what.as_str())),
        ])
    });
    let excerpts = report.excerpts.iter().map(|excerpt| {
        Value::map([
            ("as_recorded", number(excerpt.as_recorded)),
            ("begins_ms", number(excerpt.begins_ms)),
            ("bytes", number(excerpt.bytes)),
            ("ends_ms", number(excerpt.ends_ms)),
            ("recording", Value::text(excerpt.recording.to_string())),
        ])
    });
    let value = Value::map([
        ("bytes", number(report.bytes)),
        ("copy_mark", Value::text(&report.copy_mark)),
        ("events", number(report.events)),
        ("excerpts", Value::List(excerpts.collect())),
        ("files", number(report.files)),
        ("included", texts(&report.included)),
        ("missing", texts(&report.missing)),
        ("origin", Value::text(&report.origin)),
        ("problems", Value::List(problems.collect())),
        ("verdict", Value::text(report.verdict.as_str())),
    ]);
    out.write_all(&canonical::encode(&value))?;
    writeln!(out)
}
