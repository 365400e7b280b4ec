//! Access tokens: short-lived JWTs that name a session. What a user may do is read from the database, never from here.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::secrets::Secrets;

/// Seconds an access token lives.
pub const LIFETIME_SECONDS: i64 = 600;
/// Clocks of replicas may differ by this many seconds.
const LEEWAY_SECONDS: u64 = 5;
const ISSUER: &str = "porthole";
const AUDIENCE: &str = "porthole-api";
/// RFC 9068's type, so that another kind of token signed by the same key is refused.
const TYPE: &str = "at+jwt";

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

/// Signs an access token for a session.
///
/// # Errors
/// The signing library's; not expected with keys of ours.
pub fn issue(
    secrets: &Secrets,
    user: Uuid,
    session: Uuid,
    now: DateTime<Utc>,
) -> anyhow::Result<String> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.into());
    header.kid = Some(secrets.key_id.clone());
    let claims = Claims {
        iss: ISSUER.into(),
        aud: AUDIENCE.into(),
        sub: user,
        sid: session,
        iat: now.timestamp(),
        nbf: now.timestamp(),
        exp: now.timestamp() + LIFETIME_SECONDS,
    };
    Ok(jsonwebtoken::encode(&header, &claims, &secrets.signing)?)
}

/// Checks a token; `None` for every token that is not one of ours and valid now.
pub fn verify(secrets: &Secrets, token: &str, now: DateTime<Utc>) -> Option<Claims> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    if header.typ.as_deref() != Some(TYPE) || header.kid.as_deref() != Some(&secrets.key_id) {
        return None;
    }
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[AUDIENCE]);
    rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    // The library compares with the machine's clock; ours is an argument.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    let claims = jsonwebtoken::decode::<Claims>(token, &secrets.verifying, &rules)
        .ok()?
        .claims;
    let leeway = i64::try_from(LEEWAY_SECONDS).unwrap_or_default();
    let valid = claims.nbf - leeway <= now.timestamp() && now.timestamp() < claims.exp + leeway;
    valid.then_some(claims)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use jsonwebtoken::EncodingKey;
    use secrecy::SecretBox;

    use super::*;

    fn secrets(byte: u8) -> Secrets {
        Secrets::new(&SecretBox::new(Box::new([byte; 32]))).expect("keys")
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    fn token(secrets: &Secrets) -> String {
        issue(secrets, Uuid::nil(), Uuid::nil(), at(0)).expect("signs")
    }

    #[test]
    fn a_token_works_until_it_expires() {
        let secrets = secrets(1);
        let token = token(&secrets);
        assert!(verify(&secrets, &token, at(0)).is_some());
        assert!(verify(&secrets, &token, at(599)).is_some());
        assert!(verify(&secrets, &token, at(606)).is_none());
        assert!(verify(&secrets, &token, at(-10)).is_none());
    }

    #[test]
    fn a_token_of_another_key_or_algorithm_is_refused() {
        let ours = secrets(1);
        assert!(verify(&ours, &token(&secrets(2)), at(0)).is_none());
        let body = token(&ours).split('.').nth(1).expect("body").to_owned();
        let none = URL_SAFE_NO_PAD.encode(format!(
            r#"{{"alg":"none","typ":"at+jwt","kid":"{}"}}"#,
            ours.key_id
        ));
        assert!(verify(&ours, &format!("{none}.{body}."), at(0)).is_none());
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.into());
        header.kid = Some(ours.key_id.clone());
        let claims: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).expect("base64")).expect("json");
        let forged =
            jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(b"k")).expect("signs");
        assert!(verify(&ours, &forged, at(0)).is_none());
    }
}
