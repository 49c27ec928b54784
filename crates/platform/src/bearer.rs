//! Bearer tokens (RFC 6750): JWT access tokens signed with EdDSA (RFC 8037), verified by every service.
//!
//! Verifying costs about 30 µs, so a token that was found good is remembered, by its SHA-256, until it
//! expires. The issuer's keys (JWKS, RFC 7517) are fetched at the first need, again at intervals, and
//! at once when a token names a key that isn't known, but not more than once a second.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use aws_lc_rs::digest::{SHA256, digest};
use domain::problem::Code;
use domain::{SessionId, UserId};
use futures_util::future::{BoxFuture, Either, LocalBoxFuture, Ready, ready};
use futures_util::{FutureExt, TryFutureExt};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::{Deserialize, Serialize};

use crate::problem::{ApiError, ApiResult};
use crate::settings::AuthSettings;

/// `typ` of an access token (RFC 9068).
pub const TOKEN_TYPE: &str = "at+jwt";
const REMEMBERED_TOKENS: u64 = 50_000;
const MAX_TOKEN_BYTES: usize = 4096;
const FETCH_TIMEOUT: Duration = Duration::from_secs(2);
const MIN_FETCH_INTERVAL: Duration = Duration::from_secs(1);

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// Whom it is meant for.
    pub aud: String,
    /// The user.
    pub sub: UserId,
    /// The session it belongs to.
    pub sid: SessionId,
    /// Seconds since 1970 at which it was issued ...
    pub iat: u64,
    /// ... and from which on it is no longer good.
    pub exp: u64,
    /// A name of its own.
    pub jti: String,
}

/// A JWK set whose keys aren't read yet.
#[derive(Clone, Debug, Deserialize)]
pub struct KeySet {
    keys: Vec<serde_json::Value>,
}

impl From<JwkSet> for KeySet {
    fn from(set: JwkSet) -> Self {
        Self { keys: set.keys.into_iter().filter_map(|key| serde_json::to_value(key).ok()).collect() }
    }
}

/// Gives the issuer's current public keys.
type LoadKeys = dyn Fn() -> BoxFuture<'static, anyhow::Result<KeySet>> + Send + Sync;

/// Verifies bearer tokens; cheap to clone, shared by all threads.
#[derive(Clone)]
pub struct Verifier {
    inner: Arc<Inner>,
}

struct Inner {
    validation: Validation,
    load: Box<LoadKeys>,
    keys: RwLock<Keys>,
    refreshing: tokio::sync::Mutex<Option<Fetch>>,
    good: moka::sync::Cache<[u8; 32], Arc<Claims>>,
    refresh: Duration,
}

/// The last fetch of the keys.
struct Fetch {
    at: Instant,
    /// Why it failed, if it did.
    failure: Option<String>,
}

#[derive(Default)]
struct Keys {
    by_id: HashMap<String, DecodingKey>,
    loaded_at: Option<Instant>,
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

impl Verifier {
    /// Takes tokens of `settings.issuer`, with keys from `load`.
    pub fn new<F, Fut, K>(settings: &AuthSettings, load: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = anyhow::Result<K>> + Send + 'static,
        K: Into<KeySet> + 'static,
    {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&settings.issuer]);
        validation.set_audience(&[&settings.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = 0;
        let inner = Inner {
            validation,
            load: Box::new(move || load().map_ok(Into::into).boxed()),
            keys: RwLock::default(),
            refreshing: tokio::sync::Mutex::new(None),
            good: moka::sync::Cache::new(REMEMBERED_TOKENS),
            refresh: Duration::from_secs(settings.jwks_refresh_s),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Takes tokens with the keys that `settings.jwks_url` publishes.
    ///
    /// # Errors
    /// When there is no URL in the settings.
    pub fn from_jwks_url(settings: &AuthSettings) -> anyhow::Result<Self> {
        let url = settings
            .jwks_url
            .clone()
            .ok_or_else(|| crate::settings::SettingsError("TASKHUB__AUTH__JWKS_URL is missing".into()))?;
        // auth-service is inside, as for the gateway: a proxy in the environment is for what is outside.
        let client = reqwest::Client::builder().timeout(FETCH_TIMEOUT).no_proxy().build()?;
        Ok(Self::new(settings, move || {
            let request = client.get(&url).send();
            async move { Ok(request.await?.error_for_status()?.json::<KeySet>().await?) }
        }))
    }

    /// Fetches the keys now and then at intervals, so that no request has to wait for them.
    pub async fn keep_fresh(self) {
        let mut told = false;
        loop {
            let pause = match self.reload().await {
                Ok(()) => {
                    told = false;
                    self.inner.refresh
                }
                Err(error) => {
                    // Once an outage, not once a try.
                    if !std::mem::replace(&mut told, true) {
                        tracing::warn!(error = format!("{error:#}"), "the token keys can't be fetched; trying on");
                    }
                    MIN_FETCH_INTERVAL
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Whether any key is known.
    ///
    /// # Errors
    /// When none is and none can be fetched.
    pub async fn ready(&self) -> anyhow::Result<()> {
        if self.has_keys() { Ok(()) } else { self.reload().await }
    }

    fn has_keys(&self) -> bool {
        self.inner.keys.read().is_ok_and(|keys| !keys.by_id.is_empty())
    }

    /// Loads the keys; callers at the same time share one fetch.
    async fn reload(&self) -> anyhow::Result<()> {
        let asked = Instant::now();
        let mut last = self.inner.refreshing.lock().await;
        if let Some(fetch) = last.as_ref()
            && (fetch.at > asked || asked.duration_since(fetch.at) < MIN_FETCH_INTERVAL)
            && self.has_keys()
        {
            return fetch.failure.as_ref().map_or(Ok(()), |failure| Err(anyhow::anyhow!("{failure}")));
        }
        let at = Instant::now();
        let fetched = tokio::time::timeout(FETCH_TIMEOUT, (self.inner.load)()).await;
        let fetched = fetched.map_err(anyhow::Error::from).and_then(|set| set);
        let failure = fetched.as_ref().err().map(|error| format!("{error:#}"));
        *last = Some(Fetch { at, failure });
        let by_id = usable(&fetched?);
        if let Ok(mut keys) = self.inner.keys.write() {
            // A key that was withdrawn takes with it what it had signed.
            if keys.by_id.keys().any(|id| !by_id.contains_key(id)) {
                self.inner.good.invalidate_all();
            }
            *keys = Keys { by_id, loaded_at: Some(Instant::now()) };
        }
        drop(last);
        Ok(())
    }

    /// The claims of a token that was found good before.
    fn remembered(&self, hash: &[u8; 32]) -> Option<ApiResult<Arc<Claims>>> {
        let claims = self.inner.good.get(hash)?;
        if claims.exp > jsonwebtoken::get_current_timestamp() {
            return Some(Ok(claims));
        }
        self.inner.good.invalidate(hash);
        Some(Err(ApiError::invalid_token("The access token has expired.")))
    }

    /// Verifies a token with the keys that are known; `None` when its key isn't.
    fn verify_now(&self, token: &str) -> Option<ApiResult<Claims>> {
        let header = match jsonwebtoken::decode_header(token) {
            Ok(header) => header,
            Err(_) => return Some(Err(ApiError::invalid_token("The bearer token is not a JWT that is taken here."))),
        };
        // The algorithm is ours to say, never the token's: `none` and HS256 end here.
        if header.alg != Algorithm::EdDSA || !header.typ.as_deref().is_some_and(is_token_type) {
            return Some(Err(ApiError::invalid_token("The bearer token is not an access token of TaskHub.")));
        }
        // RFC 7515, section 4.1.11: none of the extensions is understood here.
        if header.crit.is_some() {
            return Some(Err(ApiError::invalid_token(
                "The access token asks for an extension that is not known here.",
            )));
        }
        let Some(kid) = header.kid else {
            return Some(Err(ApiError::invalid_token("The access token names no key.")));
        };
        let keys = self.inner.keys.read().ok()?;
        let key = keys.by_id.get(&kid)?;
        let decoded = jsonwebtoken::decode::<Claims>(token, key, &self.inner.validation);
        Some(decoded.map(|data| data.claims).map_err(|error| {
            use jsonwebtoken::errors::ErrorKind;
            ApiError::invalid_token(match error.kind() {
                ErrorKind::ExpiredSignature => "The access token has expired.",
                ErrorKind::ImmatureSignature => "The access token is not valid yet.",
                ErrorKind::InvalidSignature => "The access token's signature is wrong.",
                _ => "The access token is not valid here.",
            })
        }))
    }

    /// Verifies a token.
    ///
    /// # Errors
    /// 401 when it isn't good; 503 when no key is known to tell.
    pub async fn verify(&self, token: &str) -> ApiResult<Arc<Claims>> {
        let hash = hash(token);
        if let Some(known) = self.remembered(&hash) {
            return known;
        }
        if self.inner.keys.read().is_ok_and(|keys| keys.loaded_at.is_none()) {
            self.reload().await.map_err(|e| ApiError::unavailable("auth-service", e))?;
        }
        let verified = match self.verify_now(token) {
            Some(verified) => verified,
            None => {
                self.reload().await.map_err(|e| ApiError::unavailable("auth-service", e))?;
                self.verify_now(token)
                    .unwrap_or_else(|| Err(ApiError::invalid_token("The access token is signed by an unknown key.")))
            }
        };
        let claims = Arc::new(verified?);
        self.inner.good.insert(hash, claims.clone());
        Ok(claims)
    }
}

/// Whether `typ` is that of an access token, which may be written as a media type (RFC 7515, section 4.1.9; RFC 9068,
/// section 4).
fn is_token_type(typ: &str) -> bool {
    [TOKEN_TYPE, "application/at+jwt"].iter().any(|known| typ.eq_ignore_ascii_case(known))
}

/// The keys of a set by their ids. What isn't understood, such as a key of a kind that is newer than this, is for others
/// (RFC 7517, section 5); so is what may not verify. Two keys of one name are none, since nothing tells which is meant.
fn usable(set: &KeySet) -> HashMap<String, DecodingKey> {
    let mut by_id: HashMap<String, Option<DecodingKey>> = HashMap::new();
    for key in set.keys.iter().filter(|key| may_verify(key)) {
        let read = serde_json::from_value::<Jwk>(key.clone()).map_err(anyhow::Error::from);
        match read.and_then(|jwk| Ok((DecodingKey::from_jwk(&jwk)?, jwk.common.key_id))) {
            Ok((key, Some(id))) => match by_id.entry(id) {
                Entry::Vacant(place) => {
                    place.insert(Some(key));
                }
                Entry::Occupied(mut other) => {
                    tracing::warn!(kid = other.key(), "two token keys have the same name; neither is used");
                    other.insert(None);
                }
            },
            Ok((_, None)) => {}
            Err(error) => tracing::warn!(%error, "a token key can't be read; it is skipped"),
        }
    }
    by_id.into_iter().filter_map(|(id, key)| Some((id, key?))).collect()
}

/// Whether a key is published for verifying EdDSA signatures (RFC 7517, sections 4.2 to 4.4). What it leaves open it allows;
/// `Ed25519` is a newer name of the same (RFC 9864).
fn may_verify(key: &serde_json::Value) -> bool {
    let allows = |member: &str, allowed: &dyn Fn(&serde_json::Value) -> bool| key.get(member).is_none_or(allowed);
    allows("use", &|usage| usage == "sig")
        && allows("key_ops", &|ops| ops.as_array().is_some_and(|ops| ops.iter().any(|op| op == "verify")))
        && allows("alg", &|alg| alg == "EdDSA" || alg == "Ed25519")
        && allows("crv", &|curve| curve == "Ed25519")
}

fn hash(token: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    hash
}

fn unauthenticated(detail: &str) -> ApiError {
    ApiError::new(Code::Unauthenticated, detail)
}

/// The token in `Authorization: Bearer …`.
///
/// # Errors
/// 401 when there is none, or two, or another scheme.
pub fn token_of(req: &HttpRequest) -> ApiResult<&str> {
    let mut values = req.headers().get_all(AUTHORIZATION);
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(unauthenticated("Send one `Authorization: Bearer <token>` header."));
    };
    let value = value.to_str().map_err(|_| unauthenticated("The Authorization header is not text."))?;
    let (scheme, token) = value.split_once(' ').unwrap_or_default();
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.len() > MAX_TOKEN_BYTES {
        return Err(unauthenticated("Send `Authorization: Bearer <token>`."));
    }
    Ok(token)
}

/// Who is calling. As the first parameter of a handler it is checked before a body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user.
    pub user: UserId,
    /// The session.
    pub session: SessionId,
    /// Seconds since 1970 from which on the token is no longer good.
    pub expires_at: u64,
}

impl Caller {
    fn of(claims: &Claims) -> Self {
        Self { user: claims.sub, session: claims.sid, expires_at: claims.exp }
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Either<Ready<ApiResult<Self>>, LocalBoxFuture<'static, ApiResult<Self>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = match token_of(req) {
            Ok(token) => token,
            Err(error) => return Either::Left(ready(Err(error))),
        };
        let Some(verifier) = req.app_data::<web::Data<Verifier>>() else {
            return Either::Left(ready(Err(ApiError::internal(anyhow::anyhow!("the app has no Verifier")))));
        };
        if let Some(known) = verifier.remembered(&hash(token)) {
            return Either::Left(ready(known.map(|claims| Self::of(&claims))));
        }
        let (verifier, token) = (verifier.clone(), token.to_owned());
        Either::Right(async move { verifier.verify(&token).await.map(|claims| Self::of(&claims)) }.boxed_local())
    }
}
