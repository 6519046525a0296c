//! Reading canonical JSON: a small parser, and the demand that the bytes are what `encode` writes.

use super::{BYTES_MAX, CanonicalError, DEPTH_MAX, INTEGER_MAX, Key, Value, encode};
use std::collections::BTreeMap;

/// Reads a value; refuses every byte string that `encode` would not have written.
pub fn parse(bytes: &[u8]) -> Result<Value, CanonicalError> {
    if bytes.len() > BYTES_MAX {
        return Err(CanonicalError::Form { at: BYTES_MAX, what: "too long" });
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| CanonicalError::Form { at: error.valid_up_to(), what: "not UTF-8" })?;
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    if reader.at != text.len() {
        return Err(reader.wrong("more after the end"));
    }
    // The reader accepts a few spellings of one value (escapes); only one of them is canonical.
    if encode(&value) != bytes {
        return Err(CanonicalError::Form { at: 0, what: "another spelling" });
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    const fn wrong(&self, what: &'static str) -> CanonicalError {
        CanonicalError::Form { at: self.at, what }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, expected: &str) -> Result<(), CanonicalError> {
        if self.text[self.at..].starts_with(expected) {
            self.at += expected.len();
            return Ok(());
        }
        Err(self.wrong("unexpected character"))
    }

    fn value(&mut self, depth: usize) -> Result<Value, CanonicalError> {
        if depth > DEPTH_MAX {
            return Err(self.wrong("too deep"));
        }
        match self.peek() {
            Some(b'n') => self.take("null").map(|()| Value::Null),
            Some(b't') => self.take("true").map(|()| Value::Boolean(true)),
            Some(b'f') => self.take("false").map(|()| Value::Boolean(false)),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'[') => self.list(depth),
            Some(b'{') => self.map(depth),
            Some(b'-' | b'0'..=b'9') => self.integer(),
            _ => Err(self.wrong("no value")),
        }
    }

    fn integer(&mut self) -> Result<Value, CanonicalError> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c == '-' || c.is_ascii_digit())).unwrap_or(rest.len());
        let digits = &rest[..end];
        let number: i64 = digits.parse().map_err(|_| self.wrong("not an integer"))?;
        if number.unsigned_abs() > INTEGER_MAX.unsigned_abs() || number.to_string() != digits {
            return Err(self.wrong("not a canonical integer"));
        }
        self.at += end;
        Ok(Value::Integer(number))
    }

    fn list(&mut self, depth: usize) -> Result<Value, CanonicalError> {
        self.take("[")?;
        let mut values = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Value::List(values));
            }
            self.take(",")?;
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, CanonicalError> {
        self.take("{")?;
        let mut fields: BTreeMap<Key, Value> = BTreeMap::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Map(fields));
        }
        loop {
            let key = Key::from(self.string()?);
            if fields.last_key_value().is_some_and(|(last, _)| *last >= key) {
                return Err(self.wrong("keys out of order or twice"));
            }
            self.take(":")?;
            let value = self.value(depth + 1)?;
            fields.insert(key, value);
            if self.peek() == Some(b'}') {
                self.at += 1;
                return Ok(Value::Map(fields));
            }
            self.take(",")?;
        }
    }

    fn string(&mut self) -> Result<String, CanonicalError> {
        self.take("\"")?;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(|c: char| c == '"' || c == '\\' || c < ' ');
            let plain = plain.ok_or_else(|| self.wrong("text without end"))?;
            out.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return Err(self.wrong("control character in text")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, CanonicalError> {
        self.at += 1;
        let kind = self.peek().ok_or_else(|| self.wrong("escape without end"))?;
        self.at += 1;
        match kind {
            b'"' => Ok('"'),
            b'\\' => Ok('\\'),
            b'b' => Ok('\u{8}'),
            b't' => Ok('\t'),
            b'n' => Ok('\n'),
            b'f' => Ok('\u{c}'),
            b'r' => Ok('\r'),
            b'u' => {
                let digits = self.text.get(self.at..self.at + 4);
                let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                self.at += 4;
                code.and_then(char::from_u32).ok_or_else(|| self.wrong("not a character"))
            }
            _ => Err(self.wrong("unknown escape")),
        }
    }
}
