//! Which roles one account may have together, and where it must belong.
//!
//! The three administrators (三员) exclude each other and every other role; a recipient stands
//! outside the department, everybody else inside. Part of the policy, so that roles are compared
//! nowhere else.

use super::Role;

/// Why an account cannot have these roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RolesRefused {
    /// No role at all.
    None,
    /// A role twice.
    Twice,
    /// A role that nobody can be given.
    NotForPersons,
    /// An administrator or a station has no other role.
    Exclusive,
    /// A role inside the department for somebody outside, or the other way round.
    Department,
}

impl RolesRefused {
    /// The stable code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "roles-none",
            Self::Twice => "roles-twice",
            Self::NotForPersons => "roles-not-for-persons",
            Self::Exclusive => "roles-exclusive",
            Self::Department => "roles-department",
        }
    }
}

/// The three administrators.
pub const ADMINISTRATORS: [Role; 3] =
    [Role::SystemAdministrator, Role::SecurityAdministrator, Role::AuditAdministrator];

/// Whether one of these roles is that of an administrator.
pub fn administers(roles: &[Role]) -> bool {
    roles.iter().any(|role| ADMINISTRATORS.contains(role))
}

/// Whether these are the roles of a collecting station: that one, and no other.
pub fn is_station(roles: &[Role]) -> bool {
    roles == [Role::Station]
}

/// Whether a person has this role, and neither a machine nor the terminal.
pub const fn is_person(role: Role) -> bool {
    !matches!(role, Role::Operator | Role::System | Role::Station)
}

/// Whether an account inside or outside the department can have these roles together.
pub fn check_roles(roles: &[Role], inside: bool) -> Result<(), RolesRefused> {
    if roles.is_empty() {
        return Err(RolesRefused::None);
    }
    let mut sorted = roles.to_vec();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(RolesRefused::Twice);
    }
    if roles.iter().any(|role| matches!(role, Role::Operator | Role::System)) {
        return Err(RolesRefused::NotForPersons);
    }
    if (administers(roles) || roles.contains(&Role::Station)) && roles.len() > 1 {
        return Err(RolesRefused::Exclusive);
    }
    if roles.iter().any(|role| (*role == Role::Recipient) == inside) {
        return Err(RolesRefused::Department);
    }
    Ok(())
}

/// Who consents to a request, by where the applicant belongs (A3.15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Office {
    /// 主管领导.
    InCharge,
    /// 主要领导.
    Principal,
}

impl Office {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InCharge => "in-charge",
            Self::Principal => "principal",
        }
    }

    /// The office of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::InCharge, Self::Principal].into_iter().find(|office| office.as_str() == name)
    }

    /// The office that decides on an application from inside or outside the department. A leader
    /// in charge who applies himself is decided on by the principal leader.
    pub fn for_applicant(inside: bool, roles: &[Role]) -> Self {
        match (inside, roles.contains(&Role::InCharge)) {
            (true, false) => Self::InCharge,
            (true, true) | (false, _) => Self::Principal,
        }
    }
}
