//! That every word whose key a page makes from a code is there in both languages, for each code
//! the interface can give: a key without words would be shown as it is.

use crate::desk::Kind;
use std::collections::BTreeMap;
use std::path::Path;
use vault_core::oversight::review::STOPS;
use vault_core::retention::{BLOCKS, KEPT_FOR};

/// What stands before and behind the code in a key, and the codes.
const OF_CODES: &[(&str, &str, &[&[&str]])] = &[
    ("answer.", "", &[&["yes", "no", "none"]]),
    ("block.", "", &[BLOCKS]),
    ("burn.", "", &[&["agrees", "differs", "failed"]]),
    ("calendar.", "", &[&["festival", "shifted-working"]]),
    ("copy-class.", "", &[&["original", "evidence", "long-term"]]),
    ("day.", "", &[&["working", "shifted-working", "weekend", "festival"]]),
    ("due.basis.", "", &[&["recorded", "received", "enforcement-ended", "accepted"], BASES]),
    ("figures.now.", "", &[&["week", "month"]]),
    ("figures.since.", "", &[&["week", "month"]]),
    ("inspection.", ".tag", &[&["open", "corrected", "settled"]]),
    ("kept.", "", &[KEPT_FOR]),
    ("lot.kind.", "", &[&["recording", "statement", "act"]]),
    ("review.cause.", "", &[STOPS]),
    ("signature.", "", &[&["system", "scan"]]),
    ("source.", "", &[&["label", "transcript", "marker"]]),
    ("step.", "", &[STEPS]),
    ("store-state.", "", &[&["in-use", "release-proposed", "released"]]),
    ("target.", "", &[&["drive", "device", "file"]]),
    ("work.", "", &[&["running", "done", "partly", "failed"]]),
];

const STEPS: &[&str] =
    &["decide", "issue-notice", "sign", "file-scan", "give", "export", "read", "revoke"];
const BASES: &[&str] = &["decided", "revoked", "set", "last-read"];

/// Keys made from what a page itself has a closed list of.
const OF_PAGES: &[&str] = &[
    "checklist.",
    "device.",
    "editor.key.",
    "figures.",
    "help.",
    "inspection.ask.",
    "inspection.step.",
    "medium.",
    "papers.",
    "publicity.",
    "question.",
    "received.",
    "retention.",
    "review.",
    "set-up.",
    "timeline.",
    "timeline.written.",
    "upload.digest.",
    "volume.",
];

fn words(language: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/src/words").join(language);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// What stands before and behind the code in each key that a page makes.
fn made(directory: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            made(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        for (at, _) in text.match_indices("t(`") {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|one| one.is_alphanumeric() || one == '.') {
                continue; // `post(`, and the like.
            }
            let key = text[at + 3..].split('`').next().unwrap();
            let Some((prefix, rest)) = key.split_once("${") else { continue };
            let suffix = rest.rsplit('}').next().unwrap();
            found.push((prefix.to_owned(), suffix.to_owned()));
        }
    }
}

#[test]
fn every_word_made_from_a_code_is_there_in_both_languages() {
    let languages = ["zh-CN.json", "en.json"].map(words);
    assert!(languages[0].keys().eq(languages[1].keys()), "the same words in both languages");
    for (prefix, suffix, codes) in OF_CODES {
        for code in codes.iter().copied().flatten() {
            // Of a trigger its name is shown.
            if (*prefix, *code) == ("kept.", "trigger") {
                continue;
            }
            let key = format!("{prefix}{code}{suffix}");
            assert!(languages.iter().all(|words| words.contains_key(&key)), "no words for {key}");
        }
    }
}

#[test]
fn every_kind_of_work_has_words_of_its_own() {
    let languages = ["zh-CN.json", "en.json"].map(words);
    for kind in Kind::ALL {
        let key = format!("work.{}", kind.as_str());
        assert!(languages.iter().all(|words| words.contains_key(&key)), "no words for {key}");
    }
}

#[test]
fn no_page_makes_a_key_whose_codes_nobody_knows() {
    let mut found = Vec::new();
    made(&Path::new(env!("CARGO_MANIFEST_DIR")).join("web/src"), &mut found);
    assert!(found.len() > 30, "{found:?}");
    for (prefix, suffix) in found {
        let of_codes = OF_CODES.iter().any(|(one, end, _)| *one == prefix && *end == suffix);
        let of_pages = OF_PAGES.contains(&prefix.as_str());
        assert!(of_codes || of_pages, "say above which codes {prefix}…{suffix} is made from");
    }
}
