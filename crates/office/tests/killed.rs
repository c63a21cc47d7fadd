//! The sender dies at every step, as by `kill -9`: this test program starts itself again as a child that sends, arms one
//! failpoint in it, and looks at what the next sender makes of it. Nobody is written to twice without its being shown.

mod common;

use common::smtp::{self, Smtp};
use common::{AGREEMENT, House, Kind};
use office::notices;
use office::requests::{self, NewRequest, Right};
use std::path::Path;
use std::process::Command;
use web::Role;

/// The child's part: sends what waits in the house that it is told of. On its own it has nothing to do.
#[tokio::test(flavor = "multi_thread")]
async fn a_sender_told_of_no_house_sends_nothing() {
    let Ok(order) = std::env::var("GARANT_TEST_SENDER") else { return };
    let [dir, url, point] = order.split('|').collect::<Vec<_>>()[..] else { panic!("{order}") };
    let mut house = House::again(Path::new(dir), 1).await;
    house.app.mail = smtp::mail(url);
    kernel::failpoint::arm(point);
    notices::deliver(&house.app).await.expect("sent");
}

fn send_and_die(dir: &Path, url: &str, point: &str) -> bool {
    let child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "a_sender_told_of_no_house_sends_nothing", "--test-threads=1", "--quiet"])
        .env("GARANT_TEST_SENDER", format!("{}|{url}|{point}", dir.display()))
        .output()
        .expect("started");
    !child.status.success()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_killed_at_any_step_loses_nothing_and_doubles_nothing_unseen() {
    let mut doubled = 0;
    for (point, left_before) in [
        ("notices.before_claim", false),
        ("store.before_commit:1", false),
        ("store.after_commit:1", false),
        ("notices.before_smtp", false),
        ("notices.before_text", false),
        ("notices.after_smtp", true),
        ("store.before_commit:2", true),
        ("store.after_commit:2", true),
        ("notices.after_entry", true),
    ] {
        let mut house = House::new(Kind::Sqlite).await;
        let smtp = Smtp::start("0");
        let dpo = house.person(Role::Dpo).await;
        let (_, controller) = house.agreement(&dpo, "Brume", AGREEMENT).await;
        let new = NewRequest {
            controller: controller.clone(),
            right: Right::Access,
            email: "ada@example.org".into(),
            note: String::new(),
            channel: "mail".into(),
            received_at: house.app.now(),
        };
        let request = requests::receive(&house.app, dpo, new).await.expect("received");
        house.store().close().await;
        let dir = house.dir.path();
        assert!(send_and_die(dir, smtp.url.expose(), point), "{point} was never passed");
        assert_eq!(smtp.received().len(), usize::from(left_before), "{point}");
        let mut next = House::again(dir, 300).await;
        next.app.mail = smtp.mail();
        notices::deliver(&next.app).await.expect("the next sender goes on");
        let rows = notices::of_record(&mut next.store().read(), &controller, request.as_str()).await.expect("letters");
        let [row] = &rows[..] else { panic!("{point}: {rows:?}") };
        let received = smtp.received();
        assert_eq!(row.state, "sent", "{point}: never lost");
        assert!(!received.is_empty() && received.iter().all(|one| one.contains(row.id.as_str())), "{point}");
        assert!(received.len() == 1 || row.unknown_outcomes > 0, "{point}: twice, and nobody would know");
        doubled += received.len() - 1;
        let replay = next.store().replay(next.app.now(), false).await.expect("replayed");
        assert!(replay.different.is_empty(), "{point}: {:?}", replay.different);
        next.store().close().await;
    }
    assert_eq!(doubled, 2, "between the server's answer and our entry nobody can know");
}
