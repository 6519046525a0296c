//! Who sits at the terminal: the operating system's word for it.
//!
//! Promises: the user id always; the login name where the system has one. Never trusts the
//! environment (`USER` is what the caller wants it to be).

use std::fs::File;
use std::io::{self, Read};
use vault_core::fault::{Code, Fault, Outcome};

/// The person at the terminal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Person {
    /// The user id.
    pub(crate) uid: u32,
    /// The login name, or `uid-N`.
    pub(crate) name: String,
}

/// The person this process runs for.
pub(crate) fn at_terminal() -> Person {
    let uid = rustix::process::getuid().as_raw();
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    Person { uid, name: login_name(&accounts, uid).unwrap_or_else(|| format!("uid-{uid}")) }
}

/// A random number: one for each run, so that the ledger tells runs apart.
pub(crate) fn new_session() -> Outcome<[u8; 16]> {
    let mut random = [0_u8; 16];
    read_random(&mut random).map_err(|error| {
        Fault::new(Code::Internal).with("what", "random numbers").caused_by(error)
    })?;
    Ok(random)
}

fn read_random(random: &mut [u8]) -> io::Result<()> {
    File::open("/dev/urandom")?.read_exact(random)
}

/// Finds a user id in the format of passwd(5): name, password, id, ….
fn login_name(accounts: &str, uid: u32) -> Option<String> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        let id = fields.nth(1)?;
        (id.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_names_are_found_by_number() {
        let accounts =
            "root:x:0:0:root:/root:/bin/sh\nbroken\n:x:7:7\nzhang:x:1000:1000::/:/bin/sh";
        assert_eq!(login_name(accounts, 1000).as_deref(), Some("zhang"));
        assert_eq!(login_name(accounts, 0).as_deref(), Some("root"));
        assert_eq!(login_name(accounts, 7), None);
    }

    #[test]
    fn sessions_differ() {
        assert_ne!(new_session().unwrap(), new_session().unwrap());
    }
}
