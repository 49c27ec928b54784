//! Events as the bytes that a stream sends, made once for all who get them.

use bytes::{BufMut, Bytes, BytesMut};
use platform::{ApiError, ApiResult};
use tokio_postgres::Row;

use crate::log::event::event;
use crate::log::head::Head;

/// Events of one team that follow each other in its log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Batch {
    /// The revision of the first.
    first: i64,
    /// Where each ends in `bytes`, and when it happened.
    ends: Vec<(usize, i64)>,
    bytes: Bytes,
}

impl Batch {
    /// The events in the columns from `at` on of these rows, which are in the order of the log, up to the first gap in it.
    pub(crate) fn of<'a>(rows: impl IntoIterator<Item = &'a Row>, at: usize) -> ApiResult<Self> {
        let (mut first, mut ends, mut out) = (0, Vec::new(), BytesMut::new());
        for row in rows {
            let Some(event) = event(row, at)? else { continue };
            if ends.is_empty() {
                first = event.revision;
            }
            let expected = first.saturating_add(i64::try_from(ends.len()).unwrap_or(i64::MAX));
            if event.revision != expected {
                break;
            }
            out.put_slice(b"id: ");
            out.put_slice(event.place().to_string().as_bytes());
            out.put_slice(b"\nevent: change\ndata: ");
            // JSON has no line breaks outside of strings, and writes those within as \n.
            let mut writer = out.writer();
            serde_json::to_writer(&mut writer, &event).map_err(ApiError::internal)?;
            out = writer.into_inner();
            out.put_slice(b"\n\n");
            ends.push((out.len(), event.place().moment));
        }
        Ok(Self { first, ends, bytes: out.freeze() })
    }

    /// Of events at these moments, for tests of what hands it out.
    #[cfg(test)]
    pub(super) fn sample(first: i64, moments: &[i64]) -> Self {
        let ends = moments.iter().enumerate().map(|(n, moment)| (n + 1, *moment)).collect();
        Self { first, ends, bytes: Bytes::from(vec![b'x'; moments.len()]) }
    }

    /// The place of the last event, if there is one.
    pub(crate) fn last(&self) -> Option<Head> {
        let &(_, moment) = self.ends.last()?;
        Some(Head { revision: self.first + i64::try_from(self.ends.len() - 1).ok()?, moment })
    }

    /// What of it comes after `seen`: nothing, its bytes, or it isn't the log that `seen` is of.
    pub(crate) fn after(&self, seen: Head) -> After {
        let Some(last) = self.last() else { return After::Nothing };
        if seen.revision + 1 < self.first {
            return After::Reset;
        }
        let known = usize::try_from(seen.revision + 1 - self.first).unwrap_or(0);
        let (from, moment) = known.checked_sub(1).and_then(|n| self.ends.get(n).copied()).unwrap_or((0, 0));
        if !seen.agrees(Head { moment, ..seen }) {
            return After::Reset;
        }
        if last.revision <= seen.revision { After::Nothing } else { After::Bytes(self.bytes.slice(from..), last) }
    }
}

/// What of a batch comes after what was seen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// All of it was seen.
    Nothing,
    /// These bytes, up to this place.
    Bytes(Bytes, Head),
    /// It begins later than what was seen ends, or what was seen was something else: the log was set back.
    Reset,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(revision: i64, moment: i64) -> Head {
        Head { revision, moment }
    }

    #[test]
    fn what_was_seen_is_left_out_and_a_gap_is_noticed() {
        let batch = Batch { first: 5, ends: vec![(2, 50), (4, 60), (6, 70)], bytes: Bytes::from_static(b"5,6,7,") };
        assert_eq!(batch.last(), Some(head(7, 70)));
        assert_eq!(batch.after(head(3, 30)), After::Reset);
        assert_eq!(batch.after(head(4, 40)), After::Bytes(Bytes::from_static(b"5,6,7,"), head(7, 70)));
        assert_eq!(batch.after(head(5, 50)), After::Bytes(Bytes::from_static(b"6,7,"), head(7, 70)));
        assert_eq!(batch.after(head(6, 0)), After::Bytes(Bytes::from_static(b"7,"), head(7, 70)));
        assert_eq!((batch.after(head(7, 70)), batch.after(head(8, 80))), (After::Nothing, After::Nothing));
        assert_eq!((Batch::default().last(), Batch::default().after(Head::default())), (None, After::Nothing));
    }

    #[test]
    fn a_revision_at_another_moment_is_of_another_log() {
        let batch = Batch { first: 5, ends: vec![(2, 50), (4, 60)], bytes: Bytes::from_static(b"5,6,") };
        assert_eq!((batch.after(head(5, 51)), batch.after(head(6, 61))), (After::Reset, After::Reset));
    }
}
