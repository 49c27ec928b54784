//! A small disk, which a test may fill.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

const MEBIBYTE: usize = 1 << 20;

/// A file system of its own in memory; gone with this value.
#[derive(Debug)]
pub struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    /// Mounts it below `dir`; `None` when this user may not.
    #[must_use]
    pub fn mount(dir: &Path, mebibytes: usize) -> Option<Self> {
        let path = dir.join("disk");
        std::fs::create_dir(&path).unwrap();
        let options = format!("size={mebibytes}m,mode=755");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "taskhub"]).arg(&path).output();
        mounted.is_ok_and(|done| done.status.success()).then_some(Self { path })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn ballast(&self) -> PathBuf {
        self.path.join("ballast")
    }

    /// Takes all the room that is left.
    pub fn fill(&self) {
        let mut file = File::options().create(true).append(true).open(self.ballast()).unwrap();
        let mut piece = vec![0x5a; MEBIBYTE];
        while !piece.is_empty() {
            match file.write(&piece) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => piece.truncate(piece.len() / 2),
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Gives the room back.
    pub fn free(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: what still ends may have files open.
        let _ = Command::new("umount").arg("-l").arg(&self.path).status();
    }
}
