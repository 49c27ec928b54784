//! `./scripts/chaos`: what its users notice while parts of TaskHub are killed, cut off, filled up and flooded.
//!
//! An example rather than a program, so that `cargo build --bins`, which is what one waits for at the first
//! `./scripts/up`, leaves it out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement that can't go on should say where"
)]
#![expect(clippy::print_stdout, reason = "what it says is what it is for")]

mod check;
mod client;
mod crowd;
mod fault;
mod flood;
mod ledger;
mod outage;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use e2e::Cluster;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::sleep;

use crate::check::Findings;
use crate::crowd::Crowd;
use crate::fault::Fault;
use crate::report::{Report, Row};

/// What is asked for.
#[derive(Debug, Parser)]
struct Args {
    /// One of each kind of fault, each for a short time.
    #[arg(long)]
    quick: bool,
    /// Only the faults whose name contains this; may be repeated.
    #[arg(long, value_name = "FAULT")]
    only: Vec<String>,
    /// How long a fault lasts that can last: 6, with --quick 2.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: Option<u64>,
    /// The document whose table is written anew.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    #[command(subcommand)]
    part: Option<Part>,
}

/// What it starts of itself.
#[derive(Debug, Subcommand)]
enum Part {
    /// Sends requests without a pause.
    #[command(hide = true)]
    Flood(flood::Flood),
}

/// How long all is well before and after a fault, while requests go on.
const CALM: Duration = Duration::from_millis(1500);
const CALM_QUICK: Duration = Duration::from_millis(500);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let args = Args::parse();
    if let Some(Part::Flood(flood)) = args.part {
        flood.run().await;
        return ExitCode::SUCCESS;
    }
    let chosen = |fault: &Fault| {
        let name = fault.name();
        if args.only.is_empty() {
            !args.quick || fault.is_quick()
        } else {
            args.only.iter().any(|part| name.contains(part))
        }
    };
    let mut faults: Vec<Fault> = Fault::all().into_iter().filter(chosen).collect();
    if args.only.iter().any(|name| *name == Fault::Sabotage.name()) {
        faults.push(Fault::Sabotage);
    }
    if faults.is_empty() {
        let names: Vec<_> = Fault::all().iter().map(|fault| fault.name()).collect();
        println!("no such fault; there are: {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    // A signal ends the run as its end does: what was started is stopped.
    let mut told_to_stop = signal(SignalKind::terminate()).unwrap();
    tokio::select! {
        sound = run(&args, faults) => if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE },
        _ = told_to_stop.recv() => ExitCode::FAILURE,
        _ = tokio::signal::ctrl_c() => ExitCode::FAILURE,
    }
}

/// One fault after another; says whether nothing was lost or doubled, and replaced replicas went unnoticed.
async fn run(args: &Args, faults: Vec<Fault>) -> bool {
    let lasts = Duration::from_secs(args.seconds.unwrap_or(if args.quick { 2 } else { 6 }));
    let calm = if args.quick { CALM_QUICK } else { CALM };
    let mut cluster = Cluster::start(settings(args.quick)).await;
    let crowd = Crowd::gather(&cluster).await;
    let (mut known, mut report) = (Findings::default(), Report::default());
    println!("{}", Report::HEADING);
    for fault in faults {
        let row = measure(&mut cluster, &crowd, fault, lasts, calm, &mut known).await;
        println!("{}", row.for_people());
        report.rows.push(row);
    }
    for finding in known.all() {
        println!("{finding}");
    }
    for strange in crowd.ledger.strange() {
        println!("strange: {strange}");
    }
    if let Some(file) = &args.write {
        report.write(file);
    }
    if !report.is_sound() {
        cluster.keep_logs();
    }
    report.is_sound()
}

/// What a run needs beyond the defaults.
fn settings(quick: bool) -> &'static [(&'static str, &'static str)] {
    const ALL: &[(&str, &str)] = &[
        // A pod that is being deleted may get connections until that is known everywhere.
        ("TASKHUB__HTTP__DRAIN_DELAY_MS", "1500"),
        // Tokens are made once and have to last until the end.
        ("TASKHUB__TOKENS__ACCESS_TOKEN_S", "14400"),
        // The few teams here change as much as the services can take.
        ("TASKHUB__QUOTA__CHANGES_PER_MINUTE", "0"),
        ("TASKHUB__QUOTA__MIB_PER_MINUTE", "0"),
        // What a lost Redis took is carried again after this time; nobody waits so long in a quick run.
        ("TASKHUB__EVENTS__LEASE_MS", "2000"),
    ];
    if quick { ALL } else { &ALL[..4] }
}

/// One fault under steady load, and what was found afterwards.
async fn measure(
    cluster: &mut Cluster,
    crowd: &Crowd,
    fault: Fault,
    lasts: Duration,
    calm: Duration,
    known: &mut Findings,
) -> Row {
    let before = crowd.ledger.counts();
    let load = crowd.start();
    sleep(calm).await;
    let injected = fault.inject(cluster, crowd, lasts).await;
    cluster.well().await;
    sleep(calm).await;
    let samples = load.stop().await;
    let ended = Instant::now();
    check::settled(cluster).await;
    let settled = ended.elapsed();
    let found = check::all(cluster, &crowd.ledger, crowd.poison()).await;
    let new = found.without(known);
    known.add(&new);
    Row::of(fault, &injected, &samples, crowd.ledger.counts().since(&before), &new, settled)
}
