//! Fields of bodies, and groups of bodies declared once: name, wire form and documentation.
//!
//! Promises that a group declared here is written and read by the same list of fields, so that
//! neither side can forget one. Never decides what a field means.

use super::Damage;
use super::codec::{EventError, damage_of, damage_value, number};
use crate::canonical::{Fields, Value};
use crate::id::{ContentId, RecordId, Subject};

/// A type that a field of a body can have.
pub(super) trait Field: Sized {
    fn write(&self) -> Result<Value, EventError>;
    fn take(fields: &mut Fields, name: &str) -> Result<Self, EventError>;
}

impl Field for String {
    fn write(&self) -> Result<Value, EventError> {
        Ok(Value::text(self))
    }

    fn take(fields: &mut Fields, name: &str) -> Result<Self, EventError> {
        Ok(fields.text(name)?)
    }
}

impl Field for u64 {
    fn write(&self) -> Result<Value, EventError> {
        number(*self)
    }

    fn take(fields: &mut Fields, name: &str) -> Result<Self, EventError> {
        Ok(fields.count(name)?)
    }
}

impl Field for bool {
    fn write(&self) -> Result<Value, EventError> {
        Ok(Value::Boolean(*self))
    }

    fn take(fields: &mut Fields, name: &str) -> Result<Self, EventError> {
        Ok(fields.boolean(name)?)
    }
}

macro_rules! parsed_field {
    ($($type:ty),+) => {$(
        impl Field for $type {
            fn write(&self) -> Result<Value, EventError> {
                Ok(Value::text(self.to_string()))
            }

            fn take(fields: &mut Fields, name: &str) -> Result<Self, EventError> {
                Ok(fields.parsed(name)?)
            }
        }

        impl Field for Vec<$type> {
            fn write(&self) -> Result<Value, EventError> {
                Ok(Value::List(self.iter().map(|one| Value::text(one.to_string())).collect()))
            }

            fn take(fields: &mut Fields, name: &str) -> Result<Self, EventError> {
                let wrong = || crate::canonical::CanonicalError::Field(name.to_owned());
                let read = |value: Value| {
                    let text = value.as_text().ok_or_else(wrong)?;
                    Ok(text.parse().map_err(|_| wrong())?)
                };
                fields.list(name)?.into_iter().map(read).collect()
            }
        }
    )+};
}

parsed_field!(ContentId, RecordId, Subject);

impl Field for Vec<String> {
    fn write(&self) -> Result<Value, EventError> {
        Ok(Value::List(self.iter().map(Value::text).collect()))
    }

    fn take(fields: &mut Fields, name: &str) -> Result<Self, EventError> {
        let wrong = || crate::canonical::CanonicalError::Field(name.to_owned());
        let read = |value: Value| match value {
            Value::Text(text) => Ok(text),
            _ => Err(wrong().into()),
        };
        fields.list(name)?.into_iter().map(read).collect()
    }
}

impl Field for Vec<Damage> {
    fn write(&self) -> Result<Value, EventError> {
        Ok(Value::List(self.iter().map(damage_value).collect::<Result<_, _>>()?))
    }

    fn take(fields: &mut Fields, name: &str) -> Result<Self, EventError> {
        fields.list(name)?.into_iter().map(damage_of).collect()
    }
}

/// Declares a group of bodies: an enum, the stable name of each variant, and its wire form.
macro_rules! bodies {
    (
        $(#[$group:meta])*
        pub enum $name:ident {
            $(
                $(#[$meta:meta])*
                $variant:ident = $kind:literal {
                    $( $(#[$field_meta:meta])* $field:ident: $type:ty ),+ $(,)?
                }
            ),+ $(,)?
        }
    ) => {
        $(#[$group])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $(
                $(#[$meta])*
                $variant { $( $(#[$field_meta])* $field: $type ),+ }
            ),+
        }

        impl $name {
            /// The stable name of what happened.
            pub const fn kind(&self) -> &'static str {
                match self {
                    $( Self::$variant { .. } => $kind ),+
                }
            }

            /// Its fields, as they stand in the event.
            pub fn value(&self) -> Result<$crate::canonical::Value, super::EventError> {
                use super::fields::Field;
                match self {
                    $(
                        Self::$variant { $($field),+ } => Ok($crate::canonical::Value::map([
                            $( (stringify!($field), $field.write()?) ),+
                        ]))
                    ),+
                }
            }

            /// Reads a body of one of these kinds; `None` where the kind is not one of them.
            pub(super) fn parse(
                kind: &str,
                fields: &mut $crate::canonical::Fields,
            ) -> Result<Option<Self>, super::EventError> {
                use super::fields::Field;
                Ok(Some(match kind {
                    $( $kind => Self::$variant {
                        $( $field: Field::take(fields, stringify!($field))? ),+
                    }, )+
                    _ => return Ok(None),
                }))
            }
        }
    };
}

pub(super) use bodies;
