//! One event as one JSON object on one line.
//!
//! Written for the access log, which has a line for every request: fields go straight into the line's buffer, and the ids
//! of the request come from [`observe`](crate::observe) rather than from a span that would have to be made for each.

use std::cell::RefCell;
use std::fmt::{self, Write};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::observe;

/// `{"timestamp":…,"level":…,"message":…, the event's fields, "target":…,"trace_id":…,"request_id":…}`.
pub(super) struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        out.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut out)?;
        write!(out, "\",\"level\":\"{}\"", event.metadata().level())?;
        let mut fields = Fields { out: out.by_ref(), result: Ok(()) };
        event.record(&mut fields);
        fields.result?;
        write!(out, ",\"target\":\"{}\"", event.metadata().target())?;
        observe::with_current(|request| {
            let Some(request) = request else { return Ok(()) };
            write!(out, ",\"trace_id\":\"{}\",\"request_id\":", request.trace.trace_id_hex())?;
            text(&mut out, request.request_id.to_str().unwrap_or_default())
        })?;
        out.write_str("}\n")
    }
}

struct Fields<'a> {
    out: Writer<'a>,
    result: fmt::Result,
}

impl Fields<'_> {
    fn add(&mut self, field: &Field, value: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        self.result =
            self.result.and_then(|()| write!(self.out, ",\"{}\":", field.name())).and_then(|()| value(&mut self.out));
    }
}

impl Visit for Fields<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON knows no infinity.
        self.add(field, |out| if value.is_finite() { write!(out, "{value}") } else { out.write_str("null") });
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, |out| write!(out, "{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, |out| write!(out, "{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, |out| write!(out, "{value}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, |out| text(out, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        thread_local! {
            static SPELLED: RefCell<String> = const { RefCell::new(String::new()) };
        }
        self.add(field, |out| {
            SPELLED.with(|spelled| match spelled.try_borrow_mut() {
                Ok(mut spelled) => {
                    spelled.clear();
                    write!(spelled, "{value:?}")?;
                    text(out, &spelled)
                }
                // A `Debug` that logs.
                Err(_) => text(out, &format!("{value:?}")),
            })
        });
    }
}

/// A JSON string.
fn text(out: &mut Writer<'_>, text: &str) -> fmt::Result {
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.write_char('"')?;
        out.write_str(text)?;
        return out.write_char('"');
    }
    out.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Kept {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn whatever_is_logged_stays_one_object_on_one_line() {
        let kept = Kept::default();
        let subscriber = tracing_subscriber::fmt().event_format(JsonLine).with_writer(kept.clone()).finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(target: "access", status = 200_u16, ratio = f64::NAN, "quotes \" and\nnew \\ lines");
            tracing::warn!(text = "\u{7}\u{2028}é", path = ?"a\"b", "second");
        });
        let bytes = kept.0.lock().unwrap().clone();
        let lines: Vec<serde_json::Value> =
            std::str::from_utf8(&bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["message"], "quotes \" and\nnew \\ lines");
        assert_eq!((&lines[0]["status"], &lines[0]["ratio"]), (&200.into(), &serde_json::Value::Null));
        assert_eq!((&lines[0]["level"], &lines[0]["target"]), (&"INFO".into(), &"access".into()));
        assert_eq!((&lines[1]["text"], &lines[1]["path"]), (&"\u{7}\u{2028}é".into(), &"\"a\\\"b\"".into()));
    }
}
