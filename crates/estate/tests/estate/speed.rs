//! Finding one person among fifty thousand must not need an index.

use crate::fixture::{Db, SALT};
use estate::{Action, Identity, Kind, Limits, Map};

const MANY: &str = "
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, name TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), note TEXT);
CREATE INDEX by_customer ON orders (customer_id);
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id));
CREATE TABLE tickets (id INTEGER PRIMARY KEY, customer_email TEXT);
CREATE TABLE newsletter (email TEXT PRIMARY KEY);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
INSERT INTO customers SELECT i, ' Person' || i || '@Example.org', 'Person ' || i FROM n;
INSERT INTO orders SELECT id, id, 'x' FROM customers;
INSERT INTO lines SELECT id, id FROM orders;
INSERT INTO tickets SELECT id, email FROM customers;
INSERT INTO newsletter SELECT email FROM customers;
";

const MAP: &str = r#"
garant-estate = 1
system = { name = "big", kind = "sqlite" }
[[dataset]]
name = "customers"
key = ["id"]
field = [{ name = "email", identifies = "email" }]
[[dataset]]
name = "orders"
key = ["id"]
reference = [{ fields = ["customer_id"], to = "customers", to_fields = ["id"] }]
[[dataset]]
name = "lines"
key = ["id"]
reference = [{ fields = ["order_id"], to = "orders", to_fields = ["id"] }]
[[dataset]]
name = "tickets"
key = ["id"]
reference = [{ fields = ["customer_email"], to = "customers", to_fields = ["email"], kind = "inferred" }]
[[dataset]]
name = "newsletter"
key = ["email"]
field = [{ name = "email", identifies = "email" }]
"#;

#[tokio::test]
async fn one_person_in_fifty_thousand_is_planned_in_less_than_a_second() {
    let db = Db::new(Kind::Sqlite).await;
    db.run(MANY).await;
    let (map, who) = (Map::parse(MAP).unwrap(), Identity::email("person31415@example.org").unwrap());
    let system = db.system_with(Limits::default()).await;
    let start = std::time::Instant::now();
    assert_eq!(estate::locate(&system, &map, &who, None).await.unwrap().total(), 5);
    let plan = estate::plan(&system, &map, &who, None, Action::Erasure, SALT).await.unwrap();
    let spent = start.elapsed();
    assert_eq!(plan.rows(), 5);
    assert!(spent.as_millis() < 1_000, "locate and plan took {spent:?}");
    estate::erase(&system, &map, &plan, &who, None).await.unwrap();
    assert_eq!(db.count("customers").await, 49_999);
}
