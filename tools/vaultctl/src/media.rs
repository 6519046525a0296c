//! What is known of a recording's content, as people and programs see it.
//!
//! Promises: each time stands with its source, each finding with begin, end and measure; what
//! could not be examined says why. Nothing a recording says of itself is shown as a fact of ours.

use crate::table::{Lean, Table};
use crate::times::{Zone, rfc3339, shown_time};
use serde_json::{Value, json};
use vault_core::clock::UtcTime;
use vault_core::media::{Examination, MediaFacts, Session, TimeClaim};
use vault_core::wording::{Family, Wording, shown};
use vault_media_protocol::{Finding, FindingClass, Medium, Report, StreamFacts};

fn time_json(at: Option<UtcTime>) -> Value {
    at.map(rfc3339).into()
}

/// The code of a finding, as on the wire.
pub(crate) fn finding_code(class: FindingClass) -> &'static str {
    match class {
        FindingClass::Gap => "gap",
        FindingClass::Overlap => "overlap",
        FindingClass::Jump => "jump",
        FindingClass::Corrupt => "corrupt",
        FindingClass::Truncated => "truncated",
        FindingClass::Black => "black",
        FindingClass::Frozen => "frozen",
        FindingClass::Silent => "silent",
    }
}

/// Facts for programs.
pub(crate) fn media_json(facts: &MediaFacts) -> Value {
    let best = facts.times.iter().find(|claim| claim.started.is_some());
    let report = facts.report();
    json!({
        "kind": facts.medium,
        "container": report.map(|report| &report.container),
        "duration_ms": report.and_then(|report| report.duration_us).map(|us| us / 1_000),
        "device": facts.device,
        "started": time_json(best.and_then(|claim| claim.started)),
        "ended": time_json(best.and_then(|claim| claim.ended)),
        "time_source": best.map(|claim| claim.source.as_str()),
        "times": facts.times.iter().map(claim_json).collect::<Vec<_>>(),
        "tags": report.map(|report| &report.tags),
        "streams": report.map(|report| &report.streams),
        "exif": report.and_then(|report| report.exif.as_ref()),
        "plays_in_browser": report.map(|report| report.plays_in_browser),
        "findings": facts.findings().iter().map(finding_json).collect::<Vec<_>>(),
        "probe": facts.probe.as_ref().map(examination_json),
        "preview": facts.preview.as_ref().map(examination_json),
        "session": facts.session.as_ref().map(|(session, place)| session_json(session, *place)),
        "products": facts.products.iter().map(|product| json!({
            "kind": product.kind,
            "object": product.object.to_string(),
            "bytes": product.bytes,
            "recipe": product.recipe,
        })).collect::<Vec<_>>(),
        "transcripts": facts.transcripts.iter().map(crate::transcripts::version_json)
            .collect::<Vec<_>>(),
        "markers": facts.markers.iter().map(|marker| json!({
            "marker": marker.marker,
            "kind": marker.kind,
            "from_ms": marker.from_ms,
            "to_ms": marker.to_ms,
            "note": marker.note,
            "person": marker.person,
        })).collect::<Vec<_>>(),
        "lacks_checked_text": facts.lacks_checked_text,
    })
}

fn claim_json(claim: &TimeClaim) -> Value {
    json!({
        "source": claim.source.as_str(),
        "started": time_json(claim.started),
        "ended": time_json(claim.ended),
        "zone_stated": claim.zone_stated,
        "clock_offset_ms": claim.offset_ms,
    })
}

fn finding_json(finding: &Finding) -> Value {
    json!({
        "class": finding_code(finding.class),
        "stream": finding.stream,
        "from_ms": finding.from_us / 1_000,
        "to_ms": finding.to_us / 1_000,
        "measure": finding.measure,
    })
}

fn examination_json(examination: &Examination) -> Value {
    let (state, reason, detail) = match &examination.result {
        Ok(_) => ("done", None, None),
        Err((reason, detail)) => ("not-examinable", Some(reason), Some(detail)),
    };
    json!({
        "state": state,
        "reason": reason,
        "detail": detail,
        "engine": examination.engine,
        "at": rfc3339(examination.at),
    })
}

/// A session for programs; `place` is that of the recording asked for.
pub(crate) fn session_json(session: &Session, place: usize) -> Value {
    json!({
        "part": place + 1,
        "parts": session.parts.iter().map(|part| json!({
            "recording": part.recording.to_string(),
            "name": part.name,
            "started": rfc3339(part.started),
            "ended": rfc3339(part.ended),
        })).collect::<Vec<_>>(),
        "seams": session.seams.iter().map(|seam| json!({
            "after_part": seam.after + 1,
            "from": rfc3339(seam.from),
            "to": rfc3339(seam.to),
            "measure_ms": seam.measure_ms,
        })).collect::<Vec<_>>(),
    })
}

/// A length of time for people: `1:02:03.4`.
pub(crate) fn shown_length(us: i64) -> String {
    let tenths = us / 100_000;
    let (seconds, tenth) = (tenths / 10, tenths % 10);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{hours}:{minutes:02}:{seconds:02}.{tenth}")
}

/// Facts for people, a line each, then what was noticed.
pub(crate) fn media_lines(facts: &MediaFacts, wording: &Wording, zone: Zone) -> String {
    let Some(probe) = &facts.probe else {
        return wording.text("ctl-media-not-yet", &[]);
    };
    let mut table = Table::pairs();
    let mut fact = |key: &str, value: String| {
        if !value.is_empty() {
            table.row(vec![wording.text(key, &[]), value]);
        }
    };
    match &probe.result {
        Ok(report) => report_facts(report, facts, wording, &mut fact),
        Err((reason, _)) => {
            fact("ctl-column-examined", wording.name(Family::Reason, reason));
        }
    }
    if let Some(Err((reason, _))) = facts.preview.as_ref().map(|preview| &preview.result) {
        fact("ctl-column-preview", wording.name(Family::Reason, reason));
    }
    for claim in &facts.times {
        fact("ctl-column-time-claim", claim_line(claim, wording, zone));
    }
    if let Some((session, place)) = &facts.session {
        let (part, parts) = ((place + 1).to_string(), session.parts.len().to_string());
        let values = [("part", part.as_str()), ("parts", parts.as_str())];
        fact("ctl-column-session", wording.text("ctl-media-session", &values));
    }
    let products: Vec<_> =
        facts.products.iter().map(|product| wording.name(Family::Product, &product.kind)).collect();
    fact("ctl-column-products", products.join(" · "));
    let text = if facts.lacks_checked_text {
        wording.text("ctl-media-lacks-text", &[])
    } else {
        String::new()
    };
    fact("ctl-column-text", text);
    let mut lines = table.lines();
    let findings = findings_table(&facts.findings(), wording);
    if !findings.is_empty() {
        lines.push('\n');
        lines.push_str(&findings);
    }
    if let Some((session, _)) = &facts.session {
        lines.push_str(&seam_lines(session, wording, zone));
    }
    lines
}

fn report_facts(
    report: &Report,
    facts: &MediaFacts,
    wording: &Wording,
    fact: &mut dyn FnMut(&str, String),
) {
    fact("ctl-column-medium", wording.name(Family::Medium, &facts.medium));
    fact("ctl-column-container", shown(&report.container));
    fact("ctl-column-length", report.duration_us.map(shown_length).unwrap_or_default());
    for stream in &report.streams {
        fact("ctl-column-stream", stream_line(stream, wording));
    }
    fact("ctl-column-recorder", shown(&facts.device));
    if let Some(exif) = &report.exif
        && let (Some(latitude), Some(longitude)) = (exif.latitude_e6, exif.longitude_e6)
    {
        fact("ctl-column-position", format!("{}, {}", degrees(latitude), degrees(longitude)));
    }
    let position = ["location", "com.apple.quicktime.location.ISO6709"];
    let tag = report.tags.iter().find(|tag| position.contains(&tag.name.as_str()));
    fact("ctl-column-position", tag.map(|tag| shown(&tag.value)).unwrap_or_default());
}

fn degrees(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let millionths = millionths.unsigned_abs();
    format!("{sign}{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

fn stream_line(stream: &StreamFacts, wording: &Wording) -> String {
    let mut parts = vec![shown(&stream.codec)];
    if stream.width > 0 {
        parts.push(format!("{}×{}", stream.width, stream.height));
    }
    let (frames, per) = stream.frame_rate;
    if stream.medium == Medium::Video && per > 0 {
        let hundredths = u64::from(frames) * 100 / u64::from(per);
        parts.push(format!("{}.{:02} fps", hundredths / 100, hundredths % 100));
        if stream.frame_rate_varies {
            parts.push(wording.text("ctl-media-rate-varies", &[]));
        }
    }
    if stream.rotation > 0 {
        parts.push(format!("{}°", stream.rotation));
    }
    if stream.sample_rate > 0 {
        parts.push(format!("{} Hz × {}", stream.sample_rate, stream.channels));
    }
    parts.join(" · ")
}

fn claim_line(claim: &TimeClaim, wording: &Wording, zone: Zone) -> String {
    let time = |at: Option<UtcTime>| at.map_or("…".to_owned(), |at| shown_time(at, zone));
    let source = wording.name(Family::TimeSource, claim.source.as_str());
    let mut line = format!("{} → {}  {source}", time(claim.started), time(claim.ended));
    if !claim.zone_stated {
        line.push_str(&wording.text("ctl-media-zone-assumed", &[]));
    }
    if claim.offset_ms != 0 {
        let seconds = (claim.offset_ms / 1_000).to_string();
        line.push_str(&wording.text("ctl-media-clock-offset", &[("seconds", &seconds)]));
    }
    line
}

fn findings_table(findings: &[Finding], wording: &Wording) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let mut table = Table::new(vec![
        (wording.text("ctl-column-finding", &[]), Lean::Left),
        (wording.text("ctl-column-from", &[]), Lean::Right),
        (wording.text("ctl-column-to", &[]), Lean::Right),
        (wording.text("ctl-column-stream", &[]), Lean::Right),
        (wording.text("ctl-column-measure", &[]), Lean::Left),
    ]);
    for finding in findings {
        table.row(vec![
            wording.name(Family::Finding, finding_code(finding.class)),
            shown_length(finding.from_us),
            shown_length(finding.to_us),
            finding.stream.to_string(),
            measure(finding, wording),
        ]);
    }
    table.lines()
}

/// A measure in the unit of its class.
fn measure(finding: &Finding, wording: &Wording) -> String {
    let (key, number) = match finding.class {
        FindingClass::Gap | FindingClass::Overlap | FindingClass::Jump => {
            ("ctl-measure-ms", (finding.measure / 1_000).to_string())
        }
        FindingClass::Corrupt => ("ctl-measure-packets", finding.measure.to_string()),
        FindingClass::Truncated => ("ctl-measure-missing", (finding.measure / 1_000).to_string()),
        FindingClass::Black => ("ctl-measure-brightness", finding.measure.to_string()),
        FindingClass::Frozen => ("ctl-measure-change", finding.measure.to_string()),
        FindingClass::Silent => {
            let hundredths = finding.measure.unsigned_abs();
            ("ctl-measure-level", format!("-{}.{:02}", hundredths / 100, hundredths % 100))
        }
    };
    wording.text(key, &[("number", &number)])
}

/// Where the files of a session do not join, a line each.
pub(crate) fn seam_lines(session: &Session, wording: &Wording, zone: Zone) -> String {
    let mut lines = String::new();
    for seam in &session.seams {
        let key = if seam.measure_ms > 0 { "ctl-session-gap" } else { "ctl-session-overlap" };
        let values = [
            ("part", (seam.after + 1).to_string()),
            ("from", shown_time(seam.from, zone)),
            ("to", shown_time(seam.to, zone)),
            ("seconds", format!("{}", seam.measure_ms.abs() / 1_000)),
        ];
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lines.push_str(&wording.text(key, &values));
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use vault_core::wording::Language;

    #[test]
    fn lengths_positions_and_measures_are_shown_in_their_units() {
        assert_eq!(shown_length(3_723_400_000), "1:02:03.4");
        assert_eq!(degrees(-43_880_001), "-43.880001");
        let wording = Wording::new(Language::English);
        let silent = Finding {
            class: FindingClass::Silent,
            stream: 1,
            from_us: 0,
            to_us: 2_000_000,
            measure: -6_012,
        };
        assert_eq!(measure(&silent, &wording), "-60.12 dBFS");
    }
}
