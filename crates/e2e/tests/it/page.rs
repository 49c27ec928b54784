//! What the web page does, all of it through the gateway.

use std::time::Duration;

use e2e::{Person, Service, Stack};
use serde_json::json;
use testkit::eventually;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_board_that_two_people_work_at() {
    let stack = Stack::start().await;
    let bob = Person::sign_up(&stack, "bob").await;
    let body = json!({"email": "alice@example.org", "password": "correct horse battery", "name": "Alice", "session": "cookie"});
    let registered = stack.api().post("/api/v1/auth/register", body).await.expect(201);
    let cookie = registered.header("set-cookie").split(';').next().unwrap().to_owned();
    stack.api().with_header("cookie", &cookie).post("/api/v1/auth/refresh", json!({})).await.is_problem(403, "header");
    let page = stack.api().with_header("cookie", &cookie).with_header("x-taskhub-session", "cookie");
    let refreshed = page.post("/api/v1/auth/refresh", json!({})).await.expect(200);
    assert!(refreshed.header("set-cookie").starts_with("taskhub_refresh=thr_"));
    let token = refreshed.json["access_token"].as_str().unwrap().to_owned();
    let alice = Person {
        id: refreshed.json["user"]["id"].as_str().unwrap().to_owned(),
        email: "alice@example.org".into(),
        api: stack.api().with_token(&token),
        token,
        refresh_token: String::new(),
    };
    alice.make_team("ops").await;
    alice.bring("ops", &bob, "member").await;

    let mut stream = TcpStream::connect(stack.url(Service::Gateway).strip_prefix("http://").unwrap()).await.unwrap();
    let head = "GET /api/v1/teams/ops/events?since=0 HTTP/1.1\r\nhost: taskhub.test\r\n";
    stream.write_all(format!("{head}authorization: Bearer {}\r\n\r\n", alice.token).as_bytes()).await.unwrap();

    let ops = "/api/v1/teams/ops";
    let label =
        bob.api.post(&format!("{ops}/labels"), json!({"name": "bug", "color": "#ff0000"})).await.expect(201).json;
    let mut tasks = Vec::new();
    for title in ["one", "two", "three"] {
        let body = json!({"title": title, "labels": [label["id"]], "assignees": [alice.id]});
        tasks.push(bob.api.post(&format!("{ops}/tasks"), body).await.expect(201).json);
    }
    let moved = json!({"status": "in_progress", "after": tasks[0]["id"]});
    bob.api.post(&format!("{ops}/tasks/3/move"), moved).await.expect(200);
    let board = alice.api.get(&format!("{ops}/tasks?sort=position&label={}", label["id"].as_str().unwrap())).await;
    let titles: Vec<_> = board.json["items"].as_array().unwrap().iter().map(|task| task["title"].clone()).collect();
    assert_eq!(titles, ["two", "one", "three"]);
    bob.api.post(&format!("{ops}/tasks/1/comments"), json!({"body": "Look at this."})).await.expect(201);
    let history = alice.api.get(&format!("{ops}/tasks/1/history")).await.expect(200).json;
    assert_eq!(history["items"].as_array().unwrap().len(), 2);
    let stats = alice.api.get(&format!("{ops}/stats?days=7")).await.expect(200).json;
    assert_eq!(stats["open_by_status"], json!({"pending": 2, "in_progress": 1, "blocked": 0}));

    // All of it has come by itself, in order.
    let mut text = String::new();
    let all = async {
        while !text.contains("comment.created") {
            let mut bytes = Vec::new();
            assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "{text}");
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
    };
    timeout(Duration::from_secs(10), all).await.expect("the stream tells of everything");
    let ids: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("id: ")?.split('-').next()).collect();
    // The first is that of `ready`.
    assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6"]);

    let kinds = async || {
        let told = alice.notifications().await;
        let mut kinds: Vec<_> = told.iter().map(|n| n["type"].as_str().unwrap().to_owned()).collect();
        kinds.sort_unstable();
        (kinds.len() == 4).then_some(kinds)
    };
    let kinds = eventually("alice is told", Duration::from_secs(10), kinds).await;
    assert_eq!(kinds, ["comment.created", "task.assigned", "task.assigned", "task.assigned"]);
}
