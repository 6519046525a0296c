//! Names for the pseudonyms of events, so that people can read who did something.
//!
//! Promises: a name is the one of the account the event names, disabled ones included; what no
//! account did has none. Never changes what stands in the ledger: there it is the pseudonym.

use super::acts::roll;
use super::roll::{Account, Roll};
use crate::fault::Outcome;
use crate::vault::Vault;

/// The people of a vault by their pseudonyms.
#[derive(Debug, Default)]
pub struct Names(Roll);

impl Names {
    /// The names as they are now. For callers who may read what the events are about.
    pub async fn of(vault: &Vault) -> Outcome<Self> {
        Ok(Self(roll(vault).await?))
    }

    /// The person behind a pseudonym; none for a terminal, and for the vault itself.
    pub fn person(&self, pseudonym: &str) -> Option<&str> {
        self.account(pseudonym).map(|account| account.person.as_str())
    }

    /// The name that person signs in with.
    pub fn login(&self, pseudonym: &str) -> Option<&str> {
        self.account(pseudonym).map(|account| account.login.as_str())
    }

    fn account(&self, pseudonym: &str) -> Option<&Account> {
        self.0.get(&pseudonym.strip_prefix("account:")?.parse().ok()?)
    }
}
