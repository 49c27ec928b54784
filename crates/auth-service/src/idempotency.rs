//! `Idempotency-Key`: the same request again gets the first answer again, and does nothing.
//!
//! The key is taken in the same transaction that does the work: a second request with it waits until the first is
//! done. Only what succeeded is kept; what was refused did nothing, so trying it again is harmless.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use diesel::dsl::now;
use diesel::prelude::*;
use diesel::query_dsl::methods::FilterDsl as _;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::UserId;
use domain::problem::{Code, Problem};
use platform::{ApiError, ApiResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounts::no_such_account;
use crate::schema::idempotency_keys;
use crate::sealing::SealingKey;
use crate::secret_token::sha256;

/// The name of the header.
pub(crate) const HEADER: &str = "idempotency-key";
/// For how long an answer is kept (design §3).
pub(crate) const KEPT: TimeDelta = TimeDelta::hours(24);
const LONGEST_KEY: usize = 255;

/// An answer that can be given twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    status: StatusCode,
    body: Bytes,
}

/// What every answer has that shows what was made.
#[derive(Deserialize)]
struct Made {
    id: Uuid,
}

impl Answer {
    /// A JSON answer.
    ///
    /// # Errors
    /// 500 when it can't be written as JSON, which would be a defect of ours.
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> ApiResult<Self> {
        Ok(Self { status, body: serde_json::to_vec(body).map_err(ApiError::internal)?.into() })
    }

    /// The answer as it goes out to a request that made something: it lies below the path of the request, under the `id`
    /// in the answer.
    ///
    /// # Errors
    /// 500 when there is no id, which would be a defect of ours.
    pub(crate) fn into_response(self, req: &HttpRequest) -> ApiResult<HttpResponse> {
        let Made { id } = serde_json::from_slice(&self.body).map_err(ApiError::internal)?;
        let location = (LOCATION, format!("{}/{id}", req.path()));
        let mut response = HttpResponse::build(self.status);
        Ok(response.insert_header(location).content_type("application/json").body(self.body))
    }
}

/// A request that may carry an `Idempotency-Key`.
#[derive(Debug)]
pub(crate) struct IdempotentRequest {
    user: UserId,
    key: Option<String>,
    hash: Vec<u8>,
}

impl IdempotentRequest {
    /// Reads the header, and what makes this request the same as another: method, path and body.
    ///
    /// # Errors
    /// 400 when the key isn't 1 to 255 printable ASCII characters.
    pub(crate) fn of(req: &HttpRequest, user: UserId, body: &[u8]) -> ApiResult<Self> {
        let mut request = format!("{} {}\n", req.method(), req.path()).into_bytes();
        request.extend(body);
        Ok(Self { user, key: key_of(req)?, hash: sha256(&request) })
    }

    /// The first answer to this request, if it was answered before; otherwise takes the key and waits for
    /// [`finish`](Self::finish) in the same transaction.
    ///
    /// # Errors
    /// 409 when the key was used for another request.
    pub(crate) async fn begin(&self, tx: &mut AsyncPgConnection, master_key: &SealingKey) -> ApiResult<Option<Answer>> {
        let Some(key) = &self.key else { return Ok(None) };
        if self.take(tx, key).await? {
            return Ok(None);
        }
        let (hash, status, sealed): (Vec<u8>, Option<i16>, Option<Vec<u8>>) = idempotency_keys::table
            .find((self.user.uuid(), key))
            .select((idempotency_keys::request_hash, idempotency_keys::status, idempotency_keys::answer))
            .first(tx)
            .await?;
        if hash != self.hash {
            let detail =
                "This Idempotency-Key was used for another request within 24 hours. Take a new key for each request.";
            return Err(Problem::new(Code::IdempotencyMismatch, detail).into());
        }
        let (Some(status), Some(sealed)) = (status, sealed) else {
            return Err(ApiError::internal(anyhow::anyhow!("an idempotency key without an answer")));
        };
        let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        let status = status.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a stored status is none")))?;
        let body = master_key.open(&self.purpose(key), &sealed).map_err(ApiError::internal)?;
        Ok(Some(Answer { status, body: body.into() }))
    }

    /// Keeps the answer, and gives it back.
    ///
    /// # Errors
    /// When the database is away.
    pub(crate) async fn finish(
        &self,
        tx: &mut AsyncPgConnection,
        master_key: &SealingKey,
        answer: Answer,
    ) -> ApiResult<Answer> {
        let Some(key) = &self.key else { return Ok(answer) };
        let sealed = master_key.seal(&self.purpose(key), &answer.body).map_err(ApiError::internal)?;
        let status = i16::try_from(answer.status.as_u16()).map_err(ApiError::internal)?;
        diesel::update(idempotency_keys::table.find((self.user.uuid(), key)))
            .set((idempotency_keys::status.eq(status), idempotency_keys::answer.eq(sealed)))
            .execute(tx)
            .await?;
        Ok(answer)
    }

    /// Takes the key if it is free or what it was used for is too long ago.
    async fn take(&self, tx: &mut AsyncPgConnection, key: &str) -> ApiResult<bool> {
        let taken: Option<Uuid> = diesel::insert_into(idempotency_keys::table)
            .values((
                idempotency_keys::user_id.eq(self.user.uuid()),
                idempotency_keys::key.eq(key),
                idempotency_keys::request_hash.eq(&self.hash),
            ))
            .on_conflict((idempotency_keys::user_id, idempotency_keys::key))
            .do_update()
            .set((idempotency_keys::request_hash.eq(&self.hash), idempotency_keys::created_at.eq(now)))
            .filter(idempotency_keys::created_at.le(Utc::now() - KEPT))
            .returning(idempotency_keys::user_id)
            .get_result(tx)
            .await
            .optional()
            .map_err(|error| match error {
                DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => no_such_account(),
                error => error.into(),
            })?;
        Ok(taken.is_some())
    }

    fn purpose(&self, key: &str) -> String {
        format!("answer {} {key}", self.user)
    }
}

fn key_of(req: &HttpRequest) -> ApiResult<Option<String>> {
    let mut values = req.headers().get_all(HEADER);
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| key.bytes().all(|b| (0x20..0x7f).contains(&b)));
    match (key, values.next()) {
        (Some(key), None) if (1..=LONGEST_KEY).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(ApiError::new(
            Code::BadRequest,
            "`Idempotency-Key` must be sent once, with 1 to 255 printable ASCII characters, for example a UUID.",
        )),
    }
}
