//! Letters over a real SMTP server: queued with their entry, sent once, refused and tried again, proved.

mod common;

use common::smtp::{self, Smtp, free_port};
use common::{AGREEMENT, AGREEMENT_FR, BOTH, House, Kind};
use kernel::{Actor, ControllerId, Lang, NoticeId, RequestId};
use office::duties::{self, Keeping};
use office::notices::{self, NoticeRow, Report};
use office::parties::{self, ContactRole, NewContact};
use office::requests::{self, NewRequest, Right};
use std::io::{BufRead, BufReader};
use web::Role;

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
        let smtp = Smtp::start("0");
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
    let smtp = Smtp::start("1");
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
    house.app.mail = smtp::mail(&format!("smtp+plain://127.0.0.1:{}", free_port()));
    let (_, controller, id) = logged(&mut house).await;
    assert_eq!(notices::deliver(&house.app).await.expect("not sent"), 0);
    assert_eq!(letter(&house, &controller, &id).await.state, "failed");
    let smtp = Smtp::start("0");
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
    let smtp = Smtp::start("0");
    house.app.mail = smtp.mail();
    assert_eq!(notices::deliver(&house.app).await.expect("too early"), 0, "the first attempt may still be running");
    house.advance(181);
    assert_eq!(notices::deliver(&house.app).await.expect("sent"), 1);
    let row = letter(&house, &controller, &id).await;
    assert_eq!((row.state.as_str(), row.attempts, row.unknown_outcomes), ("sent", 2, 1), "never silently twice");
    assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Kept);
}

/// A mail server that takes a letter, says nothing until told to, and then answers; what it was sent, and the way to tell it.
fn hesitant(last: &'static str) -> (String, std::sync::mpsc::Receiver<String>, std::sync::mpsc::Sender<()>) {
    use std::io::Write;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("smtp+plain://127.0.0.1:{}", listener.local_addr().expect("an address").port());
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
        house.app.mail = smtp::mail(&url);
        let new = office::accounts::NewInvitation {
            controller: None,
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
        house.app.mail = smtp::mail(&url);
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
    let smtp = Smtp::start("0");
    house.app.mail = smtp.mail();
    let invite = async |email: &str, name: &str| {
        let (email, name) = (email.to_owned(), name.to_owned());
        let new = office::accounts::NewInvitation {
            email,
            name,
            role: Role::Dpo,
            controller: None,
            lang: kernel::Lang::En,
            until: None,
        };
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

/// One server waits for an answer so long that another sends the letter; when it hears "no" at last, the letter is out all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_late_no_does_not_send_again_what_another_server_sent() {
    for kind in BOTH {
        let mut house = House::new(kind).await;
        let (_, controller, id) = logged(&mut house).await;
        let (url, letters, go_on) = hesitant("451 4.3.0 no");
        let mut slow = house.app.clone();
        slow.mail = smtp::mail(&url);
        let delivering = tokio::spawn(async move { notices::deliver(&slow).await.expect("tried") });
        let (_, letters) = tokio::task::spawn_blocking(move || (letters.recv(), letters)).await.expect("a thread");
        house.advance(181);
        let smtp = Smtp::start("0");
        house.app.mail = smtp.mail();
        assert_eq!(notices::deliver(&house.app).await.expect("sent"), 1);
        go_on.send(()).expect("it waits");
        assert_eq!(delivering.await.expect("an end"), 0);
        let row = letter(&house, &controller, &id).await;
        assert_eq!((row.state.as_str(), row.unknown_outcomes, row.again_at), ("sent", 1, None));
        house.advance(86_400);
        assert_eq!(notices::deliver(&house.app).await.expect("nothing to do"), 0);
        assert!(letters.try_recv().is_err(), "nothing left");
        alike(&house).await;
    }
}

async fn letters(house: &House, controller: &ControllerId, id: &RequestId) -> Vec<NoticeRow> {
    notices::of_record(&mut house.store().read(), controller, id.as_str()).await.expect("letters")
}

async fn calls(house: &House, controller: &ControllerId, notice: &NoticeId) -> Vec<String> {
    let duties = duties::store::of_record(&mut house.store().read(), controller, notice.as_str()).await;
    duties
        .expect("duties")
        .into_iter()
        .filter(|duty| duty.promise == "notices.telephone")
        .map(|duty| duty.state)
        .collect()
}

async fn alike(house: &House) {
    let replay = house.store().replay(house.app.now(), false).await.expect("replayed");
    assert!(replay.different.is_empty(), "{:?}", replay.different);
}

async fn contact(house: &House, dpo: &Actor, controller: &ControllerId, email: &str, role: ContactRole) {
    let new = NewContact { name: "Sam".into(), email: email.into(), role };
    parties::add_contact(&house.app, dpo.clone(), controller, new).await.expect("added");
}

fn report(failed: bool, status: &str) -> Report {
    Report { failed, status: Some(status.into()), mailbox_full: status.ends_with(".2.2"), said: "so it is".into() }
}

async fn bounce(house: &House, id: &NoticeId, status: &str) {
    let mut tx = house.store().begin(house.app.now(), Actor::system("inbox")).await.expect("a transaction");
    let known =
        notices::bounced(&mut tx, &format!("{id}@hotel.example"), report(true, status)).await.expect("recorded");
    assert_eq!(known.as_ref(), Some(id));
    tx.commit().await.expect("committed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_text_with_a_page_and_the_day_it_names() {
    let mut house = House::new(Kind::Sqlite).await;
    let smtp = Smtp::start("0");
    house.app.mail = smtp.mail();
    let (_, controller, id) = logged(&mut house).await;
    assert_eq!(notices::deliver(&house.app).await.expect("sent"), 1);
    let received = smtp.received().remove(0);
    for part in ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "due.ics"] {
        assert!(received.contains(part), "{part} in {received}");
    }
    let files = notices::store::files(&mut house.store().read(), &letter(&house, &controller, &id).await.id).await;
    assert_eq!(files.expect("readable").len(), 1);
    alike(&house).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_mailbox_is_asked_for_five_days_and_then_somebody_telephones() {
    for kind in BOTH {
        let mut house = House::new(kind).await;
        let smtp = Smtp::start("full:23");
        house.app.mail = smtp.mail();
        let (dpo, controller, id) = logged(&mut house).await;
        let mut days = 0;
        loop {
            assert_eq!(notices::deliver(&house.app).await.expect("not taken"), 0);
            let row = letter(&house, &controller, &id).await;
            assert!(row.mailbox_full && row.outcome.as_deref() == Some("full"), "{row:?}");
            if row.state == "refused" {
                break;
            }
            let wait = row.again_at.expect("another attempt").as_second() - house.app.now().as_second();
            house.advance(wait);
            days += wait;
        }
        assert!((4 * 86_400..6 * 86_400).contains(&days), "{days}");
        let row = letter(&house, &controller, &id).await;
        assert_eq!(row.reply.as_deref(), Some("the mail server answered 452 4.2.2"), "nobody is named");
        assert_eq!(calls(&house, &controller, &row.id).await, ["running"]);
        notices::retry(&house.app, dpo, &row.id).await.expect("a person tries");
        assert_eq!(notices::deliver(&house.app).await.expect("there is room again"), 1);
        assert_eq!(calls(&house, &controller, &row.id).await, ["discharged"], "it arrived: nobody telephones");
        alike(&house).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_not_argued_with_and_the_next_contact_is_written_to() {
    for kind in BOTH {
        let mut house = House::new(kind).await;
        let smtp = Smtp::start("gone:1");
        house.app.mail = smtp.mail();
        let dpo = house.person(Role::Dpo).await;
        let (_, controller) = house.agreement(&dpo, "Brume", AGREEMENT).await;
        contact(&house, &dpo, &controller, "deputy@brume.example", ContactRole::Deputy).await;
        let (_, id) = more(&house, &dpo, &controller).await;
        assert_eq!(letters(&house, &controller, &id).await.len(), 1, "a deputy is not bothered");
        assert_eq!(notices::deliver(&house.app).await.expect("refused"), 0);
        let rows = letters(&house, &controller, &id).await;
        let first = rows.iter().find(|row| row.instead_of.is_none()).expect("the first");
        let second = rows.iter().find(|row| row.instead_of.is_some()).expect("its repetition");
        assert_eq!(
            (first.state.as_str(), first.again_at, first.outcome.as_deref()),
            ("refused", None, Some("refused"))
        );
        assert_eq!((second.to.as_deref(), second.instead_of.as_ref()), (Some("deputy@brume.example"), Some(&first.id)));
        assert_eq!(calls(&house, &controller, &first.id).await, ["running"]);
        assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Due);
        assert_eq!(notices::deliver(&house.app).await.expect("sent"), 1);
        assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Kept, "the second reached somebody");
        assert_eq!(calls(&house, &controller, &first.id).await, ["running"], "a person still finds out why");
        notices::delivered_by_hand(&house.app, dpo, &first.id, "read out").await.expect("recorded");
        assert_eq!(calls(&house, &controller, &first.id).await, ["discharged"]);
        alike(&house).await;
    }
}

async fn more(house: &House, dpo: &Actor, controller: &ControllerId) -> (Actor, RequestId) {
    let new = NewRequest {
        controller: controller.clone(),
        right: Right::Access,
        email: "ada@example.org".into(),
        note: String::new(),
        channel: "mail".into(),
        received_at: house.app.now(),
    };
    (dpo.clone(), requests::receive(&house.app, dpo.clone(), new).await.expect("received"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_gets_it_too_and_a_bounce_reopens_the_duty_only_when_nobody_got_it() {
    for kind in BOTH {
        let mut house = House::new(kind).await;
        let smtp = Smtp::start("0");
        house.app.mail = smtp.mail();
        let dpo = house.person(Role::Dpo).await;
        let (_, controller) = house.agreement(&dpo, "Brume", AGREEMENT).await;
        contact(&house, &dpo, &controller, "it@brume.example", ContactRole::Administrator).await;
        let (_, id) = more(&house, &dpo, &controller).await;
        assert_eq!(notices::deliver(&house.app).await.expect("sent"), 2);
        assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Kept);
        let rows = letters(&house, &controller, &id).await;
        assert_ne!(rows[0].to, rows[1].to);
        bounce(&house, &rows[0].id, "5.1.1").await;
        assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Kept, "the other has it");
        bounce(&house, &rows[1].id, "5.2.2").await;
        assert_eq!(letters(&house, &controller, &id).await.len(), 2, "nobody is left to write to");
        let states = [calls(&house, &controller, &rows[0].id).await, calls(&house, &controller, &rows[1].id).await];
        assert_eq!(states, [["running"], ["running"]]);
        bounce(&house, &rows[1].id, "5.2.2").await;
        assert_eq!(calls(&house, &controller, &rows[1].id).await.len(), 1, "one call for one letter");
        alike(&house).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_bounced_reopens_the_duty_it_discharged_with_the_clock_it_had() {
    for kind in BOTH {
        let mut house = House::new(kind).await;
        let smtp = Smtp::start("0");
        house.app.mail = smtp.mail();
        let (dpo, controller, id) = logged(&mut house).await;
        let due = duties::store::of_record(&mut house.store().read(), &controller, id.as_str()).await.expect("duties");
        let due = due.into_iter().find(|duty| duty.promise == "requests.forward").expect("a duty").own_due;
        assert_eq!(notices::deliver(&house.app).await.expect("sent"), 1);
        let row = letter(&house, &controller, &id).await;
        house.advance(3_600);
        bounce(&house, &row.id, "5.1.1").await;
        let open = duties::store::of_record(&mut house.store().read(), &controller, id.as_str()).await.expect("duties");
        let open = open.into_iter().find(|duty| duty.promise == "requests.forward").expect("a duty");
        assert_eq!((open.state.as_str(), open.own_due, open.evidence), ("running", due, None));
        house.advance(10 * 86_400);
        duties::scan(&house.app).await.expect("scanned");
        assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Broken, "its clock never stopped");
        // The controller's address was wrong: it is changed, and the letter goes there.
        parties::change_address(&house.app, dpo.clone(), &controller, "new@brume.example").await.expect("changed");
        let (who, _) = parties::reachable(&mut house.store().read(), &controller).await.expect("readable").remove(0);
        let again = notices::send_to(&house.app, dpo.clone(), &row.id, &who).await.expect("queued");
        assert!(notices::deliver(&house.app).await.expect("sent") >= 1, "beside those that say that it is late");
        let rows = letters(&house, &controller, &id).await;
        let sent = rows.iter().find(|row| row.id == again).expect("the new one");
        assert_eq!((sent.to.as_deref(), sent.state.as_str()), (Some("new@brume.example"), "sent"));
        notices::stop(&house.app, dpo.clone(), &row.id, "sent to the new address").await.expect("stopped");
        assert_eq!(calls(&house, &controller, &row.id).await, ["discharged"]);
        let late = notices::stop(&house.app, dpo, &again, "too late").await.expect_err("it is out");
        assert!(late.message(Lang::En).contains("out or on its way"));
        alike(&house).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_is_shown_and_the_letter_keeps_its_name() {
    for kind in BOTH {
        let mut house = House::new(kind).await;
        let smtp = Smtp::start("lost:1");
        house.app.mail = smtp.mail();
        let (_, controller, id) = logged(&mut house).await;
        assert_eq!(notices::deliver(&house.app).await.expect("not known"), 0);
        let row = letter(&house, &controller, &id).await;
        assert_eq!((row.state.as_str(), row.outcome.as_deref(), row.unknown_outcomes), ("failed", Some("unknown"), 1));
        assert_eq!(smtp.received().len(), 1, "the server had it");
        house.advance(61);
        assert_eq!(notices::deliver(&house.app).await.expect("sent"), 1);
        let received = smtp.received();
        assert!(received.len() == 2 && received.iter().all(|one| one.contains(&format!("<{}@hotel.example>", row.id))));
        assert_eq!(letter(&house, &controller, &id).await.unknown_outcomes, 1, "shown on its page for ever");
        alike(&house).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recipients_own_opening_is_proof_once_and_stronger_than_a_bounce() {
    for kind in BOTH {
        let mut house = House::new(kind).await;
        let smtp = Smtp::start("0");
        house.app.mail = smtp.mail();
        let (dpo, controller, id) = logged(&mut house).await;
        assert_eq!(notices::deliver(&house.app).await.expect("sent"), 1);
        let row = letter(&house, &controller, &id).await;
        bounce(&house, &row.id, "5.1.1").await;
        assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Due);
        assert_eq!(calls(&house, &controller, &row.id).await, ["running"]);
        let at = house.app.now();
        notices::opened(&house.app, dpo.clone(), &row.id).await.expect("recorded");
        assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Kept, "they have it");
        assert_eq!(calls(&house, &controller, &row.id).await, ["discharged"], "nobody telephones");
        house.advance(60);
        notices::opened(&house.app, dpo, &row.id).await.expect("nothing changes");
        assert_eq!(letter(&house, &controller, &id).await.opened_at, Some(at));
        bounce(&house, &row.id, "5.1.1").await;
        assert_eq!(forwarding(&house, &controller, &id).await, Keeping::Kept);
        assert_eq!(calls(&house, &controller, &row.id).await, ["discharged"]);
        alike(&house).await;
    }
}
