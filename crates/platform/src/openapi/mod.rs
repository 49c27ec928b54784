//! The OpenAPI document: what each service says of its routes, and, from one place, what all routes have in common.
//!
//! A handler's `#[utoipa::path]` says only what is special: its tag, its body, its query, what it answers when all goes
//! well, and which of the common headers it reads, by name. Who may call, the problems that can come of that, and how the
//! common parameters and headers look, is added here from the route table. It works on JSON, where a reference may
//! stand for anything. Nothing of it runs in a service: the document is made by a test, which compares it with
//! `docs/openapi.json`.

#![expect(
    clippy::indexing_slicing,
    reason = "JSON is asked for what it should hold, and only by the test that makes the document"
)]

mod common;
mod wording;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use utoipa::PartialSchema;

use crate::routes::Route;

/// One crate's routes and what is said of them.
#[derive(Clone, Debug)]
pub struct Part {
    routes: Vec<Route>,
    paths: Value,
    schemas: Value,
    tags: Vec<Value>,
    path_parameters: Map<String, Value>,
}

impl Part {
    /// The routes of a table, and the document that `routes!` has made of their handlers.
    #[must_use]
    pub fn new(routes: &[Route], described: &utoipa::openapi::OpenApi) -> Self {
        let mut document = json!(described);
        wording::plain(&mut document);
        wording::name_pages(&mut document);
        let mut schemas = document["components"]["schemas"].take();
        if let Some(schemas) = schemas.as_object_mut() {
            // What every problem is.
            schemas.remove("Problem");
        }
        Self {
            routes: routes.to_vec(),
            paths: document["paths"].take(),
            schemas,
            tags: Vec::new(),
            path_parameters: Map::new(),
        }
    }

    /// With a tag: a group of operations, and what they are about.
    #[must_use]
    pub fn tag(mut self, name: &str, description: &str) -> Self {
        self.tags.push(json!({"name": name, "description": description}));
        self
    }

    /// With what a `{name}` in paths is.
    #[must_use]
    pub fn path_parameter<T: PartialSchema>(mut self, name: &str, description: &str) -> Self {
        let mut parameter =
            json!({"name": name, "in": "path", "required": true, "description": description, "schema": T::schema()});
        wording::plain(&mut parameter["schema"]);
        self.path_parameters.insert(name.to_owned(), parameter);
        self
    }

    /// Without the routes that `keep` doesn't want.
    #[must_use]
    pub fn only(mut self, keep: impl Fn(&str) -> bool) -> Self {
        self.routes.retain(|route| keep(route.path));
        self
    }

    fn uses(&self, tag: &Value) -> bool {
        self.routes.iter().any(|route| self.paths[route.path][method(route)]["tags"][0] == tag["name"])
    }

    /// Where the table and what is said of it disagree, in words; empty when they don't.
    #[must_use]
    pub fn differences(&self) -> Vec<String> {
        let mut found = BTreeSet::new();
        let known: BTreeSet<_> = self.routes.iter().map(|route| (route.path, method(route))).collect();
        for (path, item) in self.paths.as_object().into_iter().flatten() {
            for method in item.as_object().into_iter().flatten().map(|(method, _)| method) {
                if !known.contains(&(path.as_str(), method.clone())) {
                    found.insert(format!("{method} {path} is described but isn't in the table"));
                }
            }
        }
        for route in &self.routes {
            let name = format!("{} {}", route.method, route.path);
            let operation = &self.paths[route.path][method(route)];
            if operation.is_null() {
                found.insert(format!("{name} isn't described"));
                continue;
            }
            let said: BTreeSet<&str> = names_in(operation, "query").collect();
            let taken: BTreeSet<&str> = route.query.iter().copied().collect();
            found.extend(taken.difference(&said).map(|query| format!("{name} doesn't describe ?{query}=")));
            found.extend(said.difference(&taken).map(|query| format!("{name} describes ?{query}=, which it refuses")));
            if !self.tags.iter().any(|tag| tag["name"] == operation["tags"][0]) {
                found.insert(format!("{name} has no tag of its service"));
            }
            let condition = if route.method == "GET" { "If-None-Match" } else { "If-Match" };
            if names_in(operation, "header").any(|name| name == condition) != route.versioned {
                found.insert(format!("{name}: it has {condition} where it is versioned, and only there"));
            }
            let unnamed = placeholders(route.path).filter(|name| !self.path_parameters.contains_key(*name));
            found.extend(unnamed.map(|placeholder| format!("{name}: nobody says what {{{placeholder}}} is")));
        }
        found.into_iter().collect()
    }
}

/// Several parts as one document, with what all routes have in common.
#[must_use]
pub fn document(info: &Value, parts: &[Part]) -> Value {
    let (mut tags, mut paths, mut schemas) = (Vec::new(), Map::new(), Map::new());
    for part in parts {
        for tag in part.tags.iter().filter(|tag| part.uses(tag)) {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        schemas.extend(part.schemas.as_object().into_iter().flatten().map(|(name, it)| (name.clone(), it.clone())));
        for route in &part.routes {
            let parameters = placeholders(route.path).filter_map(|name| part.path_parameters.get(name).cloned());
            let fresh = || json!({"parameters": parameters.chain([common::request_id()]).collect::<Vec<_>>()});
            let mut operation = part.paths[route.path][method(route)].clone();
            common::complete(&mut operation, route);
            paths.entry(route.path).or_insert_with(fresh)[method(route)] = operation;
        }
    }
    let mut components = common::components();
    schemas.extend(components["schemas"].as_object().cloned().into_iter().flatten());
    components["schemas"] = schemas.into();
    json!({
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": "/", "description": "Where this document comes from."}],
        "security": [{"bearer": []}],
        "tags": tags,
        "paths": paths,
        "components": components,
    })
}

fn method(route: &Route) -> String {
    route.method.to_ascii_lowercase()
}

/// The names in braces of a path.
fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// The names of the parameters in this place.
fn names_in<'a>(operation: &'a Value, place: &'static str) -> impl Iterator<Item = &'a str> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.filter(move |parameter| parameter["in"] == place).filter_map(|parameter| parameter["name"].as_str())
}

#[cfg(test)]
mod tests {
    use actix_web::HttpResponse;
    use utoipa::OpenApi as _;

    use super::*;

    #[allow(unreachable_pub, dead_code, reason = "the macro is made for a service, which also serves its routes")]
    mod table {
        use super::HttpResponse;

        /// Lists things.
        ///
        /// More of it.
        #[utoipa::path(get, path = "/things", tag = "things", params(("limit", Query), ("If-None-Match", Header)),
            responses((status = 200, body = String)))]
        pub(super) async fn list() -> HttpResponse {
            HttpResponse::Ok().finish()
        }

        /// Changes a thing.
        #[utoipa::path(patch, path = "/things/{thing}", tag = "things", params(("If-Match", Header)),
            request_body = String, responses((status = 204), (status = 410, description = "It is gone.")))]
        pub(super) async fn change() -> HttpResponse {
            HttpResponse::Ok().finish()
        }

        crate::routes! {
            "/things" Public { GET list(limit) versioned; }
            "/things/{thing}" Team { PATCH change() versioned; }
        }
    }

    fn part() -> Part {
        let part = Part::new(table::ROUTES, &table::Described::openapi());
        part.tag("things", "Things.").path_parameter::<String>("thing", "Its name.")
    }

    #[test]
    fn what_all_have_in_common_follows_from_the_table() {
        assert_eq!(part().differences(), Vec::<String>::new());
        let document = document(&json!({}), &[part()]);
        let list = &document["paths"]["/things"]["get"];
        assert_eq!([&list["operationId"], &list["summary"]], ["things.list", "Lists things"]);
        assert_eq!(list["security"], json!([]));
        let statuses =
            |operation: &Value| operation["responses"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(statuses(list), ["200", "304", "400", "412", "429", "5XX"]);
        let change = &document["paths"]["/things/{thing}"]["patch"];
        assert_eq!(
            statuses(change),
            ["204", "400", "401", "403", "404", "410", "412", "413", "415", "422", "429", "5XX"]
        );
        assert_eq!(change["parameters"][0]["$ref"], "#/components/parameters/If-Match");
        assert_eq!(change["responses"]["410"]["description"], "It is gone.");
        assert_eq!(document["paths"]["/things/{thing}"]["parameters"][0]["name"], "thing");
    }

    #[test]
    fn every_difference_is_found() {
        let mut part = part();
        part.path_parameters.clear();
        part.tags.clear();
        part.paths["/things"]["post"] = json!({});
        part.paths["/things"]["get"]["parameters"][0]["name"] = json!("colour");
        part.routes[1].versioned = false;
        part.routes.push(Route { path: "/more", ..table::ROUTES[0] });
        assert_eq!(
            part.differences(),
            [
                "GET /more isn't described",
                "GET /things describes ?colour=, which it refuses",
                "GET /things doesn't describe ?limit=",
                "GET /things has no tag of its service",
                "PATCH /things/{thing} has no tag of its service",
                "PATCH /things/{thing}: it has If-Match where it is versioned, and only there",
                "PATCH /things/{thing}: nobody says what {thing} is",
                "post /things is described but isn't in the table",
            ]
        );
    }
}
