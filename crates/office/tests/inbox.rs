//! The inbox over a real IMAP server: each mail becomes one entry, whatever dies in between; what it asks is proposed
//! with its words marked, and a person decides.

mod common;
#[path = "common/dovecot.rs"]
mod dovecot;

use common::{AGREEMENT, BOTH, House, Kind};
use dovecot::{AUTHORITY, Dovecot, PASSWORD, USER};
use kernel::{Actor, ControllerId, Lang, MailId, Secret};
use ledger::verify::verify_export;
use office::inbox::store::{Asked, mailbox};
use office::inbox::{self, Chosen, Fault, Imap, MailRow, Outcome, State};
use office::requests::{self, NewRequest, Right};
use office::{App, notices};
use reader::mail::Proposal;
use std::sync::Arc;
use web::Role;

/// An hour before the house's clock begins.
const EARLIER: u64 = 1_795_420_800;

fn imap(url: &str, password: &str, authority: Option<&[u8]>) -> Option<Arc<Imap>> {
    Some(Arc::new(Imap::new(url, USER, Secret::new(password.to_owned()), authority).expect("an address")))
}

fn mail(number: usize, text: &str) -> Vec<u8> {
    format!(
        "From: Ada Martin <ada@example.org>\r\nTo: privacy@hotel.example\r\nSubject: Mail {number}\r\nMessage-ID: \
         <m{number}@example.org>\r\nDate: Mon, 23 Nov 2026 08:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}

async fn house(kind: Kind, server: &Dovecot) -> (House, Actor) {
    let mut house = House::new(kind).await;
    let dpo = house.person(Role::Dpo).await;
    house.app.inbox = imap(&server.plain(), PASSWORD, None);
    (house, dpo)
}

async fn fetch(app: &App) -> Outcome {
    inbox::fetch(app, "one").await.expect("our own database works")
}

fn done(new: usize, remaining: usize) -> Outcome {
    Outcome::Done { new, remaining }
}

/// Every mail, in the order of the mailbox.
async fn all(house: &House) -> Vec<MailRow> {
    let sql = "SELECT id FROM mails ORDER BY uid_validity, uid";
    let rows = house.store().read().rows(sql, vec![]).await.expect("readable");
    let mut mails = Vec::new();
    for row in rows {
        mails.push(found(house, &row.id("id").expect("an id")).await);
    }
    mails
}

async fn count(house: &House, sql: &'static str) -> i64 {
    house.store().read().row(sql, vec![]).await.expect("readable").expect("a row").int("n").expect("a number")
}

async fn found(house: &House, id: &MailId) -> MailRow {
    inbox::store::find(&mut house.store().read(), id).await.expect("readable").expect("there")
}

const RECEIVED: &str = "SELECT COUNT(*) AS n FROM entries WHERE kind = 'mail.received'";

async fn ledger_is_whole(house: &House) {
    let export = office::proof::export(house.store(), Vec::new()).await.expect("exported");
    let key = house.store().keys().verifier();
    verify_export(export.as_slice(), &key).unwrap_or_else(|faults| panic!("{faults:?}"));
    let replay = house.store().replay(house.app.now(), false).await.expect("replayed");
    assert!(replay.different.is_empty(), "{:?}", replay.different);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mail_becomes_one_entry_and_stays_as_it_was_on_the_server() {
    for kind in BOTH {
        let mut server = Dovecot::start();
        let (mut house, _) = house(kind, &server).await;
        assert_eq!(fetch(&house.app).await, done(0, 0));
        server.deliver(&mail(1, "Please delete my account."), EARLIER);
        server.deliver(&mail(2, "Thank you for the nice stay."), EARLIER);
        server.deliver(
            b"Subject: Automatic reply: your letter\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.",
            EARLIER,
        );
        assert_eq!(fetch(&house.app).await, done(3, 0), "{kind:?}");
        assert_eq!(fetch(&house.app).await, done(0, 0), "nothing is new");
        house.restart().await;
        house.app.inbox = imap(&server.plain(), PASSWORD, None);
        server.restart();
        assert_eq!(fetch(&house.app).await, done(0, 0), "nor after both have been restarted");
        server.deliver(&mail(3, "What data do you have on me?"), EARLIER);
        assert_eq!(fetch(&house.app).await, done(1, 0));
        let rows = all(&house).await;
        let seen: Vec<_> = rows.iter().map(|row| (row.proposal(), row.state)).collect();
        let waiting = State::Waiting;
        let expected = [
            (Some(Proposal::Request), waiting),
            (None, waiting),
            (Some(Proposal::AutomaticReply), State::Filed),
            (Some(Proposal::Request), waiting),
        ];
        assert_eq!(seen, expected, "{kind:?}");
        assert_eq!(rows[3].received_at.as_second(), i64::try_from(EARLIER).expect("a number"));
        let content = rows[0].content.as_ref().expect("its words");
        let said = &rows[0].understood.marks[0];
        assert_eq!(&content.text[said.start..said.end], "Please delete my account");
        assert!(server.names().iter().all(|name| !name.contains(":2,")), "no mail is marked: {:?}", server.names());
        assert_eq!(server.names().len(), 4, "no mail is deleted");
        ledger_is_whole(&house).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_mails_are_taken_in_passes() {
    let server = Dovecot::start();
    let (house, _) = house(Kind::Sqlite, &server).await;
    let mails: Vec<Vec<u8>> = (0..1_000).map(|number| mail(number, "Please unsubscribe me.")).collect();
    server.deliver_all(&mails, EARLIER);
    for pass in 1..=10 {
        assert_eq!(fetch(&house.app).await, done(100, 1_000 - pass * 100));
    }
    assert_eq!(fetch(&house.app).await, done(0, 0));
    assert_eq!(count(&house, RECEIVED).await, 1_000);
    assert_eq!(count(&house, "SELECT COUNT(DISTINCT uid) AS n FROM mails").await, 1_000);
    let first = inbox::store::list(&mut house.store().read(), &Asked::default()).await.expect("readable");
    assert_eq!(first.len(), 51, "a page, and one more to know that there are others");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_too_large_is_named_and_not_taken() {
    let server = Dovecot::start();
    let (house, _) = house(Kind::Postgres, &server).await;
    let mut large = mail(1, "Please delete my account.");
    large.resize(26_000_000, b'a');
    server.deliver(&large, EARLIER);
    server.deliver(&mail(2, "Hello"), EARLIER);
    assert_eq!(fetch(&house.app).await, done(2, 0), "and it is in nobody's way");
    let rows = all(&house).await;
    let row = &rows[0];
    let content = row.content.as_ref().expect("its header");
    assert!(
        row.understood.too_large && row.proposal().is_none() && row.sha256.is_none() && row.state == State::Waiting
    );
    assert_eq!((content.subject.as_str(), content.text.as_str()), ("Mail 1", ""));
    assert_eq!(content.from.as_deref(), Some("ada@example.org"));
    assert!(row.bytes > 25_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_known_again_by_its_bytes_when_its_number_changes() {
    for kind in BOTH {
        let mut server = Dovecot::start();
        let (house, _) = house(kind, &server).await;
        let nameless = b"Subject: form\r\n\r\nhello";
        server.deliver_all(&[mail(1, "one"), mail(2, "two"), mail(1, "one")], EARLIER);
        server.deliver_all(&[nameless.to_vec(), nameless.to_vec()], EARLIER);
        assert_eq!(fetch(&house.app).await, done(4, 0), "the same mail twice is one; two without a name are two");
        let before = server.names().len();
        server.renumber();
        server.deliver(&mail(3, "three"), EARLIER);
        assert_eq!(server.names().len(), before + 1);
        assert_eq!(fetch(&house.app).await, done(1, 0), "{kind:?}: only what is new");
        assert_eq!(fetch(&house.app).await, done(0, 0));
        assert_eq!(count(&house, RECEIVED).await, 5);
        ledger_is_whole(&house).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_do_not_fetch_twice() {
    let server = Dovecot::start();
    let (house, _) = house(Kind::Postgres, &server).await;
    server.deliver_all(&(0..40).map(|number| mail(number, "Hello")).collect::<Vec<_>>(), EARLIER);
    let (one, other) = tokio::join!(inbox::fetch(&house.app, "one"), inbox::fetch(&house.app, "other"));
    let outcomes = [one.expect("works"), other.expect("works")];
    assert!(outcomes.contains(&Outcome::Busy) && outcomes.contains(&done(40, 0)), "{outcomes:?}");
    assert_eq!(count(&house, RECEIVED).await, 40);
    server.deliver(&mail(41, "Hello"), EARLIER);
    // The first is gone: its lease runs out, and the other takes over where it stood.
    house.advance(31);
    let third = inbox::fetch(&house.app, "third").await.expect("works");
    assert_eq!(third, done(1, 0));
    assert_eq!(count(&house, RECEIVED).await, 41);
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_demanded_and_its_certificate_must_be_one_to_trust() {
    let server = Dovecot::start();
    let (mut house, _) = house(Kind::Sqlite, &server).await;
    server.deliver(&mail(1, "Hello"), EARLIER);
    let tls = format!("imaps://localhost:{}", server.tls_port);
    let start = format!("imap://localhost:{}", server.port);
    for (number, (url, authority, outcome)) in [
        (&tls, None, Outcome::Failed(Fault::Tls)),
        (&start, None, Outcome::Failed(Fault::Tls)),
        (&tls, Some(AUTHORITY), done(1, 0)),
        (&start, Some(AUTHORITY), done(1, 0)),
    ]
    .into_iter()
    .enumerate()
    {
        // Each is a mailbox of its own for us, but the mail is the same: the second does not take it again.
        house.app.inbox = imap(url, PASSWORD, authority);
        house.advance(3_600);
        let expected = if number == 3 { done(0, 0) } else { outcome };
        assert_eq!(fetch(&house.app).await, expected, "{url} {number}");
    }
    house.app.inbox = imap(&format!("imaps://127.0.0.1:{}", server.tls_port), PASSWORD, Some(AUTHORITY));
    assert_eq!(fetch(&house.app).await, Outcome::Failed(Fault::Tls), "the certificate is another's");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_kept_for_the_page_and_tried_again_after_a_growing_pause() {
    let server = Dovecot::start();
    let (mut house, _) = house(Kind::Sqlite, &server).await;
    server.deliver(&mail(1, "Hello"), EARLIER);
    house.app.inbox = imap(&server.plain(), "wrong", None);
    assert_eq!(fetch(&house.app).await, Outcome::Failed(Fault::SignIn));
    assert!(matches!(fetch(&house.app).await, Outcome::Paused { .. }));
    house.advance(31);
    assert_eq!(fetch(&house.app).await, Outcome::Failed(Fault::SignIn));
    house.advance(31);
    assert!(matches!(fetch(&house.app).await, Outcome::Paused { .. }), "the second pause is longer");
    house.app.inbox = imap(&format!("{}/Nowhere", server.plain()), PASSWORD, None);
    assert_eq!(fetch(&house.app).await, Outcome::Failed(Fault::Folder));
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = nobody.local_addr().expect("an address").port();
    drop(nobody);
    house.app.inbox = imap(&format!("imap+plain://127.0.0.1:{port}"), PASSWORD, None);
    assert_eq!(fetch(&house.app).await, Outcome::Failed(Fault::Unreachable));
    house.app.inbox = imap(&server.plain(), PASSWORD, None);
    house.advance(3_600);
    assert_eq!(fetch(&house.app).await, done(1, 0), "the pause is over, and what was wrong is mended");
    let sql = "SELECT COUNT(*) AS n FROM mailboxes WHERE fault IS NOT NULL";
    assert_eq!(count(&house, sql).await, 2, "those that were never mended");
    assert_eq!(mailbox(&mut house.store().read(), "nowhere").await.expect("readable").failures, 0);
}

/// What answers is no mail server, or one that means harm.
#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_a_failure_and_no_more() {
    use tokio::io::AsyncWriteExt;
    let server = Dovecot::start();
    let (mut house, _) = house(Kind::Sqlite, &server).await;
    let answers: [Vec<u8>; 4] = [
        b"HTTP/1.1 200 OK\r\n\r\n".to_vec(),
        b"* OK hello\r\n* BYE go away\r\n".to_vec(),
        b"".to_vec(),
        [b"* OK hello\r\n* 1 FETCH (BODY[] {400000000}\r\n".to_vec(), vec![b'a'; 4_000_000]].concat(),
    ];
    for answer in answers {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let speaker = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("somebody");
            stream.write_all(&answer).await.ok();
        });
        house.app.inbox = imap(&format!("imap+plain://127.0.0.1:{port}"), PASSWORD, None);
        assert_eq!(fetch(&house.app).await, Outcome::Failed(Fault::Protocol));
        speaker.await.expect("said");
    }
}

async fn with_agreement(server: &Dovecot) -> (House, Actor, ControllerId) {
    let (house, dpo) = house(Kind::Sqlite, server).await;
    let (_, controller) = house.agreement(&dpo, "Brume", AGREEMENT).await;
    (house, dpo, controller)
}

fn chosen(controller: &ControllerId, rights: &[Right]) -> Chosen {
    Chosen {
        controller: controller.clone(),
        rights: rights.to_vec(),
        email: "ada@example.org".into(),
        note: "Please delete my account.".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_becomes_requests_whose_clocks_began_when_it_arrived() {
    let server = Dovecot::start();
    let (house, dpo, controller) = with_agreement(&server).await;
    server.deliver(&mail(1, "Please send me a copy of my data and delete my account."), EARLIER);
    server.deliver(&mail(2, "Hello"), EARLIER);
    fetch(&house.app).await;
    let rows = all(&house).await;
    let (id, other) = (&rows[0].id, &rows[1].id);
    let none = inbox::log(&house.app, dpo.clone(), id, chosen(&controller, &[])).await.expect_err("no right");
    assert_eq!(none.code, "mail-right");
    let logged = inbox::log(&house.app, dpo.clone(), id, chosen(&controller, &[Right::Access, Right::Erasure])).await;
    let logged = logged.unwrap_or_else(|refusal| panic!("{refusal}: {}", refusal.remedy(Lang::En)));
    assert_eq!(logged.len(), 2);
    for request in &logged {
        let row = requests::find(&mut house.store().read(), request).await.expect("readable").expect("there");
        assert_eq!(row.received_at.as_second(), i64::try_from(EARLIER).expect("a number"), "the clock began then");
        assert_eq!((row.channel.as_str(), row.email.as_deref()), ("mail", Some("ada@example.org")));
    }
    let twin = inbox::log(&house.app, dpo.clone(), other, chosen(&controller, &[Right::Access])).await;
    assert_eq!(twin.expect_err("open already").code, "request-open");
    assert_eq!(found(&house, id).await.state, State::Logged);
    assert_eq!(found(&house, other).await.state, State::Waiting, "all or nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_forgotten_when_their_use_is_over_and_the_proof_still_holds() {
    let server = Dovecot::start();
    let (house, dpo, controller) = with_agreement(&server).await;
    server.deliver(&mail(1, "Please delete my account, says Ada Lovelace."), EARLIER);
    server.deliver(&mail(2, "Buy our lamps, says Grace Hopper."), EARLIER);
    server.deliver(&mail(3, "A question of Linus."), EARLIER);
    fetch(&house.app).await;
    let rows = all(&house).await;
    let (request, lamps, question) = (rows[0].id.clone(), rows[1].id.clone(), rows[2].id.clone());
    inbox::file(&house.app, dpo.clone(), &lamps, "an advertisement").await.expect("filed");
    let logged = inbox::log(&house.app, dpo.clone(), &request, chosen(&controller, &[Right::Erasure])).await;
    let logged = logged.expect("logged").remove(0);
    assert_eq!(inbox::forget(&house.app).await.expect("works"), 0, "both are of use");
    requests::instruct(house.store(), house.app.now(), dpo.clone(), &logged, false, "no").await.expect("refused");
    requests::close(&house.app, dpo.clone(), &logged, false).await.expect("closed");
    assert!(found(&house, &request).await.content.is_none(), "with the request, in the same transaction");
    assert_eq!(inbox::forget(&house.app).await.expect("works"), 0, "what was put aside is not old");
    house.advance(31 * 24 * 3_600);
    assert_eq!(inbox::forget(&house.app).await.expect("works"), 1, "thirty days have passed");
    assert_eq!(inbox::forget(&house.app).await.expect("works"), 0);
    assert!(found(&house, &lamps).await.content.is_none() && found(&house, &request).await.content.is_none());
    assert!(found(&house, &question).await.content.is_some(), "what waits is kept");
    let refused = inbox::reopen(&house.app, dpo, &lamps).await.expect_err("its words are gone");
    assert_eq!(refused.code, "mail-erased");
    ledger_is_whole(&house).await;
    house.store().close().await;
    let file = std::fs::read(house.dir.path().join("garant.db")).expect("the database");
    for (words, there) in [("Grace Hopper", false), ("Ada Lovelace", false), ("question of Linus", true)] {
        let found = file.windows(words.len()).any(|window| window == words.as_bytes());
        assert_eq!(found, there, "{words}: byte by byte");
    }
}

/// A letter that has left, as the mail server took it.
async fn letter(house: &House, dpo: &Actor, controller: &ControllerId) -> kernel::NoticeId {
    let new = NewRequest {
        controller: controller.clone(),
        right: Right::Access,
        email: "grace@example.org".into(),
        note: String::new(),
        channel: "telephone".into(),
        received_at: house.app.now(),
    };
    let request = requests::receive(&house.app, dpo.clone(), new).await.expect("received");
    let rows = notices::of_record(&mut house.store().read(), controller, request.as_str()).await.expect("letters");
    let id = rows[0].id.clone();
    let log = store::Log::Controller(controller.clone());
    let mut tx = house.store().begin(house.app.now(), Actor::system("mail")).await.expect("a transaction");
    for (kind, data) in [
        ("notice.attempted", serde_json::json!({ "notice": id, "controller": controller })),
        ("notice.sent", serde_json::json!({ "notice": id, "controller": controller, "reply": "250 OK" })),
    ] {
        tx.append(&log, kind, id.as_str(), data).await.expect("an entry");
    }
    tx.commit().await.expect("committed");
    id
}

fn report(id: &str, action: &str, status: &str) -> Vec<u8> {
    format!(
        "From: MAILER-DAEMON@mx.example.net\r\nSubject: Undelivered\r\nMessage-ID: <{action}{status}@mx.example.net>\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         Sorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n\
         Final-Recipient: rfc822; dpo@brume.example\r\nAction: {action}\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; 552 {status} mailbox of <dpo@brume.example> is full\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         Message-ID: <{id}@hotel.example>\r\n--b--\r\n"
    )
    .into_bytes()
}

async fn notice(house: &House, controller: &ControllerId, id: &kernel::NoticeId) -> notices::NoticeRow {
    let all = notices::store::list(&mut house.store().read()).await.expect("letters");
    let row = all.into_iter().find(|row| row.id == *id).expect("the letter");
    assert_eq!(row.controller.as_ref(), Some(controller));
    row
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_did_not_arrive_says_so_and_counts_as_not_sent() {
    let server = Dovecot::start();
    let (house, dpo, controller) = with_agreement(&server).await;
    let id = letter(&house, &dpo, &controller).await;
    let unsent = || async { notices::store::unsent(&mut house.store().read()).await.expect("a number") };
    assert_eq!(unsent().await, 0);
    server.deliver(&report(id.as_str(), "delayed", "4.4.1"), EARLIER);
    fetch(&house.app).await;
    let row = notice(&house, &controller, &id).await;
    assert_eq!((row.state.as_str(), row.bounce_status.as_deref()), ("sent", Some("4.4.1")), "only noted");
    assert_eq!(unsent().await, 0);
    server.deliver(&report(id.as_str(), "failed", "5.2.2"), EARLIER);
    server.deliver(&report("01ks0000000000000000000009", "failed", "5.1.1"), EARLIER);
    fetch(&house.app).await;
    let row = notice(&house, &controller, &id).await;
    assert_eq!((row.state.as_str(), row.mailbox_full), ("bounced", true));
    assert!(row.bounce.as_deref().is_some_and(|said| said.contains("<dpo@brume.example> is full")));
    assert_eq!(unsent().await, 1, "it counts as not sent");
    let rows = all(&house).await;
    assert_eq!(rows[2].state, State::Waiting, "a report on no letter of ours waits for a person");
    assert_eq!((rows[1].state, rows[1].notice.as_ref()), (State::Filed, Some(&id)));
    notices::delivered_by_hand(&house.app, dpo, &id, "read out on the telephone").await.expect("recorded");
    assert_eq!(notice(&house, &controller, &id).await.state, "sent");
    server.deliver(&report(id.as_str(), "failed", "5.4.7"), EARLIER);
    fetch(&house.app).await;
    assert_eq!(notice(&house, &controller, &id).await.state, "sent", "who delivered it knows better");
    ledger_is_whole(&house).await;
}
