//! A message as a mail: text and HTML, with headers that no stranger's words can reach.

use lettre::{
    Message as Mail,
    message::{Mailbox as Address, MultiPart, header},
};

use super::{
    mail::Mailbox,
    message::{Message, Tone, cut},
};

/// Longest subject.
const MAX_SUBJECT: usize = 200;

/// The mail of a message.
///
/// # Errors
/// Names the address that is none.
pub(super) fn compose(mailbox: &Mailbox, message: &Message, name: &str) -> Result<Mail, String> {
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

    use super::{super::mail::Security, *};

    #[test]
    fn no_name_of_a_pod_reaches_a_header_or_the_markup() {
        let message = Message {
            id: uuid::Uuid::nil(),
            thread: Some(uuid::Uuid::nil()),
            starts_thread: false,
            locale: crate::locale::Locale::En,
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
