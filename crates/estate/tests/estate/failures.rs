//! What happens when the database does not play along.

use crate::fixture::{Db, SALT, alice, erasure, maintenance_url, on_both};
use estate::{Action, Address, EraseError, Fault, Kind, Limits, Outcome, Refusal};
use kernel::Lang;
use sqlx::{Connection as _, PgConnection};

async fn fault(url: &str) -> Fault {
    estate::connect(Address::parse(url).unwrap(), Limits { connect_seconds: 5, ..Limits::default() }).await.unwrap_err()
}

#[tokio::test]
async fn a_wrong_address_says_what_is_wrong_and_never_the_password() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("not.db");
    std::fs::write(&path, "this is no database, only a text that is long enough to be one ".repeat(20)).unwrap();
    assert_eq!(fault(&format!("sqlite:{}", path.display())).await, Fault::NotADatabase);
    let missing = dir.path().join("missing.db");
    assert_eq!(fault(&format!("sqlite:{}", missing.display())).await, Fault::FileMissing);
    assert!(!missing.exists(), "it is never created");
    assert_eq!(fault("postgres://u:hunter2@127.0.0.1:1/shop").await, Fault::Unreachable);
    let (server, _) = maintenance_url().rsplit_once('/').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert_eq!(fault(&format!("{server}/no_such_database")).await, Fault::NoSuchDatabase);
    let stranger = server.replacen("//garant", "//nobody_known:hunter2", 1);
    let error = fault(&format!("{stranger}/postgres")).await;
    assert_eq!(error, Fault::Credentials);
    assert!(!format!("{error:?} {}", error.message(Lang::Fr)).contains("hunter2"));
}

#[tokio::test]
async fn a_user_without_the_right_erases_nothing() {
    let db = Db::new(Kind::Postgres).await;
    let system = db.shop().await;
    let plan = erasure(&system, &db.map()).await;
    let role = format!("{}_reader", db.name());
    db.run(&format!("CREATE ROLE {role} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")).await;
    let reader = db.url.replacen("//garant@", &format!("//{role}@"), 1);
    let reader = estate::connect(Address::parse(&reader).unwrap(), Limits::default()).await.unwrap();
    let error = estate::erase(&reader, &db.map(), &plan, &alice(), Some("1")).await;
    db.run(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    assert_eq!(error, Err(EraseError::Refused(Refusal::Fault(Fault::Denied))));
}

#[tokio::test]
async fn rows_hidden_by_a_policy_are_an_error_and_not_an_absence() {
    let db = Db::new(Kind::Postgres).await;
    db.shop().await;
    let role = format!("{}_hidden", db.name());
    db.run("ALTER TABLE orders ENABLE ROW LEVEL SECURITY").await;
    db.run(&format!("CREATE ROLE {role} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")).await;
    let url = db.url.replacen("//garant@", &format!("//{role}@"), 1);
    let reader = estate::connect(Address::parse(&url).unwrap(), Limits::default()).await.unwrap();
    let refusal = estate::locate(&reader, &db.map(), &alice(), Some("1")).await.unwrap_err();
    db.run(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    assert_eq!(refusal, Refusal::Fault(Fault::Denied));
}

#[tokio::test]
async fn a_read_only_file_is_read_but_not_erased() {
    let db = Db::new(Kind::Sqlite).await;
    db.shop().await;
    let path = db.url.strip_prefix("sqlite:").unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    // SQLite file format, §1.3: a write version above 2 makes the file read-only.
    bytes[18] = 3;
    std::fs::write(path, &bytes).unwrap();
    let system = db.system().await;
    let plan = erasure(&system, &db.map()).await;
    let error = estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await;
    assert_eq!(error, Err(EraseError::Refused(Refusal::Fault(Fault::ReadOnly))));
    assert_eq!(std::fs::read(path).unwrap(), bytes);
}

#[tokio::test]
async fn a_locked_file_is_said_to_be_locked() {
    let db = Db::new(Kind::Sqlite).await;
    db.shop().await;
    let system = db.system_with(Limits { busy_seconds: 0, ..Limits::default() }).await;
    let plan = erasure(&system, &db.map()).await;
    let mut other = sqlx::SqliteConnection::connect(&db.url).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let error = estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await;
    assert_eq!(error, Err(EraseError::Refused(Refusal::Fault(Fault::Locked))));
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert!(estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await.is_ok());
}

on_both!(a_statement_that_takes_too_long_is_stopped);

async fn a_statement_that_takes_too_long_is_stopped(db: &Db) {
    db.run("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT)").await;
    let slow = match db.kind {
        Kind::Sqlite => {
            "CREATE TABLE big (id INTEGER PRIMARY KEY, email TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO big SELECT i, 'x' FROM n"
        }
        Kind::Postgres => {
            "CREATE TABLE big (id INTEGER PRIMARY KEY, email TEXT); INSERT INTO big SELECT i, 'x' FROM generate_series(1, 20000) i"
        }
    };
    db.run(slow).await;
    db.run("INSERT INTO people SELECT id, email FROM big; INSERT INTO people VALUES (0, 'alice@example.org')").await;
    // Two datasets that own each other by a column full of equal values: a join of millions of pairs.
    let text = format!(
        "garant-estate = 1\nsystem = {{ name = \"s\", kind = \"{}\" }}\n\
         [[dataset]]\nname = \"people\"\nkey = [\"id\"]\nfield = [{{ name = \"email\", identifies = \"email\" }}]\n\
         reference = [{{ fields = [\"email\"], to = \"big\", to_fields = [\"email\"] }}]\n\
         [[dataset]]\nname = \"big\"\nkey = [\"id\"]\nreference = [{{ fields = [\"email\"], to = \"people\", to_fields = [\"email\"] }}]\n",
        db.kind
    );
    let map = estate::Map::parse(&text).unwrap();
    let system = db.system_with(Limits { statement_seconds: 1, ..Limits::default() }).await;
    let error = estate::plan(&system, &map, &alice(), None, Action::Access, SALT).await.unwrap_err();
    assert_eq!(error, Refusal::Fault(Fault::TooSlow));
}

/// Waits, without sleeping on our side, until Garant's session waits for a lock.
async fn waiting_session(watch: &mut PgConnection, database: &str) -> i32 {
    for _ in 0..2_000 {
        let sql = "SELECT pid FROM pg_stat_activity WHERE application_name = 'garant-estate' AND datname = $1 \
                   AND wait_event_type = 'Lock'";
        let pid: Option<i32> = sqlx::query_scalar(sql).bind(database).fetch_optional(&mut *watch).await.unwrap();
        if let Some(pid) = pid {
            return pid;
        }
        sqlx::query("SELECT pg_sleep(0.005)").execute(&mut *watch).await.unwrap();
    }
    panic!("nobody ever waited for the lock");
}

async fn terminate(watch: &mut PgConnection, pid: i32) {
    sqlx::query("SELECT pg_terminate_backend($1)").bind(pid).execute(watch).await.unwrap();
}

#[tokio::test]
async fn a_connection_lost_in_the_middle_changes_nothing() {
    let db = Db::new(Kind::Postgres).await;
    let system = db.shop().await;
    let (map, plan) = (db.map(), erasure(&system, &db.map()).await);
    let before = db.dump().await;
    let mut other = PgConnection::connect(&db.url).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT * FROM customers WHERE id = 1 FOR UPDATE").execute(&mut other).await.unwrap();
    let mut watch = PgConnection::connect(&db.url).await.unwrap();
    let who = alice();
    let (erased, ()) = tokio::join!(estate::erase(&system, &map, &plan, &who, Some("1")), async {
        let pid = waiting_session(&mut watch, db.name()).await;
        terminate(&mut watch, pid).await;
    });
    assert_eq!(erased, Err(EraseError::Refused(Refusal::Fault(Fault::Lost))));
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(before, db.dump().await);
    assert!(estate::erase(&system, &map, &plan, &who, Some("1")).await.is_ok(), "the plan still holds");
}

#[tokio::test]
async fn a_row_changed_while_we_wait_for_it_stops_the_erasure() {
    let db = Db::new(Kind::Postgres).await;
    let system = db.shop().await;
    let (map, plan) = (db.map(), erasure(&system, &db.map()).await);
    let mut other = PgConnection::connect(&db.url).await.unwrap();
    sqlx::raw_sql("BEGIN; UPDATE customers SET name = 'Alice B.' WHERE id = 1").execute(&mut other).await.unwrap();
    let mut watch = PgConnection::connect(&db.url).await.unwrap();
    let who = alice();
    let (erased, ()) = tokio::join!(estate::erase(&system, &map, &plan, &who, Some("1")), async {
        waiting_session(&mut watch, db.name()).await;
        sqlx::query("COMMIT").execute(&mut other).await.unwrap();
    });
    assert_eq!(erased, Err(EraseError::Refused(Refusal::Fault(Fault::Conflict))));
    assert_eq!(db.count("orders").await, 4, "nothing was kept of the half-done erasure");
}

#[tokio::test]
async fn a_commit_without_an_answer_is_an_unknown_outcome() {
    let db = Db::new(Kind::Postgres).await;
    let system = db.shop().await;
    // A check that the server runs at COMMIT, and that waits for a lock somebody else holds.
    db.run(
        "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS \
            'BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END'",
    )
    .await;
    db.run(
        "CREATE CONSTRAINT TRIGGER late AFTER DELETE ON customers DEFERRABLE INITIALLY DEFERRED \
            FOR EACH ROW EXECUTE FUNCTION late()",
    )
    .await;
    let (map, plan) = (db.map(), erasure(&system, &db.map()).await);
    let mut other = PgConnection::connect(&db.url).await.unwrap();
    sqlx::query("SELECT pg_advisory_lock(42)").execute(&mut other).await.unwrap();
    let mut watch = PgConnection::connect(&db.url).await.unwrap();
    let who = alice();
    let (erased, ()) = tokio::join!(estate::erase(&system, &map, &plan, &who, Some("1")), async {
        let pid = waiting_session(&mut watch, db.name()).await;
        terminate(&mut watch, pid).await;
    });
    assert_eq!(erased, Err(EraseError::UnknownOutcome));
    let absence = estate::verify(&system, &map, &who, Some("1")).await.unwrap();
    assert_eq!(absence.outcome(), Outcome::Left, "reading again tells: this commit did not happen");
}

#[tokio::test]
async fn a_constraint_checked_at_commit_is_a_clear_no() {
    let db = Db::new(Kind::Postgres).await;
    let system = db.shop().await;
    db.run(
        "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS \
            'BEGIN RAISE EXCEPTION USING ERRCODE = ''23514'', MESSAGE = OLD.email; END'",
    )
    .await;
    db.run(
        "CREATE CONSTRAINT TRIGGER never AFTER DELETE ON customers DEFERRABLE INITIALLY DEFERRED \
            FOR EACH ROW EXECUTE FUNCTION never()",
    )
    .await;
    let plan = erasure(&system, &db.map()).await;
    let before = db.dump().await;
    let error = estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await.unwrap_err();
    assert_eq!(error, EraseError::Refused(Refusal::Fault(Fault::Constraint)));
    assert!(!format!("{error:?} {error}").to_lowercase().contains("alice"), "the server's words are not repeated");
    assert_eq!(before, db.dump().await);
}

#[tokio::test]
async fn every_fault_speaks_both_languages() {
    let faults = [
        Fault::Unreachable,
        Fault::Credentials,
        Fault::NoSuchDatabase,
        Fault::FileMissing,
        Fault::NotADatabase,
        Fault::ReadOnly,
        Fault::Denied,
        Fault::Lost,
        Fault::Locked,
        Fault::DiskFull,
        Fault::TooSlow,
        Fault::Conflict,
        Fault::Constraint,
        Fault::TooLarge,
        Fault::Other("42883".to_owned()),
    ];
    for fault in faults {
        assert_ne!(fault.message(Lang::En), fault.message(Lang::Fr), "{fault:?}");
        assert_ne!(fault.remedy(Lang::En), fault.remedy(Lang::Fr), "{fault:?}");
    }
}
