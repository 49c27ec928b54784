//! Who may call what at all: every route there is, from the table.

use auth_service::routes::ROUTES;
use domain::UserId;
use platform::routes::{Access, Route};
use serde_json::{Value, json};
use testkit::{Answer, Api, Forgery, Issuer, keeps_conventions};

use crate::app::{PASSWORD, Person, TestApp, text};

/// A body that the route takes, so that what is refused isn't refused for its body.
fn body(route: &Route) -> Option<Value> {
    match (route.method, route.path) {
        ("POST", "/api/v1/teams") => Some(json!({"name": "T"})),
        ("POST", "/api/v1/auth/password") => {
            Some(json!({"current_password": "a", "new_password": "long enough, one hopes"}))
        }
        ("POST", "/api/v1/invitations/accept") => Some(json!({"token": "thi_x"})),
        ("POST", "/api/v1/teams/{team}/invitations") => Some(json!({"email": "x@example.org", "role": "viewer"})),
        ("PATCH", "/api/v1/me") => Some(json!({"name": "N"})),
        ("PATCH", _) => Some(json!({"role": "viewer"})),
        ("POST", _) => Some(json!({})),
        _ => None,
    }
}

async fn call(api: &Api, route: &Route, team: &str, user: &str, id: &str) -> Answer {
    let path = route.path.replace("{team}", team).replace("{user}", user).replace("{id}", id);
    api.send(route.method, &path, body(route).map(|body| body.to_string().into_bytes())).await
}

fn guarded() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.access != Access::Public)
}

#[tokio::test]
async fn nothing_but_the_public_routes_is_served_without_a_good_token() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let issuer = Issuer::start().await;
    let user: UserId = alice.id.parse().unwrap();
    let mut bad: Vec<Api> = Forgery::ALL.iter().map(|f| app.api().with_token(issuer.forge(user, *f))).collect();
    // A good token, of somebody else's issuer; ours, with a changed end; ours, as another scheme.
    bad.push(app.api().with_token(issuer.token(user)));
    bad.push(app.api().with_token(&alice.access[..alice.access.len() - 4]));
    bad.push(app.api().with_token(&alice.refresh));
    bad.push(app.api());
    bad.push(app.api().with_header("Authorization", &format!("Basic {}", alice.access)));
    for route in guarded() {
        for api in &bad {
            let answer = call(api, route, "alice", &alice.id, &alice.id).await;
            answer.is_problem(401, "unauthenticated");
            assert!(answer.header("www-authenticate").starts_with("Bearer realm="));
            let says = answer.header("www-authenticate").contains("error=\"invalid_token\"");
            assert_eq!(says, !answer.text.contains("Send "), "{}", answer.text);
        }
    }
    let _ = alice.api.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn to_a_stranger_a_team_is_as_if_it_were_not_there() {
    let app = TestApp::start().await;
    let (alice, mallory) = (app.register("alice").await, app.register("mallory").await);
    let team = alice.team("ops").await;
    let invitation = alice.invite("ops", "bob@example.org", "viewer").await;
    let missing = UserId::new().to_string();
    let routes: Vec<_> = ROUTES.iter().filter(|route| route.access == Access::Team).collect();
    assert!(routes.iter().all(|route| route.path.contains("{team}")) && routes.len() >= 6);
    for route in routes {
        let mut seen = Vec::new();
        for named in ["ops", &text(&team["id"]), "nosuch", &missing] {
            let mut answer = call(&mallory.api, route, named, &alice.id, &text(&invitation["id"])).await;
            answer.is_problem(404, "not-found");
            answer.json["trace_id"].take();
            seen.push(answer.json);
        }
        assert!(seen.iter().all(|json| *json == seen[0]), "{} {}: {seen:?}", route.method, route.path);
    }
    assert_eq!(alice.roles("ops").await, [("alice".to_owned(), "owner".to_owned())]);
}

#[tokio::test]
async fn every_route_keeps_the_conventions() {
    let app = TestApp::start().await;
    let alice: Person = app.register("alice").await;
    for route in ROUTES {
        let path = route.path.replace("{team}", "alice").replace("{user}", &alice.id).replace("{id}", &alice.id);
        let body = body(route).map(|body| body.to_string());
        keeps_conventions(&alice.api, route, &path, body.as_deref()).await;
    }
}

#[tokio::test]
async fn what_was_made_is_where_its_location_says() {
    let app = TestApp::start().await;
    let alice: Person = app.register("alice").await;
    for path in ["/api/v1/teams", "/api/v1/teams/ops/invitations"] {
        let body = json!({"name": "Operations", "key": "ops"});
        let body = if path.ends_with("teams") { body } else { json!({"email": "bob@example.org", "role": "viewer"}) };
        let api = alice.api.with_header("idempotency-key", path);
        let (made, again) = (api.post(path, body.clone()).await.expect(201), api.post(path, body).await.expect(201));
        assert_eq!(made.header("location"), again.header("location"));
        let mut found = alice.api.get(made.header("location")).await.expect(200).json;
        if let Some(token) = made.json.get("token") {
            assert!(found.get("token").is_none(), "only the first answer shows the token");
            found["token"] = token.clone();
        }
        assert_eq!(found, made.json, "{path}");
    }
    let member = alice.api.get(&format!("/api/v1/teams/ops/members/{}", alice.id)).await.expect(200).json;
    assert_eq!((text(&member["user"]["id"]), text(&member["role"])), (alice.id.clone(), "owner".to_owned()));
    let path = format!("/api/v1/teams/ops/members/{}", UserId::new());
    alice.api.get(&path).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn every_route_refuses_what_its_table_does_not_know() {
    let app = TestApp::start().await;
    let alice: Person = app.register("alice").await;
    for route in ROUTES {
        let path = route.path.replace("{team}", "alice").replace("{user}", &alice.id).replace("{id}", &alice.id);
        let body = || body(route).map(|body| body.to_string().into_bytes());
        let unknown = alice.api.send(route.method, &format!("{path}?colour=red"), body()).await;
        unknown.is_problem(400, "Unknown query parameter `colour`");
        let wrong = alice.api.send("PUT", &path, Some(b"{}".to_vec())).await;
        wrong.is_problem(405, "method-not-allowed");
        assert!(wrong.header("allow").split(", ").any(|method| method == route.method), "{}", route.path);
    }
    alice.api.get("/api/v1/nothing").await.is_problem(404, "no route");
}

#[tokio::test]
async fn a_token_of_an_ended_session_changes_nothing() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let bob = app.member(&team, "bob", "viewer").await;
    let invitation = alice.invite("ops", "carol@example.org", "viewer").await;
    let ended = app.login("alice").await;
    let foreign = bob.invite("bob", "alice@example.org", "viewer").await;
    let _ = app.api().post("/api/v1/auth/logout", json!({"refresh_token": ended.refresh})).await.expect(204);
    let sessions = alice.api.get("/api/v1/auth/sessions").await.expect(200).json;
    let session = text(&sessions["items"][0]["id"]);
    let before = snapshot(&app).await;
    let changing: Vec<_> = guarded().filter(|route| route.method != "GET").collect();
    assert!(changing.len() >= 9);
    for route in changing {
        // Of the caller's own what the path names: another session, another member, an open invitation.
        let (path, id) = (route.path, text(&invitation["id"]));
        let path = path.replace("{session}", &session).replace("{team}", "ops");
        let path = path.replace("{user}", &bob.id).replace("{id}", &id);
        let body = match route.path {
            "/api/v1/auth/password" => {
                Some(json!({"current_password": PASSWORD, "new_password": "long enough, one hopes"}))
            }
            "/api/v1/invitations/accept" => Some(json!({"token": foreign["token"]})),
            _ => body(route),
        };
        let answer = ended.api.send(route.method, &path, body.map(|body| body.to_string().into_bytes())).await;
        answer.is_problem(401, "unauthenticated");
        assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""), "{path}");
    }
    assert_eq!(snapshot(&app).await, before);
    // A session that has expired is as good as ended.
    let expired = app.login("alice").await;
    let _ = expired.team("dev").await;
    app.execute("UPDATE identity.sessions SET expires_at = now() - interval '1 second'").await;
    expired.api.post("/api/v1/teams", json!({"name": "T"})).await.is_problem(401, "session");
}

/// All that the routes could have changed.
async fn snapshot(app: &TestApp) -> Vec<String> {
    let admin = app.database.admin().await;
    let mut rows = Vec::new();
    for table in ["users", "teams", "members", "sessions", "invitations", "idempotency_keys"] {
        let found = admin.query(&format!("SELECT r::text FROM identity.{table} r ORDER BY 1"), &[]).await.unwrap();
        rows.extend(found.iter().map(|row| row.get::<_, String>(0)));
    }
    rows
}
