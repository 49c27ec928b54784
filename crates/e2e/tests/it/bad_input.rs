//! Bad input gets an answer that says what is wrong, and never a 500.

use e2e::{Person, Stack};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_mistake_is_named() {
    let stack = Stack::start().await;
    let alice = Person::sign_up(&stack, "alice").await;
    alice.make_team("ops").await;
    let _ = alice.api.post("/api/v1/teams/ops/tasks", json!({"title": "One"})).await.expect(201);
    let tasks = "/api/v1/teams/ops/tasks";

    let bodies: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        ("malformed JSON", b"{\"title\": ".to_vec(), 400, "malformed-json"),
        ("no JSON", b"title=x".to_vec(), 400, "malformed-json"),
        ("not UTF-8", b"{\"title\": \"\xff\"}".to_vec(), 400, "malformed-json"),
        ("an unknown field", br#"{"title": "x", "colour": "red"}"#.to_vec(), 422, "colour"),
        ("no title", b"{}".to_vec(), 422, "title"),
        ("an array", b"[1]".to_vec(), 422, "object"),
        ("a wrong type", br#"{"title": 7}"#.to_vec(), 422, "/title"),
        ("a long title", json!({"title": "x".repeat(256)}).to_string().into_bytes(), 422, "/title"),
        ("a blank title", json!({"title": " \t "}).to_string().into_bytes(), 422, "/title"),
        ("a NUL", br#"{"title": "a\u0000b"}"#.to_vec(), 422, "/title"),
        ("a NUL in the text", br#"{"title": "x", "description": "a\u0000b"}"#.to_vec(), 422, "/description"),
        ("a raw NUL", b"{\"title\": \"a\0b\"}".to_vec(), 400, "malformed-json"),
        ("an unknown status", json!({"title": "x", "status": "done"}).to_string().into_bytes(), 422, "/status"),
        ("a bad id", json!({"title": "x", "assignees": ["bob"]}).to_string().into_bytes(), 422, "/assignees/0"),
        ("a bad time", json!({"title": "x", "due_at": "tomorrow"}).to_string().into_bytes(), 422, "/due_at"),
        (
            "an assignee from elsewhere",
            json!({"title": "x", "assignees": [uuid::Uuid::now_v7()]}).to_string().into_bytes(),
            422,
            "/assignees/0",
        ),
        (
            "2 MiB",
            json!({"title": "x", "description": "y".repeat(2 << 20)}).to_string().into_bytes(),
            413,
            "payload-too-large",
        ),
        ("a lone surrogate", br#"{"title": "\ud800"}"#.to_vec(), 400, "malformed-json"),
        ("only what can't be seen", "{\"title\": \"\u{200b}\u{feff}\"}".as_bytes().to_vec(), 422, "/title"),
        ("a number beyond any", br#"{"title": 1e999999999}"#.to_vec(), 400, "malformed-json"),
        (
            "a million digits",
            [b"{\"title\": ".to_vec(), b"9".repeat(900_000), b"}".to_vec()].concat(),
            400,
            "malformed-json",
        ),
        (
            "deep JSON within",
            format!("{{\"title\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000)).into_bytes(),
            422,
            "/title",
        ),
        ("deep JSON", "[".repeat(100_000).into_bytes(), 400, "malformed-json"),
    ];
    for (what, body, status, says) in bodies {
        let answer = alice.api.send("POST", tasks, Some(body)).await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text);
        answer.is_problem(status, says);
    }

    let one = format!("{tasks}/1");
    for (method, path, body, status, says) in [
        ("GET", format!("{tasks}?limit=0"), None, 400, "limit"),
        ("GET", format!("{tasks}?limit=100000"), None, 400, "limit"),
        ("GET", format!("{tasks}?limit=ten"), None, 400, "limit"),
        ("GET", format!("{tasks}?cursor=nonsense"), None, 400, "bad-cursor"),
        ("GET", format!("{tasks}?status=done"), None, 400, "status"),
        ("GET", format!("{tasks}?sort=title"), None, 400, "sort"),
        ("GET", format!("{tasks}/not-a-uuid"), None, 400, "{task}"),
        ("GET", format!("{tasks}/0"), None, 400, "{task}"),
        ("GET", format!("{tasks}/99999999999999999999"), None, 400, "{task}"),
        ("GET", format!("{tasks}/2"), None, 404, "not-found"),
        ("GET", "/api/v1/teams/o%00s/tasks".into(), None, 400, ""),
        ("GET", "/api/v1/teams/-/tasks".into(), None, 400, "{team}"),
        ("GET", "/api/v1/nothing".into(), None, 404, "no route"),
        ("PUT", one.clone(), Some(json!({"title": "x"})), 405, "GET"),
        ("POST", one.clone(), Some(json!({"title": "x"})), 405, "PATCH"),
        ("PATCH", one.clone(), Some(json!({"title": null})), 422, "/title"),
        ("PATCH", one.clone(), Some(json!({"number": 7})), 422, "number"),
        ("POST", "/api/v1/teams".into(), Some(json!({"name": "x", "key": "Not A Key"})), 422, "/key"),
        (
            "POST",
            "/api/v1/auth/register".into(),
            Some(json!({"email": "no", "password": "short", "name": ""})),
            422,
            "/password",
        ),
        ("POST", "/api/v1/invitations/accept".into(), Some(json!({"token": "guess"})), 404, ""),
        ("PATCH", "/api/v1/me".into(), Some(json!({"name": " "})), 422, "/name"),
        ("GET", "/api/v1/notifications?cursor=%00".into(), None, 400, ""),
        ("POST", "/api/v1/notifications/read".into(), Some(json!({"ids": ["x"]})), 422, "/ids/0"),
    ] {
        let answer = alice.api.send(method, &path, body.map(|b: Value| b.to_string().into_bytes())).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.text);
        answer.is_problem(status, says);
        if status == 405 {
            assert!(answer.header("allow").contains(says), "{method} {path}");
        }
    }
    let form = alice.api.with_header("content-type", "text/plain").send("POST", tasks, Some(b"{}".to_vec())).await;
    form.is_problem(415, "unsupported-media-type");
    let _ = alice.api.get(&one).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_is_taken_if_it_is_json_and_a_task() {
    let stack = Stack::start().await;
    let alice = Person::sign_up(&stack, "alice").await;
    alice.make_team("ops").await;
    // The kinds of cases are those of JSONTestSuite, the cases our own.
    let documents: &[(&[u8], u16)] = &[
        (br#"{"title":"x"}"#, 201),
        (b" \t\r\n{ \"title\" : \"x\" }\n ", 201),
        (br#"{"ti\u0074le":"x"}"#, 201),
        // Not what is wanted.
        (b"null", 422),
        (b"true", 422),
        (b"-0", 422),
        (br#""x""#, 422),
        (b"[]", 422),
        (br#"[{"title":"x"}]"#, 422),
        (b"{}", 422),
        (br#"{"title":"x","title":"y"}"#, 422),
        (br#"{"title":"x","ti\u0074le":"y"}"#, 422),
        (br#"{"title":"x","a":1,"a":1}"#, 422),
        (br#"{"title":"x","":1}"#, 422),
        (br#"{"title":"x","\u0000":1}"#, 422),
        (br#"{"title":"x","title ":1}"#, 422),
        // Not JSON.
        (b"", 400),
        (b" ", 400),
        (b"\0", 400),
        (b"\x0c{\"title\":\"x\"}", 400),
        (b"\xc2\xa0{\"title\":\"x\"}", 400),
        (b"\xef\xbb\xbf{\"title\":\"x\"}", 400),
        (b"\xff\xfe{\0\"\0a\0\"\0:\x001\0}\0", 400),
        (b"\0{\0\"\0a\0\"\0:\x001\0}", 400),
        (br#"{"title":"x"}x"#, 400),
        (br#"{"title":"x"}{"title":"y"}"#, 400),
        (b"{\"title\":\"x\"}\0", 400),
        (br#"{"title":"x"},"#, 400),
        (br#"{"title":"x",}"#, 400),
        (br#"{,"title":"x"}"#, 400),
        (br#"{"title":"x" "a":1}"#, 400),
        (br#"{"title" "x"}"#, 400),
        (br#"{"title"::"x"}"#, 400),
        (br#"{"title":"x":"y"}"#, 400),
        (br#"{title:"x"}"#, 400),
        (b"{'title':'x'}", 400),
        (b"{1:1}", 400),
        (br#"{"title":"x"/**/}"#, 400),
        (br#"{"title":"x"}//"#, 400),
        (br##"{"title":"x"}#"##, 400),
        (br#"{"title":"x"]"#, 400),
        (br#"{"title":"x""#, 400),
        (br#"{"title":"x"#, 400),
        (br#"{"title":"#, 400),
        (br#"{"title":}"#, 400),
        (br#"{"title""#, 400),
        (b"[1,]", 400),
        (b"<task/>", 400),
    ];
    let (deep, objects) = (100_000, "{\"a\":".repeat(100_000));
    let nested =
        ["[".repeat(deep) + &"]".repeat(deep), "[".repeat(deep), format!("{objects}1{}", "}".repeat(deep)), objects];
    let values: Vec<(&[u8], u16)> = vec![
        // Strings.
        (br#""\ud83d\ude00""#, 201),
        (br#""\"\\\/""#, 201),
        (b"\"\xef\xbf\xbf\"", 201),
        (b"\"\xf4\x8f\xbf\xbf\"", 201),
        (br#""\ud800""#, 400),
        (br#""\udc00""#, 400),
        (br#""\ud800x""#, 400),
        (br#""\ud800\ud800""#, 400),
        (br#""\udc00\ud800""#, 400),
        (br#""\u12""#, 400),
        (br#""\u12g4""#, 400),
        (br#""\x41""#, 400),
        (br#""\a""#, 400),
        (br#""\""#, 400),
        (b"\"a\tb\"", 400),
        (b"\"a\nb\"", 400),
        (b"\"a\0b\"", 400),
        (b"\"a\x1fb\"", 400),
        (b"\"\xff\"", 400),
        (b"\"\xc0\x80\"", 400),
        (b"\"\xe2\x82\"", 400),
        (b"\"\xed\xa0\x80\"", 400),
        (b"\"\xf4\x90\x80\x80\"", 400),
        (br#""\u0000""#, 422),
        (br#""a\nb""#, 422),
        (b"\"a\x7fb\"", 422),
        (br#""\u2028""#, 422),
        (b"'x'", 400),
        (br#""x"y"#, 400),
        // Numbers.
        (b"0", 422),
        (b"-0", 422),
        (b"-0.0", 422),
        (b"0e1", 422),
        (b"1E+2", 422),
        (b"1e-999", 422),
        (b"18446744073709551616", 422),
        (b"1e999", 400),
        (b"-1e999", 400),
        (b"01", 400),
        (b"-01", 400),
        (b"-", 400),
        (b"+1", 400),
        (b".5", 400),
        (b"1.", 400),
        (b"1.e1", 400),
        (b"1e", 400),
        (b"1e+", 400),
        (b"0x1", 400),
        (b"1_000", 400),
        (b"NaN", 400),
        (b"-Infinity", 400),
        (b"\xef\xbc\x91", 400),
        // What else a value may be.
        (b"true", 422),
        (b"True", 400),
        (b"nul", 400),
        (b"undefined", 400),
        (b"[[]]", 422),
        (b"[1,]", 400),
        (b"[,1]", 400),
        (b"[1 2]", 400),
        (b"[1", 400),
        (b"[]]", 400),
        (b"{", 400),
        (b"{\"a\":\"\xff\"}", 400),
        (nested[0].as_bytes(), 422),
        (nested[1].as_bytes(), 400),
        (nested[2].as_bytes(), 422),
        (nested[3].as_bytes(), 400),
    ];
    let as_title = values.iter().map(|(value, status)| ([b"{\"title\":", *value, b"}"].concat(), *status));
    for (document, status) in documents.iter().map(|(document, status)| (document.to_vec(), *status)).chain(as_title) {
        let answer = alice.api.send("POST", "/api/v1/teams/ops/tasks", Some(document.clone())).await;
        let shown = document[..document.len().min(80)].escape_ascii();
        assert_eq!(answer.status.as_u16(), status, "{shown}: {}", answer.text);
        if status == 400 {
            answer.is_problem(400, "malformed-json");
        }
    }
}
