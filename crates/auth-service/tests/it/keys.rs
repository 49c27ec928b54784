//! Signing keys: made, published, rotated, withdrawn.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use auth_service::keys::KeyRing;
use auth_service::{SealingKey, Settings, housekeeping};
use futures_util::future::join_all;
use platform::Verifier;
use platform::postgres::{Connector, Pool};
use testkit::{Database, eventually};

use crate::app::{TestApp, serve, settings, text};

const JWKS: &str = "/.well-known/jwks.json";

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

/// Makes the newest key old enough to be replaced.
const AGE: &str = "UPDATE identity.signing_keys SET created_at = created_at - interval '31 days'";

#[tokio::test]
async fn what_is_published_is_a_public_key_and_no_more() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let answer = app.api().get(JWKS).await.expect(200);
    assert_eq!(answer.header("cache-control"), "max-age=60");
    let [key] = answer.json["keys"].as_array().unwrap().as_slice() else { panic!("one key: {}", answer.text) };
    for (member, value) in [("kty", "OKP"), ("crv", "Ed25519"), ("alg", "EdDSA"), ("use", "sig")] {
        assert_eq!(key[member], value, "{key}");
    }
    assert_eq!(key["kid"], kid(&alice.access));
    assert!(key.get("d").is_none(), "the private key is published");
}

#[tokio::test]
async fn keys_rotate_while_tokens_are_verified_and_no_request_fails() {
    let app = TestApp::start_with(|settings| {
        settings.auth.jwks_refresh_s = 1;
        settings.tokens.key_reload_s = 1;
        settings.tokens.publish_ahead_s = 2;
    })
    .await;
    let mut elsewhere = settings(app.database.settings("taskhub_auth")).auth;
    elsewhere.jwks_url = Some(format!("{}{JWKS}", app.running.url));
    elsewhere.jwks_refresh_s = 1;
    let verifier = Verifier::from_jwks_url(&elsewhere).unwrap();
    let fresh = tokio::spawn(verifier.clone().keep_fresh());
    let mut alice = app.register("alice").await;
    let (mut kids, mut tokens) = (BTreeSet::new(), Vec::new());
    for rotation in 1..=3 {
        eventually("another key signs", Duration::from_secs(20), async || {
            let answer = app.refresh(&alice.refresh).await.expect(200);
            alice.refresh = text(&answer.json["refresh_token"]);
            let token = text(&answer.json["access_token"]);
            verifier.verify(&token).await.unwrap();
            let _ = app.api().with_token(&token).get("/api/v1/me").await.expect(200);
            kids.insert(kid(&token));
            tokens.push(token);
            (kids.len() == rotation).then_some(())
        })
        .await;
        app.execute(AGE).await;
    }
    fresh.abort();
    for token in &tokens {
        verifier.verify(token).await.unwrap();
        let _ = app.api().with_token(token).get("/api/v1/me").await.expect(200);
    }
    let published = app.api().get(JWKS).await.expect(200).json;
    let published: BTreeSet<String> = published["keys"].as_array().unwrap().iter().map(|k| text(&k["kid"])).collect();
    assert!(kids.is_subset(&published), "a key in use is withdrawn");
}

fn ring(settings: &Settings) -> KeyRing {
    let pool = Pool::new(&Connector::new("test", &settings.database).unwrap(), &settings.database).unwrap();
    let master_key = SealingKey::from_setting(settings.tokens.master_key.as_ref()).unwrap();
    KeyRing::new(pool, Arc::new(master_key), &settings.tokens, &settings.auth)
}

#[tokio::test]
async fn replicas_that_notice_at_once_make_one_key() {
    let database = Database::new().await;
    let mut settings = settings(database.settings("taskhub_auth"));
    settings.database.pool_size = 2;
    let admin = database.admin().await;
    for keys in 1..=3 {
        let rings: Vec<KeyRing> = (0..6).map(|_| ring(&settings)).collect();
        let sets = join_all(rings.iter().map(|ring| ring.clone().load_jwks())).await;
        assert!(sets.iter().all(|set| set.as_ref().unwrap().keys.len() == keys));
        let (all, current): (i64, i64) = {
            let sql = "SELECT count(*), count(*) FILTER (WHERE expires_at IS NULL) FROM identity.signing_keys";
            let row = admin.query_one(sql, &[]).await.unwrap();
            (row.get(0), row.get(1))
        };
        assert_eq!((all, current), (i64::try_from(keys).unwrap(), 1));
        admin.batch_execute(AGE).await.unwrap();
    }
}

#[tokio::test]
async fn a_key_is_published_ahead_and_after() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    app.execute(AGE).await;
    let ring = ring(&settings(app.database.settings("taskhub_auth")));
    assert_eq!(ring.clone().load_jwks().await.unwrap().keys.len(), 2, "the new one is published ...");
    let user = alice.id.parse().unwrap();
    let signed = ring.sign(user, domain::SessionId::new()).await.unwrap();
    assert_eq!(kid(signed.token.expose()), kid(&alice.access), "... and doesn't sign yet");
    let admin = app.database.admin().await;
    let sql = "SELECT n.signs_from - n.created_at = interval '600 s', o.expires_at - n.signs_from >= interval '900 s'
               FROM identity.signing_keys n, identity.signing_keys o WHERE n.expires_at IS NULL AND o.expires_at IS NOT NULL";
    let row = admin.query_one(sql, &[]).await.unwrap();
    assert_eq!((row.get(0), row.get(1)), (true, true));

    app.execute("UPDATE identity.signing_keys SET signs_from = now() - interval '1 s', expires_at = now() - interval '1 s' WHERE expires_at IS NOT NULL").await;
    app.execute("UPDATE identity.signing_keys SET signs_from = now() WHERE expires_at IS NULL").await;
    let left = ring.clone().load_jwks().await.unwrap();
    assert_eq!(left.keys.len(), 1, "an old one is withdrawn when its last token has expired");
    let signed = ring.sign(user, domain::SessionId::new()).await.unwrap();
    assert_eq!(left.keys[0].common.key_id, Some(kid(signed.token.expose())));
}

#[tokio::test]
async fn another_master_key_stops_the_start_and_says_so() {
    let app = TestApp::start().await;
    app.register("alice").await;
    let mut other = settings(app.database.settings("taskhub_auth"));
    other.tokens.master_key = Some("ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=".to_owned().into());
    let (running, background) = serve(&other).await;
    let error = tokio::time::timeout(Duration::from_secs(10), background).await.unwrap().unwrap().to_string();
    assert!(error.contains("TASKHUB__TOKENS__MASTER_KEY is not the key"), "{error}");
    assert!(!error.contains('\n'));
    let ready = running.api().get("/health/ready").await.expect(503);
    assert!(ready.text.contains("the master key is not the one"), "{}", ready.text);
    let body = serde_json::json!({"email": "alice@example.org", "password": crate::app::PASSWORD});
    running.api().post("/api/v1/auth/login", body).await.is_problem(503, "signing keys");
    assert_eq!(app.count("signing_keys").await, 1, "nothing was made under the wrong key");
}

#[tokio::test]
async fn what_nobody_can_use_any_more_is_removed() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    alice.team("ops").await;
    alice.invite("ops", "bob@example.org", "member").await;
    let keyed = alice.api.with_header("Idempotency-Key", "k");
    let _ = keyed.post("/api/v1/teams", serde_json::json!({"name": "T"})).await.expect(201);
    let _ = app.refresh(&alice.refresh).await.expect(200);
    let connector = Connector::new("test", &app.database.settings("taskhub_auth")).unwrap();
    let pool = Pool::new(&connector, &app.database.settings("taskhub_auth")).unwrap();
    let counts = async || {
        let mut counts = Vec::new();
        for table in ["idempotency_keys", "sessions", "refresh_tokens", "invitations", "signing_keys", "users"] {
            counts.push(app.count(table).await);
        }
        counts
    };
    housekeeping::tidy_up(&pool).await.unwrap();
    assert_eq!(counts().await, [1, 1, 2, 1, 1, 1], "what is in use stays");
    app.execute(
        "UPDATE identity.idempotency_keys SET created_at = now() - interval '25 hours';
         UPDATE identity.refresh_tokens SET rotated_at = now() - interval '31 days' WHERE rotated_at IS NOT NULL;
         UPDATE identity.invitations SET expires_at = now() - interval '31 days'",
    )
    .await;
    housekeeping::tidy_up(&pool).await.unwrap();
    assert_eq!(counts().await, [0, 1, 1, 0, 1, 1]);
    app.execute("UPDATE identity.sessions SET expires_at = now() - interval '1 second'").await;
    housekeeping::tidy_up(&pool).await.unwrap();
    assert_eq!(counts().await, [0, 0, 0, 0, 1, 1]);
}
