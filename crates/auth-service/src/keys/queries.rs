//! Every statement on signing keys.

use diesel::dsl::now;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use crate::schema::signing_keys;
use crate::stored::Moment;

/// Names the lock that whoever makes a key holds.
const LOCK: i64 = 0x7461_736b_6875_6202;

/// A key as it is stored.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys, check_for_backend(diesel::pg::Pg))]
pub(super) struct KeyRow {
    pub(super) id: Uuid,
    pub(super) public_key: Vec<u8>,
    pub(super) private_key: Vec<u8>,
    pub(super) created_at: Moment,
    pub(super) signs_from: Moment,
    pub(super) expires_at: Option<Moment>,
}

/// Every key that is published.
pub(super) async fn published(connection: &mut AsyncPgConnection) -> QueryResult<Vec<KeyRow>> {
    signing_keys::table
        .filter(signing_keys::expires_at.is_null().or(signing_keys::expires_at.gt(now)))
        .order((signing_keys::signs_from, signing_keys::id))
        .select(KeyRow::as_select())
        .load(connection)
        .await
}

/// Waits until nobody else makes a key, and keeps others waiting until the transaction ends.
pub(super) async fn lock(connection: &mut AsyncPgConnection) -> QueryResult<()> {
    // The function gives void, which diesel has no type for.
    diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(LOCK).execute(connection).await.map(drop)
}

/// Adds a key; those before it are published until `others_until`.
pub(super) async fn insert(connection: &mut AsyncPgConnection, new: &KeyRow, others_until: Moment) -> QueryResult<()> {
    diesel::update(signing_keys::table.filter(signing_keys::expires_at.is_null()))
        .set(signing_keys::expires_at.eq(others_until))
        .execute(connection)
        .await?;
    diesel::insert_into(signing_keys::table).values(new).execute(connection).await.map(drop)
}
