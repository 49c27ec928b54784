//! Connections of one worker thread to one service, kept for the next request.
//!
//! Nothing here is shared between threads, so nothing is locked on the path of a request.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use tokio::net::TcpStream;

use super::Address;

/// Shorter than the services' own keep-alive (75 s), so that we are the ones to close.
const MAX_IDLE: Duration = Duration::from_secs(60);
/// Then a connection is made anew, so that new replicas get their share.
const MAX_AGE: Duration = Duration::from_secs(300);
/// What each request adds to the budget of those that are sent again: one in ten ...
const AGAIN_PER_REQUEST: f64 = 0.1;
/// ... and each second, so that a few lone requests find another replica too.
const AGAIN_PER_SECOND: f64 = 1.0;
/// The most that the budget holds.
const MOST_AGAIN: f64 = 16.0;
/// Read at once from the body of an answer.
const READ_BYTES: usize = 16 * 1024;
const MAX_IDLE_CONNECTIONS: usize = 256;

/// A connection to a service, and what was read from it but not yet used.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    pub(crate) buffer: BytesMut,
    made_at: Instant,
}

impl Connection {
    /// Reads what is there. While nothing is, no buffer is held: a live stream mostly waits.
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        loop {
            if self.stream.poll_read_ready(cx)?.is_pending() {
                if self.buffer.is_empty() {
                    self.buffer = BytesMut::new();
                }
                return Poll::Pending;
            }
            self.buffer.reserve(READ_BYTES);
            match self.stream.try_read_buf(&mut self.buffer) {
                // It only seemed so.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return Poll::Ready(result),
            }
        }
    }
}

#[derive(Debug)]
struct Idle {
    connection: Connection,
    since: Instant,
}

/// The connections of one worker thread to one service.
#[derive(Debug)]
pub(crate) struct Pool {
    address: Address,
    connect_timeout: Duration,
    max_requests: usize,
    idle: RefCell<VecDeque<Idle>>,
    under_way: Cell<usize>,
    again: Cell<f64>,
    again_counted: Cell<Instant>,
    turn: Cell<usize>,
}

/// A request's place in a pool; it is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    pool: Rc<Pool>,
    taken: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Place {
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Frees the place already.
    pub(crate) fn leave(&mut self) {
        if std::mem::take(&mut self.taken) {
            self.pool.under_way.set(self.pool.under_way.get().saturating_sub(1));
        }
    }
}

impl Pool {
    pub(crate) fn new(address: Address, connect_timeout: Duration, max_requests: usize) -> Rc<Self> {
        Rc::new(Self {
            address,
            connect_timeout,
            max_requests,
            idle: RefCell::default(),
            under_way: Cell::new(0),
            again: Cell::new(MOST_AGAIN),
            again_counted: Cell::new(Instant::now()),
            turn: Cell::new(0),
        })
    }

    /// A place for one more request; `None` when there are too many.
    pub(crate) fn enter(self: &Rc<Self>) -> Option<Place> {
        let under_way = self.under_way.get();
        (under_way < self.max_requests).then(|| {
            self.under_way.set(under_way + 1);
            self.again.set(MOST_AGAIN.min(self.again.get() + AGAIN_PER_REQUEST));
            Place { pool: self.clone(), taken: true }
        })
    }

    /// Whether a request may be sent again while it is still under way; it then counts as sent again. A service that is slow
    /// for everyone must not get more to do for it.
    pub(crate) fn may_send_again(&self) -> bool {
        let since = self.again_counted.replace(Instant::now()).elapsed().as_secs_f64();
        let budget = MOST_AGAIN.min(self.again.get() + since * AGAIN_PER_SECOND);
        let may = budget >= 1.0;
        self.again.set(if may { budget - 1.0 } else { budget });
        may
    }

    /// The connection that was used last, if the service hasn't closed it.
    pub(crate) fn take(&self) -> Option<Connection> {
        let mut idle = self.idle.borrow_mut();
        while let Some(Idle { connection, since }) = idle.pop_back() {
            if since.elapsed() > MAX_IDLE {
                // Those before it have waited longer.
                idle.clear();
                return None;
            }
            if connection.made_at.elapsed() <= MAX_AGE && is_quiet(&connection.stream) {
                return Some(connection);
            }
        }
        None
    }

    /// A new connection.
    pub(crate) async fn connect(&self) -> io::Result<Connection> {
        let turn = self.turn.get();
        self.turn.set(turn.wrapping_add(1));
        let stream = self.address.connect(turn, self.connect_timeout).await?;
        Ok(Connection { stream, buffer: BytesMut::new(), made_at: Instant::now() })
    }

    /// Keeps a connection whose answer has been read to its end.
    pub(crate) fn give_back(&self, connection: Connection) {
        // Bytes that nobody asked for would be taken for the next answer.
        if !connection.buffer.is_empty() {
            return;
        }
        let mut idle = self.idle.borrow_mut();
        while idle.len() >= MAX_IDLE_CONNECTIONS || idle.front().is_some_and(|first| first.since.elapsed() > MAX_IDLE) {
            idle.pop_front();
        }
        idle.push_back(Idle { connection, since: Instant::now() });
    }
}

/// Open, and nothing to read.
fn is_quiet(stream: &TcpStream) -> bool {
    matches!(stream.try_read(&mut [0]), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
}
