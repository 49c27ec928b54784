//! From what Rust's types say to what readers of the API need: no links into the code, no null where a URL has none.

use serde_json::{Value, json};

/// Makes the descriptions in a document read well where there is no Rust to look at.
pub(super) fn plain(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(plain),
        Value::Object(members) => {
            members.iter_mut().for_each(|(_, member)| plain(member));
            // What is left out of a merge patch isn't null.
            if members.get("default").is_some_and(Value::is_null) {
                members.remove("default");
            }
            // A member that happens to be called so is an object.
            if let Some(Value::String(description)) = members.get_mut("description") {
                *description = unlinked(description);
                if description.is_empty() {
                    members.remove("description");
                }
            }
        }
        _ => {}
    }
}

/// A doc comment without its links; one that begins by pointing at the type goes on without that, as the schema itself
/// points there.
fn unlinked(text: &str) -> String {
    let text = match text.strip_prefix("See [`").and_then(|rest| rest.split_once(']')) {
        Some((_, rest)) => after_link(rest).trim_start_matches([';', '.', ' ']),
        None => text,
    };
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase());
    let text: String = first.into_iter().flatten().chain(characters).collect();
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((name, behind)) = link.split_once("`]") else { break };
        plain.push_str(before);
        plain.push('`');
        plain.push_str(name.rsplit("::").next().unwrap_or(name));
        plain.push('`');
        rest = after_link(behind);
    }
    plain.push_str(rest);
    plain
}

/// What comes behind `(…)`, if that is there.
fn after_link(text: &str) -> &str {
    text.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(text, |(_, behind)| behind)
}

/// Gives the page of a list of things the name `ThingPage`, and lets it refer to the thing, which utoipa puts into it.
pub(super) fn name_pages(document: &mut Value) {
    rename_references(document);
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let pages: Vec<String> = schemas.keys().filter(|name| name.starts_with(PAGE_OF)).cloned().collect();
    for name in pages {
        let Some(mut page) = schemas.remove(&name) else { continue };
        let item = name.trim_start_matches(PAGE_OF);
        page["properties"]["items"]["items"] = json!({"$ref": format!("#/components/schemas/{item}")});
        schemas.insert(format!("{item}Page"), page);
    }
}

const PAGE_OF: &str = "Page_";

fn rename_references(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(rename_references),
        Value::Object(members) => members.values_mut().for_each(rename_references),
        Value::String(text) => {
            if let Some(item) = text.strip_prefix("#/components/schemas/").and_then(|name| name.strip_prefix(PAGE_OF)) {
                *text = format!("#/components/schemas/{item}Page");
            }
        }
        _ => {}
    }
}

/// Takes null out of what a schema allows: in a query or a header there is none.
pub(super) fn not_null(schema: &mut Value) {
    if let Some(types) = schema["type"].as_array() {
        let others: Vec<_> = types.iter().filter(|name| *name != "null").cloned().collect();
        if let [one] = others.as_slice() {
            schema["type"] = one.clone();
        }
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let others: Vec<_> = choices.iter().filter(|choice| **choice != json!({"type": "null"})).cloned().collect();
        if let [one] = others.as_slice() {
            *schema = one.clone();
        }
    }
    if let Some(members) = schema.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_become_words() {
        for (doc, said) in [
            ("See [`Title`].", ""),
            ("See [`Title`](crate::Title).", ""),
            ("See [`Status`]; `pending` if left out.", "`pending` if left out."),
            ("See [`Text`]; empty if left out.", "Empty if left out."),
            ("User ids; see [`Assignees`].", "User ids; see `Assignees`."),
            ("Exactly if [`crate::EventType::is_x`](there) holds.", "Exactly if `is_x` holds."),
            ("An [`open end", "An [`open end"),
        ] {
            assert_eq!(unlinked(doc), said);
        }
    }

    #[test]
    fn a_page_refers_to_what_it_is_of() {
        let mut document = json!({
            "paths": {"$ref": "#/components/schemas/Page_Task"},
            "components": {"schemas": {"Page_Task": {"properties": {"items": {"items": {"type": "object"}}}}}},
        });
        name_pages(&mut document);
        assert_eq!(document["paths"]["$ref"], "#/components/schemas/TaskPage");
        let schemas = json!({"TaskPage": {"properties": {"items": {"items": {"$ref": "#/components/schemas/Task"}}}}});
        assert_eq!(document["components"]["schemas"], schemas);
    }

    #[test]
    fn null_is_taken_out() {
        for (schema, left) in [
            (json!({"type": ["string", "null"]}), json!({"type": "string"})),
            (json!({"oneOf": [{"type": "null"}, {"$ref": "#/x"}]}), json!({"$ref": "#/x"})),
            (json!({"type": "integer"}), json!({"type": "integer"})),
        ] {
            let mut schema = schema;
            not_null(&mut schema);
            assert_eq!(schema, left);
        }
    }
}
