//! People (人员): who works with the vault, in which roles, and how they prove it.
//!
//! Promises: nobody gets a role by one person's will: one proposes, another confirms, except while
//! the vault is first set up from its own terminal. The three administrators exclude each other
//! and everybody else. Passwords and keys of one-time codes are in sealed payloads only, and are
//! never folded, shown or logged. An account that is disabled acts no more, and stays on record.
//! Never decides who may do what: `policy` does. (A3.6, A2.14(一), R29)

mod acts;
mod credential;
mod first;
mod names;
mod roll;
mod sign_in;
mod token;

pub(crate) use acts::roll;
pub use acts::{NewAccount, confirm, disable, list, propose, propose_roles};
pub use credential::{Password, new_code_key, set_password};
pub use first::{Administrator, offer_set_up, set_up, set_up_awaited};
pub use names::Names;
pub use roll::{Account, Proposal, Roll};
pub use sign_in::{Proof, SignIn, Vouched, replace_password, sign_in, sign_in_vouched, still};
pub use token::{by_token, new_token};

use crate::catalog::AccountAct;
use crate::fault::Outcome;

/// The roll after these acts, for flows that ask inside a change of their own.
pub(crate) fn roll_of(acts: &[AccountAct]) -> Outcome<Roll> {
    Roll::of(acts)
}

/// Whether the vault is being set up for the first time.
pub(crate) async fn phase_of(vault: &crate::vault::Vault) -> Outcome<crate::policy::State> {
    Ok(acts::phase(&acts::roll(vault).await?))
}

/// A number for a session of somebody's, as it stands in events.
pub fn random_session() -> Outcome<[u8; 16]> {
    crate::store::cipher::random_bytes()
}

/// A secret that nobody guesses: 256 random bits.
pub fn random_token() -> Outcome<[u8; 32]> {
    crate::store::cipher::random_bytes()
}
