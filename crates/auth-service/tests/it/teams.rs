//! `GET` and `POST /teams`, `GET /teams/{team}`.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::app::{TestApp, all_pages, items};

const TEAMS: &str = "/api/v1/teams";

#[tokio::test]
async fn whoever_makes_a_team_owns_it_and_finds_it_by_id_and_key() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await.api;
    let team = alice.post(TEAMS, json!({"name": " Operations ", "key": "OPS"})).await.expect(201).json;
    assert_eq!((&team["key"], &team["name"], &team["role"]), (&json!("ops"), &json!("Operations"), &json!("owner")));
    for named in ["ops", "OPS", team["id"].as_str().unwrap()] {
        assert_eq!(alice.get(&format!("{TEAMS}/{named}")).await.expect(200).json, team);
    }
}

#[tokio::test]
async fn a_chosen_key_that_is_taken_is_a_conflict_and_a_missing_one_is_made_up() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.register("alice").await, app.register("bob").await);
    alice.team("ops").await;
    bob.api.post(TEAMS, json!({"name": "Ops", "key": "ops"})).await.is_problem(409, "`ops` is taken");
    let mut keys = Vec::new();
    for _ in 0..10 {
        keys.push(bob.api.post(TEAMS, json!({"name": "Ops"})).await.expect(201).json["key"].clone());
    }
    assert_eq!(keys[..5], ["ops2", "ops3", "ops4", "ops5", "ops6"]);
    let unnamed = bob.api.post(TEAMS, json!({"name": "日本", "key": null})).await.expect(201).json;
    assert_eq!(unnamed["key"], "team");
}

#[tokio::test]
async fn of_many_who_want_one_key_at_once_one_gets_it() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await.api;
    let chosen = join_all((0..6).map(|_| alice.post(TEAMS, json!({"name": "X", "key": "xx"})))).await;
    assert_eq!(chosen.iter().filter(|a| a.status == 201).count(), 1);
    assert_eq!(chosen.iter().filter(|a| a.status == 409).count(), 5);
    let suggested = join_all((0..6).map(|_| alice.post(TEAMS, json!({"name": "Yy"})))).await;
    assert!(suggested.iter().all(|a| a.status == 201), "{suggested:?}");
    assert_eq!(app.count("members").await, 8, "every team has its owner");
}

#[tokio::test]
async fn the_list_comes_in_pages_without_a_gap_or_a_double() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    for n in 0..6 {
        alice.team(&format!("t{n}")).await;
    }
    // The same moment for all: the order must hold without it.
    app.execute("UPDATE identity.teams SET created_at = '2026-01-01T00:00:00.123456Z'").await;
    let other = app.register("bob").await;
    other.team("theirs").await;
    let whole = alice.api.get(TEAMS).await.expect(200).json;
    assert_eq!((items(&whole).len(), &whole["next_cursor"]), (7, &Value::Null));
    for limit in [1, 2, 3, 7, 8] {
        let (sizes, all) = all_pages(&alice.api, TEAMS, limit).await;
        assert_eq!(&all, items(&whole), "limit {limit}");
        assert!(sizes[..sizes.len() - 1].iter().all(|size| *size == limit));
        assert_eq!(sizes.len(), 7_usize.div_ceil(limit));
    }
    let cursor = alice.api.get(&format!("{TEAMS}?limit=1")).await.json["next_cursor"].as_str().unwrap().to_owned();
    other.api.get(&format!("{TEAMS}?cursor={cursor}")).await.is_problem(400, "bad-cursor");
    for (query, says) in [
        ("limit=0", "1 to 200"),
        ("limit=100000", "1 to 200"),
        ("limit=ten", "1 to 200"),
        ("cursor=nope", "bad-cursor"),
        ("limit=1&limit=2", "duplicate field"),
        ("page=2", "`page`; known here: limit, cursor"),
    ] {
        alice.api.get(&format!("{TEAMS}?{query}")).await.is_problem(400, says);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_team_is_said_where() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await.api;
    for (body, pointer) in [
        (json!({"key": "ops"}), ""),
        (json!({"name": "", "key": "ops"}), "/name"),
        (json!({"name": "a\u{0}"}), "/name"),
        (json!({"name": "x".repeat(101)}), "/name"),
        (json!({"name": "Ops", "key": "1"}), "/key"),
        (json!({"name": "Ops", "key": "a-b"}), "/key"),
        (json!({"name": "Ops", "key": 7}), "/key"),
        (json!({"name": "Ops", "color": "red"}), "/color"),
        (json!(["Ops"]), ""),
    ] {
        let answer = alice.post(TEAMS, body.clone()).await;
        answer.is_problem(422, "validation");
        assert_eq!(answer.json["errors"][0]["pointer"], pointer, "{body}: {}", answer.text);
    }
    alice.send("POST", TEAMS, Some(b"{".to_vec())).await.is_problem(400, "malformed-json");
    alice.get(&format!("{TEAMS}/not-a-team")).await.is_problem(400, "its key, for example ops");
    alice.get(&format!("{TEAMS}/a%00b")).await.is_problem(400, "its key, for example ops");
    alice.get(&format!("{TEAMS}/nosuch")).await.is_problem(404, "not-found");
}
