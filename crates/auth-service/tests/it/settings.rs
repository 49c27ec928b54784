//! Settings that are wrong stop the start, and say which.

use auth_service::{App, Settings};

const URL: (&str, &str) = ("TASKHUB__DATABASE__URL", "postgres://taskhub_auth:x@localhost/taskhub");
const KEY: (&str, &str) = ("TASKHUB__TOKENS__MASTER_KEY", crate::app::MASTER_KEY);

/// What `serve` does with these settings before it listens.
fn start(env: &[(&str, &str)]) -> Result<Settings, String> {
    let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    let settings = Settings::load(None, env).map_err(|e| e.to_string())?;
    App::new(&settings).map(|_| settings).map_err(|e| format!("{e:#}"))
}

#[tokio::test]
async fn the_defaults_need_a_database_and_a_master_key_and_no_more() {
    let settings = start(&[URL, KEY]).unwrap();
    let passwords = settings.passwords;
    assert_eq!((passwords.memory_kib, passwords.iterations, passwords.parallelism), (19456, 2, 1));
    assert_eq!((settings.tokens.access_token_s, settings.tokens.refresh_token_s), (900, 30 * 24 * 3600));
    assert_eq!(settings.tokens.refresh_leeway_s, 10);
    assert!(u64::from(settings.tokens.publish_ahead_s) > settings.auth.jwks_refresh_s);
    assert!(!format!("{settings:?}").contains(KEY.1), "a secret is shown");
}

#[tokio::test]
async fn what_is_wrong_or_missing_is_named_in_one_line() {
    for (env, names) in [
        (vec![KEY], "TASKHUB__DATABASE"),
        (vec![URL], "TASKHUB__TOKENS__MASTER_KEY is missing"),
        (vec![URL, ("TASKHUB__TOKENS__MASTER_KEY", "c2hvcnQ=")], "TASKHUB__TOKENS__MASTER_KEY must be"),
        (vec![URL, ("TASKHUB__TOKENS__MASTER_KEY", "not base64!")], "TASKHUB__TOKENS__MASTER_KEY is not base64"),
        (vec![URL, KEY, ("TASKHUB__TOKENS__ACCESS_TOKEN_S", "0")], "TASKHUB__TOKENS__ACCESS_TOKEN_S"),
        (vec![URL, KEY, ("TASKHUB__TOKENS__ACCESS_TOKEN_S", "soon")], "TASKHUB__TOKENS__ACCESS_TOKEN_S"),
        (vec![URL, KEY, ("TASKHUB__TOKENS__REFRESH_TOKEN_S", "900")], "TASKHUB__TOKENS__REFRESH_TOKEN_S"),
        (vec![URL, KEY, ("TASKHUB__TOKENS__PUBLISH_AHEAD_S", "300")], "TASKHUB__TOKENS__PUBLISH_AHEAD_S"),
        (vec![URL, KEY, ("TASKHUB__TOKENS__ROTATE_AFTER_S", "600")], "TASKHUB__TOKENS__ROTATE_AFTER_S"),
        (vec![URL, KEY, ("TASKHUB__TOKENS__KEY_RELOAD_S", "0")], "TASKHUB__TOKENS__KEY_RELOAD_S"),
        (vec![URL, KEY, ("TASKHUB__PASSWORDS__MEMORY_KIB", "1")], "TASKHUB__PASSWORDS__"),
        (vec![URL, KEY, ("TASKHUB__PASSWORDS__MAX_WAIT_MS", "0")], "TASKHUB__PASSWORDS__MAX_WAIT_MS"),
        (vec![URL, KEY, ("TASKHUB__TEAMS__INVITATION_S", "0")], "TASKHUB__TEAMS__INVITATION_S"),
        (vec![URL, KEY, ("TASKHUB__TOKENS__MASTERKEY", "x")], "masterkey"),
    ] {
        let error = start(&env).unwrap_err();
        assert!(error.contains(names) && !error.contains('\n'), "{error:?} should name {names}");
    }
}
