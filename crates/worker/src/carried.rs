//! An event on its way to its effects.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use domain::Envelope;
use platform::telemetry;
use tracing::Span;

const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// An event with the ticket that it travels under.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// The ticket: `seq` in `tasks.outbox`.
    pub ticket: i64,
    /// How often its effects have failed.
    pub attempts: i32,
    /// What happened.
    pub event: Envelope,
}

impl Carried {
    /// The trace that the event came from, as 32 hex digits; empty when it has none.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        self.event.traceparent.as_deref().and_then(|parent| parent.split('-').nth(1)).unwrap_or_default()
    }

    /// A span in the event's trace for the work on its effects; none where traces are off.
    pub(crate) fn span(&self) -> Option<Span> {
        let Envelope { traceparent, kind, id, .. } = &self.event;
        telemetry::span_of_effects(traceparent.as_deref()?, kind.as_str(), &id.to_string())
    }
}

/// Pauses that double from `base` up to `longest`, each with as much again by chance.
pub(crate) fn pauses(base: Duration, longest: Duration) -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default().with_min_delay(base).with_max_delay(longest).without_max_times().with_jitter().build()
}

/// The pause before the next attempt, after `attempts` failures, the first with about `base`.
pub(crate) fn retry_after(attempts: i32, base: Duration) -> Duration {
    let done = usize::try_from(attempts.clamp(1, 32) - 1).unwrap_or(0);
    pauses(base / 2, LONGEST_PAUSE / 2).nth(done).unwrap_or(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_retry_waits_half_to_the_whole_of_a_doubling_pause(attempts in -5_i32..100, base_ms in 1_u64..5000) {
            let base = Duration::from_millis(base_ms);
            let whole = base.saturating_mul(1_u32 << attempts.clamp(1, 20).saturating_sub(1)).min(LONGEST_PAUSE);
            let pause = retry_after(attempts, base);
            prop_assert!(pause >= (whole / 2).saturating_sub(Duration::from_millis(1)), "{pause:?} of {whole:?}");
            prop_assert!(pause <= whole + Duration::from_millis(1), "{pause:?} of {whole:?}");
        }
    }
}
