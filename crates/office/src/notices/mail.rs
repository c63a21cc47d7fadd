//! The mail server: SMTP with TLS, structured messages, a Message-ID that never changes.

use kernel::{Instant, NoticeId, Secret};
use lettre::message::{Mailbox, header};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
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
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why a letter did not go out; the text carries no personal data.
#[derive(Debug)]
pub struct MailError(String);

impl std::fmt::Display for MailError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MailError {}

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
        let mut builder = builder(host, security)?.port(port).timeout(Some(Duration::from_secs(30)));
        if let Some((user, password)) = login.and_then(|login| login.split_once(':')) {
            builder = builder.credentials(Credentials::new(user.to_owned(), password.to_owned()));
        }
        Ok(Self { transport: builder.build(), from })
    }

    /// Sends one letter; gives the server's answer.
    ///
    /// # Errors
    /// When the server refuses or does not answer: then it may or may not have taken the letter.
    pub async fn send(
        &self,
        id: &NoticeId,
        to: &str,
        subject: &str,
        body: &str,
        now: Instant,
    ) -> Result<String, MailError> {
        let to: Mailbox = to.parse().map_err(|_| MailError("the recipient is not an address".into()))?;
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .date(UNIX_EPOCH + Duration::from_millis(millis))
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(header::ContentType::TEXT_PLAIN)
            .header(AutoSubmitted)
            .body(body.to_owned())
            .map_err(|e| MailError(e.to_string()))?;
        let response = self.transport.send(message).await.map_err(|e| MailError(plain(&e)))?;
        Ok(proof(&response.code().to_string(), &response.message().collect::<Vec<_>>().join(" ")))
    }
}

/// What is kept of a server's answer for ever: its code, its enhanced code (RFC 3463) and the name it gave the letter. The
/// rest is free text, and some servers write the recipient's address into it.
fn proof(code: &str, text: &str) -> String {
    let words: Vec<&str> =
        text.split([' ', '<', '>', '[', ']', '(', ')', ';', ',']).filter(|word| !word.is_empty()).collect();
    let enhanced = words.first().filter(|word| {
        let parts: Vec<&str> = word.split('.').collect();
        parts.len() == 3
            && parts.iter().all(|part| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit()))
    });
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

fn plain(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_timeout() => "the mail server did not answer in time".to_owned(),
        None => format!("the mail server could not be reached: {error}"),
    }
}

fn builder(host: &str, security: Security) -> Result<lettre::transport::smtp::AsyncSmtpTransportBuilder, MailError> {
    type Transport = AsyncSmtpTransport<Tokio1Executor>;
    match security {
        Security::Tls => Transport::relay(host).map_err(|e| MailError(e.to_string())),
        Security::StartTls => Transport::starttls_relay(host).map_err(|e| MailError(e.to_string())),
        Security::Plain => Ok(Transport::builder_dangerous(host)),
    }
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
}
