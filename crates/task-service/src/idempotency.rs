//! `Idempotency-Key`: the same key and request gives the first answer again for 24 hours.
//!
//! The key is stored by the statement that makes the task (see [`crate::tasks::queries`]), so a task without its key or a
//! key without its task can't be. What is older than 24 hours counts for nothing and is removed in the background.

use std::time::Duration;

use actix_web::HttpRequest;
use aws_lc_rs::digest::{Context, SHA256};
use domain::problem::Code;
use platform::postgres::{DbError, Pipeline, Statement};
use platform::{ApiError, ApiResult};
use tokio::time::sleep;

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
