//! A scan sees what is there; a proposal guesses what it means and says why.

use crate::fixture::{Db, on_both};
use estate::{Catalogue, Drift, Map, OnDelete, map::OnReference, map::ReferenceKind};

on_both!(
    tables_columns_keys_and_references_are_seen,
    a_proposal_finds_the_people,
    a_proposal_reads_back_and_fits_the_catalogue,
    drift_names_what_changed,
    odd_tables_do_not_stop_a_scan,
    a_database_beyond_the_limits_is_refused,
);

async fn tables_columns_keys_and_references_are_seen(db: &Db) {
    let system = db.shop().await;
    db.run("CREATE TABLE extra (a INTEGER NOT NULL UNIQUE, b INTEGER REFERENCES orders(id) ON DELETE CASCADE)").await;
    let catalogue = estate::scan(&system).await.unwrap();
    assert_eq!(catalogue.tables.len(), 10);
    let details = catalogue.table("Order Details").unwrap();
    assert_eq!(details.key, ["select", "we\"ird"]);
    assert_eq!((details.foreign_keys[0].to.as_str(), details.rows), ("orders", Some(3)));
    let extra = catalogue.table("extra").unwrap();
    assert_eq!(extra.foreign_keys[0].on_delete, OnDelete::Cascade);
    assert!(extra.is_unique(&["a".to_owned()]) && !extra.is_unique(&["b".to_owned()]));
    assert!(!extra.column("a").unwrap().nullable && extra.column("b").unwrap().nullable);
    db.run("INSERT INTO newsletter VALUES ('new@example.org')").await;
    assert_eq!(estate::scan(&system).await.unwrap().digest(), catalogue.digest(), "rows do not change the structure");
}

async fn proposal(db: &Db) -> (Catalogue, estate::Proposal) {
    let system = db.shop().await;
    let catalogue = estate::scan(&system).await.unwrap();
    let samples = estate::sample(&system, &catalogue).await.unwrap();
    let proposal = estate::propose("shop", db.kind, &catalogue, &samples);
    (catalogue, proposal)
}

async fn a_proposal_finds_the_people(db: &Db) {
    let (_, proposal) = proposal(db).await;
    let map = &proposal.map;
    let category = |table: &str, column: &str| {
        map.dataset(table).unwrap().fields.iter().find(|field| field.name == column).unwrap().category.clone()
    };
    assert_eq!(category("customers", "email"), "pd:EmailAddress");
    assert_eq!(category("customers", "name"), "pd:Name");
    assert_eq!(category("tickets", "customer_email"), "pd:EmailAddress");
    assert_eq!(category("orders", "note"), "none");
    let tickets = &map.dataset("tickets").unwrap().references;
    assert_eq!(
        (tickets.len(), tickets[0].kind, tickets[0].to_fields[0].as_str()),
        (1, ReferenceKind::Inferred, "email")
    );
    let own = &map.dataset("customers").unwrap().references[0];
    assert_eq!(
        (own.kind, own.on_erasure),
        (ReferenceKind::Declared, OnReference::Detach),
        "referred_by is about others"
    );
    let carts = &map.dataset("carts").unwrap().references;
    let best = carts.iter().find(|reference| reference.to == "cart_items").unwrap();
    assert_eq!(best.on_erasure, OnReference::Detach, "the side of a circle that may be NULL");
    assert!(proposal.tenant_suggestions.contains(&("customers".to_owned(), "shop_id".to_owned())));
    assert!(map.datasets.iter().all(|dataset| dataset.tenant.is_none()), "a person confirms tenants");
    let text = proposal.to_toml();
    assert!(text.contains("to confirm: tenant = { field = \"shop_id\" }"), "{text}");
    assert!(!text.contains("alice") && !text.contains("bob"), "evidence holds no values");
}

async fn a_proposal_reads_back_and_fits_the_catalogue(db: &Db) {
    let (catalogue, proposal) = proposal(db).await;
    let map = Map::parse(&proposal.to_toml()).unwrap();
    assert_eq!(map, proposal.map);
    assert_eq!(map.check(&catalogue), []);
}

async fn drift_names_what_changed(db: &Db) {
    let (_, proposal) = proposal(db).await;
    let system = db.system().await;
    db.run("DROP TABLE newsletter; ALTER TABLE orders DROP COLUMN note; ALTER TABLE orders ADD COLUMN remark TEXT")
        .await;
    db.run("CREATE TABLE visits (id INTEGER PRIMARY KEY)").await;
    let drifts = proposal.map.check(&estate::scan(&system).await.unwrap());
    let expected = [
        Drift::ColumnGone { table: "orders".to_owned(), column: "note".to_owned() },
        Drift::TableGone { table: "newsletter".to_owned() },
        Drift::ColumnNew { table: "orders".to_owned(), column: "remark".to_owned() },
        Drift::TableNew { table: "visits".to_owned() },
    ];
    assert!(expected.iter().all(|drift| drifts.contains(drift)) && drifts.len() == 4, "{drifts:?}");
    assert_eq!(drifts.iter().filter(|drift| drift.is_blocking()).count(), 2);
}

async fn odd_tables_do_not_stop_a_scan(db: &Db) {
    match db.kind {
        estate::Kind::Sqlite => {
            db.run("CREATE TABLE a (x, y BLOB); CREATE TABLE b (k TEXT PRIMARY KEY) WITHOUT ROWID").await;
            db.run("INSERT INTO a VALUES (1, x'00'), ('alice@example.org', 2.5), (NULL, CAST(x'ff' AS TEXT))").await;
        }
        estate::Kind::Postgres => {
            db.run("CREATE SCHEMA crm; CREATE TYPE mood AS ENUM ('ok'); CREATE EXTENSION IF NOT EXISTS citext").await;
            db.run("CREATE TABLE crm.people (id uuid, email citext, tags text[], m mood, j jsonb, t timestamptz, n numeric(10,2), PRIMARY KEY (id, m, t, n))").await;
            db.run("INSERT INTO crm.people VALUES ('00000000-0000-0000-0000-000000000001', 'Alice@Example.org', '{a,b}', 'ok', '{\"k\": 1}', now(), 1.50)").await;
        }
    }
    let system = db.system().await;
    let catalogue = estate::scan(&system).await.unwrap();
    let samples = estate::sample(&system, &catalogue).await.unwrap();
    let mut map = estate::propose("odd", db.kind, &catalogue, &samples).map;
    if db.kind == estate::Kind::Sqlite {
        map.datasets[0].fields[0].identifies = Some(estate::map::Identifies::Email);
    }
    let who = crate::fixture::alice();
    let salt = crate::fixture::SALT;
    let plan = estate::plan(&system, &map, &who, None, estate::Action::Erasure, salt).await.unwrap();
    assert_eq!(plan.rows(), 1);
    estate::erase(&system, &map, &plan, &who, None).await.unwrap();
    let absence = estate::verify(&system, &map, &who, None).await.unwrap();
    assert_eq!(absence.outcome(), estate::Outcome::NothingLeft);
}

async fn a_database_beyond_the_limits_is_refused(db: &Db) {
    db.shop().await;
    let limits = estate::Limits::default;
    for small in [
        estate::Limits { tables_max: 8, ..limits() },
        estate::Limits { columns_max: 5, ..limits() },
        estate::Limits { name_bytes_max: 12, ..limits() },
    ] {
        let system = db.system_with(small).await;
        assert_eq!(estate::scan(&system).await.unwrap_err(), estate::Fault::TooLarge);
    }
}
