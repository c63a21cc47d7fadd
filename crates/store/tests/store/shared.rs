//! What several servers share beside the ledger: leases and documents.

use crate::house::{BOTH, House, start, word};
use kernel::Instant;
use store::BLOB_BYTES_MAX;

fn after(seconds: i64) -> Instant {
    Instant::from_millisecond(start().as_millisecond() + seconds * 1000).expect("an instant")
}

#[tokio::test]
async fn a_lease_is_handed_over_with_a_higher_fence_and_the_late_holder_is_told() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let (one, two) = (&house.store, &house.second().await.unwrap());
        assert_eq!(one.lease("jobs", "one", after(0), 30).await.unwrap(), Some(1));
        assert_eq!(two.lease("jobs", "two", after(10), 30).await.unwrap(), None, "held");
        assert_eq!(one.lease("jobs", "one", after(20), 30).await.unwrap(), Some(1), "renewed");
        assert_eq!(two.lease("jobs", "two", after(49), 30).await.unwrap(), None, "held longer");
        assert_eq!(two.lease("jobs", "two", after(50), 30).await.unwrap(), Some(2), "handed over");
        assert_eq!(one.lease("jobs", "one", after(51), 30).await.unwrap(), None);
        assert_eq!(one.lease("mail", "one", after(51), i64::MAX).await.unwrap(), Some(1), "another lease");

        let mut tx = house.tx().await;
        assert!(!tx.holds_lease("jobs", "one", 1).await.unwrap(), "it slept too long");
        assert!(tx.holds_lease("jobs", "two", 2).await.unwrap());
        tx.rollback().await.unwrap();
        assert_eq!(one.lease("jobs", "one", after(80), 30).await.unwrap(), Some(3));
    }
}

#[tokio::test]
async fn a_document_is_kept_once_read_back_and_forgotten() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let mut tx = house.tx().await;
        let name = tx.keep_blob("text/plain", b"A contract.").await.unwrap();
        assert_eq!(tx.keep_blob("text/plain", b"A contract.").await.unwrap(), name);
        tx.commit().await.unwrap();
        assert_eq!(name, "c3255d52db3ad1dd99a210fd78c7a5eea21dc440beb9e525672d45cafd757280");
        assert_eq!(house.store.blob(&name).await.unwrap(), b"A contract.");
        assert_eq!(house.count("SELECT COUNT(*) AS n FROM blobs").await, 1);

        house.change("UPDATE blobs SET bytes = $1", vec![b"A contracT.".to_vec().into()]).await;
        assert_eq!(word(&house.store.blob(&name).await), "damaged");
        let mut tx = house.tx().await;
        tx.drop_blob(&name).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!house.store.has_blob(&name).await.unwrap());
        assert_eq!(word(&house.store.blob(&name).await), "damaged");
    }
}

#[tokio::test]
async fn a_document_has_a_limit() {
    for kind in BOTH {
        let house = House::new(kind).await;
        let mut tx = house.tx().await;
        assert_eq!(word(&tx.keep_blob("text/plain", &vec![0; BLOB_BYTES_MAX + 1]).await), "statement");
    }
}
