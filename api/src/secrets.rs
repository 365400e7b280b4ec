//! The key file: what it derives seals channel secrets (XChaCha20-Poly1305) and signs tokens (Ed25519).
//!
//! One key a line, newest first. The first one seals and signs; the others still open and verify what they made, so
//! that a key is replaced by writing a new one above it.

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
    /// Newest first, never empty.
    keys: Vec<Keys>,
}

/// What one line of the file derives.
struct Keys {
    cipher: XChaCha20Poly1305,
    signing: EncodingKey,
    verifying: DecodingKey,
    id: String,
}

impl Keys {
    fn new(master: &SecretBox<[u8; 32]>) -> anyhow::Result<Self> {
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
            id: URL_SAFE_NO_PAD.encode(&sha256(public)[..9]),
        })
    }
}

impl Secrets {
    /// Derives all keys from 32 random bytes each, newest first.
    ///
    /// # Errors
    /// When there is none.
    pub fn new(masters: &[SecretBox<[u8; 32]>]) -> anyhow::Result<Self> {
        let keys = masters
            .iter()
            .map(Keys::new)
            .collect::<anyhow::Result<Vec<_>>>()?;
        anyhow::ensure!(!keys.is_empty(), "there is no secret key");
        Ok(Self { keys })
    }

    /// Names the key that signs, in a token's header.
    pub fn key_id(&self) -> &str {
        &self.keys[0].id
    }

    /// Signs tokens.
    pub fn signing(&self) -> &EncodingKey {
        &self.keys[0].signing
    }

    /// Verifies tokens of the key with this name; `None` when it is not one of ours.
    pub fn verifying(&self, id: &str) -> Option<&DecodingKey> {
        self.keys
            .iter()
            .find(|key| key.id == id)
            .map(|key| &key.verifying)
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
        let masters = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(master);
        match masters.collect::<Option<Vec<_>>>() {
            Some(masters) if !masters.is_empty() => Self::new(&masters),
            _ => bail!(
                "{} does not hold secret keys: each line must be 32 bytes in base64url. Restore it from your backup; with a new key stored channel secrets cannot be opened.",
                path.display()
            ),
        }
    }

    /// Writes a new key above the others; servers use it from their next start on.
    ///
    /// # Errors
    /// When the file cannot be read or replaced.
    pub fn rotate(path: &Path) -> anyhow::Result<()> {
        Self::load_or_create(path)?;
        let old = std::fs::read_to_string(path)?;
        let next = path.with_extension("new");
        write_new(
            &next,
            &format!("{}\n{}\n", random_token::<32>(), old.trim()),
        )?;
        std::fs::rename(&next, path)
            .with_context(|| format!("cannot replace the secret key file {}", path.display()))
    }

    /// Seals a secret; `bound_to` (such as a row's id) must be given again to open it.
    pub fn seal(&self, bound_to: &[u8], secret: &SecretString) -> Vec<u8> {
        let nonce = XNonce::generate();
        let payload = Payload {
            msg: secret.expose_secret().as_bytes(),
            aad: bound_to,
        };
        let sealed = self.keys[0]
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
        (*version == SEAL_VERSION).then_some(())?;
        let plain = self.keys.iter().find_map(|key| {
            let payload = Payload { msg, aad: bound_to };
            key.cipher.decrypt(&nonce, payload).ok()
        })?;
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

/// Reads a line of the file.
fn master(line: &str) -> Option<SecretBox<[u8; 32]>> {
    let bytes = URL_SAFE_NO_PAD.decode(line).ok()?;
    Some(SecretBox::new(Box::new(bytes.try_into().ok()?)))
}

fn create(path: &Path) -> anyhow::Result<String> {
    let text = random_token::<32>();
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| unwritable(path))?;
    }
    write_new(path, &text)?;
    Ok(text)
}

/// Writes a file that was not there, for its owner only.
fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| unwritable(path))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| unwritable(path))
}

fn unwritable(path: &Path) -> String {
    format!(
        "cannot write the secret key file {}: make its folder writable or set PORTHOLE_SECRET_KEY_FILE",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(byte: u8) -> Secrets {
        Secrets::new(&[SecretBox::new(Box::new([byte; 32]))]).expect("keys")
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
        assert_eq!(first.key_id(), second.key_id());
        let sealed = first.seal(b"row", &"hunter2".into());
        Secrets::rotate(&path).expect("rotated");
        let third = Secrets::load_or_create(&path).expect("read");
        assert_ne!(first.key_id(), third.key_id());
        assert!(third.verifying(first.key_id()).is_some());
        assert!(
            third.open(b"row", &sealed).is_some(),
            "an old key opens what it sealed"
        );
        let mode = std::fs::metadata(&path).expect("file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
