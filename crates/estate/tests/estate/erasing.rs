//! Exactly the planned rows go, or none.

use crate::fixture::{Db, SALT, alice, erasure, on_both};
use estate::{Action, EraseError, Identity, Refusal, Stale, StepAction};

on_both!(
    the_persons_rows_go_and_all_others_stay_as_they_are,
    a_second_run_of_the_same_plan_has_nothing_to_do,
    a_row_more_makes_the_plan_stale,
    a_row_changed_makes_the_plan_stale,
    a_row_removed_makes_the_plan_stale,
    another_person_map_or_table_makes_the_plan_stale,
    an_altered_plan_is_refused,
    an_access_plan_erases_nothing,
    a_trigger_that_saves_rows_is_noticed,
    a_kept_row_that_still_refers_is_refused,
    rows_without_a_unique_key_go_together,
);

async fn the_persons_rows_go_and_all_others_stay_as_they_are(db: &Db) {
    let system = db.shop().await;
    let before = db.dump().await;
    let plan = erasure(&system, &db.map()).await;
    assert_eq!(before, db.dump().await, "planning changes nothing");
    let erased = estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await.unwrap();
    assert_eq!((erased.deleted(), erased.partly_kept()), (11, true));
    let gone = |line: &&String| {
        let mine = [
            "customers: 1|",
            "orders: 10|",
            "orders: 11|",
            "order_lines: 10|",
            "order_lines: 11|",
            "Order Details: 1|",
            "tickets: 1|",
            "newsletter: alice",
            "carts: 1|",
            "cart_items: 1|",
        ];
        !mine.iter().any(|start| line.starts_with(start))
    };
    let changed = |line: &String| match line.as_str() {
        "customers: 2|1|bob@example.org|Bob|1" => "customers: 2|1|bob@example.org|Bob|-".to_owned(),
        "invoices: 100|1|alice@example.org|5" => "invoices: 100|-|-|5".to_owned(),
        line => line.to_owned(),
    };
    let expected: Vec<String> = before.iter().filter(gone).map(changed).collect();
    assert_eq!(db.dump().await, expected);
}

async fn a_second_run_of_the_same_plan_has_nothing_to_do(db: &Db) {
    let system = db.shop().await;
    let plan = erasure(&system, &db.map()).await;
    estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await.unwrap();
    let after = db.dump().await;
    let again = estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await;
    assert_eq!(again, Err(EraseError::NothingToDo));
    assert_eq!(after, db.dump().await);
}

async fn stale(db: &Db, change: &str) -> Stale {
    let system = db.shop().await;
    let plan = erasure(&system, &db.map()).await;
    db.run(change).await;
    let before = db.dump().await;
    let error = estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await.unwrap_err();
    assert_eq!(before, db.dump().await, "nothing was changed");
    match error {
        EraseError::Stale(stale) => stale,
        other => panic!("{other:?}"),
    }
}

async fn a_row_more_makes_the_plan_stale(db: &Db) {
    let stale = stale(db, "INSERT INTO orders VALUES (14, 1, 'late')").await;
    assert_eq!(stale, Stale::Rows { dataset: "orders".to_owned(), planned: 2, found: 3 });
}

async fn a_row_changed_makes_the_plan_stale(db: &Db) {
    let stale = stale(db, "UPDATE order_lines SET label = 'changed' WHERE order_id = 11").await;
    assert_eq!(stale, Stale::Content { dataset: "order_lines".to_owned() });
}

async fn a_row_removed_makes_the_plan_stale(db: &Db) {
    let stale = stale(db, "DELETE FROM tickets WHERE id = 1").await;
    assert_eq!(stale, Stale::Rows { dataset: "tickets".to_owned(), planned: 1, found: 0 });
}

async fn another_person_map_or_table_makes_the_plan_stale(db: &Db) {
    let system = db.shop().await;
    let (map, plan) = (db.map(), erasure(&system, &db.map()).await);
    let bob = Identity::email("bob@example.org").unwrap();
    let other = estate::erase(&system, &map, &plan, &bob, Some("1")).await;
    assert_eq!(other, Err(EraseError::Stale(Stale::Subject)));
    let tenant = estate::erase(&system, &map, &plan, &alice(), Some("2")).await;
    assert_eq!(tenant, Err(EraseError::Stale(Stale::Subject)));
    let mut changed = map.clone();
    changed.datasets[0].retention = None;
    let other = estate::erase(&system, &changed, &plan, &alice(), Some("1")).await;
    assert_eq!(other, Err(EraseError::Stale(Stale::Map)));
    db.run("ALTER TABLE orders ADD COLUMN comment TEXT").await;
    let other = estate::erase(&system, &map, &plan, &alice(), Some("1")).await;
    assert_eq!(other, Err(EraseError::Stale(Stale::Catalogue)));
}

async fn an_altered_plan_is_refused(db: &Db) {
    let system = db.shop().await;
    let mut plan = erasure(&system, &db.map()).await;
    plan.steps[0].locate = "SELECT 1".to_owned();
    let altered = estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await;
    assert_eq!(altered, Err(EraseError::Stale(Stale::Plan)));
    plan.salt.clear();
    let unsalted = estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await;
    assert_eq!(unsalted, Err(EraseError::Stale(Stale::Plan)));
}

async fn an_access_plan_erases_nothing(db: &Db) {
    let system = db.shop().await;
    let plan = estate::plan(&system, &db.map(), &alice(), Some("1"), Action::Access, SALT).await.unwrap();
    let refused = estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await;
    assert_eq!(refused, Err(EraseError::NotForErasure));
}

async fn a_trigger_that_saves_rows_is_noticed(db: &Db) {
    let system = db.shop().await;
    match db.kind {
        estate::Kind::Sqlite => {
            db.run("CREATE TRIGGER save BEFORE DELETE ON tickets BEGIN SELECT RAISE(IGNORE); END").await;
        }
        estate::Kind::Postgres => {
            db.run("CREATE FUNCTION save() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'").await;
            db.run("CREATE TRIGGER save BEFORE DELETE ON tickets FOR EACH ROW EXECUTE FUNCTION save()").await;
        }
    }
    let plan = erasure(&system, &db.map()).await;
    assert_eq!((plan.triggers[0].dataset.as_str(), plan.triggers[0].triggers.len()), ("tickets", 1));
    let before = db.dump().await;
    let error = estate::erase(&system, &db.map(), &plan, &alice(), Some("1")).await;
    assert_eq!(error, Err(EraseError::Unexpected { dataset: "tickets".to_owned(), planned: 1, touched: 0 }));
    assert_eq!(before, db.dump().await);
}

async fn a_kept_row_that_still_refers_is_refused(db: &Db) {
    let system = db.shop().await;
    let mut map = db.map();
    map.datasets.iter_mut().find(|d| d.name == "invoices").unwrap().fields[1].on_erasure = None;
    let refusal = estate::plan(&system, &map, &alice(), Some("1"), Action::Erasure, SALT).await.unwrap_err();
    assert!(matches!(&refusal, Refusal::OutsidePlan { table, rows: 1, .. } if table == "invoices"), "{refusal}");
}

async fn rows_without_a_unique_key_go_together(db: &Db) {
    db.run("CREATE TABLE log (email TEXT, line TEXT)").await;
    db.run("INSERT INTO log VALUES ('alice@example.org', NULL), ('alice@example.org', NULL), ('bob@example.org', 'x')")
        .await;
    let system = db.system().await;
    let catalogue = estate::scan(&system).await.unwrap();
    let samples = estate::sample(&system, &catalogue).await.unwrap();
    let map = estate::propose("log", db.kind, &catalogue, &samples).map;
    let plan = estate::plan(&system, &map, &alice(), None, Action::Erasure, SALT).await.unwrap();
    assert_eq!((plan.rows(), plan.steps[0].action), (2, StepAction::Delete));
    estate::erase(&system, &map, &plan, &alice(), None).await.unwrap();
    assert_eq!(db.texts("SELECT email FROM log").await, ["bob@example.org"]);
}
