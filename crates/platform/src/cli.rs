//! The command line that every service has: `serve` (default), `migrate` and `healthcheck`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::settings::HttpSettings;

/// Arguments of a service.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Args {
    /// A TOML file whose settings override the built-in ones; the environment overrides both.
    #[arg(long, value_name = "FILE", global = true)]
    pub settings: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Args {
    /// The process's arguments, for a service of this name; ends the process when they are wrong.
    #[must_use]
    pub fn of(service: &'static str) -> Self {
        let matches = Self::command().name(service).about(None::<&str>).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// What a service can be asked to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Serve until SIGTERM.
    #[default]
    Serve,
    /// Bring the service's own schema up to date, with `TASKHUB__DATABASE__ADMIN_URL`.
    Migrate,
    /// Ask a running service on this host whether it is alive; exit code 0 means yes.
    Healthcheck,
}

/// Ends the process with one line on stderr when `result` is an error.
#[must_use]
pub fn exit(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "the log may not be set up when settings are wrong")]
            {
                eprintln!("{error:#}");
            }
            ExitCode::FAILURE
        }
    }
}

/// `GET /health` on this host, for a container that has no shell or curl.
///
/// # Errors
/// When nothing answers with 200 within two seconds.
pub async fn healthcheck(http: &HttpSettings) -> anyhow::Result<()> {
    let host = if http.host == "0.0.0.0" { "127.0.0.1" } else { &http.host };
    let url = format!("http://{host}:{}/health", http.port);
    let client = reqwest::Client::builder().timeout(Duration::from_secs(2)).no_proxy().build()?;
    client.get(url).send().await?.error_for_status()?;
    Ok(())
}
