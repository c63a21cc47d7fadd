//! The mailbox: IMAP over TLS, opened for reading only, within limits of time and size.
//!
//! Nothing is changed on the mail server: the folder is opened with EXAMINE, bodies are fetched with PEEK. What
//! a server says is never put into an error or a log, for it may quote somebody's mail.

use crate::tls;
use async_imap::types::Fetch;
use async_imap::{Client, Session};
use futures_util::TryStreamExt;
use kernel::{Instant, Secret};
use sha2::{Digest, Sha256};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, join, split};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

/// How long a server may take to be reached and to agree on TLS.
const REACH: Duration = Duration::from_secs(15);
/// How long it may take for one answer, a large mail included.
const ANSWER: Duration = Duration::from_secs(60);
/// So much is read in one session, in bytes, whatever the server says about sizes.
const SESSION_BYTES_MAX: u64 = 300 << 20;
/// So much of a mail that is too large is fetched: its header.
const HEADER_BYTES_MAX: u32 = 64 << 10;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    /// TLS from the first byte (port 993).
    Tls,
    /// STARTTLS, required (port 143).
    StartTls,
    /// None: only for a server on this machine.
    Plain,
}

/// A mailbox to read.
pub struct Imap {
    host: String,
    port: u16,
    security: Security,
    folder: String,
    user: String,
    password: Secret<String>,
    tls: Arc<ClientConfig>,
}

/// A configuration that cannot work; the text carries no secret.
#[derive(Debug)]
pub struct ImapError(String);

impl fmt::Display for ImapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ImapError {}

/// Why a mailbox could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nobody answers at that address.
    Unreachable,
    /// An answer took too long.
    TimedOut,
    /// The certificate is not one to trust, or there is no TLS.
    Tls,
    /// Name or password are wrong.
    SignIn,
    /// There is no such folder, or it may not be opened.
    Folder,
    /// The server said something that is no IMAP, or hung up.
    Protocol,
}

impl Fault {
    /// The word as stored, and the end of the key of its text.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed-out",
            Self::Tls => "tls",
            Self::SignIn => "sign-in",
            Self::Folder => "folder",
            Self::Protocol => "protocol",
        }
    }
}

/// What carries a session.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Wire for T {}

impl Imap {
    /// Reads `imaps://host:993`, `imap://host:143` (STARTTLS) or `imap+plain://127.0.0.1:1143`, each with
    /// `/folder` behind it for another than INBOX. `authority` is a certificate in PEM to trust beside the usual ones.
    ///
    /// # Errors
    /// When the address or the certificate is none, or plain IMAP would leave this machine.
    pub fn new(url: &str, user: &str, password: Secret<String>, authority: Option<&[u8]>) -> Result<Self, ImapError> {
        let bad = |why: &str| ImapError(format!("the mailbox's address is wrong: {why}"));
        let (scheme, rest) = url.split_once("://").ok_or_else(|| bad("write imaps://host:993"))?;
        let (place, folder) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = place.rsplit_once(':').ok_or_else(|| bad("the port is missing"))?;
        let port = port.parse().map_err(|_| bad("the port is not a number"))?;
        let security = match scheme {
            "imaps" => Security::Tls,
            "imap" => Security::StartTls,
            "imap+plain" if matches!(host, "127.0.0.1" | "localhost" | "[::1]") => Security::Plain,
            "imap+plain" => return Err(bad("plain IMAP is only for a server on this machine")),
            _ => return Err(bad("use imaps, imap or imap+plain")),
        };
        if host.is_empty() || host.contains('@') || user.trim().is_empty() {
            return Err(bad("name the user beside the address, not in it"));
        }
        let untrusted = || ImapError("the certificate of the mailbox's authority is not one in PEM".into());
        let folder = if folder.is_empty() { "INBOX" } else { folder };
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port,
            security,
            folder: folder.to_owned(),
            user: user.trim().to_owned(),
            password,
            tls: Arc::new(tls::config(authority).ok_or_else(untrusted)?),
        })
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}@{}/{}", self.user, self.host, self.folder)
    }

    /// What tables call it: the same for the same mailbox, and nobody's address.
    #[must_use]
    pub(super) fn key(&self) -> String {
        let place = format!("{}\n{}\n{}\n{}", self.user, self.host, self.port, self.folder);
        hex::encode(&Sha256::digest(place.as_bytes())[..8])
    }

    /// Whether the mailbox can be opened; nothing is read.
    ///
    /// # Errors
    /// What stood in the way.
    pub async fn answers(&self) -> Result<(), Fault> {
        self.open().await?.close().await;
        Ok(())
    }

    /// Signs in and opens the folder for reading.
    pub(super) async fn open(&self) -> Result<Opened, Fault> {
        let wire = within(REACH, self.connect()).await?;
        let mut client = Client::new(limited(wire));
        if self.security != Security::StartTls {
            greeting(&mut client).await?;
        }
        let signed = within(ANSWER, async {
            client.login(&self.user, self.password.expose()).await.map_err(|(error, _)| fault(&error, Fault::SignIn))
        });
        let mut session = signed.await?;
        let folder =
            within(ANSWER, async { session.examine(&self.folder).await.map_err(|e| fault(&e, Fault::Folder)) }).await?;
        let uid_validity = folder.uid_validity.map(i64::from).ok_or(Fault::Protocol)?;
        Ok(Opened { session, uid_validity })
    }

    async fn connect(&self) -> Result<Box<dyn Wire>, Fault> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(|_| Fault::Unreachable)?;
        let stream = match self.security {
            Security::Plain => return Ok(Box::new(stream)),
            Security::Tls => stream,
            Security::StartTls => {
                let mut client = Client::new(stream);
                greeting(&mut client).await?;
                client.run_command_and_check_ok("STARTTLS", None).await.map_err(|e| fault(&e, Fault::Tls))?;
                client.into_inner()
            }
        };
        let name = ServerName::try_from(self.host.clone()).map_err(|_| Fault::Tls)?;
        let secured = TlsConnector::from(self.tls.clone()).connect(name, stream).await.map_err(|_| Fault::Tls)?;
        Ok(Box::new(secured))
    }
}

/// No more is read than any pass needs: a server that lies about sizes is cut off.
fn limited(wire: Box<dyn Wire>) -> Box<dyn Wire> {
    let (read, write) = split(wire);
    Box::new(join(read.take(SESSION_BYTES_MAX), write))
}

async fn greeting<W: Wire>(client: &mut Client<W>) -> Result<(), Fault> {
    let answer = within(REACH, async { client.read_response().await.map_err(|_| Fault::Protocol) }).await?;
    answer.map(drop).ok_or(Fault::Protocol)
}

/// What went wrong, without the words of whom it went wrong with.
fn fault(error: &async_imap::error::Error, refused: Fault) -> Fault {
    use async_imap::error::Error;
    match error {
        Error::No(_) | Error::Bad(_) | Error::Validate(_) => refused,
        _ => Fault::Protocol,
    }
}

async fn within<T>(time: Duration, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    tokio::time::timeout(time, work).await.unwrap_or(Err(Fault::TimedOut))
}

/// A folder that is open for reading.
pub(super) struct Opened {
    session: Session<Box<dyn Wire>>,
    /// The generation of its numbers.
    pub(super) uid_validity: i64,
}

/// One mail of the folder, before it is fetched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listed {
    /// Its number.
    pub(super) uid: u32,
    /// Its size, in bytes.
    pub(super) bytes: u32,
    /// When the server took it.
    pub(super) received_at: Option<Instant>,
}

impl Opened {
    /// The numbers above `last`, lowest first.
    pub(super) async fn above(&mut self, last: i64) -> Result<Vec<u32>, Fault> {
        let query = format!("UID {}:*", last.saturating_add(1).clamp(1, i64::from(u32::MAX)));
        let found =
            within(ANSWER, async { self.session.uid_search(&query).await.map_err(|e| fault(&e, Fault::Protocol)) });
        // A range up to the newest mail always names that one, however low it is.
        let mut above: Vec<u32> = found.await?.into_iter().filter(|uid| i64::from(*uid) > last).collect();
        above.sort_unstable();
        Ok(above)
    }

    /// What is to be known of some mails before they are fetched; those gone meanwhile are left out.
    pub(super) async fn list(&mut self, uids: &[u32]) -> Result<Vec<Listed>, Fault> {
        let set = uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let found = self.fetched(&set, "(UID RFC822.SIZE INTERNALDATE)").await?;
        let listed = |one: &Fetch| {
            let at = one.internal_date().and_then(|at| Instant::from_millisecond(at.timestamp_millis()).ok());
            Some(Listed { uid: one.uid?, bytes: one.size?, received_at: at })
        };
        let mut all: Vec<Listed> = found.iter().filter_map(listed).filter(|one| uids.contains(&one.uid)).collect();
        all.sort_unstable_by_key(|one| one.uid);
        Ok(all)
    }

    /// The bytes of a mail, or of its header alone; none when it is gone.
    pub(super) async fn bytes(&mut self, uid: u32, whole: bool) -> Result<Option<Vec<u8>>, Fault> {
        let part = if whole { String::new() } else { format!("<0.{HEADER_BYTES_MAX}>") };
        let found = self.fetched(&uid.to_string(), &format!("(UID BODY.PEEK[]{part})")).await?;
        let one = found.iter().find(|one| one.uid == Some(uid));
        Ok(one.and_then(Fetch::body).map(<[u8]>::to_vec))
    }

    async fn fetched(&mut self, set: &str, query: &str) -> Result<Vec<Fetch>, Fault> {
        within(ANSWER, async {
            let stream = self.session.uid_fetch(set, query).await.map_err(|e| fault(&e, Fault::Protocol))?;
            stream.try_collect().await.map_err(|e| fault(&e, Fault::Protocol))
        })
        .await
    }

    /// Says goodbye; a server that does not answer is left alone.
    pub(super) async fn close(mut self) {
        tokio::time::timeout(Duration::from_secs(5), self.session.logout()).await.ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imap(url: &str, user: &str) -> Result<Imap, ImapError> {
        Imap::new(url, user, Secret::new("secret".into()), None)
    }

    #[test]
    fn plain_imap_never_leaves_the_machine() {
        for (url, user, fine) in [
            ("imaps://mail.example.org:993", "privacy", true),
            ("imap://mail.example.org:143/Privacy", "privacy", true),
            ("imap+plain://127.0.0.1:1143", "privacy", true),
            ("imap+plain://mail.example.org:143", "privacy", false),
            ("mail.example.org", "privacy", false),
            ("imaps://mail.example.org", "privacy", false),
            ("imaps://me:secret@mail.example.org:993", "privacy", false),
            ("imaps://mail.example.org:993", " ", false),
            ("pop3://mail.example.org:110", "privacy", false),
        ] {
            assert_eq!(imap(url, user).is_ok(), fine, "{url}");
        }
    }

    #[test]
    fn a_mailbox_is_known_by_a_digest_that_names_nobody() {
        let one = imap("imaps://mail.example.org:993", "privacy@hotel.example").unwrap();
        let other = imap("imaps://mail.example.org:993/Requests", "privacy@hotel.example").unwrap();
        assert_eq!((one.key().len(), one.key() == other.key()), (16, false));
        assert_eq!(other.name(), "privacy@hotel.example@mail.example.org/Requests");
        assert!(Imap::new("imaps://a:993", "u", Secret::new(String::new()), Some(b"no PEM")).is_err());
    }
}
