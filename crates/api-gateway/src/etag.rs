//! Tags of what doesn't change while the process runs (RFC 9110, section 8.8.3).

use actix_web::HttpRequest;
use platform::ApiResult;
use platform::conditions::IfNoneMatch;

/// The tag of this content.
pub(crate) fn of(content: &[u8]) -> String {
    // FNV-1a, which is the same in every release and replica.
    let hash = content
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("\"{hash:016x}\"")
}

/// Whether the caller has what this tag stands for.
///
/// # Errors
/// 400 when `If-None-Match` is malformed.
pub(crate) fn is_known(request: &HttpRequest, tag: &str) -> ApiResult<bool> {
    Ok(IfNoneMatch::of(request.headers())?.has(tag))
}
