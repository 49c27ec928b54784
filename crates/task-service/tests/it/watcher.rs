//! A client of live streams.

use std::time::Duration;

use serde_json::Value;
use testkit::Running;
use tokio::time::timeout;

/// Longer than anything that should happen takes, heartbeats included.
const SOON: Duration = Duration::from_secs(20);

/// A stream that is open.
pub(crate) struct Watcher {
    response: reqwest::Response,
    buffer: String,
}

/// What a stream says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    /// The revision in its id.
    pub(crate) id: Option<i64>,
    /// Its whole id, which says also when that was.
    pub(crate) place: Option<String>,
    pub(crate) event: String,
    pub(crate) data: Value,
}

impl Watcher {
    /// Asks for the stream of the team `ops`; `query` begins with `?` if there is one.
    pub(crate) async fn ask(
        running: &Running,
        token: &str,
        query: &str,
        last_event_id: Option<&str>,
    ) -> reqwest::Response {
        let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
        let mut request = client.get(format!("{}/api/v1/teams/ops/events{query}", running.url)).bearer_auth(token);
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        timeout(SOON, request.send()).await.expect("an answer").unwrap()
    }

    /// Watches the team `ops` after a revision, or from now; gives the revision that it begins after.
    pub(crate) async fn open(running: &Running, token: &str, after: Option<i64>) -> (Self, i64) {
        let id = after.map(|revision| revision.to_string());
        let (watcher, ready) = Self::after(running, token, id.as_deref()).await;
        (watcher, ready.id.unwrap())
    }

    /// Watches the team `ops` after the place `id`, or from now; gives what it says first.
    pub(crate) async fn after(running: &Running, token: &str, id: Option<&str>) -> (Self, Said) {
        let response = Self::ask(running, token, "", id).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let mut watcher = Self { response, buffer: String::new() };
        let ready = watcher.said().await.expect("it says that it is ready");
        assert_eq!((ready.id, ready.event.as_str()), (ready.data["revision"].as_i64(), "ready"));
        (watcher, ready)
    }

    /// What it says next but for changes of members; `None` when it has ended or broken off.
    pub(crate) async fn said(&mut self) -> Option<Said> {
        loop {
            match self.next().await {
                Some(said) if said.event == "members" => {}
                said => return said,
            }
        }
    }

    /// What it says next; `None` when it has ended or broken off. Heartbeats are passed over.
    pub(crate) async fn next(&mut self) -> Option<Said> {
        loop {
            if let Some((block, rest)) = self.buffer.split_once("\n\n") {
                let said = parse(block);
                self.buffer = rest.to_owned();
                match said {
                    None => continue,
                    said => return said,
                }
            }
            let chunk = timeout(SOON, self.response.chunk()).await.expect("a sign of life").ok()??;
            self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next change.
    pub(crate) async fn change(&mut self) -> Option<Said> {
        let said = self.said().await?;
        assert_eq!(said.event, "change", "{said:?}");
        assert_eq!(said.id, said.data["revision"].as_i64());
        Some(said)
    }
}

/// What a block says; `None` for a comment.
fn parse(block: &str) -> Option<Said> {
    let (mut place, mut event, mut data) = (None, None, None);
    for line in block.lines() {
        match line.split_once(": ").unwrap_or_else(|| panic!("{line:?}")) {
            ("", "beat") => return None,
            ("id", value) => place = Some(value.to_owned()),
            ("event", value) => event = Some(value.to_owned()),
            ("data", value) => data = Some(serde_json::from_str(value).unwrap()),
            other => panic!("{other:?}"),
        }
    }
    let id = place.as_deref().map(revision_of);
    Some(Said { id, place, event: event.unwrap(), data: data.unwrap() })
}

/// The revision in an id, `<revision>-<moment>`.
pub(crate) fn revision_of(id: &str) -> i64 {
    id.split('-').next().unwrap().parse().unwrap()
}
