//! Actors: who is at work, in which role, in which session.
//!
//! In the open part of an event an actor stands under a pseudonym; the person behind it is
//! personal data and goes into encrypted payloads only.

use std::fmt;
use vault_proof::ActorName;

/// In which capacity somebody acts. Closed: a new role needs a column in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Whoever works at the terminal of the machine that holds the vault.
    Operator,
    /// The vault itself, doing the jobs it owes.
    System,
}

impl Role {
    /// Every role, in the order of the table.
    pub const ALL: &'static [Self] = &[Self::Operator, Self::System];

    /// The stable name, as it stands in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::System => "system",
        }
    }
}

/// Somebody, or the vault itself, in one session.
#[derive(Clone)]
pub struct Actor {
    id: String,
    role: Role,
    person: String,
    session: [u8; 16],
}

impl Actor {
    /// The person at the terminal, known to the system as `uid`.
    pub fn terminal(uid: u32, person: &str, session: [u8; 16]) -> Self {
        Self {
            id: format!("terminal:uid-{uid}"),
            role: Role::Operator,
            person: person.to_owned(),
            session,
        }
    }

    /// The vault itself, for jobs.
    pub fn system(session: [u8; 16]) -> Self {
        Self { id: "system".to_owned(), role: Role::System, person: String::new(), session }
    }

    /// The role acted in.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The person behind the pseudonym; empty for the vault itself. Personal data: it belongs
    /// into payloads, never into the open part of an event or into a log.
    pub fn person(&self) -> &str {
        &self.person
    }

    /// The name that stands in events.
    pub fn name(&self) -> ActorName {
        ActorName {
            id: self.id.clone(),
            role: self.role.as_str().to_owned(),
            session: hex::encode(self.session),
        }
    }
}

impl fmt::Debug for Actor {
    /// Without the person: this ends up in logs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Actor({}, {})", self.id, self.role.as_str())
    }
}
