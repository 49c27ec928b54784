//! A gateway with services behind it, and ways to talk to it.

use std::net::SocketAddr;
use std::time::Duration;

use api_gateway::Gateway;
use api_gateway::settings::{CorsSettings, PageSettings, Settings, UpstreamSettings};
use domain::UserId;
use platform::settings::{LogFormat, LogSettings};
use testkit::{Api, Issuer, Running, http_settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::services::{Echo, Raw};

pub(crate) const TASKS: &str = "/api/v1/teams/ops/tasks";

/// The gateway, and who signs tokens for it.
pub(crate) struct Stage {
    pub(crate) running: Running,
    pub(crate) issuer: Issuer,
    pub(crate) user: UserId,
    nobody: Api,
}

/// Three services that tell what they got.
pub(crate) struct Echoes {
    pub(crate) auth: Echo,
    pub(crate) task: Echo,
    pub(crate) worker: Echo,
}

impl Echoes {
    pub(crate) async fn start() -> Self {
        Self {
            auth: Echo::start("auth-service").await,
            task: Echo::start("task-service").await,
            worker: Echo::start("worker").await,
        }
    }

    /// Requests that reached any of them.
    pub(crate) fn seen(&self) -> usize {
        self.auth.seen() + self.task.seen() + self.worker.seen()
    }
}

/// Settings for services at these URLs, with the patience of a test.
pub(crate) fn settings(issuer: &Issuer, [auth, task, worker]: [String; 3]) -> Settings {
    Settings {
        http: http_settings(),
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
        cors: CorsSettings::default(),
        page: PageSettings::default(),
    }
}

impl Stage {
    pub(crate) async fn start(urls: [String; 3], tweak: impl FnOnce(&mut Settings)) -> Self {
        let issuer = Issuer::start().await;
        let mut settings = settings(&issuer, urls);
        tweak(&mut settings);
        let gateway = Gateway::new(&settings).unwrap();
        let app = gateway.clone();
        let running = Running::start_with(&settings.http, gateway.health(), move |cfg| app.configure(cfg)).await;
        // A client is costly to make, so it is made once.
        let nobody = running.api();
        Self { running, issuer, user: UserId::new(), nobody }
    }

    /// In front of three services that tell what they got.
    pub(crate) async fn with_echoes() -> (Self, Echoes) {
        let echoes = Echoes::start().await;
        let urls = [echoes.auth.url(), echoes.task.url(), echoes.worker.url()];
        (Self::start(urls, |_| {}).await, echoes)
    }

    /// In front of a task-service that does as it pleases.
    pub(crate) async fn before(task: &Raw) -> Self {
        Self::before_with(task, |_| {}).await
    }

    pub(crate) async fn before_with(task: &Raw, tweak: impl FnOnce(&mut UpstreamSettings)) -> Self {
        Self::start([nowhere(), task.url(), nowhere()], |s| tweak(&mut s.upstreams)).await
    }

    pub(crate) fn token(&self) -> String {
        self.issuer.token(self.user)
    }

    /// Somebody who isn't signed in.
    pub(crate) fn nobody(&self) -> &Api {
        &self.nobody
    }

    /// Somebody who is.
    pub(crate) fn api(&self) -> Api {
        self.nobody.with_token(self.token())
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.running.url.strip_prefix("http://").unwrap().parse().unwrap()
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr()).await.unwrap()
    }

    /// A request head of somebody who is signed in, without its last empty line.
    pub(crate) fn head(&self, request_line: &str) -> String {
        format!("{request_line} HTTP/1.1\r\nhost: taskhub.test\r\nauthorization: Bearer {}\r\n", self.token())
    }

    /// Sends bytes as they are and gives all that comes back until the gateway closes the connection.
    pub(crate) async fn say(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        // It may close before it has read everything.
        let _ = stream.write_all(bytes.as_ref()).await;
        let mut answer = Vec::new();
        let all = async { while let Ok(1..) = stream.read_buf(&mut answer).await {} };
        timeout(Duration::from_secs(20), all).await.expect("the gateway closes the connection");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The counts of `taskhub_upstream_request_duration_seconds` by their labels.
    pub(crate) async fn counted(&self, outcome: &str, upstream: &str) -> u64 {
        let text = Api::new(&self.running.management_url).get("/metrics").await.expect(200).text;
        let name = "taskhub_upstream_request_duration_seconds_count";
        let line = format!("{name}{{outcome=\"{outcome}\",upstream=\"{upstream}\"}} ");
        text.lines().find_map(|l| l.strip_prefix(&line)).unwrap_or_else(|| panic!("no {line}")).parse().unwrap()
    }
}

/// A URL that nobody listens at.
pub(crate) fn nowhere() -> String {
    format!("http://127.0.0.1:{}", testkit::reserved_port())
}
