//! `garant render` as its users meet it: an agreement file in, a complete agreement out.

mod support;

use support::{folder, garant, garant_with};

const EXAMPLE: &[u8] = include_bytes!("../../agreement/example.toml");

#[test]
fn an_agreement_file_becomes_an_agreement_in_the_language_asked_for() {
    let dir = folder(&[("agreement.toml", EXAMPLE)]);
    let english = garant(&dir, &["render", "agreement.toml"]);
    assert_eq!((english.exit, english.stderr.as_str()), (0, ""));
    for part in [
        "# Data processing agreement of Hôtel des Données",
        "within 24\u{a0}hours of becoming aware of it",
        "## Annex I – List of parties",
        "## Annex IV – List of sub-processors",
        "| Datacentre du Vieux-Port | 9 rue de la République, 13001 Marseille | France | Housing of servers |",
    ] {
        assert!(english.stdout.contains(part), "{part}: {}", english.stdout);
    }
    let french = garant(&dir, &["render", "agreement.toml", "--lang", "fr", "--format", "html"]);
    assert_eq!(french.exit, 0, "{}", french.stderr);
    assert!(french.stdout.starts_with("<!doctype html>\n<html lang=\"fr\">"), "{}", french.stdout);
    assert!(french.stdout.contains("dans un délai de 1\u{a0}jour\u{a0}ouvré"), "{}", french.stdout);
}

#[test]
fn what_is_read_is_never_written_over() {
    let dir = folder(&[("agreement.toml", EXAMPLE), ("dpa.txt", b"The Processor notifies the Controller.")]);
    for words in [
        &["render", "agreement.toml", "-o", "./agreement.toml"][..],
        &["read", "dpa.txt", "--jsonl", "--out", "dpa.txt"][..],
    ] {
        let refused = garant(&dir, words);
        assert_eq!(refused.exit, 6, "{}", refused.stderr);
        assert!(refused.stderr.contains("destroy"), "{}", refused.stderr);
    }
    assert_eq!(std::fs::read(dir.path().join("agreement.toml")).unwrap(), EXAMPLE);
    assert_eq!(std::fs::read(dir.path().join("dpa.txt")).unwrap().len(), 38);
}

#[test]
fn what_is_rendered_reads_back_to_the_same_findings() {
    let dir = folder(&[("agreement.toml", EXAMPLE)]);
    assert_eq!(garant(&dir, &["render", "agreement.toml", "-o", "agreement.html"]).exit, 0);
    let checked = garant(&dir, &["check", "agreement.html"]);
    assert_eq!(checked.exit, 0, "{}", checked.stdout);
    assert!(!checked.stdout.contains("error["), "{}", checked.stdout);
}

#[test]
fn the_ending_of_the_file_names_the_format_and_the_same_file_gives_the_same_bytes() {
    let dir = folder(&[("agreement.toml", EXAMPLE)]);
    for name in ["one.html", "two.html", "one.md", "two.md", "one.docx", "two.docx", "one.pdf", "two.pdf"] {
        let ended = garant(&dir, &["render", "agreement.toml", "-o", name]);
        assert_eq!((ended.exit, ended.stdout.as_str()), (0, ""), "{}", ended.stderr);
    }
    let bytes = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
    assert_eq!(bytes("one.html"), bytes("two.html"));
    assert_eq!(bytes("one.md"), bytes("two.md"));
    assert_eq!(bytes("one.docx"), bytes("two.docx"));
    assert!(bytes("one.docx").starts_with(b"PK"));
    assert_eq!(bytes("one.pdf"), bytes("two.pdf"));
    assert!(bytes("one.pdf").starts_with(b"%PDF-"));
    assert!(bytes("one.html").starts_with(b"<!doctype html>") && bytes("one.md").starts_with(b"# "));
}

#[test]
fn what_no_clause_can_say_is_told_by_name_and_nothing_is_written() {
    let text = "garant-agreement = 1\n[breach]\nnotify_controller = { state = \"conflicting\", value = \"PT72H\" }\n\
                [subprocessors]\nnotice = { state = \"vague\", value = \"P30D\" }\n";
    let dir = folder(&[]);
    let ended = garant_with(&dir, &["render", "-", "-o", "out.md"], text.as_bytes(), &[]);
    assert_eq!((ended.exit, ended.stdout.as_str()), (3, ""));
    for part in ["`breach.notify_controller`", "contradicts itself", "`subprocessors.notice`", "help: "] {
        assert!(ended.stderr.contains(part), "{part}: {}", ended.stderr);
    }
    assert!(!dir.path().join("out.md").exists());
    let french = garant_with(&dir, &["render", "-", "--lang", "fr"], text.as_bytes(), &[]);
    assert!(french.stderr.contains("se contredit") && french.stderr.contains("aide"), "{}", french.stderr);
}

#[test]
fn words_that_read_otherwise_are_told_and_written_all_the_same() {
    let text = "garant-agreement = 1\n[transfers]\nallowed_to = [\"EU\", \"BR\"]\n";
    let ended = garant_with(&folder(&[]), &["render", "-"], text.as_bytes(), &[]);
    assert_eq!(ended.exit, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("the following country: Brazil"), "{}", ended.stdout);
    assert!(ended.stderr.contains("warning: ") && ended.stderr.contains("`transfers.allowed_to`"), "{}", ended.stderr);
}

#[test]
fn what_is_no_agreement_file_is_refused_with_a_way_out() {
    let dir = folder(&[("bad.toml", b"garant-agreement = 1\n[breach]\nnotify = true\n"), ("good.toml", EXAMPLE)]);
    for (arguments, exit, why) in [
        (&["render", "bad.toml"][..], 3, "bad.toml:3:1"),
        (&["render", "none.toml"], 5, "there is no file"),
        (&["render", "good.toml", "--format", "odt"], 2, "choose one of"),
        (&["render", "good.toml", "-o", "no/such/folder.md"], 1, "cannot be written"),
    ] {
        let ended = garant(&dir, arguments);
        assert_eq!(ended.exit, exit, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(why), "{why}: {}", ended.stderr);
    }
}

/// What the demonstration imports can be written in our wording, and says the same then.
#[test]
fn the_agreements_of_the_demonstration_are_rendered_and_read_back() {
    let texts =
        [include_str!("../src/demo/texts/agreement-en.txt"), include_str!("../src/demo/texts/agreement-fr.txt")];
    for text in texts {
        let dir = folder(&[("dpa.txt", text.as_bytes())]);
        let draft = garant(&dir, &["read", "dpa.txt", "--toml"]);
        std::fs::write(dir.path().join("draft.toml"), &draft.stdout).unwrap();
        let ended = garant(&dir, &["render", "draft.toml", "-o", "written.md"]);
        assert_eq!((ended.exit, ended.stderr.as_str()), (0, ""), "{}", draft.stdout);
    }
}
