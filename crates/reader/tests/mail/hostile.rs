//! Whatever the bytes: no panic, limits that hold, marks that lie in the text, and time that grows with the message.

use proptest::prelude::*;
use reader::mail::{self, Mail, MailError, Place};
use std::time::Duration;

const NESTED: &[u8] = include_bytes!("samples/nested.eml");
const REPORT: &[u8] = include_bytes!("samples/dsn-postfix.eml");
const PAGE: &[u8] = include_bytes!("samples/html-outlook-reply.eml");

/// Processor time of debug builds; linear work takes a tenth of it, quadratic work takes hours.
const PATIENCE: Duration = Duration::from_secs(20);

/// Processor time of this thread: the clock on the wall also counts what others do.
fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(0))
}

fn holds(mail: &Mail) {
    assert!(mail.text.len() <= mail::TEXT_BYTES_MAX);
    assert!(mail.subject.chars().count() <= mail::SUBJECT_CHARS_MAX);
    assert!(mail.attachments.len() <= mail::ATTACHMENTS_MAX);
    assert!(mail.references.len() <= mail::REFERENCES_MAX);
    assert!(mail.message_id.as_ref().is_none_or(|id| id.len() <= mail::ID_BYTES_MAX));
    assert!(!mail.text.contains(['\0', '\r']) && !mail.subject.contains(['\0', '\n']));
    for said in &mail.evidence {
        let whole = if said.place == Place::Text { &mail.text } else { &mail.subject };
        assert!(whole.get(said.range.clone()).is_some_and(|words| !words.trim().is_empty()), "{said:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(mail) = mail::read(&bytes) {
            holds(&mail);
        }
    }

    #[test]
    fn no_edit_of_a_message_panics(
        base in prop::sample::select(vec![NESTED, REPORT, PAGE]),
        at in any::<prop::sample::Index>(),
        cut in 0..200usize,
        put in "[ -~\r\n\téà=?<>;:-]{0,60}",
    ) {
        let at = at.index(base.len());
        let mut bytes = base[..at].to_vec();
        bytes.extend_from_slice(put.as_bytes());
        bytes.extend_from_slice(&base[(at + cut).min(base.len())..]);
        let mail = mail::read(&bytes);
        prop_assert_eq!(&mail, &mail::read(&bytes));
        if let Ok(mail) = &mail {
            holds(mail);
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        let raw = format!("Subject: {text}\nContent-Type: text/html; charset=utf-8\n\n{text}");
        if let Ok(mail) = mail::read(raw.as_bytes()) {
            holds(&mail);
        }
    }
}

#[test]
fn nothing_and_too_much_are_refused_in_words() {
    assert_eq!(mail::read(b" \r\n"), Err(MailError::Empty));
    let large = vec![b'a'; mail::BYTES_MAX + 1];
    let refused = mail::read(&large).expect_err("too large");
    assert!(refused.message(kernel::Lang::Fr).contains("25 Mo"));
}

/// Each of these made some program that reads mail fall over.
#[test]
fn mail_made_to_exhaust_its_reader_is_read_within_limits() {
    let deep = |inner: &str| format!("Subject: x\n{}\nhello", inner.repeat(20_000));
    let parts = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(200_000));
    let matryoshka: String =
        (0..3_000).map(|at| format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n")).collect();
    let header = format!("Subject: x\nX-Long: {}\n\nhello", "a ".repeat(4_000_000));
    let headers = format!("{}\nhello", "a: b\n".repeat(1_000_000));
    let addresses = format!("From: {}\n\nhello", "a@b.c,".repeat(1_000_000));
    let words = format!("Subject: x\n\n{}", "please delete ".repeat(1_000_000));
    let quotes = format!("Subject: x\n\n{}", "On x,\nLe y,\nFrom: a\n".repeat(200_000));
    let tags = format!("Content-Type: text/html\n\n{}", "<div><blockquote>".repeat(500_000));
    let broken = format!("Content-Type: text/html\n\n{}", "<".repeat(3_000_000));
    let encoded = format!("Subject: {}\n\nhello", "=?utf-8?B?".repeat(500_000));
    let status = format!(
        "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n{}",
        "Final-Recipient: rfc822; a@b.c\nAction: failed\n\n".repeat(100_000)
    );
    let rfc822 = deep("Content-Type: message/rfc822\n\n");
    let all = [parts, matryoshka, header, headers, addresses, words, quotes, tags, broken, encoded, status, rfc822];
    for (number, raw) in all.iter().enumerate() {
        let before = spent();
        if let Ok(mail) = mail::read(raw.as_bytes()) {
            holds(&mail);
            assert!(mail.bounce.is_none_or(|bounce| bounce.recipients.len() <= 50));
        }
        assert!(spent() - before < PATIENCE, "message {number} took {:?}", spent() - before);
    }
}

/// What says the same again and again is read once for what does not change: each of these took minutes.
#[test]
fn mail_that_repeats_itself_takes_linear_time() {
    let said = |words: &str| format!("Subject: x\n\n{}", words.repeat((256 << 10) / words.len()));
    let form = format!("--b\n\n{}\n", "1 ".repeat(20_000));
    let forms = format!("Content-Type: multipart/alternative; boundary=b\n\n{}", form.repeat(190));
    let breaches = said("we had a breach. ");
    let stops = said("stop mail. ");
    for (name, raw) in [
        ("full stops", said(".")),
        ("letters between full stops", said("a.")),
        ("abbreviations and tabs", said("st.\t")),
        ("abbreviations", said("st. ")),
        ("sentences that ask what is near", breaches),
        ("short sentences", stops),
        ("forms that say nothing", forms),
    ] {
        let before = spent();
        holds(&mail::read(raw.as_bytes()).expect("read"));
        assert!(spent() - before < PATIENCE / 4, "{name} took {:?}", spent() - before);
    }
}

#[test]
fn what_was_left_out_is_told() {
    let parts = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nhello\n".repeat(500));
    assert!(mail::read(parts.as_bytes()).expect("read").parts_cut);
    let long = format!("Subject: x\n\n{}", "hello world ".repeat(40_000));
    let mail = mail::read(long.as_bytes()).expect("read");
    assert!(mail.text_cut && mail.text.len() <= mail::TEXT_BYTES_MAX);
}

/// A name cannot be made to look like another by turning the direction of writing.
#[test]
fn letters_that_hide_are_left_out() {
    let raw = "From: =?utf-8?Q?Ada=E2=80=AE_gro?= <ada@example.org>\nSubject: a=?utf-8?Q?=00=0D=0Ab?=\n\nde\u{200b}lete my account, please";
    let mail = mail::read(raw.as_bytes()).expect("read");
    assert_eq!(mail.from.and_then(|from| from.name).as_deref(), Some("Ada gro"));
    assert_eq!(mail.text, "delete my account, please");
}
