//! One writer at a time, whoever it is: two servers with fifty writers make one order without a gap.

use crate::house::{BOTH, House, log, made, person, start};
use kernel::Actor;
use ledger::Receipt;
use ledger::verify::{verify_export, verify_receipt};
use store::{Log, Store};

async fn write(store: Store, log: Log, turn: usize) {
    let mut tx = store.begin(start(), Actor::system("test")).await.expect("written");
    let id = format!("thing-{turn}");
    tx.append(&log, "thing.made", &id, made(&id, &person(), "somebody's")).await.expect("written");
    tx.commit().await.expect("written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_writers_on_two_servers_make_one_ledger() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let servers = [house.store.clone(), house.second().await.unwrap()];
        let logs = [log(), log()];
        let writers: Vec<_> = (0..50)
            .map(|turn| tokio::spawn(write(servers[turn % 2].clone(), logs[turn / 2 % 2].clone(), turn)))
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }

        let rows = house.store.read().rows("SELECT seq, id FROM entries ORDER BY seq", vec![]).await.unwrap();
        let order: Vec<i64> = rows.iter().map(|row| row.int("seq").unwrap()).collect();
        assert_eq!(order, (1..=100).collect::<Vec<_>>(), "{kind:?}: one order, no gap");
        let heads = house.store.logs().await.unwrap();
        let sizes: Vec<u64> = heads.iter().map(|head| head.size).collect();
        assert_eq!((sizes[0], sizes[1] + sizes[2]), (50, 50));

        let key = house.store.keys().verifier();
        for row in &rows {
            let id = row.id("id").unwrap();
            let (origin, index, leaf) = house.store.find_entry(&id).await.unwrap().unwrap();
            let head = heads.iter().find(|head| head.origin == origin).unwrap();
            let proof = house.store.inclusion(&origin, index, head.size).await.unwrap();
            let disclosures = house.store.disclosures(&id).await.unwrap();
            let leaf = String::from_utf8(leaf).unwrap();
            let receipt = Receipt { index, proof, checkpoint: head.checkpoint.clone(), leaf, disclosures };
            verify_receipt(&receipt.to_text(), &key).unwrap();
        }
        let report = verify_export(house.export().await.as_slice(), &key).unwrap();
        assert_eq!(report.house_agrees, 50);
        assert!(house.store.replay(start(), false).await.unwrap().different.is_empty());
        servers[1].close().await;
    }
}

#[tokio::test]
async fn a_proof_of_any_size_leads_to_its_root() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let mut tx = house.tx().await;
        for turn in 0..23 {
            let id = format!("thing-{turn}");
            tx.append(&Log::House, "thing.made", &id, made(&id, &person(), "x")).await.unwrap();
        }
        tx.commit().await.unwrap();
        let origin = house.origin(&Log::House);
        for size in 1..=23 {
            for index in 0..size {
                house.store.inclusion(&origin, index, size).await.unwrap();
            }
        }
    }
}
