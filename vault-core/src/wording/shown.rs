//! Untrusted text made safe to look at.
//!
//! Promises: what comes out holds no control character, no line break, no mark that changes the
//! direction or hides what follows. Applying it twice changes nothing more. Never shortens.

use std::fmt::Write as _;

/// The text with everything escaped that could fool a reader or a terminal.
pub fn shown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        push(&mut safe, character);
    }
    safe
}

/// Like `shown`, for bytes that need not be UTF-8: those that are not stand as `\xNN`.
pub fn shown_bytes(bytes: &[u8]) -> String {
    let mut safe = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|character| push(&mut safe, character));
        for byte in chunk.invalid() {
            // Writing into a String cannot fail.
            let _infallible = write!(safe, "\\x{byte:02x}");
        }
    }
    safe
}

fn push(safe: &mut String, character: char) {
    match character {
        '\n' => safe.push_str("\\n"),
        '\r' => safe.push_str("\\r"),
        '\t' => safe.push_str("\\t"),
        _ if character.is_control() || misleads(character) => {
            safe.extend(character.escape_unicode());
        }
        _ => safe.push(character),
    }
}

/// Marks that change direction (UAX #9), break lines, take no room, or are no characters.
fn misleads(character: char) -> bool {
    matches!(
        u32::from(character),
        0x00AD
            | 0x061C
            | 0x180E
            | 0x200B
            | 0x200E..=0x200F
            | 0x2028..=0x202E
            | 0x2060..=0x206F
            | 0xFEFF
            | 0xFFF9..=0xFFFB
            | 0xE0000..=0xE007F
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lie_are_shown_escaped() {
        assert_eq!(shown("录像\u{202e}4pm.exe"), "录像\\u{202e}4pm.exe");
        assert_eq!(shown("a\nb\u{1b}[2Jc\u{7f}"), "a\\nb\\u{1b}[2Jc\\u{7f}");
        assert_eq!(shown("\u{2066}x\u{2069}\u{feff}"), "\\u{2066}x\\u{2069}\\u{feff}");
        assert_eq!(shown("现场 检查（一）.mp4"), "现场 检查（一）.mp4");
    }

    #[test]
    fn showing_twice_is_showing_once() {
        let once = shown("a\\n\n\u{202e}");
        assert_eq!(shown(&once), once);
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_bytes() {
        assert_eq!(shown_bytes(b"a\xff\xe5\xbd\x95\n"), "a\\xff录\\n");
    }
}
