//! `kill -9` between a mail's arrival and its entry: after a restart every mail is there once. The real binary, a
//! real IMAP server.

#[expect(dead_code, reason = "written for the tests of the feature, of which this needs a part")]
#[path = "../../office/tests/common/dovecot.rs"]
mod dovecot;
mod support;

use dovecot::{Dovecot, PASSWORD, USER};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use support::{Ended, folder, garant, garant_with};
use tempfile::TempDir;

const MAILS: usize = 5;

fn run(dir: &TempDir, args: &[&str], failpoint: &str) -> Ended {
    let env = [("GARANT_PASSWORD", "a long and honest password"), ("GARANT_FAILPOINT", failpoint)];
    let env: Vec<(&str, &str)> = env.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    garant_with(dir, &[args, &["--dir", "house"]].concat(), b"", &env)
}

fn fetch(dir: &TempDir, server: &Dovecot, failpoint: &str) -> Ended {
    let url = server.plain();
    let args = ["inbox", "fetch", "--imap", &url, "--imap-user", USER, "--imap-password-file", "imap.password"];
    run(dir, &args, failpoint)
}

async fn number(dir: &TempDir, sql: &str) -> i64 {
    let url = format!("sqlite:{}", dir.path().join("house/garant.db").display());
    let mut line = SqliteConnection::connect(&url).await.expect("the database");
    let found: i64 = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut line).await.expect("a number");
    line.close().await.expect("closed");
    found
}

/// The lease of a process that died runs out by itself; a test does not wait for the clock.
async fn let_the_lease_run_out(dir: &TempDir) {
    number(dir, "UPDATE leases SET until = 0 WHERE name = 'inbox' RETURNING 1").await;
}

fn house() -> TempDir {
    let dir = folder(&[("imap.password", format!("{PASSWORD}\n").as_bytes())]);
    let open = ["account", "new", "--email", "owner@example.org", "--name", "Inès", "--role", "owner"];
    assert_eq!(run(&dir, &open, "").exit, 0);
    dir
}

fn mails() -> Vec<Vec<u8>> {
    let mail = |number| {
        format!("Message-ID: <m{number}@example.org>\r\nSubject: {number}\r\n\r\nPlease delete my account.\r\n")
    };
    (0..MAILS).map(|number| mail(number).into_bytes()).collect()
}

#[tokio::test]
async fn a_pass_killed_at_any_instant_loses_no_mail_and_takes_none_twice() {
    let points: Vec<String> = ["inbox.fetched", "inbox.recorded"]
        .into_iter()
        .flat_map(|point| [1, 3, 5].map(|nth| format!("{point}:{nth}")))
        .chain((2..=7).flat_map(|nth| [format!("store.before_commit:{nth}"), format!("store.after_commit:{nth}")]))
        .collect();
    let server = Dovecot::start();
    server.deliver_all(&mails(), 1_795_420_800);
    let mut died = 0;
    for point in &points {
        let dir = house();
        let first = fetch(&dir, &server, point);
        assert!(matches!(first.exit, -1 | 0), "{point}: {} {}", first.exit, first.stderr);
        died += usize::from(first.exit == -1);
        let_the_lease_run_out(&dir).await;
        let second = fetch(&dir, &server, "");
        assert_eq!(second.exit, 0, "{point}: {}", second.stderr);
        let received = number(&dir, "SELECT COUNT(*) FROM entries WHERE kind = 'mail.received'").await;
        assert_eq!(received, 5, "{point}: each mail is one entry");
        let distinct = number(&dir, "SELECT COUNT(DISTINCT sha256) FROM mails").await;
        assert_eq!(distinct, 5, "{point}: and another mail each");
        let replayed = run(&dir, &["ledger", "replay"], "");
        assert_eq!(replayed.exit, 0, "{point}: {}{}", replayed.stdout, replayed.stderr);
    }
    assert!(died >= 16, "the failpoints are really there: {died} of {}", points.len());
}

#[tokio::test]
async fn the_mailbox_is_named_without_its_password_and_mistakes_are_said_plainly() {
    let server = Dovecot::start();
    let dir = house();
    std::fs::write(dir.path().join("wrong.password"), "wrong\n").expect("a file");
    let plain = server.plain();
    let with = |url: &str, file: &str| {
        let args = ["inbox", "fetch", "--imap", url, "--imap-user", USER, "--imap-password-file", file];
        run(&dir, &args, "")
    };
    let refused = with(&plain, "wrong.password");
    assert_eq!(refused.exit, 1, "{}", refused.stderr);
    assert!(refused.stderr.contains("refuses the user or the password"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("wrong"), "{}", refused.stderr);
    let_the_lease_run_out(&dir).await;
    let paused = with(&plain, "imap.password");
    assert_eq!(paused.exit, 6, "{}", paused.stderr);
    for url in ["imap+plain://mail.example.org:143", "imaps://me:secret@mail.example.org:993", "nonsense"] {
        let ended = with(url, "imap.password");
        assert_eq!(ended.exit, 2, "{url}: {}", ended.stderr);
        assert!(!ended.stderr.contains("secret"), "{}", ended.stderr);
    }
    assert_eq!(with(&plain, "nowhere.password").exit, 5);
    let none = run(&dir, &["inbox", "fetch"], "");
    assert!(none.exit == 2 && none.stderr.contains("no mailbox is named"), "{}", none.stderr);
    let help = garant(&dir, &["inbox", "fetch", "--help"]);
    assert!(help.stdout.contains("--imap-password-file"), "{}", help.stdout);
}
