//! The cookies of a signed-in browser.

use http::{HeaderMap, HeaderValue, header};

use crate::config::Config;

/// What a cookie holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The access token.
    Access,
    /// `session id.refresh secret`.
    Refresh,
    /// What proxies in front of internal pages forward to `/authz`; worth nothing elsewhere.
    Pages,
}

impl Cookie {
    /// The cookie's name. `__Host-` binds it to this host and to TLS, `__Secure-` to TLS only, for its subdomains are to
    /// get it too; browsers refuse both prefixes on plain http.
    pub fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Access, true) => "__Host-porthole",
            (Self::Access, false) => "porthole",
            (Self::Refresh, true) => "__Host-porthole-refresh",
            (Self::Refresh, false) => "porthole-refresh",
            (Self::Pages, true) => "__Secure-porthole-pages",
            (Self::Pages, false) => "porthole-pages",
        }
    }

    /// Reads the cookie from a request.
    pub fn read(self, headers: &HeaderMap, secure: bool) -> Option<&str> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == self.name(secure))
            .map(|(_, value)| value)
    }

    /// A `Set-Cookie` header that keeps the value for `seconds`; zero removes it.
    pub fn set(self, value: &str, seconds: i64, config: &Config) -> HeaderValue {
        let secure = config.is_secure();
        let name = self.name(secure);
        let flag = if secure { "; Secure" } else { "" };
        let domain = match config.cookie_domain() {
            Some(domain) if self == Self::Pages => format!("; Domain={domain}"),
            _ => String::new(),
        };
        let line = format!(
            "{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{domain}{flag}"
        );
        HeaderValue::try_from(line).expect("tokens are base64url, and the domain was checked")
    }
}
