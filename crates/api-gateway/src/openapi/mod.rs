//! The one OpenAPI document, at `GET /api/openapi.json`.
//!
//! It is part of the program: a test makes it from what all crates say of their routes, and compares it with
//! `docs/openapi.json`, which is embedded here. So it costs nothing to give, and needs no service to be up.

pub(crate) mod page;

use std::sync::LazyLock;

use actix_web::http::header::{CONTENT_ENCODING, ContentType, ETAG, VARY};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use platform::ApiResult;
use platform::openapi::Part;
use serde_json::{Value, json};
use utoipa::OpenApi as _;

use crate::compress::{Coding, whole};
use crate::etag;
use crate::routes::{Described, ROUTES, find};

const DOCUMENT: &str = include_str!("../../../../docs/openapi.json");

static TAG: LazyLock<String> = LazyLock::new(|| etag::of(DOCUMENT.as_bytes()));

/// The document in each coding, compressed once.
static COMPRESSED: LazyLock<[(Coding, Bytes); 2]> =
    LazyLock::new(|| Coding::ALL.map(|coding| (coding, whole(coding, DOCUMENT.as_bytes()))));

/// Shows this document.
///
/// 304 when the caller has it.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "system",
    operation_id = "document",
    params(("If-None-Match", Header)),
    responses((status = 200, body = Object, headers(("ETag" = String)))),
)]
pub(crate) async fn show(request: HttpRequest) -> ApiResult<HttpResponse> {
    if etag::is_known(&request, &TAG)? {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, TAG.as_str())).finish());
    }
    let mut answer = HttpResponse::Ok();
    answer.content_type(ContentType::json());
    let coding = Coding::accepted(request.headers());
    let Some((coding, body)) = COMPRESSED.iter().find(|(made, _)| Some(*made) == coding) else {
        return Ok(answer.insert_header((ETAG, TAG.as_str())).body(DOCUMENT));
    };
    answer.insert_header((CONTENT_ENCODING, coding.name())).insert_header((VARY, "Accept-Encoding"));
    Ok(answer.insert_header((ETAG, format!("W/{}", *TAG))).body(body.clone()))
}

/// What the gateway itself answers.
#[must_use]
pub fn part() -> Part {
    Part::new(ROUTES, &Described::openapi())
        .tag("system", "How TaskHub itself is.")
        .path_parameter::<String>("file", "A file of the page.")
}

/// The document of everything that can be reached through the gateway, from what the services say of themselves.
#[must_use]
pub fn document(services: &[Part]) -> Value {
    let behind = services.iter().map(|part| part.clone().only(|path| find(path).is_some()));
    // The files that the page consists of are nobody else's business.
    let own = part().only(|path| !path.starts_with("/api/docs/"));
    let parts: Vec<_> = behind.chain([own, platform::health::part()]).collect();
    let info = json!({
        "title": "TaskHub",
        "summary": "Team task management",
        "description": include_str!("description.md"),
        "version": env!("CARGO_PKG_VERSION"),
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    });
    platform::openapi::document(&info, &parts)
}
