//! How much memory large answers take.

use e2e::{Person, Service, Stack};
use futures_util::future::join_all;
use serde_json::json;

/// How many such requests come at once.
const AT_ONCE: usize = 50;
/// MiB that the chart lets one pod have: `resources.limits.memory` in helm/taskhub/values.yaml.
const LIMITS: [(Service, f64); 2] = [(Service::Gateway, 256.0), (Service::Task, 384.0)];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_large_answers_at_once_stay_within_the_memory_of_a_pod() {
    let mut stack = Stack::start_with(&[("MIMALLOC_ARENA_EAGER_COMMIT", "0")]).await;
    let alice = Person::sign_up(&stack, "alice").await;
    alice.make_team("ops").await;
    let token = alice.sign_in(&stack).await.token;
    // As JSON, a quotation mark is two bytes.
    let large = json!({"title": "large", "description": "\"".repeat(65_536)});
    for _ in 0..10 {
        join_all((0..30).map(|_| async {
            alice.api.post("/api/v1/teams/ops/tasks", large.clone()).await.expect(201);
        }))
        .await;
    }
    let client = reqwest::Client::new();
    for path in [
        "/api/tasks?limit=1000",
        "/api/v1/teams/ops/tasks?limit=200",
        "/api/v1/teams/ops/changes?since=0&limit=200",
        "/api/v1/teams/ops/activity?limit=200",
    ] {
        let url = format!("{}{path}", stack.url(Service::Gateway));
        let heads = join_all((0..AT_ONCE).map(|_| client.get(&url).bearer_auth(&token).send())).await;
        // Nobody reads on until all have been answered.
        let bodies = join_all(heads.into_iter().map(|head| async {
            let head = head.unwrap();
            (head.status().as_u16(), head.bytes().await.unwrap().len())
        }))
        .await;
        let whole = bodies.iter().filter(|(status, _)| *status == 200).count();
        // A slow machine doesn't serve all in time; those are told so.
        assert!(whole > 0 && bodies.iter().all(|(status, _)| [200, 503].contains(status)), "{path}: {bodies:?}");
        for (service, _) in LIMITS {
            let process = stack.process(service);
            eprintln!(
                "{path}: {whole} of {} bytes; {}: {:.0} MiB, at most {:.0}",
                bodies.iter().map(|(_, length)| length).max().unwrap(),
                service.name(),
                process.resident_mib(),
                process.peak_mib(),
            );
        }
    }
    for (service, limit) in LIMITS {
        let (peak, now) = (stack.process(service).peak_mib(), stack.process(service).resident_mib());
        eprintln!("{}: at most {peak:.0} MiB, afterwards {now:.0}", service.name());
        assert!(peak < limit, "{} had {peak:.0} MiB", service.name());
    }
}
