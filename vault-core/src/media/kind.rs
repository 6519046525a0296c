//! Whether bytes may be a recording that can be examined, by their beginning or their name.
//!
//! A guess that saves work, not a verdict: what is guessed to be media is examined in the
//! sandbox, which decides; what is not is kept all the same.

use std::path::Path;

/// How many bytes of the beginning are looked at: two packets of a transport stream, and room.
pub(crate) const BEGINNING_BYTES: usize = 1_024;

/// Beginnings of formats that recorders, cameras and phones write, and where they stand.
const SIGNATURES: &[(usize, &[u8])] = &[
    (4, b"ftyp"),
    (4, b"moov"),
    (4, b"mdat"),
    (4, b"wide"),
    (4, b"skip"),
    (0, b"\x1a\x45\xdf\xa3"),
    (0, b"RIFF"),
    (0, b"RF64"),
    (0, b"OggS"),
    (0, b"fLaC"),
    (0, b"#!AMR"),
    (0, b"ID3"),
    (0, b"\xff\xd8\xff"),
    (0, b"\x89PNG\r\n\x1a\n"),
    (0, b"GIF8"),
    (0, b"BM"),
    (0, b"II*\0"),
    (0, b"MM\0*"),
    (0, b"FLV\x01"),
    (0, b"\x00\x00\x01\xba"),
    (0, b"\x00\x00\x01\xb3"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    (0, b"caff"),
];

/// Names that recordings bear, also when their beginning is damaged.
const ENDINGS: &[&str] = &[
    "mp4", "mov", "m4v", "m4a", "3gp", "3g2", "ts", "mts", "m2ts", "mpg", "mpeg", "vob", "mkv",
    "webm", "avi", "asf", "wmv", "flv", "ogg", "opus", "wav", "mp3", "aac", "amr", "flac", "jpg",
    "jpeg", "png", "heic", "heif", "webp", "bmp", "tif", "tiff", "gif", "h264", "h265", "264",
    "265", "hevc", "ps", "dav",
];

/// What a beginning and a name let guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaGuess {
    /// Neither looks like a recording.
    Other,
    /// It is called like one; its beginning is not known, or damaged.
    ByName,
    /// It begins like one.
    ByBeginning,
}

/// What something that begins so, and is called so, may be.
pub(crate) fn guess(beginning: &[u8], name: &Path) -> MediaGuess {
    let stands = |&(at, magic): &(usize, &[u8])| {
        beginning.get(at..).is_some_and(|rest| rest.starts_with(magic))
    };
    let begins = SIGNATURES.iter().any(stands)
        || is_transport_stream(beginning)
        || is_sound_frame(beginning);
    let ending = name.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if begins {
        MediaGuess::ByBeginning
    } else if ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)) {
        MediaGuess::ByName
    } else {
        MediaGuess::Other
    }
}

/// Packets of 188 bytes, each beginning with 0x47; of 192 where a camera adds its clock.
fn is_transport_stream(beginning: &[u8]) -> bool {
    [(0, 188), (4, 192)].iter().any(|&(first, step)| {
        (0..4).all(|packet| beginning.get(first + packet * step) == Some(&0x47))
    })
}

/// A frame of MPEG sound or AAC without a container.
fn is_sound_frame(beginning: &[u8]) -> bool {
    let layer = |second: u8| second & 0xe0 == 0xe0 && second & 0x18 != 0x08;
    matches!(beginning, [0xff, second, third, ..]
        if layer(*second) && *third != 0xff && third >> 4 != 0xf)
        && beginning.len() >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_are_guessed_by_beginning_or_name_and_papers_are_not() {
        let none = Path::new("x");
        let begins = |beginning: &[u8]| guess(beginning, none) == MediaGuess::ByBeginning;
        assert!(begins(b"\0\0\0\x20ftypisom"));
        assert!(begins(b"#!AMR\n"));
        assert!(begins(b"\xff\xfb\x90\x64"));
        let mut stream = vec![0; 800];
        for packet in 0..4 {
            stream[packet * 188] = 0x47;
        }
        assert!(begins(&stream));
        assert_eq!(guess(b"", Path::new("执法.MP4")), MediaGuess::ByName);
        assert_eq!(guess(b"%PDF-1.7", Path::new("笔录.pdf")), MediaGuess::Other);
        assert_eq!(guess(&[0; 1_024], none), MediaGuess::Other);
        assert_eq!(guess(&[0xff; 16], none), MediaGuess::Other);
    }
}
