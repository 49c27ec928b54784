//! Labels: what a team sorts its tasks by.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{LabelId, TeamId};
use crate::problem::FieldError;
use crate::shape::{Shape, line};
use crate::timestamp;
use crate::validation::{Errors, Invalid, Validate, one_line, present, text};

text! {
    /// A label's name: one line, trimmed, composed (NFC), 1 to 50 characters, no control characters and none that
    /// change the direction of text. A team has no two that differ by case alone, of which ß and ss, σ and ς differ too.
    LabelName: line!(49) => |text| one_line(text, 50);
    /// A color as CSS writes it, `#rrggbb`; any case is read, lower case is kept.
    Color: Shape::of("^#[0-9A-Fa-f]{6}$") => |text| {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let valid = digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        valid.then(|| text.to_ascii_lowercase()).ok_or(Invalid::new("must be a color such as #1f6feb"))
    };
}

/// The body that makes a label.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateLabel {
    /// See [`LabelName`].
    #[cfg_attr(feature = "openapi", schema(value_type = LabelName))]
    pub name: String,
    /// See [`Color`].
    #[cfg_attr(feature = "openapi", schema(value_type = Color))]
    pub color: String,
}

/// A label to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLabel {
    /// The name.
    pub name: LabelName,
    /// The color.
    pub color: Color,
}

impl Validate for CreateLabel {
    type Valid = NewLabel;

    fn validate(self) -> Result<NewLabel, Vec<FieldError>> {
        let mut errors = Errors::new();
        let name = errors.check("/name", LabelName::parse(&self.name));
        let color = errors.check("/color", Color::parse(&self.color));
        errors.finish(|| Some(NewLabel { name: name?, color: color? }))
    }
}

/// The body that changes a label: a merge patch (RFC 7396).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatchLabel {
    /// See [`LabelName`].
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = LabelName))]
    pub name: Option<Option<String>>,
    /// See [`Color`].
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Color))]
    pub color: Option<Option<String>>,
}

/// A change to a label; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelPatch {
    /// The new name.
    pub name: Option<LabelName>,
    /// The new color.
    pub color: Option<Color>,
}

impl Validate for PatchLabel {
    type Valid = LabelPatch;

    fn validate(self) -> Result<LabelPatch, Vec<FieldError>> {
        let mut errors = Errors::new();
        let name = errors.not_null("/name", self.name);
        let color = errors.not_null("/color", self.color);
        let patch = LabelPatch {
            name: name.and_then(|name| errors.check("/name", LabelName::parse(&name))),
            color: color.and_then(|color| errors.check("/color", Color::parse(&color))),
        };
        errors.finish(|| Some(patch))
    }
}

/// A label as it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Label))]
pub struct LabelView {
    /// The id, for good.
    pub id: LabelId,
    /// The team it belongs to.
    pub team_id: TeamId,
    /// See [`LabelName`].
    #[cfg_attr(feature = "openapi", schema(value_type = LabelName))]
    pub name: String,
    /// See [`Color`].
    #[cfg_attr(feature = "openapi", schema(value_type = Color))]
    pub color: String,
    /// When it was made.
    #[serde(with = "timestamp")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "timestamp")]
    pub updated_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_color_has_six_hexadecimal_digits() {
        assert_eq!(Color::parse("#1F6fEB").unwrap().as_str(), "#1f6feb");
        for bad in ["", "#fff", "1f6feb", "#1f6fe", "#1f6febb", "#1f6feg", " #1f6feb", "#\u{fc}1f6", "red"] {
            assert!(Color::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let new = |body| serde_json::from_value::<CreateLabel>(body).unwrap().validate();
        assert_eq!(new(json!({"name": " bug ", "color": "#ABCDEF"})).unwrap().name.as_str(), "bug");
        assert_eq!(new(json!({"name": "a".repeat(51), "color": ""})).unwrap_err().len(), 2);
        let patch = |body| serde_json::from_value::<PatchLabel>(body).unwrap().validate();
        assert_eq!(patch(json!({})), Ok(LabelPatch::default()));
        assert_eq!(patch(json!({"name": null, "color": null})).unwrap_err().len(), 2);
    }
}
