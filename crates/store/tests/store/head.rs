//! The high-water mark: an old copy put in the database's place is noticed at start.

use crate::house::{BOTH, House, Kind, log, person, word};
use std::path::Path;
use store::{Log, StoreError};

fn copy(from: &Path, to: &Path) {
    std::fs::copy(from, to).expect("a copy");
}

#[tokio::test]
async fn an_old_copy_of_the_file_is_noticed() {
    let (house, logs, _) = House::filled(Kind::Sqlite).await;
    let (file, head) = (house.dir.path().join("garant.db"), house.head_file());
    house.store.check_head(&head).await.expect("nothing is known yet");
    house.store.note_head(&head).await.unwrap();
    house.store.check_head(&head).await.unwrap();
    house.store.close().await;
    let old = house.dir.path().join("old.db");
    copy(&file, &old);

    let store = house.second().await.unwrap();
    store.check_head(&head).await.expect("the same file");
    let house = House { store, ..house };
    house.thing(&logs[0], "chair", &person(), "Bob's chair").await;
    house.store.check_head(&head).await.expect("it has only grown");
    house.store.note_head(&head).await.unwrap();
    house.store.close().await;
    copy(&old, &file);

    let store = house.second().await.unwrap();
    let noticed = store.check_head(&head).await;
    assert!(matches!(noticed, Err(StoreError::RolledBack { held: 3, signed: 4 })), "{noticed:?}");
    let said = noticed.unwrap_err().to_string();
    assert!(said.starts_with("the database is older than what this installation has already signed"), "{said}");
    let mark = std::fs::read(&head).unwrap();
    assert_eq!(word(&store.note_head(&head).await), "rolled back");
    assert_eq!(std::fs::read(&head).unwrap(), mark, "the mark never goes back");
    store.close().await;
}

#[tokio::test]
async fn an_old_copy_that_went_its_own_way_is_noticed() {
    let (house, logs, _) = House::filled(Kind::Sqlite).await;
    let (file, head, old) = (house.dir.path().join("garant.db"), house.head_file(), house.dir.path().join("old.db"));
    house.store.close().await;
    copy(&file, &old);
    let house = House { store: house.second().await.unwrap(), ..house };
    house.thing(&logs[0], "chair", &person(), "Bob's chair").await;
    house.store.note_head(&head).await.unwrap();
    house.store.close().await;

    copy(&old, &file);
    let house = House { store: house.second().await.unwrap(), ..house };
    for id in ["stool", "bench"] {
        house.thing(&logs[0], id, &person(), "another history").await;
    }
    assert_eq!(word(&house.store.check_head(&head).await), "damaged");
    house.store.close().await;
}

#[tokio::test]
async fn a_database_emptied_behind_the_mark_is_noticed() {
    for kind in BOTH {
        let (house, ..) = House::filled(kind).await;
        house.store.note_head(&house.head_file()).await.unwrap();
        for sql in ["DELETE FROM entries", "DELETE FROM nodes", "DELETE FROM checkpoints", "DELETE FROM logs"] {
            house.change(sql, vec![]).await;
        }
        assert_eq!(word(&house.store.check_head(&house.head_file()).await), "rolled back");
    }
}

#[tokio::test]
async fn an_empty_house_has_no_mark() {
    for kind in BOTH {
        let house = House::new(kind).await;
        house.store.note_head(&house.head_file()).await.unwrap();
        assert!(!house.head_file().exists());
    }
}

#[tokio::test]
async fn a_mark_we_did_not_sign_is_refused() {
    for kind in BOTH {
        let (house, logs, _) = House::filled(kind).await;
        let head = house.head_file();
        let strange = House::new(kind).await;
        strange.thing(&log(), "lamp", &person(), "x").await;
        strange.store.note_head(&head).await.unwrap();
        assert_eq!(word(&house.store.check_head(&head).await), "damaged", "another installation's");

        let controllers = house.store.checkpoints(&house.origin(&logs[0])).await.unwrap().remove(0);
        std::fs::write(&head, controllers).unwrap();
        assert_eq!(word(&house.store.check_head(&head).await), "damaged", "another log's");
        for noise in [b"".as_slice(), b"no checkpoint", &[0xff; 4096], &[b'\n'; 1 << 20]] {
            std::fs::write(&head, noise).unwrap();
            assert_eq!(word(&house.store.check_head(&head).await), "damaged");
            assert_eq!(word(&house.store.note_head(&head).await), "damaged");
        }
        std::fs::remove_file(&head).unwrap();
        house.store.note_head(&head).await.unwrap();
        let mark = std::fs::read_to_string(&head).unwrap();
        let newest = house.store.checkpoints(&house.origin(&Log::House)).await.unwrap().pop().unwrap();
        assert_eq!(mark, newest);
        let nowhere = house.dir.path().join("missing").join("head");
        assert_eq!(word(&house.store.note_head(&nowhere).await), "keys");
    }
}
