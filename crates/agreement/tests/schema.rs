//! The schema of the agreement file is generated and committed; the two never differ.

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/agreement.schema.json");

#[test]
fn the_committed_schema_is_the_generated_one() {
    let generated = agreement::schema::schema();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(COMMITTED, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(COMMITTED).unwrap();
    assert!(committed == generated, "run this test once with UPDATE_SCHEMA=1 and commit the file");
}
