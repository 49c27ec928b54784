//! `POST /auth/register`, `GET` and `PATCH /me`.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::app::{PASSWORD, TestApp, items, text};

const CHANGE: &str = "/api/v1/auth/password";
const REGISTER: &str = "/api/v1/auth/register";

#[tokio::test]
async fn registering_gives_a_session_and_a_team_of_ones_own() {
    let app = TestApp::start().await;
    let body = json!({"email": " Alice.Smith@Example.ORG ", "password": PASSWORD, "name": "Alice Smith"});
    let answer = app.api().post(REGISTER, body).await.expect(201);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.json["user"]["email"], "alice.smith@example.org");
    assert_eq!(answer.json["user"]["name"], "Alice Smith");
    assert_eq!((&answer.json["token_type"], &answer.json["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert!(text(&answer.json["refresh_token"]).starts_with("thr_"));
    assert!(!answer.text.contains("argon2") && !answer.text.contains(PASSWORD));

    let alice = app.api().with_token(text(&answer.json["access_token"]));
    let me = alice.get(answer.header("location")).await.expect(200).json;
    assert_eq!(me, answer.json["user"]);
    let teams = alice.get("/api/v1/teams").await.expect(200).json;
    let [team] = items(&teams).as_slice() else { panic!("one team: {teams}") };
    assert_eq!((&team["key"], &team["role"]), (&json!("alicesmith"), &json!("owner")));
    let admin = app.database.admin().await;
    let row = admin.query_one("SELECT personal, user_id::text FROM identity.team_access", &[]).await.unwrap();
    assert_eq!((row.get::<_, bool>(0), row.get::<_, &str>(1)), (true, me["id"].as_str().unwrap()));
}

#[tokio::test]
async fn secrets_are_nowhere_in_the_database() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let invited = alice.invite("ops", "bob@example.org", "member").await;
    let admin = app.database.admin().await;
    for table in ["users", "sessions", "refresh_tokens", "invitations", "signing_keys", "idempotency_keys"] {
        let rows = admin.query(&format!("SELECT t::text FROM identity.{table} t"), &[]).await.unwrap();
        for row in rows {
            let row: String = row.get(0);
            for secret in [PASSWORD, &alice.refresh, &text(&invited["token"])] {
                assert!(!row.contains(secret), "{table} holds a secret");
                let hex: String = secret.bytes().map(|b| format!("{b:02x}")).collect();
                assert!(!row.contains(&hex), "{table} holds a secret as bytes");
            }
        }
    }
    let hash: String = admin.query_one("SELECT password_hash FROM identity.users", &[]).await.unwrap().get(0);
    assert!(hash.starts_with("$argon2id$v=19$"), "{hash}");
    assert_eq!(team["role"], "owner");
}

#[tokio::test]
async fn an_address_has_one_account_however_it_is_spelled() {
    let app = TestApp::start().await;
    app.register("alice").await;
    let again = json!({"email": "ALICE@example.org", "password": PASSWORD, "name": "Another"});
    let answer = app.api().post(REGISTER, again).await;
    answer.is_problem(409, "account with this email");
    assert!(answer.json.get("errors").is_none());
    assert_eq!((app.count("users").await, app.count("teams").await, app.count("sessions").await), (1, 1, 1));
}

#[tokio::test]
async fn of_many_who_take_one_address_at_once_one_gets_it() {
    let app = TestApp::start().await;
    let (api, body) = (app.api(), json!({"email": "a@example.org", "password": PASSWORD, "name": "A"}));
    let answers = join_all((0..8).map(|_| api.post(REGISTER, body.clone()))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|a| a.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!((app.count("users").await, app.count("teams").await, app.count("members").await), (1, 1, 1));
}

#[tokio::test]
async fn people_of_one_name_get_team_keys_of_their_own_even_at_once() {
    let app = TestApp::start().await;
    let api = app.api();
    let answers = join_all((0..12).map(|n| {
        api.post(REGISTER, json!({"email": format!("sam@host{n}.example"), "password": PASSWORD, "name": "Sam"}))
    }))
    .await;
    assert!(answers.iter().all(|a| a.status == 201), "{answers:?}");
    let admin = app.database.admin().await;
    let keys = admin.query("SELECT DISTINCT key FROM identity.teams WHERE key ~ '^sam[0-9]*$'", &[]).await.unwrap();
    assert_eq!(keys.len(), 12);
}

#[tokio::test]
async fn what_is_wrong_with_a_registration_is_said_where() {
    let app = TestApp::start().await;
    let good = json!({"email": "a@example.org", "password": PASSWORD, "name": "A"});
    let with = |key: &str, value: Value| {
        let mut body = good.clone();
        body[key] = value;
        body
    };
    for (body, pointer) in [
        (with("email", json!("nobody")), "/email"),
        (with("email", json!("a\u{0}@example.org")), "/email"),
        (with("password", json!("short")), "/password"),
        (with("password", json!("x".repeat(257))), "/password"),
        (with("name", json!("  ")), "/name"),
        (with("name", json!("a\u{0}b")), "/name"),
        (with("name", json!("x".repeat(101))), "/name"),
        (with("name", json!(7)), "/name"),
        (with("admin", json!(true)), "/admin"),
    ] {
        let answer = app.api().post(REGISTER, body.clone()).await;
        answer.is_problem(422, "validation");
        assert_eq!(answer.json["errors"][0]["pointer"], pointer, "{body}: {}", answer.text);
        assert!(!answer.text.contains("xxxxxxxx"), "a password is repeated: {}", answer.text);
    }
    let all = app.api().post(REGISTER, json!({"email": "", "password": "", "name": ""})).await.expect(422);
    assert_eq!(all.json["errors"].as_array().unwrap().len(), 3);
    app.api().send("POST", REGISTER, Some(b"{nope".to_vec())).await.is_problem(400, "malformed-json");
    app.api().send("POST", REGISTER, None).await.is_problem(415, "application/json");
    assert_eq!(app.count("users").await, 0);
}

#[tokio::test]
async fn one_may_change_ones_name_and_nothing_else() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await.api;
    let before = alice.get("/api/v1/me").await.expect(200).json;
    assert_eq!(alice.patch("/api/v1/me", json!({})).await.expect(200).json, before);
    let after = alice.patch("/api/v1/me", json!({"name": " Alicia "})).await.expect(200).json;
    assert_eq!(after["name"], "Alicia");
    assert_eq!((&after["id"], &after["created_at"]), (&before["id"], &before["created_at"]));
    assert_eq!(alice.get("/api/v1/me").await.expect(200).json, after);
    for (body, pointer) in [
        (json!({"name": null}), "/name"),
        (json!({"name": ""}), "/name"),
        (json!({"name": "a\nb"}), "/name"),
        (json!({"email": "b@example.org"}), "/email"),
    ] {
        let answer = alice.patch("/api/v1/me", body).await;
        answer.is_problem(422, "validation");
        assert_eq!(answer.json["errors"][0]["pointer"], pointer, "{}", answer.text);
    }
}

#[tokio::test]
async fn a_token_outlives_its_account_without_a_500() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await.api;
    app.execute("DELETE FROM identity.users").await;
    alice.get("/api/v1/me").await.is_problem(401, "no longer exists");
    alice.patch("/api/v1/me", json!({"name": "A"})).await.is_problem(401, "has ended");
    alice.post("/api/v1/teams", json!({"name": "T"})).await.is_problem(401, "has ended");
    let keyed = alice.with_header("Idempotency-Key", "k");
    keyed.post("/api/v1/teams", json!({"name": "T"})).await.is_problem(401, "has ended");
    assert_eq!(items(&alice.get("/api/v1/teams").await.expect(200).json).len(), 0);
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let (thief, bob) = (app.login("alice").await, app.register("bob").await);
    let change = |current: &str, new: &str| json!({"current_password": current, "new_password": new});
    alice.api.post(CHANGE, change("wrong password", "another one entirely")).await.is_problem(422, "/current_password");
    alice.api.post(CHANGE, change(PASSWORD, "short")).await.is_problem(422, "/new_password");
    alice.api.post(CHANGE, change(&"x".repeat(257), "another one entirely")).await.is_problem(422, "256 bytes");
    app.api().post(CHANGE, change(PASSWORD, "another one entirely")).await.is_problem(401, "unauthenticated");
    let _ = alice.api.post(CHANGE, change(PASSWORD, "another one entirely")).await.expect(204);
    app.refresh(&thief.refresh).await.is_problem(401, "not valid");
    for person in [&alice, &bob] {
        let _ = app.refresh(&person.refresh).await.expect(200);
    }
    let login = |password: &str| json!({"email": "alice@example.org", "password": password});
    app.api().post("/api/v1/auth/login", login(PASSWORD)).await.is_problem(401, "bad-credentials");
    let _ = app.api().post("/api/v1/auth/login", login("another one entirely")).await.expect(200);
}

#[tokio::test]
async fn of_many_changes_of_a_password_at_once_one_is_made() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let answers = join_all((0..6).map(|n| {
        alice.api.post(CHANGE, json!({"current_password": PASSWORD, "new_password": format!("password number {n}")}))
    }))
    .await;
    let done: Vec<usize> = (0..6).filter(|n: &usize| answers[*n].status == 204).collect();
    let [winner] = done.as_slice() else { panic!("one: {done:?}") };
    assert!(answers.iter().all(|answer| [204, 409, 422].contains(&answer.status.as_u16())));
    let body = json!({"email": "alice@example.org", "password": format!("password number {winner}")});
    let _ = app.api().post("/api/v1/auth/login", body).await.expect(200);
}
