//! The HTTP server that every service is: its API on one port, `/metrics` on another, and an end in
//! order: not ready, finish what is under way, exit.

use std::future::{Future, ready};
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::time::Duration;

use actix_http::HttpService;
use actix_server::ServerBuilder;
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::{AppConfig, Server as ActixServer, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use actix_web::web::ServiceConfig;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Context;
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep};

use crate::body::BodyLimit;
use crate::health::{self, Health};
use crate::metrics;
use crate::observe::observe;
use crate::problem::ApiError;
use crate::routes::no_such_route;
use crate::settings::HttpSettings;
use crate::turns::Connection;

const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// A client that hasn't sent the head of its request by then is cut off.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// So is a client that takes none of what was sent to it for so long.
const UNREAD_TIMEOUT: Duration = Duration::from_secs(30);
/// For so long a connection that is ended may still be read.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;

/// A server that has its ports.
pub struct Server {
    /// Where the API answers.
    pub addr: SocketAddr,
    /// Where `/metrics` answers.
    pub management_addr: SocketAddr,
    api: ActixServer,
    management: ActixServer,
    health: Health,
    http: HttpSettings,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("addr", &self.addr).finish_non_exhaustive()
    }
}

impl Server {
    /// Takes the ports and builds the app, once for each worker thread.
    ///
    /// # Errors
    /// When a port is taken.
    pub fn bind<F>(http: &HttpSettings, health: Health, configure: F) -> anyhow::Result<Self>
    where
        F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
    {
        let workers = http.threads();
        let health = health.at_most(http.max_in_flight).at_most_streams(http.max_streams, http.max_streams_per_user);
        let (for_app, limit) = (health.clone(), BodyLimit(http.body_limit_bytes));
        let app = move || {
            App::new()
                .app_data(limit)
                .app_data(web::Data::new(for_app.clone()))
                .wrap(from_fn(observe))
                .configure(health::configure)
                .configure(configure.clone())
                .default_service(web::to(no_such_route))
        };
        let listeners = listen(&http.host, http.port)
            .with_context(|| format!("TASKHUB__HTTP__PORT: {}:{} can't be served", http.host, http.port))?;
        let addr = listeners.first().context("no address was bound")?.local_addr()?;
        // What actix-web's `HttpServer` does, over connections that take turns.
        let mut builder =
            ServerBuilder::new().workers(workers).shutdown_timeout(http.shutdown_timeout_s).disable_signals();
        let stopping = builder.graceful_shutdown_signal();
        for listener in listeners {
            let (app, stopping) = (app.clone(), stopping.clone());
            builder = builder.listen("api", listener, move || {
                let stopping = stopping.clone();
                let app = app().into_factory().map_err(|error: actix_web::Error| error.error_response());
                let http = HttpService::build()
                    .graceful_shutdown_signal(move || {
                        let stopping = stopping.clone();
                        async move { stopping.notified().await }
                    })
                    .keep_alive(KEEP_ALIVE)
                    .client_request_timeout(HEAD_TIMEOUT)
                    .client_disconnect_timeout(DISCONNECT_TIMEOUT)
                    .h1_allow_half_closed(true)
                    .local_addr(addr)
                    .on_connect_ext(|connection: &Connection, data| {
                        data.insert(connection.turns());
                    })
                    .h1(map_config(app, |()| AppConfig::default()));
                fn_service(|stream: TcpStream| {
                    cut_off_who_does_not_read(&stream);
                    let peer = stream.peer_addr().ok();
                    ready(Ok((Connection::new(stream), peer)))
                })
                .and_then(http)
            })?;
        }
        let open = web::Data::new(health.clone().open());
        let inside = move || {
            let app = App::new().app_data(open.clone()).route("/metrics", web::get().to(render_metrics));
            app.configure(health::configure)
        };
        let management = HttpServer::new(inside)
            .workers(1)
            .disable_signals()
            .bind((http.host.as_str(), http.management_port))
            .with_context(|| format!("TASKHUB__HTTP__MANAGEMENT_PORT: {} can't be served", http.management_port))?;
        let first = |addrs: Vec<SocketAddr>| addrs.first().copied().context("no address was bound");
        Ok(Self {
            addr,
            management_addr: first(management.addrs())?,
            api: builder.run(),
            management: management.run(),
            health,
            http: http.clone(),
        })
    }

    /// Serves until SIGTERM or SIGINT, then ends in order.
    ///
    /// # Errors
    /// When the signals can't be caught or a server breaks.
    pub async fn run_until_signal(self) -> anyhow::Result<()> {
        let stop = stop_signal()?;
        self.run_until(stop).await
    }

    /// Serves until `stop` is ready, then ends in order: readiness says no, what is under way is
    /// finished, idle connections are closed.
    ///
    /// # Errors
    /// When a server breaks.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        tracing::info!(addr = %self.addr, management = %self.management_addr, "serving");
        let (handle, management) = (self.api.handle(), self.management.handle());
        let management_task = tokio::spawn(self.management);
        let mut api = tokio::spawn(self.api);
        tokio::select! {
            ended = &mut api => return Ok(ended??),
            () = stop => {}
        }
        tracing::info!("stopping");
        self.health.drain();
        sleep(Duration::from_millis(self.http.drain_delay_ms)).await;
        end(&handle, &self.health, Duration::from_secs(self.http.shutdown_timeout_s)).await;
        management.stop(false).await;
        management_task.await??;
        tracing::info!("stopped");
        Ok(())
    }
}

/// Ready at the first SIGTERM or SIGINT from now on.
///
/// # Errors
/// When the signals can't be caught.
pub fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! { _ = term.recv() => {} _ = int.recv() => {} }
    })
}

/// Lets the kernel end a connection whose peer has gone or doesn't read (RFC 5482): an answer that can't be sent would
/// hold its memory for ever, as nothing above it has a clock.
fn cut_off_who_does_not_read(stream: &TcpStream) {
    if let Err(error) = SockRef::from(stream).set_tcp_user_timeout(Some(UNREAD_TIMEOUT)) {
        tracing::debug!(%error, "a connection has no time limit for what isn't read");
    }
}

/// Takes a port at every address of the host, also when a process that has just left it has connections that linger.
fn listen(host: &str, port: u16) -> anyhow::Result<Vec<TcpListener>> {
    let bind = |addr: SocketAddr| {
        let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_reuse_address(true)?;
        socket.bind(&addr.into())?;
        socket.listen(BACKLOG)?;
        anyhow::Ok(socket.into())
    };
    (host, port).to_socket_addrs()?.map(bind).collect()
}

/// Stops accepting, and returns when nothing is under way any more. The server alone would wait for
/// idle keep-alive connections too.
async fn end(handle: &ServerHandle, health: &Health, patience: Duration) {
    let until = Instant::now() + patience;
    let graceful = handle.stop(true);
    let idle = async {
        while health.requests_under_way() > 0 && Instant::now() < until {
            sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! { () = graceful => {} () = idle => {} }
}

async fn render_metrics() -> Result<HttpResponse, ApiError> {
    let text = metrics::render().map_err(ApiError::internal)?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text))
}
