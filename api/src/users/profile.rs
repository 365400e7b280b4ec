//! Names and addresses of people, checked once at the door.

use crate::{
    error::{Error, Result},
    text,
};

/// Longest name to sign in with.
const MAX_USERNAME: usize = 64;
/// Longest name shown to others.
const MAX_DISPLAY_NAME: usize = 100;
/// Longest mail address (RFC 5321).
const MAX_EMAIL: usize = 254;

/// A name to sign in with: lower case letters, digits, dot, dash and underscore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Checks a new name.
    ///
    /// # Errors
    /// BAD_USER_INPUT at `username`.
    pub fn parse(text: &str) -> Result<Self> {
        let name = Self::fold(text);
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if starts_well && name.len() <= MAX_USERNAME && name.chars().all(allowed) {
            return Ok(Self(name));
        }
        Err(Error::invalid(
            "username",
            text!(
                "Use 1 to {MAX_USERNAME} letters a–z, digits, dots, dashes or underscores, beginning with a letter or digit.",
                "영문 소문자 a–z, 숫자, 점, 하이픈, 밑줄로 1~{MAX_USERNAME}자를 쓰고, 영문자나 숫자로 시작하세요."
            ),
        ))
    }

    /// The form in which names are compared, for a name somebody typed to sign in.
    pub fn fold(text: &str) -> String {
        text.trim().to_lowercase()
    }

    /// The name.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// A name shown to others.
///
/// # Errors
/// BAD_USER_INPUT at `displayName`.
pub fn display_name(text: &str) -> Result<String> {
    one_line("displayName", text)
}

/// A name in any script, on one line.
///
/// # Errors
/// BAD_USER_INPUT at `field`.
pub fn one_line(field: &str, text: &str) -> Result<String> {
    let name = text.trim();
    let fits = (1..=MAX_DISPLAY_NAME).contains(&name.chars().count());
    if fits && !name.chars().any(|c| c.is_control() || turns_around(c)) {
        return Ok(name.to_owned());
    }
    Err(Error::invalid(
        field,
        text!(
            "Use 1 to {MAX_DISPLAY_NAME} characters on one line.",
            "한 줄로 1~{MAX_DISPLAY_NAME}자를 쓰세요."
        ),
    ))
}

/// Invisible characters that change the direction of what follows: a name could read as somebody else's.
fn turns_around(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A mail address; empty is none.
///
/// # Errors
/// BAD_USER_INPUT at `email`.
pub fn email(text: Option<&str>) -> Result<Option<String>> {
    let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else {
        return Ok(None);
    };
    if text.len() <= MAX_EMAIL && text.parse::<lettre::Address>().is_ok() {
        return Ok(Some(text.to_owned()));
    }
    Err(Error::invalid(
        "email",
        text!(
            "This is not a mail address: write it like name@example.org.",
            "메일 주소가 아닙니다. name@example.org처럼 쓰세요."
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_and_checked() {
        assert_eq!(
            Username::parse(" Mina.Seo ")
                .map(Username::into_string)
                .ok(),
            Some("mina.seo".into())
        );
        for wrong in [
            "",
            ".mina",
            "mi na",
            "mina\0",
            "미나",
            "а-cyrillic",
            &"x".repeat(65),
        ] {
            assert!(Username::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn display_names_take_any_script_on_one_line() {
        assert!(display_name("서민아").is_ok());
        for wrong in ["", "  ", "a\nb", "a\0b", &"x".repeat(101)] {
            assert!(display_name(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn addresses_may_be_missing_but_not_wrong() {
        assert_eq!(email(Some("  ")).ok(), Some(None));
        assert!(email(Some("jun@example.org")).is_ok());
        assert!(email(Some("jun@example.org\r\nBcc: x@y.z")).is_err());
    }
}
