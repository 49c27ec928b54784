//! The words that notifications are stored under.

use domain::NotificationKind;

/// What comments are stored under; the log's own word came later.
const COMMENTED: &str = "commented";

/// The stored word.
pub(crate) fn word(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::CommentCreated => COMMENTED,
        NotificationKind::Assigned => kind.as_str(),
    }
}

/// What a stored word stands for.
///
/// # Errors
/// When it stands for nothing here.
pub(super) fn kind(word: &str) -> anyhow::Result<NotificationKind> {
    Ok(if word == COMMENTED { NotificationKind::CommentCreated } else { word.parse()? })
}
