//! The whole of TaskHub, for one test.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use testkit::{Api, eventually};

use crate::{Postgres, Process, Redis, free_port};

/// One of the services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// api-gateway
    Gateway,
    /// auth-service
    Auth,
    /// task-service
    Task,
    /// worker
    Worker,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 4] = [Self::Auth, Self::Task, Self::Worker, Self::Gateway];

    /// The name of its binary.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gateway => "api-gateway",
            Self::Auth => "auth-service",
            Self::Task => "task-service",
            Self::Worker => "worker",
        }
    }

    const fn role(self) -> Option<&'static str> {
        match self {
            Self::Gateway => None,
            Self::Auth => Some("taskhub_auth"),
            Self::Task => Some("taskhub_tasks"),
            Self::Worker => Some("taskhub_worker"),
        }
    }
}

/// PostgreSQL, Redis and the four services, on ports of their own.
#[derive(Debug)]
pub struct Stack {
    services: HashMap<Service, Process>,
    ports: HashMap<Service, u16>,
    extra: Vec<(String, String)>,
    /// Its PostgreSQL.
    pub postgres: Postgres,
    /// Its Redis.
    pub redis: Redis,
    dir: Dir,
}

/// A folder that goes with its value; kept when the test fails, for its logs.
#[derive(Debug)]
struct Dir(PathBuf);

impl Drop for Dir {
    fn drop(&mut self) {
        if std::thread::panicking() {
            #[expect(clippy::print_stderr, reason = "a failed test says where its logs are")]
            {
                eprintln!("logs are in {}", self.0.display());
            }
        } else {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

impl Stack {
    /// Everything started and ready.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with more settings (`TASKHUB__…`) for every service.
    pub async fn start_with(extra: &[(&str, &str)]) -> Self {
        let mut stack = Self::prepare(extra);
        stack.postgres.start().await;
        stack.redis.start().await;
        stack.migrate();
        for service in Service::ALL {
            stack.run(service);
        }
        stack.ready().await;
        stack
    }

    /// Nothing started yet.
    #[must_use]
    pub fn prepare(extra: &[(&str, &str)]) -> Self {
        let dir = std::env::temp_dir().join(format!("taskhub-e2e-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir(&dir).unwrap();
        Self {
            services: HashMap::new(),
            ports: Service::ALL.into_iter().map(|service| (service, free_port())).collect(),
            extra: extra.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            postgres: Postgres::create(&dir),
            redis: Redis::create(&dir),
            dir: Dir(dir),
        }
    }

    /// Runs every service's migrations.
    pub fn migrate(&self) {
        for service in Service::ALL.into_iter().filter(|service| service.role().is_some()) {
            let output = self.command(service).arg("migrate").output().unwrap();
            assert!(output.status.success(), "{} migrate: {output:?}", service.name());
        }
    }

    /// Starts a service; it needn't be ready when this returns.
    pub fn run(&mut self, service: Service) {
        let log = self.dir.0.join(format!("{}.log", service.name()));
        self.services.insert(service, Process::start(&mut self.command(service), &log));
    }

    fn command(&self, service: Service) -> Command {
        let bin = std::env::var("TASKHUB_TEST_BIN_DIR")
            .expect("TASKHUB_TEST_BIN_DIR is not set: run the tests with ./scripts/test");
        let mut command = Command::new(PathBuf::from(bin).join(service.name()));
        let mut set = |key: &str, value: String| {
            command.env(format!("TASKHUB__{key}"), value);
        };
        set("HTTP__HOST", "127.0.0.1".into());
        set("HTTP__PORT", self.ports[&service].to_string());
        set("HTTP__MANAGEMENT_PORT", "0".into());
        set("HTTP__WORKERS", "1".into());
        set("LOG__FORMAT", "json".into());
        if let Some(role) = service.role() {
            set("DATABASE__URL", self.postgres.url(role));
            set("DATABASE__ADMIN_URL", self.postgres.url("postgres"));
        }
        set("REDIS__URL", self.redis.url());
        set("TOKENS__MASTER_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".into());
        set("AUTH__JWKS_URL", format!("{}/.well-known/jwks.json", self.url(Service::Auth)));
        set("UPSTREAMS__AUTH_SERVICE", self.url(Service::Auth));
        set("UPSTREAMS__TASK_SERVICE", self.url(Service::Task));
        set("UPSTREAMS__WORKER", self.url(Service::Worker));
        for (key, value) in &self.extra {
            command.env(key, value);
        }
        command
    }

    /// Waits until every service says that it is ready.
    pub async fn ready(&self) {
        for service in Service::ALL {
            self.ready_within(service, Duration::from_secs(30)).await;
        }
    }

    /// Waits until a service says that it is ready.
    pub async fn ready_within(&self, service: Service, limit: Duration) {
        let api = self.direct(service);
        eventually(service.name(), limit, async || {
            let answer = api.try_send("GET", "/health/ready", None).await.ok()?;
            answer.status.is_success().then_some(())
        })
        .await;
    }

    /// `http://127.0.0.1:<port>` of a service.
    #[must_use]
    pub fn url(&self, service: Service) -> String {
        format!("http://127.0.0.1:{}", self.ports[&service])
    }

    /// A client of the API as everyone sees it: through the gateway.
    #[must_use]
    pub fn api(&self) -> Api {
        self.direct(Service::Gateway)
    }

    /// A client of one service, past the gateway.
    #[must_use]
    pub fn direct(&self, service: Service) -> Api {
        Api::new(&self.url(service))
    }

    /// A service's process.
    #[must_use]
    pub fn process(&mut self, service: Service) -> &mut Process {
        self.services.get_mut(&service).expect("the service runs")
    }

    /// Takes a service out of the stack, to end it.
    #[must_use]
    pub fn take(&mut self, service: Service) -> Process {
        self.services.remove(&service).expect("the service runs")
    }
}
