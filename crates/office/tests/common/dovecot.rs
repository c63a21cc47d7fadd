//! A real IMAP server for tests: Debian's dovecot on loopback, with a configuration of its own in a temporary folder.
//! Mail is delivered as mail servers do: a file into the Maildir.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// Who may sign in.
pub(crate) const USER: &str = "privacy";
/// With which password.
pub(crate) const PASSWORD: &str = "quiet-harbour-19";
/// The certificate of the authority that signed the server's.
pub(crate) const AUTHORITY: &[u8] = include_bytes!("../fixtures/tls/authority.pem");

const CERTIFICATE: &str = include_str!("../fixtures/tls/server.pem");
const KEY: &str = include_str!("../fixtures/tls/server.key");

static MAILS: AtomicU64 = AtomicU64::new(0);

/// A running server; it stops with this value.
pub(crate) struct Dovecot {
    child: Child,
    folder: tempfile::TempDir,
    /// The port of IMAP with STARTTLS, or without TLS for this machine.
    pub(crate) port: u16,
    /// The port of IMAP over TLS.
    pub(crate) tls_port: u16,
}

/// The user and group that mail belongs to: never root, for dovecot refuses it.
fn owner() -> (String, String) {
    let ask = |flags: &str| {
        let output = Command::new("id").args(flags.split(' ')).output().expect("`id` of coreutils");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    if ask("-u") == "0" { ("nobody".into(), "nogroup".into()) } else { (ask("-un"), ask("-gn")) }
}

fn own(path: &Path) {
    let (user, group) = owner();
    let done = Command::new("chown").args(["-R", &format!("{user}:{group}")]).arg(path).status();
    assert!(done.expect("`chown` of coreutils").success());
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

impl Dovecot {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("open");
        for name in ["run", "mail", "mail/privacy", "mail/privacy/cur", "mail/privacy/new", "mail/privacy/tmp"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        own(&folder.path().join("mail"));
        let (port, tls_port) = (free_port(), free_port());
        for (name, text) in [
            ("server.pem", CERTIFICATE.to_owned()),
            ("server.key", KEY.to_owned()),
            ("dovecot.conf", configuration(folder.path(), port, tls_port)),
        ] {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
        let child = run(folder.path());
        Self { child, folder, port, tls_port }
    }

    /// Stops it and starts it again at the same place.
    pub(crate) fn restart(&mut self) {
        self.stop();
        self.child = run(self.folder.path());
    }

    fn stop(&mut self) {
        let pid = self.child.id().to_string();
        Command::new("kill").arg(&pid).status().ok();
        self.child.wait().ok();
    }

    /// Its address without TLS, which never leaves this machine.
    pub(crate) fn plain(&self) -> String {
        format!("imap+plain://127.0.0.1:{}", self.port)
    }

    fn maildir(&self) -> PathBuf {
        self.folder.path().join("mail/privacy")
    }

    /// Delivers a mail that the server takes at `seconds` since 1970.
    pub(crate) fn deliver(&self, raw: &[u8], seconds: u64) {
        self.deliver_all(&[raw.to_vec()], seconds);
    }

    pub(crate) fn deliver_all(&self, mails: &[Vec<u8>], seconds: u64) {
        for raw in mails {
            let number = MAILS.fetch_add(1, Ordering::Relaxed);
            let name = format!("{seconds}.M{number:08}P{}.localhost", std::process::id());
            let path = self.maildir().join("tmp").join(&name);
            std::fs::write(&path, raw).expect("a mail");
            let at = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            std::fs::File::options().write(true).open(&path).expect("the mail").set_modified(at).expect("its instant");
        }
        own(&self.maildir().join("tmp"));
        for entry in std::fs::read_dir(self.maildir().join("tmp")).expect("a folder") {
            let entry = entry.expect("a mail");
            std::fs::rename(entry.path(), self.maildir().join("new").join(entry.file_name())).expect("delivered");
        }
    }

    /// The names of all mails, with the flags that dovecot puts into them.
    pub(crate) fn names(&self) -> Vec<String> {
        let folders = ["new", "cur"].map(|name| self.maildir().join(name));
        let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("a folder"));
        entries.map(|entry| entry.expect("a mail").file_name().to_string_lossy().into_owned()).collect()
    }

    /// Makes the server number every mail anew, as after it was moved to another machine.
    pub(crate) fn renumber(&mut self) {
        self.stop();
        for entry in std::fs::read_dir(self.maildir()).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("dovecot")) {
                std::fs::remove_file(path).expect("an index");
            }
        }
        // Numbers are made of the clock's seconds: another list says so expressly.
        let list = self.maildir().join("dovecot-uidlist");
        std::fs::write(&list, "3 V77 N1 G00000000000000000000000000000077\n").expect("a list");
        own(&list);
        self.child = run(self.folder.path());
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Starts the server; returns once it listens.
fn run(folder: &Path) -> Child {
    let program = std::env::var("GARANT_TEST_DOVECOT").unwrap_or_else(|_| "/usr/sbin/dovecot".into());
    let mut child = Command::new(program)
        .args(["-F", "-c"])
        .arg(folder.join("dovecot.conf"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("run `cargo xtask test`, it installs dovecot-imapd");
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    let started = lines.by_ref().map_while(Result::ok).any(|line| line.contains("starting up"));
    assert!(started, "the IMAP server did not start");
    // It writes on: somebody must read.
    std::thread::spawn(move || lines.count());
    child
}

fn configuration(folder: &Path, port: u16, tls_port: u16) -> String {
    let here = folder.display();
    let (user, group) = owner();
    format!(
        "base_dir = {here}/run\nstate_dir = {here}/run\nlog_path = /dev/stderr\ninstance_name = garant-test\n\
         protocols = imap\nlisten = 127.0.0.1\nssl = yes\nssl_cert = <{here}/server.pem\nssl_key = <{here}/server.key\n\
         disable_plaintext_auth = no\nauth_mechanisms = plain login\nmail_location = maildir:{here}/mail/%u\n\
         mail_max_userip_connections = 50\ndefault_internal_user = {user}\ndefault_internal_group = {group}\n\
         default_login_user = {user}\nfirst_valid_uid = 1\n\
         passdb {{\n driver = static\n args = password={PASSWORD}\n}}\n\
         userdb {{\n driver = static\n args = uid={user} gid={group} home={here}/mail/%u\n}}\n\
         service imap-login {{\n chroot =\n inet_listener imap {{\n port = {port}\n }}\n \
         inet_listener imaps {{\n port = {tls_port}\n ssl = yes\n }}\n}}\nservice anvil {{\n chroot =\n}}\n"
    )
}
