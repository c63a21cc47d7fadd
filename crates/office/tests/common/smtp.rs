//! A real SMTP server in a process of its own; it stops with its value.

use kernel::Secret;
use office::notices::Mail;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

pub(crate) struct Smtp {
    child: Child,
    pub(crate) url: Secret<String>,
    letters: tempfile::TempDir,
}

impl Smtp {
    /// `how` is so many times of not doing its work: `0`, `2`, `full:3`, `gone:1`, `lost:1`.
    pub(crate) fn start(how: &str) -> Self {
        let letters = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let python = std::env::var("GARANT_TEST_PYTHON").unwrap_or_else(|_| "/usr/bin/python3".into());
        let mut child = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/common/smtp.py"))
            .args([port.to_string(), letters.path().display().to_string(), how.to_owned()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("run `cargo xtask test`, it installs python3-aiosmtpd");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), "ready", "the mail server did not start");
        Self { child, url: Secret::new(format!("smtp+plain://127.0.0.1:{port}")), letters }
    }

    pub(crate) fn mail(&self) -> Option<Arc<Mail>> {
        mail(self.url.expose())
    }

    pub(crate) fn received(&self) -> Vec<String> {
        let read = std::fs::read_dir(self.letters.path()).expect("a folder");
        read.map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).expect("text")).collect()
    }
}

pub(crate) fn mail(url: &str) -> Option<Arc<Mail>> {
    let from = "Garant <garant@hotel.example>";
    Some(Arc::new(Mail::new(&Secret::new(url.to_owned()), from).expect("an address")))
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
