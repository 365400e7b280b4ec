//! Whom passkeys are for: this portal, by the host name people know it by.

use crate::{
    config::Config,
    error::{Error, Result},
    locale::Text,
    text,
};

/// What authenticators bind a passkey to.
pub struct RelyingParty {
    /// Host name of the public URL.
    pub id: String,
    /// Name of this installation.
    pub name: String,
    /// Where the interface is served, as browsers write it.
    pub origin: String,
}

impl RelyingParty {
    /// This portal, as the settings say.
    ///
    /// # Errors
    /// UNAVAILABLE, and says what is missing.
    pub fn of(config: &Config) -> Result<Self> {
        let unavailable = |why: Text| Err(Error::Unavailable(why));
        if !cfg!(feature = "passkeys") {
            return unavailable(text!(
                "This server was built without passkeys.",
                "이 서버는 패스키 없이 빌드되었습니다."
            ));
        }
        let Some(url) = &config.public_url else {
            return unavailable(text!(
                "Passkeys are bound to the portal's address: whoever runs the server sets PORTHOLE_PUBLIC_URL first.",
                "패스키는 포털 주소에 묶입니다. 서버 관리자가 먼저 PORTHOLE_PUBLIC_URL을 설정해야 합니다."
            ));
        };
        let Some(url::Host::Domain(host)) = url.host() else {
            return unavailable(text!(
                "Passkeys need a host name: PORTHOLE_PUBLIC_URL has an IP address.",
                "패스키에는 호스트 이름이 필요한데 PORTHOLE_PUBLIC_URL이 IP 주소입니다."
            ));
        };
        // Browsers offer them nowhere else.
        let is_local = host == "localhost" || host.ends_with(".localhost");
        if url.scheme() != "https" && !is_local {
            return unavailable(text!(
                "Passkeys need https: PORTHOLE_PUBLIC_URL is plain http.",
                "패스키에는 https가 필요한데 PORTHOLE_PUBLIC_URL이 http입니다."
            ));
        }
        Ok(Self {
            id: host.to_owned(),
            name: config.name.clone(),
            origin: url.origin().ascii_serialization(),
        })
    }
}

#[cfg(all(test, feature = "passkeys"))]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }

    fn party(url: &str) -> Option<(String, String)> {
        let argument = format!("--public-url={url}");
        let mut arguments = vec!["porthole"];
        if !url.is_empty() {
            arguments.push(&argument);
        }
        let party = RelyingParty::of(&Cli::parse_from(arguments).config).ok()?;
        Some((party.id, party.origin))
    }

    #[test]
    fn it_is_the_public_url_where_browsers_offer_passkeys() {
        for (url, id, origin) in [
            (
                "https://Portal.Example.org/",
                "portal.example.org",
                "https://portal.example.org",
            ),
            (
                "https://portal.example.org:8443",
                "portal.example.org",
                "https://portal.example.org:8443",
            ),
            (
                "http://localhost:8080",
                "localhost",
                "http://localhost:8080",
            ),
        ] {
            assert_eq!(party(url), Some((id.into(), origin.into())), "{url}");
        }
        for url in [
            "",
            "http://portal.example.org",
            "https://192.0.2.7",
            "http://127.0.0.1:8080",
        ] {
            assert_eq!(party(url), None, "{url}");
        }
    }
}
