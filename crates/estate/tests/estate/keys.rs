//! Keys of several columns, of odd types, and more of them than fit one statement.

use crate::fixture::{Db, SALT, alice, on_both};
use estate::{Action, Limits, Map, Outcome, Refusal};

on_both!(
    keys_of_several_columns_carry_references,
    hundreds_of_rows_go_in_batches,
    columns_of_different_types_are_compared_as_text,
    several_addresses_in_one_row_are_all_looked_at,
    a_cascade_inside_the_plan_is_counted_not_feared,
    accents_are_found_in_either_case,
);

async fn erase_all(db: &Db, map: &Map) -> u64 {
    let limits = Limits { share_percent_max: 100, ..Limits::default() };
    let system = db.system_with(limits).await;
    let plan = estate::plan(&system, map, &alice(), None, Action::Erasure, SALT).await.unwrap();
    let erased = estate::erase(&system, map, &plan, &alice(), None).await.unwrap();
    let absence = estate::verify(&system, map, &alice(), None).await.unwrap();
    assert_eq!(absence.outcome(), Outcome::NothingLeft, "{absence:?}");
    erased.deleted()
}

fn map(db: &Db, datasets: &str) -> Map {
    Map::parse(&format!("garant-estate = 1\nsystem = {{ name = \"s\", kind = \"{}\" }}\n{datasets}", db.kind)).unwrap()
}

async fn keys_of_several_columns_carry_references(db: &Db) {
    db.run(
        "CREATE TABLE people (shop TEXT, no INTEGER, email TEXT, PRIMARY KEY (shop, no)); \
         CREATE TABLE visits (shop TEXT NOT NULL, person INTEGER, day TEXT NOT NULL, FOREIGN KEY (shop, person) REFERENCES people (shop, no)); \
         INSERT INTO people VALUES ('a', 1, 'alice@example.org'), ('b', 1, 'bob@example.org'), ('a', 2, NULL); \
         INSERT INTO visits VALUES ('a', 1, 'mon'), ('b', 1, 'mon'), ('a', 2, 'tue'), ('a', NULL, 'wed')",
    )
    .await;
    let map = map(
        db,
        r#"
[[dataset]]
name = "people"
key = ["shop", "no"]
field = [{ name = "email", identifies = "email" }]
[[dataset]]
name = "visits"
key = ["shop", "person", "day"]
reference = [{ fields = ["shop", "person"], to = "people", to_fields = ["shop", "no"] }]
"#,
    );
    assert_eq!(erase_all(db, &map).await, 2);
    assert_eq!(db.texts("SELECT day FROM visits ORDER BY shop, day").await, ["tue", "wed", "mon"]);
}

async fn hundreds_of_rows_go_in_batches(db: &Db) {
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)";
    db.run(&format!(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT); \
         CREATE TABLE posts (id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people(id), parent INTEGER REFERENCES posts(id)); \
         CREATE TABLE likes (post INTEGER NOT NULL REFERENCES posts(id), who INTEGER NOT NULL, PRIMARY KEY (post, who)); \
         INSERT INTO people VALUES (1, 'alice@example.org'), (2, 'bob@example.org'); \
         {many} INSERT INTO posts SELECT i, 1, CASE WHEN i > 1 THEN i - 1 END FROM n; \
         INSERT INTO posts VALUES (1000, 2, NULL); \
         INSERT INTO likes SELECT id, 2 FROM posts"
    ))
    .await;
    let map = map(
        db,
        r#"
[[dataset]]
name = "people"
key = ["id"]
field = [{ name = "email", identifies = "email" }]
[[dataset]]
name = "posts"
key = ["id"]
reference = [
    { fields = ["person"], to = "people", to_fields = ["id"] },
    { fields = ["parent"], to = "posts", to_fields = ["id"], on_erasure = "detach" },
]
[[dataset]]
name = "likes"
key = ["post", "who"]
reference = [{ fields = ["post"], to = "posts", to_fields = ["id"] }]
"#,
    );
    let system = db.system().await;
    let refusal = estate::plan(&system, &map, &alice(), None, Action::Erasure, SALT).await.unwrap_err();
    assert!(matches!(refusal, Refusal::ShareTooLarge { rows: 450, of: 451, .. }), "{refusal}");
    assert_eq!(erase_all(db, &map).await, 901);
    assert_eq!((db.count("people").await, db.count("posts").await, db.count("likes").await), (1, 1, 1));
}

async fn columns_of_different_types_are_compared_as_text(db: &Db) {
    db.run(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT); CREATE TABLE events (id INTEGER PRIMARY KEY, subject TEXT); \
         INSERT INTO people VALUES (7, 'alice@example.org'), (8, NULL); INSERT INTO events VALUES (1, '7'), (2, '8'), (3, 'x7')",
    )
    .await;
    let map = map(
        db,
        r#"
[[dataset]]
name = "people"
key = ["id"]
field = [{ name = "email", identifies = "email" }]
[[dataset]]
name = "events"
key = ["id"]
reference = [{ fields = ["subject"], to = "people", to_fields = ["id"], kind = "inferred" }]
"#,
    );
    assert_eq!(erase_all(db, &map).await, 2);
    assert_eq!(db.texts("SELECT subject FROM events ORDER BY id").await, ["8", "x7"]);
}

async fn several_addresses_in_one_row_are_all_looked_at(db: &Db) {
    db.run(
        "CREATE TABLE mails (id INTEGER PRIMARY KEY, sender TEXT, receiver TEXT); \
         INSERT INTO mails VALUES (1, 'alice@example.org', 'bob@example.org'), (2, 'bob@example.org', 'ALICE@example.org'), (3, 'bob@example.org', NULL)",
    )
    .await;
    let map = map(
        db,
        r#"
[[dataset]]
name = "mails"
key = ["id"]
field = [{ name = "sender", identifies = "email" }, { name = "receiver", identifies = "email" }]
"#,
    );
    assert_eq!(erase_all(db, &map).await, 2);
}

async fn a_cascade_inside_the_plan_is_counted_not_feared(db: &Db) {
    db.run(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT); \
         CREATE TABLE notes (id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE); \
         INSERT INTO people VALUES (1, 'alice@example.org'), (2, NULL); INSERT INTO notes VALUES (1, 1), (2, 2), (3, 1)",
    )
    .await;
    let map = map(
        db,
        r#"
[[dataset]]
name = "people"
key = ["id"]
field = [{ name = "email", identifies = "email" }]
[[dataset]]
name = "notes"
key = ["id"]
reference = [{ fields = ["person"], to = "people", to_fields = ["id"] }]
"#,
    );
    assert_eq!(erase_all(db, &map).await, 3);
    assert_eq!(db.count("notes").await, 1);
}

async fn accents_are_found_in_either_case(db: &Db) {
    db.run(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT); \
         INSERT INTO people VALUES (1, 'ÉLISE@example.fr'), (2, 'élise@Example.fr'), (3, 'elise@example.fr')",
    )
    .await;
    let map = map(
        db,
        "[[dataset]]\nname = \"people\"\nkey = [\"id\"]\nfield = [{ name = \"email\", identifies = \"email\" }]\n",
    );
    let (system, elise) = (db.system().await, estate::Identity::email("Élise@example.fr").unwrap());
    assert_eq!(estate::locate(&system, &map, &elise, None).await.unwrap().total(), 2);
}
