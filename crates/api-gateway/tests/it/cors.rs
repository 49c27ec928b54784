//! Pages of other origins call the API where the settings allow it.

use crate::services::Echo;
use crate::stage::{Stage, TASKS, nowhere};

const TOOLS: &str = "https://tools.example.org";

async fn stage(origins: &str) -> (Stage, Echo) {
    let task = Echo::start("task-service").await;
    let urls = [nowhere(), task.url(), nowhere()];
    (Stage::start(urls, |settings| settings.cors.allowed_origins = origins.to_owned()).await, task)
}

#[tokio::test]
async fn only_pages_of_the_allowed_origins_may_call() {
    let (stage, task) = stage("https://a.example, https://tools.example.org").await;
    for (origin, allowed) in
        [(TOOLS, TOOLS), ("https://evil.example", ""), ("null", ""), ("https://a.example:8443", "")]
    {
        let answer = stage.api().with_header("origin", origin).get(TASKS).await.expect(200);
        assert_eq!(answer.header("access-control-allow-origin"), allowed, "{origin}");
        let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
        assert!(vary.iter().any(|value| *value == "Origin"), "{vary:?}");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        let refused = stage.nobody().with_header("origin", origin).get(TASKS).await.expect(401);
        assert_eq!(refused.header("access-control-allow-origin"), allowed, "a page can read why it was refused");
    }
    assert_eq!(task.seen(), 4);
}

#[tokio::test]
async fn a_browser_asks_first_without_a_token() {
    let (stage, _task) = stage(TOOLS).await;
    let browser = stage.nobody().with_header("access-control-request-method", "PATCH");
    let path = "/api/openapi.json";
    let answer = browser.with_header("origin", TOOLS).send("OPTIONS", path, None).await.expect(204);
    assert_eq!(answer.header("access-control-allow-origin"), TOOLS);
    assert_eq!(answer.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");
    assert!(answer.header("access-control-allow-headers").contains("if-match"));
    let answer = browser.with_header("origin", "https://evil.example").send("OPTIONS", path, None).await.expect(204);
    assert_eq!(answer.header("access-control-allow-methods"), "");
    let _ = browser.with_header("origin", TOOLS).send("OPTIONS", TASKS, None).await.expect(200);
}

#[tokio::test]
async fn by_default_no_page_of_another_origin_may_call() {
    let (stage, _task) = stage("").await;
    let answer = stage.api().with_header("origin", TOOLS).get(TASKS).await.expect(200);
    assert_eq!((answer.header("access-control-allow-origin"), answer.header("vary")), ("", "Accept-Encoding"));
}
