//! `GET /api/v1/teams/{team}/events`.

use std::time::{Duration, Instant};

use serde_json::json;
use testkit::{Running, eventually, http_settings};

use crate::watcher::Watcher;
use crate::world::{World, path};

const EVENTS: &str = "/api/v1/teams/ops/events";

#[tokio::test]
async fn what_happens_is_said_at_once_to_all_who_watch_whichever_replica_they_are_at() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let (_service, other) = world.replica().await;
    alice.titled("before").await;
    let token = world.issuer.token(bob.id);
    let (mut here, from) = Watcher::open(&world.running, &token, None).await;
    assert_eq!(from, 1);
    let (mut there, _) = Watcher::open(&other, &token, None).await;
    let task = alice.titled("a").await;
    alice.api.patch(&path(&task), json!({"title": "line\nbreak? \u{2028} no"})).await.is_problem(422, "/title");
    alice.api.patch(&path(&task), json!({"description": "line\nbreaks\r\n\n\u{2028}are kept"})).await.expect(200);
    alice.label("bug").await;
    alice.comment(&task, "done").await;
    let log = alice.api.get("/api/v1/teams/ops/changes?since=1").await.json["items"].clone();
    for watcher in [&mut here, &mut there] {
        for event in log.as_array().unwrap() {
            assert_eq!(&watcher.change().await.unwrap().data, event);
        }
    }
}

#[tokio::test]
async fn a_stream_goes_on_after_what_the_client_has() {
    let (world, alice, _) = World::with("member").await;
    for n in 1..=250 {
        alice.titled(&n.to_string()).await;
    }
    let token = world.issuer.token(alice.id);
    for after in [0, 1, 49, 149, 150, 249, 250] {
        let (mut watcher, from) = Watcher::open(&world.running, &token, Some(after)).await;
        assert_eq!(from, after);
        for revision in after + 1..=250 {
            assert_eq!(watcher.change().await.unwrap().id, Some(revision));
        }
    }
    // The header, which a client sends when it comes back, is newer than the address that it first asked for.
    let response = Watcher::ask(&world.running, &token, "?since=3", Some("7")).await;
    assert_eq!(response.status(), 200);
    let text = { response }.chunk().await.unwrap().unwrap();
    let text = std::str::from_utf8(&text).unwrap();
    let ready = text.strip_prefix("event: ready\nid: 7-").unwrap();
    assert!(ready.contains("\ndata: {\"revision\": 7}\n\nid: 8-"), "{ready}");
    let (mut watcher, from) = Watcher::open(&world.running, &token, None).await;
    assert_eq!(from, 250);
    alice.titled("new").await;
    assert_eq!(watcher.change().await.unwrap().id, Some(251));
}

#[tokio::test]
async fn a_stream_ends_with_the_membership() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let (mut bobs, _) = Watcher::open(&world.running, &world.issuer.token(bob.id), None).await;
    let (mut alices, _) = Watcher::open(&world.running, &world.issuer.token(alice.id), None).await;
    let gone = "DELETE FROM identity.members WHERE user_id = $1";
    world.db.admin().await.execute(gone, &[&bob.id.uuid()]).await.unwrap();
    let end = bobs.said().await.unwrap();
    assert_eq!((end.id, end.event.as_str(), end.data), (None, "end", json!({"reason": "not_a_member"})));
    assert_eq!(bobs.said().await, None);
    bob.api.get(EVENTS).await.is_problem(404, "not-found");
    alice.titled("a").await;
    assert_eq!(alices.change().await.unwrap().id, Some(1));
}

#[tokio::test]
async fn a_stream_ends_with_the_token() {
    let (world, alice, _) = World::with("viewer").await;
    let start = Instant::now();
    let (mut watcher, _) = Watcher::open(&world.running, &world.issuer.token_for(alice.id, 3), None).await;
    let end = watcher.said().await.unwrap();
    assert_eq!((end.event.as_str(), end.data), ("end", json!({"reason": "token_expired"})));
    assert_eq!(watcher.said().await, None);
    assert!(start.elapsed() > Duration::from_secs(1));
}

#[tokio::test]
async fn a_stream_ends_at_once_when_the_service_stops() {
    let (world, alice, _) = World::with("viewer").await;
    let token = world.issuer.token(alice.id);
    let World { running, service, issuer, db } = world;
    let (mut watcher, _) = Watcher::open(&running, &token, None).await;
    let start = Instant::now();
    running.stop().await;
    assert_eq!(watcher.said().await, None);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    drop((service, issuer, db));
}

#[tokio::test]
async fn one_user_cannot_take_the_streams_of_all() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.person("bob").await;
    let join = "INSERT INTO identity.members (team_id, user_id, role) VALUES ($1, $2, 'viewer')";
    world.db.admin().await.execute(join, &[&team.uuid(), &bob.id.uuid()]).await.unwrap();
    let mut http = http_settings();
    http.max_streams_per_user = 2;
    let running = Running::start_with(&http, world.service.health(), world.service.configure()).await;
    let token = world.issuer.token(alice.id);
    let _first = Watcher::open(&running, &token, None).await;
    let second = Watcher::open(&running, &token, None).await;
    let refused = running.api().with_token(&token).get(EVENTS).await;
    refused.is_problem(429, "live streams open");
    assert!(!refused.header("retry-after").is_empty());
    let _bobs = Watcher::open(&running, &world.issuer.token(bob.id), None).await;
    drop(second);
    eventually("a place is free", Duration::from_secs(20), async || {
        alice.titled("a").await;
        (Watcher::ask(&running, &token, "", None).await.status() == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn streams_have_a_bound_of_their_own_and_take_no_place_from_requests() {
    let (world, alice, _) = World::with("member").await;
    let mut http = http_settings();
    (http.max_streams, http.max_in_flight) = (3, 2);
    let running = Running::start_with(&http, world.service.health(), world.service.configure()).await;
    let token = world.issuer.token(alice.id);
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(Watcher::open(&running, &token, None).await.0);
    }
    let alice = running.api().with_token(&token);
    let refused = alice.get(EVENTS).await;
    refused.is_problem(503, "live streams");
    assert!(!refused.header("retry-after").is_empty());
    alice.post("/api/v1/teams/ops/tasks", json!({"title": "a"})).await.expect(201);
    for watcher in &mut open {
        assert_eq!(watcher.change().await.unwrap().id, Some(1));
    }
    open.pop();
    // It is seen that a client has gone when something is sent to it.
    eventually("a place is free", Duration::from_secs(20), async || {
        alice.post("/api/v1/teams/ops/tasks", json!({"title": "a"})).await.expect(201);
        (Watcher::ask(&running, &token, "", None).await.status() == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_stream_goes_on_when_the_connections_to_the_database_were_cut() {
    let (world, alice, _) = World::with("member").await;
    let (mut watcher, _) = Watcher::open(&world.running, &world.issuer.token(alice.id), None).await;
    alice.titled("a").await;
    assert_eq!(watcher.change().await.unwrap().id, Some(1));
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE usename = 'taskhub_tasks' AND datname = current_database()";
    world.count(cut).await;
    eventually("a write", Duration::from_secs(5), async || {
        let answer = alice.api.post("/api/v1/teams/ops/tasks", json!({"title": "b"})).await;
        (answer.status == 201).then_some(())
    })
    .await;
    assert_eq!(watcher.change().await.unwrap().id, Some(2));
}

#[tokio::test]
async fn a_change_that_nobody_was_told_of_is_found_all_the_same() {
    let (world, alice, team) = World::with("member").await;
    alice.titled("a").await;
    let (mut watcher, _) = Watcher::open(&world.running, &world.issuer.token(alice.id), None).await;
    let silent = "WITH l AS (UPDATE tasks.team_log SET revision = 2 WHERE team_id = $1)
                  INSERT INTO tasks.events (team_id, revision, id, type, task_id, actor_id, data)
                  SELECT team_id, 2, gen_random_uuid(), type, task_id, actor_id, data FROM tasks.events WHERE team_id = $1";
    world.db.admin().await.execute(silent, &[&team.uuid()]).await.unwrap();
    assert_eq!(watcher.change().await.unwrap().id, Some(2));
}

#[tokio::test]
async fn bad_requests_are_refused_and_open_nothing() {
    let (world, alice, _) = World::with("viewer").await;
    let token = world.issuer.token(alice.id);
    alice.api.get(&format!("{EVENTS}?since=x")).await.is_problem(400, "`since`");
    // Beyond the log: it ends at once.
    assert_eq!(Watcher::ask(&world.running, &token, "?since=1", None).await.status(), 200);
    for id in ["", "x", "-1", "1.5", "\"1\"", "1-", "-", "1-x", "1--1", "1-2-3", "1-+2"] {
        assert_eq!(Watcher::ask(&world.running, &token, "", Some(id)).await.status(), 400, "{id:?}");
    }
    alice.api.post(EVENTS, json!({})).await.is_problem(405, "GET");
    let metrics = testkit::Api::new(&world.running.management_url).get("/metrics").await.text;
    assert!(metrics.contains("\ntaskhub_streams_open 0\n"), "{metrics}");
}

/// Reads until a change of members is told.
async fn told_of_members(watcher: &mut Watcher) {
    loop {
        let said = watcher.next().await.expect("the stream goes on");
        if said.event == "members" {
            assert_eq!((said.id, said.data), (None, json!({})));
            return;
        }
    }
}

#[tokio::test]
async fn a_change_of_members_roles_or_names_is_told_and_ends_the_streams_of_those_who_left_within_a_second() {
    let (world, alice, team) = World::with("owner").await;
    let bob = world.member(team, "bob", "member").await;
    let (mut alices, _) = Watcher::open(&world.running, &world.issuer.token(alice.id), None).await;
    let (mut bobs, _) = Watcher::open(&world.running, &world.issuer.token(bob.id), None).await;
    let admin = world.db.admin().await;
    // The first comes when the service has begun to listen, at the latest.
    let changes = [
        "UPDATE identity.members SET role = 'viewer' WHERE user_id = $1",
        "UPDATE identity.users SET name = 'Robert' WHERE id = $1",
        "UPDATE identity.teams SET name = 'Operations' WHERE id IN (SELECT team_id FROM identity.members WHERE user_id = $1)",
        "UPDATE identity.members SET role = 'admin' WHERE user_id = $1",
    ];
    for change in changes {
        admin.execute(change, &[&bob.id.uuid()]).await.unwrap();
        told_of_members(&mut alices).await;
        told_of_members(&mut bobs).await;
    }
    let start = Instant::now();
    admin.execute("DELETE FROM identity.members WHERE user_id = $1", &[&bob.id.uuid()]).await.unwrap();
    let end = bobs.said().await.unwrap();
    assert_eq!((end.event.as_str(), end.data), ("end", json!({"reason": "not_a_member"})));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    told_of_members(&mut alices).await;
}

#[tokio::test]
async fn a_position_beyond_the_log_ends_the_stream_and_says_that_the_log_was_reset() {
    let (world, alice, team) = World::with("member").await;
    let token = world.issuer.token(alice.id);
    for n in 0..3 {
        alice.titled(&n.to_string()).await;
    }
    let reset = "event: end\ndata: {\"reason\": \"log_reset\"}\n\n";
    for (query, id) in [("?since=4", None), ("", Some("4"))] {
        let response = Watcher::ask(&world.running, &token, query, id).await;
        assert_eq!((response.status().as_u16(), response.text().await.unwrap().as_str()), (200, reset));
    }
    let (mut watcher, _) = Watcher::open(&world.running, &token, None).await;
    let restore = "DELETE FROM tasks.events WHERE team_id = $1 AND revision > 1";
    let admin = world.db.admin().await;
    admin.execute(restore, &[&team.uuid()]).await.unwrap();
    admin.execute("UPDATE tasks.team_log SET revision = 1 WHERE team_id = $1", &[&team.uuid()]).await.unwrap();
    let end = watcher.said().await.unwrap();
    assert_eq!((end.event.as_str(), end.data), ("end", json!({"reason": "log_reset"})));
    assert_eq!(watcher.said().await, None);
    let (mut watcher, from) = Watcher::open(&world.running, &token, Some(1)).await;
    alice.titled("after the restore").await;
    assert_eq!((from, watcher.change().await.unwrap().id), (1, Some(2)));
}

#[tokio::test]
async fn a_stream_ends_with_its_session_within_a_second_and_none_begins_after() {
    let (world, alice, _) = World::with("member").await;
    let admin = world.db.admin().await;
    let token = world.issuer.token(alice.id);
    let (mut watcher, _) = Watcher::open(&world.running, &token, None).await;
    alice.titled("seen").await;
    assert_eq!(watcher.change().await.unwrap().id, Some(1));
    let start = Instant::now();
    admin.execute("DELETE FROM identity.sessions WHERE user_id = $1", &[&alice.id.uuid()]).await.unwrap();
    let ended = |said: Option<crate::watcher::Said>| {
        let said = said.unwrap();
        assert_eq!((said.event.as_str(), said.data), ("end", json!({"reason": "session_ended"})));
    };
    ended(watcher.said().await);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    // The token is good for some minutes more.
    let (mut again, _) = Watcher::open(&world.running, &token, None).await;
    ended(again.said().await);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}
