//! `POST /api/v1/notifications/read`.

use actix_web::{HttpResponse, web};
use domain::{ReadNotifications, ToRead};
use platform::body::Body;
use platform::{ApiError, ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::{READ, READ_ALL};
use crate::Databases;

/// How many were marked.
#[derive(Serialize, ToSchema)]
struct MarkedRead {
    /// How many of them weren't read before.
    #[schema(minimum = 0)]
    updated: i64,
}

/// Marks notifications of the caller as read.
///
/// Ids that aren't theirs, or don't exist, change nothing: which of both can't be told from outside.
#[utoipa::path(
    post,
    path = "/api/v1/notifications/read",
    tag = "notifications",
    request_body = ReadNotifications,
    responses((status = 200, body = MarkedRead)),
)]
pub(crate) async fn read(
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
    Ok(HttpResponse::Ok().json(MarkedRead { updated: updated.unwrap_or(0) }))
}
