//! Identifiers: one type for each kind of thing, so that no id can pass for another.
//!
//! All are UUIDv7 (RFC 9562): unique without coordination, and ordered by the time they were made,
//! which keeps index pages warm.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, made now.
            #[must_use]
            #[allow(clippy::new_without_default, reason = "an id is made on purpose, never by default")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The id as it is stored.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            /// Takes the hyphenated form alone: one thing has one name in a URL.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                uuid::fmt::Hyphenated::from_str(text).map(|h| Self(h.into_uuid()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        $crate::openapi::looks! { $name => id(&[$($doc),*]) }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.hyphenated())
            }
        }
    )*};
}

ids! {
    /// A person with an account.
    UserId;
    /// A team: the tenant that every task belongs to.
    TeamId;
    /// A task.
    TaskId;
    /// An entry of a team's log.
    EventId;
    /// A sign-in: the family of refresh tokens that descend from it.
    SessionId;
    /// An invitation to a team.
    InvitationId;
    /// A notification of one user.
    NotificationId;
    /// A label of a team.
    LabelId;
    /// A comment on a task.
    CommentId;
}
