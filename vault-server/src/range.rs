//! The `Range` of a request (RFC 9110 §14): one range of bytes; several are answered with the
//! whole, as the standard allows.

use axum::http::{HeaderMap, header};
use std::ops::Range;

/// What a request wants of a thing.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that it does not have.
    Nothing,
}

/// Reads `Range` and `If-Range` for a thing with this tag and length.
pub fn wanted(fields: &HeaderMap, etag: &str, total: u64) -> Wanted {
    let text = |name| fields.get(name).and_then(|value| value.to_str().ok());
    let Some(ranges) = text(header::RANGE).and_then(|text| text.strip_prefix("bytes=")) else {
        return Wanted::Whole;
    };
    if text(header::IF_RANGE).is_some_and(|tag| tag != etag) || ranges.contains(',') {
        return Wanted::Whole;
    }
    let Some((from, to)) = ranges.trim().split_once('-') else { return Wanted::Whole };
    match (from.parse::<u64>(), to.parse::<u64>()) {
        (Err(_), Ok(0)) => Wanted::Nothing,
        (Err(_), Ok(_)) if !from.is_empty() => Wanted::Whole,
        (Err(_), Ok(last)) if total > 0 => Wanted::Part(total.saturating_sub(last)..total),
        (Ok(from), _) if from >= total => Wanted::Nothing,
        (Ok(from), Ok(to)) if to < from => Wanted::Whole,
        (Ok(from), Ok(to)) => Wanted::Part(from..to.saturating_add(1).min(total)),
        (Ok(from), Err(_)) if to.is_empty() => Wanted::Part(from..total),
        (Err(_), Ok(_)) => Wanted::Nothing,
        _ => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str) -> Wanted {
        let mut fields = HeaderMap::new();
        fields.insert(header::RANGE, range.parse().unwrap());
        wanted(&fields, "\"x\"", 100)
    }

    #[test]
    fn ranges_are_those_of_the_standard() {
        assert_eq!(wanted(&HeaderMap::new(), "\"x\"", 100), Wanted::Whole);
        assert_eq!(asked("bytes=0-9"), Wanted::Part(0..10));
        assert_eq!(asked("bytes=90-"), Wanted::Part(90..100));
        assert_eq!(asked("bytes=-10"), Wanted::Part(90..100));
        assert_eq!(asked("bytes=-1000"), Wanted::Part(0..100));
        assert_eq!(asked("bytes=99-18446744073709551615"), Wanted::Part(99..100));
        assert_eq!(asked("bytes=100-"), Wanted::Nothing);
        assert_eq!(asked("bytes=-0"), Wanted::Nothing);
        for whole in ["bytes=0-1,5-6", "bytes=9-1", "bytes=x-", "items=0-1", "bytes=1", "bytes=x-4"]
        {
            assert_eq!(asked(whole), Wanted::Whole, "{whole}");
        }
        let mut fields = HeaderMap::new();
        fields.insert(header::RANGE, "bytes=0-9".parse().unwrap());
        fields.insert(header::IF_RANGE, "\"y\"".parse().unwrap());
        assert_eq!(wanted(&fields, "\"x\"", 100), Wanted::Whole);
    }
}
