//! A gateway with services behind it, and ways to talk to it.

use std::net::SocketAddr;
use std::time::Duration;

use api_gateway::Gateway;
use api_gateway::settings::{Settings, UpstreamSettings};
use domain::UserId;
use platform::settings::{LogFormat, LogSettings};
use testkit::{Api, Issuer, Running, http_settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::services::{Echo, Raw};

pub const TASKS: &str = "/api/v1/teams/ops/tasks";

/// The gateway, and who signs tokens for it.
pub struct Stage {
    pub running: Running,
    pub issuer: Issuer,
    pub user: UserId,
}

/// Three services that tell what they got.
pub struct Echoes {
    pub auth: Echo,
    pub task: Echo,
    pub worker: Echo,
}

impl Echoes {
    pub async fn start() -> Self {
        Self {
            auth: Echo::start("auth-service").await,
            task: Echo::start("task-service").await,
            worker: Echo::start("worker").await,
        }
    }

    /// Requests that reached any of them.
    pub fn seen(&self) -> usize {
        self.auth.seen() + self.task.seen() + self.worker.seen()
    }
}

/// Settings for services at these URLs, with the patience of a test.
pub fn settings(issuer: &Issuer, [auth, task, worker]: [String; 3]) -> Settings {
    let mut http = http_settings();
    http.half_closed = false;
    Settings {
        http,
        log: LogSettings { level: "info".into(), format: LogFormat::Json },
        auth: issuer.settings(),
        upstreams: UpstreamSettings {
            auth_service: auth,
            task_service: task,
            worker,
            connect_timeout_ms: 500,
            deadline_ms: 10_000,
            idle_timeout_ms: 10_000,
            max_requests: 1000,
            trust_forwarded: false,
        },
    }
}

impl Stage {
    pub async fn start(urls: [String; 3], tweak: impl FnOnce(&mut Settings)) -> Self {
        let issuer = Issuer::start().await;
        let mut settings = settings(&issuer, urls);
        tweak(&mut settings);
        let gateway = Gateway::new(&settings).unwrap();
        let app = gateway.clone();
        let running = Running::start_with(&settings.http, gateway.health(), move |cfg| app.configure(cfg)).await;
        Self { running, issuer, user: UserId::new() }
    }

    /// In front of three services that tell what they got.
    pub async fn with_echoes() -> (Self, Echoes) {
        let echoes = Echoes::start().await;
        let urls = [echoes.auth.url(), echoes.task.url(), echoes.worker.url()];
        (Self::start(urls, |_| {}).await, echoes)
    }

    /// In front of a task-service that does as it pleases.
    pub async fn before(task: &Raw) -> Self {
        Self::before_with(task, |_| {}).await
    }

    pub async fn before_with(task: &Raw, tweak: impl FnOnce(&mut UpstreamSettings)) -> Self {
        Self::start([nowhere().await, task.url(), nowhere().await], |s| tweak(&mut s.upstreams)).await
    }

    pub fn token(&self) -> String {
        self.issuer.token(self.user)
    }

    /// Somebody who is signed in.
    pub fn api(&self) -> Api {
        self.running.api().with_token(self.token())
    }

    pub fn addr(&self) -> SocketAddr {
        self.running.url.strip_prefix("http://").unwrap().parse().unwrap()
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr()).await.unwrap()
    }

    /// A request head of somebody who is signed in, without its last empty line.
    pub fn head(&self, request_line: &str) -> String {
        format!("{request_line} HTTP/1.1\r\nhost: taskhub.test\r\nauthorization: Bearer {}\r\n", self.token())
    }

    /// Sends bytes as they are and gives all that comes back until the gateway closes or falls silent.
    pub async fn say(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        // It may close before it has read everything.
        let _ = stream.write_all(bytes.as_ref()).await;
        let mut answer = Vec::new();
        while let Ok(Ok(1..)) = timeout(Duration::from_millis(700), stream.read_buf(&mut answer)).await {}
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The counts of `taskhub_upstream_request_duration_seconds` by their labels.
    pub async fn counted(&self, outcome: &str, upstream: &str) -> u64 {
        let text = Api::new(&self.running.management_url).get("/metrics").await.expect(200).text;
        let name = "taskhub_upstream_request_duration_seconds_count";
        let line = format!("{name}{{outcome=\"{outcome}\",upstream=\"{upstream}\"}} ");
        text.lines().find_map(|l| l.strip_prefix(&line)).unwrap_or_else(|| panic!("no {line}")).parse().unwrap()
    }
}

/// A URL that nobody listens at.
pub async fn nowhere() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
