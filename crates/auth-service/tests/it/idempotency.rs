//! `Idempotency-Key` on `POST /teams` and `POST /teams/{team}/invitations`.

use futures_util::future::join_all;
use serde_json::json;

use crate::app::TestApp;

const TEAMS: &str = "/api/v1/teams";
const OPS: &str = "/api/v1/teams/ops/invitations";

#[tokio::test]
async fn the_same_request_again_gets_the_first_answer_again() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let keyed = alice.api.with_header("Idempotency-Key", "one key");
    let first = keyed.post(TEAMS, json!({"name": "Ops", "key": "ops"})).await.expect(201);
    let again = keyed.post(TEAMS, json!({"name": "Ops", "key": "ops"})).await.expect(201);
    assert_eq!(
        (first.text, first.headers["content-type"].clone()),
        (again.text, again.headers["content-type"].clone())
    );
    assert_eq!(app.count("teams").await, 2);

    let keyed = alice.api.with_header("Idempotency-Key", "another");
    let body = json!({"email": "bob@example.org", "role": "member"});
    let first = keyed.post(OPS, body.clone()).await.expect(201);
    let again = keyed.post(OPS, body).await.expect(201);
    assert_eq!(first.text, again.text, "with the token");
    assert_eq!(again.header("cache-control"), "no-store");
    assert_eq!(app.count("invitations").await, 1);
}

#[tokio::test]
async fn another_request_with_the_same_key_is_refused() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let keyed = alice.api.with_header("Idempotency-Key", "k");
    let _ = keyed.post(TEAMS, json!({"name": "Ops", "key": "ops"})).await.expect(201);
    let other = keyed.post(TEAMS, json!({"name": "Dev", "key": "dev"})).await;
    other.is_problem(409, "idempotency-mismatch");
    let body = json!({"email": "bob@example.org", "role": "member"});
    keyed.post(OPS, body).await.is_problem(409, "idempotency-mismatch");
    // Somebody else's keys are their own.
    let bob = app.register("bob").await.api.with_header("Idempotency-Key", "k");
    let _ = bob.post(TEAMS, json!({"name": "Dev", "key": "dev"})).await.expect(201);
}

#[tokio::test]
async fn what_was_refused_may_be_tried_again() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.register("alice").await, app.register("bob").await);
    bob.team("ops").await;
    let keyed = alice.api.with_header("Idempotency-Key", "k");
    keyed.post(TEAMS, json!({"name": "Ops", "key": "ops"})).await.is_problem(409, "is taken");
    let _ = keyed.post(TEAMS, json!({"name": "Ops", "key": "ops2"})).await.expect(201);
}

#[tokio::test]
async fn the_same_request_many_times_at_once_is_done_once() {
    let app = TestApp::start().await;
    let keyed = app.register("alice").await.api.with_header("Idempotency-Key", "k");
    let answers = join_all((0..8).map(|_| keyed.post(TEAMS, json!({"name": "Ops"})))).await;
    let first = answers[0].clone().expect(201).text;
    assert!(answers.iter().all(|a| a.status == 201 && a.text == first), "{answers:?}");
    assert_eq!(app.count("teams").await, 2);
}

#[tokio::test]
async fn after_a_day_a_key_is_free_again() {
    let app = TestApp::start().await;
    let keyed = app.register("alice").await.api.with_header("Idempotency-Key", "k");
    let _ = keyed.post(TEAMS, json!({"name": "Ops"})).await.expect(201);
    app.execute("UPDATE identity.idempotency_keys SET created_at = now() - interval '25 hours'").await;
    let second = keyed.post(TEAMS, json!({"name": "Dev"})).await.expect(201);
    assert_eq!(keyed.post(TEAMS, json!({"name": "Dev"})).await.expect(201).text, second.text);
}

#[tokio::test]
async fn whoever_lost_their_rights_does_not_get_the_answer_again() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let bob = app.member(&team, "bob", "admin").await;
    let keyed = bob.api.with_header("Idempotency-Key", "k");
    let body = json!({"email": "c@example.org", "role": "member"});
    let _ = keyed.post(OPS, body.clone()).await.expect(201);
    app.execute("UPDATE identity.members SET role = 'member' WHERE role = 'admin'").await;
    keyed.post(OPS, body).await.is_problem(403, "needs the role admin");
}

#[tokio::test]
async fn a_key_is_1_to_255_printable_characters_and_comes_once() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await.api;
    let (long, too_long) = ("k".repeat(255), "k".repeat(256));
    let _ = alice.with_header("Idempotency-Key", &long).post(TEAMS, json!({"name": "A"})).await.expect(201);
    for bad in ["", "schlüssel", "a\tb", &too_long] {
        let answer = alice.with_header("Idempotency-Key", bad).post(TEAMS, json!({"name": "A"})).await;
        answer.is_problem(400, "1 to 255 printable ASCII");
    }
    let twice = alice.with_header("Idempotency-Key", "a").with_header("Idempotency-Key", "b");
    twice.post(TEAMS, json!({"name": "A"})).await.is_problem(400, "sent once");
}
