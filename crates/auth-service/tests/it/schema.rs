//! `src/schema.rs` is what the migrations make, and the migrations can be taken back.

use std::fmt::Write as _;

use diesel_async::{AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::MigrationHarness;
use testkit::Database;
use tokio_postgres::Client;

use crate::app::fresh_database;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/schema.rs");

/// The definitions that diesel needs, from what the database says of itself.
async fn render(client: &Client) -> String {
    let mut text = String::from(
        "// @generated from the migrated database by tests/it/schema.rs; never edited.\n\
         // To write it again: TASKHUB_WRITE_SCHEMA=1 cargo nextest run -p auth-service schema\n",
    );
    let tables = client
        .query(
            "SELECT table_name::text, table_type = 'VIEW' FROM information_schema.tables
             WHERE table_schema = 'identity' AND table_name NOT LIKE '\\_\\_%' ORDER BY table_name",
            &[],
        )
        .await
        .unwrap();
    for table in &tables {
        let name: &str = table.get(0);
        // A view has no key of its own; diesel wants one to be named.
        let of_view = if name == "live_sessions" { "id" } else { "user_id, team_id" };
        let key = if table.get(1) { of_view.to_owned() } else { primary_key(client, name).await };
        write!(text, "\ndiesel::table! {{\n    identity.{name} ({key}) {{\n").unwrap();
        for column in columns(client, name).await {
            writeln!(text, "        {column},").unwrap();
        }
        text.push_str("    }\n}\n");
    }
    let keys = client
        .query(
            "SELECT k.table_name::text, u.table_name::text, k.column_name::text
             FROM information_schema.referential_constraints r
             JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name)
             JOIN information_schema.constraint_column_usage u USING (constraint_schema, constraint_name)
             WHERE r.constraint_schema = 'identity' ORDER BY 1, 2, 3",
            &[],
        )
        .await
        .unwrap();
    text.push('\n');
    for key in &keys {
        let (from, to, column): (&str, &str, &str) = (key.get(0), key.get(1), key.get(2));
        writeln!(text, "diesel::joinable!({from} -> {to} ({column}));").unwrap();
    }
    text.push_str("\ndiesel::allow_tables_to_appear_in_same_query! {\n");
    for table in &tables {
        writeln!(text, "    {},", table.get::<_, &str>(0)).unwrap();
    }
    text.push_str("}\n");
    text
}

async fn primary_key(client: &Client, table: &str) -> String {
    let rows = client
        .query(
            "SELECT k.column_name::text FROM information_schema.table_constraints c
             JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name)
             WHERE c.table_schema = 'identity' AND c.table_name = $1 AND c.constraint_type = 'PRIMARY KEY'
             ORDER BY k.ordinal_position",
            &[&table],
        )
        .await
        .unwrap();
    rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>().join(", ")
}

async fn columns(client: &Client, table: &str) -> Vec<String> {
    let rows = client
        .query(
            "SELECT c.column_name::text, c.udt_name::text, c.is_nullable = 'YES' AND (t.table_type <> 'VIEW' OR c.column_name IN ('left_at', 'former_name'))
             FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = 'identity' AND c.table_name = $1 ORDER BY c.ordinal_position",
            &[&table],
        )
        .await
        .unwrap();
    let column = |row: &tokio_postgres::Row| {
        let kind = match row.get::<_, &str>(1) {
            "uuid" => "Uuid",
            "text" => "Text",
            "timestamptz" => "Timestamptz",
            "bytea" => "Bytea",
            "bool" => "Bool",
            "int2" => "Int2",
            other => panic!("no diesel type is known for {other}: add it here"),
        };
        let kind = if row.get(2) { format!("Nullable<{kind}>") } else { kind.to_owned() };
        format!("{} -> {kind}", row.get::<_, &str>(0))
    };
    rows.iter().map(column).collect()
}

#[tokio::test]
async fn schema_rs_is_what_the_migrations_make() {
    let database = Database::new().await;
    let rendered = render(&database.admin().await).await;
    if std::env::var_os("TASKHUB_WRITE_SCHEMA").is_some() {
        std::fs::write(SCHEMA, &rendered).unwrap();
    }
    let written = std::fs::read_to_string(SCHEMA).unwrap();
    assert_eq!(
        written, rendered,
        "src/schema.rs is stale; write it again with TASKHUB_WRITE_SCHEMA=1 cargo nextest run -p auth-service schema"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_migrations_run_up_down_and_up_again() {
    let fresh = fresh_database().await;
    let ran = auth_service::migrate(&fresh.settings).await.unwrap();
    assert_eq!(ran.len(), 5);
    assert!(auth_service::migrate(&fresh.settings).await.unwrap().is_empty(), "the second time nothing is left to do");
    let first = render(&fresh.admin().await).await;

    let client = fresh.admin().await;
    client.batch_execute("SET search_path TO identity").await.unwrap();
    let connection = AsyncPgConnection::try_from(client).await.unwrap();
    AsyncMigrationHarness::new(connection).revert_all_migrations(auth_service::MIGRATIONS).unwrap();
    let admin = fresh.admin().await;
    let left = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'identity' AND table_name NOT LIKE '\\_\\_%'";
    assert_eq!(admin.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);

    auth_service::migrate(&fresh.settings).await.unwrap();
    assert_eq!(render(&admin).await, first);
    assert_eq!(first, std::fs::read_to_string(SCHEMA).unwrap());
}

#[tokio::test]
async fn every_foreign_key_has_an_index() {
    let database = Database::new().await;
    let bare = database
        .admin()
        .await
        .query(
            "SELECT c.conrelid::regclass::text, c.conname::text FROM pg_constraint c
             WHERE c.contype = 'f' AND c.connamespace = 'identity'::regnamespace AND NOT EXISTS (
                 SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indpred IS NULL AND i.indkey[0] = c.conkey[1])",
            &[],
        )
        .await
        .unwrap();
    let bare: Vec<String> = bare.iter().map(|row| row.get(1)).collect();
    assert!(bare.is_empty(), "without an index: {bare:?}");
}
