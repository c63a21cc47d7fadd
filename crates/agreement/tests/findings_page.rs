//! `docs/findings.md` is generated from the catalogue: `UPDATE_GENERATED=1 cargo test -p agreement --test findings_page`.

#[test]
fn the_page_of_findings_is_what_the_catalogue_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/findings.md");
    let page = agreement::codes::page();
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), page, "run again with UPDATE_GENERATED=1");
}
