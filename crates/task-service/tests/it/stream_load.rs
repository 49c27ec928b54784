//! Live streams under load: nothing lost, nothing twice, nobody held up.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::watcher::{Watcher, revision_of};
use crate::world::{World, path};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_is_cut_off_100_times_misses_nothing_of_5000_changes() {
    const CHANGES: i64 = 5000;
    const WRITERS: i64 = 20;
    let (world, alice, _) = World::with("member").await;
    let (_service, other) = world.replica().await;
    let token = world.issuer.token(alice.id);
    let elsewhere = other.api().with_token(&token);
    let tasks = join_all((0..WRITERS).map(|_| alice.titled("a"))).await;
    let writers = join_all(tasks.iter().enumerate().map(|(n, task)| {
        let (api, path) = (if n % 2 == 0 { &alice.api } else { &elsewhere }, path(task));
        async move {
            for n in 1..CHANGES / WRITERS {
                api.patch(&path, json!({"title": n.to_string()})).await.expect(200);
            }
        }
    }));
    let reader = async {
        let (mut seen, mut cuts, mut waits_for) = (0_i64, 0, 1_u64);
        while seen < CHANGES {
            let running = if waits_for % 2 == 0 { &world.running } else { &other };
            let (mut watcher, from) = Watcher::open(running, &token, Some(seen)).await;
            assert_eq!(from, seen);
            // A number by chance, so that it is cut off anywhere: while it catches up, and while it is live.
            waits_for = waits_for.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let mut left = if cuts < 100 { (waits_for >> 33) % 75 } else { u64::MAX };
            while left > 0 && seen < CHANGES {
                let Some(said) = watcher.change().await else { break };
                assert_eq!(said.id, Some(seen + 1), "each once, in order");
                seen += 1;
                left -= 1;
            }
            cuts += 1;
        }
        cuts
    };
    let (_, cuts) = tokio::join!(writers, reader);
    assert!(cuts > 100, "{cuts}");
    assert_eq!(world.count("SELECT revision FROM tasks.team_log").await, CHANGES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_read_is_cut_off_and_holds_up_nobody() {
    let (world, alice, _) = World::with("member").await;
    let token = world.issuer.token(alice.id);
    let addr = world.running.url.strip_prefix("http://").unwrap().to_owned();
    let mut slow = TcpStream::connect(&addr).await.unwrap();
    let head = "GET /api/v1/teams/ops/events HTTP/1.1\r\nhost: a\r\nconnection: close\r\n";
    let request = format!("{head}authorization: Bearer {token}\r\n\r\n");
    slow.write_all(request.as_bytes()).await.unwrap();
    let mut head = vec![0; 64];
    slow.read_exact(&mut head).await.unwrap();
    let (mut quick, _) = Watcher::open(&world.running, &token, None).await;
    let task = alice.titled("a").await;
    let big = "x".repeat(60_000);
    let dropped = async || {
        let text = testkit::Api::new(&world.running.management_url).get("/metrics").await.text;
        text.lines().find_map(|l| l.strip_prefix("taskhub_streams_dropped_total ")).unwrap().parse::<u64>().unwrap()
    };
    let before = dropped().await;
    let mut revision = 1;
    assert_eq!(quick.change().await.unwrap().id, Some(revision));
    // It takes as many as the buffers of the kernel and the queue hold.
    while dropped().await == before {
        assert!(revision < 2000, "it is never cut off");
        alice.api.patch(&path(&task), json!({"description": format!("{revision} {big}")})).await.expect(200);
        revision += 1;
        assert_eq!(quick.change().await.unwrap().id, Some(revision));
    }
    // When it reads again it gets what was on its way, without a gap, and then the end.
    let (mut got, mut text) = (0, Vec::new());
    while let Ok(n @ 1..) = slow.read_buf(&mut text).await {
        got += n;
    }
    assert!(got > 0);
    let text = String::from_utf8(text).unwrap();
    // The first is that of `ready`.
    let ids: Vec<i64> = text.lines().filter_map(|line| Some(revision_of(line.strip_prefix("id: ")?))).skip(1).collect();
    assert!(ids.iter().copied().eq(1..=ids.len() as i64) && (ids.len() as i64) < revision, "{ids:?} of {revision}");
    eprintln!("cut off after {} of {revision} events, {} KiB", ids.len(), got / 1024);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_long_it_takes_until_others_see_a_change() {
    const WATCHERS: usize = 20;
    const CHANGES: usize = 200;
    let (world, alice, _) = World::with("member").await;
    let (_service, other) = world.replica().await;
    let token = world.issuer.token(alice.id);
    let task = alice.titled("a").await;
    let mut watchers = Vec::new();
    for n in 0..WATCHERS {
        let running = if n % 2 == 0 { &world.running } else { &other };
        let (mut watcher, _) = Watcher::open(running, &token, None).await;
        watchers.push(tokio::spawn(async move {
            let mut delays = Vec::new();
            for _ in 0..CHANGES {
                let said = watcher.change().await.expect("the stream goes on");
                let at: chrono::DateTime<chrono::Utc> = said.data["occurred_at"].as_str().unwrap().parse().unwrap();
                delays.push((chrono::Utc::now() - at).as_seconds_f64() * 1e3);
            }
            delays
        }));
    }
    let start = Instant::now();
    for n in 0..CHANGES {
        alice.api.patch(&path(&task), json!({"title": n.to_string()})).await.expect(200);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    eprintln!("{CHANGES} changes in {:?}", start.elapsed());
    let mut delays: Vec<f64> = join_all(watchers).await.into_iter().flat_map(Result::unwrap).collect();
    delays.sort_by(f64::total_cmp);
    let at = |share: f64| delays[((delays.len() - 1) as f64 * share) as usize];
    eprintln!("{} deliveries: p50 {:.1} ms, p99 {:.1} ms, most {:.1} ms", delays.len(), at(0.5), at(0.99), at(1.0));
    assert_eq!(delays.len(), WATCHERS * CHANGES);
    // Far more than it takes: this is about not waiting for the next look, also on a machine that does other things.
    assert!(at(0.5) < 500.0);
}
