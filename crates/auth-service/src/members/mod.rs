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

/// The caller and the member that they want to change, as both are while the team is locked.
async fn locked(tx: &mut AsyncPgConnection, access: &Access, target: UserId) -> ApiResult<(Role, MemberView)> {
    queries::lock(tx, access).await?;
    // What was read before the lock may have changed meanwhile.
    let caller = queries::get(tx, access, access.user).await?.ok_or_else(Problem::not_found)?;
    if target == access.user {
        return Ok((caller.role, caller));
    }
    if !caller.role.may(domain::Action::ManageMembers) {
        return Err(crate::access::forbidden("This needs the role admin in the team, or more."));
    }
    let target = queries::get(tx, access, target).await?.ok_or_else(Problem::not_found)?;
    Ok((caller.role, target))
}

/// Refuses to take the last owner away; the team must be locked.
async fn keep_an_owner(tx: &mut AsyncPgConnection, access: &Access, leaving: &MemberView) -> ApiResult<()> {
    if leaving.role == Role::Owner && queries::count_owners(tx, access).await? < 2 {
        let detail = "A team must have an owner, and this is the last one. Make somebody else an owner first.";
        return Err(ApiError::new(Code::Conflict, detail));
    }
    Ok(())
}
