//! Reads arguments and settings, wires, runs.

use std::process::ExitCode;

use auth_service::{App, Settings};
use platform::cli::{self, Args, Command};
use platform::server::Server;
use platform::{metrics, telemetry};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    cli::exit(run(Args::of("auth-service")).await)
}

async fn run(args: Args) -> anyhow::Result<()> {
    let settings = Settings::load(args.settings.as_deref(), std::env::vars())?;
    match args.command.unwrap_or_default() {
        Command::Serve => serve(settings).await,
        Command::Migrate => {
            telemetry::init("auth-service", &settings.log)?;
            let done = auth_service::migrate(&settings.database).await?;
            tracing::info!(?done, "schema identity is up to date");
            // The lines are written by a thread of their own.
            tokio::task::spawn_blocking(telemetry::shutdown).await?;
            Ok(())
        }
        Command::Healthcheck => cli::healthcheck(&settings.http).await,
    }
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let app = App::new(&settings)?;
    telemetry::init("auth-service", &settings.log)?;
    metrics::init(env!("CARGO_PKG_VERSION"));
    let server = Server::bind(&settings.http, app.health(), app.configure())?;
    let served = tokio::select! {
        served = server.run_until_signal() => served,
        wrong = app.background() => Err(wrong.into()),
    };
    let _ = tokio::task::spawn_blocking(telemetry::shutdown).await;
    served
}
