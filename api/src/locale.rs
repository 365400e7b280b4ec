//! Both languages of the interface, and sentences in them.

use std::borrow::Cow;

use async_graphql::Enum;
use http::{HeaderMap, header::ACCEPT_LANGUAGE};
use serde::{Deserialize, Serialize};

tokio::task_local! {
    /// Language of whoever made the request or opened the socket that is being served.
    pub static LOCALE: Locale;
}

/// Languages of the interface and of alerts.
#[derive(Enum, Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// 한국어.
    Ko,
}

impl Locale {
    /// The form stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }

    /// Reads the stored form; what is unknown is English.
    pub fn parse(text: &str) -> Self {
        if text == "ko" { Self::Ko } else { Self::En }
    }

    /// Picks the words of this language.
    pub fn pick<T>(self, en: T, ko: T) -> T {
        match self {
            Self::En => en,
            Self::Ko => ko,
        }
    }

    /// The language of the request being served; English outside one.
    pub fn current() -> Self {
        LOCALE.try_with(|locale| *locale).unwrap_or_default()
    }

    /// The language that a client likes best of those there are.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
        let mut ranges: Vec<(f32, &str)> = wanted
            .unwrap_or_default()
            .split(',')
            .map(|range| {
                let (tag, weight) = range.split_once(";q=").unwrap_or((range, "1"));
                (weight.trim().parse().unwrap_or(0.0), tag.trim())
            })
            .collect();
        ranges.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let known = ranges.iter().find_map(|(_, tag)| {
            let language = tag.split('-').next().unwrap_or_default();
            match language.to_ascii_lowercase().as_str() {
                "en" => Some(Self::En),
                "ko" => Some(Self::Ko),
                _ => None,
            }
        });
        known.unwrap_or_default()
    }
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    en: Cow<'static, str>,
    ko: Cow<'static, str>,
}

impl Text {
    /// A sentence and its translation; `text!` fills in what they name.
    pub fn new(en: impl Into<Cow<'static, str>>, ko: impl Into<Cow<'static, str>>) -> Self {
        Self {
            en: en.into(),
            ko: ko.into(),
        }
    }

    /// What only developers of clients see, or another program said: the same in both languages.
    pub fn as_is(sentence: impl Into<Cow<'static, str>>) -> Self {
        let sentence = sentence.into();
        Self::new(sentence.clone(), sentence)
    }

    /// In one language.
    pub fn to(&self, locale: Locale) -> &str {
        locale.pick(&self.en, &self.ko)
    }

    /// In the language of the request being served.
    pub fn told(&self) -> String {
        self.to(Locale::current()).to_owned()
    }
}

/// A [`Text`] from two format strings that name variables: English, then Korean.
#[macro_export]
macro_rules! text {
    ($en:literal, $ko:literal $(,)?) => {
        $crate::locale::Text::new(format!($en), format!($ko))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_that_is_liked_best_is_taken() {
        for (wanted, locale) in [
            ("ko", Locale::Ko),
            ("ko-KR,ko;q=0.9,en-US;q=0.8", Locale::Ko),
            ("en-US,en;q=0.9,ko;q=0.8", Locale::En),
            ("de, ko;q=0.4, en;q=0.3", Locale::Ko),
            ("ko;q=0.1, en", Locale::En),
            ("de", Locale::En),
            ("", Locale::En),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, wanted.parse().expect("a header"));
            assert_eq!(Locale::accepted(&headers), locale, "{wanted}");
        }
    }
}
