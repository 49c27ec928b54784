//! Removes what nobody can use any more: a little at a time, in every replica, without waiting for each other.

use std::time::Duration;

use diesel_async::RunQueryDsl;
use platform::ApiResult;
use platform::postgres::Pool;

use crate::keys::with_jitter;

const EVERY: Duration = Duration::from_secs(600);
/// Rows that one statement removes.
const BATCH: usize = 2000;
/// Statements in one go for one table.
const BATCHES: usize = 50;

/// Each reads an index from its old end. What another transaction holds is left for the next time.
const STATEMENTS: &[(&str, &str)] = &[
    (
        "idempotency_keys",
        "DELETE FROM identity.idempotency_keys WHERE (user_id, key) IN (
             SELECT user_id, key FROM identity.idempotency_keys WHERE created_at < now() - interval '24 hours'
             LIMIT 2000 FOR UPDATE SKIP LOCKED)",
    ),
    (
        "sessions",
        "DELETE FROM identity.sessions WHERE id IN (
             SELECT id FROM identity.sessions WHERE expires_at < now() LIMIT 2000 FOR UPDATE SKIP LOCKED)",
    ),
    // A rotated token is kept for as long as it could have been good: until then its return is a theft to be noticed.
    (
        "refresh_tokens",
        "DELETE FROM identity.refresh_tokens WHERE hash IN (
             SELECT hash FROM identity.refresh_tokens WHERE rotated_at < now() - interval '30 days'
             LIMIT 2000 FOR UPDATE SKIP LOCKED)",
    ),
    // Kept for a while, so that whoever comes late hears 410 and not 404.
    (
        "invitations",
        "DELETE FROM identity.invitations WHERE id IN (
             SELECT id FROM identity.invitations WHERE expires_at < now() - interval '30 days'
             LIMIT 2000 FOR UPDATE SKIP LOCKED)",
    ),
    ("signing_keys", "DELETE FROM identity.signing_keys WHERE expires_at < now()"),
];

/// Tidies up now and at intervals.
pub async fn run(pool: Pool) {
    loop {
        tokio::time::sleep(with_jitter(EVERY)).await;
        if let Err(error) = tidy_up(&pool).await {
            tracing::warn!(%error, "housekeeping failed; it is tried again later");
        }
    }
}

/// Removes what is there to remove, up to a limit.
///
/// # Errors
/// When the database is away.
pub async fn tidy_up(pool: &Pool) -> ApiResult<()> {
    for (table, statement) in STATEMENTS {
        for _ in 0..BATCHES {
            let removed =
                pool.run(async |connection| Ok(diesel::sql_query(*statement).execute(connection).await?)).await?;
            if removed > 0 {
                tracing::info!(table, removed, "removed what nobody can use any more");
            }
            if removed < BATCH {
                break;
            }
        }
    }
    Ok(())
}
