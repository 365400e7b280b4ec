//! The key file: what it derives seals channel secrets (XChaCha20-Poly1305) and signs tokens (Ed25519).

use std::{io::Write, path::Path};

use anyhow::{Context, bail};
use aws_lc_rs::{
    hkdf,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Generate, Payload},
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use secrecy::{ExposeSecret, SecretBox, SecretString};

/// First byte of a sealed secret, so that the format can change.
const SEAL_VERSION: u8 = 1;

/// Keys derived from the secret key file.
pub struct Secrets {
    cipher: XChaCha20Poly1305,
    /// Signs access tokens.
    pub signing: EncodingKey,
    /// Verifies access tokens.
    pub verifying: DecodingKey,
    /// Names the signing key in a token's header.
    pub key_id: String,
}

impl Secrets {
    /// Derives all keys from 32 random bytes.
    pub fn new(master: &SecretBox<[u8; 32]>) -> anyhow::Result<Self> {
        let seal = derive(master, b"porthole seal")?;
        let seed = derive(master, b"porthole sign")?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed)
            .map_err(|_| anyhow::anyhow!("cannot derive the signing key"))?;
        let pkcs8 = pair
            .to_pkcs8v1()
            .map_err(|_| anyhow::anyhow!("cannot derive the signing key"))?;
        let public = pair.public_key().as_ref();
        Ok(Self {
            cipher: XChaCha20Poly1305::new(&seal.into()),
            signing: EncodingKey::from_ed_der(pkcs8.as_ref()),
            verifying: DecodingKey::from_ed_der(public),
            key_id: URL_SAFE_NO_PAD.encode(&sha256(public)[..9]),
        })
    }

    /// Reads the key file, or makes one (mode 0600) when it does not exist yet.
    ///
    /// # Errors
    /// Says which file is unreadable, unwritable or not a key.
    pub fn load_or_create(path: &Path) -> anyhow::Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => create(path)?,
            Err(e) => {
                return Err(e).with_context(|| {
                    format!("cannot read the secret key file {}", path.display())
                });
            }
        };
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).unwrap_or_default();
        let Ok(master) = <[u8; 32]>::try_from(bytes) else {
            bail!(
                "{} does not hold a secret key: it must be 32 bytes in base64url. Restore it from your backup; with a new key stored channel secrets cannot be opened.",
                path.display()
            );
        };
        Self::new(&SecretBox::new(Box::new(master)))
    }

    /// Seals a secret; `bound_to` (such as a row's id) must be given again to open it.
    pub fn seal(&self, bound_to: &[u8], secret: &SecretString) -> Vec<u8> {
        let nonce = XNonce::generate();
        let payload = Payload {
            msg: secret.expose_secret().as_bytes(),
            aad: bound_to,
        };
        let sealed = self
            .cipher
            .encrypt(&nonce, payload)
            .expect("a secret is far below the cipher's length limit");
        [&[SEAL_VERSION][..], nonce.as_slice(), &sealed].concat()
    }

    /// Opens what `seal` made; `None` when the key, the row or the bytes differ.
    pub fn open(&self, bound_to: &[u8], sealed: &[u8]) -> Option<SecretString> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, msg) = rest.split_at_checked(24)?;
        let nonce = XNonce::try_from(nonce).ok()?;
        let payload = Payload { msg, aad: bound_to };
        (*version == SEAL_VERSION).then_some(())?;
        let plain = self.cipher.decrypt(&nonce, payload).ok()?;
        String::from_utf8(plain).ok().map(SecretString::from)
    }
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

/// `N` random bytes in base64url.
pub fn random_token<const N: usize>() -> String {
    use rand::RngExt;
    let mut bytes = [0_u8; N];
    rand::rng().fill(&mut bytes[..]);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn derive(master: &SecretBox<[u8; 32]>, purpose: &[u8]) -> anyhow::Result<[u8; 32]> {
    let mut out = [0; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"porthole")
        .extract(master.expose_secret())
        .expand(&[purpose], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut out))
        .map_err(|_| anyhow::anyhow!("cannot derive keys from the secret key"))?;
    Ok(out)
}

fn create(path: &Path) -> anyhow::Result<String> {
    use std::os::unix::fs::OpenOptionsExt;
    let text = random_token::<32>();
    let failed = || {
        format!(
            "cannot write the secret key file {}: make its folder writable or set PORTHOLE_SECRET_KEY_FILE",
            path.display()
        )
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(failed)?;
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(failed)?;
    file.write_all(text.as_bytes()).with_context(failed)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(byte: u8) -> Secrets {
        Secrets::new(&SecretBox::new(Box::new([byte; 32]))).expect("keys")
    }

    #[test]
    fn a_sealed_secret_opens_only_with_its_key_and_row() {
        let sealed = secrets(1).seal(b"row 1", &"hunter2".into());
        let opened = secrets(1).open(b"row 1", &sealed).expect("opens");
        assert_eq!(opened.expose_secret(), "hunter2");
        assert!(secrets(1).open(b"row 2", &sealed).is_none());
        assert!(secrets(2).open(b"row 1", &sealed).is_none());
        assert!(secrets(1).open(b"row 1", &sealed[..10]).is_none());
    }

    #[test]
    fn a_key_file_is_made_once_and_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("sub/secret.key");
        let first = Secrets::load_or_create(&path).expect("made");
        let mode = std::fs::metadata(&path).expect("file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let second = Secrets::load_or_create(&path).expect("read");
        assert_eq!(first.key_id, second.key_id);
    }
}
