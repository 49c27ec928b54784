//! Several workers, and workers that die.

use testkit::eventually;

use crate::process::Process;
use crate::scene::{SOON, Scene};

const MANY: i64 = 2000;

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_at_once_tell_each_thing_once() {
    let scene = Scene::new().await;
    scene.backlog(MANY).await;
    let (one, two) = (scene.worker().start(), scene.worker().start());
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, MANY);
    scene.stream_is_empty().await;
    assert!(one.stop(SOON).await && two.stop(SOON).await);
    assert_eq!(scene.dead_letters().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_are_killed_lose_nothing_and_double_nothing() {
    let scene = Scene::new().await;
    scene.backlog(MANY).await;
    for part in [1, MANY / 3, MANY / 2] {
        let mut victim = Process::start(&scene, &[("TASKHUB__EVENTS__BATCH", "20")]);
        eventually("a part is done", SOON, async || (scene.told(scene.bob).await >= part).then_some(())).await;
        victim.kill().await;
    }
    assert!(scene.told(scene.bob).await <= MANY);
    let _survivor = Process::start(&scene, &[]);
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, MANY);
    scene.stream_is_empty().await;
    assert_eq!(scene.dead_letters().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_told_to_stop_finishes_what_it_has_in_hand() {
    let scene = Scene::new().await;
    scene.backlog(MANY).await;
    let mut worker = Process::start(&scene, &[("TASKHUB__EVENTS__BATCH", "20")]);
    eventually("a part is done", SOON, async || (scene.told(scene.bob).await >= 100).then_some(())).await;
    assert!(worker.terminate().await.success());
    let in_hand: redis::streams::StreamPendingReply = scene.command(&["XPENDING", &scene.stream, "worker"]).await;
    assert_eq!(in_hand.count(), 0, "nothing was left half-way");
    assert_eq!(scene.told(scene.bob).await + scene.pending().await, MANY);

    let _next = Process::start(&scene, &[]);
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, MANY);
}
