//! What is counted of tasks.

use std::sync::LazyLock;

use platform::metrics::registered;
use prometheus::IntCounter;

/// `taskhub_tasks_created_total`.
pub(crate) static CREATED: LazyLock<IntCounter> =
    LazyLock::new(|| registered(IntCounter::new("taskhub_tasks_created_total", "Tasks made.")));

/// `taskhub_tasks_completed_total`.
pub(crate) static COMPLETED: LazyLock<IntCounter> = LazyLock::new(|| {
    registered(IntCounter::new("taskhub_tasks_completed_total", "Times that a task became completed, or was made so."))
});

/// `taskhub_streams_dropped_total`.
pub(crate) static DROPPED: LazyLock<IntCounter> = LazyLock::new(|| {
    registered(IntCounter::new(
        "taskhub_streams_dropped_total",
        "Live streams that were cut off because their client was too slow.",
    ))
});

/// `taskhub_changes_refused_total`.
pub(crate) static REFUSED: LazyLock<IntCounter> = LazyLock::new(|| {
    registered(IntCounter::new(
        "taskhub_changes_refused_total",
        "Changes that were refused because their team's quota was used up.",
    ))
});

/// Registers them, so that they are there, at 0, before the first task.
pub(crate) fn init() {
    LazyLock::force(&CREATED);
    LazyLock::force(&COMPLETED);
    LazyLock::force(&DROPPED);
    LazyLock::force(&REFUSED);
}
