//! Teams, their members and invitations.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::identity::{DisplayName, Email, UserView};
use crate::ids::{InvitationId, TeamId, UserId};
use crate::openapi::looks;
use crate::problem::FieldError;
use crate::role::Role;
use crate::secret::SecretText;
use crate::shape::{Shape, line, white};
use crate::timestamp;
use crate::validation::{Errors, Invalid, Validate, one_line, present, text};

text! {
    /// The short name of a team in paths and task keys: a letter a to z, then letters and digits, 2 to 16 in all. Any
    /// case is read, lower case is kept. It can't be mistaken for a UUID, which has hyphens, and no word is reserved:
    /// nothing else lies beside it under `teams/{team}`.
    TeamKey: Shape::of(concat!("^[", white!(), "]*[A-Za-z][A-Za-z0-9]{1,15}[", white!(), "]*$")) => |text| {
        let key = text.trim().to_ascii_lowercase();
        let valid = (2..=TeamKey::MAX_LENGTH).contains(&key.len())
            && key.starts_with(|c: char| c.is_ascii_lowercase())
            && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        valid.then_some(key).ok_or(Invalid::new("must be 2 to 16 letters a to z and digits, beginning with a letter"))
    };
    /// The name of a team: one line, trimmed of surrounding white space, composed (NFC), 1 to 100 characters, no control
    /// characters and none that change the direction of text.
    TeamName: line!(99) => |text| one_line(text, 100);
}

impl TeamKey {
    /// The most characters a key may have.
    pub const MAX_LENGTH: usize = 16;

    /// The key of a task of this team, as people write it: `OPS-42`.
    #[must_use]
    pub fn task_key(&self, number: i64) -> String {
        format!("{}-{number}", self.0.to_ascii_uppercase())
    }

    /// A key made from a name or the local part of an email address: what of it a key may hold, other letters as
    /// [`latin`] writes them; `team` if that is nothing.
    #[must_use]
    pub fn suggest(from: &str) -> Self {
        let mut key: String = latin(from)
            .filter(char::is_ascii_alphanumeric)
            .skip_while(char::is_ascii_digit)
            .take(Self::MAX_LENGTH)
            .collect();
        if key.len() < 2 {
            key.push_str("team");
        }
        Self(key)
    }

    /// The same key with `n` behind it, for when the key itself is taken: `ops2`; cut as far as needed to stay valid.
    #[must_use]
    pub fn with_suffix(&self, n: u32) -> Self {
        let suffix = n.to_string();
        let stem: String = self.0.chars().take(Self::MAX_LENGTH.saturating_sub(suffix.len())).collect();
        Self(stem + &suffix)
    }
}

/// A text in lower case, without accents, in Latin letters where there is a usual way to write them so: `Straße` is
/// `strasse`, `Łódź` is `lodz`. The page's `team/teamKey.ts` knows the same letters.
fn latin(text: &str) -> impl Iterator<Item = char> {
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    plain.flat_map(|c| {
        let known = latin_letters(c);
        known.unwrap_or_default().chars().chain(known.is_none().then_some(c))
    })
}

/// Greek and Cyrillic letters as passports write them, and Latin ones that don't decompose; `None` for any other.
const fn latin_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ь' | 'ъ' => "",
        'а' | 'α' => "a",
        'æ' => "ae",
        'б' => "b",
        'ц' => "c",
        'ч' | 'χ' => "ch",
        'д' | 'δ' | 'đ' | 'ð' => "d",
        'е' | 'э' | 'є' | 'ε' => "e",
        'ф' | 'φ' => "f",
        'г' | 'ґ' | 'γ' => "g",
        'и' | 'і' | 'η' | 'ι' | 'ı' => "i",
        'я' => "ia",
        'ю' => "iu",
        'к' | 'κ' => "k",
        'х' => "kh",
        'л' | 'λ' | 'ł' => "l",
        'м' | 'μ' => "m",
        'н' | 'ν' => "n",
        'о' | 'ο' | 'ω' | 'ø' => "o",
        'œ' => "oe",
        'п' | 'π' => "p",
        'ψ' => "ps",
        'р' | 'ρ' => "r",
        'с' | 'σ' | 'ς' => "s",
        'ш' => "sh",
        'щ' => "shch",
        'ß' => "ss",
        'т' | 'τ' => "t",
        'θ' | 'þ' => "th",
        'у' => "u",
        'в' | 'β' => "v",
        'ξ' => "x",
        'ы' | 'υ' => "y",
        'з' | 'ζ' => "z",
        'ж' => "zh",
        _ => return None,
    })
}

/// A team in a path: its id or its key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TeamRef {
    /// The id.
    Id(TeamId),
    /// The key.
    Key(TeamKey),
}

looks! { TeamRef => id_or::<TeamId>("^[A-Za-z][A-Za-z0-9]{1,15}$", "ops") }

impl FromStr for TeamRef {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let id = text.parse().ok().map(Self::Id);
        // A path is taken as it is: no white space is trimmed off the key.
        let key = || TeamKey::parse(text).ok().filter(|key| key.as_str().len() == text.len()).map(Self::Key);
        id.or_else(key)
            .ok_or_else(|| Invalid::new("the team must be given as its id (a UUID) or its key, for example ops"))
    }
}

/// The body that makes a team.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateTeam {
    /// See [`TeamName`].
    #[cfg_attr(feature = "openapi", schema(value_type = TeamName))]
    pub name: String,
    /// See [`TeamKey`]; made from the name if left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<TeamKey>))]
    pub key: Option<String>,
}

/// A team to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTeam {
    /// The name.
    pub name: TeamName,
    /// The key the caller chose, which is a conflict (409) if taken; `None` lets the service take the first free one
    /// from [`TeamKey::suggest`] and [`TeamKey::with_suffix`].
    pub key: Option<TeamKey>,
}

impl Validate for CreateTeam {
    type Valid = NewTeam;

    fn validate(self) -> Result<NewTeam, Vec<FieldError>> {
        let mut errors = Errors::new();
        let name = errors.check("/name", TeamName::parse(&self.name));
        let key = self.key.and_then(|key| errors.check("/key", TeamKey::parse(&key)));
        errors.finish(|| Some(NewTeam { name: name?, key }))
    }
}

/// The body that changes a team: a merge patch (RFC 7396). The key stays: it is in people's links.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatchTeam {
    /// See [`TeamName`].
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = TeamName))]
    pub name: Option<Option<String>>,
}

/// A change to a team; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeamPatch {
    /// The new name.
    pub name: Option<TeamName>,
}

impl Validate for PatchTeam {
    type Valid = TeamPatch;

    fn validate(self) -> Result<TeamPatch, Vec<FieldError>> {
        let mut errors = Errors::new();
        let name = errors.not_null("/name", self.name).and_then(|text| errors.check("/name", TeamName::parse(&text)));
        errors.finish(|| Some(TeamPatch { name }))
    }
}

/// A team as one of its members sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Team))]
pub struct TeamView {
    /// The id.
    pub id: TeamId,
    /// The key, in lower case.
    pub key: TeamKey,
    /// The name.
    pub name: TeamName,
    /// What the caller is in it.
    pub role: Role,
    /// When it was made.
    #[serde(with = "timestamp")]
    pub created_at: DateTime<Utc>,
}

/// Someone in a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Member))]
pub struct MemberView {
    /// Who.
    pub user: MemberUser,
    /// What they are in it.
    pub role: Role,
    /// Since when.
    #[serde(with = "timestamp")]
    pub joined_at: DateTime<Utc>,
    /// Until when, of a former member; null for a member.
    #[serde(default, with = "timestamp::option")]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub left_at: Option<DateTime<Utc>>,
}

/// The account of someone who is or was in a team, as it is shown there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberUser {
    /// The id.
    pub id: UserId,
    /// The address, in lower case; null for a former member, whose address is none of the team's business any more.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub email: Option<Email>,
    /// How they are called; for a former member, how they were when they left.
    pub name: DisplayName,
    /// When the account was made.
    #[serde(with = "timestamp")]
    pub created_at: DateTime<Utc>,
}

impl From<UserView> for MemberUser {
    fn from(UserView { id, email, name, created_at }: UserView) -> Self {
        Self { id, email: Some(email), name, created_at }
    }
}

/// Who is in a list of members besides the members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum IncludeMembers {
    /// Those who have left.
    Former,
}

/// The body that changes a member's role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeRole {
    /// See [`Role`].
    #[cfg_attr(feature = "openapi", schema(value_type = Role))]
    pub role: String,
}

impl Validate for ChangeRole {
    type Valid = Role;

    fn validate(self) -> Result<Role, Vec<FieldError>> {
        let mut errors = Errors::new();
        let role = errors.check("/role", self.role.parse());
        errors.finish(|| role)
    }
}

/// The body that invites someone.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateInvitation {
    /// See [`Email`].
    #[cfg_attr(feature = "openapi", schema(value_type = Email))]
    pub email: String,
    /// See [`Role`]; limited by [`Role::may_grant`].
    #[cfg_attr(feature = "openapi", schema(value_type = Role))]
    pub role: String,
}

/// An invitation to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation {
    /// Who is invited.
    pub email: Email,
    /// As what.
    pub role: Role,
}

impl Validate for CreateInvitation {
    type Valid = NewInvitation;

    fn validate(self) -> Result<NewInvitation, Vec<FieldError>> {
        let mut errors = Errors::new();
        let email = errors.check("/email", Email::parse(&self.email));
        let role = errors.check("/role", self.role.parse());
        errors.finish(|| Some(NewInvitation { email: email?, role: role? }))
    }
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Invitation))]
pub struct InvitationView {
    /// The id.
    pub id: InvitationId,
    /// Into which team.
    pub team_id: TeamId,
    /// That team's key.
    pub team_key: TeamKey,
    /// That team's name.
    pub team_name: TeamName,
    /// Who is invited.
    pub email: Email,
    /// As what.
    pub role: Role,
    /// Who invited them; null in what was written before it was shown.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub invited_by: Option<Inviter>,
    /// When it was made.
    #[serde(with = "timestamp")]
    pub created_at: DateTime<Utc>,
    /// Until when it can be accepted.
    #[serde(with = "timestamp")]
    pub expires_at: DateTime<Utc>,
    /// What accepts it: shown once, in the answer that made it, since only its hash is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub token: Option<SecretText>,
}

/// Who invited somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inviter {
    /// The id.
    pub id: UserId,
    /// The name.
    pub name: DisplayName,
}

/// What an invitation says to whoever has its token, before they sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationPreview {
    /// Into which team.
    pub team: PreviewedTeam,
    /// Who invites.
    pub inviter: PreviewedInviter,
    /// Who is invited.
    pub email: Email,
    /// As what.
    pub role: Role,
}

/// The team of an [`InvitationPreview`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewedTeam {
    /// Its key.
    pub key: TeamKey,
    /// Its name.
    pub name: TeamName,
}

/// The inviter of an [`InvitationPreview`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewedInviter {
    /// Their name.
    pub name: DisplayName,
}

/// The body that accepts an invitation, or asks what it says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AcceptInvitation {
    /// The `token` of the invitation.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 1024))]
    pub token: SecretText,
}

impl Validate for AcceptInvitation {
    type Valid = SecretText;

    fn validate(self) -> Result<SecretText, Vec<FieldError>> {
        self.token.check_token("/token")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_is_kept_in_lower_case_and_shown_in_upper_case() {
        let key = TeamKey::parse("Ops").unwrap();
        assert_eq!((key.as_str(), key.task_key(42).as_str()), ("ops", "OPS-42"));
        for bad in ["", "a", "1a", "a-b", "a b", "öps", "abcdefghijklmnopq"] {
            assert!(TeamKey::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_key_is_suggested_from_what_a_name_holds() {
        assert_eq!(TeamKey::suggest("alice.smith+x").as_str(), "alicesmithx");
        assert_eq!(TeamKey::suggest("42 Ops Berlin").as_str(), "opsberlin");
        assert_eq!(TeamKey::suggest("日本").as_str(), "team");
        for (name, key) in [
            ("Straße", "strasse"),
            ("Zürich-Öst", "zurichost"),
            ("Łódź", "lodz"),
            ("Ærø", "aero"),
            ("ＯＰＳ２", "ops2"),
            ("Caf\u{e9}", "cafe"),
            ("Cafe\u{301}", "cafe"),
            ("Йошкар-Ола", "ioshkarola"),
            ("Ομάδα", "omada"),
            ("ΟΔΟΣ", "odos"),
        ] {
            assert_eq!(TeamKey::suggest(name).as_str(), key);
        }
        assert_eq!(TeamKey::suggest("x").as_str(), "xteam");
        assert_eq!(TeamKey::suggest("ops").with_suffix(2).as_str(), "ops2");
        assert_eq!(TeamKey::suggest("abcdefghijklmnopqrst").with_suffix(10).as_str(), "abcdefghijklmn10");
    }

    #[test]
    fn a_team_in_a_path_is_an_id_or_a_key() {
        let id = TeamId::new();
        assert_eq!(id.to_string().parse(), Ok(TeamRef::Id(id)));
        assert_eq!("OPS".parse(), Ok(TeamRef::Key(TeamKey::suggest("ops"))));
        let error = "no such".parse::<TeamRef>().unwrap_err();
        assert!(error.to_string().contains("id (a UUID) or its key"), "{error}");
    }

    #[test]
    fn an_invitation_shows_its_token_only_where_there_is_one() {
        let body = CreateInvitation { email: "nobody".into(), role: "boss".into() };
        assert_eq!(body.validate().unwrap_err().len(), 2);
        let json = serde_json::json!({
            "id": InvitationId::new(), "team_id": TeamId::new(), "team_key": "ops", "team_name": "Ops", "email": "a@b.example",
            "role": "member", "invited_by": {"id": UserId::new(), "name": "Alice"}, "created_at": "2026-03-01T09:30:00.000000Z", "expires_at": "2026-03-08T09:30:00.000000Z",
        });
        let view: InvitationView = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(view).unwrap(), json);
    }

    proptest! {
        #[test]
        fn what_is_suggested_is_always_valid(from in any::<String>(), n in any::<u32>()) {
            let key = TeamKey::suggest(&from);
            let other = key.with_suffix(n);
            prop_assert!(TeamKey::parse(key.as_str()) == Ok(key));
            prop_assert!(TeamKey::parse(other.as_str()) == Ok(other));
        }
    }
}
