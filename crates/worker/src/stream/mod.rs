//! The Redis stream between the relays and the consumers.
//!
//! It carries and it may be lost: whatever is in it has a ticket in PostgreSQL. An entry is deleted when it is
//! done, so that the stream's length is the work in flight.

mod message;
mod reader;

use std::sync::Arc;
use std::time::Duration;

use platform::redis::Redis;
use redis::{RedisResult, Script};

pub(crate) use self::message::{Entry, Poison};
pub(crate) use self::reader::Reader;
use crate::carried::Carried;
use crate::metrics::REDIS_DURATION;

/// The consumer group of all workers.
pub const GROUP: &str = "worker";

/// A stream; cheap to clone.
#[derive(Clone, Debug)]
pub struct Stream {
    redis: Redis,
    key: Arc<str>,
}

impl Stream {
    /// The stream under this key.
    #[must_use]
    pub fn new(redis: Redis, key: &str) -> Self {
        Self { redis, key: key.into() }
    }

    /// How many entries are in it, which are those that aren't done.
    ///
    /// # Errors
    /// When Redis can't say.
    pub async fn backlog(&self) -> RedisResult<u64> {
        let _timed = REDIS_DURATION.with_label_values(&["backlog"]).start_timer();
        redis::cmd("XLEN").arg(&*self.key).query_async(&mut self.redis.shared.clone()).await
    }

    /// Adds events, all in one round trip and one transaction: one by one, the first of them would wake a waiting
    /// consumer, which would go off with it alone. It has no MAXLEN: that would drop what isn't done.
    ///
    /// # Errors
    /// When Redis doesn't take them all; some may be in the stream then.
    pub async fn add(&self, batch: &[Carried]) -> anyhow::Result<()> {
        let mut pipe = redis::Pipeline::with_capacity(batch.len());
        pipe.atomic();
        for carried in batch {
            pipe.add_command(message::add(&self.key, carried)?).ignore();
        }
        let _timed = REDIS_DURATION.with_label_values(&["add"]).start_timer();
        pipe.query_async::<()>(&mut self.redis.shared.clone()).await?;
        Ok(())
    }

    /// Takes entries that are done off the stream.
    ///
    /// # Errors
    /// When Redis doesn't answer; either both or neither of acknowledging and deleting has happened.
    pub async fn settle(&self, ids: &[String]) -> RedisResult<()> {
        // Apart, an entry might be acknowledged and stay: nobody would ever read it again, nor delete it.
        let mut pipe = redis::pipe();
        pipe.atomic().cmd("XACK").arg(&*self.key).arg(GROUP).arg(ids).ignore();
        pipe.cmd("XDEL").arg(&*self.key).arg(ids).ignore();
        let _timed = REDIS_DURATION.with_label_values(&["ack"]).start_timer();
        pipe.query_async::<()>(&mut self.redis.shared.clone()).await
    }

    /// Makes the group, from the beginning of the stream, if it isn't there.
    ///
    /// # Errors
    /// When Redis can't.
    pub async fn ensure_group(&self) -> RedisResult<()> {
        let mut create = redis::cmd("XGROUP");
        create.arg("CREATE").arg(&*self.key).arg(GROUP).arg("0").arg("MKSTREAM");
        match create.query_async::<()>(&mut self.redis.shared.clone()).await {
            Err(error) if error.code() == Some("BUSYGROUP") => Ok(()),
            other => other,
        }
    }

    /// Puts the stream in order: consumers that have nothing and haven't been seen for `idle` leave the group,
    /// and entries that nobody will ever read again (a consumer was deleted by hand) are deleted.
    ///
    /// # Errors
    /// When Redis can't.
    pub async fn sweep(&self, idle: Duration) -> RedisResult<()> {
        let script = Script::new(SWEEP);
        let mut call = script.key(&*self.key);
        call.arg(GROUP).arg(u64::try_from(idle.as_millis()).unwrap_or(u64::MAX));
        call.invoke_async(&mut self.redis.shared.clone()).await
    }

    /// A reader with a connection of its own.
    ///
    /// # Errors
    /// When Redis can't be reached.
    pub(crate) async fn reader(&self, consumer: &str) -> anyhow::Result<Reader> {
        Reader::connect(self.clone(), consumer).await
    }
}

/// A script, since between a look and an act of ours a consumer could read.
const SWEEP: &str = r"
local function fields(flat)
  local map = {}
  for i = 1, #flat, 2 do map[flat[i]] = flat[i + 1] end
  return map
end
if redis.call('EXISTS', KEYS[1]) == 0 then return end
for _, flat in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = fields(flat)
  if group['name'] == ARGV[1] then
    for _, one in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
      local consumer = fields(one)
      if consumer['pending'] == 0 and consumer['idle'] > tonumber(ARGV[2]) then
        redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer['name'])
      end
    end
    if group['pending'] == 0 then
      redis.call('XTRIM', KEYS[1], 'MINID', group['last-delivered-id'])
      redis.call('XDEL', KEYS[1], group['last-delivered-id'])
    end
  end
end
";
