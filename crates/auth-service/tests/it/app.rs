//! The app under test, and the people who use it.

use std::sync::Arc;

use auth_service::settings::{PasswordSettings, TeamSettings, TokenSettings};
use auth_service::{App, Settings};
use platform::settings::{AuthSettings, DatabaseSettings, LogFormat, LogSettings};
use serde_json::{Value, json};
use testkit::{Answer, Api, Database, Running, http_settings};
use tokio::task::JoinHandle;
use tokio_postgres::Client;

pub(crate) const MASTER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Settings as in production, but for hashes that cost next to nothing.
pub(crate) fn settings(database: DatabaseSettings) -> Settings {
    Settings {
        http: http_settings(),
        log: LogSettings { level: "warn".into(), format: LogFormat::Pretty },
        database,
        auth: AuthSettings {
            jwks_url: None,
            issuer: "taskhub".into(),
            audience: "taskhub".into(),
            jwks_refresh_s: 300,
        },
        tokens: TokenSettings {
            master_key: Some(MASTER_KEY.to_owned().into()),
            access_token_s: 900,
            refresh_token_s: 2_592_000,
            refresh_leeway_s: 10,
            rotate_after_s: 2_592_000,
            publish_ahead_s: 600,
            key_reload_s: 30,
        },
        passwords: PasswordSettings {
            memory_kib: 64,
            iterations: 1,
            parallelism: 1,
            max_hashes: 2,
            max_waiting: 100,
            max_wait_ms: 5000,
        },
        teams: TeamSettings { invitation_s: 604_800 },
    }
}

/// auth-service with a database of its own.
pub(crate) struct TestApp {
    pub(crate) running: Running,
    pub(crate) background: JoinHandle<platform::settings::SettingsError>,
    pub(crate) database: Database,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let database = Database::new().await;
        let mut settings = settings(database.settings("taskhub_auth"));
        change(&mut settings);
        settings.validate().unwrap();
        let (running, background) = serve(&settings).await;
        Self { running, background, database }
    }

    pub(crate) fn api(&self) -> Api {
        self.running.api()
    }

    /// Somebody with an account of their own, `<name>@example.org`.
    pub(crate) async fn register(&self, name: &str) -> Person {
        let email = format!("{name}@example.org");
        let body = json!({"email": email, "password": PASSWORD, "name": name});
        Person::of(&self.api(), &self.api().post("/api/v1/auth/register", body).await.expect(201))
    }

    pub(crate) async fn login(&self, name: &str) -> Person {
        let body = json!({"email": format!("{name}@example.org"), "password": PASSWORD});
        Person::of(&self.api(), &self.api().post("/api/v1/auth/login", body).await.expect(200))
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.api().post("/api/v1/auth/refresh", json!({"refresh_token": token})).await
    }

    /// Puts somebody into a team, past invitations.
    pub(crate) async fn join(&self, team: &Value, person: &Person, role: &str) {
        let admin = self.database.admin().await;
        let sql = "INSERT INTO identity.members (team_id, user_id, role) VALUES ($1::text::uuid, $2::text::uuid, $3)";
        admin.execute(sql, &[&text(&team["id"]), &person.id, &role]).await.unwrap();
    }

    /// Somebody new with this role in the team.
    pub(crate) async fn member(&self, team: &Value, name: &str, role: &str) -> Person {
        let person = self.register(name).await;
        self.join(team, &person, role).await;
        person
    }

    pub(crate) async fn count(&self, table: &str) -> i64 {
        let admin = self.database.admin().await;
        admin.query_one(&format!("SELECT count(*) FROM identity.{table}"), &[]).await.unwrap().get(0)
    }

    pub(crate) async fn execute(&self, sql: &str) {
        self.database.admin().await.batch_execute(sql).await.unwrap();
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.background.abort();
    }
}

/// The app as `main` builds and runs it.
pub(crate) async fn serve(settings: &Settings) -> (Running, JoinHandle<platform::settings::SettingsError>) {
    let app: Arc<App> = App::new(settings).unwrap();
    let running = Running::start(app.health(), app.configure()).await;
    (running, tokio::spawn(app.background()))
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) api: Api,
    pub(crate) id: String,
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Person {
    pub(crate) fn of(api: &Api, answer: &Answer) -> Self {
        let access = text(&answer.json["access_token"]);
        Self {
            api: api.with_token(&access),
            id: text(&answer.json["user"]["id"]),
            refresh: text(&answer.json["refresh_token"]),
            access,
        }
    }

    /// Makes a team with this key.
    pub(crate) async fn team(&self, key: &str) -> Value {
        self.api.post("/api/v1/teams", json!({"name": format!("Team {key}"), "key": key})).await.expect(201).json
    }

    /// Invites somebody; gives the answer's body.
    pub(crate) async fn invite(&self, team: &str, email: &str, role: &str) -> Value {
        let path = format!("/api/v1/teams/{team}/invitations");
        self.api.post(&path, json!({"email": email, "role": role})).await.expect(201).json
    }

    pub(crate) async fn accept(&self, invitation: &Value) -> Answer {
        self.api.post("/api/v1/invitations/accept", json!({"token": invitation["token"]})).await
    }

    /// Each member's name and role, in the order of the list.
    pub(crate) async fn roles(&self, team: &str) -> Vec<(String, String)> {
        let members = self.api.get(&format!("/api/v1/teams/{team}/members")).await.expect(200).json;
        items(&members).iter().map(|m| (text(&m["user"]["name"]), text(&m["role"]))).collect()
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} should be text")).to_owned()
}

pub(crate) fn items(page: &Value) -> &Vec<Value> {
    page["items"].as_array().unwrap_or_else(|| panic!("{page} should be a page"))
}

/// Follows a list's cursors to the end; gives the sizes of the pages and all items.
pub(crate) async fn all_pages(api: &Api, path: &str, limit: usize) -> (Vec<usize>, Vec<Value>) {
    let (mut sizes, mut all, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = api.get(&format!("{path}?limit={limit}{cursor}")).await.expect(200).json;
        sizes.push(items(&page).len());
        all.extend(items(&page).iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (sizes, all),
        }
    }
}

/// A database in which nothing of identity was migrated yet.
pub(crate) struct Fresh {
    database: Database,
    pub(crate) settings: DatabaseSettings,
}

impl Fresh {
    pub(crate) async fn admin(&self) -> Client {
        self.database.admin().await
    }
}

pub(crate) async fn fresh_database() -> Fresh {
    let database = Database::new().await;
    database.admin().await.batch_execute("DROP SCHEMA identity CASCADE").await.unwrap();
    let settings = database.settings("taskhub_auth");
    Fresh { database, settings }
}
