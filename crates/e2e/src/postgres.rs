//! A PostgreSQL cluster of a test's own, which it may stop and kill.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use testkit::eventually;
use tokio_postgres::{Client, Config, NoTls};

use crate::{Process, free_port};

/// A cluster on a port of its own; gone with this value.
#[derive(Debug)]
pub struct Postgres {
    bin: PathBuf,
    data: PathBuf,
    log: PathBuf,
    port: u16,
    owner: Option<u32>,
    process: Option<Process>,
}

impl Postgres {
    /// Makes a cluster below `dir`; [`start`](Self::start) starts it.
    pub fn create(dir: &Path) -> Self {
        let bin = bin_dir();
        // PostgreSQL refuses to run as root.
        let owner = (number_from("id", &["-u"]) == Some(0)).then(|| {
            let uid = number_from("id", &["-u", "postgres"]).or_else(|| number_from("id", &["-u", "nobody"]));
            uid.expect("there is a user `postgres` or `nobody` to run PostgreSQL as")
        });
        let data = dir.join("postgres");
        std::fs::create_dir(&data).unwrap();
        if let Some(uid) = owner {
            std::os::unix::fs::chown(&data, Some(uid), None).unwrap();
        }
        let postgres = Self { bin, data, log: dir.join("postgres.log"), port: free_port(), owner, process: None };
        let made = postgres
            .command("initdb")
            .args(["--no-sync", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"])
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        postgres
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command.arg("-D").arg(&self.data).current_dir("/");
        if let Some(uid) = self.owner {
            command.uid(uid);
        }
        command
    }

    /// Starts the server and waits until it answers.
    pub async fn start(&mut self) {
        let settings = format!(
            "--port={} --listen_addresses=127.0.0.1 --unix_socket_directories= --fsync=off --max_connections=200",
            self.port
        );
        let process = Process::start(self.command("postgres").args(settings.split(' ')), &self.log);
        self.process = Some(process);
        eventually("PostgreSQL answers", Duration::from_secs(20), async || {
            self.config().connect(NoTls).await.ok().map(drop)
        })
        .await;
    }

    /// Kills the server and all its children at once, as a crash would.
    pub async fn crash(&mut self) {
        // SIGQUIT is PostgreSQL's immediate shutdown: no goodbye, recovery at the next start.
        let process = self.process.take().expect("PostgreSQL runs");
        process.end("QUIT", Duration::from_secs(10));
    }

    fn config(&self) -> Config {
        self.url("postgres").parse().unwrap()
    }

    /// A URL of the cluster's only database for a role.
    #[must_use]
    pub fn url(&self, role: &str) -> String {
        format!("postgres://{role}:taskhub@127.0.0.1:{}/postgres?sslmode=disable", self.port)
    }

    /// A connection that may do anything.
    pub async fn admin(&self) -> Client {
        let (client, connection) = self.config().connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            process.end("QUIT", Duration::from_secs(10));
        }
    }
}

/// The newest installed server's programs.
fn bin_dir() -> PathBuf {
    if let Ok(dir) = std::env::var("TASKHUB_TEST_PG_BIN") {
        return dir.into();
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.max_by_key(|v| v.file_name().to_string_lossy().parse::<u32>().unwrap_or(0));
    newest
        .map(|v| v.path().join("bin"))
        .expect("PostgreSQL's server is installed, or TASKHUB_TEST_PG_BIN names its folder")
}

fn number_from(program: &str, args: &[&str]) -> Option<u32> {
    let output = Command::new(program).args(args).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
