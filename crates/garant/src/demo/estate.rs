//! The demo's customer database: what a host of two online shops really has, at the size it really has.
//!
//! Foreign keys, a reference among customers, rows that must stay for the books, logs with addresses.
//! The same number of people always gives the same rows.

use super::people::{self, ASKING, Person, SAMPLE};
use crate::error::{Exit, Failure};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::ToSpan;
use kernel::{Date, SeededEntropy};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::path::Path;

const SEED: u64 = 118_271;
/// The shops: whose customers they are.
const SHOPS: [&str; 2] = ["Atelier Lune", "Moselle Cycles"];
/// Rows of one statement.
const BATCH: usize = 200;

const TABLES: &str = "
CREATE TABLE shops (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE customers (
  id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shops (id), email TEXT NOT NULL, first_name TEXT NOT NULL,
  last_name TEXT NOT NULL, phone TEXT, address TEXT, city TEXT, postal_code TEXT,
  referred_by INTEGER REFERENCES customers (id), created_on TEXT NOT NULL);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shops (id),
  customer_id INTEGER NOT NULL REFERENCES customers (id), ordered_on TEXT NOT NULL, total_cents INTEGER NOT NULL);
CREATE TABLE order_lines (
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), product TEXT NOT NULL,
  quantity INTEGER NOT NULL, price_cents INTEGER NOT NULL);
CREATE TABLE invoices (
  id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shops (id), number TEXT NOT NULL UNIQUE,
  customer_id INTEGER REFERENCES customers (id), order_id INTEGER REFERENCES orders (id), billing_email TEXT,
  billing_name TEXT NOT NULL, issued_on TEXT NOT NULL, total_cents INTEGER NOT NULL);
CREATE TABLE support_tickets (
  id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shops (id),
  customer_id INTEGER NOT NULL REFERENCES customers (id), subject TEXT NOT NULL, opened_on TEXT NOT NULL);
CREATE TABLE ticket_messages (
  id INTEGER PRIMARY KEY, ticket_id INTEGER NOT NULL REFERENCES support_tickets (id), author_email TEXT NOT NULL,
  body TEXT NOT NULL, sent_on TEXT NOT NULL);
CREATE TABLE newsletter (
  shop_id INTEGER NOT NULL REFERENCES shops (id), email TEXT NOT NULL, subscribed_on TEXT NOT NULL,
  PRIMARY KEY (shop_id, email));
CREATE TABLE access_log (
  id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shops (id), customer_id INTEGER REFERENCES customers (id),
  seen_on TEXT NOT NULL, ip_address TEXT NOT NULL, path TEXT NOT NULL, user_agent TEXT NOT NULL);
";

const INDEXES: &str = "
CREATE INDEX customers_referred_by ON customers (referred_by);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX order_lines_order ON order_lines (order_id);
CREATE INDEX invoices_customer ON invoices (customer_id);
CREATE INDEX invoices_order ON invoices (order_id);
CREATE INDEX support_tickets_customer ON support_tickets (customer_id);
CREATE INDEX ticket_messages_ticket ON ticket_messages (ticket_id);
CREATE INDEX access_log_customer ON access_log (customer_id);
";

/// A value of a row.
enum Cell {
    Int(i64),
    Text(String),
    Null,
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<Option<i64>> for Cell {
    fn from(value: Option<i64>) -> Self {
        value.map_or(Self::Null, Self::Int)
    }
}

/// Rows of one table that wait to be written.
struct Table {
    name: &'static str,
    width: usize,
    cells: Vec<Cell>,
    next_id: i64,
}

impl Table {
    fn new(name: &'static str, width: usize) -> Self {
        Self { name, width, cells: Vec::new(), next_id: 1 }
    }

    fn id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id - 1
    }

    fn push<const N: usize>(&mut self, row: [Cell; N]) {
        debug_assert_eq!(N, self.width, "{}", self.name);
        self.cells.extend(row);
    }

    /// Writes what waits, in statements of [`BATCH`] rows; the rest only when `all`.
    async fn flush(&mut self, to: &mut SqliteConnection, all: bool) -> Result<(), sqlx::Error> {
        while self.cells.len() >= self.width * BATCH || (all && !self.cells.is_empty()) {
            let rows = (self.cells.len() / self.width).min(BATCH);
            let row = format!("({})", vec!["?"; self.width].join(","));
            let sql = format!("INSERT INTO {} VALUES {}", self.name, vec![row; rows].join(","));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for cell in self.cells.drain(..rows * self.width) {
                query = match cell {
                    Cell::Int(value) => query.bind(value),
                    Cell::Text(value) => query.bind(value),
                    Cell::Null => query.bind(None::<i64>),
                };
            }
            query.execute(&mut *to).await?;
        }
        Ok(())
    }
}

/// Every table that grows with the people, parents first.
struct Tables {
    customers: Table,
    orders: Table,
    lines: Table,
    invoices: Table,
    tickets: Table,
    messages: Table,
    newsletter: Table,
    visits: Table,
}

impl Tables {
    fn new() -> Self {
        Self {
            customers: Table::new("customers", 11),
            orders: Table::new("orders", 5),
            lines: Table::new("order_lines", 5),
            invoices: Table::new("invoices", 9),
            tickets: Table::new("support_tickets", 5),
            messages: Table::new("ticket_messages", 5),
            newsletter: Table::new("newsletter", 3),
            visits: Table::new("access_log", 7),
        }
    }

    async fn flush(&mut self, to: &mut SqliteConnection, all: bool) -> Result<(), sqlx::Error> {
        for table in [
            &mut self.customers,
            &mut self.orders,
            &mut self.lines,
            &mut self.invoices,
            &mut self.tickets,
            &mut self.messages,
            &mut self.newsletter,
            &mut self.visits,
        ] {
            table.flush(to, all).await?;
        }
        Ok(())
    }
}

/// Makes the database at `path`: whole, or not at all.
pub(super) async fn make(path: &Path, people: u32) -> Result<(), Failure> {
    let part = path.with_extension("part");
    let failed = |error: &dyn std::fmt::Display| {
        Failure::words(
            Exit::Failed,
            [
                format!("the customer database cannot be made: {error}"),
                format!("la base de clients ne peut être créée : {error}"),
            ],
            ["free some space, or choose another --dir", "libérez de la place, ou choisissez un autre --dir"],
        )
    };
    if part.exists() {
        std::fs::remove_file(&part).map_err(|error| failed(&error))?;
    }
    write(&part, i64::from(people)).await.map_err(|error| failed(&error))?;
    std::fs::rename(&part, path).map_err(|error| failed(&error))
}

async fn write(path: &Path, people: i64) -> Result<(), sqlx::Error> {
    // The file is thrown away when anything fails: no journal, no waiting for the disk.
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(false);
    let mut to = options.connect().await?;
    sqlx::raw_sql(TABLES).execute(&mut to).await?;
    for (id, name) in (1i64..).zip(SHOPS) {
        sqlx::query("INSERT INTO shops VALUES (?, ?)").bind(id).bind(name).execute(&mut to).await?;
    }
    fill(&mut to, people).await?;
    sqlx::raw_sql(INDEXES).execute(&mut to).await?;
    to.close().await
}

async fn fill(to: &mut SqliteConnection, people: i64) -> Result<(), sqlx::Error> {
    let (random, mut tables) = (SeededEntropy::new(SEED), Tables::new());
    let bar = ProgressBar::new(people.unsigned_abs());
    if let Ok(style) = ProgressStyle::with_template("  {bar:40} {pos}/{len}") {
        bar.set_style(style);
    }
    sqlx::raw_sql("BEGIN").execute(&mut *to).await?;
    for number in 1..=people {
        customer(&mut tables, &random, number, people);
        if number % 500 == 0 {
            tables.flush(to, false).await?;
            bar.set_position(number.unsigned_abs());
        }
    }
    tables.flush(to, true).await?;
    sqlx::raw_sql("COMMIT").execute(&mut *to).await?;
    bar.finish_and_clear();
    Ok(())
}

/// Who the customer `number` of `people` is, and of which shop. In the middle stand the people of the tour.
fn who(random: &SeededEntropy, number: i64, people: i64) -> (Person, i64) {
    let mut person = people::person(random, number);
    let shop = 1 + i64::from(number % 5 >= 3);
    let (name, email, shop) = match number - people / 2 {
        0 => (("Camille", "Moreau"), "Camille.Moreau@Example.org", 1),
        1 => (("Camille", "Moreau"), SAMPLE, 2),
        2 => (("Lucas", "Bernard"), ASKING, 1),
        _ => return (person, shop),
    };
    (person.first, person.last) = name;
    email.clone_into(&mut person.email);
    (person, shop)
}

fn customer(tables: &mut Tables, random: &SeededEntropy, number: i64, people: i64) {
    let (person, shop) = who(random, number, people);
    let toured = (0..3).contains(&(number - people / 2));
    let id = tables.customers.id();
    let referred_by = match number - people / 2 {
        // Two others came through the person of the tour: they must stay when that person goes.
        5 | 10 => Some(people / 2),
        _ if random.below(10) == 0 && number > 5 => Some(number - 5),
        _ => None,
    }
    .filter(|_| !toured);
    tables.customers.push([
        id.into(),
        shop.into(),
        person.email.as_str().into(),
        person.first.into(),
        person.last.into(),
        person.phone.as_str().into(),
        person.street.as_str().into(),
        person.city.into(),
        person.postal_code.into(),
        referred_by.into(),
        day(random).into(),
    ]);
    let orders = if toured { 3 } else { random.below(4) };
    for _ in 0..orders {
        order(tables, random, &person, shop, id);
    }
    if toured || random.below(100) < 15 {
        ticket(tables, random, &person, shop, id);
    }
    if toured || random.below(100) < 40 {
        tables.newsletter.push([shop.into(), person.email.as_str().into(), day(random).into()]);
    }
    for _ in 0..2 {
        visit(tables, random, shop, id);
    }
}

fn order(tables: &mut Tables, random: &SeededEntropy, person: &Person, shop: i64, customer: i64) {
    let (id, day) = (tables.orders.id(), day(random));
    let mut total = 0;
    for _ in 0..=random.below(3) {
        let (line, price) = (tables.lines.id(), 900 + small(random, 30_000));
        total += price;
        tables.lines.push([line.into(), id.into(), people::product(random).into(), 1.into(), price.into()]);
    }
    tables.orders.push([id.into(), shop.into(), customer.into(), day.as_str().into(), total.into()]);
    let invoice = tables.invoices.id();
    tables.invoices.push([
        invoice.into(),
        shop.into(),
        format!("F-{invoice:07}").into(),
        customer.into(),
        id.into(),
        person.email.as_str().into(),
        format!("{} {}", person.first, person.last).into(),
        day.into(),
        total.into(),
    ]);
}

fn ticket(tables: &mut Tables, random: &SeededEntropy, person: &Person, shop: i64, customer: i64) {
    let (id, day) = (tables.tickets.id(), day(random));
    tables.tickets.push([id.into(), shop.into(), customer.into(), people::subject(random).into(), day.as_str().into()]);
    let asks =
        format!("Bonjour, je suis {} {}. Pouvez-vous m'aider ? / Hello, can you help?", person.first, person.last);
    for (author, body) in [
        (person.email.as_str(), asks.as_str()),
        ("support@brumaire.example", "Merci, nous regardons. / Thank you, we are looking into it."),
    ] {
        let message = tables.messages.id();
        tables.messages.push([message.into(), id.into(), author.into(), body.into(), day.as_str().into()]);
    }
}

fn visit(tables: &mut Tables, random: &SeededEntropy, shop: i64, customer: i64) {
    let known = (random.below(3) > 0).then_some(customer);
    let (id, address) = (tables.visits.id(), format!("203.0.113.{}", random.below(256)));
    tables.visits.push([
        id.into(),
        shop.into(),
        known.into(),
        day(random).into(),
        address.into(),
        people::path(random).into(),
        "Mozilla/5.0".into(),
    ]);
}

fn small(random: &SeededEntropy, bound: u64) -> i64 {
    i64::try_from(random.below(bound)).unwrap_or(0)
}

/// A day between 2022 and the summer of 2026.
fn day(random: &SeededEntropy) -> String {
    Date::constant(2022, 1, 3).saturating_add(small(random, 1_650).days()).to_string()
}
