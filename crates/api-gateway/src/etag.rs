//! Tags of what doesn't change while the process runs (RFC 9110, section 8.8.3).

use actix_web::HttpRequest;
use actix_web::http::header::IF_NONE_MATCH;

/// The tag of this content.
pub(crate) fn of(content: &[u8]) -> String {
    // FNV-1a, which is the same in every release and replica.
    let hash = content
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("\"{hash:016x}\"")
}

/// Whether the caller has what this tag stands for; a proxy that packed it on the way may have made the tag weak.
pub(crate) fn is_known(request: &HttpRequest, tag: &str) -> bool {
    let lines = request.headers().get_all(IF_NONE_MATCH).filter_map(|line| line.to_str().ok());
    let mut known = lines.flat_map(|line| line.split(',')).map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}
