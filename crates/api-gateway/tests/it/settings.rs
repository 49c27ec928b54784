//! A wrong setting stops the start with one line that names it.

use api_gateway::Gateway;
use api_gateway::settings::{DEFAULTS, SECTIONS, Settings};

const GOOD: &[(&str, &str)] = &[
    ("TASKHUB__UPSTREAMS__AUTH_SERVICE", "http://auth-service:8080"),
    ("TASKHUB__UPSTREAMS__TASK_SERVICE", "http://task-service:8080"),
    ("TASKHUB__UPSTREAMS__WORKER", "http://worker:8080/"),
    ("TASKHUB__AUTH__JWKS_URL", "http://auth-service:8080/.well-known/jwks.json"),
];

fn start(changes: &[(&str, Option<&str>)]) -> Result<Settings, String> {
    let mut env: Vec<_> = GOOD.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    for (name, value) in changes {
        env.retain(|(known, _)| known != name);
        env.extend(value.map(|value| ((*name).to_owned(), value.to_owned())));
    }
    let settings: Settings =
        platform::settings::load(SECTIONS, DEFAULTS, None, env).map_err(|error| error.to_string())?;
    Gateway::new(&settings).map_err(|error| format!("{error:#}"))?;
    Ok(settings)
}

#[tokio::test]
async fn the_defaults_are_good_once_the_services_are_named() {
    let settings = start(&[]).unwrap();
    assert_eq!(settings.upstreams.deadline_ms, 10_000);
    assert!(!settings.upstreams.trust_forwarded);
    assert_eq!(settings.http.port, 8080, "the shared defaults stay");
    assert!(start(&[("TASKHUB__UPSTREAMS__TRUST_FORWARDED", Some("true"))]).unwrap().upstreams.trust_forwarded);
    start(&[("TASKHUB__DATABASE__URL", Some("postgres://elsewhere"))]).expect("sections of others are passed over");
}

#[tokio::test]
async fn what_is_wrong_is_named_in_one_line() {
    for (name, value, says) in [
        ("TASKHUB__UPSTREAMS__WORKER", None, "TASKHUB__UPSTREAMS__WORKER is missing"),
        ("TASKHUB__UPSTREAMS__AUTH_SERVICE", Some("https://auth"), "TASKHUB__UPSTREAMS__AUTH_SERVICE: must be http://"),
        ("TASKHUB__UPSTREAMS__TASK_SERVICE", Some("http://task/api"), "TASKHUB__UPSTREAMS__TASK_SERVICE: must be"),
        ("TASKHUB__UPSTREAMS__WORKER", Some("worker:8080"), "TASKHUB__UPSTREAMS__WORKER: must be"),
        ("TASKHUB__UPSTREAMS__WORKER", Some(""), "TASKHUB__UPSTREAMS__WORKER: must be"),
        ("TASKHUB__UPSTREAMS__DEADLINE_MS", Some("0"), "TASKHUB__UPSTREAMS__DEADLINE_MS must be at least 1"),
        ("TASKHUB__UPSTREAMS__MAX_REQUESTS", Some("0"), "TASKHUB__UPSTREAMS__MAX_REQUESTS must be at least 1"),
        ("TASKHUB__UPSTREAMS__DEADLINE_MS", Some("soon"), "TASKHUB__UPSTREAMS__DEADLINE_MS"),
        ("TASKHUB__UPSTREAMS__DEDLINE_MS", Some("1"), "dedline_ms"),
        (
            "TASKHUB__CORS__ALLOWED_ORIGINS",
            Some("https://a.example/path"),
            "TASKHUB__CORS__ALLOWED_ORIGINS: `https://a.ex",
        ),
        ("TASKHUB__CORS__ALLOWED_ORIGINS", Some("*"), "TASKHUB__CORS__ALLOWED_ORIGINS: `*` is not an origin"),
        ("TASKHUB__AUTH__JWKS_URL", None, "TASKHUB__AUTH__JWKS_URL is missing"),
    ] {
        let error = start(&[(name, value)]).unwrap_err();
        assert!(error.contains(says), "{name}={value:?}: {error}");
        assert!(!error.contains('\n'), "{error}");
    }
}
