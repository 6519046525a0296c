//! Who may do what.
//!
//! Every change and every reading of archived bytes begins here: an actor asks for an act in a
//! state, one table answers, and the answer is either a `Permitted`, which the catalogue's door demands, or a
//! `Refusal` with its article, which the door records. Nothing else compares roles. Promises: a
//! permit is made in one place only and cannot be copied, stored or built by hand; an act the
//! table does not name is refused. This module never decides by name, person or machine.
//! Articles: A3.15, A2.18(一)5 (nobody reads an archived recording without a notice).

mod act;
mod actor;
mod roles;
mod state;
mod table;

pub use act::Act;
pub use actor::{ActingAccount, Actor, Role};
pub use roles::{
    ADMINISTRATORS, Office, RolesRefused, administers, check_roles, is_person, is_station,
};
pub use state::State;
pub use table::{Answer, answer, entitled, print};

use vault_proof::{ActorName, Subject};

/// Leave to do one act, for one actor, once.
///
/// Only [`permit`] makes one. It cannot be built by hand:
///
/// ```compile_fail,E0451
/// use vault_core::policy::{Act, Permitted};
/// fn forge(actor: vault_proof::ActorName) -> Permitted {
///     Permitted { actor, act: Act::TakeIn }
/// }
/// ```
///
/// nor copied:
///
/// ```compile_fail,E0599
/// fn twice(permitted: vault_core::policy::Permitted) {
///     let _second = permitted.clone();
/// }
/// ```
///
/// nor read back from somewhere:
///
/// ```compile_fail,E0277
/// fn load(text: &str) -> vault_core::policy::Permitted {
///     serde_json::from_str(text).unwrap()
/// }
/// ```
#[derive(Debug)]
#[must_use = "a permit that is not used allows nothing"]
pub struct Permitted {
    actor: ActorName,
    act: Act,
}

impl Permitted {
    /// Whom it was given to.
    pub fn actor(&self) -> &ActorName {
        &self.actor
    }

    /// What it allows.
    pub fn act(&self) -> Act {
        self.act
    }

    /// What is put on record where how things stand refuses what the policy allowed. It allows
    /// nothing, and so may outlive the permit.
    pub(crate) fn judged(&self, about: Vec<Subject>) -> Judged {
        Judged { actor: self.actor.clone(), act: self.act, about }
    }
}

/// An act that the policy allowed and how things stand may still refuse.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    actor: ActorName,
    act: Act,
    /// Whose chain of custody a refusal belongs to.
    pub(crate) about: Vec<Subject>,
}

impl Judged {
    /// The refusal for a reason that is none of the policy.
    pub(crate) fn refused(&self, reason: &'static str) -> Refusal {
        let Self { actor, act, .. } = self;
        Refusal { actor: actor.clone(), act: *act, reason, article: act.article() }
    }
}

/// A denial: an ordinary value, which the door records as the event `act.refused`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    actor: ActorName,
    act: Act,
    reason: &'static str,
    article: &'static str,
}

impl Refusal {
    /// Who asked.
    pub fn actor(&self) -> &ActorName {
        &self.actor
    }

    /// What was asked for.
    pub fn act(&self) -> Act {
        self.act
    }

    /// Why not, as a stable code.
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// The article that says so.
    pub fn article(&self) -> &'static str {
        self.article
    }
}

/// Asks the table about an act that depends on no state.
pub fn permit(actor: &Actor, act: Act) -> Result<Permitted, Refusal> {
    permit_in(actor, act, State::Any)
}

/// Asks the table. The one maker of permits. An actor of several roles acts in the first that may;
/// where none may, the reason is that of his first role.
pub fn permit_in(actor: &Actor, act: Act, state: State) -> Result<Permitted, Refusal> {
    let mut refused = None;
    for &role in actor.roles() {
        match answer(role, act, state) {
            Answer::Allowed => return Ok(Permitted { actor: actor.name_as(Some(role)), act }),
            Answer::Refused { reason, article } => {
                refused.get_or_insert((reason, article));
            }
        }
    }
    let (reason, article) = refused.unwrap_or(("role-not-entitled", act.article()));
    Err(Refusal { actor: actor.name(), act, reason, article })
}

#[cfg(test)]
mod tests;
