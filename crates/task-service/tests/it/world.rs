//! What a test begins with: the service, its database, and people with tokens.

use domain::{CommentView, EventView, LabelView, Page, TaskView, TeamId, UserId};
use serde_json::{Value, json};
use task_service::{ListSettings, QuotaSettings, ROLE, Service};
use testkit::{Api, Database, Issuer, Running};
use tokio_postgres::Client;

/// Lists are kept, as they are by default.
pub(crate) const LISTS: ListSettings = ListSettings { cache_mib: 32 };

/// As many changes as a test likes.
pub(crate) const QUOTA: QuotaSettings = QuotaSettings { changes_per_minute: 0, mib_per_minute: 0 };

/// The service, and what it needs.
pub(crate) struct World {
    pub(crate) running: Running,
    pub(crate) service: Service,
    pub(crate) issuer: Issuer,
    pub(crate) db: Database,
}

/// Somebody, as a client of the API.
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) api: Api,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_quota(&QUOTA).await
    }

    pub(crate) async fn with_quota(quota: &QuotaSettings) -> Self {
        let (db, issuer) = (Database::new().await, Issuer::start().await);
        let service = Service::start(&db.settings(ROLE), &issuer.settings(), &LISTS, quota, 1).unwrap();
        let running = Running::start(service.health(), service.configure()).await;
        Self { running, service, issuer, db }
    }

    /// One more replica of the service, over the same database.
    pub(crate) async fn replica(&self) -> (Service, Running) {
        let service = Service::start(&self.db.settings(ROLE), &self.issuer.settings(), &LISTS, &QUOTA, 1).unwrap();
        let running = Running::start(service.health(), service.configure()).await;
        (service, running)
    }

    /// The world with a team `ops` and its first member, who is of this role.
    pub(crate) async fn with(role: &str) -> (Self, Person, TeamId) {
        let world = Self::new().await;
        let person = world.person("alice").await;
        let team = world.db.team("ops", &[(person.id, role)]).await;
        (world, person, team)
    }

    pub(crate) async fn person(&self, name: &str) -> Person {
        let id = self.db.user(name).await;
        Person { id, api: self.running.api().with_token(self.issuer.token(id)) }
    }

    /// Somebody more in a team.
    pub(crate) async fn member(&self, team: TeamId, name: &str, role: &str) -> Person {
        let person = self.person(name).await;
        let sql = "INSERT INTO identity.members (team_id, user_id, role) VALUES ($1, $2, $3)";
        self.db.admin().await.execute(sql, &[&team.uuid(), &person.id.uuid(), &role]).await.unwrap();
        person
    }

    /// The one number that a statement gives.
    pub(crate) async fn count(&self, sql: &str) -> i64 {
        count(&self.db.admin().await, sql).await
    }
}

pub(crate) async fn count(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.unwrap().get(0)
}

impl Person {
    /// A new task of the team `ops`.
    pub(crate) async fn task(&self, body: Value) -> TaskView {
        self.api.post("/api/v1/teams/ops/tasks", body).await.expect(201).body()
    }

    /// A new task of the team `ops` that has just a title.
    pub(crate) async fn titled(&self, title: &str) -> TaskView {
        self.task(json!({"title": title})).await
    }

    /// A new label of the team `ops`.
    pub(crate) async fn label(&self, name: &str) -> LabelView {
        self.api.post("/api/v1/teams/ops/labels", json!({"name": name, "color": "#1f6feb"})).await.expect(201).body()
    }

    /// A new comment on a task of the team `ops`.
    pub(crate) async fn comment(&self, task: &TaskView, body: &str) -> CommentView {
        self.api.post(&format!("{}/comments", path(task)), json!({"body": body})).await.expect(201).body()
    }

    /// The whole log of the team `ops`, oldest first.
    pub(crate) async fn log(&self) -> Vec<EventView> {
        let mut events: Vec<EventView> = self.walk("/api/v1/teams/ops/activity?limit=200").await;
        events.reverse();
        events
    }

    /// All pages of a list; `path` has a query already.
    pub(crate) async fn walk<T: serde::de::DeserializeOwned>(&self, path: &str) -> Vec<T> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let page: Page<T> = self.api.get(&format!("{path}{cursor}")).await.expect(200).body();
            items.extend(page.items);
            match page.next_cursor {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }
}

/// `/api/v1/teams/ops/tasks/<number>`.
pub(crate) fn path(task: &TaskView) -> String {
    format!("/api/v1/teams/ops/tasks/{}", task.number)
}
