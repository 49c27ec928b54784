//! Who someone is: addresses, passwords, and the bodies and answers of registering and signing in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{SessionId, UserId};
use crate::problem::FieldError;
use crate::secret::{Password, SecretText};
use crate::shape::{Shape, line, white};
use crate::timestamp;
use crate::validation::{Errors, Invalid, Validate, one_line, present, text};
use crate::words::words;

text! {
    /// An email address as a browser's `<input type="email">` takes it (WHATWG HTML, "valid e-mail address"), so that
    /// form and API agree; at most 254 bytes, at most 64 before the `@`. Addresses are compared without regard to
    /// case, so lower case is kept. White space around it is trimmed off.
    Email: Shape::of(concat!(
        "^[", white!(), "]*[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@",
        "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*[", white!(), "]*$"
    )) => |text| {
        let email = text.trim().to_ascii_lowercase();
        let valid = email.len() <= 254
            && email.split_once('@').is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));
        valid.then_some(email).ok_or(Invalid::new("must be an email address, for example alice@example.com"))
    };
    /// How someone is called: one line, trimmed of surrounding white space, composed (NFC), 1 to 100 characters, no control
    /// characters and none that change the direction of text.
    DisplayName: line!(99) => |text| one_line(text, 100);
}

fn is_local_part(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b))
}

fn is_domain(domain: &str) -> bool {
    domain.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

impl Email {
    /// What stands before the `@`; a team key and a name can be suggested from it.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or(self.0.as_str(), |(local, _)| local)
    }
}

words! {
    /// How whoever signs in keeps the session.
    #[derive(Default)]
    SessionMode {
        /// The refresh token comes in the body: for programs.
        #[default]
        Token = "token",
        /// It comes as a cookie that scripts can't read: for pages.
        Cookie = "cookie",
    }
}

impl SessionMode {
    /// The mode of a body in which it may be left out.
    fn check(word: Option<String>, errors: &mut Errors) -> Option<Self> {
        word.map_or(Some(Self::default()), |word| errors.check("/session", word.parse()))
    }
}

/// The body that registers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Register {
    /// See [`Email`].
    #[cfg_attr(feature = "openapi", schema(value_type = Email))]
    pub email: String,
    /// See [`Password`].
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 256, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$", format = Password, value_type = String))]
    pub password: SecretText,
    /// See [`DisplayName`].
    #[cfg_attr(feature = "openapi", schema(value_type = DisplayName))]
    pub name: String,
    /// See [`SessionMode`]; `token` if left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<SessionMode>))]
    pub session: Option<String>,
}

/// An account to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// The address, which no other account has.
    pub email: Email,
    /// The password.
    pub password: Password,
    /// How they are called.
    pub name: DisplayName,
    /// How they keep the session that comes with it.
    pub session: SessionMode,
}

impl Validate for Register {
    type Valid = NewUser;

    fn validate(self) -> Result<NewUser, Vec<FieldError>> {
        let mut errors = Errors::new();
        let email = errors.check("/email", Email::parse(&self.email));
        let password = errors.check("/password", Password::parse(&self.password));
        let name = errors.check("/name", DisplayName::parse(&self.name));
        let session = SessionMode::check(self.session, &mut errors);
        errors.finish(|| Some(NewUser { email: email?, password: password?, name: name?, session: session? }))
    }
}

/// The body that signs in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Login {
    /// The address.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub email: String,
    /// The password.
    #[cfg_attr(feature = "openapi", schema(max_length = 256, format = Password, value_type = String))]
    pub password: SecretText,
    /// See [`SessionMode`]; `token` if left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<SessionMode>))]
    pub session: Option<String>,
}

/// What someone signs in with. Only its size is checked: anything else that is wrong is answered like a wrong password,
/// and takes as long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The address; `None` if no account can have what was sent.
    pub email: Option<Email>,
    /// The password, at most [`Password::MAX_BYTES`].
    pub password: SecretText,
    /// How they keep the session.
    pub session: SessionMode,
}

impl Validate for Login {
    type Valid = Credentials;

    fn validate(self) -> Result<Credentials, Vec<FieldError>> {
        let mut errors = Errors::new();
        if self.email.len() > 1024 {
            errors.add("/email", "must have at most 1024 bytes");
        }
        if self.password.expose().len() > Password::MAX_BYTES {
            errors.add("/password", "must have at most 256 bytes");
        }
        let session = SessionMode::check(self.session, &mut errors);
        errors.finish(|| {
            Some(Credentials { email: Email::parse(&self.email).ok(), password: self.password, session: session? })
        })
    }
}

/// The body that exchanges a refresh token.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refresh {
    /// The newest refresh token of the session; left out when that is in a cookie.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1024, value_type = Option<String>))]
    pub refresh_token: Option<SecretText>,
}

impl Validate for Refresh {
    type Valid = Option<SecretText>;

    fn validate(self) -> Result<Option<SecretText>, Vec<FieldError>> {
        self.refresh_token.map(|token| token.check_token("/refresh_token")).transpose()
    }
}

/// The body that ends a session.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Logout {
    /// A refresh token of the session; left out when that is in a cookie.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1024, value_type = Option<String>))]
    pub refresh_token: Option<SecretText>,
}

impl Validate for Logout {
    type Valid = Option<SecretText>;

    fn validate(self) -> Result<Option<SecretText>, Vec<FieldError>> {
        self.refresh_token.map(|token| token.check_token("/refresh_token")).transpose()
    }
}

/// The body that changes one's own account: a merge patch (RFC 7396).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatchMe {
    /// See [`DisplayName`].
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = DisplayName))]
    pub name: Option<Option<String>>,
}

/// A change to one's own account; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MePatch {
    /// The new name.
    pub name: Option<DisplayName>,
}

impl Validate for PatchMe {
    type Valid = MePatch;

    fn validate(self) -> Result<MePatch, Vec<FieldError>> {
        let mut errors = Errors::new();
        let name =
            errors.not_null("/name", self.name).and_then(|text| errors.check("/name", DisplayName::parse(&text)));
        errors.finish(|| Some(MePatch { name }))
    }
}

/// The body that changes one's own password.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangePassword {
    /// The password until now.
    #[cfg_attr(feature = "openapi", schema(max_length = 256, format = Password, value_type = String))]
    pub current_password: SecretText,
    /// See [`Password`].
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 256, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$", format = Password, value_type = String))]
    pub new_password: SecretText,
}

/// A change of one's own password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPassword {
    /// What proves that it is the owner who asks, at most [`Password::MAX_BYTES`].
    pub current: SecretText,
    /// The password from now on.
    pub new: Password,
}

impl Validate for ChangePassword {
    type Valid = NewPassword;

    fn validate(self) -> Result<NewPassword, Vec<FieldError>> {
        let mut errors = Errors::new();
        if self.current_password.expose().len() > Password::MAX_BYTES {
            errors.add("/current_password", "must have at most 256 bytes");
        }
        let new = errors.check("/new_password", Password::parse(&self.new_password));
        errors.finish(|| Some(NewPassword { current: self.current_password, new: new? }))
    }
}

/// A session as it is shown to whoever signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = OpenSession))]
pub struct SessionView {
    /// The id.
    pub id: SessionId,
    /// What signed in called itself, at most 200 characters; empty if it didn't say.
    pub user_agent: String,
    /// When that was.
    #[serde(with = "timestamp")]
    pub created_at: DateTime<Utc>,
    /// When it last had a new access token.
    #[serde(with = "timestamp")]
    pub last_used_at: DateTime<Utc>,
    /// When it ends, unless it is used before.
    #[serde(with = "timestamp")]
    pub expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// An account as it is shown to its owner and to those in the same team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = User))]
pub struct UserView {
    /// The id.
    pub id: UserId,
    /// The address, in lower case.
    pub email: Email,
    /// How they are called.
    pub name: DisplayName,
    /// When the account was made.
    #[serde(with = "timestamp")]
    pub created_at: DateTime<Utc>,
}

/// The answer to registering, signing in and refreshing; the token members are named as in RFC 6749, section 5.1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Session))]
pub struct SessionAnswer {
    /// Who signed in.
    pub user: UserView,
    /// The JWT for `Authorization`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub access_token: SecretText,
    /// Always `Bearer`.
    pub token_type: String,
    /// For how many seconds the access token is good.
    pub expires_in: u32,
    /// What the next access token is had with, once; not there when it comes as a cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub refresh_token: Option<SecretText>,
}

impl SessionAnswer {
    /// The answer for these tokens; `expires_in` is in seconds.
    #[must_use]
    pub fn new(user: UserView, access_token: SecretText, expires_in: u32, refresh_token: Option<SecretText>) -> Self {
        Self { user, access_token, token_type: "Bearer".into(), expires_in, refresh_token }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_what_a_browser_takes_in_lower_case() {
        assert_eq!(Email::parse(" Alice+x@Example.COM ").unwrap().as_str(), "alice+x@example.com");
        assert_eq!(Email::parse("root@localhost").unwrap().local_part(), "root");
        let (long_local, long) =
            (format!("{}@b.example", "a".repeat(65)), format!("a@{}", "abc.".repeat(64) + "example"));
        for bad in [
            "",
            "a",
            "@b",
            "a@",
            "a@b@c",
            "a b@c",
            "a@b..c",
            "a@-b.c",
            "a@b.c.",
            "a\0@b.c",
            "a\n@b.c",
            &long_local,
            &long,
        ] {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn no_debug_output_shows_a_secret() {
        let body = r#"{"email": "a@b.example", "password": "correct horse battery", "name": "Alice"}"#;
        let register: Register = serde_json::from_str(body).unwrap();
        assert!(!format!("{register:?}").contains("horse"));
        let new = register.validate().unwrap();
        assert!(!format!("{new:?}").contains("horse"));
        assert_eq!(new.password.expose(), "correct horse battery");
    }

    #[test]
    fn signing_in_tells_nothing_about_addresses() {
        let login =
            |email: &str| Login { email: email.into(), password: SecretText::new("x"), session: None }.validate();
        assert_eq!(login("no address\0").unwrap().email, None);
        assert_eq!(login("A@b.example").unwrap().email, Email::parse("a@b.example").ok());
        assert!(login(&"a".repeat(1025)).is_err());
    }

    proptest! {
        #[test]
        fn an_accepted_address_is_accepted_unchanged_again(text in "[ -~]{1,20}@[ -~]{1,20}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()).unwrap(), email);
            }
        }
    }
}
