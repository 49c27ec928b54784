//! Entity tags (RFC 9110, section 8.8.3).
//!
//! The tag of a task is its version, strong: `"3"`. The tag of a list is the team's revision and a hash, of when the log
//! came to this revision and of the list's query, weak: `W/"17-9e3779b97f4a7c15"`.

use crate::log::head::Head;

/// The tag of a task.
pub(crate) fn of_version(version: i64) -> String {
    format!("\"{version}\"")
}

/// The tag of a list: it changes with anything that happens in the team, a restore of the database included, and
/// differs from query to query.
pub(crate) fn of_list(head: Head, query: &str) -> String {
    // FNV-1a, which is the same in every release and replica.
    let Head { revision, moment } = head;
    let hash = moment
        .to_be_bytes()
        .into_iter()
        .chain(query.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("W/\"{revision}-{hash:016x}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_of_a_list_changes_with_the_revision_and_the_query() {
        let head = Head { revision: 17, moment: 5 };
        let tag = of_list(head, "status=pending");
        assert_eq!(tag, of_list(head, "status=pending"));
        assert!(tag.starts_with("W/\"17-"));
        for (head, query) in [
            (Head { revision: 18, ..head }, "status=pending"),
            (Head { moment: 6, ..head }, "status=pending"),
            (head, ""),
        ] {
            assert_ne!(tag, of_list(head, query));
        }
    }
}
