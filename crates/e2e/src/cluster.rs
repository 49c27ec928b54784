//! The whole of TaskHub with two replicas of each service, as a Kubernetes would run it.
//!
//! Everyone reaches a service through a [`Wire`] that leads each new connection to the next replica, and PostgreSQL
//! through one that leads there. Once a second each replica is asked for `/health`: one that doesn't answer gets no
//! new connections, nor does one that was told to stop, as the deletion of a pod takes it off its service.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use testkit::{Api, eventually};
use tokio::time::interval;

use crate::dir::Dir;
use crate::service::{Surroundings, local, log};
use crate::{Postgres, Process, Redis, Service, SmallDisk, Wire};

/// How many replicas a service has.
pub const REPLICAS: usize = 2;
const PROBE_EVERY: Duration = Duration::from_secs(1);
/// Enough for the data of a run; PostgreSQL's own files take 60 MiB of it.
const DISK_MEBIBYTES: usize = 512;
/// How long all may take to be well again after a fault.
const PATIENCE: Duration = Duration::from_secs(60);

/// One process of a service, or the place of one.
#[derive(Debug)]
struct Replica {
    service: Service,
    port: u16,
    process: Mutex<Option<Process>>,
    told_to_stop: AtomicBool,
}

/// PostgreSQL, Redis, two replicas of each service, and the ways between them.
#[derive(Debug)]
pub struct Cluster {
    replicas: Arc<Vec<Replica>>,
    wires: HashMap<Service, Wire>,
    /// The services' way to PostgreSQL.
    pub database: Wire,
    surroundings: Surroundings,
    /// Its PostgreSQL; what asks it directly takes another way than the services.
    pub postgres: Postgres,
    /// Its Redis.
    pub redis: Redis,
    /// What PostgreSQL's data lies on; none when this user may not mount one.
    pub disk: Option<SmallDisk>,
    dir: Dir,
}

impl Cluster {
    /// Everything started and ready, with these settings (`TASKHUB__…`) for every service.
    pub async fn start(extra: &[(&str, &str)]) -> Self {
        let dir = Dir::create();
        let disk = SmallDisk::mount(dir.path(), DISK_MEBIBYTES);
        let mut postgres = Postgres::create_durable(dir.path(), disk.as_ref().map_or(dir.path(), SmallDisk::path));
        let mut redis = Redis::create(dir.path());
        postgres.start().await;
        redis.start().await;
        let database = Wire::lay(&[postgres.port()]).await;
        let mut wires = HashMap::new();
        for service in Service::ALL {
            wires.insert(service, Wire::lay(&[]).await);
        }
        let surroundings = Surroundings {
            database: format!("127.0.0.1:{}", database.port()),
            admin: format!("127.0.0.1:{}", database.port()),
            redis: redis.url(),
            auth: local(wires[&Service::Auth].port()),
            task: local(wires[&Service::Task].port()),
            worker: local(wires[&Service::Worker].port()),
            password: None,
            extra: extra.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        };
        surroundings.migrate();
        let replica = |service| Replica {
            service,
            port: testkit::reserved_port(),
            process: Mutex::new(None),
            told_to_stop: AtomicBool::new(false),
        };
        let replicas = Arc::new(Service::ALL.into_iter().flat_map(|s| [replica(s), replica(s)]).collect::<Vec<_>>());
        tokio::spawn(probe(Arc::downgrade(&replicas), wires.clone()));
        let cluster = Self { replicas, wires, database, surroundings, postgres, redis, disk, dir };
        for service in Service::ALL {
            (0..REPLICAS).for_each(|number| cluster.run(service, number));
        }
        cluster.well().await;
        cluster
    }

    fn replica(&self, service: Service, number: usize) -> &Replica {
        let mut of_service = self.replicas.iter().filter(|replica| replica.service == service);
        of_service.nth(number).expect("there is such a replica")
    }

    /// Starts a replica; it needn't be ready when this returns.
    pub fn run(&self, service: Service, number: usize) {
        let replica = self.replica(service, number);
        let process =
            Process::start(&mut self.surroundings.command(service, replica.port), &log(self.dir.path(), service));
        *replica.process.lock().unwrap() = Some(process);
        replica.told_to_stop.store(false, Ordering::Relaxed);
    }

    /// Kills a replica, as `kill -9` does.
    pub fn kill(&self, service: Service, number: usize) {
        self.take(service, number).kill();
    }

    /// Tells a replica to stop, and waits until it has; says how it ended.
    pub async fn stop(&self, service: Service, number: usize, limit: Duration) -> std::process::ExitStatus {
        self.replica(service, number).told_to_stop.store(true, Ordering::Relaxed);
        let process = self.take(service, number);
        tokio::task::spawn_blocking(move || process.end("TERM", limit)).await.unwrap()
    }

    fn take(&self, service: Service, number: usize) -> Process {
        self.replica(service, number).process.lock().unwrap().take().expect("the replica runs")
    }

    /// Where a replica answers, past the way that everyone takes.
    #[must_use]
    pub fn port(&self, service: Service, number: usize) -> u16 {
        self.replica(service, number).port
    }

    /// The way to a service.
    #[must_use]
    pub fn way_to(&self, service: Service) -> &Wire {
        &self.wires[&service]
    }

    /// A client of the API, through whichever gateway has its turn.
    #[must_use]
    pub fn api(&self) -> Api {
        Api::new(&self.url())
    }

    /// The address of the API.
    #[must_use]
    pub fn url(&self) -> String {
        local(self.wires[&Service::Gateway].port())
    }

    /// Where the logs are.
    #[must_use]
    pub fn logs(&self) -> &Path {
        self.dir.path()
    }

    /// Leaves the logs where they are, for somebody to read.
    pub fn keep_logs(&mut self) {
        self.dir.keep();
    }

    /// Waits until every replica is ready and gets connections.
    ///
    /// # Panics
    /// When they aren't within a minute.
    pub async fn well(&self) {
        for replica in self.replicas.iter() {
            let api = Api::new(&local(replica.port));
            let wire = &self.wires[&replica.service];
            eventually(replica.service.name(), PATIENCE, async || {
                let answer = api.try_send("GET", "/health/ready", None).await.ok()?;
                (answer.status.is_success() && wire.leads_to(replica.port)).then_some(())
            })
            .await;
        }
    }
}

/// Asks every replica how it is, once a second, until there is no cluster any more.
async fn probe(replicas: std::sync::Weak<Vec<Replica>>, wires: HashMap<Service, Wire>) {
    let client = reqwest::Client::builder().timeout(PROBE_EVERY).pool_max_idle_per_host(0).build().unwrap();
    let mut clock = interval(PROBE_EVERY);
    loop {
        clock.tick().await;
        let Some(replicas) = replicas.upgrade() else { return };
        let asked = replicas.iter().map(|replica| {
            let request = client.get(format!("{}/health", local(replica.port))).send();
            async move {
                let lives = request.await.is_ok_and(|answer| answer.status().is_success());
                (replica.service, replica.port, lives && !replica.told_to_stop.load(Ordering::Relaxed))
            }
        });
        let found = futures_util::future::join_all(asked).await;
        for (service, wire) in &wires {
            wire.lead_to(found.iter().filter(|(s, _, well)| s == service && *well).map(|(_, port, _)| *port).collect());
        }
    }
}
