//! Every route is described, with every query parameter that it takes, and nothing else is.

#[test]
fn the_table_and_the_document_agree() {
    assert_eq!(worker::openapi::part().differences(), Vec::<String>::new());
}
