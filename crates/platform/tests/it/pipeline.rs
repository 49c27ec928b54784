use std::time::{Duration, Instant};

use domain::problem::Code;
use futures_util::future::join_all;
use platform::ApiError;
use platform::postgres::{Connector, DbError, Pipeline, Statement};
use platform::settings::DatabaseSettings;
use testkit::{Database, eventually};

static ECHO: Statement = Statement::read("echo", "SELECT $1::bigint");
static SLOW: Statement = Statement::read("slow", "SELECT pg_sleep($1::float8)::text");
static STAR: Statement = Statement::read("star", "SELECT * FROM things");
static INSERT: Statement = Statement::write("insert", "INSERT INTO things VALUES ($1::bigint)");

fn start(settings: &DatabaseSettings, connections: usize) -> Pipeline {
    Pipeline::start("read", &Connector::new("test", settings).unwrap(), settings, connections)
}

#[tokio::test]
async fn statements_share_a_connection_and_each_gets_its_own_answer() {
    let database = Database::new().await;
    let pipeline = start(&database.settings("admin"), 1);
    let answers = join_all((0..500_i64).map(|n| {
        let pipeline = &pipeline;
        async move { (n, pipeline.query_opt(&ECHO, &[&n]).await.unwrap().unwrap().get::<_, i64>(0)) }
    }))
    .await;
    assert!(answers.iter().all(|(asked, answered)| asked == answered));
    let admin = database.admin().await;
    let connections =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'test'";
    assert_eq!(admin.query_one(connections, &[]).await.unwrap().get::<_, i64>(0), 1);
}

#[tokio::test]
async fn a_slow_statement_ends_at_the_servers_limit_and_the_callers_deadline() {
    let database = Database::new().await;
    let mut settings = database.settings("admin");
    settings.statement_timeout_ms = 200;
    let pipeline = start(&settings, 1);
    let asked = Instant::now();
    let error = pipeline.query(&SLOW, &[&30.0_f64]).await.unwrap_err();
    assert!(matches!(error, DbError::Unreachable(Some(_))), "{error:?}");
    assert!(asked.elapsed() < Duration::from_secs(2));

    settings.statement_timeout_ms = 0;
    settings.deadline_ms = 300;
    let pipeline = start(&settings, 1);
    let asked = Instant::now();
    let error = pipeline.query(&SLOW, &[&3.0_f64]).await.unwrap_err();
    assert!(matches!(error, DbError::Late("slow")), "{error:?}");
    assert!(asked.elapsed() < Duration::from_secs(1));
}

static COUNTED: Statement = Statement::read("counted", "SELECT nextval('tries'), pg_sleep(30)::text");
static SLOW_INSERT: Statement =
    Statement::write("slow insert", "INSERT INTO things SELECT $1::bigint FROM pg_sleep(30)");

#[tokio::test]
async fn a_read_that_the_server_cancelled_is_not_sent_again() {
    let database = Database::new().await;
    let admin = database.admin().await;
    admin.batch_execute("CREATE SEQUENCE tries").await.unwrap();
    let mut settings = database.settings("admin");
    settings.statement_timeout_ms = 100;
    let pipeline = start(&settings, 3);
    let error = pipeline.query(&COUNTED, &[]).await.unwrap_err();
    assert!(matches!(error, DbError::Unreachable(Some(_))), "{error:?}");
    assert_eq!(admin.query_one("SELECT last_value FROM tries", &[]).await.unwrap().get::<_, i64>(0), 1);
}

#[tokio::test]
async fn a_write_without_an_answer_says_whether_it_may_have_been_done() {
    let database = Database::new().await;
    let admin = database.admin().await;
    admin.batch_execute("CREATE TABLE things (n bigint)").await.unwrap();
    let code = |error: DbError| ApiError::from(error).problem().code;

    // It was sent, and the deadline has passed.
    let mut settings = database.settings("admin");
    (settings.deadline_ms, settings.statement_timeout_ms) = (1000, 0);
    let pipeline = start(&settings, 1);
    pipeline.ping().await.unwrap();
    let error = pipeline.query(&SLOW_INSERT, &[&1_i64]).await.unwrap_err();
    assert!(matches!(error, DbError::Unknown { error: None, .. }), "{error:?}");
    assert_eq!(code(error), Code::OutcomeUnknown);

    // It was sent, and the connection broke.
    settings.deadline_ms = 10_000;
    let pipeline = start(&settings, 1);
    let kill = async {
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE 'INSERT%pg_sleep%'
                      AND wait_event = 'PgSleep' -- not already while it is parsed
                      AND application_name = 'test' AND query_start > $1";
        let since = std::time::SystemTime::now();
        eventually("the insert runs", Duration::from_secs(5), async || {
            (admin.execute(kill, &[&since]).await.unwrap() > 0).then_some(())
        })
        .await;
    };
    let params: [&(dyn tokio_postgres::types::ToSql + Sync); 1] = [&2_i64];
    let (result, ()) = tokio::join!(pipeline.query(&SLOW_INSERT, &params), kill);
    assert_eq!(code(result.unwrap_err()), Code::OutcomeUnknown);

    // PostgreSQL says that it has undone it.
    settings.statement_timeout_ms = 100;
    let error = start(&settings, 1).query(&SLOW_INSERT, &[&3_i64]).await.unwrap_err();
    assert_eq!(code(error), Code::Unavailable);

    // It was never sent.
    settings.url = "postgres://nobody:secret@127.0.0.1:1/none?sslmode=disable".into();
    let error = start(&settings, 1).query(&INSERT, &[&4_i64]).await.unwrap_err();
    assert_eq!(code(error), Code::Unavailable);
}

#[tokio::test]
async fn a_read_outlives_its_connection() {
    let database = Database::new().await;
    let pipeline = start(&database.settings("admin"), 2);
    pipeline.ping().await.unwrap();
    let admin = database.admin().await;
    for n in 0..5_i64 {
        let killed = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                      WHERE datname = current_database() AND application_name = 'test'";
        admin.execute(killed, &[]).await.unwrap();
        // No pause: the statement may hit a connection that is dead but doesn't know it yet.
        let row = pipeline.query_opt(&ECHO, &[&n]).await.unwrap().unwrap();
        assert_eq!(row.get::<_, i64>(0), n);
    }
}

#[tokio::test]
async fn a_write_that_may_have_happened_is_not_sent_again() {
    let database = Database::new().await;
    let admin = database.admin().await;
    admin.batch_execute("CREATE TABLE things (n bigint)").await.unwrap();
    let pipeline = start(&database.settings("admin"), 1);
    let mut acknowledged = 0;
    for n in 0..100_i64 {
        if n % 10 == 0 {
            let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name = 'test'";
            admin.execute(kill, &[]).await.unwrap();
        }
        acknowledged += i64::from(pipeline.query(&INSERT, &[&n]).await.is_ok());
    }
    let row = admin.query_one("SELECT count(*), count(DISTINCT n) FROM things", &[]).await.unwrap();
    let (all, distinct) = (row.get::<_, i64>(0), row.get::<_, i64>(1));
    assert_eq!(all, distinct, "none twice");
    assert!(all >= acknowledged && acknowledged >= 50, "{acknowledged} acknowledged, {all} there");
}

#[tokio::test]
async fn a_migration_under_a_prepared_statement_goes_unnoticed() {
    let database = Database::new().await;
    let admin = database.admin().await;
    admin.batch_execute("CREATE TABLE things (n bigint); INSERT INTO things VALUES (1)").await.unwrap();
    let pipeline = start(&database.settings("admin"), 1);
    assert_eq!(pipeline.query_opt(&STAR, &[]).await.unwrap().unwrap().len(), 1);
    admin.batch_execute("ALTER TABLE things ADD COLUMN m bigint").await.unwrap();
    assert_eq!(pipeline.query_opt(&STAR, &[]).await.unwrap().unwrap().len(), 2);
}

#[tokio::test]
async fn without_postgresql_the_answer_is_an_error_and_soon() {
    let database = Database::new().await;
    let mut settings = database.settings("admin");
    settings.url = "postgres://nobody:secret@127.0.0.1:1/none?sslmode=disable".into();
    let pipeline = start(&settings, 2);
    let asked = Instant::now();
    let error = pipeline.query(&ECHO, &[&1_i64]).await.unwrap_err();
    assert!(matches!(error, DbError::Unreachable(_)), "{error:?}");
    assert!(asked.elapsed() < Duration::from_secs(3));
    assert!(!format!("{error:?}").contains("secret"));
}

#[tokio::test]
async fn a_dropped_pipeline_closes_its_connections() {
    let database = Database::new().await;
    let pipeline = start(&database.settings("admin"), 3);
    pipeline.ping().await.unwrap();
    drop(pipeline);
    let admin = database.admin().await;
    let connections =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'test'";
    eventually("the connections are closed", Duration::from_secs(5), async || {
        (admin.query_one(connections, &[]).await.unwrap().get::<_, i64>(0) == 0).then_some(())
    })
    .await;
}

static PID: Statement = Statement::read("pid", "SELECT pg_backend_pid()");
static TURN_READ_ONLY: Statement =
    Statement::read("turn read-only", "SELECT set_config('default_transaction_read_only', 'on', false)");
const CONNECTIONS: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'test'";

async fn pid(pipeline: &Pipeline) -> i32 {
    pipeline.query_opt(&PID, &[]).await.unwrap().unwrap().get(0)
}

#[tokio::test]
async fn connections_are_opened_when_they_are_needed() {
    let database = Database::new().await;
    let admin = database.admin().await;
    let count = async || admin.query_one(CONNECTIONS, &[]).await.unwrap().get::<_, i64>(0);
    let pipeline = start(&database.settings("admin"), 4);
    for _ in 0..10 {
        pipeline.ping().await.unwrap();
    }
    assert_eq!(count().await, 1, "one is enough for one at a time");
    eventually("all four work", Duration::from_secs(10), async || {
        let busy = join_all((0..8).map(|_| async { pipeline.query(&SLOW, &[&0.05_f64]).await.unwrap() }));
        busy.await;
        (count().await == 4).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_server_that_takes_no_more_writes_is_an_outage_and_loses_the_connection() {
    let database = Database::new().await;
    database.admin().await.batch_execute("CREATE TABLE things (n bigint)").await.unwrap();
    let pipeline = start(&database.settings("admin"), 1);
    let before = pid(&pipeline).await;
    pipeline.query(&TURN_READ_ONLY, &[]).await.unwrap();
    let error = ApiError::from(pipeline.query(&INSERT, &[&1_i64]).await.unwrap_err());
    assert_eq!(error.problem().code, Code::Unavailable, "nothing was changed");
    eventually("a write on another connection", Duration::from_secs(5), async || {
        pipeline.query(&INSERT, &[&2_i64]).await.ok().map(drop)
    })
    .await;
    assert_ne!(pid(&pipeline).await, before);

    // Also while nothing is written.
    let before = pid(&pipeline).await;
    pipeline.query(&TURN_READ_ONLY, &[]).await.unwrap();
    eventually("another connection", Duration::from_secs(10), async || (pid(&pipeline).await != before).then_some(()))
        .await;
    pipeline.ping().await.unwrap();
}

#[tokio::test]
async fn an_old_connection_is_replaced_and_nothing_on_it_is_cut() {
    let database = Database::new().await;
    let mut settings = database.settings("admin");
    (settings.max_connection_age_s, settings.deadline_ms, settings.statement_timeout_ms) = (1, 10_000, 0);
    let pipeline = start(&settings, 1);
    let before = pid(&pipeline).await;
    let replaced = eventually("another connection", Duration::from_secs(10), async || {
        let now = pipeline.query_opt(&PID, &[]).await.unwrap().unwrap().get::<_, i32>(0);
        (now != before).then_some(())
    });
    let (slow, ()) = tokio::join!(pipeline.query(&SLOW, &[&3.0_f64]), replaced);
    slow.unwrap();
}
