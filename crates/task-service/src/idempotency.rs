//! `Idempotency-Key`: the same key and request gives the first answer again for 24 hours.
//!
//! The key is stored by the statement that makes something, so that a thing without its key or a key without its thing
//! can't be; the first answer is in the event that tells of it. Such a statement has, from the macros here,
//! - `used_key!`: what the key was used for in the last 24 hours. It may make something only if that is nothing;
//! - `claim!`: the key is taken, together with `log`;
//! - `answer!`: two columns, whether it was the same request and what was made, and `answered!`: where they are from.
//!
//! Of two requests at once, one runs into `idempotency_keys_pkey` and is undone as a whole; sent again, it finds the other.
//! Ages are written so that they can't tempt PostgreSQL to walk `idempotency_keys_created_at_idx` instead of the key. What
//! is older than 24 hours counts for nothing and is removed in the background.

use std::time::Duration;

use actix_web::HttpRequest;
use aws_lc_rs::digest::{Context, SHA256};
use domain::problem::Code;
use platform::postgres::{DbError, Pipeline, Statement};
use platform::{ApiError, ApiResult};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::time::sleep;
use tokio_postgres::Row;
use tokio_postgres::types::Json;

use crate::access::Param;
use crate::tasks::view::column;

/// How often a request with a key is tried: once, and again when another with the same key was faster.
const TRIES: usize = 3;

/// `used AS (…), expired AS (…)` of the key in the parameter `$key`, which may be null.
macro_rules! used_key {
    ($key:literal) => {
        concat!(
            "used AS MATERIALIZED ( \
                 SELECT k.request_hash, k.team_id, k.revision FROM tasks.idempotency_keys k \
                 WHERE k.user_id = $1 AND k.key = ",
            $key,
            "::text AND k.created_at + interval '24 hours' > now()), \
             expired AS ( \
                 DELETE FROM tasks.idempotency_keys k \
                 WHERE k.user_id = $1 AND k.key = ",
            $key,
            " AND k.created_at + interval '24 hours' <= now() RETURNING 1)"
        )
    };
}

/// `claim AS (…)`: the key in `$key`, if it isn't null, is used for the request whose hash is in `$hash` and for what
/// `log` has. The count makes an expired key go before the new one comes.
macro_rules! claim {
    ($key:literal, $hash:literal) => {
        concat!(
            "claim AS ( \
                 INSERT INTO tasks.idempotency_keys (user_id, key, request_hash, team_id, revision) \
                 SELECT $1, ",
            $key,
            ", ",
            $hash,
            "::bytea, log.team_id, log.revision \
                 FROM log CROSS JOIN (SELECT count(*) FROM expired) e WHERE ",
            $key,
            " IS NOT NULL)"
        )
    };
}

/// The columns that [`first_answer`] reads; what was made is the member `$what` of its event.
macro_rules! answer {
    ($hash:literal, $what:literal) => {
        concat!("used.request_hash = ", $hash, ", first.data -> '", $what, "'")
    };
}

/// Where the columns of `answer!` are from.
macro_rules! answered {
    () => {
        "LEFT JOIN used ON true \
         LEFT JOIN tasks.events first ON first.team_id = used.team_id AND first.revision = used.revision"
    };
}

pub(crate) use {answer, answered, claim, used_key};

/// Runs a statement whose last two parameters are the key and the hash of its request, again when another request with
/// the same key came first.
pub(crate) async fn query(
    write: &Pipeline,
    statement: &'static Statement,
    params: &[Param<'_>],
    once: Option<&IdempotencyKey>,
) -> Result<Option<Row>, DbError> {
    let (key, hash) = (once.map(|once| once.key.as_str()), once.map(|once| once.request_hash.as_slice()));
    let mut all = params.to_vec();
    all.push(&key);
    all.push(&hash);
    let mut tries = 1;
    loop {
        match write.query_opt(statement, &all).await {
            // It may be the key, or the very thing that the other has made under it.
            Err(error) if once.is_some() && error.constraint().is_some() && tries < TRIES => tries += 1,
            result => return result,
        }
    }
}

/// What the same request with the same key has made, from the columns of `answer!` at `at`; `None` when the key is new.
///
/// # Errors
/// 409 when the key came with another request.
pub(crate) fn first_answer<T: DeserializeOwned>(row: &Row, at: usize) -> ApiResult<Option<T>> {
    match column::<Option<bool>>(row, at)? {
        None => Ok(None),
        Some(true) => {
            let made: Json<&RawValue> = column(row, at + 1)?;
            serde_json::from_str(made.0.get()).map(Some).map_err(ApiError::internal)
        }
        Some(false) => {
            let detail = "This Idempotency-Key came with another path or body within the last 24 hours; take a new key for a new request.";
            Err(ApiError::new(Code::IdempotencyMismatch, detail))
        }
    }
}

/// The most characters a key may have.
const MAX_LENGTH: usize = 255;
const HEADER: &str = "idempotency-key";

/// How soon after the start old keys are looked for at the latest ...
const FIRST: Duration = Duration::from_secs(300);
/// ... how often after that ...
const EVERY: Duration = Duration::from_secs(3600);
/// ... how many are removed at once ...
const BATCH: i64 = 500;
/// ... and the pause before the next so many.
const BREATH: Duration = Duration::from_millis(100);

/// `idempotency_keys_created_at_idx` from its old end; each key then by `idempotency_keys_pkey`.
static PRUNE: Statement = Statement::write(
    "prune idempotency keys",
    "DELETE FROM tasks.idempotency_keys WHERE (user_id, key) IN ( \
         SELECT user_id, key FROM tasks.idempotency_keys WHERE created_at <= now() - interval '24 hours' \
         ORDER BY created_at LIMIT $1::bigint) \
     RETURNING 1",
);

/// A key, and the request that it was sent with.
#[derive(Debug)]
pub(crate) struct IdempotencyKey {
    /// 1 to 255 printable ASCII characters.
    pub(crate) key: String,
    /// SHA-256 of method, path and body.
    pub(crate) request_hash: [u8; 32],
}

impl IdempotencyKey {
    /// The key of a request with this body, if it has one.
    ///
    /// # Errors
    /// 400 when there are two, or it isn't 1 to 255 printable ASCII characters.
    pub(crate) fn of(req: &HttpRequest, body: &[u8]) -> ApiResult<Option<Self>> {
        let mut values = req.headers().get_all(HEADER);
        let Some(value) = values.next() else { return Ok(None) };
        let printable = |key: &&str| key.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        let fits = |key: &&str| (1..=MAX_LENGTH).contains(&key.len());
        let key = value.to_str().ok().filter(printable).filter(fits).filter(|_| values.next().is_none());
        let key = key.ok_or_else(|| {
            let detail = "Idempotency-Key must be sent once and have 1 to 255 printable ASCII characters.";
            ApiError::new(Code::BadRequest, detail)
        })?;
        Ok(Some(Self { key: key.to_owned(), request_hash: hash(req.method().as_str(), req.path(), body) }))
    }
}

/// A zero byte, which neither a method nor a path has, keeps the parts apart.
fn hash(method: &str, path: &str, body: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in [method.as_bytes(), &[0], path.as_bytes(), &[0], body] {
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// Removes what is older than 24 hours, in small batches.
///
/// # Errors
/// When the database doesn't answer; the rest is then left for the next time.
pub(crate) async fn prune(database: &Pipeline) -> Result<usize, DbError> {
    let mut removed = 0;
    loop {
        let rows = database.query(&PRUNE, &[&BATCH]).await?.len();
        removed += rows;
        if rows < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(removed);
        }
        sleep(BREATH).await;
    }
}

/// Removes old keys every hour until the process ends.
pub(crate) async fn keep_pruned(database: Pipeline) {
    // By chance, so that replicas that start together don't prune together.
    let chance = f64::from(uuid::Uuid::new_v4().as_fields().0) / f64::from(u32::MAX);
    let mut pause = FIRST.mul_f64(chance);
    loop {
        sleep(pause).await;
        pause = EVERY;
        match prune(&database).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "removed old idempotency keys"),
            Err(error) => tracing::warn!(%error, "old idempotency keys could not be removed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn key(text: &str) -> ApiResult<Option<IdempotencyKey>> {
        IdempotencyKey::of(&TestRequest::post().uri("/a").insert_header((HEADER, text)).to_http_request(), b"{}")
    }

    #[test]
    fn a_key_is_printable_and_not_too_long() {
        assert_eq!(key(&"k".repeat(255)).unwrap().unwrap().key.len(), 255);
        for bad in ["", &"k".repeat(256), "a\tb", "schl\u{fc}ssel"] {
            assert!(key(bad).unwrap_err().to_string().contains("Idempotency-Key"), "{bad:?}");
        }
        assert!(IdempotencyKey::of(&TestRequest::post().to_http_request(), b"").unwrap().is_none());
        let twice = TestRequest::post().append_header((HEADER, "a")).append_header((HEADER, "b")).to_http_request();
        assert!(IdempotencyKey::of(&twice, b"").is_err());
    }

    #[test]
    fn another_method_path_or_body_is_another_request() {
        let hashes =
            [hash("POST", "/a", b"{}"), hash("PUT", "/a", b"{}"), hash("POST", "/a{", b"}"), hash("POST", "/a", b"")];
        assert!((1..hashes.len()).all(|n| !hashes[..n].contains(&hashes[n])));
    }
}
