//! Schemas of texts, words and ids.

use serde_json::Value;
use utoipa::PartialSchema;
use utoipa::openapi::schema::{AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema, SchemaFormat};

use crate::shape::Shape;

/// A text of this shape.
pub(crate) fn text(docs: &[&str], shape: Shape) -> RefOr<Schema> {
    string(docs).max_length(shape.most).pattern(Some(shape.pattern)).into()
}

/// One of these words, each with what it means.
pub(crate) fn words(docs: &[&str], words: &[(&str, &[&str])]) -> RefOr<Schema> {
    let meanings = words.iter().map(|(word, docs)| format!("- `{word}`: {}", joined(docs).replace('\n', " ")));
    let description = [joined(docs), String::new()].into_iter().chain(meanings).collect::<Vec<_>>().join("\n");
    let words = words.iter().map(|(word, _)| Value::from(*word));
    string(&[]).description(Some(description)).enum_values(Some(words)).into()
}

/// The id of a thing.
pub(crate) fn id(docs: &[&str]) -> RefOr<Schema> {
    string(docs).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).into()
}

/// Ids of one kind, each at most once.
pub(crate) fn distinct<T: PartialSchema>(description: &str, most: usize) -> RefOr<Schema> {
    let ids = ArrayBuilder::new().items(T::schema()).unique_items(true).max_items(Some(most));
    ids.description(Some(description)).into()
}

/// A thing that has two kinds of name, in a path or a query: its id, or a text with this pattern.
pub(crate) fn id_or<T: PartialSchema>(pattern: &str, example: &str) -> RefOr<Schema> {
    let other = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).examples([example]);
    AnyOfBuilder::new().item(T::schema()).item(other).into()
}

fn string(docs: &[&str]) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(joined(docs)))
}

/// The lines of a doc comment as one text.
fn joined(docs: &[&str]) -> String {
    docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n")
}
