//! Answers that don't end: live streams.
//!
//! They wait more than they work, so they don't count among the requests that are worked on at once but have a bound of
//! their own, and nobody waits for their end when the process stops: then they end at once.

use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use actix_web::{HttpMessage, HttpRequest, web};
use domain::problem::{Code, Problem};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use uuid::Uuid;

use crate::client::Address;
use crate::health::Health;
use crate::metrics::STREAMS;
use crate::problem::{ApiError, ApiResult};

/// The streams of a process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Streams {
    open: Arc<Mutex<Open>>,
    ended: CancellationToken,
}

/// Which are open, and whose.
#[derive(Debug, Default)]
struct Open {
    last_id: u64,
    /// Oldest first.
    all: BTreeMap<u64, One>,
}

#[derive(Debug)]
struct One {
    user: Option<Uuid>,
    from: Address,
    end: CancellationToken,
}

/// How many may be open; 0 sets no bound.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    pub(crate) all: usize,
    /// Of one user.
    pub(crate) per_user: usize,
}

/// Which bound is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Full {
    All,
    OfUser,
}

impl Streams {
    /// One more, if the bounds let it. Where all are open, the oldest of an address that has at least two more than this
    /// one gives way; it can come again.
    fn open(&self, limits: Limits, user: Option<Uuid>, from: Address) -> Result<OpenStream, Full> {
        let is_full = |open: usize, limit: usize| limit > 0 && open >= limit;
        let end = self.ended.child_token();
        let id = {
            let mut open = locked(&self.open);
            if user.is_some() && is_full(open.of_user(user), limits.per_user) {
                return Err(Full::OfUser);
            }
            if is_full(open.all.len(), limits.all) {
                let (oldest, most) = open.most_of_one_address().ok_or(Full::All)?;
                if most < open.of_address(from) + 2 {
                    return Err(Full::All);
                }
                if let Some(gone) = open.all.remove(&oldest) {
                    gone.end.cancel();
                }
            }
            open.last_id += 1;
            let id = open.last_id;
            open.all.insert(id, One { user, from, end: end.clone() });
            id
        };
        STREAMS.inc();
        Ok(OpenStream { open: self.open.clone(), id, ended: Box::pin(end.cancelled_owned()) })
    }

    /// Ends all of them, now and from now on.
    pub(crate) fn end(&self) {
        self.ended.cancel();
    }
}

impl Open {
    fn of_user(&self, user: Option<Uuid>) -> usize {
        self.all.values().filter(|one| one.user == user).count()
    }

    fn of_address(&self, from: Address) -> usize {
        self.all.values().filter(|one| one.from == from).count()
    }

    /// The oldest stream of the address with the most, and how many that has.
    fn most_of_one_address(&self) -> Option<(u64, usize)> {
        let mut of = HashMap::<Address, (u64, usize)>::new();
        for (id, one) in &self.all {
            of.entry(one.from).or_insert((*id, 0)).1 += 1;
        }
        of.into_values().max_by_key(|(_, count)| *count)
    }
}

/// A stream that is open, until this is dropped.
pub(crate) struct OpenStream {
    open: Arc<Mutex<Open>>,
    id: u64,
    ended: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl std::fmt::Debug for OpenStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpenStream")
    }
}

impl OpenStream {
    /// Ready when it gives way to another, or the process is about to stop.
    pub(crate) fn poll_ended(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.ended.as_mut().poll(cx)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        STREAMS.dec();
        locked(&self.open).all.remove(&self.id);
    }
}

fn locked(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    // Nothing panics with the lock held, and the numbers would still be whole.
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says that the answer to this request will be a stream, of `user` where that is known; to be called before the answer is
/// made.
///
/// # Errors
/// 503 when as many are open as may be (`http.max_streams`) and no address has many more than this one, 429 when as many of
/// the user's are (`http.max_streams_per_user`).
pub fn begin(req: &HttpRequest, user: Option<Uuid>) -> ApiResult<()> {
    let Some(health) = req.app_data::<web::Data<Health>>() else { return Ok(()) };
    let open = health.streams.open(health.stream_limits, user, Address::of_request(req)).map_err(|full| {
        let problem = match full {
            Full::All => Problem::new(Code::Overloaded, "More live streams are open than can be served."),
            Full::OfUser => {
                Problem::new(Code::TooManyRequests, "You have as many live streams open as you may: close one first.")
            }
        };
        ApiError::from(problem.retry_after(5))
    })?;
    req.extensions_mut().insert(open);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(last: u8) -> Address {
        Address::of([10, 0, 0, last].into())
    }

    #[test]
    fn one_user_cannot_take_the_streams_of_all() {
        let streams = Streams::default();
        let limits = Limits { all: 3, per_user: 2 };
        let (alice, bob) = (Some(Uuid::now_v7()), Some(Uuid::now_v7()));
        let open = |user| streams.open(limits, user, from(1));
        let first = open(alice).unwrap();
        let _second = open(alice).unwrap();
        assert_eq!(open(alice).unwrap_err(), Full::OfUser);
        let bobs = open(bob).unwrap();
        assert_eq!(open(bob).unwrap_err(), Full::All);
        drop((first, bobs));
        let _third = open(alice).unwrap();
        assert_eq!(open(alice).unwrap_err(), Full::OfUser);
        let _anybodys = open(None).unwrap();
        assert_eq!((open(None).unwrap_err(), locked(&streams.open).all.len()), (Full::All, 3));
    }

    #[test]
    fn one_address_cannot_take_the_streams_of_all() {
        let streams = Streams::default();
        let open = |address| streams.open(Limits { all: 4, per_user: 0 }, None, from(address));
        let is_ended = |stream: &OpenStream| !locked(&streams.open).all.contains_key(&stream.id);
        let many: Vec<_> = (0..4).map(|_| open(1).unwrap()).collect();
        assert_eq!(open(1).unwrap_err(), Full::All);
        let _second = open(2).unwrap();
        let _third = open(2).unwrap();
        assert_eq!(many.iter().map(is_ended).collect::<Vec<_>>(), [true, true, false, false]);
        // They have as many each.
        assert_eq!(open(2).unwrap_err(), Full::All);
        drop(many);
        assert_eq!(locked(&streams.open).all.len(), 2);
    }
}
