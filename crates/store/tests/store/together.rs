//! Many entries in one transaction are the same as each in its own: the same leaves, the same trees, the same tables.
//! What waits to be written is seen by whoever asks, as if it had been written at once.

use crate::house::{BOTH, House, Kind, log, made, person, start, word};
use kernel::{Actor, ControllerId, SeededEntropy, SubjectId};
use ledger::tree::{Frontier, leaf_hash};
use serde_json::{Value, json};
use std::sync::Arc;
use store::Log;

/// More than fills any statement, and no round number.
const ENTRIES: usize = 1_137;

/// What happens, and to which log: things of two people are made, and grow.
fn happenings() -> Vec<(Log, &'static str, String, Value)> {
    let entropy = SeededEntropy::new(7);
    let logs = [Log::House, Log::Controller(ControllerId::new(start(), &entropy))];
    let people: Vec<SubjectId> = (0..40).map(|_| SubjectId::new(start(), &entropy)).collect();
    let happening = |at: usize| {
        let (log, id) = (logs[at / 5 % 2].clone(), format!("thing-{}", at - at % 3));
        match at % 3 {
            0 => (log, "thing.made", id.clone(), made(&id, &people[at % people.len()], "somebody's")),
            _ => (log, "thing.grown", id.clone(), json!({ "id": id, "size": at })),
        }
    };
    (0..ENTRIES).map(happening).collect()
}

/// The facts of each entry of a log, without what is drawn at random, and without what the house adds by itself.
async fn facts(house: &House, log: &Log) -> Vec<(String, Value)> {
    let origin = house.origin(log);
    let mut facts = Vec::new();
    for leaf in house.store.leaves(&origin, 0, u64::MAX).await.expect("leaves") {
        let recorded = house.store.recorded(&leaf).await.expect("an entry");
        facts.push((recorded.kind, recorded.data));
    }
    facts.retain(|(kind, _)| kind != "ledger.checkpointed");
    facts
}

async fn things(house: &House) -> Vec<(String, i64)> {
    let rows = house.store.read().rows("SELECT id, size FROM things ORDER BY at, id", vec![]).await.expect("rows");
    rows.iter().map(|row| (row.text("id").expect("an id"), row.int("size").expect("a size"))).collect()
}

/// Every node that is stored is the one that the leaves make, and none is missing.
async fn tree_is_whole(house: &House, log: &Log) {
    let origin = house.origin(log);
    let mut expected = Vec::new();
    let mut tree = Frontier::new();
    for leaf in house.store.leaves(&origin, 0, u64::MAX).await.expect("leaves") {
        expected.extend(tree.append(leaf_hash(&leaf)).into_iter().map(|node| (node.level, node.index, node.hash)));
    }
    expected.sort_unstable();
    let sql = "SELECT level, idx, hash FROM nodes WHERE log = $1 ORDER BY level, idx";
    let rows = house.store.read().rows(sql, vec![(&origin).into()]).await.expect("nodes");
    let found: Vec<(u8, u64, [u8; 32])> = rows
        .iter()
        .map(|row| {
            let number = |name| u64::try_from(row.int(name).expect("a number")).expect("no less than nothing");
            (u8::try_from(number("level")).expect("a level"), number("idx"), row.hash("hash").expect("a hash"))
        })
        .collect();
    assert!(found == expected, "{origin}");
    let (checkpoint, _) = house.checkpoints(&origin).await.pop().expect("a checkpoint");
    assert_eq!((checkpoint.size(), checkpoint.root()), (tree.size(), tree.root()));
}

#[tokio::test]
async fn one_transaction_of_many_entries_equals_many_of_one() {
    for kind in BOTH {
        let (one, many) = (House::new(kind).await, House::new(kind).await);
        let mut tx = many.tx().await;
        for (log, kind, record, data) in happenings() {
            let mut single = one.tx().await;
            single.append(&log, kind, &record, data.clone()).await.unwrap();
            single.commit().await.unwrap();
            tx.append(&log, kind, &record, data).await.unwrap();
        }
        tx.commit().await.unwrap();
        for log in [Log::House, happenings()[5].0.clone()] {
            assert!(facts(&one, &log).await == facts(&many, &log).await, "{kind:?}: {log:?}");
            tree_is_whole(&one, &log).await;
            tree_is_whole(&many, &log).await;
        }
        assert_eq!(things(&one).await, things(&many).await);
        for house in [one, many] {
            let replay = house.store.replay(start(), false).await.unwrap();
            assert!(replay.different.is_empty(), "{kind:?}: {:?}", replay.different);
            let order = house.store.read().rows("SELECT seq FROM entries ORDER BY seq", vec![]).await.unwrap();
            let order: Vec<i64> = order.iter().map(|row| row.int("seq").unwrap()).collect();
            assert_eq!(order, (1..=i64::try_from(order.len()).unwrap()).collect::<Vec<_>>(), "{kind:?}: no gap");
        }
    }
}

#[tokio::test]
async fn the_head_of_a_log_does_not_tell_how_many_transactions_made_it() {
    for kind in BOTH {
        let drawing = || House::drawing(kind, Arc::new(SeededEntropy::new(11)));
        let (one, many) = (drawing().await, drawing().await);
        let mut tx = many.tx().await;
        for (_, kind, record, data) in happenings().into_iter().take(300) {
            let mut single = one.tx().await;
            single.append(&Log::House, kind, &record, data.clone()).await.unwrap();
            single.commit().await.unwrap();
            tx.append(&Log::House, kind, &record, data).await.unwrap();
        }
        tx.commit().await.unwrap();
        let (one, many) = (one.store.logs().await.unwrap(), many.store.logs().await.unwrap());
        assert_eq!((one.len(), one[0].size), (1, 300));
        assert_eq!(one[0].checkpoint, many[0].checkpoint, "{kind:?}: the same bytes, the same signature");
    }
}

#[tokio::test]
async fn whoever_asks_sees_what_waits() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let (log, ada) = (log(), person());
        for sql in [
            "SELECT COUNT(*) AS n FROM things",
            "SELECT COUNT(*) AS n FROM entries",
            "SELECT COUNT(*) AS n FROM nodes",
            "SELECT COUNT(*) AS n FROM sealed_values",
            "SELECT COUNT(*) AS n FROM subject_keys",
        ] {
            let mut tx = house.tx().await;
            tx.append(&log, "thing.made", "lamp", made("lamp", &ada, "Ada's lamp")).await.unwrap();
            let row = tx.row(sql, vec![]).await.unwrap().unwrap();
            assert_eq!(row.int("n").unwrap(), 1, "{kind:?}: {sql}");
            tx.rollback().await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_erasure_reaches_what_the_same_transaction_wrote() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let (log, ada) = (log(), person());
        let mut tx = house.tx().await;
        tx.append(&log, "thing.made", "lamp", made("lamp", &ada, "Ada's lamp")).await.unwrap();
        tx.erase_subject(&log, "request", &ada).await.unwrap();
        let late = tx.append(&log, "thing.made", "rug", made("rug", &ada, "late")).await;
        assert_eq!(word(&late), "erased", "{kind:?}");
        tx.rollback().await.unwrap();

        let mut tx = house.tx().await;
        tx.append(&log, "thing.made", "lamp", made("lamp", &ada, "Ada's lamp")).await.unwrap();
        tx.erase_subject(&log, "request", &ada).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(house.count("SELECT COUNT(*) AS n FROM sealed_values").await, 0);
        assert_eq!(house.count("SELECT COUNT(*) AS n FROM subject_keys WHERE wrapped IS NOT NULL").await, 0);
        assert_eq!(house.count("SELECT COUNT(*) AS n FROM things WHERE name IS NOT NULL").await, 0);
        assert!(house.store.replay(start(), false).await.unwrap().different.is_empty());
    }
}

#[tokio::test]
async fn a_transaction_about_more_people_than_keys_are_at_hand_is_whole() {
    let house = House::new(Kind::Sqlite).await;
    let log = log();
    let mut tx = house.store.begin(start(), Actor::system("import")).await.unwrap();
    // More people than keys are kept at hand.
    for at in 0..4_200 {
        let id = format!("thing-{at}");
        tx.append(&log, "thing.made", &id, made(&id, &person(), "x")).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(house.count("SELECT COUNT(*) AS n FROM subject_keys").await, 4_200);
    assert!(house.store.replay(start(), false).await.unwrap().different.is_empty());
}
