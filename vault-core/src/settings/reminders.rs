//! `[reminders]`: whom reminders reach, and how. Secrets are in files that it points to: keys of
//! signatures, and the addresses of robots, which hold a token.

use crate::limits::{CHANNELS_MAX, ESCALATE_AFTER_MAX, ESCALATE_AFTER_WORKING_DAYS, REMINDER_HOUR};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[reminders]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReminderSettings {
    /// The address of the pages, for the link in a message.
    pub address: String,
    /// The language of messages.
    pub language: String,
    /// The hour of the day, in China's zone, before which nothing is sent.
    pub at_hour: u32,
    /// Working days after a missed term before the head of the unit hears of it.
    pub escalate_after: u32,
    /// By letters through the office's mail server.
    pub mail: Option<MailSettings>,
    /// By calls to programs of the office, such as its OA.
    pub webhooks: Vec<WebhookSettings>,
    /// By robots in group chats.
    pub robots: Vec<RobotSettings>,
}

impl Default for ReminderSettings {
    fn default() -> Self {
        Self {
            address: String::new(),
            language: "zh-CN".to_owned(),
            at_hour: REMINDER_HOUR,
            escalate_after: ESCALATE_AFTER_WORKING_DAYS,
            mail: None,
            webhooks: Vec::new(),
            robots: Vec::new(),
        }
    }
}

/// How the connection to a mail server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailTls {
    /// TLS from the first byte (RFC 8314, port 465).
    Implicit,
    /// TLS before anything else is said, or no message at all (RFC 3207, port 587).
    Starttls,
    /// None: only for a server on this machine.
    None,
}

/// `[reminders.mail]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// The host name of the server.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from others.
    pub tls: MailTls,
    /// Certificates (PEM) of the authority of the office, trusted beside those of the machine.
    #[serde(default)]
    pub authority_file: Option<PathBuf>,
    /// The name to sign in with; empty where the server asks for none.
    #[serde(default)]
    pub login: String,
    /// The file that holds the password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// The address the letters come from.
    pub from: String,
    /// Letters to a person go to `LOGIN@DOMAIN`; empty where only `addresses` have any.
    #[serde(default)]
    pub domain: String,
    /// Addresses by login, before the rule of the domain.
    #[serde(default)]
    pub addresses: BTreeMap<String, String>,
}

impl MailSettings {
    /// The address of a person, where there is one.
    pub fn address_of(&self, login: &str) -> Option<String> {
        let by_rule = || (!self.domain.is_empty()).then(|| format!("{login}@{}", self.domain));
        self.addresses.get(login).cloned().or_else(by_rule)
    }

    /// The setting that cannot be used, if there is one.
    fn unusable(&self) -> Option<&'static str> {
        let plain = |text: &str| !text.chars().any(|one| one.is_whitespace() || one.is_control());
        let mailbox = |text: &str| {
            plain(text)
                && text.split_once('@').is_some_and(|(name, at)| {
                    !name.is_empty() && !at.is_empty() && !at.contains('@')
                })
        };
        if self.server.is_empty() || !plain(&self.server) {
            return Some("reminders.mail.server");
        }
        if self.tls == MailTls::None && !["127.0.0.1", "::1", "localhost"].contains(&&*self.server)
        {
            return Some("reminders.mail.tls");
        }
        if self.login.is_empty() != self.password_file.is_none() {
            return Some("reminders.mail.password_file");
        }
        if !mailbox(&self.from) {
            return Some("reminders.mail.from");
        }
        if !plain(&self.domain) || self.domain.contains('@') {
            return Some("reminders.mail.domain");
        }
        let bad = self.addresses.values().any(|address| !mailbox(address));
        bad.then_some("reminders.mail.addresses")
    }
}

/// `[[reminders.webhooks]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// By what it is known.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// The file that holds the key of the signatures.
    pub secret_file: PathBuf,
}

/// Whose robot it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RobotKind {
    /// 企业微信.
    Wecom,
    /// 钉钉.
    Dingtalk,
}

/// `[[reminders.robots]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RobotSettings {
    /// By what it is known.
    pub name: String,
    /// Whose it is.
    pub kind: RobotKind,
    /// The file that holds its address, which is as good as a password.
    pub url_file: PathBuf,
    /// The file that holds the key of the signatures (加签); 钉钉 alone has one.
    #[serde(default)]
    pub secret_file: Option<PathBuf>,
    /// The unit whose work it tells of; empty for the whole office.
    #[serde(default)]
    pub unit: String,
}

impl ReminderSettings {
    /// Whether anybody is reminded outside of the application.
    pub fn any(&self) -> bool {
        self.mail.is_some() || !self.webhooks.is_empty() || !self.robots.is_empty()
    }

    /// The setting that cannot be used, if there is one.
    pub(super) fn unusable(&self) -> Option<&'static str> {
        if self.any() && !plain_address(&self.address) {
            return Some("reminders.address");
        }
        if self.at_hour > 23 {
            return Some("reminders.at_hour");
        }
        if !(1..=ESCALATE_AFTER_MAX).contains(&self.escalate_after) {
            return Some("reminders.escalate_after");
        }
        if crate::wording::Language::parse(&self.language).is_none() {
            return Some("reminders.language");
        }
        if let Some(name) = self.mail.as_ref().and_then(MailSettings::unusable) {
            return Some(name);
        }
        let mut names: Vec<_> = self.webhooks.iter().map(|one| &one.name).collect();
        names.extend(self.robots.iter().map(|one| &one.name));
        let many = names.len();
        names.sort_unstable();
        names.dedup();
        if names.len() != many || many > CHANNELS_MAX || names.iter().any(|name| name.is_empty()) {
            return Some("reminders.name");
        }
        let open = self.webhooks.iter().any(|one| !plain_address(&one.url));
        open.then_some("reminders.webhooks.url")
    }
}

fn plain_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.chars().any(|one| one.is_whitespace() || one.is_control())
}
