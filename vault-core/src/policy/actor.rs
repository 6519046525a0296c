//! Actors: who is at work, in which roles, in which session.
//!
//! In the open part of an event an actor stands under a pseudonym; the person behind it is
//! personal data and goes into encrypted payloads only.

use std::fmt;
use vault_proof::{ActorName, RecordId, Subject};

/// In which capacity somebody acts. Closed: a new role needs a column in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Whoever works at the terminal of the machine that holds the vault.
    Operator,
    /// The vault itself, doing the jobs it owes.
    System,
    /// 保管人: keeps the recordings.
    Custodian,
    /// 承办人: handles the case.
    Handler,
    /// 主管领导: the leader in charge.
    InCharge,
    /// 主要领导: the principal leader.
    Principal,
    /// 档案员: closes case files.
    Archivist,
    /// 督查（法制）人员: inspects, of the legal-affairs body.
    Inspector,
    /// 设备管理员: manages the recorders.
    DeviceManager,
    /// 采集工作站: a program that brings recordings in, and does nothing else.
    Station,
    /// 外部接收人: receives copies for a court, a procuratorate, another body.
    Recipient,
    /// 系统管理员.
    SystemAdministrator,
    /// 安全保密管理员.
    SecurityAdministrator,
    /// 安全审计员.
    AuditAdministrator,
}

impl Role {
    /// Every role, in the order of the table.
    pub const ALL: &'static [Self] = &[
        Self::Operator,
        Self::System,
        Self::Custodian,
        Self::Handler,
        Self::InCharge,
        Self::Principal,
        Self::Archivist,
        Self::Inspector,
        Self::DeviceManager,
        Self::Station,
        Self::Recipient,
        Self::SystemAdministrator,
        Self::SecurityAdministrator,
        Self::AuditAdministrator,
    ];

    /// The stable name, as it stands in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::System => "system",
            Self::Custodian => "custodian",
            Self::Handler => "handler",
            Self::InCharge => "in-charge",
            Self::Principal => "principal",
            Self::Archivist => "archivist",
            Self::Inspector => "inspector",
            Self::DeviceManager => "device-manager",
            Self::Station => "station",
            Self::Recipient => "recipient",
            Self::SystemAdministrator => "system-administrator",
            Self::SecurityAdministrator => "security-administrator",
            Self::AuditAdministrator => "audit-administrator",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.as_str() == name)
    }
}

/// The account that a person acts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActingAccount {
    /// Its number.
    pub id: RecordId,
    /// The unit the person belongs to.
    pub unit: String,
    /// Whether that is inside the department.
    pub inside: bool,
}

/// Somebody, or the vault itself, in one session.
#[derive(Clone)]
pub struct Actor {
    id: String,
    roles: Vec<Role>,
    person: String,
    session: [u8; 16],
    account: Option<ActingAccount>,
}

impl Actor {
    /// The person at the terminal, known to the system as `uid`.
    pub fn terminal(uid: u32, person: &str, session: [u8; 16]) -> Self {
        Self {
            id: format!("terminal:uid-{uid}"),
            roles: vec![Role::Operator],
            person: person.to_owned(),
            session,
            account: None,
        }
    }

    /// The vault itself, for jobs.
    pub fn system(session: [u8; 16]) -> Self {
        let id = "system".to_owned();
        Self { id, roles: vec![Role::System], person: String::new(), session, account: None }
    }

    /// A person who proved who he is. Made by `people` alone.
    pub(crate) fn signed_in(
        account: ActingAccount,
        roles: Vec<Role>,
        person: &str,
        session: [u8; 16],
    ) -> Self {
        let id = Subject::account(&account.id).as_str().to_owned();
        Self { id, roles, person: person.to_owned(), session, account: Some(account) }
    }

    /// The roles acted in; an account may have several.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The account, where a person acts with one.
    pub fn account(&self) -> Option<&ActingAccount> {
        self.account.as_ref()
    }

    /// The pseudonym that stands in events.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The person behind the pseudonym; empty for the vault itself. Personal data: it belongs
    /// into payloads, never into the open part of an event or into a log.
    pub fn person(&self) -> &str {
        &self.person
    }

    /// The name that stands in events, in the first of the roles.
    pub fn name(&self) -> ActorName {
        self.name_as(self.roles.first().copied())
    }

    /// The name that stands in events, in this role.
    pub(super) fn name_as(&self, role: Option<Role>) -> ActorName {
        ActorName {
            id: self.id.clone(),
            role: role.map_or("none", Role::as_str).to_owned(),
            session: hex::encode(self.session),
        }
    }
}

impl fmt::Debug for Actor {
    /// Without the person: this ends up in logs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Actor({}, {})", self.id, self.name().role)
    }
}
