use diesel::sql_query;
use diesel_async::RunQueryDsl;
use domain::problem::Code;
use platform::ApiError;
use platform::postgres::{Connector, Pool};
use testkit::Database;

async fn with_things(database: &Database, deadline_ms: u64) -> Pool {
    database.admin().await.batch_execute("CREATE TABLE things (n bigint PRIMARY KEY)").await.unwrap();
    let mut settings = database.settings("admin");
    (settings.deadline_ms, settings.pool_size) = (deadline_ms, 1);
    Pool::new(&Connector::new("test", &settings).unwrap(), &settings).unwrap()
}

async fn count(database: &Database) -> i64 {
    database.admin().await.query_one("SELECT count(*) FROM things", &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_transaction_stands_or_falls_as_a_whole() {
    let database = Database::new().await;
    let pool = with_things(&database, 2500).await;
    pool.transaction(async |c| Ok(sql_query("INSERT INTO things VALUES (1), (2)").execute(c).await?)).await.unwrap();
    let failed = pool.transaction(async |c| {
        sql_query("INSERT INTO things VALUES (3)").execute(c).await?;
        Err::<(), _>(ApiError::new(Code::Forbidden, "no"))
    });
    assert_eq!(failed.await.unwrap_err().problem().code, Code::Forbidden);
    let twice = pool.transaction(async |c| Ok(sql_query("INSERT INTO things VALUES (1)").execute(c).await?)).await;
    assert_eq!(twice.unwrap_err().problem().code, Code::Conflict);
    assert_eq!(count(&database).await, 2);
}

#[tokio::test]
async fn a_transaction_that_is_too_late_is_rolled_back_and_leaves_the_pool_usable() {
    let database = Database::new().await;
    let pool = with_things(&database, 400).await;
    let late = pool.transaction(async |c| {
        sql_query("INSERT INTO things VALUES (1)").execute(c).await?;
        Ok(sql_query("SELECT pg_sleep(2)").execute(c).await?)
    });
    assert_eq!(late.await.unwrap_err().problem().code, Code::Unavailable);
    pool.transaction(async |c| Ok(sql_query("INSERT INTO things VALUES (2)").execute(c).await?)).await.unwrap();
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn a_pool_survives_the_end_of_all_its_connections() {
    let database = Database::new().await;
    let pool = with_things(&database, 2500).await;
    pool.ping().await.unwrap();
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'test'";
    database.admin().await.batch_execute(kill).await.unwrap();
    pool.transaction(async |c| Ok(sql_query("INSERT INTO things VALUES (1)").execute(c).await?)).await.unwrap();
}
