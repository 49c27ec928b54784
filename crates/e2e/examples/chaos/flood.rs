//! Many more requests than can be answered, from clients that never pause.

use std::time::{Duration, Instant};

use clap::Args;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout_at};

/// Ten times the 128 connections, 64 to each gateway, that are enough to keep them busy.
pub(crate) const CONNECTIONS: usize = 1280;
const READ_BYTES: usize = 32 * 1024;
/// After a connection that was lost.
const PAUSE: Duration = Duration::from_millis(20);

/// One flood.
#[derive(Debug, Args)]
pub(crate) struct Flood {
    /// A gateway's port; may be repeated.
    #[arg(long)]
    port: Vec<u16>,
    #[arg(long)]
    token: String,
    #[arg(long)]
    path: String,
    #[arg(long)]
    seconds: u64,
    #[arg(long)]
    connections: usize,
}

/// What its requests met with.
#[derive(Debug, Default)]
struct Met {
    answered: u64,
    refused: u64,
    lost: u64,
}

impl Flood {
    /// Floods, then says what it met with.
    pub(crate) async fn run(self) {
        let until = tokio::time::Instant::now() + Duration::from_secs(self.seconds);
        let start = Instant::now();
        let mut clients = JoinSet::new();
        for number in 0..self.connections {
            let port = self.port[number % self.port.len()];
            let request =
                format!("GET {} HTTP/1.1\r\nhost: flood\r\nauthorization: Bearer {}\r\n\r\n", self.path, self.token);
            clients.spawn(async move {
                let mut met = Met::default();
                while tokio::time::Instant::now() < until {
                    if timeout_at(until, ask(port, request.as_bytes(), &mut met))
                        .await
                        .is_ok_and(|asked| asked.is_err())
                    {
                        met.lost += 1;
                        sleep(PAUSE).await;
                    }
                }
                met
            });
        }
        let mut all = Met::default();
        for met in clients.join_all().await {
            all.answered += met.answered;
            all.refused += met.refused;
            all.lost += met.lost;
        }
        let each_second = |count: u64| count as f64 / start.elapsed().as_secs_f64();
        println!(
            "{} connections: {:.0}/s answered, {:.0}/s refused with 503, {:.0}/s lost",
            self.connections,
            each_second(all.answered),
            each_second(all.refused),
            each_second(all.lost)
        );
    }
}

/// Asks over one connection until it is lost.
async fn ask(port: u16, request: &[u8], met: &mut Met) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let mut buffer = Vec::with_capacity(READ_BYTES);
    loop {
        stream.write_all(request).await?;
        buffer.clear();
        while !is_whole(&buffer) {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        if buffer.starts_with(b"HTTP/1.1 503") { met.refused += 1 } else { met.answered += 1 }
    }
}

/// Whether head and body are there; every answer to this request names its length or comes in chunks.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    match head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.trim().parse::<usize>().ok()) {
        Some(length) => answer.len() >= end + 4 + length,
        None => answer.ends_with(b"0\r\n\r\n"),
    }
}
