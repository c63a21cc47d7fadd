//! The whole road, on both databases and both kinds of estate: an agreement is read and put in force,
//! a person is found, handed their data, erased, and everything that happened is proved.

mod common;

use common::{AGREEMENT, AGREEMENT_FR, BOTH, Estate, House, Kind};
use kernel::{Actor, ControllerId, Lang, RequestId};
use ledger::verify::{verify_export, verify_receipt};
use office::duties::{self, Keeping};
use office::requests::{self, Applied, NewRequest, Outcome, Right, State};
use std::io::Read;
use web::Role;

struct Scene {
    house: House,
    estate: Estate,
    dpo: Actor,
    owner: Actor,
    brume: ControllerId,
    agreement: kernel::AgreementId,
}

async fn scene(ours: Kind, theirs: Kind) -> Scene {
    let mut house = House::new(ours).await;
    let (dpo, owner) = (house.person(Role::Dpo).await, house.person(Role::Owner).await);
    let (agreement, brume) = house.agreement(&dpo, "Brume", AGREEMENT).await;
    house.agreement(&dpo, "Lichen", AGREEMENT_FR).await;
    let estate = Estate::new(theirs, house.dir.path()).await;
    house.connect(&dpo, "shop", &estate.address).await;
    Scene { house, estate, dpo, owner, brume, agreement }
}

impl Scene {
    async fn request(&self, right: Right, email: &str) -> RequestId {
        let new = NewRequest {
            controller: self.brume.clone(),
            right,
            email: email.into(),
            note: "Please, and quickly.".into(),
            channel: "mail".into(),
            received_at: self.house.app.now(),
        };
        requests::receive(&self.house.app, self.dpo.clone(), new).await.expect("received")
    }

    async fn approved(&self, right: Right, email: &str) -> RequestId {
        let id = self.request(right, email).await;
        let (db, now) = (self.house.store(), self.house.app.now());
        requests::instruct(db, now, self.dpo.clone(), &id, true, "by mail").await.expect("instructed");
        requests::plan(db, now, self.dpo.clone(), &id).await.unwrap_or_else(|r| panic!("{r}: {}", r.remedy(Lang::En)));
        let hash = self.row(&id).await.plan_hash.expect("a plan");
        requests::approve(db, now, self.owner.clone(), &id, &hash).await.expect("approved");
        id
    }

    async fn row(&self, id: &RequestId) -> requests::RequestRow {
        requests::find(&mut self.house.store().read(), id).await.expect("readable").expect("there")
    }

    async fn ledger_is_whole(&self) {
        let export = office::proof::export(self.house.store(), Vec::new()).await.expect("exported");
        let key = self.house.store().keys().verifier();
        let report = verify_export(export.as_slice(), &key).unwrap_or_else(|faults| panic!("{faults:?}"));
        assert!(report.logs.len() >= 3, "the house and two controllers");
        let replay = self.house.store().replay(self.house.app.now(), false).await.expect("replayed");
        assert!(replay.different.is_empty(), "{:?}", replay.different);
        assert!(replay.entries > 20);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_handed_their_data_and_nobody_elses() {
    for (ours, theirs) in [(Kind::Sqlite, Kind::Postgres), (Kind::Postgres, Kind::Sqlite)] {
        let scene = scene(ours, theirs).await;
        let id = scene.approved(Right::Access, " ADA@example.org ").await;
        let done = requests::carry_out(&scene.house.app, scene.dpo.clone(), &id).await.expect("made");
        let Applied::Done { outcome, passphrase: Some(passphrase) } = done else { panic!("a package") };
        assert_eq!(outcome, Outcome::Packaged);
        let sealed = std::fs::read(scene.house.app.files.join(format!("{id}.zip.age"))).expect("the package");
        assert!(sealed.starts_with(b"age-encryption.org/v1"));
        let mut zip = Vec::new();
        vault::sealed::open(sealed.as_slice(), &passphrase).expect("opens").read_to_end(&mut zip).expect("reads");
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).expect("a zip");
        let (mut page, mut data) = (String::new(), String::new());
        zip.by_name("index.html").expect("a page").read_to_string(&mut page).expect("text");
        zip.by_name("data.json").expect("data").read_to_string(&mut data).expect("text");
        let rows: Vec<serde_json::Value> = serde_json::from_str(&data).expect("JSON");
        let of =
            |name: &str| rows.iter().filter(|row| row["dataset"].as_str().is_some_and(|d| d.ends_with(name))).count();
        assert_eq!([of("customers"), of("orders"), of("order_lines"), of("newsletter")], [1, 2, 3, 1], "{data}");
        assert!(page.contains("Lamp for Ada") && !page.contains("Grace") && !page.contains("Vase"), "{page}");
        let again = requests::carry_out(&scene.house.app, scene.dpo.clone(), &id).await.expect("a no-op");
        assert!(matches!(again, Applied::Already(Outcome::Packaged)));
        scene.ledger_is_whole().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_erased_exactly_and_everywhere() {
    for (ours, theirs) in [(Kind::Sqlite, Kind::Sqlite), (Kind::Postgres, Kind::Postgres)] {
        let scene = scene(ours, theirs).await;
        let id = scene.approved(Right::Erasure, "ada@example.org").await;
        let done = requests::carry_out(&scene.house.app, scene.owner.clone(), &id).await.expect("erased");
        assert!(matches!(done, Applied::Done { outcome: Outcome::NothingLeft, passphrase: None }));
        for (sql, left) in [
            ("SELECT COUNT(*) FROM customers WHERE id = 1", 0),
            ("SELECT COUNT(*) FROM orders WHERE customer_id = 1", 0),
            ("SELECT COUNT(*) FROM order_lines WHERE order_id IN (10, 11)", 0),
            ("SELECT COUNT(*) FROM newsletter WHERE lower(email) = 'ada@example.org'", 0),
            ("SELECT COUNT(*) FROM customers WHERE id = 2 AND referred_by IS NULL", 1),
            ("SELECT COUNT(*) FROM customers WHERE id = 3 AND shop_id = 2", 1),
            ("SELECT COUNT(*) FROM orders WHERE customer_id = 3", 1),
            ("SELECT COUNT(*) FROM orders WHERE customer_id = 2", 1),
        ] {
            assert_eq!(scene.estate.count(sql).await, left, "{sql}");
        }
        let again = requests::carry_out(&scene.house.app, scene.owner.clone(), &id).await.expect("a no-op");
        assert!(matches!(again, Applied::Already(Outcome::NothingLeft)));
        let mut read = scene.house.store().read();
        let started = duties::store::of_record(&mut read, &scene.brume, id.as_str()).await.expect("duties");
        let terms: Vec<&str> = started.iter().map(|duty| duty.promise.as_str()).collect();
        for term in ["requests.forward", "requests.assist", "instructions.unlawful_alert"] {
            assert!(terms.contains(&term), "{term} in {terms:?}");
        }
        let now = scene.house.app.now();
        assert!(started.iter().all(|duty| duty.keeping(now) == Keeping::Kept), "{started:?}");
        scene.ledger_is_whole().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_an_erasure_erases_the_person_from_garant_and_every_proof_still_holds() {
    for ours in BOTH {
        let scene = scene(ours, Kind::Sqlite).await;
        let db = scene.house.store();
        let id = scene.approved(Right::Erasure, "ada@example.org").await;
        requests::carry_out(&scene.house.app, scene.owner.clone(), &id).await.expect("erased");
        let entry = first_entry(&scene, &id).await;
        let before = office::proof::receipt(db, &entry, &["/email".to_owned()]).await.expect("a receipt");
        let refused =
            requests::close(&scene.house.app, scene.owner.clone(), &id, false).await.expect_err("a letter waits");
        assert_eq!(refused.code, "letter-waiting");
        let letters = office::notices::of_record(&mut db.read(), &scene.brume, id.as_str()).await.expect("letters");
        for letter in letters.iter().filter(|letter| letter.state != "sent") {
            let by_hand =
                office::notices::delivered_by_hand(&scene.house.app, scene.dpo.clone(), &letter.id, "by courier");
            by_hand.await.expect("delivered");
        }
        requests::close(&scene.house.app, scene.owner.clone(), &id, false).await.expect("closed");
        let row = scene.row(&id).await;
        assert_eq!((row.state, row.email, row.note), (State::Closed, None, None));
        assert!(db.disclosures(&entry).await.expect("readable").is_empty());
        assert!(office::proof::receipt(db, &entry, &["/email".to_owned()]).await.is_err());
        let after = office::proof::receipt(db, &entry, &[]).await.expect("a receipt without values");
        let key = db.keys().verifier();
        for receipt in [&before, &after] {
            verify_receipt(receipt, &key).unwrap_or_else(|fault| panic!("{fault:?}"));
        }
        scene.ledger_is_whole().await;
        if ours == Kind::Sqlite {
            scene.house.store().close().await;
            let path = scene.house.dir.path().join("garant.db");
            for file in [path.clone(), path.with_extension("db-wal")] {
                let bytes = std::fs::read(file).unwrap_or_default();
                let found = bytes.windows(15).any(|window| window.eq_ignore_ascii_case(b"ada@example.org"));
                assert!(!found, "the address is still in the file");
            }
        }
    }
}

async fn first_entry(scene: &Scene, id: &RequestId) -> kernel::EntryId {
    let sql = "SELECT id FROM entries WHERE record = $1 ORDER BY seq LIMIT 1";
    let row = scene.house.store().read().row(sql, vec![id.into()]).await.expect("readable").expect("an entry");
    row.id("id").expect("an id")
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_was_found_is_never_nothing_is_left() {
    let scene = scene(Kind::Sqlite, Kind::Sqlite).await;
    for right in [Right::Access, Right::Erasure] {
        let id = scene.approved(right, "nobody@example.org").await;
        assert_eq!(scene.row(&id).await.plan_rows, Some(0));
        let done = requests::carry_out(&scene.house.app, scene.owner.clone(), &id).await.expect("nothing to do");
        assert!(matches!(done, Applied::Done { outcome: Outcome::NotFound, passphrase: None }), "{right:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_law_keeps_is_never_shown_as_gone() {
    for theirs in BOTH {
        let scene = scene(Kind::Sqlite, theirs).await;
        let id = scene.approved(Right::Erasure, "grace@example.org").await;
        let done = requests::carry_out(&scene.house.app, scene.owner.clone(), &id).await.expect("erased");
        assert!(matches!(done, Applied::Done { outcome: Outcome::PartlyKept, .. }));
        let kept = "SELECT COUNT(*) FROM invoices WHERE id = 20 AND email IS NULL AND customer_id IS NULL";
        assert_eq!(scene.estate.count(kept).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_returns_by_the_calendar_is_done_and_starts_again() {
    let scene = scene(Kind::Sqlite, Kind::Sqlite).await;
    let (db, agreement) = (scene.house.store(), &scene.agreement);
    let rows = duties::of_agreement(&mut db.read(), agreement).await.expect("promises");
    let row = rows.iter().find(|row| row.made.mode == "recurring").expect("one returns");
    assert_eq!(duties::keeping(row, scene.house.app.now()), Keeping::Due);
    let key = row.made.promise.clone();
    let done =
        duties::evidence(db, scene.house.app.now(), scene.dpo.clone(), agreement, &key, "minutes of 23 November");
    done.await.expect("recorded");
    let rows = duties::of_agreement(&mut db.read(), agreement).await.expect("promises");
    let row = rows.iter().find(|row| row.made.promise == key).expect("there");
    assert_eq!(row.duties.iter().filter(|duty| duty.state == "running").count(), 1);
    assert_eq!(duties::keeping(row, scene.house.app.now()), Keeping::Kept);
    let others = rows.iter().filter(|row| row.made.mode == "recurring" && row.made.promise != key);
    assert!(others.into_iter().all(|row| row.duties.iter().all(|duty| duty.state == "running")), "only that one");
    scene.house.advance(3 * 366 * 86_400);
    assert_eq!(duties::keeping(row, scene.house.app.now()), Keeping::Broken);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_does_not_outlive_the_rows_it_counted() {
    for theirs in BOTH {
        let scene = scene(Kind::Sqlite, theirs).await;
        let id = scene.approved(Right::Erasure, "ada@example.org").await;
        scene.estate.run("INSERT INTO orders VALUES (14, 1, 1, 5)").await;
        let refused = requests::carry_out(&scene.house.app, scene.owner.clone(), &id).await.err().expect("stale");
        assert_eq!(refused.kind, office::Kind::Conflict, "{refused}");
        assert_eq!(
            scene.estate.count("SELECT COUNT(*) FROM orders WHERE customer_id = 1").await,
            3,
            "nothing was done"
        );
        let row = scene.row(&id).await;
        assert_eq!((row.state, row.plan_hash, row.stale.is_some()), (State::Instructed, None, true));
        scene.ledger_is_whole().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_made_the_plan_cannot_approve_it() {
    let scene = scene(Kind::Sqlite, Kind::Sqlite).await;
    let id = scene.request(Right::Erasure, "ada@example.org").await;
    let (db, now) = (scene.house.store(), scene.house.app.now());
    requests::instruct(db, now, scene.dpo.clone(), &id, true, "").await.expect("instructed");
    requests::plan(db, now, scene.dpo.clone(), &id).await.expect("planned");
    let hash = scene.row(&id).await.plan_hash.expect("a plan");
    let own = requests::approve(db, now, scene.dpo.clone(), &id, &hash).await.expect_err("own plan");
    assert_eq!(own.code, "own-plan");
    let other = requests::approve(db, now, scene.owner.clone(), &id, "00").await.expect_err("another plan");
    assert_eq!(other.code, "plan-changed");
    assert!(requests::carry_out(&scene.house.app, scene.owner.clone(), &id).await.is_err(), "not approved");
    assert_eq!(scene.estate.count("SELECT COUNT(*) FROM customers").await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn promises_become_duties_and_duties_are_kept_late_or_broken() {
    for ours in BOTH {
        let scene = scene(ours, Kind::Sqlite).await;
        let id = scene.request(Right::Access, "grace@example.org").await;
        let forward = |rows: &[duties::PromiseRow], now| {
            let row = rows.iter().find(|row| row.made.term == "requests.forward").expect("promised");
            duties::keeping(row, now)
        };
        let rows = duties::of_agreement(&mut scene.house.store().read(), &scene.agreement).await.expect("promises");
        assert!(rows.len() >= 15, "{}", rows.len());
        assert_eq!(forward(&rows, scene.house.app.now()), Keeping::Due);
        scene.house.advance(4 * 86_400);
        assert_eq!(forward(&rows, scene.house.app.now()), Keeping::Broken);
        assert!(duties::scan(&scene.house.app).await.expect("scanned") >= 1);
        let rows = duties::of_agreement(&mut scene.house.store().read(), &scene.agreement).await.expect("promises");
        assert_eq!(forward(&rows, scene.house.app.now()), Keeping::Broken);
        assert_eq!(duties::scan(&scene.house.app).await.expect("scanned"), 0, "once only");
        assert_eq!(scene.row(&id).await.state, State::Forwarded);
        scene.ledger_is_whole().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_is_not_logged_twice_while_it_is_open() {
    let scene = scene(Kind::Sqlite, Kind::Sqlite).await;
    scene.request(Right::Access, "ada@example.org").await;
    let again = NewRequest {
        controller: scene.brume.clone(),
        right: Right::Access,
        email: " Ada@Example.org".into(),
        note: String::new(),
        channel: "mail".into(),
        received_at: scene.house.app.now(),
    };
    let refused = requests::receive(&scene.house.app, scene.dpo.clone(), again).await.expect_err("open already");
    assert_eq!(refused.code, "request-open");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_stands_after_a_restart() {
    let mut scene = scene(Kind::Sqlite, Kind::Sqlite).await;
    let id = scene.approved(Right::Erasure, "ada@example.org").await;
    scene.house.restart().await;
    assert_eq!(scene.row(&id).await.email.as_deref(), Some("ada@example.org"));
    requests::carry_out(&scene.house.app, scene.owner.clone(), &id).await.expect("erased");
    scene.ledger_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_map_that_does_not_say_whose_rows_it_holds_is_nobodys_while_there_are_two_controllers() {
    let scene = scene(Kind::Sqlite, Kind::Sqlite).await;
    let (db, now) = (scene.house.store(), scene.house.app.now());
    let other = Estate::new(Kind::Sqlite, scene.house.dir.path()).await;
    let system =
        office::systems::connect(db, now, scene.dpo.clone(), "other", &other.address).await.expect("connected");
    let row = office::systems::find(&mut db.read(), &system).await.expect("readable").expect("there");
    let proposed = office::systems::map_text(db, &row).await.expect("a map");
    let id = scene.request(Right::Erasure, "ada@example.org").await;
    requests::instruct(db, now, scene.dpo.clone(), &id, true, "").await.expect("instructed");
    let unconfirmed = requests::plan(db, now, scene.dpo.clone(), &id).await.expect("planned without it");
    assert_eq!(unconfirmed.unconfirmed, ["other"]);
    office::systems::confirm_map(db, now, scene.dpo.clone(), &system, &proposed).await.expect("confirmed as proposed");
    let refused = requests::plan(db, now, scene.dpo.clone(), &id).await.expect_err("whose rows?");
    assert_eq!(refused.code, "whose-rows");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hands_on_one_plan_do_it_once() {
    for (ours, theirs) in [(Kind::Sqlite, Kind::Postgres), (Kind::Postgres, Kind::Sqlite)] {
        let scene = scene(ours, theirs).await;
        let id = scene.approved(Right::Erasure, "ada@example.org").await;
        let hands = (0..4).map(|_| {
            let (app, owner, id) = (scene.house.app.clone(), scene.owner.clone(), id.clone());
            tokio::spawn(async move { requests::carry_out(&app, owner, &id).await })
        });
        let mut done = 0;
        for hand in hands.collect::<Vec<_>>() {
            match hand.await.expect("no panic") {
                Ok(Applied::Done { outcome, .. }) => {
                    assert_eq!(outcome, Outcome::NothingLeft);
                    done += 1;
                }
                Ok(Applied::Already(outcome)) => assert_eq!(outcome, Outcome::NothingLeft),
                Err(refusal) => assert_eq!(refusal.code, "at-it", "{refusal}"),
            }
        }
        assert_eq!(done, 1);
        let sql = "SELECT COUNT(*) AS n FROM entries WHERE record = $1 AND kind = 'request.erased'";
        let row = scene.house.store().read().row(sql, vec![(&id).into()]).await.expect("readable").expect("a row");
        assert_eq!(row.int("n").expect("a number"), 1);
        scene.ledger_is_whole().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_package_outlives_its_request_and_a_lost_passphrase_is_replaced_until_it_is_taken() {
    let scene = scene(Kind::Sqlite, Kind::Sqlite).await;
    let app = &scene.house.app;
    let id = scene.approved(Right::Access, "ada@example.org").await;
    requests::carry_out(app, scene.dpo.clone(), &id).await.expect("made");
    let file = app.files.join(format!("{id}.zip.age"));
    let first = std::fs::read(&file).expect("the package");
    let again = requests::package_again(app, scene.dpo.clone(), &id).await.expect("made again");
    let second = std::fs::read(&file).expect("the package");
    assert_ne!(first, second);
    assert!(
        vault::sealed::open(second.as_slice(), &again).is_ok()
            && vault::sealed::open(first.as_slice(), &again).is_err()
    );
    requests::close(app, scene.owner.clone(), &id, false).await.expect("closed");
    assert!(!file.exists());
    scene.ledger_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_is_not_closed_under_another_open_request_of_the_person() {
    let scene = scene(Kind::Sqlite, Kind::Sqlite).await;
    let other = scene.request(Right::Access, "ada@example.org").await;
    let id = scene.approved(Right::Erasure, "ada@example.org").await;
    requests::carry_out(&scene.house.app, scene.owner.clone(), &id).await.expect("erased");
    let refused =
        requests::close(&scene.house.app, scene.owner.clone(), &id, false).await.expect_err("another is open");
    assert_eq!(refused.code, "another-open");
    assert!(scene.row(&other).await.email.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instruction_may_be_withdrawn_until_something_is_done() {
    let scene = scene(Kind::Sqlite, Kind::Sqlite).await;
    let (db, now) = (scene.house.store(), scene.house.app.now());
    let id = scene.approved(Right::Erasure, "ada@example.org").await;
    requests::instruct(db, now, scene.dpo.clone(), &id, false, "Léa of Brume, by phone").await.expect("withdrawn");
    let row = scene.row(&id).await;
    assert_eq!((row.state, row.plan_hash.clone()), (State::Refused, None));
    assert!(requests::carry_out(&scene.house.app, scene.owner.clone(), &id).await.is_err());
    assert_eq!(scene.estate.count("SELECT COUNT(*) FROM customers").await, 5);
    let leaves = db.leaves(&db.logs().await.expect("logs")[1].origin, 0, 500).await.expect("leaves");
    assert!(leaves.iter().all(|leaf| !String::from_utf8_lossy(leaf).contains("Léa")), "no name in a leaf");
    scene.ledger_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_is_planned_again_after_the_map_is_mended() {
    let scene = scene(Kind::Sqlite, Kind::Sqlite).await;
    scene.estate.run("CREATE TABLE forgotten (id INTEGER PRIMARY KEY, shop_id INTEGER, words TEXT)").await;
    scene.estate.run("INSERT INTO forgotten VALUES (1, 1, 'ada@example.org')").await;
    let id = scene.approved(Right::Erasure, "ada@example.org").await;
    let done = requests::carry_out(&scene.house.app, scene.owner.clone(), &id).await.expect("carried out");
    assert!(matches!(done, Applied::Done { outcome: Outcome::Left, .. }));
    let refused = requests::close(&scene.house.app, scene.owner.clone(), &id, false).await.expect_err("not finished");
    assert_eq!(refused.code, "still-there");
    scene.estate.run("DELETE FROM forgotten").await;
    let (db, now) = (scene.house.store(), scene.house.app.now());
    requests::plan(db, now, scene.dpo.clone(), &id).await.expect("planned again");
    let hash = scene.row(&id).await.plan_hash.expect("a plan");
    requests::approve(db, now, scene.owner.clone(), &id, &hash).await.expect("approved");
    let done = requests::carry_out(&scene.house.app, scene.owner.clone(), &id).await.expect("carried out");
    assert!(matches!(done, Applied::Done { outcome: Outcome::NothingLeft, .. }), "never `nothing was found`");
    scene.ledger_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_agreement_takes_the_older_ones_place() {
    let scene = scene(Kind::Sqlite, Kind::Sqlite).await;
    let (db, now) = (scene.house.store(), scene.house.app.now());
    let import = |text: &str| office::agreements::Import {
        party: office::agreements::Party::Known(scene.brume.clone()),
        title: "DPA 2027".into(),
        file_name: "dpa.txt".into(),
        bytes: text.as_bytes().to_vec(),
        again: true,
    };
    let newer =
        office::agreements::import(&scene.house.app, scene.dpo.clone(), import(AGREEMENT)).await.expect("imported");
    scene.house.review(&scene.dpo, &newer).await;
    office::agreements::put_in_force(db, now, scene.dpo.clone(), &newer, true).await.expect("in force");
    let rows = office::agreements::list(&mut db.read()).await.expect("agreements");
    let state = |id: &kernel::AgreementId| rows.iter().find(|row| row.id == *id).expect("there").state;
    assert_eq!(state(&scene.agreement), office::agreements::State::Replaced);
    assert_eq!(state(&newer), office::agreements::State::InForce);
    let open = duties::open_duties(&mut db.read(), &duties::Wanted::default(), 100).await.expect("duties");
    assert!(open.iter().all(|one| one.duty.agreement.as_ref() != Some(&scene.agreement)), "no clock runs twice");
    let nothing =
        office::agreements::import(&scene.house.app, scene.dpo.clone(), import("Hello there, this is a letter.")).await;
    let nothing = nothing.expect("any text can be imported");
    scene.house.review(&scene.dpo, &nothing).await;
    let refused =
        office::agreements::put_in_force(db, now, scene.dpo.clone(), &nothing, true).await.expect_err("no agreement");
    assert_eq!(refused.code, "not-an-agreement");
    scene.ledger_is_whole().await;
}
