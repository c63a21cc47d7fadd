//! Letters and contacts from the command line, with the real binary and a real SMTP server.

mod support;

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use support::{Ended, folder, garant, garant_with};
use tempfile::TempDir;

const DPA: &str = include_str!("inputs/dpa.txt");
const PASSWORD: &str = "a long and honest password";

struct House(TempDir);

impl House {
    fn run(&self, args: &[&str]) -> Ended {
        let env = [("GARANT_PASSWORD", PASSWORD), ("GARANT_AS", "owner@example.org")];
        garant_with(&self.0, &[args, &["--dir", "house"]].concat(), b"", &env)
    }

    fn done(&self, args: &[&str]) -> String {
        let ended = self.run(args);
        assert_eq!(ended.exit, 0, "{args:?}: {}{}", ended.stdout, ended.stderr);
        ended.stdout.trim_end().to_owned()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[args, &["--json"]].concat())).expect("JSON")
    }

    fn letters(&self, kind: &str) -> Vec<Value> {
        let Value::Array(all) = self.json(&["notice", "list"]) else { panic!("a list") };
        all.into_iter().filter(|letter| letter["letter"] == kind).collect()
    }
}

/// The mail server of the tests; its folder holds what it took.
struct Smtp(Child, String, TempDir);

impl Smtp {
    fn start() -> Self {
        let (letters, listener) = (folder(&[]), std::net::TcpListener::bind("127.0.0.1:0").expect("a free port"));
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let python = std::env::var("GARANT_TEST_PYTHON").unwrap_or_else(|_| "/usr/bin/python3".into());
        let mut child = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../office/tests/common/smtp.py"))
            .args([port.to_string(), letters.path().display().to_string(), "0".to_owned()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("run `cargo xtask test`, it installs python3-aiosmtpd");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), "ready");
        Self(child, format!("smtp+plain://127.0.0.1:{port}"), letters)
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn letters_are_listed_stopped_sent_and_contacts_named() {
    let house = House(folder(&[("dpa.txt", DPA.as_bytes())]));
    house.done(&["account", "new", "--email", "owner@example.org", "--name", "Inès", "--role", "owner"]);
    let party =
        ["agreement", "import", "dpa.txt", "--controller", "Maison Perrin", "--contact", "privacy@perrin.example"];
    let agreement = house.done(&party);
    house.done(&["agreement", "review", &agreement, "--accept-silence"]);
    house.done(&["agreement", "in-force", &agreement, "--accept-errors"]);
    let add = ["party", "contact", "add", "maison perrin", "--name", "Sam", "--email", "it@perrin.example"];
    let contact = house.done(&add);
    assert_eq!(house.run(&add).exit, 2, "known already");
    assert!(house.done(&["party", "contact", "list", "Maison Perrin"]).contains(&contact));
    house.done(&["request", "new", "--controller", "Maison Perrin", "--right", "access", "--email", "lea@example.org"]);
    let letters = house.letters("request.forward");
    assert_eq!(letters.len(), 2, "both contacts are written to");
    assert!(letters.iter().all(|letter| letter["wording"] == "standard:1" && letter["state"] == "queued"));
    let id = letters[0]["notice"].as_str().expect("an id");
    assert_eq!(house.run(&["notice", "retry", id]).exit, 6, "it waits for nothing but the server");
    house.done(&["notice", "stop", id, "--why", "told on the telephone"]);
    assert_eq!(house.json(&["notice", "show", id])["state"], "stopped");
    assert!(house.done(&["notice", "show", id, "--lang", "fr"]).contains("arrêté"));
    assert_eq!(house.run(&["notice", "send"]).exit, 2, "no mail server is named");
    let smtp = Smtp::start();
    let send = ["notice", "send", "--smtp", &smtp.1, "--mail-from", "garant@example.org"];
    house.done(&send);
    assert_eq!(std::fs::read_dir(smtp.2.path()).expect("a folder").count(), 1, "the other one alone");
    house.done(&["notice", "retry", id]);
    house.done(&send);
    assert_eq!(house.json(&["notice", "show", id])["state"], "sent");
    assert_eq!(std::fs::read_dir(smtp.2.path()).expect("a folder").count(), 2);
    house.done(&["notice", "quiet-hours", "on"]);
    assert_eq!(house.run(&["notice", "quiet-hours", "on"]).exit, 6, "they are on");
    house.done(&["party", "address", "Maison Perrin", "--email", "new@perrin.example"]);
    house.done(&["party", "contact", "remove", "Maison Perrin", &contact]);
    assert_eq!(house.run(&["party", "contact", "remove", "Maison Perrin", &contact]).exit, 5);
    house.done(&["ledger", "replay"]);
    assert!(garant(&house.0, &["party", "contact", "--help"]).stdout.contains("Remove a contact"));
}
