//! Rows are handed out typed, in order, twice if need be, and only as planned.

use crate::fixture::{Db, alice, on_both, planned};
use estate::{Action, Map, Plan, ReadError, Row, RowSink, SinkFull, Stale, System};
use serde_json::json;

on_both!(
    every_row_is_handed_out_typed_and_in_order,
    reading_again_gives_the_same,
    changed_rows_are_not_handed_out,
    a_full_receiver_ends_the_reading,
    passwords_are_not_handed_out,
);

#[derive(Default)]
struct Package {
    rows: Vec<(String, serde_json::Value)>,
    most: Option<usize>,
}

impl RowSink for Package {
    fn row(&mut self, row: Row<'_>) -> Result<(), SinkFull> {
        if self.most.is_some_and(|most| self.rows.len() >= most) {
            return Err(SinkFull);
        }
        let object = row.columns.iter().cloned().zip(row.values).collect::<serde_json::Map<_, _>>();
        self.rows.push((row.dataset.to_owned(), object.into()));
        Ok(())
    }
}

async fn access(system: &System, map: &Map) -> Plan {
    planned(system, map, &alice(), Action::Access).await.unwrap()
}

async fn every_row_is_handed_out_typed_and_in_order(db: &Db) {
    let system = db.shop().await;
    let plan = access(&system, &db.map()).await;
    let mut package = Package::default();
    estate::read(&system, &db.map(), &plan, &alice(), Some("1"), &mut package).await.unwrap();
    assert_eq!(package.rows.len() as u64, plan.rows());
    let customer = json!({"id": 1, "email": " Alice@Example.ORG ", "name": "Alice", "photo": "AP8="});
    assert_eq!(package.rows[0], ("customers".to_owned(), customer));
    let lines: Vec<_> =
        package.rows.iter().filter(|(dataset, _)| dataset == "order_lines").map(|(_, row)| row).collect();
    assert_eq!(lines[0], &json!({"order_id": 10, "line": 1, "label": "a"}));
    assert_eq!(lines[2], &json!({"order_id": 11, "line": 1, "label": "c"}));
    assert!(package.rows.iter().all(|(_, row)| !row.to_string().contains("elsewhere")));
}

async fn reading_again_gives_the_same(db: &Db) {
    let system = db.shop().await;
    let plan = access(&system, &db.map()).await;
    let (mut first, mut second) = (Package::default(), Package::default());
    estate::read(&system, &db.map(), &plan, &alice(), Some("1"), &mut first).await.unwrap();
    estate::read(&system, &db.map(), &plan, &alice(), Some("1"), &mut second).await.unwrap();
    assert_eq!(first.rows, second.rows);
}

async fn changed_rows_are_not_handed_out(db: &Db) {
    let system = db.shop().await;
    let plan = access(&system, &db.map()).await;
    db.run("UPDATE customers SET name = 'Alice B.' WHERE id = 1").await;
    let mut package = Package::default();
    let stale = estate::read(&system, &db.map(), &plan, &alice(), Some("1"), &mut package).await.unwrap_err();
    assert_eq!(stale, ReadError::Stale(Stale::Content { dataset: "customers".to_owned() }));
    assert!(package.rows.is_empty());
}

async fn a_full_receiver_ends_the_reading(db: &Db) {
    let system = db.shop().await;
    let plan = access(&system, &db.map()).await;
    let mut package = Package { most: Some(2), ..Package::default() };
    let error = estate::read(&system, &db.map(), &plan, &alice(), Some("1"), &mut package).await;
    assert_eq!(error, Err(ReadError::Sink));
}

async fn passwords_are_not_handed_out(db: &Db) {
    let system = db.shop().await;
    let mut map = db.map();
    map.datasets[0].fields[1].category = "pd:Password".to_owned();
    let plan = access(&system, &map).await;
    let mut package = Package::default();
    estate::read(&system, &map, &plan, &alice(), Some("1"), &mut package).await.unwrap();
    assert_eq!(package.rows[0].1.get("name"), None);
}
