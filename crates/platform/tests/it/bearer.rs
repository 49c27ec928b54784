use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::{HttpResponse, web};
use domain::UserId;
use domain::problem::Code;
use platform::bearer::KeySet;
use platform::health::Health;
use platform::{Caller, Verifier};
use serde_json::{Value, json};
use testkit::{Forgery, Issuer, Running};

#[tokio::test]
async fn a_good_token_names_its_user() {
    let (issuer, user) = (Issuer::start().await, UserId::new());
    let verifier = Verifier::from_jwks_url(&issuer.settings()).unwrap();
    for _ in 0..3 {
        assert_eq!(verifier.verify(&issuer.token(user)).await.unwrap().sub, user);
    }
}

#[tokio::test]
async fn no_forgery_passes() {
    let (issuer, user) = (Issuer::start().await, UserId::new());
    let verifier = Verifier::from_jwks_url(&issuer.settings()).unwrap();
    verifier.verify(&issuer.token(user)).await.unwrap();
    for forgery in Forgery::ALL {
        let error = verifier.verify(&issuer.forge(user, *forgery)).await.unwrap_err();
        assert_eq!(error.problem().code, Code::Unauthenticated, "{forgery:?}");
    }
    for nonsense in ["", "a", "a.b.c", "....", "eyJhbGciOiJFZERTQSJ9..", &"x".repeat(10_000)] {
        let error = verifier.verify(nonsense).await.unwrap_err();
        assert_eq!(error.problem().code, Code::Unauthenticated, "{nonsense}");
    }
}

#[tokio::test]
async fn without_keys_nobody_is_called_a_liar() {
    let issuer = Issuer::start().await;
    let mut settings = issuer.settings();
    settings.jwks_url = Some("http://127.0.0.1:1/jwks.json".into());
    let verifier = Verifier::from_jwks_url(&settings).unwrap();
    let error = verifier.verify(&issuer.token(UserId::new())).await.unwrap_err();
    assert_eq!(error.problem().code, Code::Unavailable);
}

#[tokio::test]
async fn a_key_that_cannot_be_read_is_skipped() {
    let (issuer, user) = (Issuer::start().await, UserId::new());
    let url = issuer.settings().jwks_url.unwrap();
    let mut keys: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let strange =
        [json!({"kty": "LATTICE", "kid": "new"}), json!({"kty": "OKP", "crv": "Ed25519", "kid": "broken", "x": "!"})];
    keys["keys"].as_array_mut().unwrap().splice(0..0, strange);
    let verifier = Verifier::new(&issuer.settings(), move || {
        let keys = serde_json::from_value::<KeySet>(keys.clone()).unwrap();
        async move { Ok(keys) }
    });
    assert_eq!(verifier.verify(&issuer.token(user)).await.unwrap().sub, user);
}

/// Whether a good token is taken when the issuer publishes what `change` makes of its key.
async fn takes_with(change: impl FnOnce(&mut Vec<Value>)) -> bool {
    let (issuer, user) = (Issuer::start().await, UserId::new());
    let url = issuer.settings().jwks_url.unwrap();
    let mut set: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    change(set["keys"].as_array_mut().unwrap());
    let verifier = Verifier::new(&issuer.settings(), move || {
        let keys = serde_json::from_value::<KeySet>(set.clone()).unwrap();
        async move { Ok(keys) }
    });
    match verifier.verify(&issuer.token(user)).await {
        Ok(claims) => claims.sub == user,
        Err(error) => {
            assert_eq!(error.problem().code, Code::Unauthenticated);
            false
        }
    }
}

#[tokio::test]
async fn a_key_verifies_only_when_it_may() {
    for (member, value, taken) in [
        ("use", json!("sig"), true),
        ("use", json!("enc"), false),
        ("use", json!("something-new"), false),
        ("key_ops", json!(["verify"]), true),
        ("key_ops", json!(["sign", "verify"]), true),
        ("key_ops", json!(["sign"]), false),
        ("key_ops", json!([]), false),
        ("alg", json!("EdDSA"), true),
        ("alg", json!("Ed25519"), true),
        ("alg", json!("ES256"), false),
        ("alg", json!("something-new"), false),
        ("crv", json!("Ed448"), false),
    ] {
        assert_eq!(takes_with(|keys| keys[0][member] = value.clone()).await, taken, "{member}: {value}");
    }
    let bare = |keys: &mut Vec<Value>| {
        let key = keys[0].as_object_mut().unwrap();
        key.retain(|member, _| !matches!(member.as_str(), "use" | "key_ops" | "alg"));
    };
    assert!(takes_with(bare).await);
}

#[tokio::test]
async fn two_keys_of_one_name_are_none() {
    let other = Issuer::start().await.settings().jwks_url.unwrap();
    let other: Value = reqwest::get(other).await.unwrap().json().await.unwrap();
    for at_end in [false, true] {
        let twice = |keys: &mut Vec<Value>| {
            let mut same_name = other["keys"][0].clone();
            same_name["kid"] = keys[0]["kid"].clone();
            keys.insert(if at_end { keys.len() } else { 0 }, same_name);
        };
        assert!(!takes_with(twice).await);
    }
    // RFC 7517, section 4.5: keys for something else may have the same name.
    let for_other_things = |keys: &mut Vec<Value>| {
        let mut other = keys[0].clone();
        other["use"] = json!("enc");
        keys.push(other);
    };
    assert!(takes_with(for_other_things).await);
}

#[tokio::test]
async fn a_type_may_be_written_as_a_media_type() {
    let (issuer, user) = (Issuer::start().await, UserId::new());
    let verifier = Verifier::from_jwks_url(&issuer.settings()).unwrap();
    for typ in ["at+jwt", "application/at+jwt", "AT+JWT", "Application/AT+JWT"] {
        assert_eq!(verifier.verify(&issuer.token_of_type(user, typ)).await.unwrap().sub, user, "{typ}");
    }
    for typ in ["", "jwt", "text/at+jwt", "application/application/at+jwt"] {
        let error = verifier.verify(&issuer.token_of_type(user, typ)).await.unwrap_err();
        assert_eq!(error.problem().code, Code::Unauthenticated, "{typ}");
    }
}

#[tokio::test]
async fn a_key_that_could_not_be_looked_up_makes_nobody_a_liar() {
    let (issuer, user) = (Issuer::start().await, UserId::new());
    let fetched = Arc::new(AtomicUsize::new(0));
    let keys: KeySet = reqwest::get(issuer.settings().jwks_url.unwrap()).await.unwrap().json().await.unwrap();
    let verifier = Verifier::new(&issuer.settings(), move || {
        let keys = (fetched.fetch_add(1, Ordering::Relaxed) == 0).then(|| keys.clone());
        async move { keys.ok_or_else(|| anyhow::anyhow!("away")) }
    });
    verifier.ready().await.unwrap();
    // Its fetches are a second apart.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    for _ in 0..3 {
        let error = verifier.verify(&issuer.forge(user, Forgery::UnknownKey)).await.unwrap_err();
        assert_eq!(error.problem().code, Code::Unavailable);
    }
}

#[tokio::test]
async fn the_header_must_be_one_bearer_token() {
    let issuer = Issuer::start().await;
    let verifier = Verifier::from_jwks_url(&issuer.settings()).unwrap();
    let running = Running::start(Health::default(), move |cfg| {
        cfg.app_data(web::Data::new(verifier.clone())).route(
            "/whoami",
            web::get().to(|caller: Caller| async move { HttpResponse::Ok().body(caller.user.to_string()) }),
        );
    })
    .await;
    let user = UserId::new();
    let token = issuer.token(user);
    assert_eq!(running.api().with_token(&token).get("/whoami").await.expect(200).text, user.to_string());
    for value in ["", "Bearer", "Bearer ", "Basic YTpi", &token, &format!("Token {token}")] {
        let answer = running.api().with_header("authorization", value).get("/whoami").await;
        answer.is_problem(401, "unauthenticated");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
    let two = running.api().with_token(&token).with_header("authorization", &format!("Bearer {token}"));
    two.get("/whoami").await.is_problem(401, "one `Authorization");
    // Case of the scheme doesn't matter (RFC 9110, 11.1).
    let lower = running.api().with_header("authorization", &format!("bearer {token}"));
    let _ = lower.get("/whoami").await.expect(200);
}

#[tokio::test]
async fn the_issuer_may_be_away_once_its_keys_are_known() {
    let (issuer, user) = (Issuer::start().await, UserId::new());
    let verifier = Verifier::from_jwks_url(&issuer.settings()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), verifier.ready()).await.unwrap().unwrap();
    let tokens: Vec<_> = (0..3).map(|_| issuer.token(user)).collect();
    drop(issuer);
    for token in tokens {
        verifier.verify(&token).await.unwrap();
    }
}

/// The key as a key set names it, the signature and the message as a token has them.
#[test]
fn signatures_are_good_or_bad_as_project_wycheproof_says() {
    use base64::Engine;
    use jsonwebtoken::{Algorithm, DecodingKey, crypto};
    let base64 = |bytes: &[u8]| base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    let mut tried = (0, 0);
    for group in set.test_groups {
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": base64(&group.key.pk)});
        let key = DecodingKey::from_jwk(&serde_json::from_value(jwk).unwrap()).unwrap();
        for test in group.tests {
            let is_good = crypto::verify(&base64(&test.sig), &test.msg, &key, Algorithm::EdDSA).unwrap_or(false);
            assert_eq!(is_good, test.result == wycheproof::TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            if is_good { tried.0 += 1 } else { tried.1 += 1 }
        }
    }
    assert!(tried.0 > 50 && tried.1 > 50, "{tried:?}");
}
