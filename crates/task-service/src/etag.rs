//! Entity tags (RFC 9110, section 8.8.3).
//!
//! The tag of a task is its version, strong: `"3"`. The tag of a list is the team's revision and the list's query, weak:
//! `W/"17-9e3779b97f4a7c15"`.

/// The tag of a task.
pub(crate) fn of_version(version: i64) -> String {
    format!("\"{version}\"")
}

/// The tag of a list: it changes with anything that happens in the team, and differs from query to query.
pub(crate) fn of_list(revision: i64, query: &str) -> String {
    // FNV-1a, which is the same in every release and replica.
    let hash = query
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("W/\"{revision}-{hash:016x}\"")
}

#[cfg(test)]
mod tests {
    use super::of_list;

    #[test]
    fn the_tag_of_a_list_changes_with_the_revision_and_the_query() {
        let tag = of_list(17, "status=pending");
        assert_eq!(tag, of_list(17, "status=pending"));
        assert!(tag != of_list(18, "status=pending") && tag != of_list(17, ""));
    }
}
