//! What a worker thread's handlers share.

use bytes::Bytes;
use domain::TeamId;
use domain::problem::Problem;
use platform::ApiResult;
use platform::conditions::IfNoneMatch;
use platform::postgres::{Gather, Pipeline, SlowReads, Transactions};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::access::{CanViewTeam, InTeam, Permission, TaskScope, TeamScope};
use crate::bell::Bell;
use crate::etag;
use crate::log::head::Head;
use crate::pages::{Page, Pages};
use crate::quota::Quota;
use crate::stream::hub::Hub;
use crate::tasks::{queries, view::column};

/// The connections of one worker thread, and what the process shares.
///
/// Reads and writes have connections of their own: a write waits for the disk and for other writers of its team, and what
/// is sent behind it on the same connection waits with it.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) read: Pipeline,
    pub(crate) write: Pipeline,
    /// For what may take long, so that nothing waits behind it.
    pub(crate) slow: SlowReads,
    /// The same for pages of the log and the simple list, for which no stream is to wait behind searches.
    pub(crate) log: SlowReads,
    /// For the few changes that take more than one statement.
    pub(crate) transactions: Transactions,
    pub(crate) quota: Quota,
    bell: Bell,
    pub(crate) pages: Pages,
    pub(crate) hub: Hub,
    pub(crate) place: DatabasePlace,
    tasks: Gather<3>,
    revisions: Gather<2>,
}

/// Where the database is, as the settings say.
#[derive(Clone, Debug)]
pub(crate) struct DatabasePlace {
    pub(crate) database: String,
    pub(crate) user: String,
    pub(crate) host: String,
}

/// What can be said of a page of a list without reading it.
pub(crate) enum Known {
    /// The caller has it.
    Unchanged(String),
    /// It is kept here; with its tag.
    Kept(String, Bytes),
    /// Nothing: it must be read.
    Nothing,
}

/// What all worker threads share.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub(crate) slow: SlowReads,
    pub(crate) log: SlowReads,
    pub(crate) transactions: Transactions,
    pub(crate) quota: Quota,
    pub(crate) bell: Bell,
    pub(crate) pages: Pages,
    pub(crate) hub: Hub,
    pub(crate) place: DatabasePlace,
}

impl App {
    pub(crate) fn new(read: Pipeline, write: Pipeline, shared: Shared) -> Self {
        let roles = CanViewTeam::ACTION.roles();
        let tasks = Gather::new(read.clone(), &queries::GET.id_id, &queries::GET_MANY, roles);
        let revisions = Gather::new(read.clone(), &queries::REVISION.id, &queries::REVISIONS, roles);
        let Shared { slow, log, transactions, quota, bell, pages, hub, place } = shared;
        Self { read, write, slow, log, transactions, quota, bell, pages, hub, place, tasks, revisions }
    }

    /// Tells of a change that was committed, and counts it: what its event stores of texts, in bytes.
    pub(crate) fn changed(&self, scope: &impl InTeam, team: TeamId, text_bytes: usize) {
        self.bell.ring(team);
        self.quota.charge(scope.asker(), scope.team_name(), team.uuid(), text_bytes);
    }

    /// The row of a task, if it is there and the caller may see it.
    pub(crate) async fn task(&self, scope: &TaskScope<CanViewTeam>) -> ApiResult<Option<Row>> {
        Ok(match scope.ids() {
            Some(ids) => self.tasks.find(ids).await?,
            None => {
                let params = [scope.user(), scope.team(), &scope.roles(), scope.task()];
                self.read.query_opt(scope.choose(&queries::GET), &params).await?
            }
        })
    }

    /// Looks for the page of a list, named by the team as it is spelled and by its query, in the caller's hands and in
    /// ours. That asks for the team's revision and the caller's right alone.
    ///
    /// # Errors
    /// 404 when the team isn't the caller's.
    pub(crate) async fn known(
        &self,
        scope: &TeamScope<CanViewTeam>,
        if_none_match: &IfNoneMatch,
        query: &str,
    ) -> ApiResult<Known> {
        let kept = self.pages.get(&page_name(scope, query));
        if kept.is_none() && !if_none_match.is_present() {
            return Ok(Known::Nothing);
        }
        let row = match scope.ids() {
            Some(ids) => self.revisions.find(ids).await?,
            None => {
                let params = [scope.user(), scope.team(), &scope.roles()];
                self.read.query_opt(scope.choose(&queries::REVISION), &params).await?
            }
        };
        let row = row.ok_or_else(Problem::not_found)?;
        let (team, head) = (column::<Uuid>(&row, 0)?, Head::of(&row, 1)?);
        let tag = etag::of_list(head, query);
        if if_none_match.has(&tag) {
            return Ok(Known::Unchanged(tag));
        }
        Ok(match kept {
            Some(page) if (page.team, page.head) == (team, head) => Known::Kept(tag, page.body),
            _ => Known::Nothing,
        })
    }

    /// The tag of a list of which no page is kept here, if the caller has it.
    ///
    /// # Errors
    /// As [`known`](Self::known).
    pub(crate) async fn unchanged(
        &self,
        scope: &TeamScope<CanViewTeam>,
        if_none_match: &IfNoneMatch,
        query: &str,
    ) -> ApiResult<Option<String>> {
        Ok(match self.known(scope, if_none_match, query).await? {
            Known::Unchanged(tag) => Some(tag),
            Known::Kept(..) | Known::Nothing => None,
        })
    }

    /// Keeps a page for those who come next.
    pub(crate) fn keep(&self, scope: &TeamScope<CanViewTeam>, query: &str, page: Page) {
        self.pages.keep(page_name(scope, query), page);
    }
}

fn page_name(scope: &TeamScope<CanViewTeam>, query: &str) -> String {
    [&scope.spelled(), " ", query].concat()
}
