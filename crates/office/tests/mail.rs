//! Letters over a real SMTP server: queued with their entry, sent once, refused and tried again, proved.

mod common;

use common::{AGREEMENT, AGREEMENT_FR, BOTH, House, Kind};
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

/// A mail server that takes a letter, says nothing until told to, and then answers; what it was sent, and the way to tell it.
fn hesitant(last: &'static str) -> (Secret<String>, std::sync::mpsc::Receiver<String>, std::sync::mpsc::Sender<()>) {
    use std::io::Write;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = Secret::new(format!("smtp+plain://127.0.0.1:{}", listener.local_addr().expect("an address").port()));
    let (taken, letters) = std::sync::mpsc::channel();
    let (go_on, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut lines = BufReader::new(stream.try_clone().expect("a handle")).lines().map_while(Result::ok);
            stream.write_all(b"220 hesitant\r\n").expect("greeted");
            while let Some(line) = lines.next() {
                let answer = match line.split(' ').next().unwrap_or_default() {
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    _ => "250 fine",
                };
                stream.write_all(format!("{answer}\r\n").as_bytes()).expect("answered");
                if answer.starts_with("354") {
                    let letter: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                    taken.send(letter.join("\n")).expect("the test listens");
                    told.recv().expect("told to go on");
                    stream.write_all(format!("{last}\r\n").as_bytes()).expect("answered");
                }
            }
        }
    });
    (url, letters, go_on)
}

/// The mail server takes its time; meanwhile a person hands the letter over and says so, and its secret is forgotten. The
/// letter does not go out again, least of all with the mark that stood for the secret.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_delivered_while_the_mail_server_hesitates_never_leaves_again() {
    for kind in BOTH {
        let mut house = House::new(kind).await;
        let owner = house.person(Role::Owner).await;
        let (url, letters, go_on) = hesitant("451 4.3.0 no");
        house.app.mail = Some(Arc::new(Mail::new(&url, "Garant <garant@hotel.example>").expect("an address")));
        let new = office::accounts::NewInvitation {
            email: "eva@audit.example".into(),
            name: "Eva".into(),
            role: Role::Support,
            lang: kernel::Lang::En,
            until: None,
        };
        let link = office::accounts::invite(&house.app, owner.clone(), new).await.expect("invited");
        let all = notices::store::list(&mut house.store().read()).await.expect("readable");
        let id = all.iter().find(|row| row.letter == "account.invitation").expect("a letter").id.clone();
        let app = house.app.clone();
        let delivering = tokio::spawn(async move { notices::deliver(&app).await.expect("tried") });
        let (letter, letters) = tokio::task::spawn_blocking(move || (letters.recv(), letters)).await.expect("a thread");
        let letter = letter.expect("a letter").replace("=\n", "");
        assert!(letter.contains(link.expose()) && !letter.contains(notices::SECRET));
        notices::delivered_by_hand(&house.app, owner.clone(), &id, "handed over").await.expect("recorded");
        let twice = notices::delivered_by_hand(&house.app, owner, &id, "again").await;
        assert_eq!(twice.map_err(|refusal| refusal.code), Err("letter-state"));
        go_on.send(()).expect("it waits");
        assert_eq!(delivering.await.expect("an end"), 0);
        let row = notices::store::find(&mut house.store().read(), &id).await.expect("readable").expect("there");
        assert_eq!((row.state.as_str(), row.delivered.as_deref()), ("sent", Some("handed over")));
        // The next round, and one of a letter that lost its secret in another way.
        house.advance(86_400);
        assert_eq!(notices::deliver(&house.app).await.expect("nothing to do"), 0);
        let mut tx = house.store().begin(house.app.now(), Actor::system("test")).await.expect("a transaction");
        tx.execute("UPDATE notices SET state = 'queued', delivered_at = NULL", vec![]).await.expect("as if waiting");
        tx.commit().await.expect("committed");
        assert_eq!(notices::deliver(&house.app).await.expect("nothing to do"), 0);
        assert!(letters.try_recv().is_err(), "nothing left");
    }
}

/// Some servers write the recipient into their answer, and people write names into titles and labels: none of it is in a leaf.
#[tokio::test(flavor = "multi_thread")]
async fn no_leaf_holds_what_a_server_or_a_person_wrote_freely() {
    for kind in BOTH {
        let mut house = House::new(kind).await;
        let (_, controller, id) = logged(&mut house).await;
        let (url, letters, go_on) = hesitant("250 2.0.0 <dpo@brume.example> Saved for Eva");
        house.app.mail = Some(Arc::new(Mail::new(&url, "Garant <garant@hotel.example>").expect("an address")));
        go_on.send(()).expect("said");
        assert_eq!(notices::deliver(&house.app).await.expect("sent"), 1);
        assert!(letters.recv().expect("a letter").contains("To: dpo@brume.example"));
        let row = letter(&house, &controller, &id).await;
        assert_eq!(row.reply.as_deref(), Some("250 2.0.0"));
        let leaves = house.store().read().rows("SELECT leaf FROM entries", vec![]).await.expect("readable");
        let texts: Vec<String> =
            leaves.iter().map(|row| String::from_utf8_lossy(&row.bytes("leaf").expect("bytes")).into_owned()).collect();
        assert!(texts.iter().any(|leaf| leaf.contains("agreement.imported")), "leaves are read");
        for free in ["brume.example", "Eva", "DPA Brume", "dpa.txt", "ada@example.org"] {
            assert!(!texts.iter().any(|leaf| leaf.contains(free)), "{free}");
        }
    }
}

/// Whatever somebody types as a name, an address or a title stays in its own line of a letter.
#[tokio::test(flavor = "multi_thread")]
async fn no_name_or_address_adds_a_header_to_a_letter() {
    let mut house = House::new(Kind::Sqlite).await;
    let owner = house.person(Role::Owner).await;
    let smtp = Smtp::start(0);
    house.app.mail = smtp.mail();
    let invite = async |email: &str, name: &str| {
        let (email, name) = (email.to_owned(), name.to_owned());
        let new = office::accounts::NewInvitation { email, name, role: Role::Dpo, lang: kernel::Lang::En, until: None };
        office::accounts::invite(&house.app, owner.clone(), new).await
    };
    for address in [
        "eva@a.example\r\nBcc: all@evil.example",
        "eva@a.example\nBcc: all@evil.example",
        "Eva <eva@a.example>",
        "eva@a.example, all@evil.example",
        "eva@a.example\u{0}",
        "eva@a.example%0d%0aBcc:x",
    ] {
        assert_eq!(invite(address, "Eva").await.map(drop).map_err(|refusal| refusal.code), Err("email"), "{address:?}");
    }
    invite("eva@a.example", "Eva\r\nBcc: all@evil.example\r\n\r\nBuy").await.expect("invited");
    let (_, controller) = house.agreement(&owner, "Brume\r\nBcc: all@evil.example", AGREEMENT_FR).await;
    drop(controller);
    assert!(notices::deliver(&house.app).await.expect("sent") >= 1);
    for letter in smtp.received() {
        let (head, _) =
            letter.replace("\r\n", "\n").split_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned())).expect("a head");
        assert!(!head.contains("evil.example") && !head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    }
}
