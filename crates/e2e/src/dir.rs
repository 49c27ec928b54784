//! A folder that goes with its value.

use std::path::{Path, PathBuf};

use uuid::Uuid;

/// Of each log, when a test fails.
const LAST_LINES: usize = 12;

/// A folder that goes with its value; kept when the test fails, for its logs.
#[derive(Debug)]
pub(crate) struct Dir {
    path: PathBuf,
    kept: bool,
}

impl Dir {
    /// Makes one in the system's folder for what is temporary.
    pub(crate) fn create() -> Self {
        let path = std::env::temp_dir().join(format!("taskhub-e2e-{}", Uuid::now_v7().simple()));
        std::fs::create_dir(&path).unwrap();
        Self { path, kept: false }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves it where it is.
    pub(crate) fn keep(&mut self) {
        self.kept = true;
    }

    /// Where the logs are, and how each ends: on a machine that is gone with the run, these lines are all there is.
    #[expect(clippy::print_stderr, reason = "a failed test says what its services said last")]
    fn show_logs(&self) {
        eprintln!("logs are in {}", self.path.display());
        let Ok(entries) = std::fs::read_dir(&self.path) else { return };
        let logs = entries.flatten().map(|entry| entry.path()).filter(|path| path.extension() == Some("log".as_ref()));
        for path in logs {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()).into_owned();
            let lines: Vec<_> = text.lines().collect();
            eprintln!("the end of {}:", path.display());
            for line in &lines[lines.len().saturating_sub(LAST_LINES)..] {
                eprintln!("  {line}");
            }
        }
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        if self.kept || std::thread::panicking() {
            self.show_logs();
        } else {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
