//! What is done to the cluster.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use e2e::{Cluster, REPLICAS, Service};
use serde_json::json;
use tokio::time::{sleep, sleep_until};
use uuid::Uuid;

use crate::crowd::Crowd;
use crate::flood;

/// Longer than a service may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(30);
const DELAY: Duration = Duration::from_millis(100);
/// Room on a disk that is full comes back when PostgreSQL tidies up; so it is filled again this often.
const FILL_EVERY: Duration = Duration::from_millis(200);
const STREAM: &str = "taskhub:events";

/// A write and an effect vanish, and somebody is told twice.
const SABOTAGE: &str = "
    DELETE FROM tasks.events WHERE (team_id, revision) = (SELECT team_id, 2 FROM tasks.team_log LIMIT 1);
    DELETE FROM delivery.notifications WHERE id = (SELECT id FROM delivery.notifications ORDER BY id LIMIT 1);
    INSERT INTO delivery.notifications (id, user_id, team_id, revision, type, task_id, task_key, title, actor_id)
    SELECT task_id, user_id, team_id, revision + 1000000, type, task_id, task_key, title, actor_id
    FROM delivery.notifications LIMIT 1";

/// Something that may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Kill(Service),
    Stop(Service),
    /// Every replica of every service, one after the other, as an upgrade replaces them.
    RollingRestart,
    PostgresRestarts,
    PostgresCrashes,
    ConnectionsTerminated,
    DatabaseSlow,
    DiskFull,
    RedisKilled,
    RedisWiped,
    RedisPaused,
    ReplicaSilent,
    ConnectionsTorn,
    Poison,
    Flood,
    /// Only when asked for: rows are deleted and doubled behind TaskHub's back, which the checks must find.
    Sabotage,
}

/// What came of it, beside what the clients saw.
#[derive(Debug, Default)]
pub(crate) struct Injected {
    /// From the first moment to the end of the fault itself; without recovery.
    pub(crate) lasted: Duration,
    /// Why it couldn't be done.
    pub(crate) skipped: Option<&'static str>,
    /// What else is to be told.
    pub(crate) note: String,
}

impl Fault {
    /// Every fault, in the order in which they come.
    pub(crate) fn all() -> Vec<Self> {
        let services = [Service::Gateway, Service::Auth, Service::Task, Service::Worker];
        let rest = [
            Self::RollingRestart,
            Self::PostgresRestarts,
            Self::PostgresCrashes,
            Self::ConnectionsTerminated,
            Self::DatabaseSlow,
            Self::DiskFull,
            Self::RedisKilled,
            Self::RedisWiped,
            Self::RedisPaused,
            Self::ReplicaSilent,
            Self::ConnectionsTorn,
            Self::Poison,
            Self::Flood,
        ];
        let (kills, stops) = (services.map(Self::Kill), services.map(Self::Stop));
        kills.into_iter().chain(stops).chain(rest).collect()
    }

    /// Whether it stands for its kind in a quick run.
    pub(crate) fn is_quick(self) -> bool {
        !matches!(
            self,
            Self::Kill(Service::Gateway | Service::Auth | Service::Worker)
                | Self::Stop(_)
                | Self::PostgresCrashes
                | Self::RedisWiped
                | Self::RedisPaused
                | Self::ConnectionsTorn
        )
    }

    /// Whether even a client that never tries again must not notice it.
    pub(crate) fn must_go_unnoticed(self) -> bool {
        matches!(self, Self::Stop(_) | Self::RollingRestart)
    }

    /// Its name in the table and for `--only`.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Kill(service) => format!("kill -9 of a {}", service.name()),
            Self::Stop(service) => format!("SIGTERM to a {}", service.name()),
            Self::RollingRestart => "rolling restart of everything".into(),
            Self::PostgresRestarts => "PostgreSQL restarts".into(),
            Self::PostgresCrashes => "PostgreSQL crashes".into(),
            Self::ConnectionsTerminated => "pg_terminate_backend of all".into(),
            Self::DatabaseSlow => "PostgreSQL 200 ms away".into(),
            Self::DiskFull => "PostgreSQL's disk is full".into(),
            Self::RedisKilled => "Redis killed".into(),
            Self::RedisWiped => "Redis wiped".into(),
            Self::RedisPaused => "Redis paused".into(),
            Self::ReplicaSilent => "cut: a task-service doesn't answer the gateways".into(),
            Self::ConnectionsTorn => "cut: all gateways' connections to task-service torn".into(),
            Self::Poison => "poison in the stream".into(),
            Self::Flood => "flood of ten times capacity".into(),
            Self::Sabotage => "sabotage".into(),
        }
    }

    /// Does it, for `lasts` where it can last, and takes it back.
    pub(crate) async fn inject(self, cluster: &mut Cluster, crowd: &Crowd, lasts: Duration) -> Injected {
        let start = Instant::now();
        let until = tokio::time::Instant::now() + lasts;
        let mut injected = Injected::default();
        match self {
            Self::Kill(service) => {
                cluster.kill(service, 0);
                sleep_until(until).await;
                cluster.run(service, 0);
            }
            Self::Stop(service) => {
                let status = cluster.stop(service, 0, PATIENCE).await;
                injected.note = format!("ended after {:.1} s with {status}", start.elapsed().as_secs_f64());
                sleep_until(until).await;
                cluster.run(service, 0);
            }
            Self::RollingRestart => rolling_restart(cluster).await,
            Self::PostgresRestarts => {
                cluster.postgres.stop().await;
                cluster.postgres.start().await;
            }
            Self::PostgresCrashes => {
                cluster.postgres.crash().await;
                cluster.postgres.start().await;
            }
            Self::ConnectionsTerminated => terminate(cluster).await,
            Self::DatabaseSlow => {
                cluster.database.slow_down(DELAY);
                sleep_until(until).await;
                cluster.database.mend();
            }
            Self::DiskFull => return full_disk(cluster, until).await,
            Self::RedisKilled => {
                cluster.redis.crash();
                sleep_until(until).await;
                cluster.redis.start().await;
            }
            Self::RedisWiped => cluster.redis.wipe().await,
            Self::RedisPaused => {
                cluster.redis.pause(true);
                sleep_until(until).await;
                cluster.redis.pause(false);
            }
            Self::ReplicaSilent => {
                let way = cluster.way_to(Service::Task);
                way.silence(cluster.port(Service::Task, 0));
                sleep_until(until).await;
                way.mend();
            }
            Self::ConnectionsTorn => cluster.way_to(Service::Task).tear(),
            Self::Poison => poison(cluster, crowd, until).await,
            Self::Flood => injected.note = flood(cluster, crowd, lasts).await,
            Self::Sabotage => {
                sleep_until(until).await;
                cluster.postgres.admin().await.batch_execute(SABOTAGE).await.unwrap();
            }
        }
        injected.lasted = start.elapsed();
        injected
    }
}

async fn rolling_restart(cluster: &Cluster) {
    for service in Service::ALL {
        for number in 0..REPLICAS {
            let status = cluster.stop(service, number, PATIENCE).await;
            assert!(status.success(), "{} ended with {status}", service.name());
            cluster.run(service, number);
            cluster.well().await;
        }
    }
}

async fn terminate(cluster: &Cluster) {
    let admin = cluster.postgres.admin().await;
    let all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'taskhub%'";
    admin.execute(all, &[]).await.unwrap();
}

/// PostgreSQL may end for good, when it can't even write its log: then it is started again, as by whatever watches it.
async fn full_disk(cluster: &mut Cluster, until: tokio::time::Instant) -> Injected {
    let start = Instant::now();
    let Some(disk) = &cluster.disk else {
        return Injected { skipped: Some("only root may mount a small disk"), ..Injected::default() };
    };
    while tokio::time::Instant::now() < until {
        disk.fill();
        sleep(FILL_EVERY).await;
    }
    disk.free();
    let lasted = start.elapsed();
    let ended = !cluster.postgres.is_running();
    if ended {
        cluster.postgres.start().await;
    }
    let refused = times_said(&cluster.logs().join("postgres.log"), "No space left on device");
    let note =
        format!("{refused} statements refused for want of room{}", if ended { "; PostgreSQL ended" } else { "" });
    Injected { lasted, skipped: None, note }
}

fn times_said(log: &Path, what: &str) -> usize {
    std::fs::read_to_string(log).unwrap().lines().filter(|line| line.contains(what)).count()
}

/// Entries without sense, among them one that is an event in every respect, but of nothing that there is.
async fn poison(cluster: &Cluster, crowd: &Crowd, until: tokio::time::Instant) {
    let impossible = impossible_event();
    while tokio::time::Instant::now() < until {
        for fields in [
            &[("garbage", "\u{1f4a3}")] as &[_],
            &[("ticket", "1"), ("attempts", "1"), ("event", "{")],
            &[("ticket", "one"), ("attempts", "1"), ("event", &impossible)],
        ] {
            cluster.redis.add(STREAM, fields).await;
            crowd.poisoned();
        }
        // Nobody's ticket and somebody else's: there is nothing to do for either, and nothing to put aside.
        for ticket in ["1", "9223372036854775807", "-1"] {
            let fields = [("ticket", ticket), ("attempts", "1"), ("event", &impossible)];
            cluster.redis.add(STREAM, &fields).await;
        }
        sleep(FILL_EVERY).await;
    }
}

fn impossible_event() -> String {
    let [id, team, task, user] = [(); 4].map(|()| Uuid::now_v7().to_string());
    let time = "2026-03-01T09:30:00Z";
    json!({
        "specversion": "1.0", "id": id, "source": format!("/teams/{team}"), "type": "task.created", "subject": task,
        "time": time, "datacontenttype": "application/json", "teamid": team, "revision": "1", "actorid": task,
        "data": {"task": {
            "id": task, "team_id": team, "number": 1, "key": "NO-1", "title": "Nobody's", "description": "",
            "status": "pending", "priority": "none", "assignees": [user], "due_at": null, "created_by": task,
            "created_at": time, "updated_at": time, "completed_at": null, "version": 1,
        }},
    })
    .to_string()
}

/// A process of its own, so that those who measure aren't slowed by those who flood.
async fn flood(cluster: &Cluster, crowd: &Crowd, lasts: Duration) -> String {
    let (client, team) = crowd.somebody();
    let mut command = tokio::process::Command::new(std::env::current_exe().unwrap());
    command.arg("flood").args(["--token", client.token(), "--path", &format!("/api/v1/teams/{team}/tasks?limit=20")]);
    for number in 0..REPLICAS {
        command.args(["--port", &cluster.port(Service::Gateway, number).to_string()]);
    }
    command.args(["--seconds", &lasts.as_secs().to_string(), "--connections", &flood::CONNECTIONS.to_string()]);
    let output = command.stderr(Stdio::inherit()).kill_on_drop(true).output().await.unwrap();
    assert!(output.status.success(), "the flood failed");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
