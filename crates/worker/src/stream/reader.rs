//! Blocking reads, on a connection of their own.

use std::time::Duration;

use anyhow::Context;
use deadpool_redis::Connection;
use redis::streams::{StreamAutoClaimReply, StreamReadReply};
use redis::{RedisError, RedisResult};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{Entry, GROUP, Stream};

/// How long a read waits for an entry.
const BLOCK: Duration = Duration::from_secs(2);
/// Beyond that, how long Redis may take to answer before it counts as gone.
const PATIENCE: Duration = Duration::from_secs(2);

/// One consumer of the group.
pub(crate) struct Reader {
    stream: Stream,
    connection: Connection,
    /// Redis' id of the connection, by which a read can be ended.
    client: i64,
    consumer: String,
}

impl Reader {
    pub(super) async fn connect(stream: Stream, consumer: &str) -> anyhow::Result<Self> {
        let mut connection = stream.redis.owned.get().await.context("connecting to Redis")?;
        let client = timeout(PATIENCE, redis::cmd("CLIENT").arg("ID").query_async(&mut connection)).await??;
        stream.ensure_group().await?;
        Ok(Self { stream, connection, client, consumer: consumer.to_owned() })
    }

    /// Waits up to two seconds for new entries, at most `count`; less when `stop` says so.
    pub(crate) async fn next(&mut self, count: u32, stop: &CancellationToken) -> anyhow::Result<Vec<Entry>> {
        let mut read = redis::cmd("XREADGROUP");
        read.arg("GROUP").arg(GROUP).arg(&self.consumer).arg("COUNT").arg(count);
        read.arg("BLOCK").arg(BLOCK.as_millis() as u64).arg("STREAMS").arg(&*self.stream.key).arg(">");
        let reply = {
            let answer = timeout(BLOCK + PATIENCE, read.query_async(&mut self.connection));
            tokio::pin!(answer);
            tokio::select! {
                reply = &mut answer => reply,
                // Dropped halfway, the read might still get entries that nobody would work on for a while.
                () = stop.cancelled() => {
                    unblock(&self.stream, self.client).await;
                    answer.await
                }
            }
        };
        let reply: RedisResult<Option<StreamReadReply>> = reply.context("Redis doesn't answer")?;
        match reply {
            Ok(reply) => Ok(reply.into_iter().flat_map(|r| r.keys).flat_map(|k| k.ids).map(Entry::read).collect()),
            // The stream was deleted, or all of Redis was. What was in it will be carried again.
            Err(error) if group_is_gone(&error) => {
                tracing::warn!(%error, "the Redis stream was lost; it starts again");
                self.stream.ensure_group().await?;
                Ok(Vec::new())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes over entries, at most `count`, that another consumer has had for longer than `idle`: it is dead,
    /// or might as well be.
    pub(crate) async fn claim(&mut self, count: u32, idle: Duration) -> anyhow::Result<Vec<Entry>> {
        let mut claim = redis::cmd("XAUTOCLAIM");
        claim.arg(&*self.stream.key).arg(GROUP).arg(&self.consumer);
        claim.arg(u64::try_from(idle.as_millis())?).arg("0-0").arg("COUNT").arg(count);
        let reply: RedisResult<StreamAutoClaimReply> =
            timeout(PATIENCE, claim.query_async(&mut self.connection)).await.context("Redis doesn't answer")?;
        match reply {
            Ok(reply) => Ok(reply.claimed.into_iter().map(Entry::read).collect()),
            Err(error) if group_is_gone(&error) => {
                self.stream.ensure_group().await?;
                Ok(Vec::new())
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Ends a read that waits; it then comes back empty. If that fails, the read ends by itself.
async fn unblock(stream: &Stream, client: i64) {
    let mut unblock = redis::cmd("CLIENT");
    unblock.arg("UNBLOCK").arg(client);
    if let Err(error) = unblock.query_async::<()>(&mut stream.redis.shared.clone()).await {
        tracing::debug!(%error, "a blocking read could not be ended");
    }
}

/// `UNBLOCKED` is what a waiting read hears when its stream is deleted.
fn group_is_gone(error: &RedisError) -> bool {
    matches!(error.code(), Some("NOGROUP" | "UNBLOCKED"))
}
