//! The ring that a replica holds: loaded, kept fresh, signed with.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use domain::{SecretText, SessionId, UserId};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use platform::bearer::{Claims, TOKEN_TYPE};
use platform::health::Missing;
use platform::postgres::Pool;
use platform::settings::{AuthSettings, SettingsError};
use platform::{ApiError, ApiResult};
use uuid::Uuid;

use super::queries::{self, KeyRow};
use super::ring::{Key, Ring, published_until};
use crate::sealing::SealingKey;
use crate::settings::TokenSettings;

/// An access token, and for how many seconds it is good.
#[derive(Debug)]
pub struct AccessToken {
    /// The JWT.
    pub token: SecretText,
    /// Seconds until it expires.
    pub expires_in_s: u32,
}

/// The signing keys in memory; cheap to clone, shared by all threads.
#[derive(Clone)]
pub struct KeyRing {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool,
    master_key: Arc<SealingKey>,
    tokens: TokenSettings,
    issuer: String,
    audience: String,
    current: RwLock<Option<(Arc<Ring>, Instant)>>,
    loading: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing").finish_non_exhaustive()
    }
}

impl KeyRing {
    /// A ring that is empty until it is first needed or [`keep_fresh`](Self::keep_fresh) runs.
    #[must_use]
    pub fn new(pool: Pool, master_key: Arc<SealingKey>, tokens: &TokenSettings, auth: &AuthSettings) -> Self {
        let inner = Inner {
            pool,
            master_key,
            tokens: tokens.clone(),
            issuer: auth.issuer.clone(),
            audience: auth.audience.clone(),
            current: RwLock::new(None),
            loading: tokio::sync::Mutex::new(()),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Signs an access token.
    ///
    /// # Errors
    /// 503 when no key is known.
    pub async fn sign(&self, user: UserId, session: SessionId) -> ApiResult<AccessToken> {
        let ring = self.ring().await?;
        let (kid, key) = ring.signing(Utc::now()).ok_or_else(|| away(anyhow::anyhow!("no key signs")))?;
        let expires_in_s = self.inner.tokens.access_token_s;
        let iat = jsonwebtoken::get_current_timestamp();
        let claims = Claims {
            iss: self.inner.issuer.clone(),
            aud: self.inner.audience.clone(),
            sub: user,
            sid: session,
            iat,
            exp: iat + u64::from(expires_in_s),
            jti: Uuid::now_v7().to_string(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TOKEN_TYPE.into());
        header.kid = Some(kid.to_owned());
        let token = jsonwebtoken::encode(&header, &claims, key).map_err(ApiError::internal)?;
        Ok(AccessToken { token: SecretText::new(token), expires_in_s })
    }

    /// What is published now, from the database: what this service itself verifies with.
    ///
    /// # Errors
    /// When the database is away or the master key is another.
    pub async fn load_jwks(self) -> anyhow::Result<JwkSet> {
        self.reload().await?;
        Ok(self.in_memory().map(|(ring, _)| ring.jwks().clone()).unwrap_or_default())
    }

    /// Whether there is a key to sign with.
    ///
    /// # Errors
    /// 503 when there is none.
    pub async fn ready(&self) -> ApiResult<()> {
        self.ring().await.map(drop)
    }

    /// The same for `/health/ready`, which may say more.
    ///
    /// # Errors
    /// When there is none; [`Missing`] when the master key is to blame.
    pub(crate) async fn probe(&self) -> anyhow::Result<()> {
        if self.in_memory().is_some() {
            return Ok(());
        }
        self.reload().await.map_err(|error| match error.downcast_ref::<SettingsError>() {
            Some(_) => Missing("the master key is not the one that the keys were sealed with".into()).into(),
            None => error,
        })
    }

    /// The keys in memory, loaded if there are none or they are too old to be sure which one signs.
    pub(crate) async fn ring(&self) -> ApiResult<Arc<Ring>> {
        let too_old = Duration::from_secs(self.inner.tokens.publish_ahead_s.into()) / 2;
        if let Some((ring, loaded_at)) = self.in_memory()
            && loaded_at.elapsed() <= too_old.max(self.inner.tokens.key_reload())
        {
            return Ok(ring);
        }
        match self.reload().await {
            Ok(()) => {}
            // The keys that were good a while ago still verify; and nothing is signed without the database.
            Err(error) if self.in_memory().is_some() => {
                tracing::debug!(error = format!("{error:#}"), "the signing keys are those of a while ago");
            }
            Err(error) => return Err(away(error)),
        }
        self.in_memory().map(|(ring, _)| ring).ok_or_else(|| away(anyhow::anyhow!("no signing keys")))
    }

    /// Looks for new keys at intervals, and makes one when it is due. Ends only when the master key doesn't open the
    /// keys that are there when the service starts.
    pub async fn keep_fresh(self) -> SettingsError {
        loop {
            let pause = match self.reload().await {
                Ok(()) => self.inner.tokens.key_reload(),
                Err(error) => {
                    let wrong_key = error.downcast_ref::<SettingsError>();
                    match wrong_key {
                        Some(wrong_key) if self.in_memory().is_none() => return SettingsError(wrong_key.0.clone()),
                        Some(wrong_key) => tracing::error!(error = %wrong_key, "the signing keys could not be opened"),
                        None => tracing::warn!(error = format!("{error:#}"), "the signing keys could not be loaded"),
                    }
                    Duration::from_secs(1)
                }
            };
            tokio::time::sleep(with_jitter(pause)).await;
        }
    }

    fn in_memory(&self) -> Option<(Arc<Ring>, Instant)> {
        self.inner.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Loads the keys, making one when it is due; callers at the same time share one load.
    async fn reload(&self) -> anyhow::Result<()> {
        let asked = Instant::now();
        let _one_at_a_time = self.inner.loading.lock().await;
        if self.in_memory().is_some_and(|(_, loaded_at)| loaded_at > asked) {
            return Ok(());
        }
        let rows = self.inner.pool.run(async |connection| Ok(queries::published(connection).await?)).await?;
        let mut ring = self.open(&rows)?;
        if ring.is_due(Utc::now(), &self.inner.tokens) {
            ring = self.rotate().await?;
        }
        *self.inner.current.write().unwrap_or_else(PoisonError::into_inner) = Some((Arc::new(ring), Instant::now()));
        Ok(())
    }

    /// Makes a key, unless another replica has just done so; gives the keys there are then.
    async fn rotate(&self) -> anyhow::Result<Ring> {
        let rows = self.inner.pool.transaction(async |tx| self.rotate_in(tx).await.map_err(ApiError::internal)).await?;
        self.open(&rows)
    }

    async fn rotate_in(&self, tx: &mut AsyncPgConnection) -> anyhow::Result<Vec<KeyRow>> {
        queries::lock(tx).await?;
        // The look before the lock may have missed what another replica made meanwhile.
        let ring = self.open(&queries::published(tx).await?)?;
        let now = Utc::now();
        if ring.is_due(now, &self.inner.tokens) {
            let signs_from = ring.next_signs_from(now, &self.inner.tokens);
            let new = self.new_key(now, signs_from)?;
            queries::insert(tx, &new, published_until(signs_from, &self.inner.tokens)).await?;
            tracing::info!(target: "security", kid = %new.id, %signs_from, "a signing key was made");
        }
        Ok(queries::published(tx).await?)
    }

    fn new_key(&self, created_at: DateTime<Utc>, signs_from: DateTime<Utc>) -> anyhow::Result<KeyRow> {
        let id = Uuid::now_v7();
        let pair = Ed25519KeyPair::generate().context("a new signing key")?;
        let pkcs8 = pair.to_pkcs8v1().context("a new signing key")?;
        Ok(KeyRow {
            id,
            public_key: pair.public_key().as_ref().to_vec(),
            private_key: self.inner.master_key.seal(&purpose(id), pkcs8.as_ref())?,
            created_at,
            signs_from,
            expires_at: None,
        })
    }

    /// Opens what may still sign: of the keys whose time has come, only the last does.
    fn open(&self, rows: &[KeyRow]) -> anyhow::Result<Ring> {
        let now = Utc::now();
        let last = rows.iter().rposition(|row| row.signs_from <= now).unwrap_or(0);
        let key = |(i, row): (usize, &KeyRow)| {
            let private = if i < last {
                None
            } else {
                let pkcs8 = self.inner.master_key.open(&purpose(row.id), &row.private_key).map_err(|_| wrong_key())?;
                Some(EncodingKey::from_ed_der(&pkcs8))
            };
            Ok(Key {
                id: row.id.to_string(),
                public: row.public_key.clone(),
                private,
                created_at: row.created_at,
                signs_from: row.signs_from,
            })
        };
        rows.iter().enumerate().map(key).collect::<anyhow::Result<_>>().map(Ring::new)
    }
}

/// The associated data of a sealed key.
fn purpose(kid: Uuid) -> String {
    format!("signing key {kid}")
}

fn wrong_key() -> SettingsError {
    SettingsError(
        "TASKHUB__TOKENS__MASTER_KEY is not the key that the signing keys in the database were sealed with".into(),
    )
}

fn away(error: anyhow::Error) -> ApiError {
    ApiError::unavailable("signing keys", error)
}

/// Between half and the whole of a pause, so that replicas don't look at the same time.
pub(crate) fn with_jitter(pause: Duration) -> Duration {
    let chance = f64::from(Uuid::new_v4().as_fields().0) / f64::from(u32::MAX);
    pause.mul_f64(0.5 + chance / 2.0)
}
