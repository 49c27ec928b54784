use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpResponse, web};
use domain::problem::Code;
use platform::ApiError;
use platform::health::Health;
use testkit::{Running, eventually};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, Semaphore};

#[tokio::test]
async fn a_request_keeps_its_id_and_its_trace() {
    let running = Running::start(Health::default(), |_| {}).await;
    let api = running
        .api()
        .with_header("x-request-id", "call-4711")
        .with_header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let answer = api.get("/nowhere").await;
    answer.is_problem(404, "no route for /nowhere");
    assert_eq!(answer.header("x-request-id"), "call-4711");
    assert_eq!(answer.json["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    let parent = answer.header("traceparent");
    assert!(parent.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && !parent.contains("00f067aa0ba902b7"));

    let made = running.api().get("/nowhere").await;
    assert_eq!(made.header("x-request-id").len(), 36);
    assert_eq!(made.json["trace_id"].as_str().unwrap().len(), 32);
    let odd = running.api().with_header("x-request-id", &"x".repeat(129)).get("/nowhere").await;
    assert_eq!(odd.header("x-request-id").len(), 36, "what is too long is not taken over");
}

#[tokio::test]
async fn what_breaks_is_a_500_that_says_nothing_of_our_insides() {
    let running = Running::start(Health::default(), |cfg| {
        cfg.route(
            "/broken",
            web::get().to(|| async {
                Err::<HttpResponse, _>(ApiError::internal(anyhow::anyhow!("SELECT * FROM secrets; /etc/passwd")))
            }),
        );
    })
    .await;
    let answer = running.api().get("/broken").await;
    answer.is_problem(500, "trace id");
    assert!(!answer.text.contains("secrets") && !answer.text.contains("/etc"));
}

#[tokio::test]
async fn readiness_names_what_is_missing_and_life_goes_on() {
    let there = Arc::new(Semaphore::new(0));
    let probe = there.clone();
    let health = Health::default().with("database", || async { Ok(()) }).with("redis", move || {
        let probe = probe.clone();
        async move { if probe.available_permits() > 0 { Ok(()) } else { anyhow::bail!("connection refused") } }
    });
    let running = Running::start(health, |_| {}).await;
    let _ = running.api().get("/health").await.expect(200);
    let answer = running.api().get("/health/ready").await.expect(503);
    assert_eq!(answer.json["status"], "not_ready");
    let missing: Vec<_> = answer.json["dependencies"].as_array().unwrap().iter().filter(|d| d["ok"] == false).collect();
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0]["name"], "redis");
    assert!(!answer.text.contains("refused"), "the cause is for the log");
    there.add_permits(1);
    let _ = running.api().get("/health/ready").await.expect(200);
}

/// The names of what an answer about readiness says is missing.
fn missing(answer: &testkit::Answer) -> Vec<&str> {
    let dependencies = answer.json["dependencies"].as_array().unwrap();
    dependencies.iter().filter(|d| d["ok"] == false).map(|d| d["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn requests_may_come_once_all_was_there_and_until_the_end() {
    let there = Arc::new(Semaphore::new(0));
    let probe = there.clone();
    let health = Health::default().with("redis", || async { anyhow::bail!("away") }).first("schema", move || {
        let probe = probe.clone();
        async move { if probe.available_permits() > 0 { Ok(()) } else { anyhow::bail!("no such table") } }
    });
    let mut http = testkit::http_settings();
    http.drain_delay_ms = 60_000;
    let running = Running::start_with(&http, health, |_| {}).await;
    let api = running.api();
    let answer = api.get("/health/serving").await.expect(503);
    assert_eq!(missing(&answer), ["schema"], "what may be away doesn't matter");

    there.add_permits(1);
    let _ = api.get("/health/serving").await.expect(200);
    there.forget_permits(1);
    let _ = api.get("/health/serving").await.expect(200);
    assert_eq!(missing(&api.get("/health/ready").await.expect(503)), ["redis"]);

    let stopped = tokio::spawn(running.stop());
    let answer = eventually("no requests may come any more", Duration::from_secs(5), async || {
        let answer = api.get("/health/serving").await;
        (answer.status == 503).then_some(answer)
    })
    .await;
    assert_eq!(missing(&answer), ["shutdown"]);
    stopped.abort();
}

#[tokio::test]
async fn metrics_are_on_the_management_port_alone() {
    let running = Running::start(Health::default(), |_| {}).await;
    let _ = running.api().get("/no/such/12345").await;
    running.api().get("/metrics").await.is_problem(404, "no route");
    let metrics = testkit::Api::new(&running.management_url).get("/metrics").await.expect(200).text;
    assert!(metrics.contains(r#"http_requests_total{method="GET",route="unmatched",status="404"}"#), "{metrics}");
    assert!(!metrics.contains("12345"), "no label takes a raw path");
}

#[tokio::test]
async fn metrics_tell_which_build_this_is() {
    platform::metrics::init("1.2.3");
    let metrics = String::from_utf8(platform::metrics::render().unwrap()).unwrap();
    let line = metrics.lines().find(|line| line.starts_with("taskhub_build_info")).unwrap();
    assert!(line.contains(r#"version="1.2.3""#) && line.contains("revision=\"") && line.ends_with(" 1"), "{line}");
}

#[tokio::test]
async fn a_stop_finishes_what_is_under_way() {
    let (started, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (s, g) = (started.clone(), go.clone());
    let running = Running::start(Health::default(), move |cfg| {
        let (s, g) = (s.clone(), g.clone());
        cfg.route(
            "/slow",
            web::get().to(move || {
                let (s, g) = (s.clone(), g.clone());
                async move {
                    s.notify_one();
                    g.notified().await;
                    HttpResponse::Ok().body("done")
                }
            }),
        );
    })
    .await;
    // An idle keep-alive connection doesn't hold up the end.
    let idle = running.api();
    let _ = idle.get("/health").await.expect(200);
    let slow = tokio::spawn({
        let api = running.api();
        async move { api.get("/slow").await }
    });
    started.notified().await;
    let fresh = running.api();
    let stopped = tokio::spawn(running.stop());
    eventually("nobody is let in any more", Duration::from_secs(5), async || {
        fresh.try_send("GET", "/health", None).await.err()
    })
    .await;
    assert!(!stopped.is_finished());
    go.notify_one();
    assert_eq!(slow.await.unwrap().expect(200).text, "done");
    tokio::time::timeout(Duration::from_secs(2), stopped).await.unwrap().unwrap();
}

#[tokio::test]
async fn what_is_too_much_is_refused_at_once_and_the_rest_is_served() {
    let (entered, go) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (e, g) = (entered.clone(), go.clone());
    let mut http = testkit::http_settings();
    http.max_in_flight = 3;
    let running = Running::start_with(&http, Health::default(), move |cfg| {
        let (e, g) = (e.clone(), g.clone());
        cfg.route(
            "/slow",
            web::get().to(move || {
                let (e, g) = (e.clone(), g.clone());
                async move {
                    e.add_permits(1);
                    let _ = g.acquire().await;
                    HttpResponse::Ok().body("done")
                }
            }),
        );
    })
    .await;
    let served: Vec<_> = (0..3)
        .map(|_| {
            tokio::spawn({
                let api = running.api();
                async move { api.get("/slow").await }
            })
        })
        .collect();
    entered.acquire_many(3).await.unwrap().forget();
    for _ in 0..20 {
        let asked = std::time::Instant::now();
        let refused = running.api().get("/slow").await;
        refused.is_problem(503, "overloaded");
        assert_eq!(refused.header("retry-after"), "1");
        assert!(asked.elapsed() < Duration::from_millis(500), "{:?}", asked.elapsed());
    }
    // Whoever watches must see it, not be refused by it.
    let _ = running.api().get("/health").await.expect(200);
    let _ = running.api().get("/health/ready").await.expect(200);
    let metrics = testkit::Api::new(&running.management_url).get("/metrics").await.expect(200).text;
    assert!(metrics.contains("taskhub_requests_shed_total 20"), "{metrics}");
    go.add_permits(10);
    for request in served {
        assert_eq!(request.await.unwrap().expect(200).text, "done");
    }
    let _ = running.api().get("/slow").await.expect(200);
}

#[tokio::test]
async fn nobody_works_for_a_caller_who_has_gone() {
    let database = testkit::Database::new().await;
    let settings = database.settings("admin");
    let running = Running::start(Health::default(), move |cfg| {
        let connector = platform::postgres::Connector::new("test", &settings).unwrap();
        let pipeline = platform::postgres::Pipeline::start("read", &connector, &settings, 1);
        cfg.route(
                "/sleep",
                web::get().to(move || {
                    static SLEEP: platform::postgres::Statement =
                        platform::postgres::Statement::read("sleep", "SELECT pg_sleep(1)::text");
                    let pipeline = pipeline.clone();
                    async move {
                        pipeline.query(&SLEEP, &[]).await.map(|_| HttpResponse::Ok().finish()).map_err(ApiError::from)
                    }
                }),
            );
    })
    .await;
    let asked = std::time::Instant::now();
    running.api().with_header("x-deadline-ms", "100").get("/sleep").await.is_problem(503, "unavailable");
    assert!(asked.elapsed() < Duration::from_millis(900), "{:?}", asked.elapsed());
    let _ = running.api().with_header("x-deadline-ms", "not a number").get("/sleep").await.expect(200);
}

#[tokio::test]
async fn a_problem_may_ask_to_come_back_later() {
    let running = Running::start(Health::default(), |cfg| {
        cfg.route(
            "/busy",
            web::get().to(|| async {
                Err::<HttpResponse, ApiError>(
                    domain::problem::Problem::new(Code::Overloaded, "Too busy.").retry_after(2).into(),
                )
            }),
        );
    })
    .await;
    let answer = running.api().get("/busy").await;
    answer.is_problem(503, "overloaded");
    assert_eq!(answer.header("retry-after"), "2");
}

#[tokio::test]
async fn an_old_client_gets_a_stream_without_chunks() {
    let running = Running::start(Health::default(), |cfg| {
        let pieces = || async {
            let pieces = ["one ", "two"].map(|piece| Ok::<_, std::convert::Infallible>(bytes::Bytes::from(piece)));
            HttpResponse::Ok().streaming(futures_util::stream::iter(pieces))
        };
        cfg.route("/stream", web::get().to(pieces));
    })
    .await;
    for (version, chunked) in [("1.0", false), ("1.1", true)] {
        let mut stream = TcpStream::connect(running.url.trim_start_matches("http://")).await.unwrap();
        let request = format!("GET /stream HTTP/{version}\r\nhost: taskhub.test\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer.contains("transfer-encoding: chunked"), chunked, "{answer}");
        assert_eq!(answer.ends_with("\r\n\r\none two"), !chunked, "{answer}");
    }
}

/// What comes back for these bytes until the connection is closed.
async fn say(running: &Running, bytes: &str) -> String {
    let mut stream = TcpStream::connect(running.url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let all = async { while let Ok(1..) = stream.read_buf(&mut answer).await {} };
    tokio::time::timeout(Duration::from_secs(10), all).await.expect("the connection is closed");
    String::from_utf8(answer).unwrap()
}

/// Serves what takes a moment, so that whoever reads ahead has read ahead.
async fn slow() -> Running {
    Running::start(Health::default(), |cfg| {
        let slow = |req: actix_web::HttpRequest, body: String| async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            HttpResponse::Ok().body(format!("<{} {} {body}>", req.method(), req.path()))
        };
        cfg.service(web::resource("/{n}").to(slow));
    })
    .await
}

#[tokio::test]
async fn pipelined_requests_are_answered_each_as_what_it_is() {
    let running = slow().await;
    let get = |n: usize| format!("GET /{n} HTTP/1.1\r\nhost: x\r\n\r\n");
    let head = |n: usize| format!("HEAD /{n} HTTP/1.1\r\nhost: x\r\n\r\n");
    let post = "POST /3 HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
    let last = "GET /9 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let answer = say(&running, &[&get(1), &head(2), post, &head(4), &get(5), last].concat()).await;
    let heads = answer.matches("HTTP/1.1 200 OK\r\n").count();
    assert_eq!(heads, 6, "{answer}");
    let bodies: Vec<_> = answer.split("\r\n\r\n").skip(1).map(|text| text.split("HTTP/").next().unwrap()).collect();
    assert_eq!(bodies, ["<GET /1 >", "", "<POST /3 ab>", "", "<GET /5 >", "<GET /9 >"]);
}

#[tokio::test]
async fn an_old_client_gets_one_answer_and_the_end() {
    let running = slow().await;
    let next = "GET /2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let answer = say(&running, &format!("GET /1 HTTP/1.0\r\n\r\n{next}")).await;
    assert!(answer.ends_with("<GET /1 >"), "{answer}");
    let answer = say(&running, &format!("GET /1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n{next}")).await;
    assert!(answer.ends_with("<GET /1 >"), "{answer}");
    let answer = say(&running, &format!("GET /1 HTTP/1.0\r\nconnection: keep-alive\r\n\r\n{next}")).await;
    assert!(answer.contains("<GET /1 >") && answer.ends_with("<GET /2 >"), "{answer}");
}

#[tokio::test]
async fn an_upgrade_is_not_agreed_to() {
    let running = slow().await;
    // As java.net.http sends its first request.
    let settings = "connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAAB\r\n";
    for upgrade in [settings, "connection: upgrade\r\nupgrade: foo/2\r\n", "connection: upgrade\r\n"] {
        let post = format!("POST /1 HTTP/1.1\r\n{upgrade}content-length: 2\r\nhost: x\r\n\r\nab");
        let answer = say(&running, &post.repeat(2)).await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("<POST /1 ab>"), "{answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "what is closed answers no more: {answer}");
    }
}

#[tokio::test]
async fn an_unknown_transfer_coding_is_not_implemented() {
    let running = slow().await;
    for coding in ["gzip, chunked", "xchunked"] {
        let hidden = "0\r\n\r\nGET /2 HTTP/1.1\r\nhost: x\r\n\r\n";
        let post = format!("POST /1 HTTP/1.1\r\nhost: x\r\ntransfer-encoding: {coding}\r\n\r\n{hidden}");
        let answer = say(&running, &post).await;
        assert!(
            answer.starts_with("HTTP/1.1 501 ") && answer.contains("urn:taskhub:problem:not-implemented"),
            "{answer}"
        );
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
    }
}

#[tokio::test]
async fn what_may_be_cut_into_chunks_in_two_ways_is_refused() {
    let running = slow().await;
    for body in ["2 \r\nab\r\n0\r\n\r\n", "2\nab\r\n0\r\n\r\n", "00000000000000002\r\nab\r\n0\r\n\r\n"] {
        let post = format!("POST /1 HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n{body}");
        let answer = say(&running, &post).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{body:?}: {answer}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_has_one_answer_and_ends_the_connection() {
    let running = Running::start(Health::default(), |cfg| {
        let reads = |body: Result<String, actix_web::Error>| async move {
            // An answer may take a moment.
            tokio::task::yield_now().await;
            if body.is_ok() { HttpResponse::Ok() } else { HttpResponse::BadRequest() }.finish()
        };
        cfg.route("/reads", web::post().to(reads)).route("/ignores", web::post().to(HttpResponse::Ok));
    })
    .await;
    let next = "GET /health HTTP/1.1\r\nhost: x\r\n\r\n";
    for broken in [
        "zz\r\n",
        "2\r\nabc\r\n0\r\n\r\n",
        "2\r\nab\n0\r\n\r\n",
        "2\r\nab\r\n\r\n",
        "2;a\0\r\nab\r\n0\r\n\r\n",
        "2\r\nab\r\n0\r\nno field\r\n\r\n",
        "0\r\n",
    ] {
        for (path, status) in [("reads", "400"), ("ignores", "200")] {
            let head = format!("POST /{path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
            let answer = say(&running, &format!("{head}{broken}{next}")).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path} {broken:?}: {answer}");
            assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{path} {broken:?}: {answer}");
            assert!(path == "ignores" || answer.contains("\r\nconnection: close\r\n"), "{broken:?}: {answer}");
        }
    }
}

#[tokio::test]
async fn many_requests_can_be_pipelined() {
    let running = slow().await;
    let mut many = "GET /1 HTTP/1.1\r\nhost: x\r\n\r\n".repeat(40);
    many.push_str("GET /2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let answer = say(&running, &many).await;
    assert_eq!(answer.matches("<GET /1 >").count(), 40);
    assert!(answer.ends_with("<GET /2 >"));
}

#[tokio::test]
async fn a_stream_ends_when_its_client_closes_and_an_answer_does_not() {
    let (health, go) = (Health::default().at_most_streams(1, 0), Arc::new(Notify::new()));
    let may_go = go.clone();
    let running = Running::start(health, move |cfg| {
        let may_go = may_go.clone();
        let answer = web::get().to(move || {
            let may_go = may_go.clone();
            async move {
                may_go.notified().await;
                HttpResponse::Ok().body("done")
            }
        });
        let stream = web::get().to(|req: actix_web::HttpRequest| async move {
            platform::streams::begin(&req, None)?;
            let silent = futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
            Ok::<_, ApiError>(HttpResponse::Ok().streaming(silent))
        });
        let refused = web::get().to(|req: actix_web::HttpRequest| async move {
            platform::streams::begin(&req, None)?;
            Err::<HttpResponse, _>(ApiError::from(domain::Problem::not_found()))
        });
        cfg.route("/answer", answer).route("/stream", stream).route("/refused", refused);
    })
    .await;
    let next = "GET /refused HTTP/1.1\r\nhost: x\r\n\r\n";
    for pipelined in ["", next, "GET /refu", "", &next.repeat(100)] {
        let mut stream = TcpStream::connect(running.url.trim_start_matches("http://")).await.unwrap();
        stream.write_all(b"GET /stream HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut head = [0; 15];
        stream.read_exact(&mut head).await.unwrap();
        assert_eq!(&head, b"HTTP/1.1 200 OK", "the one before has ended");
        stream.write_all(pipelined.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(2), stream.read_to_end(&mut Vec::new())).await;
        ended.expect("nothing but the end of the client tells it to end").unwrap();
    }
    let mut stream = TcpStream::connect(running.url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(b"GET /refused HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    stream.shutdown().await.unwrap();
    let mut refusal = String::new();
    stream.read_to_string(&mut refusal).await.unwrap();
    assert!(refusal.starts_with("HTTP/1.1 404 ") && refusal.ends_with('}'), "{refusal}");
    let mut stream = TcpStream::connect(running.url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(b"GET /answer HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    stream.shutdown().await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    go.notify_one();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("done"), "{answer}");
}
