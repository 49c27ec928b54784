//! How events leave the outbox.

use std::time::{Duration, Instant};

use testkit::eventually;

use crate::scene::{NewEvent, SOON, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn notify_wakes_it() {
    let scene = Scene::new().await;
    let _running = scene.worker_with(|s| s.events.poll_interval_ms = 60_000).start();
    let listening = "pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN taskhub_events'";
    eventually("it listens", SOON, async || (scene.count(listening, &[]).await == 1).then_some(())).await;
    for told in 1..=5 {
        let start = Instant::now();
        scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
        scene.admin.batch_execute("NOTIFY taskhub_events").await.unwrap();
        scene.settled().await;
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        assert_eq!(scene.told(scene.bob).await, told);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_was_cut_off_listens_again() {
    let scene = Scene::new().await;
    let _running = scene.worker_with(|s| s.events.poll_interval_ms = 60_000).start();
    let listening = "pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN taskhub_events'";
    eventually("it listens", SOON, async || (scene.count(listening, &[]).await == 1).then_some(())).await;
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND query = 'LISTEN taskhub_events'";
    scene.admin.query(cut, &[]).await.unwrap();
    scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
    // What happened while nobody listened is looked for when somebody does again.
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_puts_no_more_into_the_stream_than_may_be_in_flight() {
    let scene = Scene::new().await;
    let relay = scene.worker_with(|s| {
        s.events.concurrency = 0;
        (s.events.batch, s.events.max_in_flight) = (10, 25);
    });
    let relay = relay.start();
    scene.backlog(100).await;
    scene.wait_for_entries(20).await;
    let leased = "tasks.outbox WHERE visible_at > now()";
    assert_eq!((scene.in_stream().await, scene.count(leased, &[]).await), (20, 20));
    let _consumers = scene.worker().start();
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, 100);
    assert!(relay.stop(SOON).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_done_when_its_lease_is_over_is_carried_again() {
    let scene = Scene::new().await;
    let relay = scene.worker_with(|s| {
        s.events.concurrency = 0;
        s.events.lease_ms = 200;
    });
    let relay = relay.start();
    scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
    eventually("it is carried again", SOON, async || (scene.in_stream().await >= 2).then_some(())).await;
    assert!(relay.stop(SOON).await);
    let _running = scene.worker().start();
    scene.settled().await;
    scene.stream_is_empty().await;
    assert_eq!(scene.told(scene.bob).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_is_committed_late_is_found() {
    let scene = Scene::new().await;
    let late = scene.db.admin().await;
    late.batch_execute("BEGIN").await.unwrap();
    let revision = scene.advance(1).await;
    let ticket = "INSERT INTO tasks.outbox (team_id, revision) VALUES ($1, $2)";
    late.execute(ticket, &[&scene.team.uuid(), &revision]).await.unwrap();
    let _running = scene.worker().start();
    // Far more than the relay looks back between two looks from the beginning.
    scene.backlog(3000).await;
    scene.settled().await;
    late.batch_execute("COMMIT").await.unwrap();
    eventually("it is found", SOON, async || (scene.dead_letters().await == 1).then_some(())).await;
    assert_eq!(scene.told(scene.bob).await, 3000);
}
