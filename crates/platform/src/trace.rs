//! W3C Trace Context (`traceparent`, level 1): which trace a request belongs to.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The trace and the span that a request or an event came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    /// 16 bytes, not all zero.
    pub trace_id: u128,
    /// 8 bytes, not all zero.
    pub span_id: u64,
    /// Whether the caller records the trace.
    pub sampled: bool,
}

impl TraceContext {
    /// The root of a new trace.
    #[must_use]
    pub fn root() -> Self {
        Self { trace_id: Uuid::new_v4().as_u128(), span_id: new_span_id(), sampled: true }
    }

    /// The same trace, one span further down.
    #[must_use]
    pub fn child(self) -> Self {
        Self { span_id: new_span_id(), ..self }
    }

    /// The trace id as 32 hex digits.
    #[must_use]
    pub fn trace_id_hex(&self) -> String {
        String::from_utf8_lossy(&hex::<32>(self.trace_id)).into_owned()
    }

    /// As it stands in a header: `00-<trace id>-<span id>-<flags>`.
    #[must_use]
    pub fn header(&self) -> [u8; HEADER_BYTES] {
        let mut text = *b"00-00000000000000000000000000000000-0000000000000000-00";
        let (trace, span) = (hex::<32>(self.trace_id), hex::<16>(self.span_id.into()));
        let digits = trace.into_iter().chain([b'-']).chain(span).chain([b'-', b'0', b'0' + u8::from(self.sampled)]);
        for (place, digit) in text.iter_mut().skip(3).zip(digits) {
            *place = digit;
        }
        text
    }
}

const HEADER_BYTES: usize = 55;

/// The last `N` hex digits of a number. A request's ids are written several times, and `{:032x}` takes ten times as long.
fn hex<const N: usize>(number: u128) -> [u8; N] {
    let mut rest = number;
    let mut text = [b'0'; N];
    for place in text.iter_mut().rev() {
        let digit = (rest & 0xf) as u8;
        *place = if digit < 10 { b'0' + digit } else { b'a' + digit - 10 };
        rest >>= 4;
    }
    text
}

fn new_span_id() -> u64 {
    // The low half of a version 4 UUID has two fixed bits, so it is never zero.
    Uuid::new_v4().as_u64_pair().1
}

impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.header()))
    }
}

/// The text isn't a `traceparent`.
#[derive(Debug, thiserror::Error)]
#[error("not a traceparent")]
pub struct NotATraceparent;

impl FromStr for TraceContext {
    type Err = NotATraceparent;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('-');
        let (Some(version), Some(trace), Some(span), Some(flags)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotATraceparent);
        };
        let lower_hex =
            |s: &str, n| s.len() == n && s.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let well_formed = lower_hex(version, 2)
            && lower_hex(trace, 32)
            && lower_hex(span, 16)
            && lower_hex(flags, 2)
            && version != "ff"
            && (version != "00" || parts.next().is_none());
        if !well_formed {
            return Err(NotATraceparent);
        }
        let trace_id = u128::from_str_radix(trace, 16).map_err(|_| NotATraceparent)?;
        let span_id = u64::from_str_radix(span, 16).map_err(|_| NotATraceparent)?;
        let flags = u8::from_str_radix(flags, 16).map_err(|_| NotATraceparent)?;
        if trace_id == 0 || span_id == 0 {
            return Err(NotATraceparent);
        }
        Ok(Self { trace_id, span_id, sampled: flags & 1 == 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceparent_survives_the_round_trip() {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(text.parse::<TraceContext>().unwrap().to_string(), text);
        let root = TraceContext::root();
        assert_eq!(root.to_string().parse::<TraceContext>().unwrap(), root);
        assert_eq!(root.child().trace_id, root.trace_id);
    }

    #[test]
    fn what_is_not_one_is_refused() {
        for text in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert!(text.parse::<TraceContext>().is_err(), "{text}");
        }
    }
}
