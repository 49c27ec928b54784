//! A folder that goes with its value.

use std::path::{Path, PathBuf};

use uuid::Uuid;

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
}

impl Drop for Dir {
    fn drop(&mut self) {
        if self.kept || std::thread::panicking() {
            #[expect(clippy::print_stderr, reason = "a failed test says where its logs are")]
            {
                eprintln!("logs are in {}", self.path.display());
            }
        } else {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
