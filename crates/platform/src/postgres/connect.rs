//! How a connection to PostgreSQL is made: to the host that takes writes, TLS as `sslmode` wants it, times in UTC, limits
//! set.

use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::{AsyncMessage, CancelToken, Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address;
use super::outage::{self, Backoff, Outage};
use super::pipeline::DbError;
use crate::settings::DatabaseSettings;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// For one host: connecting, signing in, and setting parameters.
const HOST_TIMEOUT: Duration = Duration::from_secs(3);
const FOREVER: Duration = Duration::from_secs(u32::MAX as u64);
/// After this long without an answer to what was sent, the peer counts as gone.
const PEER_TIMEOUT: Duration = Duration::from_secs(5);

/// Cancellations under way at once. Each takes a connection; what finds no place ends at the statement timeout.
const CANCELS: usize = 8;

/// Makes connections with one service's settings; cheap to clone.
#[derive(Clone)]
pub struct Connector {
    /// One for each host, in the order in which they are tried.
    hosts: Arc<[Config]>,
    /// The host that was connected to last, which is tried first.
    last: Arc<AtomicUsize>,
    tls: Option<MakeRustlsConnect>,
    /// What is sent first on each connection: its parameters. Not in the startup message, where PgBouncer refuses them.
    set: String,
    /// Whether a pooler may give each transaction another session: then parameters are the role's own, and `set` is empty.
    pooled: bool,
    max_age: Duration,
    outage: Arc<Outage>,
    cancels: Arc<Semaphore>,
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}

/// The half of a connection that moves bytes; it must be polled for the client to get answers.
pub type Socket<T> = tokio_postgres::Connection<tokio_postgres::Socket, T>;

/// Where the next attempt begins. Whoever waits for a connection may give up before a host that hangs has had its time;
/// the attempt after that is to ask another one.
struct BeginAt<'a> {
    last: &'a AtomicUsize,
    place: usize,
}

impl Drop for BeginAt<'_> {
    fn drop(&mut self) {
        self.last.store(self.place, Ordering::Relaxed);
    }
}

impl Connector {
    /// For what a service's requests need; nothing is connected yet.
    ///
    /// # Errors
    /// When the address can't be read.
    pub fn new(service: &str, settings: &DatabaseSettings) -> anyhow::Result<Self> {
        let config = address::own(settings)?;
        let pooled = address::direct(settings)?.is_some();
        Ok(Self::with(service, config, settings, &parameters(settings), pooled))
    }

    /// For what needs a session of its own, such as LISTEN: past a pooler in transaction mode, where there is one.
    ///
    /// # Errors
    /// When the address can't be read.
    pub fn direct(&self, settings: &DatabaseSettings) -> anyhow::Result<Self> {
        let Some(config) = address::direct(settings)? else { return Ok(self.clone()) };
        let service = self.config().get_application_name().unwrap_or_default();
        Ok(Self::with(service, config, settings, &parameters(settings), false))
    }

    /// For `migrate`, as the administrator: past a pooler, and without a limit on a statement.
    pub(super) fn admin(settings: &DatabaseSettings) -> anyhow::Result<Self> {
        let limits = DatabaseSettings { statement_timeout_ms: 0, ..settings.clone() };
        Ok(Self::with("migrate", address::admin(settings)?, settings, &parameters(&limits), false))
    }

    fn with(
        service: &str,
        mut config: Config,
        settings: &DatabaseSettings,
        parameters: &[(&str, String)],
        pooled: bool,
    ) -> Self {
        config
            .application_name(service)
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_user_timeout(PEER_TIMEOUT)
            .keepalives_idle(Duration::from_secs(15));
        let tls = match config.get_ssl_mode() {
            SslMode::Disable => None,
            _ => Some(MakeRustlsConnect::new(tls_config())),
        };
        let made = Self {
            hosts: address::hosts(&config).into(),
            last: Arc::default(),
            tls,
            set: String::new(),
            pooled,
            max_age: Duration::from_secs(settings.max_connection_age_s),
            outage: Arc::default(),
            cancels: Arc::new(Semaphore::new(CANCELS)),
        };
        parameters.iter().fold(made, |made, (name, value)| made.with_parameter(name, value))
    }

    /// What was read from the settings, of the first host.
    #[must_use]
    pub fn config(&self) -> &Config {
        self.hosts.first().unwrap_or_else(|| unreachable!("an address without a host was refused"))
    }

    /// The same with one more run-time parameter, such as `synchronous_commit`, set on every connection. `value` is ours and
    /// has no quotes in it.
    #[must_use]
    pub fn with_parameter(mut self, name: &str, value: &str) -> Self {
        if !self.pooled {
            self.set.push_str(&format!("SET {name} = '{value}';"));
        }
        self
    }

    /// Whether it leads through a pooler that may give each transaction another session.
    pub(super) fn is_pooled(&self) -> bool {
        self.pooled
    }

    /// How long a connection that is made now may be used. Up to a fifth of it is chance, so that they don't all end at
    /// once.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.lifetime_since(Instant::now())
    }

    /// The same of a connection that was made then.
    pub(super) fn lifetime_since(&self, made: Instant) -> Duration {
        if self.max_age.is_zero() {
            return FOREVER;
        }
        let mut hasher = DefaultHasher::new();
        made.hash(&mut hasher);
        let chance = f64::from((hasher.finish() >> 32) as u32) / f64::from(u32::MAX);
        self.max_age.mul_f64(1.0 - chance / 5.0)
    }

    /// The pauses between attempts of one connection.
    #[must_use]
    pub fn backoff(&self) -> Backoff {
        Backoff::new(self.outage.clone())
    }

    /// A request waits for a connection: the next attempt is due.
    pub(super) fn asked(&self) {
        self.outage.asked();
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
                tracing::debug!(error = outage::with_causes(&error), "an abandoned statement could not be cancelled");
            }
            drop(permit);
        });
    }

    /// Connects to the first host that takes writes, and polls the connection on a task of its own; the task ends with the
    /// connection.
    ///
    /// # Errors
    /// When no host can be reached, or each refuses or is read-only. Each host is given three seconds.
    pub async fn connect(&self) -> Result<(Client, JoinHandle<()>), DbError> {
        self.connect_listening(|_, _| {}).await
    }

    /// The same, and `heard` is called with the channel and the payload of each notification (NOTIFY) that comes on the connection.
    ///
    /// # Errors
    /// Those of [`Connector::connect`].
    pub async fn connect_listening(
        &self,
        heard: impl Fn(&str, &str) + Clone + Send + 'static,
    ) -> Result<(Client, JoinHandle<()>), DbError> {
        let first = self.last.load(Ordering::Relaxed);
        let (mut reasons, mut last_error) = (Vec::new(), None);
        for place in 0..self.hosts.len() {
            let place = (first + place) % self.hosts.len();
            let Some(host) = self.hosts.get(place) else { continue };
            let mut begin = BeginAt { last: &self.last, place: (place + 1) % self.hosts.len() };
            let reason = match timeout(HOST_TIMEOUT, self.connect_to(host, heard.clone())).await {
                Ok(Ok(made)) => {
                    begin.place = place;
                    self.outage.connected();
                    return Ok(made);
                }
                Ok(Err(error)) => {
                    let reason = outage::with_causes(&error);
                    last_error = Some(error);
                    reason
                }
                Err(_) => "no answer".to_owned(),
            };
            reasons.push(format!("{}: {reason}", address::host_and_port(host)));
        }
        self.outage.failed(reasons.join("; "));
        Err(DbError::Unreachable(last_error))
    }

    async fn connect_to(
        &self,
        host: &Config,
        heard: impl Fn(&str, &str) + Send + 'static,
    ) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
        let (client, polled) = match &self.tls {
            None => {
                let (client, socket) = host.connect(tokio_postgres::NoTls).await?;
                let socket: Socket<NoTlsStream> = socket;
                (client, tokio::spawn(polled(socket, heard)))
            }
            Some(tls) => {
                let (client, socket) = host.connect(tls.clone()).await?;
                (client, tokio::spawn(polled(socket, heard)))
            }
        };
        if !self.set.is_empty() {
            client.batch_execute(&self.set).await?;
        }
        Ok((client, polled))
    }
}

/// Moves a connection's bytes until it ends.
async fn polled<T>(mut socket: Socket<T>, heard: impl Fn(&str, &str))
where
    T: tokio_postgres::tls::TlsStream + Unpin,
{
    while let Some(message) = poll_fn(|cx| socket.poll_message(cx)).await {
        match message {
            Ok(AsyncMessage::Notification(note)) => heard(note.channel(), note.payload()),
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(error = outage::with_causes(&error), "a connection to PostgreSQL ended");
                return;
            }
        }
    }
}

/// What every session is to have. `migrate` makes them the role's own too, for sessions that a pooler hands around.
pub(super) fn parameters(settings: &DatabaseSettings) -> Vec<(&'static str, String)> {
    vec![
        ("timezone", "UTC".to_owned()),
        // Statements are short: compiling one takes longer than running it.
        ("jit", "off".to_owned()),
        ("statement_timeout", settings.statement_timeout_ms.to_string()),
        ("idle_in_transaction_session_timeout", "10000".to_owned()),
    ]
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
