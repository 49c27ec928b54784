//! One request at a time over each connection.
//!
//! actix-http reads pipelined requests ahead, and remembers once a connection what it should remember once a request: whether
//! it was `HEAD`, its version, whether the connection goes on. So a `HEAD` behind a `GET` took the body from the `GET`'s
//! answer. Its connections are wrapped here: they hold the next request back until the one before has been answered, and
//! refuse what can be cut into requests in two ways.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use actix_web::rt::net::{ActixStream, Ready, TcpStream};
use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// What is held of a request at most: a line of its head that hasn't come whole. actix-http refuses what is longer.
const LONGEST_LINE: usize = 128 * 1024;
/// Longest line with the size of a chunk, and all trailers together.
const LONGEST_CHUNK_LINE: usize = 1024;
const MOST_TRAILERS: usize = 8 * 1024;
const READ_BYTES: usize = 8 * 1024;
/// So many times that is read and thrown away at the end of a connection.
const MOST_SCRAPS: usize = 8;
/// As long as `transfer-encoding`, and no header that anybody reads.
const UNKNOWN_CODING: &[u8] = b"x-transfer-coding";
/// As long as `expect`, and no header that anybody reads: actix-http would ask for every body, wanted or not.
const EXPECT: &[u8] = b"x-pect";
/// For so long what is left of a body may come after its request was answered.
const LINGER: Duration = Duration::from_secs(2);
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
/// Pipelined bytes that are taken in to see whether the client closes behind them; more stays with the kernel.
const MOST_AHEAD: usize = 8 * 1024;
/// Stands for what actix-http shall refuse with 400: it isn't allowed in a head.
const REFUSED: u8 = 0;

/// How far the answers of a connection are; its requests find it as their connection's data.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    answered: Cell<u64>,
    unknown_coding: Cell<bool>,
    gone: Cell<bool>,
    broken: Cell<bool>,
    asked_for: Cell<Body>,
    waiting: RefCell<Option<Waker>>,
}

impl Turns {
    /// Whether the request that is being answered has a transfer coding that isn't known here; where it ends isn't known
    /// then.
    pub(crate) fn unknown_coding(&self) -> bool {
        self.unknown_coding.get()
    }

    /// Asks the client for its body, if it waits until somebody does.
    pub(crate) fn want_body(&self) {
        if self.asked_for.get() == Body::Held {
            self.asked_for.set(Body::Wanted);
            self.wake();
        }
    }

    /// Whether no request can follow: the body broke, or the client hasn't been asked for it yet and may send it or not when
    /// it has been answered.
    pub(crate) fn is_last(&self) -> bool {
        self.broken.get() || self.asked_for.get() != Body::Comes
    }

    fn wake(&self) {
        if let Some(waiting) = self.waiting.take() {
            waiting.wake();
        }
    }

    /// Whether the client has closed its side. It may still wait for an answer that ends, but hardly for one that doesn't.
    pub(crate) fn gone(&self) -> bool {
        self.gone.get()
    }
}

/// Whether the client waits until its body is asked for (RFC 9110, section 10.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Body {
    /// It doesn't wait.
    #[default]
    Comes,
    /// It waits.
    Held,
    /// It waits, and its body is wanted.
    Wanted,
}

/// Held while a request is answered; the next one comes when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn(pub(crate) Rc<Turns>);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.answered.set(self.0.answered.get() + 1);
        self.0.asked_for.set(Body::Comes);
        self.0.wake();
    }
}

/// A connection that gives one request at a time.
#[derive(Debug)]
pub(crate) struct Connection {
    io: TcpStream,
    turns: Rc<Turns>,
    gate: Gate,
    /// What has come and not been given on; of it, `passed` bytes may go.
    held: BytesMut,
    passed: usize,
    ended: bool,
    /// Bytes of [`CONTINUE`] that are written.
    continued: usize,
    /// Whether a part of an answer isn't written yet.
    unflushed: bool,
    /// Ends the connection of a request that was answered before its body was there.
    linger: Option<Pin<Box<Sleep>>>,
}

impl Connection {
    pub(crate) fn new(io: TcpStream) -> Self {
        let (turns, gate) = (Rc::default(), Gate::default());
        let held = BytesMut::new();
        Self { io, turns, gate, held, passed: 0, ended: false, continued: 0, unflushed: false, linger: None }
    }

    pub(crate) fn turns(&self) -> Rc<Turns> {
        self.turns.clone()
    }

    /// Asks for the body, once it is wanted and the answer before is out.
    fn poll_continue(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.unflushed {
            self.turns.waiting.replace(Some(cx.waker().clone()));
            return Poll::Pending;
        }
        while let Some(left) = CONTINUE.get(self.continued..).filter(|left| !left.is_empty()) {
            self.continued += ready!(Pin::new(&mut self.io).poll_write(cx, left))?;
        }
        self.continued = 0;
        self.turns.asked_for.set(Body::Comes);
        Poll::Ready(Ok(()))
    }

    /// Notices that the client has gone while it waits for an answer. Never ready but with an error: actix-http hears of the end
    /// when the answer is out.
    fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut byte = [0];
        while self.held.len() < MOST_AHEAD {
            // A stream that waits for nothing but its end keeps no memory.
            if ready!(self.io.poll_peek(cx, &mut ReadBuf::new(&mut byte)))? == 0 {
                self.turns.gone.set(true);
                break;
            }
            self.held.reserve(READ_BYTES);
            ready!(pin!(self.io.read_buf(&mut self.held)).poll(cx))?;
        }
        Poll::Pending
    }

    /// Gives on what has passed of what was held.
    fn give(&mut self, buf: &mut ReadBuf<'_>) {
        let n = self.passed.min(buf.remaining());
        buf.put_slice(self.held.get(..n).unwrap_or_default());
        self.held.advance(n);
        self.passed -= n;
        if self.held.is_empty() {
            // An idle connection keeps no memory.
            self.held = BytesMut::new();
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            match this.turns.asked_for.get() {
                Body::Comes => {}
                Body::Held => drop(this.turns.waiting.replace(Some(cx.waker().clone()))),
                Body::Wanted => ready!(this.poll_continue(cx))?,
            }
            if this.gate.is_in_body() {
                if this.turns.answered.get() < this.gate.requests {
                    // For when it is answered before the rest is there.
                    this.turns.waiting.replace(Some(cx.waker().clone()));
                } else if this.linger.get_or_insert_with(|| Box::pin(sleep(LINGER))).as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Ok(()));
                }
            } else if this.linger.is_some() {
                this.linger = None;
            }
            if this.passed == 0 && !this.held.is_empty() {
                this.passed = this.gate.pass(&mut this.held, &this.turns);
            }
            if this.passed > 0 {
                this.give(buf);
                return Poll::Ready(Ok(()));
            }
            if this.gate.waits(&this.turns) {
                this.turns.waiting.replace(Some(cx.waker().clone()));
                return this.poll_gone(cx);
            }
            if this.gate.is_broken() {
                return Poll::Ready(Ok(()));
            }
            if this.ended && this.gate.is_in_body() {
                this.gate.break_off(&this.turns);
                continue;
            }
            if this.ended {
                // What is left is no whole line, and will be none.
                this.gate.stage = Stage::Open;
                if this.held.is_empty() {
                    return Poll::Ready(Ok(()));
                }
                continue;
            }
            if this.held.is_empty() {
                let before = buf.filled().len();
                ready!(Pin::new(&mut this.io).poll_read(cx, buf))?;
                let come = buf.filled_mut().get_mut(before..).unwrap_or_default();
                this.ended = come.is_empty();
                let n = this.gate.pass(come, &this.turns);
                this.held.extend_from_slice(come.get(n..).unwrap_or_default());
                buf.set_filled(before + n);
                if n > 0 {
                    return Poll::Ready(Ok(()));
                }
            } else {
                this.held.reserve(READ_BYTES);
                this.ended = ready!(pin!(this.io.read_buf(&mut this.held)).poll(cx))? == 0;
            }
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.unflushed = true;
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.unflushed = true;
        Pin::new(&mut self.io).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.io).poll_flush(cx))?;
        self.unflushed = false;
        if self.turns.asked_for.get() == Body::Wanted {
            self.turns.wake();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.io).poll_shutdown(cx))?;
        // What is left unread would make the kernel reset the connection, and the client might lose the answer.
        let mut scrap = [0; READ_BYTES];
        for _ in 0..MOST_SCRAPS {
            let Ok(1..) = self.io.try_read(&mut scrap) else { break };
        }
        Poll::Ready(Ok(()))
    }
}

impl ActixStream for Connection {
    fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        ActixStream::poll_read_ready(&self.io, cx)
    }

    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        ActixStream::poll_write_ready(&self.io, cx)
    }
}

/// Where in a request the next byte is.
#[derive(Debug)]
enum Stage {
    /// At the beginning of a line of the head; `begun` tells whether it is after the request line, `old` whether that was of
    /// HTTP/1.0, `waits` whether the client holds the body back.
    Head { begun: bool, old: bool, length: u64, chunked: bool, waits: bool },
    /// Within a body of a known length, of which so much is still to come.
    Body(u64),
    /// At the line that names the size of a chunk.
    Size,
    /// Within a chunk, of which so much is still to come.
    Chunk(u64),
    /// At the line break behind a chunk.
    ChunkEnd,
    /// At a line after the last chunk; of all of them, so many bytes may come.
    Trailers(usize),
    /// At its end: the next request waits until so many are answered.
    Answer,
    /// At its end, and no other can follow.
    Last,
    /// Nothing is looked at any more: actix-http refuses it.
    Open,
    /// Within a body that can't be read on. To actix-http it is as if the client had closed its side, and the answer is sent; for
    /// bytes of a body that it can't read, it would drop an answer that isn't ready yet.
    Broken,
}

const NEXT_REQUEST: Stage = Stage::Head { begun: false, old: false, length: 0, chunked: false, waits: false };

#[derive(Debug)]
struct Gate {
    stage: Stage,
    /// Requests whose head has passed.
    requests: u64,
}

impl Default for Gate {
    fn default() -> Self {
        Self { stage: NEXT_REQUEST, requests: 0 }
    }
}

impl Gate {
    /// Whether nothing may pass until an answer is out.
    fn waits(&self, turns: &Turns) -> bool {
        match self.stage {
            Stage::Answer => turns.answered.get() < self.requests,
            Stage::Last => true,
            _ => false,
        }
    }

    /// Whether a part of a request's body is still to come.
    fn is_in_body(&self) -> bool {
        use Stage::{Body, Chunk, ChunkEnd, Size, Trailers};
        matches!(self.stage, Body(_) | Size | Chunk(_) | ChunkEnd | Trailers(_))
    }

    fn is_broken(&self) -> bool {
        matches!(self.stage, Stage::Broken)
    }

    /// How many of these bytes, which come next, may go.
    fn pass(&mut self, bytes: &mut [u8], turns: &Turns) -> usize {
        let mut at = 0;
        while let Some(rest) = bytes.get_mut(at..).filter(|rest| !rest.is_empty()) {
            if matches!(self.stage, Stage::Body(_) | Stage::Size) {
                // It didn't wait after all.
                turns.asked_for.set(Body::Comes);
            }
            match &mut self.stage {
                Stage::Open => return bytes.len(),
                Stage::Last | Stage::Broken => return at,
                Stage::Answer if turns.answered.get() < self.requests => return at,
                Stage::Answer => self.stage = NEXT_REQUEST,
                Stage::Body(left) | Stage::Chunk(left) => {
                    let n = usize::try_from(*left).map_or(rest.len(), |left| left.min(rest.len()));
                    *left -= n as u64;
                    at += n;
                    if *left == 0 {
                        self.stage = if matches!(self.stage, Stage::Body(_)) { Stage::Answer } else { Stage::ChunkEnd };
                    }
                }
                Stage::ChunkEnd => match rest {
                    [b'\r'] => return at,
                    [b'\r', b'\n', ..] => (at, self.stage) = (at + 2, Stage::Size),
                    _ => self.break_off(turns),
                },
                Stage::Head { .. } | Stage::Size | Stage::Trailers(_) => {
                    let is_head = matches!(self.stage, Stage::Head { .. });
                    let longest = if is_head { LONGEST_LINE } else { LONGEST_CHUNK_LINE };
                    let end = rest.iter().position(|byte| *byte == b'\n').filter(|end| is_head || *end < longest);
                    let Some(end) = end else {
                        if rest.len() < longest {
                            return at;
                        }
                        if is_head {
                            // 431 is for actix-http to say, which has as little room.
                            self.stage = Stage::Open;
                        } else {
                            self.break_off(turns);
                        }
                        continue;
                    };
                    if let Some(line) = rest.get_mut(..=end) {
                        self.line(line, turns);
                        if self.is_broken() {
                            return at;
                        }
                        at += line.len();
                    }
                }
            }
        }
        at
    }

    /// Looks at a whole line.
    fn line(&mut self, line: &mut [u8], turns: &Turns) {
        let Some(text) = line.strip_suffix(b"\r\n") else {
            return if self.is_in_body() { self.break_off(turns) } else { self.refuse(line) };
        };
        match &mut self.stage {
            // Empty lines may come before a request (RFC 9112, section 2.2).
            Stage::Head { begun: false, .. } if text.is_empty() => {}
            // A fragment is the client's own (RFC 9112, section 3.2); who cuts it off asks for something else than who doesn't.
            Stage::Head { begun: false, .. } if text.contains(&b'#') => self.refuse(line),
            Stage::Head { begun: begun @ false, old, .. } => (*begun, *old) = (true, text.ends_with(b"HTTP/1.0")),
            Stage::Head { old, length, chunked, waits, .. } if text.is_empty() => {
                self.requests += 1;
                // RFC 9110, section 10.1.1: an older client doesn't know what it is asked.
                let held = *waits && !*old && (*chunked || *length > 0);
                turns.asked_for.set(if held { Body::Held } else { Body::Comes });
                self.stage = match (*chunked, *length) {
                    _ if turns.unknown_coding.get() => Stage::Last,
                    (true, _) => Stage::Size,
                    (false, 0) => Stage::Answer,
                    (false, length) => Stage::Body(length),
                };
            }
            Stage::Head { length, chunked, waits, .. } => {
                let Some(colon) = text.iter().position(|byte| *byte == b':') else { return };
                let (name, value) = (text.get(..colon).unwrap_or_default(), text.get(colon + 1..).unwrap_or_default());
                if name.eq_ignore_ascii_case(b"content-length") {
                    *length = str::from_utf8(value).ok().and_then(|value| value.trim().parse().ok()).unwrap_or(0);
                } else if name.eq_ignore_ascii_case(b"expect") {
                    *waits = value.trim_ascii().eq_ignore_ascii_case(b"100-continue");
                    if let Some(name) = line.get_mut(..EXPECT.len()) {
                        name.copy_from_slice(EXPECT);
                    }
                } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
                    *chunked = true;
                    if !is_known_coding(value)
                        && let Some(name) = line.get_mut(..UNKNOWN_CODING.len())
                    {
                        name.copy_from_slice(UNKNOWN_CODING);
                        turns.unknown_coding.set(true);
                    }
                }
            }
            Stage::Size => match size_of_chunk(text) {
                Some(0) => self.stage = Stage::Trailers(MOST_TRAILERS),
                Some(size) => self.stage = Stage::Chunk(size),
                None => self.break_off(turns),
            },
            Stage::Trailers(_) if text.is_empty() => self.stage = Stage::Answer,
            Stage::Trailers(left) => match left.checked_sub(line.len()).filter(|_| is_field(text)) {
                Some(less) => *left = less,
                None => self.break_off(turns),
            },
            Stage::Body(_) | Stage::Chunk(_) | Stage::ChunkEnd => {}
            Stage::Answer | Stage::Last | Stage::Open | Stage::Broken => {}
        }
    }

    /// Lets actix-http refuse the request, and end the connection.
    fn refuse(&mut self, line: &mut [u8]) {
        if let Some(first) = line.first_mut() {
            *first = REFUSED;
        }
        self.stage = Stage::Open;
    }

    /// Lets the body end here, and the connection after the answer.
    fn break_off(&mut self, turns: &Turns) {
        turns.broken.set(true);
        self.stage = Stage::Broken;
    }
}

/// Whether all codings are known. What is known but not taken, such as `identity`, is for actix-http to refuse.
fn is_known_coding(value: &[u8]) -> bool {
    let known = |coding: &[u8]| {
        let coding = coding.trim_ascii();
        coding.is_empty() || coding.eq_ignore_ascii_case(b"chunked") || coding.eq_ignore_ascii_case(b"identity")
    };
    value.split(|byte| *byte == b',').all(known)
}

/// The size in a line before a chunk; extensions are passed over. `None` for what another reader may read differently:
/// spaces, signs, control characters, more digits than a size has.
fn size_of_chunk(line: &[u8]) -> Option<u64> {
    if line.iter().any(is_control) {
        return None;
    }
    let digits = line.split(|byte| *byte == b';').next().filter(|digits| (1..=16).contains(&digits.len()))?;
    let digits = digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)?;
    u64::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

/// Whether a line is a header field (RFC 9112, section 5), and not the first line of a request that is hidden in a body.
fn is_field(line: &[u8]) -> bool {
    let name = line.iter().position(|byte| *byte == b':').and_then(|colon| line.get(..colon));
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    name.is_some_and(|name| !name.is_empty() && name.iter().all(is_token)) && !line.iter().any(is_control)
}

fn is_control(byte: &u8) -> bool {
    byte.is_ascii_control() && *byte != b'\t'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a gate lets pass of a text that comes in pieces of this size, if nothing is answered meanwhile.
    fn passed(text: &str, piece: usize) -> (String, Gate, Turns) {
        let (mut gate, turns) = (Gate::default(), Turns::default());
        let (mut held, mut out) = (Vec::new(), Vec::new());
        for piece in text.as_bytes().chunks(piece) {
            held.extend_from_slice(piece);
            let n = gate.pass(&mut held, &turns);
            out.extend(held.drain(..n));
        }
        (String::from_utf8(out).unwrap(), gate, turns)
    }

    #[test]
    fn a_request_passes_and_the_next_one_waits() {
        let next = "HEAD / HTTP/1.1\r\nhost: x\r\n\r\n";
        for request in [
            "GET / HTTP/1.1\r\nhost: x\r\n\r\n",
            "\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n",
            "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nabcd",
            "POST / HTTP/1.1\r\nhost: x\r\nContent-Length:0\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\nhost: x\r\n\r\n4;a=\"b\"\r\nab\r\n\r\n1\r\nx\r\n0\r\nx: y\r\n\r\n",
        ] {
            for piece in 1..=request.len() + next.len() {
                let (out, mut gate, turns) = passed(&format!("{request}{next}"), piece);
                assert_eq!(out, request, "in pieces of {piece}");
                assert!(gate.waits(&turns));
                drop(Turn(turns.into()));
                let turns = Turns { answered: Cell::new(1), ..Turns::default() };
                assert_eq!(gate.pass(&mut next.as_bytes().to_vec(), &turns), next.len());
            }
        }
    }

    #[test]
    fn a_head_that_can_be_read_in_two_ways_is_spoiled() {
        for bad in [
            "GET / HTTP/1.1\nhost: x\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\n\r\n",
            "GET / HTTP/1.1\r\nhost: x\r\n\n",
            "GET /#/x HTTP/1.1\r\nhost: x\r\n\r\n",
        ] {
            for piece in [1, 7, bad.len()] {
                let (out, ..) = passed(bad, piece);
                assert!(out.contains('\0'), "{bad:?}: {out:?}");
            }
        }
    }

    #[test]
    fn a_body_that_can_be_read_in_two_ways_ends_before_it_shows() {
        let long_extension = format!("4;{}\r\nabcd\r\n0\r\n\r\n", "x".repeat(LONGEST_CHUNK_LINE));
        let many_trailers = format!("0\r\n{}\r\n", "x: y\r\n".repeat(MOST_TRAILERS / 6 + 1));
        for bad in [
            "4 \r\nabcd\r\n0\r\n\r\n",
            " 4\r\nabcd\r\n0\r\n\r\n",
            "+4\r\nabcd\r\n0\r\n\r\n",
            "0x4\r\nabcd\r\n0\r\n\r\n",
            "4\nabcd\r\n0\r\n\r\n",
            "4;a\rb\r\nabcd\r\n0\r\n\r\n",
            "4;a\0\r\nabcd\r\n0\r\n\r\n",
            "00000000000000004\r\nabcd\r\n0\r\n\r\n",
            "\r\n",
            "4\r\nabcde\r\n0\r\n\r\n",
            "4\r\nabcd\n0\r\n\r\n",
            "4\r\nabcd\r0\r\n\r\n",
            "0\r\nx: a\rb\r\n\r\n",
            "0\r\nx: a\0b\r\n\r\n",
            "0\r\nx : y\r\n\r\n",
            "0\r\n: y\r\n\r\n",
            "0\r\nx: y\r\n z\r\n\r\n",
            "0\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n",
            "0\r\nGET http://x/ HTTP/1.1\r\nhost: x\r\n\r\n",
            long_extension.as_str(),
            many_trailers.as_str(),
        ] {
            let text = format!("POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n{bad}");
            for piece in [1, 7, text.len()] {
                let (out, gate, turns) = passed(&text, piece);
                assert!(gate.is_broken() && turns.is_last(), "{bad:?}: {out:?}");
                assert!(text.starts_with(&out) && out.len() < text.len(), "{bad:?}: {out:?}");
            }
        }
    }

    #[test]
    fn after_an_unknown_coding_nothing_passes() {
        for coding in ["gzip", "gzip, chunked", "xchunked", "chunked;q=1"] {
            let head = format!("POST / HTTP/1.1\r\nhost: x\r\nTransfer-Encoding: {coding}\r\n\r\n");
            let (out, gate, turns) = passed(&format!("{head}0\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n"), 9);
            assert_eq!(out, head.replace("Transfer-Encoding", "x-transfer-coding"));
            assert!(turns.unknown_coding());
            turns.answered.set(1);
            assert!(gate.waits(&turns));
        }
    }
}
