//! Ports of this test alone.

use std::fs::{File, TryLockError};
use std::net::TcpListener;
use std::sync::Mutex;

use uuid::Uuid;

/// Below the ports that the kernel gives to outgoing connections (`ip_local_port_range`), and apart from those that
/// `./scripts/test` and `./scripts/up` take.
const FIRST: u16 = 10_000;
const COUNT: u16 = 10_000;

/// Locks are held until the process ends.
static HELD: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// A port on loopback that nobody listens at, and that no other test gets while this process runs: it may be bound
/// late, freed and bound again.
///
/// # Panics
/// When there is none left.
#[must_use]
pub fn reserved_port() -> u16 {
    let dir = std::env::temp_dir().join("taskhub-ports");
    std::fs::create_dir_all(&dir).unwrap();
    let start = u16::try_from(Uuid::new_v4().as_u128() % u128::from(COUNT)).unwrap();
    for step in 0..COUNT {
        let port = FIRST + (start + step) % COUNT;
        let file = File::options().create(true).append(true).open(dir.join(port.to_string())).unwrap();
        match file.try_lock() {
            Ok(()) if TcpListener::bind(("127.0.0.1", port)).is_ok() => {
                HELD.lock().unwrap().push(file);
                return port;
            }
            Ok(()) | Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => panic!("{}: {error}", dir.display()),
        }
    }
    panic!("no free port from {FIRST} to {}", FIRST + COUNT - 1);
}
