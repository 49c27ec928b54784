//! What may be lost, and what comes of it: nothing.

use testkit::eventually;

use crate::gate::{Gate, authority};
use crate::scene::{NewEvent, SOON, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_wiped_between_event_and_effect_loses_nothing() {
    let scene = Scene::new().await;
    let relay = scene.worker_with(|s| {
        s.events.concurrency = 0;
        s.events.lease_ms = 500;
    });
    let relay = relay.start();
    scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
    scene.wait_for_entries(1).await;
    assert!(relay.stop(SOON).await);
    let _: i64 = scene.command(&["DEL", &scene.stream]).await;

    let _running = scene.worker().start();
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_wiped_under_a_waiting_consumer_starts_again() {
    let scene = Scene::new().await;
    let _running = scene.worker().start();
    for told in 1..=3 {
        scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
        scene.settled().await;
        assert_eq!(scene.told(scene.bob).await, told);
        let _: i64 = scene.command(&["DEL", &scene.stream]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_is_destroyed_is_made_again() {
    let scene = Scene::new().await;
    let _running = scene.worker().start();
    scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
    scene.settled().await;
    scene.stream_is_empty().await;
    let _: i64 = scene.command(&["XGROUP", "DESTROY", &scene.stream, "worker"]).await;
    scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, 2);
    scene.stream_is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_the_effects_go_on() {
    let scene = Scene::new().await;
    let worker = scene.worker_with(|s| s.redis.url = "redis://127.0.0.1:1/".into());
    let running = worker.start();
    scene.backlog(300).await;
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, 300);
    assert!(running.stop(SOON).await, "it stops in order all the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_may_go_and_come_back() {
    let scene = Scene::new().await;
    let settings = scene.settings();
    let url = secrecy::ExposeSecret::expose_secret(&settings.redis.url);
    let gate = Gate::to(authority(url)).await;
    // Everything but the address stays, the password too.
    let worker = scene.worker_with(|s| s.redis.url = url.replace(&authority(url), &gate.addr.to_string()).into());
    let _running = worker.start();
    scene.backlog(200).await;
    scene.settled().await;
    gate.shut();
    scene.backlog(200).await;
    scene.settled().await;
    gate.open();
    let before = last_entry(&scene).await;
    eventually("events go through the stream again", SOON, async || {
        scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
        scene.settled().await;
        (last_entry(&scene).await != before).then_some(())
    })
    .await;
    let events = scene.count("tasks.events", &[]).await;
    assert_eq!(scene.told(scene.bob).await, events);
    scene.stream_is_empty().await;
}

/// The id of the last entry that was ever added.
async fn last_entry(scene: &Scene) -> String {
    let info: redis::streams::StreamInfoStreamReply = scene.command(&["XINFO", "STREAM", &scene.stream]).await;
    info.last_generated_id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_no_stream_does_not_stop_the_effects() {
    let scene = Scene::new().await;
    let _: () = scene.command(&["SET", &scene.stream, "not a stream"]).await;
    let _running = scene.worker().start();
    scene.backlog(10).await;
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, 10);
    let _: i64 = scene.command(&["DEL", &scene.stream]).await;
    scene.backlog(10).await;
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_may_go_and_come_back() {
    let scene = Scene::new().await;
    let url = scene.db.url("taskhub_worker");
    let gate = Gate::to(authority(&url)).await;
    let worker = scene.worker_with(|s| {
        s.database.url = url.replace(&authority(&url), &gate.addr.to_string()).into();
        s.events.batch = 20;
    });
    let _running = worker.start();
    scene.backlog(1000).await;
    for part in [100, 400] {
        eventually("a part is done", SOON, async || (scene.told(scene.bob).await >= part).then_some(())).await;
        gate.shut();
        scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
        gate.open();
    }
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, 1002);
    assert_eq!(scene.dead_letters().await, 0);
    scene.stream_is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_twice_takes_effect_once() {
    let scene = Scene::new().await;
    let relay = scene.relay_alone().start();
    scene.backlog(5).await;
    scene.wait_for_entries(5).await;
    assert!(relay.stop(SOON).await);
    let entries: redis::streams::StreamRangeReply = scene.command(&["XRANGE", &scene.stream, "-", "+"]).await;
    for entry in entries.ids {
        let field = |name: &str| redis::from_redis_value::<String>(entry.map[name].clone()).unwrap();
        let (ticket, attempts, event) = (field("ticket"), field("attempts"), field("event"));
        for _ in 0..2 {
            let words = ["XADD", &scene.stream, "*", "ticket", &ticket, "attempts", &attempts, "event", &event];
            let _: String = scene.command(&words).await;
        }
    }
    let _running = scene.worker().start();
    scene.settled().await;
    scene.stream_is_empty().await;
    assert_eq!(scene.told(scene.bob).await, 5);
    assert_eq!(scene.dead_letters().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_consumer_had_in_hand_is_taken_over() {
    let scene = Scene::new().await;
    let relay = scene.relay_alone().start();
    scene.backlog(5).await;
    scene.wait_for_entries(5).await;
    assert!(relay.stop(SOON).await);
    let _: () = scene.command(&["XGROUP", "CREATE", &scene.stream, "worker", "0"]).await;
    let words = ["XREADGROUP", "GROUP", "worker", "dead", "COUNT", "5", "STREAMS", &scene.stream, ">"];
    let _: redis::Value = scene.command(&words).await;

    // The tickets are leased for long, so nobody but who takes over can make these effects so soon.
    let _running = scene.worker_with(|s| s.events.lease_ms = 200).start();
    scene.settled().await;
    scene.stream_is_empty().await;
    assert_eq!(scene.told(scene.bob).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_that_nobody_would_read_again_do_not_stay() {
    let scene = Scene::new().await;
    let relay = scene.worker_with(|s| {
        s.events.concurrency = 0;
        s.events.lease_ms = 300;
    });
    let relay = relay.start();
    scene.backlog(5).await;
    scene.wait_for_entries(5).await;
    assert!(relay.stop(SOON).await);
    let _: () = scene.command(&["XGROUP", "CREATE", &scene.stream, "worker", "0"]).await;
    let words = ["XREADGROUP", "GROUP", "worker", "dead", "COUNT", "5", "STREAMS", &scene.stream, ">"];
    let _: redis::Value = scene.command(&words).await;
    let _: i64 = scene.command(&["XGROUP", "DELCONSUMER", &scene.stream, "worker", "dead"]).await;

    let _running = scene.worker_with(|s| s.events.lease_ms = 300).start();
    scene.settled().await;
    scene.stream_is_empty().await;
    assert_eq!(scene.told(scene.bob).await, 5);
}
