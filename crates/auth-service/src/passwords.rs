//! Passwords: argon2id (RFC 9106), off the threads that serve, and only so many at once: each takes memory and a core.
//! Who waits for a turn waits in a queue that is fair between client addresses and accounts.

use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::rand;
use domain::SecretText;
use domain::problem::{Code, Problem};
use password_hash::phc::{Ident, Output, ParamsString, PasswordHash, Salt};
use password_hash::{PasswordHasher, PasswordVerifier};
use platform::{ApiError, ApiResult};

use crate::settings::PasswordSettings;
use crate::turns::{Client, Turns};

/// Hashes and verifies passwords; shared by all threads.
#[derive(Debug)]
pub(crate) struct Passwords {
    params: Params,
    turns: Turns,
    /// A hash that no password has: who isn't known is verified against it, and takes as long as who is.
    nobodys: String,
}

impl Passwords {
    /// With this cost and these limits.
    ///
    /// # Errors
    /// When argon2 can't work with the cost, or there is no randomness.
    pub(crate) fn new(settings: &PasswordSettings) -> anyhow::Result<Self> {
        let params = settings.params().map_err(|e| anyhow::anyhow!("TASKHUB__PASSWORDS__…: {e}"))?;
        let at_once = match settings.max_hashes {
            0 => std::thread::available_parallelism()?.get(),
            n => n,
        };
        Ok(Self {
            nobodys: nobodys_hash(&params)?,
            params,
            turns: Turns::new(at_once, settings.max_waiting, Duration::from_millis(settings.max_wait_ms)),
        })
    }

    /// The hash of a password, with a new salt, in PHC string format.
    ///
    /// # Errors
    /// 503 when too many wait already or the wait was too long.
    pub(crate) async fn hash(&self, client: &Client, password: SecretText) -> ApiResult<String> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone());
        self.in_turn(client, move || {
            let mut salt = [0_u8; 16];
            rand::fill(&mut salt).map_err(|_| anyhow::anyhow!("no randomness for a salt"))?;
            let hash = argon2.hash_password_with_salt(password.expose().as_bytes(), &salt);
            hash.map(|hash: PasswordHash| hash.to_string()).map_err(|e| anyhow::anyhow!("argon2: {e}"))
        })
        .await
    }

    /// Whether a password is that of this hash; with `None` it is not, and that takes as long.
    ///
    /// Passwords are prepared before they are hashed (RFC 8265). Those of earlier releases weren't: one that differs when it
    /// is prepared is tried as it was sent too. How long a wrong one takes depends on what was sent alone.
    ///
    /// # Errors
    /// 503 when too many wait already or the wait was too long.
    pub(crate) async fn verify(&self, client: &Client, password: SecretText, hash: Option<String>) -> ApiResult<bool> {
        let hash = hash.unwrap_or_else(|| self.nobodys.clone());
        self.in_turn(client, move || {
            let hash = PasswordHash::new(&hash).map_err(|e| anyhow::anyhow!("a stored password hash: {e}"))?;
            let prepared = password.prepared().filter(|prepared| *prepared != password);
            let mut tries = [prepared, Some(password)].into_iter().flatten();
            Ok(tries.any(|password| Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok()))
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        client: &Client,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> ApiResult<T> {
        let turn = self.turns.take(client).await.ok_or_else(overloaded)?;
        // The turn goes along: a caller who hangs up doesn't stop the hash, so it still counts.
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
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
    use std::net::Ipv4Addr;

    use super::*;
    use platform::client::Address;

    const CHEAP: PasswordSettings = PasswordSettings {
        memory_kib: 64,
        iterations: 2,
        parallelism: 1,
        max_hashes: 1,
        max_waiting: 2,
        max_wait_ms: 50,
    };

    fn alice() -> Client {
        Client { address: Address::of(Ipv4Addr::LOCALHOST.into()), account: "alice@example.org".into() }
    }

    fn secret(text: &str) -> SecretText {
        SecretText::new(text)
    }

    #[tokio::test]
    async fn only_the_password_verifies() {
        let passwords = Passwords::new(&CHEAP).unwrap();
        let hash = passwords.hash(&alice(), secret("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=2,p=1$"), "{hash}");
        assert_ne!(passwords.hash(&alice(), secret("correct horse")).await.unwrap(), hash);
        assert!(passwords.verify(&alice(), secret("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(&alice(), secret("correct house"), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn a_password_verifies_in_whatever_form_it_is_typed_and_as_it_was_hashed_before() {
        let passwords = Passwords::new(&CHEAP).unwrap();
        let (composed, decomposed) = ("caf\u{e9} horse", "cafe\u{301}\u{a0}horse");
        let hash = passwords.hash(&alice(), secret(decomposed).prepared().unwrap()).await.unwrap();
        for typed in [composed, decomposed] {
            assert!(passwords.verify(&alice(), secret(typed), Some(hash.clone())).await.unwrap(), "{typed:?}");
        }
        // Of an earlier release, which hashed what came.
        for typed in [decomposed, "tab\tbed\u{7}"] {
            let raw = passwords.hash(&alice(), secret(typed)).await.unwrap();
            assert!(passwords.verify(&alice(), secret(typed), Some(raw)).await.unwrap(), "{typed:?}");
        }
        assert!(!passwords.verify(&alice(), secret("cafe horse"), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_costs_as_much_as_somebody_and_has_no_password() {
        let passwords = Passwords::new(&CHEAP).unwrap();
        let somebody = passwords.hash(&alice(), secret("x")).await.unwrap();
        let cost = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            (hash.algorithm, hash.version, hash.params.to_string(), hash.hash.unwrap().len())
        };
        assert_eq!(cost(&somebody), cost(&passwords.nobodys));
        assert!(!passwords.verify(&alice(), secret(""), None).await.unwrap());
    }

    #[tokio::test]
    async fn who_waits_too_long_or_behind_too_many_is_told_to_come_back() {
        let passwords = Passwords::new(&CHEAP).unwrap();
        let busy = passwords.turns.take(&alice()).await.unwrap();
        let alice = alice();
        let hash = |text| passwords.hash(&alice, secret(text));
        let (one, two, three) = tokio::join!(hash("a"), hash("b"), hash("c"));
        for refused in [one, two, three] {
            let refused = refused.unwrap_err();
            assert_eq!(refused.problem().code, Code::Overloaded);
            assert!(refused.problem().retry_after_s.is_some());
        }
        drop(busy);
        passwords.hash(&alice, secret("d")).await.unwrap();
    }
}
