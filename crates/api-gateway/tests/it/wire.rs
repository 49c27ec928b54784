//! Requests and answers byte by byte: what is taken, what is refused, and whether the connection goes on.
//!
//! The cases are our own; their kinds are those of llhttp's tests.

use std::sync::{Arc, Mutex};

use tokio::io::AsyncWriteExt;

use crate::services::{Raw, read_request};
use crate::stage::{Stage, TASKS};

/// Whether a connection is good for another request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    GoesOn,
    Closes,
}
use Then::{Closes, GoesOn};

/// The status of every answer in what came over a connection.
fn statuses(text: &str) -> Vec<u16> {
    text.match_indices("HTTP/1.").map(|(at, _)| text[at + 9..at + 12].parse().unwrap()).collect()
}

/// Sends each request, with another behind it that is answered only where the connection goes on, and looks at the answers.
async fn check(stage: &Stage, cases: &[(&[u8], &[u16], Then)]) {
    let mut wrong = Vec::new();
    for (request, expected, then) in cases {
        let probe = "GET /health HTTP/1.1\r\nhost: probe\r\nconnection: close\r\n\r\n";
        let answer = stage.say([*request, probe.as_bytes()].concat()).await;
        let expected = [*expected, if *then == GoesOn { &[200] } else { &[] }].concat();
        if statuses(&answer) != expected {
            wrong.push(format!("{}: {:?}, not {expected:?}", request.escape_ascii(), statuses(&answer)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn request_lines() {
    let (stage, echoes) = Stage::with_echoes().await;
    let cases: &[(&[u8], &[u16], Then)] = &[
        (b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n", &[200], GoesOn),
        (b"\r\nGET /health HTTP/1.1\r\nhost: x\r\n\r\n", &[200], GoesOn),
        (b"\r\n\r\n\r\nGET /health HTTP/1.1\r\nhost: x\r\n\r\n", &[200], GoesOn),
        (b"GET /health HTTP/1.0\r\n\r\n", &[200], Closes),
        (b"GET /health HTTP/1.0\r\nconnection: keep-alive\r\n\r\n", &[200], GoesOn),
        // Methods.
        (b"HEAD /health HTTP/1.1\r\nhost: x\r\n\r\n", &[200], GoesOn),
        (b"get /health HTTP/1.1\r\nhost: x\r\n\r\n", &[405], GoesOn),
        (b"M-SEARCH /health HTTP/1.1\r\nhost: x\r\n\r\n", &[405], GoesOn),
        (b"TRACE /health HTTP/1.1\r\nhost: x\r\n\r\n", &[405], GoesOn),
        (b"G@T /health HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"G\0T /health HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"G\xe4T /health HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET: /health HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &[400], Closes),
        (b"CONNECT x:443 HTTP/1.1\r\nhost: x:443\r\n\r\n", &[400], Closes),
        // Spaces and line ends.
        (b" GET /health HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET  /health HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health  HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health HTTP/1.1 \r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET\t/health HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health\tHTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /hea lth HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health HTTP/1.1\nhost: x\n\n", &[400], Closes),
        (b"GET /health HTTP/1.1\r\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"\nGET /health HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"\r\n \r\nGET /health HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        // Versions.
        (b"GET /health\r\n\r\n", &[400], Closes),
        (b"GET\r\n\r\n", &[400], Closes),
        (b"GET /health \r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health HTTP/0.9\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health HTTP/1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health HTTP/1.\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health HTTP/1.2\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health HTTP/1.10\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health HTTP/01.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health HTTP/2.0\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health http/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health HTTPS/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health ICE/1.0\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health RTSP/1.0\r\nhost: x\r\n\r\n", &[400], Closes),
        // Targets.
        (b"GET /health? HTTP/1.1\r\nhost: x\r\n\r\n", &[200], GoesOn),
        (b"GET http://x/health HTTP/1.1\r\nhost: x\r\n\r\n", &[200], GoesOn),
        (b"GET HTTP://x:80/health HTTP/1.1\r\nhost: x\r\n\r\n", &[200], GoesOn),
        (b"GET http://x HTTP/1.1\r\nhost: x\r\n\r\n", &[404], GoesOn),
        (b"OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n", &[204], GoesOn),
        (b"OPTIONS / HTTP/1.0\r\n\r\n", &[204], Closes),
        (b"GET * HTTP/1.1\r\nhost: x\r\n\r\n", &[404], GoesOn),
        (b"GET x HTTP/1.1\r\nhost: x\r\n\r\n", &[400], GoesOn),
        (b"GET x:80 HTTP/1.1\r\nhost: x\r\n\r\n", &[400], GoesOn),
        (b"GET //x/health HTTP/1.1\r\nhost: x\r\n\r\n", &[400], GoesOn),
        (b"GET http://a@x/api/v1/me HTTP/1.1\r\nhost: x\r\n\r\n", &[400], GoesOn),
        (b"GET ftp://x/api/v1/me HTTP/1.1\r\nhost: x\r\n\r\n", &[400], GoesOn),
        (b"GET http:///health HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET ?a=b HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /health#top HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /caf\xc3\xa9 HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /a\x7f HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
        (b"GET /a\0 HTTP/1.1\r\nhost: x\r\n\r\n", &[400], Closes),
    ];
    check(&stage, cases).await;
    assert_eq!(echoes.seen(), 0);
}

#[tokio::test]
async fn header_lines() {
    let (stage, echoes) = Stage::with_echoes().await;
    let cases: &[(&str, &[u16], Then)] = &[
        ("x:\r\n", &[200], GoesOn),
        ("x:y\r\n", &[200], GoesOn),
        ("x: \t y \t \r\n", &[200], GoesOn),
        ("x: a\tb\r\n", &[200], GoesOn),
        ("x: caf\u{e9}\r\n", &[200], GoesOn),
        ("!#$%&'*+-.^_`|~0: y\r\n", &[200], GoesOn),
        ("x: y\r\nx: z\r\n", &[200], GoesOn),
        // Names.
        ("x\r\n", &[400], Closes),
        (":\r\n", &[400], Closes),
        ("x : y\r\n", &[400], Closes),
        ("x\t: y\r\n", &[400], Closes),
        (" x: y\r\n", &[400], Closes),
        ("x(y): z\r\n", &[400], Closes),
        ("x\0: y\r\n", &[400], Closes),
        // Values.
        ("x: a\0b\r\n", &[400], Closes),
        ("x: a\u{1}b\r\n", &[400], Closes),
        ("x: a\u{b}b\r\n", &[400], Closes),
        ("x: a\u{c}b\r\n", &[400], Closes),
        ("x: a\u{1b}b\r\n", &[400], Closes),
        ("x: a\u{7f}b\r\n", &[400], Closes),
        ("x: a\rb\r\n", &[400], Closes),
        ("x: a\r\r\n", &[400], Closes),
        // Line ends and folds.
        ("x: y\n", &[400], Closes),
        ("x: y\r\n\n", &[400], Closes),
        ("x: y\r\n z\r\n", &[400], Closes),
        ("x: y\r\n\tz\r\n", &[400], Closes),
        ("x:\r\n y\r\n", &[400], Closes),
        // The connection.
        ("connection: close\r\n", &[200], Closes),
        ("connection: CLOSE\r\n", &[200], Closes),
        ("connection: x, close\r\n", &[200], Closes),
        ("connection: keep-alive\r\n", &[200], GoesOn),
        ("connection: x\r\n", &[200], GoesOn),
        ("connection: x,, y\r\n", &[200], GoesOn),
        ("upgrade: foo/1\r\n", &[200], GoesOn),
        ("connection: upgrade\r\nupgrade: foo/1\r\n", &[200], Closes),
        ("expect: 100-continue\r\n", &[200], GoesOn),
        ("te: trailers\r\n", &[200], GoesOn),
        // More than one host.
        ("host: x\r\n", &[400], Closes),
    ];
    let whole: Vec<_> = cases
        .iter()
        .map(|(line, expected, then)| {
            (format!("GET /health HTTP/1.1\r\nhost: x\r\n{line}\r\n").into_bytes(), *expected, *then)
        })
        .collect();
    let whole: Vec<_> = whole.iter().map(|(request, expected, then)| (request.as_slice(), *expected, *then)).collect();
    check(&stage, &whole).await;
    assert_eq!(echoes.seen(), 0);
}

#[tokio::test]
async fn bodies() {
    let (stage, echoes) = Stage::with_echoes().await;
    let chunked = "transfer-encoding: chunked\r\n\r\n";
    let cases: &[(&str, &str, &[u16], Then)] = &[
        // Lengths.
        ("content-length: 2\r\n\r\n", "{}", &[200], GoesOn),
        ("content-length:2\r\n\r\n", "{}", &[200], GoesOn),
        ("content-length: 2 \r\n\r\n", "{}", &[200], GoesOn),
        ("content-length: 002\r\n\r\n", "{}", &[200], GoesOn),
        ("content-length: 0\r\n\r\n", "", &[200], GoesOn),
        ("\r\n", "", &[200], GoesOn),
        ("content-length: 2\r\ncontent-length: 2\r\n\r\n", "{}", &[400], Closes),
        ("content-length: 2, 2\r\n\r\n", "{}", &[400], Closes),
        ("content-length: 2;\r\n\r\n", "{}", &[400], Closes),
        ("content-length: 2.0\r\n\r\n", "{}", &[400], Closes),
        ("content-length: 2e0\r\n\r\n", "{}", &[400], Closes),
        ("content-length: two\r\n\r\n", "{}", &[400], Closes),
        ("content-length: \u{662}\r\n\r\n", "{}", &[400], Closes),
        ("content-length: 2\r\n 0\r\n\r\n", "{}", &[400], Closes),
        ("content-length: 18446744073709551616\r\n\r\n", "{}", &[400], Closes),
        ("content-length: 18446744073709551615\r\n\r\n", "{}", &[413], Closes),
        // Codings.
        ("Transfer-Encoding: Chunked\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[200], GoesOn),
        ("transfer-encoding:\tchunked \r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[200], GoesOn),
        ("transfer-encoding: chunked, chunked\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        ("transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        ("transfer-encoding: identity, chunked\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        ("transfer-encoding: chunked, identity\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        ("transfer-encoding:\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        ("transfer-encoding: chunked\u{b}\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        ("transfer-encoding: chunked, gzip\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[501], Closes),
        ("transfer-encoding: deflate\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[501], Closes),
        ("transfer-encoding: \"chunked\"\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[501], Closes),
        ("transfer-encoding: chunked;a=b\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[501], Closes),
        ("transfer-encoding: chunkedchunked\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", &[501], Closes),
        // Chunks.
        (chunked, "0\r\n\r\n", &[200], GoesOn),
        (chunked, "000\r\n\r\n", &[200], GoesOn),
        (chunked, "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", &[200], GoesOn),
        (chunked, "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", &[200], GoesOn),
        (chunked, "002\r\n{}\r\n0\r\n\r\n", &[200], GoesOn),
        (chunked, "2;a\r\n{}\r\n0;b=c\r\n\r\n", &[200], GoesOn),
        (chunked, "2;a=\"b;c\"\r\n{}\r\n0\r\n\r\n", &[200], GoesOn),
        (chunked, "2\r\n\r\n\r\n0\r\n\r\n", &[200], GoesOn),
        (chunked, "2 \r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "2 ;a\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, " 2\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "-2\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "+2\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "0x2\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "2_\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "g\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, ";a\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "10000000000000002\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "2;a\rb\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "2;a\0b\r\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "2\n{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "2\r{}\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "2\r\n{}\n0\r\n\r\n", &[400], Closes),
        (chunked, "2\r\n{}0\r\n\r\n", &[400], Closes),
        (chunked, "2\r\n{\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "2\r\n{}{\r\n0\r\n\r\n", &[400], Closes),
        (chunked, "2\r\n{}\r\n", &[400], Closes),
        (chunked, "2\r\n{}\r\n\r\n", &[400], Closes),
        // Trailers.
        (chunked, "2\r\n{}\r\n0\r\nx: y\r\nz:\r\n\r\n", &[200], GoesOn),
        (chunked, "2\r\n{}\r\n0\r\ncontent-length: 9\r\n\r\n", &[200], GoesOn),
        (chunked, "2\r\n{}\r\n0\r\n", &[400], Closes),
        (chunked, "2\r\n{}\r\n0\r\nx\r\n\r\n", &[400], Closes),
        (chunked, "2\r\n{}\r\n0\r\nx: y\n\r\n", &[400], Closes),
        (chunked, "2\r\n{}\r\n0\r\nx: y\r\n z\r\n\r\n", &[400], Closes),
        (chunked, "2\r\n{}\r\n0\r\n\n", &[400], Closes),
    ];
    let head = stage.head(&format!("POST {TASKS}"));
    let old = head.replace("HTTP/1.1", "HTTP/1.0");
    let mut taken = 0;
    for (framing, body, expected, then) in cases {
        let request = format!("{head}{framing}{body}");
        check(&stage, &[(request.as_bytes(), expected, *then)]).await;
        taken += expected.iter().filter(|status| **status == 200).count();
        assert_eq!(echoes.seen(), taken, "only what was taken whole reaches a service: {framing:?} {body:?}");
    }
    let old = [
        ("content-length: 2\r\n\r\n{}", &[200], Closes),
        ("connection: keep-alive\r\ncontent-length: 2\r\n\r\n{}", &[200], GoesOn),
        ("transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", &[400], Closes),
    ]
    .map(|(rest, expected, then)| (format!("{old}{rest}"), expected, then));
    let old: Vec<_> =
        old.iter().map(|(request, expected, then)| (request.as_bytes(), expected.as_slice(), *then)).collect();
    check(&stage, &old).await;
}

#[tokio::test]
async fn requests_one_behind_another() {
    let (stage, _echoes) = Stage::with_echoes().await;
    let get = "GET /health HTTP/1.1\r\nhost: x\r\n\r\n";
    let head = get.replace("GET", "HEAD");
    let unknown = get.replace("/health", "/api/v1/none");
    let post = stage.head(&format!("POST {TASKS}"));
    let length = format!("{post}content-length: 2\r\n\r\n{{}}");
    let chunks = format!("{post}transfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n");
    let bad = "GET /health HTTP/1.1\r\nx y\r\n\r\n";
    let cases: Vec<(String, &[u16], Then)> = vec![
        ([get, &head, &unknown, get].concat(), &[200, 200, 404, 200], GoesOn),
        ([&length, get, &chunks, get].concat(), &[200; 4], GoesOn),
        ([&chunks, "\r\n", get, "\r\n\r\n", &length].concat(), &[200; 3], GoesOn),
        ([get, bad, get].concat(), &[200, 400], Closes),
        ([&chunks, "x\r\n", get].concat(), &[200, 400], Closes),
        ([&length, "{}", get].concat(), &[200, 400], Closes),
        ([get, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"].concat(), &[200, 400], Closes),
        ([get, &get.replace("host", "connection: close\r\nhost"), get].concat(), &[200, 200], Closes),
        (
            [&unknown.replace("GET", "POST").replace("\r\n\r\n", "\r\ncontent-length: 2\r\n\r\n{}"), get].concat(),
            &[404],
            Closes,
        ),
    ];
    let cases: Vec<_> = cases.iter().map(|(request, expected, then)| (request.as_bytes(), *expected, *then)).collect();
    check(&stage, &cases).await;
}

/// A gateway before a service that says the same to every request, until it is told to say something else.
struct Parrot {
    stage: Stage,
    said: Arc<Mutex<Vec<u8>>>,
    _raw: Raw,
}

impl Parrot {
    async fn start() -> Self {
        let said = Arc::<Mutex<Vec<u8>>>::default();
        let says = said.clone();
        let raw = Raw::start(move |mut stream, _| {
            let says = says.lock().unwrap().clone();
            async move {
                if !read_request(&mut stream).await.is_empty() {
                    let _ = stream.write_all(&says).await;
                }
            }
        })
        .await;
        Self { stage: Stage::before(&raw).await, said, _raw: raw }
    }

    /// What the gateway makes of what the service says, for a `GET`: status and body; none where the body breaks off.
    async fn passed_on(&self, said: &str) -> (u16, Option<String>) {
        self.said.lock().unwrap().clone_from(&said.as_bytes().to_vec());
        let answer = self.stage.say(self.stage.head(&format!("GET {TASKS}")) + "connection: close\r\n\r\n").await;
        // Nothing at all comes where the body broke before the head was out.
        let [status] = statuses(&answer)[..] else { return (0, None) };
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let body = if head.contains("transfer-encoding: chunked") {
            assert!(length.is_none(), "{head}");
            let chunks = body.strip_suffix("0\r\n\r\n");
            chunks.map(|chunks| chunks.split("\r\n").skip(1).step_by(2).collect())
        } else {
            let is_whole = status == 304 || length.is_none_or(|length| length == body.len().to_string());
            is_whole.then(|| body.to_owned())
        };
        (status, body)
    }
}

#[tokio::test]
async fn answers_of_a_service() {
    let ok = "HTTP/1.1 200 OK\r\n";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    // Told as it is, or a 502 of the gateway's own.
    let cases: Vec<(String, Option<(u16, &str)>)> = vec![
        // Status lines.
        ("HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok".into(), Some((200, "ok"))),
        ("HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\nok".into(), Some((200, "ok"))),
        ("HTTP/1.1 200 All right, caf\u{e9}\r\ncontent-length: 2\r\n\r\nok".into(), Some((200, "ok"))),
        ("HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok".into(), Some((200, "ok"))),
        ("HTTP/1.1 299 Odd\r\ncontent-length: 2\r\n\r\nok".into(), Some((299, "ok"))),
        ("HTTP/1.1 418 Teapot\r\ncontent-length: 2\r\n\r\nok".into(), Some((418, "ok"))),
        ("HTTP/1.1 599 Odd\r\ncontent-length: 2\r\n\r\nok".into(), Some((599, "ok"))),
        ("HTTP/1.1 99 Odd\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("HTTP/1.1 099 Odd\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("HTTP/1.1 600 Odd\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("HTTP/1.1 1000 Odd\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("HTTP/1.1 -200 Odd\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("HTTP/1.1 OK\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("HTTP/1.1\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("HTTP/1.1 200OK\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("HTTP/1.1 200 O\0K\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("HTTP/0.9 200 OK\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("HTTP/2.0 200 OK\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("http/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("ICY 200 OK\r\ncontent-length: 2\r\n\r\nok".into(), None),
        ("content-length: 2\r\n\r\nok".into(), None),
        // Header lines.
        (format!("{ok}content-length: 2\r\nx:\r\n\r\nok"), Some((200, "ok"))),
        (format!("{ok}content-length: 2\r\nx : y\r\n\r\nok"), Some((200, "ok"))),
        (format!("{ok}content-length: 2\r\nx: a\0b\r\n\r\nok"), None),
        (format!("{ok}content-length: 2\r\nx: a\u{7f}b\r\n\r\nok"), None),
        (format!("{ok}content-length: 2\r\nx: a\rb\r\n\r\nok"), None),
        (format!("{ok}content-length: 2\r\nx: y\r\n z\r\n\r\nok"), None),
        (format!("{ok}content-length: 2\r\n: y\r\n\r\nok"), None),
        // What comes before the answer.
        (format!("HTTP/1.1 100 Continue\r\n\r\n{ok}content-length: 2\r\n\r\nok"), Some((200, "ok"))),
        (format!("HTTP/1.1 102 Processing\r\n\r\n{ok}content-length: 2\r\n\r\nok"), Some((200, "ok"))),
        (
            format!(
                "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n{ok}content-length: 2\r\n\r\nok"
            ),
            Some((200, "ok")),
        ),
        (format!("HTTP/1.1 199 Odd\r\ncontent-length: 9\r\n\r\n{ok}content-length: 2\r\n\r\nok"), Some((200, "ok"))),
        ("HTTP/1.1 100 Continue\r\n\r\n".into(), None),
        (
            format!(
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n{ok}content-length: 2\r\n\r\nok"
            ),
            None,
        ),
        // No body.
        ("HTTP/1.1 204 No Content\r\n\r\n".into(), Some((204, ""))),
        ("HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nok".into(), Some((204, ""))),
        ("HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n".into(), Some((204, ""))),
        ("HTTP/1.1 304 Not Modified\r\ncontent-length: 2\r\n\r\nok".into(), Some((304, ""))),
        // Lengths.
        (format!("{ok}content-length: 0\r\n\r\n"), Some((200, ""))),
        (format!("{ok}content-length: 002\r\n\r\nok"), Some((200, "ok"))),
        (format!("{ok}content-length: 2\r\n\r\nok and more"), Some((200, "ok"))),
        (format!("{ok}\r\nuntil the end"), Some((200, "until the end"))),
        (format!("{ok}content-length: +2\r\n\r\nok"), None),
        (format!("{ok}content-length: -2\r\n\r\nok"), None),
        (format!("{ok}content-length: 2, 3\r\n\r\nok"), None),
        (format!("{ok}content-length: 2\r\ncontent-length: 3\r\n\r\nok"), None),
        (format!("{ok}content-length: 99999999999999999999\r\n\r\nok"), None),
        (format!("{ok}content-length: 3\r\n\r\nok"), None),
        // Codings.
        (format!("{ok}transfer-encoding: gzip\r\n\r\nok"), None),
        (format!("{ok}transfer-encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"), None),
        (format!("{ok}transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n"), Some((200, "ok"))),
        // Chunks.
        (format!("{chunked}0\r\n\r\n"), Some((200, ""))),
        (format!("{chunked}1\r\no\r\n1;a=b\r\nk\r\n0\r\n\r\n"), Some((200, "ok"))),
        (format!("{chunked}2\r\nok\r\n0\r\nx: y\r\n\r\n"), Some((200, "ok"))),
    ];
    let parrot = Parrot::start().await;
    let mut wrong = Vec::new();
    for (said, expected) in &cases {
        let (status, body) = parrot.passed_on(said).await;
        let right = match expected {
            None => status == 502 && body.as_deref().is_some_and(|body| body.contains("task-service")),
            Some((told, whole)) => (status, body.as_deref()) == (*told, Some(*whole)),
        };
        if !right {
            wrong.push(format!("{}: {status} {body:?}", said.escape_debug()));
        }
    }
    // A part of the answer was out when it broke.
    for damage in [
        "x\r\n",
        "3\r\nok\r\n0\r\n\r\n",
        "2\r\nok",
        "2\r\nokk\r\n0\r\n\r\n",
        "2\r\nok\r\n",
        "2\r\nok\r\n0\r\n",
        "\r\n",
        "-1\r\n",
    ] {
        let (_, body) = parrot.passed_on(&format!("{chunked}{damage}")).await;
        if body.is_some() {
            wrong.push(format!("{damage:?}: {body:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
