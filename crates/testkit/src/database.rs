//! A database for one test.

use std::sync::OnceLock;
use std::time::Duration;

use domain::{TeamId, UserId};
use platform::settings::{DatabaseSettings, RedisSettings};
use tokio_postgres::{Client, Config, NoTls};
use uuid::Uuid;

use crate::env;

/// A database of its own, cloned from the migrated template, and dropped with this value.
#[derive(Debug)]
pub struct Database {
    name: String,
    server: Config,
}

impl Database {
    /// Clones the template.
    pub async fn new() -> Self {
        let server: Config = env("TASKHUB_TEST_ADMIN_URL").parse().expect("TASKHUB_TEST_ADMIN_URL is a URL");
        let name = format!("test_{}", Uuid::now_v7().simple());
        let admin = connect(&server).await;
        let template = env("TASKHUB_TEST_TEMPLATE");
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")).await.unwrap();
        Self { name, server }
    }

    /// The database's URL for a role, such as `taskhub_tasks`, or for the administrator (`admin`).
    #[must_use]
    pub fn url(&self, role: &str) -> String {
        let host = match &self.server.get_hosts()[0] {
            tokio_postgres::config::Host::Tcp(host) => host.clone(),
            tokio_postgres::config::Host::Unix(_) => panic!("tests reach PostgreSQL over TCP"),
        };
        let port = self.server.get_ports().first().copied().unwrap_or(5432);
        let (user, password) = match role {
            "admin" => (
                self.server.get_user().unwrap_or("postgres").to_owned(),
                self.server.get_password().map(|p| String::from_utf8_lossy(p).into_owned()).unwrap_or_default(),
            ),
            role => (role.to_owned(), "taskhub".to_owned()),
        };
        format!("postgres://{user}:{password}@{host}:{port}/{}?sslmode=disable", self.name)
    }

    /// Settings for a service that works as `role`.
    #[must_use]
    pub fn settings(&self, role: &str) -> DatabaseSettings {
        DatabaseSettings {
            url: self.url(role).into(),
            admin_url: Some(self.url("admin").into()),
            host: None,
            port: None,
            name: None,
            user: None,
            password: None,
            password_file: None,
            parameters: None,
            direct_url: None,
            admin_user: None,
            admin_password: None,
            admin_password_file: None,
            max_connections: 40,
            max_connection_age_s: 0,
            read_connections: 2,
            write_connections: 4,
            slow_read_connections: 2,
            pool_size: 4,
            statement_timeout_ms: 2000,
            deadline_ms: 2500,
        }
    }

    /// A connection that may do anything, to arrange and to look.
    pub async fn admin(&self) -> Client {
        let mut config = self.server.clone();
        config.dbname(&self.name);
        connect(&config).await
    }

    /// A user as auth-service would have stored it, with a session of the same id, which the issuer's tokens are of; nobody
    /// can sign in with it.
    pub async fn user(&self, name: &str) -> UserId {
        let id = UserId::new();
        let email = format!("{name}-{}@example.org", Uuid::now_v7().simple());
        self.admin()
            .await
            .execute(
                "INSERT INTO identity.users (id, email, name, password_hash) VALUES ($1, $2, $3, 'none')",
                &[&id.uuid(), &email, &name],
            )
            .await
            .unwrap();
        self.admin()
            .await
            .execute(
                "INSERT INTO identity.sessions (id, user_id, user_agent, expires_at) \
                 VALUES ($1, $1, '', now() + interval '1 hour')",
                &[&id.uuid()],
            )
            .await
            .unwrap();
        id
    }

    /// A team with these members, each with a role.
    pub async fn team(&self, key: &str, members: &[(UserId, &str)]) -> TeamId {
        let (id, admin) = (TeamId::new(), self.admin().await);
        admin
            .execute("INSERT INTO identity.teams (id, key, name) VALUES ($1, $2, $2)", &[&id.uuid(), &key])
            .await
            .unwrap();
        for (user, role) in members {
            admin
                .execute(
                    "INSERT INTO identity.members (team_id, user_id, role) VALUES ($1, $2, $3)",
                    &[&id.uuid(), &user.uuid(), role],
                )
                .await
                .unwrap();
        }
        id
    }

    /// The team that `user` would have got with the account.
    pub async fn personal_team(&self, user: UserId, key: &str) -> TeamId {
        let id = self.team(key, &[(user, "owner")]).await;
        self.admin()
            .await
            .execute("UPDATE identity.teams SET personal_owner = $2 WHERE id = $1", &[&id.uuid(), &user.uuid()])
            .await
            .unwrap();
        id
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let (done, dropped) = std::sync::mpsc::channel();
        // A destructor can't wait for async work, and the test's runtime may be gone already.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let admin = connect(&server).await;
                admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
            })?;
            let _ = done.send(());
            anyhow::Ok(())
        });
        // PostgreSQL first waits for every connection that is being made, and one of this test's may hang halfway,
        // because it is made on the very thread that waits here. So the wait has an end; the server is thrown away
        // after the tests, and a database that is left over harms nobody.
        let _ = dropped.recv_timeout(Duration::from_secs(2));
    }
}

async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.expect("the test PostgreSQL answers");
    tokio::spawn(connection);
    client
}

/// The tests' Redis.
#[must_use]
pub fn redis_settings() -> RedisSettings {
    static URL: OnceLock<String> = OnceLock::new();
    let url = URL.get_or_init(|| env("TASKHUB_TEST_REDIS_URL")).clone();
    RedisSettings { url: url.into(), command_timeout_ms: 1000 }
}
