//! `garant demo` and `garant serve`: ready, reachable, stopped cleanly, and everything kept for the next start.

mod support;

use serde_json::Value;
use sqlx::Connection;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use support::{command, folder, garant, garant_with};
use tempfile::TempDir;

/// A server that ends with the test.
struct Server(Child);

impl Server {
    fn start(dir: &TempDir, args: &[&str], env: &[(&str, &str)]) -> Self {
        let mut command = command(dir);
        command.args(args).envs(env.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(command.spawn().expect("the binary was built for this test"))
    }

    /// The first line of its data.
    fn line(&mut self) -> String {
        let mut line = String::new();
        let stdout = self.0.stdout.as_mut().expect("standard output is piped");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        line
    }

    /// Asks it to stop, as a service manager does; gives the exit code and what else it printed.
    fn stop(mut self) -> (Option<i32>, String) {
        let told = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().expect("kill is everywhere");
        assert!(told.success());
        let status = self.0.wait().expect("it ends");
        let mut rest = String::new();
        self.0.stdout.take().expect("piped").read_to_string(&mut rest).expect("text");
        (status.code(), rest)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone when it was stopped.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The answer to one GET.
fn get(url: &str, path: &str) -> String {
    let host = url.strip_prefix("http://").expect("a plain address");
    let mut stream = TcpStream::connect(host).expect("it listens");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

const DEMO: [&str; 6] = ["demo", "--dir", "demo", "--people", "40", "--json"];

#[test]
fn the_demo_is_ready_in_one_line_and_keeps_everything() {
    let dir = folder(&[]);
    let mut first = Server::start(&dir, &DEMO, &[]);
    let ready: Value = serde_json::from_str(&first.line()).unwrap();
    let url = ready["url"].as_str().unwrap();
    assert!(get(url, "/sign-in").starts_with("HTTP/1.1 200"));
    assert!(get(url, "/").contains("location: /sign-in"), "nothing is open to strangers");
    let roles: Vec<&str> = ready["accounts"].as_array().unwrap().iter().map(|a| a["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["owner", "dpo", "engineer", "support", "auditor", "controller-admin"]);
    assert!(std::path::Path::new(ready["estate"].as_str().unwrap()).exists());
    assert_eq!(ready["sample_subject"], "camille.moreau@example.org");
    // Another process works in the same house meanwhile.
    let lists = [["agreement", "list"], ["estate", "list"], ["request", "list"]];
    let lists = lists.map(|[noun, verb]| garant(&dir, &[noun, verb, "--dir", "demo"]).stdout);
    assert_eq!(lists[0].matches("in-force").count(), 2, "{}", lists[0]);
    assert!(lists[1].contains("map confirmed") && lists[2].contains("access"), "{lists:?}");
    assert_eq!(first.stop(), (Some(0), String::new()), "one line, and a clean end");
    let mut second = Server::start(&dir, &DEMO, &[]);
    let again: Value = serde_json::from_str(&second.line()).unwrap();
    assert_eq!(again["accounts"], ready["accounts"]);
    assert_eq!(garant(&dir, &["request", "list", "--dir", "demo"]).stdout, lists[2], "nothing was done twice");
    assert_eq!(second.stop().0, Some(0));
}

/// Runs a command in the demo's house as the person with this role; gives what it prints.
fn by(dir: &TempDir, ready: &Value, role: &str, args: &[&str]) -> String {
    let account = ready["accounts"].as_array().expect("a list").iter().find(|a| a["role"] == role).expect("the role");
    let text = |key: &str| account[key].as_str().expect("a text").to_owned();
    let (email, password) = (text("email"), text("password"));
    let args = [args, &["--dir", "demo", "--as", &email]].concat();
    let ended = garant_with(dir, &args, b"", &[("GARANT_PASSWORD", &password)]);
    assert_eq!(ended.exit, 0, "{role} {args:?}: {}", ended.stderr);
    ended.stdout.trim_end().to_owned()
}

#[tokio::test]
async fn the_tour_erases_one_customer_and_nobody_else() {
    let dir = folder(&[]);
    let mut server = Server::start(&dir, &DEMO, &[]);
    let ready: Value = serde_json::from_str(&server.line()).unwrap();
    let sample = ready["sample_subject"].as_str().unwrap();
    let new = ["request", "new", "--controller", "Atelier Lune", "--right", "erasure", "--email", sample];
    let id = by(&dir, &ready, "support", &new);
    by(&dir, &ready, "support", &["request", "instruct", &id, "--carry-out"]);
    let plan: Value = serde_json::from_str(&by(&dir, &ready, "engineer", &["request", "plan", &id, "--json"])).unwrap();
    by(&dir, &ready, "dpo", &["request", "approve", &id, "--hash", plan["hash"].as_str().unwrap()]);
    by(&dir, &ready, "engineer", &["request", "apply", &id]);
    let url = format!("sqlite:{}", ready["estate"].as_str().unwrap());
    let mut line = sqlx::SqliteConnection::connect(&url).await.unwrap();
    for (sql, count) in [
        ("SELECT count(*) FROM customers WHERE lower(email) = 'camille.moreau@example.org' AND shop_id = 1", 0),
        ("SELECT count(*) FROM customers WHERE lower(email) = 'camille.moreau@example.org' AND shop_id = 2", 1),
        ("SELECT count(*) FROM customers", 39),
        ("SELECT count(*) FROM invoices WHERE billing_email IS NULL AND customer_id IS NULL", 3),
        ("SELECT count(*) FROM pragma_foreign_key_check", 0),
    ] {
        let seen: i64 = sqlx::query_scalar(sql).fetch_one(&mut line).await.unwrap();
        assert_eq!(seen, count, "{sql}");
    }
    assert_eq!(garant(&dir, &["ledger", "replay", "--dir", "demo"]).exit, 0);
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn a_demo_killed_while_it_is_made_goes_on_when_started_again() {
    let dir = folder(&[]);
    let mut killed = Server::start(&dir, &DEMO, &[("GARANT_FAILPOINT", "store.after_commit")]);
    assert_eq!(killed.line(), "", "it died before it was ready");
    let mut next = Server::start(&dir, &DEMO, &[]);
    let ready: Value = serde_json::from_str(&next.line()).unwrap();
    assert!(get(ready["url"].as_str().unwrap(), "/sign-in").starts_with("HTTP/1.1 200"));
    assert_eq!(
        garant(&dir, &["agreement", "list", "--dir", "demo", "--json"]).stdout.matches("\"in-force\"").count(),
        2
    );
    assert_eq!(garant(&dir, &["ledger", "replay", "--dir", "demo"]).exit, 0);
    assert_eq!(next.stop().0, Some(0));
}

#[test]
fn the_demo_leaves_other_folders_alone() {
    let dir = folder(&[("letter.txt", b"mine")]);
    let ended = garant(&dir, &["demo", "--dir", "."]);
    assert_eq!(ended.exit, 6, "{}", ended.stderr);
    assert!(ended.stderr.contains("no demo"), "{}", ended.stderr);
}

#[test]
fn the_agreements_of_the_demo_give_check_something_to_say() {
    let dir = folder(&[
        ("en.txt", include_bytes!("../src/demo/texts/agreement-en.txt")),
        ("fr.txt", include_bytes!("../src/demo/texts/agreement-fr.txt")),
    ]);
    for (file, breach) in [("en.txt", "48 hours"), ("fr.txt", "48 hours")] {
        let read = garant(&dir, &["read", file]);
        assert!(read.stdout.contains(breach), "{file}: {}", read.stdout);
        let check = garant(&dir, &["check", file]);
        assert_eq!(check.exit, 0, "complete enough to sign: {}", check.stdout);
        assert!(check.stdout.contains("warning["), "and with a gap: {}", check.stdout);
    }
}

#[test]
fn a_first_start_says_how_to_open_the_first_account() {
    let dir = folder(&[]);
    let mut server = Server::start(&dir, &["serve", "--dir", "house", "--listen", "127.0.0.1:0"], &[]);
    let stderr = server.0.stderr.take().unwrap();
    let mut lines = BufReader::new(stderr).lines().map(|line| line.unwrap());
    let url = lines.next().unwrap().rsplit(' ').next().unwrap().to_owned();
    assert!(lines.any(|line| line.contains("garant account new --dir house")));
    assert!(get(&url, "/sign-in").starts_with("HTTP/1.1 200"));
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn an_address_in_use_is_told_with_a_way_out() {
    let dir = folder(&[]);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let provider = ["serve", "--dir", "house", "--oidc-issuer", "http://id.example.org", "--oidc-client-id", "garant"];
    let ended = garant(&dir, &provider);
    assert_eq!(ended.exit, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("https address"), "{}", ended.stderr);
    let ended = garant(&dir, &["serve", "--dir", "house", "--listen", &address]);
    assert_eq!(ended.exit, 1);
    assert!(ended.stderr.contains(&address) && ended.stderr.contains("--listen"), "{}", ended.stderr);
    let mail = garant(
        &dir,
        &["serve", "--dir", "house", "--smtp", "smtp+plain://mail.example.org:25", "--mail-from", "a@b.example"],
    );
    assert_eq!(mail.exit, 2, "{}", mail.stderr);
}
