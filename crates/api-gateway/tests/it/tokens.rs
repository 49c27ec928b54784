//! No byte goes to a service for a caller whose token isn't good.

use testkit::Forgery;

use crate::stage::{Stage, TASKS};

#[tokio::test]
async fn a_forged_token_ends_at_the_door() {
    let (stage, echoes) = Stage::with_echoes().await;
    for forgery in Forgery::ALL {
        let forged = stage.nobody().with_token(stage.issuer.forge(stage.user, *forgery));
        for path in [TASKS, "/api/v1/me", "/api/v1/notifications", "/api/tasks"] {
            forged.get(path).await.is_problem(401, "token");
            forged.send("POST", path, Some(vec![b'x'; 100_000])).await.is_problem(401, "token");
        }
    }
    assert_eq!(echoes.seen(), 0);
    let _ = stage.api().get(TASKS).await.expect(200);
}

#[tokio::test]
async fn anything_but_one_bearer_token_ends_there_too() {
    let (stage, echoes) = Stage::with_echoes().await;
    let token = stage.token();
    for value in
        ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer not.a.jwt", &token, &format!("Bearer {}", "a".repeat(5000))]
    {
        let answer = stage.nobody().with_header("authorization", value).get(TASKS).await;
        answer.is_problem(401, "");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
    stage.api().with_header("authorization", &format!("Bearer {token}")).get(TASKS).await.is_problem(401, "one");
    assert_eq!(echoes.seen(), 0);
    let passed = stage.nobody().with_header("authorization", &format!("bearer {token}")).get(TASKS).await;
    let _ = passed.expect(200);
}

#[tokio::test]
async fn the_token_goes_on_to_the_service_which_checks_it_again() {
    let (stage, _echoes) = Stage::with_echoes().await;
    let token = stage.token();
    let answer = stage.nobody().with_token(&token).get(TASKS).await.expect(200);
    assert!(answer.text.contains(&format!("[\"authorization\",\"Bearer {token}\"]")), "{}", answer.text);
}

#[tokio::test]
async fn without_keys_nobody_can_tell_a_good_token_and_the_answer_is_503() {
    let nowhere = crate::stage::nowhere();
    let (url, echoes) = (format!("{nowhere}/jwks.json"), crate::stage::Echoes::start().await);
    let urls = [echoes.auth.url(), echoes.task.url(), echoes.worker.url()];
    let stage = Stage::start(urls, |settings| settings.auth.jwks_url = Some(url)).await;
    stage.api().get(TASKS).await.is_problem(503, "auth-service");
    assert_eq!(echoes.seen(), 0);
    let ready = testkit::Api::new(&stage.running.management_url).get("/health/ready").await.expect(503);
    assert!(ready.text.contains("token-keys"), "{}", ready.text);
}
