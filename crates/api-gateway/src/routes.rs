//! The URL table: which service owns which path, and what the gateway answers itself.

use std::sync::LazyLock;

use crate::{openapi, status};

platform::routes! {
    "/api/v1/status" Public { GET status::show(); }
    "/api/openapi.json" Public { GET openapi::show() versioned; }
    "/api/docs" Public { GET openapi::page::show() versioned; }
    "/api/docs/{file}" Public { GET openapi::page::file() versioned; }
}

/// A service behind the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Who you are.
    Auth,
    /// What is to be done.
    Task,
    /// What happens afterwards.
    Worker,
}

impl Owner {
    /// Every service there is.
    pub const ALL: &'static [Self] = &[Self::Auth, Self::Task, Self::Worker];

    /// Its name in messages, metrics and DNS.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth-service",
            Self::Task => "task-service",
            Self::Worker => "worker",
        }
    }
}

/// Whether a token is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Anyone may pass.
    Open,
    /// Only with a bearer token that is good.
    Token,
}

/// Whose a path is.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// `{name}` stands for one segment, `**` at the end for any number of them, also none.
    pub pattern: &'static str,
    /// The service that it is passed on to.
    pub owner: Owner,
    /// Whether a token is needed.
    pub door: Door,
    /// Whether the answer is a live stream, which doesn't end by itself.
    pub stream: bool,
}

use Door::{Open, Token};
use Owner::{Auth, Task, Worker};

/// Every path that is passed on, the busiest first; no path fits two of them.
pub const RULES: &[Rule] = &[
    rule("/api/v1/teams/{team}/tasks/**", Task, Token),
    stream("/api/v1/teams/{team}/events", Task, Token),
    rule("/api/v1/teams/{team}/changes", Task, Token),
    rule("/api/v1/teams/{team}/activity", Task, Token),
    rule("/api/v1/teams/{team}/stats", Task, Token),
    rule("/api/v1/teams/{team}/labels/**", Task, Token),
    rule("/api/v1/teams/{team}/projects/**", Task, Token),
    rule("/api/v1/teams/{team}/export", Task, Token),
    rule("/api/v1/teams/{team}/import", Task, Token),
    rule("/api/v1/tasks", Task, Token),
    rule("/api/v1/search", Task, Token),
    rule("/api/v1/notifications/**", Worker, Token),
    rule("/api/v1/teams/{team}/webhooks/**", Worker, Token),
    rule("/api/v1/me/**", Auth, Token),
    rule("/api/v1/teams", Auth, Token),
    rule("/api/v1/teams/{team}", Auth, Token),
    rule("/api/v1/teams/{team}/members/**", Auth, Token),
    rule("/api/v1/teams/{team}/invitations/**", Auth, Token),
    rule("/api/v1/invitations/accept", Auth, Token),
    rule("/api/v1/invitations/preview", Auth, Open),
    rule("/api/v1/auth/register", Auth, Open),
    rule("/api/v1/auth/login", Auth, Open),
    rule("/api/v1/auth/refresh", Auth, Open),
    rule("/api/v1/auth/logout", Auth, Open),
    rule("/api/v1/auth/password", Auth, Token),
    rule("/api/v1/auth/sessions/**", Auth, Token),
    // The simple API.
    rule("/api/tasks/**", Task, Token),
    rule("/api/db-status", Task, Token),
    rule("/api/health", Task, Open),
];

const fn rule(pattern: &'static str, owner: Owner, door: Door) -> Rule {
    Rule { pattern, owner, door, stream: false }
}

const fn stream(pattern: &'static str, owner: Owner, door: Door) -> Rule {
    Rule { pattern, owner, door, stream: true }
}

/// More segments than any route has.
const MAX_SEGMENTS: usize = 16;

/// A rule whose pattern has been taken apart.
struct Parts {
    segments: Vec<Option<&'static str>>,
    and_below: bool,
    rule: &'static Rule,
}

static TABLE: LazyLock<Vec<Parts>> = LazyLock::new(|| {
    let parts = |rule: &'static Rule| {
        let path = rule.pattern.trim_start_matches('/');
        let (path, and_below) = path.strip_suffix("/**").map_or((path, false), |path| (path, true));
        let segments = path.split('/').map(|s| (!s.starts_with('{')).then_some(s)).collect();
        Parts { segments, and_below, rule }
    };
    RULES.iter().map(parts).collect()
});

/// Whose path this is; `None` when it is nobody's. An empty segment, as after a trailing slash, fits nothing.
#[must_use]
pub fn find(path: &str) -> Option<&'static Rule> {
    let mut places = [""; MAX_SEGMENTS];
    let mut count = 0;
    for segment in path.strip_prefix('/')?.split('/') {
        *places.get_mut(count)? = segment;
        count += 1;
        if segment.is_empty() {
            return None;
        }
    }
    let segments = places.get(..count)?;
    TABLE.iter().find(|parts| parts.fit(segments)).map(|parts| parts.rule)
}

impl Parts {
    fn fit(&self, path: &[&str]) -> bool {
        let long_enough =
            if self.and_below { path.len() >= self.segments.len() } else { path.len() == self.segments.len() };
        long_enough && self.segments.iter().zip(path).all(|(mine, theirs)| mine.is_none_or(|mine| mine == *theirs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whose(path: &str) -> Option<(Owner, Door)> {
        find(path).map(|rule| (rule.owner, rule.door))
    }

    #[test]
    fn every_path_of_the_design_has_its_owner() {
        for (path, owner, door) in [
            ("/api/v1/auth/register", Auth, Open),
            ("/api/v1/auth/logout", Auth, Open),
            ("/api/v1/auth/sessions/0190", Auth, Token),
            ("/api/v1/me", Auth, Token),
            ("/api/v1/me/tokens/0190", Auth, Token),
            ("/api/v1/teams", Auth, Token),
            ("/api/v1/teams/ops", Auth, Token),
            ("/api/v1/teams/ops/members", Auth, Token),
            ("/api/v1/teams/ops/members/0190", Auth, Token),
            ("/api/v1/teams/ops/invitations", Auth, Token),
            ("/api/v1/invitations/accept", Auth, Token),
            ("/api/v1/invitations/preview", Auth, Open),
            ("/api/v1/teams/ops/tasks", Task, Token),
            ("/api/v1/teams/ops/tasks/42/comments/0190", Task, Token),
            ("/api/v1/teams/tasks/tasks", Task, Token),
            ("/api/v1/teams/ops/events", Task, Token),
            ("/api/v1/teams/ops/import", Task, Token),
            ("/api/v1/tasks", Task, Token),
            ("/api/v1/search", Task, Token),
            ("/api/v1/notifications", Worker, Token),
            ("/api/v1/notifications/read", Worker, Token),
            ("/api/v1/teams/ops/webhooks/0190/deliveries/0190/redeliver", Worker, Token),
            ("/api/tasks", Task, Token),
            ("/api/tasks/OPS-42", Task, Token),
            ("/api/db-status", Task, Token),
            ("/api/health", Task, Open),
        ] {
            assert_eq!(whose(path), Some((owner, door)), "{path}");
        }
    }

    #[test]
    fn anything_else_is_nobodys() {
        for path in [
            "",
            "/",
            "/api",
            "/api/",
            "/api/v1",
            "/api/v2/tasks",
            "/api/v1/teams/",
            "/api/v1/teams//tasks",
            "/api/v1/tasks/",
            "/api/v1/tasks/1",
            "/api/v1/auth",
            "/api/v1/auth/register/x",
            "/api/v1/teams/ops/secrets",
            "/api/v1/teams/ops/events/1",
            "/API/tasks",
            "/api/t%61sks",
            "/%61pi/tasks",
            "/metrics",
            "/.well-known/jwks.json",
            "/api/tasks/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15",
            "api/tasks",
        ] {
            assert_eq!(whose(path), None, "{path}");
        }
    }

    #[test]
    fn no_path_fits_two_rules() {
        for rule in RULES {
            let path = rule.pattern.replace("{team}", "ops").replace("/**", "");
            let parts: Vec<_> = path.trim_start_matches('/').split('/').collect();
            let below = [parts.clone(), vec!["x"]].concat();
            assert_eq!(TABLE.iter().filter(|p| p.fit(&parts)).count(), 1, "{path}");
            assert!(TABLE.iter().filter(|p| p.fit(&below)).count() <= 1, "{path}/x");
            assert!(!rule.pattern.trim_end_matches("/**").contains('*'));
        }
    }

    #[test]
    fn what_needs_no_token_is_on_a_short_list() {
        let open: Vec<_> = RULES.iter().filter(|rule| rule.door == Open).map(|rule| rule.pattern).collect();
        let expected = ["register", "login", "refresh", "logout"].map(|verb| format!("/api/v1/auth/{verb}"));
        let rest = ["/api/health".to_owned()];
        assert_eq!(open, [&["/api/v1/invitations/preview".to_owned()], expected.as_slice(), &rest].concat());
    }
}
