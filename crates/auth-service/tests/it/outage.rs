//! PostgreSQL goes away and comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use platform::settings::DatabaseSettings;
use serde_json::json;
use testkit::{Api, Database, eventually};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::app::{PASSWORD, Person, serve, settings};

const LIMIT: Duration = Duration::from_secs(10);

/// A way to PostgreSQL that can be cut.
struct Way {
    port: u16,
    open: Arc<AtomicBool>,
    cut: watch::Sender<()>,
}

impl Way {
    async fn to(server: (String, u16), open: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (open, (cut, _)) = (Arc::new(AtomicBool::new(open)), watch::channel(()));
        let (is_open, cuts) = (open.clone(), cut.clone());
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                if !is_open.load(Ordering::SeqCst) {
                    continue;
                }
                let (server, mut cut) = (server.clone(), cuts.subscribe());
                tokio::spawn(async move {
                    let mut upstream = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut client, &mut upstream) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Self { port, open, cut }
    }

    fn set(&self, open: bool) {
        self.open.store(open, Ordering::SeqCst);
        if !open {
            self.cut.send_replace(());
        }
    }
}

/// The database's settings by way of a cable that can be pulled.
async fn by_way(database: &Database, open: bool) -> (Way, DatabaseSettings) {
    let url: tokio_postgres::Config = database.url("taskhub_auth").parse().unwrap();
    let tokio_postgres::config::Host::Tcp(host) = &url.get_hosts()[0] else { panic!("over TCP") };
    let server = (host.clone(), url.get_ports()[0]);
    let way = Way::to(server.clone(), open).await;
    let url =
        database.url("taskhub_auth").replace(&format!("{}:{}", server.0, server.1), &format!("127.0.0.1:{}", way.port));
    (way, DatabaseSettings { url: url.into(), ..database.settings("taskhub_auth") })
}

async fn until_ready(api: &Api) {
    eventually("ready", LIMIT, async || (api.get("/health/ready").await.status == 200).then_some(())).await;
}

#[tokio::test]
async fn without_the_database_tokens_still_verify_and_the_rest_is_503() {
    let database = Database::new().await;
    let (way, through) = by_way(&database, true).await;
    let (running, background) = serve(&settings(through)).await;
    let api = running.api();
    let register = json!({"email": "alice@example.org", "password": PASSWORD, "name": "alice"});
    let alice = Person::of(&api, &api.post("/api/v1/auth/register", register).await.expect(201));
    let fresh =
        Person::of(&api, &api.post("/api/v1/auth/refresh", json!({"refresh_token": alice.refresh})).await.expect(200));

    way.set(false);
    let _ = api.get("/health").await.expect(200);
    let ready = api.get("/health/ready").await.expect(503).json;
    assert_eq!(
        (&ready["dependencies"][0]["name"], &ready["dependencies"][0]["ok"]),
        (&json!("database"), &json!(false))
    );
    assert_eq!(
        (&ready["dependencies"][1]["name"], &ready["dependencies"][1]["ok"]),
        (&json!("signing-keys"), &json!(true))
    );
    assert_eq!(api.get("/.well-known/jwks.json").await.expect(200).json["keys"].as_array().unwrap().len(), 1);
    // A token that was never seen before: 503 and not 401 says that it was found good.
    fresh.api.get("/api/v1/me").await.is_problem(503, "database");
    let login = json!({"email": "alice@example.org", "password": PASSWORD});
    let refused = api.post("/api/v1/auth/login", login.clone()).await;
    refused.is_problem(503, "unavailable");
    assert_eq!(refused.header("retry-after"), "1");
    let refresh = json!({"refresh_token": fresh.refresh});
    api.post("/api/v1/auth/refresh", refresh.clone()).await.is_problem(503, "unavailable");
    fresh.api.post("/api/v1/teams", json!({"name": "T"})).await.is_problem(503, "unavailable");

    way.set(true);
    until_ready(&api).await;
    let _ = api.post("/api/v1/auth/login", login).await.expect(200);
    let _ = api.post("/api/v1/auth/refresh", refresh).await.expect(200);
    background.abort();
}

#[tokio::test]
async fn it_starts_without_the_database_and_recovers_by_itself() {
    let database = Database::new().await;
    let (way, through) = by_way(&database, false).await;
    let (running, background) = serve(&settings(through)).await;
    let api = running.api();
    let _ = api.get("/health").await.expect(200);
    let ready = api.get("/health/ready").await.expect(503).json;
    assert!(ready["dependencies"].as_array().unwrap().iter().all(|d| d["ok"] == false), "{ready}");
    api.get("/.well-known/jwks.json").await.is_problem(503, "signing keys");
    way.set(true);
    until_ready(&api).await;
    assert_eq!(api.get("/.well-known/jwks.json").await.expect(200).header("cache-control"), "max-age=60");
    background.abort();
}
