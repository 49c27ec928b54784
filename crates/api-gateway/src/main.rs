//! `api-gateway`: serve, or ask a running one whether it is alive.

use std::process::ExitCode;

use api_gateway::Gateway;
use api_gateway::settings::{DEFAULTS, SECTIONS, Settings};
use platform::cli::{Args, Command, exit, healthcheck};
use platform::server::Server;
use platform::{metrics, settings, telemetry};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    exit(run(Args::of("api-gateway")).await)
}

async fn run(args: Args) -> anyhow::Result<()> {
    let settings: Settings = settings::load(SECTIONS, DEFAULTS, args.settings.as_deref(), std::env::vars())?;
    match args.command.unwrap_or_default() {
        Command::Serve => serve(settings).await,
        // It owns nothing in the database; the command is there because every service has it.
        Command::Migrate => Ok(()),
        Command::Healthcheck => healthcheck(&settings.http).await,
    }
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    telemetry::init("api-gateway", &settings.log)?;
    metrics::init(env!("CARGO_PKG_VERSION"));
    let gateway = Gateway::new(&settings)?;
    let app = gateway.clone();
    let server = Server::bind(&settings.http, gateway.health(), move |cfg| app.configure(cfg))?;
    let fresh = tokio::spawn(gateway.keep_keys_fresh());
    server.run_until_signal().await?;
    fresh.abort();
    tokio::task::spawn_blocking(telemetry::shutdown).await?;
    Ok(())
}
