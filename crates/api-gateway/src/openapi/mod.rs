//! The one OpenAPI document, at `GET /api/openapi.json`.
//!
//! It is part of the program: a test makes it from what all crates say of their routes, and compares it with
//! `docs/openapi.json`, which is embedded here. So it costs nothing to give, and needs no service to be up.

pub(crate) mod page;

use std::sync::LazyLock;

use actix_web::http::header::{ContentType, ETAG};
use actix_web::{HttpRequest, HttpResponse};
use platform::ApiResult;
use platform::openapi::Part;
use serde_json::{Value, json};
use utoipa::OpenApi as _;

use crate::etag;
use crate::routes::{Described, ROUTES, find};

const DOCUMENT: &str = include_str!("../../../../docs/openapi.json");

static TAG: LazyLock<String> = LazyLock::new(|| etag::of(DOCUMENT.as_bytes()));

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
    Ok(HttpResponse::Ok().insert_header((ETAG, TAG.as_str())).content_type(ContentType::json()).body(DOCUMENT))
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
