//! A PostgreSQL cluster of a test's own, which it may stop and kill.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use testkit::eventually;
use tokio_postgres::{Client, Config, NoTls};

use crate::Process;

/// A cluster on a port of its own; gone with this value.
#[derive(Debug)]
pub struct Postgres {
    bin: PathBuf,
    data: PathBuf,
    log: PathBuf,
    port: u16,
    owner: Option<u32>,
    settings: &'static str,
    process: Option<Process>,
}

/// Nothing waits for the disk: what the tests kill is processes, never the machine.
const QUICK: &str = "--fsync=off --max_connections=200";
/// As in earnest, with a log that fits on a small disk.
const DURABLE: &str = "--max_connections=200 --max_wal_size=96MB --min_wal_size=32MB --shared_buffers=64MB";

impl Postgres {
    /// Makes a cluster below `dir`; [`start`](Self::start) starts it.
    pub fn create(dir: &Path) -> Self {
        Self::create_with(dir, dir, QUICK)
    }

    /// The same with its data below `disk`, and as in earnest: every commit waits for the disk.
    pub fn create_durable(dir: &Path, disk: &Path) -> Self {
        Self::create_with(dir, disk, DURABLE)
    }

    fn create_with(dir: &Path, disk: &Path, settings: &'static str) -> Self {
        let bin = bin_dir();
        // PostgreSQL refuses to run as root.
        let owner = (number_from("id", &["-u"]) == Some(0)).then(|| {
            let uid = number_from("id", &["-u", "postgres"]).or_else(|| number_from("id", &["-u", "nobody"]));
            uid.expect("there is a user `postgres` or `nobody` to run PostgreSQL as")
        });
        let data = disk.join("postgres");
        std::fs::create_dir(&data).unwrap();
        if let Some(uid) = owner {
            std::os::unix::fs::chown(&data, Some(uid), None).unwrap();
        }
        let log = dir.join("postgres.log");
        let postgres = Self { bin, data, log, port: testkit::reserved_port(), owner, settings, process: None };
        let made = postgres
            .command("initdb")
            .args(["--no-sync", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"])
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        postgres
    }

    /// Copies the data of this server, which runs, to a streaming standby; [`start`](Self::start) starts it.
    pub fn standby(&self, dir: &Path) -> Self {
        let (data, log) = (dir.join("standby"), dir.join("standby.log"));
        std::fs::create_dir(&data).unwrap();
        if let Some(uid) = self.owner {
            std::os::unix::fs::chown(&data, Some(uid), None).unwrap();
        }
        std::fs::set_permissions(&data, PermissionsExt::from_mode(0o700)).unwrap();
        let (bin, owner, settings) = (self.bin.clone(), self.owner, self.settings);
        let standby = Self { bin, data, log, port: testkit::reserved_port(), owner, settings, process: None };
        let copied = standby
            .command("pg_basebackup")
            .args(["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"])
            .args(["--dbname", &self.url("postgres")])
            .output()
            .unwrap();
        assert!(copied.status.success(), "pg_basebackup: {}", String::from_utf8_lossy(&copied.stderr));
        standby
    }

    /// Logs every statement, and asks every role but the administrator's for its password, from now on.
    pub async fn watch_closely(&self) {
        let rules = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
        std::fs::write(self.data.join("pg_hba.conf"), rules).unwrap();
        let admin = self.admin().await;
        admin.batch_execute("ALTER SYSTEM SET log_statement = 'all'").await.unwrap();
        admin.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    }

    /// What the server has logged.
    #[must_use]
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap()).into_owned()
    }

    /// Makes a primary of a standby.
    pub async fn promote(&self) {
        let promoted = self.admin().await.query_one("SELECT pg_promote()", &[]).await.unwrap();
        assert!(promoted.get::<_, bool>(0), "it is promoted");
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
        let settings =
            format!("--port={} --listen_addresses=127.0.0.1 --unix_socket_directories= {}", self.port, self.settings);
        let process = Process::start(self.command("postgres").args(settings.split(' ')), &self.log);
        self.process = Some(process);
        eventually("PostgreSQL answers", Duration::from_secs(20), async || {
            self.config().connect(NoTls).await.ok().map(drop)
        })
        .await;
    }

    /// Stops the server as an administrator does: nobody is waited for, what is committed is on disk.
    pub async fn stop(&mut self) {
        self.end("INT").await;
    }

    /// Kills the server and all its children at once, as a crash would.
    pub async fn crash(&mut self) {
        // SIGQUIT is PostgreSQL's immediate shutdown: no goodbye, recovery at the next start.
        self.end("QUIT").await;
    }

    async fn end(&mut self, signal: &'static str) {
        let process = self.process.take().expect("PostgreSQL runs");
        tokio::task::spawn_blocking(move || process.end(signal, Duration::from_secs(10))).await.unwrap();
    }

    /// Copies the data of a server that is stopped, as a snapshot of its volume would.
    pub fn snapshot(&self) {
        self.copy(&self.data, &self.saved());
    }

    /// Puts what [`snapshot`](Self::snapshot) has copied in the place of the data of a server that is stopped.
    pub fn set_back(&self) {
        std::fs::remove_dir_all(&self.data).unwrap();
        self.copy(&self.saved(), &self.data);
    }

    fn saved(&self) -> PathBuf {
        self.data.with_extension("saved")
    }

    fn copy(&self, from: &Path, to: &Path) {
        assert!(self.process.is_none(), "PostgreSQL is stopped");
        let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
        assert!(copied.success(), "cp: {copied}");
    }

    /// Whether the server's process is there.
    pub fn is_running(&mut self) -> bool {
        self.process.as_mut().is_some_and(Process::is_running)
    }

    /// The user that a server runs as, which must not be root.
    pub(crate) fn owner(&self) -> Option<u32> {
        self.owner
    }

    fn config(&self) -> Config {
        self.url("postgres").parse().unwrap()
    }

    /// A URL of the cluster's only database for a role.
    #[must_use]
    pub fn url(&self, role: &str) -> String {
        Self::url_at(role, &format!("127.0.0.1:{}", self.port))
    }

    /// The same at another address, `host:port`.
    pub(crate) fn url_at(role: &str, address: &str) -> String {
        format!("postgres://{role}:taskhub@{address}/postgres?sslmode=disable")
    }

    /// Where it answers.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
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
        if let Some(process) = self.process.take_if(|process| process.is_running()) {
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
