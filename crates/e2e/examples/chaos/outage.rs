//! For how long nothing worked, as each client saw it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::client::{Tried, Trouble};

/// What a client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// It changes something.
    Write,
    /// It looks.
    Read,
}

/// One request of one client, with its second try.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) client: (usize, Kind),
    pub(crate) start: Instant,
    pub(crate) end: Instant,
    pub(crate) again: bool,
    pub(crate) trouble: Option<Trouble>,
}

impl Sample {
    pub(crate) fn of(client: (usize, Kind), tried: &Tried) -> Self {
        let Tried { start, end, again, .. } = *tried;
        Self { client, start, end, again, trouble: tried.result.as_ref().err().copied() }
    }
}

/// The longest time from the sending of a request until its client got a good answer: to that request, or else to the
/// first of the following ones that got one. So a slow answer counts as well as one that never came.
pub(crate) fn longest(samples: &[Sample], kind: Kind) -> Duration {
    let mut clients: BTreeMap<usize, Vec<&Sample>> = BTreeMap::new();
    for sample in samples.iter().filter(|sample| sample.client.1 == kind) {
        clients.entry(sample.client.0).or_default().push(sample);
    }
    clients.values().map(|requests| longest_of_one(requests)).max().unwrap_or_default()
}

fn longest_of_one(requests: &[&Sample]) -> Duration {
    // A client that got no good answer to its last request waits for one until then, at least.
    let mut good_at = requests.last().map(|last| last.end);
    let mut longest = Duration::ZERO;
    for request in requests.iter().rev() {
        if request.trouble.is_none() {
            good_at = Some(request.end);
        }
        longest = longest.max(good_at.map_or(Duration::ZERO, |at| at - request.start));
    }
    longest
}
