//! What was changed from outside in the ledger itself is told, never signed over and never a panic.

use crate::house::{BOTH, House, Kind, made, person, start, word};
use kernel::EntryId;
use store::{Arg, Log, StoreError};

/// The bytes of one cell with one bit turned.
async fn turned(house: &House, sql: &'static str, column: &str, at: usize) -> Arg {
    let row = house.store.read().row(sql, vec![]).await.expect("readable").expect("a row");
    let mut bytes = row.bytes(column).expect("bytes");
    bytes[at] ^= 1;
    bytes.into()
}

fn damaged<T>(result: &Result<T, StoreError>, what: &str) {
    assert_eq!(word(result), "damaged", "{what}");
}

async fn lamp(house: &House) -> EntryId {
    let sql = "SELECT id FROM entries WHERE record = 'lamp'";
    house.store.read().row(sql, vec![]).await.expect("readable").expect("a row").id("id").expect("an id")
}

#[tokio::test]
async fn a_changed_leaf_is_told_by_whoever_reads_it() {
    for kind in BOTH {
        let (house, logs, _) = House::filled(kind).await;
        let id = lamp(&house).await;
        let sql = "SELECT leaf FROM entries WHERE record = 'lamp'";
        let row = house.store.read().row(sql, vec![]).await.unwrap().unwrap();
        let text = String::from_utf8(row.bytes("leaf").unwrap()).unwrap();
        // Still a canonical entry: only its hash tells.
        let changed = text.replace("\"size\":1", "\"size\":7").into_bytes();
        house.change("UPDATE entries SET leaf = $1 WHERE record = 'lamp'", vec![changed.into()]).await;
        damaged(&house.store.find_entry(&id).await, "found");
        damaged(&house.store.leaves(&house.origin(&logs[0]), 0, 10).await, "read in order");
        damaged(&house.store.replay(start(), false).await, "replayed");

        let noise = turned(&house, sql, "leaf", 0).await;
        house.change("UPDATE entries SET leaf = $1 WHERE record = 'lamp'", vec![noise]).await;
        damaged(&house.store.replay(start(), false).await, "no entry at all");
    }
}

#[tokio::test]
async fn an_erasure_whose_entry_was_changed_is_damage_and_no_panic() {
    for kind in BOTH {
        let (house, logs, ada) = House::filled(kind).await;
        let mut tx = house.tx().await;
        tx.erase_subject(&logs[0], "request", &ada).await.unwrap();
        tx.commit().await.unwrap();
        let sql = "SELECT leaf FROM entries WHERE record = 'request'";
        let row = house.store.read().row(sql, vec![]).await.unwrap().unwrap();
        let changed = String::from_utf8(row.bytes("leaf").unwrap()).unwrap().replace("\"subject\":", "\"subjecu\":");
        house.change("UPDATE entries SET leaf = $1 WHERE record = 'request'", vec![changed.into_bytes().into()]).await;
        damaged(&house.store.replay(start(), false).await, "replayed");
    }
}

#[tokio::test]
async fn a_changed_node_proves_nothing_and_is_not_built_upon() {
    for kind in BOTH {
        let (house, logs, _) = House::filled(kind).await;
        let origin = house.origin(&logs[0]);
        let sql = "SELECT hash FROM nodes WHERE level = 1 AND idx = 0 AND log LIKE '%/controller/%'";
        let hash = turned(&house, sql, "hash", 31).await;
        house.change("UPDATE nodes SET hash = $1 WHERE log = $2 AND level = 1", vec![hash, (&origin).into()]).await;
        damaged(&house.store.replay(start(), false).await, "replayed");
        let mut tx = house.tx().await;
        damaged(&tx.append(&logs[0], "thing.made", "cup", made("cup", &person(), "x")).await, "appended");
        drop(tx);

        let hash = turned(&house, "SELECT hash FROM nodes WHERE level = 0 AND idx = 1", "hash", 0).await;
        let sql = "UPDATE nodes SET hash = $1 WHERE log = $2 AND level = 0 AND idx = 1";
        house.change(sql, vec![hash, (&origin).into()]).await;
        damaged(&house.store.inclusion(&origin, 0, 2).await, "the path leads elsewhere");
        house.change("DELETE FROM nodes WHERE log = $1 AND level = 0", vec![(&origin).into()]).await;
        damaged(&house.store.inclusion(&origin, 0, 2).await, "the path is gone");
    }
}

#[tokio::test]
async fn a_changed_sealed_value_does_not_open() {
    for kind in BOTH {
        let (house, ..) = House::filled(kind).await;
        let id = lamp(&house).await;
        let sql = "SELECT v.sealed FROM sealed_values v JOIN entries e ON e.id = v.entry WHERE e.record = 'lamp'";
        for at in [0, 20, 40] {
            let sealed = turned(&house, sql, "sealed", at).await;
            house.change("UPDATE sealed_values SET sealed = $1 WHERE entry = $2", vec![sealed, (&id).into()]).await;
            damaged(&house.store.disclosures(&id).await, "disclosed");
            damaged(&house.store.replay(start(), false).await, "replayed");
        }
        house
            .change("UPDATE sealed_values SET sealed = $1 WHERE entry = $2", vec![vec![1u8].into(), (&id).into()])
            .await;
        damaged(&house.store.disclosures(&id).await, "one byte is left");
    }
}

#[tokio::test]
async fn a_value_moved_to_another_entry_does_not_open_there() {
    for kind in BOTH {
        let (house, ..) = House::filled(kind).await;
        let (lamp, vase) = (lamp(&house).await, "SELECT id FROM entries WHERE record = 'vase'");
        let vase: EntryId = house.store.read().row(vase, vec![]).await.unwrap().unwrap().id("id").unwrap();
        house.change("DELETE FROM sealed_values WHERE entry = $1", vec![(&lamp).into()]).await;
        let moved = "UPDATE sealed_values SET entry = $1 WHERE entry = $2";
        house.change(moved, vec![(&lamp).into(), (&vase).into()]).await;
        damaged(&house.store.disclosures(&lamp).await, "same person, same field, another entry");
    }
}

/// Changes to the ledger's own tables that the replay must tell.
const CHANGES: [(&str, &str); 8] = [
    ("an entry is gone", "DELETE FROM entries WHERE record = 'rug'"),
    ("an entry claims another kind", "UPDATE entries SET kind = 'thing.sold' WHERE record = 'rug'"),
    ("an entry claims another time", "UPDATE entries SET at = at + 1 WHERE record = 'rug'"),
    ("two entries change places", "UPDATE entries SET seq = seq + 100 WHERE record = 'lamp'"),
    ("a checkpoint is gone", "DELETE FROM checkpoints WHERE size = 2 AND log LIKE '%/controller/%'"),
    ("a checkpoint is forged", "UPDATE checkpoints SET note = replace(note, 'garant-', 'garanT-') WHERE size = 2"),
    ("a head is set back", "UPDATE logs SET size = 1 WHERE size = 2"),
    ("a size is no size", "UPDATE logs SET size = -1 WHERE size = 2"),
];

#[tokio::test]
async fn every_other_change_of_the_ledger_is_told_by_the_replay() {
    for kind in BOTH {
        for (what, sql) in CHANGES {
            let (house, ..) = House::filled(kind).await;
            house.change(sql, vec![]).await;
            damaged(&house.store.replay(start(), false).await, what);
        }
    }
}

#[tokio::test]
async fn a_gap_ends_a_reading_with_an_error_and_not_without_end() {
    for kind in BOTH {
        let (house, logs, _) = House::filled(kind).await;
        let origin = house.origin(&logs[0]);
        assert_eq!(house.store.leaves(&origin, 0, 1).await.unwrap().len(), 1);
        assert!(house.store.leaves(&origin, 2, 5).await.unwrap().is_empty(), "beyond the end is nothing");
        house.change("DELETE FROM entries WHERE record = 'rug'", vec![]).await;
        damaged(&house.store.leaves(&origin, 1, 5).await, "the last one is missing");
        damaged(&house.store.leaves(&origin, 0, 5).await, "one of two is missing");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_damage() {
    let house = House::new(Kind::Sqlite).await;
    house.store.close().await;
    std::fs::write(house.dir.path().join("garant.db"), vec![7u8; 8192]).unwrap();
    let opened = house.second().await;
    assert_eq!(word(&opened), "damaged");
    assert_eq!(house.origin(&Log::House), format!("{}/house", house.keys().installation()));
}
