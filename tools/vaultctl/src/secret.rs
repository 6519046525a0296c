//! Who acts, where `--as` names an account: its password and one-time code.
//!
//! Promises: a password comes from a file, from standard input, or is typed unseen; never from an
//! argument, where every user of the machine could read it.

use crate::arguments::{optional_path, optional_text};
use crate::failure::{Answer, Failure};
use clap::ArgMatches;
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use vault_core::limits::PASSWORD_BYTES_MAX;
use vault_core::people::{Password, SignIn};
use vault_core::wording::Wording;

/// The account to act with, as the call names it.
#[derive(Debug, Default)]
pub(crate) struct Acting {
    account: Option<String>,
    password_file: Option<PathBuf>,
    code: Option<String>,
}

impl Acting {
    /// As the call says.
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        Self {
            account: optional_text(matches, "as"),
            password_file: optional_path(matches, "password-file"),
            code: optional_text(matches, "code"),
        }
    }

    /// The account's name, where one is named.
    pub(crate) fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// What proves it, where an account is named.
    pub(crate) fn sign_in(&self, wording: &Wording) -> Answer<Option<SignIn>> {
        let Some(login) = &self.account else { return Ok(None) };
        let words = wording.text("ctl-password-ask", &[("account", login)]);
        let password = password(self.password_file.as_deref(), &words)?;
        Ok(Some(SignIn { login: login.clone(), password, code: self.code.clone() }))
    }
}

/// A password: the first line of the file, or of standard input, or typed after `words`.
pub(crate) fn password(file: Option<&Path>, words: &str) -> Answer<Password> {
    let unreadable = |error: std::io::Error| {
        Failure::Usage("ctl-password-unreadable", vec![("cause", error.to_string())])
    };
    let line = match file {
        Some(path) if path != Path::new("-") => {
            let opened = File::open(path).map(BufReader::new);
            opened.and_then(first_line).map_err(unreadable)?
        }
        None if std::io::stdin().is_terminal() => {
            rpassword::prompt_password(words).map_err(unreadable)?
        }
        _ => first_line(std::io::stdin().lock()).map_err(unreadable)?,
    };
    Ok(Password::new(line))
}

/// Takes a line and nothing behind it: on standard input the new password follows the present one.
fn first_line(source: impl BufRead) -> std::io::Result<String> {
    let most = PASSWORD_BYTES_MAX as u64 + 2;
    let mut line = String::new();
    source.take(most).read_line(&mut line)?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_line_is_read_and_not_without_end() {
        let mut two = &b"secret\nmore"[..];
        assert_eq!(first_line(&mut two).unwrap(), "secret\n");
        assert_eq!(first_line(&mut two).unwrap(), "more", "the next is there for who asks for it");
        let read = first_line(BufReader::new(std::io::repeat(b'a'))).unwrap();
        assert!(read.len() <= PASSWORD_BYTES_MAX + 2);
    }
}
