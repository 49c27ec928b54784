//! Content codings, and which of them a client takes (RFC 9110, section 12.5.3).

use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap};

/// A content coding that the gateway makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    pub(crate) const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// The name in `Content-Encoding`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What the client prefers; brotli where it takes both alike.
    pub(crate) fn accepted(headers: &HeaderMap) -> Option<Self> {
        let (brotli, gzip) = (quality(headers, Self::Brotli.name()), quality(headers, Self::Gzip.name()));
        match (brotli > 0.0, gzip > 0.0) {
            (true, _) if brotli >= gzip => Some(Self::Brotli),
            (_, true) => Some(Self::Gzip),
            _ => None,
        }
    }
}

/// Whether the client takes this coding.
pub(crate) fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    quality(headers, coding) > 0.0
}

/// The weight of a coding; 0 for one that the client doesn't take.
fn quality(headers: &HeaderMap, coding: &str) -> f32 {
    let lines = headers.get_all(ACCEPT_ENCODING).filter_map(|line| line.to_str().ok());
    let mut any = 0.0;
    for item in lines.flat_map(|line| line.split(',')) {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        if name != "*" && !name.eq_ignore_ascii_case(coding) {
            continue;
        }
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let weight = weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        if name != "*" {
            return weight;
        }
        any = weight;
    }
    any
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn the_client_chooses() {
        for (accepted, coding) in [
            ("gzip, deflate, br, zstd", Some(Coding::Brotli)),
            ("gzip;q=1.0, br;q=0.5", Some(Coding::Gzip)),
            ("GZIP", Some(Coding::Gzip)),
            ("br;q=0, *", Some(Coding::Gzip)),
            ("*;q=0.1", Some(Coding::Brotli)),
            ("br;q=0,gzip; q=0.0", None),
            ("identity", None),
            ("deflate, zstd", None),
            ("br;q=nonsense", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!(Coding::accepted(&headers), coding, "{accepted}");
        }
        assert_eq!(Coding::accepted(&HeaderMap::new()), None);
    }
}
