//! Whole messages as programs write them: every encoding, nesting and kind of bounce that a mailbox meets.

use crate::understood;
use reader::mail::{self, Action, Automatic, Mail, Proposal};
use std::path::Path;

fn sample(name: &str) -> Mail {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/samples").join(name).with_extension("eml");
    mail::read(&std::fs::read(&path).expect("a sample")).expect("a message")
}

/// The letter that the reports are about.
const LETTER: &str = "01ks0000000000000000000001@hotel.example";

#[test]
fn every_sample_is_understood_whatever_its_encoding() {
    let meant = [
        ("plain-utf8", "access", "droit d’accès"),
        ("quoted-printable", "erasure", "définitivement l’ensemble de mes données"),
        ("base64-text", "erasure", "delete my account"),
        ("iso-8859-1", "objection", "données à des fins de prospection"),
        ("windows-1252", "withdrawal", "l’utilisation de mes photos… Merci ! 10 €"),
        ("latin9-quoted", "erasure", "Ma sœur et moi"),
        ("charset-missing", "portability", "c'est décidé"),
        ("charset-lies", "erasure", "Merci d’effacer mes données"),
        ("utf16-base64", "objection", "Please unsubscribe me"),
        ("folded-headers", "erasure", "voir l'objet"),
        ("no-mime", "access", "What data"),
        ("reply-to", "erasure", "Name: Ada"),
        ("html-only", "erasure", "could you please delete my account?"),
        ("html-quote", "nothing", "> Please delete my account."),
        ("html-outlook-reply", "nothing", "C'est noté.\nDe : Ada <ada@example.org>\nEnvoyé : lundi"),
        ("alternative", "portability", "machine readable"),
        ("alternative-empty-plain", "objection", "advertising"),
        ("nested", "access", "l’ensemble des informations"),
        ("attached-mail", "nothing", "For your information."),
        ("text-attachment", "nothing", "The log you asked for."),
        ("unclosed-boundary", "withdrawal", "I withdraw"),
        ("smime-signed", "rectification", "date of birth"),
        ("controller-objects", "sub-processor", "we object"),
        ("incident-fr", "incident", "perdu mon ordinateur"),
        ("away-exchange", "nothing", "out of the office"),
        ("away-fr", "nothing", "absente"),
        ("away-subject-only", "nothing", "De retour"),
        ("newsletter", "nothing", "You have the right"),
        ("group-passes-on", "erasure", "erase all"),
        ("read-receipt", "nothing", "was read"),
        ("dsn-delivered", "nothing", "Delivered"),
    ];
    for (name, what, words) in meant {
        let mail = sample(name);
        assert_eq!(understood(&mail), what, "{name}: {}", mail.text);
        assert!(mail.text.contains(words), "{name}: {}", mail.text);
    }
}

#[test]
fn headers_are_decoded_and_kept_on_one_line() {
    let mail = sample("quoted-printable");
    let from = mail.from.expect("somebody");
    assert_eq!((from.name.as_deref(), from.email.as_str()), (Some("Camille Moréau"), "camille@example.org"));
    assert_eq!(mail.subject, "Mes données personnelles");
    assert_eq!(mail.message_id.as_deref(), Some("m1@example.org"));
    assert_eq!(mail.date.map(|at| at.to_string()).as_deref(), Some("2026-11-23T07:15:00Z"));
    let mail = sample("folded-headers");
    assert_eq!(mail.subject, "Demande d'effacement de mes données");
    assert_eq!(mail.from.and_then(|from| from.name).as_deref(), Some("Martin, Ada (at home)"));
    let mail = sample("reply-to");
    assert_eq!(mail.answer_to().map(|to| to.email.as_str()), Some("ada@example.org"));
    assert_eq!(mail.automatic, Some(Automatic::Generated));
    let mail = sample("controller-objects");
    assert_eq!(mail.references, [LETTER, "a@x"]);
}

#[test]
fn attachments_are_named_and_not_opened() {
    let mail = sample("nested");
    let names: Vec<(&str, &str)> =
        mail.attachments.iter().map(|file| (file.name.as_str(), file.media_type.as_str())).collect();
    assert_eq!(names, [("logo.png", "image/png"), ("pièce d'identité.pdf", "application/pdf")]);
    assert!((3_900..4_300).contains(&mail.attachments[1].bytes), "{}", mail.attachments[1].bytes);
    assert_eq!(sample("attached-mail").attachments[0].name, "me.eml", "without the path");
    assert_eq!(sample("text-attachment").attachments.len(), 1);
    assert_eq!(sample("smime-signed").attachments[0].name, "smime.p7s");
}

#[test]
fn machines_are_told_apart() {
    for (name, kind, proposal) in [
        ("away-exchange", Some(Automatic::Reply), Some(Proposal::AutomaticReply)),
        ("away-fr", Some(Automatic::Reply), Some(Proposal::AutomaticReply)),
        ("away-subject-only", Some(Automatic::Reply), Some(Proposal::AutomaticReply)),
        ("read-receipt", Some(Automatic::Reply), Some(Proposal::AutomaticReply)),
        ("dsn-delivered", Some(Automatic::Reply), Some(Proposal::AutomaticReply)),
        ("newsletter", Some(Automatic::List), None),
        ("group-passes-on", Some(Automatic::List), Some(Proposal::Request)),
        ("reply-to", Some(Automatic::Generated), Some(Proposal::Request)),
        ("plain-utf8", None, Some(Proposal::Request)),
    ] {
        let mail = sample(name);
        assert_eq!((mail.automatic, mail.proposal), (kind, proposal), "{name}");
    }
}

#[test]
fn reports_of_mail_servers_say_which_letter_did_not_reach_whom() {
    use Action::{Delayed, Failed};
    let dpo = "dpo@lichen.example";
    for (name, address, action, status, full, said) in [
        ("dsn-postfix", dpo, Failed, Some("5.1.1"), false, "Recipient address rejected: User unknown"),
        ("dsn-postfix-headers", dpo, Failed, Some("5.4.4"), false, "domain name not found"),
        ("dsn-postfix-delayed", dpo, Delayed, Some("4.4.1"), false, "Connection timed out"),
        ("dsn-mailbox-full", dpo, Failed, Some("5.2.2"), true, "out of storage space"),
        ("dsn-exchange-fr", dpo, Failed, Some("5.2.2"), true, "mailbox full"),
        ("dsn-two-recipients", "b@lichen.example", Failed, Some("5.7.1"), false, "Refused by policy"),
        ("bounce-exim", dpo, Failed, Some("5.1.1"), false, "no such user here"),
        ("bounce-qmail", dpo, Failed, None, true, "quota exceeded"),
        ("bounce-words-fr", dpo, Failed, None, false, "utilisateur inconnu"),
    ] {
        let mail = sample(name);
        assert_eq!(mail.proposal, Some(Proposal::Bounce), "{name}");
        assert!(mail.evidence.is_empty(), "{name}: nothing of the copy is read");
        let bounce = mail.bounce.expect("a report");
        assert_eq!(bounce.letter.as_deref(), Some(LETTER), "{name}");
        let worst = bounce.worst().expect("a recipient");
        assert_eq!(worst.address.as_deref(), Some(address), "{name}");
        assert_eq!((worst.action, worst.status.as_deref()), (action, status), "{name}");
        assert_eq!(worst.mailbox_full(), full, "{name}");
        assert!(worst.said.contains(said), "{name}: {}", worst.said);
    }
    assert_eq!(sample("dsn-two-recipients").bounce.map(|bounce| bounce.recipients.len()), Some(2));
}

#[test]
fn every_sample_is_tried() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/samples");
    let all: Vec<_> = std::fs::read_dir(folder).expect("the samples").map(|entry| entry.expect("one").path()).collect();
    assert!(all.len() >= 30, "{}", all.len());
    for path in all {
        let bytes = std::fs::read(&path).expect("a sample");
        assert_eq!(mail::read(&bytes), mail::read(&bytes), "{}: the same answer twice", path.display());
    }
}
