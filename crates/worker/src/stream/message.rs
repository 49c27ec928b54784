//! An event as the fields of a stream entry: `ticket`, `attempts` and `event`, which is a CloudEvents envelope.

use std::collections::HashMap;

use redis::streams::StreamId;
use redis::{Cmd, FromRedisValue, Value};
use uuid::Uuid;

use crate::carried::Carried;

const TICKET: &str = "ticket";
const ATTEMPTS: &str = "attempts";
const EVENT: &str = "event";

/// The command that adds an event to a stream.
pub(super) fn add(stream: &str, carried: &Carried) -> serde_json::Result<Cmd> {
    let event = serde_json::to_vec(&carried.event)?;
    let mut cmd = redis::cmd("XADD");
    cmd.arg(stream).arg("*");
    cmd.arg(TICKET).arg(carried.ticket).arg(ATTEMPTS).arg(carried.attempts).arg(EVENT).arg(event);
    Ok(cmd)
}

/// An entry that was read.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its id in the stream.
    pub(crate) id: String,
    /// What it carries; nothing if it is an event that this release can't read. Its ticket will be carried again.
    pub(crate) carried: Result<Option<Carried>, Poison>,
}

/// An entry that carries no event. Its ticket, if it names one, is not touched: the event will be carried again.
#[derive(Debug)]
pub(crate) struct Poison {
    /// The same for the same entry, however often it is read.
    pub(crate) id: Uuid,
    /// Its fields as JSON.
    pub(crate) message: String,
    /// What is wrong.
    pub(crate) error: String,
}

impl Entry {
    pub(super) fn read(entry: StreamId) -> Self {
        let carried = match carried(&entry.map) {
            Ok(carried) => Ok(Some(carried)),
            Err(_) if is_envelope(&entry.map) => Ok(None),
            Err(error) => Err(Poison {
                id: letter_id(&entry.id),
                message: as_json(&entry.map),
                error: format!("stream entry {}: {error}", entry.id),
            }),
        };
        Self { id: entry.id, carried }
    }
}

fn carried(fields: &HashMap<String, Value>) -> Result<Carried, String> {
    let field = |name| fields.get(name).ok_or_else(|| format!("there is no field `{name}`"));
    let wrong = |name, e: &dyn std::fmt::Display| format!("`{name}`: {e}");
    let ticket = i64::from_redis_value_ref(field(TICKET)?).map_err(|e| wrong(TICKET, &e))?;
    let attempts = i32::from_redis_value_ref(field(ATTEMPTS)?).map_err(|e| wrong(ATTEMPTS, &e))?;
    let Value::BulkString(event) = field(EVENT)? else { return Err(wrong(EVENT, &"not a string")) };
    let event = serde_json::from_slice(event).map_err(|e| wrong(EVENT, &e))?;
    Ok(Carried { ticket, attempts, event })
}

/// Whether an entry has a ticket and a whole envelope, whatever is in it: the next release may write what this one doesn't
/// know.
fn is_envelope(fields: &HashMap<String, Value>) -> bool {
    let Some(Value::BulkString(event)) = fields.get(EVENT) else { return false };
    let event: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(event).unwrap_or_default();
    let has = |name: &str| event.get(name).is_some_and(serde_json::Value::is_string);
    fields.get(TICKET).is_some_and(|ticket| i64::from_redis_value_ref(ticket).is_ok())
        && event.get("specversion").is_some_and(|version| version == "1.0")
        && ["id", "source", "type", "time", "teamid", "revision"].into_iter().all(has)
        && event.get("data").is_some_and(serde_json::Value::is_object)
}

fn as_json(fields: &HashMap<String, Value>) -> String {
    let text = |value: &Value| match value {
        Value::BulkString(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => format!("{other:?}"),
    };
    let map: serde_json::Map<String, serde_json::Value> =
        fields.iter().map(|(name, value)| (name.clone(), text(value).into())).collect();
    serde_json::Value::Object(map).to_string()
}

/// A UUIDv7 from a stream id (`<milliseconds>-<number>`), so that an entry that is read twice is one dead letter.
fn letter_id(stream_id: &str) -> Uuid {
    let (millis, number) = stream_id.split_once('-').unwrap_or((stream_id, "0"));
    let number: u64 = number.parse().unwrap_or(0);
    let mut bytes = [0; 10];
    for (to, from) in bytes.iter_mut().skip(2).zip(number.to_be_bytes()) {
        *to = from;
    }
    uuid::Builder::from_unix_timestamp_millis(millis.parse().unwrap_or(0), &bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> HashMap<String, Value> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), Value::BulkString(v.as_bytes().to_vec()))).collect()
    }

    #[test]
    fn what_is_not_a_message_of_ours_says_why() {
        for (pairs, says) in [
            (vec![], "no field `ticket`"),
            (vec![(TICKET, "x"), (ATTEMPTS, "1"), (EVENT, "{}")], "`ticket`"),
            (vec![(TICKET, "1"), (EVENT, "{}")], "no field `attempts`"),
            (vec![(TICKET, "1"), (ATTEMPTS, "1"), (EVENT, "{")], "`event`: EOF"),
            (vec![(TICKET, "1"), (ATTEMPTS, "1"), (EVENT, "{}")], "`event`: missing field"),
        ] {
            let error = carried(&fields(&pairs)).unwrap_err();
            assert!(error.contains(says), "{error} should say {says}");
        }
    }

    #[test]
    fn an_event_of_the_next_release_is_no_poison() {
        let event = r#"{"specversion":"1.0","id":"1","source":"/teams/1","type":"task.archived","time":"2026-01-01T00:00:00Z",
            "teamid":"1","revision":"7","data":{"task":{"status":"archived"}}}"#;
        let read = |ticket, event| {
            let map = fields(&[(TICKET, ticket), (ATTEMPTS, "0"), (EVENT, event)]);
            Entry::read(StreamId {
                id: "1-1".into(),
                map,
                milliseconds_elapsed_from_delivery: None,
                delivered_count: None,
            })
        };
        assert!(matches!(read("1", event).carried, Ok(None)));
        assert!(read("1", r#"{"specversion":"1.0"}"#).carried.is_err());
        assert!(read("one", event).carried.is_err());
    }

    #[test]
    fn an_entry_that_is_read_twice_is_one_letter() {
        let id = letter_id("1526919030474-55");
        assert_eq!(id, letter_id("1526919030474-55"));
        assert_ne!(id, letter_id("1526919030474-56"));
        assert_ne!(id, letter_id("1526919030475-55"));
        assert_eq!(id.get_version_num(), 7);
        letter_id("nonsense");
    }
}
