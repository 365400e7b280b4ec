//! Hashing and judging passwords.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, LazyLock, Mutex, OnceLock, PoisonError,
        mpsc::{self, RecvTimeoutError},
    },
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Semaphore, oneshot};

use crate::{
    error::{Error, Result},
    locale::Text,
    text,
};

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// RFC 9106's recommendations.
const SALT_BYTES: usize = 16;
const OUTPUT_BYTES: usize = 32;
/// Longest password, in bytes: enough for any passphrase, little enough to hash and judge quickly.
const MAX_BYTES: usize = 1024;
/// zxcvbn's time grows with the square of the length; what comes later does not make a password weaker.
const JUDGED_CHARS: usize = 64;
/// Sign-ins that may wait for a hashing thread before further ones are turned away.
const MAX_WAITING: usize = 64;

/// Hashes in the memory of its thread.
type Job = Box<dyn FnOnce(&mut Vec<Block>) + Send>;
/// A thread gives its memory back after this time without work.
const RESTING: Duration = Duration::from_secs(5);

static HASHERS: LazyLock<mpsc::Sender<Job>> = LazyLock::new(hashers);
static WAITING: Semaphore = Semaphore::const_new(MAX_WAITING);

/// Hash of a password nobody has, checked for names that do not exist, so that they take as long.
static NOBODY: OnceLock<String> = OnceLock::new();

/// What checking a password came to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password.
    Wrong,
    /// The password.
    Right,
    /// The password, hashed with weaker settings than today's: store a new hash.
    RightButOld,
}

/// Hashes a password.
///
/// # Errors
/// RATE_LIMITED when too many wait for a thread.
pub async fn hash(password: SecretString) -> Result<String> {
    on_a_hasher(move |memory| hash_now(&password, memory)).await
}

/// Checks a password; `None` is a name that does not exist, and takes as long.
///
/// # Errors
/// RATE_LIMITED when too many wait for a thread; INTERNAL for a stored hash that is not one.
pub async fn verify(password: SecretString, stored: Option<String>) -> Result<Verdict> {
    on_a_hasher(move |memory| {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.get_or_init(|| nobody(memory)).clone());
        let verdict = verify_now(&password, &stored, memory)?;
        Ok(if known { verdict } else { Verdict::Wrong })
    })
    .await
}

/// Makes the first check as quick as later ones.
pub async fn warm_up() {
    // On a hasher, whose memory is given back: it would stay behind in any other thread.
    let warm = on_a_hasher(|memory| Ok(NOBODY.get_or_init(|| nobody(memory)).len())).await;
    if warm.is_err() {
        tracing::debug!("the hashing threads are busy already");
    }
}

fn nobody(memory: &mut Vec<Block>) -> String {
    hash_now(&crate::secrets::random_token::<24>().into(), memory)
        .expect("argon2's parameters are constants that it accepts")
}

/// Refuses passwords that are too short, too long, or easy to guess for somebody who knows the user.
///
/// # Errors
/// A sentence that says what to do.
pub fn judge(password: &SecretString, min_chars: usize, known: &[&str]) -> Result<(), Text> {
    let text = password.expose_secret();
    if text.chars().count() < min_chars {
        return Err(text!(
            "Use at least {min_chars} characters.",
            "{min_chars}자 이상 쓰세요."
        ));
    }
    if text.len() > MAX_BYTES {
        return Err(text!(
            "Use at most {MAX_BYTES} bytes.",
            "{MAX_BYTES}바이트까지 쓸 수 있습니다."
        ));
    }
    let lower = text.to_lowercase();
    if let Some(word) = known
        .iter()
        .filter(|word| word.chars().count() > 3)
        .find(|word| lower.contains(&word.to_lowercase()))
    {
        return Err(text!(
            "Leave \u{201c}{word}\u{201d} out of the password.",
            "비밀번호에서 \u{201c}{word}\u{201d}을(를) 빼세요."
        ));
    }
    let judged: String = text.chars().take(JUDGED_CHARS).collect();
    if zxcvbn::zxcvbn(&judged, known).score() < zxcvbn::Score::Three {
        return Err(text!(
            "This password is easy to guess. Add a few unrelated words, or let a password manager make one.",
            "추측하기 쉬운 비밀번호입니다. 관련 없는 낱말을 몇 개 더하거나 비밀번호 관리자로 만드세요."
        ));
    }
    Ok(())
}

/// A password for somebody to type once: 20 characters, 100 bits, without letters that look alike.
pub fn temporary() -> SecretString {
    use rand::RngExt;
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let group = |rng: &mut rand::rngs::ThreadRng| -> String {
        (0..5)
            .map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())]))
            .collect()
    };
    let groups: Vec<String> = (0..4).map(|_| group(&mut rng)).collect();
    groups.join("-").into()
}

async fn on_a_hasher<T: Send + 'static>(
    work: impl FnOnce(&mut Vec<Block>) -> anyhow::Result<T> + Send + 'static,
) -> Result<T> {
    let _place = WAITING.try_acquire().map_err(|_| Error::RateLimited(1))?;
    let (done, result) = oneshot::channel();
    let job: Job = Box::new(move |memory| {
        // Nobody may wait any more.
        let _ = done.send(work(memory));
    });
    let sent = HASHERS.send(job);
    sent.map_err(|_| anyhow::anyhow!("the hashing threads have ended"))?;
    Ok(result.await.map_err(anyhow::Error::from)??)
}

/// Starts the hashing threads; one core is left to everybody who is signed in already. They are our own: each uses the
/// same 19 MiB again and again, where the runtime's many threads would leave as much behind in each of them.
fn hashers() -> mpsc::Sender<Job> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let (sender, jobs) = mpsc::channel::<Job>();
    let jobs = Arc::new(Mutex::new(jobs));
    for number in 0..std::cmp::max(cores - 1, 1) {
        let jobs = Arc::clone(&jobs);
        let work = move || {
            let mut memory = Vec::new();
            loop {
                let jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
                let job = jobs.recv_timeout(RESTING);
                drop(jobs);
                match job {
                    // Whoever asked hears of a panic by the closed channel; the thread goes on.
                    Ok(job) => {
                        let hashed =
                            std::panic::catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
                        drop(hashed);
                    }
                    Err(RecvTimeoutError::Timeout) => memory = Vec::new(),
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        };
        std::thread::Builder::new()
            .name(format!("hasher-{number}"))
            .spawn(work)
            .expect("a thread can be started");
    }
    sender
}

fn hash_now(password: &SecretString, memory: &mut Vec<Block>) -> anyhow::Result<String> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES)).map_err(anyhow::Error::msg)?;
    let salt =
        Salt::try_from(&rand::random::<[u8; SALT_BYTES]>()[..]).map_err(anyhow::Error::msg)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(anyhow::Error::msg)?,
        hash: Some(compute(password, &salt, params, memory)?),
        salt: Some(salt),
    };
    Ok(hash.to_string())
}

/// Argon2id in memory that was used before.
fn compute(
    password: &SecretString,
    salt: &[u8],
    params: Params,
    memory: &mut Vec<Block>,
) -> anyhow::Result<Output> {
    let (blocks, length) = (
        params.block_count(),
        params.output_len().unwrap_or(OUTPUT_BYTES),
    );
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = vec![0; length];
    argon
        .hash_password_into_with_memory(
            password.expose_secret().as_bytes(),
            salt,
            &mut out,
            &mut memory[..blocks],
        )
        .map_err(anyhow::Error::msg)?;
    Output::new(&out).map_err(anyhow::Error::msg)
}

fn verify_now(
    password: &SecretString,
    stored: &str,
    memory: &mut Vec<Block>,
) -> anyhow::Result<Verdict> {
    let damaged =
        || anyhow::anyhow!("a stored password hash is damaged: reset that user's password");
    let hash = PasswordHash::new(stored).map_err(|_| damaged())?;
    let is_ours = hash.algorithm == Algorithm::Argon2id.ident()
        && hash.version == Some(Version::V0x13.into());
    let (Some(salt), Some(expected), true) = (&hash.salt, &hash.hash, is_ours) else {
        return Err(damaged());
    };
    let params = Params::try_from(&hash).map_err(|_| damaged())?;
    let today = params.m_cost() >= MEMORY_KIB && params.t_cost() >= PASSES;
    // Outputs compare in constant time.
    Ok(
        match (compute(password, salt, params, memory)? == *expected, today) {
            (false, _) => Verdict::Wrong,
            (true, true) => Verdict::Right,
            (true, false) => Verdict::RightButOld,
        },
    )
}

#[cfg(test)]
mod tests {
    use argon2::PasswordHasher;

    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let stored = hash("correct horse battery".into()).await.expect("hashes");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let check = |text: &str, stored: Option<String>| verify(text.to_owned().into(), stored);
        assert_eq!(
            check("correct horse battery", Some(stored.clone()))
                .await
                .ok(),
            Some(Verdict::Right)
        );
        assert_eq!(
            check("correct horse", Some(stored)).await.ok(),
            Some(Verdict::Wrong)
        );
        assert_eq!(check("anything", None).await.ok(), Some(Verdict::Wrong));
    }

    #[tokio::test]
    async fn a_weaker_hash_is_told_apart() {
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8 * 1024, 1, 1, None).expect("parameters"),
        )
        .hash_password(b"pw")
        .expect("hashes")
        .to_string();
        let verdict = verify("pw".to_owned().into(), Some(weak)).await.ok();
        assert_eq!(verdict, Some(Verdict::RightButOld));
    }

    #[tokio::test]
    async fn a_polluted_hash_is_a_fault_and_not_a_wrong_password() {
        let polluted = "\u{1b}[0m$argon2id$v=19$m=19456,t=2,p=1$x$y".to_owned();
        assert!(
            verify("pw".to_owned().into(), Some(polluted))
                .await
                .is_err()
        );
    }

    #[test]
    fn weak_passwords_are_refused_with_a_reason() {
        let judge = |text: &str| judge(&text.to_owned().into(), 12, &["minaseo", "porthole"]);
        assert!(judge("short").expect_err("short").told().contains("12"));
        assert!(
            judge("minaseo-quartz-lamp")
                .expect_err("name")
                .told()
                .contains("minaseo")
        );
        assert!(judge("password12345678").is_err());
        assert!(judge(&"x".repeat(64 * 1024)).is_err());
        assert_eq!(judge("quartz lamp 석양 ferry"), Ok(()));
    }

    #[test]
    fn temporary_passwords_satisfy_the_rules() {
        assert_eq!(judge(&temporary(), 12, &["admin"]), Ok(()));
    }
}
