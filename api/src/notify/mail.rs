//! Mail by any SMTP server; Gmail is one of them.

use std::time::Duration;

use async_graphql::Enum;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message as Mail, Tokio1Executor,
    message::{Mailbox as Address, MultiPart, header},
    transport::smtp::{
        Error as SmtpError, PoolConfig,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{
    Receipt, SendError,
    message::{Message, Tone, cut},
};

/// How long a server may take for each step.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How long to wait when a server says that it is busy.
const BUSY: Duration = Duration::from_secs(15 * 60);
/// How long to wait when the day's quota is spent.
const QUOTA: Duration = Duration::from_secs(24 * 3_600);
/// Longest subject.
const MAX_SUBJECT: usize = 200;
/// Longest answer that is kept.
const MAX_ANSWER: usize = 500;

/// How the connection is protected.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[graphql(name = "MailSecurity")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Security {
    /// Plain at first, then TLS before anything is said (port 587).
    Starttls,
    /// TLS from the first byte (port 465).
    Tls,
    /// No TLS: only for a server on this machine.
    None,
}

/// Recipients and the server that takes mail for them.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// SMTP server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Name to sign in with; `None` for a server that wants none.
    pub username: Option<String>,
    /// Password, such as Gmail's app password.
    pub password: Option<SecretString>,
    /// Who it is from.
    pub sender: String,
    /// Who it is for.
    pub recipients: Vec<String>,
}

/// Sends one mail to all recipients.
///
/// # Errors
/// See `SendError`.
pub async fn send(
    mailbox: &Mailbox,
    message: &Message,
    extra_ca: &[Certificate],
    name: &str,
) -> Result<Receipt, SendError> {
    let mail = compose(mailbox, message, name).map_err(SendError::Fail)?;
    let transport = transport(mailbox, extra_ca).map_err(SendError::Fail)?;
    match transport.send(mail).await {
        Ok(response) => Ok(Receipt {
            answer: cut(
                &format!(
                    "{} {}",
                    response.code(),
                    response.message().collect::<Vec<_>>().join(" ")
                ),
                MAX_ANSWER,
            ),
        }),
        Err(e) => Err(judge(&e)),
    }
}

fn transport(
    mailbox: &Mailbox,
    extra_ca: &[Certificate],
) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let mut tls = TlsParameters::builder(mailbox.host.clone());
    for certificate in extra_ca {
        tls = tls.add_root_certificate(certificate.clone());
    }
    let tls = || {
        tls.build_rustls()
            .map_err(|e| format!("TLS cannot be set up: {e}"))
    };
    let tls = match mailbox.security {
        Security::Starttls => Tls::Required(tls()?),
        Security::Tls => Tls::Wrapper(tls()?),
        Security::None => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&mailbox.host)
        .port(mailbox.port)
        .tls(tls)
        .timeout(Some(TIMEOUT))
        .pool_config(PoolConfig::new().min_idle(0).max_size(1));
    if let (Some(user), Some(password)) = (&mailbox.username, &mailbox.password) {
        builder = builder.credentials(Credentials::new(
            user.clone(),
            password.expose_secret().to_owned(),
        ));
    }
    Ok(builder.build())
}

/// 550 5.4.5 (Gmail's daily quota) is permanent by its code and temporary in truth; 535 is the other way round.
fn judge(error: &SmtpError) -> SendError {
    let text = cut(&error.to_string(), MAX_ANSWER);
    let code = error.status().map(u16::from);
    match code {
        Some(550 | 552) if text.contains("5.4.5") => SendError::Retry {
            after: Some(QUOTA),
            error: text,
        },
        Some(530 | 534 | 535) => SendError::Disable(text),
        Some(421 | 450 | 451 | 452 | 454) => SendError::Retry {
            after: Some(BUSY),
            error: text,
        },
        _ if error.is_permanent() => SendError::Fail(text),
        _ => SendError::Retry {
            after: None,
            error: cut(&causes(error), MAX_ANSWER),
        },
    }
}

fn causes(error: &SmtpError) -> String {
    use std::error::Error;
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        let said = deeper.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = deeper.source();
    }
    text
}

fn compose(mailbox: &Mailbox, message: &Message, name: &str) -> Result<Mail, String> {
    let sender: Address = mailbox
        .sender
        .parse()
        .map_err(|_| "The sender is not a mail address.".to_owned())?;
    let domain = sender.email.domain().to_owned();
    let id = |id: uuid::Uuid| format!("<{id}@{domain}>");
    // Header values are cleaned of line breaks: names of pods and boards come from strangers.
    let subject: String = format!("[{name}] {}", message.title)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let from = Address::new(sender.name.or_else(|| Some(name.to_owned())), sender.email);
    let mut builder = Mail::builder()
        .from(from)
        .subject(cut(&subject, MAX_SUBJECT))
        .message_id(Some(id(message.id)))
        .header(header::MIME_VERSION_1_0);
    for recipient in &mailbox.recipients {
        let to = recipient
            .parse()
            .map_err(|_| format!("{recipient} is not a mail address."))?;
        builder = builder.to(to);
    }
    if let Some(thread) = message.thread {
        let root = id(thread);
        builder = builder.references(root.clone());
        if !message.starts_thread {
            builder = builder.in_reply_to(root);
        }
    }
    builder
        .multipart(MultiPart::alternative_plain_html(
            text(message),
            html(message),
        ))
        .map_err(|e| format!("The mail cannot be written: {e}"))
}

fn text(message: &Message) -> String {
    let mut parts = vec![message.title.clone(), message.cause.clone()];
    if !message.remedy.is_empty() {
        parts.push(format!(
            "{}\n{}",
            message.remedy_label(),
            message.numbered_remedy()
        ));
    }
    let facts: Vec<String> = message
        .facts
        .iter()
        .map(|(k, v)| format!("{k}: {v}"))
        .collect();
    parts.push(facts.join("\n"));
    if !message.evidence.is_empty() {
        parts.push(format!(
            "{}\n{}",
            message.evidence_label(),
            message.evidence.join("\n")
        ));
    }
    parts.extend(message.link.clone());
    parts.push(message.mark.clone());
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn html(message: &Message) -> String {
    let color = match message.tone {
        Tone::Critical => "#b0221e",
        Tone::Warning => "#855000",
        Tone::Good => "#1b6a3d",
        Tone::Info => "#0b5d76",
    };
    let list = |items: &[String], tag: &str| {
        let items: String = items
            .iter()
            .map(|i| format!("<li>{}</li>", escape(i)))
            .collect();
        format!("<{tag}>{items}</{tag}>")
    };
    let mut body = format!(
        "<h1 style=\"font-size:20px;color:{color}\">{}</h1><p>{}</p>",
        escape(&message.title),
        escape(&message.cause)
    );
    if !message.remedy.is_empty() {
        body += &format!(
            "<h2 style=\"font-size:16px\">{}</h2>",
            message.remedy_label()
        );
        body += &list(&message.remedy, "ol");
    }
    let rows: String = message
        .facts
        .iter()
        .map(|(k, v)| {
            format!(
                "<tr><td style=\"padding-right:16px;color:#43535e\">{}</td><td>{}</td></tr>",
                escape(k),
                escape(v)
            )
        })
        .collect();
    body += &format!("<table style=\"font-size:14px\">{rows}</table>");
    if !message.evidence.is_empty() {
        body += &format!(
            "<h2 style=\"font-size:16px\">{}</h2><pre style=\"background:#f6f8f8;padding:12px;white-space:pre-wrap\">{}</pre>",
            message.evidence_label(),
            escape(&message.evidence.join("\n"))
        );
    }
    if let Some(link) = &message.link {
        body += &format!("<p><a href=\"{0}\">{0}</a></p>", escape(link));
    }
    format!(
        "<!doctype html><html lang=\"{}\"><body style=\"font-family:sans-serif;color:#13212a\">{body}<p style=\"color:#596872;font-size:12px\">{}</p></body></html>",
        message.locale.as_str(),
        escape(&message.mark)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{super::Locale, *};

    #[test]
    fn no_name_of_a_pod_reaches_a_header_or_the_markup() {
        let message = Message {
            id: uuid::Uuid::nil(),
            thread: Some(uuid::Uuid::nil()),
            starts_thread: false,
            locale: Locale::En,
            tone: Tone::Warning,
            title: "pod\r\nBcc: evil@example.org <b>".into(),
            cause: "<script>alert(1)</script>".into(),
            remedy: vec!["a".into()],
            facts: Vec::new(),
            evidence: Vec::new(),
            link: None,
            mark: "incident #1, step 2".into(),
            at: DateTime::UNIX_EPOCH,
        };
        let mailbox = Mailbox {
            host: "localhost".into(),
            port: 25,
            security: Security::None,
            username: None,
            password: None,
            sender: "porthole@example.org".into(),
            recipients: vec!["jun@example.org".into()],
        };
        let mail = compose(&mailbox, &message, "Porthole").expect("composes");
        let bytes = String::from_utf8(mail.formatted()).expect("text");
        let (headers, parts) = bytes.split_once("\r\n\r\n").expect("a body");
        assert!(!headers.contains("\nBcc:"), "{headers}");
        let (_, html) = parts.split_once("text/html").expect("an HTML part");
        assert!(!html.contains("<script>"), "{html}");
        assert!(
            headers.contains("In-Reply-To: <00000000-0000-0000-0000-000000000000@example.org>")
        );
    }
}
