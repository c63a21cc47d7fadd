//! A small house: one table of things with one personal column, on either database.

use futures_util::future::BoxFuture;
use kernel::{Actor, ControllerId, EntryId, Instant, Personal, SeededEntropy, SubjectId};
use ledger::export::ExportWriter;
use ledger::note::{Checkpoint, Verifier};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{Arg, Columns, DatabaseUrl, Keys, Log, Projector, Recorded, Schema, Store, StoreError, Tx};

pub(crate) const START: &str = "2026-11-23T09:00:00Z";

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

pub(crate) const BOTH: [Kind; 2] = [Kind::Sqlite, Kind::Postgres];

static COUNT: AtomicU64 = AtomicU64::new(1);

/// Randomness that no other store of this run has.
pub(crate) fn entropy() -> Arc<SeededEntropy> {
    Arc::new(SeededEntropy::new(COUNT.fetch_add(1, Ordering::Relaxed) << 20))
}

pub(crate) fn start() -> Instant {
    START.parse().expect("an instant")
}

/// The address of the test server, database included.
pub(crate) fn server() -> String {
    std::env::var("GARANT_TEST_POSTGRES")
        .expect("run `cargo xtask test`, it starts PostgreSQL and sets GARANT_TEST_POSTGRES")
}

/// A fresh PostgreSQL database, dropped with the value.
pub(crate) struct Database {
    pub(crate) url: String,
    name: String,
}

impl Database {
    async fn new() -> Self {
        let admin = server();
        let name = format!("store_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut connection = sqlx::PgConnection::connect(&admin).await.expect("the test server answers");
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a fresh database");
        let url = format!("{}/{name}", admin.rsplit_once('/').expect("a database in the address").0);
        Self { url, name }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        let drop = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                if let Ok(mut connection) = sqlx::PgConnection::connect(&server()).await {
                    connection.execute(AssertSqlSafe(sql)).await.ok();
                }
            });
        });
        drop.join().ok();
    }
}

pub(crate) const THINGS: Columns = Columns {
    part: "things",
    sql: "CREATE TABLE IF NOT EXISTS things (id TEXT PRIMARY KEY, owner TEXT, name TEXT, size {int} NOT NULL, \
          at {int} NOT NULL) {strict};",
    toml: r#"
[things]
purpose = "Things that are counted"
retention = "as long as the test"
[things.columns]
id = "none"
owner = "none"
name = { category = "pd:Name", subject = "owner" }
size = "none"
at = "none"
"#,
};

/// Turns `thing.made` and `thing.grown` into rows of `things`.
pub(crate) struct Things(Schema);

impl Things {
    pub(crate) fn new(parts: &[Columns]) -> Arc<Self> {
        Arc::new(Self(Schema::new(parts).expect("a schema")))
    }
}

impl Projector for Things {
    fn apply<'a>(&'a self, tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let data = &entry.data;
            let (id, size) = (data["id"].as_str(), data["size"].as_i64());
            match entry.kind.as_str() {
                "thing.made" => {
                    let name: Personal<String> = serde_json::from_value(data["name"].clone())?;
                    let sql = "INSERT INTO things (id, owner, name, size, at) VALUES ($1, $2, $3, $4, $5)";
                    let args: [Arg; 5] = [
                        id.into(),
                        (&name.subject).into(),
                        name.reveal().cloned().into(),
                        size.into(),
                        entry.at.into(),
                    ];
                    tx.execute(sql, args.to_vec()).await.map(drop)
                }
                "thing.grown" => {
                    let sql = "UPDATE things SET size = size + $2 WHERE id = $1";
                    tx.execute(sql, vec![id.into(), size.into()]).await.map(drop)
                }
                _ => Ok(()),
            }
        })
    }

    fn schema(&self) -> &Schema {
        &self.0
    }
}

/// A running house.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) url: DatabaseUrl,
    pub(crate) dir: tempfile::TempDir,
    pub(crate) database: Option<Database>,
}

impl House {
    pub(crate) async fn new(kind: Kind) -> Self {
        Self::drawing(kind, entropy()).await
    }

    /// A house whose keys and randomness come from `entropy`: two of the same seed draw the same.
    pub(crate) async fn drawing(kind: Kind, entropy: Arc<SeededEntropy>) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let database = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(Database::new().await),
        };
        let url = match &database {
            None => DatabaseUrl::Sqlite(dir.path().join("garant.db")),
            Some(database) => DatabaseUrl::parse(&database.url).expect("an address"),
        };
        let keys = Keys::open(&dir.path().join("keys"), &*entropy).expect("keys");
        let store = Store::open(&url, keys, Things::new(&[THINGS]), entropy).await.expect("a store");
        Self { store, url, dir, database }
    }

    /// A second server on the same database, with the same keys.
    pub(crate) async fn second(&self) -> Result<Store, StoreError> {
        self.open(self.keys(), &[THINGS]).await
    }

    pub(crate) fn keys(&self) -> Keys {
        Keys::open(&self.dir.path().join("keys"), &*entropy()).expect("keys")
    }

    pub(crate) async fn open(&self, keys: Keys, parts: &[Columns]) -> Result<Store, StoreError> {
        Store::open(&self.url, keys, Things::new(parts), entropy()).await
    }

    pub(crate) fn head_file(&self) -> PathBuf {
        self.dir.path().join("keys").join("head")
    }

    pub(crate) async fn tx(&self) -> Tx<'_> {
        self.store.begin(start(), Actor::system("test")).await.expect("a transaction")
    }

    /// Changes the database from outside the product: no entry says so.
    pub(crate) async fn change(&self, sql: &'static str, args: Vec<Arg>) {
        let mut tx = self.tx().await;
        assert_ne!(tx.change(sql, args).await.expect("the statement runs"), 0, "nothing was changed: {sql}");
        tx.commit().await.expect("committed");
    }

    /// One thing named `name`, in a transaction of its own.
    pub(crate) async fn thing(&self, log: &Log, id: &str, owner: &SubjectId, name: &str) -> EntryId {
        let mut tx = self.tx().await;
        let entry = tx.append(log, "thing.made", id, made(id, owner, name)).await.expect("appended");
        tx.commit().await.expect("committed");
        entry
    }

    /// Three things in two controllers' logs, two of them Ada's.
    pub(crate) async fn filled(kind: Kind) -> (Self, [Log; 2], SubjectId) {
        let house = Self::new(kind).await;
        let (logs, ada, bob) = ([log(), log()], person(), person());
        house.thing(&logs[0], "lamp", &ada, "Ada's lamp").await;
        house.thing(&logs[0], "rug", &bob, "Bob's rug").await;
        house.thing(&logs[1], "vase", &ada, "Ada's vase").await;
        (house, logs, ada)
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let row = self.store.read().row(sql, vec![]).await.expect("readable").expect("a row");
        row.int("n").expect("a number")
    }

    /// How many rows each table of the ledger and of the product has.
    pub(crate) async fn rows(&self) -> Vec<i64> {
        let mut rows = Vec::new();
        for sql in [
            "SELECT COUNT(*) AS n FROM logs",
            "SELECT COUNT(*) AS n FROM entries",
            "SELECT COUNT(*) AS n FROM nodes",
            "SELECT COUNT(*) AS n FROM checkpoints",
            "SELECT COUNT(*) AS n FROM subject_keys",
            "SELECT COUNT(*) AS n FROM sealed_values",
            "SELECT COUNT(*) AS n FROM things",
        ] {
            rows.push(self.count(sql).await);
        }
        rows
    }

    pub(crate) fn verifier(&self) -> Verifier {
        self.store.keys().verifier().parse().expect("a key")
    }

    pub(crate) fn origin(&self, log: &Log) -> String {
        log.origin(self.store.keys().installation())
    }

    /// The export of every log.
    pub(crate) async fn export(&self) -> Vec<u8> {
        let mut writer = ExportWriter::new(Vec::new(), self.verifier()).expect("a writer");
        for head in self.store.logs().await.expect("logs") {
            writer.log(&head.origin).expect("a log");
            let notes: BTreeMap<u64, String> = self
                .checkpoints(&head.origin)
                .await
                .into_iter()
                .map(|(checkpoint, note)| (checkpoint.size(), note))
                .collect();
            let leaves = self.store.leaves(&head.origin, 0, head.size).await.expect("leaves");
            for (size, leaf) in (1..).zip(leaves) {
                writer.leaf(&leaf).expect("a leaf");
                if let Some(note) = notes.get(&size) {
                    writer.checkpoint(note).expect("a checkpoint");
                }
            }
        }
        writer.finish(self.store.keys().signing()).expect("an end")
    }

    /// The checkpoints of a log, each with its signature verified.
    pub(crate) async fn checkpoints(&self, origin: &str) -> Vec<(Checkpoint, String)> {
        let notes = self.store.checkpoints(origin).await.expect("checkpoints");
        let key = self.verifier();
        notes.into_iter().map(|note| (key.checkpoint(&note).expect("our signature"), note)).collect()
    }
}

pub(crate) fn log() -> Log {
    Log::Controller(ControllerId::new(start(), &*entropy()))
}

pub(crate) fn person() -> SubjectId {
    SubjectId::new(start(), &*entropy())
}

pub(crate) fn made(id: &str, owner: &SubjectId, name: &str) -> Value {
    json!({ "id": id, "name": Personal::new(owner.clone(), name.to_owned()), "size": 1 })
}

/// What went wrong, as a word.
pub(crate) fn word<T>(result: &Result<T, StoreError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(StoreError::Address(_)) => "address",
        Err(StoreError::Unreachable(_)) => "unreachable",
        Err(StoreError::ReadOnly) => "read-only",
        Err(StoreError::Full) => "full",
        Err(StoreError::Busy) => "busy",
        Err(StoreError::Changed) => "changed",
        Err(StoreError::OtherVersion(_)) => "other version",
        Err(StoreError::Keys(_)) => "keys",
        Err(StoreError::Damaged(_)) => "damaged",
        Err(StoreError::RolledBack { .. }) => "rolled back",
        Err(StoreError::Erased) => "erased",
        Err(StoreError::Statement(_)) => "statement",
    }
}
