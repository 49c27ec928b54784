//! Permission is a parameter's type: a handler that takes `TeamScope<CanCreateTask>` knows who asks, of which team, for
//! which action; and a query that takes it can't be run without.
//!
//! The extractors do no I/O beyond verifying the token. The check itself is the first line of every statement (see
//! [`statement`](crate::statement)): it joins `identity.team_access`, so that looking and checking can't come apart.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use domain::problem::{Code, Problem};
use domain::{Action, SimpleTaskRef, TaskRef, TeamRef, UserId};
use futures_util::FutureExt;
use futures_util::future::Either;
use platform::body::segment;
use platform::{ApiError, ApiResult, Caller};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::statement::{ByTask, ByTeam};
use platform::postgres::Statement;

/// A parameter of a statement.
pub(crate) type Param<'a> = &'a (dyn ToSql + Sync);

/// What one may do, as a type.
pub(crate) trait Permission: 'static {
    /// The action that it stands for.
    const ACTION: Action;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $action:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $name;

        impl Permission for $name {
            const ACTION: Action = Action::$action;
        }
    )*};
}

permissions! {
    /// May see the team and its tasks.
    CanViewTeam = ViewTeam;
    /// May make tasks.
    CanCreateTask = CreateTask;
    /// May change tasks; assignees may also change the status of theirs, which the statement knows.
    CanEditTask = EditTask;
    /// May delete tasks.
    CanDeleteTask = DeleteTask;
}

/// How the team is named.
#[derive(Clone, Debug)]
enum Team {
    Id(Uuid),
    Key(String),
    /// The caller's own.
    Personal,
    /// The one that this task is in.
    Of(Uuid),
}

/// Somebody who asks for `P` in a team; whether they may is for the statement to find out.
#[derive(Clone, Debug)]
pub(crate) struct TeamScope<P> {
    user: Uuid,
    team: Team,
    permission: PhantomData<P>,
}

/// Somebody who asks for `P` on one task.
#[derive(Clone, Debug)]
pub(crate) struct TaskScope<P> {
    team: TeamScope<P>,
    task: Target,
}

#[derive(Clone, Debug)]
enum Target {
    Id(Uuid),
    Number(i64),
}

impl<P: Permission> TeamScope<P> {
    fn new(caller: Caller, team: Team) -> Self {
        Self { user: caller.user.uuid(), team, permission: PhantomData }
    }

    fn of(caller: Caller, team: TeamRef) -> Self {
        let team = match team {
            TeamRef::Id(id) => Team::Id(id.uuid()),
            TeamRef::Key(key) => Team::Key(key.into()),
        };
        Self::new(caller, team)
    }

    /// Who asks.
    pub(crate) fn user(&self) -> UserId {
        self.user.into()
    }

    /// `$1`.
    pub(crate) fn user_param(&self) -> Param<'_> {
        &self.user
    }

    /// `$2`.
    pub(crate) fn team_param(&self) -> Param<'_> {
        match &self.team {
            Team::Id(id) | Team::Of(id) => id,
            Team::Key(key) => key,
            Team::Personal => &true,
        }
    }

    /// `$3`: the roles that may.
    pub(crate) fn roles(&self) -> &'static [&'static str] {
        P::ACTION.roles()
    }

    /// The text of a statement for the way in which the team is named.
    pub(crate) fn choose(&self, statement: &'static ByTeam) -> &'static Statement {
        match &self.team {
            Team::Id(_) | Team::Of(_) => &statement.id,
            Team::Key(_) => &statement.key,
            Team::Personal => &statement.personal,
        }
    }

    /// The team as the caller named it, in one fixed spelling: what a page cursor is bound to.
    pub(crate) fn spelled(&self) -> String {
        match &self.team {
            Team::Id(id) | Team::Of(id) => id.to_string(),
            Team::Key(key) => key.clone(),
            Team::Personal => "personal".to_owned(),
        }
    }

    /// 403: a member, but one who may not do this.
    pub(crate) fn forbidden(&self) -> ApiError {
        forbidden::<P>()
    }
}

fn forbidden<P: Permission>() -> ApiError {
    let needed = P::ACTION.least_role();
    Problem::new(Code::Forbidden, format!("This needs the role {needed} or a higher one in the team.")).into()
}

impl<P: Permission> TaskScope<P> {
    fn of(caller: Caller, team: TeamRef, task: &TaskRef) -> Self {
        let task = match task {
            TaskRef::Id(id) => Target::Id(id.uuid()),
            TaskRef::Number(number) => Target::Number(*number),
        };
        Self { team: TeamScope::of(caller, team), task }
    }

    /// The team's side of it.
    pub(crate) fn team(&self) -> &TeamScope<P> {
        &self.team
    }

    /// `$4`.
    pub(crate) fn task_param(&self) -> Param<'_> {
        match &self.task {
            Target::Id(id) => id,
            Target::Number(number) => number,
        }
    }

    /// The text of a statement for the way in which team and task are named.
    pub(crate) fn choose(&self, statement: &'static ByTask) -> &'static Statement {
        match (&self.team.team, &self.task) {
            (Team::Of(_) | Team::Personal, _) => &statement.anywhere,
            (Team::Id(_), Target::Id(_)) => &statement.id_id,
            (Team::Id(_), Target::Number(_)) => &statement.id_number,
            (Team::Key(_), Target::Id(_)) => &statement.key_id,
            (Team::Key(_), Target::Number(_)) => &statement.key_number,
        }
    }

    /// See [`TeamScope::forbidden`].
    pub(crate) fn forbidden(&self) -> ApiError {
        forbidden::<P>()
    }
}

/// The caller's personal team, where the simple API makes tasks.
#[derive(Clone, Debug)]
pub(crate) struct PersonalScope<P>(pub(crate) TeamScope<P>);

/// A task of any of the caller's teams, as the simple API names it.
#[derive(Clone, Debug)]
pub(crate) struct AnywhereScope<P>(pub(crate) TaskScope<P>);

/// First the token, then the path: nobody learns without a token what a path should look like.
type Extracted<T> = Pin<Box<dyn Future<Output = ApiResult<T>>>>;
type MaybeNow<T> = Either<std::future::Ready<ApiResult<T>>, Extracted<T>>;

fn extract<T: 'static>(
    req: &HttpRequest,
    payload: &mut Payload,
    scope: impl FnOnce(Caller, &HttpRequest) -> ApiResult<T> + 'static,
) -> MaybeNow<T> {
    let mut caller = Caller::from_request(req, payload);
    // A token that is known needs no waiting, and then no box.
    match (&mut caller).now_or_never() {
        Some(caller) => Either::Left(std::future::ready(caller.and_then(|caller| scope(caller, req)))),
        None => {
            let req = req.clone();
            Either::Right(Box::pin(async move { scope(caller.await?, &req) }))
        }
    }
}

fn named<T>(req: &HttpRequest, name: &'static str) -> ApiResult<T>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    segment(req, name)
}

impl<P: Permission> FromRequest for TeamScope<P> {
    type Error = ApiError;
    type Future = MaybeNow<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        extract(req, payload, |caller, req| Ok(Self::of(caller, named(req, "team")?)))
    }
}

impl<P: Permission> FromRequest for TaskScope<P> {
    type Error = ApiError;
    type Future = MaybeNow<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        extract(req, payload, |caller, req| Ok(Self::of(caller, named(req, "team")?, &named(req, "task")?)))
    }
}

impl<P: Permission> FromRequest for PersonalScope<P> {
    type Error = ApiError;
    type Future = MaybeNow<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        extract(req, payload, |caller, _| Ok(Self(TeamScope::new(caller, Team::Personal))))
    }
}

impl<P: Permission> FromRequest for AnywhereScope<P> {
    type Error = ApiError;
    type Future = MaybeNow<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        extract(req, payload, |caller, req| {
            Ok(Self(match named(req, "id")? {
                SimpleTaskRef::Id(id) => {
                    let team = TeamScope::new(caller, Team::Of(id.uuid()));
                    TaskScope { team, task: Target::Id(id.uuid()) }
                }
                SimpleTaskRef::Key { team, number } => {
                    TaskScope::of(caller, TeamRef::Key(team), &TaskRef::Number(number))
                }
            }))
        })
    }
}
