//! Bodies of requests on their way in.
//!
//! A request is passed on when its body is there. While it arrives it is none of those that are worked on, so that nobody
//! waits for a slow sender. Bodies have bounds of their own: each must come at a minimum rate, and so many may arrive and so
//! many bytes be held at once. Where a bound is reached, the oldest of the address with the most bodies, or the most bytes
//! of them, gives way.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_http::error::PayloadError;
use actix_web::HttpRequest;
use actix_web::web::{Data, Payload};
use bytes::{Bytes, BytesMut};
use domain::problem::{Code, Problem};
use futures_util::{FutureExt, StreamExt};
use platform::client::Address;
use platform::health::Health;
use platform::observe::want_body;
use platform::{ApiError, ApiResult};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// A body up to this length isn't counted once it is there: the number of requests that are worked on is its bound.
const SMALL: usize = 16 * 1024;

/// How long bodies may take, and how many there may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For so long a body may take whatever its length ...
    pub(crate) grace: Duration,
    /// ... and this much longer for each so many bytes.
    pub(crate) bytes_per_second: usize,
    /// Bodies that arrive at once.
    pub(crate) arriving: usize,
    /// Bytes of them, and of large ones whose requests are worked on.
    pub(crate) bytes: usize,
}

/// 64 kbit/s is what a telephone with a bad connection has.
pub(crate) const LIMITS: Limits =
    Limits { grace: Duration::from_secs(5), bytes_per_second: 8 * 1024, arriving: 1024, bytes: 32 << 20 };

/// The bodies of a process.
#[derive(Clone, Debug)]
pub(crate) struct Uploads {
    limits: Limits,
    now: Arc<Mutex<Now>>,
}

#[derive(Debug, Default)]
struct Now {
    last_id: u64,
    /// Of all that are held.
    bytes: usize,
    /// Oldest first.
    arriving: BTreeMap<u64, Arriving>,
}

#[derive(Debug)]
struct Arriving {
    from: Address,
    bytes: usize,
    gives_way: CancellationToken,
}

/// A whole body; it counts until this is dropped.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
    _held: Option<Held>,
}

impl Uploads {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, now: Arc::default() }
    }

    /// Takes in the body of a request.
    ///
    /// # Errors
    /// 408 for one that comes too slowly, 413 for one over `limit` bytes, 400 for one that breaks off, and 503 where it gives
    /// way or too many requests are worked on when it is there.
    pub(crate) async fn take(&self, request: &HttpRequest, mut payload: Payload, limit: usize) -> ApiResult<Body> {
        let begin = Instant::now();
        let mut body = BytesMut::new();
        let mut waiting = None;
        // actix-http asks first and reads on then: what came with the head, as most bodies do, is there after that.
        yield_now().await;
        loop {
            let next = match payload.next().now_or_never() {
                Some(next) => next,
                None => {
                    want_body(request);
                    let (held, _) = waiting.get_or_insert_with(|| {
                        let aside = request.app_data::<Data<Health>>().map(|health| health.set_aside());
                        (self.hold(Address::of_request(request), body.len()), aside)
                    });
                    tokio::select! {
                        biased;
                        next = payload.next() => next,
                        () = held.gives_way.cancelled() => return Err(too_many()),
                        () = sleep_until(begin + self.time_for(body.len())) => {
                            return Err(ApiError::new(Code::RequestTimeout, "The body took too long to arrive."));
                        }
                    }
                }
            };
            let Some(chunk) = next else { break };
            let chunk = chunk.map_err(|error: PayloadError| incomplete(&error))?;
            if body.len() + chunk.len() > limit {
                return Err(too_large(limit));
            }
            body.extend_from_slice(&chunk);
            if let Some((held, _)) = &mut waiting {
                held.grow(chunk.len());
            }
        }
        let is_small = body.len() <= SMALL;
        let held = match waiting {
            // It is worked on from now on, if there is room.
            Some((_, aside)) if aside.as_ref().is_some_and(|aside| aside.is_full()) => return Err(too_many()),
            Some((mut held, _)) => held.is_whole().then_some(held),
            None if is_small => None,
            None => {
                let mut held = self.hold(Address::of_request(request), body.len());
                Some(held.is_whole().then_some(held).ok_or_else(too_many)?)
            }
        };
        Ok(Body { bytes: body.freeze(), _held: held.filter(|_| !is_small) })
    }

    fn time_for(&self, bytes: usize) -> Duration {
        self.limits.grace + Duration::from_millis((bytes * 1000 / self.limits.bytes_per_second) as u64)
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        // Nothing panics with the lock held, and the numbers would still be whole.
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self, from: Address, bytes: usize) -> Held {
        let gives_way = CancellationToken::new();
        let mut now = self.now();
        now.last_id += 1;
        now.bytes += bytes;
        let id = now.last_id;
        now.arriving.insert(id, Arriving { from, bytes, gives_way: gives_way.clone() });
        now.make_room(&self.limits);
        drop(now);
        Held { uploads: self.clone(), id, bytes, whole: false, gives_way }
    }
}

impl Now {
    fn make_room(&mut self, limits: &Limits) {
        loop {
            let id = if self.bytes > limits.bytes {
                self.first_to_go(|arriving| arriving.bytes)
            } else if self.arriving.len() > limits.arriving {
                self.first_to_go(|_| 1)
            } else {
                return;
            };
            let Some(id) = id else { return };
            if let Some(gone) = self.arriving.remove(&id) {
                self.bytes -= gone.bytes;
                gone.gives_way.cancel();
            }
        }
    }

    /// The oldest, of those that count, of the address whose bodies count most.
    fn first_to_go(&self, count: impl Fn(&Arriving) -> usize) -> Option<u64> {
        let mut of = HashMap::<Address, (usize, u64)>::new();
        for (id, arriving) in &self.arriving {
            let counts = count(arriving);
            if counts > 0 {
                of.entry(arriving.from).or_insert((0, *id)).0 += counts;
            }
        }
        of.into_values().max_by_key(|(counts, oldest)| (*counts, Reverse(*oldest))).map(|(_, oldest)| oldest)
    }
}

/// What is held of one body.
#[derive(Debug)]
struct Held {
    uploads: Uploads,
    id: u64,
    bytes: usize,
    /// It doesn't arrive any more.
    whole: bool,
    gives_way: CancellationToken,
}

impl Held {
    fn grow(&mut self, by: usize) {
        self.bytes += by;
        let mut now = self.uploads.now();
        // It has given way meanwhile, and is told so when it waits.
        let Some(arriving) = now.arriving.get_mut(&self.id) else { return };
        arriving.bytes += by;
        now.bytes += by;
        now.make_room(&self.uploads.limits);
    }

    /// Notes that it is there; whether it had not given way.
    fn is_whole(&mut self) -> bool {
        self.whole = self.uploads.now().arriving.remove(&self.id).is_some();
        self.whole
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut now = self.uploads.now();
        let held = if self.whole { Some(self.bytes) } else { now.arriving.remove(&self.id).map(|gone| gone.bytes) };
        now.bytes -= held.unwrap_or(0);
    }
}

/// 413 that says what would be small enough.
pub(crate) fn too_large(limit: usize) -> ApiError {
    ApiError::new(Code::PayloadTooLarge, format!("A body may have at most {limit} bytes."))
}

fn incomplete(error: &PayloadError) -> ApiError {
    tracing::debug!(%error, "a body broke off");
    ApiError::new(Code::BadRequest, "The body did not arrive whole.")
}

fn too_many() -> ApiError {
    Problem::new(Code::Overloaded, "More requests arrive than can be served in time.").retry_after(1).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(last: u8) -> Address {
        Address::of([10, 0, 0, last].into())
    }

    fn uploads(arriving: usize, bytes: usize) -> Uploads {
        Uploads::new(Limits { arriving, bytes, ..LIMITS })
    }

    #[test]
    fn the_oldest_of_the_address_with_the_most_gives_way() {
        let uploads = uploads(4, 1000);
        let quiet = uploads.hold(from(1), 0);
        let many: Vec<_> = (0..3).map(|_| uploads.hold(from(2), 0)).collect();
        let another = uploads.hold(from(1), 0);
        let gone = |held: &Held| held.gives_way.is_cancelled();
        assert_eq!((gone(&quiet), gone(&another)), (false, false));
        assert_eq!(many.iter().map(gone).collect::<Vec<_>>(), [true, false, false]);
        drop((quiet, many, another));
        let now = uploads.now();
        assert_eq!((now.bytes, now.arriving.len()), (0, 0));
    }

    #[test]
    fn bytes_count_until_the_request_is_answered() {
        let uploads = uploads(9, 100);
        let mut worked_on = uploads.hold(from(1), 60);
        assert!(worked_on.is_whole());
        let mut slow = uploads.hold(from(2), 10);
        slow.grow(20);
        assert!(!slow.gives_way.is_cancelled());
        let mut large = uploads.hold(from(3), 30);
        assert!(slow.gives_way.is_cancelled() && !large.gives_way.is_cancelled());
        slow.grow(50);
        assert_eq!((slow.is_whole(), large.is_whole(), uploads.now().bytes), (false, true, 90));
        // Who holds nothing gives way to nobody for bytes, however many they are.
        let empty: Vec<_> = (0..5).map(|_| uploads.hold(from(5), 0)).collect();
        let mut too_much = uploads.hold(from(4), 11);
        assert!(!too_much.is_whole());
        assert!(empty.iter().all(|held| !held.gives_way.is_cancelled()));
        drop((worked_on, slow, large, too_much, empty));
        assert_eq!(uploads.now().bytes, 0);
    }
}
