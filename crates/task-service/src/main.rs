//! The process: reads arguments and settings, wires, runs.

use std::process::ExitCode;

use platform::cli::{Args, Command, exit, healthcheck};
use platform::postgres::migrate;
use platform::server::Server;
use platform::{metrics, telemetry};
use task_service::{MIGRATIONS, ROLE, SCHEMA, Service, Settings};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    exit(run(Args::of("task-service")).await)
}

async fn run(args: Args) -> anyhow::Result<()> {
    let settings = Settings::load(args.settings.as_deref(), std::env::vars())?;
    match args.command.unwrap_or_default() {
        Command::Serve => serve(&settings).await,
        Command::Migrate => {
            telemetry::init("task-service", &settings.log)?;
            let done = migrate(&settings.database, SCHEMA, ROLE, MIGRATIONS).await?;
            tracing::info!(?done, "the schema is up to date");
            // The lines are written by a thread of their own.
            tokio::task::spawn_blocking(telemetry::shutdown).await?;
            Ok(())
        }
        Command::Healthcheck => healthcheck(&settings.http).await,
    }
}

async fn serve(settings: &Settings) -> anyhow::Result<()> {
    telemetry::init("task-service", &settings.log)?;
    metrics::init(env!("CARGO_PKG_VERSION"));
    let mut service =
        Service::start(&settings.database, &settings.auth, &settings.lists, &settings.quota, settings.http.threads())?;
    let server = Server::bind(&settings.http, service.health(), service.configure())?;
    let ended = tokio::select! {
        ended = server.run_until_signal() => ended,
        broken = service.broken() => {
            tracing::error!(error = format!("{broken:#}"), "the process ends");
            Err(broken)
        }
    };
    tokio::task::spawn_blocking(telemetry::shutdown).await?;
    ended
}
