//! A house like the product's: requests of people, one table row for each, logs of four controllers.

use futures_util::future::BoxFuture;
use kernel::{Actor, ControllerId, Entropy, Instant, Personal, RequestId, SeededEntropy, SubjectId};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::cell::{Cell, RefCell};
use std::path::Path;
use std::sync::Arc;
use store::{Columns, DatabaseUrl, Keys, Log, Projector, Recorded, Schema, Store, StoreError, Tx};

pub(crate) type Failure = Box<dyn std::error::Error>;

/// Entries in a large transaction.
pub(crate) const BATCH: usize = 1_000;
/// A request has so many entries, as one of the product from its receipt to its end: the first names the person.
const STEPS: usize = 10;
/// Logs that take turns, transaction by transaction.
const CONTROLLERS: usize = 4;
/// Where the sample's clock starts: 23 November 2026, in milliseconds.
const START_MS: i64 = 1_795_424_400_000;

const REQUESTS: Columns = Columns {
    part: "requests",
    sql: "CREATE TABLE IF NOT EXISTS requests (id TEXT PRIMARY KEY, controller TEXT NOT NULL, person TEXT, email TEXT, \
          state TEXT NOT NULL, step {int} NOT NULL, at {int} NOT NULL) {strict};",
    toml: r#"
[requests]
purpose = "Requests that are answered"
retention = "as long as the measurement"
[requests.columns]
id = "none"
controller = "none"
person = "none"
email = { category = "pd:EmailAddress", subject = "person" }
state = "none"
step = "none"
at = "none"
"#,
};

/// One row for each request, changed by each of its entries.
struct Requests(Schema);

impl Projector for Requests {
    fn apply<'a>(&'a self, tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let data = &entry.data;
            let (id, controller) = (data["request"].as_str(), data["controller"].as_str());
            match entry.kind.as_str() {
                "request.received" => {
                    let email: Personal<String> = serde_json::from_value(data["email"].clone())?;
                    let sql = "INSERT INTO requests (id, controller, person, email, state, step, at) \
                               VALUES ($1, $2, $3, $4, 'received', 0, $5)";
                    let person = (&email.subject).into();
                    let args =
                        vec![id.into(), controller.into(), person, email.reveal().cloned().into(), entry.at.into()];
                    tx.execute(sql, args).await.map(drop)
                }
                "request.moved" => {
                    let sql = "UPDATE requests SET state = $3, step = $4, at = $5 WHERE id = $1 AND controller = $2";
                    let (state, step) = (data["state"].as_str(), data["step"].as_i64());
                    let args = vec![id.into(), controller.into(), state.into(), step.into(), entry.at.into()];
                    tx.execute(sql, args).await.map(drop)
                }
                _ => Ok(()),
            }
        })
    }

    fn schema(&self) -> &Schema {
        &self.0
    }
}

/// The store with what the sample needs to go on.
pub(crate) struct House {
    pub(crate) store: Store,
    entropy: Arc<SeededEntropy>,
    controllers: Vec<ControllerId>,
    turn: Cell<usize>,
    /// The request that single commands move on, and how far it is.
    open: RefCell<Option<(ControllerId, RequestId, usize)>>,
}

impl House {
    pub(crate) async fn sqlite(folder: &Path) -> Result<Self, Failure> {
        Self::open(DatabaseUrl::Sqlite(folder.join("garant.db")), &folder.join("keys")).await
    }

    pub(crate) async fn postgres(folder: &Path, url: &str) -> Result<Self, Failure> {
        Self::open(DatabaseUrl::parse(url)?, &folder.join("keys-postgres")).await
    }

    async fn open(url: DatabaseUrl, keys: &Path) -> Result<Self, Failure> {
        let entropy = Arc::new(SeededEntropy::new(1));
        let projector = Arc::new(Requests(Schema::new(&[REQUESTS])?));
        let store = Store::open(&url, Keys::open(keys, &*entropy)?, projector, entropy.clone()).await?;
        let start = Instant::from_millisecond(START_MS)?;
        let controllers = (0..CONTROLLERS).map(|_| ControllerId::new(start, &*entropy)).collect();
        Ok(Self { store, entropy, controllers, turn: 0.into(), open: RefCell::default() })
    }

    /// The next transaction, a second after the last, and whose it is.
    async fn begin(&self) -> Result<(Tx<'_>, ControllerId), Failure> {
        let turn = self.turn.get();
        self.turn.set(turn + 1);
        let now = Instant::from_millisecond(START_MS + 1000 * i64::try_from(turn)?)?;
        let tx = self.store.begin(now, Actor::system("measure")).await?;
        Ok((tx, self.controllers[turn % CONTROLLERS].clone()))
    }

    /// Appends `count` entries, [`BATCH`] to a transaction; every tenth names a new person.
    pub(crate) async fn append(&self, count: usize) -> Result<(), Failure> {
        for _ in 0..count / BATCH {
            let (mut tx, controller) = self.begin().await?;
            for _ in 0..BATCH / STEPS {
                let request = self.received(&mut tx, &controller).await?;
                for step in 1..STEPS {
                    self.moved(&mut tx, &controller, &request, step).await?;
                }
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// Appends `count` entries, each of a new person.
    pub(crate) async fn append_people(&self, count: usize) -> Result<(), Failure> {
        for _ in 0..count / BATCH {
            let (mut tx, controller) = self.begin().await?;
            for _ in 0..BATCH {
                self.received(&mut tx, &controller).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// A transaction of one entry, durable when it returns; the house's log adds its own for the checkpoint.
    pub(crate) async fn command(&self) -> Result<(), Failure> {
        let (mut tx, controller) = self.begin().await?;
        let open = self.open.take();
        let next = match open {
            Some((controller, request, step)) if step < STEPS => {
                self.moved(&mut tx, &controller, &request, step).await?;
                (controller, request, step + 1)
            }
            _ => {
                let request = self.received(&mut tx, &controller).await?;
                (controller, request, 1)
            }
        };
        self.open.replace(Some(next));
        Ok(tx.commit().await?)
    }

    async fn received(&self, tx: &mut Tx<'_>, controller: &ControllerId) -> Result<RequestId, Failure> {
        let (request, person) = (RequestId::new(tx.now(), &*self.entropy), SubjectId::new(tx.now(), &*self.entropy));
        let email = format!("{}@example.org", hex::encode(&self.entropy.bytes32()[..8]));
        let data = json!({
            "request": request, "controller": controller, "right": "access", "channel": "post",
            "due": tx.now(), "email": Personal::new(person, email),
        });
        tx.append(&Log::Controller(controller.clone()), "request.received", request.as_str(), data).await?;
        Ok(request)
    }

    async fn moved(
        &self,
        tx: &mut Tx<'_>,
        controller: &ControllerId,
        request: &RequestId,
        step: usize,
    ) -> Result<(), Failure> {
        let state = ["received", "instructed", "planned", "approved", "applying", "applied"][step.min(5)];
        let data = json!({
            "request": request, "controller": controller, "step": step, "state": state,
            "plan": hex::encode(self.entropy.bytes32()),
        });
        tx.append(&Log::Controller(controller.clone()), "request.moved", request.as_str(), data).await?;
        Ok(())
    }

    /// Replays everything; gives how many entries there were.
    pub(crate) async fn replay(&self) -> Result<u64, Failure> {
        let now = Instant::from_millisecond(START_MS + 1000 * i64::try_from(self.turn.get())?)?;
        let replay = self.store.replay(now, false).await?;
        if replay.different.is_empty() { Ok(replay.entries) } else { Err("the replay found a difference".into()) }
    }
}

/// A database of its own on the server, gone after [`Database::drop`].
pub(crate) struct Database {
    pub(crate) url: String,
    server: String,
    name: String,
}

impl Database {
    pub(crate) async fn create(server: &str) -> Result<Self, Failure> {
        let name = format!("speed_{}", std::process::id());
        let mut connection = PgConnection::connect(server).await?;
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
        let (place, _) = server.rsplit_once('/').ok_or("GARANT_TEST_POSTGRES names no database")?;
        Ok(Self { url: format!("{place}/{name}"), server: server.to_owned(), name })
    }

    pub(crate) async fn drop(self) -> Result<(), Failure> {
        let mut connection = PgConnection::connect(&self.server).await?;
        connection.execute(AssertSqlSafe(format!("DROP DATABASE {} WITH (FORCE)", self.name))).await?;
        Ok(())
    }
}

/// A count as a number to divide by.
pub(crate) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
