//! Names of things: content ids, SHA-256 values, subjects of events.

use std::fmt;
use std::str::FromStr;

/// A text that is not the id it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct IdError;

macro_rules! digest_type {
    ($(#[$meta:meta])* $name:ident, $bytes:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// From its bytes.
            pub const fn from_bytes(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }

            /// Its bytes.
            pub const fn as_bytes(&self) -> &[u8; $bytes] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut digits = [0; 2 * $bytes];
                hex::encode_to_slice(self.0, &mut digits).map_err(|_| fmt::Error)?;
                formatter.write_str(std::str::from_utf8(&digits).map_err(|_| fmt::Error)?)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Exactly two lower-case hex digits for each byte.
            fn from_str(text: &str) -> Result<Self, IdError> {
                if text.bytes().any(|digit| digit.is_ascii_uppercase()) {
                    return Err(IdError);
                }
                let mut bytes = [0; $bytes];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| IdError)?;
                Ok(Self(bytes))
            }
        }
    };
}

digest_type!(
    /// BLAKE3 of a file: what `b3sum` prints.
    ContentId, 32
);
digest_type!(
    /// A SHA-256 value: a leaf hash, a tree root, a commitment.
    Hash256, 32
);
digest_type!(
    /// The number of something the vault itself keeps a record of: an account, a case file, a
    /// request, a hold. Random, so that it tells nothing.
    RecordId, 16
);

/// What an event is about, as the ledger names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(String);

impl Subject {
    /// A recording, by its content id.
    pub fn recording(id: &ContentId) -> Self {
        Self(format!("recording:{id}"))
    }

    /// An object made from a recording, by its content id.
    pub fn object(id: &ContentId) -> Self {
        Self(format!("object:{id}"))
    }

    /// A person's account.
    pub fn account(id: &RecordId) -> Self {
        Self(format!("account:{id}"))
    }

    /// A case file.
    pub fn case(id: &RecordId) -> Self {
        Self(format!("case:{id}"))
    }

    /// A request for access, and the grant it becomes.
    pub fn request(id: &RecordId) -> Self {
        Self(format!("request:{id}"))
    }

    /// The vault itself.
    pub fn vault() -> Self {
        Self("vault".to_owned())
    }

    /// Reads a subject as it stands in an event.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        match text.split_once(':') {
            Some(("recording", id)) => id.parse().map(|id| Self::recording(&id)),
            Some(("object", id)) => id.parse().map(|id| Self::object(&id)),
            Some(("account", id)) => id.parse().map(|id| Self::account(&id)),
            Some(("case", id)) => id.parse().map(|id| Self::case(&id)),
            Some(("request", id)) => id.parse().map(|id| Self::request(&id)),
            None if text == "vault" => Ok(Self::vault()),
            Some(_) | None => Err(IdError),
        }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Subject {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::parse(text)
    }
}
