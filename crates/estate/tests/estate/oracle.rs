//! Random databases against a naive model: exactly the person's rows go, nothing else moves, nothing dangles.

use crate::fixture::{Db, SALT};
use estate::{Action, EraseError, Identity, Kind, Limits, Map, Refusal};
use proptest::{prelude::*, test_runner::TestRunner};
use std::collections::BTreeSet;

const PEOPLE: [&str; 3] = ["ann@example.org", "bob@example.org", "joann@example.org"];

/// One random database: rows refer to rows by position.
#[derive(Clone, Debug)]
struct World {
    /// (tenant, person, spelling, referred by)
    customers: Vec<(u8, usize, u8, Option<usize>)>,
    /// Each order's customer.
    orders: Vec<usize>,
    /// Each line's order, and the customer who gets it as a gift.
    lines: Vec<(usize, Option<usize>)>,
    /// (tenant, person) without any reference.
    tickets: Vec<(u8, usize)>,
    /// Each invoice's customer; kept.
    invoices: Vec<Option<usize>>,
    /// The last order of each customer who has one: a circle with orders.
    favourites: Vec<bool>,
}

/// Mostly the tenant and the person that the erasure is about.
fn tenants() -> impl Strategy<Value = u8> {
    prop::sample::select(vec![1, 1, 1, 2])
}

fn persons() -> impl Strategy<Value = usize> {
    prop::sample::select(vec![0, 0, 1, 2])
}

fn worlds() -> impl Strategy<Value = World> {
    (1_usize..7).prop_flat_map(|people| {
        let customers = prop::collection::vec((tenants(), persons(), 0..3_u8, prop::option::of(0..people)), people);
        let orders = prop::collection::vec(0..people, 1..8);
        (customers, orders).prop_flat_map(move |(customers, orders)| {
            let lines = prop::collection::vec((0..orders.len(), prop::option::of(0..people)), 0..8);
            let tickets = prop::collection::vec((tenants(), persons()), 0..5);
            let invoices = prop::collection::vec(prop::option::of(0..people), 0..5);
            let favourites = prop::collection::vec(any::<bool>(), people);
            (Just(customers), Just(orders), lines, tickets, invoices, favourites).prop_map(
                |(customers, orders, lines, tickets, invoices, favourites)| World {
                    customers,
                    orders,
                    lines,
                    tickets,
                    invoices,
                    favourites,
                },
            )
        })
    })
}

fn spelled(person: usize, spelling: u8) -> String {
    match spelling {
        0 => PEOPLE[person].to_owned(),
        1 => PEOPLE[person].to_uppercase(),
        _ => format!("  {}\t", PEOPLE[person]),
    }
}

fn or_null(value: Option<usize>) -> String {
    value.map_or("NULL".to_owned(), |value| value.to_string())
}

impl World {
    fn favourite(&self, customer: usize) -> Option<usize> {
        self.favourites[customer].then(|| self.orders.iter().position(|owner| *owner == customer)).flatten()
    }

    /// Every row as `table: columns`, as the database would print it.
    fn rows(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for (id, (tenant, person, spelling, by)) in self.customers.iter().enumerate() {
            let favourite = or_null(self.favourite(id));
            rows.push(format!("customers: {id}|{tenant}|{}|{}|{favourite}", spelled(*person, *spelling), or_null(*by)));
        }
        rows.extend(self.orders.iter().enumerate().map(|(id, owner)| format!("orders: {id}|{owner}")));
        rows.extend(
            self.lines.iter().enumerate().map(|(id, (order, gift))| format!("lines: {id}|{order}|{}", or_null(*gift))),
        );
        rows.extend(
            self.tickets
                .iter()
                .enumerate()
                .map(|(id, (tenant, who))| format!("tickets: {id}|{tenant}|{}", PEOPLE[*who])),
        );
        rows.extend(
            self.invoices.iter().enumerate().map(|(id, owner)| format!("invoices: {id}|{}|paid", or_null(*owner))),
        );
        rows
    }

    fn inserts(&self) -> String {
        let quoted = |row: &String| {
            let (table, values) = row.split_once(": ").expect("a table");
            let cells: Vec<String> = values
                .split('|')
                .map(|cell| match cell {
                    "NULL" => cell.to_owned(),
                    cell => format!("'{cell}'"),
                })
                .collect();
            format!("INSERT INTO {table} VALUES ({});", cells.join(", "))
        };
        self.rows().iter().map(quoted).collect()
    }

    /// What must be left after erasing ann for tenant 1; `None` when it must be refused.
    fn expected(&self) -> Option<Vec<String>> {
        let mine = |at: &usize| self.customers[*at].0 == 1 && self.customers[*at].1 == 0;
        let customers: BTreeSet<usize> = (0..self.customers.len()).filter(mine).collect();
        let orders: BTreeSet<usize> =
            (0..self.orders.len()).filter(|at| customers.contains(&self.orders[*at])).collect();
        let foreign = |at: usize| self.customers[at].0 != 1;
        // A gift line of somebody else's order hangs on two owners; another tenant's row that refers blocks.
        let points = |at: usize| self.customers[at].3.is_some_and(|by| customers.contains(&by));
        if (0..self.customers.len()).any(|at| foreign(at) && points(at)) {
            return None;
        }
        let gift_blocks = |(order, gift): &(usize, Option<usize>)| {
            let owner = self.orders[*order];
            foreign(owner) && gift.is_some_and(|gift| customers.contains(&gift))
                || orders.contains(order) && gift.is_some_and(foreign)
        };
        if self.lines.iter().any(gift_blocks) {
            return None;
        }
        let mut left = self.clone();
        for customer in &mut left.customers {
            customer.3 = customer.3.filter(|by| !customers.contains(by));
        }
        for line in &mut left.lines {
            line.1 = line.1.filter(|gift| !customers.contains(gift));
        }
        for invoice in &mut left.invoices {
            *invoice = invoice.filter(|owner| !customers.contains(owner));
        }
        let gone = |row: &String| {
            let (table, values) = row.split_once(": ").expect("a table");
            let id: usize = values.split('|').next().and_then(|id| id.parse().ok()).expect("an id");
            match table {
                "customers" => customers.contains(&id),
                "orders" => orders.contains(&id),
                "lines" => orders.contains(&self.lines[id].0),
                "tickets" => self.tickets[id] == (1, 0),
                _ => false,
            }
        };
        Some(left.rows().into_iter().filter(|row| !gone(row)).collect())
    }
}

const SCHEMA: &str = "
CREATE TABLE customers (id INTEGER PRIMARY KEY, shop INTEGER NOT NULL, email TEXT NOT NULL,
    referred_by INTEGER REFERENCES customers(id), favourite INTEGER);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customers(id));
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id), gift INTEGER REFERENCES customers(id));
CREATE TABLE tickets (id INTEGER PRIMARY KEY, shop INTEGER NOT NULL, email TEXT NOT NULL);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers(id), note TEXT);
";

const MAP: &str = r#"garant-estate = 1
system = { name = "random", kind = "KIND" }
[[dataset]]
name = "customers"
key = ["id"]
tenant = { field = "shop" }
field = [{ name = "email", identifies = "email" }]
reference = [
    { fields = ["referred_by"], to = "customers", to_fields = ["id"], on_erasure = "detach" },
    { fields = ["favourite"], to = "orders", to_fields = ["id"], on_erasure = "detach" },
]
[[dataset]]
name = "orders"
key = ["id"]
reference = [{ fields = ["customer"], to = "customers", to_fields = ["id"] }]
[[dataset]]
name = "lines"
key = ["id"]
reference = [
    { fields = ["order_id"], to = "orders", to_fields = ["id"] },
    { fields = ["gift"], to = "customers", to_fields = ["id"], on_erasure = "detach" },
]
[[dataset]]
name = "tickets"
key = ["id"]
tenant = { field = "shop" }
field = [{ name = "email", identifies = "email" }]
[[dataset]]
name = "invoices"
key = ["id"]
on_erasure = "keep"
ground = "accounts"
field = [{ name = "customer", on_erasure = "null" }]
reference = [{ fields = ["customer"], to = "customers", to_fields = ["id"] }]
"#;

const EMPTY: &str =
    "UPDATE customers SET referred_by = NULL, favourite = NULL; DELETE FROM invoices; DELETE FROM tickets;
DELETE FROM lines; DELETE FROM orders; DELETE FROM customers;";

async fn dump(db: &Db) -> Vec<String> {
    let print = |column: &str| format!("coalesce(CAST({column} AS text), 'NULL')");
    let mut rows = Vec::new();
    for (table, columns) in [
        ("customers", "id shop email referred_by favourite"),
        ("orders", "id customer"),
        ("lines", "id order_id gift"),
        ("tickets", "id shop email"),
        ("invoices", "id customer note"),
    ] {
        let columns: Vec<String> = columns.split(' ').map(print).collect();
        rows.extend(
            db.texts(&format!("SELECT '{table}: ' || {} FROM {table} ORDER BY id", columns.join(" || '|' || "))).await,
        );
    }
    rows
}

async fn check(db: &Db, world: &World) -> Result<(), TestCaseError> {
    let begin = match db.kind {
        Kind::Sqlite => "PRAGMA foreign_keys=OFF; BEGIN;",
        Kind::Postgres => "BEGIN; SET CONSTRAINTS ALL DEFERRED;",
    };
    db.run(&format!("{begin} {EMPTY} {} COMMIT;", world.inserts())).await;
    let before = dump(db).await;
    prop_assert_eq!(&before, &world.rows());
    let map = Map::parse(&MAP.replace("KIND", &db.kind.to_string())).expect("a right map");
    let (system, ann) =
        (db.system_with(Limits::default()).await, Identity::email("Ann@example.org").expect("an address"));
    let plan = estate::plan(&system, &map, &ann, Some("1"), Action::Erasure, SALT).await;
    let Some(expected) = world.expected() else {
        let refused = matches!(plan, Err(Refusal::OtherTenant { .. } | Refusal::OutsidePlan { .. }));
        prop_assert!(refused, "must be refused: {:?}", plan.map(|plan| plan.steps));
        prop_assert_eq!(before, dump(db).await);
        return Ok(());
    };
    let plan = plan.map_err(|refusal| TestCaseError::fail(refusal.to_string()))?;
    match estate::erase(&system, &map, &plan, &ann, Some("1")).await {
        Ok(erased) => prop_assert_eq!(erased.deleted(), (before.len() - expected.len()) as u64),
        Err(EraseError::NothingToDo) => prop_assert_eq!(&before, &expected),
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    }
    prop_assert_eq!(dump(db).await, expected);
    if db.kind == Kind::Sqlite {
        prop_assert_eq!(db.texts("SELECT \"table\" FROM pragma_foreign_key_check").await, Vec::<String>::new());
    }
    let absence = estate::verify(&system, &map, &ann, Some("1")).await.expect("it can be read");
    prop_assert!(absence.traces.is_empty(), "{:?}", absence);
    Ok(())
}

/// `GARANT_ESTATE_CASES` asks for a longer run.
fn run(kind: Kind, cases: u32) {
    let asked = std::env::var("GARANT_ESTATE_CASES").ok().and_then(|text| text.parse().ok());
    let cases = asked.unwrap_or(cases);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let db = runtime.block_on(Db::new(kind));
    let circle = match kind {
        Kind::Sqlite => SCHEMA.replace("favourite INTEGER)", "favourite INTEGER REFERENCES orders(id))"),
        Kind::Postgres => format!(
            "{} ALTER TABLE customers ADD FOREIGN KEY (favourite) REFERENCES orders(id) DEFERRABLE;",
            SCHEMA.replace(
                "referred_by INTEGER REFERENCES customers(id)",
                "referred_by INTEGER REFERENCES customers(id) DEFERRABLE"
            )
        ),
    };
    runtime.block_on(db.run(&circle));
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&worlds(), |world| runtime.block_on(check(&db, &world)));
    outcome.unwrap();
}

#[test]
fn random_sqlite_databases_match_the_model() {
    run(Kind::Sqlite, 300);
}

#[test]
fn random_postgres_databases_match_the_model() {
    run(Kind::Postgres, 40);
}
