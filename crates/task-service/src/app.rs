//! What a worker thread's handlers share.

use platform::ApiResult;
use platform::postgres::{Pipeline, Transactions};

use crate::access::{CanViewTeam, TeamScope};
use crate::bell::Bell;
use crate::etag::{self, IfNoneMatch};
use crate::stream::hub::Hub;
use crate::tasks::{queries::REVISION, view::column};

/// The connections of one worker thread, and the bell of the process.
///
/// Reads and writes have connections of their own: a write waits for the disk and for other writers of its team, and what
/// is sent behind it on the same connection waits with it.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) read: Pipeline,
    pub(crate) write: Pipeline,
    /// For the few changes that take more than one statement.
    pub(crate) transactions: Transactions,
    pub(crate) bell: Bell,
    pub(crate) hub: Hub,
    pub(crate) place: DatabasePlace,
}

/// Where the database is, as the settings say.
#[derive(Clone, Debug)]
pub(crate) struct DatabasePlace {
    pub(crate) database: String,
    pub(crate) user: String,
    pub(crate) host: String,
}

impl App {
    /// The tag of a list of the team, if the caller has it already: that asks for the revision alone. A team that isn't
    /// the caller's has no tag here; the list itself then says so.
    pub(crate) async fn unchanged(
        &self,
        scope: &TeamScope<CanViewTeam>,
        if_none_match: &IfNoneMatch,
        query: &str,
    ) -> ApiResult<Option<String>> {
        let params = [scope.user(), scope.team(), &scope.roles()];
        let Some(row) = self.read.query_opt(scope.choose(&REVISION), &params).await? else { return Ok(None) };
        let tag = etag::of_list(column(&row, 0)?, query);
        Ok(if_none_match.has(&tag).then_some(tag))
    }
}
