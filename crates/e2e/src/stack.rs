//! The whole of TaskHub, for one test.

use std::collections::HashMap;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

use testkit::{Api, eventually};

use crate::dir::Dir;
use crate::service::{Surroundings, local, log};
use crate::{Postgres, Process, Redis, Service};

/// PostgreSQL, Redis and the four services, on ports of their own.
#[derive(Debug)]
pub struct Stack {
    services: HashMap<Service, Process>,
    ports: HashMap<Service, u16>,
    surroundings: Surroundings,
    /// Its PostgreSQL.
    pub postgres: Postgres,
    /// Its Redis.
    pub redis: Redis,
    dir: Dir,
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
        let dir = Dir::create();
        let (postgres, redis) = (Postgres::create(dir.path()), Redis::create(dir.path()));
        let ports: HashMap<_, _> =
            Service::ALL.into_iter().map(|service| (service, testkit::reserved_port())).collect();
        let surroundings = Surroundings {
            database: format!("127.0.0.1:{}", postgres.port()),
            admin: format!("127.0.0.1:{}", postgres.port()),
            redis: redis.url(),
            auth: local(ports[&Service::Auth]),
            task: local(ports[&Service::Task]),
            worker: local(ports[&Service::Worker]),
            password: None,
            extra: extra.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        };
        Self { services: HashMap::new(), ports, surroundings, postgres, redis, dir }
    }

    /// Leads services that are started from now on to PostgreSQL by other addresses (`host:port`, several separated by
    /// commas); migrations go on to lead to the server itself.
    pub fn lead_to(&mut self, database: impl Into<String>) {
        self.surroundings.database = database.into();
    }

    /// Gives the services' roles this password, apart from the address.
    pub fn set_password(&mut self, password: &str) {
        self.surroundings.password = Some(password.to_owned());
    }

    /// Gives services that are started from now on one more setting (`TASKHUB__…`).
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.surroundings.extra.push((key.to_owned(), value.into()));
    }

    /// Where the logs are, and whatever else is to go with the stack.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// What a service has logged.
    #[must_use]
    pub fn log_of(&self, service: Service) -> String {
        std::fs::read_to_string(log(self.dir.path(), service)).unwrap()
    }

    /// Runs every service's migrations.
    pub fn migrate(&self) {
        self.surroundings.migrate();
    }

    /// Runs one service's migrations, which may fail.
    #[must_use]
    pub fn try_to_migrate(&self, service: Service) -> Output {
        self.surroundings.try_to_migrate(service)
    }

    /// Starts a service; it needn't be ready when this returns.
    pub fn run(&mut self, service: Service) {
        let mut command = self.surroundings.command(service, self.ports[&service]);
        self.services.insert(service, Process::start(&mut command, &log(self.dir.path(), service)));
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
        local(self.ports[&service])
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
