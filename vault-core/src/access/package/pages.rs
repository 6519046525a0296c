//! The two pages of a package: `index.html`, which plays, and `verify.html`, which checks.
//!
//! Promises pages that need no network and no server: style, words, data and script are in them,
//! and their policy allows exactly that script and style by digest. Never puts text of a
//! recording where a browser would take it for markup.

use crate::fault::{Code, Fault, Outcome};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use vault_proof::package::record::{Record, Row};
use vault_proof::package::statement::Statement;
use vault_proof::package::{WORDS_EN, WORDS_ZH_CN};

const PAGE: &str = include_str!("../../../package/page.html");
const STYLE: &str = include_str!("../../../package/page.css");
const PLAYER: &str = include_str!("../../../package/player.js");

/// The verifier, in the order in which its parts use each other.
const VERIFIER: [&str; 6] = [
    include_str!("../../../package/digests.js"),
    include_str!("../../../package/signatures.js"),
    include_str!("../../../package/archive.js"),
    include_str!("../../../package/parts.js"),
    include_str!("../../../package/check.js"),
    include_str!("../../../package/verify.js"),
];

/// A recording as the player shows it.
pub(super) struct Shown {
    /// Path of the original or excerpt.
    pub(super) path: String,
    /// Path of what bears the copy's mark and is played in its place.
    pub(super) rendition: Option<String>,
    /// What `integrity.csv` says of it.
    pub(super) row: Row,
    /// Its record.
    pub(super) record: Record,
    /// For an excerpt, what of the recording it covers, in milliseconds.
    pub(super) covers: Option<(u64, u64)>,
    /// Its text record as WebVTT.
    pub(super) transcript: Option<Vec<u8>>,
}

fn words() -> Value {
    let of = |catalogue: &str| {
        let pairs = catalogue.lines().filter_map(|line| line.split_once(" = "));
        Value::Object(pairs.map(|(key, text)| (key.to_owned(), text.into())).collect::<Map<_, _>>())
    };
    json!({"zh-CN": of(WORDS_ZH_CN), "en": of(WORDS_EN)})
}

fn digest(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// JSON that can stand inside a script element: no `<` remains.
fn embedded(value: &Value) -> Outcome<String> {
    let text = serde_json::to_string(value);
    let text =
        text.map_err(|error| Fault::new(Code::Internal).with("what", "page").caused_by(error))?;
    Ok(text.replace('<', "\\u003c"))
}

fn page(title: &str, media: &str, data: &Value, script: &str) -> Outcome<String> {
    let policy = format!(
        "default-src 'none'; script-src {}; style-src {}; {media}base-uri 'none'; \
         form-action 'none'",
        digest(script),
        digest(STYLE)
    );
    let mut text = String::new();
    // Filled in one pass, so that nothing that is put in is looked into again.
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        text.push_str(before);
        match name {
            "title" => text.push_str(title),
            "policy" => text.push_str(&policy),
            "style" => text.push_str(STYLE),
            "words" => text.push_str(&embedded(&words())?),
            "data" => text.push_str(&embedded(data)?),
            "script" => text.push_str(script),
            _ => return Err(Fault::new(Code::Internal).with("what", "page")),
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

/// The player: every recording with its transcript in step, and what is not here and why.
pub(super) fn player(statement: &Statement, shown: &[Shown]) -> Outcome<String> {
    let recordings: Vec<Value> = shown
        .iter()
        .map(|shown| {
            json!({
                "path": shown.path,
                "rendition": shown.rendition,
                "covers": shown.covers,
                "name": shown.record.name,
                "case": shown.record.case,
                "format": shown.row.format,
                "id": shown.record.recording.to_string(),
                "digest": shown.row.blake3.to_string(),
                "bytes": shown.row.bytes,
                "transcript": shown.transcript.as_deref().map(String::from_utf8_lossy),
            })
        })
        .collect();
    let withheld = statement.withheld.iter().map(|entry| {
        json!({"id": entry.recording.to_string(), "reason": entry.reason, "article": entry.article})
    });
    let unreadable = statement.unreadable.iter().map(
        |entry| json!({"id": entry.recording.to_string(), "from": entry.from, "to": entry.to}),
    );
    let data = json!({
        "copy_mark": statement.copy_mark,
        "notice": statement.notice,
        "recipient": statement.recipient,
        "recordings": recordings,
        "withheld": withheld.collect::<Vec<_>>(),
        "unreadable": unreadable.collect::<Vec<_>>(),
    });
    page("证据提供包", "media-src 'self' file:; img-src 'self' file:; ", &data, PLAYER)
}

/// The verifier, the same in every package of one version, and as a page of a service.
pub fn verifier() -> Outcome<String> {
    page("证据提供包核验", "", &Value::Null, &VERIFIER.concat())
}
