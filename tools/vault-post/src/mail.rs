//! Letters through the office's mail server.

use crate::limits::{PROBLEM_CHARS_MAX, SEND_WAIT};
use crate::{secret, undelivered};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use vault_core::fault::Outcome;
use vault_core::reminders::Message;
use vault_core::settings::{MailSettings, MailTls};
use vault_core::wording::{Language, Wording};

/// A problem, as far as there is room for it.
fn problem(error: &dyn std::fmt::Display) -> vault_core::fault::Fault {
    undelivered(error.to_string().chars().take(PROBLEM_CHARS_MAX).collect::<String>())
}

fn letter(to: &MailSettings, language: Language, message: &Message) -> Outcome<lettre::Message> {
    let address = to.address_of(&message.recipient).filter(|_| !message.recipient.is_empty());
    let address = address.as_ref().unwrap_or(&to.from);
    let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|error| problem(&error));
    let host = to.from.rsplit('@').next().unwrap_or_default();
    lettre::Message::builder()
        .from(mailbox(&to.from)?)
        .to(mailbox(address)?)
        .subject(Wording::new(language).text("reminder-subject", &[]))
        .message_id(Some(format!("<{}@{host}>", message.id)))
        .header(ContentType::TEXT_PLAIN)
        .body(format!("{}\r\n", message.text))
        .map_err(|error| problem(&error))
}

fn tls(to: &MailSettings) -> Outcome<Tls> {
    if to.tls == MailTls::None {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(to.server.clone());
    if let Some(file) = &to.authority_file {
        let pem = secret::read(file)?;
        let own = Certificate::from_pem(pem.as_bytes()).map_err(|error| problem(&error))?;
        parameters = parameters.add_root_certificate(own);
    }
    let parameters = parameters.build().map_err(|error| problem(&error))?;
    Ok(match to.tls {
        MailTls::Implicit => Tls::Wrapper(parameters),
        _ => Tls::Required(parameters),
    })
}

pub(crate) async fn send(to: &MailSettings, language: Language, message: &Message) -> Outcome<()> {
    let letter = letter(to, language, message)?;
    let mut server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&to.server)
        .port(to.port)
        .tls(tls(to)?)
        .timeout(Some(SEND_WAIT));
    if let Some(file) = &to.password_file {
        server = server.credentials(Credentials::new(to.login.clone(), secret::read(file)?));
    }
    let sent = tokio::time::timeout(SEND_WAIT, server.build().send(letter)).await;
    sent.map_err(|error| problem(&error))?.map_err(|error| problem(&error))?;
    Ok(())
}
