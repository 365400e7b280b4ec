//! What WebAuthn (level 3, §7) asks of a server that wants no attestation: pure, without a database or a clock.

use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::{
    cbor::{Item, Reader},
    cose::PublicKey,
    party::RelyingParty,
};
use crate::secrets::sha256;

/// Longest name an authenticator may give a passkey.
const MAX_CREDENTIAL_ID: usize = 1023;
/// Somebody touched the authenticator.
const USER_PRESENT: u8 = 0x01;
/// The authenticator knows who it was: by a PIN, a finger, a face.
const USER_VERIFIED: u8 = 0x04;
/// A new key is in the data.
const KEY_ATTACHED: u8 = 0x40;

/// Why an answer is not taken; a reason for the audit log, without anything the client sent.
pub type Fault = &'static str;

/// What the browser says it did, once that was checked but for the challenge.
pub struct ClientData {
    /// What it was asked with, as it was given to the browser.
    pub challenge: String,
    hash: [u8; 32],
}

/// What the browser was asked to do.
#[derive(Copy, Clone, Debug)]
pub enum Ceremony {
    /// Make a passkey.
    Create,
    /// Sign in with one.
    Get,
}

#[derive(Deserialize)]
struct RawClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: Option<bool>,
}

impl ClientData {
    /// Reads and checks what the browser says: which ceremony, and for which page.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn check(party: &RelyingParty, ceremony: Ceremony, json: &[u8]) -> Result<Self, Fault> {
        let raw: RawClientData =
            serde_json::from_slice(json).map_err(|_| "the client data cannot be read")?;
        let kind = match ceremony {
            Ceremony::Create => "webauthn.create",
            Ceremony::Get => "webauthn.get",
        };
        if raw.r#type != kind {
            return Err("an answer to another question");
        }
        if raw.origin != party.origin {
            return Err("made for another origin");
        }
        if raw.cross_origin == Some(true) {
            return Err("made inside another site's page");
        }
        Ok(Self {
            challenge: raw.challenge,
            hash: sha256(json),
        })
    }
}

/// What the authenticator says.
struct AuthenticatorData<'a> {
    flags: u8,
    sign_count: u32,
    rest: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    fn check(party: &RelyingParty, bytes: &'a [u8]) -> Result<Self, Fault> {
        const SHORT: Fault = "the authenticator's data cannot be read";
        let (party_hash, rest) = bytes.split_first_chunk::<32>().ok_or(SHORT)?;
        let (&[flags], rest) = rest.split_first_chunk().ok_or(SHORT)?;
        let (count, rest) = rest.split_first_chunk().ok_or(SHORT)?;
        if !bool::from(party_hash.ct_eq(&sha256(party.id.as_bytes()))) {
            return Err("made for another host");
        }
        if flags & USER_PRESENT == 0 {
            return Err("nobody touched the authenticator");
        }
        if flags & USER_VERIFIED == 0 {
            return Err("the authenticator did not verify the person");
        }
        Ok(Self {
            flags,
            sign_count: u32::from_be_bytes(*count),
            rest,
        })
    }
}

/// A passkey that was just made.
pub struct NewCredential {
    /// The authenticator's name for it.
    pub id: Vec<u8>,
    /// Its COSE key.
    pub public_key: Vec<u8>,
    /// The authenticator's counter.
    pub sign_count: u32,
}

/// Checks a new passkey. Who made the authenticator is neither asked nor checked.
///
/// # Errors
/// Why it is not taken.
pub fn created(party: &RelyingParty, attestation: &[u8]) -> Result<NewCredential, Fault> {
    const BROKEN: Fault = "the new key cannot be read";
    let bytes = authenticator_data(attestation).ok_or(BROKEN)?;
    let data = AuthenticatorData::check(party, bytes)?;
    if data.flags & KEY_ATTACHED == 0 {
        return Err(BROKEN);
    }
    // 16 bytes say which model it is.
    let rest = data.rest.get(16..).ok_or(BROKEN)?;
    let (length, rest) = rest.split_first_chunk().ok_or(BROKEN)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > MAX_CREDENTIAL_ID {
        return Err(BROKEN);
    }
    let (id, rest) = rest.split_at_checked(length).ok_or(BROKEN)?;
    let (_, key_length) = PublicKey::read(rest).ok_or("a key of a kind that is not taken")?;
    Ok(NewCredential {
        id: id.to_vec(),
        public_key: rest[..key_length].to_vec(),
        sign_count: data.sign_count,
    })
}

/// Checks that the owner of a key signed this sign-in; gives the authenticator's counter.
///
/// # Errors
/// Why it is not taken.
pub fn signed(
    party: &RelyingParty,
    client: &ClientData,
    public_key: &[u8],
    authenticator_data: &[u8],
    signature: &[u8],
) -> Result<u32, Fault> {
    let data = AuthenticatorData::check(party, authenticator_data)?;
    let (key, _) = PublicKey::read(public_key).ok_or("the stored key cannot be read")?;
    let message = [authenticator_data, &client.hash].concat();
    if !key.verifies(&message, signature) {
        return Err("wrong signature");
    }
    Ok(data.sign_count)
}

/// The authenticator's data inside an attestation object.
fn authenticator_data(attestation: &[u8]) -> Option<&[u8]> {
    let mut reader = Reader(attestation);
    let mut found = None;
    for _ in 0..reader.map()? {
        match reader.item()? {
            Item::Text("authData") => match reader.item()? {
                Item::Bytes(bytes) => found = Some(bytes),
                _ => return None,
            },
            Item::Text(_) => reader.skip()?,
            _ => return None,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};

    use super::*;

    fn party() -> RelyingParty {
        RelyingParty {
            id: "portal.example.org".into(),
            name: "Porthole".into(),
            origin: "https://portal.example.org".into(),
        }
    }

    /// A new key in an attestation with a certificate, of an authenticator that adds extensions.
    fn attestation(flags: u8) -> (Vec<u8>, Vec<u8>) {
        let pair = Ed25519KeyPair::generate().expect("a key");
        let key = [
            b"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20".as_slice(),
            pair.public_key().as_ref(),
        ]
        .concat();
        let data = [
            &sha256(b"portal.example.org")[..],
            &[flags, 0, 0, 0, 9],
            &[0; 16],
            b"\x00\x03abc",
            &key,
            b"\xa1\x6bcredProtect\x03",
        ]
        .concat();
        let length = u8::try_from(data.len()).expect("short");
        let object = [
            b"\xa3\x63fmt\x66packed\x68authData\x58".as_slice(),
            &[length],
            &data,
            b"\x67attStmt\xa3\x63alg\x27\x63sig\x41\x00\x63x5c\x81\x43abc",
        ]
        .concat();
        (object, key)
    }

    #[test]
    fn a_new_key_is_found_whatever_stands_around_it() {
        let flags = USER_PRESENT | USER_VERIFIED | KEY_ATTACHED;
        let (object, key) = attestation(flags | 0x80);
        let made = created(&party(), &object).expect("a passkey");
        assert_eq!(made.id, b"abc");
        assert_eq!(made.public_key, key);
        assert_eq!(made.sign_count, 9);
        for end in 0..object.len() {
            assert!(created(&party(), &object[..end]).is_err(), "cut at {end}");
        }
        for missing in [USER_PRESENT, USER_VERIFIED, KEY_ATTACHED] {
            let (object, _) = attestation(flags & !missing);
            assert!(created(&party(), &object).is_err(), "{missing:#x}");
        }
    }

    #[test]
    fn what_the_browser_says_must_be_about_this() {
        let said = |kind: &str, origin: &str, more: &str| {
            let json = format!(
                r#"{{"type":"{kind}","challenge":"abc","origin":"{origin}"{more},"other":[1]}}"#
            );
            ClientData::check(&party(), Ceremony::Get, json.as_bytes()).map(|c| c.challenge)
        };
        let home = "https://portal.example.org";
        assert_eq!(said("webauthn.get", home, ""), Ok("abc".into()));
        let alone = r#","crossOrigin":false"#;
        assert_eq!(said("webauthn.get", home, alone), Ok("abc".into()));
        assert!(said("webauthn.create", home, "").is_err());
        assert!(said("webauthn.get", home, r#","crossOrigin":true"#).is_err());
        for other in [
            "http://portal.example.org",
            "https://portal.example.org:444",
            "https://portal.example.org.evil.test",
            "https://sub.portal.example.org",
            "null",
        ] {
            assert!(said("webauthn.get", other, "").is_err(), "{other}");
        }
    }
}
