//! Events as the bytes that a stream sends, made once for all who get them.

use bytes::{BufMut, Bytes, BytesMut};
use platform::{ApiError, ApiResult};
use tokio_postgres::Row;

use crate::log::event::event;

/// Events of one team that follow each other in its log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Batch {
    /// The revision of the first.
    first: i64,
    /// Where each ends in `bytes`.
    ends: Vec<usize>,
    bytes: Bytes,
}

impl Batch {
    /// The events in the columns from `at` on of these rows, which are in the order of the log.
    pub(crate) fn of<'a>(rows: impl IntoIterator<Item = &'a Row>, at: usize) -> ApiResult<Self> {
        let (mut first, mut ends, mut out) = (0, Vec::new(), BytesMut::new());
        for row in rows {
            let Some(event) = event(row, at)? else { continue };
            if ends.is_empty() {
                first = event.revision;
            }
            let expected = first.saturating_add(i64::try_from(ends.len()).unwrap_or(i64::MAX));
            if event.revision != expected {
                return Err(ApiError::internal(anyhow::anyhow!("revision {} after a gap in the log", event.revision)));
            }
            out.put_slice(b"id: ");
            out.put_slice(event.revision.to_string().as_bytes());
            out.put_slice(b"\nevent: change\ndata: ");
            // JSON has no line breaks outside of strings, and writes those within as \n.
            let mut writer = out.writer();
            serde_json::to_writer(&mut writer, &event).map_err(ApiError::internal)?;
            out = writer.into_inner();
            out.put_slice(b"\n\n");
            ends.push(out.len());
        }
        Ok(Self { first, ends, bytes: out.freeze() })
    }

    /// How many events.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The revision of the last event, if there is one.
    pub(crate) fn last(&self) -> Option<i64> {
        self.ends.len().checked_sub(1).and_then(|n| Some(self.first + i64::try_from(n).ok()?))
    }

    /// What of it comes after `seen`: nothing, its bytes, or more than that is missing.
    pub(crate) fn after(&self, seen: i64) -> After {
        let Some(last) = self.last().filter(|last| *last > seen) else { return After::Nothing };
        if seen + 1 < self.first {
            return After::Gap;
        }
        let known = usize::try_from(seen + 1 - self.first).unwrap_or(0);
        let from = known.checked_sub(1).and_then(|n| self.ends.get(n).copied()).unwrap_or(0);
        After::Bytes(self.bytes.slice(from..), last)
    }
}

/// What of a batch comes after what was seen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// All of it was seen.
    Nothing,
    /// These bytes, up to this revision.
    Bytes(Bytes, i64),
    /// It begins later than what was seen ends.
    Gap,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_left_out_and_a_gap_is_noticed() {
        let batch = Batch { first: 5, ends: vec![2, 4, 6], bytes: Bytes::from_static(b"5,6,7,") };
        assert_eq!(batch.last(), Some(7));
        assert_eq!(batch.after(3), After::Gap);
        assert_eq!(batch.after(4), After::Bytes(Bytes::from_static(b"5,6,7,"), 7));
        assert_eq!(batch.after(5), After::Bytes(Bytes::from_static(b"6,7,"), 7));
        assert_eq!(batch.after(6), After::Bytes(Bytes::from_static(b"7,"), 7));
        assert_eq!((batch.after(7), batch.after(8)), (After::Nothing, After::Nothing));
        assert_eq!((Batch::default().last(), Batch::default().after(0)), (None, After::Nothing));
    }
}
