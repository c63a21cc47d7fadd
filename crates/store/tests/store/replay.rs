//! Every table is a projection: rebuilt from the ledger and compared, one different byte is an alarm.

use crate::house::{BOTH, House, start};
use store::{Arg, Replay};

/// A change made from outside, and what the replay says: rows only in the table, rows only in the ledger.
type Change = (&'static str, &'static str, usize, usize);

const CHANGES: [Change; 4] = [
    ("a changed byte", "UPDATE things SET name = 'Ada''s lamq' WHERE id = 'lamp'", 1, 1),
    ("a value set to nothing", "UPDATE things SET name = NULL WHERE id = 'rug'", 1, 1),
    ("a missing row", "DELETE FROM things WHERE id = 'vase'", 0, 1),
    ("an extra row", "INSERT INTO things (id, size, at) VALUES ('ghost', 1, 1)", 1, 0),
];

fn found(replay: &Replay) -> Vec<(&str, usize, usize)> {
    replay.different.iter().map(|d| (d.table.as_str(), d.only_live, d.only_rebuilt)).collect()
}

#[tokio::test]
async fn a_house_left_alone_replays_to_itself() {
    for kind in BOTH {
        let (house, ..) = House::filled(kind).await;
        let replay = house.store.replay(start(), false).await.unwrap();
        assert_eq!((replay.entries, replay.tables), (6, 1));
        assert!(replay.different.is_empty());
    }
}

#[tokio::test]
async fn every_change_from_outside_is_found_and_mended() {
    for kind in BOTH {
        let (house, ..) = House::filled(kind).await;
        for (what, sql, only_live, only_rebuilt) in CHANGES {
            house.change(sql, Vec::<Arg>::new()).await;
            let looked = house.store.replay(start(), false).await.unwrap();
            assert_eq!(found(&looked), [("things", only_live, only_rebuilt)], "{kind:?}: {what}");
            let mended = house.store.replay(start(), true).await.unwrap();
            assert_eq!(found(&mended), found(&looked), "{kind:?}: {what}, looking changes nothing");
            let again = house.store.replay(start(), false).await.unwrap();
            assert!(again.different.is_empty(), "{kind:?}: {what} was mended");
        }
    }
}
