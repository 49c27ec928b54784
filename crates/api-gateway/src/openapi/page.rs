//! The document to read and to try, at `GET /api/docs`: Swagger UI, which is part of the program and asks no other host
//! for anything.

use std::sync::OnceLock;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, REFERRER_POLICY,
};
use actix_web::{HttpRequest, HttpResponse, web};
use domain::Problem;
use platform::ApiResult;

use crate::etag;

/// Styles may stand in elements, as Swagger UI puts them there; scripts only come from here, and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file of the page.
struct File {
    name: &'static str,
    media_type: &'static str,
    content: &'static [u8],
    /// Whether the content is packed. There is no other form of it: every browser takes it.
    gzip: bool,
    tag: OnceLock<String>,
}

static INDEX: File = File {
    name: "",
    media_type: "text/html; charset=utf-8",
    content: include_bytes!("page/index.html"),
    gzip: false,
    tag: OnceLock::new(),
};

static FILES: [File; 3] = [
    File {
        name: "start.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_bytes!("page/start.js"),
        gzip: false,
        tag: OnceLock::new(),
    },
    File {
        name: "swagger-ui.css",
        media_type: "text/css; charset=utf-8",
        content: include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui.css.gz")),
        gzip: true,
        tag: OnceLock::new(),
    },
    File {
        name: "swagger-ui-bundle.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js.gz")),
        gzip: true,
        tag: OnceLock::new(),
    },
];

/// Shows this document to people, who can also try it there.
#[utoipa::path(
    get,
    path = "/api/docs",
    tag = "system",
    operation_id = "docs",
    params(("If-None-Match", Header)),
    responses((status = 200, content_type = "text/html", body = String, headers(("ETag" = String)))),
)]
pub(crate) async fn show(request: HttpRequest) -> ApiResult<HttpResponse> {
    INDEX.answer(&request)
}

/// Gives a file of the page.
#[utoipa::path(
    get,
    path = "/api/docs/{file}",
    tag = "system",
    operation_id = "docs_file",
    params(("If-None-Match", Header)),
    responses((status = 200, content_type = "text/javascript", body = String)),
)]
pub(crate) async fn file(request: HttpRequest, name: web::Path<String>) -> ApiResult<HttpResponse> {
    let found = FILES.iter().find(|file| file.name == name.as_str());
    found.ok_or_else(Problem::not_found)?.answer(&request)
}

impl File {
    fn answer(&self, request: &HttpRequest) -> ApiResult<HttpResponse> {
        let tag = self.tag.get_or_init(|| etag::of(self.content));
        let known = etag::is_known(request, tag)?;
        let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer
            .insert_header((ETAG, tag.as_str()))
            .insert_header((CACHE_CONTROL, "no-cache"))
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            .insert_header((REFERRER_POLICY, "no-referrer"));
        if known {
            return Ok(answer.finish());
        }
        if self.gzip {
            answer.insert_header((CONTENT_ENCODING, "gzip"));
        }
        Ok(answer.insert_header((CONTENT_TYPE, self.media_type)).body(self.content))
    }
}
