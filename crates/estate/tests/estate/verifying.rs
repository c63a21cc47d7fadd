//! Absence is proven from a new connection, or what is left is named.

use crate::fixture::{Db, alice, erasure, on_both};
use estate::{Map, Outcome, Trace};

on_both!(
    after_an_erasure_nothing_is_left,
    before_an_erasure_what_is_there_is_left,
    the_address_in_a_comment_is_found,
    a_table_outside_the_map_is_searched_too,
    kept_rows_are_named_with_their_ground,
    a_search_cut_short_never_says_nothing_is_left,
);

async fn after_an_erasure_nothing_is_left(db: &Db) {
    let system = db.shop().await;
    let plan = erasure(&system, &db.map()).await;
    estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await.unwrap();
    let absence = estate::verify(&system, &db.map(), &alice(), Some("1")).await.unwrap();
    assert_eq!((absence.outcome(), absence.traces.len()), (Outcome::NothingLeft, 0), "{absence:?}");
    assert!(absence.searched_columns >= 8);
    let other = estate::verify(&system, &db.map(), &alice(), Some("2")).await.unwrap();
    assert_eq!(other.outcome(), Outcome::Left, "the other shop's alice is untouched");
}

async fn before_an_erasure_what_is_there_is_left(db: &Db) {
    let system = db.shop().await;
    let absence = estate::verify(&system, &db.map(), &alice(), Some("1")).await.unwrap();
    assert_eq!(absence.outcome(), Outcome::Left);
    assert!(absence.traces.contains(&Trace::Left { dataset: "order_lines".to_owned(), rows: 3 }));
    let elsewhere = |trace: &&Trace| matches!(trace, Trace::FoundElsewhere { .. });
    assert_eq!(absence.traces.iter().find(elsewhere), None, "mapped rows are not reported twice");
}

async fn the_address_in_a_comment_is_found(db: &Db) {
    let system = db.shop().await;
    let plan = erasure(&system, &db.map()).await;
    estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await.unwrap();
    db.run("UPDATE tickets SET body = 'Call ALICE@example.org, not malice@example.org' WHERE id = 2").await;
    db.run("UPDATE orders SET note = 'ask malice@example.org' WHERE id = 12").await;
    let absence = estate::verify(&system, &db.map(), &alice(), Some("1")).await.unwrap();
    let (table, column) = ("tickets".to_owned(), "body".to_owned());
    assert_eq!(absence.traces, [Trace::FoundElsewhere { table, column, rows: 1, tenant_known: true }]);
    assert_eq!(absence.outcome(), Outcome::Left);
}

async fn a_table_outside_the_map_is_searched_too(db: &Db) {
    let system = db.shop().await;
    let plan = erasure(&system, &db.map()).await;
    estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await.unwrap();
    db.run("CREATE TABLE mail_log (line TEXT); INSERT INTO mail_log VALUES ('to=<alice@example.org> sent')").await;
    let absence = estate::verify(&system, &db.map(), &alice(), Some("1")).await.unwrap();
    let (table, column) = ("mail_log".to_owned(), "line".to_owned());
    assert_eq!(absence.traces, [Trace::FoundElsewhere { table, column, rows: 1, tenant_known: false }]);
}

async fn kept_rows_are_named_with_their_ground(db: &Db) {
    db.run("CREATE TABLE invoices (id INTEGER PRIMARY KEY, email TEXT)").await;
    db.run("INSERT INTO invoices VALUES (1, 'alice@example.org')").await;
    let text = format!(
        "garant-estate = 1\nsystem = {{ name = \"books\", kind = \"{}\" }}\n[[dataset]]\nname = \"invoices\"\n\
         key = [\"id\"]\non_erasure = \"keep\"\nground = \"the law\"\nfield = [{{ name = \"email\", identifies = \"email\" }}]\n",
        db.kind
    );
    let (system, map) = (db.system().await, Map::parse(&text).unwrap());
    let absence = estate::verify(&system, &map, &alice(), None).await.unwrap();
    let kept = Trace::Kept { dataset: "invoices".to_owned(), ground: "the law".to_owned(), rows: 1 };
    assert_eq!((absence.outcome(), absence.traces), (Outcome::PartlyKept, vec![kept]));
}

async fn a_search_cut_short_never_says_nothing_is_left(db: &Db) {
    db.shop().await;
    let nobody = estate::Identity::email("nobody@example.org").unwrap();
    let system = db.system_with(estate::Limits { residue_columns_max: 3, ..estate::Limits::default() }).await;
    let absence = estate::verify(&system, &db.map(), &nobody, Some("1")).await.unwrap();
    assert!(absence.traces.is_empty() && !absence.unsearched.is_empty());
    assert_eq!(absence.outcome(), Outcome::Left);
}
