//! Sends HTTP requests from one thread over many connections, and tells how long the answers took.
//!
//!     load --address 127.0.0.1:8080 --requests FILE --connections 64 --seconds 10 [--warm-up 1] [--rate 2000]
//!         [--patient] [--flood]
//!
//! FILE holds whole requests, each after its length (4 bytes, little endian); they are sent in turn, over and over.
//!
//! Without `--rate` the loop is closed: each connection sends its next request as soon as it has an answer. With it the
//! loop is open: requests are due at even intervals whatever the server does, one that is due waits for a free
//! connection, and its latency counts from when it was due, so that a stall costs every request that fell into it
//! (no "coordinated omission"). With `--flood` an open loop counts what is answered within the time, however long ago it
//! was due: what is left of a server that gets more than it can take. `--patient`: a connection that was told
//! `Retry-After` waits so long.
//!
//! Prints one JSON object: for each status how many answers there were and their latencies in microseconds, from when
//! the request was due (`due`) and from when it was sent (`sent`).

#![allow(clippy::indexing_slicing, clippy::cast_precision_loss, reason = "a tool that may stop at what it can't do")]

mod answer;
mod histogram;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use answer::Answer;
use histogram::Histogram;
use rustix::event::epoll;
use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec};

type Failure = Box<dyn std::error::Error>;

/// The timer's place among the connections.
const TIMER: u64 = u64::MAX;
/// How long a lost connection waits before it is opened again, in nanoseconds.
const RECONNECT_NS: u64 = 10_000_000;
/// How long answers are waited for after the last request, in nanoseconds.
const DRAIN_NS: u64 = 5_000_000_000;

struct Options {
    address: SocketAddr,
    requests: Vec<Vec<u8>>,
    connections: usize,
    warm_up_ns: u64,
    /// From the start, with the warm-up.
    end_ns: u64,
    /// Between two requests that are due; 0 in a closed loop.
    interval_ns: u64,
    patient: bool,
    flood: bool,
}

impl Options {
    fn parse() -> Result<Self, Failure> {
        let mut named = BTreeMap::new();
        let (mut patient, mut flood) = (false, false);
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            if name == "--patient" {
                patient = true;
            } else if name == "--flood" {
                flood = true;
            } else {
                let value = arguments.next().ok_or(format!("{name} needs a value"))?;
                named.insert(name, value);
            }
        }
        let mut take = |name: &str, default: Option<&str>| {
            named.remove(name).or(default.map(str::to_owned)).ok_or(format!("{name} is missing"))
        };
        let address = take("--address", None)?.parse()?;
        let requests = read_requests(&std::fs::read(take("--requests", None)?)?)?;
        let connections = take("--connections", Some("64"))?.parse()?;
        let seconds: f64 = take("--seconds", None)?.parse()?;
        let warm_up: f64 = take("--warm-up", Some("1"))?.parse()?;
        let rate: f64 = take("--rate", Some("0"))?.parse()?;
        if let Some(name) = named.keys().next() {
            return Err(format!("unknown argument {name}").into());
        }
        Ok(Self {
            address,
            requests,
            connections,
            warm_up_ns: (warm_up * 1e9) as u64,
            end_ns: ((warm_up + seconds) * 1e9) as u64,
            interval_ns: if rate > 0.0 { (1e9 / rate) as u64 } else { 0 },
            patient,
            flood,
        })
    }
}

fn read_requests(mut bytes: &[u8]) -> Result<Vec<Vec<u8>>, Failure> {
    let mut requests = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let (request, rest) =
            rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or("the file of requests is cut off")?;
        requests.push(request.to_vec());
        bytes = rest;
    }
    if requests.is_empty() { Err("the file holds no request".into()) } else { Ok(requests) }
}

/// A request under way; nanoseconds since the start.
#[derive(Clone, Copy)]
struct UnderWay {
    due: u64,
    sent: u64,
}

struct Connection {
    stream: Option<TcpStream>,
    answer: Answer,
    under_way: Option<UnderWay>,
}

#[derive(Default)]
struct Latencies {
    due: Histogram,
    sent: Histogram,
}

struct Load {
    options: Options,
    started: Instant,
    epoll: OwnedFd,
    timer: OwnedFd,
    connections: Vec<Connection>,
    idle: Vec<usize>,
    /// When connections that wait go on.
    waking: BinaryHeap<Reverse<(u64, usize)>>,
    /// Requests that are due and have no connection yet.
    waiting: VecDeque<u64>,
    next_due: u64,
    next_request: usize,
    timer_set_for: u64,
    answers: BTreeMap<u16, Latencies>,
    lost: u64,
}

impl Load {
    fn new(options: Options) -> Result<Self, Failure> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let timer = rustix::time::timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK)?;
        epoll::add(&epoll, &timer, epoll::EventData::new_u64(TIMER), epoll::EventFlags::IN)?;
        let mut load = Self {
            started: Instant::now(),
            epoll,
            timer,
            connections: Vec::new(),
            idle: Vec::new(),
            waking: BinaryHeap::new(),
            waiting: VecDeque::new(),
            next_due: 0,
            next_request: 0,
            timer_set_for: u64::MAX,
            answers: BTreeMap::new(),
            lost: 0,
            options,
        };
        for place in 0..load.options.connections {
            load.connections.push(Connection { stream: None, answer: Answer::default(), under_way: None });
            load.connect(place)?;
        }
        load.started = Instant::now();
        Ok(load)
    }

    fn now(&self) -> u64 {
        self.started.elapsed().as_nanos() as u64
    }

    fn is_open(&self) -> bool {
        self.options.interval_ns > 0
    }

    /// Whether every request that was due counts, and its answer is waited for.
    fn waits_for_all(&self) -> bool {
        self.is_open() && !self.options.flood
    }

    fn connect(&mut self, place: usize) -> Result<(), Failure> {
        let stream = TcpStream::connect_timeout(&self.options.address, Duration::from_secs(2))?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        epoll::add(&self.epoll, &stream, epoll::EventData::new_u64(place as u64), epoll::EventFlags::IN)?;
        self.connections[place].stream = Some(stream);
        Ok(())
    }

    fn run(&mut self) -> Result<(), Failure> {
        let end = self.options.end_ns;
        self.idle = (0..self.connections.len()).collect();
        if !self.is_open() {
            for place in std::mem::take(&mut self.idle) {
                self.send(place, 0);
            }
        }
        let mut events = Vec::with_capacity(1024);
        let mut buffer = vec![0; 1 << 18];
        loop {
            let now = self.now();
            self.wake(now);
            self.send_due(now.min(end));
            let busy = !self.waiting.is_empty() || self.connections.iter().any(|c| c.under_way.is_some());
            if now >= end && (!self.waits_for_all() || !busy || now >= end + DRAIN_NS) {
                return Ok(());
            }
            self.set_timer(now, end)?;
            events.clear();
            epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut events), None)?;
            for event in &events {
                let place = event.data.u64();
                if place == TIMER {
                    rustix::io::read(&self.timer, &mut [0_u8; 8])?;
                    self.timer_set_for = u64::MAX;
                } else {
                    self.receive(place as usize, &mut buffer);
                }
            }
        }
    }

    /// Connections that have waited long enough go on.
    fn wake(&mut self, now: u64) {
        while let Some(Reverse((at, place))) = self.waking.peek().copied()
            && at <= now
        {
            self.waking.pop();
            if self.connections[place].stream.is_none() && self.connect(place).is_err() {
                self.waking.push(Reverse((now + RECONNECT_NS, place)));
            } else {
                self.free(place, now);
            }
        }
    }

    /// A connection can take the next request.
    fn free(&mut self, place: usize, now: u64) {
        if !self.is_open() {
            if now < self.options.end_ns {
                self.send(place, now);
            }
        } else if let Some(due) = self.waiting.pop_front() {
            self.send(place, due);
        } else {
            self.idle.push(place);
        }
    }

    /// Sends what is due by `now`, as far as there are free connections.
    fn send_due(&mut self, now: u64) {
        while self.is_open() && self.next_due <= now && self.next_due < self.options.end_ns {
            let due = self.next_due;
            self.next_due += self.options.interval_ns;
            match self.idle.pop() {
                Some(place) => self.send(place, due),
                None => self.waiting.push_back(due),
            }
        }
    }

    fn set_timer(&mut self, now: u64, end: u64) -> Result<(), Failure> {
        let mut at = if now < end { end } else { end + DRAIN_NS };
        if self.is_open() && self.next_due < end {
            at = at.min(self.next_due);
        }
        if let Some(Reverse((wake, _))) = self.waking.peek() {
            at = at.min(*wake);
        }
        if at == self.timer_set_for {
            return Ok(());
        }
        let nanos = at.saturating_sub(now).max(1);
        let value = Timespec { tv_sec: (nanos / 1_000_000_000) as i64, tv_nsec: (nanos % 1_000_000_000) as i64 };
        let spec = Itimerspec { it_interval: Timespec { tv_sec: 0, tv_nsec: 0 }, it_value: value };
        rustix::time::timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &spec)?;
        self.timer_set_for = at;
        Ok(())
    }

    fn send(&mut self, place: usize, due: u64) {
        let sent = self.now();
        let request = &self.options.requests[self.next_request];
        self.next_request = (self.next_request + 1) % self.options.requests.len();
        let connection = &mut self.connections[place];
        connection.under_way = Some(UnderWay { due, sent });
        // A request is far smaller than a socket's buffer, and only one is under way.
        let written = connection.stream.as_mut().map(|stream| stream.write(request));
        if !matches!(written, Some(Ok(length)) if length == request.len()) {
            self.lose(place);
        }
    }

    fn receive(&mut self, place: usize, buffer: &mut [u8]) {
        let connection = &mut self.connections[place];
        let Some(stream) = connection.stream.as_mut() else { return };
        match stream.read(buffer) {
            Ok(0) => self.lose(place),
            Ok(length) => {
                let Some(done) = connection.answer.take(&buffer[..length]) else { return };
                let now = self.now();
                if let Some(under_way) = self.connections[place].under_way.take() {
                    self.count(done.status, under_way, now);
                }
                if done.closes {
                    self.connections[place].stream = None;
                    self.waking.push(Reverse((now, place)));
                } else if self.options.patient && done.retry_after > 0 {
                    self.waking.push(Reverse((now + done.retry_after * 1_000_000_000, place)));
                } else {
                    self.free(place, now);
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(_) => self.lose(place),
        }
    }

    /// The connection broke. One that the server closed between two requests cost nothing.
    fn lose(&mut self, place: usize) {
        let now = self.now();
        let connection = &mut self.connections[place];
        connection.stream = None;
        connection.answer = Answer::default();
        if connection.under_way.take().is_some() {
            self.lost += 1;
        }
        self.idle.retain(|idle| *idle != place);
        self.waking.push(Reverse((now + RECONNECT_NS, place)));
    }

    fn count(&mut self, status: u16, under_way: UnderWay, now: u64) {
        let counts_at = if self.waits_for_all() { under_way.due } else { now };
        if counts_at >= self.options.warm_up_ns && counts_at < self.options.end_ns {
            let latencies = self.answers.entry(status).or_default();
            latencies.due.record(now - under_way.due);
            latencies.sent.record(now - under_way.sent);
        }
    }

    fn report(&self) -> serde_json::Value {
        let seconds = (self.options.end_ns - self.options.warm_up_ns) as f64 / 1e9;
        let unanswered = if self.waits_for_all() {
            self.waiting.len() + self.connections.iter().filter(|c| c.under_way.is_some()).count()
        } else {
            0
        };
        let answers: serde_json::Map<_, _> = self
            .answers
            .iter()
            .map(|(status, latencies)| {
                let each = serde_json::json!({
                    "count": latencies.due.count(), "per_second": latencies.due.count() as f64 / seconds,
                    "due": micros(&latencies.due), "sent": micros(&latencies.sent),
                });
                (status.to_string(), each)
            })
            .collect();
        serde_json::json!({ "seconds": seconds, "answers": answers, "lost": self.lost, "unanswered": unanswered })
    }
}

fn micros(histogram: &Histogram) -> serde_json::Value {
    let at = |share| histogram.percentile(share) as f64 / 1000.0;
    serde_json::json!({
        "p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "p999": at(0.999), "max": histogram.max() as f64 / 1000.0,
    })
}

fn main() -> Result<(), Failure> {
    let mut load = Load::new(Options::parse()?)?;
    load.run()?;
    println!("{}", load.report());
    Ok(())
}
