//! What auth-service counts.

use std::sync::LazyLock;

use platform::metrics::registered;
use prometheus::{IntCounterVec, Opts};

static LOGINS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    let opts = Opts::new("taskhub_logins_total", "Sign-ins, by how and how they ended.");
    registered(IntCounterVec::new(opts, &["method", "outcome"]))
});

static TOKEN_REFRESHES: LazyLock<IntCounterVec> = LazyLock::new(|| {
    let opts = Opts::new("taskhub_token_refreshes_total", "Refresh tokens that were shown, by what became of them.");
    registered(IntCounterVec::new(opts, &["outcome"]))
});

/// How a sign-in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Login {
    /// A session was made.
    Success,
    /// There is no such account, or it has another password.
    BadCredentials,
    /// It could not be tried: too busy, or something is away.
    Error,
}

impl Login {
    const ALL: &[Self] = &[Self::Success, Self::BadCredentials, Self::Error];

    const fn label(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::BadCredentials => "bad_credentials",
            Self::Error => "error",
        }
    }

    /// Counts it.
    pub(crate) fn count(self) {
        LOGINS.with_label_values(&["password", self.label()]).inc();
    }
}

/// What became of a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refresh {
    /// It was exchanged for a new one.
    Rotated,
    /// It had been exchanged a moment ago, and got the same one again.
    Repeated,
    /// It had been exchanged before: its session was ended.
    Reused,
    /// It isn't known, has expired, or its session was ended.
    Invalid,
    /// It could not be tried: something is away.
    Error,
}

impl Refresh {
    const ALL: &[Self] = &[Self::Rotated, Self::Repeated, Self::Reused, Self::Invalid, Self::Error];

    const fn label(self) -> &'static str {
        match self {
            Self::Rotated => "rotated",
            Self::Repeated => "repeated",
            Self::Reused => "reused",
            Self::Invalid => "invalid",
            Self::Error => "error",
        }
    }

    /// Counts it.
    pub(crate) fn count(self) {
        TOKEN_REFRESHES.with_label_values(&[self.label()]).inc();
    }
}

/// Sets every count to what it is, so that each is there before its first event.
pub(crate) fn init() {
    for login in Login::ALL {
        LOGINS.with_label_values(&["password", login.label()]).inc_by(0);
    }
    for refresh in Refresh::ALL {
        TOKEN_REFRESHES.with_label_values(&[refresh.label()]).inc_by(0);
    }
}
