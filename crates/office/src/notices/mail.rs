//! The mail server: SMTP with TLS, structured messages, a Message-ID that never changes.

use kernel::{Instant, NoticeId, Secret, failpoint};
use lettre::Message;
use lettre::message::{Attachment, Mailbox, MultiPart, MultiPartKind, SinglePart, header};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands;
use lettre::transport::smtp::extension::ClientId;
use std::time::{Duration, UNIX_EPOCH};

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (port 465).
    Tls,
    /// STARTTLS, required (port 587).
    StartTls,
    /// None: only for a server on this machine.
    Plain,
}

/// A mail server and the address we write from.
pub struct Mail {
    host: String,
    port: u16,
    security: Security,
    login: Option<Credentials>,
    from: Mailbox,
}

/// What is wrong with the settings; the text carries no secret.
#[derive(Debug)]
pub struct MailError(String);

impl std::fmt::Display for MailError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MailError {}

/// What became of an attempt. The words carry no personal data: a server's own may name the recipient, so only its
/// code and the code of RFC 3463 are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took the letter, and said this.
    Taken(String),
    /// It was certainly not taken; later it may be.
    Later(String),
    /// It was not taken because the recipient's mailbox is full.
    Full(String),
    /// It was not taken and never will be.
    Refused(String),
    /// The text was sent and no answer came: the server may have it.
    Unknown(String),
}

/// A file that goes with a letter.
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its type.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A letter as it leaves.
pub struct Outgoing<'a> {
    /// Which letter; its Message-ID is made of this, whenever it is sent.
    pub id: &'a NoticeId,
    /// To whom.
    pub to: &'a str,
    /// The subject line.
    pub subject: &'a str,
    /// The text.
    pub text: &'a str,
    /// The same as a small page.
    pub page: String,
    /// What goes with it.
    pub parts: Vec<Part>,
}

impl Mail {
    /// Reads `smtps://user:password@host:465`, `smtp://host:587` (STARTTLS) or `smtp+plain://127.0.0.1:2525`.
    ///
    /// # Errors
    /// When the address or the sender is not one, or plain SMTP would leave this machine.
    pub fn new(url: &Secret<String>, from: &str) -> Result<Self, MailError> {
        let bad = |why: &str| MailError(format!("the mail server's address is wrong: {why}"));
        let (scheme, rest) = url.expose().split_once("://").ok_or_else(|| bad("write smtps://host:465"))?;
        let (login, place) = rest.rsplit_once('@').map_or((None, rest), |(login, place)| (Some(login), place));
        let (host, port) = place.rsplit_once(':').ok_or_else(|| bad("the port is missing"))?;
        let port: u16 = port.parse().map_err(|_| bad("the port is not a number"))?;
        let security = match scheme {
            "smtps" => Security::Tls,
            "smtp" => Security::StartTls,
            "smtp+plain" if matches!(host, "127.0.0.1" | "localhost" | "[::1]") => Security::Plain,
            "smtp+plain" => return Err(bad("plain SMTP is only for a server on this machine")),
            _ => return Err(bad("use smtps, smtp or smtp+plain")),
        };
        let from = from.parse().map_err(|_| MailError("the sender is not an address".into()))?;
        let login = login.and_then(|login| login.split_once(':'));
        let login = login.map(|(user, password)| Credentials::new(user.to_owned(), password.to_owned()));
        Ok(Self { host: host.trim_matches(['[', ']']).to_owned(), port, security, login, from })
    }

    /// Sends one letter.
    pub async fn send(&self, letter: Outgoing<'_>, now: Instant) -> Outcome {
        let message = match self.message(letter, now) {
            Ok(message) => message,
            Err(error) => return Outcome::Refused(error.0),
        };
        let ready = tokio::time::timeout(LIMIT, self.ready(&message)).await;
        let mut connection = match ready {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return before_the_text(&error),
            Err(_) => return Outcome::Later("the mail server did not answer in time".to_owned()),
        };
        failpoint::hit("notices.before_text");
        let answer = tokio::time::timeout(LIMIT, connection.message(&message.formatted())).await;
        match answer {
            Ok(Ok(response)) => {
                let said = response.message().collect::<Vec<_>>().join(" ");
                // What it says to our leaving changes nothing: it has the letter.
                let _ = tokio::time::timeout(Duration::from_secs(2), connection.quit()).await;
                Outcome::Taken(proof(&response.code().to_string(), &said))
            }
            Ok(Err(error)) if error.status().is_some() => before_the_text(&error),
            _ => Outcome::Unknown("the mail server's answer was lost".to_owned()),
        }
    }

    /// Whether the server answers and lets us in; nothing is sent.
    ///
    /// # Errors
    /// What stood in the way, without words of the server's.
    pub async fn answers(&self) -> Result<(), String> {
        let mut connection = match tokio::time::timeout(LIMIT, self.signed_in()).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => {
                return Err(match error.status() {
                    Some(code) => format!("SMTP {code}"),
                    None => "no answer".to_owned(),
                });
            }
            Err(_) => return Err("no answer in time".to_owned()),
        };
        let _ = tokio::time::timeout(Duration::from_secs(2), connection.quit()).await;
        Ok(())
    }

    /// Connects, with TLS and authentication as asked.
    async fn signed_in(&self) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
        let hello = ClientId::Domain(self.from.email.domain().to_owned());
        let tls = || TlsParameters::new(self.host.clone());
        let at_once = if self.security == Security::Tls { Some(tls()?) } else { None };
        let server = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, Some(LIMIT), &hello, at_once, None).await?;
        if self.security == Security::StartTls {
            connection.starttls(tls()?, &hello).await?;
        }
        if let Some(login) = &self.login {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], login).await?;
        }
        Ok(connection)
    }

    /// Connects, and goes up to where the text is sent: until then nothing has left.
    async fn ready(&self, message: &Message) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
        let mut connection = self.signed_in().await?;
        connection.command(commands::Mail::new(message.envelope().from().cloned(), Vec::new())).await?;
        for to in message.envelope().to() {
            connection.command(commands::Rcpt::new(to.clone(), Vec::new())).await?;
        }
        connection.command(commands::Data).await?;
        Ok(connection)
    }

    /// The message: text first, a small page as its alternative, files behind. Headers are built from parts, so no value
    /// can end one.
    fn message(&self, letter: Outgoing<'_>, now: Instant) -> Result<Message, MailError> {
        let to: Mailbox = letter.to.parse().map_err(|_| MailError("the recipient is not an address".into()))?;
        if !to.email.to_string().is_ascii() {
            return Err(MailError("the recipient's address is not written in ASCII".into()));
        }
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        let builder = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject)
            .date(UNIX_EPOCH + Duration::from_millis(millis))
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .header(AutoSubmitted);
        // The boundaries are made of the letter's random id, which no text that was put into it can know.
        let both = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(format!("text-{}", letter.id))
            .singlepart(SinglePart::plain(letter.text.to_owned()))
            .singlepart(SinglePart::html(letter.page));
        let whole = if letter.parts.is_empty() {
            both
        } else {
            let mixed = MultiPart::builder().kind(MultiPartKind::Mixed).boundary(format!("files-{}", letter.id));
            letter.parts.into_iter().try_fold(mixed.multipart(both), |whole, part| {
                let media_type = header::ContentType::parse(&part.media_type)
                    .map_err(|_| MailError("a file has no type that mail knows".into()))?;
                Ok(whole.singlepart(Attachment::new(part.name).body(part.bytes, media_type)))
            })?
        };
        builder.multipart(whole).map_err(|error| MailError(error.to_string()))
    }
}

/// How long one step may take: connecting up to the text, and the answer to the text. Both together end before another
/// server takes the attempt for interrupted.
const LIMIT: Duration = Duration::from_secs(60);

/// What an error means while the letter has certainly not been taken.
fn before_the_text(error: &lettre::transport::smtp::Error) -> Outcome {
    let said = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match error.status() {
        Some(code) => classify(&code.to_string(), &said, error.is_permanent()),
        None if error.is_client() => Outcome::Later("the mail server does not offer what is needed".to_owned()),
        None => Outcome::Later("the mail server could not be reached".to_owned()),
    }
}

/// What is kept of a server's answer for ever: its code, its enhanced code (RFC 3463) and the name it gave the letter. The
/// rest is free text, and some servers write the recipient's address into it.
fn proof(code: &str, text: &str) -> String {
    let words: Vec<&str> =
        text.split([' ', '<', '>', '[', ']', '(', ')', ';', ',']).filter(|word| !word.is_empty()).collect();
    let enhanced = words.first().filter(|word| is_enhanced(word));
    let after_as = words.windows(2).find(|pair| pair[0].eq_ignore_ascii_case("as")).map(|pair| pair[1]);
    let named = words.iter().find_map(|word| word.strip_prefix("id="));
    let plain = |name: &&str| {
        let letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        letters && name.len() <= 64 && name.bytes().any(|b| b.is_ascii_digit())
    };
    let queue = after_as.or(named).filter(plain).map(|name| format!("queued as {name}"));
    let kept = [Some(code.to_owned()), enhanced.map(|word| (*word).to_owned()), queue];
    kept.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// An answer of the server: its code, and that of RFC 3463 when it gave one. A full mailbox is told by X.2.2, or by
/// 452 and 552 where no such code says otherwise.
fn classify(code: &str, said: &str, permanent: bool) -> Outcome {
    let enhanced = said.split_whitespace().find(|word| is_enhanced(word));
    let reply = format!("the mail server answered {code} {}", enhanced.unwrap_or_default()).trim_end().to_owned();
    let full = enhanced.map_or(matches!(code, "452" | "552"), |enhanced| enhanced.ends_with(".2.2"));
    match (full, permanent) {
        (true, _) => Outcome::Full(reply),
        (false, true) => Outcome::Refused(reply),
        (false, false) => Outcome::Later(reply),
    }
}

fn is_enhanced(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    parts.len() == 3 && ["2", "4", "5"].contains(&parts[0]) && parts.iter().all(number)
}

/// RFC 3834: no vacation notice may answer this letter.
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What servers say, and what is kept of it.
    #[test]
    fn of_an_answer_only_codes_and_the_queues_name_are_kept() {
        for (text, kept) in [
            ("2.0.0 Ok: queued as 4F3A21C0", "250 2.0.0 queued as 4F3A21C0"),
            ("2.0.0 <eva@audit.example> Saved", "250 2.0.0"),
            ("2.0.0 queued as eva@audit.example", "250 2.0.0"),
            ("2.0.0 queued as 7 for eva@audit.example", "250 2.0.0 queued as 7"),
            ("OK id=1tEx4k-0003Qz-7a", "250 queued as 1tEx4k-0003Qz-7a"),
            ("Eva Martin accepted as eva", "250"),
            ("", "250"),
        ] {
            assert_eq!(proof("250", text), kept, "{text}");
        }
    }

    #[test]
    fn plain_smtp_never_leaves_the_machine() {
        for (url, fine) in [
            ("smtp+plain://127.0.0.1:2525", true),
            ("smtp+plain://mail.example.org:25", false),
            ("smtps://user:secret@mail.example.org:465", true),
            ("mail.example.org", false),
            ("smtp://mail.example.org", false),
        ] {
            assert_eq!(Mail::new(&Secret::new(url.into()), "garant@example.org").is_ok(), fine, "{url}");
        }
    }

    /// The server's code, its words, whether for good → what it means, and what is kept of it.
    #[test]
    fn a_full_mailbox_is_told_from_a_refusal_and_nobody_is_named() {
        type Make = fn(String) -> Outcome;
        for (code, said, permanent, make, kept) in [
            ("451", "4.3.0 try again later", false, Outcome::Later as Make, "451 4.3.0"),
            ("450", "greylisted, see http://example.org/?r=ada@example.org", false, Outcome::Later, "450"),
            ("452", "4.2.2 <ada@example.org> is over quota", false, Outcome::Full, "452 4.2.2"),
            ("452", "too much", false, Outcome::Full, "452"),
            ("452", "4.3.1 no room on our disk", false, Outcome::Later, "452 4.3.1"),
            ("552", "5.2.2 full", true, Outcome::Full, "552 5.2.2"),
            ("552", "5.3.4 message too large", true, Outcome::Refused, "552 5.3.4"),
            ("550", "5.1.1 <ada@example.org>: user unknown", true, Outcome::Refused, "550 5.1.1"),
            ("550", "10.2.2 is no such code, nor is 5.2", true, Outcome::Refused, "550"),
        ] {
            let expected = make(format!("the mail server answered {kept}"));
            assert_eq!(classify(code, said, permanent), expected, "{code} {said}");
        }
    }

    #[test]
    fn no_value_ends_a_header_and_the_text_comes_first() {
        let mail = Mail::new(&Secret::new("smtp+plain://127.0.0.1:2525".into()), "garant@example.org").expect("one");
        let id: NoticeId = "01ks0000000000000000000001".parse().expect("an id");
        let outgoing = |to, subject| Outgoing {
            id: &id,
            to,
            subject,
            text: "Hello\r\n.\r\nBcc: eve@example.org",
            page: "<p>Hello</p>".to_owned(),
            parts: vec![Part {
                name: "due.ics".into(),
                media_type: "text/calendar; charset=utf-8; method=PUBLISH".into(),
                bytes: b"BEGIN:VCALENDAR".to_vec(),
            }],
        };
        let sent = mail.message(outgoing("ada@example.org", "Hi\r\nBcc: eve@example.org"), Instant::UNIX_EPOCH);
        let sent = String::from_utf8(sent.expect("a message").formatted()).expect("text");
        let (headers, rest) = sent.split_once("\r\n\r\n").expect("headers");
        assert!(!headers.lines().any(|line| line.starts_with("Bcc")), "{headers}");
        assert!(headers.contains("Auto-Submitted: auto-generated") && headers.contains("Message-ID: <01ks"));
        let at = |part: &str| rest.find(part).unwrap_or_else(|| panic!("{part} in {rest}"));
        assert!(at("text/plain") < at("text/html") && at("text/html") < at("text/calendar"));
        for to in ["ada@example.org\r\nBcc: eve@example.org", "ada@example.org, eve@example.org", "ada@exämple.org"] {
            assert!(mail.message(outgoing(to, "Hi"), Instant::UNIX_EPOCH).is_err(), "{to}");
        }
    }
}
