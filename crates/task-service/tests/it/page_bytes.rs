//! Lists end where their texts get too large, and go on from there.

use domain::{CommentView, TaskView};
use serde_json::json;

use crate::world::{World, path};

/// The texts of a page, 2 MiB and one more, and what is around them.
const MOST: usize = (2 << 20) + (128 << 10);

#[tokio::test]
async fn a_list_of_long_tasks_comes_in_more_pages() {
    let (world, alice, _) = World::with("member").await;
    world.db.personal_team(alice.id, "alice").await;
    let description = "x".repeat(60_000);
    let mut ids = Vec::new();
    for n in 0..80 {
        let task = alice
            .task(json!({"title": n.to_string(), "description": description, "due_at": "2027-01-01T00:00:00Z"}))
            .await;
        ids.push(task.id);
    }
    for list in ["status=pending", "sort=position", "sort=due", "sort=priority", "assignee=none"] {
        let url = format!("/api/v1/teams/ops/tasks?{list}&limit=200");
        let page = alice.api.get(&url).await.expect(200).json;
        assert!(page.to_string().len() < MOST, "{list}: {} bytes", page.to_string().len());
        assert!(page["next_cursor"].is_string(), "{list}");
        let mut all: Vec<_> = alice.walk::<TaskView>(&url).await.iter().map(|task| task.id).collect();
        all.sort_unstable();
        assert_eq!(all, ids, "{list}");
    }
    // An exact page says that nothing is behind it.
    let last = alice.api.get("/api/v1/teams/ops/tasks?limit=200&q=79").await.expect(200).json;
    assert_eq!((last["items"].as_array().map(Vec::len), &last["next_cursor"]), (Some(2), &json!(null)));

    for list in ["", "?status=pending", "?limit=1000"] {
        let simple = alice.api.get(&format!("/api/tasks{list}")).await.expect(200).json;
        assert!(simple.to_string().len() < MOST, "{list}");
        assert_eq!((&simple["has_more"], simple["count"].as_u64() < Some(80)), (&json!(true), true), "{list}");
        assert_eq!(simple["tasks"][0]["title"], "79");
    }
    let few = alice.api.get("/api/tasks?limit=10").await.expect(200).json;
    assert_eq!((&few["has_more"], &few["count"]), (&json!(true), &json!(10)));
}

#[tokio::test]
async fn a_list_of_long_comments_comes_in_more_pages() {
    let (_world, alice, _) = World::with("member").await;
    let task = alice.titled("discussed").await;
    let mut said = Vec::new();
    for _ in 0..90 {
        said.push(alice.comment(&task, &"x".repeat(32_768)).await.id);
    }
    for sort in ["oldest", "newest"] {
        let url = format!("{}/comments?sort={sort}&limit=200", path(&task));
        let page = alice.api.get(&url).await.expect(200).json;
        assert!(page["next_cursor"].is_string() && page.to_string().len() < MOST, "{sort}");
        let all: Vec<_> = alice.walk::<CommentView>(&url).await.iter().map(|comment| comment.id).collect();
        assert_eq!(all, said, "{sort}");
        said.reverse();
    }
}
