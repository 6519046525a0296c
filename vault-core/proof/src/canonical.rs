//! Canonical JSON: the profile of RFC 8785 that events, headers and payloads use.
//!
//! Objects, lists, strings, integers below 2^53, booleans and null; no floats. A byte string is
//! accepted only if it is exactly what `encode` would write, so that equal values have equal bytes
//! and a signature over bytes is a signature over the value. Nothing is ever repaired.

mod parse;

pub use parse::parse;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The deepest nesting accepted; events nest four deep.
pub const DEPTH_MAX: usize = 32;

/// The longest text accepted, 64 MiB: the head of the largest compressed recording's manifest.
pub const BYTES_MAX: usize = 64 << 20;

/// The largest magnitude of an integer: what every JSON reader keeps exactly.
pub const INTEGER_MAX: i64 = (1 << 53) - 1;

/// A key of an object, ordered by UTF-16 code units as RFC 8785 §3.2.3 demands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.encode_utf16().cmp(other.0.encode_utf16())
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Key {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Key {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A value of this profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number of magnitude at most `INTEGER_MAX`.
    Integer(i64),
    /// Text.
    Text(String),
    /// Values in order.
    List(Vec<Value>),
    /// Named values.
    Map(BTreeMap<Key, Value>),
}

/// Why bytes are not canonical, or a value is not of the expected form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// The bytes are not canonical JSON.
    #[error("not canonical JSON at byte {at}: {what}")]
    Form {
        /// Where.
        at: usize,
        /// What was found.
        what: &'static str,
    },
    /// A field is missing or of another type.
    #[error("field {0:?} is missing or of another type")]
    Field(String),
    /// A field that the version does not know.
    #[error("field {0:?} is unknown")]
    Unknown(String),
}

impl Value {
    /// An object of these fields.
    pub fn map<'key>(fields: impl IntoIterator<Item = (&'key str, Self)>) -> Self {
        Self::Map(fields.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// A text value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The fields of an object, for reading one by one.
    pub fn fields(self) -> Result<Fields, CanonicalError> {
        match self {
            Self::Map(fields) => Ok(Fields(fields)),
            _ => Err(CanonicalError::Field("object".to_owned())),
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The field of that name, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(fields) => fields.get(&Key::from(name)),
            _ => None,
        }
    }

    /// The integer, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }
}

/// The fields of an object, taken one by one; what is left at the end is unknown and refused.
#[derive(Debug)]
pub struct Fields(BTreeMap<Key, Value>);

impl Fields {
    /// Whether there is a field of that name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(&Key::from(name))
    }

    /// Takes a field of any type.
    pub fn take(&mut self, name: &str) -> Result<Value, CanonicalError> {
        self.0.remove(&Key::from(name)).ok_or_else(|| CanonicalError::Field(name.to_owned()))
    }

    /// Takes a text.
    pub fn text(&mut self, name: &str) -> Result<String, CanonicalError> {
        match self.take(name)? {
            Value::Text(text) => Ok(text),
            _ => Err(CanonicalError::Field(name.to_owned())),
        }
    }

    /// Takes a text and reads it as an id or digest.
    pub fn parsed<T: std::str::FromStr>(&mut self, name: &str) -> Result<T, CanonicalError> {
        self.text(name)?.parse().map_err(|_| CanonicalError::Field(name.to_owned()))
    }

    /// Takes an integer.
    pub fn integer(&mut self, name: &str) -> Result<i64, CanonicalError> {
        match self.take(name)? {
            Value::Integer(number) => Ok(number),
            _ => Err(CanonicalError::Field(name.to_owned())),
        }
    }

    /// Takes an integer that is not negative.
    pub fn count(&mut self, name: &str) -> Result<u64, CanonicalError> {
        let number = self.integer(name)?;
        u64::try_from(number).map_err(|_| CanonicalError::Field(name.to_owned()))
    }

    /// Takes a boolean.
    pub fn boolean(&mut self, name: &str) -> Result<bool, CanonicalError> {
        match self.take(name)? {
            Value::Boolean(value) => Ok(value),
            _ => Err(CanonicalError::Field(name.to_owned())),
        }
    }

    /// Takes a list.
    pub fn list(&mut self, name: &str) -> Result<Vec<Value>, CanonicalError> {
        match self.take(name)? {
            Value::List(values) => Ok(values),
            _ => Err(CanonicalError::Field(name.to_owned())),
        }
    }

    /// Takes an object's fields.
    pub fn map(&mut self, name: &str) -> Result<Self, CanonicalError> {
        self.take(name)?.fields().map_err(|_| CanonicalError::Field(name.to_owned()))
    }

    /// Everything that is left, by name.
    pub fn rest(self) -> BTreeMap<Key, Value> {
        self.0
    }

    /// Refuses whatever was not taken.
    pub fn end(self) -> Result<(), CanonicalError> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(key) => Err(CanonicalError::Unknown(key.0)),
        }
    }
}

/// The canonical bytes of a value.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut text = String::new();
    write_value(&mut text, value);
    text.into_bytes()
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Boolean(true) => out.push_str("true"),
        Value::Boolean(false) => out.push_str("false"),
        Value::Integer(number) => {
            // Writing to a String cannot fail.
            write!(out, "{number}").ok();
        }
        Value::Text(text) => write_text(out, text),
        Value::List(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_value(out, value);
            }
            out.push(']');
        }
        Value::Map(fields) => {
            out.push('{');
            for (at, (key, value)) in fields.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(out, &key.0);
                out.push(':');
                write_value(out, value);
            }
            out.push('}');
        }
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{9}' => out.push_str("\\t"),
            '\u{a}' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\u{d}' => out.push_str("\\r"),
            control if control < ' ' => {
                write!(out, "\\u{:04x}", u32::from(control)).ok();
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
