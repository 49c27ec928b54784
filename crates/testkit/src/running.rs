//! A service's app on a free port.

use actix_web::web::ServiceConfig;
use platform::health::Health;
use platform::server::Server;
use platform::settings::HttpSettings;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::Api;

/// An app that is being served, until this value is dropped.
#[derive(Debug)]
pub struct Running {
    /// `http://127.0.0.1:<port>` of the API.
    pub url: String,
    /// `http://127.0.0.1:<port>` of `/metrics`.
    pub management_url: String,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<anyhow::Result<()>>>,
}

impl Running {
    /// Serves the app on free ports, with one worker thread.
    pub async fn start(health: Health, configure: impl Fn(&mut ServiceConfig) + Clone + Send + 'static) -> Self {
        Self::start_with(&http_settings(), health, configure).await
    }

    /// Serves the app with these settings; port 0 takes a free one.
    pub async fn start_with(
        http: &HttpSettings,
        health: Health,
        configure: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
    ) -> Self {
        let server = Server::bind(http, health, configure).unwrap();
        let (url, management_url) = (format!("http://{}", server.addr), format!("http://{}", server.management_addr));
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(server.run_until(async move {
            let _ = stopped.await;
        }));
        Self { url, management_url, stop: Some(stop), served: Some(served) }
    }

    /// A client without a token.
    #[must_use]
    pub fn api(&self) -> Api {
        Api::new(&self.url)
    }

    /// Stops as on SIGTERM and waits for the end.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(served) = self.served.take() {
            served.await.unwrap().unwrap();
        }
    }
}

/// Free ports on loopback, one worker thread.
#[must_use]
pub fn http_settings() -> HttpSettings {
    HttpSettings {
        host: "127.0.0.1".into(),
        port: 0,
        management_port: 0,
        workers: 1,
        body_limit_bytes: 1 << 20,
        max_in_flight: 512,
        max_streams: 4096,
        max_streams_per_user: 0,
        drain_delay_ms: 0,
        shutdown_timeout_s: 5,
    }
}
