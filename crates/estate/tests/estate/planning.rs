//! What a plan holds, and when there is none.

use crate::fixture::{Db, SALT, alice, erasure, on_both, planned};
use estate::{Action, Drift, Effect, Identity, Limits, Map, Refusal, StepAction};
use kernel::Lang;

on_both!(
    rows_are_found_along_the_references,
    a_plan_is_ordered_counted_and_holds_nothing_personal,
    nothing_found_is_an_empty_plan,
    a_missing_tenant_is_refused,
    a_gone_column_is_named,
    an_unmapped_cascade_is_refused,
    an_unmapped_block_is_refused,
    a_foreign_row_that_refers_is_refused,
    caps_stop_a_plan_that_is_too_large,
    a_circle_that_cannot_be_opened_is_refused,
    hostile_names_and_values_stay_names_and_values,
    circles_of_ownership_are_walked_to_the_end,
    rows_with_two_owners_are_left_alone,
);

async fn rows_are_found_along_the_references(db: &Db) {
    let system = db.shop().await;
    let located = estate::locate(&system, &db.map(), &alice(), Some("1")).await.unwrap();
    let rows: Vec<(&str, u64)> = located.datasets.iter().map(|d| (d.dataset.as_str(), d.rows)).collect();
    let expected = [
        ("customers", 1),
        ("orders", 2),
        ("order_lines", 3),
        ("Order Details", 1),
        ("tickets", 1),
        ("newsletter", 1),
        ("invoices", 1),
        ("carts", 1),
        ("cart_items", 1),
    ];
    assert_eq!(rows, expected);
    let other = estate::locate(&system, &db.map(), &alice(), Some("2")).await.unwrap();
    assert_eq!(other.total(), 4, "customer, order, line and ticket of the other shop: {other:?}");
}

async fn a_plan_is_ordered_counted_and_holds_nothing_personal(db: &Db) {
    let system = db.shop().await;
    let plan = erasure(&system, &db.map()).await;
    let steps: Vec<String> =
        plan.steps.iter().map(|step| format!("{} {:?} {}", step.dataset, step.action, step.rows)).collect();
    let place =
        |text: &str| steps.iter().position(|step| step == text).unwrap_or_else(|| panic!("{text} in {steps:?}"));
    assert!(place("customers Detach 1") < place("customers Delete 1"));
    assert!(place("invoices Blank 1") < place("customers Delete 1"));
    assert!(place("carts Unlink 1") < place("cart_items Delete 1"), "{steps:?}");
    assert!(place("cart_items Delete 1") < place("carts Delete 1"));
    assert!(place("order_lines Delete 3") < place("orders Delete 2"));
    assert!(place("orders Delete 2") < place("customers Delete 1"));
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<estate::Plan>(&text).unwrap().hash(), plan.hash(), "it is kept as JSON");
    let text = text.to_lowercase();
    assert!(!text.contains("alice") && !text.contains("x\\\"y"), "{text}");
    let again = erasure(&system, &db.map()).await;
    assert_eq!(plan.hash(), again.hash(), "the same rows under the same salt make the same plan");
    let salted = estate::plan(&system, &db.map(), &alice(), Some("1"), Action::Erasure, [8; 32]).await.unwrap();
    assert!(salted.steps.iter().zip(&plan.steps).all(|(a, b)| a.keys != b.keys && a.fingerprint != b.fingerprint));
    let stays = plan.stays();
    assert_eq!((stays.len(), stays[0].rows, stays[0].blanked.len()), (1, 1, 2));
}

async fn nothing_found_is_an_empty_plan(db: &Db) {
    let system = db.shop().await;
    let nobody = Identity::email("nobody@example.org").unwrap();
    let plan = planned(&system, &db.map(), &nobody, Action::Erasure).await.unwrap();
    assert!(plan.is_empty() && !plan.steps.is_empty());
    assert!(!erasure(&system, &db.map()).await.is_empty());
}

async fn a_missing_tenant_is_refused(db: &Db) {
    let system = db.shop().await;
    let none = estate::plan(&system, &db.map(), &alice(), None, Action::Access, SALT).await;
    assert_eq!(none.unwrap_err(), Refusal::TenantMissing);
    let unknown = estate::locate(&system, &db.map(), &alice(), Some("1 OR 1=1")).await;
    assert_eq!(unknown.unwrap_err(), Refusal::TenantUnknown("1 OR 1=1".to_owned()));
}

async fn a_gone_column_is_named(db: &Db) {
    let system = db.shop().await;
    db.run("ALTER TABLE tickets DROP COLUMN customer_email; DROP TABLE newsletter").await;
    let refusal = planned(&system, &db.map(), &alice(), Action::Erasure).await.unwrap_err();
    let column = Drift::ColumnGone { table: "tickets".to_owned(), column: "customer_email".to_owned() };
    let table = Drift::TableGone { table: "newsletter".to_owned() };
    assert_eq!(refusal, Refusal::Drift(vec![column, table]));
    assert!(refusal.message(Lang::Fr).contains("`customer_email` de `tickets`"));
}

async fn an_unmapped_cascade_is_refused(db: &Db) {
    let system = db.shop().await;
    db.run(
        "CREATE TABLE audit (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id) ON DELETE CASCADE)",
    )
    .await;
    erasure(&system, &db.map()).await;
    db.run("INSERT INTO audit VALUES (1, 1), (2, 1), (3, 2)").await;
    let refusal = planned(&system, &db.map(), &alice(), Action::Erasure).await.unwrap_err();
    let (table, dataset) = ("audit".to_owned(), "customers".to_owned());
    assert_eq!(refusal, Refusal::OutsidePlan { table, dataset, effect: Effect::Cascade, rows: 2 });
    assert!(refusal.message(Lang::En).contains("`audit`"));
}

async fn an_unmapped_block_is_refused(db: &Db) {
    let system = db.shop().await;
    db.run("CREATE TABLE visits (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id))").await;
    db.run("INSERT INTO visits VALUES (1, 1)").await;
    let refusal = planned(&system, &db.map(), &alice(), Action::Erasure).await.unwrap_err();
    assert!(matches!(refusal, Refusal::OutsidePlan { effect: Effect::Block, rows: 1, .. }), "{refusal}");
    assert!(planned(&system, &db.map(), &alice(), Action::Access).await.is_ok(), "reading needs no such care");
}

async fn a_foreign_row_that_refers_is_refused(db: &Db) {
    let system = db.shop().await;
    db.run("UPDATE customers SET referred_by = 1 WHERE id = 3").await;
    let located = estate::locate(&system, &db.map(), &alice(), Some("1")).await.unwrap();
    assert_eq!((located.total(), located.foreign_tenant_rows()), (12, 1), "counted apart");
    let refusal = planned(&system, &db.map(), &alice(), Action::Erasure).await.unwrap_err();
    let table = "customers".to_owned();
    assert_eq!(refusal, Refusal::OtherTenant { dataset: table.clone(), table });
}

async fn caps_stop_a_plan_that_is_too_large(db: &Db) {
    db.shop().await;
    let few = db.system_with(Limits { plan_rows_max: 5, ..Limits::default() }).await;
    assert_eq!(planned(&few, &db.map(), &alice(), Action::Erasure).await, Err(Refusal::TooManyRows { max: 5 }));
    let share = db.system_with(Limits { share_from_rows: 3, ..Limits::default() }).await;
    let refusal = planned(&share, &db.map(), &alice(), Action::Erasure).await.unwrap_err();
    assert!(matches!(&refusal, Refusal::ShareTooLarge { rows: 1, of: 4, percent_max: 20, .. }), "{refusal}");
}

async fn a_circle_that_cannot_be_opened_is_refused(db: &Db) {
    let system = db.shop().await;
    match db.kind {
        estate::Kind::Postgres => db.run("ALTER TABLE carts ALTER COLUMN best_item SET NOT NULL").await,
        estate::Kind::Sqlite => {
            db.run(
                "PRAGMA foreign_keys=OFF; DROP TABLE carts; CREATE TABLE carts (id INTEGER PRIMARY KEY, \
                 customer_id INTEGER NOT NULL REFERENCES customers(id), best_item INTEGER NOT NULL REFERENCES cart_items(id)); \
                 INSERT INTO carts VALUES (1, 1, 1), (2, 2, 2)",
            )
            .await;
        }
    }
    let mut map = db.map();
    map.datasets.iter_mut().find(|d| d.name == "carts").unwrap().references.pop();
    let refusal = planned(&system, &map, &alice(), Action::Erasure).await.unwrap_err();
    let named = |names: &[String]| names.contains(&"carts".to_owned());
    match &refusal {
        Refusal::Circle(names) => assert!(named(names), "{refusal}"),
        Refusal::OutsidePlan { table, .. } => assert_eq!(table, "carts"),
        _ => panic!("{refusal}"),
    }
}

async fn hostile_names_and_values_stay_names_and_values(db: &Db) {
    let system = db.shop().await;
    let mut map = db.map();
    map.datasets[0].fields[1].name = "name\"; DROP TABLE orders; --".to_owned();
    let refusal = planned(&system, &map, &alice(), Action::Erasure).await.unwrap_err();
    assert!(matches!(&refusal, Refusal::Drift(drifts) if drifts.len() == 1), "{refusal}");
    for text in ["x'||(SELECT/**/1)||'@example.org", "a');DELETE/**/FROM/**/orders;--@b.c", "$1@example.org"] {
        let who = Identity::email(text).unwrap();
        assert!(planned(&system, &db.map(), &who, Action::Erasure).await.unwrap().is_empty());
    }
    let nobody = estate::plan(&system, &db.map(), &alice(), Some("2"), Action::Access, SALT).await.unwrap();
    assert_eq!(nobody.steps.iter().find(|step| step.dataset == "newsletter").unwrap().rows, 0);
    assert_eq!(db.count("orders").await, 4);
}

const CIRCLES: &str = r#"
garant-estate = 1
system = { name = "forum", kind = "KIND" }
[[dataset]]
name = "posts"
key = ["id"]
field = [{ name = "email", identifies = "email" }]
reference = [{ fields = ["reply_to"], to = "answers", to_fields = ["id"] }]
[[dataset]]
name = "answers"
key = ["id"]
reference = [
    { fields = ["post"], to = "posts", to_fields = ["id"] },
    { fields = ["parent"], to = "answers", to_fields = ["id"] },
]
"#;

async fn circles_of_ownership_are_walked_to_the_end(db: &Db) {
    db.run("CREATE TABLE posts (id INTEGER PRIMARY KEY, email TEXT, reply_to INTEGER)").await;
    db.run("CREATE TABLE answers (id INTEGER PRIMARY KEY, post INTEGER, parent INTEGER REFERENCES answers(id))").await;
    db.run("INSERT INTO posts VALUES (1, 'alice@example.org', NULL), (2, 'bob@example.org', 11), (3, NULL, 99)").await;
    db.run("INSERT INTO answers VALUES (10, 1, NULL), (11, NULL, 10), (12, 2, NULL), (13, 3, NULL), (14, NULL, 12)")
        .await;
    let map = Map::parse(&CIRCLES.replace("KIND", &db.kind.to_string())).unwrap();
    let system = db.system().await;
    let plan = estate::plan(&system, &map, &alice(), None, Action::Erasure, SALT).await.unwrap();
    let rows = |name: &str, action| {
        plan.steps
            .iter()
            .filter(|step| step.dataset == name && step.action == action)
            .map(|step| step.rows)
            .sum::<u64>()
    };
    assert_eq!((rows("posts", StepAction::Delete), rows("answers", StepAction::Delete)), (2, 4));
    estate::erase(&system, &map, &plan, &alice(), None).await.unwrap();
    assert_eq!(db.texts("SELECT CAST(id AS text) FROM posts").await, ["3"]);
    assert_eq!(db.texts("SELECT CAST(id AS text) FROM answers").await, ["13"]);
}

async fn rows_with_two_owners_are_left_alone(db: &Db) {
    let system = db.shop().await;
    let text = crate::fixture::MAP.replace("KIND", &db.kind.to_string());
    // Without their own tenant column, tickets belong to whoever has a customer of that address.
    let text = text.replace(
        "name = \"tickets\"\nkey = [\"id\"]\ntenant = { field = \"shop_id\" }",
        "name = \"tickets\"\nkey = [\"id\"]",
    );
    let map = Map::parse(&text).unwrap();
    let located = estate::locate(&system, &map, &alice(), Some("1")).await.unwrap();
    let tickets = located.datasets.iter().find(|d| d.dataset == "tickets").unwrap();
    assert_eq!((tickets.rows, tickets.foreign_tenant_rows), (0, 2), "both shops know alice: nobody's ticket for sure");
}
