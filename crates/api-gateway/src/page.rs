//! The web page, where the gateway serves it itself: a local run, or an installation without the page's own container.
//!
//! All files are read at the start, so a request touches no disk, and a path can name only what was there.

use std::collections::HashMap;
use std::path::Path;

use actix_web::http::Method;
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, VARY,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use anyhow::{Context, ensure};
use bytes::Bytes;

use crate::compress::accepts;
use crate::etag;

/// Written by the page's build: the headers that belong to it, its Content-Security-Policy among them.
const HEADERS_FILE: &str = "headers.json";
/// A page is far smaller; a folder that is larger isn't one.
const MOST_BYTES: u64 = 64 << 20;
/// The build names what lies here by its content.
const IMMUTABLE: &str = "/assets/";

/// The files of a built page.
#[derive(Debug)]
pub(crate) struct Page {
    files: HashMap<String, File>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

#[derive(Debug)]
struct File {
    media_type: &'static str,
    plain: Body,
    /// What the build has compressed, the smallest first.
    compressed: Vec<(&'static str, Body)>,
}

/// A file's content in one encoding; each has a tag of its own (RFC 9110, section 8.8.3.3).
#[derive(Debug)]
struct Body {
    content: Bytes,
    etag: String,
}

impl Body {
    fn of(content: Vec<u8>) -> Self {
        Self { etag: etag::of(&content), content: content.into() }
    }
}

impl File {
    /// The content for this request, and its `Content-Encoding` if it is compressed.
    fn body(&self, request: &HttpRequest) -> (Option<&'static str>, &Body) {
        let accepted = self.compressed.iter().find(|(encoding, _)| accepts(request.headers(), encoding));
        accepted.map_or((None, &self.plain), |(encoding, body)| (Some(*encoding), body))
    }
}

/// The encodings that the build writes, by the ending of the file's name.
const ENCODINGS: [(&str, &str); 2] = [(".br", "br"), (".gz", "gzip")];

impl Page {
    /// Reads the folder that the page was built into.
    ///
    /// # Errors
    /// When it can't be read, or doesn't hold a page.
    pub(crate) fn read(dir: &Path) -> anyhow::Result<Self> {
        let mut files = HashMap::new();
        let mut left = MOST_BYTES;
        read_below(dir, "", &mut files, &mut left).with_context(|| format!("{} can't be read", dir.display()))?;
        attach_compressed(&mut files);
        ensure!(files.contains_key("/index.html"), "{} has no index.html", dir.display());
        let headers = files.remove(&format!("/{HEADERS_FILE}"));
        let headers = headers.with_context(|| format!("{} has no {HEADERS_FILE}", dir.display()))?;
        let headers: HashMap<String, String> = serde_json::from_slice(&headers.plain.content).context(HEADERS_FILE)?;
        let headers = headers.iter().map(|(name, value)| Ok((name.parse()?, value.parse()?)));
        Ok(Self { headers: headers.collect::<anyhow::Result<_>>().context(HEADERS_FILE)?, files })
    }

    /// The answer for a path that isn't the API's. A path without a file is one of the page's own, and gets its start.
    pub(crate) fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let allow = (ALLOW, "GET, HEAD, OPTIONS");
        match *request.method() {
            Method::GET | Method::HEAD => {}
            Method::OPTIONS => return HttpResponse::NoContent().insert_header(allow).finish(),
            _ => return HttpResponse::MethodNotAllowed().insert_header(allow).finish(),
        }
        let path = request.path();
        let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        let found = self.files.get(path).or_else(|| self.files.get("/index.html").filter(|_| !is_file));
        let Some(file) = found else { return self.with_headers(HttpResponse::NotFound()).finish() };
        let (encoding, body) = file.body(request);
        // Files of the page are shown to clients with malformed conditions too.
        let known = etag::is_known(request, &body.etag).unwrap_or(false);
        let answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        let mut answer = self.with_headers(answer);
        let keep = if path.starts_with(IMMUTABLE) { "public, max-age=31536000, immutable" } else { "no-cache" };
        answer.insert_header((CACHE_CONTROL, keep)).insert_header((ETAG, body.etag.as_str()));
        if !file.compressed.is_empty() {
            answer.insert_header((VARY, "Accept-Encoding"));
        }
        if known {
            return answer.finish();
        }
        if let Some(encoding) = encoding {
            answer.insert_header((CONTENT_ENCODING, encoding));
        }
        answer.insert_header((CONTENT_TYPE, file.media_type)).body(body.content.clone())
    }

    fn with_headers(&self, mut answer: HttpResponseBuilder) -> HttpResponseBuilder {
        for header in &self.headers {
            answer.insert_header(header.clone());
        }
        answer
    }
}

fn read_below(dir: &Path, prefix: &str, files: &mut HashMap<String, File>, left: &mut u64) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What begins with a dot is the build's own.
        if name.starts_with('.') {
            continue;
        }
        let (path, kind) = (format!("{prefix}/{name}"), entry.file_type()?);
        if kind.is_dir() {
            read_below(&entry.path(), &path, files, left)?;
        } else if kind.is_file() {
            *left = left.checked_sub(entry.metadata()?.len()).context("there is more than a page has")?;
            let plain = Body::of(std::fs::read(entry.path())?);
            files.insert(path, File { media_type: media_type(&name), plain, compressed: Vec::new() });
        }
    }
    Ok(())
}

/// Gives each file its compressed contents, which have no address of their own.
fn attach_compressed(files: &mut HashMap<String, File>) {
    for (ending, encoding) in ENCODINGS {
        let compressed: Vec<String> = files.keys().filter(|path| path.ends_with(ending)).cloned().collect();
        for path in compressed {
            let Some(original) = path.strip_suffix(ending).filter(|original| files.contains_key(*original)) else {
                continue;
            };
            let Some(file) = files.remove(&path) else { continue };
            if let Some(original) = files.get_mut(original) {
                original.compressed.push((encoding, file.plain));
            }
        }
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
