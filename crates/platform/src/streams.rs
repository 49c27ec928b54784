//! Answers that don't end: live streams.
//!
//! They wait more than they work, so they don't count among the requests that are worked on at once but have a bound of
//! their own, and nobody waits for their end when the process stops: then they end at once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use actix_web::{HttpMessage, HttpRequest, web};
use domain::problem::{Code, Problem};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use uuid::Uuid;

use crate::health::Health;
use crate::metrics::STREAMS;
use crate::problem::{ApiError, ApiResult};

/// The streams of a process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Streams {
    open: Arc<Mutex<Open>>,
    ended: CancellationToken,
}

/// How many are open, and whose.
#[derive(Debug, Default)]
struct Open {
    all: usize,
    of: HashMap<Uuid, usize>,
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
    /// One more, if the bounds let it.
    fn open(&self, limits: Limits, user: Option<Uuid>) -> Result<OpenStream, Full> {
        let is_full = |open: usize, limit: usize| limit > 0 && open >= limit;
        {
            let mut open = locked(&self.open);
            if let Some(user) = user {
                let of_user = open.of.get(&user).copied().unwrap_or(0);
                if is_full(of_user, limits.per_user) {
                    return Err(Full::OfUser);
                }
            }
            if is_full(open.all, limits.all) {
                return Err(Full::All);
            }
            open.all += 1;
            if let Some(user) = user {
                *open.of.entry(user).or_default() += 1;
            }
        }
        STREAMS.inc();
        Ok(OpenStream { open: self.open.clone(), user, ended: Box::pin(self.ended.clone().cancelled_owned()) })
    }

    /// Ends all of them, now and from now on.
    pub(crate) fn end(&self) {
        self.ended.cancel();
    }
}

/// A stream that is open, until this is dropped.
pub(crate) struct OpenStream {
    open: Arc<Mutex<Open>>,
    user: Option<Uuid>,
    ended: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl std::fmt::Debug for OpenStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpenStream")
    }
}

impl OpenStream {
    /// Ready when the process is about to stop.
    pub(crate) fn poll_ended(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.ended.as_mut().poll(cx)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        STREAMS.dec();
        let mut open = locked(&self.open);
        open.all = open.all.saturating_sub(1);
        let Some(user) = self.user else { return };
        if let Entry::Occupied(mut of_user) = open.of.entry(user) {
            match of_user.get() {
                0 | 1 => drop(of_user.remove()),
                more => *of_user.get_mut() = more - 1,
            }
        }
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
/// 503 when as many are open as may be (`http.max_streams`), 429 when as many of the user's are
/// (`http.max_streams_per_user`).
pub fn begin(req: &HttpRequest, user: Option<Uuid>) -> ApiResult<()> {
    let Some(health) = req.app_data::<web::Data<Health>>() else { return Ok(()) };
    let open = health.streams.open(health.stream_limits, user).map_err(|full| {
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

    #[test]
    fn one_user_cannot_take_the_streams_of_all() {
        let streams = Streams::default();
        let limits = Limits { all: 3, per_user: 2 };
        let (alice, bob) = (Some(Uuid::now_v7()), Some(Uuid::now_v7()));
        let open = |user| streams.open(limits, user);
        let first = open(alice).unwrap();
        let _second = open(alice).unwrap();
        assert_eq!(open(alice).unwrap_err(), Full::OfUser);
        let bobs = open(bob).unwrap();
        assert_eq!(open(bob).unwrap_err(), Full::All);
        drop((first, bobs));
        let _third = open(alice).unwrap();
        assert_eq!(open(alice).unwrap_err(), Full::OfUser);
        let _anybodys = open(None).unwrap();
        assert_eq!((open(None).unwrap_err(), locked(&streams.open).of.len()), (Full::All, 1));
    }
}
