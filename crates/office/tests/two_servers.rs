//! A year in the life of two servers on one database: each stops when it likes, each has a clock that leaps, and every beat is
//! told exactly once. The audit reads the ledger alone.

mod common;

use common::{AGREEMENT, BOTH, House, Kind};
use kernel::{Actor, SeededEntropy};
use office::duties::{self, Judgement, Watch};
use office::requests::{self, NewRequest, Right};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use web::Role;

const HOUR: i64 = 3_600;
const YEAR: i64 = 365 * 24 * HOUR;

/// A server: how far its wall clock is off, until when it is down, and what it makes of its clock.
struct Server {
    app: office::App,
    off: std::sync::Arc<std::sync::atomic::AtomicI64>,
    down_until: i64,
    watch: Watch,
}

struct Chance(SeededEntropy);

impl Chance {
    fn below(&self, bound: i64) -> i64 {
        i64::try_from(self.0.below(bound.unsigned_abs())).expect("small")
    }
}

impl Server {
    /// One look at `at` seconds after the start, unless it is down; believed only while its clock is steady, as in `serve`.
    async fn look(&mut self, chance: &Chance, at: i64) {
        if chance.below(60) == 0 {
            self.down_until = at + chance.below(12 * 24) * HOUR;
        }
        // A clock that leapt is set right before the next look; the first look of a server has nothing to compare with.
        let wrong = self.off.swap(0, std::sync::atomic::Ordering::Relaxed) != 0;
        if !wrong && at > 0 && chance.below(40) == 0 {
            let leap = (chance.below(96) - 48) * HOUR * 1000;
            self.off.store(leap, std::sync::atomic::Ordering::Relaxed);
        }
        if at < self.down_until {
            return;
        }
        let steady = Duration::from_secs(at.unsigned_abs());
        if self.watch.look(self.app.now(), steady) == Judgement::Steady {
            duties::scan(&self.app).await.expect("scanned");
        }
    }
}

async fn request(house: &House, dpo: &Actor, controller: &kernel::ControllerId, number: i64) {
    let new = NewRequest {
        controller: controller.clone(),
        right: Right::Access,
        email: format!("person{number}@example.org"),
        note: String::new(),
        channel: "mail".into(),
        received_at: house.app.now(),
    };
    requests::receive(&house.app, dpo.clone(), new).await.expect("received");
}

/// Lives through it and gives how many beats were told.
async fn live(kind: Kind, seed: u64) -> usize {
    let mut house = House::new(kind).await;
    let dpo = house.person(Role::Dpo).await;
    let (_, controller) = house.agreement(&dpo, "Brume", AGREEMENT).await;
    for programme in duties::presets().into_iter().take(4) {
        duties::set_programme(&house.app, dpo.clone(), programme).await.expect("set");
    }
    let chance = Chance(SeededEntropy::new(seed));
    let mut servers = Vec::new();
    for number in 0..2 {
        let (app, off) = house.another(10 + number).await;
        servers.push(Server { app, off, down_until: 0, watch: Watch::default() });
    }
    let (mut at, mut next_request) = (0, 0);
    while at < YEAR {
        if at >= next_request {
            request(&house, &dpo, &controller, at).await;
            next_request = at + HOUR + chance.below(40 * 24) * HOUR;
        }
        let [one, other] = &mut servers[..] else { panic!("two servers") };
        tokio::join!(one.look(&chance, at), other.look(&chance, at));
        let step = HOUR + chance.below(23) * HOUR;
        house.advance(step);
        at += step;
    }
    // Both are well again: what was due is found.
    for server in &servers {
        server.off.store(0, std::sync::atomic::Ordering::Relaxed);
        while duties::scan(&server.app).await.expect("scanned") > 0 {}
    }
    audit(&house).await
}

/// Each beat of each duty once, none before its instant, each limit that passed told.
async fn audit(house: &House) -> usize {
    let sql = "SELECT record, kind, leaf FROM entries WHERE kind IN ('duty.told', 'duty.missed') ORDER BY seq";
    let rows = house.store().read().rows(sql, vec![]).await.expect("readable");
    let mut beats: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in &rows {
        let leaf: serde_json::Value = serde_json::from_slice(&row.bytes("leaf").expect("bytes")).expect("JSON");
        let beat = leaf["data"]["beat"].as_str().unwrap_or("missed").to_owned();
        *beats.entry((row.text("record").expect("a duty"), beat)).or_default() += 1;
    }
    let kinds: BTreeSet<&str> = beats.keys().map(|(_, beat)| beat.as_str()).collect();
    assert_eq!(
        kinds,
        BTreeSet::from(["missed", "reminder", "target"]),
        "limits here have one reading: they are missed"
    );
    assert!(beats.values().all(|times| *times == 1), "each beat of a duty once: {beats:?}");
    let sql = "SELECT id, state, own_due, other_due, told_at, ended_at FROM duties WHERE mode <> 'standing'";
    let now = house.app.now();
    for row in house.store().read().rows(sql, vec![]).await.expect("readable") {
        let (id, state) = (row.text("id").expect("an id"), row.text("state").expect("a state"));
        let other = row.opt_instant("other_due").expect("an instant");
        if let Some(other) = other.filter(|other| *other < now) {
            assert_eq!(state, "missed", "{id} passed {other} and nobody was told");
            assert!(row.instant("ended_at").expect("an instant") > other, "{id} told before its instant");
        }
        let told = rows.iter().filter(|row| row.text("record").expect("a duty") == id).count();
        assert!(told <= 4, "{id} has four beats and told {told}");
    }
    let late = house
        .store()
        .read()
        .rows("SELECT record, letter FROM notices WHERE letter IN ('duty.late', 'duty.missed')", vec![])
        .await;
    let mut letters: BTreeMap<String, usize> = BTreeMap::new();
    for row in late.expect("readable") {
        *letters.entry(row.text("record").expect("a duty")).or_default() += 1;
    }
    assert!(letters.values().all(|count| *count <= 2), "one person gets at most `late` and `broken`: {letters:?}");
    let replay = house.store().replay(now, false).await.expect("replayed");
    assert!(replay.different.is_empty(), "{:?}", replay.different);
    rows.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_a_year_outages_and_leaps_tell_every_beat_once() {
    for kind in BOTH {
        let told = live(kind, 7).await;
        assert!(told > 50, "{kind:?} {told}");
    }
}
