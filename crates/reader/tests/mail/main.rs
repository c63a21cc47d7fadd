//! What a message is proposed to be, from short sentences to whole messages of real programs.

mod fixtures;
mod hostile;
mod messages;

use messages::{AT_LENGTH, ENGLISH, FRENCH, LATER};
use reader::mail::{self, Mail, Meaning, Place, Proposal};

fn plain(subject: &str, text: &str) -> Mail {
    let raw = format!(
        "From: Ada Martin <ada@example.org>\r\nTo: privacy@hotel.example\r\nSubject: {subject}\r\nContent-Type: text/plain; \
         charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    );
    mail::read(raw.as_bytes()).expect("a message")
}

/// What was understood, in the words of the table.
fn understood(mail: &Mail) -> String {
    let rights = mail.rights();
    let mut words: Vec<&str> = rights.iter().map(|right| right.word()).collect();
    for means in [Meaning::SubProcessor, Meaning::Incident] {
        if mail.evidence.iter().any(|said| said.means == means) {
            words.push(means.word());
        }
    }
    if words.is_empty() { "nothing".to_owned() } else { words.join("+") }
}

#[test]
fn messages_are_proposed_as_what_they_are() {
    let all: Vec<_> = ENGLISH.iter().chain(FRENCH).chain(AT_LENGTH).chain(LATER).collect();
    assert!(all.len() >= 120, "{}", all.len());
    let mut wrong = Vec::new();
    for (meant, text) in &all {
        let mail = plain("Hello", text);
        let got = understood(&mail);
        if got != *meant {
            wrong.push(format!("{text}\n    is {meant}, understood {got}"));
        }
        for said in &mail.evidence {
            assert_eq!(said.place, Place::Text);
            let words = &mail.text[said.range.clone()];
            assert!(!words.is_empty() && text.contains(words), "the words shown are the message's: {words}");
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

/// The words a person would underline, not the whole message.
#[test]
fn the_words_that_led_to_a_proposal_are_shown() {
    for (text, words) in [
        ("Dear team,\nmy stay was fine. Please delete\nmy account. Kind regards", "Please delete\nmy account"),
        ("Bonjour,\nje souhaite exercer mon droit d’accès.\nCordialement", "je souhaite exercer mon droit d’accès"),
    ] {
        let mail = plain("Hello", text);
        assert_eq!(&mail.text[mail.evidence[0].range.clone()], words);
    }
}

#[test]
fn a_subject_line_speaks_when_it_is_the_senders() {
    for (subject, meant) in [
        ("Subject access request", "access"),
        ("GDPR deletion request", "erasure"),
        ("Demande d'effacement de mes données", "erasure"),
        ("Exercice de mon droit d'accès", "access"),
        ("Suppression de mon compte", "erasure"),
        ("Objection to the new sub-processor", "sub-processor"),
        ("Re: Subject access request", "nothing"),
        ("TR : Demande d'effacement de mes données", "nothing"),
        ("Access request for the VPN", "nothing"),
        ("How we handle deletion requests", "nothing"),
        ("Demande d'accès au parking", "nothing"),
    ] {
        assert_eq!(understood(&plain(subject, "See above. Thank you.")), meant, "{subject}");
    }
}

#[test]
fn what_is_quoted_forwarded_or_signed_is_not_the_senders_word() {
    for text in [
        "Done, thank you.\n\n> Please delete my account.",
        "Done.\n\nOn Mon, 2 Nov 2026 at 09:14, Ada Martin <ada@example.org> wrote:\n> Please delete my account.\n> Ada",
        "Fait.\n\nLe lun. 2 nov. 2026 à 09:14, Ada Martin\n<ada@example.org> a écrit :\n\nMerci de supprimer mon compte.",
        "For you.\n\n---------- Forwarded message ---------\nFrom: Ada Martin\n\nPlease delete my account.",
        "Pour vous.\n\n-----Message d'origine-----\nDe : Ada\nEnvoyé : lundi\nÀ : nous\n\nSupprimez mon compte.",
        "See below.\n\nFrom: Ada Martin <ada@example.org>\nSent: Monday\nTo: Support\nSubject: me\n\nPlease delete my account.",
        "Hello.\n-- \nAda\nPlease delete my data if you got this by error.",
    ] {
        assert_eq!(understood(&plain("Hello", text)), "nothing", "{text}");
        assert_eq!(plain("Hello", text).proposal, None);
    }
    let below = "> What shall we do?\n\nPlease delete my account.";
    assert_eq!(understood(&plain("Re: your stay", below)), "erasure", "an answer below the question is the sender's");
}

#[test]
fn a_request_comes_before_an_incident_and_both_are_marked() {
    let mail = plain("Hello", "You sent my file to the wrong person. Please delete my data.");
    assert_eq!(mail.proposal, Some(Proposal::Request));
    assert_eq!(understood(&mail), "erasure+incident");
}
