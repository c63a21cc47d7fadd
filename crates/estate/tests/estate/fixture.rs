//! A shop's database on either server, its map, and helpers that fail loudly.

use estate::{Action, Address, Identity, Kind, Limits, Map, Plan, Refusal, System};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) const SALT: [u8; 32] = [7; 32];

/// Runs one scenario on both servers.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test]
            async fn sqlite() {
                super::$name(&crate::fixture::Db::new(estate::Kind::Sqlite).await).await;
            }
            #[tokio::test]
            async fn postgres() {
                super::$name(&crate::fixture::Db::new(estate::Kind::Postgres).await).await;
            }
        }
    )+};
}
pub(crate) use on_both;

/// A database of its own for one test; gone with it.
pub(crate) struct Db {
    pub(crate) kind: Kind,
    pub(crate) url: String,
    name: String,
    _dir: tempfile::TempDir,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

pub(crate) fn maintenance_url() -> String {
    std::env::var("GARANT_TEST_POSTGRES")
        .expect("run `cargo xtask test`, it starts PostgreSQL and sets GARANT_TEST_POSTGRES")
}

impl Db {
    /// An empty database.
    pub(crate) async fn new(kind: Kind) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let name = format!("garant_estate_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let url = match kind {
            Kind::Sqlite => {
                let file = dir.path().join("shop.db");
                std::fs::write(&file, b"").expect("an empty file");
                format!("sqlite:{}", file.display())
            }
            Kind::Postgres => {
                let admin = maintenance_url();
                let mut line = PgConnection::connect(&admin).await.expect("PostgreSQL answers");
                sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
                    .execute(&mut line)
                    .await
                    .expect("created");
                let (server, _) = admin.rsplit_once('/').expect("a database in the URL");
                format!("{server}/{name}")
            }
        };
        Self { kind, url, name, _dir: dir }
    }

    /// Runs statements as the company's own application would.
    pub(crate) async fn run(&self, sql: &str) {
        let sql = match self.kind {
            Kind::Sqlite => sql.replace("BYTEA", "BLOB"),
            Kind::Postgres => sql.replace(" x'", " '\\x"),
        };
        match self.kind {
            Kind::Sqlite => {
                let mut line = SqliteConnection::connect(&self.url).await.expect("the file opens");
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut line).await.expect("the statements run");
            }
            Kind::Postgres => {
                let mut line = PgConnection::connect(&self.url).await.expect("the server answers");
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut line).await.expect("the statements run");
            }
        }
    }

    /// The first column of `sql`, as text, `-` for NULL.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        let shown = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let sql = AssertSqlSafe(sql.to_owned());
        match self.kind {
            Kind::Sqlite => {
                let mut line = SqliteConnection::connect(&self.url).await.expect("the file opens");
                let rows = sqlx::query(sql).fetch_all(&mut line).await.expect("the query runs");
                rows.iter().map(|row| shown(row.get_unchecked(0))).collect()
            }
            Kind::Postgres => {
                let mut line = PgConnection::connect(&self.url).await.expect("the server answers");
                let rows = sqlx::query(sql).fetch_all(&mut line).await.expect("the query runs");
                rows.iter().map(|row| shown(row.get_unchecked(0))).collect()
            }
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) async fn count(&self, from: &str) -> u64 {
        let texts = self.texts(&format!("SELECT CAST(count(*) AS text) FROM {from}")).await;
        texts[0].parse().expect("a count")
    }

    pub(crate) async fn system(&self) -> System {
        self.system_with(Limits::default()).await
    }

    pub(crate) async fn system_with(&self, limits: Limits) -> System {
        estate::connect(Address::parse(&self.url).expect("an address"), limits).await.expect("it answers")
    }

    /// The shop of all scenarios: two shops, one person known to both.
    pub(crate) async fn shop(&self) -> System {
        self.run(SCHEMA).await;
        let circle = match self.kind {
            Kind::Sqlite => "ALTER TABLE carts ADD COLUMN best_item INTEGER REFERENCES cart_items(id)",
            Kind::Postgres => {
                "ALTER TABLE carts ADD COLUMN best_item INTEGER; \
                 ALTER TABLE carts ADD FOREIGN KEY (best_item) REFERENCES cart_items(id)"
            }
        };
        self.run(circle).await;
        self.run(ROWS).await;
        self.system().await
    }

    /// Everything in the shop, row by row, to compare before and after.
    pub(crate) async fn dump(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (table, columns) in DUMPED {
            let columns: Vec<String> =
                columns.iter().map(|column| format!("coalesce(CAST({column} AS text), '-')")).collect();
            let sql = format!(
                "SELECT '{}: ' || {} FROM {table} ORDER BY 1",
                table.replace('"', ""),
                columns.join(" || '|' || ")
            );
            all.extend(self.texts(&sql).await);
        }
        all
    }

    pub(crate) fn map(&self) -> Map {
        Map::parse(&MAP.replace("KIND", &self.kind.to_string())).expect("the map of the shop is right")
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        if self.kind == Kind::Sqlite {
            return;
        }
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // A drop cannot wait on the test's own runtime.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let mut line = PgConnection::connect(&maintenance_url()).await.expect("PostgreSQL answers");
                sqlx::query(AssertSqlSafe(sql)).execute(&mut line).await.expect("dropped");
            });
        });
        drop(dropping.join());
    }
}

pub(crate) fn alice() -> Identity {
    Identity::email("alice@example.org").expect("an address")
}

pub(crate) async fn planned(system: &System, map: &Map, who: &Identity, action: Action) -> Result<Plan, Refusal> {
    estate::plan(system, map, who, Some("1"), action, SALT).await
}

pub(crate) async fn erasure(system: &System, map: &Map) -> Plan {
    planned(system, map, &alice(), Action::Erasure).await.expect("the erasure can be planned")
}

const SCHEMA: &str = r#"
CREATE TABLE customers (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL, email TEXT, name TEXT,
    photo BYTEA, referred_by INTEGER REFERENCES customers(id));
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), note TEXT);
CREATE TABLE order_lines (order_id INTEGER NOT NULL REFERENCES orders(id), line INTEGER NOT NULL, label TEXT,
    PRIMARY KEY (order_id, line));
CREATE TABLE "Order Details" ("select" INTEGER NOT NULL, "we""ird" TEXT NOT NULL, "Order Id" INTEGER REFERENCES orders(id),
    PRIMARY KEY ("select", "we""ird"));
CREATE TABLE tickets (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL, customer_email TEXT, body TEXT);
CREATE TABLE newsletter (email TEXT PRIMARY KEY);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), email TEXT, amount INTEGER);
CREATE TABLE carts (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id));
CREATE TABLE cart_items (id INTEGER PRIMARY KEY, cart_id INTEGER NOT NULL REFERENCES carts(id), label TEXT);
"#;

const ROWS: &str = r#"
INSERT INTO customers VALUES (1, 1, ' Alice@Example.ORG ', 'Alice', x'00ff', NULL);
INSERT INTO customers VALUES (2, 1, 'bob@example.org', 'Bob', NULL, 1);
INSERT INTO customers VALUES (3, 2, 'alice@example.org', 'Alice elsewhere', NULL, NULL);
INSERT INTO customers VALUES (4, 1, 'malice@example.org', 'Malice', NULL, NULL);
INSERT INTO orders VALUES (10, 1, 'first'), (11, 1, 'second'), (12, 2, 'third'), (13, 3, 'fourth');
INSERT INTO order_lines VALUES (10, 1, 'a'), (10, 2, 'b'), (11, 1, 'c'), (12, 1, 'd'), (13, 1, 'e');
INSERT INTO "Order Details" VALUES (1, 'x"y', 10), (2, '''; DROP TABLE orders; --', 12), (3, 'z', NULL);
INSERT INTO tickets VALUES (1, 1, 'ALICE@example.org', 'help'), (2, 1, 'bob@example.org', 'help'),
    (3, 2, 'alice@example.org', 'other shop');
INSERT INTO newsletter VALUES ('alice@example.org'), ('bob@example.org');
INSERT INTO invoices VALUES (100, 1, 'alice@example.org', 5), (101, 2, 'bob@example.org', 6);
INSERT INTO carts (id, customer_id) VALUES (1, 1), (2, 2);
INSERT INTO cart_items VALUES (1, 1, 'pen'), (2, 2, 'ink');
UPDATE carts SET best_item = id;
"#;

/// What [`Db::dump`] prints.
const DUMPED: &[(&str, &[&str])] = &[
    ("customers", &["id", "shop_id", "email", "name", "referred_by"]),
    ("orders", &["id", "customer_id", "note"]),
    ("order_lines", &["order_id", "line", "label"]),
    ("\"Order Details\"", &["\"select\"", "\"we\"\"ird\"", "\"Order Id\""]),
    ("tickets", &["id", "shop_id", "customer_email", "body"]),
    ("newsletter", &["email"]),
    ("invoices", &["id", "customer_id", "email", "amount"]),
    ("carts", &["id", "customer_id", "best_item"]),
    ("cart_items", &["id", "cart_id", "label"]),
];

pub(crate) const MAP: &str = r#"garant-estate = 1

[system]
name = "shop"
kind = "KIND"
purpose = "the web shop"

[[tenant]]
controller = "First Shop"
value = "1"

[[tenant]]
controller = "Second Shop"
value = "2"

[[dataset]]
name = "customers"
key = ["id"]
tenant = { field = "shop_id" }
retention = "three years after the last order"
on_erasure = "delete"
field = [
    { name = "email", category = "pd:EmailAddress", identifies = "email" },
    { name = "name", category = "pd:Name" },
    { name = "photo", category = "pd:Picture" },
]
[[dataset.reference]]
fields = ["referred_by"]
to = "customers"
to_fields = ["id"]
on_erasure = "detach"

[[dataset]]
name = "orders"
key = ["id"]
field = [{ name = "note", category = "pd:Purchase" }]
[[dataset.reference]]
fields = ["customer_id"]
to = "customers"
to_fields = ["id"]

[[dataset]]
name = "order_lines"
key = ["order_id", "line"]
field = [{ name = "label" }]
[[dataset.reference]]
fields = ["order_id"]
to = "orders"
to_fields = ["id"]

[[dataset]]
name = "Order Details"
key = ["select", "we\"ird"]
[[dataset.reference]]
fields = ["Order Id"]
to = "orders"
to_fields = ["id"]

[[dataset]]
name = "tickets"
key = ["id"]
tenant = { field = "shop_id" }
field = [
    { name = "customer_email", category = "pd:EmailAddress" },
    { name = "body", category = "pd:Communication" },
]
[[dataset.reference]]
fields = ["customer_email"]
to = "customers"
to_fields = ["email"]
kind = "inferred"

[[dataset]]
name = "newsletter"
key = ["email"]
tenant = { value = "1" }
field = [{ name = "email", category = "pd:EmailAddress", identifies = "email" }]

[[dataset]]
name = "invoices"
key = ["id"]
on_erasure = "keep"
ground = "accounts are kept ten years (Code de commerce, art. L123-22)"
field = [
    { name = "email", category = "pd:EmailAddress", on_erasure = "null" },
    { name = "customer_id", on_erasure = "null" },
    { name = "amount", category = "pd:Transaction" },
]
[[dataset.reference]]
fields = ["customer_id"]
to = "customers"
to_fields = ["id"]

[[dataset]]
name = "carts"
key = ["id"]
[[dataset.reference]]
fields = ["customer_id"]
to = "customers"
to_fields = ["id"]
[[dataset.reference]]
fields = ["best_item"]
to = "cart_items"
to_fields = ["id"]
on_erasure = "detach"

[[dataset]]
name = "cart_items"
key = ["id"]
[[dataset.reference]]
fields = ["cart_id"]
to = "carts"
to_fields = ["id"]
"#;
