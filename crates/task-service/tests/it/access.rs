//! Who may: every route, for everybody who may not.

use domain::{CommentId, LabelId};
use platform::routes::{Access, Route};
use serde_json::json;
use task_service::routes::ROUTES;
use testkit::{Answer, Api, Forgery, keeps_conventions};

use crate::world::{World, path};

/// Sends what the route takes.
async fn call(api: &Api, route: &Route, team: &str, task: &str) -> Answer {
    let path = path_of(route, team, task);
    let body = match route.path {
        path if path.contains("/comments") => json!({"body": "a"}),
        path if path.ends_with("/move") => json!({"status": "blocked"}),
        path if path.contains("/labels") => json!({"name": "a", "color": "#000000"}),
        _ => json!({"title": "a"}),
    };
    let body = matches!(route.method, "POST" | "PUT" | "PATCH").then(|| body.to_string().into_bytes());
    api.send(route.method, &path, body).await
}

/// The path of a route, with ids that nothing has where a label or a comment is named.
fn path_of(route: &Route, team: &str, task: &str) -> String {
    let path = route.path.replace("{team}", team).replace("{task}", task).replace("{id}", task);
    path.replace("{label}", &LabelId::new().to_string()).replace("{comment}", &CommentId::new().to_string())
}

#[tokio::test]
async fn to_a_stranger_a_team_is_as_if_it_did_not_exist() {
    let (world, alice, team) = World::with("owner").await;
    let (mallory, task) = (world.person("mallory").await, alice.titled("secret").await);
    let log = world.count("SELECT count(*) FROM tasks.events").await;
    let routes: Vec<_> = ROUTES.iter().filter(|route| route.access == Access::Team).collect();
    assert!(routes.len() >= 6);
    for route in routes {
        for task in [task.id.to_string(), task.number.to_string()] {
            let condition = if route.method == "GET" { "if-none-match" } else { "if-match" };
            let conditional = route.versioned.then(|| mallory.api.with_header(condition, "*"));
            for conditional in [mallory.api.clone()].into_iter().chain(conditional) {
                let nowhere = without_trace(call(&conditional, route, "nowhere", &task).await);
                for team in [team.to_string(), "ops".into()] {
                    let answer = call(&conditional, route, &team, &task).await;
                    answer.is_problem(404, "not-found");
                    assert_eq!(without_trace(answer), nowhere, "{route:?}");
                }
            }
        }
    }
    for id in [task.id.to_string(), "OPS-1".into()] {
        for route in ROUTES.iter().filter(|route| route.path == "/api/tasks/{id}") {
            call(&mallory.api, route, "", &id).await.is_problem(404, "not-found");
        }
    }
    assert_eq!(
        mallory.api.get("/api/tasks").await.expect(200).json,
        json!({"tasks": [], "count": 0, "has_more": false})
    );
    assert_eq!(world.count("SELECT count(*) FROM tasks.events").await, log);
    assert_eq!(alice.api.get(&path(&task)).await.expect(200).header("etag"), "\"1\"");
}

fn without_trace(answer: Answer) -> (u16, serde_json::Value, String) {
    let mut json = answer.json;
    json.as_object_mut().unwrap().remove("trace_id");
    (answer.status.as_u16(), json, answer.headers["content-type"].to_str().unwrap().to_owned())
}

#[tokio::test]
async fn whoever_was_removed_is_a_stranger_at_once() {
    let (world, alice, team) = World::with("member").await;
    let task = alice.task(json!({"title": "a", "assignees": [alice.id]})).await;
    let admin = world.db.admin().await;
    admin.execute("DELETE FROM identity.members WHERE team_id = $1", &[&team.uuid()]).await.unwrap();
    for route in ROUTES.iter().filter(|route| route.access == Access::Team) {
        call(&alice.api, route, "ops", &task.id.to_string()).await.is_problem(404, "not-found");
    }
    let own = format!("/api/tasks/{}", task.id);
    alice.api.put(&own, json!({"status": "completed"})).await.is_problem(404, "not-found");
    assert_eq!(alice.api.get("/api/tasks").await.expect(200).json["count"], 0);
}

#[tokio::test]
async fn a_role_that_was_lowered_counts_at_once() {
    let (world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    world.db.admin().await.batch_execute("UPDATE identity.members SET role = 'viewer'").await.unwrap();
    alice.api.get(&path(&task)).await.expect(200);
    alice.api.post("/api/v1/teams/ops/tasks", json!({"title": "b"})).await.is_problem(403, "role member");
    alice.api.patch(&path(&task), json!({"title": "b"})).await.is_problem(403, "role member");
    alice.api.delete(&path(&task)).await.is_problem(403, "role member");
    alice.api.put("/api/tasks/OPS-1", json!({"title": "b"})).await.is_problem(403, "role member");
    assert_eq!(world.count("SELECT revision FROM tasks.team_log").await, 1);
}

#[tokio::test]
async fn without_a_good_token_nothing_but_health_answers() {
    let (world, alice, _) = World::with("owner").await;
    let task = alice.titled("a").await.id.to_string();
    let nobody = world.running.api();
    for route in ROUTES.iter().filter(|route| route.access != Access::Public) {
        let answer = call(&nobody, route, "ops", &task).await;
        answer.is_problem(401, "unauthenticated");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{route:?}");
        for forgery in Forgery::ALL {
            let forged = nobody.with_token(world.issuer.forge(alice.id, *forgery));
            assert_eq!(call(&forged, route, "ops", &task).await.status, 401, "{route:?} {forgery:?}");
        }
    }
    // The path isn't looked at before the token.
    nobody.get("/api/v1/teams/-/tasks/-").await.is_problem(401, "unauthenticated");
    assert_eq!(alice.api.get("/api/v1/teams/ops/tasks/1").await.expect(200).header("etag"), "\"1\"");
}

#[tokio::test]
async fn every_route_keeps_the_conventions() {
    let (_world, alice, _) = World::with("owner").await;
    let _ = alice.titled("a").await;
    for route in ROUTES {
        let path = path_of(route, "ops", if route.path.contains("{id}") { "OPS-1" } else { "1" });
        keeps_conventions(&alice.api, route, &path, matches!(route.method, "POST" | "PUT" | "PATCH").then_some("{}"))
            .await;
    }
}

#[tokio::test]
async fn what_was_made_is_where_its_location_says() {
    let (_world, alice, _) = World::with("owner").await;
    let task = alice.titled("a").await;
    let bodies = [
        ("/api/v1/teams/ops/labels".to_owned(), json!({"name": "bug", "color": "#000000"})),
        (format!("{}/comments", path(&task)), json!({"body": "a"})),
        ("/api/v1/teams/ops/tasks".to_owned(), json!({"title": "b"})),
    ];
    for (list, body) in bodies {
        let made = alice.api.post(&list, body).await.expect(201);
        assert_eq!(alice.api.get(made.header("location")).await.expect(200).json, made.json, "{list}");
    }
    alice.api.get(&format!("/api/v1/teams/ops/labels/{}", LabelId::new())).await.is_problem(404, "not-found");
    alice.api.get(&format!("{}/comments/{}", path(&task), CommentId::new())).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn every_route_refuses_other_methods_and_unknown_parameters() {
    let (_world, alice, _) = World::with("owner").await;
    for route in ROUTES {
        let path = path_of(route, "ops", if route.path.contains("{id}") { "OPS-1" } else { "1" });
        let answer = alice.api.send("TRACE", &path, None).await;
        answer.is_problem(405, "method-not-allowed");
        assert!(answer.header("allow").contains(route.method), "{route:?}");
        let body = matches!(route.method, "POST" | "PUT" | "PATCH").then(|| b"{}".to_vec());
        alice.api.send(route.method, &format!("{path}?frobnicate=1"), body).await.is_problem(400, "`frobnicate`");
    }
    alice.api.get("/api/v1/teams/ops/nothing").await.is_problem(404, "no route");
    alice.api.get("/api/v1/teams/ops/tasks?q=%ff").await.is_problem(400, "`q` in the query isn't UTF-8");
    alice.api.get("/api/v1/teams/ops/tasks?q=%c3%a9&limit=x").await.is_problem(400, "limit");
    let long = alice.api.get(&format!("/api/v1/teams/ops/tasks?{}=1", "x".repeat(7000))).await;
    assert!(long.text.len() < 2000, "{}", long.text);
}
