//! The command line: read by hand, because there are four words in it.
//!
//! Promises that nothing is guessed: an argument that is unknown, twice or without its value ends
//! the call, and so does a policy that asks for what this program does not check.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use vault_proof::note::VerifierKey;

/// The longest policy file read: a key and a few comments.
const POLICY_BYTES_MAX: u64 = 64 * 1024;

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Call {
    /// Say how it is used.
    Help,
    /// Check a package.
    Check(Box<Check>),
}

/// A package to be checked.
#[derive(Debug)]
pub(crate) struct Check {
    /// Where it is.
    pub(crate) package: PathBuf,
    /// The vault's key from outside.
    pub(crate) pin: Option<VerifierKey>,
    /// Whether programs read the answer.
    pub(crate) json: bool,
}

/// Why this is no call: a key of the catalogue, and the argument.
#[derive(Debug)]
pub(crate) struct Usage {
    pub(crate) key: &'static str,
    pub(crate) argument: String,
}

impl Usage {
    pub(crate) fn about(key: &'static str, argument: &Path) -> Self {
        Self { key, argument: argument.display().to_string() }
    }
}

fn usage(key: &'static str, argument: &str) -> Usage {
    Usage { key, argument: argument.to_owned() }
}

/// Reads the arguments after the program's name.
pub(crate) fn read(arguments: impl Iterator<Item = OsString>) -> Result<Call, Usage> {
    let (mut package, mut pin, mut json) = (None, None, false);
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let text = argument.to_str().unwrap_or_default();
        match text {
            "-h" | "--help" => return Ok(Call::Help),
            "--json" => json = true,
            "--origin" | "--policy" => {
                let value = arguments.next().ok_or_else(|| usage("argument-value", text))?;
                let key = if text == "--origin" { origin(&value) } else { policy(&value) }?;
                if pin.replace(key.clone()).is_some_and(|other| other != key) {
                    return Err(usage("argument-twice", text));
                }
            }
            _ if text.starts_with('-') => return Err(usage("argument-unknown", text)),
            _ if package.is_some() => {
                return Err(Usage::about("argument-twice", argument.as_ref()));
            }
            _ => package = Some(PathBuf::from(argument)),
        }
    }
    let package = package.ok_or_else(|| usage("usage", ""))?;
    Ok(Call::Check(Box::new(Check { package, pin, json })))
}

fn origin(value: &OsString) -> Result<VerifierKey, Usage> {
    let text = value.to_string_lossy();
    VerifierKey::parse(text.trim()).map_err(|_| usage("origin-bad", &text))
}

/// A policy in the form of C2SP tlog-policy, as far as this program goes: the log's key alone.
fn policy(path: &OsString) -> Result<VerifierKey, Usage> {
    let bad = || Usage::about("policy-bad", Path::new(path));
    let length = std::fs::metadata(path).map_err(|_| bad())?.len();
    if length > POLICY_BYTES_MAX {
        return Err(bad());
    }
    let text = std::fs::read_to_string(path).map_err(|_| bad())?;
    let mut key = None;
    for line in text.lines().map(str::trim) {
        match line.split_once(' ') {
            _ if line.is_empty() || line.starts_with('#') => {}
            Some(("quorum", "none")) => {}
            Some(("log", text)) if key.is_none() => {
                key = Some(VerifierKey::parse(text.trim()).map_err(|_| bad())?);
            }
            _ => return Err(bad()),
        }
    }
    key.ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    fn call(words: &[&str]) -> Result<Call, &'static str> {
        read(words.iter().map(OsString::from)).map_err(|usage| usage.key)
    }

    #[test]
    fn a_call_says_what_it_says_and_nothing_is_guessed() {
        let Ok(Call::Check(check)) = call(&["包", "--json", "--origin", KEY]) else {
            panic!("a call");
        };
        assert!(check.json && check.pin.is_some() && check.package == Path::new("包"));
        assert!(matches!(call(&["x", "--help"]), Ok(Call::Help)));
        let refused: [(&[&str], &str); 7] = [
            (&[], "usage"),
            (&["a", "b"], "argument-twice"),
            (&["a", "--jsno"], "argument-unknown"),
            (&["a", "--origin"], "argument-value"),
            (&["a", "--origin", "key"], "origin-bad"),
            (&["a", "--policy", "/nowhere/at/all"], "policy-bad"),
            (&["--json"], "usage"),
        ];
        for (words, key) in refused {
            assert_eq!(call(words).err(), Some(key), "{words:?}");
        }
    }

    #[test]
    fn a_policy_with_witnesses_is_refused_rather_than_half_checked() {
        let scratch = tempfile::tempdir().expect("scratch");
        let path = scratch.path().join("policy");
        for (text, good) in [
            (format!("# ours\nlog {KEY}\nquorum none\n"), true),
            (format!("log {KEY}\nwitness w key\nquorum w\n"), false),
            (format!("log {KEY}\nlog {KEY}\n"), false),
            ("quorum none\n".to_owned(), false),
        ] {
            #[expect(clippy::disallowed_methods, reason = "a file of the test, not of a vault")]
            std::fs::write(&path, &text).expect("policy");
            let path = path.to_str().expect("text");
            assert_eq!(call(&["a", "--policy", path]).is_ok(), good, "{text}");
        }
    }
}
