//! Tokens in cookies: JWTs that name a session. What a user may do is read from the database, never from here.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use dashmap::DashMap;
use entity::session;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::secrets::Secrets;

/// Seconds an access token lives.
pub const LIFETIME_SECONDS: i64 = 600;
/// Clocks of replicas may differ by this many seconds.
const LEEWAY_SECONDS: u64 = 5;
const ISSUER: &str = "porthole";
/// Most tokens that are remembered, at some 300 bytes each.
const MAX_CHECKED: usize = 10_000;

/// Tokens whose signatures were right, by digest.
static CHECKED: LazyLock<DashMap<[u8; 32], Claims>> = LazyLock::new(DashMap::new);

/// Where a token is good for; a token for one is refused by the other.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Use {
    /// The API.
    Api,
    /// `/authz`, which proxies ask.
    Pages,
}

impl Use {
    fn audience(self) -> &'static str {
        match self {
            Self::Api => "porthole-api",
            Self::Pages => "porthole-authz",
        }
    }

    /// The header's type: RFC 9068's, or one of our own.
    fn kind(self) -> &'static str {
        match self {
            Self::Api => "at+jwt",
            Self::Pages => "pages+jwt",
        }
    }
}

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The user.
    pub sub: Uuid,
    /// The session.
    pub sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Signs a token for a session.
///
/// # Errors
/// The signing library's; not expected with keys of ours.
pub fn issue(
    secrets: &Secrets,
    purpose: Use,
    session: &session::Model,
    now: DateTime<Utc>,
    end: DateTime<Utc>,
) -> anyhow::Result<String> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(purpose.kind().into());
    header.kid = Some(secrets.key_id().to_owned());
    let claims = Claims {
        iss: ISSUER.into(),
        aud: purpose.audience().into(),
        sub: session.user_id,
        sid: session.id,
        iat: now.timestamp(),
        nbf: now.timestamp(),
        exp: end.timestamp(),
    };
    Ok(jsonwebtoken::encode(&header, &claims, secrets.signing())?)
}

/// Checks a token; `None` for every token that is not one of ours, for this use and valid now.
pub fn verify(secrets: &Secrets, purpose: Use, token: &str, now: DateTime<Utc>) -> Option<Claims> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    if header.typ.as_deref() != Some(purpose.kind()) {
        return None;
    }
    let key = secrets.verifying(header.kid.as_deref()?)?;
    let claims = checked(purpose, token, key)?;
    let leeway = i64::try_from(LEEWAY_SECONDS).unwrap_or_default();
    let valid = claims.nbf - leeway <= now.timestamp() && now.timestamp() < claims.exp + leeway;
    valid.then_some(claims)
}

/// What a token says, if its signature is right. The same for ever, and so remembered: to check a signature takes as long
/// as all else that a small question needs. A key's name is the digest of the key, so it need not be remembered with it.
fn checked(purpose: Use, token: &str, key: &DecodingKey) -> Option<Claims> {
    let digest = Sha256::new_with_prefix(purpose.kind()).chain_update(token);
    let digest: [u8; 32] = digest.finalize().into();
    if let Some(claims) = CHECKED.get(&digest) {
        return Some(claims.clone());
    }
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[purpose.audience()]);
    rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    // The library compares with the machine's clock; ours is an argument.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    let decoded = jsonwebtoken::decode::<Claims>(token, key, &rules);
    let claims = decoded.ok()?.claims;
    if CHECKED.len() >= MAX_CHECKED {
        CHECKED.clear();
    }
    CHECKED.insert(digest, claims.clone());
    Some(claims)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use jsonwebtoken::EncodingKey;
    use secrecy::SecretBox;

    use super::*;

    fn secrets(byte: u8) -> Secrets {
        Secrets::new(&[SecretBox::new(Box::new([byte; 32]))]).expect("keys")
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    fn session() -> session::Model {
        session::Model {
            id: Uuid::nil(),
            user_id: Uuid::nil(),
            refresh_hash: Vec::new(),
            previous_hash: None,
            rotated_at: at(0),
            last_seen_at: None,
            created_at: at(0),
            expires_at: at(0),
            user_agent: String::new(),
            address: String::new(),
        }
    }

    fn token(secrets: &Secrets) -> String {
        issue(secrets, Use::Api, &session(), at(0), at(LIFETIME_SECONDS)).expect("signs")
    }

    fn works(secrets: &Secrets, token: &str, now: i64) -> bool {
        verify(secrets, Use::Api, token, at(now)).is_some()
    }

    #[test]
    fn a_token_works_until_it_expires_and_only_for_its_use() {
        let secrets = secrets(1);
        let token = token(&secrets);
        assert!(works(&secrets, &token, 0));
        assert!(works(&secrets, &token, 599));
        assert!(!works(&secrets, &token, 606));
        assert!(!works(&secrets, &token, -10));
        assert!(verify(&secrets, Use::Pages, &token, at(0)).is_none());
        let pages = issue(&secrets, Use::Pages, &session(), at(0), at(60)).expect("signs");
        assert!(verify(&secrets, Use::Pages, &pages, at(0)).is_some());
        assert!(!works(&secrets, &pages, 0));
    }

    #[test]
    fn a_token_of_another_key_or_algorithm_is_refused() {
        let ours = secrets(1);
        assert!(!works(&ours, &token(&secrets(2)), 0));
        let body = token(&ours).split('.').nth(1).expect("body").to_owned();
        let none = URL_SAFE_NO_PAD.encode(format!(
            r#"{{"alg":"none","typ":"at+jwt","kid":"{}"}}"#,
            ours.key_id()
        ));
        assert!(!works(&ours, &format!("{none}.{body}."), 0));
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(Use::Api.kind().into());
        header.kid = Some(ours.key_id().to_owned());
        let claims: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).expect("base64")).expect("json");
        let forged =
            jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(b"k")).expect("signs");
        assert!(!works(&ours, &forged, 0));
    }

    #[test]
    fn a_retired_key_verifies_and_no_longer_signs() {
        let old = secrets(1);
        let keys = [2, 1].map(|byte| SecretBox::new(Box::new([byte; 32])));
        let rotated = Secrets::new(&keys).expect("keys");
        assert!(works(&rotated, &token(&old), 0));
        assert!(!works(&old, &token(&rotated), 0));
    }
}
