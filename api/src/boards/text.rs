//! What people write, checked once at the door.

use crate::{
    error::{Error, Result},
    text,
};

/// Longest title, in characters.
const MAX_TITLE: usize = 200;
/// Longest post, in characters.
const MAX_POST: usize = 20_000;
/// Longest comment, in characters.
const MAX_COMMENT: usize = 5_000;

/// One line of plain text.
#[derive(Clone, Debug)]
pub struct Title(String);

/// Markdown of a post.
#[derive(Clone, Debug)]
pub struct PostBody(String);

/// Markdown of a comment.
#[derive(Clone, Debug)]
pub struct CommentBody(String);

impl Title {
    /// # Errors
    /// BAD_USER_INPUT at `title`.
    pub fn parse(text: &str) -> Result<Self> {
        let text = parse("title", text, MAX_TITLE)?;
        if text.chars().any(char::is_control) {
            return Err(Error::invalid(
                "title",
                text!("Write the title on one line.", "제목을 한 줄로 쓰세요."),
            ));
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl PostBody {
    /// # Errors
    /// BAD_USER_INPUT at `body`.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Self(parse("body", text, MAX_POST)?))
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl CommentBody {
    /// # Errors
    /// BAD_USER_INPUT at `body`.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Self(parse("body", text, MAX_COMMENT)?))
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

fn parse(field: &str, text: &str, max: usize) -> Result<String> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err(Error::invalid(
            field,
            text!("Write something.", "내용을 쓰세요."),
        ));
    }
    if length > max {
        return Err(Error::invalid(
            field,
            text!(
                "This has {length} characters: use at most {max}.",
                "{length}자입니다. {max}자까지 쓸 수 있습니다."
            ),
        ));
    }
    // PostgreSQL cannot store NUL.
    if text.contains('\0') {
        return Err(Error::invalid(
            field,
            text!("Remove the NUL character.", "NUL 문자를 지우세요."),
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_bounded() {
        assert_eq!(
            Title::parse("  점검 안내 ").map(Title::into_string).ok(),
            Some("점검 안내".into())
        );
        for wrong in ["", " \n", "a\nb", "a\0", &"x".repeat(201)] {
            assert!(Title::parse(wrong).is_err(), "{wrong:?}");
        }
        assert!(CommentBody::parse("one\n\ntwo").is_ok());
        assert!(CommentBody::parse(&"가".repeat(5_001)).is_err());
        assert!(PostBody::parse("a\0b").is_err());
    }
}
