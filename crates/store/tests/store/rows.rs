//! Values in and rows out are the same on both databases, and every column of every table is declared.

use crate::house::{BOTH, House, THINGS, word};
use std::collections::{BTreeMap, BTreeSet};
use store::{Arg, Columns, Schema};

const ECHO: &str = "INSERT INTO things (id, owner, name, size, at) VALUES ($1, $2, $3, $4, $5) RETURNING *";

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let mut tx = house.tx().await;
        let texts = ["", "l'été — 夏 🌞", "'; DROP TABLE things; --", "a\\b%_\"\r\n\t"];
        for (id, (text, number)) in texts.into_iter().zip([0, -1, i64::MAX, i64::MIN]).enumerate() {
            let args = vec![id.to_string().into(), text.into(), Arg::Text(None), number.into(), 7i64.into()];
            let row = tx.row(ECHO, args).await.unwrap().unwrap();
            assert_eq!(row.text("owner").unwrap(), text, "{kind:?}");
            assert_eq!(row.opt_text("name").unwrap(), None);
            assert_eq!(row.int("size").unwrap(), number);
        }
        let count = tx.row("SELECT COUNT(*) AS n, 1 AS one FROM things", vec![]).await.unwrap().unwrap();
        assert_eq!((count.int("n").unwrap(), count.flag("one").unwrap()), (4, true));
    }
}

#[tokio::test]
async fn a_cell_of_another_kind_is_damage_and_never_a_guess() {
    for kind in BOTH {
        let (house, ..) = House::filled(kind).await;
        let row = house.store.read().row("SELECT * FROM things", vec![]).await.unwrap().unwrap();
        assert_eq!(word(&row.int("id")), "damaged");
        assert_eq!(word(&row.text("size")), "damaged");
        assert_eq!(word(&row.bytes("id")), "damaged");
        assert_eq!(word(&row.hash("id")), "damaged");
        assert_eq!(word(&row.text("no_such_column")), "damaged");
        assert_eq!(word(&row.id::<kernel::SubjectId>("id")), "damaged", "`lamp` is no identifier");
        assert_eq!(word(&row.json::<u8>("id")), "damaged");
        let far = "SELECT 9223372036854775807 AS at FROM things LIMIT 1";
        let row = house.store.read().row(far, vec![]).await.unwrap().unwrap();
        assert_eq!(word(&row.instant("at")), "damaged", "no calendar goes so far");
    }
}

#[tokio::test]
async fn the_live_tables_are_the_declared_ones() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let live = house.store.live_schema().await.unwrap();
        let live: BTreeMap<String, BTreeSet<String>> =
            live.into_iter().map(|(table, columns)| (table, columns.into_keys().collect())).collect();
        let declared = house.store.schema().tables.iter();
        let declared: BTreeMap<String, BTreeSet<String>> =
            declared.map(|(table, spec)| (table.clone(), spec.columns.keys().cloned().collect())).collect();
        assert_eq!(live, declared, "{kind:?}");
    }
}

#[test]
fn a_table_is_declared_once_and_every_column_is_classified() {
    assert!(Schema::new(&[THINGS, THINGS]).is_err());
    for toml in [
        "[x]",
        "[x]\npurpose='p'\nretention='r'\ncolumns={a='some'}",
        "[x]\npurpose='p'\nretention='r'\ncolour=1\ncolumns={}",
    ] {
        assert!(Schema::new(&[Columns { part: "x", sql: "", toml }]).is_err(), "{toml}");
    }
}
