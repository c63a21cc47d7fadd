//! Entries in, tables follow, heads signed; or nothing at all.

use crate::house::{BOTH, House, log, made, person, start, word};
use kernel::{Actor, Instant};
use ledger::Entry;
use ledger::verify::verify_export;
use serde_json::json;
use store::Log;

#[tokio::test]
async fn what_is_appended_stands_in_its_table_and_reads_back_whole() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let (log, ada) = (log(), person());
        let id = house.thing(&log, "lamp", &ada, "Ada's lamp").await;
        let mut tx = house.tx().await;
        tx.append(&log, "thing.grown", "lamp", json!({ "id": "lamp", "size": 41 })).await.unwrap();
        tx.commit().await.unwrap();

        let row = house.store.read().row("SELECT * FROM things", vec![]).await.unwrap().unwrap();
        assert_eq!(row.text("name").unwrap(), "Ada's lamp");
        assert_eq!(row.int("size").unwrap(), 42);
        assert_eq!(row.instant("at").unwrap(), start());
        let (origin, index, leaf) = house.store.find_entry(&id).await.unwrap().unwrap();
        assert_eq!((origin, index), (house.origin(&log), 0));
        let recorded = house.store.recorded(&leaf).await.unwrap();
        assert_eq!((recorded.id, recorded.actor), (id, Actor::system("test")));
        assert_eq!(recorded.data, made("lamp", &ada, "Ada's lamp"));
    }
}

#[tokio::test]
async fn a_transaction_that_is_not_committed_leaves_nothing() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let before = house.rows().await;
        let (log, ada) = (log(), person());
        let mut tx = house.tx().await;
        tx.append(&log, "thing.made", "lamp", made("lamp", &ada, "Ada's lamp")).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(house.rows().await, before, "{kind:?}: rolled back");

        let mut tx = house.tx().await;
        tx.append(&log, "thing.made", "lamp", made("lamp", &ada, "Ada's lamp")).await.unwrap();
        drop(tx);
        house.tx().await.rollback().await.unwrap();
        assert_eq!(house.rows().await, before, "{kind:?}: dropped");
    }
}

#[tokio::test]
async fn after_a_failed_step_nothing_can_be_committed_any_more() {
    for kind in BOTH {
        let (house, logs, ada) = House::filled(kind).await;
        let before = house.rows().await;
        let mut tx = house.tx().await;
        // The statement waits its turn; whoever asks next is told, or the commit.
        tx.append(&logs[0], "thing.made", "lamp", made("lamp", &ada, "again")).await.unwrap();
        assert_eq!(word(&tx.commit().await), "statement");
        assert_eq!(house.rows().await, before);

        let mut tx = house.tx().await;
        tx.append(&logs[0], "thing.made", "lamp", made("lamp", &ada, "again")).await.unwrap();
        assert_eq!(word(&tx.rows("SELECT id FROM things", vec![]).await), "statement");
        assert_eq!(word(&tx.commit().await), "statement");
        assert_eq!(house.rows().await, before);

        let mut tx = house.tx().await;
        assert_eq!(word(&tx.change("UPDATE nowhere SET n = 1", vec![]).await), "statement");
        assert_eq!(word(&tx.commit().await), "statement");

        let mut tx = house.tx().await;
        let no_kind = tx.append(&logs[0], "No Kind", "x", json!({})).await;
        assert_eq!(word(&no_kind), "damaged");
        assert_eq!(word(&tx.commit().await), "statement");
        assert_eq!(house.rows().await, before);
    }
}

#[tokio::test]
async fn the_houses_log_records_every_checkpoint_of_the_others_and_all_verify() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let (logs, ada) = ([log(), log()], person());
        let mut tx = house.tx().await;
        tx.append(&logs[0], "thing.made", "lamp", made("lamp", &ada, "Ada's lamp")).await.unwrap();
        tx.append(&logs[1], "thing.made", "rug", made("rug", &ada, "Ada's rug")).await.unwrap();
        tx.append(&logs[0], "thing.grown", "lamp", json!({ "id": "lamp", "size": 1 })).await.unwrap();
        tx.commit().await.unwrap();
        house.thing(&logs[0], "vase", &ada, "Ada's vase").await;

        let mut expected = Vec::new();
        for log in &logs {
            for (checkpoint, note) in house.checkpoints(&house.origin(log)).await {
                let root = note.lines().nth(2).unwrap();
                expected.push((checkpoint.origin().to_owned(), checkpoint.size(), root.to_owned()));
            }
        }
        let leaves = house.store.leaves(&house.origin(&Log::House), 0, 100).await.unwrap();
        let mut recorded = Vec::new();
        for leaf in leaves {
            let entry = Entry::from_leaf(&leaf).unwrap();
            assert_eq!(entry.kind, "ledger.checkpointed");
            let text = |name: &str| entry.data[name].as_str().unwrap().to_owned();
            recorded.push((text("origin"), entry.data["size"].as_u64().unwrap(), text("root")));
        }
        expected.sort();
        recorded.sort();
        assert_eq!(recorded, expected);
        assert_eq!(recorded.len(), 3);

        let heads = house.store.logs().await.unwrap();
        assert!(heads[0].controller.is_none(), "the house comes first");
        assert!(heads.iter().all(|head| house.verifier().checkpoint(&head.checkpoint).unwrap().size() == head.size));
        let export = house.export().await;
        let report = verify_export(export.as_slice(), &house.store.keys().verifier()).unwrap();
        assert_eq!((report.logs.len(), report.house_agrees), (3, 3));
    }
}

#[tokio::test]
async fn an_entry_of_the_house_needs_no_checkpoint_of_another_log() {
    for kind in BOTH {
        let house = House::new(kind).await;
        house.thing(&Log::House, "bell", &person(), "The bell").await;
        let heads = house.store.logs().await.unwrap();
        assert_eq!((heads.len(), heads[0].size), (1, 1));
    }
}

#[tokio::test]
async fn when_the_clock_goes_backwards_the_ledger_does_not() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let log = log();
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let clock =
            ["2026-11-23T09:00:00.500Z", "2026-11-23T08:00:00Z", "1970-01-01T00:00:00Z", "2026-11-23T09:00:01Z"];
        for (turn, now) in clock.into_iter().enumerate() {
            let mut tx = house.store.begin(at(now), Actor::system("test")).await.unwrap();
            let id = format!("thing-{turn}");
            tx.append(&log, "thing.made", &id, made(&id, &person(), "x")).await.unwrap();
            tx.commit().await.unwrap();
        }
        for origin in [house.origin(&log), house.origin(&Log::House)] {
            let leaves = house.store.leaves(&origin, 0, 10).await.unwrap();
            let times: Vec<Instant> = leaves.iter().map(|leaf| Entry::from_leaf(leaf).unwrap().at).collect();
            let (first, last) = (at(clock[0]), at(clock[3]));
            assert_eq!(times, [first, first, first, last]);
        }
    }
}

#[tokio::test]
async fn who_reads_cannot_write() {
    for kind in BOTH {
        let (house, ..) = House::filled(kind).await;
        let tried = house.store.read().rows("DELETE FROM things RETURNING id", vec![]).await;
        assert_eq!(word(&tried), "read-only");
        assert_eq!(house.count("SELECT COUNT(*) AS n FROM things").await, 3);
    }
}
