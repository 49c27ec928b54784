//! Comments on tasks.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{CommentId, TaskId, UserId};
use crate::problem::FieldError;
use crate::shape::{Shape, control, white};
use crate::timestamp;
use crate::validation::{Errors, Invalid, Validate, is_blank, markdown, text};
use crate::words::words;

text! {
    /// What somebody says: Markdown of 1 to 32,768 bytes in UTF-8, something of which can be seen. Every line end becomes
    /// a newline; control characters other than tab and newline are refused.
    CommentBody: Shape::of(concat!("^[^", control!(), "]*[^", control!(), white!(), "][^", control!(), "]*$")).at_most(CommentBody::MAX_BYTES) => |text| {
        if is_blank(text) {
            return Err(Invalid::new("must not be blank"));
        }
        markdown(text, CommentBody::MAX_BYTES)
    };
}

impl CommentBody {
    /// The most a comment may have, in bytes.
    pub const MAX_BYTES: usize = 32_768;
}

words! {
    /// The order of the comments on a task.
    #[derive(Default)]
    CommentSort {
        /// As they were written.
        #[default]
        Oldest = "oldest",
        /// The last written first.
        Newest = "newest",
    }
}

/// The body that makes or changes a comment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WriteComment {
    /// See [`CommentBody`].
    #[cfg_attr(feature = "openapi", schema(value_type = CommentBody))]
    pub body: String,
}

impl Validate for WriteComment {
    type Valid = CommentBody;

    fn validate(self) -> Result<CommentBody, Vec<FieldError>> {
        let mut errors = Errors::new();
        let body = errors.check("/body", CommentBody::parse(&self.body));
        errors.finish(|| body)
    }
}

/// A comment as it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Comment))]
pub struct CommentView {
    /// The id, for good.
    pub id: CommentId,
    /// The task it is on.
    pub task_id: TaskId,
    /// Who wrote it.
    pub author_id: UserId,
    /// See [`CommentBody`].
    #[cfg_attr(feature = "openapi", schema(value_type = CommentBody))]
    pub body: String,
    /// When it was written.
    #[serde(with = "timestamp")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "timestamp")]
    pub updated_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_kept_as_it_came_within_its_bounds() {
        assert_eq!(CommentBody::parse(" a\n").unwrap().as_str(), " a\n");
        assert!(CommentBody::parse(&"a".repeat(32_768)).is_ok());
        for bad in ["", " \n", "a\0", &"\u{fc}".repeat(16_385)] {
            assert!(CommentBody::parse(bad).is_err());
        }
    }
}
