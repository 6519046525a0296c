//! Names for the pseudonyms of events, so that people can read who did something.
//!
//! Promises: a name is the one of the account the event names, disabled ones included; what no
//! account did has none. Never changes what stands in the ledger: there it is the pseudonym.

use super::acts::roll;
use super::roll::Roll;
use crate::fault::Outcome;
use crate::vault::Vault;

/// The people of a vault by their pseudonyms.
#[derive(Debug)]
pub struct Names(Roll);

impl Names {
    /// The names as they are now. For callers who may read what the events are about.
    pub async fn of(vault: &Vault) -> Outcome<Self> {
        Ok(Self(roll(vault).await?))
    }

    /// The person behind a pseudonym; none for a terminal, and for the vault itself.
    pub fn person(&self, pseudonym: &str) -> Option<&str> {
        let number = pseudonym.strip_prefix("account:")?.parse().ok()?;
        self.0.get(&number).map(|account| account.person.as_str())
    }
}
