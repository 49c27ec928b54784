//! A PgBouncer before a test's PostgreSQL.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use testkit::eventually;
use tokio_postgres::NoTls;

use crate::{Postgres, Process};

/// A pooler on a port of its own; gone with this value.
#[derive(Debug)]
pub struct Pooler {
    port: u16,
    _process: Process,
}

impl Pooler {
    /// Starts one with these lines in its `[pgbouncer]` section. It offers the test's database by its name in the mode that
    /// the lines say, and as `session` in session mode.
    pub async fn start(dir: &Path, postgres: &Postgres, lines: &str) -> Self {
        let port = testkit::reserved_port();
        let (settings, users) = (dir.join("pgbouncer.ini"), dir.join("pgbouncer-users.txt"));
        let ini = format!(
            "[databases]\n\
             postgres = host=127.0.0.1 port={0} dbname=postgres\n\
             session = host=127.0.0.1 port={0} dbname=postgres pool_mode=session\n\
             [pgbouncer]\n\
             listen_addr = 127.0.0.1\n\
             listen_port = {port}\n\
             unix_socket_dir =\n\
             auth_type = trust\n\
             auth_file = {1}\n\
             {lines}\n",
            postgres.port(),
            users.display(),
        );
        let roles = ["taskhub_auth", "taskhub_tasks", "taskhub_worker", "postgres"];
        std::fs::write(&users, roles.map(|role| format!("\"{role}\" \"\"\n")).concat()).unwrap();
        std::fs::write(&settings, ini).unwrap();
        for file in [&settings, &users] {
            std::fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
        }
        let program = std::env::var("TASKHUB_TEST_PGBOUNCER");
        let program = program.expect("TASKHUB_TEST_PGBOUNCER is not set: run the tests with ./scripts/test");
        // It refuses to run as root, and the user that it runs as may not get to where it was built.
        let copy = dir.join("pgbouncer");
        std::fs::copy(&program, &copy).unwrap_or_else(|error| panic!("{program}: {error}"));
        let mut command = Command::new(copy);
        command.arg(&settings).current_dir("/");
        if let Some(uid) = postgres.owner() {
            command.uid(uid);
        }
        let pooler = Self { port, _process: Process::start(&mut command, &dir.join("pgbouncer.log")) };
        let url = pooler.url("postgres");
        eventually("PgBouncer answers", Duration::from_secs(10), async || {
            tokio_postgres::connect(&url, NoTls).await.ok().map(drop)
        })
        .await;
        pooler
    }

    /// `host:port`
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// A URL of the database in the mode that its settings say, for a role.
    #[must_use]
    pub fn url(&self, role: &str) -> String {
        format!("postgres://{role}@{}/postgres?sslmode=disable", self.address())
    }

    /// A URL of the database in session mode, without a user.
    #[must_use]
    pub fn session_url(&self) -> String {
        format!("postgres://{}/session?sslmode=disable", self.address())
    }
}
