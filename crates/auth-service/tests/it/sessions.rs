//! `POST /auth/login`, `/auth/refresh` and `/auth/logout`.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use testkit::Api;
use tokio::sync::Notify;

use crate::app::{PASSWORD, TestApp, all_pages, items, text};

const LOGIN: &str = "/api/v1/auth/login";
const SESSIONS: &str = "/api/v1/auth/sessions";
const LOGOUT: &str = "/api/v1/auth/logout";

#[tokio::test]
async fn signing_in_makes_a_session_that_is_remembered() {
    let app = TestApp::start().await;
    app.register("alice").await;
    let api = app.api().with_header("User-Agent", &"x".repeat(300));
    let body = json!({"email": "Alice@Example.org ", "password": PASSWORD});
    let answer = api.post(LOGIN, body).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let _ = api.with_token(text(&answer.json["access_token"])).get("/api/v1/me").await.expect(200);
    let admin = app.database.admin().await;
    let sql = "SELECT char_length(user_agent), expires_at > now() + interval '29 days', last_used_at >= created_at
               FROM identity.sessions ORDER BY created_at DESC LIMIT 1";
    let session = admin.query_one(sql, &[]).await.unwrap();
    assert_eq!((session.get::<_, i32>(0), session.get(1), session.get(2)), (200, true, true));
}

#[tokio::test]
async fn a_wrong_password_and_no_account_are_answered_alike() {
    let app = TestApp::start().await;
    app.register("alice").await;
    let login = async |email: &str, password: &str| {
        let mut answer = app.api().post(LOGIN, json!({"email": email, "password": password})).await;
        answer.is_problem(401, "bad-credentials");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"taskhub\"");
        answer.json["trace_id"].take();
        answer.json
    };
    let wrong = login("alice@example.org", "wrong password").await;
    for email in ["bob@example.org", "not an address", "", "a\u{0}@b.example"] {
        assert_eq!(login(email, PASSWORD).await, wrong);
    }
    assert_eq!(login("alice@example.org", "").await, wrong);
    let long = app.api().post(LOGIN, json!({"email": "a@b.example", "password": "x".repeat(257)})).await;
    long.is_problem(422, "/password");
    app.api().post(LOGIN, json!({"email": "a@b.example"})).await.is_problem(422, "missing field `password`");
}

#[tokio::test]
async fn who_has_no_account_waits_for_a_hash_all_the_same() {
    // With no turn free and nobody allowed to wait, only who needs no hash would get through.
    let app = TestApp::start_with(|settings| {
        settings.passwords.max_hashes = 1;
        settings.passwords.max_waiting = 0;
        settings.passwords.memory_kib = 256 * 1024;
    })
    .await;
    let api = app.api();
    let body = json!({"email": "nobody@example.org", "password": PASSWORD});
    let answers = join_all((0..12).map(|_| api.post(LOGIN, body.clone()))).await;
    let (hashed, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|a| a.status == 401);
    assert!(!hashed.is_empty() && !refused.is_empty(), "{answers:?}");
    for answer in refused {
        answer.is_problem(503, "overloaded");
        assert_eq!(answer.header("retry-after"), "2");
    }
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_moves_the_session_on() {
    let app = TestApp::start_with(|settings| settings.tokens.refresh_leeway_s = 0).await;
    let alice = app.register("alice").await;
    app.execute("UPDATE identity.sessions SET expires_at = now() + interval '1 day'").await;
    let second = app.refresh(&alice.refresh).await.expect(200);
    assert_eq!(second.header("cache-control"), "no-store");
    assert_eq!(second.json["user"]["id"], alice.id.as_str());
    assert_ne!(second.json["refresh_token"], alice.refresh.as_str());
    let _ = app.api().with_token(text(&second.json["access_token"])).get("/api/v1/me").await.expect(200);
    let admin = app.database.admin().await;
    let moved = "SELECT expires_at > now() + interval '29 days' AND last_used_at > created_at FROM identity.sessions";
    assert!(admin.query_one(moved, &[]).await.unwrap().get::<_, bool>(0));

    let third = app.refresh(&text(&second.json["refresh_token"])).await.expect(200);
    assert_eq!((app.count("sessions").await, app.count("refresh_tokens").await), (1, 3));
    // The first was copied: whoever shows it, both are out.
    app.refresh(&alice.refresh).await.is_problem(401, "Sign in again");
    app.refresh(&text(&third.json["refresh_token"])).await.is_problem(401, "Sign in again");
    assert_eq!((app.count("sessions").await, app.count("refresh_tokens").await), (0, 0));
}

#[tokio::test]
async fn another_session_goes_on_when_one_is_ended() {
    let app = TestApp::start_with(|settings| settings.tokens.refresh_leeway_s = 0).await;
    let phone = app.register("alice").await;
    let laptop = app.login("alice").await;
    let _ = app.refresh(&phone.refresh).await.expect(200);
    app.refresh(&phone.refresh).await.is_problem(401, "Sign in again");
    let _ = app.refresh(&laptop.refresh).await.expect(200);
}

#[tokio::test]
async fn whoever_lost_the_answer_asks_again_and_gets_the_same_token() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let lost = app.refresh(&alice.refresh).await.expect(200);
    let again = app.refresh(&alice.refresh).await.expect(200);
    assert_eq!(again.json["refresh_token"], lost.json["refresh_token"]);
    let next = app.refresh(&text(&again.json["refresh_token"])).await.expect(200);
    // Its successor was used since: this is no lost answer any more, however soon it comes.
    app.refresh(&alice.refresh).await.is_problem(401, "Sign in again");
    app.refresh(&text(&next.json["refresh_token"])).await.is_problem(401, "Sign in again");
}

#[tokio::test]
async fn the_leeway_ends() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let _ = app.refresh(&alice.refresh).await.expect(200);
    app.execute("UPDATE identity.refresh_tokens SET rotated_at = rotated_at - interval '11 seconds'").await;
    app.refresh(&alice.refresh).await.is_problem(401, "Sign in again");
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn many_refreshes_at_once_leave_one_good_token_and_nobody_signed_out() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let mut token = alice.refresh;
    for round in 1..=3 {
        let answers = join_all((0..12).map(|_| app.refresh(&token))).await;
        let next: Vec<String> = answers.into_iter().map(|a| text(&a.expect(200).json["refresh_token"])).collect();
        assert!(next.iter().all(|t| *t == next[0]), "every tab has the same token");
        assert_eq!(app.count("refresh_tokens").await, round + 1);
        token.clone_from(&next[0]);
    }
    assert_eq!(app.count("sessions").await, 1);
}

#[tokio::test]
async fn what_is_no_refresh_token_of_ours_is_refused() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let mut other = alice.refresh.clone();
    other.replace_range(10..11, if &other[10..11] == "A" { "B" } else { "A" });
    for token in ["nope", "thr_", "thr_\u{0}", &alice.access, &other] {
        app.refresh(token).await.is_problem(401, "Sign in again");
    }
    app.refresh("").await.is_problem(422, "/refresh_token");
    app.refresh(&"x".repeat(2000)).await.is_problem(422, "/refresh_token");
    app.execute("UPDATE identity.sessions SET expires_at = now() - interval '1 second'").await;
    app.refresh(&alice.refresh).await.is_problem(401, "Sign in again");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_asks_no_questions() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let logout = async |token: &str| app.api().post(LOGOUT, json!({"refresh_token": token})).await;
    let newest = text(&app.refresh(&alice.refresh).await.expect(200).json["refresh_token"]);
    // Also an older token of the session will do: who signs out means it.
    let answer = logout(&alice.refresh).await.expect(204);
    assert_eq!(answer.text, "");
    app.refresh(&newest).await.is_problem(401, "Sign in again");
    for token in [newest.as_str(), "thr_unknown", "nope"] {
        let _ = logout(token).await.expect(204);
    }
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn refreshing_and_signing_out_at_once_ends_in_order() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        let alice = match app.count("users").await {
            0 => app.register("alice").await,
            _ => app.login("alice").await,
        };
        let api = app.api();
        let body = json!({"refresh_token": alice.refresh});
        let (refreshed, signed_out) = tokio::join!(app.refresh(&alice.refresh), api.post(LOGOUT, body));
        let _ = signed_out.expect(204);
        assert!([200, 401].contains(&refreshed.status.as_u16()), "{}", refreshed.text);
        assert_eq!(app.count("sessions").await, 0);
    }
}

#[tokio::test]
async fn what_was_counted_is_shown() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let management = Api::new(&app.running.management_url);
    let count = async |line: &str| -> u64 {
        let text = management.get("/metrics").await.expect(200).text;
        let line = text.lines().find_map(|l| l.strip_prefix(line)).unwrap_or_else(|| panic!("no {line} in {text}"));
        line.trim().parse().unwrap()
    };
    let failed = "taskhub_logins_total{method=\"password\",outcome=\"bad_credentials\"}";
    let reused = "taskhub_token_refreshes_total{outcome=\"reused\"}";
    let before = (count(failed).await, count(reused).await);
    let _ = app.api().post(LOGIN, json!({"email": "x@example.org", "password": "wrong"})).await.expect(401);
    let next = text(&app.refresh(&alice.refresh).await.expect(200).json["refresh_token"]);
    let _ = app.refresh(&next).await.expect(200);
    let _ = app.refresh(&alice.refresh).await.expect(401);
    assert_eq!((count(failed).await, count(reused).await), (before.0 + 1, before.1 + 1));
    assert!(count("taskhub_logins_total{method=\"password\",outcome=\"success\"}").await < u64::MAX);
}

#[tokio::test]
async fn one_sees_where_one_is_signed_in_and_signs_out_there() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.register("alice").await, app.register("bob").await);
    let elsewhere = app.login("alice").await;
    let (sizes, sessions) = all_pages(&alice.api, SESSIONS, 1).await;
    assert_eq!(sizes, [1, 1]);
    assert_eq!((&sessions[0]["is_current"], &sessions[1]["is_current"]), (&json!(false), &json!(true)));
    let path = format!("{SESSIONS}/{}", text(&sessions[0]["id"]));
    bob.api.delete(&path).await.is_problem(404, "not-found");
    let _ = alice.api.delete(&path).await.expect(204);
    alice.api.delete(&path).await.is_problem(404, "not-found");
    app.refresh(&elsewhere.refresh).await.is_problem(401, "not valid");
    let _ = app.refresh(&alice.refresh).await.expect(200);
    assert_eq!(items(&bob.api.get(SESSIONS).await.expect(200).json).len(), 1);
    app.execute("UPDATE identity.sessions SET expires_at = now()").await;
    assert!(items(&alice.api.get(SESSIONS).await.expect(200).json).is_empty());
    app.api().get(SESSIONS).await.is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_password_signs_in_from_every_keyboard_and_so_does_one_of_before() {
    let app = TestApp::start().await;
    let body = |password: &str| json!({"email": "zoe@example.org", "password": password});
    let mut register = body("cafe\u{301}\u{a0}au lait");
    register["name"] = json!("Zoe\u{308}");
    let made = app.api().post("/api/v1/auth/register", register).await.expect(201).json;
    assert_eq!(made["user"]["name"], "Zo\u{eb}");
    for password in ["caf\u{e9} au lait", "cafe\u{301} au\u{2003}lait"] {
        let _ = app.api().post(LOGIN, body(password)).await.expect(200);
    }
    app.api().post(LOGIN, body("cafe au lait")).await.is_problem(401, "bad-credentials");
    for refused in ["tab\tin a password", "\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}"] {
        let body = json!({"email": "y@example.org", "password": refused, "name": "Y"});
        app.api().post("/api/v1/auth/register", body).await.is_problem(422, "control characters");
    }
}

#[tokio::test]
async fn wrong_passwords_on_72_connections_do_not_keep_anyone_from_signing_in() {
    let app = TestApp::start_with(|settings| {
        settings.passwords.max_hashes = 1;
        settings.passwords.max_waiting = 64;
        settings.passwords.memory_kib = 4096;
        settings.passwords.iterations = 2;
    })
    .await;
    app.register("alice").await;
    let from = |address: &str| app.api().with_header("x-client-address", address);
    let full = Notify::new();
    // Each account of its own, which the account's share doesn't stop.
    let attack = (0..72).map(|n| {
        let (api, full) = (from("192.0.2.1"), &full);
        async move {
            loop {
                let body = json!({"email": format!("a{n}@example.org"), "password": "wrong password"});
                match api.post(LOGIN, body).await.status.as_u16() {
                    503 => full.notify_one(),
                    status => assert_eq!(status, 401),
                }
            }
        }
    });
    let stranger = async {
        let body = json!({"email": "alice@example.org", "password": PASSWORD});
        full.notified().await;
        let begun = Instant::now();
        let _ = from("198.51.100.7").post(LOGIN, body).await.expect(200);
        begun.elapsed()
    };
    let took = tokio::select! {
        took = stranger => took,
        _ = join_all(attack) => unreachable!("an attack doesn't end"),
    };
    assert!(took < Duration::from_secs(2), "{took:?}");
}
