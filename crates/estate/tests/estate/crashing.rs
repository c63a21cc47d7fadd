//! A process that dies in the middle of an erasure leaves all or nothing.
//!
//! Each test starts this same test program again as a child, arms one failpoint in it, and looks at
//! what the dead child left behind.

use crate::fixture::{Db, alice, erasure};
use estate::{Address, EraseError, Kind, Limits, Map, Outcome, Plan};
use std::process::Command;

const CHILD: &str = "GARANT_ESTATE_CHILD";

/// What the child erases: failpoint, address, map and plan.
#[derive(serde::Serialize, serde::Deserialize)]
struct Order {
    failpoint: String,
    url: String,
    map: String,
    plan: Plan,
}

/// The child's part of the tests below; without an order it erases with no failpoint armed, and lives.
#[tokio::test]
async fn only_an_armed_failpoint_stops_an_erasure() {
    let Ok(order) = std::env::var(CHILD) else {
        let db = Db::new(Kind::Sqlite).await;
        let system = db.shop().await;
        let plan = erasure(&system, &db.map()).await;
        assert!(estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await.is_ok());
        return;
    };
    let order: Order = serde_json::from_str(&order).unwrap();
    kernel::failpoint::arm(&order.failpoint);
    let system = estate::connect(Address::parse(&order.url).unwrap(), Limits::default()).await.unwrap();
    let map = Map::parse(&order.map).unwrap();
    estate::erase(&system, &map, &order.plan, &alice(), Some("1")).await.unwrap();
    panic!("the failpoint {} was never passed", order.failpoint);
}

async fn die(db: &Db, failpoint: &str) -> Plan {
    let system = db.shop().await;
    let plan = erasure(&system, &db.map()).await;
    let (failpoint, map) = (failpoint.to_owned(), db.map().to_toml());
    let order = Order { failpoint, url: db.url.clone(), map, plan: plan.clone() };
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crashing::only_an_armed_failpoint_stops_an_erasure", "--test-threads=1"])
        .env(CHILD, serde_json::to_string(&order).unwrap())
        .output()
        .unwrap();
    use std::os::unix::process::ExitStatusExt as _;
    assert!(status.status.signal().is_some(), "it was killed: {}", String::from_utf8_lossy(&status.stdout));
    plan
}

async fn nothing_happened(kind: Kind, failpoint: &str) {
    let db = Db::new(kind).await;
    let plan = die(&db, failpoint).await;
    let (system, map) = (db.system().await, db.map());
    assert_eq!(db.count("customers").await, 4, "{failpoint}");
    assert_eq!(db.count("orders").await, 4, "{failpoint}");
    let erased = estate::erase(&system, &map, &plan, &alice(), Some("1")).await.unwrap();
    assert_eq!(erased.deleted(), 11, "the plan still holds and is carried out once");
}

async fn all_happened(kind: Kind) {
    let db = Db::new(kind).await;
    let plan = die(&db, "estate.erase.after_commit").await;
    let (system, map) = (db.system().await, db.map());
    let absence = estate::verify(&system, &map, &alice(), Some("1")).await.unwrap();
    assert_eq!(absence.outcome(), Outcome::NothingLeft);
    let again = estate::erase(&system, &map, &plan, &alice(), Some("1")).await;
    assert_eq!(again, Err(EraseError::NothingToDo));
}

#[tokio::test]
async fn dying_at_the_start_changes_nothing() {
    nothing_happened(Kind::Sqlite, "estate.erase.begin").await;
    nothing_happened(Kind::Postgres, "estate.erase.begin").await;
}

#[tokio::test]
async fn dying_before_the_commit_changes_nothing() {
    nothing_happened(Kind::Sqlite, "estate.erase.before_commit").await;
    nothing_happened(Kind::Postgres, "estate.erase.before_commit").await;
}

#[tokio::test]
async fn dying_after_the_commit_is_found_done() {
    all_happened(Kind::Sqlite).await;
    all_happened(Kind::Postgres).await;
}
