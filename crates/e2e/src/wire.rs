//! The way between two parts: a TCP proxy that a test may slow down, cut, or lead elsewhere.
//!
//! With several ends it stands for a ClusterIP service: each new connection goes to the next end. One difference: a
//! connection to an end that refuses is taken first and then reset, since only a kernel can refuse for another. It is the
//! harder case, as the caller has sent something by then and can't know what became of it.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

const PIECE_BYTES: usize = 16 * 1024;
/// Pieces under way in one direction of one connection.
const PIECES: usize = 256;

/// A way that connections take; cheap to clone.
#[derive(Clone, Debug)]
pub struct Wire {
    port: u16,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    ends: Mutex<Vec<u16>>,
    turn: AtomicUsize,
    weather: watch::Sender<Weather>,
}

/// What becomes of what is sent.
#[derive(Clone, Debug, Default)]
struct Weather {
    /// How much later each piece arrives, in either direction.
    delay: Duration,
    /// Ends to and from which nothing arrives; what is sent arrives once they are mended, as TCP would see to it.
    silent: Vec<u16>,
    /// How often everything was torn.
    torn: usize,
}

impl Wire {
    /// A way to `ends` on this host.
    pub async fn lay(ends: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (ends, turn) = (Mutex::new(ends.to_vec()), AtomicUsize::new(0));
        let state = Arc::new(State { ends, turn, weather: watch::Sender::new(Weather::default()) });
        let for_callers = state.clone();
        tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                tokio::spawn(connection(for_callers.clone(), caller));
            }
        });
        Self { port, state }
    }

    /// Where it begins.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where new connections lead from now on; those that there are stay.
    pub fn lead_to(&self, ends: Vec<u16>) {
        *self.state.ends.lock().unwrap() = ends;
    }

    /// Whether new connections may lead there.
    #[must_use]
    pub fn leads_to(&self, end: u16) -> bool {
        self.state.ends.lock().unwrap().contains(&end)
    }

    /// Makes everything arrive later, in both directions.
    pub fn slow_down(&self, delay: Duration) {
        self.state.weather.send_modify(|weather| weather.delay = delay);
    }

    /// From now on nothing arrives at this end nor from it, and nobody is told.
    pub fn silence(&self, end: u16) {
        self.state.weather.send_modify(|weather| weather.silent.push(end));
    }

    /// Resets every connection that there is.
    pub fn tear(&self) {
        self.state.weather.send_modify(|weather| weather.torn += 1);
    }

    /// All is well again.
    pub fn mend(&self) {
        self.state.weather.send_modify(|weather| (weather.delay, weather.silent) = (Duration::ZERO, Vec::new()));
    }
}

impl State {
    fn next(&self) -> Option<u16> {
        let ends = self.ends.lock().unwrap();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        turn.checked_rem(ends.len()).map(|place| ends[place])
    }
}

/// One connection, from its beginning to its end.
async fn connection(state: Arc<State>, mut caller: TcpStream) {
    let passed = async {
        let port = state.next().ok_or(io::ErrorKind::ConnectionRefused)?;
        let weather = state.weather.subscribe();
        passable(&mut weather.clone(), port).await;
        let mut end = TcpStream::connect(("127.0.0.1", port)).await?;
        caller.set_nodelay(true)?;
        end.set_nodelay(true)?;
        let passed = {
            let (from_caller, to_caller) = caller.split();
            let (from_end, to_end) = end.split();
            let there = carry(from_caller, to_end, port, weather.clone());
            let back = carry(from_end, to_caller, port, weather.clone());
            tokio::select! {
                passed = async { tokio::try_join!(there, back) } => passed.map(drop),
                () = torn(weather.clone()) => Err(io::ErrorKind::ConnectionReset.into()),
            }
        };
        if passed.is_err() {
            end.set_zero_linger()?;
        }
        passed
    };
    let passed: io::Result<()> = passed.await;
    if passed.is_err() {
        let _ = caller.set_zero_linger();
    }
}

/// One direction of a connection.
async fn carry(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    end: u16,
    weather: watch::Receiver<Weather>,
) -> io::Result<()> {
    let (send, mut receive) = mpsc::channel::<(Instant, Vec<u8>)>(PIECES);
    let now = weather.clone();
    let read = async move {
        let mut buffer = vec![0; PIECE_BYTES];
        loop {
            let there = from.read(&mut buffer).await?;
            if there == 0 {
                return Ok(());
            }
            let due = Instant::now() + now.borrow().delay;
            if send.send((due, buffer[..there].to_vec())).await.is_err() {
                return Ok(());
            }
        }
    };
    let mut weather = weather;
    let write = async move {
        while let Some((due, piece)) = receive.recv().await {
            if due > Instant::now() {
                sleep_until(due).await;
            }
            passable(&mut weather, end).await;
            to.write_all(&piece).await?;
        }
        passable(&mut weather, end).await;
        to.shutdown().await
    };
    tokio::try_join!(read, write).map(drop)
}

async fn passable(weather: &mut watch::Receiver<Weather>, end: u16) {
    let _ = weather.wait_for(|weather| !weather.silent.contains(&end)).await;
}

async fn torn(mut weather: watch::Receiver<Weather>) {
    let before = weather.borrow().torn;
    let _ = weather.wait_for(|weather| weather.torn > before).await;
}
