//! One TLS handshake, as a browser begins one; nothing is asked for behind it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use rustls::{
    ClientConfig, DigitallySignedStruct, Error as TlsError, SignatureScheme,
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};
use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use x509_parser::{extensions::GeneralName, prelude::*};

use crate::{cluster::model::Leaf, error::cause};

/// How long a host may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Names in the certificates that ingress controllers make up.
const PLACEHOLDERS: [&str; 3] = [
    "Kubernetes Ingress Controller Fake Certificate",
    "TRAEFIK DEFAULT CERT",
    "Caddy Local Authority",
];

/// What a host serves.
///
/// # Errors
/// Why there is no certificate to look at.
pub async fn leaf(host: &str, port: u16) -> Result<Leaf, String> {
    match tokio::time::timeout(PATIENCE, look(host, port)).await {
        Ok(found) => found,
        Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
    }
}

async fn look(host: &str, port: u16) -> Result<Leaf, String> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| "no name of a host".to_owned())?;
    let socket = TcpStream::connect((host, port)).await;
    let socket = socket.map_err(|e| e.to_string())?;
    let observer = Arc::new(Observer::new()?);
    let config = ClientConfig::builder()
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&observer) as _)
        .with_no_client_auth();
    let shaken = TlsConnector::from(Arc::new(config))
        .connect(name.clone(), socket)
        .await;
    // A server that wants a certificate of ours ends the handshake after it has shown its own.
    match (observer.seen(), shaken) {
        (Some((certificate, verdict)), _) => read(&certificate, &name, &verdict),
        (None, Err(e)) => Err(cause(&e)),
        (None, Ok(_)) => Err("no certificate was shown".into()),
    }
}

type Seen = (CertificateDer<'static>, Result<(), TlsError>);

/// Accepts every certificate, and remembers what this machine would have said of it. Nothing is ever sent over such a
/// connection.
#[derive(Debug)]
struct Observer {
    judge: Verifier,
    seen: Mutex<Option<Seen>>,
}

impl Observer {
    fn new() -> Result<Self, String> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let judge = Verifier::new(provider).map_err(|e| e.to_string())?;
        Ok(Self {
            judge,
            seen: Mutex::default(),
        })
    }

    fn seen(&self) -> Option<Seen> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

impl ServerCertVerifier for Observer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let verdict = self
            .judge
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map(|_| ());
        let seen = (end_entity.clone().into_owned(), verdict);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.judge
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.judge
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}

fn read(
    der: &CertificateDer<'_>,
    name: &ServerName<'_>,
    verdict: &Result<(), TlsError>,
) -> Result<Leaf, String> {
    let (_, certificate) =
        X509Certificate::from_der(der).map_err(|_| "its certificate cannot be read".to_owned())?;
    let common = |name: &X509Name<'_>| {
        let common = name.iter_common_name().next();
        let text = common.and_then(|name| name.as_str().ok());
        text.map_or_else(|| name.to_string(), str::to_owned)
    };
    let (subject, issuer) = (common(certificate.subject()), common(certificate.issuer()));
    let alternatives = certificate.subject_alternative_name().ok().flatten();
    let names = alternatives
        .iter()
        .flat_map(|names| &names.value.general_names);
    let names = names.filter_map(|name| match name {
        GeneralName::DNSName(name) => Some(Box::from(*name)),
        _ => None,
    });
    let validity = certificate.validity();
    // Asked by itself: of a certificate that nobody vouches for, the verdict says only that.
    let fits = ParsedCertificate::try_from(der)
        .and_then(|parsed| verify_server_name(&parsed, name))
        .is_ok();
    Ok(Leaf {
        not_before: moment(validity.not_before),
        not_after: moment(validity.not_after),
        names: names.collect(),
        fits,
        trusted: verdict.is_ok(),
        placeholder: PLACEHOLDERS
            .iter()
            .any(|known| subject == *known || issuer.starts_with(known)),
        issuer: issuer.into(),
    })
}

fn moment(time: ASN1Time) -> DateTime<Utc> {
    DateTime::from_timestamp(time.timestamp(), 0).unwrap_or_default()
}
