//! Letters over a real SMTP server: queued with their entry, sent once, refused and tried again, proved.

mod common;

use common::{AGREEMENT, BOTH, House, Kind};
use kernel::{Actor, ControllerId, RequestId, Secret};
use office::duties::{self, Keeping};
use office::notices::{self, Mail, NoticeRow};
use office::requests::{self, NewRequest, Right};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use web::Role;

/// aiosmtpd in a process of its own; it stops with this value.
struct Smtp {
    child: Child,
    url: Secret<String>,
    letters: tempfile::TempDir,
}

impl Smtp {
    fn start(refusals: u32) -> Self {
        let letters = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let python = std::env::var("GARANT_TEST_PYTHON").unwrap_or_else(|_| "/usr/bin/python3".into());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/common/smtp.py");
        let mut child = Command::new(python)
            .arg(script)
            .args([port.to_string(), letters.path().display().to_string(), refusals.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("run `cargo xtask test`, it installs python3-aiosmtpd");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), "ready", "the mail server did not start");
        Self { child, url: Secret::new(format!("smtp+plain://127.0.0.1:{port}")), letters }
    }

    fn mail(&self) -> Option<Arc<Mail>> {
        Some(Arc::new(Mail::new(&self.url, "Garant <garant@hotel.example>").expect("an address")))
    }

    fn received(&self) -> Vec<String> {
        let read = std::fs::read_dir(self.letters.path()).expect("a folder");
        read.map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).expect("text")).collect()
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

async fn logged(house: &mut House) -> (Actor, ControllerId, RequestId) {
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
    let id = requests::receive(&house.app, dpo.clone(), new).await.expect("received");
    (dpo, controller, id)
}

async fn letter(house: &House, controller: &ControllerId, id: &RequestId) -> NoticeRow {
    let rows = notices::of_record(&mut house.store().read(), controller, id.as_str()).await.expect("letters");
    assert_eq!(rows.len(), 1);
    rows.into_iter().next().expect("one")
}

async fn forwarding(house: &House, controller: &ControllerId, id: &RequestId) -> Keeping {
    let duties = duties::store::of_record(&mut house.store().read(), controller, id.as_str()).await.expect("duties");
    let duty = duties.iter().find(|duty| duty.promise == "requests.forward").expect("a duty");
    duty.keeping(house.app.now())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_letters_stay_visibly_queued() {
    let mut house = House::new(Kind::Sqlite).await;
    let (_, controller, id) = logged(&mut house).await;
    assert_eq!(notices::deliver(&house.app).await.expect("nothing to do"), 0);
    assert_eq!(letter(&house, &controller, &id).await.state, "queued");
    assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Due, "a queued letter is not a sent one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_goes_out_once_and_its_answer_is_the_proof() {
    for kind in BOTH {
        let mut house = House::new(kind).await;
        let smtp = Smtp::start(0);
        house.app.mail = smtp.mail();
        let (_, controller, id) = logged(&mut house).await;
        assert_eq!(notices::deliver(&house.app).await.expect("sent"), 1);
        assert_eq!(notices::deliver(&house.app).await.expect("nothing left"), 0);
        let row = letter(&house, &controller, &id).await;
        assert_eq!((row.state.as_str(), row.reply.as_deref()), ("sent", Some("250 2.0.0 queued as 1")));
        let received = smtp.received();
        assert_eq!(received.len(), 1);
        for part in [
            &format!("Message-ID: <{}@hotel.example>", row.id),
            "Auto-Submitted: auto-generated",
            "To: dpo@brume.example",
            "ada@example.org",
        ] {
            assert!(received[0].contains(part), "{part} in {}", received[0]);
        }
        let subject = received[0].lines().find(|line| line.starts_with("Subject:")).expect("a subject");
        assert!(!subject.contains("ada"), "a subject line names nobody");
        assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Kept);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_letter_is_tried_again_later_under_the_same_name() {
    let mut house = House::new(Kind::Sqlite).await;
    let smtp = Smtp::start(1);
    house.app.mail = smtp.mail();
    let (_, controller, id) = logged(&mut house).await;
    assert_eq!(notices::deliver(&house.app).await.expect("refused"), 0);
    let row = letter(&house, &controller, &id).await;
    assert_eq!(row.state, "failed");
    assert!(row.reply.as_deref().is_some_and(|reply| reply.contains("451")), "{:?}", row.reply);
    assert_eq!(notices::deliver(&house.app).await.expect("too early"), 0);
    assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Due);
    house.advance(61);
    assert_eq!(notices::deliver(&house.app).await.expect("sent"), 1);
    let received = smtp.received();
    assert_eq!(received.len(), 1);
    assert!(received[0].contains(row.id.as_str()), "the same Message-ID");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_down_loses_nothing() {
    let mut house = House::new(Kind::Sqlite).await;
    let url = Secret::new(format!("smtp+plain://127.0.0.1:{}", free_port()));
    house.app.mail = Some(Arc::new(Mail::new(&url, "garant@hotel.example").expect("an address")));
    let (_, controller, id) = logged(&mut house).await;
    assert_eq!(notices::deliver(&house.app).await.expect("not sent"), 0);
    assert_eq!(letter(&house, &controller, &id).await.state, "failed");
    let smtp = Smtp::start(0);
    house.app.mail = smtp.mail();
    house.advance(61);
    assert_eq!(notices::deliver(&house.app).await.expect("sent"), 1);
    assert_eq!(smtp.received().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_never_learned_its_outcome_is_made_again_and_shown() {
    let mut house = House::new(Kind::Sqlite).await;
    let (_, controller, id) = logged(&mut house).await;
    let row = letter(&house, &controller, &id).await;
    // The process died between the mail server's answer and our entry of it.
    let mut tx = house.store().begin(house.app.now(), Actor::system("mail")).await.expect("a transaction");
    let data = serde_json::json!({ "notice": row.id, "controller": controller });
    let log = store::Log::Controller(controller.clone());
    tx.append(&log, "notice.attempted", row.id.as_str(), data).await.expect("an entry");
    tx.commit().await.expect("committed");
    house.restart().await;
    let smtp = Smtp::start(0);
    house.app.mail = smtp.mail();
    assert_eq!(notices::deliver(&house.app).await.expect("too early"), 0, "the first attempt may still be running");
    house.advance(121);
    assert_eq!(notices::deliver(&house.app).await.expect("sent"), 1);
    let row = letter(&house, &controller, &id).await;
    assert_eq!((row.state.as_str(), row.attempts, row.unknown_outcomes), ("sent", 2, 1), "never silently twice");
    assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Kept);
}
