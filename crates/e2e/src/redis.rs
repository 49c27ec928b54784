//! A Redis of a test's own, which it may stop, kill and wipe.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use testkit::eventually;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Process;

/// A server on a port of its own, without persistence.
#[derive(Debug)]
pub struct Redis {
    log: PathBuf,
    port: u16,
    process: Option<Process>,
}

impl Redis {
    /// Takes a port; [`start`](Self::start) starts the server.
    #[must_use]
    pub fn create(dir: &Path) -> Self {
        Self { log: dir.join("redis.log"), port: testkit::reserved_port(), process: None }
    }

    /// Starts the server, empty, and waits until it answers.
    pub async fn start(&mut self) {
        let port = self.port.to_string();
        let mut command = Command::new("redis-server");
        command.args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        self.process = Some(Process::start(&mut command, &self.log));
        eventually("Redis answers", Duration::from_secs(10), async || self.say("PING").await).await;
    }

    /// Kills the server.
    pub fn crash(&mut self) {
        self.process.take().expect("Redis runs").kill();
    }

    /// Forgets everything.
    pub async fn wipe(&self) {
        self.say("FLUSHALL").await.expect("Redis answers");
    }

    /// Stops it where it stands, or lets it go on: connections stay open, and nothing is answered meanwhile.
    pub fn pause(&self, paused: bool) {
        self.process.as_ref().expect("Redis runs").signal(if paused { "STOP" } else { "CONT" });
    }

    /// Adds an entry with these fields to a stream.
    pub async fn add(&self, stream: &str, fields: &[(&str, &str)]) {
        let mut words = vec!["XADD", stream, "*"];
        words.extend(fields.iter().flat_map(|(name, value)| [*name, *value]));
        let bulk = words.iter().map(|word| format!("${}\r\n{word}\r\n", word.len()));
        let command = format!("*{}\r\n{}", words.len(), bulk.collect::<String>());
        assert_eq!(self.ask(&command).await, Some(b'$'), "Redis takes an entry");
    }

    /// `redis://…`
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    async fn say(&self, command: &str) -> Option<()> {
        (self.ask(&format!("{command}\r\n")).await? == b'+').then_some(())
    }

    /// Sends a command and gives the first byte of the answer, which tells its kind.
    async fn ask(&self, command: &str) -> Option<u8> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.ok()?;
        stream.write_all(command.as_bytes()).await.ok()?;
        stream.read_u8().await.ok()
    }
}
