//! Permission is a parameter's type: a handler that takes `TeamScope<CanCreateTask>` knows who asks, of which team, for
//! which action; and a query that takes it can't be run without.
//!
//! The extractors do no I/O beyond verifying the token. The check itself is the first line of every statement (see
//! [`statement`](crate::statement)): it joins `identity.team_access`, so that looking and checking can't come apart.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use domain::problem::{Code, Problem};
use domain::{Action, SimpleTaskRef, TaskRef, TeamRef};
use futures_util::FutureExt;
use futures_util::future::{Either, LocalBoxFuture, Ready, ready};
use platform::body::segment;
use platform::postgres::Statement;
use platform::{ApiError, ApiResult, Caller};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::app::App;
use crate::statement::{ByTask, ByTeam};

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
    /// May make, change and delete labels.
    CanManageLabels = ManageLabels;
    /// May comment; assignees may comment on their tasks too, which the statement knows.
    CanComment = Comment;
    /// May delete comments of others; whose comment it is, is for the statement to know.
    CanModerateComments = ModerateComments;
}

/// How the team is named.
#[derive(Clone, Debug)]
enum Team {
    Id(Uuid),
    Key(String),
}

impl Team {
    fn of(team: TeamRef) -> Self {
        match team {
            TeamRef::Id(id) => Self::Id(id.uuid()),
            TeamRef::Key(key) => Self::Key(key.into()),
        }
    }

    fn param(&self) -> Param<'_> {
        match self {
            Self::Id(id) => id,
            Self::Key(key) => key,
        }
    }

    fn spelled(&self) -> String {
        match self {
            Self::Id(id) => id.to_string(),
            Self::Key(key) => key.clone(),
        }
    }
}

/// Somebody who asks for `P` in a team; whether they may is for the statement to find out.
#[derive(Clone, Debug)]
pub(crate) struct TeamScope<P> {
    user: Uuid,
    /// `None` is the caller's personal team.
    team: Option<Team>,
    permission: PhantomData<P>,
}

impl<P: Permission> TeamScope<P> {
    fn of(caller: Caller, team: Option<TeamRef>) -> Self {
        Self { user: caller.user.uuid(), team: team.map(Team::of), permission: PhantomData }
    }

    /// `$1`: who asks.
    pub(crate) fn user(&self) -> &Uuid {
        &self.user
    }

    /// `$2`: the team.
    pub(crate) fn team(&self) -> Param<'_> {
        self.team.as_ref().map_or(&true, Team::param)
    }

    /// `$3`: the roles that may.
    pub(crate) fn roles(&self) -> &'static [&'static str] {
        P::ACTION.roles()
    }

    /// The text of a statement for the way in which the team is named.
    pub(crate) fn choose(&self, statement: &'static ByTeam) -> &'static Statement {
        match &self.team {
            Some(Team::Id(_)) => &statement.id,
            Some(Team::Key(_)) => &statement.key,
            None => &statement.personal,
        }
    }

    /// User and team, where the team is named by its id.
    pub(crate) fn ids(&self) -> Option<[Uuid; 2]> {
        match &self.team {
            Some(Team::Id(team)) => Some([self.user, *team]),
            _ => None,
        }
    }

    /// The team as the caller named it, in one fixed spelling: what a page cursor is bound to.
    pub(crate) fn spelled(&self) -> String {
        self.team.as_ref().map_or_else(String::new, Team::spelled)
    }

    /// 403: a member, but one who may not do this.
    pub(crate) fn forbidden(&self) -> ApiError {
        forbidden::<P>()
    }
}

fn forbidden<P: Permission>() -> ApiError {
    let needed = P::ACTION.least_role();
    // Who is told so may be an assignee, whose change was of more than the status.
    let but = if P::ACTION == Action::EditTask { " An assignee may change the status alone." } else { "" };
    Problem::new(Code::Forbidden, format!("This needs the role {needed} or a higher one in the team.{but}")).into()
}

/// How the task is named.
#[derive(Clone, Debug)]
enum Place {
    /// By id or number in a team.
    Id(Team, Uuid),
    Number(Team, i64),
    /// By its key, `ops-42`, in a team that may have another one.
    Key(Uuid, String),
    /// By id, in whichever team it is.
    Anywhere(Uuid),
}

/// Somebody who asks for `P` on one task.
#[derive(Clone, Debug)]
pub(crate) struct TaskScope<P> {
    user: Uuid,
    place: Place,
    permission: PhantomData<P>,
}

impl<P: Permission> TaskScope<P> {
    fn of(caller: Caller, team: TeamRef, task: TaskRef) -> Self {
        let place = match (Team::of(team), task) {
            (team, TaskRef::Id(id)) => Place::Id(team, id.uuid()),
            (team, TaskRef::Number(number)) => Place::Number(team, number),
            (Team::Id(id), TaskRef::Key { team, number }) => Place::Key(id, format!("{team}-{number}")),
            (Team::Key(key), TaskRef::Key { team, number }) => {
                // No task has the number 0, so the key of another team's task finds nothing here.
                let number = if key == team.as_str() { number } else { 0 };
                Place::Number(Team::Key(key), number)
            }
        };
        Self { user: caller.user.uuid(), place, permission: PhantomData }
    }

    /// `$1`: who asks.
    pub(crate) fn user(&self) -> &Uuid {
        &self.user
    }

    /// `$2`: the team.
    pub(crate) fn team(&self) -> Param<'_> {
        match &self.place {
            Place::Id(team, _) | Place::Number(team, _) => team.param(),
            Place::Key(id, _) | Place::Anywhere(id) => id,
        }
    }

    /// `$3`: the roles that may.
    pub(crate) fn roles(&self) -> &'static [&'static str] {
        P::ACTION.roles()
    }

    /// `$4`: the task.
    pub(crate) fn task(&self) -> Param<'_> {
        match &self.place {
            Place::Id(_, id) | Place::Anywhere(id) => id,
            Place::Number(_, number) => number,
            Place::Key(_, key) => key,
        }
    }

    /// User, team and task, where both are named by their ids.
    pub(crate) fn ids(&self) -> Option<[Uuid; 3]> {
        match &self.place {
            Place::Id(Team::Id(team), task) => Some([self.user, *team, *task]),
            _ => None,
        }
    }

    /// Team and task as the caller named them, in one fixed spelling: what a page cursor is bound to.
    pub(crate) fn spelled(&self) -> String {
        match &self.place {
            Place::Id(team, id) => format!("{} {id}", team.spelled()),
            Place::Number(team, number) => format!("{} {number}", team.spelled()),
            Place::Key(team, key) => format!("{team} {key}"),
            Place::Anywhere(id) => id.to_string(),
        }
    }

    /// The text of a statement for the way in which team and task are named.
    pub(crate) fn choose(&self, statement: &'static ByTask) -> &'static Statement {
        match &self.place {
            Place::Id(Team::Key(_), _) => &statement.key_id,
            Place::Id(..) => &statement.id_id,
            Place::Number(Team::Key(_), _) => &statement.key_number,
            Place::Number(..) => &statement.id_number,
            Place::Key(..) => &statement.id_key,
            Place::Anywhere(_) => &statement.anywhere,
        }
    }

    /// 403: a member, but one who may not do this.
    pub(crate) fn forbidden(&self) -> ApiError {
        forbidden::<P>()
    }
}

/// Somebody who asks for something in a team, as its quota knows them.
pub(crate) trait InTeam {
    /// Who asks.
    fn asker(&self) -> Uuid;
    /// The team as they name it; of two ways to name it each is a name of its own.
    fn team_name(&self) -> String;
}

impl<P: Permission> InTeam for TeamScope<P> {
    fn asker(&self) -> Uuid {
        self.user
    }

    fn team_name(&self) -> String {
        self.spelled()
    }
}

impl<P: Permission> InTeam for TaskScope<P> {
    fn asker(&self) -> Uuid {
        self.user
    }

    fn team_name(&self) -> String {
        match &self.place {
            Place::Id(team, _) | Place::Number(team, _) => team.spelled(),
            Place::Key(team, _) => team.to_string(),
            // Whichever they changed something in last.
            Place::Anywhere(_) => "*".to_owned(),
        }
    }
}

/// The scope, unless it is of a change and the team's quota is used up.
fn within_quota<T: InTeam>(req: &HttpRequest, scope: T) -> ApiResult<T> {
    if !req.method().is_safe()
        && let Some(app) = req.app_data::<web::Data<App>>()
    {
        app.quota.admit(scope.asker(), scope.team_name())?;
    }
    Ok(scope)
}

/// The caller's personal team, where the simple API makes tasks.
#[derive(Clone, Debug)]
pub(crate) struct PersonalScope<P>(pub(crate) TeamScope<P>);

/// A task of any of the caller's teams, as the simple API names it.
#[derive(Clone, Debug)]
pub(crate) struct AnywhereScope<P>(pub(crate) TaskScope<P>);

type MaybeNow<T> = Either<Ready<ApiResult<T>>, LocalBoxFuture<'static, ApiResult<T>>>;

/// First the token, then the path: nobody learns without a token what a path should look like.
fn extract<T: 'static>(
    req: &HttpRequest,
    payload: &mut Payload,
    scope: impl FnOnce(Caller, &HttpRequest) -> ApiResult<T> + 'static,
) -> MaybeNow<T> {
    let mut caller = Caller::from_request(req, payload);
    // A token that is known needs no waiting, and then no box.
    match (&mut caller).now_or_never() {
        Some(caller) => Either::Left(ready(caller.and_then(|caller| scope(caller, req)))),
        None => {
            let req = req.clone();
            Either::Right(async move { scope(caller.await?, &req) }.boxed_local())
        }
    }
}

impl<P: Permission> FromRequest for TeamScope<P> {
    type Error = ApiError;
    type Future = MaybeNow<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        extract(req, payload, |caller, req| within_quota(req, Self::of(caller, Some(segment(req, "team")?))))
    }
}

impl<P: Permission> FromRequest for TaskScope<P> {
    type Error = ApiError;
    type Future = MaybeNow<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        extract(req, payload, |caller, req| {
            within_quota(req, Self::of(caller, segment(req, "team")?, segment(req, "task")?))
        })
    }
}

impl<P: Permission> FromRequest for PersonalScope<P> {
    type Error = ApiError;
    type Future = MaybeNow<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        extract(req, payload, |caller, req| Ok(Self(within_quota(req, TeamScope::of(caller, None))?)))
    }
}

impl<P: Permission> FromRequest for AnywhereScope<P> {
    type Error = ApiError;
    type Future = MaybeNow<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        extract(req, payload, |caller, req| {
            let scope = match segment(req, "id")? {
                SimpleTaskRef::Id(id) => {
                    let place = Place::Anywhere(id.uuid());
                    TaskScope { user: caller.user.uuid(), place, permission: PhantomData }
                }
                SimpleTaskRef::Key { team, number } => {
                    TaskScope::of(caller, TeamRef::Key(team), TaskRef::Number(number))
                }
            };
            Ok(Self(within_quota(req, scope)?))
        })
    }
}
