//! `worker serve | migrate | healthcheck | replay-dead-letters`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use platform::postgres::{Connector, migrate};
use platform::server::{Server, stop_signal};
use platform::{cli, telemetry};
use uuid::Uuid;
use worker::settings::Settings;
use worker::{MIGRATIONS, ROLE, SCHEMA, Worker, dead_letters};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
#[command(version, about)]
struct Args {
    /// A TOML file whose settings override the built-in ones; the environment overrides both.
    #[arg(long, value_name = "FILE", global = true)]
    settings: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Common(cli::Command),
    /// Give dead letters another chance: their events take effect as if they had just happened.
    ReplayDeadLetters {
        /// Only this one; may be given several times. Without it, all of them.
        #[arg(long = "id", value_name = "UUID")]
        ids: Vec<Uuid>,
    },
}

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    cli::exit(run(Args::parse()).await)
}

async fn run(args: Args) -> anyhow::Result<()> {
    let settings = Settings::load(args.settings.as_deref(), std::env::vars())?;
    let command = args.command.unwrap_or(Command::Common(cli::Command::default()));
    if let Command::Common(cli::Command::Healthcheck) = command {
        return cli::healthcheck(&settings.http).await;
    }
    telemetry::init("worker", &settings.log)?;
    let done = match command {
        Command::Common(cli::Command::Migrate) => {
            let done = migrate(&settings.database, SCHEMA, ROLE, MIGRATIONS).await?;
            tracing::info!(migrations = ?done, "the schema is up to date");
            Ok(())
        }
        Command::ReplayDeadLetters { ids } => {
            let connector = Connector::new("worker", &settings.database)?;
            let replayed = dead_letters::replay(&connector, &ids).await?;
            tracing::info!(events = replayed.replayed, not_events = replayed.not_events, "dead letters were replayed");
            Ok(())
        }
        Command::Common(_) => serve(settings).await,
    };
    tokio::task::spawn_blocking(telemetry::shutdown).await?;
    done
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    platform::metrics::init(env!("CARGO_PKG_VERSION"));
    let (http, stop) = (settings.http.clone(), stop_signal()?);
    let worker = Worker::new(settings)?;
    let server = Server::bind(&http, worker.health(), worker.configure())?;
    let background = worker.start();
    tokio::select! {
        served = server.run_until(async {
            stop.await;
            background.begin_stop();
        }) => served?,
        wrong = worker.unfit() => {
            tracing::error!(error = %wrong, "the process ends");
            return Err(wrong.into());
        }
    }
    if !background.stop(Duration::from_secs(http.shutdown_timeout_s)).await {
        tracing::warn!("batches in hand were not finished in time; they will be carried again");
    }
    Ok(())
}
