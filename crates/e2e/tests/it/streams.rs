//! Live streams through the gateway, many at once.

use std::time::{Duration, Instant};

use e2e::{Person, Service, Stack};
use futures_util::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const STREAMS: usize = 2000;
/// How many MiB 2,000 idle streams may take in one process.
const MOST: f64 = 40.0;

/// Opens a stream of the team `ops` and reads until it is ready.
async fn watch(addr: &str, token: &str) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let head = "GET /api/v1/teams/ops/events HTTP/1.1\r\nhost: taskhub.test\r\n";
    stream.write_all(format!("{head}authorization: Bearer {token}\r\n\r\n").as_bytes()).await.unwrap();
    read_until(&mut stream, "event: ready").await;
    stream
}

async fn read_until(stream: &mut TcpStream, wanted: &str) {
    let mut text = Vec::new();
    let read = async {
        while !String::from_utf8_lossy(&text).contains(wanted) {
            assert!(stream.read_buf(&mut text).await.unwrap() > 0, "{}", String::from_utf8_lossy(&text));
        }
    };
    timeout(Duration::from_secs(20), read).await.unwrap_or_else(|_| panic!("no {wanted:?}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_idle_streams_are_cheap_and_all_hear_of_a_change() {
    // As the scripts start the services; see docs/decisions/0009.
    let alone = [("MIMALLOC_ARENA_EAGER_COMMIT", "0"), ("TASKHUB__HTTP__MAX_STREAMS_PER_USER", "0")];
    let mut stack = Stack::start_with(&alone).await;
    let alice = Person::sign_up(&stack, "alice").await;
    alice.make_team("ops").await;
    let token = alice.sign_in(&stack).await.token;
    let addr = stack.url(Service::Gateway).strip_prefix("http://").unwrap().to_owned();
    // What the first streams and requests need once isn't what a stream costs.
    drop(join_all((0..20).map(|_| watch(&addr, &token))).await);
    let watched = [Service::Gateway, Service::Task];
    let before = watched.map(|service| stack.process(service).resident_mib());

    let mut streams = Vec::with_capacity(STREAMS);
    while streams.len() < STREAMS {
        streams.extend(join_all((0..100).map(|_| watch(&addr, &token))).await);
    }
    // Two signs of life have passed through all of them.
    let beats = join_all(streams.iter_mut().map(|stream| async {
        for _ in 0..2 {
            read_until(stream, ": beat").await;
        }
    }));
    timeout(Duration::from_secs(60), beats).await.expect("signs of life");
    let mut too_much = Vec::new();
    for (service, before) in watched.into_iter().zip(before) {
        let now = stack.process(service).resident_mib();
        let more = now - before;
        eprintln!(
            "{STREAMS} idle streams in {}: {:.1} MiB more, {:.1} KiB each, {:.1} MiB in all",
            service.name(),
            more,
            more * 1024.0 / STREAMS as f64,
            now
        );
        too_much.extend((more > MOST).then_some(service.name()));
    }
    assert!(too_much.is_empty(), "{too_much:?}");

    let start = Instant::now();
    let all = join_all(streams.iter_mut().map(|stream| read_until(stream, "task.created")));
    let (_, made) = tokio::join!(all, alice.api.post("/api/v1/teams/ops/tasks", json!({"title": "a"})));
    made.expect(201);
    eprintln!("all {STREAMS} heard of a change after {:?}", start.elapsed());

    // They are no requests under way: an end isn't held up.
    for service in [Service::Task, Service::Gateway] {
        let start = Instant::now();
        assert!(stack.take(service).end("TERM", Duration::from_secs(5)).success());
        eprintln!("{} ended in {:?}", service.name(), start.elapsed());
    }
}
