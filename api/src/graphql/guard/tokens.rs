//! What a text amounts to before it is parsed: the parser itself must not be overwhelmed.

use super::{Limits, over};
use crate::error::Result;

/// Counts tokens and open brackets without building anything.
pub(super) fn check(text: &str, limits: &Limits) -> Result<()> {
    if text.len() > limits.bytes {
        return Err(over("bytes", limits.bytes));
    }
    let bytes = text.as_bytes();
    let (mut at, mut count, mut open) = (0, 0, 0_usize);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let length = match rest[0] {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += until(rest, |b| b == b'\n' || b == b'\r');
                continue;
            }
            b'"' if rest.starts_with(b"\"\"\"") => block_string(rest),
            b'"' => string(rest),
            b'{' | b'[' | b'(' => {
                open += 1;
                if open > limits.nesting {
                    return Err(over("levels of brackets", limits.nesting));
                }
                1
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                1
            }
            b if is_word(b) => until(rest, |b| !is_word(b)),
            _ => 1,
        };
        at += length;
        count += 1;
        if count > limits.tokens {
            return Err(over("tokens", limits.tokens));
        }
    }
    Ok(())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+')
}

fn until(bytes: &[u8], stop: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|b| stop(*b)).unwrap_or(bytes.len())
}

fn string(bytes: &[u8]) -> usize {
    let mut at = 1;
    while at < bytes.len() && bytes[at] != b'"' && bytes[at] != b'\n' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

fn block_string(bytes: &[u8]) -> usize {
    let mut at = 3;
    while at < bytes.len() && !bytes[at..].starts_with(b"\"\"\"") {
        at += if bytes[at..].starts_with(b"\\\"\"\"") {
            4
        } else {
            1
        };
    }
    at + 3
}
