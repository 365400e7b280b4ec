//! Public keys as authenticators write them (COSE, RFC 9053), and the signatures they check.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};

use super::cbor::{Item, Reader};

/// Algorithms that are taken, by their COSE numbers, the best first: ES256, EdDSA, RS256.
pub const ALGORITHMS: [i32; 3] = [-7, -8, -257];

/// A key that can check signatures.
pub enum PublicKey {
    /// ES256 or EdDSA.
    Curve(ParsedPublicKey),
    /// RS256: modulus and exponent.
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
}

impl PublicKey {
    /// Reads a key from the front of `bytes`; also gives how long it is. `None` for a key that is not taken.
    pub fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut reader = Reader(bytes);
        let (mut kind, mut algorithm) = (None, None);
        // What -1, -2 and -3 hold.
        let mut parameters = [None; 3];
        for _ in 0..reader.map()? {
            match reader.item()? {
                Item::Int(1) => kind = Some(reader.item()?),
                Item::Int(3) => algorithm = Some(reader.item()?),
                Item::Int(-1) => parameters[0] = Some(reader.item()?),
                Item::Int(-2) => parameters[1] = Some(reader.item()?),
                Item::Int(-3) => parameters[2] = Some(reader.item()?),
                Item::Int(_) => reader.skip()?,
                _ => return None,
            }
        }
        let key = match (kind?, algorithm?, parameters) {
            (
                Item::Int(2),
                Item::Int(-7),
                [
                    Some(Item::Int(1)),
                    Some(Item::Bytes(x)),
                    Some(Item::Bytes(y)),
                ],
            ) if x.len() == 32 && y.len() == 32 => {
                let point = [&[4], x, y].concat();
                Self::Curve(ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).ok()?)
            }
            (Item::Int(1), Item::Int(-8), [Some(Item::Int(6)), Some(Item::Bytes(x)), None])
                if x.len() == 32 =>
            {
                Self::Curve(ParsedPublicKey::new(&ED25519, x).ok()?)
            }
            (Item::Int(3), Item::Int(-257), [Some(Item::Bytes(n)), Some(Item::Bytes(e)), None])
                if (256..=1024).contains(&n.len()) && (1..=8).contains(&e.len()) =>
            {
                Self::Rsa(RsaPublicKeyComponents {
                    n: n.to_vec(),
                    e: e.to_vec(),
                })
            }
            _ => return None,
        };
        Some((key, bytes.len() - reader.0.len()))
    }

    /// True for a signature of this message by this key.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Curve(key) => key.verify_sig(message, signature).is_ok(),
            Self::Rsa(key) => key
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        rand::SystemRandom,
        rsa::KeySize,
        signature::{
            ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
            RSA_PKCS1_SHA256, RsaKeyPair,
        },
    };

    use super::*;

    /// {1: kind, 3: algorithm, …} with the rest written already.
    fn cose(pairs: u8, head: &str, rest: &[(&str, &[u8])]) -> Vec<u8> {
        let mut key = vec![0xa0 | pairs];
        key.extend(hex::decode(head).expect("hex"));
        for (name, value) in rest {
            key.extend(hex::decode(name).expect("hex"));
            match value.len() {
                short @ 0..=23 => key.push(0x40 | u8::try_from(short).expect("short")),
                long => {
                    key.push(0x59);
                    key.extend(u16::try_from(long).expect("a length").to_be_bytes());
                }
            }
            key.extend(*value);
        }
        key
    }

    #[test]
    fn each_algorithm_checks_its_signatures_and_no_others() {
        let random = SystemRandom::new();
        let message = b"what was signed";

        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        let point = pair.public_key().as_ref();
        let es256 = cose(
            5,
            "010203262001",
            &[("21", &point[1..33]), ("22", &point[33..])],
        );
        let signature = pair.sign(&random, message).expect("signed");
        let mut signed = vec![(es256, signature.as_ref().to_vec())];

        let pair = Ed25519KeyPair::generate().expect("a key");
        let eddsa = cose(4, "010103272006", &[("21", pair.public_key().as_ref())]);
        signed.push((eddsa, pair.sign(message).as_ref().to_vec()));

        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let n = pair.public_key().modulus();
        let e = pair.public_key().exponent();
        let (n, e) = (
            n.big_endian_without_leading_zero(),
            e.big_endian_without_leading_zero(),
        );
        let rs256 = cose(4, "010303390100", &[("20", n), ("21", e)]);
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
            .expect("signed");
        signed.push((rs256, signature));

        for (at, (bytes, own)) in signed.iter().enumerate() {
            let followed = [bytes.as_slice(), &[0xa0]].concat();
            let (key, length) = PublicKey::read(&followed).expect("a key");
            assert_eq!(length, bytes.len());
            for (other, (_, signature)) in signed.iter().enumerate() {
                assert_eq!(key.verifies(message, signature), at == other);
            }
            assert!(!key.verifies(b"something else", own));
            assert!(!key.verifies(message, b""));
            assert!(PublicKey::read(&bytes[..bytes.len() - 1]).is_none());
        }
    }

    #[test]
    fn keys_of_other_kinds_and_points_off_the_curve_are_refused() {
        let off = [1; 32];
        for key in [
            cose(5, "010203262001", &[("21", &off), ("22", &off)]),
            // P-384 with the number of ES256
            cose(5, "010203262002", &[("21", &off), ("22", &off)]),
            // EdDSA's number on an elliptic key
            cose(5, "010203272001", &[("21", &off), ("22", &off)]),
            // RSA of 1024 bits
            cose(
                4,
                "010303390100",
                &[("20", &[0xff; 128]), ("21", &[1, 0, 1])],
            ),
            cose(2, "01020326", &[]),
            vec![0xa0],
        ] {
            assert!(PublicKey::read(&key).is_none(), "{}", hex::encode(key));
        }
    }
}
