//! `POST /api/v1/notifications/read`.

use actix_web::{HttpResponse, web};
use domain::{ReadNotifications, ToRead};
use platform::body::Body;
use platform::{ApiError, ApiResult, Caller};
use serde::Serialize;
use tokio_postgres::Row;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::{READ, READ_ALL, READ_OF_TASKS};
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
    let updated = match which {
        ToRead::All => read_parts(&databases, user, None).await?,
        ToRead::These(ids) => {
            let ids: Vec<Uuid> = ids.into_iter().map(Into::into).collect();
            let row = databases.write.query_opt(&READ, &[&user, &ids]).await?;
            row.map(|row| row.try_get(0)).transpose().map_err(ApiError::internal)?.unwrap_or(0)
        }
        ToRead::OfTasks(tasks) => {
            let tasks: Vec<Uuid> = tasks.into_iter().map(Into::into).collect();
            read_parts(&databases, user, Some(&tasks)).await?
        }
    };
    Ok(HttpResponse::Ok().json(MarkedRead { updated }))
}

/// Marks part by part, so that no statement takes longer than one may, however many there are. What comes meanwhile is
/// newer, and stays unread.
async fn read_parts(databases: &Databases, user: Uuid, tasks: Option<&[Uuid]>) -> ApiResult<i64> {
    let (mut updated, mut before) = (0, Uuid::max());
    loop {
        let row = match tasks {
            None => databases.write.query_opt(&READ_ALL, &[&user, &before, &PART]).await?,
            Some(tasks) => databases.write.query_opt(&READ_OF_TASKS, &[&user, &before, &PART, &tasks]).await?,
        };
        let part = Part::of(row.as_ref())?;
        updated += part.updated;
        match part.last {
            Some(last) if part.seen == PART => before = last,
            _ => return Ok(updated),
        }
    }
}

/// The most that one statement marks.
const PART: i64 = 2000;

/// What one statement has marked.
#[derive(Default)]
struct Part {
    updated: i64,
    seen: i64,
    last: Option<Uuid>,
}

impl Part {
    fn of(row: Option<&Row>) -> ApiResult<Self> {
        let Some(row) = row else { return Ok(Self::default()) };
        let read = || Ok(Self { updated: row.try_get(0)?, seen: row.try_get(1)?, last: row.try_get(2)? });
        read().map_err(|error: tokio_postgres::Error| ApiError::internal(error))
    }
}
