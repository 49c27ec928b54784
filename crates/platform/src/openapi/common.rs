//! What routes have in common: parameters, headers, problems, and who may call.

use domain::problem::{Code, ProblemDocument};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

use super::wording;
use crate::routes::{Access, Route};

/// Every status of a problem that a route may be answered with; `5XX` stands for all that is our side's.
const PROBLEMS: [&str; 12] = ["400", "401", "403", "404", "409", "410", "412", "413", "415", "422", "429", "5XX"];

/// What is answered to a request with this id.
pub(super) fn request_id() -> Value {
    reference("parameters", "X-Request-Id")
}

/// Adds to an operation what follows from its route.
pub(super) fn complete(operation: &mut Value, route: &Route) {
    let id = format!("{}.{}", text(&operation["tags"][0]), text(&operation["operationId"]));
    operation["operationId"] = id.into();
    operation["summary"] = text(&operation["summary"]).trim_end_matches('.').into();
    if let Some(operation) = operation.as_object_mut() {
        operation.retain(|key, value| key != "description" || !text(value).is_empty());
    }
    if route.access == Access::Public {
        operation["security"] = json!([]);
    }
    let mut reads = Vec::new();
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let name = text(&parameter["name"]).to_owned();
        if parameter["in"] == "header" && parameters().contains_key(&name) {
            *parameter = reference("parameters", &name);
        } else if let Some(schema) = parameter.get_mut("schema") {
            wording::not_null(schema);
        }
        if parameter["in"] == "query" && parameter["schema"]["type"] == "array" {
            separate_by_commas(parameter);
        }
        reads.push(name);
    }
    if route.versioned && route.method == "GET" {
        if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
            parameters.push(reference("parameters", "If-Match"));
        }
        reads.push("If-Match".into());
    }
    let has_body = !operation["requestBody"].is_null();
    if has_body {
        operation["requestBody"]["required"] = true.into();
        let content = &mut operation["requestBody"]["content"];
        if route.method == "PATCH" && !content["application/json"].is_null() {
            // RFC 7396 is what it means; `application/json` is taken as the same.
            content["application/merge-patch+json"] = content["application/json"].clone();
        }
    }
    let mut responses = Map::new();
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        responses.insert(status.clone(), answer(status, response));
    }
    if reads.iter().any(|name| name == "If-None-Match") {
        let unchanged =
            json!({"description": "Not modified: what the caller has is still so.", "headers": {"ETag": {}}});
        responses.insert("304".into(), answer("304", &unchanged));
    }
    for status in problems(route, has_body, &reads) {
        responses.entry(status).or_insert_with(|| problem(status, ""));
    }
    operation["responses"] = responses.into();
}

/// A list is one parameter. To repeat it means the same, but generators can say only one of the two.
fn separate_by_commas(parameter: &mut Value) {
    parameter["style"] = "form".into();
    parameter["explode"] = false.into();
    let said = text(&parameter["description"]);
    let both = "Separated by commas; a repeated parameter means the same.";
    parameter["description"] = if said.is_empty() { both.to_owned() } else { format!("{said} {both}") }.into();
}

/// The problems that follow from who may call, what is in the path, and what is read.
fn problems(route: &Route, has_body: bool, reads: &[String]) -> Vec<&'static str> {
    let reads = |name: &str| reads.iter().any(|read| read == name);
    let may_come = |status: &str| match status {
        "400" | "429" | "5XX" => true,
        "401" => route.access != Access::Public,
        "403" => route.access == Access::Team && route.method != "GET",
        "404" => route.path.contains('{'),
        "409" => reads("Idempotency-Key"),
        "412" => reads("If-Match"),
        "413" | "415" | "422" => has_body,
        _ => false,
    };
    PROBLEMS.into_iter().filter(|status| may_come(status)).collect()
}

/// One answer of an operation, with a description and references to common headers; a problem without content is the
/// common one.
fn answer(status: &str, response: &Value) -> Value {
    let said = text(&response["description"]);
    let is_problem = status.starts_with(['4', '5']);
    if is_problem && response["content"].is_null() {
        return problem(status, said);
    }
    let mut answer = response.clone();
    if said.is_empty() {
        answer["description"] = match status {
            "201" => "Created",
            "204" => "No content",
            _ => "OK",
        }
        .into();
    }
    let mut names: Vec<String> =
        response["headers"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    names.push("X-Request-Id".into());
    let refer = |name: String| (name.clone(), reference("headers", &name));
    answer["headers"] = names.into_iter().map(refer).collect::<Map<_, _>>().into();
    answer
}

fn problem(status: &str, said: &str) -> Value {
    let mut problem = reference("responses", &format!("Problem{status}"));
    if !said.is_empty() {
        problem["description"] = said.into();
    }
    problem
}

fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What the references lead to.
pub(super) fn components() -> Value {
    let mut schemas = vec![(ProblemDocument::name().into_owned(), ProblemDocument::schema())];
    ProblemDocument::schemas(&mut schemas);
    let mut schemas = json!(schemas.into_iter().collect::<std::collections::BTreeMap<_, _>>());
    wording::plain(&mut schemas);
    json!({
        "schemas": schemas,
        "parameters": parameters(),
        "headers": headers(),
        "responses": PROBLEMS.into_iter().map(|status| (format!("Problem{status}"), response(status))).collect::<Map<_, _>>(),
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "The `access_token` that registering, signing in and refreshing answer with."}},
    })
}

fn parameters() -> Map<String, Value> {
    // RFC 9110, sections 8.8.3 and 5.6.1: elements may be empty, but not all of them.
    let tags = r#"^(\*|(,[ \t]*)*(W/)?"[!#-~]*"([ \t]*,([ \t]*(W/)?"[!#-~]*")?)*)$"#;
    let header = |name: &str, description: &str, schema: Value| {
        (name.to_owned(), json!({"name": name, "in": "header", "description": description, "schema": schema}))
    };
    [
        header(
            "X-Request-Id",
            "A name for the request in logs, 1 to 128 visible characters; made up if left out.",
            json!({"type": "string"}),
        ),
        header(
            "If-Match",
            "Only if what is there still has one of these tags; a weak tag matches too.",
            json!({"type": "string", "minLength": 1, "pattern": tags, "examples": ["\"3\""]}),
        ),
        header(
            "If-None-Match",
            "304 instead of the body if one of these tags is still right.",
            json!({"type": "string", "minLength": 1, "pattern": tags, "examples": ["\"3\""]}),
        ),
        header(
            "Idempotency-Key",
            "The same request with the same key gets the first answer again, for 24 hours, and makes nothing new.",
            json!({"type": "string", "pattern": "^[!-~]([ -~]{0,253}[!-~])?$", "examples": ["order-4711"]}),
        ),
    ]
    .into_iter()
    .collect()
}

fn headers() -> Value {
    let header = |description: &str, schema: Value| json!({"description": description, "schema": schema});
    let string = || json!({"type": "string"});
    json!({
        "X-Request-Id": header("The name of the request in logs.", string()),
        "ETag": header("What `If-Match` and `If-None-Match` name this version by.", string()),
        "Location": header("Where it is.", json!({"type": "string", "format": "uri-reference"})),
        "Retry-After": header("After so many seconds another try makes sense.", json!({"type": "integer", "minimum": 0})),
        "Set-Cookie": header("The refresh token, where the session is kept in a cookie.", string()),
        "WWW-Authenticate": header("That a bearer token is wanted.", string()),
    })
}

/// The common answer for a problem with this status, and which kinds there are.
fn response(status: &str) -> Value {
    let range = status.trim_end_matches('X');
    let kinds = Code::ALL.iter().filter(|code| code.status().to_string().starts_with(range));
    let lines = kinds.map(|code| format!("- {} `{}`: {}.", code.status(), code.type_uri(), code.title()));
    let mut names = vec!["X-Request-Id"];
    match status {
        "401" => names.push("WWW-Authenticate"),
        "429" | "5XX" => names.push("Retry-After"),
        _ => {}
    }
    let headers: Map<_, _> = names.into_iter().map(|name| (name.to_owned(), reference("headers", name))).collect();
    json!({
        "description": lines.collect::<Vec<_>>().join("\n"),
        "headers": headers,
        "content": {"application/problem+json": {"schema": reference("schemas", "Problem")}},
    })
}
