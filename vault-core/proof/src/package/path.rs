//! Names inside a package: a closed alphabet in which every name has one spelling.
//!
//! ASCII letters, digits, `.`, `_`, `-`, and Chinese characters that no normalisation, case
//! folding or file system changes. So no path can climb out of the package, and two names that
//! differ are two files on every medium. Never repairs a name that is given; `safe` makes new ones.

/// Characters of one part of a path: what Joliet (ISO 9660) holds.
pub const PART_CHARS_MAX: usize = 64;

/// Characters of a whole path: leaves room below the 260 of Windows.
pub const PATH_CHARS_MAX: usize = 200;

/// Parts of a path: BagIt's `data/`, then at most four directories and the file.
pub const PARTS_MAX: usize = 6;

/// Names that Windows keeps for devices, whatever follows the first dot.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Whether a character may stand in a name. CJK ideographs of the basic block and extension A,
/// 〇, and the brackets of case numbers 〔〕; none of them has a second form or a case.
pub const fn is_safe(character: char) -> bool {
    matches!(character,
        'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '_' | '-'
        | '\u{3007}' | '\u{3014}' | '\u{3015}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).to_ascii_lowercase();
    let numbered = |prefix: &str| {
        let digit = stem.strip_prefix(prefix).map(str::as_bytes);
        matches!(digit, Some([b'0'..=b'9']))
    };
    DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

fn part_is_good(part: &str) -> bool {
    let length = part.chars().count();
    (1..=PART_CHARS_MAX).contains(&length)
        && part.chars().all(is_safe)
        && !part.starts_with(['.', '-'])
        && !part.ends_with('.')
        && !is_device(part)
}

/// Whether this is a path that a package may have.
pub fn is_good(path: &str) -> bool {
    path.chars().count() <= PATH_CHARS_MAX
        && path.split('/').count() <= PARTS_MAX
        && path.split('/').all(part_is_good)
}

/// The spelling under which file systems that ignore case would keep a good path.
pub fn folded(path: &str) -> String {
    path.to_ascii_lowercase()
}

/// A good part of a path made of any text, of at most `chars_max` characters; `otherwise` where
/// nothing can be kept. Different texts may give the same part: the caller tells them apart.
pub fn safe(text: &str, chars_max: usize, otherwise: &str) -> String {
    let kept: String = text
        .chars()
        .map(|character| if is_safe(character) { character } else { '_' })
        .take(chars_max.min(PART_CHARS_MAX))
        .collect();
    let kept = kept.trim_start_matches(['.', '-']).trim_end_matches('.');
    if part_is_good(kept) { kept.to_owned() } else { otherwise.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_trick_is_a_good_path() {
        let tricks = [
            "",
            "/",
            "data/",
            "/data/a",
            "data//a",
            "data/../a",
            "..",
            ".",
            "data/./a",
            "data\\a",
            "C:/a",
            "data/a:b",
            "data/a\0",
            "data/a\n",
            "data/a b",
            "data/a.",
            "data/.a",
            "data/-a",
            "data/con",
            "data/NUL.txt",
            "data/com1.mp4",
            "data/LPT9",
            "data/e\u{301}",
            "data/\u{e9}",
            "data/\u{212b}",
            "data/\u{202e}gpj.exe",
            "data/\u{ff21}",
            "data/\u{f900}",
            "~/a",
            "data/*",
            "a/b/c/d/e/f/g",
        ];
        for trick in tricks {
            assert!(!is_good(trick), "{trick:?}");
        }
        assert!(!is_good(&"a".repeat(65)));
        for good in
            ["data/recordings/吉民罚〔2026〕1号/001-录像/original.mp4", "com10", "console.log"]
        {
            assert!(is_good(good), "{good:?}");
        }
    }

    #[test]
    fn every_text_gives_a_good_part() {
        let texts = [
            "",
            "..",
            "../../etc/passwd",
            "nul",
            "é",
            "a/b\\c",
            "长长长长长",
            "录像 1.MP4",
            "-x",
            "a.",
        ];
        for text in texts {
            let part = safe(text, 24, "x");
            assert!(is_good(&part) && !part.contains('/'), "{text:?} gave {part:?}");
        }
        assert_eq!(safe("吉民罚〔2026〕1号", 24, "x"), "吉民罚〔2026〕1号");
        assert_eq!(safe("../../etc", 24, "x"), "_.._etc");
        assert_eq!(safe("录像 甲(1)", 24, "x"), "录像_甲_1_");
    }
}
