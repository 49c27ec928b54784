//! Where log lines go: a buffer that a thread of its own writes to stdout a few times a second.
//!
//! A system call for every line is a tenth of what a small request costs. What is buffered is lost when the process is
//! killed with -9, and only then: up to [`PAUSE`] of lines.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// For how long a line may wait.
const PAUSE: Duration = Duration::from_millis(20);
/// When so many bytes wait, whoever logs writes them itself: the log gets slower then, never larger.
const MOST_BYTES: usize = 1 << 20;

/// Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Sink(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Vec<u8>>,
    /// Held while bytes are written, so that lines stay in order.
    writing: Mutex<Vec<u8>>,
    first: Condvar,
}

impl Sink {
    /// Starts the thread.
    pub(super) fn start() -> io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let sink = Self(shared.clone());
        thread::Builder::new().name("log".into()).spawn(move || {
            loop {
                let waiting = lock(&shared.waiting);
                drop(shared.first.wait_while(waiting, |waiting| waiting.is_empty()));
                thread::sleep(PAUSE);
                shared.write_out();
            }
        })?;
        Ok(sink)
    }

    /// Writes what waits.
    pub(super) fn flush(&self) {
        self.0.write_out();
    }
}

impl Shared {
    fn write_out(&self) {
        let mut writing = lock(&self.writing);
        std::mem::swap(&mut *writing, &mut lock(&self.waiting));
        // There is nowhere to say that the log can't be written.
        let _ = io::stdout().lock().write_all(&writing).and_then(|()| io::stdout().flush());
        writing.clear();
    }
}

/// A thread that panicked while it held the lock has left whole lines, or at worst a torn one.
fn lock(bytes: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    bytes.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Write for &Sink {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = lock(&self.0.waiting);
        let first = waiting.is_empty();
        waiting.extend_from_slice(line);
        let many = waiting.len() > MOST_BYTES;
        drop(waiting);
        if many {
            self.0.write_out();
        } else if first {
            self.0.first.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}
