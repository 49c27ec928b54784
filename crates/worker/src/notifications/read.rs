//! `POST /api/v1/notifications/read`.

use actix_web::{HttpResponse, web};
use domain::{ReadNotifications, ToRead};
use platform::body::Body;
use platform::{ApiError, ApiResult, Caller};
use serde_json::json;
use uuid::Uuid;

use super::queries::{READ, READ_ALL};
use crate::Databases;

/// Marks the caller's notifications as read, and says how many weren't before. Ids that aren't theirs, or
/// don't exist, change nothing: which of both can't be told from outside.
///
/// # Errors
/// 400 and 422 for a bad body, 503 when the database is away.
pub async fn read(
    caller: Caller,
    Body(which): Body<ReadNotifications>,
    databases: web::Data<Databases>,
) -> ApiResult<HttpResponse> {
    let user = caller.user.uuid();
    let row = match which {
        ToRead::All => databases.write.query_opt(&READ_ALL, &[&user]).await?,
        ToRead::These(ids) => {
            let ids: Vec<Uuid> = ids.into_iter().map(Into::into).collect();
            databases.write.query_opt(&READ, &[&user, &ids]).await?
        }
    };
    let updated: Option<i64> = row.map(|row| row.try_get(0)).transpose().map_err(ApiError::internal)?;
    Ok(HttpResponse::Ok().json(json!({"updated": updated.unwrap_or(0)})))
}
