//! A team of three, its log as task-service would write it, and a stream of its own.

use std::time::Duration;

use domain::{EventType, TaskId, TeamId, UserId};
use redis::AsyncConnectionConfig;
use redis::aio::MultiplexedConnection;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use testkit::{Api, Database, Issuer, Running, eventually, http_settings, redis_settings};
use tokio_postgres::Client;
use uuid::Uuid;
use worker::Worker;
use worker::settings::{EventsSettings, Settings};

pub(crate) const SOON: Duration = Duration::from_secs(20);

pub(crate) struct Scene {
    pub(crate) db: Database,
    pub(crate) admin: Client,
    pub(crate) redis: MultiplexedConnection,
    pub(crate) issuer: Issuer,
    pub(crate) stream: String,
    pub(crate) team: TeamId,
    pub(crate) alice: UserId,
    pub(crate) bob: UserId,
    pub(crate) carol: UserId,
}

/// An event as it will stand in the log.
#[derive(Clone, Debug)]
pub(crate) struct NewEvent {
    pub(crate) kind: &'static str,
    pub(crate) actor: UserId,
    pub(crate) title: String,
    pub(crate) assignees: Vec<UserId>,
    pub(crate) previous: Value,
}

impl NewEvent {
    pub(crate) fn created(actor: UserId, assignees: &[UserId]) -> Self {
        let (kind, title) = (EventType::TaskCreated.as_str(), "Ship it".to_owned());
        Self { kind, actor, title, assignees: assignees.to_vec(), previous: json!({}) }
    }

    pub(crate) fn changed(kind: EventType, actor: UserId, assignees: &[UserId], previous: Value) -> Self {
        Self { kind: kind.as_str(), previous, ..Self::created(actor, assignees) }
    }

    pub(crate) fn titled(self, title: &str) -> Self {
        Self { title: title.to_owned(), ..self }
    }
}

impl Scene {
    /// alice owns team `ops`, bob is a member, carol a viewer.
    pub(crate) async fn new() -> Self {
        let db = Database::new().await;
        let (alice, bob, carol) = (db.user("alice").await, db.user("bob").await, db.user("carol").await);
        let team = db.team("ops", &[(alice, "owner"), (bob, "member"), (carol, "viewer")]).await;
        let client = redis::Client::open(redis_settings().url.expose_secret()).unwrap();
        // A machine that is busy with other tests is no failure.
        let patient = AsyncConnectionConfig::new().set_response_timeout(Some(SOON)).set_connection_timeout(Some(SOON));
        Self {
            admin: db.admin().await,
            redis: client.get_multiplexed_async_connection_with_config(&patient).await.unwrap(),
            issuer: Issuer::start().await,
            stream: format!("test:{}", Uuid::now_v7().simple()),
            db,
            team,
            alice,
            bob,
            carol,
        }
    }

    /// Quick to poll, quick to try again.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            http: http_settings(),
            log: platform::settings::LogSettings { level: "off".into(), format: platform::settings::LogFormat::Auto },
            database: self.db.settings("taskhub_worker"),
            redis: redis_settings(),
            auth: self.issuer.settings(),
            events: EventsSettings {
                stream: self.stream.clone(),
                batch: 100,
                max_in_flight: 1000,
                concurrency: 2,
                lease_ms: 10_000,
                poll_interval_ms: 20,
                linger_ms: 1,
                max_attempts: 3,
                retry_base_ms: 10,
            },
        }
    }

    pub(crate) fn worker(&self) -> Worker {
        Worker::new(self.settings()).unwrap()
    }

    /// A worker whose settings are not the usual.
    pub(crate) fn worker_with(&self, change: impl FnOnce(&mut Settings)) -> Worker {
        let mut settings = self.settings();
        change(&mut settings);
        Worker::new(settings).unwrap()
    }

    /// A worker that only puts events into the stream.
    pub(crate) fn relay_alone(&self) -> Worker {
        self.worker_with(|s| s.events.concurrency = 0)
    }

    /// Adds events to the log of the team, with their tickets; gives the last revision.
    pub(crate) async fn log(&self, events: &[NewEvent]) -> i64 {
        let mut revision = 0;
        for event in events {
            revision = self.advance(1).await;
            let data = json!({"task": task(self.team, revision, event), "previous": event.previous});
            self.log_raw(revision, event.kind, event.actor, data).await;
        }
        revision
    }

    /// An event whose data may be anything.
    pub(crate) async fn log_raw(&self, revision: i64, kind: &str, actor: UserId, data: Value) {
        let task = data["task"]["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_else(Uuid::now_v7);
        self.admin
            .execute(
                "WITH ticket AS (INSERT INTO tasks.outbox (team_id, revision) VALUES ($1, $2))
                 INSERT INTO tasks.events (team_id, revision, id, type, task_id, actor_id, traceparent, data)
                 VALUES ($1, $2, $3, $4, $5, $6, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', $7)",
                &[&self.team.uuid(), &revision, &Uuid::now_v7(), &kind, &task, &actor.uuid(), &data],
            )
            .await
            .unwrap();
    }

    /// Takes the next `n` revisions of the team; gives the last.
    pub(crate) async fn advance(&self, n: i64) -> i64 {
        self.advance_of(self.team, n).await
    }

    async fn advance_of(&self, team: TeamId, n: i64) -> i64 {
        self.admin
            .query_one(
                "INSERT INTO tasks.team_log AS l (team_id, revision, last_number) VALUES ($1, $2, $2)
                 ON CONFLICT (team_id) DO UPDATE SET revision = l.revision + $2, last_number = l.last_number + $2
                 RETURNING revision",
                &[&team.uuid(), &n],
            )
            .await
            .unwrap()
            .get(0)
    }

    /// `n` tasks that alice makes for bob, all at once.
    pub(crate) async fn backlog(&self, n: i64) {
        let last = self.advance(n).await;
        let template = task(self.team, 0, &NewEvent::created(self.alice, &[self.bob]));
        self.admin
            .execute(
                "WITH numbered AS (
                     SELECT r, gen_random_uuid() AS task FROM generate_series($3::bigint - $2::bigint + 1, $3) r
                 ), ticket AS (
                     INSERT INTO tasks.outbox (team_id, revision) SELECT $1, r FROM numbered
                 )
                 INSERT INTO tasks.events (team_id, revision, id, type, task_id, actor_id, data)
                 SELECT $1, r, gen_random_uuid(), 'task.created', task, $4, jsonb_build_object('previous', '{}'::jsonb, 'task',
                        $5::jsonb || jsonb_build_object('id', task, 'number', r, 'key', 'OPS-' || r))
                 FROM numbered",
                &[&self.team.uuid(), &n, &last, &self.alice.uuid(), &template],
            )
            .await
            .unwrap();
    }

    /// The same event `n` times in the log of a team.
    pub(crate) async fn repeat(&self, team: TeamId, n: i64, kind: &str, actor: UserId, data: &Value) {
        let last = self.advance_of(team, n).await;
        self.admin
            .execute(
                "WITH numbered AS (
                     SELECT r FROM generate_series($3::bigint - $2::bigint + 1, $3) r
                 ), ticket AS (
                     INSERT INTO tasks.outbox (team_id, revision) SELECT $1, r FROM numbered
                 )
                 INSERT INTO tasks.events (team_id, revision, id, type, task_id, actor_id, data)
                 SELECT $1, r, gen_random_uuid(), $4, $6, $5, $7 FROM numbered",
                &[&team.uuid(), &n, &last, &kind, &actor.uuid(), &Uuid::now_v7(), data],
            )
            .await
            .unwrap();
    }

    /// How many notifications a user has.
    pub(crate) async fn told(&self, user: UserId) -> i64 {
        self.count("delivery.notifications WHERE user_id = $1", &[&user.uuid()]).await
    }

    /// How many events are not done.
    pub(crate) async fn pending(&self) -> i64 {
        self.count("tasks.outbox", &[]).await
    }

    pub(crate) async fn dead_letters(&self) -> i64 {
        self.count("delivery.dead_letters", &[]).await
    }

    pub(crate) async fn count(&self, what: &str, params: &[&(dyn tokio_postgres::types::ToSql + Sync)]) -> i64 {
        self.admin.query_one(&format!("SELECT count(*) FROM {what}"), params).await.unwrap().get(0)
    }

    /// Waits until every event is done, or a dead letter.
    pub(crate) async fn settled(&self) {
        eventually("every event is done", SOON, async || (self.pending().await == 0).then_some(())).await;
    }

    /// Waits until the stream has no entries and nobody has any in hand.
    pub(crate) async fn stream_is_empty(&self) {
        eventually("the stream is empty", SOON, async || (self.in_stream().await == 0).then_some(())).await;
        let pending: redis::Value = self.command(&["XPENDING", &self.stream, "worker"]).await;
        let redis::Value::Array(pending) = pending else { panic!("{pending:?}") };
        assert_eq!(pending[0], redis::Value::Int(0), "entries are left in hand");
    }

    pub(crate) async fn in_stream(&self) -> i64 {
        self.command(&["XLEN", &self.stream]).await
    }

    /// Waits until the stream has so many entries.
    pub(crate) async fn wait_for_entries(&self, n: i64) {
        eventually("entries in the stream", SOON, async || (self.in_stream().await == n).then_some(())).await;
    }

    pub(crate) async fn command<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        let mut cmd = redis::cmd(words[0]);
        cmd.arg(&words[1..]).query_async(&mut self.redis.clone()).await.unwrap()
    }

    /// The worker's API, as `user`.
    pub(crate) async fn serve(&self, worker: &Worker) -> Running {
        Running::start(worker.health(), worker.configure()).await
    }

    pub(crate) fn api(&self, running: &Running, user: UserId) -> Api {
        running.api().with_token(self.issuer.token(user))
    }
}

/// A task as it would stand in an event.
pub(crate) fn task(team: TeamId, number: i64, event: &NewEvent) -> Value {
    json!({
        "id": TaskId::new(), "team_id": team, "number": number, "key": format!("OPS-{number}"),
        "title": event.title, "description": "", "status": "pending", "priority": "none",
        "assignees": event.assignees, "due_at": null, "created_by": event.actor,
        "created_at": "2026-03-01T09:30:00.000000Z", "updated_at": "2026-03-01T09:30:00.000000Z",
        "completed_at": null, "version": 1,
    })
}
