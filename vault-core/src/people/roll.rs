//! The roll of accounts as it follows from what happened to them, in order.

use crate::catalog::AccountAct;
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{ADMINISTRATORS, Role};
use std::collections::BTreeSet;
use vault_proof::RecordId;

/// What was proposed for an account and not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The event; what a confirmation names.
    pub seq: u64,
    /// The roles proposed.
    pub roles: Vec<Role>,
    /// The pseudonym of who proposed it.
    pub by_actor: String,
    /// When.
    pub at: UtcTime,
}

/// An account as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: RecordId,
    /// The name to sign in with.
    pub login: String,
    /// The person's name.
    pub person: String,
    /// The unit.
    pub unit: String,
    /// Whether that is inside the department.
    pub inside: bool,
    /// The number of the officer's certificate; empty where there is none.
    pub certificate: String,
    /// The roles that hold; none before the first confirmation.
    pub roles: Vec<Role>,
    /// What waits for confirmation.
    pub proposal: Option<Proposal>,
    /// Whether it was disabled.
    pub disabled: bool,
    /// The event that holds the password, and whether the person set it himself.
    pub password: Option<(u64, bool)>,
    /// The event that holds the key of one-time codes.
    pub code_key: Option<u64>,
    /// The event that holds the token, of a station.
    pub token: Option<u64>,
}

impl Account {
    /// Whether somebody can act with it.
    pub fn acts(&self) -> bool {
        !self.disabled && !self.roles.is_empty()
    }
}

/// Every account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roll {
    accounts: Vec<Account>,
    administrators_seen: BTreeSet<Role>,
}

fn roles_of(text: &str) -> Outcome<Vec<Role>> {
    let unknown = || Fault::new(Code::LedgerDamaged).with("what", "role");
    text.split(' ')
        .filter(|name| !name.is_empty())
        .map(|name| Role::parse(name).ok_or_else(unknown))
        .collect()
}

impl Roll {
    /// The roll after these acts, which are in order.
    pub(super) fn of(acts: &[AccountAct]) -> Outcome<Self> {
        let mut roll = Self::default();
        for act in acts {
            roll.apply(act)?;
        }
        Ok(roll)
    }

    fn apply(&mut self, act: &AccountAct) -> Outcome<()> {
        if act.kind == "account.proposed" && act.what == "create" {
            self.accounts.push(Account {
                id: act.account,
                login: act.login.clone(),
                person: act.person.clone(),
                unit: act.unit.clone(),
                inside: act.department == "inside",
                certificate: act.certificate.clone(),
                roles: Vec::new(),
                proposal: None,
                disabled: false,
                password: None,
                code_key: None,
                token: None,
            });
        }
        let unknown = || Fault::new(Code::LedgerDamaged).with("what", "account");
        let account = self.accounts.iter_mut().find(|account| account.id == act.account);
        let account = account.ok_or_else(unknown)?;
        match (act.kind.as_str(), act.what.as_str()) {
            ("account.proposed", _) => {
                account.proposal = Some(Proposal {
                    seq: act.seq,
                    roles: roles_of(&act.roles)?,
                    by_actor: act.by_actor.clone(),
                    at: act.at_ms,
                });
            }
            ("account.confirmed", _) => {
                if let Some(proposal) = account.proposal.take_if(|one| one.seq == act.proposal) {
                    let administers =
                        proposal.roles.iter().filter(|role| ADMINISTRATORS.contains(role));
                    self.administrators_seen.extend(administers.copied());
                    account.roles = proposal.roles;
                }
            }
            ("account.disabled", _) => account.disabled = true,
            ("account.credential-set", "password") => account.password = Some((act.seq, act.own)),
            ("account.credential-set", "token") => account.token = Some(act.seq),
            ("account.credential-set", "one-time-code") => account.code_key = Some(act.seq),
            _ => return Err(unknown()),
        }
        Ok(())
    }

    /// Every account, in the order they were made.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// Whether the three administrators were never all appointed. Once they were, this is over
    /// for good: a vault does not fall back when one of them leaves.
    pub fn first_run(&self) -> bool {
        self.administrators_seen.len() < ADMINISTRATORS.len()
    }

    /// The account of that name or number.
    pub fn find(&self, name: &str) -> Option<&Account> {
        let login = super::acts::login_of(name);
        let named = |account: &&Account| account.login == login || account.id.to_string() == name;
        self.accounts.iter().find(named)
    }

    /// The account whose login name this is; a number is none.
    pub(super) fn find_login(&self, name: &str) -> Option<&Account> {
        let login = super::acts::login_of(name);
        self.accounts.iter().find(|account| account.login == login)
    }

    /// The account with that number.
    pub fn get(&self, id: &RecordId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn act(seq: u64, account: u8, kind: &str, what: &str) -> AccountAct {
        AccountAct {
            seq,
            account: RecordId::from_bytes([account; 16]),
            kind: kind.into(),
            at_ms: UtcTime::from_ms(0),
            by_actor: "a".into(),
            what: what.into(),
            proposal: 0,
            own: true,
            department: "inside".into(),
            roles: "handler".into(),
            login: format!("login{account}"),
            person: "某".into(),
            unit: "执法处".into(),
            certificate: String::new(),
            note: String::new(),
        }
    }

    #[test]
    fn roles_hold_only_after_the_confirmation_of_the_last_proposal() {
        let mut acts = vec![act(1, 1, "account.proposed", "create")];
        assert!(!Roll::of(&acts).unwrap().accounts()[0].acts());
        let mut newer = act(2, 1, "account.proposed", "roles");
        newer.roles = "archivist".into();
        acts.push(newer);
        let mut old = act(3, 1, "account.confirmed", "");
        old.proposal = 1;
        acts.push(old);
        assert!(!Roll::of(&acts).unwrap().accounts()[0].acts(), "an outdated proposal");
        let mut confirmed = act(4, 1, "account.confirmed", "");
        confirmed.proposal = 2;
        acts.push(confirmed);
        assert_eq!(Roll::of(&acts).unwrap().accounts()[0].roles, [Role::Archivist]);
        acts.push(act(5, 1, "account.disabled", ""));
        assert!(!Roll::of(&acts).unwrap().accounts()[0].acts());
    }

    proptest! {
        #[test]
        fn the_first_run_never_comes_back(
            steps in proptest::collection::vec((0u8..4, 0usize..5), 1..40)
        ) {
            let mut acts: Vec<AccountAct> = Vec::new();
            let mut over = false;
            let names = ["system-administrator", "security-administrator", "audit-administrator"];
            for (at, (account, step)) in steps.into_iter().enumerate() {
                let seq = at as u64 + 1;
                let known = acts.iter().any(|act| act.account.as_bytes()[0] == account);
                let new = match (known, step) {
                    (false, _) => {
                        let mut new = act(seq, account, "account.proposed", "create");
                        new.roles = names[usize::from(account) % 3].into();
                        new
                    }
                    (true, 0) => act(seq, account, "account.disabled", ""),
                    (true, 1) => act(seq, account, "account.proposed", "roles"),
                    (true, _) => {
                        let last = acts.iter().rev().find(|act| {
                            act.account.as_bytes()[0] == account && act.kind == "account.proposed"
                        });
                        let mut new = act(seq, account, "account.confirmed", "");
                        new.proposal = last.unwrap().seq;
                        new
                    }
                };
                acts.push(new);
                let first_run = Roll::of(&acts).unwrap().first_run();
                prop_assert!(!(over && first_run));
                over = !first_run;
            }
        }
    }
}
