//! Accounts, roles and sign-ins. Names, certificate numbers, reasons and secrets are in payloads
//! only; here an account stands under its number. (A3.6, A2.14(一), R29)

use super::fields::bodies;
use crate::id::{RecordId, Subject};

bodies! {
    /// Events about the people who work with the vault.
    pub enum PeopleBody {
        /// An account, or other roles for one, was proposed.
        Proposed = "account.proposed" {
            /// Which account.
            account: RecordId,
            /// `create` or `roles`.
            change: String,
            /// `inside` or `outside` the department.
            department: String,
            /// The roles it is to have.
            roles: Vec<String>,
        },
        /// A proposal was confirmed by another person and holds from now on.
        Confirmed = "account.confirmed" {
            /// Which account.
            account: RecordId,
            /// The event that proposed it.
            proposal: u64,
        },
        /// The account acts no more.
        Disabled = "account.disabled" {
            /// Which account.
            account: RecordId,
        },
        /// A password or a key for one-time codes was set.
        CredentialSet = "account.credential-set" {
            /// Which account.
            account: RecordId,
            /// `password` or `one-time-code`.
            credential: String,
            /// Whether the person set it, and not another for him.
            own: bool,
        },
        /// A person proved to be the one of the account.
        SignedIn = "account.signed-in" {
            /// Which account.
            account: RecordId,
        },
        /// The identity provider vouched for a person to be the one of the account.
        SignedInByProvider = "account.signed-in-by-provider" {
            /// Which account.
            account: RecordId,
            /// The provider, by its issuer's name.
            issuer: String,
        },
        /// Somebody failed to.
        SignInRefused = "account.sign-in-refused" {
            /// Which account.
            account: RecordId,
            /// Why, as a stable code.
            reason: String,
        },
    }
}

impl PeopleBody {
    /// The account it speaks of.
    pub(super) fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::Proposed { account, .. }
            | Self::Confirmed { account, .. }
            | Self::Disabled { account }
            | Self::CredentialSet { account, .. }
            | Self::SignedIn { account }
            | Self::SignedInByProvider { account, .. }
            | Self::SignInRefused { account, .. } => vec![Subject::account(account)],
        }
    }
}
