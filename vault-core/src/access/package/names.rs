//! Names of recordings, cases and forms inside the package.
//!
//! Promises names of the closed alphabet, short enough for ISO 9660 with Joliet and for Windows,
//! that never collide: an ordinal stands in each. The exact name is in `record.json`.

use crate::limits::{PACKAGE_CASE_CHARS, PACKAGE_EXTENSION_CHARS, PACKAGE_NAME_CHARS};
use std::collections::{BTreeMap, BTreeSet};
use vault_proof::package::{data, path};

/// Gives names, and remembers those given.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Directory of each case.
    cases: BTreeMap<String, String>,
    taken: BTreeSet<String>,
    recordings: u32,
}

/// The part of a name before its last dot, and the part after it.
fn split(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, extension),
        _ => (name, ""),
    }
}

impl Names {
    /// The path of the next original.
    pub(super) fn original(&mut self, case: &str, name: &str) -> String {
        let (_, extension) = split(name);
        let extension = path::safe(extension, PACKAGE_EXTENSION_CHARS, "bin").to_ascii_lowercase();
        format!("{}original.{extension}", self.directory(case, name))
    }

    /// The path of the next excerpt.
    pub(super) fn excerpt(&mut self, case: &str, name: &str, extension: &str) -> String {
        format!("{}excerpt.{extension}", self.directory(case, name))
    }

    /// The directory of the next recording, with its slash.
    fn directory(&mut self, case: &str, name: &str) -> String {
        self.recordings += 1;
        let case = self.case(case);
        let stem = path::safe(split(name).0, PACKAGE_NAME_CHARS, "recording");
        let ordinal = self.recordings;
        format!("{}{case}/{ordinal:03}-{stem}/", data::RECORDINGS)
    }

    fn case(&mut self, case: &str) -> String {
        if let Some(known) = self.cases.get(case) {
            return known.clone();
        }
        let safe = path::safe(case, PACKAGE_CASE_CHARS, "case");
        let name = self.free(data::RECORDINGS, &safe, "");
        self.cases.insert(case.to_owned(), name.clone());
        name
    }

    /// The path of a form.
    pub(super) fn form(&mut self, name: &str) -> String {
        let (stem, extension) = split(name);
        let stem = path::safe(stem, PACKAGE_CASE_CHARS, "form");
        let extension = path::safe(extension, PACKAGE_EXTENSION_CHARS, "bin").to_ascii_lowercase();
        let name = self.free(data::FORMS, &stem, &format!(".{extension}"));
        format!("{}{name}", data::FORMS)
    }

    /// The name with a number behind it, if it is taken, whatever the case of its letters.
    fn free(&mut self, place: &str, stem: &str, end: &str) -> String {
        let mut name = format!("{stem}{end}");
        let mut number = 1u64;
        while !self.taken.insert(path::folded(&format!("{place}{name}"))) {
            number += 1;
            name = format!("{stem}-{number}{end}");
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_good_and_never_collide_whatever_they_are_made_of() {
        let mut names = Names::default();
        let odd = [
            "",
            "..",
            "CON",
            "a/b",
            "A/B",
            "a\\b",
            "é.mp4",
            "É.MP4",
            ".hidden",
            "长".repeat(300).leak(),
        ];
        let mut seen = BTreeSet::new();
        for case in odd {
            for name in odd {
                let original = names.original(case, name);
                assert!(path::is_good(&original), "{original}");
                let directory = original.rsplit_once('/').expect("a directory").0;
                assert!(seen.insert(path::folded(directory)), "{original} again");
            }
            let form = names.form(case);
            assert!(path::is_good(&form) && seen.insert(path::folded(&form)), "{form}");
        }
        let mut names = Names::default();
        let original = names.original("吉民罚〔2026〕1号", "录像 甲.MP4");
        assert_eq!(original, "data/recordings/吉民罚〔2026〕1号/001-录像_甲/original.mp4");
        assert!(names.original("a/b", "x").contains("/a_b/"));
        assert!(names.original("A_b", "x").contains("/A_b-2/"));
    }
}
