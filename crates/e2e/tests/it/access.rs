//! Who may see what.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use e2e::{Person, Service, Stack};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use platform::routes::{Access, Route};
use serde_json::{Value, json};
use testkit::eventually;

/// Every route of every service behind the gateway.
fn routes() -> Vec<Route> {
    [auth_service::routes::ROUTES, task_service::routes::ROUTES, worker::routes::ROUTES].concat()
}

/// Only ever asked by the other services.
const INTERNAL: &[&str] = &["/.well-known/jwks.json"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_finds_nothing_of_a_team_on_any_route() {
    let stack = Stack::start().await;
    let (alice, mallory) = (Person::sign_up(&stack, "alice").await, Person::sign_up(&stack, "mallory").await);
    alice.make_team("ops").await;
    let team = alice.api.get("/api/v1/teams/ops").await.expect(200).json["id"].as_str().unwrap().to_owned();
    let task = alice.api.post("/api/v1/teams/ops/tasks", json!({"title": "Secret"})).await.expect(201).json;
    let (task, user) = (task["id"].as_str().unwrap().to_owned(), alice.id.clone());

    // A body that would be right for a member, so that nothing but the team decides.
    let body = |route: &Route| match (route.method, route.path.rsplit('/').next()) {
        ("GET" | "DELETE", _) => None,
        (_, Some("invitations")) => Some(json!({"email": "eve@example.org", "role": "member"})),
        (_, Some("{user}")) => Some(json!({"role": "viewer"})),
        (_, Some("{team}")) => Some(json!({"name": "Mine now"})),
        (_, Some("labels" | "{label}")) => Some(json!({"name": "Mine", "color": "#000000"})),
        (_, Some("comments" | "{comment}")) => Some(json!({"body": "Mine now"})),
        (_, Some("move")) => Some(json!({"status": "completed"})),
        _ => Some(json!({"title": "Mine now"})),
    };
    let mut tried = 0;
    for route in routes().iter().filter(|route| route.access == Access::Team) {
        assert!(route.path.contains("{team}"), "{} {}", route.method, route.path);
        for name in ["ops", team.as_str()] {
            let fill = |name: &str| {
                let path = route.path.replace("{team}", name).replace("{task}", &task).replace("{user}", &user);
                ["{id}", "{label}", "{comment}"].iter().fold(path, |path, name| path.replace(name, &task))
            };
            let body = body(route).map(|b| b.to_string().into_bytes());
            let theirs = mallory.api.send(route.method, &fill(name), body.clone()).await;
            theirs.is_problem(404, "not-found");
            let absent = mallory.api.send(route.method, &fill("nosuchteam"), body).await;
            let strip = |answer: &testkit::Answer| {
                let mut json = answer.json.clone();
                json["trace_id"] = Value::Null;
                json
            };
            assert_eq!(strip(&theirs), strip(&absent), "{} {}", route.method, route.path);
            tried += 1;
        }
    }
    assert!(tried >= 20, "only {tried} requests");
    let _ = alice.api.get(&format!("/api/v1/teams/ops/tasks/{task}")).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_of_a_service_is_reached_through_the_gateway() {
    let stack = Stack::start().await;
    for route in routes() {
        let id = uuid::Uuid::now_v7().to_string();
        let path = ["{team}", "{task}", "{user}", "{id}", "{label}", "{comment}"]
            .iter()
            .fold(route.path.to_owned(), |p, name| p.replace(name, &id));
        let answer = stack.api().send(route.method, &path, None).await;
        let status = answer.status.as_u16();
        if INTERNAL.contains(&route.path) {
            answer.is_problem(404, "no route");
        } else if route.access == Access::Public {
            assert!(status != 401 && status != 404, "{} {}: {}", route.method, path, answer.text);
        } else {
            answer.is_problem(401, "unauthenticated");
            assert!(!answer.header("www-authenticate").is_empty());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_must_be_ours_and_fresh() {
    // Tokens that live for two seconds.
    let stack = Stack::start_with(&[("TASKHUB__TOKENS__ACCESS_TOKEN_S", "2")]).await;
    let alice = Person::sign_up(&stack, "alice").await;
    let fresh = alice.sign_in(&stack).await;
    let _ = fresh.api.get("/api/v1/me").await.expect(200);
    let expired = eventually("the token expires", Duration::from_secs(10), async || {
        let answer = fresh.api.get("/api/v1/me").await;
        (answer.status == 401).then_some(answer)
    })
    .await;
    expired.is_problem(401, "expired");

    let jwks = stack.direct(Service::Auth).get("/.well-known/jwks.json").await.expect(200).json;
    let (kid, x) = (jwks["keys"][0]["kid"].as_str().unwrap(), jwks["keys"][0]["x"].as_str().unwrap());
    assert!(jwks["keys"][0].get("d").is_none(), "the private key stays private");
    let public = URL_SAFE_NO_PAD.decode(x).unwrap();
    let now = jsonwebtoken::get_current_timestamp();
    let claims = json!({
        "iss": "taskhub", "aud": "taskhub", "sub": alice.id, "sid": alice.id, "iat": now, "exp": now + 600, "jti": "x",
    });
    let part = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let none = format!("{}.{}.", part(json!({"alg": "none", "typ": "at+jwt", "kid": kid})), part(claims.clone()));
    let mut hs256 = Header::new(Algorithm::HS256);
    (hs256.typ, hs256.kid) = (Some("at+jwt".into()), Some(kid.into()));
    let hs256 = jsonwebtoken::encode(&hs256, &claims, &EncodingKey::from_secret(&public)).unwrap();
    let issuer = testkit::Issuer::start().await;
    let other = issuer.token(alice.id.parse().unwrap());

    stack.api().get("/api/v1/me").await.is_problem(401, "unauthenticated");
    for (what, token) in [("none", none), ("hs256", hs256), ("another key", other), ("nonsense", "a.b.c".into())] {
        for path in ["/api/v1/me", "/api/v1/teams/ops/tasks", "/api/v1/notifications"] {
            let answer = stack.api().with_token(&token).get(path).await;
            assert_eq!(answer.status.as_u16(), 401, "{what}: {}", answer.text);
            answer.is_problem(401, "unauthenticated");
        }
        // The services don't rely on the gateway's word.
        for (service, path) in [(Service::Task, "/api/v1/teams/ops/tasks"), (Service::Worker, "/api/v1/notifications")]
        {
            stack.direct(service).with_token(&token).get(path).await.is_problem(401, "unauthenticated");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_removed_from_a_team_is_a_stranger_at_once() {
    let stack = Stack::start().await;
    let (alice, bob) = (Person::sign_up(&stack, "alice").await, Person::sign_up(&stack, "bob").await);
    alice.make_team("ops").await;
    alice.bring("ops", &bob, "member").await;
    let _ = bob.api.get("/api/v1/teams/ops/tasks").await.expect(200);
    let _ = alice.api.delete(&format!("/api/v1/teams/ops/members/{}", bob.id)).await.expect(204);
    bob.api.get("/api/v1/teams/ops/tasks").await.is_problem(404, "not-found");
    bob.api.get("/api/v1/teams/ops").await.is_problem(404, "not-found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_signing_key_is_replaced_without_a_failed_request() {
    // A new key every few seconds, each published before it signs.
    let stack = Stack::start_with(&[
        ("TASKHUB__TOKENS__ROTATE_AFTER_S", "4"),
        ("TASKHUB__TOKENS__PUBLISH_AHEAD_S", "3"),
        ("TASKHUB__TOKENS__KEY_RELOAD_S", "1"),
        ("TASKHUB__AUTH__JWKS_REFRESH_S", "2"),
        ("TASKHUB__TOKENS__ACCESS_TOKEN_S", "120"),
    ])
    .await;
    let alice = Person::sign_up(&stack, "alice").await;
    let kid = |api: &Person| {
        let token = format!("{:?}", api.api);
        let start = token.find("eyJ").expect("a JWT");
        let header = token[start..].split('.').next().unwrap();
        String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
    };
    let first = kid(&alice);
    let (mut kids, mut requests) = (std::collections::HashSet::from([first]), 0);
    let until = std::time::Instant::now() + Duration::from_secs(60);
    while kids.len() < 3 {
        assert!(std::time::Instant::now() < until, "only {} keys", kids.len());
        let again = alice.sign_in(&stack).await;
        let _ = again.api.get("/api/v1/teams").await.expect(200);
        let _ = again.api.get("/api/tasks").await.expect(200);
        let _ = again.api.get("/api/v1/notifications").await.expect(200);
        let _ = alice.api.get("/api/tasks").await.expect(200);
        kids.insert(kid(&again));
        requests += 4;
    }
    assert!(requests > 10);
}
