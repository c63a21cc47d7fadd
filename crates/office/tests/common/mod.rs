//! A house for tests: our database on SQLite or PostgreSQL, a clock that stands still, an estate to work on.

#![expect(dead_code, reason = "each test file uses its own part of the house")]

pub(crate) mod smtp;

use kernel::{AccountId, Actor, Entropy, Instant, Lang, Secret, SeededEntropy};
use office::accounts::{self, NewAccount};
use office::agreements::{self, Import, Party};
use office::parties::NewController;
use office::{App, NAV, Registry};
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{DatabaseUrl, Keys, Store};
use web::{Role, Shell};

pub(crate) const AGREEMENT: &str = include_str!("../fixtures/agreement-en.txt");
pub(crate) const AGREEMENT_FR: &str = include_str!("../fixtures/agreement-fr.txt");
pub(crate) const PASSWORD: &str = "violet-anchor-tundra-42";

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

pub(crate) const BOTH: [Kind; 2] = [Kind::Sqlite, Kind::Postgres];

static NAMES: AtomicU64 = AtomicU64::new(0);

/// A fresh PostgreSQL database, dropped with the value.
pub(crate) struct Database {
    pub(crate) url: String,
    name: String,
    admin: String,
}

impl Database {
    pub(crate) async fn new() -> Self {
        let admin = std::env::var("GARANT_TEST_POSTGRES")
            .expect("run `cargo xtask test`, it starts PostgreSQL and sets GARANT_TEST_POSTGRES");
        let name = format!("garant_{}_{}", std::process::id(), NAMES.fetch_add(1, Ordering::Relaxed));
        let mut connection = sqlx::PgConnection::connect(&admin).await.expect("the test server answers");
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a fresh database");
        let url = format!("{}/{name}", admin.rsplit_once('/').expect("a database in the address").0);
        Self { url, name, admin }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        let drop = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                if let Ok(mut connection) = sqlx::PgConnection::connect(&admin).await {
                    connection.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.ok();
                }
            });
        });
        drop.join().ok();
    }
}

/// A running house.
pub(crate) struct House {
    pub(crate) app: App,
    pub(crate) dir: tempfile::TempDir,
    pub(crate) people: Vec<(Role, AccountId, String)>,
    pub(crate) url: DatabaseUrl,
    clock: Arc<AtomicI64>,
    database: Option<Database>,
}

pub(crate) const START: &str = "2026-11-23T09:00:00Z";

impl House {
    pub(crate) async fn new(kind: Kind) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let database = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(Database::new().await),
        };
        let url = match &database {
            None => DatabaseUrl::Sqlite(dir.path().join("garant.db")),
            Some(database) => DatabaseUrl::parse(&database.url).expect("an address"),
        };
        let start: Instant = START.parse().expect("an instant");
        let clock = Arc::new(AtomicI64::new(start.as_millisecond()));
        let app = app(&url, dir.path(), &clock, 1).await;
        Self { app, dir, people: Vec::new(), url, clock, database }
    }

    /// The house in this folder, as another process finds it so many seconds after the first began.
    pub(crate) async fn again(dir: &Path, seconds: i64) -> Self {
        let start: Instant = START.parse().expect("an instant");
        let clock = Arc::new(AtomicI64::new(start.as_millisecond() + seconds * 1_000));
        let url = DatabaseUrl::Sqlite(dir.join("garant.db"));
        let seed = 3 + u64::from(std::process::id()) * 1_000;
        let app = app(&url, dir, &clock, seed).await;
        let people = Vec::new();
        Self { app, dir: tempfile::tempdir().expect("a folder"), people, url, clock, database: None }
    }

    /// The same house after a restart: new connections, the same keys and data.
    pub(crate) async fn restart(&mut self) {
        self.app.store().close().await;
        self.app = app(&self.url, self.dir.path(), &self.clock, 2).await;
    }

    /// Another server of the same house, whose wall clock is off by as many milliseconds as the second value holds.
    pub(crate) async fn another(&self, seed: u64) -> (App, Arc<AtomicI64>) {
        let mut other = app(&self.url, self.dir.path(), &self.clock, seed).await;
        let (clock, off) = (self.clock.clone(), Arc::new(AtomicI64::new(0)));
        let shown = off.clone();
        let wall = move || clock.load(Ordering::Relaxed) + shown.load(Ordering::Relaxed);
        other.shell.clock = Arc::new(move || Instant::from_millisecond(wall()).expect("an instant"));
        (other, off)
    }

    pub(crate) fn store(&self) -> &Store {
        self.app.store()
    }

    /// Lets the database look at its tables, as it does by itself after a while.
    pub(crate) async fn analyse(&self) {
        let mut tx = self.store().begin(self.app.now(), Actor::system("test")).await.expect("a transaction");
        tx.execute("ANALYZE", vec![]).await.expect("analysed");
        tx.commit().await.expect("committed");
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    pub(crate) async fn person(&mut self, role: Role) -> Actor {
        self.opened(role, None).await
    }

    /// One of a controller's own people.
    pub(crate) async fn client(&mut self, role: Role, controller: &kernel::ControllerId) -> Actor {
        self.opened(role, Some(controller)).await
    }

    async fn opened(&mut self, role: Role, controller: Option<&kernel::ControllerId>) -> Actor {
        let email = format!("{}{}@example.org", role.word(), self.people.len());
        let new = NewAccount {
            email: email.clone(),
            name: format!("{} {}", role.word(), self.people.len()),
            role,
            controller: controller.cloned(),
            lang: Lang::En,
            password: Secret::new(PASSWORD.to_owned()),
            until: None,
        };
        let id = accounts::open(&self.app, Actor::system("test"), new).await.expect("an account");
        self.people.push((role, id.clone(), email));
        Actor::Account(id)
    }

    /// Imports, reviews and puts in force an agreement with a new controller of this name.
    pub(crate) async fn agreement(
        &self,
        actor: &Actor,
        name: &str,
        text: &str,
    ) -> (kernel::AgreementId, kernel::ControllerId) {
        let party = NewController {
            name: name.to_owned(),
            contact: format!(
                "dpo@{}.example",
                name.to_lowercase().split(char::is_whitespace).next().unwrap_or_default()
            ),
            lang: if text == AGREEMENT_FR { Lang::Fr } else { Lang::En },
            place: "FR".into(),
        };
        let import = Import {
            party: Party::New(party),
            title: format!("DPA {name}"),
            file_name: "dpa.txt".into(),
            bytes: text.as_bytes().to_vec(),
            again: false,
        };
        let id = agreements::import(&self.app, actor.clone(), import).await.expect("imported");
        self.review(actor, &id).await;
        agreements::put_in_force(self.store(), self.app.now(), actor.clone(), &id, true).await.expect("in force");
        let row = agreements::find(&mut self.store().read(), &id).await.expect("readable").expect("there");
        (id, row.controller)
    }

    /// Confirms every term as read, accepts what the law finds missing, and ends the review.
    pub(crate) async fn review(&self, actor: &Actor, id: &kernel::AgreementId) {
        let (db, now) = (self.store(), self.app.now());
        agreements::confirm_as_read(db, now, actor.clone(), id, true).await.expect("confirmed");
        agreements::finish(db, now, actor.clone(), id).await.expect("reviewed");
    }

    /// Connects the shop and confirms its map: shop 1 is Brume's, shop 2 Lichen's.
    pub(crate) async fn connect(&self, actor: &Actor, name: &str, address: &str) -> kernel::SystemId {
        let id = office::systems::connect(self.store(), self.app.now(), actor.clone(), name, address)
            .await
            .expect("connected");
        let row = office::systems::find(&mut self.store().read(), &id).await.expect("readable").expect("there");
        let text = office::systems::map_text(self.store(), &row).await.expect("a map");
        let text = with_tenants(&text);
        let done = office::systems::confirm_map(self.store(), self.app.now(), actor.clone(), &id, &text).await;
        done.unwrap_or_else(|refusal| panic!("{refusal}: {}\n{text}", refusal.remedy(Lang::En)));
        id
    }
}

async fn app(url: &DatabaseUrl, dir: &Path, clock: &Arc<AtomicI64>, seed: u64) -> App {
    let registry = Arc::new(Registry::new().expect("a schema"));
    let texts = Arc::new(Registry::texts().expect("texts"));
    let mixed = seed ^ (NAMES.fetch_add(1, Ordering::Relaxed) << 8);
    let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(mixed));
    let keys = Keys::open(&dir.join("keys"), &*entropy).expect("keys");
    let store = Store::open(url, keys, registry, entropy).await.expect("a store");
    let clock = clock.clone();
    let shell = Shell {
        store,
        texts,
        clock: Arc::new(move || Instant::from_millisecond(clock.load(Ordering::Relaxed)).expect("an instant")),
        nav: Arc::new(NAV.to_vec()),
        policy: office::POLICY.clone(),
        secure: false,
        trusted_proxies: Arc::default(),
    };
    let pdf = Arc::new(reader::InThisProcess);
    App {
        shell,
        mail: None,
        breached: None,
        inbox: None,
        oidc: None,
        quotas: Arc::default(),
        pdf,
        files: dir.join("packages"),
        public_url: "http://localhost".into(),
        work_factor: Some(4),
    }
}

/// Who reaches a route: an owner, or a controller's administrator where only they do.
pub(crate) fn able(access: web::guard::Access) -> Role {
    let roles = access.roles(&office::POLICY);
    if roles.is_none_or(|roles| roles.contains(&Role::Owner)) { Role::Owner } else { Role::ControllerAdmin }
}

const SHOP: &str = "
CREATE TABLE shops (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE customers (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shops (id), email TEXT NOT NULL,
    full_name TEXT, phone TEXT, referred_by INTEGER REFERENCES customers (id));
CREATE TABLE orders (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shops (id),
    customer_id INTEGER NOT NULL REFERENCES customers (id), total INTEGER NOT NULL);
CREATE TABLE order_lines (order_id INTEGER NOT NULL REFERENCES orders (id), line INTEGER NOT NULL, label TEXT NOT NULL,
    PRIMARY KEY (order_id, line));
CREATE TABLE invoices (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shops (id),
    customer_id INTEGER REFERENCES customers (id), email TEXT, total INTEGER NOT NULL);
CREATE TABLE newsletter (email TEXT PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shops (id), subscribed INTEGER NOT NULL);
INSERT INTO shops VALUES (1, 'Brume'), (2, 'Lichen');
INSERT INTO customers VALUES
    (1, 1, '  Ada@Example.ORG ', 'Ada Martin', '+33 6 12 34 56 78', NULL),
    (2, 1, 'grace@example.org', 'Grace Petit', '+33 6 98 76 54 32', 1),
    (3, 2, 'ada@example.org', 'Ada Martin', NULL, NULL),
    (4, 1, 'linus@example.org', 'Linus Roux', NULL, NULL),
    (5, 1, 'ken@example.org', 'Ken Blanc', NULL, NULL);
INSERT INTO orders VALUES (10, 1, 1, 4200), (11, 1, 1, 900), (12, 1, 2, 100), (13, 2, 3, 700);
INSERT INTO order_lines VALUES (10, 1, 'Lamp for Ada'), (10, 2, 'Bulb'), (11, 1, 'Shade'), (12, 1, 'Rug'), (13, 1, 'Vase');
INSERT INTO invoices VALUES (20, 1, 2, 'grace@example.org', 100);
INSERT INTO newsletter VALUES ('ADA@example.org', 1, 1), ('grace@example.org', 1, 1);
";

/// A small shop as the connected estate; `Ada` is in both shops.
pub(crate) struct Estate {
    pub(crate) address: String,
    kind: Kind,
    path: PathBuf,
    _database: Option<Database>,
}

impl Estate {
    pub(crate) async fn new(kind: Kind, dir: &Path) -> Self {
        let path = dir.join(format!("shop{}.db", NAMES.fetch_add(1, Ordering::Relaxed)));
        let database = if kind == Kind::Postgres { Some(Database::new().await) } else { None };
        let address = database.as_ref().map_or_else(|| format!("sqlite:{}", path.display()), |d| d.url.clone());
        let estate = Self { address, kind, path, _database: database };
        estate.run(SHOP).await;
        estate
    }

    /// Runs statements on the estate, as its owner would.
    pub(crate) async fn run(&self, sql: &str) {
        match self.kind {
            Kind::Sqlite => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&self.path).create_if_missing(true);
                let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("the file opens");
                sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
                    .execute(&mut connection)
                    .await
                    .expect("the statements run");
                connection.close().await.expect("closed");
            }
            Kind::Postgres => {
                let mut connection = sqlx::PgConnection::connect(&self.address).await.expect("the server answers");
                sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
                    .execute(&mut connection)
                    .await
                    .expect("the statements run");
                connection.close().await.expect("closed");
            }
        }
    }

    /// One number, from one statement.
    pub(crate) async fn count(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.kind {
            Kind::Sqlite => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&self.path);
                let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("the file opens");
                sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("a number")
            }
            Kind::Postgres => {
                let mut connection = sqlx::PgConnection::connect(&self.address).await.expect("the server answers");
                sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("a number")
            }
        }
    }
}

/// The proposed map with what only a person knows: which shop is whose.
fn with_tenants(text: &str) -> String {
    let mut map = estate::Map::parse(text).expect("a proposed map parses");
    for dataset in &mut map.datasets {
        if dataset.fields.iter().any(|field| field.name == "shop_id") {
            dataset.tenant = Some(estate::map::Tenant::Field("shop_id".into()));
        }
    }
    map.datasets.retain(|dataset| dataset.name != "shops");
    for (controller, value) in [("Brume", "1"), ("Lichen", "2")] {
        map.tenants.push(estate::map::TenantEntry { controller: controller.into(), value: value.into() });
    }
    let invoices = map.datasets.iter_mut().find(|dataset| dataset.name == "invoices").expect("a dataset");
    invoices.on_erasure = estate::map::OnErasure::Keep;
    invoices.ground = Some("accounting, ten years".into());
    for field in invoices.fields.iter_mut().filter(|field| ["customer_id", "email"].contains(&field.name.as_str())) {
        field.on_erasure = Some(estate::map::Blank::Null);
    }
    for dataset in &mut map.datasets {
        dataset.references.retain(|reference| reference.to != "shops");
    }
    map.to_toml()
}
