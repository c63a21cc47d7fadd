//! The schema of the agreement file is generated and committed; the two never differ.
//!
//! They are compared as values: the order of keys says nothing, and depends on how the JSON library was built.

use serde_json::Value;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/agreement.schema.json");

fn committed() -> Value {
    serde_json::from_str(&std::fs::read_to_string(COMMITTED).expect("the schema is committed")).expect("JSON")
}

#[test]
fn the_committed_schema_is_the_generated_one() {
    let text = agreement::schema::schema();
    let generated: Value = serde_json::from_str(&text).unwrap();
    if std::env::var_os("UPDATE_SCHEMA").is_some() && committed() != generated {
        std::fs::write(COMMITTED, &text).unwrap();
    }
    assert!(committed() == generated, "run this test once with UPDATE_SCHEMA=1 and commit the file");
}
