//! Members of teams and what they may do. Whatever changes who owns a team holds the team's row, so that of two owners
//! who leave at once one stays.

pub(crate) mod change_role;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod queries;
pub(crate) mod remove;

pub(crate) use list::named;

use diesel_async::AsyncPgConnection;
use domain::problem::{Code, Problem};
use domain::{MemberView, Role, UserId};
use platform::{ApiError, ApiResult};

use crate::access::Access;

/// The caller and the member that they want to change, as both are while the team is locked; and whose personal team it
/// is.
async fn locked(
    tx: &mut AsyncPgConnection,
    access: &Access,
    target: UserId,
) -> ApiResult<(Role, MemberView, Option<UserId>)> {
    let person = queries::lock(tx, access.team).await?;
    // What was read before the lock may have changed meanwhile.
    let caller = queries::get(tx, access, access.user).await?.ok_or_else(Problem::not_found)?;
    if target == access.user {
        return Ok((caller.role, caller, person));
    }
    if !caller.role.may(domain::Action::ManageMembers) {
        return Err(crate::access::forbidden("This needs the role admin in the team, or more."));
    }
    let target = queries::get(tx, access, target).await?.ok_or_else(Problem::not_found)?;
    Ok((caller.role, target, person))
}

/// Refuses to let somebody own a personal team who isn't its person, and to let the person own it no more.
fn keep_the_person(person: Option<UserId>, member: UserId, owns: bool) -> ApiResult<()> {
    let is_right = person.is_none_or(|person| owns == (member == person));
    is_right.then_some(()).ok_or_else(personal)
}

/// 409: a personal team has one owner.
pub(crate) fn personal() -> ApiError {
    ApiError::new(Code::Conflict, "This is somebody's personal team: its person owns it, and nobody else does.")
}

/// Refuses to take the last owner away; the team must be locked.
async fn keep_an_owner(tx: &mut AsyncPgConnection, access: &Access, leaving: &MemberView) -> ApiResult<()> {
    if leaving.role == Role::Owner && queries::count_owners(tx, access).await? < 2 {
        let detail = "A team must have an owner, and this is the last one. Make somebody else an owner first.";
        return Err(ApiError::new(Code::Conflict, detail));
    }
    Ok(())
}
