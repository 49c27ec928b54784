use std::time::Duration;

use diesel::sql_query;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::problem::Code;
use platform::postgres::{Connector, Pool, Statement, Transactions};
use platform::{ApiError, metrics};
use testkit::{Database, eventually};

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
async fn a_host_that_hangs_takes_one_try_from_those_who_wait() {
    let database = Database::new().await;
    let pool = with_things(&database, 500).await;
    pool.transaction(async |c| Ok(sql_query("DELETE FROM things").execute(c).await?)).await.unwrap();
    // It takes connections, and says nothing on them.
    let hangs = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut settings = database.settings("admin");
    (settings.deadline_ms, settings.pool_size) = (500, 1);
    settings.url = database.url("admin").replacen('@', &format!("@{},", hangs.local_addr().unwrap()), 1).into();
    let pool = Pool::new(&Connector::new("test", &settings).unwrap(), &settings).unwrap();
    let insert =
        async || pool.transaction(async |c| Ok(sql_query("INSERT INTO things VALUES (1)").execute(c).await?)).await;
    assert_eq!(insert().await.unwrap_err().problem().code, Code::Unavailable);
    insert().await.unwrap();
}

/// Makes commits on `things` take longer than any deadline here.
const SLOW_COMMITS: &str = "
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON things DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION slow()";

static INSERT: Statement = Statement::write("insert", "INSERT INTO things VALUES (1)");

#[tokio::test]
async fn a_commit_that_is_too_late_is_of_unknown_outcome() {
    let database = Database::new().await;
    let pool = with_things(&database, 500).await;
    database.admin().await.batch_execute(SLOW_COMMITS).await.unwrap();
    let late = pool.transaction(async |c| Ok(sql_query("INSERT INTO things VALUES (1)").execute(c).await?)).await;
    assert_eq!(late.unwrap_err().problem().code, Code::OutcomeUnknown);
    let mut settings = database.settings("admin");
    settings.deadline_ms = 500;
    let transactions = Transactions::new(&Connector::new("test", &settings).unwrap(), &settings);
    let late = transactions.run(async |tx| Ok(tx.query(&INSERT, &[]).await?)).await;
    assert_eq!(late.unwrap_err().problem().code, Code::OutcomeUnknown);
}

#[tokio::test]
async fn what_was_given_up_is_cancelled_on_the_server() {
    static SLOW: Statement = Statement::read("slow", "SELECT pg_sleep(30)::text");
    let database = Database::new().await;
    let mut settings = database.settings("admin");
    (settings.deadline_ms, settings.statement_timeout_ms) = (300, 0);
    let connector = Connector::new("test", &settings).unwrap();
    let (pool, transactions) = (Pool::new(&connector, &settings).unwrap(), Transactions::new(&connector, &settings));
    let sleep = async |c: &mut AsyncPgConnection| Ok(sql_query("SELECT pg_sleep(30)").execute(c).await?);
    pool.run(sleep).await.unwrap_err();
    pool.transaction(sleep).await.unwrap_err();
    transactions.run(async |tx| Ok(tx.query(&SLOW, &[]).await?)).await.unwrap_err();
    let admin = database.admin().await;
    let running = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                   AND application_name = 'test' AND state = 'active'";
    eventually("nothing runs any more", Duration::from_secs(5), async || {
        (admin.query_one(running, &[]).await.unwrap().get::<_, i64>(0) == 0).then_some(())
    })
    .await;
    pool.ping().await.unwrap();
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

fn measured(metric: &str) -> f64 {
    let text = String::from_utf8(metrics::render().unwrap()).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(metric)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {metric} in {text}")).parse().unwrap()
}

const USED: &str = r#"taskhub_db_pool_connections{pool="pool",state="used"}"#;
const WAITING: &str = r#"taskhub_db_pool_waiting_requests{pool="pool"}"#;
const WAITED: &str = r#"taskhub_db_pool_acquire_duration_seconds_count{pool="pool"}"#;

#[tokio::test]
async fn who_has_a_connection_and_who_waits_for_one_is_measured() {
    let database = Database::new().await;
    let pool = with_things(&database, 2500).await;
    assert_eq!(measured(r#"taskhub_db_pool_max_connections{pool="pool"}"#), 1.0);
    assert_eq!((measured(USED), measured(WAITING), measured(WAITED)), (0.0, 0.0, 0.0));
    let second = pool
        .run(async |_| {
            let pool = pool.clone();
            let second = tokio::spawn(async move { pool.ping().await });
            let waits = async || (measured(USED) == 1.0 && measured(WAITING) == 1.0).then_some(());
            eventually("the second waits for the first", Duration::from_secs(2), waits).await;
            Ok(second)
        })
        .await;
    second.unwrap().await.unwrap().unwrap();
    assert_eq!((measured(USED), measured(WAITING), measured(WAITED)), (0.0, 0.0, 2.0));
}

#[tokio::test]
async fn transactions_that_get_no_connection_in_time_are_measured() {
    let database = Database::new().await;
    let mut settings = database.settings("admin");
    (settings.deadline_ms, settings.pool_size) = (1000, 1);
    let transactions = Transactions::new(&Connector::new("test", &settings).unwrap(), &settings);
    let late = transactions
        .run(async |_| {
            assert_eq!(measured(USED), 1.0);
            transactions.run(async |_| Ok(())).await
        })
        .await;
    assert_eq!(late.unwrap_err().problem().code, Code::Unavailable);
    assert!(measured(r#"taskhub_db_pool_timeouts_total{pool="pool"}"#) >= 1.0);
    assert_eq!((measured(USED), measured(WAITING), measured(WAITED)), (0.0, 0.0, 2.0));
}

#[tokio::test]
async fn a_connection_to_a_server_that_takes_no_more_writes_is_not_handed_out_again() {
    static TURN_READ_ONLY: Statement =
        Statement::read("turn read-only", "SELECT set_config('default_transaction_read_only', 'on', false)");
    const TURN: &str = "SELECT set_config('default_transaction_read_only', 'on', false)";
    let database = Database::new().await;
    let pool = with_things(&database, 2500).await;
    pool.run(async |c| Ok(sql_query(TURN).execute(c).await?)).await.unwrap();
    pool.transaction(async |c| Ok(sql_query("INSERT INTO things VALUES (2)").execute(c).await?)).await.unwrap();

    let settings = database.settings("admin");
    let transactions = Transactions::new(&Connector::new("test", &settings).unwrap(), &settings);
    transactions.run(async |tx| Ok(tx.query(&TURN_READ_ONLY, &[]).await?)).await.unwrap();
    let refused = transactions.run(async |tx| Ok(tx.query(&INSERT, &[]).await?)).await.unwrap_err();
    assert_eq!(refused.problem().code, Code::Unavailable, "nothing was changed");
    transactions.run(async |tx| Ok(tx.query(&INSERT, &[]).await?)).await.unwrap();
}

#[tokio::test]
async fn an_old_connection_is_replaced() {
    #[derive(diesel::QueryableByName)]
    struct Session {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        pid: i32,
    }
    static PID: Statement = Statement::read("pid", "SELECT pg_backend_pid() AS pid");
    let database = Database::new().await;
    let mut settings = database.settings("admin");
    settings.max_connection_age_s = 1;
    let connector = Connector::new("test", &settings).unwrap();
    let (pool, transactions) = (Pool::new(&connector, &settings).unwrap(), Transactions::new(&connector, &settings));
    let pids = async || {
        let one = pool.run(async |c| Ok(sql_query(PID.sql).get_result::<Session>(c).await?.pid)).await.unwrap();
        let other = transactions.run(async |tx| Ok(tx.query(&PID, &[]).await?[0].get::<_, i32>(0))).await.unwrap();
        (one, other)
    };
    let before = pids().await;
    eventually("others", Duration::from_secs(10), async || {
        let now = pids().await;
        (now.0 != before.0 && now.1 != before.1).then_some(())
    })
    .await;
}
