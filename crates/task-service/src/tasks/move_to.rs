//! `POST …/tasks/{task}/move`: puts a task elsewhere on the board.

use std::time::Duration;

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::position::between;
use domain::problem::{Code, Problem};
use domain::{EventId, Move, MoveTask, Status, TaskView};
use platform::body::Body;
use platform::conditions::IfMatch;
use platform::observe::RequestContext;
use platform::postgres::Transaction;
use platform::{ApiError, ApiResult};
use tokio::time::sleep;
use uuid::Uuid;

use super::place::{self, Room, make_room};
use super::update::MovedOn;
use super::view;
use crate::access::{CanEditTask, Param, TaskScope};
use crate::app::App;
use crate::etag;
use crate::metrics::COMPLETED;

/// How often a move is tried when it has to spread tasks that others are about to change.
const TRIES: u64 = 10;

/// What a try came to.
enum Outcome {
    /// The task as it is now, and whether that is new.
    Done(Box<TaskView>, bool),
    /// `If-Match` doesn't.
    MovedOn(MovedOn),
    /// To be tried again.
    Busy,
}

/// Moves a task on the board.
///
/// To another status, between two others, to one side of one, or to the top. Nothing happens when it is there already.
#[utoipa::path(
    post,
    path = "/api/v1/teams/{team}/tasks/{task}/move",
    tag = "tasks",
    operation_id = "move",
    params(("If-Match", Header)),
    request_body = MoveTask,
    responses((status = 200, body = TaskView, headers(("ETag" = String)))),
)]
pub(crate) async fn move_to(
    scope: TaskScope<CanEditTask>,
    if_match: IfMatch,
    app: web::Data<App>,
    req: HttpRequest,
    Body(wanted): Body<MoveTask>,
) -> ApiResult<HttpResponse> {
    let trace = RequestContext::of(&req).trace.to_string();
    for attempt in 1..=TRIES {
        let tried = app.transactions.run(async |tx| attempt_move(tx, &scope, &if_match, &wanted, &trace).await);
        match tried.await? {
            Outcome::Done(task, changed) => {
                if changed {
                    app.changed(&scope, task.team_id, view::text_bytes(&task));
                }
                return Ok(HttpResponse::Ok().insert_header((ETAG, etag::of_version(task.version))).json(task));
            }
            Outcome::MovedOn(moved_on) => return Ok(moved_on.response()),
            Outcome::Busy => sleep(pause(attempt)).await,
        }
    }
    Err(Problem::new(Code::Overloaded, "The tasks around that place are being changed; try again.")
        .retry_after(1)
        .into())
}

/// Longer with each attempt, and in part by chance, so that those who met don't meet again.
fn pause(attempt: u64) -> Duration {
    let chance = u64::from(Uuid::new_v4().as_fields().0) % 20;
    Duration::from_millis(attempt * 5 + chance)
}

/// One try, in a transaction that is committed unless it fails; it has changed nothing when it is busy.
async fn attempt_move(
    tx: &mut Transaction<'_>,
    scope: &TaskScope<CanEditTask>,
    if_match: &IfMatch,
    wanted: &Move,
    trace: &str,
) -> ApiResult<Outcome> {
    let who: [Param<'_>; 5] = [scope.user(), scope.team(), &scope.roles(), scope.task(), &if_match.versions()];
    let rows = tx.query(scope.choose(&place::LOCK), &who).await?;
    let row = rows.first().ok_or_else(Problem::not_found)?;
    let (allowed, is_assignee): (bool, bool) = (view::column(row, 0)?, view::column(row, 1)?);
    let may = allowed || (is_assignee && wanted.changes_only_status());
    if !may {
        return Err(scope.forbidden());
    }
    let task = view::task(row, 4)?.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a lock without a task")))?;
    if !view::column::<bool>(row, 2)? {
        return Ok(Outcome::MovedOn(MovedOn { version: task.version }));
    }
    let status = wanted.status.filter(|status| *status != task.status);
    // Who may change the status alone leaves the task where it is.
    let position = match allowed {
        false => None,
        true => match new_position(tx, scope, &task, wanted, view::column(row, 3)?, trace).await? {
            Some(position) => position,
            None => return Ok(Outcome::Busy),
        },
    };
    if status.is_none() && position.is_none() {
        return Ok(Outcome::Done(Box::new(task), false));
    }
    let (status_word, event) = (status.map(Status::as_str), EventId::new().uuid());
    let roles = scope.roles();
    let params: [Param<'_>; 8] =
        [scope.user(), scope.team(), &roles, scope.task(), &position, &status_word, &event, &trace];
    let rows = tx.query(scope.choose(&place::MOVE), &params).await?;
    let moved = rows.first().map(|row| view::task(row, 0)).transpose()?.flatten();
    let moved = moved.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a move without a task")))?;
    if status == Some(Status::Completed) {
        COMPLETED.inc();
    }
    Ok(Outcome::Done(Box::new(moved), true))
}

/// Where the task is to go: `Some(None)` when it is there already, `None` when others are in the way for now.
async fn new_position(
    tx: &mut Transaction<'_>,
    scope: &TaskScope<CanEditTask>,
    task: &TaskView,
    wanted: &Move,
    last_number: i64,
    trace: &str,
) -> ApiResult<Option<Option<String>>> {
    let mut gap = place::gap(tx, task, wanted, last_number).await?;
    if gap.has(&task.position) {
        return Ok(Some(None));
    }
    if let Some(position) = between(&gap.low, &gap.high, gap.lean) {
        return Ok(Some(Some(position)));
    }
    if make_room(tx, (scope.user(), scope.roles()), task, &gap, last_number, trace).await? == Room::Busy {
        return Ok(None);
    }
    gap = place::gap(tx, task, wanted, last_number).await?;
    let position = between(&gap.low, &gap.high, gap.lean);
    position.map(|position| Some(Some(position))).ok_or_else(|| ApiError::internal(anyhow::anyhow!("no room was made")))
}
