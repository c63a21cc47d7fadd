//! A map says what it means, or which line does not.

use crate::fixture::MAP;
use estate::{Map, MapError};
use kernel::Lang;

fn parse(change: impl Fn(String) -> String) -> Result<Map, MapError> {
    Map::parse(&change(MAP.replace("KIND", "sqlite")))
}

#[test]
fn a_map_reads_back_what_it_writes() {
    let map = parse(|text| text).unwrap();
    let again = Map::parse(&map.to_toml()).unwrap();
    assert_eq!(map, again);
    assert_eq!(map.digest(), again.digest());
    assert_eq!(parse(|text| format!("# a comment\n{text}")).unwrap().digest(), map.digest());
    assert_ne!(parse(|text| text.replace("three years", "two years")).unwrap().digest(), map.digest());
    assert_eq!(map.tenant_of("Second Shop"), Some("2"));
}

#[test]
fn an_unknown_entry_is_refused_with_its_line() {
    let error = parse(|text| text.replace("purpose =", "porpoise =")).unwrap_err();
    assert!(matches!(&error, MapError::Syntax { line: 6, what } if what.contains("porpoise")), "{error:?}");
    assert!(error.message(Lang::Fr).starts_with("ligne 6 : "));
}

#[test]
fn what_makes_no_sense_is_refused() {
    type Change = fn(String) -> String;
    let cases: &[(Change, MapError)] = &[
        (|t| t.replace("garant-estate = 1", "garant-estate = 2"), MapError::Version(2)),
        (|t| t.replace("name = \"orders\"", "name = \"customers\""), MapError::Twice("customers".into())),
        (|t| t.replace("key = [\"order_id\", \"line\"]", "key = []"), MapError::NoKey("order_lines".into())),
        (
            |t| t.replace("to = \"carts\"", "to = \"gone\""),
            MapError::UnknownTarget { dataset: "cart_items".into(), to: "gone".into() },
        ),
        (|t| t.replace("ground =", "retention ="), MapError::NoGround("invoices".into())),
        (|t| t.replace("to_fields = [\"email\"]", "to_fields = []"), MapError::Uneven("tickets".into())),
        (
            |t| t.replace("pd:Purchase", "purchase"),
            MapError::Category { dataset: "orders".into(), category: "purchase".into() },
        ),
        (
            |t| t.replace("{ name = \"label\" }", "{ name = \"label\", on_erasure = \"null\" }"),
            MapError::Blank { dataset: "order_lines".into(), field: "label".into() },
        ),
        (|t| t.replace("tenant = { value = \"1\" }\n", ""), MapError::WhoseRows("newsletter".into())),
        (|t| t.replace("name = \"carts\"", "name = \"\""), MapError::Name(String::new())),
    ];
    for (change, expected) in cases {
        let error = parse(change).unwrap_err();
        assert_eq!(&error, expected);
        assert!(!error.message(Lang::En).is_empty() && !error.remedy(Lang::Fr).is_empty());
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_map_or_an_error(text in "\\PC{0,200}") {
        drop(Map::parse(&text));
    }
}
