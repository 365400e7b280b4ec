//! An authenticator in software, as a phone or a security key would answer.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const KEY_ATTACHED: u8 = 0x40;

/// One passkey, and the browser that asks for it. A test changes what it wants to lie about.
pub struct Authenticator {
    key: EcdsaKeyPair,
    /// Its name for the passkey.
    pub credential_id: Vec<u8>,
    /// Whose it believes the passkey is.
    pub user_handle: String,
    /// Grows with each use; an authenticator that stays at 0 does not count.
    pub count: u32,
    /// Whether it asks for a finger.
    pub verifies: bool,
    /// Where the browser is.
    pub origin: String,
    /// What the browser says about frames.
    pub cross_origin: bool,
}

impl Authenticator {
    /// A new one, in a browser at `origin`.
    pub fn new(origin: &str) -> Self {
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"),
            credential_id: rand::random::<[u8; 16]>().to_vec(),
            user_handle: String::new(),
            count: 0,
            verifies: true,
            origin: origin.to_owned(),
            cross_origin: false,
        }
    }

    /// Makes the passkey: what `finishPasskeyRegistration` takes, but for the name.
    pub fn create(&mut self, creation: &Value) -> Value {
        self.user_handle = text(&creation["userHandle"]);
        let point = self.key.public_key().as_ref();
        let mut data = self.data(&text(&creation["relyingParty"]), KEY_ATTACHED);
        data.extend([0; 16]);
        let length = u16::try_from(self.credential_id.len()).expect("a length");
        data.extend(length.to_be_bytes());
        data.extend(&self.credential_id);
        // COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point[33..]);
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).expect("short"));
        object.extend(data);
        let client = self.client_data("webauthn.create", &creation["challenge"]);
        json!({ "clientData": encode(&client), "attestationObject": encode(&object) })
    }

    /// Signs in: what `finishPasskeySignIn` takes.
    pub fn get(&mut self, request: &Value) -> Value {
        let data = self.data(&text(&request["relyingParty"]), 0);
        let client = self.client_data("webauthn.get", &request["challenge"]);
        let message = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature = self
            .key
            .sign(&SystemRandom::new(), &message)
            .expect("signed");
        json!({
            "credentialId": encode(&self.credential_id),
            "userHandle": self.user_handle,
            "clientData": encode(&client),
            "authenticatorData": encode(&data),
            "signature": encode(signature.as_ref()),
        })
    }

    fn data(&self, relying_party: &str, more: u8) -> Vec<u8> {
        let verified = if self.verifies { USER_VERIFIED } else { 0 };
        let mut data = Sha256::digest(relying_party).to_vec();
        data.push(USER_PRESENT | verified | more);
        data.extend(self.count.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, challenge: &Value) -> Vec<u8> {
        json!({
            "type": kind,
            "challenge": challenge,
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
        })
        .to_string()
        .into_bytes()
    }
}

/// Base64url without padding, as the API wants bytes.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}
