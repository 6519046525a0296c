//! How the program ends, as a number that scripts can rely on.
//!
//! Promises: the numbers of the interface document, from the class of the fault alone.

use std::process::ExitCode;
use vault_core::fault::Class;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// Some items failed; the rest is done.
    SomeFailed,
    /// Done; something is past its time.
    Overdue,
    /// Ended as a fault of this class demands.
    Class(Class),
}

impl Exit {
    /// The number.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::SomeFailed => 3,
            Self::Overdue => 7,
            Self::Class(class) => match class {
                Class::Failed => 1,
                Class::Usage => 2,
                Class::Integrity => 4,
                Class::Denied => 5,
                Class::NotFound => 6,
                Class::NotInitialised => 10,
                Class::Locked => 11,
                Class::LoginFailed => 12,
                Class::TryAgain => 75,
                Class::Interrupted => 130,
            },
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_the_number_of_the_interface_document() {
        let numbers = [
            (Class::Failed, 1),
            (Class::Usage, 2),
            (Class::Integrity, 4),
            (Class::Denied, 5),
            (Class::NotFound, 6),
            (Class::NotInitialised, 10),
            (Class::Locked, 11),
            (Class::TryAgain, 75),
            (Class::Interrupted, 130),
        ];
        for (class, number) in numbers {
            assert_eq!(Exit::Class(class).number(), number, "{class:?}");
        }
        assert_eq!((Exit::Done.number(), Exit::SomeFailed.number()), (0, 3));
    }
}
