//! Services to stand behind the gateway: one that tells what it got, and ones that do as they please.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A service that answers with what it got.
pub(crate) struct Echo {
    pub(crate) addr: SocketAddr,
    seen: Arc<AtomicUsize>,
    probed: Arc<AtomicUsize>,
    database: Arc<AtomicBool>,
    handle: ServerHandle,
}

impl Echo {
    pub(crate) async fn start(name: &'static str) -> Self {
        Self::start_at(name, ([127, 0, 0, 1], testkit::reserved_port()).into()).await
    }

    pub(crate) async fn start_at(name: &'static str, addr: SocketAddr) -> Self {
        let (seen, probed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let database = Arc::new(AtomicBool::new(true));
        let state = (seen.clone(), probed.clone(), database.clone());
        let server = HttpServer::new(move || {
            let (seen, probed, database) = state.clone();
            let ready = move || {
                probed.fetch_add(1, Ordering::SeqCst);
                let ok = database.load(Ordering::SeqCst);
                async move { readiness(ok) }
            };
            let echo = move |req: HttpRequest, body: web::Bytes| {
                seen.fetch_add(1, Ordering::SeqCst);
                async move { echo(name, &req, &body) }
            };
            App::new()
                .app_data(web::PayloadConfig::new(8 << 20))
                .route("/health/ready", web::get().to(ready))
                .default_service(web::to(echo))
        })
        .workers(1)
        .shutdown_timeout(1)
        .disable_signals()
        .bind(addr)
        .unwrap();
        let addr = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { addr, seen, probed, database, handle }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Requests that reached it.
    pub(crate) fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }

    /// How often it was asked whether it is ready.
    pub(crate) fn probed(&self) -> usize {
        self.probed.load(Ordering::SeqCst)
    }

    pub(crate) fn lose_database(&self) {
        self.database.store(false, Ordering::SeqCst);
    }

    pub(crate) async fn stop(self) -> SocketAddr {
        self.handle.stop(false).await;
        self.addr
    }
}

fn readiness(ok: bool) -> HttpResponse {
    let detail = if ok { None } else { Some("can't be reached") };
    let dependencies = json!([
        {"name": "database", "ok": ok, "required": true, "latency_ms": 0.5, "detail": detail},
        {"name": "redis", "ok": true, "required": false, "latency_ms": 0.1, "detail": null},
    ]);
    let (mut response, status) =
        if ok { (HttpResponse::Ok(), "ready") } else { (HttpResponse::ServiceUnavailable(), "not_ready") };
    response.json(json!({"status": status, "dependencies": dependencies}))
}

fn echo(name: &str, req: &HttpRequest, body: &[u8]) -> HttpResponse {
    let headers: Vec<_> =
        req.headers().iter().map(|(name, value)| json!([name.as_str(), value.to_str().unwrap()])).collect();
    let status = match req.headers().get("x-answer").and_then(|v| v.to_str().ok()) {
        Some(status) => status.parse().unwrap(),
        None => 200,
    };
    HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap())
        .insert_header(("server", "echo/1.0"))
        .insert_header(("x-request-id", "from-upstream"))
        .insert_header(("keep-alive", "timeout=5"))
        .json(json!({
            "service": name,
            "method": req.method().as_str(),
            "target": req.uri().to_string(),
            "headers": headers,
            "length": body.len(),
            "body": String::from_utf8_lossy(&body[..body.len().min(100)]),
        }))
}

/// A service that does with each connection what the test says.
pub(crate) struct Raw {
    pub(crate) addr: SocketAddr,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Raw {
    /// `serve` gets each connection and its number, from 1.
    pub(crate) async fn start<F, Fut>(serve: F) -> Self
    where
        F: Fn(TcpStream, usize) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = connections.clone();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, count.fetch_add(1, Ordering::SeqCst) + 1));
            }
        });
        Self { addr, connections, task }
    }

    /// Reads a request, says this, closes.
    pub(crate) async fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let answer = Arc::new(answer.into());
        Self::start(move |mut stream, _| {
            let answer = answer.clone();
            async move {
                if !read_request(&mut stream).await.is_empty() {
                    let _ = stream.write_all(&answer).await;
                }
            }
        })
        .await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// The head of a request and as much of its body as its Content-Length says; empty at the end.
pub(crate) async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        match stream.read_buf(&mut bytes).await {
            Ok(1..) => {}
            _ => return String::new(),
        }
    }
}
