//! How a connection to PostgreSQL is made: TLS as the URL's `sslmode` wants it, times in UTC, limits set.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use secrecy::{ExposeSecret, SecretString};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::{AsyncMessage, CancelToken, Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::settings::{DatabaseSettings, SettingsError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// After this long without an answer to what was sent, the peer counts as gone.
const PEER_TIMEOUT: Duration = Duration::from_secs(5);

/// Cancellations under way at once. Each takes a connection; what finds no place ends at the statement timeout.
const CANCELS: usize = 8;

/// Makes connections with one service's settings.
#[derive(Clone)]
pub struct Connector {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    cancels: Arc<Semaphore>,
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}

/// The half of a connection that moves bytes; it must be polled for the client to get answers.
pub type Socket<T> = tokio_postgres::Connection<tokio_postgres::Socket, T>;

impl Connector {
    /// Reads the URL; nothing is connected yet.
    ///
    /// # Errors
    /// When the URL can't be read.
    pub fn new(service: &str, settings: &DatabaseSettings) -> anyhow::Result<Self> {
        Self::from_url(service, &settings.url, settings.statement_timeout_ms)
    }

    /// The same for any URL; `statement_timeout_ms` 0 sets no limit.
    ///
    /// # Errors
    /// When the URL can't be read.
    pub fn from_url(service: &str, url: &SecretString, statement_timeout_ms: u64) -> anyhow::Result<Self> {
        // The parser's error may quote the URL, and with it the password.
        let mut config: Config = url
            .expose_secret()
            .parse()
            .ok()
            // An empty text is a URL too, as far as the parser is concerned.
            .filter(|config: &Config| !config.get_hosts().is_empty())
            .ok_or_else(|| SettingsError("TASKHUB__DATABASE__URL is not a PostgreSQL URL".into()))?;
        // Statements are short: compiling one takes longer than running it.
        config
            .application_name(service)
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_user_timeout(PEER_TIMEOUT)
            .keepalives_idle(Duration::from_secs(15))
            .options(format!(
                "-c timezone=UTC -c jit=off -c statement_timeout={statement_timeout_ms} -c idle_in_transaction_session_timeout=10000"
            ));
        let tls = match config.get_ssl_mode() {
            SslMode::Disable => None,
            _ => Some(MakeRustlsConnect::new(tls_config())),
        };
        Ok(Self { config, tls, cancels: Arc::new(Semaphore::new(CANCELS)) })
    }

    /// What was read from the URL.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The same with one more run-time parameter, such as `synchronous_commit`, set on every connection.
    #[must_use]
    pub fn with_parameter(mut self, name: &str, value: &str) -> Self {
        let before = self.config.get_options().unwrap_or_default();
        let options = format!("{before} -c {name}={value}");
        self.config.options(options);
        self
    }

    /// Asks the server, in the background, to stop what runs on a connection. Only for a connection that nothing else is
    /// sent on afterwards: the server stops whatever runs when it is told.
    pub(super) fn cancel(&self, token: CancelToken) {
        let (Ok(runtime), Ok(permit)) = (Handle::try_current(), self.cancels.clone().try_acquire_owned()) else {
            return;
        };
        let tls = self.tls.clone();
        runtime.spawn(async move {
            let cancel = async {
                match tls {
                    None => token.cancel_query(tokio_postgres::NoTls).await,
                    Some(tls) => token.cancel_query(tls).await,
                }
            };
            if let Ok(Err(error)) = timeout(CONNECT_TIMEOUT, cancel).await {
                tracing::debug!(%error, "an abandoned statement could not be cancelled");
            }
            drop(permit);
        });
    }

    /// Connects, and polls the connection on a task of its own; the task ends with the connection.
    ///
    /// # Errors
    /// When PostgreSQL can't be reached within two seconds or refuses.
    pub async fn connect(&self) -> Result<(Client, tokio::task::JoinHandle<()>), tokio_postgres::Error> {
        self.connect_listening(|_, _| {}).await
    }

    /// The same, and `heard` is called with the channel and the payload of each notification (NOTIFY) that comes on the connection.
    ///
    /// # Errors
    /// Those of [`Connector::connect`].
    pub async fn connect_listening(
        &self,
        heard: impl Fn(&str, &str) + Send + 'static,
    ) -> Result<(Client, tokio::task::JoinHandle<()>), tokio_postgres::Error> {
        async fn polled<T>(mut socket: Socket<T>, heard: impl Fn(&str, &str))
        where
            T: tokio_postgres::tls::TlsStream + Unpin,
        {
            while let Some(message) = poll_fn(|cx| socket.poll_message(cx)).await {
                match message {
                    Ok(AsyncMessage::Notification(note)) => heard(note.channel(), note.payload()),
                    Ok(_) => {}
                    Err(error) => {
                        tracing::debug!(%error, "a connection to PostgreSQL ended");
                        return;
                    }
                }
            }
        }
        match &self.tls {
            None => {
                let (client, socket) = self.config.connect(tokio_postgres::NoTls).await?;
                let socket: Socket<NoTlsStream> = socket;
                Ok((client, tokio::spawn(polled(socket, heard))))
            }
            Some(tls) => {
                let (client, socket) = self.config.connect(tls.clone()).await?;
                Ok((client, tokio::spawn(polled(socket, heard))))
            }
        }
    }
}

/// The system's certificate authorities.
fn tls_config() -> ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    ClientConfig::builder_with_provider(rustls::crypto::aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_root_certificates(roots).with_no_client_auth())
        .unwrap_or_else(|_| unreachable!("the default provider has the default versions"))
}
