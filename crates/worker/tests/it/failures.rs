//! Effects that fail: another attempt, a dead letter, a replay.

use domain::Envelope;
use platform::postgres::Connector;
use testkit::eventually;
use worker::Worker;
use worker::dead_letters::{Replayed, replay};
use worker::effects::{Effect, Notify, Writes};

use crate::scene::{NewEvent, SOON, Scene};

/// From now on a notification with the title `boom` can't be written.
async fn sabotage(scene: &Scene, by: &str) {
    scene
        .admin
        .batch_execute(&format!(
            "CREATE FUNCTION delivery.boom() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN IF NEW.title = 'boom' THEN {by}; END IF; RETURN NEW; END $$;
             CREATE TRIGGER boom BEFORE INSERT ON delivery.notifications FOR EACH ROW EXECUTE FUNCTION delivery.boom()"
        ))
        .await
        .unwrap();
}

async fn mend(scene: &Scene) {
    scene.admin.batch_execute("DROP FUNCTION delivery.boom CASCADE").await.unwrap();
}

/// 30 events, of which every tenth fails.
async fn log_with_failures(scene: &Scene) {
    let good = NewEvent::created(scene.alice, &[scene.bob]);
    let events: Vec<NewEvent> =
        (0..30).map(|n| if n % 10 == 4 { good.clone().titled("boom") } else { good.clone() }).collect();
    scene.log(&events).await;
}

fn connector(scene: &Scene) -> Connector {
    Connector::new("worker", &scene.settings().database).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_again_and_again_is_a_dead_letter_and_can_be_replayed() {
    let scene = Scene::new().await;
    sabotage(&scene, "RAISE EXCEPTION 'the sky fell'").await;
    log_with_failures(&scene).await;
    let running = scene.worker().start();
    scene.settled().await;
    assert_eq!((scene.told(scene.bob).await, scene.dead_letters().await), (27, 3), "the others are not held up");
    let what = "delivery.dead_letters WHERE attempts = 3 AND error LIKE '%the sky fell%' AND team_id = $1
                AND message::jsonb ->> 'type' = 'task.created' AND message::jsonb #>> '{data,task,title}' = 'boom'";
    assert_eq!(scene.count(what, &[&scene.team.uuid()]).await, 3);
    scene.stream_is_empty().await;

    mend(&scene).await;
    let one: uuid::Uuid =
        scene.admin.query_one("SELECT id FROM delivery.dead_letters LIMIT 1", &[]).await.unwrap().get(0);
    let connector = connector(&scene);
    assert_eq!(replay(&connector, &[one]).await.unwrap(), Replayed { replayed: 1, not_events: 0 });
    scene.settled().await;
    assert_eq!((scene.told(scene.bob).await, scene.dead_letters().await), (28, 2));
    assert_eq!(replay(&connector, &[one]).await.unwrap(), Replayed { replayed: 0, not_events: 0 });

    let (first, second) = tokio::join!(replay(&connector, &[]), replay(&connector, &[]));
    assert_eq!(first.unwrap().replayed + second.unwrap().replayed, 2, "two replays at once are one");
    scene.settled().await;
    assert_eq!((scene.told(scene.bob).await, scene.dead_letters().await), (30, 0));
    assert!(running.stop(SOON).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_a_while_takes_effect_in_the_end() {
    let scene = Scene::new().await;
    sabotage(&scene, "RAISE EXCEPTION 'the sky fell'").await;
    let _running = scene.worker_with(|s| s.events.max_attempts = 1000).start();
    scene.log(&[NewEvent::created(scene.alice, &[scene.bob]).titled("boom")]).await;
    let tried = "tasks.outbox WHERE attempts >= 3";
    eventually("several attempts", SOON, async || (scene.count(tried, &[]).await == 1).then_some(())).await;
    mend(&scene).await;
    scene.settled().await;
    assert_eq!((scene.told(scene.bob).await, scene.dead_letters().await), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_failures_end_the_same_way() {
    let scene = Scene::new().await;
    sabotage(&scene, "RAISE EXCEPTION 'the sky fell'").await;
    log_with_failures(&scene).await;
    let _running = scene.worker_with(|s| s.redis.url = "redis://127.0.0.1:1/".into()).start();
    scene.settled().await;
    assert_eq!((scene.told(scene.bob).await, scene.dead_letters().await), (27, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_is_too_slow_is_found_out() {
    let scene = Scene::new().await;
    sabotage(&scene, "PERFORM pg_sleep(5)").await;
    log_with_failures(&scene).await;
    let worker = scene.worker_with(|s| {
        s.database.statement_timeout_ms = 200;
        (s.events.lease_ms, s.events.max_attempts, s.events.retry_base_ms) = (500, 2, 1);
    });
    let _running = worker.start();
    scene.settled().await;
    assert_eq!((scene.told(scene.bob).await, scene.dead_letters().await), (27, 3));
}

/// Panics at a title of `boom`.
#[derive(Debug)]
struct Explosive;

impl Effect for Explosive {
    fn name(&self) -> &'static str {
        "explosive"
    }

    fn plan(&self, event: &Envelope, _: &mut Writes) {
        assert_ne!(event.data.task.as_ref().unwrap().title, "boom", "struck by a meteor");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_failed_event_and_not_a_dead_worker() {
    let scene = Scene::new().await;
    log_with_failures(&scene).await;
    let worker = Worker::with_effects(scene.settings(), vec![Box::new(Explosive), Box::new(Notify)]).unwrap();
    let running = worker.start();
    scene.settled().await;
    assert_eq!((scene.told(scene.bob).await, scene.dead_letters().await), (27, 3));
    let what = "delivery.dead_letters WHERE error LIKE 'panicked:%struck by a meteor%'";
    assert_eq!(scene.count(what, &[]).await, 3);
    scene.backlog(10).await;
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, 37);
    assert!(running.stop(SOON).await);

    let _running = scene.worker().start();
    assert_eq!(replay(&connector(&scene), &[]).await.unwrap().replayed, 3);
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_was_an_event_is_not_replayed() {
    let scene = Scene::new().await;
    let insert = "INSERT INTO delivery.dead_letters (id, message, error, attempts) VALUES ($1, 'x', 'y', 1)";
    let id = uuid::Uuid::now_v7();
    scene.admin.execute(insert, &[&id]).await.unwrap();
    let expected = Replayed { replayed: 0, not_events: 1 };
    assert_eq!(replay(&connector(&scene), &[]).await.unwrap(), expected);
    assert_eq!(replay(&connector(&scene), &[id]).await.unwrap(), expected);
    assert_eq!((scene.dead_letters().await, scene.pending().await), (1, 0));
}
