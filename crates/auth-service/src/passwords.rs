//! Passwords: argon2id (RFC 9106), off the threads that serve, and only so many at once: each takes memory and a core.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::rand;
use domain::SecretText;
use domain::problem::{Code, Problem};
use password_hash::phc::{Ident, Output, ParamsString, PasswordHash, Salt};
use password_hash::{PasswordHasher, PasswordVerifier};
use platform::{ApiError, ApiResult};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::settings::PasswordSettings;

/// Hashes and verifies passwords; shared by all threads.
#[derive(Debug)]
pub struct Passwords {
    params: Params,
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    max_waiting: usize,
    max_wait: Duration,
    /// A hash that no password has: who isn't known is verified against it, and takes as long as who is.
    nobodys: String,
}

impl Passwords {
    /// With this cost and these limits.
    ///
    /// # Errors
    /// When argon2 can't work with the cost, or there is no randomness.
    pub fn new(settings: &PasswordSettings) -> anyhow::Result<Self> {
        let params = settings.params().map_err(|e| anyhow::anyhow!("TASKHUB__PASSWORDS__…: {e}"))?;
        let at_once = match settings.max_hashes {
            0 => std::thread::available_parallelism()?.get(),
            n => n,
        };
        Ok(Self {
            nobodys: nobodys_hash(&params)?,
            params,
            turns: Arc::new(Semaphore::new(at_once)),
            waiting: AtomicUsize::new(0),
            max_waiting: settings.max_waiting,
            max_wait: Duration::from_millis(settings.max_wait_ms),
        })
    }

    /// The hash of a password, with a new salt, in PHC string format.
    ///
    /// # Errors
    /// 503 when too many wait already or the wait was too long.
    pub async fn hash(&self, password: SecretText) -> ApiResult<String> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone());
        self.in_turn(move || {
            let mut salt = [0_u8; 16];
            rand::fill(&mut salt).map_err(|_| anyhow::anyhow!("no randomness for a salt"))?;
            let hash = argon2.hash_password_with_salt(password.expose().as_bytes(), &salt);
            hash.map(|hash: PasswordHash| hash.to_string()).map_err(|e| anyhow::anyhow!("argon2: {e}"))
        })
        .await
    }

    /// Whether a password is that of this hash; with `None` it is not, and that takes as long.
    ///
    /// # Errors
    /// 503 when too many wait already or the wait was too long.
    pub async fn verify(&self, password: SecretText, hash: Option<String>) -> ApiResult<bool> {
        let hash = hash.unwrap_or_else(|| self.nobodys.clone());
        self.in_turn(move || {
            let hash = PasswordHash::new(&hash).map_err(|e| anyhow::anyhow!("a stored password hash: {e}"))?;
            Ok(Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> ApiResult<T> {
        let permit = self.turn().await?;
        // The permit goes along: a caller who hangs up doesn't stop the hash, so it still counts.
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
    }

    async fn turn(&self) -> ApiResult<OwnedSemaphorePermit> {
        if let Ok(permit) = self.turns.clone().try_acquire_owned() {
            return Ok(permit);
        }
        let place = Waiting::of(&self.waiting);
        if place.number > self.max_waiting {
            return Err(overloaded());
        }
        match timeout(self.max_wait, self.turns.clone().acquire_owned()).await {
            Ok(permit) => permit.map_err(ApiError::internal),
            Err(_) => Err(overloaded()),
        }
    }
}

/// A place in the queue, given up when dropped.
struct Waiting<'a> {
    count: &'a AtomicUsize,
    number: usize,
}

impl<'a> Waiting<'a> {
    fn of(count: &'a AtomicUsize) -> Self {
        Self { count, number: count.fetch_add(1, Ordering::Relaxed) + 1 }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

fn overloaded() -> ApiError {
    Problem::new(Code::Overloaded, "Too many people are signing in right now. Try again in a moment.")
        .retry_after(2)
        .into()
}

/// A PHC string of the same cost as a real one, with random bytes for the salt and for the hash.
fn nobodys_hash(params: &Params) -> anyhow::Result<String> {
    let (mut salt, mut output) = ([0_u8; 16], [0_u8; 32]);
    rand::fill(&mut salt).map_err(|_| anyhow::anyhow!("no randomness"))?;
    rand::fill(&mut output).map_err(|_| anyhow::anyhow!("no randomness"))?;
    let hash = PasswordHash {
        algorithm: Ident::new("argon2id").map_err(|e| anyhow::anyhow!("{e}"))?,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(|e| anyhow::anyhow!("{e}"))?,
        salt: Some(Salt::new(&salt).map_err(|e| anyhow::anyhow!("{e}"))?),
        hash: Some(Output::new(&output).map_err(|e| anyhow::anyhow!("{e}"))?),
    };
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: PasswordSettings = PasswordSettings {
        memory_kib: 64,
        iterations: 2,
        parallelism: 1,
        max_hashes: 1,
        max_waiting: 2,
        max_wait_ms: 50,
    };

    fn secret(text: &str) -> SecretText {
        SecretText::new(text)
    }

    #[tokio::test]
    async fn only_the_password_verifies() {
        let passwords = Passwords::new(&CHEAP).unwrap();
        let hash = passwords.hash(secret("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=2,p=1$"), "{hash}");
        assert_ne!(passwords.hash(secret("correct horse")).await.unwrap(), hash);
        assert!(passwords.verify(secret("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(secret("correct house"), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_costs_as_much_as_somebody_and_has_no_password() {
        let passwords = Passwords::new(&CHEAP).unwrap();
        let somebody = passwords.hash(secret("x")).await.unwrap();
        let cost = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            (hash.algorithm, hash.version, hash.params.to_string(), hash.hash.unwrap().len())
        };
        assert_eq!(cost(&somebody), cost(&passwords.nobodys));
        assert!(!passwords.verify(secret(""), None).await.unwrap());
    }

    #[tokio::test]
    async fn who_waits_too_long_or_behind_too_many_is_told_to_come_back() {
        let passwords = Passwords::new(&CHEAP).unwrap();
        let busy = passwords.turn().await.unwrap();
        let (one, two, three) =
            tokio::join!(passwords.hash(secret("a")), passwords.hash(secret("b")), passwords.hash(secret("c")),);
        for refused in [one, two, three] {
            let refused = refused.unwrap_err();
            assert_eq!(refused.problem().code, Code::Overloaded);
            assert!(refused.problem().retry_after_s.is_some());
        }
        drop(busy);
        passwords.hash(secret("d")).await.unwrap();
    }
}
