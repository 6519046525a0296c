//! Signatures by which a receiver knows that a message comes from here.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

fn signed(key: &str, text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), text.as_bytes())
}

/// The signature of a webhook's body: HMAC-SHA256 of `time.body`, hex.
pub(crate) fn webhook(key: &str, time_ms: i64, body: &str) -> String {
    hex::encode(signed(key, &format!("{time_ms}.{body}")))
}

/// 钉钉加签: HMAC-SHA256 of `time\nkey`, base64, escaped for an address.
pub(crate) fn dingtalk(key: &str, time_ms: i64) -> String {
    escaped(&STANDARD.encode(signed(key, &format!("{time_ms}\n{key}"))))
}

/// Text as it stands in the query of an address.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that Python's `hmac` gave for the same texts.
    #[test]
    fn signatures_are_those_of_the_published_recipes() {
        let signed = "36a72f4525d3323bd0f238fe82098164fb77b1e42288ff8e07b074c686178ad3";
        assert_eq!(webhook("key", 1_700_000_000_000, "{}"), signed);
        assert_ne!(webhook("key", 1_700_000_000_001, "{}"), signed);
        let signed = "j8c%2Fh4SVxKvB%2F4oSN5bGT3NksUEt3lAfrd9ImP4qQus%3D";
        assert_eq!(dingtalk("SEC-this", 1_700_000_000_000), signed);
    }
}
