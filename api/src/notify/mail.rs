//! Mail by any SMTP server; Gmail is one of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_graphql::Enum;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    transport::smtp::{
        Error as SmtpError, PoolConfig,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        response::Response,
    },
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Receipt, SendError, letter,
    message::{Message, cut},
};

/// How long a server may take to be reached.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long it may take for everything.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Connections kept for each server.
const MAX_IDLE: u32 = 2;
/// Servers whose connections are kept.
const MAX_KEPT: usize = 32;
/// How long to wait when a server says that it is busy.
const BUSY: Duration = Duration::from_secs(15 * 60);
/// How long to wait when the day's quota is spent.
const QUOTA: Duration = Duration::from_secs(24 * 3_600);
/// Longest answer that is kept.
const MAX_ANSWER: usize = 500;

/// How the connection is protected.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// A connection to a mail server, kept for the next mail.
type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Sends mail, and keeps connections open for a while: servers count sign-ins.
#[derive(Clone)]
pub struct Sender {
    extra_ca: Arc<Vec<Certificate>>,
    name: String,
    kept: Arc<Mutex<HashMap<Server, Transport>>>,
}

/// What makes two mailboxes share connections; the password only as a hash.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Server {
    host: String,
    port: u16,
    security: Security,
    username: Option<String>,
    password: [u8; 32],
}

impl Sender {
    /// A sender that also trusts these CAs, and signs with this name.
    pub fn new(extra_ca: Vec<Certificate>, name: String) -> Self {
        Self {
            extra_ca: Arc::new(extra_ca),
            name,
            kept: Arc::default(),
        }
    }

    /// Sends one mail to all recipients.
    ///
    /// # Errors
    /// See `SendError`.
    pub async fn send(&self, mailbox: &Mailbox, message: &Message) -> Result<Receipt, SendError> {
        let mail = letter::compose(mailbox, message, &self.name).map_err(SendError::Fail)?;
        let server = Server::of(mailbox);
        let transport = self.transport(&server, mailbox).map_err(SendError::Fail)?;
        let sender = self.clone();
        // In a task of its own: whoever stops waiting must not leave a connection behind in the middle of a dialogue.
        let dialogue = tokio::spawn(async move {
            // The library's own timeout only covers the connecting.
            match tokio::time::timeout(TIMEOUT, transport.send(mail)).await {
                Ok(Ok(response)) => Ok(receipt(&response)),
                Ok(Err(e)) => Err(judge(&e)),
                Err(_) => {
                    sender.forget(&server);
                    transport.shutdown().await;
                    Err(SendError::Retry {
                        after: None,
                        error: format!(
                            "The mail server gave no answer within {} s.",
                            TIMEOUT.as_secs()
                        ),
                    })
                }
            }
        });
        dialogue.await.unwrap_or_else(|e| {
            Err(SendError::Retry {
                after: None,
                error: format!("The mail could not be sent: {e}"),
            })
        })
    }

    /// Connects and signs in, and sends nothing.
    ///
    /// # Errors
    /// What the server or the way to it says.
    pub async fn check(&self, mailbox: &Mailbox) -> Result<(), String> {
        let transport = transport(mailbox, &self.extra_ca)?;
        let answered = tokio::time::timeout(TIMEOUT, transport.test_connection()).await;
        transport.shutdown().await;
        match answered {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err("The mail server does not take commands.".into()),
            Ok(Err(e)) => Err(cut(&causes(&e), MAX_ANSWER)),
            Err(_) => Err(format!(
                "The mail server gave no answer within {} s.",
                TIMEOUT.as_secs()
            )),
        }
    }

    fn transport(&self, server: &Server, mailbox: &Mailbox) -> Result<Transport, String> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(transport) = kept.get(server) {
            return Ok(transport.clone());
        }
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        let transport = transport(mailbox, &self.extra_ca)?;
        kept.insert(server.clone(), transport.clone());
        Ok(transport)
    }

    fn forget(&self, server: &Server) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(server);
    }
}

impl Server {
    fn of(mailbox: &Mailbox) -> Self {
        let password = mailbox.password.as_ref().map_or("", |p| p.expose_secret());
        Self {
            host: mailbox.host.clone(),
            port: mailbox.port,
            security: mailbox.security,
            username: mailbox.username.clone(),
            password: Sha256::digest(password).into(),
        }
    }
}

fn receipt(response: &Response) -> Receipt {
    let words = response.message().collect::<Vec<_>>().join(" ");
    Receipt {
        answer: cut(&format!("{} {words}", response.code()), MAX_ANSWER),
    }
}

fn transport(mailbox: &Mailbox, extra_ca: &[Certificate]) -> Result<Transport, String> {
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
    let mut builder = Transport::builder_dangerous(&mailbox.host)
        .port(mailbox.port)
        .tls(tls)
        .timeout(Some(CONNECT_TIMEOUT))
        .pool_config(PoolConfig::new().min_idle(0).max_size(MAX_IDLE));
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
