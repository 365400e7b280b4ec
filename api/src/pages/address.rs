//! Where a page is: its URL, and the host and path that a proxy asks for.

use url::Url;

use crate::{
    error::{Error, Result},
    locale::Text,
    text,
};

/// Longest URL.
const MAX_URL: usize = 2_000;

/// A page's URL, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The URL.
    pub url: String,
    /// Host, and port unless it is the scheme's own.
    pub host: String,
    /// Path the page begins at, without a slash at its end; empty for the whole host.
    pub path: String,
}

impl Address {
    /// Reads a page's URL.
    ///
    /// # Errors
    /// BAD_USER_INPUT at `url`.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |message: Text| Error::invalid("url", message);
        let text = text.trim();
        if text.len() > MAX_URL {
            return Err(wrong(text!("This URL is too long.", "URL이 너무 깁니다.")));
        }
        let url = clean(text).ok_or_else(|| {
            wrong(text!(
                "Use a URL such as https://git.example.org/, without a name or password in it.",
                "https://git.example.org/ 같은 URL을 쓰세요. 이름이나 비밀번호는 넣지 마세요."
            ))
        })?;
        Ok(Self {
            host: host(&url),
            path: beginning(url.path()),
            url: url.into(),
        })
    }
}

/// An http(s) URL with nothing in it that two programs could read in two ways.
pub fn clean(text: &str) -> Option<Url> {
    // The parser would drop or turn these silently, as browsers do; others do not.
    if text
        .chars()
        .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
    {
        return None;
    }
    let authority = text.split_once("://")?.1;
    let url = Url::parse(text).ok()?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && !authority.starts_with(['/', '@']);
    (is_plain && url.host_str().is_some()).then_some(url)
}

/// Host, and port unless it is the scheme's own, in lower case.
pub fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Where a page of this path begins: a document's folder, without the slash at its end.
fn beginning(path: &str) -> String {
    let is_document = [".html", ".htm", ".php"]
        .iter()
        .any(|end| path.ends_with(end));
    let folder = match path.rsplit_once('/') {
        Some((folder, _)) if is_document => folder,
        _ => path,
    };
    folder.trim_end_matches('/').to_owned()
}

/// True when a request for `path` is one for a page that begins at `beginning`.
pub fn covers(beginning: &str, path: &str) -> bool {
    path.strip_prefix(beginning)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// True for a path that proxies and upstreams might read in two ways. It matters where pages share a host.
pub fn is_doubtful(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    // Also what is decoded twice.
    ["%2e", "%2f", "%5c", "%00", "%25", "//", ";"]
        .iter()
        .any(|trick| lower.contains(trick))
        || path.split('/').any(|part| matches!(part, "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_host_and_beginning() {
        for (url, host, path) in [
            ("https://Git.Example.org", "git.example.org", ""),
            ("https://git.example.org:443/", "git.example.org", ""),
            ("http://nas.lan:5000/photo/", "nas.lan:5000", "/photo"),
            (
                "https://a.example/wiki/index.html#top",
                "a.example",
                "/wiki",
            ),
            ("https://bücher.example/", "xn--bcher-kva.example", ""),
        ] {
            let address = Address::parse(url).map_err(|e| e.message()).expect(url);
            assert_eq!((address.host.as_str(), address.path.as_str()), (host, path));
        }
    }

    #[test]
    fn tricks_are_no_urls() {
        for url in [
            "",
            "git.example.org",
            "//git.example.org",
            "javascript:alert(1)",
            "ftp://git.example.org",
            "https://user@git.example.org",
            "https://user:secret@git.example.org",
            "https://ok.example\\@evil.example",
            "https:///evil.example",
            "https://ok.example/\r\nSet-Cookie: a=b",
            "https://",
        ] {
            assert!(Address::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_page_covers_what_is_below_it_only() {
        assert!(covers("", "/") && covers("", "/any/thing"));
        assert!(covers("/wiki", "/wiki") && covers("/wiki", "/wiki/page"));
        assert!(!covers("/wiki", "/wikileaks") && !covers("/wiki", "/"));
        for doubtful in [
            "/wiki/../git",
            "/wiki/%2e%2e/git",
            "/wiki/..%2fgit",
            "/a//b",
            "/wiki/..;/git",
            "/%252e",
        ] {
            assert!(is_doubtful(doubtful), "{doubtful}");
        }
        assert!(!is_doubtful("/wiki/a.b/c-d_e~f/%EC%9C%84%ED%82%A4"));
    }
}
