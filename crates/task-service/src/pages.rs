//! Pages of lists that are kept in memory.
//!
//! A page is kept under the team and where its log was, and each request asks PostgreSQL for that and for the caller's
//! right to see the team: one lookup instead of a page of rows that become JSON again. So a page that is given is exactly as
//! new as one that is read, whichever replica has made the change, and nothing has to be told to forget anything.

use bytes::Bytes;
use moka::sync::Cache;
use uuid::Uuid;

use crate::log::head::Head;

/// What a kept page costs beside its bytes, roughly.
const OVERHEAD_BYTES: usize = 256;

/// Whether rows were left out for their bytes: `found` is how many there would be, if there is one.
pub(crate) fn is_cut(found: Option<i64>, rows: usize) -> bool {
    found.and_then(|found| usize::try_from(found).ok()).is_some_and(|found| found > rows)
}

/// A page as it goes out.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// The team that it is of: a key may name another one some day.
    pub(crate) team: Uuid,
    /// Where the team's log was.
    pub(crate) head: Head,
    /// Its JSON.
    pub(crate) body: Bytes,
}

/// The pages of a process; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Pages(Option<Cache<String, Page>>);

impl Pages {
    /// With room for `mib` MiB; 0 keeps nothing.
    pub(crate) fn new(mib: u32) -> Self {
        let weigh = |name: &String, page: &Page| {
            u32::try_from(name.len() + page.body.len() + OVERHEAD_BYTES).unwrap_or(u32::MAX)
        };
        Self((mib > 0).then(|| Cache::builder().weigher(weigh).max_capacity(u64::from(mib) << 20).build()))
    }

    /// The page that was last made for this team and query, as they are spelled.
    pub(crate) fn get(&self, name: &str) -> Option<Page> {
        self.0.as_ref()?.get(name)
    }

    /// Keeps a page in the place of an earlier one.
    pub(crate) fn keep(&self, name: String, page: Page) {
        if let Some(cache) = &self.0 {
            cache.insert(name, page);
        }
    }
}
