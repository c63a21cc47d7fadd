//! Nothing personal is in a leaf; destroying one key erases a person everywhere, and every proof still verifies
//! (GDPR Art. 17).

use crate::house::{BOTH, House, Kind, log, made, person, word};
use ledger::Entry;
use ledger::verify::verify_export;
use store::Log;

const CANARY: &str = "Canary Quillfeather";

fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[tokio::test]
async fn a_personal_value_is_neither_in_a_leaf_nor_readable_where_it_is_sealed() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let id = house.thing(&log(), "lamp", &person(), CANARY).await;
        let read = house.store.read();
        let leaves = read.rows("SELECT leaf FROM entries", vec![]).await.unwrap();
        let sealed = read.rows("SELECT sealed FROM sealed_values", vec![]).await.unwrap();
        assert_eq!((leaves.len(), sealed.len()), (2, 1));
        assert!(leaves.iter().all(|row| !contains(&row.bytes("leaf").unwrap(), "Canary")));
        assert!(sealed.iter().all(|row| !contains(&row.bytes("sealed").unwrap(), "Canary")));

        let (_, _, leaf) = house.store.find_entry(&id).await.unwrap().unwrap();
        let disclosures = house.store.disclosures(&id).await.unwrap();
        let data = Entry::from_leaf(&leaf).unwrap().data;
        assert_eq!(disclosures.len(), 1);
        assert_eq!((disclosures[0].pointer.as_str(), disclosures[0].value.as_str()), ("/name", Some(CANARY)));
        assert!(disclosures[0].verify(&data), "the disclosure opens the commitment");
    }
}

#[tokio::test]
async fn erasing_a_person_destroys_key_values_and_columns_and_the_ledger_still_verifies() {
    for kind in BOTH {
        let (house, logs, ada) = House::filled(kind).await;
        let mut tx = house.tx().await;
        tx.erase_subject(&logs[0], "request", &ada).await.unwrap();
        tx.commit().await.unwrap();

        let read = house.store.read();
        let key =
            read.row("SELECT * FROM subject_keys WHERE subject = $1", vec![(&ada).into()]).await.unwrap().unwrap();
        assert!(key.bytes("wrapped").is_err(), "the key is gone");
        assert!(key.opt_instant("destroyed_at").unwrap().is_some());
        let sealed = read.rows("SELECT 1 AS one FROM sealed_values WHERE subject = $1", vec![(&ada).into()]).await;
        assert!(sealed.unwrap().is_empty());
        let things = read.rows("SELECT id, name FROM things ORDER BY id", vec![]).await.unwrap();
        let names: Vec<Option<String>> = things.iter().map(|row| row.opt_text("name").unwrap()).collect();
        assert_eq!(names, [None, Some("Bob's rug".to_owned()), None]);

        let mut tx = house.tx().await;
        let second = tx.append(&logs[0], "thing.made", "chair", made("chair", &ada, "Ada's chair")).await;
        assert_eq!(word(&second), "erased");
        tx.rollback().await.unwrap();

        verify_export(house.export().await.as_slice(), &house.store.keys().verifier()).unwrap();
        let replay = house.store.replay(crate::house::start(), false).await.unwrap();
        assert!(replay.different.is_empty(), "{:?}", replay.different);
    }
}

#[tokio::test]
async fn erasing_is_all_or_nothing() {
    for kind in BOTH {
        let (house, logs, ada) = House::filled(kind).await;
        let mut tx = house.tx().await;
        tx.erase_subject(&logs[0], "request", &ada).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(house.count("SELECT COUNT(*) AS n FROM sealed_values").await, 3);
        assert_eq!(house.count("SELECT COUNT(*) AS n FROM things WHERE name IS NOT NULL").await, 3);
        house.thing(&logs[0], "chair", &ada, "Ada's chair").await;
    }
}

#[tokio::test]
async fn one_who_was_never_named_is_refused_after_an_erasure_too() {
    for kind in BOTH {
        let (house, stranger) = (House::new(kind).await, person());
        let mut tx = house.tx().await;
        tx.erase_subject(&Log::House, "request", &stranger).await.unwrap();
        tx.erase_subject(&Log::House, "request", &stranger).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = house.tx().await;
        let late = tx.append(&Log::House, "thing.made", "lamp", made("lamp", &stranger, "late")).await;
        assert_eq!(word(&late), "erased");
    }
}

#[tokio::test]
async fn a_key_restored_from_an_older_backup_is_destroyed_again_by_the_replay() {
    for kind in BOTH {
        let (house, logs, ada) = House::filled(kind).await;
        let sql = "SELECT wrapped FROM subject_keys WHERE subject = $1";
        let key = house.store.read().row(sql, vec![(&ada).into()]).await.unwrap().unwrap().bytes("wrapped").unwrap();
        let mut tx = house.tx().await;
        tx.erase_subject(&logs[0], "request", &ada).await.unwrap();
        tx.commit().await.unwrap();
        let restore = "UPDATE subject_keys SET wrapped = $2, destroyed_at = NULL WHERE subject = $1";
        house.change(restore, vec![(&ada).into(), key.into()]).await;

        house.store.replay(crate::house::start(), true).await.unwrap();
        assert_eq!(house.count("SELECT COUNT(*) AS n FROM subject_keys WHERE wrapped IS NOT NULL").await, 1);
        let mut tx = house.tx().await;
        let late = tx.append(&logs[0], "thing.made", "chair", made("chair", &ada, "late")).await;
        assert_eq!(word(&late), "erased");
    }
}

#[tokio::test]
async fn no_byte_of_the_erased_stays_in_the_files_of_sqlite() {
    let house = House::new(Kind::Sqlite).await;
    let (log, ada) = (log(), person());
    house.thing(&log, "lamp", &ada, CANARY).await;
    assert!(on_disk(&house), "the canary sings before");
    let mut tx = house.tx().await;
    tx.erase_subject(&log, "request", &ada).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!on_disk(&house), "and not after");
}

fn on_disk(house: &House) -> bool {
    let files = ["garant.db", "garant.db-wal"].map(|name| std::fs::read(house.dir.path().join(name)).expect("a file"));
    files.iter().any(|bytes| contains(bytes, CANARY))
}
