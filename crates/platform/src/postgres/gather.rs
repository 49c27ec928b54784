//! Point reads that go together.
//!
//! What a lookup of one row by its key costs PostgreSQL is mostly the message, not the lookup. So while a few statements
//! are under way, lookups that come meanwhile wait for the next to go, and go as one statement for all of them, as a group
//! commit does for writes. Alone, a lookup goes at once, by itself; under load, statements grow and their number doesn't.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use tokio::sync::oneshot;
use tokio::time::timeout_at;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::pipeline::{DbError, Pipeline, Statement};
use crate::observe::deadline_within;

/// Statements of one kind under way on one worker thread before lookups begin to wait for each other.
const UNDER_WAY: usize = 2;
/// Lookups that go together at most.
const TOGETHER: usize = 64;

/// Lookups of one kind, by `N` ids, of one worker thread; cheap to clone.
#[derive(Clone, Debug)]
pub struct Gather<const N: usize>(Rc<Inner<N>>);

#[derive(Debug)]
struct Inner<const N: usize> {
    pipeline: Pipeline,
    one: &'static Statement,
    many: &'static Statement,
    roles: &'static [&'static str],
    waiting: RefCell<VecDeque<Lookup<N>>>,
    under_way: Cell<usize>,
}

/// A lookup that waits.
#[derive(Debug)]
struct Lookup<const N: usize> {
    ids: [Uuid; N],
    /// Dropped without an answer when the statement failed.
    answer: oneshot::Sender<Answer<N>>,
}

#[derive(Debug)]
enum Answer<const N: usize> {
    /// What there is.
    Found(Option<Row>),
    /// A statement has ended: ask for all who wait.
    Lead(Turn<N>),
}

impl<const N: usize> Gather<N> {
    /// `one` takes the first two ids as `$1` and `$2`, `roles` as `$3`, and the other ids from `$4` on. `many` takes an
    /// array for each id and gives the same columns and one more, the place in the arrays, from 1.
    #[must_use]
    pub fn new(
        pipeline: Pipeline,
        one: &'static Statement,
        many: &'static Statement,
        roles: &'static [&'static str],
    ) -> Self {
        let (waiting, under_way) = (RefCell::default(), Cell::new(0));
        Self(Rc::new(Inner { pipeline, one, many, roles, waiting, under_way }))
    }

    /// The row for these ids, if there is one.
    ///
    /// # Errors
    /// [`DbError`]; never later than the pipeline's deadline.
    pub async fn find(&self, ids: [Uuid; N]) -> Result<Option<Row>, DbError> {
        if self.0.under_way.get() < UNDER_WAY {
            let _turn = Turn::take(&self.0);
            return self.0.find_one(&ids).await;
        }
        let (answer, answered) = oneshot::channel();
        self.0.waiting.borrow_mut().push_back(Lookup { ids, answer });
        let deadline = deadline_within(self.0.pipeline.deadline()).into();
        match timeout_at(deadline, answered).await {
            Ok(Ok(Answer::Found(row))) => Ok(row),
            Ok(Ok(Answer::Lead(_turn))) => self.0.lead(ids).await,
            // The statement failed, perhaps because of somebody else's part in it, or its leader has gone.
            Ok(Err(_)) => self.0.find_one(&ids).await,
            Err(_) => Err(self.0.pipeline.late(self.0.one)),
        }
    }
}

impl<const N: usize> Inner<N> {
    async fn find_one(&self, ids: &[Uuid; N]) -> Result<Option<Row>, DbError> {
        self.pipeline.query_opt(self.one, &params(ids, &self.roles)).await
    }

    /// Asks for these ids and for all that wait.
    async fn lead(&self, ids: [Uuid; N]) -> Result<Option<Row>, DbError> {
        let others: Vec<Lookup<N>> = {
            let mut waiting = self.waiting.borrow_mut();
            let count = waiting.len().min(TOGETHER - 1);
            waiting.drain(..count).filter(|lookup| !lookup.answer.is_closed()).collect()
        };
        if others.is_empty() {
            return self.find_one(&ids).await;
        }
        let all = || std::iter::once(&ids).chain(others.iter().map(|lookup| &lookup.ids));
        let arrays: [Vec<Uuid>; N] = std::array::from_fn(|n| all().filter_map(|ids| ids.get(n).copied()).collect());
        let rows = self.pipeline.query(self.many, &params(&arrays, &self.roles)).await?;
        let mut found: Vec<Option<Row>> = Vec::new();
        found.resize_with(others.len() + 1, || None);
        for row in rows {
            let place = row.try_get::<_, i64>(row.len().saturating_sub(1));
            let place = place.map_err(|error| DbError::of(self.many.name, error))?;
            if let Some(slot) = usize::try_from(place - 1).ok().and_then(|at| found.get_mut(at)) {
                *slot = Some(row);
            }
        }
        let mut found = found.into_iter();
        let own = found.next().flatten();
        for (lookup, row) in others.into_iter().zip(found) {
            // Whoever doesn't wait any more needs no answer.
            let _ = lookup.answer.send(Answer::Found(row));
        }
        Ok(own)
    }
}

/// The parameters of either statement.
fn params<'a, T: ToSql + Sync, R: ToSql + Sync, const N: usize>(
    ids: &'a [T; N],
    roles: &'a R,
) -> Vec<&'a (dyn ToSql + Sync)> {
    let mut params: Vec<&(dyn ToSql + Sync)> = ids.iter().map(|id| id as &(dyn ToSql + Sync)).collect();
    params.insert(params.len().min(2), roles);
    params
}

/// A statement's place among those under way. When it ends, also because its request was given up, the first that waits
/// takes the place over.
#[derive(Debug)]
struct Turn<const N: usize>(Rc<Inner<N>>);

impl<const N: usize> Turn<N> {
    fn take(inner: &Rc<Inner<N>>) -> Self {
        inner.under_way.set(inner.under_way.get() + 1);
        Self(inner.clone())
    }
}

impl<const N: usize> Drop for Turn<N> {
    fn drop(&mut self) {
        self.0.under_way.set(self.0.under_way.get().saturating_sub(1));
        let next = loop {
            match self.0.waiting.borrow_mut().pop_front() {
                Some(lookup) if lookup.answer.is_closed() => {}
                next => break next,
            }
        };
        if let Some(lookup) = next {
            // If it has gone since, the answer comes back, and the turn in it goes on to the next.
            let _ = lookup.answer.send(Answer::Lead(Self::take(&self.0)));
        }
    }
}
