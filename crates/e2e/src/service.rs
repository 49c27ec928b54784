//! The four services, and how one of their processes is started.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::Postgres;

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

/// What a service's process is told of its surroundings.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    /// Where the way to PostgreSQL begins (`host:port`), ...
    pub(crate) database: String,
    /// ... and where the server itself is.
    pub(crate) admin: String,
    pub(crate) redis: String,
    /// `http://…` of what the gateway passes requests on to.
    pub(crate) auth: String,
    pub(crate) task: String,
    pub(crate) worker: String,
    /// The roles' password, if it and the parts of the address are settings of their own rather than URLs.
    pub(crate) password: Option<String>,
    /// More settings (`TASKHUB__…`).
    pub(crate) extra: Vec<(String, String)>,
}

impl Surroundings {
    /// The command of a service that is to answer on `port`.
    pub(crate) fn command(&self, service: Service, port: u16) -> Command {
        let mut command = Command::new(bin_dir().join(service.name()));
        let mut set = |key: &str, value: String| {
            command.env(format!("TASKHUB__{key}"), value);
        };
        set("HTTP__HOST", "127.0.0.1".into());
        set("HTTP__PORT", port.to_string());
        set("HTTP__MANAGEMENT_PORT", "0".into());
        set("HTTP__WORKERS", "1".into());
        set("LOG__FORMAT", "json".into());
        if let Some(role) = service.role() {
            if let (Some(password), Some((host, port))) = (&self.password, self.database.split_once(':')) {
                set("DATABASE__HOST", host.to_owned());
                set("DATABASE__PORT", port.to_owned());
                set("DATABASE__NAME", "postgres".into());
                set("DATABASE__PARAMETERS", "sslmode=disable".into());
                set("DATABASE__USER", role.into());
                set("DATABASE__PASSWORD", password.clone());
                set("DATABASE__ADMIN_USER", "postgres".into());
            } else {
                set("DATABASE__URL", Postgres::url_at(role, &self.database));
                set("DATABASE__ADMIN_URL", Postgres::url_at("postgres", &self.admin));
            }
        }
        set("REDIS__URL", self.redis.clone());
        set("TOKENS__MASTER_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".into());
        set("AUTH__JWKS_URL", format!("{}/.well-known/jwks.json", self.auth));
        set("UPSTREAMS__AUTH_SERVICE", self.auth.clone());
        set("UPSTREAMS__TASK_SERVICE", self.task.clone());
        set("UPSTREAMS__WORKER", self.worker.clone());
        for (key, value) in &self.extra {
            command.env(key, value);
        }
        command
    }

    /// Runs one service's migrations, which may fail.
    pub(crate) fn try_to_migrate(&self, service: Service) -> Output {
        self.command(service, 0).arg("migrate").output().unwrap()
    }

    /// Runs every service's migrations.
    pub(crate) fn migrate(&self) {
        for service in Service::ALL.into_iter().filter(|service| service.role().is_some()) {
            let output = self.try_to_migrate(service);
            assert!(output.status.success(), "{} migrate: {output:?}", service.name());
        }
    }
}

/// `http://127.0.0.1:<port>`
pub(crate) fn local(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Where a process of a service logs.
pub(crate) fn log(dir: &Path, service: Service) -> PathBuf {
    dir.join(format!("{}.log", service.name()))
}

fn bin_dir() -> PathBuf {
    let dir = std::env::var("TASKHUB_TEST_BIN_DIR");
    dir.expect("TASKHUB_TEST_BIN_DIR is not set: run the tests with ./scripts/test").into()
}
