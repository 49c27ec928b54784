//! Sessions whose refresh token is in a cookie.

use futures_util::future::join_all;
use serde_json::json;
use testkit::{Answer, Api};

use crate::app::{PASSWORD, TestApp, text};

const REGISTER: &str = "/api/v1/auth/register";
const LOGIN: &str = "/api/v1/auth/login";
const REFRESH: &str = "/api/v1/auth/refresh";
const LOGOUT: &str = "/api/v1/auth/logout";
const MAX_AGE: &str = "Max-Age=2592000";

/// The value and the attributes of the one cookie that an answer sets.
fn cookie(answer: &Answer) -> (String, Vec<String>) {
    let mut set = answer.headers.get_all("set-cookie").iter();
    let (Some(one), None) = (set.next(), set.next()) else { panic!("{:?}", answer.headers) };
    let mut parts = one.to_str().unwrap().split("; ").map(str::to_owned);
    let value = parts.next().unwrap().strip_prefix("taskhub_refresh=").unwrap().to_owned();
    let mut attributes: Vec<String> = parts.collect();
    attributes.sort();
    (value, attributes)
}

/// A page with this cookie.
fn page(api: &Api, cookie: &str) -> Api {
    api.with_header("cookie", &format!("theme=dark; taskhub_refresh={cookie}"))
        .with_header("x-taskhub-session", "cookie")
}

async fn sign_in(app: &TestApp) -> String {
    let body = json!({"email": "alice@example.org", "password": PASSWORD, "session": "cookie"});
    cookie(&app.api().post(LOGIN, body).await.expect(200)).0
}

#[tokio::test]
async fn a_page_gets_its_refresh_token_where_no_script_can_read_it() {
    let app = TestApp::start().await;
    let body = json!({"email": "alice@example.org", "password": PASSWORD, "name": "alice", "session": "cookie"});
    let registered = app.api().post(REGISTER, body).await.expect(201);
    let names: Vec<_> = registered.json.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["access_token", "expires_in", "token_type", "user"]);
    assert_eq!(registered.header("cache-control"), "no-store");
    let (first, attributes) = cookie(&registered);
    assert_eq!(attributes, ["HttpOnly", MAX_AGE, "Path=/api/v1/auth", "SameSite=Strict"]);
    assert!(!registered.text.contains(&first));

    let refreshed = page(&app.api(), &first).post(REFRESH, json!({})).await.expect(200);
    let names: Vec<_> = refreshed.json.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["access_token", "expires_in", "token_type", "user"]);
    let (second, attributes) = cookie(&refreshed);
    assert_ne!(second, first);
    assert_eq!(attributes, ["HttpOnly", MAX_AGE, "Path=/api/v1/auth", "SameSite=Strict"]);
    let access = text(&refreshed.json["access_token"]);
    assert_eq!(app.api().with_token(access).get("/api/v1/me").await.expect(200).json, registered.json["user"]);

    let left = page(&app.api(), &second).post(LOGOUT, json!({})).await.expect(204);
    assert_eq!(
        cookie(&left),
        (
            String::new(),
            vec!["HttpOnly".into(), "Max-Age=0".into(), "Path=/api/v1/auth".into(), "SameSite=Strict".into()]
        )
    );
    assert_eq!(app.count("sessions").await, 0);
    let gone = page(&app.api(), &second).post(REFRESH, json!({})).await;
    gone.is_problem(401, "unauthenticated");
    assert_eq!(cookie(&gone).0, "", "a cookie that is good for nothing is taken away");
}

#[tokio::test]
async fn behind_https_the_cookie_never_goes_over_anything_else() {
    let app = TestApp::start().await;
    app.register("alice").await;
    let body = json!({"email": "alice@example.org", "password": PASSWORD, "session": "cookie"});
    for (proto, secure) in [
        ("https", true),
        ("HTTPS", true),
        ("https,http", true),
        ("https, http", true),
        ("http", false),
        ("http,https", false),
    ] {
        let api = app.api().with_header("x-forwarded-proto", proto);
        let (token, attributes) = cookie(&api.post(LOGIN, body.clone()).await.expect(200));
        assert_eq!(attributes.contains(&"Secure".to_owned()), secure, "{proto}");
        let (token, attributes) = cookie(&page(&api, &token).post(REFRESH, json!({})).await.expect(200));
        assert_eq!(attributes.contains(&"Secure".to_owned()), secure, "{proto}");
        let (_, attributes) = cookie(&page(&api, &token).post(LOGOUT, json!({})).await.expect(204));
        assert_eq!(attributes.contains(&"Secure".to_owned()), secure, "{proto}");
    }
}

#[tokio::test]
async fn another_site_can_do_nothing_with_the_cookie() {
    let app = TestApp::start().await;
    app.register("alice").await;
    let token = sign_in(&app).await;
    let sessions = app.count("sessions").await;
    let forged = app.api().with_header("cookie", &format!("taskhub_refresh={token}"));
    for path in [REFRESH, LOGOUT] {
        forged.post(path, json!({})).await.is_problem(403, "X-TaskHub-Session");
        forged.with_header("x-taskhub-session", "yes").post(path, json!({})).await.is_problem(403, "X-TaskHub-Session");
        // What a form can send isn't JSON.
        let form = forged.with_header("content-type", "text/plain").with_header("x-taskhub-session", "cookie");
        form.post(path, json!({})).await.is_problem(415, "application/json");
    }
    assert_eq!(app.count("sessions").await, sessions);
    page(&app.api(), &token).post(REFRESH, json!({})).await.expect(200);
}

#[tokio::test]
async fn tabs_that_refresh_at_once_stay_signed_in_and_a_copied_cookie_ends_the_session() {
    let app = TestApp::start_with(|settings| settings.tokens.refresh_leeway_s = 10).await;
    app.register("alice").await;
    let first = sign_in(&app).await;
    let tab = page(&app.api(), &first);
    let answers = join_all((0..5).map(|_| tab.post(REFRESH, json!({})))).await;
    let successors: Vec<String> = answers.into_iter().map(|answer| cookie(&answer.expect(200)).0).collect();
    assert!(successors.iter().all(|successor| *successor == successors[0]));
    page(&app.api(), &successors[0]).post(REFRESH, json!({})).await.expect(200);
    let copied = page(&app.api(), &first).post(REFRESH, json!({})).await;
    copied.is_problem(401, "unauthenticated");
    assert_eq!(cookie(&copied).0, "");
    assert_eq!(app.count("sessions").await, 1, "the session that registering made");
}

#[tokio::test]
async fn a_program_is_served_as_before() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let refreshed = app.refresh(&alice.refresh).await.expect(200);
    assert!(refreshed.headers.get("set-cookie").is_none());
    let token = text(&refreshed.json["refresh_token"]);
    // What is in the body counts, and is answered in the body.
    let both = page(&app.api(), "thr_other").post(REFRESH, json!({"refresh_token": token})).await.expect(200);
    assert!(both.json["refresh_token"].is_string() && both.headers.get("set-cookie").is_none());
    for path in [REFRESH, LOGOUT] {
        app.api().post(path, json!({})).await.is_problem(422, "/refresh_token");
        app.api().post(path, json!({"refresh_token": null})).await.is_problem(422, "/refresh_token");
        app.api().post(path, json!({"refresh_token": ""})).await.is_problem(422, "/refresh_token");
    }
    let body = json!({"email": "alice@example.org", "password": PASSWORD, "session": "token"});
    assert!(app.api().post(LOGIN, body).await.expect(200).json["refresh_token"].is_string());
    for (path, body) in [
        (LOGIN, json!({"email": "alice@example.org", "password": PASSWORD, "session": "jar"})),
        (REGISTER, json!({"email": "b@example.org", "password": PASSWORD, "name": "b", "session": "jar"})),
    ] {
        app.api().post(path, body).await.is_problem(422, "/session");
    }
}

#[tokio::test]
async fn a_page_without_a_cookie_is_not_signed_in() {
    let app = TestApp::start().await;
    let api = app.api().with_header("x-taskhub-session", "cookie");
    api.post(REFRESH, json!({})).await.is_problem(401, "unauthenticated");
    api.post(LOGOUT, json!({})).await.expect(204);
    for nonsense in ["x", "thr_", "\"\"", &"x".repeat(3000)] {
        page(&app.api(), nonsense).post(REFRESH, json!({})).await.is_problem(401, "unauthenticated");
        page(&app.api(), nonsense).post(LOGOUT, json!({})).await.expect(204);
    }
}
